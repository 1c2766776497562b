"""What can happen to organisations, people and committees, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from standards_hub.committees.models import CommitteeRow, EmploymentRow, OrganisationRow, PersonRow, SeatRow
from standards_hub.committees.values import Alias, CommitteeFacts, CommitteeState, OrganisationFacts, PersonFacts, Position, Side
from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(OrganisationRow, stream="organisation")
projection(PersonRow, EmploymentRow, stream="person")
projection(CommitteeRow, SeatRow, stream="committee")


def _organisation(facts: OrganisationFacts) -> dict[str, Any]:
    said = facts.said()
    return said | {"aliases": msgspec.to_builtins(said["aliases"])} if "aliases" in said else said


class OrganisationRegistered(Event, frozen=True, kw_only=True):
    facts: OrganisationFacts
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        values = {"aliases": [], "in_province": False, **_organisation(self.facts)}
        yield insert(OrganisationRow, id=at.subject, version=at.seq, exemplar=self.exemplar, active=True, **values)


class OrganisationEdited(Event, frozen=True, kw_only=True):
    """Facts that were changed; a name or code that was given up stays as an alias."""

    before: OrganisationFacts
    after: OrganisationFacts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(OrganisationRow, at.subject, **_organisation(self.after))


class OrganisationClosed(Event, frozen=True, kw_only=True):
    """It is no longer offered for new work; what it did keeps its name."""

    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(OrganisationRow, at.subject, active=False)


class OrganisationReopened(Event, frozen=True, kw_only=True):
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(OrganisationRow, at.subject, active=True)


class OrganisationMerged(Event, frozen=True, kw_only=True):
    """It went into another one, which carries its names on."""

    into: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(OrganisationRow, at.subject, active=False, merged_into=self.into)


class OrganisationAbsorbed(Event, frozen=True, kw_only=True):
    """Another organisation came into it; `aliases` are all its former names, those included."""

    absorbed: UUID
    aliases: list[Alias]

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(OrganisationRow, at.subject, aliases=msgspec.to_builtins(self.aliases))


class PersonRegistered(Event, frozen=True, kw_only=True):
    facts: PersonFacts
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(PersonRow, id=at.subject, version=at.seq, exemplar=self.exemplar, active=True, **self.facts.said())
        yield from _employed(self.facts, at)


class PersonEdited(Event, frozen=True, kw_only=True):
    before: PersonFacts
    after: PersonFacts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PersonRow, at.subject, **self.after.said())
        yield from _employed(self.after, at)


def _employed(facts: PersonFacts, at: Stamp) -> Iterable[Change]:
    """Where the person works from this day on, where the event says so."""
    if facts.organisation_id is not UNSET and (facts.organisation_id is not None or at.seq > 1):
        yield insert(EmploymentRow, person_id=at.subject, seq=at.seq, organisation_id=facts.organisation_id, since=at.effective_on)


class PersonLeft(Event, frozen=True, kw_only=True):
    """Takes part no more; seats have ended before."""

    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PersonRow, at.subject, active=False)


class PersonReturned(Event, frozen=True, kw_only=True):
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PersonRow, at.subject, active=True)


class CommitteeRegistered(Event, frozen=True, kw_only=True):
    facts: CommitteeFacts
    state: CommitteeState
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(CommitteeRow, id=at.subject, version=at.seq, state=self.state, exemplar=self.exemplar, **self.facts.said())


class CommitteeEdited(Event, frozen=True, kw_only=True):
    before: CommitteeFacts
    after: CommitteeFacts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(CommitteeRow, at.subject, **self.after.said())


class CommitteeStateChanged(Event, frozen=True, kw_only=True):
    """Founded, suspended, resumed or dissolved; dissolving ends the seats that still run."""

    before: CommitteeState
    after: CommitteeState
    reason: str
    ended: list[UUID] = msgspec.field(default_factory=list)

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(CommitteeRow, at.subject, state=self.after)
        for seat in self.ended:
            yield update(SeatRow, seat, until=at.effective_on)


class SeatTaken(Event, frozen=True, kw_only=True):
    seat: UUID
    person_id: UUID
    position: Position
    since: date
    until: date | None = None
    side: Side | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        term = {"since": self.since, "until": self.until, "side": self.side}
        yield insert(SeatRow, id=self.seat, committee_id=at.subject, person_id=self.person_id, position=self.position, **term)


class SeatEnded(Event, frozen=True, kw_only=True):
    """The last day of a seat, set or moved."""

    seat: UUID
    person_id: UUID
    until: date
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SeatRow, self.seat, until=self.until)


class SeatStruck(Event, frozen=True, kw_only=True):
    """A seat that was entered by mistake and never was."""

    seat: UUID
    person_id: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(SeatRow, self.seat)


named(
    {
        OrganisationRegistered: say("登记单位"),
        OrganisationEdited: say("修改单位"),
        OrganisationClosed: say("单位停用"),
        OrganisationReopened: say("单位恢复"),
        OrganisationMerged: say("单位并入其他单位"),
        OrganisationAbsorbed: say("吸收其他单位"),
        PersonRegistered: say("登记人员"),
        PersonEdited: say("修改人员"),
        PersonLeft: say("人员离开"),
        PersonReturned: say("人员返回"),
        CommitteeRegistered: say("登记技术委员会"),
        CommitteeEdited: say("修改技术委员会"),
        CommitteeStateChanged: say("技术委员会状态变更"),
        SeatTaken: say("就任席位"),
        SeatEnded: say("席位届满"),
        SeatStruck: say("更正席位"),
    }
)
