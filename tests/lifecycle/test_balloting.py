"""A ballot on a standard: what is voted on is its text, a pass opens the gate, a failure goes the way of the track, a changed text voids."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots import service
from standards_hub.committees.ballots.schemas import CountsIn, NewBallot
from standards_hub.committees.services import committees
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import balloting, repository
from standards_hub.lifecycle.schemas import Move, PaperIn
from standards_hub.lifecycle.services import dossier, facts, moving
from standards_hub.lifecycle.values import Patch
from tests.lifecycle.driving import on_day
from tests.lifecycle.reviewing import Review


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


async def test_a_later_ballot_that_passed_outweighs_the_failed_one(review: Review) -> None:
    await review.voted(await review.opened(), "approve", "against", "against", "against")
    assert not (await review.gate())[0]
    review.day += timedelta(days=16)
    second = await review.opened()
    assert (await review.voted(second, "approve", "approve", "approve", "approve")).outcome == "passed"
    met, _, evidence = await review.gate()
    assert met and evidence == (f"ballot:{second}",)
