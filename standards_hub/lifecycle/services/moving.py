"""Moves along the track. One walk for all of them: which transition, who may, which gates, what it does to the limits."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from msgspec import Struct, structs

from standards_hub.kernel.access.actor import ROLE_NAMES
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused, Unmet, refuse_if
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import evidence, repository
from standards_hub.lifecycle.events import GateRecord, Moved, Reviewed, Withdrawn
from standards_hub.lifecycle.gates import GateFacts, GateState, evaluate
from standards_hub.lifecycle.limits import froze, on_entering
from standards_hub.lifecycle.schemas import Ending, Move, Publication, ReviewConclusion
from standards_hub.lifecycle.services import dossier, facts
from standards_hub.lifecycle.services.notices import tell
from standards_hub.lifecycle.stages import PUBLISHED, WITHDRAWN
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import HUB_ROLES, Gate, Track, Transition
from standards_hub.lifecycle.values import UNDER_WAY, Deadline, Paper, Standard

FAILING = ("40.92", "40.93")
"""Decisions that say a review or ballot was not passed."""
REASONED = ("return", "repeat", "skip", "fail")


class Way(Struct, frozen=True):
    """A transition that starts where the standard stands, and how its gates stand today."""

    act: str
    to: str
    to_name: Name
    name: Name | None
    via: str | None
    by: tuple[str, ...]
    allowed: bool
    """Whether the actor holds a role that may record it."""
    gates: list[GateState]

    @property
    def unmet(self) -> list[GateState]:
        return [gate for gate in self.gates if not gate.met]


async def ways(work: Work, standard: Standard, *, on: date | None = None, papers: list[Paper] | None = None) -> list[Way]:
    """Every way on from here with its gates: the page's checklist and the answer to "may it advance?"."""
    track = track_of(standard.track)
    papers = await repository.papers(work.connection, standard.id) if papers is None else papers
    found = []
    for transition in track.leaving(standard.step):
        if transition.act == "skip" and not _may_skip(track, standard):
            continue
        states = await gates(work, track, standard, transition, papers, on or work.today)
        found.append(Way(
            transition.act, transition.to, track.step(transition.to).name, transition.name, transition.via, transition.by,
            _holds_role(work, standard, transition), states,
        ))  # fmt: skip
    return found


async def move(work: Work, standard_id: UUID, given: Move) -> Standard:
    """Record a transition. Raises `Forbidden`, `BadInput`, or `Refused` with every gate that is not met."""
    standard, course = await repository.to_move(work.connection, standard_id)
    work.actor.require("standard.record_elsewhere" if given.elsewhere else _permission(given.act), standard)
    _check_movable(standard, frozen=not (given.elsewhere and _in_time(course.deadlines, given.on)))
    track = track_of(standard.track)
    transition = _choose(track, standard, given.act, given.to)
    if not _holds_role(work, standard, transition):
        raise Forbidden(say("本步由{roles}办理", roles=_roles(transition.by)))
    on = _day(work, standard, given)
    if given.act in REASONED and not given.reason:
        raise BadInput(say("请说明理由"), unmet=[Unmet("reason", say("退回、重复、跳过或验证未通过须写明理由"), "reason")])
    return await _go(work, standard, course, track, transition, given, on)


async def _go(
    work: Work, standard: Standard, course: repository.Course, track: Track, transition: Transition, given: Move, on: date
) -> Standard:
    for paper in given.papers:
        await dossier.attach(work, standard, paper, on=on)
    if given.papers:
        course = await repository.course(work.connection, standard.id)
    states = await gates(work, track, standard, transition, course.papers, on)
    records = _pass(work, standard, states, given.waivers)
    here = next((stay for stay in reversed(course.visits) if stay.left_on is None), None)
    target = track.step(transition.to)
    back = track.position(target.key) < track.position(standard.step)
    running = on_entering(track, target.key, on, course.deadlines)
    if standard.status == "frozen" and all(deadline.id in running.met for deadline in course.deadlines if froze(deadline)):
        standard.status = "active"
    event = Moved(
        act=transition.act, from_step=standard.step, from_stage=standard.stage, to_step=target.key, to_stage=target.code,
        left=here.id if here else None, visit=uuid4(), via=transition.via, reason=given.reason, elsewhere=given.elsewhere, gates=records,
        running=running, stale=_stale(track, standard.step, target.key, course.papers) if back else [],
        round=standard.round + (1 if back and standard.status in UNDER_WAY else 0),
        failures=standard.failures + (transition.via in FAILING), status=_status(standard, target.code),
    )  # fmt: skip
    was_public = standard.stage in repository.PUBLIC_STAGES
    await work.append(standard, event, effective_on=on)
    standard.step, standard.stage, standard.step_entered_on = target.key, target.code, on
    standard.round, standard.failures, standard.status = event.round, event.failures, event.status
    if target.code == WITHDRAWN:
        await work.append(standard, Withdrawn(reason=given.reason or ""), effective_on=on)
        standard.status, standard.withdrawn_on = "withdrawn", on
    if was_public != (standard.stage in repository.PUBLIC_STAGES):
        await facts.index(work, standard)
    await tell(work, standard, "moved", key=f"{standard.id}:{standard.version}")
    return standard


