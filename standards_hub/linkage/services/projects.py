"""What users do to projects: register, edit, close or terminate them, and record what their contracts promise."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees import repository as register_of_bodies
from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel import search
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.stages import is_valid
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import reckoning
from standards_hub.linkage.claiming import service as claiming
from standards_hub.linkage.claiming.events import PartnersSet
from standards_hub.linkage.claiming.schemas import Day
from standards_hub.linkage.events import CommitmentAdded, CommitmentWithdrawn, ProjectEdited, ProjectRegistered, ProjectStateChanged
from standards_hub.linkage.fulfilment import Kept
from standards_hub.linkage.roles import policy
from standards_hub.linkage.schemas import NewCommitment, NewProject, ProjectChange, ProjectOut, ProjectStateChange
from standards_hub.linkage.values import PROJECT_STATE_CHANGES, PROJECT_STATES, Commitment, Project, ProjectPatch, project_key


async def show(work: Work, id: UUID) -> ProjectOut:
    work.actor.require("project.read")
    c = work.connection
    return ProjectOut(
        await repository.project(c, id),
        await repository.commitments(c, id),
        await repository.claims(c, id),
        await repository.aliases(c, id),
        (await repository.partners(c, [id])).get(id, []),
    )


async def kept(work: Work, found: ProjectOut, standards: Mapping[UUID, Standard]) -> list[Kept]:
    """What became of a project's promises, given the standards it claims by id."""
    return await reckoning.kept_now(work, found.project, found.commitments, found.claims, standards)


async def fulfilled(work: Work, id: UUID) -> list[Kept]:
    """What a project promised and what became of it."""
    found = await show(work, id)
    return await kept(work, found, await lifecycle.standards(work.connection, [claim.standard_id for claim in found.claims]))


async def find(work: Work, reference: str) -> Project:
    """A project by its id or its number, present or former, in any spelling. Raises `NotFound`."""
    try:
        return await repository.project(work.connection, UUID(reference))
    except ValueError:
        found = await repository.project_by_number(work.connection, reference)
    if found is None:
        raise NotFound(say("找不到项目 {id}", id=reference))
    return found


async def register(work: Work, data: NewProject, *, on: date | None = None) -> Project:
    """Put a project on the register. Raises `Conflict` if its number is there in any spelling."""
    said = _tidy(structs.asdict(checked(data)))
    exemplar, promises, partners = said.pop("exemplar"), said.pop("commitments"), said.pop("partners")
    made = Project(id=uuid4(), exemplar=exemplar, **said)
    work.actor.require("project.manage", made)
    await _consistent(work, made, ProjectPatch(**said))
    commitments = [_commitment(one) for one in promises]
    event = ProjectRegistered(facts=ProjectPatch(**said), commitments=commitments, exemplar=exemplar)
    await work.append(made, event, effective_on=day_of(work, on))
    await _set_partners(work, made, partners, day_of(work, on))
    await index(work, made)
    return made


async def edit(work: Work, id: UUID, change: ProjectChange, *, on: date | None = None) -> Project:
    """Change what is known of a project. A number that it gives up is kept, and still found."""
    found = await _mine(work, id)
    said = _tidy({name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET})
    partners = said.pop("partners", None)
    news = ProjectPatch(**said).news(found)
    if not news.said():
        return await _with_partners(work, found, partners, day_of(work, on))
    renumbered = news.project_no_key is not UNSET
    if renumbered:
        news = structs.replace(news, project_no=said["project_no"])
    before = news.before(found)
    news.apply(found)
    await _consistent(work, found, news)
    event = ProjectEdited(before=before, after=news, alias=uuid4() if renumbered else None)
    await work.append(found, event, effective_on=day_of(work, on))
    await index(work, found)
    return await _with_partners(work, found, partners, day_of(work, on))


async def change_state(work: Work, id: UUID, data: ProjectStateChange) -> Project:
    """Close, terminate or take up a project again. Its claims stay: the standards count all the same.

    Closing is the acceptance: what is short has its cause and remedy, verified claims are accepted, and the package is made.
    """
    found, data = await _mine(work, id), checked(data)
    if data.state not in PROJECT_STATE_CHANGES[found.state]:
        why = say("项目现为“{now}”，不能改为“{then}”", now=PROJECT_STATES[found.state], then=PROJECT_STATES[data.state])
        refuse_if([Unmet("state", why, "state")], say("不能变更项目状态"))
    if data.state == "closed":
        await _accept(work, found, data)
    event = ProjectStateChanged(before=found.state, after=data.state, reason=data.reason)
    await work.append(found, event, effective_on=day_of(work, data.on))
    found.state = data.state
    if data.state == "closed":  # the room that prints has the job
        await work.enqueue("package.make", {"project_id": str(id), "asked_by": work.actor.label}, key=f"package:{id}:{found.version}")
    return found


