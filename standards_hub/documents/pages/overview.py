"""The overview of a plan on any day, and the lists behind its numbers."""

import asyncio
import re
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import Parameter
from markupsafe import Markup, escape

from standards_hub.committees import repository as registers
from standards_hub.documents.overview import charts, service
from standards_hub.documents.overview.model import ForeseenView, Number, Overview, TargetView
from standards_hub.documents.overview.selections import Change, Selection
from standards_hub.documents.pages.days import a_day
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import Message, Name, day_in, say
from standards_hub.kernel.pages import page, section
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES, Level
from standards_hub.linkage.counting import Outcome
from standards_hub.linkage.facts import STAGES

AnyRequest = Request[Any, Any, Any]
SIGNED_IN: dict[str, Any] = {"permission": "plan.read"}
Many = Annotated[list[str] | None, Parameter(max_items=20)]
OUTCOMES: dict[str, Message] = {
    "counted": say("已计入"), "unverified": say("待核"), "in_progress": say("在途"), "not_counted": say("不计入"), "": say("在途"),
}  # fmt: skip
CHANGES: dict[str, Message] = {"entered": say("新计入"), "left": say("不再计入")}
HEAT = 5
"""Shades of the field table above zero."""
MARK = re.compile("\ue000(\\w+)\ue001(.*?)\ue002")

section("/overview", say("总览"), "chart-bar", "plan.read", 10)


@get("/overview", opt=SIGNED_IN, include_in_schema=False)
async def overview(
    request: AnyRequest, reading: Work, plan: str | None = None, on: str | None = None, since: str | None = None
) -> Response[str]:  # fmt: skip
    """Where the plan stands on a day: each target's bar and sentence, then stages, fields, ageing, what is overdue and what came out."""
    language = language_of(request)
    key = await service.some_plan(reading, plan)
    shared: dict[str, Any] = {"plans": await service.plans(reading), "plan": key, "asked": {"on": on or "", "since": since or ""}}
    if key is None:
        return page(request, "overview/none.html")
    try:
        view = await service.overview(reading, key, a_day(on, "on"), a_day(since, "since"))
    except BadInput as error:
        return page(request, "overview/wrong.html", status=error.status, error=error, today=reading.today, **shared)
    figures = await asyncio.to_thread(charts.drawn, view, language)
    bodies = await registers.in_either_language(reading.connection, {name for one in view.overdue for name in (one.body, one.committee)})
    return page(
        request, "overview/overview.html", view=view, bodies=bodies, today=reading.today, **shared,
        figures=figures, svg=Markup, sentence=lambda target: sentence(target, language), change=lambda target: change(target, view, language),
        foreseen=lambda target: foreseen(target, language), span=lambda one: span(one, language),
        heat=_heat(view),
        levels=LEVEL_NAMES, stage_names=STAGES, statuses=STATUS_NAMES, age_states=charts.AGE_STATES,
    )  # fmt: skip


@get("/overview/standards", opt=SIGNED_IN, include_in_schema=False)
async def standards(
    request: AnyRequest, reading: Work, plan: str | None = None, on: str | None = None, since: str | None = None,
    outcome: Annotated[list[Outcome] | None, Parameter(max_items=4)] = None, stage: Many = None, target: str | None = None,
    level: Level | None = None, field: str | None = None, change: Change | None = None, halted: bool = False,
) -> Response[str]:  # fmt: skip
    """The standards behind one number of the overview, with why they are there."""
    key = await service.some_plan(reading, plan)
    if key is None:
        return page(request, "overview/none.html")
    chosen = Selection(
        outcome=tuple(outcome or ()), stage=tuple(stage or ()), target=target, level=level, field=field, change=change, halted=halted
    )
    day = a_day(on, "on") or reading.today
    before = a_day(since, "since")
    found = await service.lines(reading, key, chosen, day, before)
    return page(
        request, "overview/standards.html", lines=found, chosen=chosen, plan=key, on=day, since=before, levels=LEVEL_NAMES, statuses=STATUS_NAMES,
        words=[OUTCOMES[o] for o in chosen.outcome] + ([CHANGES[chosen.change]] if chosen.change else [])
        + ([LEVEL_NAMES[chosen.level]] if chosen.level in LEVEL_NAMES else []) + [STAGES[s] for s in chosen.stage if s in STAGES],
        outcomes=OUTCOMES,
    )  # fmt: skip


def sentence(target: TargetView, language: str) -> Markup:
    """Where a target stands, in one sentence whose numbers lead to what they count."""
    name = Name(target.name.zh, target.name.en)
    numbers = {"running": target.running, "late": target.late}
    if target.counted is None:
        text = say("{name}目标 {target} 项，{running} 项在途，其中 {late} 项已报批", name=name, target=target.target, **numbers)
    elif target.running.value:
        text = say(
            "{name} {counted}/{target}，{running} 项在途，其中 {late} 项已报批", name=name, target=target.target, counted=target.counted, **numbers
        )  # fmt: skip
    else:
        text = say("{name} {counted}/{target}，没有在途项目", name=name, target=target.target, counted=target.counted)
    return linked(text, language)


def change(target: TargetView, view: Overview, language: str) -> Markup:
    """What was added to a target since the day compared with, and what fell away."""
    if target.entered is None or target.left is None:
        return Markup("")
    since = day_in(language, view.since)
    if not target.entered.value and not target.left.value:
        return linked(say("较 {since} 没有变化", since=since), language)
    if not target.left.value:
        return linked(say("较 {since} 增加 {entered} 项", since=since, entered=target.entered), language)
    return linked(say("较 {since} 增加 {entered} 项、减少 {left} 项", since=since, entered=target.entered, left=target.left), language)


def foreseen(target: TargetView, language: str) -> Markup:
    """What the total may come to by the day of the target, as the report says it; its numbers lead to what is under way."""
    one = target.foreseen
    if one is None or one.state == "none":
        return Markup("")
    if one.low is None or one.high is None:
        return Markup(escape(say("预计届时：依据不足").into(language)))
    low, high = (Number(n, target.running.url) for n in (one.low, one.high))
    if one.low == one.high:
        return linked(say("预计届时累计 {low} 项", low=low), language)
    return linked(say("预计届时累计 {low} 至 {high} 项", low=low, high=high), language)


def span(one: ForeseenView | None, language: str) -> str:
    """The cell of the table: a range, words where there is too little to go on, nothing where nothing is foreseen."""
    if one is None or one.state == "none":
        return ""
    if one.low is None or one.high is None:
        return say("依据不足").into(language)
    return f"{one.low}–{one.high}" if one.low < one.high else str(one.low)


def linked(message: Message, language: str) -> Markup:
    """A message as HTML, its numbers as links to what they count."""
    numbers = {name: value for name, value in message.values.items() if isinstance(value, Number)}
    marked = {name: f"\ue000{name}\ue001{number.value}\ue002" for name, number in numbers.items()}
    text = str(escape(Message(message.text, {**message.values, **marked}).into(language)))
    return Markup(MARK.sub(lambda m: f'<a href="{escape(numbers[m[1]].url)}">{m[2]}</a>', text))


def _heat(view: Overview) -> dict[tuple[str, int], int]:
    """The shade of each cell of the field table, 0 for nothing; sums have none."""
    numbers = {
        (row.field, n): (cell.counted or cell.running).value for row in view.fields if row.field for n, cell in enumerate(row.cells[:-1])
    }
    most = max(numbers.values(), default=0)
    return {place: -(-HEAT * number // most) if number else 0 for place, number in numbers.items()}


PAGES: list[Any] = [overview, standards]
