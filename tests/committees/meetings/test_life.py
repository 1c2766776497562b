"""A meeting from its preparation to its signed minutes, through the services, on both engines."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports as subjects
from standards_hub.committees.meetings import happening, repository
from standards_hub.committees.meetings.schemas import (
    Attendance,
    Attending,
    Discussion,
    Done,
    Excuse,
    Guest,
    MeetingChange,
    NewDecision,
    NewDuty,
    NewItem,
    NewItems,
    NewPaper,
    NewPapers,
    Order,
    SignedPapers,
    StoredFile,
)
from standards_hub.committees.meetings.services import agenda, calling, holding, showing
from standards_hub.committees.meetings.values import Meeting
from standards_hub.committees.schemas import Reason
from standards_hub.committees.seats import service as seats
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused
from standards_hub.kernel.work import Work
from tests.committees.meetings.driving import CALLED, HELD, Drafts, House


async def test_the_agenda_is_put_into_order_and_an_item_goes_with_its_papers(house: House) -> None:
    one = await house.prepared()

    async def order(work: Work) -> list[str]:
        return [item.title for item in await repository.items(work.connection, one.id)]

    first, second = await house.act(CALLED, lambda work: repository.items(work.connection, one.id))
    await house.act(CALLED, lambda work: agenda.shift(work, one.id, second.id, -1))
    assert await house.act(CALLED, order) == ["示例：下年计划", "示例：工作报告"]
    await house.act(CALLED, lambda work: agenda.shift(work, one.id, second.id, -1))  # it is the first already
    with pytest.raises(BadInput, match="次序有误"):
        await house.act(CALLED, lambda work: agenda.order(work, one.id, Order(items=[first.id])))
    sha = await house.sent("示例".encode())
    paper = NewPapers(papers=[NewPaper(sha256=sha, filename="../计划.txt")])
    await house.act(CALLED, lambda work: agenda.table(work, one.id, second.id, paper))
    (kept,) = await house.act(CALLED, lambda work: repository.papers(work.connection, one.id))
    assert (kept.filename, kept.title, kept.size) == ("计划.txt", "计划", 6)
    with pytest.raises(BadInput, match="不能提交"):
        await house.act(CALLED, lambda work: agenda.table(work, one.id, second.id, paper))
    foreign = NewPapers(papers=[NewPaper(sha256=house.hub.files.put(b"secret"), filename="别人的.txt")])
    with pytest.raises(BadInput) as error:  # whoever only knows the hash of a file cannot table it
        await house.act(CALLED, lambda work: agenda.table(work, one.id, second.id, foreign))
    assert [unmet.code for unmet in error.value.unmet] == ["paper.file"]
    program = NewPapers(papers=[NewPaper(sha256=sha, filename="计划.exe")])
    with pytest.raises(BadInput, match="不能提交"):
        await house.act(CALLED, lambda work: agenda.table(work, one.id, second.id, program))
    await house.act(CALLED, lambda work: agenda.remove(work, one.id, second.id))
    assert await house.act(CALLED, order) == ["示例：工作报告"]
    assert await house.act(CALLED, lambda work: repository.papers(work.connection, one.id)) == []
    (left,) = await house.act(CALLED, lambda work: repository.items(work.connection, one.id))
    assert left.place == 1


async def test_a_title_is_one_line_for_it_heads_the_letter_to_everybody(house: House) -> None:
    for title in ("示例\r\nBcc: x@example.org", "示例\n", "\t示例"):
        with pytest.raises(BadInput) as error:
            await house.prepared(title=title)
        assert [unmet.where for unmet in error.value.unmet] == ["title"]


async def test_a_subject_stands_on_the_agenda_once_however_it_is_put_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(subjects._subjects, "draft", Drafts())
    one = await house.prepared()
    item = NewItem(subject_kind="draft", subject_id=UUID(int=7), purpose="review")
    with pytest.raises(Refused, match="已在议程中"):
        await house.act(CALLED, lambda work: agenda.add(work, one.id, NewItems(items=[item, item])))
    await house.act(CALLED, lambda work: agenda.add(work, one.id, NewItems(items=[item])))
    with pytest.raises(Refused, match="已在议程中"):
        await house.act(CALLED, lambda work: agenda.add(work, one.id, NewItems(items=[item])))


async def test_papers_that_come_after_the_sending_have_to_be_sent_again(house: House) -> None:
    one = await house.called()
    item = (await house.act(CALLED, lambda work: repository.items(work.connection, one.id)))[0]
    for n, day in enumerate((date(2026, 12, 2), date(2026, 12, 15))):
        sha = await house.sent(f"示例 {n}".encode())
        paper = NewPapers(papers=[NewPaper(sha256=sha, filename=f"示例{n}.txt")])
        await house.act(day, lambda work, given=paper: agenda.table(work, one.id, item.id, given))
        assert (await house.now(one)).papers_on is None
        reason = Excuse(exception="示例：补充材料") if n else Excuse()
        await house.act(day, lambda work, given=reason: calling.send_papers(work, one.id, given))
        assert (await house.now(one)).papers_on == day
    assert [b.rule for b in (await house.now(one)).breaches] == ["papers"]


async def test_who_was_called_is_told_of_nothing_that_only_the_secretariat_changes(house: House) -> None:
    one = await house.called()
    with pytest.raises(Refused, match="不能修改"):
        await house.act(CALLED, lambda work: calling.edit(work, one.id, MeetingChange(place="示例另一处")))
    await house.act(CALLED, lambda work: calling.edit(work, one.id, MeetingChange(chaired_by=house.people[0], rule="V1")))
    assert (await house.now(one)).rule == "V1"


async def held(house: House, **more: Any) -> Meeting:
    one = await house.called(**more)
    listed = await house.act(HELD, lambda work: holding.called(work, one))
    how = ("present", "present", "proxy", "excused")
    rows = [
        Attending(id=a.seat_id or a.id, presence=presence, **({"proxy": "示例代理", "note": "章程第 9 条"} if presence == "proxy" else {}))  # type: ignore[arg-type]
        for a, presence in zip(listed, how, strict=True)
    ]
    await house.act(HELD, lambda work: holding.attend(work, one.id, Attendance(rows=rows, guests=[Guest(name="示例来宾")])))
    await house.act(HELD, lambda work: holding.hold(work, one.id, Excuse()))
    return one


async def test_attendance_is_by_seat_and_feeds_the_record_of_participation(house: House) -> None:
    one = await held(house)
    async with house.on(HELD).reading(SYSTEM) as work:
        everybody = await registers.seats(work.connection, house.committee)
        record = await seats.participation(work, everybody, house.committee)
        (occasion,) = await happening.occasions(work, house.committee, date(2026, 1, 1))
    assert len(occasion.called) == 4 and occasion.came == frozenset(house.people[:3])
    assert occasion.href == f"/meetings/{one.id}"
    assert [(row.called, row.came) for row in record] == [(1, 0), (1, 1), (1, 1), (1, 1)]


async def test_it_cannot_be_attended_before_its_day_nor_be_held_by_nobody(house: House) -> None:
    one = await house.called()
    with pytest.raises(Conflict, match="届时"):
        await house.act(CALLED, lambda work: holding.attend(work, one.id, Attendance()))
    with pytest.raises(Refused) as error:
        await house.act(CALLED, lambda work: holding.hold(work, one.id, Excuse()))
    assert [unmet.code for unmet in error.value.unmet] == ["early", "attendance"]


async def test_a_duty_waits_for_its_person_and_is_ticked_off_by_them_or_the_secretariat(house: House) -> None:
    one = await held(house)
    item = (await house.act(HELD, lambda work: repository.items(work.connection, one.id)))[0]
    given = NewDuty(person_id=house.people[0], what="示例：补充试验数据", due_on=date(2026, 12, 31))
    duty = await house.act(HELD, lambda work: holding.give(work, one.id, item.id, given))
    assert any("补充试验数据" in row["body"] for row in await house.outbox() if row["recipient"] == "zero@example.org")
    own = Actor(account=house.account, person=house.people[0])
    async with house.on(HELD).reading(own) as work:
        assert [one.duty.what for one in await showing.duties_of(work)] == ["示例：补充试验数据"]
    stranger = Actor(account=UUID(int=8), person=house.people[1])
    with pytest.raises(Forbidden, match="承办人本人"):
        await house.act(HELD, lambda work: holding.tick(work, one.id, duty.id, Done()), stranger)
    await house.act(HELD, lambda work: holding.tick(work, one.id, duty.id, Done(outcome="示例：已补")), own)
    with pytest.raises(Conflict, match="办结"):
        await house.act(HELD, lambda work: holding.tick(work, one.id, duty.id, Done()), own)
    async with house.on(HELD).reading(own) as work:
        assert await showing.duties_of(work) == []


async def test_minutes_want_every_item_settled_and_come_back_signed(house: House) -> None:
    one = await held(house)
    first, second = await house.act(HELD, lambda work: repository.items(work.connection, one.id))
    with pytest.raises(Refused) as error:
        await house.act(HELD, lambda work: holding.issue(work, one.id))
    assert [unmet.code for unmet in error.value.unmet] == ["chair", "item", "item"]
    await house.act(HELD, lambda work: calling.edit(work, one.id, MeetingChange(chaired_by=house.people[0])))
    await house.act(HELD, lambda work: agenda.discuss(work, one.id, first.id, Discussion(discussion="示例：没有异议")))
    wrong = await house.act(HELD, lambda work: holding.decide(work, one.id, second.id, NewDecision(kind="agreed", text="示例：误记")))
    await house.act(HELD, lambda work: holding.strike(work, one.id, wrong.id, Reason(reason="示例：记错")))
    await house.act(HELD, lambda work: holding.decide(work, one.id, second.id, NewDecision(kind="agreed", text="示例：同意")))
    await house.act(HELD, lambda work: holding.issue(work, one.id))
    minutes = StoredFile(sha256=await house.sent(b"%PDF signed"), filename="纪要.pdf")
    with pytest.raises(BadInput, match="签字件"):
        given = SignedPapers(minutes=StoredFile(sha256=minutes.sha256, filename="纪要.exe"))
        await house.act(HELD, lambda work: holding.sign(work, one.id, given))
    await house.act(HELD, lambda work: holding.sign(work, one.id, SignedPapers(minutes=minutes, refusals="示例：一人拒签")))
    found = await house.now(one)
    assert found.state == "signed" and found.signed is not None and found.signed.minutes.sha256 == minutes.sha256
    async with house.on(HELD).reading(house.secretary) as work:
        assert (await showing.read_signed(work, one.id, "minutes"))[2] == b"%PDF signed"
    with pytest.raises(Refused, match="纪要已签"):
        await house.act(HELD, lambda work: holding.attend(work, one.id, Attendance()))
    async with house.on(HELD).reading(Actor(account=UUID(int=7))) as work:
        assert (await showing.show(work, one.id)).meeting.signed is None  # who refused to sign is not for everybody


async def test_papers_and_decisions_are_for_the_committee_and_those_on_the_list(house: House) -> None:
    one = await held(house)
    async with house.on(HELD).reading(Actor(account=UUID(int=7))) as work:
        outside = await showing.show(work, one.id)
    assert not outside.inside and outside.items and not outside.attendees and outside.acts == []
    assert outside.meeting.unreached == []
    async with house.on(HELD).reading(Actor(account=UUID(int=8), person=house.people[3])) as work:
        inside = await showing.show(work, one.id)
    assert inside.inside and len(inside.attendees) == 5 and inside.acts == []
    prepared = await house.prepared(title="示例：准备中的会")
    async with house.on(HELD).reading(Actor(account=UUID(int=7))) as work:
        with pytest.raises(Forbidden, match="还在准备"):
            await showing.show(work, prepared.id)
        assert [m.id for m in await repository.meetings(work.connection, actor=work.actor)] == [one.id]
        assert await repository.count(work.connection, actor=work.actor) == 1
    async with house.on(HELD).reading(house.secretary) as work:
        assert {m.id for m in await repository.meetings(work.connection, actor=work.actor)} == {one.id, prepared.id}


async def test_a_members_calendar_has_the_meetings_of_their_seat_and_no_others(house: House) -> None:
    one = await house.called()
    await house.prepared(title="示例：准备中的会")
    async with house.on(CALLED).reading(Actor(account=UUID(int=8), person=house.people[3])) as work:
        assert [(m.id, label) for m, label in await showing.calendar_of(work)] == [(one.id, "示例标委会")]
        assert [o.title for o in await happening.to_come(work, house.committee)] == ["示例全体会议"]
    async with house.on(CALLED).reading(Actor(account=UUID(int=9))) as work:
        assert await showing.calendar_of(work) == []


async def test_who_does_not_run_the_committee_cannot_call_its_meetings(house: House) -> None:
    one = await house.prepared()
    other = Actor(account=UUID(int=8), grants=(Grant("secretary", ("committee", str(UUID(int=3)))),))
    with pytest.raises(Forbidden, match="组织会议"):
        await house.act(CALLED, lambda work: calling.call(work, one.id, Excuse()), other)
