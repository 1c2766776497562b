"""Divisions of targets in the browser: allotted beside counted, and the form that divides."""

from datetime import date
from itertools import combinations
from typing import Any

from litestar import Request, Response, get

from standards_hub.committees.pages.picks import ON
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Field, Place, Trail
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository as plans
from standards_hub.linkage.allotments import repository, service
from standards_hub.linkage.allotments.schemas import TypedAllotment
from standards_hub.linkage.allotments.values import AXES, MODES, Allotment
from standards_hub.linkage.values import Plan, Target

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "report.read"}
SINGLE = [(axis, name) for axis, name in AXES.items()]
CHOICES = tuple([*SINGLE, *((f"{a}+{b}", say("{a} × {b}", a=AXES[a], b=AXES[b])) for a, b in combinations(AXES, 2))])


async def _subject(work: Work, place: Place, lock: bool) -> Plan:
    return await plans.plan_by_key(work, place["key"], lock=lock)


async def _target(work: Work, one: Plan, place: Place) -> Target:
    found = [t for t in await plans.targets(work.connection, one.id) if t.key == place["target"] and t.superseded_on is None]
    if not found:
        raise NotFound(say("计划 {plan} 没有指标 {key}", plan=one.key, key=place["target"]))
    return found[0]


async def _there(work: Work, one: Plan, place: Place) -> list[Allotment]:
    every = await repository.allotments(work.connection, one.id)
    return [each for each in every if each.target_key == place["target"] and each.superseded_on is None]


async def _holding(work: Work, one: Plan, place: Place) -> dict[str, Any]:
    """The last division, as it would be typed."""
    there = await _there(work, one, place)
    if not there:
        return {"axes": "year", "mode": "period"}
    last = there[-1]
    lines = "\n".join(" ".join((*cell.keys, str(cell.value))) for cell in last.cells)
    return {"axes": "+".join(last.axes), "mode": last.mode, "lines": lines}


async def _says(work: Work, one: Plan, place: Place) -> list[Message]:
    target, facts = await _target(work, one, place), await plans.plan_facts(work, one.key)
    return [
        say("“{name}”共 {value} 项；填不满的部分自动列为“未分解”，各格与未分解之和总等于指标。", name=Name(target.name_zh, target.name_en), value=target.value),
        say("领域可写：{fields}", fields=[Name(f.zh, f.en or f.zh) for f in facts.fields]),
        say("区域可写：{regions}", regions=[Name(r.zh, r.en or r.zh) for r in facts.regions]),
        say("单位写登记的全称；每行一格，如“2026 14”，两个维度时如“2026 量子科技 3”。旧的分解保留为旧版本。"),
    ]  # fmt: skip


async def _do(work: Work, place: Place, data: TypedAllotment) -> str:
    await service.allot_typed(work, place["key"], place["target"], data)
    return f"/plans/{place['key']}/shares"


def _trail(one: Plan) -> Trail:
    return [(say("计划"), "/plans"), (one.name, f"/plans/{one.key}"), (say("指标分解"), f"/plans/{one.key}/shares")]


ALLOT = Act(
    path="/plans/{key:str}/targets/{target:str}/allot", permission="plan.manage", title=say("分解指标"), short=say("分解"),
    button=say("分解"), done=say("已分解指标"), takes=TypedAllotment, do=_do, trail=_trail, subject=_subject, holding=_holding, says=_says,
    fields=(
        Field(name="axes", label=say("按什么分解"), kind="select", options=CHOICES, required=True, help=say("最多两个维度。")),
        Field(name="mode", label=say("年度数的含义"), kind="radios", options=tuple(MODES.items()), help=say("按年度分解时有效；一项指标选定后不能改换。")),
        Field(name="lines", label=say("各格"), kind="area", required=True, most=20_000, help=say("每行：各维度的值和项数，用空格或逗号分开。")),
        Field(name="source", label=say("依据"), required=True, help=say("文号或出处。")),
        Field(name="reason", label=say("理由"), required=True),
        ON,
    ),
)  # fmt: skip


@get("/plans/{key:str}/shares", opt=READ, include_in_schema=False)
async def shares(request: AnyRequest, reading: Work, key: str, as_of: str | None = None) -> Response[str]:
    """Every division in force: allotted beside counted, with what is open, and the former versions."""
    plan = await plans.plan_by_key(reading, key)
    try:
        day = date.fromisoformat(as_of) if as_of else reading.today
    except ValueError as error:
        raise BadInput(say("请填写日期，如 2026-11-24")) from error
    found = await service.show(reading, key, day)
    facts = found.tally.plan
    words = {"year": {}, "unit": {}, "field": {t.key: Name(t.zh, t.en or t.zh) for t in facts.fields}}
    words["region"] = {t.key: Name(t.zh, t.en or t.zh) for t in facts.regions}
    names = {t.key: Name(t.name, t.name_en or t.name) for t in facts.targets}
    return page(
        request, "allotments/shares.html", plan=plan, found=found, trail=[(say("计划"), "/plans"), (plan.name, f"/plans/{key}")], axes=AXES,
        modes=MODES, words=words, names=names, targets=facts.targets, act=ALLOT, may=ALLOT.may(reading, plan), day=day, today=reading.today,
    )  # fmt: skip


PAGES: list[Any] = [shares, *acts.routes(ALLOT)]
