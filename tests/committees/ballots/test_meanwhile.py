"""What changes while a ballot is open: who holds a seat, and the text that is voted on."""

import asyncio
from datetime import date, timedelta

import pytest

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import repository, service
from standards_hub.committees.ballots.schemas import CountsIn, Strike, Vote
from standards_hub.committees.services import committees
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.work import Hub, Work
from tests.committees.ballots.driving import CLOSES, START, TEXT, Draft, Room, codes


async def test_the_roll_is_that_of_the_opening_whoever_leaves_joins_or_replaces_meanwhile(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 3, "approve")
    day = START + timedelta(days=3)

    async def changes(work: Work) -> None:
        for n in (3, 4):
            end = registers.SeatEnd(until=day, reason="示例：调离")
            await committees.end_seat(work, room.committee, room.seats[n], end)
        await room.join(work, "示例 接替者")

    await room.act(day, changes)
    after = day + timedelta(days=1)
    with pytest.raises(Refused) as left:
        await room.vote(id, 4, "approve", day=after)
    assert codes(left.value) == {"seat"} and "仍计入总数" in str(left.value)
    with pytest.raises(Refused) as late:
        await room.vote(id, 8, "approve", day=after)
    assert codes(late.value) == {"roll"} and str(START) in str(late.value)
    for n in (0, 1, 2, 5):
        await room.vote(id, n, "approve", day=after)
    closed = await room.by_clock(id)  # five of eight: the vote of who left counts, the empty seat stays in the total
    assert (
        closed.outcome == "invalid"
        and closed.result
        and (closed.result["tests"][0]["left"], closed.result["tests"][0]["right"]) == (20, 24)
    )


async def test_a_place_goes_off_the_roll_only_by_a_notice_of_before_the_opening_and_never_with_its_vote(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 0, "approve")
    async with room.hub.reading(SYSTEM) as work:
        voters = await repository.voters(work.connection, id)

    async def strike(n: int, dated: date) -> None:
        given = Strike(notice="示例函〔2026〕1 号", dated=dated)
        await room.act(START, lambda work: service.strike(work, id, voters[n].id, given), room.secretary)

    with pytest.raises(Refused) as caught:
        await strike(1, START)
    assert codes(caught.value) == {"dated"}
    with pytest.raises(Refused) as caught:
        await strike(0, START - timedelta(days=1))
    assert codes(caught.value) == {"cast"}
    await strike(1, START - timedelta(days=1))
    with pytest.raises(Refused):
        await room.vote(id, 1, "approve")
    late = CLOSES + timedelta(days=1)  # before the clock has come to it
    given = Strike(notice="示例函〔2026〕1 号", dated=START - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        await room.act(late, lambda work: service.strike(work, id, voters[2].id, given), room.secretary)
    assert codes(caught.value) == {"closed"}
    with pytest.raises(Refused, match="24:00 截止"):
        await room.act(late, lambda work: service.count(work, id, CountsIn(present=3)), room.secretary)
    assert (await room.act(late, lambda work: service.show(work, id), room.secretary)).acts == ["close"]
    closed = await room.by_clock(id)
    assert closed.result and closed.result["tests"][0]["right"] == 21  # seven are left
    with pytest.raises(Refused) as caught:
        await strike(2, START - timedelta(days=1))
    assert "state" in codes(caught.value)


async def test_a_text_that_changes_makes_the_ballot_void_and_it_says_so(room: Room, draft: Draft) -> None:
    id = await room.opened(subject_kind="draft", subject_id=TEXT, title=None)
    await room.vote(id, 0, "approve")
    await room.act(START, lambda work: service.subject_changed(work, "draft", TEXT))
    assert (await room.ballot(id)).state == "open"
    draft.hash = "b" * 64
    await room.act(START, lambda work: service.subject_changed(work, "draft", TEXT))
    found = await room.ballot(id)
    assert found.state == "void" and found.outcome is None and found.void_reason and "文本已变更" in found.void_reason
    with pytest.raises(Refused):
        await room.vote(id, 1, "approve")
    assert (await room.by_clock(id)).state == "void" and draft.heard == []


async def test_a_text_that_changes_while_somebody_votes_waits_for_the_vote_and_then_voids_the_ballot(room: Room, draft: Draft) -> None:
    id = await room.opened(subject_kind="draft", subject_id=TEXT, title=None)
    voted = asyncio.Event()

    async def voting() -> None:
        async with Hub(room.hub.database, room.hub.files, Clock(START)).work(room.member(0)) as work:
            await service.cast(work, id, Vote(vote="approve"))
            voted.set()
            await asyncio.sleep(0.2)  # so that the change comes before the vote is committed
            await work.commit()

    async def changing() -> None:
        async with Hub(room.hub.database, room.hub.files, Clock(START)).work(SYSTEM) as work:
            await voted.wait()
            draft.hash = "b" * 64
            await service.subject_changed(work, "draft", TEXT)
            await work.commit()

    if "sqlite" in str(room.hub.database.engine.url):  # which lets nobody write until the vote is committed
        await voting()
        await changing()
    else:
        await asyncio.gather(voting(), changing())
    async with room.hub.reading(SYSTEM) as work:
        assert (await repository.ballot(work.connection, id)).state == "void"
        assert [v.vote for v in await repository.voters(work.connection, id) if v.vote] == ["approve"]


async def test_a_vote_on_a_text_that_changed_unheard_is_not_taken(room: Room, draft: Draft) -> None:
    id = await room.opened(subject_kind="draft", subject_id=TEXT)
    draft.hash = "b" * 64
    assert (await room.vote(id, 0, "approve")).state == "void"
    async with room.hub.reading(SYSTEM) as work:
        assert [v.vote for v in await repository.voters(work.connection, id)] == [None] * 8


async def test_what_changes_after_the_last_day_does_not_touch_the_ballot(room: Room, draft: Draft) -> None:
    id = await room.opened(subject_kind="draft", subject_id=TEXT)
    for n in range(6):
        await room.vote(id, n, "approve")
    draft.hash = "b" * 64
    await room.act(CLOSES + timedelta(days=1), lambda work: service.subject_changed(work, "draft", TEXT))
    assert (await room.by_clock(id)).outcome == "passed" and draft.heard == [(TEXT, "passed")]
