"""ISO and IEC publications and their drafts: one grammar, two house styles.

ISO prints `ISO/TS 1:2000/Amd 1:2004`, IEC prints `IEC TS 1:2000/AMD1:2004`. A joint document carries its supplements as the
body that issued it writes them, so the style of each supplement is kept; the identity key is the same for both.
"""

import re
from typing import Any

from msgspec.structs import replace

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import tables
from standards_hub.lifecycle.identifiers.cursor import Cursor
from standards_hub.lifecycle.identifiers.iso_words import (
    LANGUAGES,
    MERGED,
    STAGES,
    SUPPLEMENTS,
    TYPED_STAGES,
    TYPED_SUPPLEMENTS,
    TYPES,
)
from standards_hub.lifecycle.identifiers.model import Identifier

LEADING_WORD = re.compile(r"([A-Za-zА-Яа-я]+) ")
FINAL_PROOF = re.compile(r"Fpr(?=ISO|IEC)")
WORD = re.compile(r"([/ ]{0,3})(HL7|[A-Za-zА-Яа-я]+)\.?(?= ?[\d]|[/ ]|$)")
NUMBER = re.compile(r" ?(\d{1,6}(?!\d)[A-Z]{0,2}|SYMBOL|VIM|X)(?![a-z])")
RUN_ON = re.compile(r" ?\d{3,}((?:19|20)\d\d)(?!\d)")
PART = re.compile(r" ?- ?([\dA-Z]+(?:-[\dA-Z]+)*)(?![a-z])")
OLD_PART = re.compile(r" ?/ ?(\d{1,3}|[A-Z])(?= ?:|$|[ (])")
ITERATION = re.compile(r"\.(\d{1,2})(?!\d)")
YEAR = re.compile(r" ?: ?(\d{4})(?:-(\d{2})(?!\d))?(?!\d)")
DASHED_YEAR = re.compile(r"(?:(.+)-)?((?:19|20)\d\d)")
JOINT = re.compile(r" ?\| ?([A-Z][A-Za-z-]+(?:/[A-Z]+)?) ([\w./-]+(?::\d{4})?)")
SUPPLEMENT = re.compile(
    r" ?(?P<sep>[/+]) ?(?:(?P<stage>[A-Za-z]{2,4}) )?(?P<kind>(?:AMD|AMEND|AMENDMENT|COR|CORR|CORRIGENDUM|SUP(?:PL)?|ADD|EXT|ISH|FRAG|A|C"
    r"|(?:D|FD|FPD|PD)AMD?|(?:D|FD|F|PD)COR|F?DSUPPL|(?:F|P)?DAD)(?![A-Za-z]))(?P<gap> ?\.? ?)(?:(?P<number>\d+)(?:\.(?P<iteration>\d{1,2}))?)?"
    r"(?: ?[:-] ?(?P<year>\d{4})(?:-(?P<month>\d\d))?)?(?!\d)",
    re.IGNORECASE,
)
EDITION = re.compile(r" ?\bED(?:ITION)?\b\.? ?(\d{1,3})?| ?\bED\.? ?(\d{1,3})", re.IGNORECASE)
LANGUAGE = re.compile(r" ?\(((?:[A-Z]|[a-z]{2}|other)(?:[/,] ?(?:[A-Z]|[a-z]{2}|other))*)\)")
ALL_PARTS = re.compile(r" ?\((?:all parts|所有部分)\)", re.IGNORECASE)
SUFFIX = re.compile(r" (CSV|RLV|CMV|EXV|SER|DB|PAC|PRV)\b")
COMMITTEE = re.compile(
    r"(?P<lead>(?:ISO|IEC)(?:/IEC)?)[ /](?P<body>(?:TC|JTC|PC|TMB|CASCO|COPOLCO|DEVCO|REMCO|TAG)\b[ /A-Z\d]*?) ?\bN ?(?P<number>\d+)$"
)
DIRECTIVES = re.compile(
    r"(?P<lead>ISO(?:/IEC)?|IEC)[ /](?:DIR|Directives,?)(?: JTC (?P<jtc>\d))?"
    r"(?:,? ?(?:Part )?(?P<number>\d)(?!\d))?(?: (?P<body>ISO|IEC|JTC 1))?(?P<sup> SUP)?"
    r"(?:(?::|, ?)(?P<year>\d{4})(?:-(?P<month>\d\d))?)?$"
)
TITLED = re.compile(r"IEC (?P<kind>White Paper|Technology Report) (?P<number>[^:]{1,80}(?::[^:]{1,40})?):(?P<year>\d{4})$")
REPORT_FORM = re.compile(
    r"(?P<lead>IECEE|IECEx) TRF (?P<number>\d+)(?P<letter>[A-Z]{0,2})"
    r"(?:-(?P<part>[\dA-Z,]+(?:-[\dA-Z,]+)*))?(?P<version>v[\dA-Za-z]+(?:_ds|_DS)?)?(?::(?P<year>\d{4}))?$"
)
IECQ = re.compile(r"IECQ(?: (?P<kind>OD|CS))? (?P<number>\d+[A-Z]?)(?:-(?P<part>[\dA-Z]+(?:-[\dA-Z]+)*))?(?::(?P<year>\d{4}))?$")


