"""Projects that are not on the list: entered with a claim, to be checked, then confirmed or merged into the one that is on the list."""

from datetime import date
from uuid import UUID, uuid4

from msgspec import Struct, structs

from standards_hub.committees.schemas import LongText, Number, Reason, Text, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.errors import BadInput, Conflict, Unmet, refuse_if
from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.events import (
    ClaimReturned,
    EvidenceAdded,
    ProjectConfirmed,
    ProjectEntered,
    ProjectMerged,
    SuggestionDismissed,
    SuggestionTaken,
)
from standards_hub.linkage.events import ClaimWithdrawn, StandardClaimed
from standards_hub.linkage.schemas import NewClaim, Share
from standards_hub.linkage.services import claims
from standards_hub.linkage.services.projects import index
from standards_hub.linkage.values import Claim, Project, ProjectPatch, Relation, project_key

CHECK = "project.check"


class Entered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A project that is not on the list, and the standard that is claimed for it."""

    project_no: Number
    title: Text
    programme: Text
    standard_id: UUID
    starts_on: date | None = None
    ends_on: date | None = None
    relation: Relation = "output_of"
    share: Share | None = None
    primary: bool = False
    contribution: LongText | None = None


class Merge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The project of the list that it is."""

    into: UUID
    reason: Text
    on: date | None = None


async def enter(work: Work, data: Entered) -> Claim:
    """Claim a standard for a project that is not on the list. Raises `Conflict` if it is on it in any spelling."""
    data = checked(data)
    work.actor.require("project.enter")
    key = project_key(data.project_no)
    if not key:
        raise BadInput(say("项目编号有误"), unmet=[Unmet("project_no", say("项目编号应含字母或数字"), "project_no")])
    if other := await repository.project_by_number(work.connection, data.project_no):
        raise Conflict(say("项目编号 {number} 已属于“{title}”", number=data.project_no, title=other.title), code="exists")
    if data.starts_on and data.ends_on and data.ends_on < data.starts_on:
        why = say("项目止于 {end}，早于起始日 {start}", end=data.ends_on, start=data.starts_on)
        raise BadInput(say("项目起止日期有误"), unmet=[Unmet("period", why, "ends_on")])
    facts = {name: getattr(data, name) for name in ("project_no", "title", "programme", "starts_on", "ends_on")}
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    made = Project(id=uuid4(), project_no_key=key, unchecked=True, **facts)
    await work.append(made, ProjectEntered(facts=ProjectPatch(project_no_key=key, **facts)))
    await index(work, made)
    new = NewClaim(
        standard_id=data.standard_id, relation=data.relation, share=data.share, primary=data.primary, contribution=data.contribution
    )
    return await claims.make(work, made, new)


async def confirm(work: Work, id: UUID, data: Reason) -> Project:
    """Say that a project to be checked is one of its own and now on the list."""
    project, data = await _unchecked(work, id), checked(data)
    await work.append(project, ProjectConfirmed(reason=data.reason), effective_on=day_of(work, data.on))
    project.unchecked = False
    return project


async def merge(work: Work, id: UUID, data: Merge) -> Project:
    """Say that a project to be checked is another one: its claims go there with their evidence, and its number finds that one.

    What was returned stays returned there, so that it can be put right; suggestions end, for they are made anew.
    """
    project, data = await _unchecked(work, id), checked(data)
    into = await repository.project(work.connection, data.into, lock=True)
    unmet = [Unmet("merge.self", say("不能并入自己"), "into")] if into.id == id else []
    if into.state != "running" or into.unchecked:
        unmet.append(Unmet("merge.into", say("只能并入名册上在研的项目"), "into"))
    held = await repository.claims(work.connection, id)
    own = [one for one in held if one.live or one.state == "returned"]
    if any(one.state in ("verified", "accepted") for one in own):
        unmet.append(Unmet("merge.verified", say("已认定的申报不能转移，请先撤销认定")))
    refuse_if(unmet, say("不能并入"))
    day, why = day_of(work, data.on), str(say("并入项目 {number}", number=into.project_no))
    for one in held:
        if one.state == "suggested":
            gone: Event = SuggestionDismissed(claim=one.id, standard_id=one.standard_id, reason=why)
            await work.append(project, gone, effective_on=day)
    theirs = await repository.claims(work.connection, into.id)
    there = {one.standard_id for one in theirs if one.live or one.state == "returned"}
    suggested = {one.standard_id: one.id for one in theirs if one.state == "suggested"}
    evidence = await claiming.evidence_of(work.connection, [one.id for one in own])
    for one in own:
        gone = ClaimWithdrawn(claim=one.id, standard_id=one.standard_id, reason=why)
        await work.append(project, gone, effective_on=day)
        if one.standard_id in there:
            continue
        claim = (SuggestionTaken if one.standard_id in suggested else StandardClaimed)(
            claim=suggested.get(one.standard_id) or uuid4(), standard_id=one.standard_id, relation=one.relation, share=one.share, primary=one.primary, note=one.note,
            contribution=one.contribution,
        )  # fmt: skip
        await work.append(into, claim, effective_on=day)
        for piece in (e for e in evidence.get(one.id, ()) if e.withdrawn_on is None):
            said = {
                name: getattr(piece, name) for name in EvidenceAdded.__struct_fields__ if name not in ("evidence", "claim", "standard_id")
            }
            await work.append(
                into, EvidenceAdded(evidence=uuid4(), claim=claim.claim, standard_id=one.standard_id, **said), effective_on=day
            )
        if one.state == "returned":
            back = ClaimReturned(claim=claim.claim, standard_id=one.standard_id, reason=one.reason or why)
            await work.append(into, back, effective_on=day)
    await work.append(project, ProjectMerged(into=into.id, reason=data.reason), effective_on=day)
    return structs.replace(project, state="merged", unchecked=False, merged_into=into.id)


async def _unchecked(work: Work, id: UUID) -> Project:
    project = await repository.project(work.connection, id, lock=True)
    work.actor.require(CHECK, project)
    refuse_if([] if project.unchecked else [Unmet("project.checked", say("该项目不是待核项目"))], say("不能办理"))
    return project
