"""A standard before a meeting: it is offered for the agenda, the meeting's conclusion opens its gate once signed, or sends it back."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from standards_hub.committees import schemas as registers
from standards_hub.committees.ballots import service as voting
from standards_hub.committees.ballots.schemas import Vote
from standards_hub.committees.meetings import repository as meetings
from standards_hub.committees.meetings.schemas import (
    Attendance,
    Attending,
    Excuse,
    ItemBallot,
    MeetingChange,
    NewDecision,
    NewItem,
    NewItems,
    NewMeeting,
    NewPaper,
    NewPapers,
    SignedPapers,
    StoredFile,
)
from standards_hub.committees.meetings.services import agenda, calling, holding
from standards_hub.committees.services import committees
from standards_hub.kernel import jobs, uploads
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.errors import BadInput, Refused
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import Move, PaperIn
from standards_hub.lifecycle.services import dossier, facts, moving
from standards_hub.lifecycle.values import Patch
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import on_day
from tests.lifecycle.reviewing import Review

NOTICE = timedelta(days=20)


class Meeting:
    """A review meeting on the text of a standard, called on the day the standard came to review."""

    def __init__(self, review: Review) -> None:
        self.review, self.called_on, self.day = review, review.day, review.day + NOTICE

    async def act(self, task: Any, day: date | None = None) -> Any:
        return await self.review.act(task, self.review.secretary, day or self.day)

    async def sent(self, content: bytes) -> str:
        """A file that the secretary sent."""
        return str(await self.act(lambda work: uploads.keep(work, content)))

    async def called(self) -> "Meeting":
        review = self.review
        given = NewMeeting(committee_id=review.committee, kind="review", title="示例审查会", starts_on=self.day, place="示例", rule="V1")
        self.id: UUID = (await self.act(lambda work: calling.prepare(work, given), self.called_on)).id
        offered = await self.act(lambda work: agenda.offered(work, self.id), self.called_on)
        (mine,) = [one for one in offered if one.id == review.id]
        assert mine.purpose == "review" and "审查" in mine.why.zh
        items = NewItems(items=[NewItem(subject_kind=mine.kind, subject_id=mine.id, purpose=mine.purpose)])
        await self.act(lambda work: agenda.add(work, self.id, items), self.called_on)
        (self.item,) = [item.id for item in await self.act(lambda work: meetings.items(work.connection, self.id))]
        await self.act(lambda work: calling.call(work, self.id, Excuse()), self.called_on)
        return self

    async def held(self) -> "Meeting":
        one = await self.act(lambda work: meetings.meeting(work.connection, self.id))
        rows = [Attending(id=a.seat_id, presence="present") for a in await self.act(lambda work: holding.called(work, one))]
        await self.act(lambda work: holding.attend(work, self.id, Attendance(rows=rows)))
        await self.act(lambda work: holding.hold(work, self.id, Excuse()))
        await self.act(lambda work: calling.edit(work, self.id, MeetingChange(chaired_by=self.review.people[0])))
        return self

    async def decided(self, kind: Any) -> None:
        await self.act(lambda work: holding.decide(work, self.id, self.item, NewDecision(kind=kind, text="示例结论")))

    async def signed(self) -> None:
        files = [StoredFile(sha256=await self.sent(f"{self.id} {n}".encode()), filename=f"{n}.pdf") for n in ("纪要", "签到表")]
        await self.act(lambda work: holding.issue(work, self.id))
        await self.act(lambda work: holding.sign(work, self.id, SignedPapers(minutes=files[0], sheet=files[1])))
        assert (await jobs.drain(on_day(self.review.hub, self.day))).errors == []

    async def gates(self) -> dict[str, tuple[bool, str]]:
        async with on_day(self.review.hub, self.day).reading(SYSTEM) as work:
            standard = await repository.standard(work.connection, self.review.id)
            (way,) = [one for one in await moving.ways(work, standard) if one.to == "40.60"]
        return {state.gate: (state.met, str(state.why)) for state in way.gates}


@pytest.fixture
async def meeting(hub: Hub) -> AsyncIterator[Meeting]:
    fill_ports()
    review = Review(hub)
    await review.begin()
    yield await Meeting(review).called()


async def test_a_review_that_a_meeting_passed_opens_the_gate_when_the_minutes_come_back_signed(meeting: Meeting) -> None:
    await meeting.held()
    await meeting.decided("passed")
    met, why = (await meeting.gates())["review"]
    assert not met and "待签字" in why
    with pytest.raises(Refused):
        await meeting.act(lambda work: moving.move(work, meeting.review.id, Move(act="advance", to="40.60")))
    await meeting.signed()
    gates = await meeting.gates()
    assert gates["review"] == (True, f"{meeting.day} 的审查会审查通过，纪要已签回") and gates["signatures"][0]
    async with meeting.review.hub.reading(SYSTEM) as work:
        papers = {p.kind: p for p in await repository.papers(work.connection, meeting.review.id) if p.note == f"/meetings/{meeting.id}"}
    assert set(papers) == {"review_minutes", "sign_table"} and all(p.counts and p.dated == meeting.day for p in papers.values())
    assert all(p.title.endswith("（审查通过）") for p in papers.values())
    slips = [PaperIn(kind="vote_slips", dated=meeting.day, reference="示例")]
    moved = await meeting.act(lambda work: moving.move(work, meeting.review.id, Move(act="advance", to="40.60", papers=slips)))
    assert moved.step == "40.60"


async def test_a_review_has_a_rule_of_its_procedure_and_as_many_members_as_that_wants(meeting: Meeting) -> None:
    one = await meeting.act(lambda work: meetings.meeting(work.connection, meeting.id))
    seats = [a.seat_id for a in await meeting.act(lambda work: holding.called(work, one))]
    rows = [Attending(id=seat, presence="present") for seat in seats[:2]]
    await meeting.act(lambda work: holding.attend(work, meeting.id, Attendance(rows=rows)))
    await meeting.act(lambda work: holding.hold(work, meeting.id, Excuse()))
    for rule, code in ((None, "decision.rule"), ("V8", "decision.rule"), ("V1", "decision.quorum")):
        await meeting.act(lambda work, r=rule: calling.edit(work, meeting.id, MeetingChange(rule=r)))
        with pytest.raises(Refused) as caught:
            await meeting.decided("passed")
        assert {unmet.code for unmet in caught.value.unmet} == {code}
    more = [Attending(id=seats[2], presence="present")]
    await meeting.act(lambda work: holding.attend(work, meeting.id, Attendance(rows=more)))
    await meeting.decided("passed")


async def test_a_standard_given_to_another_committee_before_the_meeting_is_not_concluded_on(meeting: Meeting) -> None:
    await meeting.held()
    review = meeting.review
    other = await review.act(lambda work: committees.register(work, registers.NewCommittee(name_zh="示例另一标委会", level="national")))
    await review.act(lambda work: facts.edit(work, review.id, Patch(committee_id=other.id)))
    with pytest.raises(Refused, match="不能作此决定") as caught:
        await meeting.decided("failed")
    assert {unmet.code for unmet in caught.value.unmet} == {"committee"}


async def test_a_review_that_a_meeting_did_not_pass_goes_back_and_other_minutes_do_not_mend_it(meeting: Meeting) -> None:
    await meeting.held()
    await meeting.decided("failed")
    minutes = PaperIn(kind="review_minutes", dated=meeting.day, reference="示例：另一份纪要")
    await meeting.act(lambda work: dossier.add_paper(work, meeting.review.id, minutes))
    met, why = (await meeting.gates())["review"]
    assert not met and "未予通过" in why
    await meeting.signed()
    standard = await meeting.review.now()
    assert (standard.step, standard.failures, standard.round) == ("40.20", 1, 2)
    met, why = (await meeting.gates())["review"]
    assert not met and "未予通过" in why  # the same text, in the next round


async def test_a_meeting_cannot_pass_what_a_ballot_on_the_same_text_did_not(meeting: Meeting) -> None:
    review = meeting.review
    await meeting.held()
    vote = ItemBallot(rule="V1", closes_on=meeting.day + timedelta(days=3), form="meeting")
    await meeting.act(lambda work: agenda.vote_on(work, meeting.id, meeting.item, vote))
    item = await meeting.act(lambda work: meetings.item(work.connection, meeting.id, meeting.item))
    await meeting.act(lambda work: voting.open_(work, item.ballot_id))
    with pytest.raises(Refused) as error:
        await meeting.decided("passed")
    assert [unmet.code for unmet in error.value.unmet] == ["decision.open"]
    with pytest.raises(Refused) as error:
        await meeting.act(lambda work: agenda.vote_on(work, meeting.id, meeting.item, ItemBallot(ballot_id=item.ballot_id)))
    assert [unmet.code for unmet in error.value.unmet] == ["ballot.open"]
    for person in review.people:
        own = Actor(account=person, person=person)
        given = Vote(vote="against", reason="示例：缺少依据")
        await review.act(lambda work, g=given: voting.cast(work, item.ballot_id, g), own, meeting.day)
    assert (await meeting.act(lambda work: voting.close(work, item.ballot_id))).outcome == "failed"
    with pytest.raises(Refused) as error:
        await meeting.decided("passed")
    assert [unmet.code for unmet in error.value.unmet] == ["decision.ballot"]


async def test_a_review_turned_into_one_by_correspondence_says_so_and_leaves_the_gate_to_its_ballot(meeting: Meeting) -> None:
    await meeting.held()
    await meeting.decided("letter")
    vote = ItemBallot(rule="V1", closes_on=meeting.day + timedelta(days=14), form="letter")
    await meeting.act(lambda work: agenda.vote_on(work, meeting.id, meeting.item, vote))
    (decision,) = await meeting.act(lambda work: meetings.decisions(work.connection, meeting.id))
    assert decision.form == "letter"
    await meeting.signed()
    assert not (await meeting.gates())["review"][0]
    async with meeting.review.hub.reading(SYSTEM) as work:
        assert not [p for p in await repository.papers(work.connection, meeting.review.id) if p.kind == "review_minutes"]


async def test_a_text_that_changed_after_it_was_passed_is_to_be_reviewed_again(meeting: Meeting) -> None:
    await meeting.held()
    await meeting.decided("passed")
    draft = PaperIn(kind="review_draft", dated=meeting.day, reference="示例送审稿第二稿")
    await meeting.act(lambda work: dossier.add_paper(work, meeting.review.id, draft))
    met, why = (await meeting.gates())["review"]
    assert not met and "文本已变更" in why


async def test_without_the_quorum_a_review_cannot_be_concluded(meeting: Meeting) -> None:
    one = await meeting.act(lambda work: meetings.meeting(work.connection, meeting.id))
    listed = await meeting.act(lambda work: holding.called(work, one))
    rows = [Attending(id=a.seat_id, presence="present" if n < 2 else "absent") for n, a in enumerate(listed)]
    await meeting.act(lambda work: holding.attend(work, meeting.id, Attendance(rows=rows)))
    await meeting.act(lambda work: holding.hold(work, meeting.id, Excuse()))
    with pytest.raises(Refused) as error:
        await meeting.decided("passed")
    assert [unmet.code for unmet in error.value.unmet] == ["decision.quorum"]


async def test_papers_of_the_dossier_lie_before_the_meeting_as_they_are(meeting: Meeting) -> None:
    review = meeting.review
    file = PaperIn(
        kind="review_draft", dated=review.day, sha256=await meeting.sent(b"%PDF draft"), filename="送审稿.pdf", title="示例送审稿"
    )
    await meeting.act(lambda work: dossier.add_paper(work, review.id, file))
    async with review.hub.reading(SYSTEM) as work:
        (paper,) = [p for p in await repository.papers(work.connection, review.id) if p.title == "示例送审稿"]
    await meeting.act(lambda work: agenda.table(work, meeting.id, meeting.item, NewPapers(papers=[NewPaper(source_id=paper.id)])))
    (tabled,) = await meeting.act(lambda work: meetings.papers(work.connection, meeting.id))
    assert (tabled.sha256, tabled.filename, tabled.source_id) == (paper.sha256, "送审稿.pdf", paper.id)


async def test_a_meeting_takes_up_only_what_belongs_to_its_committee(meeting: Meeting) -> None:
    async def foreign(work: Work) -> None:
        other = (await committees.register(work, registers.NewCommittee(name_zh="示例另一标委会", level="national"))).id
        given = NewMeeting(committee_id=other, kind="review", title="示例", starts_on=meeting.day)
        made = await calling.prepare(work, given)
        item = NewItem(subject_kind="standard", subject_id=meeting.review.id, purpose="review")
        await agenda.add(work, made.id, NewItems(items=[item]))

    with pytest.raises(BadInput, match="不能列入议程"):
        await meeting.review.act(foreign)