async def sent_back(work: Work, standard: Standard, voting: Transition, back: Transition, reason: str) -> Standard:
    """Record that a vote was held and not passed, and go the way back that the track has for it; the gates of passing do not apply."""
    track = track_of(standard.track)
    for transition in (structs.replace(voting, gates=()), back):
        _, course = await repository.to_move(work.connection, standard.id)
        given = Move(act=transition.act, to=transition.to, reason=reason)
        standard = await _go(work, standard, course, track, transition, given, work.today)
    return standard


def _status(standard: Standard, code: str) -> str:
    return "published" if code == PUBLISHED and standard.status in UNDER_WAY else standard.status


def _permission(act: str) -> str:
    return "standard.advance" if act in ("advance", "skip", "fail") else "standard.return"


def _in_time(deadlines: Iterable[Deadline], on: date | None) -> bool:
    """Whether an act was done before the limits that froze the standard ran out, and only became known afterwards."""
    return on is not None and all(on <= deadline.due_on for deadline in deadlines if froze(deadline))


def _check_movable(standard: Standard, *, frozen: bool = True) -> None:
    """`frozen` says whether a frozen standard stays where it is."""
    if standard.status == "frozen" and frozen:
        raise Refused(say("已冻结：期限届满而未报批，须先由归口主管部门准予延期"), unmet=[
            Unmet("frozen", say("超期自动冻结，准予延期后解冻"), "status", "department")])  # fmt: skip
    if standard.status == "suspended":
        raise Refused(say("已暂停，恢复后方可办理"), unmet=[Unmet("suspended", say("项目暂停中"), "status", "secretariat")])
    if standard.status not in ("active", "frozen", "published"):
        raise Conflict(say("项目已结束（{status}），不能再办理", status=STATUS_NAMES[standard.status]))


STATUS_NAMES = {
    "active": say("在研"),
    "frozen": say("冻结"),
    "suspended": say("暂停"),
    "terminated": say("终止"),
    "cancelled": say("撤销"),
    "lapsed": say("失效"),
    "merged": say("已合并"),
    "split": say("已拆分"),
    "published": say("已发布"),
    "superseded": say("被代替"),
    "withdrawn": say("废止"),
}


def _choose(track: Track, standard: Standard, act: str, to: str | None) -> Transition:
    choices = [t for t in track.leaving(standard.step) if t.act == act and to in (None, t.to)]
    if act == "skip" and choices and not _may_skip(track, standard):
        kinds = [KIND_NAMES[kind] for kind in track.fast_track.kinds] if track.fast_track else []
        raise Refused(say("快速程序不适用于本项目"), unmet=[Unmet("fast-track", say("快速程序限于{kinds}", kinds=kinds), "kind")])
    if len(choices) == 1 or (choices and act == "advance"):
        return choices[0]  # of several ways forward the first in the file is the usual one
    step = track.step(standard.step)
    if not choices:
        raise Refused(say("{step}不能这样办理", step=step.name), unmet=[
            Unmet("no-way", say("{track} 中从 {step} 没有此项去向", track=track.name, step=step.shown), "to" if to else "act")])  # fmt: skip
    raise BadInput(say("请指明去向"), unmet=[Unmet("to", say("可去往 {steps}", steps="、".join(t.to for t in choices)), "to")])


KIND_NAMES = {"new": say("制定"), "revision": say("修订"), "amendment": say("修改单"), "adoption": say("采标")}


def _may_skip(track: Track, standard: Standard) -> bool:
    return track.fast_track is not None and standard.kind in track.fast_track.kinds


def _holds_role(work: Work, standard: Standard, transition: Transition) -> bool:
    return work.actor.system or bool(work.actor.roles_in(standard.bodies()) & set(transition.by))


def _roles(by: Iterable[str]) -> list[object]:
    return [ROLE_NAMES[role] for role in by if role in HUB_ROLES]


def _day(work: Work, standard: Standard, given: Move) -> date:
    on = given.on or work.today
    unmet = []
    if on > work.today:
        unmet.append(Unmet("on.future", say("办理日期 {on} 晚于今天", on=on), "on"))
    if on < standard.step_entered_on:
        unmet.append(Unmet("on.order", say("办理日期 {on} 早于进入本步的日期 {entered}", on=on, entered=standard.step_entered_on), "on"))
    if on < work.today and not given.elsewhere:
        unmet.append(Unmet("on.past", say("补记过去的办理，请注明在平台外办理（elsewhere）"), "elsewhere"))
    if unmet:
        raise BadInput(say("办理日期不对"), unmet=unmet)
    return on


