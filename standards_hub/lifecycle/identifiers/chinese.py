"""Chinese standards: national, occupational health, military, metrology, industry, local, group, enterprise.

The order is everywhere: code, nature, number, part, year, amendment sheets, dual number (GB/T 1.1-2020; grammar of the
domain page on identifiers). Lower-case codes and organisations are read as upper case.
"""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import tables
from standards_hub.lifecycle.identifiers.cursor import Cursor, Nested
from standards_hub.lifecycle.identifiers.model import Family, Identifier

NATURE = re.compile(r" ?/ ?([A-Za-z]+)?(?=[ \d(X]|$)| ?/ ?([TtZz])(?=[A-Z]{0,2}\d)")
NUMBER = re.compile(r" ?(?:(\d+[A-Z]?)|(X{2,}))(?![A-WYZa-z])")
SERIAL = re.compile(r" ?([A-Z]{0,4}(?::[A-Z])?\d+[A-Z]?(?:/\d{1,2}(?=-))?(?:-\d{1,4}(?=-{1,2} ?\d{4}(?!\d)))*)")
SAMPLE = re.compile(r" ?(\d{2}-(?!(?:19|20)\d\d$)\d+(?:-\d+)??)(?= ?-{1,2} ?\d{4}(?!\d)|$)")
PART = re.compile(r" ?\. ?((?:\d+[A-Z]?|X+)(?:\.\d+)*)")
YEAR = re.compile(r" ?(?:-{1,2}|(?<=\d):(?=\d{4})) ?(?:(\d{4})|(\d{2})|([\dX]{0,3}X{1,4}))(?![\dA-Za-z])")
DASH = re.compile(r" ?-")
SHEET = re.compile(r" ?[/+] ?XG ?(\d+) ?(?:(?:-{1,2}|:) ?(\d{4}|X{4}))?", re.IGNORECASE)
ALL_PARTS = re.compile(r" ?\((?:all parts|所有部分)\)", re.IGNORECASE)
DRAFT = re.compile(r" ?\((工作组讨论稿|征求意见稿|送审稿|报批稿)\)")
DUAL = re.compile(r" ?(?:/ ?|\(|(idt|eqv|neq|IDT|MOD|NEQ) ?)(?=ISO|IEC|ITU|CISPR|IWA|EN )")
DEGREE = re.compile(r" ?, ?(IDT|MOD|NEQ|idt|eqv|neq)\b\)?")
BUILDING = re.compile(r" ?/ ?(T)? ?J(?=[ \d])", re.IGNORECASE)
"""The J of local building standards: DGJ32/TJ 142."""
SUB_CODE = re.compile(r" ?/ ?([A-Z]{2})(?=[ /\d])")
BUILDING_REGION = re.compile(r" ?(\d{2})(?=/)")
DIGITS = re.compile(r"\d+")
SOCIETY = re.compile(r" ?((?=[\d]*[A-Z])[A-Z\d]{2,12})(?= [\dX]| [A-Z]{1,3}\d| [A-Z]:)| ?(\d{0,4}[A-Z]{2,12})(?=[\dX])", re.IGNORECASE)
COMPANY = re.compile(r" ?([A-Z\d\u4e00-\u9fff&]{2,20})(?= )| ?(\d{0,6}[A-Z\u4e00-\u9fff]{2,20})(?=\d)", re.IGNORECASE)
BRACKET = re.compile(r" ?\(([\u4e00-\u9fff]{1,6})\)")
CENTURY_BREAK = 30
"""Two-digit years were given up around 1996; `00` to `29` cannot be one."""
EARLIEST, LATEST = 1900, 2099


def national(cursor: Cursor, code: str, international: Nested) -> Identifier:
    """GB, GBn, GSB and the old series next to them; GBZ is occupational health, GJB military."""
    family: Family = "occupational-health" if code == "GBZ" else "military" if code == "GJB" else "national"
    return _standard(cursor, family, code, international, natures="T" if code == "GBZ" else "TZ")


