"""Calling a meeting: who hears of it, how it stands in their calendars, and what a call wants."""

from datetime import date
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from standards_hub.committees import repository as registers
from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.schemas import (
    Excuse,
    NewMeeting,
    Relocation,
)
from standards_hub.committees.meetings.services import calling, showing
from standards_hub.committees.schemas import Reason, SeatEnd
from standards_hub.committees.services import committees
from standards_hub.documents.meetings import service as files
from standards_hub.kernel import mail
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.access.values import AccountPatch
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Forbidden, Refused
from standards_hub.kernel.jobs.registry import tools
from tests.committees.meetings.driving import CALLED, HELD, House


def calendars(rows: list[Any]) -> list[tuple[str, str, int]]:
    read = [(row["recipient"], Calendar.from_ical(row["calendar"])) for row in rows if row["calendar"]]
    return [(to, str(found["METHOD"]), found.walk("VEVENT")[0]["SEQUENCE"]) for to, found in read]


async def test_a_call_reaches_who_has_an_account_or_an_address_and_says_who_it_does_not(house: House) -> None:
    one = await house.called()
    assert (await house.now(one)).unreached == ["示例2", "示例3"]
    rows = await house.outbox()
    assert sorted(row["recipient"] for row in rows) == ["one@example.org", "zero@example.org"]
    assert sorted(calendars(rows)) == [("one@example.org", "REQUEST", 0), ("zero@example.org", "REQUEST", 0)]
    assert all("示例会议室" in row["body"] for row in rows)


async def test_a_moved_and_a_cancelled_meeting_change_the_same_event_in_everybodys_calendar(house: House) -> None:
    one = await house.called()
    moved = Relocation(starts_on=date(2026, 12, 22), reason="示例：会场冲突")
    await house.act(date(2026, 12, 2), lambda work: calling.move(work, one.id, moved))
    await house.act(date(2026, 12, 3), lambda work: calling.cancel(work, one.id, Reason(reason="示例：改为函审")))
    found = [entry for entry in calendars(await house.outbox()) if entry[0] == "zero@example.org"]
    assert found == [("zero@example.org", "REQUEST", 0), ("zero@example.org", "REQUEST", 1), ("zero@example.org", "CANCEL", 2)]
    with pytest.raises(Refused, match="已取消"):
        await house.act(date(2026, 12, 4), lambda work: calling.call(work, one.id, Excuse()))


async def test_whose_seat_ends_before_the_new_day_hears_of_it_and_has_the_meeting_taken_out_of_the_calendar(house: House) -> None:
    one = await house.called()
    async with house.on(CALLED).reading(SYSTEM) as work:
        seat = next(s for s in await registers.seats(work.connection, house.committee) if s.person_id == house.people[0])
    end = SeatEnd(until=date(2026, 12, 20), reason="示例：调离")
    await house.act(CALLED, lambda work: committees.end_seat(work, house.committee, seat.id, end), SYSTEM)
    moved = Relocation(starts_on=date(2026, 12, 22), reason="示例：会场冲突")
    await house.act(date(2026, 12, 2), lambda work: calling.move(work, one.id, moved))
    rows = await house.outbox()
    found = sorted(entry for entry in calendars(rows) if entry[2] == 1)
    assert found == [("one@example.org", "REQUEST", 1), ("zero@example.org", "CANCEL", 1)]
    assert any("2026-12-22" in row["body"] for row in rows if row["recipient"] == "zero@example.org")


def entry(content: str) -> tuple[str | None, str | None, str | None]:
    """What RFC 5546 goes by: the method, who invites, who is invited."""
    read = Calendar.from_ical(content)
    found = read.walk("VEVENT")[0]
    return tuple(None if one is None else str(one) for one in (read.get("METHOD"), found.get("ORGANIZER"), found.get("ATTENDEE")))


