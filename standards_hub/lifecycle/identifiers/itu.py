"""ITU Recommendations, questions, resolutions, handbooks, supplements and the file form T-REC-T.4-200307-I.

A date after the number is the edition's, one after an amendment the amendment's. Where only one date is written it stands
last, as ITU prints it: `G.780/Y.1351 (2004) Amend. 1` is `G.780/Y.1351 Amd 1 (2004)`.
"""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import tables
from standards_hub.lifecycle.identifiers.cursor import Cursor, Nested
from standards_hub.lifecycle.identifiers.model import Identifier

LEAD = re.compile(
    r"(?:(?P<word>Rec(?:ommendation|\.)?|Question|Resolution|Report|Annex to) )?(?:ITU ?- ?(?P<sector>[TRD])|CCITT)(?: REC[- ]| Rec\.? |[ -])",
    re.IGNORECASE,
)
FILE = re.compile(
    r"(?:ITU )?(?P<sector>[TRD])-(?:REC|QUE|RES|REP|HDB)-(?P<body>[A-Z]{1,3}\.[\w.]+?(?:-\d{1,2}(?=-|$|!))?)"
    r"(?:-(?P<year>\d{4})(?P<month>\d\d)?)?(?:-(?P<status>[A-Z]))?(?:!.*)?$"
)
FIGURES = r"\d+(?:[a-z](?![a-z]))?(?:\.\d+)*(?:-\d+(?![\d.]))?(?: ?(?:bis|ter|quater|quarter)\b)?(?: ?[A-FR](?= ?[(/]|$| [A-Z][a-z]))?"
RECOMMENDATION = re.compile(rf"([A-Z]{{1,3}})\.({FIGURES})")
RANGE_END = re.compile(rf"-([A-Z]{{1,3}}\.{FIGURES})")
TWIN = re.compile(rf" ?/ ?([A-Z]{{1,3}})\.({FIGURES})")
MANUAL = re.compile(r"(EMC|MES)-\d+(?:\.\d+)?")
GUIDE = re.compile(r"([A-Z])\.Imp[A-Za-z\d.]+")
SERIES_WIDE = re.compile(r"([A-Z])(?:[-.]?\d+(?:-\d+)?)?(?: series)?(?= Suppl)")
BULLETIN = re.compile(r"(?:OB|Operational Bulletin)(?:\.| No\.?)? ?(\d+)(?: ?- ?\d{1,2}\.([IVX]+)\.(\d{4}))?")
RADIO = re.compile(r"([A-Z]{1,3})\.(\d+(?:[/-]BL[/-]\d+|/\d+)?)(?:-(\d+))?:?")
QUESTION = re.compile(r"(?:(SG\d{2})\.)?(\d+)(?:-(\d+))?(?:/(\d+))?:?")
HANDBOOK = re.compile(r"(\d+)\.HDB")

VERSION = re.compile(r" ?\((V\d+)\)| (v\.?\d+)(?![\w.])", re.IGNORECASE)
DATE = re.compile(r" ?\((?:(\d{1,2})/)?(\d{4})\)")
PIECE = re.compile(
    r"[ /]+(Annex|App\.|Appendix|Suppl?\.?|Supplement|Amd\.?|Amend\.?|Amendment|Technical Cor\.?|Cor\.?|Corrigendum|Err\.?|Erratum|Add\.?|Addendum)"
    r" ?([A-Z\d][\w.]*\+?)"
)
ATTACHMENT = re.compile(r" attachment\b")
BARE_YEAR = re.compile(r"(?:\.\d{3,}|\d )((?:19|20)\d\d)(?!\d)")
LANGUAGE = re.compile(r"-([EFSRAC])$")
JOINT = re.compile(r" ?\| ?(?=ISO|IEC)")
PIECES = {
    "an": ("annex", "Annex"),
    "app": ("appendix", "App."),
    "sup": ("supplement", "Suppl."),
    "am": ("", "Amd"),
    "tec": ("", "Technical Cor."),
    "cor": ("", "Cor."),
    "err": ("", "Err."),
    "add": ("", "Add."),
}
"""How a piece begins → the part it is (nothing for amendments) and how it prints."""
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def recommendation(cursor: Cursor, international: Nested) -> Identifier:
    """Whatever ITU numbers; the sector's series letters are checked against the table."""
    if found := FILE.match(cursor.text):
        return _file_form(cursor, found)
    if bare := BARE_YEAR.search(cursor.text):
        cursor.fail("year", say("年份应写在括号里，如 ITU-T G.711 (11/1988)"), bare.start(1))
    lead = cursor.take(LEAD)
    if not lead:
        cursor.fail("sector", say("应为 ITU-T、ITU-R 或 ITU-D，再空一格"), 3)
    sector = (lead["sector"] or "T").upper()
    parts: dict[str, Any] = {"prefix": f"ITU-{sector}", "extra": {}}
    if (lead["word"] or "").lower() == "annex to":
        parts["extra"]["annex_to"] = True
    if sector == "R":
        _radio(cursor, parts, (lead["word"] or "").lower())
    else:
        _telecom(cursor, parts, sector)
    if found := cursor.take(LANGUAGE):
        parts["extra"]["language"] = found[1]
    _tail(cursor, parts)
    if joint := cursor.take(JOINT):
        parts["dual"] = international(cursor.rest, joint.end()).canonical
        cursor.pos = len(cursor.text)
    cursor.finish()
    return compose_itu(raw=cursor.raw, family="itu", **parts)


