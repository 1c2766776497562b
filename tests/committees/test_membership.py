"""The rules on seats as tables."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.committees.membership import closes_circle, rules, unmet_for_seat, warnings
from standards_hub.committees.values import Committee, Position, Seat, SeatHolder, number_key

PERSON, OTHER, HOUSE = uuid4(), uuid4(), uuid4()
DAY = date(2026, 11, 24)


def seat(since: date, until: date | None, person: UUID = PERSON) -> Seat:
    return Seat(id=uuid4(), committee_id=HOUSE, person_id=person, position="member", since=since, until=until)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2025, 1, 1), None, []),
        (date(2024, 12, 31), None, ["seat.overlap"]),
        (date(2019, 1, 1), date(2019, 12, 31), []),
        (date(2019, 1, 1), date(2020, 1, 1), ["seat.overlap"]),
        (date(2019, 1, 1), None, ["seat.overlap"]),
        (date(2025, 1, 2), date(2025, 1, 1), ["seat.term"]),
        (date(2018, 12, 31), date(2018, 12, 31), ["seat.early"]),
    ],
)
def test_terms_of_one_person_do_not_overlap_both_days_included(since: date, until: date | None, expected: list[str]) -> None:
    held = [seat(date(2020, 1, 1), date(2024, 12, 31)), seat(date(2010, 1, 1), None, OTHER)]
    assert [u.code for u in unmet_for_seat(PERSON, since, until, held, founded_on=date(2019, 1, 1))] == expected


def test_a_parent_below_is_a_circle() -> None:
    a, b, c, d = (uuid4() for _ in range(4))
    parents = {c: b, b: a, a: None}
    assert closes_circle(a, c, parents)
    assert closes_circle(a, a, parents)
    assert not closes_circle(d, c, parents)
    assert not closes_circle(d, a, {a: b, b: a})


def holders(*spec: tuple[Position, str]) -> list[SeatHolder]:
    houses = {name: uuid4() for _, name in spec}
    return [
        SeatHolder(
            id=uuid4(), committee_id=HOUSE, person_id=uuid4(), position=position, since=date(2024, 1, 1), until=date(2028, 12, 31),
            person_name=f"示例{n}", organisation_id=houses[name], organisation_name=name, title=None,
        )
        for n, (position, name) in enumerate(spec)
    ]  # fmt: skip


def apart(count: int, position: Position = "member") -> list[tuple[Position, str]]:
    return [(position, f"示例单位{position}{n}") for n in range(count)]


TC = Committee(id=HOUSE, name_zh="示例委员会", level="provincial")
SC = Committee(id=HOUSE, name_zh="示例分委会", level="provincial", parent_id=uuid4())


@pytest.mark.parametrize(
    ("committee", "spec", "expected"),
    [
        (TC, apart(25), []),
        (TC, apart(24), ["members.few"]),
        (TC, [*apart(24), *apart(9, "observer")], ["members.few"]),
        (SC, apart(15), []),
        (SC, apart(14), ["members.few"]),
        (TC, [*apart(22), *[("member", "甲")] * 3], []),
        (TC, [*apart(22), *[("member", "甲")] * 4], ["organisation.many"]),
        (TC, [*apart(25), ("chair", "甲"), ("vice_chair", "甲")], ["leaders.same"]),
        (TC, [*apart(25), *apart(2, "chair")], ["chairs.many"]),
        (TC, [*apart(25), *apart(5, "vice_chair")], []),
        (TC, [*apart(25), *apart(6, "vice_chair")], ["vice_chairs.many"]),
        (TC, [*apart(25), *apart(2, "secretary_general")], ["secretaries.many"]),
        (Committee(id=HOUSE, name_zh="x", level="international"), [], []),
        (Committee(id=HOUSE, name_zh="x", level="national", state="preparing"), [], []),
    ],
)
def test_composition(committee: Committee, spec: list[tuple[Position, str]], expected: list[str]) -> None:
    found = warnings(committee, holders(*spec), DAY)
    assert [w.code for w in found] == expected
    assert all(w.source and not w.verified for w in found)


def test_a_third_committee_and_a_term_beyond_five_years_are_warned_of() -> None:
    seats = holders(*apart(25))
    busy = seats[0].person_id
    assert warnings(TC, seats, DAY, elsewhere={busy: 1}) == []
    assert [w.code for w in warnings(TC, seats, DAY, elsewhere={busy: 2})] == ["person.many"]
    endless = [SeatHolder(**{n: getattr(s, n) for n in s.__struct_fields__} | {"until": None}) for s in seats[:1]] + seats[1:]
    assert [w.code for w in warnings(TC, endless, DAY)] == ["term.long"]
    assert warnings(TC, seats, date(2029, 1, 1))[0].code == "members.few"


def test_every_figure_names_its_source() -> None:
    figures = [getattr(rules(), name) for name in rules().__struct_fields__ if name != "applies_to"]
    assert figures
    assert all(figure.value > 0 and figure.source for figure in figures)


@pytest.mark.parametrize(
    ("number", "level", "key"),
    [
        ("TC 28", "national", "SAC/TC28"),
        ("SAC/TC 28", "national", "SAC/TC28"),
        ("ＳＡＣ／ＴＣ 28", "national", "SAC/TC28"),
        ("tc28/sc 41", "national", "SAC/TC28/SC41"),
        ("TC 28", "provincial", "provincial/TC28"),
        ("ISO/TC 197", "international", "ISO/TC197"),
    ],
)
def test_committee_numbers_are_compared_without_spaces_and_widths(number: str, level: str, key: str) -> None:
    assert number_key(number, level) == key
