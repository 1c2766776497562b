"""A standard at review, with the committee that votes on its text."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import service
from standards_hub.committees.ballots.schemas import NewBallot, Vote
from standards_hub.committees.ballots.values import Ballot
from standards_hub.committees.services import committees, people
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.values import Standard
from tests.lifecycle.driving import driven, on_day, proposed, way


class Review:
    """A standard at review, its committee of four, and a ballot on its text."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def begin(self, track: str = "national-gbt", step: str = "40.20") -> None:
        async with on_day(self.hub, date(2025, 1, 2)).work(SYSTEM) as work:
            self.committee = (await committees.register(work, registers.NewCommittee(name_zh="示例标委会", level="national"))).id
            self.people = []
            for n in range(4):
                person = (await people.register(work, registers.NewPerson(name=f"示例 {n}"))).id
                await committees.take_seat(
                    work, self.committee, registers.NewSeat(person_id=person, position="member", since=date(2025, 1, 2))
                )
                self.people.append(person)
            await work.commit()
        standard = await proposed(self.hub, track, committee_id=self.committee)
        self.standard, self.day = await driven(self.hub, standard.id, step)
        self.id = self.standard.id

    @property
    def secretary(self) -> Actor:
        return Actor(account=UUID(int=9), grants=(Grant("secretary", ("committee", str(self.committee))),))

    async def act(self, task: Any, actor: Actor = SYSTEM, day: date | None = None) -> Any:
        async with on_day(self.hub, day or self.day).work(actor) as work:
            result = await task(work)
            await work.commit()
        return result

    async def opened(self, rule: str = "V1") -> UUID:
        async def task(work: Work) -> UUID:
            given = NewBallot(
                committee_id=self.committee, rule=rule, closes_on=self.day + timedelta(days=14), subject_kind="standard", subject_id=self.id
            )
            made = await service.prepare(work, given)
            await service.open_(work, made.id)
            return made.id

        found: UUID = await self.act(task, self.secretary)
        return found

    async def voted(self, id: UUID, *votes: str) -> Ballot:
        for person, vote in zip(self.people, votes, strict=False):
            given = Vote(vote=vote, reason="示例：缺少依据" if vote == "against" else None)
            await self.act(lambda work, g=given: service.cast(work, id, g), Actor(account=person, person=person))
        after = self.day + timedelta(days=15)
        found: Ballot = await self.act(lambda work: service.close_by_clock(work, id), day=after)
        assert (await jobs.drain(on_day(self.hub, after))).errors == []
        return found

    async def gate(self) -> tuple[bool, str, tuple[str, ...]]:
        async with on_day(self.hub, self.day + timedelta(days=15)).reading(SYSTEM) as work:
            gates = (await way(work, self.id, to="40.60")).gates
        found = next(state for state in gates if state.gate in ("review", "ballots"))
        return found.met, str(found.why), found.evidence

    async def now(self) -> Standard:
        async with self.hub.reading(SYSTEM) as work:
            return await repository.standard(work.connection, self.id)
