"""A meeting from the day it is held: attendance, decisions, duties, minutes, and what comes back signed."""

from uuid import UUID, uuid4

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports as subjects
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.meetings import ports, repository, rules
from standards_hub.committees.meetings.events import (
    AttendanceRecorded,
    DecisionStruck,
    DutyDone,
    DutyGiven,
    MeetingDecided,
    MeetingHeld,
    MinutesIssued,
    MinutesSigned,
)
from standards_hub.committees.meetings.schemas import Attendance, Done, Excuse, NewDecision, NewDuty, SignedPapers
from standards_hub.committees.meetings.services.agenda import stored
from standards_hub.committees.meetings.services.calling import in_state, managed
from standards_hub.committees.meetings.values import VERDICTS, Attendee, Decision, Duty, Item, Meeting, Signed
from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.values import POSITIONS
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def called(work: Work, found: Meeting) -> list[Attendee]:
    """The list of a meeting: who has a seat on its day, as they are noted or as absent, then the guests."""
    noted = await repository.attendees(work.connection, found.id)
    by_seat = {one.seat_id: one for one in noted if one.seat_id}
    seats = await registers.seats(work.connection, found.committee_id, on=found.starts_on)
    order = {position: n for n, position in enumerate(POSITIONS)}
    seats.sort(key=lambda seat: (order[seat.position], seat.person_name, str(seat.id)))
    listed = []
    for seat in seats:
        was = by_seat.pop(seat.id) if seat.id in by_seat else None
        listed.append(was or Attendee(
            id=seat.id, person_id=seat.person_id, seat_id=seat.id, name=seat.person_name, organisation=seat.organisation_name,
            position=seat.position,
        ))  # fmt: skip
    return [*listed, *by_seat.values(), *(one for one in noted if one.seat_id is None)]


async def attend(work: Work, id: UUID, data: Attendance) -> Meeting:
    """Record who was there; who is not named stays as noted, at first as absent."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "called", "held")
    if work.today < found.starts_on:
        raise Conflict(say("会议在 {day}，届时才能登记出席", day=found.starts_on), code="early")
    listed = {one.seat_id or one.id: one for one in await called(work, found)}
    noted = {one.id for one in await repository.attendees(work.connection, id)}
    added, changed, unmet = list[Attendee](), list[Attendee](), list[Unmet]()
    for given in data.rows:
        one = listed.get(given.id)
        if one is None:
            unmet.append(Unmet("attendee", say("名单中没有此人：{id}", id=given.id), "rows"))
            continue
        now = Attendee(
            id=one.id if one.id in noted else uuid4(), person_id=one.person_id, seat_id=one.seat_id, name=one.name,
            organisation=one.organisation, position=one.position, presence=given.presence, proxy=given.proxy, note=given.note,
        )  # fmt: skip
        unmet += rules.unmet_for_attendance(now)
        if one.id not in noted:
            added.append(now)
        elif now != one:
            changed.append(now)
    known = {one.person_id for one in listed.values() if one.person_id}
    for guest in data.guests:
        if guest.person_id is not None:
            await registers.person(work.connection, guest.person_id)
            if guest.person_id in known:
                unmet.append(Unmet("guest", say("{name} 已在名单中", name=guest.name), "guests"))
        added.append(Attendee(
            id=uuid4(), person_id=guest.person_id, name=guest.name, organisation=guest.organisation, presence="present", note=guest.note
        ))  # fmt: skip
    if unmet:
        raise BadInput(say("出席登记有误"), unmet=unmet)
    if added or changed:
        await work.append(found, AttendanceRecorded(added=added, changed=changed))
    return found


async def hold(work: Work, id: UUID, data: Excuse) -> Meeting:
    """Say that the meeting took place; if its papers never went out, why."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "called")
    items, papers = await repository.items(work.connection, id), await repository.papers(work.connection, id)
    late = rules.late("papers", found, items, work.today) if papers and found.papers_on is None else None
    unmet = rules.unmet_for_lateness(late, data.exception)
    if work.today < found.starts_on:
        unmet.append(Unmet("early", say("会议在 {day}", day=found.starts_on), "starts_on"))
    if not any(one.presence in ("present", "proxy") for one in await repository.attendees(work.connection, id)):
        unmet.append(Unmet("attendance", say("还没有登记出席"), None))
    refuse_if(unmet, say("不能登记为已召开"))
    breaches = rules.with_breach(found, late, work.today, data.exception)
    await work.append(found, MeetingHeld(breaches=breaches))
    found.state, found.held_on, found.breaches = "held", work.today, breaches
    return found


