"""How a standard goes its way: proposed, moved from step to step, ended, in force and out of force."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, update
from standards_hub.lifecycle.events.facts import plan_spell
from standards_hub.lifecycle.events.timing import Running
from standards_hub.lifecycle.models import (
    AliasRow,
    DeadlineRow,
    DrafterRow,
    DraftingUnitRow,
    PaperRow,
    RelationRow,
    StandardRow,
    VisitRow,
    WaiverRow,
)
from standards_hub.lifecycle.values import Patch


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


def _waived(at: Stamp, gates: list[GateRecord], from_step: str, to_step: str) -> Iterable[Change]:
    for gate in gates:
        if gate.waiver is not None and gate.waiver_id is not None:
            yield insert(
                WaiverRow, id=gate.waiver_id, standard_id=at.subject, gate=gate.gate, gate_name_zh=gate.name_zh, gate_name_en=gate.name_en,
                from_step=from_step, to_step=to_step, reason=gate.waiver, waived_on=at.effective_on, waived_by=at.actor,
            )  # fmt: skip


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
        yield from plan_spell(at, self.facts)
        yield from self.running.rows(at)


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
        yield from _waived(at, self.gates, self.from_step, self.to_step)
        for paper in self.stale:
            yield update(PaperRow, paper, stale_on=at.effective_on)
        yield from self.running.rows(at)


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
        yield from _waived(at, self.gates, "", self.status)


class Reviewed(Event, frozen=True, kw_only=True):
    """The conclusion of a review: confirm, revise, amend or withdraw, with its harmonized code."""

    outcome: str
    code: str
    reason: str


class Superseded(Event, frozen=True, kw_only=True):
    """Another standard that replaces the whole of it took effect."""

    by: UUID
    void: list[UUID] = []
    """Limits that no longer matter: what is no longer valid waits for no review."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="superseded", withdrawn_on=at.effective_on)
        for id in self.void:
            yield update(DeadlineRow, id, state="void", ended_on=at.effective_on)


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
