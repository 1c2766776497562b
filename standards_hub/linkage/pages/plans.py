"""Plans as pages: targets in force and in former versions, the words of a plan, and what is done to them."""

from collections.abc import Container
from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import repository as bodies
from standards_hub.committees.pages.picks import COMMITTEE, ON, ORGANISATION, WHICH
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Field, Place, Trail, held
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import repository
from standards_hub.linkage.pages.projects import LEVELS, TABS
from standards_hub.linkage.schemas import CommitteeLink, NewField, NewPlanCommittee, NewRegion, NewTarget, PlanChange, Rebase, Words
from standards_hub.linkage.services import plans
from standards_hub.linkage.values import Plan, Target

MANAGE = "plan.manage"
BOTH = (Field(name="name_zh", label=say("名称"), required=True), Field(name="name_en", label=say("英文名称"), required=True))
KEY = Field(name="key", label=say("代号"), required=True, help=say("小写字母、数字和连字符，如 hydrogen；定后不改。"), most=60)
FIELDS = (
    *BOTH,
    Field(name="document_title", label=say("文件全称"), required=True),
    Field(name="source", label=say("文件出处"), required=True, help=say("文号、发布机关或网址。")),
    Field(name="window_start", label=say("计数期起"), kind="date", required=True),
    Field(name="window_end", label=say("计数期止"), kind="date", required=True),
    Field(name="count_rule", label=say("计数规则"), required=True, help=say("规则文件的代号，通常为 default；从今天起改用，今天以前的日子仍按原来的规则计数。"), most=60),
    Field(name="department_id", label=say("责任部门"), pick=ORGANISATION, help=say("其主管人员可以编制和签发本计划的报告。")),
)  # fmt: skip
VALUE = Field(name="value", label=say("指标值（项）"), kind="number", required=True)
DUE = Field(name="due", label=say("期限"), kind="date", required=True)
IN_LEVELS = Field(name="levels", label=say("计入的层级"), kind="boxes", options=LEVELS, help=say("一个层级只能属于一项指标。"))
TOLERANCE = Field(name="tolerance", label=say("文件中的宽限用语"), help=say("如“左右”；照录，不参与计算。"))
SOURCE = Field(name="source", label=say("依据"), required=True, help=say("文号或出处。"))


async def _subject(work: Work, place: Place, lock: bool) -> Plan:
    return await repository.plan_by_key(work, place["key"], lock=lock)


async def _holding(_work: Work, one: Plan, _place: Place) -> dict[str, Any]:
    return held(one, FIELDS)


async def _target(work: Work, one: Plan, place: Place) -> Target:
    """The target of the address in the version in force. Raises `NotFound`."""
    found = [t for t in await repository.targets(work.connection, one.id) if t.key == place["target"] and t.superseded_on is None]
    if not found:
        raise NotFound(say("计划 {plan} 没有指标 {key}", plan=one.key, key=place["target"]))
    return found[0]


async def _target_held(work: Work, one: Plan, place: Place) -> dict[str, Any]:
    return held(await _target(work, one, place), (VALUE, DUE, IN_LEVELS, TOLERANCE))


async def _versions(work: Work, one: Plan, place: Place) -> list[Message]:
    target = await _target(work, one, place)
    return [
        say("“{name}”现为 {value} 项，{due} 前完成（第 {n} 版，自 {since} 起）。", name=Name(target.name_zh, target.name_en), value=target.value,
            due=target.due, n=target.n, since=target.since),
        say("旧版本保留，以前的报告仍按当时的版本。"),
    ]  # fmt: skip


async def _entry(work: Work, one: Plan, place: Place) -> list[Message]:
    found = [e for e in await repository.named_committees(work.connection, one.id) if e.id == place["entry"]]
    if not found:
        raise NotFound(say("计划 {plan} 没有词条 {id}", plan=one.key, id=place["entry"]))
    return [say("计划中写作“{name}”。", name=Name(found[0].name_zh, found[0].name_en))]


async def _linked(work: Work, one: Plan, place: Place) -> dict[str, Any]:
    named = await repository.named_committees(work.connection, one.id)
    return {"committee_id": next((entry.committee_id for entry in named if entry.id == place["entry"]), None)}


def _trail(one: Plan | None) -> Trail:
    return [(say("计划"), "/plans"), *([(one.name, _href(one.key))] if one else [])]


def _href(key: str) -> str:
    return f"/plans/{key}"


async def _edit(work: Work, place: Place, data: PlanChange) -> str:
    return _href((await plans.edit(work, place["key"], data)).key)


async def _add_target(work: Work, place: Place, data: NewTarget) -> str:
    await plans.add_target(work, place["key"], data)
    return _href(place["key"])


async def _rebase(work: Work, place: Place, data: Rebase) -> str:
    await plans.rebase(work, place["key"], place["target"], data)
    return _href(place["key"])


async def _add_field(work: Work, place: Place, data: NewField) -> str:
    return _href((await plans.extend(work, place["key"], Words(fields=[data]))).plan.key)


async def _add_region(work: Work, place: Place, data: NewRegion) -> str:
    return _href((await plans.extend(work, place["key"], Words(regions=[data]))).plan.key)


async def _add_committee(work: Work, place: Place, data: NewPlanCommittee) -> str:
    return _href((await plans.extend(work, place["key"], Words(committees=[data]))).plan.key)


