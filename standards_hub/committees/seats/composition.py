"""How a committee is composed and how it should be: each rule answers with its figure, its limit, and whether it is met. All pure."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from standards_hub.committees.values import COMPOSED, SIDES, VOTING, Committee, CommitteeKind, CommitteeLevel, Position, SeatHolder
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.messages import Message, Name, say

FILE = Path(__file__).with_name("composition.toml")
Check = Literal[
    "count", "odd", "apart", "each_organisation", "each_person", "sides_known", "each_side", "titles", "each_term", "replaced"
]  # fmt: skip


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of a composition: what is checked of whom, and the limits it has."""

    code: str
    zh: str
    en: str
    check: Check
    source: str
    verified: bool = False
    of: tuple[Position, ...] = VOTING
    least: int | None = None
    most: int | None = None
    share: tuple[int, int] | None = None
    titles: tuple[str, ...] = ()
    kinds: tuple[CommitteeKind, ...] = COMPOSED
    levels: tuple[CommitteeLevel, ...] = ("national", "provincial", "ministry")

    @property
    def limit(self) -> str:
        """The limit in figures: `≥ 25`, `≤ 1/2`, `1`; nothing for rules without one."""
        if self.share:
            return f"≤ {self.share[0]}/{self.share[1]}"
        if self.least is not None and self.least == self.most:
            return str(self.least)
        return f"≥ {self.least}" if self.least is not None else f"≤ {self.most}" if self.most is not None else ""


class Line(Struct, frozen=True):
    """What one rule says of a composition: met or not, the figure beside the limit, why, and where the rule stands."""

    code: str
    name: Name
    met: bool
    figure: str
    limit: str
    why: Message
    source: str
    verified: bool


class Composition(Struct, frozen=True):
    """Who is weighed on a day, with what is known beside their seats."""

    day: date
    members: Sequence[SeatHolder]
    """Seats with a vote."""
    elsewhere: Mapping[UUID, int] = {}
    """How many other committees seat a person."""
    left: int = 0
    """Members who were replaced in the year before the day."""


@cache
def rules() -> tuple[Rule, ...]:
    class File(Struct, forbid_unknown_fields=True):
        rules: tuple[Rule, ...]

    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), File).rules


def sitting(seats: Iterable[SeatHolder], day: date, *, planned: bool = False) -> list[SeatHolder]:
    """Seats with a vote on a day; `planned` takes those to come too, for a committee that is being formed."""
    voting = [seat for seat in seats if seat.position in VOTING]
    return [seat for seat in voting if (seat.until is None or seat.until >= day if planned else seat.holds_on(day))]


def replaced_before(seats: Iterable[SeatHolder], day: date) -> int:
    """How many members somebody took the place of in the year before a day."""
    year = due_day(day, -12, "months") if day.year > date.min.year else date.min
    return sum(seat.replaces is not None and year < seat.since <= day for seat in seats)


def lines(committee: Committee, composed: Composition, among: Sequence[Rule] | None = None) -> list[Line]:
    """What each rule for such a committee says; nothing for a working group or an international committee."""
    return [
        _line(rule, composed) for rule in among or rules() if committee.body in rule.kinds and committee.level in rule.levels
    ]  # fmt: skip


def known(committee: Committee) -> bool:
    """Whether the rules know such a committee at all."""
    return any(committee.body in rule.kinds and committee.level in rule.levels for rule in rules())


def _line(rule: Rule, composed: Composition) -> Line:
    found = [seat for seat in composed.members if seat.position in rule.of]
    met, figure, why = CHECKS[rule.check](rule, found, composed)
    return Line(rule.code, Name(rule.zh, rule.en), met, figure, rule.limit, why, rule.source, rule.verified)


Found = tuple[bool, str, Message]
MET = say("符合")


def _names(found: Sequence[SeatHolder]) -> list[str]:
    return [seat.person_name for seat in found]


