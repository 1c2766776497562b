"""IEC papers on the way: circulated documents (100/3590/CDV) and items of the work programme (PWI TR 100-36 ED1)."""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers.cursor import Cursor
from standards_hub.lifecycle.identifiers.model import Identifier

COMMITTEE = (
    r"(?:\d{1,3}[A-Z]?|CIS/[A-Z]|CISPR|JTC1(?:-SC\d+)?|SyC[A-Za-z]+|SYC[A-Z]+"
    r"|SEG\d+|AC(?:EA|OS|SEC|TAD|ART|EE)|GRAC|IF|SMB(?:NC)?|MSB|CAB|PACT|SG\d+)"
)
DOCUMENT = re.compile(rf"({COMMITTEE}) ?/ ?(\d+[A-Z]?)(?:\(([A-Z])\))?(?: ?/ ?([A-Za-z\d]+))?$")
OPENS = re.compile(rf"{COMMITTEE} ?/ ?\d")
PROGRAMME = re.compile(
    rf"(?:IEC[ /])?(?P<first>SRD )?(?P<stage>PWI|PNW)(?: (?P<kind>TS|TR|PAS|SRD|GUIDE))?"
    rf" (?P<committee>{COMMITTEE})-(?P<number>\d{{1,4}})(?: ED(?P<edition>\d+))?$"
)

KINDS = frozenset(
    re.findall(
        r"\w+",
        "AC ACA CC CD 2CD 3CD 4CD 5CD 6CD 7CD 8CD 9CD CDISH CDM CDPAS CDTR CDTS CDV DA DC DECPUB DISH DL DPAS DTR DTS DV FDIS FDISH INF MCR MTG "
        "NADIS NCC NCDV NFDIS NP NW PAS PCC PPUB PW PWI Q QP R RM RPUB RQ RR RSMB RV RVC RVD RVDISH RVDPAS RVDTR RVDTS RVN SBP TR TS UR WG WPUB",
    )
)
"""Marks of IEC circulated documents: drafts, votes on them (RV…), comments (CC), agendas, minutes, inquiries."""


def working_document(cursor: Cursor) -> Identifier:
    """Committee, serial and kind; a serial may carry a letter and the mark (F) of the French text."""
    found = DOCUMENT.match(cursor.text)
    if not found:
        cursor.fail("number", say("IEC 工作文件应写作 委员会/顺序号/类别，如 100/3590/CDV"), cursor.text.index("/") + 1)
    if found[4] and found[4].upper() not in KINDS:
        cursor.fail("kind", say("没有 IEC 工作文件类别“{kind}”", kind=found[4]), found.start(4))
    extra = {"mark": found[3]} if found[3] else {}
    kind = found[4].upper() if found[4] else None
    return compose_working(
        raw=cursor.raw, family="iec-wd", nature=kind, region_or_org=committee_name(found[1]), number=found[2], extra=extra
    )


def programme_item(cursor: Cursor) -> Identifier:
    """A preliminary or new work item of a committee, with its edition."""
    found = PROGRAMME.match(cursor.text)
    assert found
    kind = "SRD" if found["first"] else (found["kind"] or "IS")
    extra = {"edition": found["edition"]} if found["edition"] else {}
    return compose_working(
        raw=cursor.raw,
        family="iec-wp",
        nature={"GUIDE": "Guide"}.get(kind, kind),
        region_or_org=committee_name(found["committee"]),
        number=found["number"],
        stage=found["stage"],
        extra=extra,
    )


def committee_name(mark: str) -> str:
    """`100` → TC 100, `86B` → SC 86B; other marks are names already."""
    return mark if not mark[0].isdigit() else f"TC {mark}" if mark.isdecimal() else f"SC {mark}"


def compose_working(**parts: Any) -> Identifier:
    """An IEC paper from its parts, with its printed form."""
    paper = Identifier(**parts)
    committee = (paper.region_or_org or "").removeprefix("TC ").removeprefix("SC ")
    if paper.family == "iec-wd":
        mark = f"({paper.extra['mark']})" if "mark" in paper.extra else ""
        return replace(paper, canonical=f"{committee}/{paper.number}{mark}" + (f"/{paper.nature}" if paper.nature else ""))
    kind = f" {paper.nature}" if paper.nature != "IS" else ""
    edition = f" ED{paper.extra['edition']}" if "edition" in paper.extra else ""
    return replace(paper, canonical=f"{paper.stage}{kind} {committee}-{paper.number}{edition}")
