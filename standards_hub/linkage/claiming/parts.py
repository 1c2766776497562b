"""What part a project has in the standards it claims: the drafters on record, judged by the project's policy."""

from collections.abc import Iterable
from uuid import UUID

from standards_hub.kernel.work import Work
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.repository import Drafting
from standards_hub.linkage.roles import Part, Policy, judge, judge_international, policy
from standards_hub.linkage.values import Project


def part_of(drafting: Drafting, organisations: set[UUID], chosen: Policy) -> Part:
    """The part of some organisations in a standard. Pure."""
    if drafting.level == "international":
        return judge_international(drafting.international_role, chosen)
    everybody = [drafter for _, drafter in drafting.units]
    ours = [drafter for id, drafter in drafting.units if id in organisations]
    return judge(everybody, ours, chosen, unnamed=drafting.unnamed)


async def parts_of(work: Work, project: Project, standard_ids: Iterable[UUID]) -> dict[UUID, Part]:
    """The project's part in some standards, by its policy."""
    chosen, mine = policy(project.role_policy), await repository.organisations_of(work.connection, project)
    found = await claiming.drafting(work.connection, standard_ids)
    return {id: part_of(drafting, mine, chosen) for id, drafting in found.items()}
