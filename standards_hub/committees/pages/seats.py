"""Seats as pages: how a committee is composed rule by rule, what it would be like with others, replacements and interests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import membership, ports, repository
from standards_hub.committees.pages.picks import ON, PERSON, REASON, WHO
from standards_hub.committees.schemas import Reason
from standards_hub.committees.seats import repository as declared
from standards_hub.committees.seats import service
from standards_hub.committees.seats.schemas import Candidate, NewInterest, Renewal, Replacement, SideChange, WhatIf, WhatIfOut
from standards_hub.committees.seats.values import RELATIONS
from standards_hub.committees.values import POSITIONS, SIDES, VOTING, Committee, SeatHolder
from standards_hub.kernel.errors import BadInput, HubError, Unmet
from standards_hub.kernel.forms import Form
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Choice, Field, Place, Trail
from standards_hub.kernel.work import Work

SIDE_CHOICES = tuple(SIDES.items())
ADDED = 3
"""How many people may be added in one what-if on the page."""


async def _subject(work: Work, place: Place, lock: bool) -> Committee:
    return await repository.committee(work.connection, place["id"], lock=lock)


def seats_href(id: UUID) -> str:
    return f"/committees/{id}/seats"


def _trail(one: Committee | None) -> Trail:
    above: Trail = [(one.called, f"/committees/{one.id}"), (say("组成与席位"), seats_href(one.id))] if one else []
    return [(say("委员会"), "/committees"), *above]


def _below(one: Committee | None) -> Trail:
    return _trail(one)[:2]


async def _whose(work: Work, one: Committee, place: Place) -> list[Message]:
    seat = await repository.seat(work.connection, one.id, place["seat_id"])
    name = (await repository.person_names(work.connection, [seat.person_id]))[seat.person_id]
    return [say("{name}，{position}，任期自 {since} 至 {until}", name=name, position=POSITIONS[seat.position], since=seat.since,
                until=seat.until or say("未定"))]  # fmt: skip


async def _replacing(work: Work, one: Committee, place: Place) -> list[Message]:
    return [*await _whose(work, one, place), say("原任期到接任的前一天为止；职务和届期不变。")]


async def _side(work: Work, one: Committee, place: Place) -> dict[str, Any]:
    return {"side": (await repository.seat(work.connection, one.id, place["seat_id"])).side}


async def _self(work: Work, _one: Committee, _place: Place) -> dict[str, Any]:
    return {"person_id": work.actor.person} if work.actor.person else {}


async def _programme(work: Work, one: Committee, _place: Place) -> list[Choice]:
    return [
        (str(item.id), item.title if item.label == item.title else say("{label} {title}", label=item.label, title=item.title))
        for item in await ports.standards().of_committee(work, one.id)
    ]


async def _which(work: Work, one: Committee, place: Place) -> list[Message]:
    found = await declared.interest(work.connection, one.id, place["interest_id"])
    return [say("{name}，{relation}：{subject}", name=found.person_name, relation=RELATIONS[found.relation], subject=found.subject)]


async def _replace(work: Work, place: Place, data: Replacement) -> str:
    return f"/committees/{(await service.replace(work, place['id'], place['seat_id'], data)).committee_id}"


async def _sitting(work: Work, one: Committee) -> list[SeatHolder]:
    order = list(POSITIONS)
    found = membership.of_last_term(await repository.seats(work.connection, one.id), work.today)
    return sorted(found, key=lambda seat: (order.index(seat.position), seat.since, str(seat.id)))


async def _who_may_stay(work: Work, one: Committee, _place: Place) -> list[Choice]:
    return [
        (str(seat.id), say("{name}，{position}（至 {until}）", name=seat.person_name, position=POSITIONS[seat.position],
                           until=seat.until or say("未定")))
        for seat in await _sitting(work, one)
    ]  # fmt: skip


async def _all_stay(work: Work, one: Committee, _place: Place) -> dict[str, Any]:
    """Everybody, from the day after the term: to take a few away is less work than to choose many."""
    sitting = await _sitting(work, one)
    last = max((seat.until for seat in sitting if seat.until), default=None)
    return {"seats": [str(seat.id) for seat in sitting], "since": last + timedelta(days=1) if last else None}


async def _renewing(_work: Work, _one: Committee, _place: Place) -> list[Message]:
    return [say("续任者在新一届中的职务和利益方不变；未选者的任期到新一届开始的前一天为止。新任者另行登记席位。")]


async def _renew(work: Work, place: Place, data: Renewal) -> str:
    await service.renew(work, place["id"], data)
    return f"/committees/{place['id']}"


async def _say_side(work: Work, place: Place, data: SideChange) -> str:
    return f"/committees/{(await service.say_side(work, place['id'], place['seat_id'], data)).committee_id}"


async def _declare(work: Work, place: Place, data: NewInterest) -> str:
    return seats_href((await service.declare(work, place["id"], data)).committee_id)


async def _lift(work: Work, place: Place, data: Reason) -> str:
    return seats_href((await service.lift(work, place["id"], place["interest_id"], data)).committee_id)


REPLACE = Act(
    path="/committees/{id:uuid}/seats/{seat_id:uuid}/replace", permission="committee.manage", title=say("更换委员"), short=say("更换"),
    button=say("更换"), done=say("已更换委员"), takes=Replacement, do=_replace, trail=_below, subject=_subject, says=_replacing,
    fields=(
        Field(name="person_id", label=say("接任者"), required=True, help=WHO, pick=PERSON),
        Field(name="since", label=say("接任日期"), kind="date", required=True),
        Field(name="side", label=say("利益方"), kind="select", options=SIDE_CHOICES, help=say("不选即与前任相同。")), REASON,
    ),
)  # fmt: skip
RENEW = Act(
    path="/committees/{id:uuid}/seats/renew", permission="committee.manage", title=say("换届续任"), short=say("换届续任"),
    button=say("开始新一届"), done=say("已登记新一届的续任者"), takes=Renewal, do=_renew, trail=_below, subject=_subject, says=_renewing,
    holding=_all_stay,
    fields=(
        Field(name="seats", label=say("续任者"), kind="boxes", options=_who_may_stay, required=True),
        Field(name="since", label=say("新一届起"), kind="date", required=True),
        Field(name="until", label=say("新一届止"), kind="date", required=True, help=say("最后一天。")), REASON,
    ),
)  # fmt: skip
SIDE = Act(
    path="/committees/{id:uuid}/seats/{seat_id:uuid}/side", permission="committee.manage", title=say("写明利益方"), short=say("利益方"),
    button=say("保存"), done=say("已写明利益方"), takes=SideChange, do=_say_side, trail=_below, subject=_subject, says=_whose, holding=_side,
    fields=(Field(name="side", label=say("利益方"), kind="radios", options=SIDE_CHOICES),),
)  # fmt: skip
DECLARE = Act(
    path="/committees/{id:uuid}/interests/new", permission="interest.declare", title=say("申报利益关系"), short=say("申报利益关系"),
    button=say("申报"), done=say("已申报利益关系"), takes=NewInterest, do=_declare, trail=_trail, subject=_subject, adds=True, holding=_self,
    fields=(
        Field(name="person_id", label=say("委员"), required=True, help=say("委员申报自己的，秘书处可代为申报。"), pick=PERSON),
        Field(name="relation", label=say("关系"), kind="select", options=tuple(RELATIONS.items()), required=True),
        Field(name="standard_id", label=say("哪一项标准"), kind="select", options=_programme),
        Field(name="subject", label=say("或其他事项"), help=say("不是本委员会在研标准的，写明事项。")),
        Field(name="note", label=say("说明"), kind="area"), ON,
    ),
)  # fmt: skip
LIFT = Act(
    path="/committees/{id:uuid}/interests/{interest_id:uuid}/lift", permission="committee.manage", title=say("解除利益关系"), short=say("解除"),
    button=say("解除"), done=say("已解除利益关系"), takes=Reason, fields=(REASON, ON), do=_lift, trail=_trail, subject=_subject, says=_which,
)  # fmt: skip


@get("/committees/{id:uuid}/seats", opt={"permission": "committee.read"}, include_in_schema=False)
async def seats_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """How a committee is composed, rule by rule, with interests and participation."""
    one = await repository.committee(reading.connection, id)
    found = await service.show(reading, id)
    lines = found.composition.lines
    met = sum(line.met for line in lines)
    offers = [(act.short, act.href(id=id)) for act in (DECLARE,) if act.may(reading, one) and one.state != "dissolved"]
    what_if_offer = [(say("试算增减委员"), f"{seats_href(id)}/what-if")] if lines else []
    return page(
        request, "seats/page.html", id=id, trail=_below(one), lines=lines, planned=found.composition.planned, interests=found.interests,
        sees=reading.actor.may("interest.read", one), participation=found.participation, relations=RELATIONS, lift=LIFT,
        may=LIFT.may(reading, one), declare=offers[0][1] if offers else None, offers=[*what_if_offer, *offers],
        sum=say("有表决权的委员 {members} 名，{all} 条规定中 {met} 条符合", members=len(found.composition.members), all=len(lines), met=met),
    )  # fmt: skip


@get("/committees/{id:uuid}/seats/what-if", opt={"permission": "committee.read"}, include_in_schema=False)
async def what_if_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """What the rules would say with other members; the address holds what is tried."""
    one = await repository.committee(reading.connection, id)
    form = Form()
    for name, value in request.query_params.items():
        form.fields.setdefault(name, []).append(value)
    members = sorted((await service.composed(reading, one)).members, key=lambda seat: VOTING.index(seat.position))  # officers first
    bodies = await repository.names(reading.connection, {seat.organisation_id for seat in members if seat.organisation_id})
    result: WhatIfOut | None = None
    try:
        tried = await _tried(reading, form)
        result = await service.what_if(reading, id, tried) if tried.remove or tried.add else None
    except HubError as error:
        form.error = error
    return page(
        request, "seats/what_if.html", status=form.error.status if form.error else 200, trail=_trail(one), form=form, error=form.error,
        result=result, members=members, bodies=bodies, removed=form.many("remove"), rows=range(ADDED), positions=POSITIONS, sides=SIDE_CHOICES,
        voting=[(key, POSITIONS[key]) for key in VOTING], who=WHO, suggest=PERSON.path, known=await PERSON.suggest(reading, ""),
        sum=say("选去掉谁、增加谁，看组成的规定会怎么说"),
    )  # fmt: skip


async def _tried(work: Work, form: Form) -> WhatIf:
    """The what-if of an address, names looked up. Raises `BadInput` naming the field."""
    coming: list[dict[str, Any]] = []
    for row in range(ADDED):
        if name := form.text(f"person{row}").strip():
            try:
                found = await PERSON.find(work, name)
            except HubError as error:
                raise BadInput(say("无法试算"), unmet=[Unmet("pick", error.message, f"person{row}")]) from error
            coming.append(
                {"person_id": found, "position": form.text(f"position{row}") or "member", "side": form.text(f"side{row}") or None}
            )
    return WhatIf(
        remove=[id for text in form.many("remove") if (id := _id(text))], add=[Candidate(**given) for given in coming]
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(say("无法试算"), unmet=[Unmet("id", say("请从所列各项中选择"), "remove")]) from error


PAGES: list[Any] = [*acts.routes(REPLACE, RENEW, SIDE, DECLARE, LIFT), seats_page, what_if_page]
