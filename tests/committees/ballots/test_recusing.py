"""Declared interests are proposed as recusals when a ballot opens; the secretariat decides on each, and the roll is frozen with it."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports, repository, service
from standards_hub.committees.ballots.schemas import NewBallot, Opening, Vote
from standards_hub.committees.seats.events import InterestDeclared, InterestLifted
from standards_hub.committees.seats.values import Relation
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.work import Hub, Work, history
from tests.committees.ballots.driving import CLOSES, START, TEXT, Draft, Room, codes

ANOTHER = UUID(int=8)


@pytest.fixture
async def room(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setitem(ports._subjects, "draft", Draft())
    made = Room(hub)
    await made.found(5)
    yield made


async def declares(room: Room, n: int, relation: Relation, subject: UUID = TEXT, note: str | None = None) -> UUID:
    """A member says what ties them to a draft."""

    async def task(work: Work) -> UUID:
        made = InterestDeclared(
            interest=uuid4(), person_id=room.people[n], subject_kind="draft", subject_id=subject, subject="示例 送审稿", relation=relation,
            note=note, since=work.today,
        )  # fmt: skip
        await work.append(await registers.committee(work.connection, room.committee), made)
        return made.interest

    found: UUID = await room.act(START, task, room.secretary)
    return found


async def prepared(room: Room) -> UUID:
    given = NewBallot(committee_id=room.committee, rule="V1", closes_on=CLOSES, subject_kind="draft", subject_id=TEXT)
    found: UUID = (await room.act(START, lambda work: service.prepare(work, given), room.secretary)).id
    return found


async def recused(room: Room, id: UUID) -> dict[UUID | None, str | None]:
    async with room.hub.reading(room.secretary) as work:
        return {v.person_id: v.recusal_reason for v in await repository.voters(work.connection, id) if v.recused}


async def test_who_declared_an_interest_in_the_subject_is_proposed_with_the_reason(room: Room) -> None:
    await declares(room, 1, "drafter")
    await declares(room, 1, "patent", note="示例专利")
    await declares(room, 2, "employer")
    await declares(room, 3, "drafter", subject=ANOTHER)
    lifted = await declares(room, 4, "financial")

    async def lift(work: Work) -> None:
        event = InterestLifted(interest=lifted, person_id=room.people[4], until=work.today, reason="示例：已转让")
        await work.append(await registers.committee(work.connection, room.committee), event)

    await room.act(START, lift, room.secretary)
    id = await prepared(room)

    async def shown(work: Work) -> dict[UUID, str]:
        return {one.person_id: one.reason for one in (await service.show(work, id)).interested}

    proposed = {room.people[1]: "本人起草；持有相关专利（示例专利）", room.people[2]: "所在单位起草"}
    assert await room.act(START, shown, room.secretary) == proposed
    assert await room.act(START, shown, room.member(0)) == {}  # interests are told to who decides on them
    await room.act(START, lambda work: service.open_(work, id), room.secretary)
    assert await recused(room, id) == proposed
    with pytest.raises(Refused, match="本人起草"):
        await room.act(START, lambda work: service.cast(work, id, Vote(vote="approve")), room.member(1))


async def test_the_secretariat_may_let_somebody_with_an_interest_vote_and_the_log_says_so(room: Room) -> None:
    await declares(room, 1, "drafter")
    await declares(room, 2, "employer")
    id = await prepared(room)
    chosen = Opening(recuse=[room.people[1]])
    await room.act(START, lambda work: service.open_(work, id, chosen), room.secretary)
    assert await recused(room, id) == {room.people[1]: "本人起草"}
    await room.vote(id, 2, "approve")
    async with room.hub.reading(room.secretary) as work:
        opened = next(row for row in await history(work.connection, f"ballot:{id}") if row.type == "ballot-opened")
    assert f'"not_recused":["{room.people[2]}"]' in opened.payload


async def test_nobody_is_recused_by_this_door_who_declared_nothing(room: Room) -> None:
    id = await prepared(room)
    with pytest.raises(Refused) as refused:
        await room.act(START, lambda work: service.open_(work, id, Opening(recuse=[room.people[3]])), room.secretary)
    assert codes(refused.value) == {"recusal"}


async def test_what_is_declared_after_the_opening_does_not_touch_the_roll(room: Room) -> None:
    id = await prepared(room)
    await room.act(START, lambda work: service.open_(work, id), room.secretary)
    await declares(room, 1, "drafter")
    assert await recused(room, id) == {}
    await room.vote(id, 1, "approve")
