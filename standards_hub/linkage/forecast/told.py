"""The histories of a plan's standards, from the same replay of the log that counting is fed with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from standards_hub.linkage.counting import ENDED, HALTED
from standards_hub.linkage.forecast.histories import History, Stay

Row = Mapping[str, Any]
Rows = Mapping[UUID, Sequence[Row]]


def told(standards: Iterable[Row], visits: Rows, deadlines: Rows) -> list[History]:
    """The way of each standard as a replay of its events left it, in the order of their ids."""
    return sorted((_history(row, visits.get(row["id"], ()), deadlines.get(row["id"], ())) for row in standards), key=lambda one: one.id)


def _history(row: Row, visits: Sequence[Row], deadlines: Sequence[Row]) -> History:
    ordered = sorted(visits, key=lambda visit: visit["entered_on"])
    stays = tuple(Stay(visit["step"], visit["entered_on"], visit["left_on"]) for visit in ordered)
    last = ordered[-1]["entered_on"] if ordered else row["step_entered_on"]
    ended = halted = None
    if row["status"] in ENDED:
        ended = (ordered[-1]["left_on"] if ordered else None) or _stopped(deadlines, "executed") or last
    elif row["status"] in HALTED:
        halted = _stopped(deadlines, "executed" if row["status"] == "frozen" else "paused") or last
    return History(str(row["id"]), row["level"], row["track"], stays, ended, halted)


def _stopped(deadlines: Sequence[Row], state: str) -> date | None:
    """The last day on which a limit came into a state."""
    return max((limit["ended_on"] for limit in deadlines if limit["state"] == state and limit["ended_on"]), default=None)