async def decide(work: Work, id: UUID, item_id: UUID, data: NewDecision) -> Decision:
    """Note what was decided on an item. A conclusion of a review may not contradict a ballot on the same text, nor lack the quorum."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "held")
    item = await repository.item(work.connection, id, item_id)
    subject = await subjects.facts(work, item.subject_kind, item.subject_id) if item.subject_kind and item.subject_id else None
    hash = subject.hash if subject else None
    held = await ballots.of_subject(work.connection, item.subject_kind, item.subject_id) if item.subject_kind and item.subject_id else []
    held.sort(key=lambda one: (one.closed_on or one.closes_on, one.version))
    unmet = rules.unmet_for_decision(data.kind, item, hash is not None, held, hash)
    if subject and not subject.before(found.committee_id, work.actor, "meeting.manage"):
        unmet.append(Unmet("committee", say("《{label}》不归口于本委员会", label=subject.label), "kind"))  # given to another meanwhile
    if data.kind in VERDICTS:
        listed, named = await called(work, found), subject.rules if subject else ()
        voted = any(one.outcome in ("passed", "failed") and one.subject_hash == hash for one in held)  # by a rule that was asked for then
        law = rules.counting(found.rule, () if voted else named)
        unmet += rules.unmet_for_rule(law, () if voted else named)
        for test in rules.quorum(law, listed):
            unmet += [] if test.met else [Unmet("decision.quorum", say("人数不足：{why}", why=rules.name_of(test.explanation)), "kind")]
        if any(one.item_id == item_id and one.kind in VERDICTS for one in await repository.decisions(work.connection, id)):
            unmet.append(Unmet("decision.twice", say("本议题已有审查结论；登记有误的，请先更正"), "kind"))
    refuse_if(unmet, say("不能作此决定"))
    own = next((one for one in held if one.id == item.ballot_id), None)
    made = Decision(
        id=uuid4(), meeting_id=id, item_id=item_id, kind=data.kind, text=data.text.strip(), decided_on=found.starts_on,
        form="letter" if data.kind == "letter" or (own is not None and own.form == "letter") else "meeting",
        subject_kind=item.subject_kind, subject_id=item.subject_id, subject_hash=hash,
    )  # fmt: skip
    await work.append(found, MeetingDecided(decision=made))
    return made


async def strike(work: Work, id: UUID, decision_id: UUID, data: Reason) -> Meeting:
    """Take back a decision that was noted in error, before the minutes are written."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "held")
    decision = next((one for one in await repository.decisions(work.connection, id) if one.id == decision_id), None)
    if decision is None:
        raise NotFound(say("没有这项决定"))
    await work.append(found, DecisionStruck(decision=decision_id, text=decision.text, reason=data.reason))
    return found


async def give(work: Work, id: UUID, item_id: UUID, data: NewDuty) -> Duty:
    """Give somebody something to do by a day; it stands in their to-do list until it is done."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "held")  # what goes round for signature changes no more
    item = await repository.item(work.connection, id, item_id)
    person = await registers.person(work.connection, data.person_id)
    unmet = []
    if not person.active:
        unmet.append(Unmet("person.left", say("{name} 已停用", name=person.name), "person_id"))
    if data.due_on < found.starts_on:
        unmet.append(Unmet("due", say("期限早于会议日期 {day}", day=found.starts_on), "due_on"))
    refuse_if(unmet, say("不能交办"))
    made = Duty(id=uuid4(), meeting_id=id, item_id=item.id, person_id=person.id, what=data.what.strip(), due_on=data.due_on)
    await work.append(found, DutyGiven(duty=made))
    await work.enqueue("meeting.duty", {"meeting_id": str(id), "duty_id": str(made.id)}, key=f"meeting-duty:{made.id}")
    return made


async def tick(work: Work, id: UUID, duty_id: UUID, data: Done) -> Duty:
    """Say that something is done: whoever has to do it, or the secretariat."""
    data = checked(data)
    work.actor.require("meeting.duty")
    found = await repository.meeting(work.connection, id, lock=True)
    duty = next((one for one in await repository.duties(work.connection, meeting_id=id) if one.id == duty_id), None)
    if duty is None:
        raise NotFound(say("没有这件交办事项"))
    if duty.person_id != work.actor.person and not work.actor.may("meeting.manage", found):
        raise Forbidden(say("由承办人本人或秘书处办结"))
    if duty.done_on is not None:
        raise Conflict(say("已于 {day} 办结", day=duty.done_on))
    await work.append(found, DutyDone(duty=duty_id, what=duty.what, due_on=duty.due_on, outcome=data.outcome))
    return next(one for one in await repository.duties(work.connection, meeting_id=id) if one.id == duty_id)


async def issue(work: Work, id: UUID) -> Meeting:
    """Finish the minutes, so that they go round for signature. Each item says what was discussed or decided."""
    found = await managed(work, id)
    in_state(found, "held")
    items, decisions = await repository.items(work.connection, id), await repository.decisions(work.connection, id)
    refuse_if(_open_points(found, items, decisions), say("会议纪要还不完整"))
    await work.append(found, MinutesIssued())
    found.state, found.minutes_on = "minutes", work.today
    return found


def _open_points(found: Meeting, items: list[Item], decisions: list[Decision]) -> list[Unmet]:
    settled = {one.item_id for one in decisions}
    unmet = [] if found.chaired_by else [Unmet("chair", say("请写明主持人"), "chaired_by")]
    unmet += [
        Unmet("item", say("第 {place} 项“{title}”没有讨论情况，也没有决定", place=item.place, title=item.title), "items")
        for item in items if item.id not in settled and not item.discussion
    ]  # fmt: skip
    return unmet


async def sign(work: Work, id: UUID, data: SignedPapers) -> Meeting:
    """Keep the minutes that came back signed, and let the subjects that were decided on hear of it."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "minutes")
    unmet: list[Unmet] = []
    minutes = await stored(work, data.minutes.sha256, data.minutes.filename, unmet, "minutes")
    sheet = await stored(work, data.sheet.sha256, data.sheet.filename, unmet, "sheet") if data.sheet else None
    if unmet or minutes is None:
        raise BadInput(say("签字件有误"), unmet=unmet)
    signed = Signed(minutes, sheet, data.refusals)
    await work.append(found, MinutesSigned(signed=signed))
    found.state, found.signed_on, found.signed = "signed", work.today, signed
    for decision in await repository.decisions(work.connection, id):
        if decision.subject_kind and decision.subject_id:
            given = ports.Returned(
                meeting_id=id, title=found.title, held_on=found.starts_on, kind=decision.kind, minutes=minutes, sheet=sheet
            )  # fmt: skip
            await ports.returned(work, decision.subject_kind, decision.subject_id, given)
    return found
