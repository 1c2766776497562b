"""What can happen to a ballot, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from standards_hub.committees.ballots.models import BallotRow, BallotSheetRow, VoterRow
from standards_hub.committees.ballots.values import Counts, Entry, Form, Invited
from standards_hub.committees.values import Patch
from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(BallotRow, VoterRow, BallotSheetRow, stream="ballot")


class BallotFacts(Patch, frozen=True, kw_only=True):
    """What is settled while a ballot is being prepared."""

    title: str | UnsetType = UNSET
    question: str | None | UnsetType = UNSET
    rule: str | UnsetType = UNSET
    form: Form | UnsetType = UNSET
    closes_on: date | UnsetType = UNSET
    invited: Invited | UnsetType = UNSET

    def columns(self) -> dict[str, Any]:
        said = self.said()
        if "invited" in said:
            said["invited"] = msgspec.json.decode(msgspec.json.encode(said["invited"]))  # as a JSON column gives it back
        return said


class BallotPrepared(Event, frozen=True, kw_only=True):
    committee_id: UUID
    subject_kind: str
    subject_id: UUID
    subject_label: str
    facts: BallotFacts
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        subject = {name: getattr(self, name) for name in ("committee_id", "subject_kind", "subject_id", "subject_label", "exemplar")}
        values: dict[str, Any] = {"question": None, **self.facts.columns(), **subject}
        yield insert(BallotRow, id=at.subject, version=at.seq, state="prepared", counts={}, prepared_on=at.effective_on, **values)


class BallotEdited(Event, frozen=True, kw_only=True):
    before: BallotFacts
    after: BallotFacts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(BallotRow, at.subject, **self.after.columns())


class BallotOpened(Event, frozen=True, kw_only=True):
    """The roll, the recusals, the rule and the hash of the text are frozen."""

    subject_label: str
    subject_hash: str
    terms: dict[str, Any]
    roll: list[Entry]
    not_recused: list[UUID] = []
    """Who declared an interest in the subject and votes all the same, by the secretariat's decision."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        frozen = {"subject_label": self.subject_label, "subject_hash": self.subject_hash, "terms": self.terms}
        yield update(BallotRow, at.subject, state="open", opened_on=at.effective_on, **frozen)
        for place, entry in enumerate(self.roll, 1):
            values = {name: getattr(entry, name) for name in entry.__struct_fields__}
            yield insert(VoterRow, ballot_id=at.subject, place=place, expert_named=False, **values)


class VoteCast(Event, frozen=True, kw_only=True):
    """A vote, or another one in place of it; by the voter, or from a paper that the secretariat keeps."""

    withheld: ClassVar[frozenset[str]] = frozenset({"vote", "reason", "expert_named"})
    voter: UUID
    vote: str
    reason: str | None = None
    expert_named: bool = False
    paper: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {name: getattr(self, name) for name in ("vote", "reason", "expert_named", "paper")}
        yield update(VoterRow, self.voter, cast_on=at.effective_on, cast_by=at.actor, **said)


class VoterStruck(Event, frozen=True, kw_only=True):
    """A place that never was: the authority's notice is of a day before the opening."""

    voter: UUID
    name: str
    notice: str
    dated: date

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(VoterRow, self.voter)


class BallotCounted(Event, frozen=True, kw_only=True):
    """Numbers that are not votes: who is present, comments, objections."""

    before: Counts
    after: Counts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(BallotRow, at.subject, counts=msgspec.to_builtins(self.after))


class BallotClosed(Event, frozen=True, kw_only=True):
    """The outcome, with every test and the explanation."""

    outcome: str
    result: dict[str, Any]
    decision: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {"outcome": self.outcome, "decision": self.decision, "result": self.result}
        yield update(BallotRow, at.subject, state="closed", closed_on=at.effective_on, **said)


class BallotVoided(Event, frozen=True, kw_only=True):
    """It decides nothing: its text was changed, or it was called off."""

    reason: str
    changed_hash: str | None = None
    """The hash of the text that came in its place."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(BallotRow, at.subject, state="void", closed_on=at.effective_on, void_reason=self.reason)


class SheetFiled(Event, frozen=True, kw_only=True):
    """The result sheet came back signed."""

    sheet: UUID
    sha256: str
    filename: str
    media_type: str
    size: int
    signed_on: date
    paper: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        file = {name: getattr(self, name) for name in ("sha256", "filename", "media_type", "size", "signed_on")}
        filed = {"filed_on": at.effective_on, "filed_by": at.actor, "seq": at.seq}
        yield insert(BallotSheetRow, id=self.sheet, ballot_id=at.subject, paper_id=self.paper, **filed, **file)


named(
    {
        BallotPrepared: say("准备表决"),
        BallotEdited: say("修改表决安排"),
        BallotOpened: say("开始投票"),
        VoteCast: say("投票"),
        VoterStruck: say("从名册中删除"),
        BallotCounted: say("登记表决有关数目"),
        BallotClosed: say("表决结束"),
        BallotVoided: say("表决作废"),
        SheetFiled: say("归档签署的表决结果表"),
    }
)
