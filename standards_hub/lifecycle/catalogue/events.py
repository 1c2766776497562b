"""The one event of the catalogue: a file was imported."""

from typing import ClassVar

from msgspec import Struct

from standards_hub.kernel.events import Event, named
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Subject


class Import(Subject, kw_only=True):
    """The stream of one import."""

    stream_kind: ClassVar[str] = "import"


class Counts(Struct, kw_only=True):
    """What became of the records of a file; `read` is the sum of the others, `relations` those that now stand."""

    read: int = 0
    written: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0


class CatalogueImported(Event, frozen=True, kw_only=True):
    """A file of the catalogue was read to its end."""

    format: str
    filename: str
    sha256: str
    counts: dict[str, int]


named(
    {
        CatalogueImported: say("导入目录库"),
    }
)
