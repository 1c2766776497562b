"""How long before a day somebody is warned of it, as data; and which warning is due on a day. All pure."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

FILE = Path(__file__).with_name("days.toml")


class Warnings(Struct, frozen=True, forbid_unknown_fields=True):
    """So many days before, where that stands, and whether somebody read the official text."""

    days: tuple[int, ...]
    source: str
    verified: bool


@cache
def table() -> dict[str, Warnings]:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[str, Warnings])


def days_before(kind: str) -> tuple[int, ...]:
    return table()[kind].days


def reached(kind: str, due: date, today: date) -> int | None:
    """The warning that is due: the last one whose day has come, also where the hub was off on that day; none before the first or after the end."""
    left = (due - today).days
    return min((days for days in days_before(kind) if left <= days), default=None) if left >= 0 else None
