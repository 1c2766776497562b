"""When a standard slips past a day of a project's contract: seen on the project's page, and written once to those whom it concerns."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel import notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import permissions
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.lifecycle.waiting import Waiting
from standards_hub.linkage import fulfilment, repository
from standards_hub.linkage.claiming import reckoning
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.parts import part_of
from standards_hub.linkage.claiming.states import contested
from standards_hub.linkage.counting import ENDED, HALTED
from standards_hub.linkage.fulfilment import Kept
from standards_hub.linkage.roles import policy
from standards_hub.linkage.values import Claim, Commitment, Project

Why = Literal["later", "halted", "ended"]
MANAGE, AT_ONCE = "project.manage", 100
SLIP = notices.kind("slip", say("项目承诺的标准可能赶不上合同期限"))


class Breach(Struct, frozen=True):
    """A standard that will not be there by the day a contract names."""

    standard_id: UUID
    commitment: Commitment
    day: date
    """The day of the contract."""
    why: Why
    limit: date | None = None
    """Until when the standard may take, where that is later."""

    @property
    def key(self) -> str:
        return f"breach:{self.commitment.id}:{self.standard_id}:{self.why}:{self.day}"

    def says(self, label: str) -> Message:
        level = LEVEL_NAMES[self.commitment.level]
        if self.why == "later":
            return say(
                "{label}的办理期限为 {limit}，晚于合同承诺{level}的期限 {day}", label=label, limit=self.limit, level=level, day=self.day
            )
        if self.why == "halted":
            return say("{label}已冻结或暂停，合同承诺{level}的期限为 {day}", label=label, level=level, day=self.day)
        return say("{label}已终止或失效，合同承诺{level}的期限为 {day}", label=label, level=level, day=self.day)


def breaches(
    project: Project, kept: Iterable[Kept], claims: Iterable[Claim], standards: Mapping[UUID, Any], limits: Mapping[UUID, date]
) -> list[Breach]:
    """Where a promise that is short rests on a standard that is late, halted or ended. `limits` are the last days that run. Pure."""
    outputs = [one.standard_id for one in claims if one.live and one.relation == "output_of"]
    found: list[Breach] = []
    for one in kept:
        day = one.commitment.due or project.ends_on
        if not one.missing or day is None:
            continue
        for id, answer in one.answers:
            if answer != "under_way":
                continue
            if standards[id].status in HALTED:
                found.append(Breach(id, one.commitment, day, "halted"))
            elif id in limits and limits[id] > day:
                found.append(Breach(id, one.commitment, day, "later", limits[id]))
        ended = (id for id in outputs if id in standards and standards[id].status in ENDED and standards[id].level == one.commitment.level)
        found += [Breach(id, one.commitment, day, "ended") for id in ended]
    return found


async def of_project(work: Work, project: Project) -> list[tuple[Breach, Message]]:
    """The breaches of a project now, in words."""
    return [(breach, said) for _, breach, said in await of_projects(work, [project])]


async def of_projects(work: Work, projects: Iterable[Project]) -> list[tuple[Project, Breach, Message]]:
    """The same of many, at the price of one."""
    c, running = work.connection, {one.id: one for one in projects if one.state == "running"}
    if not running:
        return []
    commitments, claims = await repository.commitments_of(c, running), await repository.claims_of_projects(c, running)
    standards = await lifecycle.standards(c, {one.standard_id for own in claims.values() for one in own if one.live})
    limits: dict[UUID, date] = {}
    for deadline in await lifecycle.running(c, ids=standards) if standards else []:
        limits[deadline.standard_id] = max(deadline.due_on, limits.get(deadline.standard_id, deadline.due_on))
    links = await repository.projects_of_standards(work, standards)
    frozen = contested(link for same in links.values() for link in same)
    partners, drafting = await repository.partners(c, list(running)), await claiming.drafting(c, standards)
    found = []
    for id, project in running.items():
        own, mine = claims.get(id, []), {*partners.get(id, ()), *([project.lead_organisation_id] if project.lead_organisation_id else [])}
        parts = {one: part_of(drafting[one], mine, policy(project.role_policy)) for claim in own if (one := claim.standard_id) in drafting}
        kept = fulfilment.kept(commitments.get(id, []), reckoning.claimed_of(own, standards, parts, frozen))
        found += [(project, one, one.says(standards[one.standard_id].label)) for one in breaches(project, kept, own, standards, limits)]
    return found


async def waiting(work: Work) -> list[Waiting]:
    """The breaches of the projects that the actor manages, of those with the nearest days."""
    held = {grant.body for grant in work.actor.grants if grant.role in permissions()[MANAGE].roles}
    concerned = [one for one in await claiming.in_danger(work.connection, held, AT_ONCE) if work.actor.may(MANAGE, one)] if held else []
    return [
        Waiting(
            say("合同期限可能赶不上"), say("{number}：{what}", number=one.project_no, what=said), breach.day, say("查看项目"),
            f"/projects/{one.id}",
        )
        for one, breach, said in await of_projects(work, concerned)
    ]  # fmt: skip


@every("projects.slips", cron="15 1 * * *")
@job("projects.slips", say("逐日检查项目承诺的标准"))
async def daily(work: Work) -> None:
    """Each day: one job for every breach; a job that was asked for once is not asked for again."""
    for project, one, said in await of_projects(work, await claiming.in_danger(work.connection)):
        arguments = {"project_id": str(project.id), "zh": said.into("zh"), "en": said.into("en"), "key": one.key}
        await work.enqueue("project.slip", arguments, key=one.key)


@job("project.slip", say("提醒项目承诺的标准可能赶不上"))
async def tell(work: Work, project_id: str, zh: str, en: str, key: str) -> None:
    """Write to the project's managers and to the officers."""
    project = await repository.project(work.connection, UUID(project_id))
    people = await accounts.holding(work.connection, {"project_manager", "officer"}, project.bodies(), work.today)
    subject = say("{number}：承诺的标准可能赶不上合同期限", number=project.project_no)
    body = say("科技项目《{title}》：{what}。", title=project.title, what=Name(zh, en))
    await notices.send(work, dict.fromkeys(people, SLIP), subject, body, key)
