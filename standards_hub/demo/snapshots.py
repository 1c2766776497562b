"""What the officer of the example office does about its plan: targets divided, snapshots signed at the ends of months, one corrected."""

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.kernel.work import Work
from standards_hub.linkage.allotments import service as allotments
from standards_hub.linkage.allotments.schemas import NewAllotment
from standards_hub.linkage.allotments.values import Axis, Cell, Mode
from standards_hub.linkage.snapshots import service

SIGNED_AFTER = timedelta(days=2)


class CorrectedLine(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    as_of: date
    reason: str


class AllottedLine(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    target: str
    axes: list[Axis]
    cells: list[Cell]
    mode: Mode = "period"


class Lines(Struct, frozen=True, forbid_unknown_fields=True):
    signed: list[date]
    corrected: list[CorrectedLine]
    allotted: list[AllottedLine]


@cache
def lines(path: Path = fixtures.FOLDER / "snapshots.toml") -> Lines:
    return msgspec.toml.decode(path.read_bytes(), type=Lines)


Doing = Callable[[Work], Coroutine[Any, Any, Any]]


class Snapshots:
    """Does it, in order, as the days pass."""

    def __init__(self, office: Office) -> None:
        self.office = office
        found = [(one.on, _divide(one)) for one in lines().allotted]
        found += [(day + SIGNED_AFTER, _sign(day)) for day in lines().signed]
        found += [(one.on, _correct(one)) for one in lines().corrected]
        self._acts: list[tuple[date, Doing]] = sorted(found, key=lambda act: act[0])

    async def until(self, day: date) -> None:
        """Everything that was to be done before a day."""
        while self._acts and self._acts[0][0] < day:
            on, act = self._acts.pop(0)
            await self.office.act(on, "officer", act)


def _divide(one: AllottedLine) -> Doing:
    given = NewAllotment(
        axes=one.axes, cells=one.cells, mode=one.mode, source="示例：年度任务分解方案", reason="示例：按年度和领域落实任务"
    )  # fmt: skip
    return lambda work: allotments.allot(work, fixtures.plan().key, one.target, given)


def _sign(day: date) -> Doing:
    return lambda work: service.sign(work, fixtures.plan().key, day)


def _correct(one: CorrectedLine) -> Doing:
    async def act(work: Work) -> None:
        stands = service.standing(await service.listing(work, fixtures.plan().key), one.as_of)
        assert stands is not None
        await service.correct(work, fixtures.plan().key, stands.n, one.reason)

    return act
