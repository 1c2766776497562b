"""Ballots of ISO, IEC and ITU as evidence for the gates of their tracks."""

from datetime import timedelta
from uuid import UUID

import pytest

from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots import service
from standards_hub.committees.ballots.schemas import CountsIn, NewBallot, RecordedVote
from standards_hub.committees.ballots.values import Ballot, Invited, MemberBody
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import Move
from standards_hub.lifecycle.services import moving
from tests.lifecycle.driving import on_day, way
from tests.lifecycle.reviewing import Review


async def international(made: Review, rule: str, days: int, counts: CountsIn, votes: str = "") -> Ballot:
    """A ballot of ten Member States that is held and closed by the clock; `votes` are the first letters of what they say."""
    members = Invited(bodies=tuple(MemberBody(f"示例成员国 {n}") for n in range(10)))

    async def vote(work: Work) -> UUID:
        given = NewBallot(
            committee_id=made.committee, rule=rule, closes_on=made.day + timedelta(days=days), subject_kind="standard", subject_id=made.id,
            invited=members,
        )  # fmt: skip
        ballot = await service.prepare(work, given)
        await service.open_(work, ballot.id)
        for said, voter in zip(votes, await ballots.voters(work.connection, ballot.id), strict=False):
            given_vote = RecordedVote(vote={"+": "approve", "-": "against"}[said], reason="示例：尚无需要", paper="示例")
            await service.record(work, ballot.id, voter.id, given_vote)
        await service.count(work, ballot.id, counts)
        return ballot.id

    id = await made.act(vote, made.secretary)
    made.day += timedelta(days=days + 1)
    closed: Ballot = await made.act(lambda work: service.close_by_clock(work, id), day=made.day)
    assert (await jobs.drain(on_day(made.hub, made.day))).errors == []
    return closed


async def leading_on(made: Review, to: str, key: str) -> tuple[bool, str]:
    async with on_day(made.hub, made.day).reading(SYSTEM) as work:
        state = next(state for state in (await way(work, made.id, to=to)).gates if state.gate == key)
    return state.met, str(state.why)


async def test_a_last_call_without_comments_of_substance_approves_a_recommendation_after_it_is_judged(hub: Hub) -> None:
    made = Review(hub)
    await made.begin("itu-t-aap", "40.20")
    assert (await international(made, "ITU-AAP", 28, CountsIn(typographical=2))).outcome == "passed"
    await made.act(lambda work: moving.move(work, made.id, Move(act="advance", to="40.60")), day=made.day)
    met, why = await leading_on(made, "60.00", "last_call")
    assert met and "ITU-AAP" in why
    moved = await made.act(lambda work: moving.move(work, made.id, Move(act="advance", to="60.00")), day=made.day)
    assert moved.step == "60.00"


async def test_a_last_call_with_comments_of_substance_neither_approves_nor_sends_anything_away(hub: Hub) -> None:
    made = Review(hub)
    await made.begin("itu-t-aap", "40.20")
    assert (await international(made, "ITU-AAP", 28, CountsIn(substantive=1))).outcome == "failed"
    assert (await made.now()).step == "40.20"
    await made.act(lambda work: moving.move(work, made.id, Move(act="advance", to="40.60")), day=made.day)
    assert (await leading_on(made, "60.00", "last_call"))[0] is False


@pytest.mark.parametrize("votes, objections, step", [("+++++++---", 0, "40.60"), ("+++++++--", 1, "20.20")])
async def test_the_member_states_decide_whether_a_recommendation_goes_to_the_meeting(
    hub: Hub, votes: str, objections: int, step: str
) -> None:
    made = Review(hub)
    await made.begin("itu-t-tap", "40.20")
    closed = await international(made, "ITU-TAP", 91, CountsIn(objections=objections), votes)
    assert closed.outcome == ("failed" if objections else "passed")
    if not objections:
        assert (await leading_on(made, "40.60", "consultation"))[0]
        await made.act(lambda work: moving.move(work, made.id, Move(act="advance", to="40.60")), day=made.day)
    assert (await made.now()).step == step


@pytest.mark.parametrize("track", ["iso-iec-18", "iso-iec-24", "iso-iec-36"])
async def test_a_new_work_item_that_was_not_voted_for_goes_back_to_its_submitter(hub: Hub, track: str) -> None:
    made = Review(hub)
    await made.begin(track, "10.20")
    members = Invited(bodies=tuple(MemberBody(f"示例成员体 {n}") for n in range(6)))

    async def vote(work: Work) -> UUID:
        given = NewBallot(
            committee_id=made.committee, rule="ISO-NP", closes_on=made.day + timedelta(days=84), subject_kind="standard", subject_id=made.id,
            invited=members,
        )  # fmt: skip
        ballot = await service.prepare(work, given)
        await service.open_(work, ballot.id)
        for n, voter in enumerate(await ballots.voters(work.connection, ballot.id)):
            said = RecordedVote(vote="approve" if n < 3 else "against", reason="示例：尚无需要", paper=f"示例 {n}")
            await service.record(work, ballot.id, voter.id, said)
        return ballot.id

    id = await made.act(vote, made.secretary)
    after = made.day + timedelta(days=85)
    closed = await made.act(lambda work: service.close_by_clock(work, id), day=after)
    assert closed.outcome == "failed"
    assert (await jobs.drain(on_day(hub, after))).errors == []
    async with hub.reading(SYSTEM) as work:
        visits = [(visit.step, visit.via) for visit in await repository.visits(work.connection, made.id)]
    assert visits[-3:] == [("10.20", None), ("10.60", None), ("00.00", "10.92")] and (await made.now()).status == "active"
