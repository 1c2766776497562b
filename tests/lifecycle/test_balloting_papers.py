"""Signed sheets and minutes in the dossier beside a ballot on the same text."""

from datetime import timedelta
from uuid import UUID

import pytest

from standards_hub.committees.ballots import service, signing
from standards_hub.committees.ballots.schemas import Vote
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import Forbidden, Refused
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import Move, PaperIn
from standards_hub.lifecycle.services import dossier, facts, moving, reading
from standards_hub.lifecycle.values import Patch
from tests.lifecycle.driving import a_committee, on_day, proposed
from tests.lifecycle.reviewing import Review


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
        await facts.edit(work, review.id, Patch(committee_id=await a_committee(work)))

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
