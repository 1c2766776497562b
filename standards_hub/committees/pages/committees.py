"""Committees as pages: the list, one with its seats, warnings and standards by stage, and what is done to it."""

from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import ports, repository
from standards_hub.committees.founding import service as founding
from standards_hub.committees.founding.schemas import LimitOut
from standards_hub.committees.founding.values import STEP_NAMES
from standards_hub.committees.pages.founding import course_href
from standards_hub.committees.pages.picks import (
    BY_NAME,
    COMMITTEE,
    LEVELS,
    MARKS,
    ON,
    ORGANISATION,
    PERSON,
    REASON,
    STATES,
    TABS,
    WHICH,
    WHO,
    committee_of,
)
from standards_hub.committees.pages.seats import RENEW, REPLACE, seats_href
from standards_hub.committees.schemas import CommitteeChange, NewCommittee, NewSeat, Reason, SeatEnd, StateChange
from standards_hub.committees.seats import service as seating
from standards_hub.committees.services import committees
from standards_hub.committees.tree import FAMILIES, Node
from standards_hub.committees.values import (
    COMMITTEE_KINDS,
    COMMITTEE_LEVELS,
    COMMITTEE_STATES,
    POSITIONS,
    SIDES,
    STATE_CHANGES,
    VOTING,
    Committee,
    SeatHolder,
)
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts, lists
from standards_hub.kernel.registers.acts import Act, Choice, Field, Nowhere, Place, Trail, held
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work

MANAGE = "committee.manage"
AHEAD = 12
"""How many days of its calendar a committee's page shows."""
NEAR = 366
NAMES = (
    Field(name="name_zh", label=say("名称"), required=True),
    Field(name="number", label=say("编号"), help=say("如 SAC/TC 28、ISO/TC 197；没有编号则不填。"), most=60),
    Field(name="name_en", label=say("英文名称")),
    Field(
        name="kind",
        label=say("类型"),
        kind="select",
        options=tuple(COMMITTEE_KINDS.items()),
        help=say("不选则有上级的为分技术委员会，其余为技术委员会。"),
    ),
)
REST = (
    Field(name="parent_id", label=say("上级委员会"), help=WHICH, pick=COMMITTEE),
    Field(name="secretariat_id", label=say("秘书处承担单位"), help=BY_NAME, pick=ORGANISATION),
    Field(name="department_id", label=say("主管部门"), help=BY_NAME, pick=ORGANISATION),
    Field(name="mirrors_id", label=say("对口的国际委员会"), help=WHICH, pick=COMMITTEE),
    Field(name="ics", label=say("ICS 分类号"), help=say("如 27.075，多个之间用空格。")),
    Field(name="scope", label=say("工作范围"), kind="area", most=20_000),
    Field(name="founded_on", label=say("成立日期"), kind="date"),
    Field(name="catalogue_ref", label=say("目录库中的编号"), help=say("如 ISO/TC 197，用来对上国际目录中的委员会。"), most=60),
)
NEW = (
    *NAMES, Field(name="level", label=say("层级"), kind="select", options=LEVELS, required=True),
    Field(name="state", label=say("状态"), kind="select", options=STATES, help=say("不选即为运行中。")), *REST,
)  # fmt: skip
SEAT = (
    Field(name="person_id", label=say("人员"), required=True, help=WHO, pick=PERSON),
    Field(name="position", label=say("职务"), kind="select", options=tuple(POSITIONS.items()), required=True),
    Field(name="side", label=say("利益方"), kind="select", options=tuple(SIDES.items())),
    Field(name="since", label=say("任期起"), kind="date", required=True),
    Field(name="until", label=say("任期止"), kind="date", help=say("最后一天；未定则不填。")),
)


async def _subject(work: Work, place: Place, lock: bool) -> Committee:
    return await repository.committee(work.connection, place["id"], lock=lock)


async def _holding(_work: Work, one: Committee, _place: Place) -> dict[str, Any]:
    return held(one, (*NAMES, *REST))


async def _until(work: Work, one: Committee, place: Place) -> dict[str, Any]:
    return {"until": (await repository.seat(work.connection, one.id, place["seat_id"])).until}


async def _next_states(_work: Work, one: Committee, _place: Place) -> list[Choice]:
    return [(state, COMMITTEE_STATES[state]) for state in STATE_CHANGES[one.state]]


