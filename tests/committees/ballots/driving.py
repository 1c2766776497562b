"""A committee that votes on a draft, and the days on which its members act."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import repository, service
from standards_hub.committees.ballots.ports import SubjectFacts
from standards_hub.committees.ballots.schemas import NewBallot, Vote
from standards_hub.committees.ballots.values import Ballot, SignedSheet
from standards_hub.committees.services import committees, people
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.work import Hub, Work

START = date(2026, 11, 2)
CLOSES = date(2026, 11, 20)
TEXT = UUID(int=7)


class Draft:
    """A subject whose text can be changed, and which hears of results."""

    def __init__(self) -> None:
        self.hash: str | None = "a" * 64
        self.heard: list[tuple[UUID, str | None]] = []

    async def now(self, work: Work, id: UUID, *, lock: bool = False) -> SubjectFacts:
        return SubjectFacts("示例 送审稿", self.hash)

    async def decided(self, work: Work, ballot: Ballot) -> None:
        self.heard.append((ballot.subject_id, ballot.outcome))

    async def signed(self, work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
        return None


class Room:
    """A committee with members, and the days on which they act."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.people, self.seats = hub, list[UUID](), list[UUID]()

    async def found(self, size: int) -> None:
        async def task(work: Work) -> None:
            self.committee = (
                await committees.register(work, registers.NewCommittee(name_zh="示例标委会", level="provincial", exemplar=True))
            ).id
            for n in range(size):
                await self.join(work, f"示例 {n:02}", "chair" if n == 0 else "member")

        await self.act(START - timedelta(days=30), task)

    async def join(self, work: Work, name: str, position: Any = "member") -> UUID:
        person = (await people.register(work, registers.NewPerson(name=name, exemplar=True))).id
        seat = await committees.take_seat(work, self.committee, registers.NewSeat(person_id=person, position=position, since=work.today))
        self.people.append(person)
        self.seats.append(seat.id)
        return person

    def member(self, n: int) -> Actor:
        return Actor(account=UUID(int=n + 1), name=f"member {n}", person=self.people[n])

    @property
    def secretary(self) -> Actor:
        return Actor(account=UUID(int=999), name="secretary", grants=(Grant("secretary", ("committee", str(self.committee))),))

    async def act(self, day: date, task: Any, actor: Actor = SYSTEM) -> Any:
        async with Hub(self.hub.database, self.hub.files, Clock(day)).work(actor) as work:
            result = await task(work)
            await work.commit()
        return result

    async def opened(self, day: date = START, **given: Any) -> UUID:
        new = {"committee_id": self.committee, "rule": "V1", "closes_on": CLOSES, "title": "示例事项", **given}

        async def task(work: Work) -> UUID:
            made = await service.prepare(work, NewBallot(**new))
            await service.open_(work, made.id)
            return made.id

        found: UUID = await self.act(day, task, self.secretary)
        return found

    async def vote(self, id: UUID, n: int, vote: str, reason: str | None = None, day: date = START) -> Ballot:
        found: Ballot = await self.act(day, lambda work: service.cast(work, id, Vote(vote=vote, reason=reason)), self.member(n))
        return found

    async def ballot(self, id: UUID) -> Ballot:
        async with self.hub.reading(SYSTEM) as work:
            return await repository.ballot(work.connection, id)

    async def by_clock(self, id: UUID, day: date = CLOSES + timedelta(days=1)) -> Ballot:
        found: Ballot = await self.act(day, lambda work: service.close_by_clock(work, id))
        return found


def codes(error: HubError) -> set[str]:
    return {one.code for one in error.unmet}
