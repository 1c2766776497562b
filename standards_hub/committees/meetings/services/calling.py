"""A meeting until it takes place: prepare, change, call, send the papers, move, cancel. Who is called is told by mail."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots.rules import rule_of
from standards_hub.committees.meetings import repository, rules
from standards_hub.committees.meetings.events import (
    MeetingCalled,
    MeetingCancelled,
    MeetingEdited,
    MeetingMoved,
    MeetingPrepared,
    PapersSent,
)
from standards_hub.committees.meetings.schemas import Excuse, MeetingChange, NewMeeting, Relocation
from standards_hub.committees.meetings.values import STATES, Meeting, MeetingFacts
from standards_hub.committees.schemas import Reason, checked
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import Refused, Unmet, refuse_if
from standards_hub.kernel.jobs import tool
from standards_hub.kernel.mail import Smtp
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

AFTER_CALL = ("chaired_by", "rule", "note")
"""What may still be said once a meeting was called; the rest is told to everybody, by moving it."""
WHEN_AND_WHERE = ("starts_on", "starts_at", "ends_on", "ends_at", "place", "link")


async def managed(work: Work, id: UUID) -> Meeting:
    """A meeting for one who runs it, locked."""
    found = await repository.meeting(work.connection, id, lock=True)
    work.actor.require("meeting.manage", found)
    return found


def in_state(found: Meeting, *states: str) -> None:
    """Raise `Refused` unless the meeting is in one of these states."""
    if found.state not in states:
        now, wanted = STATES[found.state], [STATES[state] for state in states]
        why = say("会议现为“{state}”，须为“{wanted}”", state=now, wanted=wanted)
        raise Refused(say("会议{state}，不能这样办理", state=now), unmet=[Unmet("state", why, "state")])


async def prepare(work: Work, data: NewMeeting) -> Meeting:
    """Prepare a meeting of a committee."""
    data = checked(data)
    committee = await registers.committee(work.connection, data.committee_id)
    work.actor.require("meeting.manage", committee)
    if committee.state == "dissolved":
        raise Refused(say("委员会已撤销建制，不能开会"), unmet=[Unmet("committee", say("请选择运行中的委员会"), "committee_id")])
    made = Meeting(
        id=uuid4(), prepared_on=work.today, committee_id=committee.id, exemplar=data.exemplar,
        **{name: getattr(data, name) for name in MeetingFacts.__struct_fields__},
    )  # fmt: skip
    await _check(work, made)
    facts = MeetingFacts(**{name: getattr(made, name) for name in MeetingFacts.__struct_fields__})
    await work.append(made, MeetingPrepared(committee_id=committee.id, facts=facts, exemplar=data.exemplar))
    return made


async def edit(work: Work, id: UUID, change: MeetingChange) -> Meeting:
    """Change what a meeting will be; after the call only what those called need not know."""
    found = await managed(work, id)
    in_state(found, "prepared", "called", "held")
    news = MeetingFacts(**_said(checked(change))).news(found)
    if not (said := news.said()):
        return found
    if found.state != "prepared" and (fixed := [name for name in said if name not in AFTER_CALL]):
        why = say("通知已发出；要改日期、时间或地点，请用“改期”，会通知各委员")
        raise Refused(say("不能修改"), unmet=[Unmet("called", why, name) for name in fixed])
    before = news.before(found)
    news.apply(found)
    await _check(work, found)
    await work.append(found, MeetingEdited(before=before, after=news))
    return found


async def call(work: Work, id: UUID, data: Excuse) -> Meeting:
    """Call a meeting: everybody with a seat on its day is told, with an invitation for their calendar."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "prepared")
    items = await repository.items(work.connection, id)
    committee = await registers.committee(work.connection, found.committee_id)
    seats = await registers.seats(work.connection, found.committee_id, on=found.starts_on)
    late = rules.late("call", found, items, work.today)
    unmet = rules.unmet_for_lateness(late, data.exception)
    if committee.state != "active":
        unmet.append(Unmet("committee", say("委员会不在运行中"), None))
    if not items:
        unmet.append(Unmet("agenda", say("议程是空的，请先列入议题"), None))
    if found.where is None:
        unmet.append(Unmet("place", say("请写明地点或网上会议的链接"), "place"))
    if found.starts_on < work.today:
        unmet.append(Unmet("past", say("会议日期 {day} 已过", day=found.starts_on), "starts_on"))
    if not seats:
        unmet.append(Unmet("nobody", say("会议当日委员会没有在任委员"), None))
    refuse_if(unmet, say("不能发出会议通知"))
    breaches = rules.with_breach(found, late, work.today, data.exception)
    missed = await unreached(work, found)
    await work.append(found, MeetingCalled(breaches=breaches, unreached=missed))
    found.state, found.called_on, found.breaches, found.unreached = "called", work.today, breaches, missed
    await _tell(work, found, "call")
    return found