def metrology(cursor: Cursor, code: str, international: Nested) -> Identifier:
    """JJF and JJG; a local or departmental one names its province or department in brackets."""
    extra: dict[str, Any] = {}
    region = None
    if bracket := cursor.take(BRACKET):
        region = tables.region_by_short_name().get(bracket[1])
        if region is None:
            extra["department"] = bracket[1]
    return _standard(cursor, "metrology", code, international, natures=None, region=region, extra=extra)


def industry(cursor: Cursor, code: str, international: Nested) -> Identifier:
    """A two-letter industry code, perhaps with the code of another industry after it (NB/SH)."""
    extra: dict[str, Any] = {}
    if sub := cursor.take(SUB_CODE):
        if sub[1] not in tables.industry_codes():
            cursor.fail("industry", say("没有行业代号 {code}", code=sub[1]), sub.start(1))
        extra["sub"] = sub[1]
    return _standard(cursor, "industry", code, international, extra=extra)


def engineering(cursor: Cursor, code: str, international: Nested) -> Identifier:
    """Series with codes of their own; they stand in the family nearest to them."""
    family = tables.engineering_series()[code].family
    region, extra = None, {"form": "engineering"}
    natures = None if family == "group" else "TZ"
    if family == "local" and (digits := cursor.take(BUILDING_REGION)):
        region = _region(cursor, digits[1], digits.start(1))
    if family == "local" and (marked := cursor.take(BUILDING)):
        extra["building"] = "J"
        return _standard(
            cursor,
            family,
            code,
            international,
            natures=None,
            given="T" if marked[1] else "mandatory",
            number=SERIAL,
            region=region,
            extra=extra,
        )
    return _standard(cursor, family, code, international, natures=natures, number=SERIAL, region=region, extra=extra)


def local(cursor: Cursor, international: Nested) -> Identifier:
    """DB and the region's digits, just read as far as `DB`."""
    start = cursor.pos
    digits = cursor.take(DIGITS)
    code = digits[0] if digits else ""
    if len(code) not in (2, 4):
        cursor.fail("region", say("DB 后应为两位（省）或四位（市）行政区划代码，此处为“{code}”", code=code), start)
    return _standard(cursor, "local", "DB", international, region=_region(cursor, code, start))


def group(cursor: Cursor, international: Nested) -> Identifier:
    """T/ and the society's code, just read as far as `T/`."""
    start = cursor.pos
    found = cursor.take(SOCIETY)
    if not found:
        cursor.fail(
            "org", say("T/ 后应为 2 至 12 位的社会团体代号（大写字母或数字）"), min(start + (cursor.rest[:1] == " "), len(cursor.text))
        )
    return _standard(cursor, "group", "T", international, natures=None, region=(found[1] or found[2]).upper(), number=SERIAL)


def enterprise(cursor: Cursor, international: Nested) -> Identifier:
    """Q/ and the enterprise's code, just read as far as `Q/`."""
    start = cursor.pos
    found = cursor.take(COMPANY)
    if not found:
        cursor.fail(
            "org", say("Q/ 后应为企业代号（2 至 20 位），再空一格写顺序号"), min(start + (cursor.rest[:1] == " "), len(cursor.text))
        )
    return _standard(cursor, "enterprise", "Q", international, natures=None, region=(found[1] or found[2]).upper(), number=SERIAL)


def _region(cursor: Cursor, code: str, at: int) -> str:
    known = tables.regions()
    if code in known:
        return code
    province = known.get(code[:2])
    if province is None or (len(code) == 4 and (province.cities_complete or code.endswith("00"))):
        cursor.fail("region", say("没有行政区划代码 {code}", code=code), at)
    return code