def publication(cursor: Cursor) -> Identifier:
    """An ISO, IEC, CISPR, IECEE, IECQ or IWA identifier, from its publisher to its language marks."""
    special = _special(cursor)
    if special:
        return special
    extra: dict[str, Any] = {}
    stage, kind = _leading_words(cursor)
    prefix, stage, kind = _publishers(cursor, stage, kind)
    number = cursor.take(NUMBER)
    if not number and prefix == "IEC":
        number = cursor.take(re.compile(r" ?([A-Z]{2,12})(?= DB|:)"))
    if not number:
        if swallowed := cursor.take(RUN_ON):
            cursor.fail("year", say("年份前应为冒号，如 ISO 9001:2015"), swallowed.start(1))
        cursor.fail("number", say("此处应为编号"), min(cursor.pos + (cursor.rest[:1] == " "), len(cursor.text)))
    part, year = _part(cursor, prefix, extra)
    if iteration := cursor.take(ITERATION):
        extra["iteration"] = iteration[1]
    if year is None and (dated := cursor.take(YEAR)):
        year = _checked_year(cursor, dated[1], dated.start(1))
        if dated[2]:
            extra["month"] = dated[2]
    if year is None:
        _no_stray_year(cursor)
    _marks(cursor, extra)
    amendments = _supplements(cursor, extra)
    if joint := cursor.take(JOINT):
        extra["joint"] = f"{joint[1]} {joint[2]}"
    _marks(cursor, extra)
    cursor.finish()
    if prefix == "IEC" and stage in {"PWI", "PNW"} and len(number[1]) < 4:
        cursor.fail("number", say("IEC 工作计划项目应写作 阶段 委员会-顺序号，如 PWI 100-36"), number.start(1))
    return compose_publication(
        raw=cursor.raw,
        family="iso" if "ISO" in prefix or prefix == "IWA" else "iec",
        prefix=prefix,
        nature=kind or "IS",
        number=number[1],
        part=part,
        year=year,
        stage=stage,
        amendments=amendments,
        extra=extra,
    )


def _leading_words(cursor: Cursor) -> tuple[str | None, str | None]:
    """Words before the publisher, as in `GUIDE ISO/CEI 71` and `AWI IWA 36`."""
    stage = kind = None
    if cursor.take(FINAL_PROOF):
        return "PRF", None
    while found := LEADING_WORD.match(cursor.text, cursor.pos):
        word = found[1].upper()
        if word in tables.publishers() or word == "IWA" or not (word in STAGES or word in TYPES):
            break
        stage, kind = STAGES.get(word, stage), TYPES.get(word, kind)
        cursor.pos = found.end()
    return stage, kind


def _publishers(cursor: Cursor, stage: str | None, kind: str | None) -> tuple[str, str | None, str | None]:
    """The publishers and the words between them and the number."""
    marks = tables.publishers()
    found: list[str] = []
    while True:
        word = WORD.match(cursor.text, cursor.pos)
        if not word:
            break
        text = word[2].upper()
        slash = "/" in word[1]
        if text in marks and (not found or slash):
            found.append(marks[text])
        elif text == "IWA" and (not found or found == ["ISO"]):
            found, kind = ["IWA"], "IWA"
        elif text in STAGES and stage in (None, STAGES[text]):
            stage = STAGES[text]
        elif text in TYPES and text != "IWA" and kind in (None, TYPES[text]):
            kind = TYPES[text]
        elif text in TYPED_STAGES and stage is None and kind is None:
            stage, kind = TYPED_STAGES[text]
        elif text in {"SYMBOL", "VIM", "ED"} or not found:
            break
        else:
            cursor.fail("word", say("不认识“{word}”：此处应为出版者、阶段或文件类型", word=word[2]), word.start(2))
        cursor.pos = word.end()
    if not found:
        cursor.fail("publisher", say("此处应为 ISO、IEC 等出版者"))
    if stage and kind:
        stage = MERGED.get((stage, kind), stage)
    return "/".join(found), stage, kind


