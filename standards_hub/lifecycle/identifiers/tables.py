"""The code tables that stand beside this module as TSV: industries, regions, plan departments, publishers, ITU series."""

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

DATA = Path(__file__).parent / "data"
Row = TypeVar("Row", bound=Struct)


class IndustryCode(Struct, frozen=True):
    """A two-letter code of industry standards; `since` and `until` are dates where known."""

    code: str
    field: str
    body: str | None
    status: Literal["live", "withdrawn"]
    since: str | None
    until: str | None
    source: str
    verified: bool


class Region(Struct, frozen=True):
    """A province (two digits) or city (four) that issues local standards, by GB/T 2260."""

    code: str
    name: str
    short: str | None
    parent: str | None
    status: Literal["live", "unused"]
    cities_complete: bool
    """Whether every city of the province is listed, so that another code is an error."""
    source: str
    verified: bool


class PlanDepartment(Struct, frozen=True):
    """The department in charge, as the last three digits of a national plan number."""

    code: str
    name: str
    source: str
    verified: bool


class Series(Struct, frozen=True):
    """A code of its own outside the two-letter list, and the family it is nearest to."""

    code: str
    family: Literal["national", "industry", "local", "group"]
    field: str
    body: str | None
    source: str
    verified: bool


class Publisher(Struct, frozen=True):
    """A body whose mark opens an international identifier; aliases are its marks in French and Russian."""

    code: str
    name: str
    aliases: str | None
    source: str
    verified: bool


class ItuSeries(Struct, frozen=True):
    """A letter or letters that open the number of an ITU Recommendation."""

    sector: Literal["T", "R"]
    series: str
    name: str
    status: Literal["live", "withdrawn"]
    source: str
    verified: bool


def _rows(name: str, kind: type[Row]) -> list[Row]:
    head, *lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    names = head.split("\t")
    return [
        msgspec.convert({n: v or None for n, v in zip(names, line.split("\t"), strict=True)}, kind, strict=False) for line in lines if line
    ]


@cache
def industry_codes() -> dict[str, IndustryCode]:
    """Every two-letter industry code with its field and the body in charge."""
    return {row.code: row for row in _rows("industry", IndustryCode)}


@cache
def regions() -> dict[str, Region]:
    """Provinces and the cities listed, by their digits."""
    return {row.code: row for row in _rows("regions", Region)}


@cache
def plan_departments() -> dict[str, PlanDepartment]:
    """Departments in charge by the digits in a plan number. The list is open: an unlisted number is not an error."""
    return {row.code: row for row in _rows("departments", PlanDepartment)}


@cache
def engineering_series() -> dict[str, Series]:
    """Engineering and safety series with codes of their own (JGJ, CJJ, JTG, TSG, GBJ …)."""
    return {row.code: row for row in _rows("engineering", Series)}


@cache
def publishers() -> dict[str, str]:
    """Mark of an international publisher in any language, in capitals → its English mark."""
    marks: dict[str, str] = {}
    for row in _rows("publishers", Publisher):
        marks.update(dict.fromkeys([row.code.upper(), *(row.aliases or "").split(",")], row.code))
    marks.pop("", None)
    return marks


@cache
def itu_series() -> dict[str, frozenset[str]]:
    """ITU sector → its series letters, withdrawn ones too, because old Recommendations keep them."""
    rows = _rows("itu_series", ItuSeries)
    return {sector: frozenset(row.series for row in rows if row.sector == sector) for sector in ("T", "R")}


@cache
def region_by_short_name() -> dict[str, str]:
    """The one-character name of a province → its digits, as in JJF(苏)."""
    return {row.short: row.code for row in regions().values() if row.short}
