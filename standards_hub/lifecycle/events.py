"""What can happen to a standard, and which rows each of it writes. All pure: replay gives the same tables."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection, update
from standards_hub.lifecycle.models import (
    AliasRow,
    DeadlineRow,
    DrafterRow,
    DraftingUnitRow,
    ExtensionRow,
    PaperRow,
    PlanSpellRow,
    RelationRow,
    StandardRow,
    VisitRow,
    WaiverRow,
)
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch
from standards_hub.lifecycle.wording import EVENT_NAMES

projection(
    StandardRow,
    PlanSpellRow,
    AliasRow,
    DraftingUnitRow,
    DrafterRow,
    VisitRow,
    PaperRow,
    WaiverRow,
    DeadlineRow,
    ExtensionRow,
    RelationRow,
    stream="standard",
)


class DeadlineOpened(Struct, frozen=True):
    """A limit that begins to run."""

    id: UUID
    limit: str
    name_zh: str
    name_en: str
    cause: str
    holder: str
    consequence: str
    due_on: date

    def row(self, at: Stamp) -> Change:
        return insert(
            DeadlineRow, id=self.id, standard_id=at.subject, limit=self.limit, name_zh=self.name_zh, name_en=self.name_en, cause=self.cause,
            holder=self.holder, consequence=self.consequence, opened_on=at.effective_on, due_on=self.due_on, first_due_on=self.due_on,
            extensions=0, state="running",
        )  # fmt: skip


class Running(Struct, frozen=True):
    """What a move does to the limits: which begin, which are met, and which run again after a return."""

    opened: list[DeadlineOpened] = []
    met: list[UUID] = []
    reopened: list[UUID] = []

    def rows(self, at: Stamp) -> Iterable[Change]:
        for deadline in self.opened:
            yield deadline.row(at)
        for id in self.met:
            yield update(DeadlineRow, id, state="met", ended_on=at.effective_on)
        for id in self.reopened:
            yield update(DeadlineRow, id, state="running", ended_on=None)


def _plan(at: Stamp, facts: Patch) -> Iterable[Change]:
    """The plan that these facts put the standard under, kept for the days it was there."""
    if facts.plan_key:
        yield insert(PlanSpellRow, standard_id=at.subject, seq=at.seq, plan_key=facts.plan_key)


class GateRecord(Struct, frozen=True):
    """How one gate stood when a move was made."""

    gate: str
    name_zh: str
    name_en: str
    met: bool
    evidence: list[str] = []
    """Ids of the papers, or what a provider gave."""
    waiver: str | None = None
    """The reason for which it was waived."""
    waiver_id: UUID | None = None


class Proposed(Event, frozen=True, kw_only=True):
    """A standard enters the portfolio: as a new proposal, or in mid-life at a later step."""

    track: str
    level: str
    kind: str
    step: str
    stage: str
    facts: Patch
    visit: UUID
    running: Running
    status: str = "active"
    proposed_on: date | None = None
    entered_mid_life: bool = False
    exemplar: bool = False
    import_id: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        facts = {
            "nature": None, "document_type": "IS", "title_en": "", "scope": "", "ics": [], "ccs": [], "fields": [], "fills_gap": False,
            "stricter": False, "patents": False, "measurable": True, "drafters_not_named": False, **self.facts.said(),
        }  # fmt: skip
        yield insert(
            StandardRow, id=at.subject, version=at.seq, track=self.track, level=self.level, kind=self.kind, step=self.step, stage=self.stage,
            step_entered_on=at.effective_on, status=self.status, round=1, failures=0, proposed_on=self.proposed_on or at.effective_on,
            entered_mid_life=self.entered_mid_life, exemplar=self.exemplar, import_id=self.import_id, **facts,
        )  # fmt: skip
        yield insert(
            VisitRow, id=self.visit, standard_id=at.subject, step=self.step, stage=self.stage, round=1, entered_on=at.effective_on,
            act="propose", elsewhere=self.entered_mid_life,
        )  # fmt: skip
        yield from _plan(at, self.facts)
        yield from self.running.rows(at)


class Edited(Event, frozen=True, kw_only=True):
    """Facts that were changed, before and after."""

    before: Patch
    after: Patch

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, **self.after.said())
        yield from _plan(at, self.after)


class Moved(Event, frozen=True, kw_only=True):
    """A transition: where from, where to, which gates were met or waived, and what it did to the limits."""

    act: str
    from_step: str
    from_stage: str
    to_step: str
    to_stage: str
    left: UUID | None
    visit: UUID
    via: str | None = None
    reason: str | None = None
    elsewhere: bool = False
    gates: list[GateRecord] = []
    running: Running = Running()
    stale: list[UUID] = []
    """Papers that a return makes stale."""
    round: int = 1
    failures: int = 0
    status: str = "active"

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(
            StandardRow, at.subject, step=self.to_step, stage=self.to_stage, step_entered_on=at.effective_on, round=self.round,
            failures=self.failures, status=self.status,
        )  # fmt: skip
        if self.left:
            yield update(VisitRow, self.left, left_on=at.effective_on)
        yield insert(
            VisitRow, id=self.visit, standard_id=at.subject, step=self.to_step, stage=self.to_stage, round=self.round,
            entered_on=at.effective_on, act=self.act, via=self.via, elsewhere=self.elsewhere,
        )  # fmt: skip
        for gate in self.gates:
            if gate.waiver is not None and gate.waiver_id is not None:
                yield insert(
                    WaiverRow, id=gate.waiver_id, standard_id=at.subject, gate=gate.gate, gate_name_zh=gate.name_zh, gate_name_en=gate.name_en,
                    from_step=self.from_step, to_step=self.to_step, reason=gate.waiver, waived_on=at.effective_on, waived_by=at.actor,
                )  # fmt: skip
        for paper in self.stale:
            yield update(PaperRow, paper, stale_on=at.effective_on)
        yield from self.running.rows(at)


class PlanNumberGiven(Event, frozen=True, kw_only=True):
    """A plan number, the first or a new one; the old one stays as a dated alias."""

    alias: UUID
    number: str
    before: str | None = None
    closed: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, plan_number=self.number)
        if self.closed:
            yield update(AliasRow, self.closed, until=at.effective_on)
        yield insert(AliasRow, id=self.alias, standard_id=at.subject, number=self.number, since=at.effective_on)


class NumberGiven(Event, frozen=True, kw_only=True):
    """The number and dates of approval, publication and effect."""

    number: str
    number_key: str
    published_on: date | None
    effective_on: date | None
    approved_on: date | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(
            StandardRow, at.subject, number=self.number, number_key=self.number_key, approved_on=self.approved_on,
            published_on=self.published_on, effective_on=self.effective_on,
        )  # fmt: skip


class DraftingUnitsSet(Event, frozen=True, kw_only=True):
    """The drafting organisations in rank order, before and after."""

    before: list[DraftingUnit]
    after: list[DraftingUnit]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for unit in self.before:
            yield delete(DraftingUnitRow, {"standard_id": at.subject, "organisation_id": unit.organisation_id})
        for unit in self.after:
            yield insert(DraftingUnitRow, standard_id=at.subject, organisation_id=unit.organisation_id, rank=unit.rank, lead=unit.lead)
        lead = next((u for u in self.after if u.lead), None) or min(self.after, key=lambda u: u.rank or 999, default=None)
        yield update(StandardRow, at.subject, lead_drafter_id=lead.organisation_id if lead else None)


class DraftersSet(Event, frozen=True, kw_only=True):
    """The persons who draft, before and after."""

    before: list[Drafter]
    after: list[Drafter]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for drafter in self.before:
            yield delete(DrafterRow, {"standard_id": at.subject, "person_id": drafter.person_id})
        for drafter in self.after:
            yield insert(DrafterRow, standard_id=at.subject, person_id=drafter.person_id, rank=drafter.rank)


class PaperAdded(Event, frozen=True, kw_only=True):
    """A paper comes into the dossier, accepted at once where the one who adds it may accept."""

    paper: UUID
    kind: str
    title: str
    dated: date
    sha256: str | None = None
    filename: str | None = None
    media_type: str | None = None
    size: int | None = None
    reference: str | None = None
    note: str | None = None
    accepted: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            PaperRow, id=self.paper, standard_id=at.subject, kind=self.kind, title=self.title, dated=self.dated, sha256=self.sha256,
            filename=self.filename, media_type=self.media_type, size=self.size, reference=self.reference, note=self.note,
            seq=at.seq, added_on=at.effective_on, added_by=at.actor, accepted_on=at.effective_on if self.accepted else None,
            accepted_by=at.actor if self.accepted else None,
        )  # fmt: skip


class PaperAccepted(Event, frozen=True, kw_only=True):
    paper: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PaperRow, self.paper, accepted_on=at.effective_on, accepted_by=at.actor)


class PaperWithdrawn(Event, frozen=True, kw_only=True):
    paper: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PaperRow, self.paper, withdrawn_on=at.effective_on, note=self.reason)


class Suspended(Event, frozen=True, kw_only=True):
    """Work rests and its limits with it."""

    reason: str
    paused: list[UUID] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="suspended")
        for id in self.paused:
            yield update(DeadlineRow, id, state="paused", ended_on=at.effective_on)


class NewDue(Struct, frozen=True):
    """A deadline that moves to another day."""

    id: UUID
    before: date
    due_on: date


class Resumed(Event, frozen=True, kw_only=True):
    """Work goes on; each limit gets back the days that it rested."""

    reason: str
    deadlines: list[NewDue] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="active")
        for deadline in self.deadlines:
            yield update(DeadlineRow, deadline.id, state="running", ended_on=None, due_on=deadline.due_on)


class ExtensionAsked(Event, frozen=True, kw_only=True):
    extension: UUID
    deadline: UUID
    months: int
    reason: str
    waived: list[str] = []
    """Rules on asking that were waived, with the reason given in `reason`."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ExtensionRow, id=self.extension, standard_id=at.subject, deadline_id=self.deadline, months=self.months, reason=self.reason,
            asked_on=at.effective_on, asked_by=at.actor, state="asked",
        )  # fmt: skip


