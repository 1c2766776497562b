"""Lists as files for spreadsheets: CSV in UTF-8 with a BOM, in which nothing is taken for a formula."""

import codecs
import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def guarded(text: str) -> str:
    """The text, with a `'` before it where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def sheet(lines: Iterable[Iterable[str]]) -> bytes:
    """Lines of texts as a file that Excel opens as it stands."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([guarded(value) for value in line] for line in lines)
    return codecs.BOM_UTF8 + text.getvalue().encode()
