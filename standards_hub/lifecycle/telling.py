"""The history of a standard in words: what each event says happened, with before and after, for people to read. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field

from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle import events as e
from standards_hub.lifecycle.intake.columns import NATURES, ROLES
from standards_hub.lifecycle.intake.ports import Words
from standards_hub.lifecycle.relations import RELATION_NAMES
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks.drawing import ACTS
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.tracks.words import CONSEQUENCES, OUTCOME_NAMES
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch
from standards_hub.lifecycle.wording import DOCUMENT_TYPES, EVENT_NAMES, FACT_NAMES

Text = Message | Name | str
YES, NO, NOTHING = say("是"), say("否"), "—"


class Fact(Struct, frozen=True):
    """One fact that an event changed."""

    name: Text
    before: Text
    after: Text


def on(day: date) -> Text:
    """A day as the reader's language writes it."""
    return Message("{day}", {"day": day})


class Told(Struct, frozen=True):
    """One event in words: a sentence, what else belongs to it, and the facts it changed."""

    what: Text
    more: list[Text] = []
    facts: list[Fact] = []
    elsewhere: bool = False


class Known(Struct, frozen=True):
    """What the ids and keys in events stand for; what is not known is shown as it is."""

    track: Track
    names: Mapping[UUID, Text] = {}
    """Organisations, committees, people, standards and catalogue entries."""
    papers: Mapping[UUID, tuple[str, str]] = {}
    """Kind and title of each."""
    deadlines: Mapping[UUID, Name] = {}
    relations: Mapping[UUID, Text] = {}
    words: Words = field(default_factory=Words)

    def step(self, key: str) -> Text:
        found = next((step for step in self.track.steps if step.key == key), None)
        return say("{code} {name}", code=found.shown, name=found.name) if found else key

    def kind(self, key: str) -> Text:
        return next((paper.name for paper in self.track.papers if paper.key == key), key)

    def paper(self, kind: str, title: str) -> Text:
        """What a paper is called; one that has no title of its own is called after its kind, in either language."""
        name = self.kind(kind)
        return name if str(name) == title else title

    def paper_of(self, id: UUID) -> Text:
        return self.paper(*self.papers[id]) if id in self.papers else str(id)

    def name(self, id: UUID | None) -> Text:
        return self.names.get(id, str(id)) if id else NOTHING

    def value(self, name: str, value: Any) -> Text:
        """The value of a fact in words."""
        if isinstance(value, bool):
            return YES if value else NO
        if value is None or value == "" or value == []:
            return NOTHING
        if isinstance(value, UUID):
            return self.name(value)
        if isinstance(value, date):
            return on(value)
        if isinstance(value, list):
            return say("{items}", items=[self.value(name, item) for item in value])
        choices = CHOICES[name](self.words) if name in CHOICES else {}
        return choices.get(value, str(value))


CHOICES: dict[str, Callable[[Words], Mapping[str, Text]]] = {
    "nature": lambda _: NATURES,
    "international_role": lambda _: ROLES,
    "document_type": lambda _: DOCUMENT_TYPES,
    "plan_key": lambda words: words.plans,
    "primary_field": lambda words: words.of(None, "fields"),
    "fields": lambda words: words.of(None, "fields"),
    "region": lambda words: words.of(None, "regions"),
}
"""Where the words for the values of a fact are."""


def decoded(kind: str, payload: Mapping[str, Any]) -> Event:
    """The event of an entry of the history."""
    return msgspec.convert(payload, Event.kinds[kind])


def named_in(event: Any) -> set[UUID]:
    """The organisations, committees, people, standards and entries that an event names by their ids."""
    match event:
        case e.Edited(before=before, after=after):
            return {value for patch in (before, after) for value in patch.said().values() if isinstance(value, UUID)}
        case e.DraftingUnitsSet(before=before, after=after):
            return {unit.organisation_id for unit in (*before, *after)}
        case e.DraftersSet(before=before, after=after):
            return {drafter.person_id for drafter in (*before, *after)}
        case e.Related(target=target, catalogue=catalogue):
            return {id for id in (target, catalogue) if id}
        case e.Ended(into=into):
            return set(into)
        case e.Superseded(by=by):
            return {by}
    return set()


def told(event: Any, known: Known) -> Told:
    """An event in words; one that nothing is known of has its name alone."""
    teller = TELLERS.get(type(event))
    return teller(event, known) if teller else Told(EVENT_NAMES.get(event.type_name(), event.type_name()))


