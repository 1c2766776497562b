"""A meeting in iCalendar (RFC 5545): as an invitation by mail, its taking back, and as an event of a calendar that is subscribed to. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText

from standards_hub.committees.meetings.values import Item, Meeting
from standards_hub.kernel.messages import say

PRODUCT = "-//Standards Hub//Meetings//ZH"


def event(one: Meeting, committee: str, language: str, at: datetime, items: Sequence[Item] = (), *, hub: str = "") -> Event:
    """The meeting as an event; its sequence grows with every change, so that calendars take the newest. `hub` is where its page is found."""
    made = Event()
    made.add("uid", f"meeting-{one.id}@standards-hub")
    made.add("dtstamp", at)
    made.add("dtstart", one.begins.astimezone(UTC))
    made.add("dtend", one.ends.astimezone(UTC))
    made.add("sequence", one.sequence)
    made.add("status", "CANCELLED" if one.state == "cancelled" else "CONFIRMED")
    made.add("summary", say("{committee}：{title}", committee=committee, title=one.title).into(language))
    if one.where:
        made.add("location", one.where)
    lines = [f"{item.place}. {item.title}" for item in items]
    if one.state == "cancelled":
        lines = [say("会议取消：{reason}", reason=one.reason or "").into(language)]
    made.add("description", "\n".join([*lines, f"{hub}/meetings/{one.id}"]))
    if hub:
        made.add("url", f"{hub}/meetings/{one.id}")
    return made


def invitation(
    one: Meeting,
    committee: str,
    language: str,
    at: datetime,
    *,
    organizer: str | None,
    attendee: str | None,
    items: Sequence[Item],
    hub: str = "",
) -> str:
    """What goes with the mail: a request, or where the meeting is cancelled, its taking back.

    RFC 5546 wants an organizer in each of its methods and an attendee in a request: without the latter the meeting is published, and
    without the former it is an event like any other.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    if organizer:
        made.add("method", "CANCEL" if one.state == "cancelled" else "REQUEST" if attendee else "PUBLISH")
    entry = event(one, committee, language, at, items, hub=hub)
    if organizer:
        who = vCalAddress(f"MAILTO:{organizer}")
        who.params["cn"] = vText(committee)
        entry.add("organizer", who)
    if organizer and attendee:
        called = vCalAddress(f"MAILTO:{attendee}")
        called.params["role"], called.params["partstat"], called.params["rsvp"] = (
            vText("REQ-PARTICIPANT"),
            vText("NEEDS-ACTION"),
            vText("TRUE"),
        )
        entry.add("attendee", called)
    made.add_component(entry)
    content: bytes = made.to_ical()
    return content.decode()
