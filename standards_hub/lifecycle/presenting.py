"""What goes out of the doors: standards and what is around them as plain Structs with texts in both languages."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.http import Said
from standards_hub.lifecycle.gates import GateState
from standards_hub.lifecycle.services.duties import Todo
from standards_hub.lifecycle.services.moving import STATUS_NAMES, Way
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import HOLDERS, Track
from standards_hub.lifecycle.values import Standard


class StandardOut(Struct, kw_only=True):
    """A standard as the API gives it; `version` is also its entity tag."""

    id: UUID
    version: int
    track: str
    level: str
    kind: str
    nature: str | None
    document_type: str
    title_zh: str
    title_en: str
    scope: str
    step: str
    stage: str
    stage_shown: str
    stage_name: Said
    step_entered_on: date
    status: str
    status_name: Said
    round: int
    failures: int
    proposed_on: date
    plan_number: str | None
    number: str | None
    approved_on: date | None
    published_on: date | None
    effective_on: date | None
    withdrawn_on: date | None
    committee_id: UUID | None
    department_id: UUID | None
    lead_drafter_id: UUID | None
    leader_id: UUID | None
    region: str | None
    ics: list[str]
    ccs: list[str]
    plan_key: str | None
    primary_field: str | None
    fields: list[str]
    fills_gap: bool
    stricter: bool
    patents: bool
    measurable: bool
    drafters_not_named: bool
    international_role: str | None
    entered_mid_life: bool
    exemplar: bool

    @classmethod
    def of(cls, standard: Standard) -> "StandardOut":
        step = track_of(standard.track).step(standard.step)
        own = {name: getattr(standard, name) for name in cls.__struct_fields__ if hasattr(standard, name)}
        return cls(**own, stage_shown=step.shown, stage_name=Said.of(step.name), status_name=Said.of(STATUS_NAMES[standard.status]))


class Line(Struct, kw_only=True):
    """A row of the list of standards."""

    id: UUID
    version: int
    track: str
    level: str
    kind: str
    title_zh: str
    title_en: str
    step: str
    stage: str
    step_entered_on: date
    status: str
    plan_number: str | None
    number: str | None
    published_on: date | None
    effective_on: date | None
    committee_id: UUID | None
    primary_field: str | None
    region: str | None
    plan_key: str | None
    exemplar: bool


class GateOut(Struct):
    gate: str
    name: Said
    met: bool
    why: Said
    fixer: str
    fixer_name: Said
    waivable: bool
    evidence: list[str]
    source: str
    verified: bool
    paper: str | None
    papers: list[str]
    """Kinds of papers of which any would meet it."""

    @classmethod
    def of(cls, state: GateState) -> "GateOut":
        return cls(
            state.gate, Said.of(state.name), state.met, Said.of(state.why), state.fixer, Said.of(HOLDERS[state.fixer]), state.waivable,
            list(state.evidence), state.source, state.verified, state.paper, list(state.papers),
        )  # fmt: skip


class WayOut(Struct):
    """A way on from here: the act, where it leads, whether you may take it, and how each gate stands."""

    act: str
    to: str
    to_name: Said
    via: str | None
    by: list[str]
    allowed: bool
    ready: bool
    gates: list[GateOut]

    @classmethod
    def of(cls, way: Way) -> "WayOut":
        gates = [GateOut.of(gate) for gate in way.gates]
        return cls(way.act, way.to, Said.of(way.to_name), way.via, list(way.by), way.allowed, not way.unmet, gates)


class TodoOut(Struct):
    kind: str
    standard_id: UUID
    label: str
    title: str
    due_on: date | None
    what: Said
    holder: Said | None
    act: str
    """advance, extension, accept or supply; `read` where it is for somebody else to settle."""
    mine: bool
    acting_for: str | None
    """Whom you are a deputy of in this; null where it is your own."""
    papers: list[str]
    """The kinds of papers that are to be supplied, the first where several will do."""

    @classmethod
    def of(cls, todo: Todo) -> "TodoOut":
        holder = Said.of(todo.holder) if todo.holder else None
        return cls(todo.kind, todo.standard_id, todo.label, todo.title.zh, todo.due_on, Said.of(todo.what), holder, todo.act, todo.mine,
                   todo.acting_for.name if todo.acting_for else None, list(todo.papers))  # fmt: skip


class TrackOut(Struct):
    """A track in short; the whole file is at `/tracks/{id}/rules`."""

    id: str
    key: str
    version: str
    family: str
    level: str
    profile: str | None
    name: Said
    authority: Said
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, track: Track) -> "TrackOut":
        steps = [
            {"key": s.key, "code": s.code, "shown": s.shown, "zh": s.name.zh, "en": s.name.en, "holder": s.holder} for s in track.steps
        ]
        return cls(
            track.id,
            track.key,
            track.version,
            track.family,
            track.level,
            track.profile,
            Said.of(track.name),
            Said.of(track.authority),
            steps,
        )
