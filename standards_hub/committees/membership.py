"""The rules on single seats and on how committees stand above each other. What these refuse cannot be."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from standards_hub.committees.values import Seat
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import say

S = TypeVar("S", bound=Seat)


def unmet_for_seat(
    person_id: UUID, since: date, until: date | None, seats: Iterable[Seat], *, founded_on: date | None = None
) -> list[Unmet]:
    """What makes a seat impossible: a term that ends before it begins, or that overlaps another of the same person."""
    if until is not None and until < since:
        return [Unmet("seat.term", say("任期止于 {until}，早于起始日 {since}", until=until, since=since), "until")]
    unmet = []
    if founded_on is not None and since < founded_on:
        unmet.append(Unmet("seat.early", say("委员会成立于 {day}，任期不能更早", day=founded_on), "since"))
    for seat in seats:
        if seat.person_id == person_id and seat.overlaps(since, until):
            end = seat.until or say("今")
            why = say("与该人员已有任期重叠：{since} 至 {until}，请先结束原任期", since=seat.since, until=end)
            unmet.append(Unmet("seat.overlap", why, "since"))
    return unmet


def of_last_term(seats: Iterable[S], today: date) -> list[S]:
    """The seats of those who sit today; where the term is over and nobody does, of those who sat last."""
    begun = [seat for seat in seats if seat.since <= today]
    if now := [seat for seat in begun if seat.holds_on(today)]:
        return now
    last = max((seat.until for seat in begun if seat.until), default=None)
    return [seat for seat in begun if seat.until == last]


def closes_circle(id: UUID, parent_id: UUID, parents: Mapping[UUID, UUID | None]) -> bool:
    """Whether a committee would come to stand above itself."""
    seen: set[UUID] = set()
    above: UUID | None = parent_id
    while above is not None and above not in seen:
        if above == id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
