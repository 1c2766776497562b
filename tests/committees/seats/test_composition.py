"""The rules on composition as tables: each at its limit, one below and one above."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from standards_hub.committees.seats.composition import Composition, Line, lines, replaced_before, rules, sitting
from standards_hub.committees.values import Committee, Position, SeatHolder, Side

HOUSE, DAY = uuid4(), date(2026, 11, 24)
TC = Committee(id=HOUSE, name_zh="示例委员会", level="provincial")
SC = Committee(id=HOUSE, name_zh="示例分委会", level="provincial", parent_id=uuid4())
SIDES: tuple[Side, ...] = ("producer", "operator", "user", "consumer", "public_interest")


def seat(n: int, position: Position = "member", employer: str | None = None, title: str = "高级工程师") -> SeatHolder:
    return SeatHolder(
        id=uuid4(), committee_id=HOUSE, person_id=UUID(int=n), position=position, since=date(2024, 1, 1), until=date(2028, 12, 31),
        side=SIDES[n % 5], person_name=f"示例{n}", title=title, organisation_name=employer or f"示例单位{n}",
        organisation_id=UUID(int=1000 + hash(employer) % 1000) if employer else UUID(int=5000 + n),
    )  # fmt: skip


def body(size: int, *others: SeatHolder) -> list[SeatHolder]:
    """A committee of some size with a chair and a secretary general, all of different organisations."""
    return [seat(1, "chair"), seat(2, "secretary_general"), *(seat(n) for n in range(3, size + 1 - len(others))), *others]


def said(committee: Committee, seats: list[SeatHolder], **known: object) -> dict[str, Line]:
    composed = Composition(DAY, sitting(seats, DAY), **known)  # type: ignore[arg-type]
    return {line.code: line for line in lines(committee, composed)}


def unmet(committee: Committee, seats: list[SeatHolder], **known: object) -> set[str]:
    return {code for code, line in said(committee, seats, **known).items() if not line.met}


@pytest.mark.parametrize(
    ("committee", "seats", "expected"),
    [
        (TC, body(25), set()),
        (TC, body(24), {"members.few", "members.even"}),
        (TC, body(23), {"members.few"}),
        (TC, body(26), {"members.even"}),
        (SC, body(15), set()),
        (SC, body(14), {"members.few", "members.even"}),
        (TC, body(27, seat(80, "chair")), {"chairs"}),
        (TC, [seat(n) for n in range(25)], {"chairs", "secretaries"}),
        (TC, body(25, *(seat(80 + n, "vice_chair") for n in range(5))), set()),
        (TC, body(25, *(seat(80 + n, "vice_chair") for n in range(6))), {"vice_chairs.many"}),
        (TC, body(25, *(seat(80 + n, employer="甲") for n in range(3))), set()),
        (TC, body(25, *(seat(80 + n, employer="甲") for n in range(4))), {"organisation.many"}),
        (TC, [seat(1, "chair", "甲"), seat(2, "secretary_general"), seat(3, "vice_chair", "甲"), *(seat(n) for n in range(4, 26))], {"leaders.same"}),
        (TC, [seat(1, "chair", "甲"), seat(2, "secretary_general", "甲"), *(seat(n) for n in range(3, 26))], {"secretary.same"}),
        (TC, body(25, seat(80, title="工程师")), set()),
        (TC, body(25, seat(80, title="技术员")), {"title.middle"}),
        (TC, body(25, seat(80, "vice_chair", title="工程师")), {"title.senior"}),
    ],
)  # fmt: skip
def test_each_rule_at_its_limit(committee: Committee, seats: list[SeatHolder], expected: set[str]) -> None:
    assert unmet(committee, seats) == expected


def sided(count: int, of: int) -> list[SeatHolder]:
    seats = body(of)
    return [structs.replace(one, side="producer" if n < count else SIDES[1 + n % 4]) for n, one in enumerate(seats)]


def test_no_side_has_more_than_half_and_every_side_is_said() -> None:
    assert "sides.heavy" not in unmet(TC, sided(13, 26))
    assert "sides.heavy" in unmet(TC, sided(14, 26))
    assert said(TC, sided(13, 25))["sides.heavy"].figure == "13/25"
    silent = [structs.replace(one, side=None) for one in body(25)[:3]] + body(25)[3:]
    assert unmet(TC, silent) == {"sides.unknown"}
    assert said(TC, silent)["sides.unknown"].figure == "22/25"


def test_a_third_committee_and_a_term_beyond_five_years_are_said() -> None:
    seats = body(25)
    assert unmet(TC, seats, elsewhere={seats[0].person_id: 1}) == set()
    assert unmet(TC, seats, elsewhere={seats[0].person_id: 2}) == {"person.many"}
    assert unmet(TC, [structs.replace(seats[0], until=date(2029, 1, 1)), *seats[1:]]) == set()
    assert unmet(TC, [structs.replace(seats[0], until=date(2029, 1, 2)), *seats[1:]]) == {"term.long"}
    assert unmet(TC, [structs.replace(seats[0], until=None), *seats[1:]]) == {"term.long"}


def test_a_term_is_told_in_years_that_stand_beside_the_limit() -> None:
    rest = [structs.replace(one, until=date(2026, 12, 31)) for one in body(24)]
    for until, figure in ((date(2026, 12, 1), "3"), (date(2027, 1, 2), "4"), (date(2029, 1, 1), "5"), (date(2029, 1, 2), "6"), (None, "—")):
        assert said(TC, [structs.replace(seat(90), until=until), *rest])["term.long"].figure == figure


def test_a_fifth_may_be_replaced_within_a_year() -> None:
    assert unmet(TC, body(25), left=5) == set()
    assert unmet(TC, body(25), left=6) == {"replaced.many"}
    new = [structs.replace(one, replaces=uuid4(), since=since) for one, since in zip(
        body(25), (DAY, date(2025, 11, 25), date(2025, 11, 24), date(2026, 12, 1)), strict=False,
    )]  # fmt: skip
    assert replaced_before(new, DAY) == 2
    assert replaced_before(new, date.min) == 0  # there is no year before it


def test_observers_are_not_counted_and_seats_to_come_only_where_a_committee_is_being_formed() -> None:
    seats = [*body(25), seat(90, "observer"), structs.replace(seat(91), since=date(2027, 1, 1))]
    assert len(sitting(seats, DAY)) == 25
    assert len(sitting(seats, DAY, planned=True)) == 26
    assert sitting(seats, date(2029, 6, 1)) == []


def test_working_groups_and_international_committees_have_no_such_rules() -> None:
    assert said(Committee(id=HOUSE, name_zh="x", level="national", kind="wg", parent_id=uuid4()), body(3)) == {}
    assert said(Committee(id=HOUSE, name_zh="x", level="international"), body(3)) == {}


def test_every_line_explains_itself_in_both_languages_and_names_its_source() -> None:
    for line in [*said(TC, body(4)).values(), *said(SC, body(25)).values()]:
        assert line.source and line.figure
        assert line.name.zh != line.name.en and line.why.into("zh") != line.why.into("en")
    assert said(TC, body(24))["members.few"].why.into("zh") == "现有 24 人，还差 1 人"
    assert all(rule.source and not rule.verified for rule in rules())