def _file_form(cursor: Cursor, found: re.Match[str]) -> Identifier:
    sector, body = found["sector"], found["body"]
    if not (RADIO if sector == "R" else RECOMMENDATION).fullmatch(body):
        cursor.fail("number", say("ITU-{sector} 后应为系列与编号，如 G.711", sector=sector), found.start("body"))
    if found["year"]:
        _possible(cursor, found["year"], found["month"], found.start("year"))
    _series(cursor, sector, body.partition(".")[0], found.start("body"))
    extra = {name: found[name] for name in ("month", "status") if found[name]}
    part = None
    if sector == "R":
        body, _, part = body.partition("-")
    nature = "Resolution" if sector == "R" and body.startswith("R.") else "Rec"
    return compose_itu(
        raw=cursor.raw, family="itu", prefix=f"ITU-{sector}", nature=nature, number=body, part=part or None, year=found["year"], extra=extra
    )


def _series(cursor: Cursor, sector: str, letters: str, at: int) -> None:
    known = tables.itu_series().get(sector)
    if known and letters not in known and not (sector == "R" and letters == "R"):
        cursor.fail("series", say("ITU-{sector} 没有 {letters} 系列", sector=sector, letters=letters), at)


def _radio(cursor: Cursor, parts: dict[str, Any], word: str) -> None:
    extra = parts["extra"]
    if found := cursor.take(RADIO):
        _series(cursor, "R", found[1], found.start(1))
        parts.update(
            number=f"{found[1]}.{found[2]}",
            part=found[3],
            nature="Resolution" if found[1] == "R" else "Report" if word == "report" else "Rec",
        )
        if "/" in found[2] or "BL" in found[2]:
            extra["draft"] = True
    elif found := cursor.take(HANDBOOK):
        parts.update(number=found[1], nature="Handbook")
        extra["form"] = "HDB"
    elif cursor.take(re.compile(r"RR\b")):
        parts.update(number="RR", nature="RR")
    elif found := cursor.take(QUESTION):
        if word == "resolution":
            parts.update(number=f"R.{found[2]}", part=found[3], nature="Resolution")
            return
        question = bool(found[1] or found[3] or found[4] or word == "question")
        parts.update(number=found[2], part=found[3], nature="Question" if question else "Handbook")
        if group := found[1] or found[4]:
            extra["study_group"] = group
    else:
        cursor.fail("number", say("ITU-R 后应为系列与编号，如 BT.601-7"))


def _telecom(cursor: Cursor, parts: dict[str, Any], sector: str) -> None:
    extra = parts["extra"]
    parts["nature"] = "Rec"
    if found := cursor.take(BULLETIN):
        parts.update(number=found[1], nature="OB", year=found[3])
        if found[3]:
            _possible(cursor, found[3], None, found.start(3))
        if found[2] in MONTHS:
            extra["month"] = f"{MONTHS.index(found[2]) + 1:02}"
    elif found := cursor.take(SERIES_WIDE):
        _series(cursor, sector, found[1], found.start(1))
        parts.update(number=found[0])
    elif found := cursor.take(MANUAL):
        parts.update(number=found[0])
    elif found := cursor.take(GUIDE):
        _series(cursor, sector, found[1], found.start(1))
        parts.update(number=found[0], nature="Guide")
    elif found := cursor.take(RECOMMENDATION):
        _series(cursor, sector, found[1], found.start(1))
        parts["number"] = found[0]
        if end := cursor.take(RANGE_END):
            parts["number"] += end[0]
            extra["range_end"] = end[1]
        twins = []
        while twin := cursor.take(TWIN):
            _series(cursor, sector, twin[1], twin.start(1))
            twins.append(f"{twin[1]}.{twin[2]}")
        if twins:
            extra["twins"] = twins
    else:
        cursor.fail("number", say("ITU-{sector} 后应为系列与编号，如 G.711", sector=sector))


