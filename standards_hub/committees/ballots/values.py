"""Ballots and their rolls as values in memory."""

from datetime import date
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import msgspec
from msgspec import Struct, field

from standards_hub.committees.ballots.rules import Rule, rule_of
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Subject

Form = Literal["letter", "meeting"]
State = Literal["prepared", "open", "closed", "void"]
FORMS: dict[str, Message] = {"letter": say("函审"), "meeting": say("会议表决")}
STATES: dict[str, Message] = {"prepared": say("准备中"), "open": say("投票中"), "closed": say("已结束"), "void": say("作废")}
TEXT_CHANGED = say("表决期间文本已变更，本次表决作废，须重新组织")
"""Why a ballot is void whose text was changed; what else is written there are somebody's own words."""
MATTER = "matter"
"""A subject that stands in the ballot itself: a charter, a budget, a plan of work."""


class Counts(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Numbers of a ballot that are not votes; which of them matter depends on the rule."""

    present: int = 0
    drafter_organisation: int = 0
    substantive: int = 0
    typographical: int = 0
    objections: int = 0
    countries_using: int = 0

    def __post_init__(self) -> None:
        if any(not 0 <= getattr(self, name) <= 1_000_000 for name in self.__struct_fields__):
            raise ValueError("a count lies between 0 and 1000000")


class Recusal(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does not vote, and why."""

    person_id: UUID
    reason: str


class MemberBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A member body or Member State, whose vote the secretariat enters."""

    name: str
    p_member: bool = True


class Invited(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who will be on the roll besides the committee's members, or in their place, and who is recused."""

    people: tuple[UUID, ...] = ()
    """Experts; where some are named, they are the roll and not the committee's members."""
    bodies: tuple[MemberBody, ...] = ()
    recusals: tuple[Recusal, ...] = ()


class Entry(Struct, frozen=True, kw_only=True):
    """A place on the roll, as it is frozen."""

    id: UUID
    name: str
    person_id: UUID | None = None
    seat_id: UUID | None = None
    organisation: str | None = None
    position: str | None = None
    p_member: bool = False
    recused: bool = False
    recusal_reason: str | None = None


class Voter(Entry, frozen=True, kw_only=True):
    """A place on the roll with its vote as it stands."""

    ballot_id: UUID
    place: int
    vote: str | None = None
    reason: str | None = None
    expert_named: bool = False
    cast_on: date | None = None
    cast_by: str | None = None
    paper: str | None = None


SHEET_TYPES = {
    ".pdf": "application/pdf", ".ofd": "application/ofd", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff",
}  # fmt: skip
"""What a signed sheet may come as."""


class SignedSheet(Struct, kw_only=True):
    """A result sheet that came back signed."""

    id: UUID
    ballot_id: UUID
    sha256: str
    filename: str
    media_type: str
    size: int
    signed_on: date
    filed_on: date
    filed_by: str
    paper_id: UUID | None = None
    """The same sheet in the dossier of what was voted on."""


class Interested(Struct, frozen=True):
    """Somebody on the roll who declared an interest in what is voted on, and what it is."""

    person_id: UUID
    name: str
    reason: str


class Ballot(Subject, kw_only=True):
    """A ballot. `rule` is its rule's id; once it is open, `terms` are what counts."""

    stream_kind: ClassVar[str] = "ballot"
    committee_id: UUID
    title: str
    subject_kind: str
    subject_id: UUID
    subject_label: str
    rule: str
    closes_on: date
    prepared_on: date
    form: Form = "letter"
    question: str | None = None
    subject_hash: str | None = None
    terms: dict[str, Any] | None = None
    invited: Invited = field(default_factory=Invited)
    counts: Counts = field(default_factory=Counts)
    state: State = "prepared"
    exemplar: bool = False
    opened_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = None
    decision: str | None = None
    result: dict[str, Any] | None = None
    void_reason: str | None = None

    def bodies(self) -> set[Body]:
        return {("committee", str(self.committee_id))}

    @property
    def law(self) -> Rule:
        """The rule as it was at opening; the present one before."""
        return msgspec.convert(self.terms, Rule) if self.terms else rule_of(self.rule)

    @property
    def void_why(self) -> Message | str | None:
        """Why it is void, in the reader's language where the hub says it."""
        return TEXT_CHANGED if self.void_reason == TEXT_CHANGED.text else self.void_reason

    @classmethod
    def built(cls, row: Any) -> Self:
        return msgspec.convert(dict(row), cls)