def _part(cursor: Cursor, prefix: str, extra: dict[str, Any]) -> tuple[str | None, str | None]:
    """The part, and the year where an old hand wrote it after a dash."""
    if found := cursor.take(PART):
        dated = DASHED_YEAR.fullmatch(found[1])
        if dated and not YEAR.match(cursor.text, cursor.pos):
            return dated[1], dated[2]
        if "ISO" not in prefix and (sheet := cursor.take(OLD_PART)):
            extra["sheet"] = sheet[1]
        return found[1], None
    if old := cursor.take(OLD_PART):
        if "ISO" in prefix:
            return old[1], None
        extra["sheet"] = old[1]
    return None, None


def _checked_year(cursor: Cursor, year: str, at: int) -> str:
    if not 1900 <= int(year) <= 2099:
        cursor.fail("year", say("年份 {year} 不可能", year=year), at)
    return year


def _no_stray_year(cursor: Cursor) -> None:
    if re.compile(r" ?[.,]? ?\d{4}(?!\d)").match(cursor.text, cursor.pos):
        cursor.fail("year", say("年份前应为冒号，如 ISO 9001:2015"))
    if re.compile(r" ?:").match(cursor.text, cursor.pos):
        cursor.fail("year", say("冒号后应为四位年份"), cursor.text.index(":", cursor.pos) + 1)


def _supplements(cursor: Cursor, extra: dict[str, Any]) -> str | None:
    """The amendments, corrigenda and sheets, joined as printed; `extra.consolidated` where they are merged in (`+`)."""
    out = ""
    while found := cursor.take(SUPPLEMENT):
        text = _supplement(cursor, found)
        sep = found["sep"]
        if not out:
            if sep == "+":
                extra["consolidated"] = True
        elif sep == "+" and found["kind"].upper() == "COR" and not found["number"]:
            sep = "/"
        out += (sep if out else "") + text
    return out or None


def _supplement(cursor: Cursor, found: re.Match[str]) -> str:
    word, stage = found["kind"].upper(), (found["stage"] or "").upper()
    number, year = found["number"], found["year"]
    if stage and stage not in STAGES:
        cursor.fail("stage", say("不认识的阶段“{stage}”", stage=found["stage"]), found.start("stage"))
    if not number and not year:
        cursor.fail("amendment", say("修改单应有编号"), found.end())
    if year:
        _checked_year(cursor, year, found.start("year"))
    typed = TYPED_SUPPLEMENTS.get(word)
    kind = typed[1] if typed else SUPPLEMENTS[word]
    draft = typed[0] if typed else STAGES.get(stage, "")
    draft = MERGED.get((draft, kind), draft)
    dated = f":{year}" if year else ""
    dated += f"-{found['month']}" if found["month"] else ""
    tail = (number or "") + (f".{found['iteration']}" if found["iteration"] else "") + dated
    iec = not draft and word not in {"SUPPL", "SUP", "ADD", "EXT"} and (not found["gap"] and found["kind"].isupper())
    if word in {"ISH", "FRAG"} or iec:
        number = number or ("1" if kind == "Cor" else "")
        return f"{'AMD' if kind == 'Amd' else kind.upper()}{number}{tail[len(found['number'] or '') :]}"
    printed = draft if draft in {"DAM", "FDAM", "DCOR", "FDCOR", "DSuppl", "FDSuppl", "DAD", "FDAD"} else f"{draft} {kind}".strip()
    return f"{printed} {tail}" if number else f"{printed}{tail}"


def _marks(cursor: Cursor, extra: dict[str, Any]) -> None:
    """Version marks, edition, language and `(all parts)`, in whatever order they come."""
    while True:
        if found := cursor.take(SUFFIX):
            extra["suffix"] = found[1]
        elif found := cursor.take(EDITION):
            extra["edition"] = found[1] or found[2] or "1"
        elif found := cursor.take(ALL_PARTS):
            extra["all_parts"] = True
        elif found := cursor.take(LANGUAGE):
            extra["language"] = ",".join(LANGUAGES.get(mark, mark) for mark in re.split(r"[/,] ?", found[1]))
        else:
            return


