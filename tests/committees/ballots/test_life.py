"""The life of a ballot on both engines: frozen when it opens, voted and changed until it closes, closed once by the clock."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import jobs, repository, service
from standards_hub.committees.ballots.roll import hopeless
from standards_hub.committees.ballots.rules import rule_of
from standards_hub.committees.ballots.schemas import BallotChange, CountsIn, NewBallot, RecordedVote
from standards_hub.committees.ballots.values import Ballot, Entry, Invited, MemberBody, Recusal
from standards_hub.kernel import jobs as queue
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from standards_hub.kernel.work import Hub
from tests.committees.ballots.driving import CLOSES, START, TEXT, Draft, Room, codes


async def test_a_ballot_is_prepared_opened_voted_closed_by_the_clock_and_says_why(room: Room) -> None:
    id = await room.opened()
    for n in range(6):
        await room.vote(id, n, "approve")
    assert (await room.by_clock(id, CLOSES)).state == "open"  # its last day ends at 24:00
    closed = await room.by_clock(id)
    assert (closed.state, closed.outcome, closed.closed_on) == ("closed", "passed", CLOSES)
    assert closed.result and closed.result["tests"][0]["left"] == 24 and "符合" in closed.result["explanation"]["zh"]
    again = await room.by_clock(id, CLOSES + timedelta(days=5))
    assert again.version == closed.version


async def test_opening_asks_for_a_job_that_closes_it_once_however_often_it_runs(room: Room, hub: Hub) -> None:
    id = await room.opened()
    found = await queue.drain(Hub(hub.database, hub.files, Clock(CLOSES)))
    assert found.errors == [] and (await room.ballot(id)).state == "open"
    for _ in range(2):
        later = Hub(hub.database, hub.files, Clock(CLOSES + timedelta(days=1)))
        async with later.work(SYSTEM) as work:
            await jobs.sweep(work)
            await work.commit()
        assert (await queue.drain(later)).errors == []
    closed = await room.ballot(id)
    assert (closed.state, closed.outcome) == ("closed", "invalid") and "不是否决" in str(closed.result)


async def test_a_vote_can_be_changed_until_the_close_and_not_after(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 1, "approve")
    with pytest.raises(Refused) as caught:
        await room.vote(id, 1, "against")
    assert codes(caught.value) == {"reason"}
    await room.vote(id, 1, "against", "示例：第 5 条没有依据", day=CLOSES)
    with pytest.raises(Refused) as caught:
        await room.vote(id, 1, "approve", day=CLOSES + timedelta(days=1))
    assert codes(caught.value) == {"closed"}
    closed = await room.by_clock(id)
    assert closed.result and "赞成 0，反对 1" in closed.result["explanation"]["zh"]
    async with room.hub.reading(SYSTEM) as work:
        voter = next(v for v in await repository.voters(work.connection, id) if v.vote)
    assert (voter.vote, voter.reason, voter.cast_on) == ("against", "示例：第 5 条没有依据", CLOSES)


async def test_who_is_recused_does_not_vote_and_stays_in_the_total_of_a_committee(room: Room) -> None:
    id = await room.opened(invited=Invited(recusals=(Recusal(room.people[2], "示例：主要起草人"),)))
    with pytest.raises(Refused) as caught:
        await room.vote(id, 2, "approve")
    assert codes(caught.value) == {"recused"} and "主要起草人" in str(caught.value)
    for n in (0, 1, 3, 4, 5, 6):
        await room.vote(id, n, "approve")
    closed = await room.by_clock(id)
    assert closed.outcome == "passed" and closed.result and closed.result["tests"][0]["right"] == 24


async def test_a_ballot_needs_a_text_a_roll_and_a_day_and_there_is_one_at_a_time(room: Room, draft: Draft) -> None:
    draft.hash = None
    with pytest.raises(Refused) as caught:
        await room.opened(subject_kind="draft", subject_id=TEXT, closes_on=START - timedelta(days=1), invited=Invited(
            recusals=tuple(Recusal(person, "示例") for person in room.people)))  # fmt: skip
    assert codes(caught.value) == {"closes", "roll", "text"}
    draft.hash = "a" * 64
    await room.opened(subject_kind="draft", subject_id=TEXT)
    with pytest.raises(Refused) as caught:
        await room.opened(subject_kind="draft", subject_id=TEXT)
    assert codes(caught.value) == {"again"}


async def test_what_is_prepared_may_be_changed_and_what_is_open_not(room: Room) -> None:
    new = NewBallot(committee_id=room.committee, rule="V1", closes_on=CLOSES, title="示例")
    made: Ballot = await room.act(START, lambda work: service.prepare(work, new), room.secretary)
    change = BallotChange(rule="V5", closes_on=CLOSES + timedelta(days=3), invited=Invited(recusals=(Recusal(room.people[0], "示例"),)))
    edited = await room.act(START, lambda work: service.edit(work, made.id, change), room.secretary)
    assert (edited.rule, edited.version) == ("V5", 2)
    with pytest.raises(NotFound):
        await room.act(START, lambda work: service.edit(work, made.id, BallotChange(rule="V77")), room.secretary)
    with pytest.raises(BadInput):
        stranger = BallotChange(invited=Invited(people=(uuid4(),)))
        await room.act(START, lambda work: service.edit(work, made.id, stranger), room.secretary)
    await room.act(START, lambda work: service.open_(work, made.id), room.secretary)
    with pytest.raises(Refused):
        await room.act(START, lambda work: service.edit(work, made.id, BallotChange(rule="V1")), room.secretary)


async def test_a_letter_ballot_waits_for_all_or_for_its_day_and_a_meeting_does_not(room: Room) -> None:
    letter, meeting = await room.opened(), await room.opened(form="meeting", rule="V8")
    await room.vote(letter, 0, "approve")
    with pytest.raises(Refused) as caught:
        await room.act(START, lambda work: service.close(work, letter), room.secretary)
    assert codes(caught.value) == {"early"} and "尚有 7 人" in str(caught.value)
    for n in range(3):
        await room.vote(meeting, n, "approve")
    await room.act(START, lambda work: service.count(work, meeting, CountsIn(present=4)), room.secretary)
    closed = await room.act(START, lambda work: service.close(work, meeting), room.secretary)
    assert (closed.outcome, closed.result["tests"][0]["left"], closed.result["tests"][0]["right"]) == ("passed", 12, 12)
    for n in range(1, 8):
        await room.vote(letter, n, "approve")
    assert (await room.act(START, lambda work: service.close(work, letter), room.secretary)).outcome == "passed"


async def test_those_who_vote_are_present_whatever_was_noted_before_so_that_the_clock_can_close(room: Room) -> None:
    id = await room.opened(form="meeting", rule="V8")
    counted = CountsIn(present=2, drafter_organisation=5)
    await room.act(START, lambda work: service.count(work, id, counted), room.secretary)
    for n in range(3):
        await room.vote(id, n, "approve")
    closed = await room.by_clock(id)
    assert closed.result and (closed.outcome, closed.result["tests"][0]["base"]) == ("passed", 3)


async def test_more_than_the_roll_cannot_be_present(room: Room) -> None:
    id = await room.opened(form="meeting", rule="V8")
    for given, field in ((CountsIn(present=9), "present"), (CountsIn(drafter_organisation=9), "drafter_organisation")):
        with pytest.raises(BadInput) as caught:
            await room.act(START, lambda work, g=given: service.count(work, id, g), room.secretary)
        assert [unmet.where for unmet in caught.value.unmet] == [field]
    await room.act(START, lambda work: service.count(work, id, CountsIn(present=8)), room.secretary)


async def test_member_bodies_vote_through_the_secretariat_by_the_paper_it_keeps(room: Room) -> None:
    bodies = tuple(MemberBody(f"示例国 {n}", p_member=n < 6) for n in range(8))
    id = await room.opened(rule="ISO-DIS", invited=Invited(bodies=bodies))
    async with room.hub.reading(SYSTEM) as work:
        voters = await repository.voters(work.connection, id)
    for n, voter in enumerate(voters):
        given = RecordedVote(vote="approve" if n < 4 else "against", reason=None if n == 7 else "示例", paper="示例：投票结果")
        await room.act(START, lambda work, v=voter, g=given: service.record(work, id, v.id, g), room.secretary)
    closed = await room.by_clock(id)  # P: 4 of 6; against: 3 of 7, since one gave no reasons
    assert closed.result and [(t["left"], t["right"]) for t in closed.result["tests"]] == [(12, 12), (12, 7)]
    assert closed.outcome == "failed"


async def test_the_secretariat_puts_right_what_it_entered_and_never_what_a_member_voted_in_person(room: Room) -> None:
    id = await room.opened()
    await room.vote(id, 0, "against", "示例")
    async with room.hub.reading(SYSTEM) as work:
        voters = {v.person_id: v.id for v in await repository.voters(work.connection, id)}
    own, other = voters[room.people[0]], voters[room.people[1]]
    for vote in ("approve", "abstain"):
        given = RecordedVote(vote=vote, paper="示例：函审单")
        await room.act(START, lambda work, g=given: service.record(work, id, other, g), room.secretary)
        with pytest.raises(Refused) as caught:
            await room.act(START, lambda work, g=given: service.record(work, id, own, g), room.secretary)
        assert codes(caught.value) == {"own"}
    async with room.hub.reading(SYSTEM) as work:
        assert {v.id: v.vote for v in await repository.voters(work.connection, id) if v.vote} == {own: "against", other: "abstain"}


async def test_only_the_secretariat_of_the_committee_holds_ballots(room: Room) -> None:
    id = await room.opened()
    elsewhere = Actor(account=UUID(int=5), grants=(Grant("secretary", ("committee", str(uuid4()))),))
    new = NewBallot(committee_id=room.committee, rule="V1", closes_on=CLOSES, title="示例")
    for actor in (room.member(0), elsewhere):
        for task in (service.open_, service.close):
            with pytest.raises(Forbidden):
                await room.act(START, lambda work, t=task: t(work, id), actor)
        with pytest.raises(Forbidden):
            await room.act(START, lambda work: service.prepare(work, new), actor)
        with pytest.raises(Forbidden):
            await room.act(START, lambda work: service.call_off(work, id, registers.Reason(reason="示例")), actor)


async def test_a_ballot_called_off_decides_nothing_and_stays_on_record(room: Room) -> None:
    id = await room.opened()
    await room.act(START, lambda work: service.call_off(work, id, registers.Reason(reason="示例：改期")), room.secretary)
    found = await room.by_clock(id)
    assert (found.state, found.void_reason, found.outcome) == ("void", "示例：改期", None)
    with pytest.raises(Refused):
        await room.act(START, lambda work: service.call_off(work, id, registers.Reason(reason="示例")), room.secretary)


async def test_a_ballot_whose_day_is_over_is_not_called_off_before_the_clock_has_counted_it(room: Room) -> None:
    id = await room.opened()
    late = CLOSES + timedelta(days=1)
    with pytest.raises(Refused, match="截止"):
        await room.act(late, lambda work: service.call_off(work, id, registers.Reason(reason="示例")), room.secretary)
    assert (await room.by_clock(id)).state == "closed"


@pytest.mark.parametrize(
    "rule, roll, recused, key",
    [
        ("V1", 8, 2, None),
        ("V1", 8, 3, "quorum"),  # five of eight can never be three quarters
        ("V2", 14, 0, "quorum"),
        ("V2", 15, 0, None),
        ("V6", 8, 0, "approval"),  # nobody is a P-member
        ("ISO-CD", 0, 0, None),
        ("ITU-AAP", 3, 0, None),
    ],
)
def test_a_roll_with_which_no_vote_can_be_valid_is_known_before_the_opening(rule: str, roll: int, recused: int, key: str | None) -> None:
    entries = [Entry(id=uuid4(), name=f"示例 {n}", recused=n < recused) for n in range(roll)]
    found = hopeless(rule_of(rule), entries)
    assert (found.key if found else None) == key


@pytest.mark.parametrize("rule", ["V6", "V7", "ISO-SR"])
def test_p_members_on_the_roll_make_an_international_ballot_possible(rule: str) -> None:
    assert hopeless(rule_of(rule), [Entry(id=uuid4(), name=f"示例 {n}", p_member=True) for n in range(5)]) is None


async def test_two_who_change_a_ballot_at_once_do_not_both_succeed(room: Room) -> None:
    id = await room.opened()
    async with room.hub.work(SYSTEM) as work:
        found = await repository.ballot(work.connection, id)
        await service._void(work, found, "示例")
        found.version -= 1
        with pytest.raises(Conflict):
            await service._void(work, found, "示例")
