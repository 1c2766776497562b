"""Organisations, people, committees and seats as values in memory. Rows become these; nothing here does I/O."""

import re
import unicodedata
from datetime import date
from typing import Any, ClassVar, Literal, Self, get_args
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, field

from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Subject

OrganisationKind = Literal["enterprise", "university", "institute", "authority", "association", "lab", "other"]
CommitteeLevel = Literal["national", "provincial", "international", "ministry"]
CommitteeState = Literal["preparing", "active", "suspended", "dissolved"]
CommitteeKind = Literal["tc", "sc", "wg", "expert_group"]
Position = Literal[
    "chair", "vice_chair", "secretary_general", "member", "observer", "adviser", "convenor", "project_leader", "editor", "expert"
]  # fmt: skip
Side = Literal["producer", "operator", "user", "consumer", "public_interest"]

ORGANISATION_KINDS: dict[str, Message] = {
    "enterprise": say("企业"),
    "university": say("高等院校"),
    "institute": say("科研院所"),
    "authority": say("行政机关"),
    "association": say("社会团体"),
    "lab": say("检验检测机构"),
    "other": say("其他单位"),
}
COMMITTEE_LEVELS: dict[str, Message] = {
    "national": say("全国"),
    "provincial": say("省级"),
    "international": say("国际"),
    "ministry": say("部委"),
}
COMMITTEE_KINDS: dict[str, Message] = {
    "tc": say("技术委员会"),
    "sc": say("分技术委员会"),
    "wg": say("工作组"),
    "expert_group": say("专家组"),
}
COMPOSED: tuple[CommitteeKind, ...] = ("tc", "sc")
"""Kinds whose composition the rules know; a working group is put together for one job."""
COMMITTEE_STATES: dict[str, Message] = {
    "preparing": say("筹建"),
    "active": say("运行中"),
    "suspended": say("暂停工作"),
    "dissolved": say("已撤销建制"),
}
POSITIONS: dict[str, Message] = {
    "chair": say("主任委员"),
    "vice_chair": say("副主任委员"),
    "secretary_general": say("秘书长"),
    "member": say("委员"),
    "observer": say("观察员"),
    "adviser": say("顾问"),
    "convenor": say("召集人"),
    "project_leader": say("项目负责人"),
    "editor": say("文本编辑"),
    "expert": say("注册专家"),
}
SIDES: dict[str, Message] = {
    "producer": say("生产者"),
    "operator": say("经营者"),
    "user": say("使用者"),
    "consumer": say("消费者"),
    "public_interest": say("公共利益方"),
}
"""Whose interest a member stands for."""
VOTING: tuple[Position, ...] = ("chair", "vice_chair", "secretary_general", "member")
"""Positions that make somebody a member of the committee; the others attend."""
STATE_CHANGES: dict[CommitteeState, tuple[CommitteeState, ...]] = {
    "preparing": ("active", "dissolved"),
    "active": ("suspended", "dissolved"),
    "suspended": ("active", "dissolved"),
    "dissolved": (),
}

assert set(SIDES) == set(get_args(Side)) and set(COMMITTEE_KINDS) == set(get_args(CommitteeKind))
assert set(ORGANISATION_KINDS) == set(get_args(OrganisationKind)) and set(POSITIONS) == set(get_args(Position))


