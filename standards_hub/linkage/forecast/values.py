"""A forecast as values: for each target a range or why there is none, and what past origins came to."""

from datetime import date
from typing import Literal

from msgspec import Struct

from standards_hub.kernel.messages import Message

State = Literal["range", "insufficient", "reached", "over", "none"]
"""`reached`: the target is met already; `over`: its day is past; `none`: nothing under way. Only `range` has numbers to print."""


class Past(Struct, frozen=True):
    """One origin: what would have been said on that day for so long ahead, and what came."""

    origin: date
    until: date
    under_way: int
    expected: float
    low: int
    """The band that is checked, its lower end."""
    high: int
    came: int
    """Of those under way on that day, how many had arrived by the end."""
    beside: int
    """How many arrived that were not under way on that day."""
    score: float
    """Ranked probability score."""
    brier: float
    flat: float
    """The Brier score of a flat past rate, which knows nothing of the age at the step."""

    @property
    def inside(self) -> bool:
        return self.low <= self.came <= self.high


class Foreseen(Struct, frozen=True):
    """What is foreseen of one target; its numbers of arrivals come on top of what counts, and never count."""

    key: str
    state: State
    due: date
    counted: int
    under_way: int
    halted: int
    expected: float = 0.0
    low: int = 0
    middle: int = 0
    high: int = 0
    shock: float = 0.0
    """The spread of the shared shock that the range rests on."""
    moves: int = 0
    """Moves from step to step that were seen on its routes."""
    why: Message | None = None
    """Why there are no numbers."""
    past: tuple[Past, ...] = ()

    @property
    def covered(self) -> int:
        return sum(one.inside for one in self.past)

    @property
    def range(self) -> tuple[int, int] | None:
        """The total by the day, from the lower to the upper end; none where there is none to print."""
        return (self.counted + self.low, self.counted + self.high) if self.state == "range" else None

    def mean(self, name: Literal["score", "brier", "flat"]) -> float | None:
        """The mean of a score over the past origins."""
        return sum(getattr(one, name) for one in self.past) / len(self.past) if self.past else None


class Forecast(Struct, frozen=True):
    """All targets of a plan as of a day, and last the whole of them."""

    as_of: date
    version: str
    hash: str
    """Version and hash of the assumptions."""
    histories: int
    sampled: int
    """How many of the histories were read; fewer than there are in a very large plan."""
    targets: tuple[Foreseen, ...]
    total: Foreseen

    def of(self, key: str) -> Foreseen:
        return next((one for one in self.targets if one.key == key), self.total)

    @property
    def open(self) -> bool:
        """Whether the day of any target is still to come."""
        return any(one.state != "over" for one in self.targets)
