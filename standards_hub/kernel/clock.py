"""Business time: the day in Asia/Shanghai, the instant in UTC, and how limits are counted.

Days are calendar days. The opening day is not counted and the last day ends at 24:00, so a limit is overrun on the
first day after it (民法典 §§ 200–204).
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

ZONE = ZoneInfo("Asia/Shanghai")
Unit = Literal["days", "weeks", "months"]


class Clock(Struct, frozen=True):
    """Tells the business day; `fixed` pins it for demonstrations and tests."""

    fixed: date | None = None

    def now(self) -> datetime:
        """This instant in UTC; on a pinned day, that day with the present time of day."""
        now = datetime.now(UTC)
        if self.fixed is None:
            return now
        return datetime.combine(self.fixed, now.astimezone(ZONE).time(), ZONE).astimezone(UTC)

    def today(self) -> date:
        return self.fixed or datetime.now(ZONE).date()


def due_day(opening: date, length: int, unit: Unit) -> date:
    """The last day of a limit that opens on `opening`, which itself is not counted.

    Months end on the day of the same number, or on the month's last day where it has none.
    """
    if unit == "days":
        return opening + timedelta(days=length)
    if unit == "weeks":
        return opening + timedelta(weeks=length)
    month = opening.month - 1 + length
    year, month = opening.year + month // 12, month % 12 + 1
    return date(year, month, min(opening.day, calendar.monthrange(year, month)[1]))


def days_of_window(opened: date, closed: date) -> int:
    """How many full calendar days of comment lie between opening and closing; the opening day is excluded."""
    return (closed - opened).days


def end_of(day: date) -> datetime:
    """24:00 of a business day, as the UTC instant at which it is over."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE).astimezone(UTC)
