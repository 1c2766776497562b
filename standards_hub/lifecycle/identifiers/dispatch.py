"""Which grammar a text belongs to: decided by how it begins, then one family's parser reads it to the end."""

import re
from typing import Any

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import adoption, chinese, iec_working, iso, itu, plan, tables, urn
from standards_hub.lifecycle.identifiers.cursor import Cursor, raw_position
from standards_hub.lifecycle.identifiers.model import Family, Identifier, IdentifierError

CHINESE = re.compile(r"([A-Za-z]{2,4})(?=[ /\d(X]|$)")
INTERNATIONAL = re.compile(
    r"(?:ISO|IEC|CISPR|IECEE|IECEX|IECQ|IWA|ИСО|МЭК|CEI)(?![A-Z])|(?:AWI|NP|WD|CD|DIS|FDIS|PRF) IWA|GUIDE (?:ISO|IEC)|FPRISO|FPRIEC|РУКОВОДСТВО ",
    re.IGNORECASE,
)
ITU = re.compile(
    r"(?:(?:Rec(?:ommendation|\.)?|Question|Resolution|Report|Annex to) )?(?:ITU|CCITT)\b|[TRD]-(?:REC|QUE|RES|REP|HDB)-", re.IGNORECASE
)
GROUP = re.compile(r"T ?/ ?", re.IGNORECASE)
ENTERPRISE = re.compile(r"Q ?/ ?", re.IGNORECASE)
LOCAL = re.compile(r"DB(?:(?=\d)| (?=\d{2}(?:\d{2})? ?/ ?[TZ]? ?\d))", re.IGNORECASE)
"""DB and digits is local; DB, a space and a number is seismology, unless a slash makes the digits a region."""
NATIONAL = frozenset({"GB", "GSB", "GBZ", "GJB"})


def parse(text: str) -> Identifier:
    """Take an identifier apart. Raises `IdentifierError`, which says what is wrong and at which character."""
    cursor = Cursor(text)
    found = cursor.text
    first = found[0]
    if first.isascii() and first.isalpha():
        if INTERNATIONAL.match(found) and not iec_working.OPENS.match(found):
            return iec_working.programme_item(cursor) if iec_working.PROGRAMME.match(found) else iso.publication(cursor)
        if ITU.match(found):
            return itu.recommendation(cursor, _inner(text))
        if found[:8].lower() == "urn:iso:":
            return urn.from_urn(cursor)
        if iec_working.PROGRAMME.match(found):
            return iec_working.programme_item(cursor)
        if iec_working.OPENS.match(found):
            return iec_working.working_document(cursor)
        return _chinese(cursor, text)
    if first.isdigit():
        if plan.NATIONAL.match(found):
            return plan.national_plan(cursor)
        if plan.INDUSTRY.match(found):
            return plan.industry_plan(cursor)
        if iec_working.OPENS.match(found):
            return iec_working.working_document(cursor)
        cursor.fail("unknown", say("只有数字，缺少标准代号（如 GB/T、ISO）"))
    if INTERNATIONAL.match(found):
        return iso.publication(cursor)
    if adoption.OPENS.match(found):
        return adoption.adopted(cursor, _inner(text))
    cursor.fail("unknown", say("不认识的标准代号"))


def _chinese(cursor: Cursor, raw: str) -> Identifier:
    text, inner = cursor.text, _inner(raw)
    if cursor.take(GROUP):
        return chinese.group(cursor, inner)
    if cursor.take(ENTERPRISE):
        return chinese.enterprise(cursor, inner)
    lead = CHINESE.match(text)
    written = lead[1] if lead else ""
    code = written.upper()
    if written in {"GBn", "gbn"} or (written == "GBN" and text[3:4] in " 0123456789"):
        cursor.pos = 3
        return chinese.national(cursor, "GBn", inner)
    if code == "DB" and (region := LOCAL.match(text)):
        cursor.pos = region.end()
        return chinese.local(cursor, inner)
    cursor.pos = len(code)
    if code in NATIONAL:
        return chinese.national(cursor, code, inner)
    if code in {"JJF", "JJG"}:
        return chinese.metrology(cursor, code, inner)
    if code in tables.engineering_series():
        return chinese.engineering(cursor, code, inner)
    own_number = code in tables.industry_codes() and not re.match(r"[ /]+[A-Z]{2}", text[len(code) :])
    if adoption.OPENS.match(text) and not own_number:  # SN is Switzerland's mark and our customs inspection's
        cursor.pos = 0
        return adoption.adopted(cursor, inner)
    if code in tables.industry_codes():
        return chinese.industry(cursor, code, inner)
    cursor.fail("unknown", say("没有标准代号“{code}”", code=written or re.split(r"[ \d]", text, maxsplit=1)[0][:20]), 0)


class _Inner:
    """Parses a part of a longer text, and tells an error's position in the whole."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    def __call__(self, text: str, at: int) -> Identifier:
        try:
            return parse(text)
        except IdentifierError as error:
            raise IdentifierError(error.code.removeprefix("identifier."), error.why, raw_position(self.raw, at + error.position)) from None


def _inner(raw: str) -> _Inner:
    return _Inner(raw)


def compose(family: Family, **parts: Any) -> Identifier:
    """An identifier built from its parts and printed; `parts` are the fields of `Identifier`."""
    if family == "itu":
        return itu.compose_itu(family=family, **parts)
    if family in {"iso", "iec"}:
        return iso.compose_publication(family=family, **parts)
    if family in {"iec-wd", "iec-wp"}:
        return iec_working.compose_working(family=family, **parts)
    if family in {"plan", "plan-industry"}:
        return plan.compose_plan(family=family, **parts)
    if family == "adoption":
        return adoption.compose_adoption(family=family, **parts)
    return chinese.compose_chinese(family=family, **parts)