def _standard(
    cursor: Cursor,
    family: Family,
    code: str,
    international: Nested,
    *,
    natures: str | None = "TZ",
    given: str | None = None,
    region: str | None = None,
    number: re.Pattern[str] | None = None,
    extra: dict[str, Any] | None = None,
) -> Identifier:
    extra = dict(extra or {})
    nature = given if natures is None else _nature(cursor, natures, bare=code == "DB" and family == "local")
    figures, part = _number(cursor, code, number, extra)
    year = _year(cursor, extra)
    sheets = []
    while sheet := cursor.take(SHEET):
        if not sheet[2]:
            cursor.fail("year", say("修改单应写年份，如 XG1-2020"))
        sheets.append(f"XG{sheet[1]}—{sheet[2]}")
    if cursor.take(ALL_PARTS):
        if part:
            cursor.fail("all-parts", say("已写第 {part} 部分，不能再写“所有部分”", part=part), cursor.pos - 1)
        extra["all_parts"] = True
    draft = cursor.take(DRAFT)
    dual = _dual(cursor, international, extra)
    cursor.finish()
    if any(mark in extra for mark in ("number_mark", "year_mark", "part_mark")):
        extra.update(placeholder=True, draft=True)
    return compose_chinese(
        raw=cursor.raw,
        family=family,
        prefix=code,
        nature=nature,
        region_or_org=region,
        number=figures,
        part=part,
        year=year,
        stage=draft[1] if draft else None,
        amendments="/".join(sheets) or None,
        dual=dual,
        extra=extra,
    )


def _nature(cursor: Cursor, natures: str, *, bare: bool) -> str:
    """`bare`: a slash with nothing after it means mandatory, as in DB32/ 4041."""
    start = cursor.pos
    found = cursor.take(NATURE)
    if not found:
        if cursor.rest[:1] == "/":
            cursor.fail("nature", say("斜线后应为 {natures}", natures="/".join(natures)), start + 1)
        return "mandatory"
    letters = (found[1] or found[2] or "").upper()
    if not letters:
        if not bare:
            cursor.fail("nature", say("斜线后应为 {natures}", natures="/".join(natures)), found.end())
        return "mandatory"
    if letters not in tuple(natures):
        at = found.start(1) if found[1] else found.start(2)
        cursor.fail("nature", say("性质代号“{letters}”有误，应为 {natures}", letters=letters, natures="/".join(natures)), at)
    return letters


def _number(cursor: Cursor, code: str, pattern: re.Pattern[str] | None, extra: dict[str, Any]) -> tuple[str | None, str | None]:
    start = cursor.pos
    if code == "GSB" and (sample := cursor.take(SAMPLE)):
        return sample[1], None
    found = (cursor.take(pattern) if pattern else None) or cursor.take(NUMBER)
    if not found:
        cursor.fail("number", say("此处应为顺序号"), min(start + (cursor.rest[:1] == " "), len(cursor.text)))
    figures: str | None = found[1]
    if found.re is NUMBER and found[2]:
        figures, extra["number_mark"] = None, found[2]
    part = cursor.take(PART)
    if part and "X" in part[1]:
        extra["part_mark"] = part[1]
        return figures, None
    if part:
        _lost_dash(cursor, part[1], part.start(1), part=True)
    elif figures and code != "Q":
        _lost_dash(cursor, figures, found.start(1), part=False)
    return figures, part[1] if part else None


def _lost_dash(cursor: Cursor, figures: str, at: int, *, part: bool) -> None:
    """A part of five figures, a part that is a year, a number of eight or one of seven that ends in a year has swallowed the year."""
    last = figures.rpartition(".")[2]
    dated = "1950" <= last[-4:] <= "2049"
    swallowed = len(last) >= 5 or (len(last) == 4 and dated) if part else len(last) >= 8 or (len(last) == 7 and dated)
    if swallowed and last.isdecimal() and not DASH.match(cursor.text, cursor.pos):
        at += len(figures) - len(last)
        at = at + len(last) - 4 if EARLIEST <= int(last[-4:]) <= LATEST else at
        cursor.fail("dash-lost", say("“{figures}”位数过多而无年份，年份前可能丢了一字线“—”", figures=last), at)


