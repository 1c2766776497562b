"""The snapshots of the example office: signed by its officer at the ends of months, and one of them corrected."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.kernel.work import Work
from standards_hub.linkage.snapshots import service

SIGNED_AFTER = timedelta(days=2)


class CorrectedLine(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    as_of: date
    reason: str


class Lines(Struct, frozen=True, forbid_unknown_fields=True):
    signed: list[date]
    corrected: list[CorrectedLine]


@cache
def lines(path: Path = fixtures.FOLDER / "snapshots.toml") -> Lines:
    return msgspec.toml.decode(path.read_bytes(), type=Lines)


class Snapshots:
    """Signs them, in order, as the days pass."""

    def __init__(self, office: Office) -> None:
        self.office = office
        found = [(day + SIGNED_AFTER, day, "") for day in lines().signed]
        self._acts = sorted([*found, *((one.on, one.as_of, one.reason) for one in lines().corrected)])

    async def until(self, day: date) -> None:
        """Everything that was to be signed before a day."""
        while self._acts and self._acts[0][0] < day:
            on, as_of, reason = self._acts.pop(0)

            async def act(work: Work, as_of: date = as_of, reason: str = reason) -> None:
                plan = fixtures.plan().key
                if not reason:
                    await service.sign(work, plan, as_of)
                elif stands := service.standing(await service.listing(work, plan), as_of):
                    await service.correct(work, plan, stands.n, reason)

            await self.office.act(on, "officer", act)
