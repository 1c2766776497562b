"""People as pages: the list, one with seats and standards, and what is done to them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import ports, repository
from standards_hub.committees.pages.organisations import ACTIVE
from standards_hub.committees.pages.picks import BY_NAME, ON, ORGANISATION, REASON, SINCE, TABS, organisation_of
from standards_hub.committees.schemas import NewPerson, PersonChange, Reason
from standards_hub.committees.services import people
from standards_hub.committees.values import POSITIONS, SIDES, Person
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts, lists
from standards_hub.kernel.registers.acts import Act, Field, Place, Trail, held
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work

MANAGE = "person.manage"
TAKES_PART = (("1", say("在任")), ("0", say("已离任")))
FIELDS = (
    Field(name="name", label=say("姓名"), required=True),
    Field(name="name_en", label=say("英文姓名")),
    Field(name="organisation_id", label=say("所在单位"), help=BY_NAME, pick=ORGANISATION),
    Field(name="title", label=say("职称")),
    Field(name="duty", label=say("行政职务")),
    Field(name="speciality", label=say("从事专业")),
    Field(name="orcid", label=say("ORCID"), help=say("16 位，可填网址；只核对写法，不核对是否真实发放。"), most=40),
    Field(name="phone", label=say("电话"), help=say("只有需要联系此人的人看得到。"), most=40),
    Field(name="email", label=say("电子邮箱"), kind="email", help=say("只有需要联系此人的人看得到。"), most=254),
)


async def _subject(work: Work, place: Place, lock: bool) -> Person:
    return await repository.person(work.connection, place["id"], lock=lock)


async def _holding(_work: Work, one: Person, _place: Place) -> dict[str, Any]:
    return held(one, FIELDS)


def _trail(one: Person | None) -> Trail:
    return [(say("人员"), "/people"), *([(one.name, _href(one.id))] if one else [])]


def _href(id: UUID) -> str:
    return f"/people/{id}"


async def _register(work: Work, _place: Place, data: NewPerson) -> str:
    return _href((await people.register(work, data)).id)


async def _edit(work: Work, place: Place, data: PersonChange) -> str:
    return _href((await people.edit(work, place["id"], data)).id)


async def _leave(work: Work, place: Place, data: Reason) -> str:
    return _href((await people.leave(work, place["id"], data)).id)


async def _return(work: Work, place: Place, data: Reason) -> str:
    return _href((await people.return_(work, place["id"], data)).id)


async def _leaving(_work: Work, one: Person, _place: Place) -> list[Message]:
    return [say("离任后不能再选用“{name}”，以前的记录不变；可以恢复。", name=one.name)]


REGISTER = Act(
    path="/people/new", permission=MANAGE, title=say("登记人员"), short=say("登记人员"), button=say("登记"), done=say("已登记人员"),
    takes=NewPerson, fields=FIELDS, do=_register, trail=_trail,
)  # fmt: skip
EDIT = Act(
    path="/people/{id:uuid}/edit", permission=MANAGE, title=say("编辑人员"), short=say("编辑资料"), button=say("保存"), done=say("已保存"),
    takes=PersonChange, fields=(*FIELDS, SINCE), do=_edit, trail=_trail, subject=_subject, holding=_holding, blank="clear",
)  # fmt: skip
LEAVE = Act(
    path="/people/{id:uuid}/leave", permission=MANAGE, title=say("登记离任"), short=say("离任"), button=say("登记离任"), done=say("已登记离任"),
    takes=Reason, fields=(REASON, ON), do=_leave, trail=_trail, subject=_subject, says=_leaving, danger=True,
)  # fmt: skip
RETURN = Act(
    path="/people/{id:uuid}/return", permission=MANAGE, title=say("登记恢复"), short=say("恢复"), button=say("恢复"), done=say("已恢复"),
    takes=Reason, fields=(REASON, ON), do=_return, trail=_trail, subject=_subject,
)  # fmt: skip


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "text": wanted.get("q"), "active": ACTIVE.get(wanted.get("active", "")),
        "organisation_id": lists.id_of(wanted.get("organisation"), "organisation"),
    }  # fmt: skip


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Person]:
    return await repository.people(work.connection, **_asked(wanted), after=after, limit=limit)


async def _count(work: Work, wanted: Wanted) -> int:
    return await repository.count_people(work.connection, **_asked(wanted))


async def _cells(work: Work, found: list[Person]) -> list[list[Cell]]:
    names = await repository.names(work.connection, {one.organisation_id for one in found if one.organisation_id})
    return [
        [
            Cell(one.name, _href(one.id)), Cell(one.title),
            Cell(names.get(one.organisation_id) if one.organisation_id else None, f"/organisations/{one.organisation_id}"),
            Cell(say("在任"), state="active") if one.active else Cell(say("已离任"), state="withdrawn"),
        ]
        for one in found
    ]  # fmt: skip


LIST = Listing(
    path="/people", permission="person.read", title=say("人员"), sum=lambda count: say("{count} 名人员", count=count), hint=say("姓名"),
    beside=((say("用 XLSX 或 CSV 导入"), "/people/sheet", MANAGE),), empty=say("还没有登记人员。"), register=REGISTER, tabs=TABS, find=_find, count=_count, cells=_cells,
    facets=(
        Facet(key="active", name=say("状态"), options=TAKES_PART),
        Facet(key="organisation", name=say("所在单位"), named=organisation_of),
    ),
    columns=(Column(say("姓名"), "nowrap"), Column(say("职称"), "nowrap"), Column(say("所在单位")), Column(say("状态"), "nowrap")),
)  # fmt: skip


@get("/people/{id:uuid}", opt={"permission": "person.read"}, include_in_schema=False)
async def person_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """One person: employer, seats and standards; the mail address for those who manage people."""
    found = await people.show(reading, id)
    one, today = found.person, reading.today
    employer = await repository.organisation(reading.connection, one.organisation_id) if one.organisation_id else None
    drafts = await ports.standards().of_person(reading, id)
    names = await repository.names(reading.connection, {held.organisation_id for held in found.employers if held.organisation_id})
    seats = [(seat, seat.since <= today and (seat.until is None or seat.until >= today)) for seat in found.seats]
    facts = [
        (say("所在单位"), [Cell(Name(employer.name_zh, employer.name_en or employer.name_zh), f"/organisations/{employer.id}")] if employer else []),
        (say("职称"), [Cell(one.title)] if one.title else []), (say("英文姓名"), [Cell(one.name_en)] if one.name_en else []),
        (say("行政职务"), [Cell(one.duty)] if one.duty else []), (say("从事专业"), [Cell(one.speciality)] if one.speciality else []),
        (say("ORCID"), [Cell(one.orcid)] if one.orcid else []),
        (say("电话"), [Cell(one.phone, f"tel:{one.phone}")] if one.phone else []),
        (say("电子邮箱"), [Cell(one.email, f"mailto:{one.email}")] if one.email else []),
        (say("状态"), [Cell(say("在任"), state="active") if one.active else Cell(say("已离任"), state="withdrawn")]),
    ]  # fmt: skip
    possible = (EDIT, LEAVE) if one.active else (RETURN,)
    return page(
        request, "people/one.html", names=names, one=one, name=one.name_en if language_of(request) == "en" and one.name_en else one.name, facts=facts,
        drafts=drafts, positions=POSITIONS, sides=SIDES, 
        employers=found.employers if len(found.employers) > 1 else [], trail=_trail(None), now=[s for s, runs in seats if runs],
        past=[s for s, runs in seats if not runs],
        offers=[(act.short, act.href(id=id)) for act in possible if act.may(reading, one)],
        sum=say("现任 {seats} 席，起草标准 {standards} 项", seats=sum(runs for _, runs in seats), standards=len(drafts)),
    )  # fmt: skip


PAGES: list[Any] = [*lists.routes(LIST), *acts.routes(REGISTER, EDIT, LEAVE, RETURN), person_page]
