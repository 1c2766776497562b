"""A committee that meets, its people, and drafts that it talks about."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from standards_hub.committees.ballots.ports import SubjectFacts
from standards_hub.committees.ballots.values import Ballot, SignedSheet
from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.schemas import (
    Excuse,
    NewItem,
    NewItems,
    NewMeeting,
)
from standards_hub.committees.meetings.services import agenda, calling
from standards_hub.committees.meetings.values import Meeting
from standards_hub.committees.schemas import NewCommittee, NewPerson, NewSeat
from standards_hub.committees.services import committees, people
from standards_hub.kernel import jobs, mail, uploads
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.access.values import NewAccount, NewGrant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.work import Hub, Work

CALLED, HELD = date(2026, 12, 1), date(2026, 12, 18)


class House:
    """A committee of four, of whom the first has an account, the second an address and the others neither."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def open(self) -> "House":
        async with self.on(date(2026, 11, 2)).work(SYSTEM) as work:
            self.committee = (await committees.register(work, NewCommittee(name_zh="示例标委会", level="provincial"))).id
            self.people = []
            for n in range(4):
                given = NewPerson(name=f"示例{n}", email="one@example.org" if n == 1 else None)
                person = (await people.register(work, given)).id
                await committees.take_seat(work, self.committee, NewSeat(person_id=person, position="member", since=date(2026, 1, 1)))
                self.people.append(person)
            account = NewAccount(login="zero", name="示例 0", email="zero@example.org", person_id=self.people[0])
            self.account = (await access.open_account(work, account)).id
            held = NewGrant(role="secretary", body_kind="committee", body_id=str(self.committee), since=date(2026, 1, 1))
            await access.grant_role(work, self.account, held)
            await work.commit()
        return self

    def on(self, day: date) -> Hub:
        return Hub(self.hub.database, self.hub.files, Clock(day))

    @property
    def secretary(self) -> Actor:
        return Actor(grants=(Grant("secretary", ("committee", str(self.committee))),), account=self.account)

    async def act(self, day: date, task: Any, actor: Actor | None = None) -> Any:
        hub = self.on(day)
        async with hub.work(actor or self.secretary) as work:
            made = await task(work)
            await work.commit()
        assert (await jobs.drain(hub)).errors == []
        return made

    async def sent(self, content: bytes) -> str:
        """A file that the secretary sent."""
        return str(await self.act(CALLED, lambda work: uploads.keep(work, content)))

    async def prepared(self, **more: Any) -> Meeting:
        given = {
            "committee_id": self.committee,
            "kind": "plenary",
            "title": "示例全体会议",
            "starts_on": HELD,
            "place": "示例会议室",
            **more,
        }
        found: Meeting = await self.act(date(2026, 11, 24), lambda work: calling.prepare(work, NewMeeting(**given)))
        items = NewItems(items=[NewItem(title="示例：工作报告"), NewItem(title="示例：下年计划")])
        await self.act(date(2026, 11, 24), lambda work: agenda.add(work, found.id, items))
        return found

    async def called(self, **more: Any) -> Meeting:
        one = await self.prepared(**more)
        await self.act(CALLED, lambda work: calling.call(work, one.id, Excuse()))
        return one

    async def now(self, one: Meeting) -> Meeting:
        async with self.hub.reading(SYSTEM) as work:
            return await repository.meeting(work.connection, one.id)

    async def outbox(self) -> list[Any]:
        async with self.hub.reading(SYSTEM) as work:
            return list((await work.connection.execute(sa.select(mail.TABLE).order_by(mail.TABLE.c.created_at))).mappings())


class Drafts:
    """Subjects that any committee may deal with."""

    async def now(self, work: Work, id: UUID, *, lock: bool = False) -> SubjectFacts:
        return SubjectFacts("示例 送审稿", "a" * 64)

    async def decided(self, work: Work, ballot: Ballot) -> None: ...

    async def signed(self, work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
        return None
