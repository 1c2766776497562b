"""What follows from meetings by itself: whoever is called is told, with an invitation; duties are told and reminded of."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import structs

from standards_hub.committees import repository as registers
from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.invitation import invitation
from standards_hub.committees.meetings.services import calling
from standards_hub.committees.meetings.values import KINDS, Meeting
from standards_hub.kernel import mail, notices
from standards_hub.kernel.access.values import Account
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

MEETING = notices.kind("meeting", say("会议：通知、材料、改期和取消"))
DUTY = notices.kind("meeting-duty", say("会议交办给我的事项"))
REMIND_DAYS = (3, 0)
"""So many days before a duty is due; a choice of this hub."""


@job("meeting.tell", say("通知与会人员"))
async def tell(work: Work, meeting_id: str, what: str, left: Sequence[str] = ()) -> None:
    """Write to everybody who has a seat on the meeting's day; who has no account, to the address in the register.

    Who was called and has `left` by a new day hears of it too, and the meeting goes out of their calendar.
    """
    found = await repository.meeting(work.connection, UUID(meeting_id))
    if what != "cancel" and (found.state == "cancelled" or found.last_day < work.today):
        return  # it was taken back, or is over, before anybody was told
    seats = await registers.seats(work.connection, found.committee_id, on=found.starts_on)
    called = {seat.person_id for seat in seats}
    organizer = await calling.organizer(work, found)
    await _write(work, found, what, organizer, called, found)
    if gone := {UUID(id) for id in left} - called:
        await _write(work, found, what, organizer, gone, structs.replace(found, state="cancelled"))


async def _write(work: Work, found: Meeting, what: str, organizer: str | None, people: Collection[UUID], entered: Meeting) -> None:
    """One letter to these people, with the meeting as it is `entered` in their calendars."""
    committee = await registers.committee(work.connection, found.committee_id)
    items = await repository.items(work.connection, found.id)
    reached = await repository.addresses(work.connection, people)
    subject, body = letter(found, committee.label, what)
    key, now = f"meeting:{found.id}:{what}:{found.version}", work.clock.now()

    def invited(language: str, address: str | None) -> str | None:
        if what == "papers":
            return None
        return invitation(entered, committee.label, language, now, organizer=organizer, attendee=address, items=items, hub=mail.link(""))

    def of_account(account: Account) -> str:
        return invited(account.language, account.email) or ""

    to = dict.fromkeys([account for account, _ in reached.values() if account], MEETING)
    await notices.send(work, to, subject, body, key, calendar=None if what == "papers" else of_account)
    for id, (account, address) in reached.items():
        if account is None and address:
            await mail.enqueue(work, address, str(subject), str(body), key=f"{key}:{id}", calendar=invited("zh", address))


def letter(one: Meeting, committee: str, what: str) -> tuple[Message, Message]:
    """The heading and the text of a letter about a meeting."""
    when = say("{day} {hour}", day=one.starts_on, hour=one.starts_at)
    facts = {
        "committee": committee,
        "kind": KINDS[one.kind],
        "title": one.title,
        "when": when,
        "where": one.where or "—",
        "link": mail.link(f"/meetings/{one.id}"),
    }
    if what == "cancel":
        return (
            say("会议取消：{title}", title=one.title),
            say("{committee}原定 {when} 召开的{kind}“{title}”取消：{reason}。{link}", reason=one.reason, **facts),
        )
    if what == "move":
        return (
            say("会议有变动：{title}，{when}", title=one.title, when=when),
            say("{committee}的{kind}“{title}”改为 {when}，{where}。原因：{reason}。{link}", reason=one.reason, **facts),
        )
    if what == "papers":
        return (
            say("会议材料：{title}", title=one.title),
            say("{committee}{when} 召开的{kind}“{title}”的材料已备齐，可整包下载：{link}", **facts),
        )
    return (
        say("会议通知：{title}，{when}", title=one.title, when=when),
        say("{committee}定于 {when} 召开{kind}“{title}”，地点：{where}。议程和材料见 {link}", **facts),
    )


@job("meeting.duty", say("通知交办事项"))
async def duty_given(work: Work, meeting_id: str, duty_id: str) -> None:
    """Tell somebody what they were given to do, or remind them of it."""
    found = await repository.meeting(work.connection, UUID(meeting_id))
    duty = next((one for one in await repository.duties(work.connection, meeting_id=found.id) if str(one.id) == duty_id), None)
    if duty is None or duty.done_on is not None:
        return
    reached = await repository.addresses(work.connection, [duty.person_id])
    subject = say("会议交办：{day} 前办结", day=duty.due_on)
    body = say("“{title}”交办：{what}。请于 {day} 前办结，在“我的待办”中勾去。{link}", title=found.title, what=duty.what, day=duty.due_on,
               link=mail.link(f"/meetings/{found.id}"))  # fmt: skip
    to = dict.fromkeys([account for account, _ in reached.values() if account], DUTY)
    await notices.send(work, to, subject, body, f"meeting-duty:{duty.id}:{work.today}")


@every("meetings.sweep", cron="4 0 * * *")
@job("meetings.sweep", say("逐日提醒交办事项"))
async def sweep(work: Work) -> None:
    """Each day: remind of duties that are nearly due."""
    for duty in await repository.duties(work.connection, waiting=True):
        if any(work.today == duty.due_on - timedelta(days=days) for days in REMIND_DAYS):
            arguments = {"meeting_id": str(duty.meeting_id), "duty_id": str(duty.id)}
            await work.enqueue("meeting.duty", arguments, key=f"meeting-duty:{duty.id}:{work.today}")
