"""What users do with seats: see and try a composition, replace a member, begin a term, say a side, declare and lift interests."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from msgspec import structs

from standards_hub.committees import membership, ports, repository
from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.seats import composition
from standards_hub.committees.seats import ports as occasions
from standards_hub.committees.seats import repository as declared
from standards_hub.committees.seats.composition import Composition, Line
from standards_hub.committees.seats.events import InterestDeclared, InterestLifted, SeatReplaced, SideSaid, Staying, TermRenewed
from standards_hub.committees.seats.schemas import (
    Compared,
    CompositionOut,
    LineOut,
    NewInterest,
    Participation,
    Renewal,
    Replacement,
    SeatsOut,
    SideChange,
    WhatIf,
    WhatIfOut,
)
from standards_hub.committees.seats.values import Interest
from standards_hub.committees.services.dates import day_of
from standards_hub.committees.values import VOTING, Committee, Seat, SeatHolder
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import BadInput, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def composed(work: Work, one: Committee, *, on: date | None = None, seats: Sequence[SeatHolder] | None = None) -> Composition:
    """How a committee is composed on a day; one that is being formed with the seats that are to come. `seats` are all of its seats, if known."""
    day = on or work.today
    every = await repository.seats(work.connection, one.id) if seats is None else seats
    sitting = composition.sitting(every, day, planned=one.state == "preparing")
    elsewhere = await repository.seats_elsewhere_of(work.connection, [seat.person_id for seat in sitting], one.id, day) if sitting else {}
    return Composition(day, sitting, elsewhere, composition.replaced_before(every, day))


async def checklist(
    work: Work, one: Committee, *, on: date | None = None, seats: Sequence[SeatHolder] | None = None
) -> list[Line]:  # fmt: skip
    """What each rule says of a committee on a day; nothing where the rules know no such committee."""
    return composition.lines(one, await composed(work, one, on=on, seats=seats)) if composition.known(one) else []


async def show_composition(work: Work, committee_id: UUID, *, on: date | None = None) -> CompositionOut:
    work.actor.require("committee.read")
    one = await repository.committee(work.connection, committee_id)
    found = await composed(work, one, on=on)
    return CompositionOut(
        found.day, one.state == "preparing", list(found.members), [LineOut.of(line) for line in composition.lines(one, found)]
    )


async def what_if(work: Work, committee_id: UUID, data: WhatIf) -> WhatIfOut:
    """What the rules would say if some seats went and some people came; nothing is written.

    Raises `NotFound` for a person or a seat that is not there.
    """
    work.actor.require("committee.read")
    data = checked(data)
    one = await repository.committee(work.connection, committee_id)
    now = await composed(work, one)
    held = {seat.id for seat in now.members}
    if unknown := [id for id in data.remove if id not in held]:
        why = say("席位 {id} 现在无表决权或不在本委员会", id=unknown[0])
        raise BadInput(say("无法试算"), unmet=[Unmet("seat.unknown", why, "remove")])
    coming = await _candidates(work, one, data)
    stays = [seat for seat in now.members if seat.id not in set(data.remove)]
    elsewhere = await repository.seats_elsewhere_of(work.connection, [seat.person_id for seat in coming], one.id, now.day)
    swapped = min(len(data.remove), len(coming))
    then = Composition(now.day, [*stays, *coming], {**now.elsewhere, **elsewhere}, now.left + swapped)
    before, after = composition.lines(one, now), composition.lines(one, then)
    return WhatIfOut(list(then.members), [Compared(LineOut.of(old), LineOut.of(new)) for old, new in zip(before, after, strict=True)])


async def _candidates(work: Work, one: Committee, data: WhatIf) -> list[SeatHolder]:
    found: list[SeatHolder] = []
    for candidate in data.add:
        if candidate.position not in VOTING:
            continue
        person = await repository.person(work.connection, candidate.person_id)
        names = await repository.organisation_names(work.connection, [person.organisation_id] if person.organisation_id else [])
        found.append(SeatHolder(
            id=uuid4(), committee_id=one.id, person_id=person.id, position=candidate.position, since=work.today, until=work.today,
            side=candidate.side, person_name=person.name, organisation_id=person.organisation_id, title=person.title,
            organisation_name=names.get(person.organisation_id) if person.organisation_id else None,
        ))  # fmt: skip
    return found


async def replace(work: Work, committee_id: UUID, seat_id: UUID, data: Replacement) -> Seat:
    """Let somebody go on from a seat: the old one ends the day before, position and end of the term stay."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    old = await repository.seat(work.connection, committee_id, seat_id)
    person = await repository.person(work.connection, data.person_id)
    unmet: list[Unmet] = []
    if committee.state == "dissolved":
        unmet.append(Unmet("dissolved", say("委员会已撤销")))
    if not person.active:
        unmet.append(Unmet("person.left", say("{name} 已停用", name=person.name), "person_id"))
    if person.id == old.person_id:
        unmet.append(Unmet("replace.self", say("接任者就是现任者"), "person_id"))
    if data.since <= old.since:
        unmet.append(Unmet("replace.early", say("接任日期须晚于原任期起始日 {day}", day=old.since), "since"))
    elif old.until is not None and data.since > old.until:
        unmet.append(Unmet("replace.late", say("原任期已于 {day} 结束，请登记新席位", day=old.until), "since"))
    else:
        others = [seat for seat in await repository.seats(work.connection, committee_id) if seat.id != seat_id]
        unmet += membership.unmet_for_seat(person.id, data.since, old.until, others)
    refuse_if(unmet, say("不能更换"))
    seat = Seat(
        id=uuid4(), committee_id=committee_id, person_id=person.id, position=old.position, since=data.since,
        until=old.until, side=data.side or old.side, replaces=seat_id,
    )  # fmt: skip
    event = SeatReplaced(
        seat=seat_id, person_id=old.person_id, successor_seat=seat.id, successor_id=seat.person_id, position=seat.position,
        since=seat.since, until=seat.until, side=seat.side, reason=data.reason,
    )  # fmt: skip
    await work.append(committee, event, effective_on=min(seat.since, work.today))
    return seat


