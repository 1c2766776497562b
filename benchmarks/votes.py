"""Counting a file of single votes, beside only decoding it."""

import time
from collections.abc import Callable

import msgspec

from standards_hub.committees.ballots import poll
from standards_hub.committees.ballots.rules import rule_of
from standards_hub.committees.ballots.tally import tally


def measure(count: int = 10_000, turns: int = 9) -> tuple[float, float]:
    """Seconds to read and count so many votes by the rule of a DIS, and to decode the same JSON and no more; the best of each."""
    choices = ("approve", "approve", "approve", "against", "abstain")
    votes = [{"voter": f"member {n}", "vote": choices[n % 5], "reason": "为什么", "p_member": n % 2 == 0} for n in range(count)]
    data = msgspec.json.encode({"eligible": count, "ballots": votes})
    tally(rule_of("ISO-DIS"), poll.read(data))  # reads the rules and the English once
    pairs = [(_taken(lambda: tally(rule_of("ISO-DIS"), poll.read(data))), _taken(lambda: msgspec.json.decode(data))) for _ in range(turns)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def _taken(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
