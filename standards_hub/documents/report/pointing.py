"""Numbers that know what they count: a mark in a sentence or beside a cell, which a page turns into a link and paper leaves out."""

import re
from typing import Any
from urllib.parse import urlencode

from standards_hub.documents.report.model import Paragraph

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
"""Characters of private use, which `wording.clean` takes out of everything typed."""
MARK = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")


def behind(**chosen: Any) -> str:
    """The selection a number stands for, as the query of an address."""
    return urlencode([(name, one) for name, value in chosen.items() if value for one in (value if isinstance(value, tuple) else (value,))])


def n(number: int, **chosen: Any) -> str:
    """A number in a sentence with the selection it counts; nothing leads nowhere."""
    return f"{OPEN}{behind(**chosen)}{MIDDLE}{number}{CLOSE}" if number else str(number)


def paragraph(text: str) -> Paragraph:
    """A sentence as it is printed, and beside it the one with its marks."""
    plain = MARK.sub(r"\2", text)
    return Paragraph(plain, marked=text if plain != text else "")
