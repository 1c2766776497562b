"""The rules on who sits in a committee. What cannot be is refused; what an authority may except is only a warning."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from standards_hub.committees.values import VOTING, Committee, CommitteeLevel, Seat, SeatHolder
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say

FILE = Path(__file__).with_name("membership.toml")


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """A number of the rules, where it stands, and whether somebody read the official text."""

    value: int
    source: str
    verified: bool


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """How committees are composed; counts are of voting members."""

    applies_to: tuple[CommitteeLevel, ...]
    least_members: Figure
    least_members_subcommittee: Figure
    most_chairs: Figure
    most_vice_chairs: Figure
    most_secretaries_general: Figure
    most_of_one_organisation: Figure
    most_committees_of_a_person: Figure
    most_term_years: Figure


class Warning(Struct, frozen=True):
    """Something about a committee that its rule does not foresee, with the rule it rests on."""

    code: str
    why: Message
    source: str
    verified: bool


@cache
def rules() -> Rules:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Rules)


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


def warnings(
    committee: Committee, seats: Sequence[SeatHolder], day: date, *, elsewhere: Mapping[UUID, int] | None = None, rule: Rules | None = None
) -> list[Warning]:
    """What the composition on a day does not meet. `elsewhere` counts each person's seats in other committees that day."""
    rule = rule or rules()
    if committee.level not in rule.applies_to or committee.state != "active":
        return []
    voting = [seat for seat in seats if seat.position in VOTING and seat.holds_on(day)]
    return [*_sizes(committee, voting, rule), *_organisations(voting, rule), *_people(voting, elsewhere or {}, rule)]


def _sizes(committee: Committee, voting: Sequence[SeatHolder], rule: Rules) -> Iterable[Warning]:
    least = rule.least_members_subcommittee if committee.parent_id else rule.least_members
    if len(voting) < least.value:
        yield _warn("members.few", say("委员 {count} 人，不足 {least} 人", count=len(voting), least=least.value), least)
    positions = Counter(seat.position for seat in voting)
    if (count := positions["chair"]) > rule.most_chairs.value:
        yield _warn("chairs.many", say("主任委员 {count} 人，多于 {most} 人", count=count, most=rule.most_chairs.value), rule.most_chairs)
    if (count := positions["vice_chair"]) > rule.most_vice_chairs.value:
        why = say("副主任委员 {count} 人，多于 {most} 人", count=count, most=rule.most_vice_chairs.value)
        yield _warn("vice_chairs.many", why, rule.most_vice_chairs)
    if (count := positions["secretary_general"]) > rule.most_secretaries_general.value:
        why = say("秘书长 {count} 人，多于 {most} 人", count=count, most=rule.most_secretaries_general.value)
        yield _warn("secretaries.many", why, rule.most_secretaries_general)


def _organisations(voting: Sequence[SeatHolder], rule: Rules) -> Iterable[Warning]:
    names = {seat.organisation_id: seat.organisation_name or "" for seat in voting if seat.organisation_id}
    counts = Counter(seat.organisation_id for seat in voting if seat.organisation_id)
    most = rule.most_of_one_organisation
    for organisation, count in counts.items():
        if count > most.value:
            why = say("{organisation} 有委员 {count} 人，多于 {most} 人", organisation=names[organisation], count=count, most=most.value)
            yield _warn("organisation.many", why, most)
    leaders = Counter(seat.organisation_id for seat in voting if seat.organisation_id and seat.position in ("chair", "vice_chair"))
    for organisation, count in leaders.items():
        if count > 1:
            why = say("主任委员与副主任委员不应来自同一单位：{organisation}", organisation=names[organisation])
            yield _warn("leaders.same", why, rule.most_vice_chairs)


def _people(voting: Sequence[SeatHolder], elsewhere: Mapping[UUID, int], rule: Rules) -> Iterable[Warning]:
    most = rule.most_committees_of_a_person
    for seat in voting:
        if (count := elsewhere.get(seat.person_id, 0) + 1) > most.value:
            why = say("{person} 同时在 {count} 个委员会任职，多于 {most} 个", person=seat.person_name, count=count, most=most.value)
            yield _warn("person.many", why, most)
        years = rule.most_term_years
        if seat.until is None or seat.until > due_day(seat.since, 12 * years.value, "months"):
            yield _warn("term.long", say("{person} 的任期超过 {years} 年或未定止日", person=seat.person_name, years=years.value), years)


def _warn(code: str, why: Message, figure: Figure) -> Warning:
    return Warning(code, why, figure.source, figure.verified)
