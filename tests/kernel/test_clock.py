"""Business days and how limits are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel import clock as module
from standards_hub.kernel.clock import Clock, Unit, days_of_window, due_day, end_of

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("opening", "length", "unit", "expected"),
    [
        (date(2026, 11, 24), 60, "days", date(2027, 1, 23)),
        (date(2026, 11, 24), 2, "weeks", date(2026, 12, 8)),
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "months", date(2024, 2, 29)),
        (date(2026, 8, 31), 18, "months", date(2028, 2, 29)),
        (date(2026, 12, 15), 1, "months", date(2027, 1, 15)),
        (date(2026, 12, 15), 24, "months", date(2028, 12, 15)),
    ],
)
def test_the_last_day_of_a_limit(opening: date, length: int, unit: Unit, expected: date) -> None:
    assert due_day(opening, length, unit) == expected


@given(days, st.integers(0, 120))
def test_a_limit_of_months_ends_in_the_month_that_many_later(opening: date, months: int) -> None:
    due = due_day(opening, months, "months")
    assert (due.year - opening.year) * 12 + due.month - opening.month == months
    assert due.day == opening.day or (due.day < opening.day and (due + timedelta(days=1)).day == 1)


@given(days, st.integers(0, 1000))
def test_the_opening_day_is_not_counted(opening: date, length: int) -> None:
    assert days_of_window(opening, due_day(opening, length, "days")) == length


def test_a_day_ends_at_24_in_shanghai() -> None:
    assert end_of(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_a_pinned_day_is_kept_with_the_time_of_day() -> None:
    clock = Clock(date(2026, 10, 31))
    assert clock.today() == date(2026, 10, 31)
    assert clock.now().astimezone(module.ZONE).date() == date(2026, 10, 31)
    assert clock.now().tzinfo is UTC


def test_the_business_day_is_shanghais(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evening(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2026, 12, 31, 16, 30, tzinfo=UTC).astimezone(tz)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "datetime", Evening)
    assert Clock().today() == date(2027, 1, 1)
    assert Clock().now() == datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
