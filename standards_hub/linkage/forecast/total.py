"""How many of the work under way arrive: sums of unequal chances, one by one or under a shock that all share. Pure, and the same every time."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from msgspec import Struct

Number = Any
NEGLIGIBLE = 1e-15


class Spread(Struct, frozen=True):
    """A distribution of whole numbers: the chance of `first`, of the number after it, and so on."""

    first: int
    chances: tuple[Number, ...]

    def at_least(self, number: int) -> Number:
        return sum(self.chances[max(0, number - self.first) :])

    @property
    def mean(self) -> Number:
        return sum((self.first + at) * chance for at, chance in enumerate(self.chances))

    def quantile(self, share: Number) -> int:
        """The least number that is not exceeded with this chance; a rounding error of floats does not push it up."""
        reached: Number = 0
        for at, chance in enumerate(self.chances):
            reached += chance
            if reached >= share - (1e-12 if isinstance(reached, float) else 0):
                return self.first + at
        return self.first + len(self.chances) - 1


def arrivals(chances: Iterable[Number]) -> Spread:
    """How many arrive, each with its own chance (Poisson-binomial), one item folded in after another."""
    first, found = 0, [1]
    for chance in chances:
        if not chance:
            continue
        if chance == 1:
            first += 1
            continue
        missed = 1 - chance
        found = [
            (found[at] * missed if at < len(found) else 0) + (found[at - 1] * chance if at else 0) for at in range(len(found) + 1)
        ]  # fmt: skip
        if isinstance(chance, float):
            while len(found) > 1 and found[-1] < NEGLIGIBLE:
                found.pop()
            while len(found) > 1 and found[0] < NEGLIGIBLE:
                found.pop(0)
                first += 1
    return Spread(first, tuple(found))


def many(groups: Mapping[float, int], exact: int) -> Spread:
    """How many arrive of groups of equal chances: exactly up to so many items, beyond that by the normal distribution, cut into whole numbers."""
    known = sum(number for chance, number in groups.items() if chance >= 1)
    open_ = {chance: number for chance, number in groups.items() if 0 < chance < 1}
    if sum(open_.values()) <= exact:
        found = arrivals(chance for chance in sorted(open_) for _ in range(open_[chance]))
        return Spread(found.first + known, found.chances)
    mean = math.fsum(chance * number for chance, number in open_.items())
    deviation = math.sqrt(math.fsum(chance * (1 - chance) * number for chance, number in open_.items()))
    low = max(0, math.floor(mean - 8 * deviation))
    high = min(sum(open_.values()), math.ceil(mean + 8 * deviation))
    below = [0.0, *(_normal((number + 0.5 - mean) / deviation) for number in range(low, high)), 1.0]
    return Spread(low + known, tuple(b - a for a, b in pairwise(below)))


def _normal(at: float) -> float:
    return 0.5 * (1 + math.erf(at / math.sqrt(2)))


def mixed(parts: Sequence[tuple[Number, Spread]]) -> Spread:
    """One distribution or another, each with its weight."""
    first = min(spread.first for _, spread in parts)
    last = max(spread.first + len(spread.chances) for _, spread in parts)
    found: list[Number] = [0] * (last - first)
    for weight, spread in parts:
        for at, chance in enumerate(spread.chances, spread.first - first):
            found[at] += weight * chance
    return Spread(first, tuple(found))


def shaken(groups: Mapping[float, int], sigma: float, *, nodes: int, exact: int) -> Spread:
    """The same under a shock that all share: each chance becomes 1 − (1 − p)^θ, with θ log-normal of mean 1 and spread `sigma`."""
    if not sigma:
        return many(groups, exact)
    parts = []
    for at, weight in hermite(nodes):
        theta = math.exp(sigma * math.sqrt(2) * at - sigma * sigma / 2)
        shifted: dict[float, int] = {}
        for chance, number in groups.items():
            moved = 1 - (1 - chance) ** theta
            shifted[moved] = shifted.get(moved, 0) + number
        parts.append((weight, many(shifted, exact)))
    return mixed(parts)


@cache
def hermite(number: int) -> tuple[tuple[float, float], ...]:
    """Nodes of Gauss–Hermite quadrature with weights that add up to 1 (those of the normal distribution)."""
    found = [(at, 1 / _hermite(number - 1, at) ** 2) for at in _roots(number)]
    total = math.fsum(weight for _, weight in found)
    return tuple((at, weight / total) for at, weight in found)


def _hermite(degree: int, at: float) -> float:
    """The normalised Hermite polynomial, so that high degrees stay small."""
    before, here = 0.0, 1.0
    for n in range(1, degree + 1):
        before, here = here, at * math.sqrt(2 / n) * here - math.sqrt((n - 1) / n) * before
    return here


def _roots(degree: int) -> list[float]:
    """The roots of the polynomial, each halved down to between two changes of sign on a fine grid."""
    bound, parts = math.sqrt(2 * degree + 1), 40 * degree + 1  # an odd number, so that no point is the root 0
    grid = [(at, _hermite(degree, at)) for at in (bound * (2 * n / parts - 1) for n in range(parts + 1))]
    found = []
    for (low, below), (high, above) in pairwise(grid):
        if below * above > 0:
            continue
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if below * _hermite(degree, middle) <= 0 else (middle, high)
        found.append((low + high) / 2)
    return found


def shock(past: Sequence[tuple[int, float, float, float]], *, prior: float, weight: float, most: float) -> float:
    """The spread of the shared shock that past forecasts call for, drawn to `prior` as if that were so many of them.

    Each is what came, the mean and the variance said without a shock, and how much the mean moves with θ. By moments: what the
    squared misses exceed the variance by, in units of that movement.
    """
    moved = math.fsum(slope * slope for _, _, _, slope in past)
    excess = math.fsum((came - mean) ** 2 - variance for came, mean, variance, _ in past)
    number = len(past)
    found = max(0.0, excess / moved) if moved else 0.0
    variance = (weight * math.expm1(prior * prior) + number * found) / (weight + number)
    return min(most, math.sqrt(math.log1p(variance)))


def moments(groups: Mapping[float, int]) -> tuple[float, float, float]:
    """Mean and variance of the number of arrivals without a shock, and how much the mean moves with θ around 1."""
    mean = math.fsum(p * n for p, n in groups.items())
    variance = math.fsum(p * (1 - p) * n for p, n in groups.items())
    slope = math.fsum(-(1 - p) * math.log(1 - p) * n for p, n in groups.items() if 0 < p < 1)
    return mean, variance, slope
