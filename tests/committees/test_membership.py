"""The rules on seats as tables."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.committees.membership import closes_circle, unmet_for_seat
from standards_hub.committees.values import Seat, number_key

PERSON, OTHER, HOUSE = uuid4(), uuid4(), uuid4()


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
