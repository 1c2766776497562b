"""Numbers that know what they count: a mark in a sentence or beside a cell, which a page turns into a link and paper leaves out."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from standards_hub.documents.report.model import Paragraph

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
"""Characters of private use, which `wording.clean` takes out of everything typed."""
MARK = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")


def behind(**chosen: Any) -> str:
    """The selection a number stands for, as the query of an address."""
    return urlencode([(name, one) for name, value in chosen.items() if value for one in (value if isinstance(value, tuple) else (value,))])


def to_standard(id: str, as_of: date) -> str:
    """The page of a standard as it stood on a day."""
    return f"/standards/{quote(id)}?on={as_of}"


def to_project(project_no: str) -> str:
    """Where a project is found by its number, which may change."""
    return "/projects?" + urlencode({"q": project_no})


def to_evidence(number: str) -> str:
    """Where a piece of evidence is found by its number, which never changes."""
    return f"/evidence/{quote(number)}"


def to_plan(key: str) -> str:
    """The page of a plan, where its targets stand in all their versions."""
    return f"/plans/{quote(key)}"


def join(addresses: Iterable[str]) -> str:
    """What stands behind a cell that names several things, in their order; no address has a space in it."""
    return " ".join(addresses)


def to_table(key: str) -> str:
    """A table of the same report."""
    return f"#table-{key}"


def n(number: int, **chosen: Any) -> str:
    """A number in a sentence with the selection it counts; nothing leads nowhere."""
    return marked(number, behind(**chosen))


def marked(number: int, behind: str) -> str:
    """A number in a sentence with what stands behind it: a selection, or an address; nothing leads nowhere."""
    return f"{OPEN}{behind}{MIDDLE}{number}{CLOSE}" if number else str(number)


def paragraph(text: str) -> Paragraph:
    """A sentence as it is printed, and beside it the one with its marks."""
    plain = MARK.sub(r"\2", text)
    return Paragraph(plain, marked=text if plain != text else "")