class Patch(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Base of facts that may be edited; what is unset stays as it is."""

    def said(self) -> dict[str, Any]:
        """Only the fields that are set."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}

    def news(self, subject: Struct) -> Self:
        """Only the fields that differ from the subject's."""
        return type(self)(**{name: value for name, value in self.said().items() if getattr(subject, name) != value})

    def before(self, subject: Struct) -> Self:
        """The same fields as the subject has them now."""
        return type(self)(**{name: getattr(subject, name) for name in self.said()})

    def apply(self, subject: Struct) -> None:
        for name, value in self.said().items():
            setattr(subject, name, value)


class Alias(Struct, frozen=True):
    """A former name, or a former code, and the first day it no longer held."""

    name: str
    until: date
    uscc: str | None = None


class OrganisationFacts(Patch, frozen=True, kw_only=True):
    name_zh: str | UnsetType = UNSET
    name_en: str | None | UnsetType = UNSET
    short_name: str | None | UnsetType = UNSET
    uscc: str | None | UnsetType = UNSET
    ror: str | None | UnsetType = UNSET
    kind: OrganisationKind | UnsetType = UNSET
    region: str | None | UnsetType = UNSET
    in_province: bool | UnsetType = UNSET
    aliases: list[Alias] | UnsetType = UNSET


class Organisation(Subject, kw_only=True):
    """An organisation of the register. `uscc` is well formed, which is all that is known of it."""

    stream_kind: ClassVar[str] = "organisation"
    name_zh: str
    kind: OrganisationKind
    name_en: str | None = None
    short_name: str | None = None
    uscc: str | None = None
    ror: str | None = None
    region: str | None = None
    in_province: bool = False
    exemplar: bool = False
    active: bool = True
    merged_into: UUID | None = None
    aliases: list[Alias] = field(default_factory=list)

    @property
    def name(self) -> Name:
        return Name(self.name_zh, self.name_en or self.name_zh)

    def bodies(self) -> set[Body]:
        return {("organisation", str(self.id))}


class PersonFacts(Patch, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    name_en: str | None | UnsetType = UNSET
    organisation_id: UUID | None | UnsetType = UNSET
    email: str | None | UnsetType = UNSET
    phone: str | None | UnsetType = UNSET
    title: str | None | UnsetType = UNSET
    duty: str | None | UnsetType = UNSET
    speciality: str | None | UnsetType = UNSET
    orcid: str | None | UnsetType = UNSET


class Person(Subject, kw_only=True):
    """A person of the register; `title` is the professional title, 职称, `duty` the post at the employer, 行政职务."""

    stream_kind: ClassVar[str] = "person"
    name: str
    name_en: str | None = None
    organisation_id: UUID | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    duty: str | None = None
    speciality: str | None = None
    orcid: str | None = None
    exemplar: bool = False
    active: bool = True

    def bodies(self) -> set[Body]:
        return {("organisation", str(self.organisation_id))} if self.organisation_id else set()


class CommitteeFacts(Patch, frozen=True, kw_only=True):
    number: str | None | UnsetType = UNSET
    number_key: str | None | UnsetType = UNSET
    name_zh: str | UnsetType = UNSET
    name_en: str | None | UnsetType = UNSET
    level: CommitteeLevel | UnsetType = UNSET
    kind: CommitteeKind | None | UnsetType = UNSET
    ics: str | None | UnsetType = UNSET
    mirrors_id: UUID | None | UnsetType = UNSET
    parent_id: UUID | None | UnsetType = UNSET
    secretariat_id: UUID | None | UnsetType = UNSET
    department_id: UUID | None | UnsetType = UNSET
    scope: str | None | UnsetType = UNSET
    founded_on: date | None | UnsetType = UNSET
    catalogue_ref: str | None | UnsetType = UNSET


class Committee(Subject, kw_only=True):
    """A committee, subcommittee or working group of the register."""

    stream_kind: ClassVar[str] = "committee"
    name_zh: str
    level: CommitteeLevel
    kind: CommitteeKind | None = None
    ics: str | None = None
    mirrors_id: UUID | None = None
    number: str | None = None
    number_key: str | None = None
    name_en: str | None = None
    parent_id: UUID | None = None
    secretariat_id: UUID | None = None
    department_id: UUID | None = None
    scope: str | None = None
    founded_on: date | None = None
    state: CommitteeState = "active"
    catalogue_ref: str | None = None
    exemplar: bool = False

    def bodies(self) -> set[Body]:
        bodies: set[Body] = {("committee", str(self.id))}
        bodies |= {("organisation", str(id)) for id in (self.secretariat_id, self.department_id) if id}
        return bodies

    @property
    def body(self) -> CommitteeKind:
        """What kind of committee it is; where nobody said, one below another is its subcommittee."""
        return self.kind or ("sc" if self.parent_id else "tc")

    @property
    def name(self) -> Name:
        return Name(self.name_zh, self.name_en or self.name_zh)

    @property
    def label(self) -> str:
        """How it is called in Chinese: its number and name."""
        return self.called.zh

    @property
    def called(self) -> Name:
        """How it is called: its number and name."""
        return called(self.number, self.name_zh, self.name_en)


class Seat(Struct, frozen=True, kw_only=True):
    """A seat in a committee from `since` to `until`, both days included; it runs on where `until` is null."""

    id: UUID
    committee_id: UUID
    person_id: UUID
    position: Position
    since: date
    until: date | None = None
    side: Side | None = None
    replaces: UUID | None = None
    """The seat that this one goes on from, held by somebody else before."""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, since: date, until: date | None) -> bool:
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


class SeatHolder(Seat, frozen=True, kw_only=True):
    """A seat with the names that a list of members shows."""

    person_name: str
    organisation_id: UUID | None
    organisation_name: str | None
    title: str | None


def called(number: str | None, name_zh: str, name_en: str | None) -> Name:
    """How a committee is called: its number, if it has one, and its name."""
    before = f"{number} " if number else ""
    return Name(before + name_zh, before + (name_en or name_zh))


def number_key(number: str, level: str) -> str:
    """A committee's number as it is compared: `TC 28` at national level is `SAC/TC 28`, spaces and widths aside."""
    key = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if re.fullmatch(r"TC\d.*", key):
        return f"SAC/{key}" if level == "national" else f"{level}/{key}"
    return key
