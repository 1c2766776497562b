"""The `iso-committees-jsonl` and `ics-csv` formats: rows for two small tables."""

import re
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.catalogue.readers.relaton import CONTROL
from standards_hub.lifecycle.catalogue.values import Rejected, digest

LONGEST = 20_000
MOST_MEMBERS = 2000
TAG = re.compile(r"<[^>]{0,200}>")
ICS = re.compile(r"(\d{2})(?:\.(\d{3})(?:\.(\d{2}))?)?")
LEVELS = {1: "field", 2: "group", 3: "subGroup"}


class Row(Struct):
    """A row of the main table by column, and of the table beneath it."""

    key: Any
    values: dict[str, Any]
    beneath: list[dict[str, Any]] = []


class Body(Struct):
    id: int
    acronym: str


class Secretariat(Struct):
    """The body that keeps the secretariat; both are null where none does at present."""

    acronym: str | None = None


class Reference(Struct):
    reference: str | None = None
    """Missing where the committee is not ISO's own."""


class CommitteeLine(Struct, rename="camel"):
    """A line as ISO Open Data gives it."""

    id: int
    reference: str
    title: dict[str, str | None]
    status: str | None = None
    secretariat: Secretariat | None = None
    creation_date: str | None = None
    scope: dict[str, str | None] | None = None
    parent_id: int | None = None
    p_members: list[Body] | None = None
    o_members: list[Body] | None = None
    committee_liaisons: list[Reference] | None = None
    organization_liaisons: list[Body] | None = None
    sort_key: str | None = None


_decoder = msgspec.json.Decoder(CommitteeLine)


def committee(content: bytes) -> Row:
    """A line of the committees. Raises `Rejected` naming the field."""
    try:
        line = _decoder.decode(content)
        created = date.fromisoformat(line.creation_date) if line.creation_date else None
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise Rejected(say("字段类型不对：{why}", why=str(error))) from error
    if not 0 < line.id < 2**31:
        raise Rejected(say("编号 {id} 超出范围", id=line.id))
    members = {b.id: {"body_id": b.id, "acronym": _text(b.acronym), "participation": "O"} for b in line.o_members or []}
    members |= {b.id: {"body_id": b.id, "acronym": _text(b.acronym), "participation": "P"} for b in line.p_members or []}
    if len(members) > MOST_MEMBERS or not all(0 < id < 2**31 for id in members):
        raise Rejected(say("成员过多或编号有误"))
    liaisons = {
        "committees": [_text(r.reference) for r in line.committee_liaisons or [] if r.reference],
        "organisations": [_text(b.acronym) for b in line.organization_liaisons or []],
    }
    values = {
        "reference": _text(line.reference), "status": _text(line.status), "title": _text(line.title.get("en")) or line.reference,
        "secretariat": _text(line.secretariat.acronym if line.secretariat else None) or None, "created_on": created, "parent_id": line.parent_id,
        "scope": _text(TAG.sub(" ", (line.scope or {}).get("en") or "")) or None, "liaisons": msgspec.json.encode(liaisons).decode(),
        "sort_key": _text(line.sort_key) or line.reference, "digests": digest(content.strip()),
    }  # fmt: skip
    if not values["reference"]:
        raise Rejected(say("缺少 {name}", name="reference"))
    return Row(line.id, values, list(members.values()))


def ics(row: dict[str, str]) -> Row:
    """A row of the classification. Raises `Rejected` naming the column."""
    code, level, parent = row.get("code", ""), row.get("level", ""), row.get("parent", "") or None
    match = ICS.fullmatch(code)
    if not match:
        raise Rejected(say("ICS 分类号“{code}”有误", code=code[:40]))
    depth = len([part for part in match.groups() if part])
    if level != LEVELS[depth]:
        raise Rejected(say("ICS {code} 的级别应为 {right}", code=code, right=LEVELS[depth]))
    if parent != (code.rpartition(".")[0] or None):
        raise Rejected(say("ICS {code} 的上级应为 {right}", code=code, right=code.rpartition(".")[0] or "—"))
    texts = {name: _text(row.get(name)) or None for name in ("title_en", "title_fr", "scope_en", "scope_fr", "notes", "see_also")}
    if not texts["title_en"]:
        raise Rejected(say("缺少 {name}", name="title_en"))
    return Row(code, {"level": level, "parent": parent, **texts, "digests": digest(msgspec.json.encode(row, order="sorted"))})


def _text(value: str | None) -> str:
    text = " ".join((value or "").split())
    if CONTROL.search(text) or len(text) > LONGEST:
        raise Rejected(say("文字过长或含控制字符"))
    return text
