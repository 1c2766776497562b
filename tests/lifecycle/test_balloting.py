"""A ballot on a standard: what is voted on is its text, a pass opens the gate, a failure goes the way of the track, a changed text voids."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots import service, signing
from standards_hub.committees.ballots.schemas import CountsIn, NewBallot, RecordedVote, Vote
from standards_hub.committees.ballots.values import Ballot, Invited, MemberBody
from standards_hub.committees.services import committees, people
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import Forbidden, Refused
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import balloting, repository
from standards_hub.lifecycle.schemas import Move, PaperIn
from standards_hub.lifecycle.services import dossier, facts, moving, reading
from standards_hub.lifecycle.values import Patch, Standard
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


@pytest.fixture
async def review(hub: Hub) -> Review:
    made = Review(hub)
    await made.begin()
    return made


async def test_a_ballot_that_passed_opens_the_gate_and_is_its_evidence(review: Review) -> None:
    met, why, _ = await review.gate()
    assert not met and "缺少" in why
    id = await review.opened()
    assert (await review.gate())[:2] == (False, f"表决正在进行，{review.day + timedelta(days=14)} 24:00 截止")
    closed = await review.voted(id, "approve", "approve", "approve")
    assert closed.outcome == "passed"
    met, why, evidence = await review.gate()
    assert met and "按规则 V1 表决：通过" in why and evidence == (f"ballot:{id}",)
    signed = [PaperIn(kind=kind, dated=review.day, reference="示例") for kind in ("sign_table", "vote_slips")]
    moved = await review.act(
        lambda work: moving.move(work, review.id, Move(act="advance", to="40.60", papers=signed)), day=review.day + timedelta(days=15)
    )
    assert moved.step == "40.60"


@pytest.mark.parametrize("rule", ["ITU-AAP", "ISO-CD", "V6"])
async def test_a_review_is_not_voted_on_by_a_rule_that_is_for_something_else(review: Review, rule: str) -> None:
    """By the alternative process of ITU-T a draft passes without a single vote, and a consultation decides nothing."""
    with pytest.raises(Refused) as refused:
        await review.opened(rule)
    assert [(one.code, one.where) for one in refused.value.unmet] == [("rule", "rule")]


async def test_a_ballot_by_another_rule_from_before_the_track_named_its_own_is_no_evidence(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balloting, "_counting", lambda standard: ())
    id = await review.opened("ITU-AAP")
    assert (await review.voted(id)).outcome == "passed"
    met, why, _ = await review.gate()
    assert not met and "ITU-AAP" in why


@pytest.mark.parametrize("track, own, foreign", [("industry-health", "V5", "V1"), ("industry-natural-resources", "V4", "V5")])
async def test_a_review_goes_by_the_rule_of_its_ministry(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, track: str, own: str, foreign: str
) -> None:
    made = Review(hub)
    await made.begin(track)
    with pytest.raises(Refused) as refused:
        await made.opened(foreign)
    assert own in str(refused.value.unmet[0].why) and refused.value.unmet[0].code == "rule"
    with monkeypatch.context() as before:
        before.setattr(balloting, "_counting", lambda standard: ())
        other = await made.opened(foreign)
    await made.voted(other, "against", "against", "against", "against")
    met, why, evidence = await made.gate()
    assert not met and foreign in why and evidence == (f"ballot:{other}",)
    assert (await made.now()).step == "40.20"  # one that failed by a foreign rule sends nothing back either
    made.day += timedelta(days=16)
    id = await made.opened(own)
    await made.act(lambda work: service.count(work, id, CountsIn(present=4)), made.secretary)
    assert (await made.voted(id, "approve", "approve", "approve", "approve")).outcome == "passed"
    assert (await made.gate())[0]


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


async def test_a_ballot_that_failed_sends_the_standard_the_way_of_its_track_once(review: Review) -> None:
    id = await review.opened()
    closed = await review.voted(id, "approve", "approve", "against", "against")
    assert closed.outcome == "failed"
    standard = await review.now()
    assert (standard.step, standard.failures, standard.round) == ("40.20", 1, 2)
    assert standard.step_entered_on == review.day + timedelta(days=15)
    async with review.hub.reading(SYSTEM) as work:
        visits = await repository.visits(work.connection, review.id)
    assert [(v.step, v.via) for v in visits[-2:]] == [("40.60", None), ("40.20", "40.93")]
    met, why, _ = await review.gate()
    assert not met and "同一文本的表决未通过" in why  # the same text stays rejected until it is changed or voted on anew


async def test_an_invalid_ballot_neither_opens_the_gate_nor_moves_anything(review: Review) -> None:
    id = await review.opened()
    closed = await review.voted(id, "approve", "approve")
    assert closed.outcome == "invalid"
    met, why, _ = await review.gate()
    assert not met and "无效，应重新组织" in why
    assert ((await review.now()).step, (await review.now()).failures) == ("40.20", 0)


async def test_a_text_that_comes_into_the_dossier_voids_the_open_ballot(review: Review) -> None:
    id = await review.opened()
    other = PaperIn(kind="explanatory_note", dated=review.day, reference="示例编制说明")
    await review.act(lambda work: dossier.add_paper(work, review.id, other))
    async with review.hub.reading(SYSTEM) as work:
        assert (await ballots.ballot(work.connection, id)).state == "open"
    draft = PaperIn(kind="review_draft", dated=review.day, reference="示例送审稿第二稿")
    await review.act(lambda work: dossier.add_paper(work, review.id, draft))
    async with review.hub.reading(SYSTEM) as work:
        found = await ballots.ballot(work.connection, id)
    assert found.state == "void" and "文本已变更" in str(found.void_reason)
    met, why, _ = await review.gate()
    assert not met and "作废" in why


async def test_a_text_that_changed_after_the_vote_has_to_be_voted_on_anew(review: Review) -> None:
    id = await review.opened()
    await review.voted(id, "approve", "approve", "approve")
    draft = PaperIn(kind="review_draft", dated=review.day, reference="示例送审稿第二稿")
    await review.act(lambda work: dossier.add_paper(work, review.id, draft), day=review.day + timedelta(days=15))
    met, why, _ = await review.gate()
    assert not met and "重新表决" in why


async def test_another_committee_cannot_vote_on_it(review: Review) -> None:
    other = (
        await review.act(lambda work: committees.register(work, registers.NewCommittee(name_zh="示例另一标委会", level="national")))
    ).id
    given = NewBallot(committee_id=other, rule="V1", closes_on=review.day, subject_kind="standard", subject_id=review.id)
    with pytest.raises(Refused, match="不归口于"):
        await review.act(lambda work: service.prepare(work, given))


async def test_a_standard_given_to_another_committee_after_a_ballot_was_prepared_is_not_opened_for_votes(review: Review) -> None:
    other = (
        await review.act(lambda work: committees.register(work, registers.NewCommittee(name_zh="示例另一标委会", level="national")))
    ).id
    given = NewBallot(
        committee_id=review.committee, rule="V1", closes_on=review.day + timedelta(days=14), subject_kind="standard", subject_id=review.id
    )
    prepared = await review.act(lambda work: service.prepare(work, given), review.secretary)
    await review.act(lambda work: facts.edit(work, review.id, Patch(committee_id=other)))
    with pytest.raises(Refused) as caught:
        await review.act(lambda work: service.open_(work, prepared.id), review.secretary)
    assert "committee" in {one.code for one in caught.value.unmet}


async def test_a_standard_without_a_committee_is_voted_on_where_its_own_secretary_holds_the_ballot_and_nowhere_else(review: Review) -> None:
    await review.act(lambda work: facts.edit(work, review.id, Patch(committee_id=None)))
    given = NewBallot(
        committee_id=review.committee, rule="V1", closes_on=review.day + timedelta(days=14), subject_kind="standard", subject_id=review.id
    )
    with pytest.raises(Refused, match="不归口于"):
        await review.act(lambda work: service.prepare(work, given), review.secretary)
    own = Grant("secretary", ("standard", str(review.id)))
    await review.act(lambda work: service.prepare(work, given), Actor(account=UUID(int=9), grants=(*review.secretary.grants, own)))


async def test_the_rounds_of_a_standard_are_read_only_where_an_answer_depends_on_them(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, asked = await review.opened(), list[UUID]()
    visits = repository.visits

    async def counted(connection: Any, id: UUID) -> Any:
        asked.append(id)
        return await visits(connection, id)

    monkeypatch.setattr(repository, "visits", counted)
    await review.gate()
    assert asked == []
    await review.voted(id, "against", "against", "against")
    assert not (await review.gate())[0] and review.id in asked


async def test_of_two_ballots_on_one_standard_opened_at_once_only_one_opens(review: Review) -> None:
    async def prepare(work: Work) -> list[UUID]:
        given = NewBallot(
            committee_id=review.committee,
            rule="V1",
            closes_on=review.day + timedelta(days=14),
            subject_kind="standard",
            subject_id=review.id,
        )
        return [(await service.prepare(work, given)).id for _ in range(2)]

    prepared = await review.act(prepare, review.secretary)

    async def open_one(id: UUID) -> str:
        async with on_day(review.hub, review.day).work(review.secretary) as work:
            await asyncio.sleep(0.05)  # so that both have begun
            try:
                await service.open_(work, id)
            except Refused as refused:
                return refused.unmet[0].code
            await asyncio.sleep(0.2)
            await work.commit()
        return "opened"

    assert sorted(await asyncio.gather(*(open_one(id) for id in prepared))) == ["again", "opened"]


async def test_the_signed_sheet_stands_in_the_dossier_and_is_named_as_evidence(review: Review) -> None:
    after = review.day + timedelta(days=15)
    id = await review.opened()
    await review.voted(id, "approve", "approve", "approve")
    sheet = await review.act(lambda work: signing.file_sheet(work, id, "结果表.pdf", b"%PDF", after), review.secretary, after)
    async with review.hub.reading(SYSTEM) as work:
        paper = next(one for one in await repository.papers(work.connection, review.id) if one.id == sheet.paper_id)
    assert (paper.kind, paper.sha256, paper.counts) == ("ballot_sheet", sheet.sha256, True)
    met, why, evidence = await review.gate()
    assert met and f"结果表已于 {after} 签署归档" in why and evidence == (f"ballot:{id}", str(paper.id))


async def test_a_signed_sheet_is_opened_in_the_dossier_by_who_may_see_how_each_voted_and_filed_elsewhere_by_nobody_else(
    review: Review,
) -> None:
    after = review.day + timedelta(days=15)
    id = await review.opened()
    await review.voted(id, "approve", "approve", "approve")
    sheet = await review.act(lambda work: signing.file_sheet(work, id, "结果表.pdf", b"%PDF", after), review.secretary, after)
    other = (await proposed(review.hub, "local-db32", title_zh="示例另一项")).id
    for actor, reads in (
        (Actor(account=review.people[3], person=review.people[3]), True),
        (Actor(account=UUID(int=10), grants=(Grant("member", ("committee", str(review.committee))),)), True),
        (Actor(account=UUID(int=11), grants=(Grant("drafter", ("standard", str(other))),)), False),
        (Actor(account=UUID(int=12), grants=(Grant("officer", ("hub", "*")),)), False),
    ):
        async with on_day(review.hub, after).work(actor) as work:
            assert sheet.paper_id in [paper.id for paper in (await reading.whole(work, review.id)).papers]
            assert await dossier.usable(work, sheet.sha256) is reads
            if reads:
                assert (await dossier.read_paper(work, sheet.paper_id))[1] == b"%PDF"
            else:
                with pytest.raises(Forbidden):
                    await dossier.read_paper(work, sheet.paper_id)


async def test_the_signed_sheet_of_a_ballot_that_failed_opens_no_gate(review: Review) -> None:
    after = review.day + timedelta(days=15)
    id = await review.opened()
    await review.voted(id, "approve")  # one of four: no quorum
    await review.act(lambda work: signing.file_sheet(work, id, "结果表.pdf", b"%PDF", after), review.secretary, after)
    met, why, _ = await review.gate()
    assert not met and "应重新组织" in why


async def test_a_secretary_without_a_seat_at_the_standard_files_the_sheet_with_the_ballot_alone(review: Review) -> None:
    after = review.day + timedelta(days=15)
    id = await review.opened()
    await review.voted(id, "approve", "approve", "approve")

    async def hand_over(work: Work) -> None:
        await facts.edit(work, review.id, Patch(committee_id=uuid4()))

    await review.act(hand_over, day=after)
    sheet = await review.act(lambda work: signing.file_sheet(work, id, "结果表.pdf", b"%PDF", after), review.secretary, after)
    assert sheet.paper_id is None


async def minutes_filed(review: Review, after: int) -> None:
    paper = PaperIn(kind="review_minutes", dated=review.day + timedelta(days=after), reference="示例：审查会议纪要")
    await review.act(lambda work: dossier.add_paper(work, review.id, paper), day=review.day + timedelta(days=after))


async def test_minutes_do_not_outweigh_a_ballot_that_failed_on_the_same_text(review: Review) -> None:
    id = await review.opened()
    for person, vote in zip(review.people, ("approve", "approve", "against", "against"), strict=True):
        given = Vote(vote=vote, reason="示例：缺少依据" if vote == "against" else None)
        await review.act(lambda work, g=given: service.cast(work, id, g), Actor(account=person, person=person))
    await review.act(lambda work: service.close_by_clock(work, id), day=review.day + timedelta(days=15))  # its job has not run yet
    await minutes_filed(review, 15)
    met, why, evidence = await review.gate()
    assert not met and "未通过" in why and "纪要" in why and evidence == (f"ballot:{id}",)
    with pytest.raises(Refused, match="还差"):
        await review.act(lambda work: moving.move(work, review.id, Move(act="advance", to="40.60")), day=review.day + timedelta(days=15))


async def test_a_text_that_failed_in_one_round_cannot_pass_by_minutes_in_the_next(review: Review) -> None:
    async with review.hub.reading(SYSTEM) as work:
        texts = [paper for paper in await repository.papers(work.connection, review.id) if paper.kind == "review_draft" and paper.counts]
    id = await review.opened()
    await review.voted(id, "approve", "approve", "against", "against")
    assert (await review.now()).round == 2
    review.day += timedelta(days=15)
    for text in texts:  # handed in again, unchanged
        again = PaperIn(kind="review_draft", dated=review.day, reference=text.reference, sha256=text.sha256, filename=text.filename)
        await review.act(lambda work, given=again: dossier.add_paper(work, review.id, given))
    await minutes_filed(review, 0)
    met, why, evidence = await review.gate()
    assert not met and "未通过" in why and evidence == (f"ballot:{id}",)
    mended = PaperIn(kind="review_draft", dated=review.day, reference="示例送审稿第二稿")
    await review.act(lambda work: dossier.add_paper(work, review.id, mended))
    assert (await review.gate())[0]  # another text, on which nobody voted against


async def test_a_later_ballot_that_passed_outweighs_the_failed_one(review: Review) -> None:
    await review.voted(await review.opened(), "approve", "against", "against", "against")
    assert not (await review.gate())[0]
    review.day += timedelta(days=16)
    second = await review.opened()
    assert (await review.voted(second, "approve", "approve", "approve", "approve")).outcome == "passed"
    met, _, evidence = await review.gate()
    assert met and evidence == (f"ballot:{second}",)


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
