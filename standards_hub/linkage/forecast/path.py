"""From the step where a standard stands to publication: waiting times of the steps folded into one another, exactly, week by week. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Number = Any
Leaving = Mapping[str, Sequence[Number]]
"""For each step that may come next the share that goes there after 0, 1, 2 … weeks. What goes nowhere has ended, or stays."""


def reached(steps: Sequence[str], leaving: Mapping[str, Leaving], goal: str, horizon: int) -> dict[str, list[Number]]:
    """For each step the share that has reached the goal within 0, 1, … `horizon` weeks of entering it.

    `steps` gives the order; a way back to an earlier step takes at least a week, so its first entry must be 0.
    """
    found: dict[str, list[Number]] = {step: [] for step in steps}
    place = {step: at for at, step in enumerate(steps)}
    for weeks in range(horizon + 1):
        for step in reversed(steps):
            if step == goal or place[step] > place[goal]:
                found[step].append(1)
                continue
            total: Number = 0
            for to, shares in leaving.get(step, {}).items():
                onward = found[to]
                for waited in range(min(weeks, len(shares) - 1) + 1):
                    if shares[waited] and (waited or place[to] > place[step]):
                        total += shares[waited] * onward[weeks - waited]
            found[step].append(total)
    return found


def onward(leaving: Leaving, reach: Mapping[str, Sequence[Number]], age: int, alive: Number, horizon: int) -> Number:
    """The share of those still at a step at an age that reaches the goal within the horizon.

    `leaving` tells the step's shares from age 0, `alive` the share still there after `age`.
    """
    if not alive:
        return 0 * alive
    total: Number = 0 * alive
    for to, shares in leaving.items():
        arrive = reach[to]
        for waited in range(1, min(horizon, len(shares) - 1 - age) + 1):
            if share := shares[age + waited]:
                total += share * arrive[horizon - waited]
    return total / alive
