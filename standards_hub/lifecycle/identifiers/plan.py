"""Plan numbers: national (20230390-T-339) and of the industry ministry (2021-0456T-YD)."""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import tables
from standards_hub.lifecycle.identifiers.cursor import Cursor
from standards_hub.lifecycle.identifiers.model import Identifier

NATIONAL = re.compile(r"\d{8} ?-{1,2} ?(?=[A-Za-z])")
INDUSTRY = re.compile(r"(\d{4}) ?-? ?(\d{4}) ?([A-Za-z])? ?-{1,2} ?(?=[A-Za-z]{2}\b)")
LETTER = re.compile(r"([A-Za-z]+) ?-{1,2} ?")
DEPARTMENT = re.compile(r"\d{3}(?!\d)")
NATURES = ("T", "Q", "Z")
"""Recommended, mandatory, guidance: Q is 强制 and not the enterprise Q/."""


def national_plan(cursor: Cursor) -> Identifier:
    """yyyynnnn-T-ddd; the department's digits are kept even where the table does not name them."""
    figures = cursor.text[:8]
    cursor.take(NATIONAL)
    _year(cursor, figures[:4])
    at = cursor.pos
    letter = cursor.take(LETTER)
    if not letter or letter[1].upper() not in NATURES:
        cursor.fail("nature", say("计划号的性质应为 {natures}", natures="/".join(NATURES)), at)
    department = cursor.take(DEPARTMENT)
    if not department:
        cursor.fail("department", say("计划号末尾应为三位主管部门代码"))
    cursor.finish()
    known = tables.plan_departments().get(department[0])
    extra = {"department": known.name} if known else {}
    return compose_plan(
        raw=cursor.raw,
        family="plan",
        nature=letter[1].upper(),
        region_or_org=department[0],
        number=figures[4:],
        year=figures[:4],
        extra=extra,
    )


def industry_plan(cursor: Cursor) -> Identifier:
    """yyyy-nnnnT-CC, the letter optional, CC an industry code."""
    found = cursor.take(INDUSTRY)
    assert found
    _year(cursor, found[1])
    nature = (found[3] or "").upper() or None
    if nature and nature not in NATURES:
        cursor.fail("nature", say("计划号的性质应为 {natures}", natures="/".join(NATURES)), found.start(3))
    code = cursor.take(re.compile(r"[A-Za-z]{2}"))
    assert code
    if code[0].upper() not in tables.industry_codes():
        cursor.fail("industry", say("没有行业代号 {code}", code=code[0]), code.start())
    cursor.finish()
    return compose_plan(raw=cursor.raw, family="plan-industry", prefix=code[0].upper(), nature=nature, number=found[2], year=found[1])


def _year(cursor: Cursor, year: str) -> None:
    if not 1980 <= int(year) <= 2099:
        cursor.fail("year", say("年份 {year} 不可能", year=year), 0)


def compose_plan(**parts: Any) -> Identifier:
    """A plan number from its parts, with its printed form: hyphens, not dashes."""
    plan = Identifier(**parts)
    if plan.family == "plan":
        return replace(plan, canonical=f"{plan.year}{plan.number}-{plan.nature}-{plan.region_or_org}")
    return replace(plan, canonical=f"{plan.year}-{plan.number}{plan.nature or ''}-{plan.prefix}")