async def _accept(work: Work, found: Project, data: ProjectStateChange) -> None:
    work.actor.require("project.accept", found)
    commitments, claims = await repository.commitments(work.connection, found.id), await repository.claims(work.connection, found.id)
    kept = await reckoning.kept_by_contract(work, found, commitments, claims)
    refuse_if(reckoning.unmet_for_closing(kept, claims), say("项目还不能验收"))
    await claiming.accept_all(work, found, Day(on=data.on))


async def promise(work: Work, id: UUID, data: NewCommitment, *, on: date | None = None) -> Commitment:
    """Record what the contract, or an amendment of it, promises."""
    found = await _mine(work, id)
    refuse_if(_ended(found), say("不能登记承诺"))
    commitment = _commitment(checked(data))
    await work.append(found, CommitmentAdded(commitment=commitment), effective_on=day_of(work, on))
    return commitment


async def withdraw_promise(work: Work, id: UUID, commitment_id: UUID, data: Reason) -> Project:
    """Record that an amendment of the contract took a promise back."""
    found, data = await _mine(work, id), checked(data)
    commitment = next((c for c in await repository.commitments(work.connection, id) if c.id == commitment_id), None)
    if commitment is None:
        raise NotFound(say("该项目没有承诺 {id}", id=commitment_id))
    refuse_if(_ended(found) or ([Unmet("withdrawn", say("该承诺已取消"))] if commitment.withdrawn_on else []), say("不能取消承诺"))
    await work.append(found, CommitmentWithdrawn(commitment=commitment_id, reason=data.reason), effective_on=day_of(work, data.on))
    return found


def _ended(project: Project) -> list[Unmet]:
    """A contract that has ended is not amended: what it promised is what the project is judged by."""
    return [] if project.state == "running" else [Unmet("closed", say("项目已结束，合同承诺不再变更"))]


async def _mine(work: Work, id: UUID) -> Project:
    found = await repository.project(work.connection, id)
    work.actor.require("project.manage", found)
    return found


def _tidy(said: dict[str, Any]) -> dict[str, Any]:
    """Without spaces at the ends, and with the number's key. Raises `BadInput` for a number of dashes only."""
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if "project_no" in said:
        said["project_no_key"] = project_key(said["project_no"])
        if not said["project_no_key"]:
            raise BadInput(say("项目编号有误"), unmet=[Unmet("project_no", say("项目编号应含字母或数字"), "project_no")])
    return said


def _commitment(data: NewCommitment) -> Commitment:
    """Raises `BadInput` for a stage outside the harmonized codes."""
    if not is_valid(data.min_stage):
        why = say("{code} 不是国际协调阶段代码，例如 60.60 表示已发布", code=data.min_stage)
        raise BadInput(say("承诺的阶段有误"), unmet=[Unmet("stage", why, "min_stage")])
    return Commitment(id=uuid4(), **structs.asdict(data))


async def _consistent(work: Work, one: Project, news: ProjectPatch) -> None:
    """Raises `Conflict`, `NotFound` or `BadInput` for facts that cannot be."""
    if news.project_no_key is not UNSET:
        other = await repository.project_by_number(work.connection, one.project_no)
        if other and other.id != one.id:
            raise Conflict(say("项目编号 {number} 已属于“{title}”", number=one.project_no, title=other.title), code="exists")
    if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
        why = say("项目止于 {end}，早于起始日 {start}", end=one.ends_on, start=one.starts_on)
        raise BadInput(say("项目起止日期有误"), unmet=[Unmet("period", why, "ends_on")])
    if isinstance(news.plan_key, str) and not await repository.plan_exists(work.connection, news.plan_key):
        raise NotFound(say("找不到计划 {key}", key=news.plan_key))
    if isinstance(news.lead_organisation_id, UUID):
        await register_of_bodies.organisation(work.connection, news.lead_organisation_id)
    if isinstance(news.role_policy, str):
        policy(news.role_policy)
    if isinstance(news.manager_person_id, UUID):
        await register_of_bodies.person(work.connection, news.manager_person_id)


async def _with_partners(work: Work, one: Project, partners: list[UUID] | None, day: date) -> Project:
    """Last of all: a file of projects goes on after a row that is refused, and keeps nothing of it."""
    if partners is not None:
        await _set_partners(work, one, partners, day)
    return one


async def _set_partners(work: Work, one: Project, partners: list[UUID], day: date) -> None:
    """Raises `NotFound` for an organisation that is not on the register."""
    before = (await repository.partners(work.connection, [one.id])).get(one.id, [])
    after = sorted(set(partners) - {one.lead_organisation_id}, key=str)
    if set(after) != set(before):
        for id in after:
            await register_of_bodies.organisation(work.connection, id)
        await work.append(one, PartnersSet(before=before, after=after), effective_on=day)


async def index(work: Work, one: Project) -> None:
    """Let a project be found by its words and numbers."""
    body = search.words_once(one.project_no, one.programme, one.project_no_key)
    await search.index(work.connection, "project", str(one.id), title=one.title, body=body, public=False)
