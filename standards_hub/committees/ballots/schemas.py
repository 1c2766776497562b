"""What comes in and goes out of ballots."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from standards_hub.committees.ballots.poll import Poll
from standards_hub.committees.ballots.rules import Rule
from standards_hub.committees.ballots.values import Ballot, Form, Interested, Invited, SignedSheet
from standards_hub.committees.schemas import LongText, Text

RuleId = Annotated[str, Meta(min_length=2, max_length=20, description="V1 to V8, ISO-NP, ISO-CD, ISO-DIS, ISO-FDIS, ISO-SR, IEC-CDV, …")]
Some = Annotated[int, Meta(ge=0, le=1_000_000)]


class NewBallot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ballot to prepare. Without `subject_id` it is on the matter that `title` and `question` say."""

    committee_id: UUID
    rule: RuleId
    closes_on: date
    title: Text | None = None
    """The subject's label where it is not said."""
    subject_kind: Annotated[str, Meta(max_length=40)] = "matter"
    subject_id: UUID | None = None
    question: LongText | None = None
    form: Form = "letter"
    invited: Invited = Invited()
    exemplar: bool = False


class BallotChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is unset stays; only while the ballot is being prepared."""

    title: Text | UnsetType = UNSET
    question: LongText | None | UnsetType = UNSET
    rule: RuleId | UnsetType = UNSET
    form: Form | UnsetType = UNSET
    closes_on: date | UnsetType = UNSET
    invited: Invited | UnsetType = UNSET


class Opening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who of those with a declared interest is recused, by the ids of their persons; all of them where it is not said."""

    recuse: list[UUID] | None = None


class Vote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's vote: `approve`, `against` or `abstain`; in a systematic review `confirm`, `revise`, `withdraw` or `abstain`."""

    vote: Annotated[str, Meta(max_length=20)]
    reason: LongText | None = None
    expert_named: bool = False


class RecordedVote(Vote, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vote that came in on paper, or that a member body gave elsewhere, and where that is kept."""

    paper: Text


class CountsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers of a ballot that are not votes; what is unset stays."""

    present: Some | UnsetType = UNSET
    drafter_organisation: Some | UnsetType = UNSET
    substantive: Some | UnsetType = UNSET
    typographical: Some | UnsetType = UNSET
    objections: Some | UnsetType = UNSET
    countries_using: Some | UnsetType = UNSET


class Strike(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The authority's notice by which a place was vacant before the ballot opened."""

    notice: Text
    dated: date


class ToCount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers to count by a rule, without any ballot."""

    rule: RuleId
    poll: Poll


class VoterOut(Struct, frozen=True):
    """A place on the roll. How somebody voted is there for the voter, and for all who may see it once the ballot is closed."""

    id: UUID
    name: str
    organisation: str | None
    position: str | None
    p_member: bool
    recused: bool
    recusal_reason: str | None
    voted: bool
    cast_on: date | None
    vote: str | None = None
    reason: str | None = None
    expert_named: bool = False
    paper: str | None = None
    on_paper: bool = False
    """The secretariat entered the vote, and may put it right; nobody else changes what was voted in person."""
    own: bool = False


class BallotOut(Struct):
    """A ballot with its rule, its roll, and what the actor may do now."""

    ballot: Ballot
    rule: Rule
    voters: list[VoterOut]
    voted: int
    may_vote: int
    own: VoterOut | None
    acts: list[str]
    told: bool
    """Whether the actor may see how each voted."""
    interested: list[Interested]
    """Before it opens, to who holds it: who declared an interest in the subject and is not recused yet."""
    sheets: list[SignedSheet]
    """Where `told`: the result sheets that came back signed, the newest first."""


class BallotBrief(Struct, frozen=True):
    """A ballot in a list."""

    id: UUID
    committee_id: UUID
    title: str
    subject_kind: str
    subject_id: UUID
    subject_label: str
    rule: str
    form: Form
    state: str
    closes_on: date
    opened_on: date | None
    outcome: str | None
    voted: int
    may_vote: int
    exemplar: bool


Result = dict[str, Any]
