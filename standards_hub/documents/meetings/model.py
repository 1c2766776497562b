"""What a paper of a meeting is made of: one object, printed as DOCX and as PDF."""

from collections.abc import Sequence

from msgspec import Struct


class Heading(Struct, frozen=True):
    text: str


class Paragraph(Struct, frozen=True):
    text: str
    style: str = ""
    """`right` for who issued it and when, `flush` for lines without indent, `kept` for what stays on the page of what stands before it, as those do."""


class Table(Struct, frozen=True):
    """Columns with their widths in millimetres, 156 in all. A table without heads is one of pairs."""

    widths: tuple[int, ...]
    rows: Sequence[tuple[str, ...]]
    heads: tuple[str, ...] = ()
    tall: bool = False
    """Rows with room to sign in."""


Block = Heading | Paragraph | Table


class Paper(Struct, frozen=True):
    """A paper; it is in Chinese, for that is what is signed."""

    name: str
    title: str
    subtitle: str
    blocks: list[Block]
    draft: bool = False
    """Whether it may still change, which every page then says."""