class ExtensionDecided(Event, frozen=True, kw_only=True):
    """The competent department's decision. Granted, it also thaws a standard frozen by that limit."""

    extension: UUID
    granted: bool
    decision: str
    deadline: UUID
    extensions: int
    before: date
    due_on: date
    thawed: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        state = "granted" if self.granted else "refused"
        yield update(ExtensionRow, self.extension, state=state, decided_on=at.effective_on, decided_by=at.actor, decision=self.decision)
        if self.granted:
            yield update(DeadlineRow, self.deadline, due_on=self.due_on, extensions=self.extensions, state="running", ended_on=None)
        if self.thawed:
            yield update(StandardRow, at.subject, status="active")


class DeadlineExpired(Event, frozen=True, kw_only=True):
    """A limit ran out and its consequence took hold."""

    deadline: UUID
    consequence: str
    due_on: date
    status: str | None = None
    void: list[UUID] = []
    """Other limits that no longer matter."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(DeadlineRow, self.deadline, state="executed", ended_on=at.effective_on)
        for id in self.void:
            yield update(DeadlineRow, id, state="void", ended_on=at.effective_on)
        if self.status:
            yield update(StandardRow, at.subject, status=self.status)


class Ended(Event, frozen=True, kw_only=True):
    """The project ends before publication: terminated, merged into another or split into others."""

    status: str
    reason: str
    into: list[UUID] = []
    via: str | None = None
    gates: list[GateRecord] = []
    void: list[UUID] = []
    left: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status=self.status)
        if self.left:
            yield update(VisitRow, self.left, left_on=at.effective_on)
        for id in self.void:
            yield update(DeadlineRow, id, state="void", ended_on=at.effective_on)
        for gate in self.gates:
            if gate.waiver is not None and gate.waiver_id is not None:
                yield insert(
                    WaiverRow, id=gate.waiver_id, standard_id=at.subject, gate=gate.gate, gate_name_zh=gate.name_zh, gate_name_en=gate.name_en,
                    from_step="", to_step=self.status, reason=gate.waiver, waived_on=at.effective_on, waived_by=at.actor,
                )  # fmt: skip


class Related(Event, frozen=True, kw_only=True):
    relation: UUID
    kind: str
    target: UUID | None = None
    catalogue: UUID | None = None
    identifier: str | None = None
    degree: str | None = None
    edition: str | None = None
    part: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            RelationRow, id=self.relation, standard_id=at.subject, kind=self.kind, target_id=self.target, catalogue_id=self.catalogue,
            identifier=self.identifier, degree=self.degree, edition=self.edition, part=self.part, since=at.effective_on,
        )  # fmt: skip


class Unrelated(Event, frozen=True, kw_only=True):
    relation: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(RelationRow, self.relation)


class Reviewed(Event, frozen=True, kw_only=True):
    """The conclusion of a review: confirm, revise, amend or withdraw, with its harmonized code."""

    outcome: str
    code: str
    reason: str


class Superseded(Event, frozen=True, kw_only=True):
    """Another standard that replaces the whole of it took effect."""

    by: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="superseded", withdrawn_on=at.effective_on)


class Withdrawn(Event, frozen=True, kw_only=True):
    """The withdrawal was announced."""

    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="withdrawn", withdrawn_on=at.effective_on)


class TrackMoved(Event, frozen=True, kw_only=True):
    """The standard follows another version of its track from now on."""

    before: str
    after: str
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, track=self.after)


class Erased(Event, frozen=True, kw_only=True):
    """An import that nothing was built on was undone; the rows go, the log keeps what they were."""

    reason: str
    papers: list[UUID] = []
    visits: list[UUID] = []
    deadlines: list[UUID] = []
    aliases: list[UUID] = []
    relations: list[UUID] = []
    units: list[UUID] = []
    drafters: list[UUID] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        for model, ids in (
            (PaperRow, self.papers), (VisitRow, self.visits), (DeadlineRow, self.deadlines), (AliasRow, self.aliases), (RelationRow, self.relations),
        ):  # fmt: skip
            for id in ids:
                yield delete(model, id)
        for id in self.units:
            yield delete(DraftingUnitRow, {"standard_id": at.subject, "organisation_id": id})
        for id in self.drafters:
            yield delete(DrafterRow, {"standard_id": at.subject, "person_id": id})
        yield delete(StandardRow, at.subject)


named(EVENT_NAMES)