def _count(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    count = len(found)
    if rule.least is not None and count < rule.least:
        return False, str(count), say("现有 {count} 人，还差 {missing} 人", count=count, missing=rule.least - count)
    if rule.most is not None and count > rule.most:
        return False, str(count), say("现有 {count} 人，多出 {more} 人：{names}", count=count, more=count - rule.most, names=_names(found))
    return True, str(count), MET


def _odd(_rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    met = len(found) % 2 == 1
    return met, str(len(found)), MET if met else say("现有 {count} 人，为双数", count=len(found))


def _apart(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    """Nobody of the first position shares an organisation with anybody of these positions, nor do the others among themselves."""
    shared = {name: count for name, count in _by_organisation(found).items() if count > 1}
    why = say("来自同一单位：{names}", names=list(shared)) if shared else MET
    return not shared, str(len(shared)), why


def _each_organisation(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    counts = _by_organisation(found)
    most = rule.most or 0
    over = [say("{organisation} {count} 人", organisation=name, count=count) for name, count in counts.items() if count > most]
    return not over, str(max(counts.values(), default=0)), say("超过 {most} 人：{names}", most=most, names=over) if over else MET


def _by_organisation(found: Sequence[SeatHolder]) -> dict[str, int]:
    names = {seat.organisation_id: seat.organisation_name or "" for seat in found if seat.organisation_id}
    return {names[id]: count for id, count in Counter(seat.organisation_id for seat in found if seat.organisation_id).items()}


def _each_person(rule: Rule, found: Sequence[SeatHolder], composed: Composition) -> Found:
    counts = {seat.person_name: composed.elsewhere.get(seat.person_id, 0) + 1 for seat in found}
    over = [say("{person} {count} 个", person=name, count=count) for name, count in counts.items() if count > (rule.most or 0)]
    return not over, str(max(counts.values(), default=0)), say("任职过多：{names}", names=over) if over else MET


def _sides_known(_rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    unknown = [seat for seat in found if seat.side is None]
    why = say("{count} 人尚未写明利益方：{names}", count=len(unknown), names=_few(unknown)) if unknown else MET
    return not unknown, f"{len(found) - len(unknown)}/{len(found)}", why


def _each_side(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    share, of = rule.share or (1, 1)
    counts = Counter(seat.side for seat in found if seat.side)
    side, count = max(counts.items(), key=lambda one: one[1]) if counts else (None, 0)
    met = count * of <= share * len(found)
    why = MET if met or side is None else say("{side} {count} 人，共 {all} 人", side=SIDES[side], count=count, all=len(found))
    return met, f"{count}/{len(found)}", why


def _titles(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    without = [seat for seat in found if seat.title not in rule.titles]
    why = say("{count} 人职称不符或未写明：{names}", count=len(without), names=_few(without)) if without else MET
    return not without, f"{len(found) - len(without)}/{len(found)}", why


def _each_term(rule: Rule, found: Sequence[SeatHolder], _composed: Composition) -> Found:
    years = rule.most or 0
    terms = {seat.id: _years(seat) for seat in found}
    over = [seat for seat in found if not terms[seat.id] or terms[seat.id] > years]
    longest = "—" if 0 in terms.values() else str(max(terms.values(), default=0))
    return not over, longest, say("任期超过 {years} 年或未定止日：{names}", years=years, names=_few(over)) if over else MET


def _years(seat: SeatHolder) -> int:
    """In how many years a term is over, counting one that has begun as whole; 0 for one without a last day."""
    return next(n for n in count(1) if seat.until <= due_day(seat.since, 12 * n, "months")) if seat.until else 0


def _replaced(rule: Rule, found: Sequence[SeatHolder], composed: Composition) -> Found:
    share, of = rule.share or (1, 1)
    met = composed.left * of <= share * len(found)
    return met, f"{composed.left}/{len(found)}", MET if met else say("一年内更换 {count} 人", count=composed.left)


def _few(found: Sequence[SeatHolder], shown: int = 5) -> list[str]:
    return [*_names(found[:shown]), *(["…"] if len(found) > shown else [])]


CHECKS: dict[str, Callable[[Rule, Sequence[SeatHolder], Composition], Found]] = {
    "count": _count, "odd": _odd, "apart": _apart, "each_organisation": _each_organisation, "each_person": _each_person,
    "sides_known": _sides_known, "each_side": _each_side, "titles": _titles, "each_term": _each_term, "replaced": _replaced,
}  # fmt: skip
