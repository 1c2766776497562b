"""How long a stay at a step lasts and how it ends: Aalen-Johansen estimates on a grid of whole units, with ties and late entry. Pure.

An end for one cause competes with the others: what was terminated is not "still coming", as censoring it would pretend.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

Number = Any
"""Float where it is used, `Fraction` where a test wants the exact answer."""


class Spell(Struct, frozen=True):
    """One stay: seen from an age on, until an age at which it ended for a cause, or at which it was last seen."""

    age: int
    cause: str | None
    """None where it had not ended (censored)."""
    seen: int = 0
    """Not at risk before: the stay was already that old when it came into sight (left truncation)."""


class Incidence(Struct, frozen=True):
    """By age from 0: the share still there after it, and for each cause the share that has left for it by then."""

    survival: tuple[Number, ...]
    caused: Mapping[str, tuple[Number, ...]]

    def between(self, cause: str, after: int, until: int) -> Number:
        """The share that leaves for a cause after one age and by another, of those still there after the first."""
        alive = self.survival[after]
        return (self.caused[cause][until] - self.caused[cause][after]) / alive if alive else 0 * alive


def incidence(
    spells: Iterable[Spell], until: int, *, prior: Mapping[str, Number] | None = None, weight: int = 0, one: Number = 1.0
) -> Incidence:
    """The estimate up to an age. At each age the hazard is (ends + weight × prior) / (at risk + weight).

    With no `weight` this is the plain estimator. Otherwise `prior` gives a rate a unit for each cause, which holds where few were seen
    and gives way where many were; `one` chooses the kind of number.
    """
    prior, spells = prior or {}, list(spells)
    causes = dict.fromkeys([*prior, *sorted({s.cause for s in spells if s.cause is not None})])
    ends: dict[int, dict[str, int]] = {}
    steps = [0] * (until + 2)  # changes of the number at risk
    for spell in spells:
        first = spell.seen + 1 if spell.seen else 0
        if first > spell.age or first > until:
            continue
        steps[first] += 1
        if spell.age < until:
            steps[spell.age + 1] -= 1
        if spell.cause is not None and spell.age <= until:
            ended = ends.setdefault(spell.age, {})
            ended[spell.cause] = ended.get(spell.cause, 0) + 1
    alive, at_risk = one, 0
    total = {cause: 0 * one for cause in causes}
    survival: list[Number] = []
    caused: dict[str, list[Number]] = {cause: [] for cause in causes}
    nothing: dict[str, int] = {}
    for age in range(until + 1):
        at_risk += steps[age]
        ended, base = ends.get(age, nothing), at_risk + (weight if age else 0)
        lost = 0 * one
        if base and (ended or (weight and age)):
            for cause in causes:
                share = alive * (ended.get(cause, 0) + (weight * prior.get(cause, 0) if age else 0)) / base
                total[cause] += share
                lost += share
        alive -= lost
        survival.append(alive)
        for cause in causes:
            caused[cause].append(total[cause])
    return Incidence(tuple(survival), {cause: tuple(values) for cause, values in caused.items()})


def rates(
    ends: Mapping[str, int], exposure: Number, *, prior: Mapping[str, Number] | None = None, weight: Number = 0, one: Number = 1.0
) -> dict[str, Number]:
    """Ends a unit of time for each cause, whatever the age; drawn to `prior` as if it had been seen for `weight` units."""
    prior, seen = prior or {}, exposure + weight * one
    return {
        cause: min(one, one * (ends.get(cause, 0) + weight * prior.get(cause, 0)) / seen) if seen else 0 * one
        for cause in dict.fromkeys([*prior, *ends])
    }
