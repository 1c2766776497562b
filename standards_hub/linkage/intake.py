"""What the room of standards asks of this one: the words of plans, projects by number, and their claims."""

from collections.abc import Iterable
from uuid import UUID

from standards_hub.committees.schemas import Reason
from standards_hub.kernel.frequent import Question, Row
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake.ports import Claimant, FoundProject, Words
from standards_hub.linkage import repository
from standards_hub.linkage.schemas import NewClaim
from standards_hub.linkage.services import claims
from standards_hub.linkage.values import RELATIONS


def _words(found: Iterable[tuple[str, str, str, Name]]) -> Words:
    words = Words()
    for kind, plan, key, name in found:
        if kind == "plan":
            words.plans[plan] = name
        elif kind in ("field", "region"):
            (words.fields if kind == "field" else words.regions).setdefault(plan, {})[key] = name
    return words


class PortfolioLinkage:
    """Fills the port of `lifecycle.intake`."""

    async def words(self, work: Work) -> Words:
        """The words of every plan."""
        return _words(await repository.words(work.connection))

    async def projects(self, work: Work, numbers: Iterable[str]) -> dict[str, FoundProject]:
        """The projects of some numbers in any spelling, present or former."""
        found = {}
        for number in sorted(set(numbers)):
            if project := await repository.project_by_number(work.connection, number):
                mine = work.actor.may("project.manage", project)
                found[number] = FoundProject(project.id, project.project_no, project.title, project.state != "terminated", mine)
        return found

    def around(self, standard_id: UUID) -> Question[tuple[Words, list[Claimant]]]:
        """The words of every plan and who claims a standard, by one query."""
        asked = repository.around(standard_id)

        def read(rows: Iterable[Row]) -> tuple[Words, list[Claimant]]:
            found = asked.read(rows)
            return _words(found), [
                Claimant(UUID(project), said.zh, said.en, RELATIONS[relation], kind == "primary")
                for kind, relation, project, said in found if kind in ("primary", "claim")
            ]  # fmt: skip

        return Question(asked.statement, asked.values, read)

    async def claim(self, work: Work, project_id: UUID, standard_id: UUID, *, primary: bool) -> None:
        await claims.claim(work, project_id, NewClaim(standard_id=standard_id, relation="output_of", primary=primary))

    async def withdraw_claims(self, work: Work, standard_ids: Iterable[UUID], reason: str) -> None:
        for links in (await repository.projects_of_standards(work, standard_ids)).values():
            for link in links:
                await claims.withdraw(work, link.project_id, link.id, Reason(reason=reason[:300]))