def _special(cursor: Cursor) -> Identifier | None:
    """Committee papers, Directives, titled reports and test report forms: whole shapes of their own."""
    text = cursor.text
    if "N" in text and (found := COMMITTEE.match(text)):
        body = re.sub(r"\s*/\s*", "/", found["body"]).strip()
        return compose_publication(
            raw=cursor.raw, family="iso", prefix=found["lead"], nature="TC", region_or_org=body, number=found["number"]
        )
    if "DIR" in text.upper() and (found := DIRECTIVES.match(text)):
        if not (found["number"] or found["sup"]):
            cursor.fail("number", say("此处应为编号"), len(text))
        extra: dict[str, Any] = {name: found[name] for name in ("month",) if found[name]}
        words = [found["jtc"] and f"JTC {found['jtc']}", found["number"], found["body"], found["sup"] and "SUP"]
        extra["directive"] = " ".join(word for word in words if word)
        return compose_publication(
            raw=cursor.raw,
            family="iso" if "ISO" in found["lead"] else "iec",
            prefix=found["lead"],
            nature="DIR",
            number=found["number"],
            year=found["year"],
            extra=extra,
        )
    if text.startswith("IEC ") and (found := TITLED.match(text)):
        return compose_publication(
            raw=cursor.raw, family="iec", prefix="IEC", nature=found["kind"], number=found["number"], year=found["year"]
        )
    if found := REPORT_FORM.match(text):
        extra = {"mark": found["letter"]} if found["letter"] else {}
        extra |= {"version": found["version"]} if found["version"] else {}
        return compose_publication(
            raw=cursor.raw,
            family="iec",
            prefix=found["lead"],
            nature="TRF",
            number=found["number"],
            part=found["part"],
            year=found["year"],
            extra=extra,
        )
    if text.startswith("IECQ ") and (found := IECQ.match(text)):
        return compose_publication(
            raw=cursor.raw,
            family="iec",
            prefix="IECQ",
            nature=found["kind"] or "IS",
            number=found["number"],
            part=found["part"],
            year=found["year"],
        )
    return None


def compose_publication(**parts: Any) -> Identifier:
    """An ISO or IEC identifier from its parts, with its printed form."""
    identifier = Identifier(**parts)
    extra, prefix, kind = identifier.extra, identifier.prefix or "", identifier.nature or "IS"
    if kind == "TC":
        sep = " " if "/" in prefix else "/"
        return replace(identifier, canonical=f"{prefix}{sep}{identifier.region_or_org} N{identifier.number}")
    if kind == "DIR":
        out = f"{prefix} DIR {extra['directive']}"
    else:
        out = prefix + _words(prefix, identifier.stage, kind) + f" {identifier.number}{extra.get('mark', '')}"
    out += f"-{identifier.part}" if identifier.part else ""
    out += extra.get("version", "")
    out += f"/{extra['sheet']}" if "sheet" in extra else ""
    out += f".{extra['iteration']}" if "iteration" in extra else ""
    out += f":{identifier.year}" if identifier.year else ""
    out += f"-{extra['month']}" if "month" in extra else ""
    if identifier.amendments:
        out += ("+" if extra.get("consolidated") else "/") + identifier.amendments
    out += f"|{extra['joint']}" if "joint" in extra else ""
    out += f" {extra['suffix']}" if "suffix" in extra else ""
    out += f" ED{extra['edition']}" if "edition" in extra and (identifier.family == "iec" or not identifier.amendments) else ""
    out += f"({extra['language']})" if "language" in extra else ""
    out += " (all parts)" if extra.get("all_parts") else ""
    return replace(identifier, canonical=out)


def _words(prefix: str, stage: str | None, kind: str) -> str:
    """Stage and kind between publisher and number: a slash after a lone ISO, a space after IEC or several publishers."""
    words = [] if kind in {"IS", "IWA"} else [kind]
    if stage:
        words = [stage] if stage.endswith(kind) and stage != kind else [stage, *words]
    if not words:
        return ""
    lone = prefix in {"ISO", "IWA"} and words != ["Guide"]
    return ("/" if lone else " ") + " ".join(words)
