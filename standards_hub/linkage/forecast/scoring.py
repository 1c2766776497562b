"""How good a forecast was, once its day has passed: proper scores for items and for counts. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from standards_hub.linkage.forecast.total import Spread

Number = Any


def brier(said: Sequence[Number], came: Sequence[int]) -> Number:
    """Mean squared error of the chances of single items; 0 is perfect."""
    return sum((chance - one) ** 2 for chance, one in zip(said, came, strict=True)) / len(said)


def ranked(spread: Spread, came: int) -> Number:
    """Ranked probability score: the squared distance of the two cumulative distributions; 0 is perfect."""
    below: Number = 0
    found: Number = 0
    last = max(spread.first + len(spread.chances) - 1, came)
    for number in range(min(spread.first, came), last + 1):
        at = number - spread.first
        below += spread.chances[at] if 0 <= at < len(spread.chances) else 0
        found += (below - (number >= came)) ** 2
    return found


def pinball(quantile: Number, share: Number, came: int) -> Number:
    """The loss of a quantile: misses above and below weigh as the quantile's share says."""
    return (came - quantile) * share if came >= quantile else (quantile - came) * (1 - share)


def pit(spread: Spread, came: int) -> tuple[Number, Number]:
    """Where the outcome lies in what was said: the chance of less than it, and of no more than it (not randomised)."""
    at = came - spread.first
    below = sum(spread.chances[: max(0, at)])
    return below, below + (spread.chances[at] if 0 <= at < len(spread.chances) else 0)


def covered(bands: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """How many outcomes lay in their bands, of how many; each is the low end, the high end and what came."""
    inside = [low <= came <= high for low, high, came in bands]
    return sum(inside), len(inside)