async def _whose(work: Work, one: Committee, place: Place) -> list[Message]:
    seat = await repository.seat(work.connection, one.id, place["seat_id"])
    name = (await repository.person_names(work.connection, [seat.person_id]))[seat.person_id]
    return [say("{name}，{position}，任期自 {since} 至 {until}", name=name, position=POSITIONS[seat.position], since=seat.since,
                until=seat.until or say("未定"))]  # fmt: skip


async def _struck(work: Work, one: Committee, place: Place) -> list[Message]:
    return [*await _whose(work, one, place), say("只用于登记有误；任期到了请用“止任”。审计记录保留。")]


async def _dissolving(_work: Work, one: Committee, _place: Place) -> list[Message]:
    return [
        say("现为“{state}”。", state=COMMITTEE_STATES[one.state]), say("撤销建制会在当日结束所有任期，此后不能恢复；下属委员会须先撤销。"),
    ]  # fmt: skip


def _trail(one: Committee | None) -> Trail:
    return [(say("委员会"), "/committees"), *([(one.called, _href(one.id))] if one else [])]


def _href(id: UUID) -> str:
    return f"/committees/{id}"


async def _register(work: Work, _place: Place, data: NewCommittee) -> str:
    return _href((await committees.register(work, data)).id)


async def _edit(work: Work, place: Place, data: CommitteeChange) -> str:
    return _href((await committees.edit(work, place["id"], data)).id)


async def _change_state(work: Work, place: Place, data: StateChange) -> str:
    return _href((await committees.change_state(work, place["id"], data)).id)


async def _take_seat(work: Work, place: Place, data: NewSeat) -> str:
    return _href((await committees.take_seat(work, place["id"], data)).committee_id)


async def _end_seat(work: Work, place: Place, data: SeatEnd) -> str:
    return _href((await committees.end_seat(work, place["id"], place["seat_id"], data)).committee_id)


async def _strike_seat(work: Work, place: Place, data: Reason) -> str:
    return _href((await committees.strike_seat(work, place["id"], place["seat_id"], data)).id)


REGISTER = Act(
    path="/committees/new", permission=MANAGE, title=say("登记委员会"), short=say("登记委员会"), button=say("登记"), done=say("已登记委员会"),
    takes=NewCommittee, fields=NEW, do=_register, trail=_trail, scope=Nowhere(),
)  # fmt: skip
EDIT = Act(
    path="/committees/{id:uuid}/edit", permission=MANAGE, title=say("编辑委员会"), short=say("编辑资料"), button=say("保存"), done=say("已保存"),
    takes=CommitteeChange, fields=(*NAMES, *REST), do=_edit, trail=_trail, subject=_subject, holding=_holding, blank="clear",
)  # fmt: skip
STATE = Act(
    path="/committees/{id:uuid}/state", permission=MANAGE, title=say("变更委员会状态"), short=say("变更状态"), button=say("变更"),
    done=say("已变更状态"), takes=StateChange, do=_change_state, trail=_trail, subject=_subject, says=_dissolving, danger=True,
    fields=(Field(name="state", label=say("改为"), kind="radios", options=_next_states, required=True), REASON, ON),
)  # fmt: skip
TAKE = Act(
    path="/committees/{id:uuid}/seats/new", permission=MANAGE, title=say("登记席位"), short=say("登记席位"), button=say("登记"),
    done=say("已登记席位"), takes=NewSeat, fields=SEAT, do=_take_seat, trail=_trail, subject=_subject, adds=True,
)  # fmt: skip
END = Act(
    path="/committees/{id:uuid}/seats/{seat_id:uuid}/end", permission=MANAGE, title=say("结束或改定任期"), short=say("止任"), button=say("保存"),
    done=say("已保存任期"), takes=SeatEnd, do=_end_seat, trail=_trail, subject=_subject, says=_whose, holding=_until,
    fields=(Field(name="until", label=say("任期止"), kind="date", required=True, help=say("最后一天。")), REASON),
)  # fmt: skip
STRIKE = Act(
    path="/committees/{id:uuid}/seats/{seat_id:uuid}/strike", permission=MANAGE, title=say("删除席位"), short=say("删除"), button=say("删除"),
    done=say("已删除席位"), takes=Reason, fields=(REASON, ON), do=_strike_seat, trail=_trail, subject=_subject, says=_struck, danger=True,
)  # fmt: skip


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "text": wanted.get("q"), "level": wanted.get("level"), "state": wanted.get("state"),
        "parent_id": lists.id_of(wanted.get("parent"), "parent"),
    }  # fmt: skip


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Committee]:
    return await repository.committees(work.connection, **_asked(wanted), after=after, limit=limit)


