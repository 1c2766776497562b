"""The `relaton-jsonl` format: one object a line, as the catalogues of ISO, ITU and 3GPP are published with relaton."""

import re
from datetime import date
from typing import Any

import msgspec
from msgspec import Raw, Struct

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.catalogue.values import CommitteeRef, Record, Rejected, Target, digest

LONGEST_DOCID = 200
LONGEST_TITLE = 4000
LONGEST_FIELD = 500
MOST_RELATIONS = 5000
MOST_LISTED = 100
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PUBLISHER = re.compile(r"\s*(3GPP|[A-Za-z]+)")
DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
PRECISIONS = {4: "year", 7: "month", 10: "day"}
WORDS = {"published": "published", "withdrawal": "withdrawn", "withdrawn": "withdrawn"}
"""What ITU and 3GPP say instead of a stage."""
FURTHER = ("ids", "links", "contributors", "abstract", "version", "languages")


ABSENT = Raw(b"")


class Dated(Struct, frozen=True):
    type: str | None = None
    on: str | int | None = None


class Committee(Struct, frozen=True):
    identifier: str | None = None
    name: str | None = None


class Related(Struct, frozen=True):
    type: str | None = None
    docid: str | None = None


class Relaton(Struct):
    """A line as it may be; everything but the docid may be missing."""

    docid: str | None = None
    title: dict[str, str | None] | None = None
    dates: list[Dated] | None = None
    stage: str | int | None = None
    substage: str | int | None = None
    edition: str | int | None = None
    doctype: str | None = None
    committee: list[Committee] | None = None
    ics: list[list[str | None]] | None = None
    relations: list[Related] | None = None
    iso_project: str | int | None = None
    last_committed: str | None = None
    ids: Raw = ABSENT
    links: Raw = ABSENT
    contributors: Raw = ABSENT
    abstract: Raw = ABSENT
    version: Raw = ABSENT
    languages: Raw = ABSENT


_decoder = msgspec.json.Decoder(Relaton)


def read(content: bytes) -> Record:
    """A line as a record. Raises `Rejected` naming the field."""
    try:
        line = _decoder.decode(content)
        if b"\\u" in content:
            msgspec.json.decode(content)  # what we keep as it is must be readable too: no half of a surrogate pair
    except msgspec.ValidationError as error:
        raise Rejected(say("字段类型不对：{why}", why=str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected(say("不是有效的 JSON：{why}", why=str(error))) from error
    docid = _clean("docid", line.docid, LONGEST_DOCID)
    if not docid:
        raise Rejected(say("缺少 docid"))
    source = source_of(docid)
    committees = _committees(line)
    published, precision = _published(line.dates or [])
    stage, substage = _word("stage", line.stage), _word("substage", line.substage)
    return Record(
        source=source, docid=docid, digests=(digest(content.strip()),), project=_word("iso_project", line.iso_project), titles=_titles(line),
        doctype=_word("doctype", line.doctype), stage=stage, substage=substage, status=status_of(stage, substage),
        edition=_word("edition", line.edition), published_on=published, published_precision=precision, committees=committees,
        ics=_ics(line), last_committed=_word("last_committed", line.last_committed), relations=_relations(line, source), extra=_further(line),
    )  # fmt: skip


def source_of(docid: str) -> str:
    """The publisher whose catalogue a number belongs to: iso, itu, 3gpp …"""
    publisher = PUBLISHER.match(docid)
    return publisher[1].lower() if publisher else "other"


def status_of(stage: str | None, substage: str | None) -> str | None:
    """What a harmonized stage code means for whoever wants to use the document."""
    if stage is None:
        return None
    if not stage.isdecimal():
        return WORDS.get(stage.lower())
    code = f"{stage}.{substage or '00'}"
    if code == "95.99":
        return "withdrawn"
    if stage in ("90", "95") or code == "60.60":
        return "published"
    return "deleted" if substage == "98" else "in-development"


def _clean(name: str, text: str | None, most: int) -> str | None:
    text = (text or "").strip()
    if len(text) > most:
        raise Rejected(say("字段 {name} 超过 {most} 字", name=name, most=most))
    if CONTROL.search(text):
        raise Rejected(say("字段 {name} 含控制字符", name=name))
    return text or None


def _word(name: str, value: str | int | None) -> str | None:
    return _clean(name, str(value), LONGEST_FIELD) if value is not None else None


def _few(name: str, items: list[Any] | None, most: int) -> list[Any]:
    if items and len(items) > most:
        raise Rejected(say("字段 {name} 超过 {most} 项", name=name, most=most))
    return items or []


def _titles(line: Relaton) -> dict[str, str]:
    found = {language: _clean("title", text, LONGEST_TITLE) for language, text in (line.title or {}).items()}
    if len(found) > MOST_LISTED or any(len(language) > 20 or CONTROL.search(language) for language in found):
        raise Rejected(say("字段 {name} 的语言代码有误", name="title"))
    return {language: text for language, text in found.items() if text}


def _committees(line: Relaton) -> tuple[CommitteeRef, ...]:
    found = _few("committee", line.committee, MOST_LISTED)
    refs = [CommitteeRef(_word("committee", c.identifier or c.name) or "", _word("committee", c.name) or "") for c in found]
    return tuple(dict.fromkeys(ref for ref in refs if ref.identifier))


def _ics(line: Relaton) -> tuple[str, ...]:
    codes = [_word("ics", pair[0]) for pair in _few("ics", line.ics, MOST_LISTED) if pair]
    if any(code and (" " in code or len(code) > 20) for code in codes):
        raise Rejected(say("字段 {name} 不是 ICS 分类号", name="ics"))
    return tuple(dict.fromkeys(code for code in codes if code))


def _relations(line: Relaton, source: str) -> tuple[Target, ...]:
    found = []
    for related in _few("relations", line.relations, MOST_RELATIONS):
        type, docid = _word("relations", related.type), _clean("relations", related.docid, LONGEST_DOCID)
        if type and docid:
            # ITU leaves its own name out when a Recommendation names another.
            found.append(Target(type, f"ITU-T {docid}" if source == "itu" and not docid.startswith(("ITU", "ISO", "IEC")) else docid))
    return tuple(dict.fromkeys(found))


def _published(dates: list[Dated]) -> tuple[date | None, str | None]:
    """The day of publication; of a month or a year its first day, with the precision."""
    for dated in dates:
        if dated.type == "published" and dated.on is not None:
            return day_of("dates", str(dated.on))
    return None, None


def day_of(name: str, text: str) -> tuple[date, str]:
    """A date of day, month or year precision. Raises `Rejected` naming the field."""
    match = DAY.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)), PRECISIONS[len(match[0])]
    except ValueError:
        pass
    raise Rejected(say("字段 {name} 的日期“{text}”有误，应为 YYYY-MM-DD、YYYY-MM 或 YYYY", name=name, text=text[:40]))


def _further(line: Relaton) -> dict[str, Raw]:
    extra = {name: Raw(bytes(getattr(line, name))) for name in FURTHER}
    if line.dates:
        extra["dates"] = Raw(msgspec.json.encode(line.dates))
    return {name: value for name, value in extra.items() if bytes(value) not in (b"", b"{}", b"[]", b"null")}
