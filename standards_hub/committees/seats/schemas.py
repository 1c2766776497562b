"""What comes in and goes out about seats: compositions and what-ifs, replacements, interests, participation."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.schemas import LongText, Text
from standards_hub.committees.seats.composition import Line
from standards_hub.committees.seats.values import Interest, Relation
from standards_hub.committees.values import Position, SeatHolder, Side
from standards_hub.kernel.http import Said


class Candidate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who might take a seat."""

    person_id: UUID
    position: Position = "member"
    side: Side | None = None


class WhatIf(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seats that would go, and people who would come. A replacement is one of each."""

    remove: list[UUID] = []
    add: list[Candidate] = []


class Replacement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who goes on from a seat, from which day, and why. The position and the end of the term stay."""

    person_id: UUID
    since: date
    reason: Text
    side: Side | None = None
    """That of the one before, where it is not said."""


class Renewal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new term of a committee, both days included, and the seats of those who stay. All other seats end with the term before."""

    seats: list[UUID]
    since: date
    until: date
    reason: Text


class SideChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    side: Side | None = None


class NewInterest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A conflict of interest: of whom, with what, and how."""

    person_id: UUID
    relation: Relation
    subject: Text | None = None
    """How the thing is called, where it is not a standard of the committee."""
    standard_id: UUID | None = None
    note: LongText | None = None
    on: date | None = None


class LineOut(Struct, frozen=True):
    """What one rule says: met or not, the figure beside the limit, why, and its source."""

    code: str
    name: Said
    met: bool
    figure: str
    limit: str
    why: Said
    source: str
    verified: bool

    @classmethod
    def of(cls, line: Line) -> "LineOut":
        return cls(line.code, Said.of(line.name), line.met, line.figure, line.limit, Said.of(line.why), line.source, line.verified)


class CompositionOut(Struct, frozen=True):
    """The members of a day, and rule by rule how they are composed; `planned` where the committee is still being formed."""

    day: date
    planned: bool
    members: list[SeatHolder]
    lines: list[LineOut]


class Compared(Struct, frozen=True):
    """One rule before and after a what-if."""

    now: LineOut
    then: LineOut


class WhatIfOut(Struct, frozen=True):
    members: list[SeatHolder]
    """Who would sit then."""
    lines: list[Compared]


class Participation(Struct, frozen=True):
    """How often a person was called to ballots and meetings, and took part."""

    person_id: UUID
    person_name: str
    called: int
    came: int


class SeatsOut(Struct, frozen=True):
    """The composition of a committee with the interests that hold and the participation of a year."""

    composition: CompositionOut
    interests: list[Interest]
    participation: list[Participation]