async def _count(work: Work, wanted: Wanted) -> int:
    return await repository.count_committees(work.connection, **_asked(wanted))


async def _cells(work: Work, found: list[Committee]) -> list[list[Cell]]:
    names = await repository.names(work.connection, {one.secretariat_id for one in found if one.secretariat_id})
    seats = await repository.seat_counts(work.connection, [one.id for one in found], work.today)
    return [
        [
            Cell(one.number), Cell(Name(one.name_zh, one.name_en or one.name_zh), _href(one.id), exemplar=one.exemplar), Cell(COMMITTEE_LEVELS[one.level]),
            Cell(names.get(one.secretariat_id) if one.secretariat_id else None, f"/organisations/{one.secretariat_id}"),
            Cell(seats.get(one.id, 0)), Cell(COMMITTEE_STATES[one.state], state=MARKS[one.state]),
        ]
        for one in found
    ]  # fmt: skip


LIST = Listing(
    path="/committees", permission="committee.read", title=say("委员会"), sum=lambda count: say("{count} 个委员会", count=count),
    hint=say("编号或名称，如 TC 28"), empty=say("还没有登记委员会。"), register=REGISTER, tabs=TABS,
    beside=((say("委员会树"), "/committees/tree", "committee.read"), (say("国际职务"), "/committees/positions", "committee.read")),
    find=_find, count=_count, cells=_cells,
    facets=(
        Facet(key="level", name=say("层级"), options=LEVELS), Facet(key="state", name=say("状态"), options=STATES),
        Facet(key="parent", name=say("上级委员会"), named=committee_of),
    ),
    columns=(
        Column(say("编号"), "id"), Column(say("名称"), "whole"), Column(say("层级"), "nowrap"), Column(say("秘书处承担单位"), "aside"),
        Column(say("委员"), "number aside"), Column(say("状态"), "nowrap"),
    ),
)  # fmt: skip


@get("/committees/{id:uuid}", opt={"permission": "committee.read"}, include_in_schema=False)
async def committee_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """One committee: scope, members, what its composition does not meet, those below it, and its standards by stage."""
    found = await committees.show(reading, id)
    one, today, c = found.committee, reading.today, reading.connection
    parent = await repository.committee(c, one.parent_id) if one.parent_id else None
    mirrored = await repository.committee(c, one.mirrors_id) if one.mirrors_id else None
    lines = await seating.checklist(reading, one, seats=found.seats)
    way = await founding.standing(reading, one)
    opened, programme = await ports.opened(reading, id), await ports.standards().of_committee(reading, id)
    bodies = await repository.names(
        c, {b for b in (one.secretariat_id, one.department_id, *(seat.organisation_id for seat in found.seats)) if b}
    )
    stages = await ports.standards().by_stage(reading, id)
    now = [seat for seat in found.seats if seat.holds_on(today)]
    members = sum(seat.position in VOTING for seat in now)
    order = list(POSITIONS)
    now.sort(key=lambda seat: (order.index(seat.position), seat.since, str(seat.id)))
    may = EDIT.may(reading, one)
    possible = (TAKE, *((RENEW,) if found.seats else ()), EDIT, STATE) if one.state != "dissolved" else (EDIT,)
    facts = [
        (say("编号"), [Cell(one.number)] if one.number else []), (say("类型"), [Cell(COMMITTEE_KINDS[one.body])]),
        (say("层级"), [Cell(COMMITTEE_LEVELS[one.level])]),
        (say("状态"), [Cell(COMMITTEE_STATES[one.state], state=MARKS[one.state])]),
        (say("上级委员会"), [Cell(parent.called, _href(parent.id))] if parent else []),
        (say("对口国际委员会"), [Cell(mirrored.called, _href(mirrored.id))] if mirrored else []),
        (say("ICS"), [Cell(one.ics)] if one.ics else []),
        (say("秘书处承担单位"), [Cell(bodies[s], f"/organisations/{s}") for s in (one.secretariat_id,) if s]),
        (say("主管部门"), [Cell(bodies[s], f"/organisations/{s}") for s in (one.department_id,) if s]),
        (say("成立日期"), [Cell(one.founded_on)] if one.founded_on else []),
        (say("目录库"), [Cell(one.catalogue_ref, f"/catalogue?committee={quote(one.catalogue_ref)}")] if one.catalogue_ref else []),
    ]  # fmt: skip
    return page(
        request, "committees/one.html", one=one, name=one.called, facts=facts, now=now,
        past=[seat for seat in found.seats if not seat.holds_on(today)], children=found.children, lines=lines, stages=stages, sides=SIDES, voting=VOTING,
        positions=POSITIONS, states=COMMITTEE_STATES, marks=MARKS, trail=_trail(None), may=may and one.state != "dissolved", end=END,
        strike=STRIKE, replace=REPLACE, seats_page=seats_href(id), way=way, opened=opened, programme=programme, bodies=bodies,
        calendar=_calendar(found.seats, way.limits, opened, today), course_page=course_href(id),
        steps=STEP_NAMES,
        total=sum(at.count for at in stages),
        offers=[(act.short, act.href(id=id)) for act in possible] if may else [],
        sum=say("{level}，{state}；委员 {members} 名，标准 {standards} 项", level=COMMITTEE_LEVELS[one.level],
                state=COMMITTEE_STATES[one.state], members=members, standards=sum(at.count for at in stages)),
    )  # fmt: skip


