"""The `csv` format: national and industry standards, and others where no catalogue of their publisher is at hand, one a row, in UTF-8 or GB18030.

Columns (only `number` and one title are needed, the order is free):

number        the standard's number, `GB/T 20234.3—2023`
title_zh      Chinese title
title_en      English title
status        现行 / 即将实施 / 废止, or published / forthcoming / withdrawn
published_on  YYYY-MM-DD, or YYYY-MM, or YYYY
effective_on  YYYY-MM-DD
replaces      numbers it replaces, separated by ; or ；
adopts        the international document it adopts
degree        IDT, MOD or NEQ, where it adopts
ics           ICS codes, separated by ; or ；
ccs           CCS code
verified      是 / 否, true / false: whether somebody checked the row against its source
source        where the facts are from
"""

import re
from datetime import date

import msgspec
from msgspec import Raw

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.catalogue.readers.relaton import CONTROL, LONGEST_DOCID, LONGEST_TITLE, day_of, source_of
from standards_hub.lifecycle.catalogue.values import Record, Rejected, Target, digest
from standards_hub.lifecycle.identifiers import Identifier, IdentifierError, parse
from standards_hub.lifecycle.identifiers.model import INTERNATIONAL

COLUMNS = ("number", "title_zh", "title_en", "status", "published_on", "effective_on", "replaces", "adopts", "degree", "ics", "ccs",
           "verified", "source")  # fmt: skip
STATUSES = {"现行": "published", "即将实施": "forthcoming", "废止": "withdrawn", "": None}
BOOLEANS = {"是": True, "true": True, "1": True, "yes": True, "否": False, "false": False, "0": False, "no": False, "": None}
DEGREES = ("", "IDT", "MOD", "NEQ")
SEVERAL = re.compile(r"[;；]")
ICS = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?")
MOST = 50


def read(row: dict[str, str]) -> Record:
    """A row as a record. Raises `Rejected` naming the column."""
    for name in COLUMNS:
        value = row.get(name, "")
        if len(value) > LONGEST_TITLE:
            raise Rejected(say("字段 {name} 超过 {most} 字", name=name, most=LONGEST_TITLE))
        if CONTROL.search(value):
            raise Rejected(say("字段 {name} 含控制字符", name=name))
    titles = {language: row[f"title_{language}"] for language in ("zh", "en") if row.get(f"title_{language}")}
    if not titles:
        raise Rejected(say("缺少标准名称（title_zh 或 title_en）"))
    published, precision = day_of("published_on", row["published_on"]) if row.get("published_on") else (None, None)
    further = {name: row[name] for name in ("ccs", "source", "degree") if row.get(name)}
    status, number = row.get("status", ""), _number("number", row.get("number", ""))
    return Record(
        source=source_of(number.canonical) if number.family in INTERNATIONAL else "cn", docid=number.canonical, titles=titles,
        digests=(digest(msgspec.json.encode(row, order="sorted")),),
        status=STATUSES[status] if status in STATUSES else _one("status", status, [s for s in STATUSES.values() if s]),
        published_on=published, published_precision=precision, effective_on=_day(row.get("effective_on", "")), ics=_ics(row.get("ics", "")),
        verified=BOOLEANS[_one("verified", row.get("verified", "").lower(), list(BOOLEANS))], relations=_relations(row),
        extra={name: Raw(msgspec.json.encode(value)) for name, value in further.items()},
    )  # fmt: skip


def _number(name: str, text: str) -> Identifier:
    if not text:
        raise Rejected(say("缺少 {name}", name=name))
    if len(text) > LONGEST_DOCID:
        raise Rejected(say("字段 {name} 超过 {most} 字", name=name, most=LONGEST_DOCID))
    try:
        return parse(text)
    except IdentifierError as error:
        raise Rejected(say("字段 {name}“{text}”：{why}", name=name, text=text[:80], why=error.message)) from error


def _one(name: str, value: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise Rejected(say("字段 {name} 的值“{value}”有误，应为 {allowed}", name=name, value=value[:40], allowed=[a for a in allowed if a]))
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    day, precision = day_of("effective_on", text)
    if precision != "day":
        raise Rejected(say("字段 {name} 须为完整日期 YYYY-MM-DD", name="effective_on"))
    return day


def _list(name: str, text: str) -> list[str]:
    found = [part.strip() for part in SEVERAL.split(text) if part.strip()]
    if len(found) > MOST:
        raise Rejected(say("字段 {name} 超过 {most} 项", name=name, most=MOST))
    return found


def _ics(text: str) -> tuple[str, ...]:
    codes = _list("ics", text)
    if not all(ICS.fullmatch(code) for code in codes):
        raise Rejected(say("字段 {name} 不是 ICS 分类号", name="ics"))
    return tuple(codes)


def _relations(row: dict[str, str]) -> tuple[Target, ...]:
    degree = _one("degree", row.get("degree", "").upper(), list(DEGREES)) or None
    adopted = row.get("adopts", "")
    if degree and not adopted:
        raise Rejected(say("有采用程度而无所采用的文件（adopts）"))
    replaced = [Target("replaces", _number("replaces", number).canonical) for number in _list("replaces", row.get("replaces", ""))]
    return (*replaced, *([Target("adopts", _number("adopts", adopted).canonical, degree)] if adopted else []))