async def gates(work: Work, track: Track, standard: Standard, transition: Transition, papers: list[Paper], on: date) -> list[GateState]:
    """How the gates of a transition stand for a standard on a day."""
    given = await evidence.gathered(work, standard, transition.gates)
    failures = standard.failures + (transition.via in FAILING)
    return evaluate(track, transition, GateFacts(standard, tuple(papers), on, standard.step_entered_on, given, failures))


def _pass(work: Work, standard: Standard, states: list[GateState], waivers: Mapping[str, str]) -> list[GateRecord]:
    """The record of the gates if all are met or waived; refuses with everything that is not."""
    for gate in waivers:
        if gate not in {state.gate for state in states}:
            raise BadInput(say("没有这一关口：{gate}", gate=gate), unmet=[Unmet("waivers", say("可豁免的关口见核对表"), f"waivers.{gate}")])
    if any(not state.met and state.gate in waivers for state in states):
        work.actor.require("standard.waive", standard)
    refuse_if([state.unmet() for state in states if not state.met and not (state.waivable and state.gate in waivers)])
    return [
        GateRecord(
            state.gate, state.name.zh, state.name.en, state.met, list(state.evidence), None if state.met else waivers[state.gate],
            None if state.met else uuid4(),
        )
        for state in states
    ]  # fmt: skip


def _stale(track: Track, from_step: str, to_step: str, papers: Iterable[Paper]) -> list[UUID]:
    """The papers that were made for the steps that are to be gone through again."""
    first, last = track.position(to_step), track.position(from_step)
    gates: list[Gate] = [g for t in track.transitions if first <= track.position(t.from_) <= last for g in t.gates]
    kinds = {kind for gate in gates for kind in (gate.paper, *gate.papers) if kind}
    kept = {kind for t in track.transitions if track.position(t.from_) < first for g in t.gates for kind in (g.paper, *g.papers) if kind}
    return [paper.id for paper in papers if paper.counts and paper.kind in kinds - kept]


async def publish(work: Work, standard_id: UUID, given: Publication) -> Standard:
    """Give the number and dates of the announcement and enter 60.60. The standard stands at the step before it."""
    standard, course = await repository.to_move(work.connection, standard_id)
    work.actor.require("standard.publish", standard)
    _check_movable(standard)
    track = track_of(standard.track)
    transition = _choose(track, standard, "advance", PUBLISHED)
    await facts.give_number(work, standard, given)
    act = Move(on=max(given.published_on, standard.step_entered_on), elsewhere=given.elsewhere, waivers=given.waivers, papers=given.papers)
    if not _holds_role(work, standard, transition):
        raise Forbidden(say("本步由{roles}办理", roles=_roles(transition.by)))
    return await _go(work, standard, course, track, transition, act, _day(work, standard, act))


async def conclude_review(work: Work, standard_id: UUID, given: ReviewConclusion) -> Standard:
    """Record what a review concluded: confirm, revise, amend or withdraw."""
    standard, course = await repository.to_move(work.connection, standard_id)
    work.actor.require("standard.review", standard)
    track = track_of(standard.track)
    code = track.review.outcomes.get(given.outcome)
    choices = concluding(track, standard.step, given.outcome)
    if not choices or code is None:
        raise Refused(say("尚未到作出复审结论的步骤"), unmet=[Unmet("no-way", say("现处 {step}", step=standard.stage), "outcome")])
    act = Move(act=choices[0].act, on=given.on, elsewhere=given.elsewhere, reason=given.reason, papers=given.papers, waivers=given.waivers)
    on = _day(work, standard, act)
    await work.append(standard, Reviewed(outcome=given.outcome, code=code, reason=given.reason), effective_on=on)
    return await _go(work, standard, course, track, choices[0], act, on)


def concluding(track: Track, step: str, outcome: str) -> list[Transition]:
    """The transitions from a step that record an outcome of a review."""
    code, leaving = track.review.outcomes.get(outcome), track.leaving(step)
    return [t for t in leaving if code in (t.via, t.to)] or [t for t in leaving if outcome == "withdraw" and t.to.startswith("95.")]


async def withdraw(work: Work, standard_id: UUID, given: Ending) -> Standard:
    """Announce the withdrawal and enter 95.99, where the track's gates ask for the announcement."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.withdraw", standard)
    act = Move(
        act="advance", to=WITHDRAWN, on=given.on, reason=given.reason, elsewhere=given.on is not None, papers=given.papers,
        waivers=given.waivers,
    )  # fmt: skip
    return await move(work, standard_id, act)