def _calendar(
    seats: list[SeatHolder], limits: list[LimitOut], opened: list[ports.Open], today: date
) -> list[tuple[date, Said | Message, str]]:
    """The days to come of a committee: what it has to keep, what is open, and when seats end, day by day."""
    ends: dict[date, int] = {}
    for seat in seats:
        if seat.until and seat.until >= today:
            ends[seat.until] = ends.get(seat.until, 0) + 1
    days: list[tuple[date, Said | Message, str]] = [(limit.due, limit.what, "") for limit in limits]
    days += [(one.until, say("{kind}：{title}", kind=one.kind, title=one.title), one.href) for one in opened]
    days += [(day, say("{count} 个席位任期届满", count=count), "") for day, count in ends.items()]
    return sorted((one for one in days if one[0] >= today), key=lambda one: one[0])[:AHEAD]


@get("/committees/tree", opt={"permission": "committee.read"}, include_in_schema=False)
async def tree_page(request: Request[Any, Any, Any], reading: Work) -> Response[str]:
    """All committees as one tree, with the days that they have to keep."""
    families = await committees.whole(reading)
    count = sum(_count_of(node) for one in families for node in one.committees)
    return page(
        request, "committees/tree.html", families=families, names=FAMILIES, states=COMMITTEE_STATES, marks=MARKS, kinds=COMMITTEE_KINDS,
        limits=[one for one in await founding.limits(reading, NEAR) if one.limit.warns], trail=_trail(None),
        sum=say("{count} 个委员会，按所属和上下级排列", count=count),
    )  # fmt: skip


def _count_of(node: Node) -> int:
    return 1 + sum(_count_of(child) for child in node.below)


@get("/committees/positions", opt={"permission": "committee.read"}, include_in_schema=False)
async def positions_page(request: Request[Any, Any, Any], reading: Work, past: bool = False) -> Response[str]:
    """The positions that people of the province hold in international committees."""
    found = await committees.abroad(reading, past=past)
    now = [one for one in found if one.since <= reading.today and (one.until is None or one.until >= reading.today)]
    names = {
        **await repository.committee_labels(reading.connection, {one.committee_id for one in found}),
        **await repository.names(reading.connection, {one.organisation_id for one in found if one.organisation_id}),
    }
    return page(
        request, "committees/positions.html", names=names, found=found, past=past, positions=POSITIONS, trail=_trail(None), today=reading.today,
        soon=due_day(reading.today, 6, "months"),
        sum=say("省内专家现任国际职务 {count} 个，其中 {leads} 个为主席、召集人、项目负责人或编辑", count=len(now), leads=sum(one.leads for one in now)),
    )  # fmt: skip


PAGES: list[Any] = [*lists.routes(LIST), *acts.routes(REGISTER, EDIT, STATE, TAKE, END, STRIKE), committee_page, tree_page, positions_page]