def _proposed(event: e.Proposed, known: Known) -> Told:
    step, limits = known.step(event.step), _limits(event.running, known)
    if event.entered_mid_life:
        day = event.proposed_on or NOTHING
        return Told(say("中途录入，录入时处于“{step}”", step=step), [say("提出日期 {day}", day=day), *limits], [], True)
    return Told(say("提出立项，进入“{step}”", step=step), limits)


def _edited(event: e.Edited, known: Known) -> Told:
    return Told(EVENT_NAMES["edited"], facts=_facts(event.before, event.after, known))


def _facts(before: Patch, after: Patch, known: Known) -> list[Fact]:
    old = before.said()
    return [
        Fact(FACT_NAMES.get(name, name), known.value(name, old.get(name)), known.value(name, value)) for name, value in after.said().items()
    ]


def _moved(event: e.Moved, known: Known) -> Told:
    what = say("{act}：{start} → {end}", act=ACTS[event.act], start=known.step(event.from_step), end=known.step(event.to_step))
    more: list[Text] = [say("理由：{reason}", reason=event.reason)] if event.reason else []
    if event.via:
        more.append(say("决定记为 {code}", code=event.via))
    more += _waived(event.gates)
    if event.stale:
        more.append(say("{papers}因退回失效，需重新提交", papers=[known.paper_of(id) for id in event.stale]))
    return Told(what, [*more, *_limits(event.running, known)], [], event.elsewhere)


def _waived(gates: Iterable[e.GateRecord]) -> list[Text]:
    return [
        say("豁免“{gate}”：{reason}", gate=Name(gate.name_zh, gate.name_en), reason=gate.waiver)
        for gate in gates
        if gate.waiver is not None
    ]


def _limits(running: e.Running, known: Known) -> list[Text]:
    opened: list[Text] = [
        say("“{limit}”起算，{due} 届满", limit=Name(limit.name_zh, limit.name_en), due=limit.due_on) for limit in running.opened
    ]
    met: list[Text] = [say("“{limit}”已满足", limit=known.deadlines.get(id, str(id))) for id in running.met]
    return [*opened, *met, *(say("“{limit}”继续计时", limit=known.deadlines.get(id, str(id))) for id in running.reopened)]


def _plan_number(event: e.PlanNumberGiven, known: Known) -> Told:
    return Told(EVENT_NAMES["plan-number-given"], facts=[Fact(FACT_NAMES["plan_number"], event.before or NOTHING, event.number)])


def _number(event: e.NumberGiven, known: Known) -> Told:
    given = [(name, getattr(event, name)) for name in ("number", "approved_on", "published_on", "effective_on")]
    return Told(EVENT_NAMES["number-given"], facts=[Fact(FACT_NAMES[name], NOTHING, str(value)) for name, value in given if value])


def _units(event: e.DraftingUnitsSet, known: Known) -> Told:
    def listed(units: list[DraftingUnit]) -> Text:
        return say("{items}", items=[known.name(unit.organisation_id) for unit in units]) if units else NOTHING

    return Told(EVENT_NAMES["drafting-units-set"], facts=[Fact(FACT_NAMES["drafting_units"], listed(event.before), listed(event.after))])


def _drafters(event: e.DraftersSet, known: Known) -> Told:
    def listed(drafters: list[Drafter]) -> Text:
        return say("{items}", items=[known.name(drafter.person_id) for drafter in drafters]) if drafters else NOTHING

    return Told(EVENT_NAMES["drafters-set"], facts=[Fact(FACT_NAMES["drafters"], listed(event.before), listed(event.after))])


def _paper_added(event: e.PaperAdded, known: Known) -> Told:
    more: list[Text] = [say("材料日期 {day}", day=event.dated)]
    if event.reference:
        more.append(say("存放处 {reference}", reference=event.reference))
    title = known.paper(event.kind, event.title)
    return Told(say("材料《{title}》入卷并确认", title=title) if event.accepted else say("材料《{title}》入卷，待确认", title=title), more)


def _paper_accepted(event: e.PaperAccepted, known: Known) -> Told:
    return Told(say("材料《{title}》已确认", title=known.paper_of(event.paper)))


def _paper_withdrawn(event: e.PaperWithdrawn, known: Known) -> Told:
    return Told(say("材料《{title}》已撤回", title=known.paper_of(event.paper)), [say("理由：{reason}", reason=event.reason)])


def _suspended(event: e.Suspended, known: Known) -> Told:
    return Told(EVENT_NAMES["suspended"], [say("理由：{reason}", reason=event.reason)])


def _resumed(event: e.Resumed, known: Known) -> Told:
    later = [d for d in event.deadlines if d.due_on != d.before]  # resumed on the day of its suspension, nothing moves
    moved = [Fact(known.deadlines.get(d.id, FACT_NAMES["due_on"]), on(d.before), on(d.due_on)) for d in later]
    return Told(EVENT_NAMES["resumed"], [say("理由：{reason}", reason=event.reason)], moved)


