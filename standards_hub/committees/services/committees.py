"""What users do to committees and seats: register, edit, found, suspend, dissolve; take, end and strike seats."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees import membership, repository
from standards_hub.committees.events import CommitteeEdited, CommitteeRegistered, CommitteeStateChanged, SeatEnded, SeatStruck, SeatTaken
from standards_hub.committees.founding import repository as courses
from standards_hub.committees.schemas import (
    CommitteeChange,
    CommitteeOut,
    NewCommittee,
    NewSeat,
    Reason,
    SeatEnd,
    StateChange,
    WarningOut,
    checked,
)
from standards_hub.committees.seats import composition
from standards_hub.committees.services.dates import day_of
from standards_hub.committees.tree import Family, Held, tree
from standards_hub.committees.values import COMMITTEE_STATES, STATE_CHANGES, Committee, CommitteeFacts, Seat, number_key
from standards_hub.kernel import search
from standards_hub.kernel.errors import Conflict, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def show(work: Work, id: UUID) -> CommitteeOut:
    """A committee with its seats and what its rule does not foresee today."""
    work.actor.require("committee.read")
    found = await repository.committee(work.connection, id)
    seats = await repository.seats(work.connection, id)
    elsewhere = await repository.seats_elsewhere(work.connection, id, work.today)
    composed = composition.Composition(
        work.today, composition.sitting(seats, work.today), elsewhere, composition.replaced_before(seats, work.today)
    )
    warned = [line for line in composition.lines(found, composed) if not line.met] if found.state == "active" else []
    return CommitteeOut(found, seats, await repository.children(work.connection, id), [WarningOut.of(line) for line in warned])


async def whole(work: Work) -> list[Family]:
    """All committees as one tree, by house."""
    work.actor.require("committee.read")
    found = await repository.whole_tree(work.connection)
    return tree(found, await repository.seat_counts(work.connection, [one.id for one in found], work.today))


async def abroad(work: Work, *, past: bool = False) -> list[Held]:
    """Positions in international committees that people of the province hold, with `past` those that ended too."""
    work.actor.require("committee.read")
    return await repository.international_seats(work.connection, None if past else work.today)


async def register(work: Work, data: NewCommittee, *, on: date | None = None) -> Committee:
    """Put a committee on the register, in preparation or already at work."""
    said = _tidy(structs.asdict(checked(data)))
    exemplar, state = said.pop("exemplar"), said.pop("state")
    said["number_key"] = number_key(said["number"], said["level"]) if said["number"] else None
    made = Committee(id=uuid4(), exemplar=exemplar, state=state, **said)
    work.actor.require("committee.manage", made)
    await _consistent(work, made, CommitteeFacts(**said))
    event = CommitteeRegistered(facts=CommitteeFacts(**said), state=state, exemplar=exemplar)
    await work.append(made, event, effective_on=day_of(work, on))
    await _index(work, made)
    return made


async def edit(work: Work, id: UUID, change: CommitteeChange, *, on: date | None = None) -> Committee:
    """Change what is known of a committee. Raises `Refused` for a parent that stands below it."""
    found = await repository.committee(work.connection, id)
    work.actor.require("committee.manage", found)
    said = _tidy({name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET})
    if "number" in said:
        said["number_key"] = number_key(said["number"], found.level) if said["number"] else None
    news = CommitteeFacts(**said).news(found)
    if not news.said():
        return found
    before = news.before(found)
    news.apply(found)
    await _consistent(work, found, news)
    await work.append(found, CommitteeEdited(before=before, after=news), effective_on=day_of(work, on))
    await _index(work, found)
    return found


async def change_state(work: Work, id: UUID, data: StateChange) -> Committee:
    """Found, suspend, resume or dissolve a committee. Dissolving ends its seats that day, and waits for those below it."""
    data = checked(data)
    found = await repository.committee(work.connection, id)
    work.actor.require("committee.manage", found)
    day = day_of(work, data.on)
    unmet = []
    if data.state not in STATE_CHANGES[found.state]:
        why = say("委员会现为“{now}”，不能改为“{then}”", now=COMMITTEE_STATES[found.state], then=COMMITTEE_STATES[data.state])
        unmet.append(Unmet("state", why, "state"))
    ended: list[UUID] = []
    course = await courses.course(work.connection, id)
    if course and (data.state == "dissolved" or course.step != "running"):
        unmet.append(Unmet("course", say("请在“组建与届期”中办理，那里记有条件和文号"), "state"))
    elif data.state == "dissolved":
        ended, blocked = await ending(work, id, day)
        unmet += blocked
    refuse_if(unmet, say("不能变更委员会状态"))
    event = CommitteeStateChanged(before=found.state, after=data.state, reason=data.reason, ended=ended)
    await work.append(found, event, effective_on=day)
    found.state = data.state
    return found


async def ending(work: Work, id: UUID, day: date) -> tuple[list[UUID], list[Unmet]]:
    """The seats that end when a committee does on a day, and what stands in its way."""
    ended, unmet = [], [
        Unmet("child", say("下属“{name}”尚未撤销", name=child.name), str(child.id))
        for child in await repository.children(work.connection, id)
        if child.state != "dissolved"
    ]  # fmt: skip
    for seat in await repository.seats(work.connection, id):
        if seat.since > day:
            unmet.append(Unmet("seat.future", say("{person} 的任期自 {since} 起，请先删除", person=seat.person_name, since=seat.since)))
        elif seat.until is None or seat.until > day:
            ended.append(seat.id)
    return ended, unmet


async def take_seat(work: Work, committee_id: UUID, data: NewSeat) -> Seat:
    """Give a person a seat for a term. The composition's warnings are with the committee; they block nothing."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    person = await repository.person(work.connection, data.person_id)
    seats = await repository.seats(work.connection, committee_id)
    unmet = membership.unmet_for_seat(data.person_id, data.since, data.until, seats, founded_on=committee.founded_on)
    if committee.state == "dissolved":
        unmet.append(Unmet("dissolved", say("委员会已撤销")))
    if not person.active:
        unmet.append(Unmet("person.left", say("{name} 已停用", name=person.name), "person_id"))
    refuse_if(unmet, say("不能登记席位"))
    seat = Seat(id=uuid4(), committee_id=committee_id, **structs.asdict(data))
    event = SeatTaken(seat=seat.id, **structs.asdict(data))
    await work.append(committee, event, effective_on=min(seat.since, work.today))
    return seat