def _year(cursor: Cursor, extra: dict[str, Any]) -> str | None:
    if found := cursor.take(YEAR):
        if found[3]:
            if len(found[3]) != 4:
                cursor.fail("year", say("年份占位应为四位，如 XXXX"), found.start(3))
            extra["year_mark"] = found[3]
            return None
        if found[2]:
            if int(found[2]) < CENTURY_BREAK:
                cursor.fail("year", say("年份“{year}”应写四位", year=found[2]), found.start(2))
            extra["year_as_written"] = found[2]
            return f"19{found[2]}"
        if not EARLIEST <= int(found[1]) <= LATEST:
            cursor.fail("year", say("年份 {year} 不可能", year=found[1]), found.start(1))
        return found[1]
    if DASH.match(cursor.text, cursor.pos):
        cursor.fail("year", say("一字线后应为四位年份"), cursor.text.index("-", cursor.pos) + 1)
    if missing := re.compile(r" ?[.:]? ?(\d{4}|X{4})(?!\d)").match(cursor.text, cursor.pos):
        cursor.fail("dash-lost", say("顺序号与年份 {year} 之间应为一字线“—”", year=missing[1]), cursor.pos)
    return None


def _dual(cursor: Cursor, international: Nested, extra: dict[str, Any]) -> str | None:
    start = cursor.take(DUAL)
    if not start:
        return None
    bracketed = start[0].strip() == "("
    tail = cursor.rest
    degree = (start[1] or "").upper()
    if stated := re.search(DEGREE.pattern + "$", tail):
        degree, tail = stated[1].upper(), tail[: stated.start()]
    if bracketed:
        tail = tail.removesuffix(")")
    found, at = [], cursor.pos
    for piece in re.split(r"(?<=[\d)])/(?=(?:ISO|IEC|ITU-|CISPR|IWA)[ /-])", tail):
        adopted = international(piece, at)
        if adopted.family not in {"iso", "iec", "itu", "adoption"}:
            cursor.fail("dual", say("双编号应为国际标准的编号"), at)
        found.append(adopted.canonical)
        at += len(piece) + 1
    cursor.pos = len(cursor.text)
    degree = {"EQV": "MOD"}.get(degree, degree)
    if bracketed or degree in {"MOD", "NEQ"}:
        extra.update({"adopts": found} | ({"degree": degree} if degree else {}))
        return None
    extra["degree"] = "IDT"
    return "/".join(found)


def compose_chinese(**parts: Any) -> Identifier:
    """A Chinese identifier from its parts, with its printed form."""
    identifier = Identifier(**parts)
    extra = identifier.extra
    out = identifier.prefix or ""
    if identifier.family in {"group", "enterprise"} and not extra.get("form"):
        out += f"/{identifier.region_or_org}"
    elif identifier.family == "metrology":
        name = extra.get("department") or (tables.regions()[identifier.region_or_org].short if identifier.region_or_org else None)
        out += f"({name})" if name else ""
    else:
        out += identifier.region_or_org or ""
        out += f"/{extra['sub']}" if "sub" in extra else ""
        building = extra.get("building", "")
        if identifier.nature in {"T", "Z"}:
            out += f"/{identifier.nature}{building}"
        elif building:
            out += f"/{building}"
        elif identifier.family == "local" and not extra.get("form"):
            out += "/"
    out += f" {identifier.number or extra['number_mark']}"
    if part := identifier.part or extra.get("part_mark"):
        out += f".{part}"
    if year := identifier.year or extra.get("year_mark"):
        out += f"—{year}"
    if identifier.amendments:
        out += f"/{identifier.amendments}"
    if extra.get("all_parts"):
        out += "（所有部分）"
    if identifier.stage:
        out += f"（{identifier.stage}）"
    if identifier.dual:
        out += f"/{identifier.dual}"
    if extra.get("adopts"):
        out += "（" + "/".join(extra["adopts"]) + (f"，{extra['degree']}" if extra.get("degree") else "") + "）"
    return replace(identifier, canonical=out)
