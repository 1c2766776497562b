"""ISO names as URN (RFC 5141): read and written."""

import re
from typing import Any

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import tables
from standards_hub.lifecycle.identifiers.cursor import Cursor
from standards_hub.lifecycle.identifiers.iso import compose_publication
from standards_hub.lifecycle.identifiers.iso_words import STAGE_CODES, TYPES
from standards_hub.lifecycle.identifiers.model import Identifier

URN = re.compile(
    r"urn:iso:std:(?P<lead>[a-z\d]+(?:-[a-z\d]+)*)(?::(?P<kind>data|guide|isp|iwa|pas|r|tr|ts|tta))?:(?P<number>\d{1,6}[a-z]?)(?::-(?P<part>[a-z\d]+(?:-[a-z\d]+)*))?"
    r"(?::stage-(?P<stage>draft|\d\d\.\d\d)(?:\.v(?P<iteration>\d{1,2}))?)?(?::ed-(?P<edition>\d+))?(?::stage-(?P<stage2>draft|\d\d\.\d\d))?(?::v(?P<version>\d+))?"
    r"(?P<supplements>(?::(?:amd|cor|sup|add|ext):(?:\d+:v\d+|\d+)(?::stage-(?:draft|\d\d\.\d\d)(?:\.v\d+)?)?)*)(?::(?P<language>[a-z]{2}(?:,[a-z]{2})*))?$",
    re.IGNORECASE,
)
SUPPLEMENT = re.compile(r":(amd|cor|sup|add|ext):(\d+)(?::v(\d+))?", re.IGNORECASE)
SUPPLEMENT_NAMES = {"amd": "Amd", "cor": "Cor", "sup": "Suppl", "add": "Add", "ext": "Ext"}


def from_urn(cursor: Cursor) -> Identifier:
    """The document a URN names. Stage codes of drafts become their prefix; published ones stay in `extra.stage_code`."""
    found = URN.match(cursor.text)
    if not found:
        cursor.fail(
            "urn",
            say("不是 RFC 5141 的 ISO URN，应如 urn:iso:std:iso:9001:ed-5:en"),
            len("urn:iso:std:") if cursor.text.startswith("urn:iso:std:") else 0,
        )
    marks = tables.publishers()
    lead = [mark.upper() for mark in found["lead"].split("-")]
    kind: str | None
    if lead == ["IWA"]:
        lead, kind = ["ISO"], "IWA"
    else:
        kind = TYPES[found["kind"].upper()] if found["kind"] else None
    if unknown := next((mark for mark in lead if mark not in marks), None):
        cursor.fail("publisher", say("不认识的出版者“{mark}”", mark=unknown), found.start("lead"))
    extra: dict[str, Any] = {name: found[name] for name in ("iteration", "edition", "language") if found[name]}
    if "language" in extra:
        extra["language"] = extra["language"].lower()
    code = found["stage"] or found["stage2"]
    stage = _stage(code)
    if code and not stage:
        extra["stage_code"] = code
    supplements = [_supplement(name, number, version) for name, number, version in SUPPLEMENT.findall(found["supplements"] or "")]
    return compose_publication(
        raw=cursor.raw,
        family="iso" if "ISO" in lead else "iec",
        prefix="IWA" if kind == "IWA" else "/".join(lead),
        nature=kind or "IS",
        number=found["number"].upper(),
        part=(found["part"] or "").upper() or None,
        stage=stage,
        amendments="/".join(supplements) or None,
        extra=extra,
    )


def _stage(code: str | None) -> str | None:
    if not code or code == "draft":
        return None
    return next((prefix for prefix, begins in reversed(STAGE_CODES.items()) if begins <= code < "60.60" and begins[:2] == code[:2]), None)


def _supplement(name: str, number: str, version: str) -> str:
    if version and len(number) == 4:
        return f"{SUPPLEMENT_NAMES[name.lower()]} {version}:{number}"
    return f"{SUPPLEMENT_NAMES[name.lower()]} {number}"


def urn_of(identifier: Identifier) -> str | None:
    """The URN of an ISO or ISO/IEC publication; nothing for Directives and other families."""
    if identifier.family != "iso" or identifier.nature == "DIR" or not identifier.number:
        return None
    extra = identifier.extra
    if identifier.nature == "TC":
        body = re.sub(r"[ /]", ":", identifier.region_or_org or "")
        return f"urn:iso:doc:{(identifier.prefix or '').replace('/', '-')}:{body}:{identifier.number}".lower()
    out = ["urn:iso:std", (identifier.prefix or "").replace("/", "-").lower()]
    if identifier.prefix == "IWA":
        out[1] = "iso:iwa"
    elif identifier.nature != "IS":
        out.append((identifier.nature or "").lower())
    out.append(identifier.number)
    if identifier.part:
        out.append(f"-{identifier.part}")
    if "edition" in extra:
        out.append(f"ed-{extra['edition']}")
    if identifier.stage or re.search(r"DAM|DCOR|DSuppl|(?:PWI|NP|AWI|WD|CD|PRF) ", identifier.amendments or ""):
        out.append("stage-draft" + (f".v{extra['iteration']}" if "iteration" in extra else ""))
    for name, number, year in re.findall(
        r"(Amd|Cor|Suppl|Add|AMD|COR|DAM|FDAM|DCOR|FDCOR) ?(\d+)(?::(\d{4}))?", identifier.amendments or ""
    ):
        short = {"Suppl": "sup", "DAM": "amd", "FDAM": "amd", "DCOR": "cor", "FDCOR": "cor"}.get(name, name.lower())
        out.append(f"{short}:{year}:v{number}" if year else f"{short}:{number}:v1")
    if "language" in extra:
        out.append(extra["language"])
    return ":".join(out)
