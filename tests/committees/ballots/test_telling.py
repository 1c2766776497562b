"""Who is told what of a ballot: how others voted, why somebody is recused, reminders and the result by mail."""

from datetime import timedelta
from uuid import UUID

from standards_hub.committees.ballots import jobs, service
from standards_hub.committees.ballots.values import Invited, Recusal
from standards_hub.kernel import jobs as queue
from standards_hub.kernel import mail
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.access.values import NewAccount
from standards_hub.kernel.admin import log
from standards_hub.kernel.admin.log import LogFilter
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.work import Hub, Work
from tests.committees.ballots.driving import CLOSES, START, Room


async def test_how_others_voted_is_told_after_the_close_and_never_to_those_outside(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 0, "approve")

    async def seen(actor: Actor) -> list[str | None]:
        async with room.hub.reading(actor) as work:
            return [v.vote for v in (await service.show(work, id)).voters]

    assert await seen(room.member(0)) == ["approve", *[None] * 7]
    assert await seen(room.member(1)) == await seen(room.secretary) == [None] * 8
    await room.by_clock(id)
    outside = Actor(account=UUID(int=77))
    assert await seen(outside) == [None] * 8
    assert await seen(room.member(1)) == await seen(room.secretary) == ["approve", *[None] * 7]


async def test_readers_of_the_log_learn_that_somebody_voted_and_not_how(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 0, "approve")
    await room.vote(id, 1, "against", "示例：理由")
    async with room.hub.reading(SYSTEM) as work:
        found = await log.entries(work.connection, LogFilter(stream=f"ballot:{id}", types=["vote-cast"]))
    told = [{name: entry.payload[name] for name in ("vote", "reason", "expert_named")} for entry in found]
    assert len(told) == 2 and told[0] == told[1] and "voter" in found[0].payload


async def test_why_somebody_is_recused_is_told_in_the_committee_and_not_to_everybody(room: Room) -> None:
    id = await room.opened(invited=Invited(recusals=(Recusal(room.people[0], "示例：牵头起草"),)))

    async def reasons(actor: Actor) -> list[str | None]:
        async with room.hub.reading(actor) as work:
            found = await service.show(work, id)
        return [*(v.recusal_reason for v in found.voters if v.recused), *(r.reason for r in found.ballot.invited.recusals)]

    assert await reasons(room.secretary) == await reasons(room.member(1)) == ["示例：牵头起草", "示例：牵头起草"]
    assert await reasons(Actor(account=UUID(int=77))) == [None]


async def test_who_has_yet_to_vote_is_reminded_by_mail_and_the_result_is_told(room: Room, hub: Hub) -> None:
    async def accounts(work: Work) -> None:
        for n in (0, 1):
            new = NewAccount(login=f"m{n}", name=f"示例 {n}", email=f"m{n}@example.org", person_id=room.people[n])
            await access.open_account(work, new)

    await room.act(START, accounts)
    id = await room.opened()
    await room.vote(id, 0, "approve")
    sent: list[tuple[str, int]] = []
    for day in (START, CLOSES - timedelta(days=4), CLOSES - timedelta(days=3), CLOSES + timedelta(days=1)):
        on = Hub(hub.database, hub.files, Clock(day))
        async with on.work(SYSTEM) as work:
            await jobs.sweep(work)
            await work.commit()
        await queue.drain(on, mail.HubAddress("https://hub.example.org"))
        async with on.reading(SYSTEM) as work:
            found = await queue.jobs(work.connection, limit=200)
            sent.append((day.isoformat(), sum(one.name == "mail.send" for one in found)))
    assert [count for _, count in sent] == [1, 1, 2, 4]
    async with hub.reading(SYSTEM) as work:
        letters = await mail.outbox(work.connection)
    assert all(f"https://hub.example.org/ballots/{id}" in letter.body for letter in letters)
