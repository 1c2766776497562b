"""What comes in and goes out of the registers of organisations, people and committees."""

from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from standards_hub.committees.seats.composition import Line
from standards_hub.committees.values import (
    Committee,
    CommitteeKind,
    CommitteeLevel,
    CommitteeState,
    Organisation,
    OrganisationKind,
    Person,
    Position,
    SeatHolder,
    Side,
    called,
)
from standards_hub.kernel.complaints import EMAIL, INK, complaint, worded
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Name, say

ONE_LINE = worded(r"^(?![\s\S]*[\t\r\n])[\s\S]*\S", say("请填写一行文字，不能换行，也不能只有空格"))
Text = Annotated[str, Meta(min_length=1, max_length=300, pattern=ONE_LINE)]
"""One line: it may stand in the subject of a letter."""
LongText = Annotated[str, Meta(max_length=20_000)]
Number = Annotated[str, Meta(min_length=1, max_length=60, pattern=INK)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
REGION = worded(r"^\d{4}(\d{2})?$", say("应为行政区划代码，4 位或 6 位数字，如 3201"))
Region = Annotated[str, Meta(pattern=REGION, description="Administrative division, GB/T 2260, 4 or 6 digits")]
ICS = worded(r"^\d{2}(\.\d{3}(\.\d{2})?)?( \d{2}(\.\d{3}(\.\d{2})?)?)*$", say("应为 ICS 分类号，如 27.075，多个之间用一个空格"))
Ics = Annotated[str, Meta(
    max_length=300, pattern=ICS, description="ICS groups with spaces between, `27.075 43.120`"
)]  # fmt: skip
PHONE = worded(r"^[0-9+() -]+$", say("电话只用数字、空格和 + - ( )"))
Phone = Annotated[str, Meta(max_length=40, pattern=PHONE)]
Email = Annotated[str, Meta(max_length=254, pattern=EMAIL)]

S = TypeVar("S", bound=Struct)


def checked(data: S) -> S:
    """The same value with every field's limits checked, for callers that built it themselves. Raises `BadInput` naming the field."""
    try:
        return msgspec.convert(msgspec.to_builtins(data), type(data))
    except msgspec.ValidationError as error:
        raise BadInput(say("内容不符合要求"), unmet=[complaint(str(error))]) from error


class NewOrganisation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_zh: Text
    kind: OrganisationKind
    name_en: Text | None = None
    short_name: Text | None = None
    uscc: Code | None = None
    ror: Code | None = None
    region: Region | None = None
    in_province: bool | None = None
    """Taken from the region where it is not said."""
    exemplar: bool = False


class OrganisationChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is unset stays; a name or code that is given up stays as an alias."""

    name_zh: Text | UnsetType = UNSET
    kind: OrganisationKind | UnsetType = UNSET
    name_en: Text | None | UnsetType = UNSET
    short_name: Text | None | UnsetType = UNSET
    uscc: Code | None | UnsetType = UNSET
    ror: Code | None | UnsetType = UNSET
    region: Region | None | UnsetType = UNSET
    in_province: bool | UnsetType = UNSET
    on: date | None | UnsetType = UNSET
    """From which day it is so; today if it is not said."""


class Merge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    into: UUID
    reason: Text
    on: date | None = None


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, and on which day it was so if not today."""

    reason: Text
    on: date | None = None


class NewPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Text
    name_en: Text | None = None
    organisation_id: UUID | None = None
    email: Email | None = None
    phone: Phone | None = None
    title: Text | None = None
    duty: Text | None = None
    speciality: Text | None = None
    orcid: Code | None = None
    exemplar: bool = False


class PersonChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Text | UnsetType = UNSET
    name_en: Text | None | UnsetType = UNSET
    organisation_id: UUID | None | UnsetType = UNSET
    email: Email | None | UnsetType = UNSET
    phone: Phone | None | UnsetType = UNSET
    title: Text | None | UnsetType = UNSET
    duty: Text | None | UnsetType = UNSET
    speciality: Text | None | UnsetType = UNSET
    orcid: Code | None | UnsetType = UNSET
    on: date | None | UnsetType = UNSET
    """From which day it is so; today if it is not said."""


class NewCommittee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_zh: Text
    level: CommitteeLevel
    kind: CommitteeKind | None = None
    """Where it is not said: a subcommittee if it has a parent, else a committee."""
    number: Number | None = None
    ics: Ics | None = None
    mirrors_id: UUID | None = None
    """The international committee that it mirrors."""
    name_en: Text | None = None
    parent_id: UUID | None = None
    secretariat_id: UUID | None = None
    department_id: UUID | None = None
    scope: LongText | None = None
    founded_on: date | None = None
    state: CommitteeState = "active"
    catalogue_ref: Number | None = None
    exemplar: bool = False


class CommitteeChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_zh: Text | UnsetType = UNSET
    kind: CommitteeKind | None | UnsetType = UNSET
    ics: Ics | None | UnsetType = UNSET
    mirrors_id: UUID | None | UnsetType = UNSET
    number: Number | None | UnsetType = UNSET
    name_en: Text | None | UnsetType = UNSET
    parent_id: UUID | None | UnsetType = UNSET
    secretariat_id: UUID | None | UnsetType = UNSET
    department_id: UUID | None | UnsetType = UNSET
    scope: LongText | None | UnsetType = UNSET
    founded_on: date | None | UnsetType = UNSET
    catalogue_ref: Number | None | UnsetType = UNSET


class StateChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: CommitteeState
    reason: Text
    on: date | None = None


class NewSeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat from `since` to `until`, both days included."""

    person_id: UUID
    position: Position
    since: date
    until: date | None = None
    side: Side | None = None
    """Whose interest the member stands for."""


class SeatEnd(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: date
    reason: Text


class WarningOut(Struct, frozen=True):
    """What the rule on committees does not foresee, and the rule's source; it blocks nothing."""

    code: str
    why: Said
    source: str
    verified: bool

    @classmethod
    def of(cls, line: Line) -> "WarningOut":
        return cls(line.code, Said.of(say("{name}：{why}", name=line.name, why=line.why)), line.source, line.verified)


class CommitteeBrief(Struct, frozen=True):
    id: UUID
    number: str | None
    name_zh: str
    name_en: str | None
    state: CommitteeState

    @property
    def name(self) -> Name:
        return Name(self.name_zh, self.name_en or self.name_zh)

    @property
    def called(self) -> Name:
        """How it is called: its number and name."""
        return called(self.number, self.name_zh, self.name_en)


class OrganisationOut(Struct):
    """An organisation with the committees whose secretariat it hosts."""

    organisation: Organisation
    secretariats: list[CommitteeBrief]


class PersonSeat(Struct, frozen=True):
    id: UUID
    committee_id: UUID
    committee_name: str
    committee_name_en: str | None
    position: Position
    since: date
    until: date | None
    side: Side | None = None


class Employment(Struct, frozen=True):
    """Where a person worked from a day on; `until` is the day before the next."""

    organisation_id: UUID | None
    organisation_name: str | None
    since: date
    until: date | None = None


class PersonOut(Struct):
    """A person with all seats and employers, past ones too. Address and telephone are only there for those who need them."""

    person: Person
    seats: list[PersonSeat]
    employers: list[Employment]


class CommitteeOut(Struct):
    """A committee with its seats, those of the day first, the committees below it, and what its rule does not foresee."""

    committee: Committee
    seats: list[SeatHolder]
    children: list[CommitteeBrief]
    warnings: list[WarningOut]