async def renew(work: Work, committee_id: UUID, data: Renewal) -> list[Seat]:
    """Begin a new term: those who stay go on with position and side, everybody else's seat ends the day before."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    every = await repository.seats(work.connection, committee_id)
    term = {seat.id: seat for seat in membership.of_last_term(every, work.today)}
    staying = [term[id] for id in dict.fromkeys(data.seats) if id in term]
    refuse_if(_unmet_for_term(committee, data, staying), say("不能换届"))
    unmet: list[Unmet] = []
    ended = [seat for seat in every if seat.since < data.since and (seat.until is None or seat.until >= data.since)]
    others = [seat for seat in every if seat not in ended]
    for seat in staying:
        if not (await repository.person(work.connection, seat.person_id)).active:
            unmet.append(Unmet("person.left", say("{name} 已停用", name=seat.person_name), "seats"))
        overlaps = membership.unmet_for_seat(seat.person_id, data.since, data.until, others)
        unmet += [structs.replace(one, why=say("{name}：{why}", name=seat.person_name, why=one.why)) for one in overlaps]
    refuse_if(unmet, say("不能换届"))
    made = [
        Seat(id=uuid4(), committee_id=committee_id, person_id=s.person_id, position=s.position, since=data.since, until=data.until, side=s.side)
        for s in staying
    ]  # fmt: skip
    event = TermRenewed(
        since=data.since, until=data.until, ended=[seat.id for seat in ended], reason=data.reason,
        staying=[Staying(seat=old.id, person_id=new.person_id, new=new.id, position=new.position, side=new.side) for old, new in zip(staying, made, strict=True)],
    )  # fmt: skip
    await work.append(committee, event, effective_on=min(data.since, work.today))
    return made


def _unmet_for_term(committee: Committee, data: Renewal, staying: Sequence[SeatHolder]) -> list[Unmet]:
    unmet: list[Unmet] = []
    if committee.state == "dissolved":
        unmet.append(Unmet("dissolved", say("委员会已撤销")))
    if data.until < data.since:
        unmet.append(Unmet("seat.term", say("任期止于 {until}，早于起始日 {since}", until=data.until, since=data.since), "until"))
    if unknown := set(data.seats) - {seat.id for seat in staying}:
        unmet.append(Unmet("seat.unknown", say("席位 {id} 不在本届之中", id=sorted(map(str, unknown))[0]), "seats"))
    if not data.seats:
        unmet.append(Unmet("renew.none", say("请选出续任者；无人续任的，结束各席位后登记新席位"), "seats"))
    if late := [seat for seat in staying if seat.since >= data.since]:
        why = say("{name} 的任期自 {day} 起，新一届须在其后开始", name=late[0].person_name, day=late[0].since)
        unmet.append(Unmet("renew.early", why, "since"))
    return unmet


async def say_side(work: Work, committee_id: UUID, seat_id: UUID, data: SideChange) -> Seat:
    """Say whose interest a member stands for, or put it right."""
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    seat = await repository.seat(work.connection, committee_id, seat_id)
    if data.side != seat.side:
        event = SideSaid(seat=seat_id, person_id=seat.person_id, before=seat.side, after=data.side)
        await work.append(committee, event, effective_on=max(min(seat.since, work.today), seat.since))
    return structs.replace(seat, side=data.side)


async def declare(work: Work, committee_id: UUID, data: NewInterest) -> Interest:
    """Declare what ties a member to a thing that the committee decides on. Members declare their own, the secretariat anybody's."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    if work.actor.person != data.person_id:
        work.actor.require("committee.manage", committee)
    work.actor.require("interest.declare", committee)
    name = (await repository.person(work.connection, data.person_id)).name
    subject, kind = data.subject, None
    unmet: list[Unmet] = []
    if data.standard_id is not None:
        label = await ports.standards().label(work, data.standard_id)
        subject, kind = label or subject, "standard" if label else None
        if label is None:
            unmet.append(Unmet("interest.standard", say("找不到该标准"), "standard_id"))
    elif not subject:
        unmet.append(Unmet("interest.subject", say("请选标准，或写明事项"), "subject"))
    day = day_of(work, data.on)
    seats = await repository.seats(work.connection, committee_id, on=day)
    if data.person_id not in {seat.person_id for seat in seats}:
        unmet.append(Unmet("interest.seat", say("{name} 当日不在本委员会任职", name=name), "person_id"))
    refuse_if(unmet, say("不能申报利益关系"))
    interest = Interest(
        id=uuid4(), committee_id=committee_id, person_id=data.person_id, subject_kind=kind, subject_id=data.standard_id,
        subject=subject or "", relation=data.relation, note=data.note, since=day, until=None, person_name=name,
    )  # fmt: skip
    event = InterestDeclared(
        interest=interest.id, person_id=interest.person_id, subject_kind=kind, subject_id=data.standard_id, subject=interest.subject,
        relation=interest.relation, note=interest.note, since=day,
    )  # fmt: skip
    await work.append(committee, event, effective_on=day)
    return interest


