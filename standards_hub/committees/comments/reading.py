"""The text of a draft by clause, for people who comment: from a DOCX, or from plain text; other files are read as they are."""

import re
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from standards_hub.committees.comments.sheets.cells import line_of
from standards_hub.committees.comments.sheets.ooxml import w
from standards_hub.committees.comments.sheets.package import Package
from standards_hub.kernel.errors import HubError

HEADING = re.compile(
    r"(?:第\s*)?(\d{1,2}(?:\.\d{1,3}){0,5}|附\s*录\s*[A-Z]|[A-Z](?:\.\d{1,3}){1,5}|Annex [A-Z])(?=$|[\s　　、.．（(])[\s　、.．]*(.*)"
)
NAMED = ("前言", "引言", "参考文献", "Foreword", "Introduction", "Bibliography")
LONGEST_TITLE = 60
MOST_PARAGRAPHS = 5000
MOST_LETTERS = 400_000


class Clause(Struct, frozen=True):
    """A clause with its paragraphs; what stands before the first has no number."""

    number: str
    title: str
    paragraphs: tuple[str, ...]


@lru_cache(maxsize=32)
def clauses_of(path: Path, filename: str) -> tuple[Clause, ...]:
    """The clauses of a kept file, none where its text cannot be read here. A file under its hash never changes, so it is read once."""
    content = path.read_bytes()
    try:
        if filename.lower().endswith(".docx"):
            return _clauses(_paragraphs(content))
        if filename.lower().endswith((".txt", ".md")):
            return _clauses(_decoded(content).splitlines())
    except HubError:
        pass
    return ()


def _paragraphs(content: bytes) -> list[str]:
    package = Package.of(content)
    return [line_of(paragraph) for paragraph in package.document.iter(w("p"))]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _clauses(lines: list[str]) -> tuple[Clause, ...]:
    made: list[Clause] = []
    number, title, letters = "", "", 0
    held: list[str] = []
    for line in (each.strip() for each in lines[:MOST_PARAGRAPHS]):
        letters += len(line)
        if not line or letters > MOST_LETTERS:
            continue
        found = HEADING.fullmatch(line)
        named = re.sub(r"\s", "", line) in NAMED
        if named or (found and len(found[2]) <= LONGEST_TITLE):
            if number or held:
                made.append(Clause(number, title, tuple(held)))
            number, title = (re.sub(r"\s", "", line), "") if found is None else (re.sub(r"(?<=[附录])\s+", "", found[1]), found[2])
            held = []
        else:
            held.append(line)
    if number or held:
        made.append(Clause(number, title, tuple(held)))
    return tuple(made)
