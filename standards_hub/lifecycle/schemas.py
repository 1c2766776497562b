"""What comes in: one Struct for each act. Every text has a most, so that nothing over-long reaches a column."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from standards_hub.kernel.complaints import SHA256
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Kind, Patch

Title = Annotated[str, Meta(min_length=1, max_length=300)]
Short = Annotated[str, Meta(max_length=300)]
Reason = Annotated[str, Meta(min_length=2, max_length=2000)]
Key = Annotated[str, Meta(min_length=1, max_length=80)]


class PaperIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A paper for the dossier: a stored file by its hash, or the reference of one that is kept elsewhere."""

    kind: Key
    dated: date
    title: Short = ""
    sha256: Annotated[str, Meta(pattern=SHA256)] | None = None
    filename: Short | None = None
    reference: Short | None = None
    note: Short | None = None


class Proposal(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new standard on a track."""

    track: Key
    """Key of the track, or key@version."""
    facts: Patch
    kind: Kind = "new"
    drafting_units: list[DraftingUnit] = []
    drafters: list[Drafter] = []
    on: date | None = None
    difference: Annotated[str, Meta(max_length=2000)] | None = None
    """How it differs from a project of the same title."""
    exemplar: bool = False


class Entry(Proposal, kw_only=True, forbid_unknown_fields=True):
    """A standard that enters in mid-life, with the past days that are known."""

    step: Key
    """Where it stands."""
    dates: dict[str, date] = {}
    """The day on which each step was entered, by step; the present one included."""
    plan_number: Short | None = None
    number: Short | None = None
    approved_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    papers: list[PaperIn] = []
    status: Literal["active", "suspended"] = "active"
    import_id: UUID | None = None


class Move(Struct, kw_only=True, forbid_unknown_fields=True):
    """A transition to record: forward, back, again, past a stage, or a failed verification."""

    act: Literal["advance", "return", "repeat", "skip", "fail"] = "advance"
    to: Key | None = None
    """The step to go to, where the act leaves a choice."""
    on: date | None = None
    """The day on which it was true; a past day is for acts done elsewhere."""
    elsewhere: bool = False
    """Done on an official platform and recorded here."""
    reason: Reason | None = None
    waivers: dict[str, Reason] = {}
    """{gate: reason} for gates passed unmet."""
    papers: list[PaperIn] = []
    """Papers that come with the act."""


class Publication(Struct, kw_only=True, forbid_unknown_fields=True):
    """The number and dates of the announcement."""

    number: Title
    published_on: date
    effective_on: date
    approved_on: date | None = None
    papers: list[PaperIn] = []
    waivers: dict[str, Reason] = {}
    elsewhere: bool = True


class ExtensionRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    months: Annotated[int, Meta(ge=1, le=60)]
    reason: Reason
    limit: Key | None = None
    """Which limit, where the track lets more than one be lengthened."""
    override: Reason | None = None
    """Why it is asked for although it is late."""
    on: date | None = None


class ExtensionDecision(Struct, kw_only=True, forbid_unknown_fields=True):
    granted: bool
    decision: Reason
    """Number or words of the decision."""
    months: Annotated[int, Meta(ge=1, le=60)] | None = None
    """Fewer than asked for, where the department grants less."""
    on: date | None = None


class Because(Struct, kw_only=True, forbid_unknown_fields=True):
    """An act that wants a reason and nothing else."""

    reason: Reason
    on: date | None = None


class Ending(Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Reason
    papers: list[PaperIn] = []
    waivers: dict[str, Reason] = {}
    on: date | None = None


class Part(Struct, kw_only=True, forbid_unknown_fields=True):
    title_zh: Title
    title_en: Short = ""
    plan_number: Short


class Split(Ending, kw_only=True, forbid_unknown_fields=True):
    parts: Annotated[list[Part], Meta(min_length=2, max_length=20)]


class Merge(Ending, kw_only=True, forbid_unknown_fields=True):
    into: UUID


class ReviewConclusion(Struct, kw_only=True, forbid_unknown_fields=True):
    outcome: Literal["confirm", "revise", "amend", "withdraw"]
    reason: Reason
    papers: list[PaperIn] = []
    waivers: dict[str, Reason] = {}
    on: date | None = None
    elsewhere: bool = False


class RelationIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A relation to one target: a standard here, a catalogue entry, or an identifier."""

    kind: Key
    target_id: UUID | None = None
    catalogue_id: UUID | None = None
    identifier: Short | None = None
    degree: Literal["IDT", "MOD", "NEQ"] | None = None
    edition: Short | None = None
    part: Short | None = None
    override: Reason | None = None


class Removal(Because, kw_only=True, forbid_unknown_fields=True):
    """Taking back a relation that was said in error."""

    relation: UUID


class Successor(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new project that comes from this standard: raised to another track, revised or amended."""

    track: Key | None = None
    title_zh: Title | None = None
    title_en: Short | None = None
    committee_id: UUID | None = None
    """Who goes on with it; where it is not said, the committee of this standard on the same track, and none on another."""
    on: date | None = None


class Adoption(Struct, kw_only=True, forbid_unknown_fields=True):
    """A project that adopts an international standard."""

    parent: RelationIn
    facts: Patch
    track: Key = "national-adoption"
    drafting_units: list[DraftingUnit] = []
    on: date | None = None


class TrackChange(Struct, kw_only=True, forbid_unknown_fields=True):
    track: Key
    reason: Reason


class PlanNumberIn(Struct, kw_only=True, forbid_unknown_fields=True):
    number: Annotated[str, Meta(min_length=3, max_length=80)]
    on: date | None = None


class Team(Struct, kw_only=True, forbid_unknown_fields=True):
    """Who drafts, in rank order."""

    drafting_units: list[DraftingUnit] = field(default_factory=list)
    drafters: list[Drafter] = field(default_factory=list)


class ViewIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A list to keep: its name, what stands after the question mark of its address, and whether it is shown where nothing is asked for."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    query: Annotated[str, Meta(max_length=4000)] = ""
    usual: bool = False


class Watching(Struct, kw_only=True, forbid_unknown_fields=True):
    """Several standards to follow, or to follow no longer."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    on: bool = True
