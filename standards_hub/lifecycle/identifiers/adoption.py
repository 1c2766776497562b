"""Adoption chains: BS EN ISO 13485:2016+A11:2021 is ISO 13485 adopted by CEN and then by BSI, with CEN's own amendment."""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers.cursor import Cursor, Nested
from standards_hub.lifecycle.identifiers.model import Identifier

ADOPTER = (
    r"(?:BS|PD|DD|DIN|VDE|NF|UNE|UNI|CEI|NEN|NBN|SS|DS|NS|SFS|SN|ÖNORM|OENORM|I\.S\.|CSN|ČSN|STN|PN|MSZ|SIST|EVS|LVS|LST|BDS|SR|ELOT|TS|"
    r"JIS|KS|AS/NZS|AS|NZS|ANSI|CAN/CSA|CSA|SANS|IS|MS|ABNT NBR|NBR|GOST R|GOST|ГОСТ Р|ГОСТ)"
)
EUROPEAN = r"(?:prEN|FprEN|EN|HD|CEN/T[SR]|CLC/T[SR]|CEN|CLC|CWA)"
CHAIN = re.compile(rf"(?P<national>(?:{ADOPTER}[ /])*)(?P<european>{EUROPEAN} ?)?(?=ISO|IEC|CISPR|IWA|\d)")
OPENS = re.compile(rf"{ADOPTER}[ /](?:{ADOPTER}[ /])*(?:{EUROPEAN} ?)?(?=ISO|IEC|CISPR|IWA|\d)|{EUROPEAN} ?(?=ISO|IEC|CISPR|\d)")
EDITION = re.compile(r" ED ?\d+$", re.IGNORECASE)
COMMENTARY = re.compile(r" (ExComm|- TC)$")
SUPPLEMENT = re.compile(r" ?(?P<sep>[+/]) ?(?P<kind>A|AC|AMD|C|COR)(?P<number>\d*)(?: ?[:-] ?(?P<year>\d{4})(?:-(?P<month>\d\d))?)?$")
OWN = re.compile(r" ?(?P<number>\d+)(?P<part>(?:-[\dA-Z]+)*?)(?:(?::|-(?=(?:19|20)\d\d(?:$|[+/ ])))(?P<year>\d{4})(?:-(?P<month>\d\d))?)?$")
MONTH = re.compile(r"(?<=\d{4})-(\d\d)$")


def adopted(cursor: Cursor, international: Nested) -> Identifier:
    """The adopters from the outside in, then the document they adopted, then the adopters' own amendments."""
    chain = cursor.take(CHAIN)
    assert chain
    adopters = [name for name in re.findall(rf"{ADOPTER}|{EUROPEAN}", chain[0]) if name]
    tail = cursor.rest
    own: list[tuple[str, str]] = []
    extra: dict[str, Any] = {"adopters": adopters}
    if found := COMMENTARY.search(tail):
        extra["commentary"], tail = found[1].removeprefix("- "), tail[: found.start()]
    edition = EDITION.search(tail)
    tail = tail[: edition.start()] if edition else tail
    while found := SUPPLEMENT.search(tail):
        if found["sep"] == "/" and found["kind"] not in {"A", "AC"}:
            break
        own.insert(0, (found["sep"], _supplement(found)))
        tail = tail[: found.start()]
    tail += edition[0] if edition else ""
    parts: dict[str, Any] = {"prefix": " ".join(adopters), "extra": extra}
    if OWN.fullmatch(tail):
        if not chain["european"]:
            cursor.fail("adoption", say("{body} 的本国标准不是采用件，应写明所采用的文件", body=adopters[-1] if adopters else ""))
        found = OWN.fullmatch(tail)
        assert found
        parts.update(number=found["number"], part=found["part"].lstrip("-") or None, year=found["year"], nature="EN")
        extra.update({"month": found["month"]} if found["month"] else {})
    else:
        if month := MONTH.search(tail):
            extra["month"], tail = month[1], tail[: month.start()]
        if dashed := re.search(r"(?<=\d)-((?:19|20)\d\d)$", tail):
            tail = f"{tail[: dashed.start()]}:{dashed[1]}"
        base = international(tail, cursor.pos)
        if base.family not in {"iso", "iec"}:
            cursor.fail("adoption", say("“{base}”不是国际标准，不能在采用链末尾", base=tail))
        extra["adopts"] = base.canonical
        parts.update(number=base.number, part=base.part, year=base.year, nature=base.nature, stage=base.stage)
    if own:
        extra["separator"] = own[0][0]
        parts["amendments"] = "".join((sep if index else "") + text for index, (sep, text) in enumerate(own))
    return compose_adoption(raw=cursor.raw, family="adoption", **parts)


def _supplement(found: re.Match[str]) -> str:
    kind = {"AMD": "A", "COR": "AC"}.get(found["kind"], found["kind"])
    year = f":{found['year']}" if found["year"] else ""
    return f"{kind}{found['number']}{year}" + (f"-{found['month']}" if found["month"] else "")


def compose_adoption(**parts: Any) -> Identifier:
    """An adoption from its parts, with its printed form."""
    chain = Identifier(**parts)
    extra = chain.extra
    if "adopts" in extra:
        out = f"{chain.prefix} {extra['adopts']}"
    else:
        out = f"{chain.prefix} {chain.number}" + (f"-{chain.part}" if chain.part else "") + (f":{chain.year}" if chain.year else "")
    out += f"-{extra['month']}" if "month" in extra else ""
    out += f"{extra['separator']}{chain.amendments}" if chain.amendments else ""
    if commentary := extra.get("commentary"):
        out += f" {commentary}" if commentary != "TC" else " - TC"
    return replace(chain, canonical=out)