async def _link(work: Work, place: Place, data: CommitteeLink) -> str:
    await plans.link_committee(work, place["key"], data)
    return _href(place["key"])


EDIT = Act(
    path="/plans/{key:str}/edit", permission=MANAGE, title=say("编辑计划"), short=say("编辑资料"), button=say("保存"), done=say("已保存"),
    takes=PlanChange, fields=FIELDS, do=_edit, trail=_trail, subject=_subject, holding=_holding, blank="clear",
)  # fmt: skip
ADD_TARGET = Act(
    path="/plans/{key:str}/targets/new", permission=MANAGE, title=say("增加指标"), short=say("增加指标"), button=say("增加"),
    done=say("已增加指标"), takes=NewTarget, fields=(KEY, *BOTH, IN_LEVELS, VALUE, DUE, TOLERANCE, SOURCE), do=_add_target, trail=_trail,
    subject=_subject, adds=True,
)  # fmt: skip
REBASE = Act(
    path="/plans/{key:str}/targets/{target:str}/rebase", permission=MANAGE, title=say("调整指标"), short=say("调整"), button=say("调整"),
    done=say("已调整指标"), takes=Rebase, do=_rebase, trail=_trail, subject=_subject, holding=_target_held, says=_versions, blank="clear",
    fields=(VALUE, DUE, IN_LEVELS, TOLERANCE, SOURCE,
            Field(name="reason", label=say("调整的理由"), kind="area", required=True, most=300), ON),
)  # fmt: skip
ADD_FIELD = Act(
    path="/plans/{key:str}/fields/new", permission=MANAGE, title=say("增加领域"), short=say("增加领域"), button=say("增加"),
    done=say("已增加领域"), takes=NewField, fields=(KEY, *BOTH), do=_add_field, trail=_trail, subject=_subject, adds=True,
)  # fmt: skip
ADD_REGION = Act(
    path="/plans/{key:str}/regions/new", permission=MANAGE, title=say("增加区域"), short=say("增加区域"), button=say("增加"),
    done=say("已增加区域"), takes=NewRegion, do=_add_region, trail=_trail, subject=_subject, adds=True,
    fields=(Field(name="code", label=say("行政区划代码"), required=True, help=say("GB/T 2260 的 4 位或 6 位数字，如 3202。"), most=6), *BOTH),
)  # fmt: skip
ADD_COMMITTEE = Act(
    path="/plans/{key:str}/committees/new", permission=MANAGE, title=say("增加点名的委员会"), short=say("增加委员会"), button=say("增加"),
    done=say("已增加委员会"), takes=NewPlanCommittee, do=_add_committee, trail=_trail, subject=_subject, adds=True,
    fields=(*BOTH, Field(name="committee_id", label=say("登记簿中的委员会"), help=WHICH, pick=COMMITTEE)),
)  # fmt: skip
LINK = Act(
    path="/plans/{key:str}/committees/{entry:uuid}/link", permission=MANAGE, title=say("对应到登记的委员会"), short=say("对应"),
    button=say("保存"), done=say("已对应委员会"), takes=CommitteeLink, do=_link, trail=_trail, subject=_subject, says=_entry, holding=_linked,
    fields=(Field(name="committee_id", label=say("登记簿中的委员会"), required=True, help=WHICH, pick=COMMITTEE),), given=(("entry", "entry"),),
)  # fmt: skip
ACTS = (EDIT, ADD_TARGET, REBASE, ADD_FIELD, ADD_REGION, ADD_COMMITTEE, LINK)


@get("/plans", opt={"permission": "plan.read"}, include_in_schema=False)
async def plans_page(request: Request[Any, Any, Any], reading: Work) -> Response[str]:
    """All plans with their targets in force; there are few."""
    found = [await plans.show(reading, plan.key) for plan in await repository.plans(reading.connection)]
    return page(request, "plans/list.html", found=found, tabs=TABS)


@get("/plans/{key:str}", opt={"permission": "plan.read"}, include_in_schema=False)
async def plan_page(request: Request[Any, Any, Any], reading: Work, key: str) -> Response[str]:
    """One plan: its targets with all their versions, its fields, regions and the committees it names."""
    found = await plans.show(reading, key)
    linked = await bodies.committee_labels(reading.connection, [e.committee_id for e in found.committees if e.committee_id])
    department = await bodies.organisation(reading.connection, found.plan.department_id) if found.plan.department_id else None
    may, counts = EDIT.may(reading, found.plan), reading.actor.may("report.read")
    return page(
        request, "plans/one.html", found=found, plan=found.plan, linked=linked, levels=LEVEL_NAMES, trail=_trail(None), may=may, counts=counts,
        department=department,
        rebase=REBASE, link=LINK, add_field=ADD_FIELD, add_region=ADD_REGION, add_committee=ADD_COMMITTEE,
        offers=[(act.short, act.href(key=key)) for act in (ADD_TARGET, EDIT)] if may else [], others=_others(found.committees, linked),
    )  # fmt: skip


def _others(entries: list[Any], linked: Container[UUID]) -> int:
    """How many committees the plan names that the register does not know yet."""
    return sum(entry.committee_id not in linked for entry in entries)


PAGES: list[Any] = [plans_page, *acts.routes(*ACTS), plan_page]
