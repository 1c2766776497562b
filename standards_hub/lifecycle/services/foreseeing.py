"""What an act will do, found by doing it: the very service function, in a unit of work that is never committed."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from standards_hub.committees import repository as bodies
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import HubError, NotFound, NotSignedIn
from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Hub, Subject, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import DraftersSet, DraftingUnitsSet, ExtensionAsked, ExtensionDecided, Related, Unrelated
from standards_hub.lifecycle.gates import paper_called
from standards_hub.lifecycle.jobs import concerned
from standards_hub.lifecycle.relations import KINDS
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Deadline, Paper, Standard, Waiver
from standards_hub.lifecycle.wording import FACT_NAMES

YES, NO = say("是"), say("否")


class Foreseen(Struct):
    """What an act will do, in sentences; or why it will not be done."""

    error: HubError | None = None
    assumed: bool = False
    """Whether this is what follows once the missing papers are there."""
    stage: list[Message] = field(default_factory=list)
    made: list[Message] = field(default_factory=list)
    limits: list[Message] = field(default_factory=list)
    papers: list[Message] = field(default_factory=list)
    facts: list[Message] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Who gets mail, by name."""

    @property
    def nothing(self) -> bool:
        return not (self.stage or self.made or self.limits or self.papers or self.facts)


class Rehearsal(Work):
    """A unit of work that notes what happens in it and is never committed."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.connection, work.actor, work.clock, work.files)
        self.events: list[tuple[Subject, Event]] = []
        self.notices: set[UUID] = set()

    async def append(self, subject: Subject, event: Event, *, effective_on: date | None = None) -> None:
        await super().append(subject, event, effective_on=effective_on)
        self.events.append((subject, event))

    async def enqueue(self, name: str, arguments: Mapping[str, Any], *, key: str | None = None, due_at: datetime | None = None) -> None:
        if name == "standard.notice":
            self.notices.add(UUID(arguments["standard_id"]))

    async def commit(self) -> None:
        raise AssertionError("a rehearsal is never committed")


class _State(Struct):
    standard: Standard
    deadlines: list[Deadline]
    papers: list[Paper]
    waivers: list[Waiver]


async def foresee(hub: Hub, actor: Actor, do: Callable[[Work], Awaitable[Any]], standard_id: UUID | None = None) -> Foreseen:
    """Do something, look at what it did, and leave nothing behind. Its error is what stands in the way."""
    async with hub.work(actor) as work:
        rehearsal = Rehearsal(work)
        try:
            before = await _state(work, standard_id) if standard_id else None
            await do(rehearsal)
        except NotSignedIn:
            raise
        except HubError as error:
            return Foreseen(error=error)
        found = Foreseen()
        for id in dict.fromkeys(subject.id for subject, _ in rehearsal.events):
            after = await _state(work, id)
            if before is not None and id == standard_id:
                await _compare(work, found, before, after)
            else:
                _born(found, after)
        for _, event in rehearsal.events:
            found.facts += await _said(work, event)
        for id in rehearsal.notices:
            people = await concerned(work, await repository.standard(work.connection, id))
            found.told += [a.name for a in await accounts.by_ids(work.connection, people) if a.active and a.name not in found.told]
        return found


async def _state(work: Work, id: UUID) -> _State:
    c = work.connection
    return _State(
        await repository.standard(c, id), await repository.deadlines(c, id), await repository.papers(c, id), await repository.waivers(c, id)
    )


async def _compare(work: Work, found: Foreseen, before: _State, after: _State) -> None:
    old, new = before.standard, after.standard
    if old.step != new.step or old.step_entered_on != new.step_entered_on:
        found.stage.append(say("{before} → {after}", before=_step(old), after=_step(new)))
    if old.status != new.status:
        found.stage.append(say("状态：{before} → {after}", before=STATUS_NAMES[old.status], after=STATUS_NAMES[new.status]))
    found.limits += _limits(before.deadlines, after.deadlines)
    had, track = {paper.id: paper for paper in before.papers}, track_of(new.track)
    for paper in after.papers:
        if paper.id not in had:
            found.papers.append(say("《{title}》入卷", title=paper_called(track, paper)))
        elif paper.stale_on and not had[paper.id].stale_on:
            found.papers.append(say("《{title}》失效，须重新提交", title=paper_called(track, paper)))
    known = {waiver.id for waiver in before.waivers}
    found.papers += [
        say("豁免“{gate}”，记录在案", gate=Name(w.gate_name_zh, w.gate_name_en)) for w in after.waivers if w.id not in known
    ]  # fmt: skip
    for name, called in FACT_NAMES.items():
        was, now = getattr(old, name, None), getattr(new, name, None)
        if was != now:
            found.facts.append(
                say(
                    "{fact}：{before} → {after}",
                    fact=called,
                    before=await value_said(work, name, was),
                    after=await value_said(work, name, now),
                )
            )


def _step(standard: Standard) -> Message:
    step = track_of(standard.track).step(standard.step)
    return say("{code} {name}", code=step.shown, name=step.name)


def _limits(before: list[Deadline], after: list[Deadline]) -> list[Message]:
    had, said = {deadline.id: deadline for deadline in before}, []
    for now in after:
        was, name = had.get(now.id), Name(now.name_zh, now.name_en)
        if was is None:
            said.append(say("{limit}开始计时，{due} 届满", limit=name, due=now.due_on))
        elif was.due_on != now.due_on:
            said.append(say("{limit}由 {before} 改至 {due} 届满", limit=name, before=was.due_on, due=now.due_on))
        elif was.state != now.state and now.state == "running":
            said.append(say("{limit}继续计时，{due} 届满", limit=name, due=now.due_on))
        elif was.state != now.state:
            said.append(say("{limit}：{after}", limit=name, after=ENDED[now.state]))
    return said


ENDED = {"met": say("办结"), "paused": say("停止计时"), "void": say("不再适用"), "executed": say("届满")}


def _born(found: Foreseen, after: _State) -> None:
    new = after.standard
    track = track_of(new.track)
    found.made.append(
        say("新建项目《{title}》（{track}），现处“{step}”", title=new.title, track=track.name, step=track.step(new.step).name)
    )
    if new.plan_number:
        found.made.append(say("计划号 {number}", number=new.plan_number))
    found.limits += [one for one in _limits([], after.deadlines) if one not in found.limits]  # parts of a split have the same
    found.papers += [say("《{title}》入卷", title=paper_called(track, paper)) for paper in after.papers]


async def _said(work: Work, event: Event) -> list[Message]:
    match event:
        case DraftingUnitsSet(after=units):
            names = await bodies.organisation_names(work.connection, [u.organisation_id for u in units])
            return [say("起草单位：{names}", names=[names.get(u.organisation_id, "—") for u in units])]
        case DraftersSet(after=people):
            return [say("起草人：{names}", names=[await value_said(work, "leader_id", p.person_id) for p in people])]
        case ExtensionAsked(months=months):
            return [say("申请延期 {months} 个月，待归口主管部门决定", months=months)]
        case ExtensionDecided(granted=False):
            return [say("不准予延期，期限不变")]
        case Related(kind=kind, target=target, identifier=identifier):
            called = (await repository.standard(work.connection, target)).label if target else identifier or say("目录条目")
            return [say("登记关系：{kind} {target}", kind=KINDS[kind], target=called)]
        case Unrelated():
            return [say("撤销一条关系")]
    return []


NAMED: dict[str, Callable[[Any, UUID], Awaitable[Any]]] = {
    "committee_id": bodies.committee,
    "department_id": bodies.organisation,
    "leader_id": bodies.person,
}


async def value_said(work: Work, name: str, value: Any) -> Any:
    """A fact as it is read: bodies by their names."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return YES if value else NO
    if name in NAMED:
        try:
            named = await NAMED[name](work.connection, value)
        except NotFound:
            return str(value)[:8]
        zh = getattr(named, "name_zh", None) or named.name
        return Name(zh, named.name_en or zh)
    return value
