"""What a comment sheet holds, whatever kind of file it came in."""

from typing import Literal

from msgspec import Struct

from standards_hub.committees.comments.values import CommentType, Disposition
from standards_hub.kernel.messages import Message

Column = Literal["serial", "author", "line", "clause", "element", "type", "text", "proposed", "justification", "observation", "remark"]


class Picture(Struct, frozen=True):
    media_type: str
    data: bytes


class Rich(Struct, frozen=True):
    """A cell with more than plain words in it: its cleaned WordprocessingML, in which pictures are named by their SHA-256."""

    xml: str
    pictures: dict[str, Picture] = {}


class Cells(Struct, frozen=True):
    """The cells of a comment that keep their markup; none where the words say it all."""

    text: Rich | None = None
    proposed: Rich | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """A comment as a row of a sheet; `row` counts the rows of its table from 1, the heads included."""

    row: int
    text: str
    author: str = ""
    line: str = ""
    clause: str = ""
    element: str = ""
    type: CommentType | None = None
    proposed: str = ""
    disposition: Disposition | None = None
    reason: str = ""
    """Why it was so decided; or what stands in the cell where no decision can be read."""
    remark: str = ""
    cells: Cells = Cells()


class Fault(Struct, frozen=True):
    """Something wrong in a sheet, at a cell, with the mend. A row with a fatal fault is not taken in."""

    row: int | None
    column: Message | None
    why: Message
    fatal: bool = True


class Head(Struct, frozen=True):
    """The title block of a sheet."""

    title: str = ""
    """The name of the standard, or the project of an ISO sheet."""
    document: str = ""
    date: str = ""
    lead: str = ""
    """负责起草单位"""
    handler: str = ""
    """承办人, or whom to ask at the one who comments"""
    phone: str = ""
    email: str = ""
    author: str = ""
    """Who comments, where the whole sheet is one organisation's."""


class Statistics(Struct, frozen=True):
    """The foot of the Chinese table: to how many the draft was sent, and what came of it."""

    sent: int = 0
    replied: int = 0
    with_comments: int = 0

    @property
    def silent(self) -> int:
        """How many did not reply."""
        return max(self.sent - self.replied, 0)


class Sheet(Struct, frozen=True):
    form: str
    head: Head
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