async def test_every_invitation_names_the_secretariat_and_without_an_address_asks_nobody(house: House) -> None:
    one = await house.called()
    mailed = {row["recipient"]: entry(row["calendar"]) for row in await house.outbox()}
    invites = "MAILTO:zero@example.org"
    assert mailed["one@example.org"] == ("REQUEST", invites, "MAILTO:one@example.org")

    async def downloaded(actor: Actor) -> tuple[str | None, str | None, str | None]:
        async with house.on(CALLED).reading(actor) as work:
            return entry(await files.calendar(work, one.id))

    assert await downloaded(house.secretary) == ("REQUEST", invites, invites)
    assert await downloaded(Actor(account=UUID(int=77))) == ("PUBLISH", invites, None)
    await house.act(CALLED, lambda work: access.change(work, house.account, AccountPatch(email=None)), SYSTEM)
    assert await downloaded(house.secretary) == (None, None, None)
    await house.act(date(2026, 12, 2), lambda work: calling.cancel(work, one.id, Reason(reason="示例：改为函审")))
    with tools(mail.Smtp("127.0.0.1", sender="hub@example.org")):
        async with house.on(CALLED).reading(Actor(account=UUID(int=77))) as work:
            assert await calling.organizer(work, await house.now(one)) == "hub@example.org"


async def test_a_meeting_cancelled_before_its_call_is_seen_by_who_prepared_it_alone(house: House) -> None:
    one = await house.prepared()
    await house.act(CALLED, lambda work: calling.cancel(work, one.id, Reason(reason="示例：不开了")))
    outsiders = (Actor(account=UUID(int=77)), Actor(account=UUID(int=78), person=house.people[1],
                 grants=(Grant("member", ("committee", str(house.committee))),)))  # fmt: skip
    for actor, sees in ((house.secretary, True), *((one_, False) for one_ in outsiders)):
        async with house.on(CALLED).reading(actor) as work:
            assert [found.id for found in await repository.meetings(work.connection, actor=actor)] == [one.id] * sees
            assert await repository.count(work.connection, actor=actor) == int(sees)
            if sees:
                assert (await showing.show(work, one.id)).meeting.state == "cancelled"
                continue
            with pytest.raises(Forbidden, match="已取消"):
                await showing.show(work, one.id)


async def test_a_mail_carries_its_invitation_as_a_calendar_part_and_as_a_file(house: House) -> None:
    await house.called()
    row = (await house.outbox())[0]
    made = mail.message(
        "x", row["recipient"], row["subject"], row["body"], sender="hub@example.org", at=Clock(CALLED).now(), calendar=row["calendar"]
    )
    read = message_from_bytes(bytes(made), policy=policy.default)
    parts = [(part.get_content_type(), part.get_param("method")) for part in read.walk() if not part.is_multipart()]
    assert parts == [("text/plain", None), ("text/calendar", "REQUEST"), ("application/ics", None)]


async def test_a_late_call_wants_a_reason_which_stays(house: House) -> None:
    one = await house.prepared()
    late = date(2026, 12, 4)
    with pytest.raises(Refused) as error:
        await house.act(late, lambda work: calling.call(work, one.id, Excuse()))
    assert [(unmet.code, unmet.waivable) for unmet in error.value.unmet] == [("late.call", True)]
    await house.act(late, lambda work: calling.call(work, one.id, Excuse(exception="示例：主管部门要求")))
    assert [(b.rule, b.reason) for b in (await house.now(one)).breaches] == [("call", "示例：主管部门要求")]


async def test_a_call_lists_everything_that_is_missing(house: House) -> None:
    bare = NewMeeting(committee_id=house.committee, kind="plenary", title="示例", starts_on=HELD)
    one = await house.act(date(2026, 11, 24), lambda work: calling.prepare(work, bare))
    with pytest.raises(Refused) as error:
        await house.act(date(2026, 11, 24), lambda work: calling.call(work, one.id, Excuse()))
    assert [unmet.code for unmet in error.value.unmet] == ["agenda", "place"]