async def send_papers(work: Work, id: UUID, data: Excuse) -> Meeting:
    """Say to everybody who was called that the papers are there, all in one bundle."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "called")
    items = await repository.items(work.connection, id)
    late = rules.late("papers", found, items, work.today)
    unmet = rules.unmet_for_lateness(late, data.exception)
    if not await repository.papers(work.connection, id):
        unmet.append(Unmet("papers", say("还没有会议材料"), None))
    refuse_if(unmet, say("不能发出会议材料"))
    breaches = rules.with_breach(found, late, work.today, data.exception)
    await work.append(found, PapersSent(breaches=breaches))
    found.papers_on, found.breaches = work.today, breaches
    await _tell(work, found, "papers")
    return found


async def move(work: Work, id: UUID, data: Relocation) -> Meeting:
    """Another day, hour or place for a meeting that was called; whoever was called is told."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "called")
    news = MeetingFacts(**{name: value for name, value in _said(data).items() if name in WHEN_AND_WHERE}).news(found)
    refuse_if([] if news.said() else [Unmet("same", say("日期、时间和地点都没有变"), "starts_on")], say("不能改期"))
    before, seated = news.before(found), await _seated(work, found)
    news.apply(found)
    await _check(work, found)
    items = await repository.items(work.connection, id)
    late = rules.late("call", found, items, work.today) if before.starts_on is not UNSET else None
    unmet = rules.unmet_for_lateness(late, data.exception)
    if found.starts_on < work.today:
        unmet.append(Unmet("past", say("会议日期 {day} 已过", day=found.starts_on), "starts_on"))
    if found.where is None:
        unmet.append(Unmet("place", say("请写明地点或网上会议的链接"), "place"))
    refuse_if(unmet, say("不能改期"))
    breaches, missed = rules.with_breach(found, late, work.today, data.exception), await unreached(work, found)
    sequence = found.sequence + 1
    event = MeetingMoved(before=before, after=news, reason=data.reason, sequence=sequence, breaches=breaches, unreached=missed)
    await work.append(found, event)
    found.reason, found.sequence, found.breaches, found.unreached = data.reason, sequence, breaches, missed
    await _tell(work, found, "move", left=seated - await _seated(work, found))
    return found


async def cancel(work: Work, id: UUID, data: Reason) -> Meeting:
    """Cancel a meeting; whoever was called is told."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "prepared", "called")
    was_called, sequence = found.state == "called", found.sequence + 1
    await work.append(found, MeetingCancelled(reason=data.reason, sequence=sequence))
    found.state, found.reason, found.sequence = "cancelled", data.reason, sequence
    if was_called:
        await _tell(work, found, "cancel")
    return found


async def unreached(work: Work, found: Meeting) -> list[str]:
    """Those with a seat on the day who have neither an account nor an address here."""
    seats = await registers.seats(work.connection, found.committee_id, on=found.starts_on)
    people = {seat.person_id: seat.person_name for seat in seats}
    known = await repository.addresses(work.connection, people)
    return sorted(name for id, name in people.items() if id not in known)


async def organizer(work: Work, found: Meeting) -> str | None:
    """The address that calendars answer to, the same in every invitation to a meeting: of the secretariat, else of this hub's mail.

    None where neither is known; calendars then take the meeting as an event that nobody is asked to.
    """
    ids = await accounts.holding(work.connection, {"secretary"}, found.bodies(), work.today)
    addresses = [account.email for account in await accounts.by_ids(work.connection, ids) if account.email]
    if addresses:
        return addresses[0]
    server = tool(Smtp)
    return server.sender if server else None


async def _seated(work: Work, found: Meeting) -> set[UUID]:
    return {seat.person_id for seat in await registers.seats(work.connection, found.committee_id, on=found.starts_on)}


async def _tell(work: Work, found: Meeting, what: str, left: Collection[UUID] = ()) -> None:
    """Have everybody with a seat told, and those who have `left` by the new day."""
    arguments: dict[str, Any] = {"meeting_id": str(found.id), "what": what}
    if left:
        arguments["left"] = sorted(map(str, left))
    await work.enqueue("meeting.tell", arguments, key=f"meeting-tell:{found.id}:{found.version}")


def _said(change: MeetingChange | Relocation) -> dict[str, Any]:
    return {name: value for name, value in structs.asdict(change).items() if value is not UNSET and name in MeetingFacts.__struct_fields__}


async def _check(work: Work, one: Meeting) -> None:
    """Raises `NotFound` for a rule or a person that is not there, `Refused` for hours that cannot be."""
    if one.rule is not None:
        rule_of(one.rule)
    if one.chaired_by is not None:
        await registers.person(work.connection, one.chaired_by)
    unmet: list[Unmet] = []
    if one.ends_on is not None and one.ends_on < one.starts_on:
        unmet.append(Unmet("ends", say("结束日期早于开始日期"), "ends_on"))
    elif one.ends_at is not None and one.ends <= one.begins:
        unmet.append(Unmet("ends", say("结束时间须晚于开始时间"), "ends_at"))
    wrong: Message = say("会议时间有误")
    refuse_if(unmet, wrong)