def _asked(event: e.ExtensionAsked, known: Known) -> Told:
    limit = known.deadlines.get(event.deadline, FACT_NAMES["due_on"])
    more: list[Text] = [say("理由：{reason}", reason=event.reason)]
    if event.waived:
        more.append(say("逾期申请，已说明理由"))
    return Told(say("申请将“{limit}”延长 {months} 个月", limit=limit, months=event.months), more)


def _decided(event: e.ExtensionDecided, known: Known) -> Told:
    limit = known.deadlines.get(event.deadline, FACT_NAMES["due_on"])
    decision: list[Text] = [say("决定：{decision}", decision=event.decision)]
    if not event.granted:
        return Told(say("未准予延长“{limit}”", limit=limit), decision)
    moved = [Fact(limit, on(event.before), on(event.due_on))]
    return Told(say("准予延长“{limit}”", limit=limit), [*decision, say("项目解冻")] if event.thawed else decision, moved)


def _expired(event: e.DeadlineExpired, known: Known) -> Told:
    limit, due = known.deadlines.get(event.deadline, FACT_NAMES["due_on"]), event.due_on
    return Told(say("“{limit}”于 {due} 届满：{consequence}", limit=limit, due=due, consequence=CONSEQUENCES[event.consequence]))


def _ended(event: e.Ended, known: Known) -> Told:
    more: list[Text] = [say("理由：{reason}", reason=event.reason)]
    if event.into:
        more.append(say("转入 {standards}", standards=[known.name(id) for id in event.into]))
    return Told(say("项目结束：{status}", status=STATUS_NAMES[event.status]), [*more, *_waived(event.gates)])


def _related(event: e.Related, known: Known) -> Told:
    target = known.name(event.target or event.catalogue) if event.target or event.catalogue else event.identifier or NOTHING
    details: list[Text] = [text for text in (event.degree, event.edition, event.part) if text]
    return Told(
        say("登记关系：{kind} {target}", kind=RELATION_NAMES[event.kind][0] if event.kind in RELATION_NAMES else event.kind, target=target),
        details,
    )


def _unrelated(event: e.Unrelated, known: Known) -> Told:
    what = say("撤销关系：{relation}", relation=known.relations[event.relation]) if event.relation in known.relations else None
    return Told(what or EVENT_NAMES["unrelated"], [say("理由：{reason}", reason=event.reason)])


def _reviewed(event: e.Reviewed, known: Known) -> Told:
    what = say("复审结论：{outcome}（{code}）", outcome=OUTCOME_NAMES.get(event.outcome, event.outcome), code=event.code)
    return Told(what, [say("理由：{reason}", reason=event.reason)])


def _superseded(event: e.Superseded, known: Known) -> Told:
    return Told(say("被 {standard} 代替", standard=known.name(event.by)))


def _withdrawn(event: e.Withdrawn, known: Known) -> Told:
    return Told(say("公告废止"), [say("理由：{reason}", reason=event.reason)] if event.reason else [])


def _track_moved(event: e.TrackMoved, known: Known) -> Told:
    return Told(
        EVENT_NAMES["track-moved"], [say("理由：{reason}", reason=event.reason)], [Fact(FACT_NAMES["track"], event.before, event.after)]
    )


TELLERS: dict[type[Event], Callable[[Any, Known], Told]] = {
    e.Proposed: _proposed, e.Edited: _edited, e.Moved: _moved, e.PlanNumberGiven: _plan_number, e.NumberGiven: _number,
    e.DraftingUnitsSet: _units, e.DraftersSet: _drafters, e.PaperAdded: _paper_added, e.PaperAccepted: _paper_accepted,
    e.PaperWithdrawn: _paper_withdrawn, e.Suspended: _suspended, e.Resumed: _resumed, e.ExtensionAsked: _asked,
    e.ExtensionDecided: _decided, e.DeadlineExpired: _expired, e.Ended: _ended, e.Related: _related, e.Unrelated: _unrelated,
    e.Reviewed: _reviewed, e.Superseded: _superseded, e.Withdrawn: _withdrawn, e.TrackMoved: _track_moved,
}  # fmt: skip


ENTERING = ("proposed", "moved")
"""The kinds of events that lead to a step."""


def visits_of(entries: Iterable[tuple[int, Any]]) -> dict[UUID, int]:
    """Which event led to which stay at a step: {visit: number of the event}."""
    return {event.visit: seq for seq, event in entries if isinstance(event, e.Proposed | e.Moved)}
