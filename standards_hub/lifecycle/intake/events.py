"""What can happen to an import of a portfolio. The rows it writes are those of its standards."""

from standards_hub.kernel.events import Event, named
from standards_hub.kernel.messages import say


class PortfolioImported(Event, frozen=True, kw_only=True):
    """The rows of a file were taken in. `notes` are the remarks of the file, by standard."""

    filename: str
    sha256: str
    rows: int
    """Rows of the file that are not blank."""
    taken: int
    left_out: int
    organisations: int
    """Organisations that were put on the register with it."""
    notes: dict[str, str] = {}


class PortfolioUndone(Event, frozen=True, kw_only=True):
    """The import was taken back; each of its standards was erased."""

    reason: str
    erased: int


named(
    {
        PortfolioImported: say("导入台账"),
        PortfolioUndone: say("撤销台账导入"),
    }
)
