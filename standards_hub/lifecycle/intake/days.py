"""Reading the days that people write."""

import re
import unicodedata
from datetime import date, datetime, timedelta

WRITTEN = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets whose serials are of use after February 1900."""
FIRST, LAST = date(1900, 3, 1), date(2199, 12, 31)


def read_day(value: object) -> date | None:
    """The day in a cell, none if it is not one.

    Takes 2026-11-24, 2026/11/24, 2026.11.24, 2026年11月24日 and 20261124 in any width, and the serial of a spreadsheet.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _serial(float(value))
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    if re.fullmatch(r"\d{5}", text):
        return _serial(float(text))
    found = WRITTEN.fullmatch(re.sub(r"\s*([-/.年月日])\s*", r"\1", text) if len(text) <= 40 else "")
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    return _within(year, month, day)


def _serial(number: float) -> date | None:
    if not 0 <= number < 1e9 or number != int(number):
        return None
    whole = int(number)
    if whole > 1_000_000:
        return _within(whole // 10000, whole // 100 % 100, whole % 100)
    day = EPOCH + timedelta(days=whole)
    return day if date(1950, 1, 1) <= day <= LAST else None


def _within(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None