def _tail(cursor: Cursor, parts: dict[str, Any]) -> None:
    extra, dated = parts["extra"], bool(parts.get("year"))
    pieces: list[tuple[str, str | None, str | None]] = []
    while True:
        if found := cursor.take(DATE):
            _possible(cursor, found[2], found[1], found.start())
            if pieces:
                pieces[-1] = (pieces[-1][0], found[1], found[2])
            elif dated:
                cursor.fail("rest", say("日期写了两次"), found.start())
            else:
                parts["year"], dated = found[2], True
                if found[1]:
                    extra["month"] = f"{int(found[1]):02}"
        elif found := cursor.take(VERSION):
            version = (found[1] or found[2]).lower()
            extra["version"] = version if "." in version else version.upper()
        elif cursor.take(ATTACHMENT):
            extra["attachment"] = True
        elif found := cursor.take(PIECE):
            name, printed = PIECES[next(begin for begin in PIECES if found[1].lower().startswith(begin))]
            if name and not dated and not pieces:
                extra[name] = found[2]
            else:
                pieces.append((f"{printed} {found[2]}", None, None))
        else:
            break
    if "supplement" in extra and parts.get("nature") == "Rec":
        parts["nature"] = "Supplement"
    if not pieces:
        return
    if dated and not any(year for _, _, year in pieces):
        pieces[-1] = (pieces[-1][0], extra.pop("month", None), parts["year"])
        dated = False
    if not dated and (year := pieces[-1][2]):
        parts["year"], extra["dated"] = year, "amendment"
    parts["amendments"] = " ".join(text + (_date(month, year) if year else "") for text, month, year in pieces)


def _possible(cursor: Cursor, year: str, month: str | None, at: int) -> None:
    if not 1900 <= int(year) <= 2099 or not 1 <= int(month or 1) <= 12:
        cursor.fail("year", say("日期 {date} 不可能", date=f"{month}/{year}" if month else year), at)


def _date(month: str | None, year: str | None) -> str:
    return f" ({int(month):02}/{year})" if month else f" ({year})"


def compose_itu(**parts: Any) -> Identifier:
    """An ITU identifier from its parts, with its printed form."""
    identifier = Identifier(**parts)
    extra, nature = identifier.extra, identifier.nature
    out = f"{identifier.prefix} "
    out = ("Report " if nature == "Report" else "Annex to " if extra.get("annex_to") else "") + out
    if nature == "OB":
        out += f"OB No. {identifier.number}"
    elif nature == "Question":
        group = str(extra.get("study_group", ""))
        out += f"{group}." if group.startswith("SG") else ""
        out += (identifier.number or "") + (f"-{identifier.part}" if identifier.part else "")
        out += f"/{group}" if group.isdecimal() else ""
    elif nature == "Handbook":
        out += f"{identifier.number}.HDB" if "form" in extra else identifier.number or ""
    else:
        out += "/".join([identifier.number or "", *extra.get("twins", ())]) + (f"-{identifier.part}" if identifier.part else "")
    out += f"-{extra['language']}" if "language" in extra else ""
    words = dict(PIECES.values())
    out += "".join(f" {words[name]} {value}" for name, value in extra.items() if name and name in words)
    version = str(extra.get("version", ""))
    out += f" ({version})" if version and "." not in version else f" {version}" if version else ""
    out += " attachment" if extra.get("attachment") else ""
    if identifier.year and extra.get("dated") != "amendment":
        out += _date(extra.get("month"), identifier.year)
    out += f" {identifier.amendments}" if identifier.amendments else ""
    out += f" | {identifier.dual}" if identifier.dual else ""
    return replace(identifier, canonical=out)