async def end_seat(work: Work, committee_id: UUID, seat_id: UUID, data: SeatEnd) -> Seat:
    """Set or move the last day of a seat."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    seat = await repository.seat(work.connection, committee_id, seat_id)
    others = [other for other in await repository.seats(work.connection, committee_id) if other.id != seat_id]
    unmet = membership.unmet_for_seat(seat.person_id, seat.since, data.until, others)
    if committee.state == "dissolved":
        unmet.append(Unmet("dissolved", say("委员会已撤销")))
    refuse_if(unmet, say("不能变更任期"))
    event = SeatEnded(seat=seat_id, person_id=seat.person_id, until=data.until, reason=data.reason)
    await work.append(committee, event, effective_on=max(seat.since, min(data.until, work.today)))
    return structs.replace(seat, until=data.until)


async def strike_seat(work: Work, committee_id: UUID, seat_id: UUID, data: Reason) -> Committee:
    """Remove a seat that was entered by mistake; the log keeps that it was."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    seat = await repository.seat(work.connection, committee_id, seat_id)
    event = SeatStruck(seat=seat_id, person_id=seat.person_id, reason=data.reason)
    await work.append(committee, event, effective_on=day_of(work, data.on))
    return committee


def _tidy(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


async def _consistent(work: Work, one: Committee, news: CommitteeFacts) -> None:
    """Raises `Conflict` for a number that is taken, `Refused` for a parent or body that cannot be."""
    if one.number and (other := await repository.committee_by_number(work.connection, one.number, one.level)) and other.id != one.id:
        raise Conflict(say("编号 {number} 已属于“{name}”", number=one.number, name=other.name), code="exists")
    unmet = []
    if isinstance(news.parent_id, UUID):
        parent = await repository.committee(work.connection, news.parent_id)
        if parent.state == "dissolved":
            unmet.append(Unmet("parent.dissolved", say("上级“{name}”已撤销", name=parent.name), "parent_id"))
        if membership.closes_circle(one.id, parent.id, await repository.parents(work.connection, parent.id)):
            unmet.append(Unmet("parent.circle", say("“{name}”在它之下，不能作为上级", name=parent.called), "parent_id"))
    if isinstance(news.mirrors_id, UUID):
        mirrored = await repository.committee(work.connection, news.mirrors_id)
        if mirrored.level != "international" or one.level == "international":
            unmet.append(Unmet("mirror", say("只有国内的委员会对口国际的委员会，“{name}”不可", name=mirrored.called), "mirrors_id"))
    for name in ("secretariat_id", "department_id"):
        if isinstance(id := getattr(news, name), UUID):
            body = await repository.organisation(work.connection, id)
            if not body.active:
                unmet.append(Unmet("organisation.closed", say("{name} 已停用", name=body.name), name))
    if isinstance(news.founded_on, date):
        first = min((seat.since for seat in await repository.seats(work.connection, one.id)), default=None)
        if first is not None and first < news.founded_on:
            unmet.append(Unmet("founded.late", say("已有任期始于 {day}，成立日期不能更晚", day=first), "founded_on"))
    refuse_if(unmet, say("不能登记委员会"))


async def _index(work: Work, one: Committee) -> None:
    body = search.words_once(one.number, one.name_en, one.catalogue_ref, one.ics, one.scope)
    await search.index(work.connection, "committee", str(one.id), title=one.name_zh, body=body, public=False)
