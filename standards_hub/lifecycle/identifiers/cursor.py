"""Text on its way to being understood: one width, one dash, one space, and a finger on the current character."""

import re
from collections.abc import Callable
from typing import NoReturn

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.identifiers.model import Identifier, IdentifierError

Nested = Callable[[str, int], Identifier]
"""Parses an identifier that stands inside another, given where in the normalised text it begins."""

LONGEST = 300
"""Characters an identifier may have; the longest real one in the ISO, IEC and ITU catalogues has fewer than 90."""

_DASHES = "‐‑‒–—―−─﹣－"
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ALIKE = "ıİſ\u212a"
"""Letters that a regular expression takes for i, s and k when it ignores case."""
_WIDTHS = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _DASHES), ord("-")),
    **dict.fromkeys(map(ord, _SPACES), ord(" ")),
    ord("×"): ord("X"),
    ord("〔"): ord("("),
    ord("〕"): ord(")"),
}


def normalise(raw: str) -> str:
    """Widths, dashes and spaces made one; runs of spaces collapsed. Raises `IdentifierError` on empty, long or unprintable text."""
    if len(raw) > LONGEST:
        raise IdentifierError("long", say("标识最长 {longest} 个字符，此处有 {length} 个", longest=LONGEST, length=len(raw)), LONGEST)
    text = raw.strip().translate(_WIDTHS)
    if not text.isprintable():
        lead = len(raw) - len(raw.lstrip())
        at = next(i for i, char in enumerate(text) if not char.isprintable())
        raise IdentifierError("control", say("含不可见的控制字符 U+{code}，请删去", code=f"{ord(text[at]):04X}"), lead + at)
    if not text.isascii() and (foreign := next((char for char in text if char.isdigit() and not char.isascii()), None)):
        raise IdentifierError("digit", say("“{digit}”不是阿拉伯数字 0—9", digit=foreign), raw.index(foreign))
    if alike := next((char for char in text if char in _ALIKE), None):
        raise IdentifierError("letter", say("“{letter}”不是拉丁字母 A—Z", letter=alike), raw.index(alike))
    if "  " in text:
        text = re.sub(" +", " ", text)
    if not text.strip():
        raise IdentifierError("empty", say("标识为空"), 0)
    return text.strip()


def raw_position(raw: str, position: int) -> int:
    """The character of `raw` that became character `position` of `normalise(raw)`."""
    kept, before = [], " "
    for index, char in enumerate(raw):
        char = char.translate(_WIDTHS)
        char = " " if char.isspace() else char
        if not (char == " " and before == " "):
            kept.append(index)
        before = char
    return kept[position] if position < len(kept) else len(raw.rstrip())


class Cursor:
    """Normalised text, and how far it has been read."""

    __slots__ = ("pos", "raw", "text")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = normalise(raw)
        self.pos = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read `pattern` here, or nothing."""
        found = pattern.match(self.text, self.pos)
        if found:
            self.pos = found.end()
        return found

    @property
    def rest(self) -> str:
        return self.text[self.pos :]

    @property
    def done(self) -> bool:
        return self.pos >= len(self.text)

    def fail(self, code: str, why: Message, at: int | None = None) -> NoReturn:
        """Raise what is wrong at normalised position `at` (here if not given), told as a position in the raw text."""
        raise IdentifierError(code, why, raw_position(self.raw, self.pos if at is None else at))

    def finish(self) -> None:
        """Nothing may be left."""
        if not self.done:
            self.fail("rest", say("“{rest}”不应出现在这里", rest=self.rest[:40]))