async def lift(work: Work, committee_id: UUID, interest_id: UUID, data: Reason) -> Interest:
    """Record that an interest is no more."""
    data = checked(data)
    committee = await repository.committee(work.connection, committee_id)
    work.actor.require("committee.manage", committee)
    found = await declared.interest(work.connection, committee_id, interest_id)
    day = day_of(work, data.on)
    unmet = []
    if found.until is not None:
        unmet.append(Unmet("interest.lifted", say("已于 {day} 解除", day=found.until)))
    if day < found.since:
        unmet.append(Unmet("interest.early", say("不能早于申报日 {day}", day=found.since), "on"))
    refuse_if(unmet, say("不能解除利益关系"))
    event = InterestLifted(interest=interest_id, person_id=found.person_id, until=day, reason=data.reason)
    await work.append(committee, event, effective_on=day)
    return structs.replace(found, until=day)


async def show(work: Work, committee_id: UUID) -> SeatsOut:
    """The composition, what interests hold, and who took part in what was called in the last year.

    Interests are for those who work in the committee.
    """
    work.actor.require("committee.read")
    committee = await repository.committee(work.connection, committee_id)
    seen = work.actor.may("interest.read", committee)
    interests = await declared.interests(work.connection, committee_id) if seen else []
    shown = await show_composition(work, committee_id)
    return SeatsOut(shown, interests, await participation(work, shown.members, committee_id))


async def participation(work: Work, members: list[SeatHolder], committee_id: UUID) -> list[Participation]:
    """How often each member was called in the last year and took part, the least first; empty where nothing was called."""
    found = await occasions.occasions(work, committee_id, due_day(work.today, -12, "months"))
    counts = [
        Participation(
            seat.person_id, seat.person_name, sum(seat.person_id in one.called for one in found),
            sum(seat.person_id in one.came for one in found),
        )
        for seat in members
    ]  # fmt: skip
    return sorted((one for one in counts if one.called), key=lambda one: (one.came / one.called, one.person_name))
