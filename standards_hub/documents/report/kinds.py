"""Kinds of the report as data: their sections, annexes, figures and places for the author, and the period each looks back over."""

import calendar
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import Name

ReportKind = Literal["progress", "monthly", "quarterly", "annual"]
PERIODICAL: tuple[ReportKind, ...] = ("monthly", "quarterly", "annual")
"""Those that are drafted by themselves when their period is over."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SOURCE = Path(__file__).with_name("kinds.toml")


class Place(Struct, frozen=True):
    """Where the author writes, and how."""

    section: str
    zh: str
    en: str
    form: Literal["text", "steps", "shortfalls"] = "text"
    omit: bool = False
    """Whether the author may say that there is nothing to write this time."""
    most: int = 3000

    @property
    def name(self) -> Name:
        return Name(self.zh, self.en)


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of report."""

    zh: str
    en: str
    period: Literal["none", "month", "quarter", "year"]
    sections: tuple[str, ...]
    annexes: tuple[str, ...]
    figures: tuple[str, ...]
    places: tuple[str, ...]
    one_page: bool = False

    @property
    def name(self) -> Name:
        return Name(self.zh, self.en)

    def annex(self, key: str) -> int | None:
        """The number an annex has in this kind, if it has it."""
        return self.annexes.index(key) + 1 if key in self.annexes else None

    def begins(self, as_of: date) -> date | None:
        """The first day of the period a day lies in; none for a kind without period."""
        if self.period == "none":
            return None
        return date(as_of.year, as_of.month - (as_of.month - 1) % MONTHS[self.period], 1)

    def since(self, as_of: date) -> date | None:
        """The last day before the period: what a report is compared with where nobody names another day."""
        begun = self.begins(as_of)
        return begun - timedelta(days=1) if begun else None

    def span(self, as_of: date) -> str:
        """The period in the words of a title: 2026年10月, 2026年第3季度, 2026年度; with the day where it is not over."""
        whole = as_of.day == calendar.monthrange(as_of.year, as_of.month)[1] and as_of.month % MONTHS.get(self.period, 1) == 0
        day = "" if whole else f"，截至{as_of.month}月{as_of.day}日"
        match self.period:
            case "month":
                return f"{as_of.year}年{as_of.month}月{day}"
            case "quarter":
                return f"{as_of.year}年第{(as_of.month + 2) // 3}季度{day}"
            case "year":
                return f"{as_of.year}年度{day}"
        return f"截至{as_of.year}年{as_of.month}月{as_of.day}日"


class _Book(Struct, frozen=True, forbid_unknown_fields=True):
    sections: dict[str, str]
    annexes: dict[str, str]
    places: dict[str, Place]
    kinds: dict[ReportKind, Kind]


@cache
def _book() -> _Book:
    book = msgspec.convert(tomllib.loads(SOURCE.read_text(encoding="utf-8")), _Book)
    for key, kind in book.kinds.items():
        unknown = [
            *(set(kind.sections) - set(book.sections)),
            *(set(kind.annexes) - set(book.annexes)),
            *(set(kind.places) - set(book.places)),
        ]
        homeless = [place for place in kind.places if book.places[place].section not in kind.sections]
        if unknown or homeless:
            raise ValueError(f"kind {key}: {unknown or homeless}")
    if set(book.kinds) != set(get_args(ReportKind)):
        raise ValueError("kinds.toml and ReportKind differ")
    return book


def kinds() -> dict[ReportKind, Kind]:
    return _book().kinds


def kind_of(key: ReportKind) -> Kind:
    return _book().kinds[key]


def heading(section: str) -> str:
    return _book().sections[section]


def annex_title(annex: str) -> str:
    return _book().annexes[annex]


def place_of(key: str) -> Place:
    return _book().places[key]


def places_of(key: ReportKind) -> dict[str, Place]:
    """The places of a kind, in the order of printing."""
    return {place: _book().places[place] for place in kind_of(key).places}


def ended(today: date) -> list[tuple[ReportKind, date]]:
    """The periods that ended with the last month: monthly always, quarterly and annual where theirs ended too."""
    last = today.replace(day=1) - timedelta(days=1)
    return [(key, last) for key in PERIODICAL if last.month % MONTHS[kind_of(key).period] == 0]
