"""Organisations as pages: the list, one with its people, committees and standards, and what is done to it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import ports, repository
from standards_hub.committees.pages.picks import BY_NAME, COMMITTEE, KINDS, ON, ORGANISATION, PERSON, REASON, SINCE, TABS, called
from standards_hub.committees.schemas import Merge, NewOrganisation, OrganisationChange, Reason
from standards_hub.committees.services import organisations
from standards_hub.committees.values import ORGANISATION_KINDS, Organisation
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts, lists
from standards_hub.kernel.registers.acts import Act, Field, Place, Trail, held
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work

MANAGE = "organisation.manage"
ACTIVE = {"1": True, "0": False}
IN_USE = (("1", say("在用")), ("0", say("已停用")))
INSIDE = (("1", say("省内")), ("0", say("省外")))
FIELDS = (
    Field(name="name_zh", label=say("名称"), required=True, help=say("与公章一致的全称。")),
    Field(name="kind", label=say("类别"), kind="select", options=KINDS, required=True),
    Field(name="short_name", label=say("简称")),
    Field(name="name_en", label=say("英文名称")),
    Field(name="uscc", label=say("统一社会信用代码"), help=say("18 位；只核对写法，不核对是否真实发放。"), most=40),
    Field(name="ror", label=say("ROR"), help=say("9 位，可填网址；只核对写法，不核对是否真实发放。"), most=40),
    Field(name="region", label=say("行政区划代码"), help=say("GB/T 2260 的 4 位或 6 位数字，如 3202。"), most=6),
    Field(name="in_province", label=say("所在地"), kind="select", options=INSIDE, help=say("填了行政区划就不必选。")),
)


async def _subject(work: Work, place: Place, lock: bool) -> Organisation:
    return await repository.organisation(work.connection, place["id"], lock=lock)


async def _holding(_work: Work, one: Organisation, _place: Place) -> dict[str, Any]:
    return held(one, FIELDS) | ({"in_province": None} if one.region else {})


def _trail(one: Organisation | None) -> Trail:
    return [(say("单位"), "/organisations"), *([(one.name, _href(one.id))] if one else [])]


def _href(id: UUID) -> str:
    return f"/organisations/{id}"


async def _register(work: Work, _place: Place, data: NewOrganisation) -> str:
    return _href((await organisations.register(work, data)).id)


async def _edit(work: Work, place: Place, data: OrganisationChange) -> str:
    return _href((await organisations.edit(work, place["id"], data)).id)


async def _merge(work: Work, place: Place, data: Merge) -> str:
    return _href((await organisations.merge(work, place["id"], data)).id)


async def _close(work: Work, place: Place, data: Reason) -> str:
    return _href((await organisations.close(work, place["id"], data)).id)


async def _reopen(work: Work, place: Place, data: Reason) -> str:
    return _href((await organisations.reopen(work, place["id"], data)).id)


async def _moves(work: Work, one: Organisation, _place: Place) -> list[Message]:
    """What a merger takes along."""
    people = await repository.people_of(work.connection, one.id)
    hosted = await repository.committees_of_organisation(work.connection, one.id)
    names = [one.name_zh, *(alias.name for alias in one.aliases)]
    return [
        say("名称 {count} 个成为对方的曾用名：{names}", count=len(names), names=names),
        say("人员 {count} 名改属对方：{names}", count=len(people), names=[person.name for person in people])
        if people else say("没有人员要改属。"),
        say("委员会 {count} 个改由对方承担或归口：{names}", count=len(hosted), names=[each.called for each in hosted])
        if hosted else say("没有委员会要改动。"),
        say("在原单位任职的账号角色、由其归口的标准、其承担或参加的项目一并改属对方。"),
        say("已有的材料和起草单位名单仍写原名。合并后不能拆回。"),
    ]  # fmt: skip


async def _closing(_work: Work, one: Organisation, _place: Place) -> list[Message]:
    return [say("停用后不能再选用“{name}”，以前的记录不变；可以恢复。", name=one.name)]


REGISTER = Act(
    path="/organisations/new", permission=MANAGE, title=say("登记单位"), short=say("登记单位"), button=say("登记"), done=say("已登记单位"),
    takes=NewOrganisation, fields=FIELDS, do=_register, trail=_trail,
)  # fmt: skip
EDIT = Act(
    path="/organisations/{id:uuid}/edit", permission=MANAGE, title=say("编辑单位"), short=say("编辑资料"), button=say("保存"), done=say("已保存"),
    takes=OrganisationChange, fields=(*FIELDS, SINCE), do=_edit, trail=_trail, subject=_subject, holding=_holding, blank="clear",
)  # fmt: skip
MERGE = Act(
    path="/organisations/{id:uuid}/merge", permission=MANAGE, title=say("并入另一单位"), short=say("合并"), button=say("并入对方"),
    done=say("已并入该单位"), takes=Merge, do=_merge, trail=_trail, subject=_subject, says=_moves, danger=True,
    fields=(Field(name="into", label=say("并入哪个单位"), required=True, help=BY_NAME, pick=ORGANISATION), REASON, ON),
)  # fmt: skip
CLOSE = Act(
    path="/organisations/{id:uuid}/close", permission=MANAGE, title=say("停用单位"), short=say("停用"), button=say("停用"),
    done=say("已停用"), takes=Reason, do=_close, trail=_trail, subject=_subject, says=_closing, danger=True, fields=(REASON, ON),
)  # fmt: skip
REOPEN = Act(
    path="/organisations/{id:uuid}/reopen", permission=MANAGE, title=say("恢复单位"), short=say("恢复"), button=say("恢复"),
    done=say("已恢复"), takes=Reason, do=_reopen, trail=_trail, subject=_subject, fields=(REASON, ON),
)  # fmt: skip


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "text": wanted.get("q"), "kind": wanted.get("kind"), "region": wanted.get("region"), "active": ACTIVE.get(wanted.get("active", "")),
    }  # fmt: skip


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Organisation]:
    return await repository.organisations(work.connection, **_asked(wanted), after=after, limit=limit)


async def _count(work: Work, wanted: Wanted) -> int:
    return await repository.count_organisations(work.connection, **_asked(wanted))


async def _regions(work: Work) -> list[tuple[str, str]]:
    return [(code, code) for code in await repository.regions(work.connection)]


async def _cells(_work: Work, found: list[Organisation]) -> list[list[Cell]]:
    return [
        [
            Cell(Name(one.name_zh, one.name_en or one.name_zh), _href(one.id), exemplar=one.exemplar), Cell(ORGANISATION_KINDS[one.kind]), Cell(one.region),
            Cell(say("省内") if one.in_province else say("省外")), Cell(one.uscc),
            Cell(say("在用"), state="active") if one.active else Cell(say("已停用"), state="withdrawn"),
        ]
        for one in found
    ]  # fmt: skip


LIST = Listing(
    path="/organisations", permission="organisation.read", title=say("单位"), sum=lambda count: say("{count} 个单位", count=count),
    hint=say("名称、曾用名、简称或代码"), empty=say("还没有登记单位。"), register=REGISTER, tabs=TABS,
    beside=((say("用 XLSX 或 CSV 导入"), "/organisations/sheet", MANAGE),), find=_find, count=_count, cells=_cells,
    facets=(
        Facet(key="kind", name=say("类别"), options=KINDS), Facet(key="region", name=say("行政区划"), options=_regions),
        Facet(key="active", name=say("状态"), options=IN_USE),
    ),
    columns=(
        Column(say("名称"), "whole"), Column(say("类别"), "nowrap"), Column(say("行政区划"), "nowrap"), Column(say("所在地"), "nowrap aside"),
        Column(say("统一社会信用代码"), "nowrap aside"), Column(say("状态"), "nowrap"),
    ),
)  # fmt: skip


@get("/organisations/{id:uuid}", opt={"permission": "organisation.read"}, include_in_schema=False)
async def organisation_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """One organisation: what is known of it, its people, the committees it hosts and the standards it drafts."""
    one = (await organisations.show(reading, id)).organisation
    people = await repository.people_of(reading.connection, id)
    hosted = await repository.committees_of_organisation(reading.connection, id)
    drafts = await ports.standards().of_organisation(reading, id)
    merged = await repository.organisation(reading.connection, one.merged_into) if one.merged_into else None
    possible = (EDIT, MERGE, CLOSE) if one.active else () if merged else (REOPEN,)
    facts = [
        (say("类别"), [Cell(ORGANISATION_KINDS[one.kind])]), (say("简称"), [Cell(one.short_name)] if one.short_name else []),
        (say("英文名称"), [Cell(one.name_en)] if one.name_en else []), (say("统一社会信用代码"), [Cell(one.uscc)] if one.uscc else []),
        (say("ROR"), [Cell(one.ror)] if one.ror else []),
        (say("行政区划"), [Cell(one.region)] if one.region else []),
        (say("所在地"), [Cell(say("省内") if one.in_province else say("省外"))]),
        (say("曾用名"), [Cell(say("{name}（至 {day}）", name=a.name, day=a.until)) for a in one.aliases]),
        (say("已并入"), [Cell(merged.name_zh, _href(merged.id))] if merged else []),
    ]  # fmt: skip
    return page(
        request, "organisations/one.html", one=one, name=called(request, one), facts=facts, people=people, hosted=hosted, drafts=drafts,
        offers=[(act.short, act.href(id=id)) for act in possible if act.may(reading, one)], trail=_trail(None),
        sum=say("{kind}，{state}；人员 {people} 名，承担或归口委员会 {committees} 个，起草标准 {standards} 项", kind=ORGANISATION_KINDS[one.kind],
                state=say("在用") if one.active else say("已停用"), people=len(people), committees=len(hosted), standards=len(drafts)),
        may_person=one.active and reading.actor.may("person.manage", one),
    )  # fmt: skip


PAGES: list[Any] = [
    *lists.routes(LIST), *acts.routes(REGISTER, EDIT, MERGE, CLOSE, REOPEN), *acts.suggestions(ORGANISATION, PERSON, COMMITTEE),
    organisation_page,
]  # fmt: skip
