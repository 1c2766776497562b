"""The ballots of the example office, through the services, each act on its day."""

from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from standards_hub.committees.ballots import repository, service
from standards_hub.committees.ballots.schemas import CountsIn, NewBallot, RecordedVote
from standards_hub.committees.ballots.values import Form, Invited, MemberBody, Recusal
from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Work

WHY = "示例：见函审单所附意见"


class BallotLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ballot of the fixture, on a standard of the portfolio or on what its title says; `p` and `o` are numbers of invented member bodies."""

    committee: str
    rule: str
    title: str | None = None
    standard: str | None = None
    opened: date
    closes: date
    form: Form = "letter"
    people: list[str] = []
    p: int = 0
    o: int = 0
    recused: dict[str, str] = {}
    votes: dict[str, int] = {}
    experts: int = 0
    counts: dict[str, int] = {}


class _Ballots(Struct, frozen=True, forbid_unknown_fields=True):
    ballots: list[BallotLine]


@cache
def lines(path: Path = fixtures.FOLDER / "ballots.toml") -> list[BallotLine]:
    """The ballots, by the day they opened."""
    return sorted(msgspec.toml.decode(path.read_bytes(), type=_Ballots).ballots, key=lambda one: (one.opened, one.title or ""))


class Ballots:
    """Holds the ballots, in order, as the days pass."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._acts: list[tuple[date, int, BallotLine]] = sorted(
            [(one.opened, n, one) for n, one in enumerate(lines())]
            + [(one.closes + timedelta(days=1), n, one) for n, one in enumerate(lines())],
            key=lambda act: act[:2],
        )
        self._ids: dict[int, Any] = {}

    async def until(self, day: date) -> None:
        """Let everything happen that is dated up to this day."""
        while self._acts and self._acts[0][0] <= day:
            on, n, one = self._acts.pop(0)
            if n not in self._ids:
                self._ids[n] = await self.office.act(on, self._secretary(one), partial(self._hold, one))
            else:
                async with self.office.on_day(on).work(SYSTEM) as work:
                    await service.close_by_clock(work, self._ids[n])
                    await work.commit()

    def _secretary(self, one: BallotLine) -> str:
        held = fixtures.register().accounts
        return next(login for login, account in held.items() if one.committee in account.held.get("secretary", []))

    async def _hold(self, one: BallotLine, work: Work) -> Any:
        cast = self.office.cast
        invited = Invited(
            people=tuple(cast.people[key] for key in one.people),
            bodies=tuple(MemberBody(f"示例成员体 {n + 1:02}", p_member=n < one.p) for n in range(one.p + one.o)),
            recusals=tuple(Recusal(cast.people[key], reason) for key, reason in one.recused.items()),
        )
        subject: dict[str, Any] = {"subject_kind": "standard", "subject_id": cast.standards[one.standard]} if one.standard else {}
        new = NewBallot(
            committee_id=cast.committees[one.committee], rule=one.rule, closes_on=one.closes, title=one.title, form=one.form, invited=invited,
            question="示例数据，仅供演示。", exemplar=True, **subject,
        )  # fmt: skip
        made = await service.prepare(work, new)
        await service.open_(work, made.id)
        waiting = [voter for voter in await repository.voters(work.connection, made.id) if not voter.recused]
        named = one.experts
        for vote, many in one.votes.items():
            for _ in range(many):
                named_now, named = (vote == "approve" and named > 0), named - (vote == "approve" and named > 0)
                given = RecordedVote(vote=vote, reason=WHY if vote == "against" else None, expert_named=named_now, paper="示例：函审单")
                await service.record(work, made.id, waiting.pop().id, given)
        if one.counts:
            await service.count(work, made.id, msgspec.convert(one.counts, CountsIn))
        return made.id
