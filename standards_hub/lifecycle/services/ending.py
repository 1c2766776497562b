"""Ends before publication: termination, splitting and merging. Each wants the authority's decision in the dossier."""

from datetime import date
from uuid import UUID, uuid4

from standards_hub.kernel.errors import BadInput, Conflict, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Ended, Proposed, Related
from standards_hub.lifecycle.gates import GateFacts, GateState, evaluate
from standards_hub.lifecycle.identifiers import IdentifierError
from standards_hub.lifecycle.limits import on_entering, running_ids
from standards_hub.lifecycle.schemas import Ending, Merge, PlanNumberIn, Split
from standards_hub.lifecycle.services import dossier, facts
from standards_hub.lifecycle.services.moving import _pass
from standards_hub.lifecycle.services.notices import tell
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import UNDER_WAY, Patch, Standard

PLANNED = "20.00"
"""Where the parts of a split begin: their plan is issued, but comments, votes and evidence are not carried over."""


async def terminate(work: Work, standard_id: UUID, given: Ending) -> Standard:
    """End the project on the department's decision. It leaves the forecast and stays in the history."""
    return await _end(work, standard_id, given, "terminated", "standard.terminate")


async def checklist(work: Work, standard: Standard, on: date) -> list[GateState]:
    """How the gates of an end stand."""
    track, papers = track_of(standard.track), await repository.papers(work.connection, standard.id)
    return evaluate(track, track.termination.gates, GateFacts(standard, tuple(papers), on, standard.step_entered_on))


async def _end(work: Work, standard_id: UUID, given: Ending, status: str, permission: str, into: list[UUID] | None = None) -> Standard:
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require(permission, standard)
    if standard.status not in UNDER_WAY:
        raise Conflict(say("项目不在研，不能终止、拆分或合并"))
    on = given.on or work.today
    if not standard.step_entered_on <= on <= work.today:
        raise BadInput(say("办理日期不对"), unmet=[Unmet("on", say("须在 {first} 与今天之间", first=standard.step_entered_on), "on")])
    for paper in given.papers:
        await dossier.attach(work, standard, paper, on=on)
    states = await checklist(work, standard, on)
    here = next((v for v in reversed(await repository.visits(work.connection, standard_id)) if v.left_on is None), None)
    event = Ended(
        status=status, reason=given.reason, into=into or [], via=f"{standard.stage[:2]}.98" if standard.stage < "60" else None,
        gates=_pass(work, standard, states, given.waivers), left=here.id if here else None,
        void=running_ids(await repository.deadlines(work.connection, standard_id)),
    )  # fmt: skip
    await work.append(standard, event, effective_on=on)
    standard.status = status
    await facts.index(work, standard)
    await tell(work, standard, status, key=f"{standard.id}:{standard.version}")
    return standard


async def merge(work: Work, standard_id: UUID, given: Merge) -> Standard:
    """Merge a project into another that survives; the absorbed one counts nothing."""
    work.actor.require("standard.merge", await repository.standard(work.connection, standard_id))
    survivor = await repository.standard(work.connection, given.into)
    if survivor.id == standard_id or survivor.status not in UNDER_WAY:
        raise BadInput(say("不能并入"), unmet=[Unmet("into", say("须并入另一个在研项目"), "into")])
    absorbed = await _end(work, standard_id, given, "merged", "standard.merge", [given.into])
    await work.append(absorbed, Related(relation=uuid4(), kind="merged_into", target=given.into), effective_on=given.on)
    return absorbed


async def split(work: Work, standard_id: UUID, given: Split) -> list[Standard]:
    """Split a project into new ones with their own plan numbers. Evidence is not copied as if made on the new texts."""
    on = given.on or work.today
    _check_numbers(given, await repository.standard(work.connection, standard_id))
    old = await _end(work, standard_id, given, "split", "standard.split")
    track = track_of(old.track)
    step = PLANNED if any(s.key == PLANNED for s in track.steps) else track.first.key
    parts = []
    for part in given.parts:
        parts.append(await _part(work, old, part.title_zh, part.title_en, step, on))
        await facts.give_plan_number(work, parts[-1].id, PlanNumberIn(number=part.plan_number, on=on), checked=True)
    return [await repository.standard(work.connection, part.id) for part in parts]


def _check_numbers(given: Split, old: Standard) -> None:
    """Raise `BadInput` where a part would bear no plan number, or that of another part or of the project itself."""
    taken, unmet = {old.plan_number}, []
    for at, part in enumerate(given.parts):
        where = f"parts.{at}.plan_number"
        try:
            number = facts._plan_number(part.plan_number, old.level)
        except IdentifierError as error:
            unmet.append(Unmet(error.code, error.message, where))
            continue
        if number in taken:
            unmet.append(Unmet("split.number", say("每个新项目有自己的计划号，{number} 已经用了", number=number), where))
        taken.add(number)
    if unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)


async def _part(work: Work, old: Standard, title_zh: str, title_en: str, step: str, on: date) -> Standard:
    track = track_of(old.track)
    kept = {name: getattr(old, name) for name in Patch.__struct_fields__}
    patch = Patch(**{**kept, "title_zh": title_zh, "title_en": title_en})
    part = Standard(**{**{f: getattr(old, f) for f in old.__struct_fields__}, "id": uuid4(), "version": 0, "title_zh": title_zh})
    event = Proposed(
        track=old.track, level=old.level, kind=old.kind, step=step, stage=track.step(step).code, facts=patch, visit=uuid4(),
        running=on_entering(track, step, on, []), proposed_on=on, exemplar=old.exemplar,
    )  # fmt: skip
    await work.append(part, event, effective_on=on)
    await work.append(part, Related(relation=uuid4(), kind="split_from", target=old.id), effective_on=on)
    units = await repository.drafting_units(work.connection, old.id)
    await facts._set_team(work, part, units, await repository.drafters(work.connection, old.id), on)
    return part
