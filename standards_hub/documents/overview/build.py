"""From the count to the overview. Every number is made by the selection that its link carries. Pure."""

from collections.abc import Iterable
from uuid import UUID

from standards_hub.documents.overview.ageing import aged, title_of
from standards_hub.documents.overview.model import (
    FieldCell,
    FieldView,
    ForeseenView,
    LineView,
    Number,
    OverdueView,
    Overview,
    PublishedView,
    StageView,
    TargetView,
)
from standards_hub.documents.overview.selections import LATE_STAGES, UNCLASSIFIED, Change, Finder, Listed, Selection
from standards_hub.documents.report.lists import Overdue, overdue_items
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Name, say
from standards_hub.lifecycle.tracks.model import HOLDERS, LEVEL_NAMES, Level
from standards_hub.linkage.counting import Counted, Line, StandardFacts, TargetCount
from standards_hub.linkage.facts import STAGES, TargetFacts
from standards_hub.linkage.forecast.values import Forecast, Foreseen
from standards_hub.linkage.portfolio import CONSEQUENCES

LATELY = 8
"""How many of the newest publications are shown."""
ALL_LEVELS = tuple(LEVEL_NAMES)
TOTAL = say("合计")
NO_FIELD = say("未分类")
WORDS = {name.zh: Said.of(name) for name in HOLDERS.values()} | {message.text: Said.of(message) for message in CONSEQUENCES.values()}
"""Words of the facts, which hold the Chinese only, in both languages."""


def build(finder: Finder, before: Counted, forecast: Forecast | None, *, since_is_report: bool, head: str) -> Overview:
    """The overview of a day; without `forecast`, nothing that says whether a standard counts or will."""
    counts = forecast is not None
    counted, plan = finder.counted, finder.plan
    lines = [line for line in counted.lines if line.target]
    levels = [level for level in ALL_LEVELS if any(level in t.levels for t in plan.targets)]
    targets = [_target(finder, before, facts, n, forecast) for facts, n in zip(plan.targets, counted.targets, strict=True)]
    late = overdue_items(counted)
    listed = Listed(plan=plan.key, overdue=True)
    same = {item.standard.id for item in late} == {line.standard.id for line in counted.lines if listed.finds(line.standard)}
    return Overview(
        plan=plan.key, name=Said(plan.name, plan.name), on=counted.as_of, since=before.as_of, since_is_report=since_is_report, counts=counts,
        head=head, standards=len(lines), exemplars=sum(line.standard.exemplar for line in lines),
        total=_target(finder, before, None, counted.total, forecast), targets=targets,
        stage_keys=list(STAGES), stages=[_stages(finder, level) for level in levels],
        levels=levels, fields=_fields(finder, levels, counts),
        ageing=sorted((aged(line, counted.as_of) for line in counted.having("in_progress") if line.target), key=lambda a: (-a.days, a.id)),
        overdue=[
            OverdueView(
                id=UUID(item.standard.id), number=item.standard.number or item.standard.plan_number, title=title_of(item.standard),
                deadline=_deadline_name(item.standard, item.name), due=item.due, days=item.days, holder=_word(item.holder),
                body=_body(item), committee=item.standard.committee, consequence=_word(item.consequence), status=item.standard.status,
            )
            for item in late
        ],
        overdue_url=listed.address if same and late and counted.as_of == finder.today else None,
        published=_published(counted),
    )  # fmt: skip


def behind(finder: Finder, before: Counted | None, chosen: Selection, counts: bool) -> list[LineView]:
    """The standards that a number counts; the verdict of the rule and its reason only with `counts`."""
    return views(changed(finder.counted, before, chosen) if chosen.change and before else finder.lines(chosen), counts)


def views(lines: Iterable[Line], counts: bool) -> list[LineView]:
    """Lines as they are listed."""
    return [
        LineView(
            id=UUID(s.id), number=s.number or s.plan_number, title=title_of(s), level=s.level, step=Said(s.step_name_zh, s.step_name_en),
            status=s.status, published_on=s.published_on, outcome=line.outcome if counts else "", flags=[Said.of(f) for f in line.flags],
            why=Said.of(line.why) if counts else Said("", ""),
        )
        for line in lines
        for s in [line.standard]
    ]  # fmt: skip


def changed(counted: Counted, before: Counted, chosen: Selection) -> list[Line]:
    """The lines that count on one of two days only, as they stand now; one that is gone altogether, as it stood then."""
    now, then = ({line.standard.id: line for line in day.having("counted", chosen.target)} for day in (counted, before))
    if chosen.change == "entered":
        return [line for id, line in now.items() if id not in then]
    present = {line.standard.id: line for line in counted.lines}
    left = [present.get(id, line) for id, line in then.items() if id not in now]
    return left if chosen.change == "left" else [*(line for id, line in now.items() if id not in then), *left]


def _number(finder: Finder, chosen: Selection) -> Number:
    lines = finder.lines(chosen)
    return Number(len(lines), finder.address(chosen, lines))


def _target(finder: Finder, before: Counted, facts: TargetFacts | None, n: TargetCount, forecast: Forecast | None) -> TargetView:
    key, counts = facts.key if facts else None, forecast is not None
    name = Said(facts.name, facts.name_en or facts.name) if facts else Said.of(TOTAL)

    def change(which: Change) -> Number:
        chosen = Selection(outcome=("counted",), target=key, change=which)
        return Number(len(changed(finder.counted, before, chosen)), finder.own_address(chosen))

    running = Selection(outcome=("in_progress",), target=key)
    return TargetView(
        key=n.key, name=name, target=n.target, due=facts.due if facts else None,
        counted=_number(finder, Selection(outcome=("counted",), target=key)) if counts else None,
        unverified=_number(finder, Selection(outcome=("unverified",), target=key)) if counts else None,
        lead=n.lead if counts else None, running=_number(finder, running),
        late=_number(finder, Selection(outcome=("in_progress",), target=key, stage=LATE_STAGES)),
        halted=_number(finder, Selection(outcome=("in_progress",), target=key, halted=True)),
        entered=change("entered") if counts else None, left=change("left") if counts else None,
        permille=n.permille if counts else None,
        foreseen=_foreseen((forecast.of(key) if key else forecast.total) if forecast else None),
    )  # fmt: skip


def _foreseen(one: Foreseen | None) -> ForeseenView | None:
    if one is None or one.state in ("reached", "over"):
        return None
    low, high = one.range or (None, None)
    return ForeseenView(one.state, one.due, low, high)


def _stages(finder: Finder, level: Level) -> StageView:
    def of(*stage: str) -> Number:
        return _number(finder, Selection(outcome=("in_progress",), level=level, stage=stage))

    return StageView(level, Said.of(LEVEL_NAMES[level]), [of(stage) for stage in STAGES], of())


def _fields(finder: Finder, levels: list[Level], counts: bool) -> list[FieldView]:
    terms = [(t.key, Said(t.zh, t.en or t.zh)) for t in finder.plan.fields] + [(UNCLASSIFIED, Said.of(NO_FIELD))]

    def cell(field: str | None, level: Level | None) -> FieldCell:
        done = _number(finder, Selection(outcome=("counted",), level=level, field=field)) if counts else None
        return FieldCell(done, _number(finder, Selection(outcome=("in_progress",), level=level, field=field)))

    rows = [FieldView(key, name, [cell(key, level) for level in (*levels, None)]) for key, name in terms]
    rows = [r for r in rows if r.field != UNCLASSIFIED or r.cells[-1].running.value or (r.cells[-1].counted and r.cells[-1].counted.value)]
    return [*rows, FieldView("", Said.of(TOTAL), [cell(None, level) for level in (*levels, None)])]


def _deadline_name(standard: StandardFacts, name: str) -> Said:
    return next((Said(d.name_zh, d.name_en or d.name_zh) for d in standard.deadlines if d.name_zh == name), Said(name, name))


def _body(item: Overdue) -> str | None:
    standard = item.standard
    units = sorted(standard.drafters, key=lambda unit: unit.rank or len(standard.drafters) + 1)
    known = {"lead_drafter": units[0].organisation if units else None, "secretariat": standard.committee, "committee": standard.committee}
    return next((body for holder, body in known.items() if item.holder == HOLDERS[holder].zh), None)


def _word(text: str | None) -> Said | None:
    """A word of the facts in both languages; what was executed says so."""
    if not text:
        return None
    done = text.removeprefix("已执行：")
    word = WORDS.get(done, Said(done, done))
    return word if done == text else Said.of(say("已执行：{consequence}", consequence=Name(word.zh, word.en)))


def _published(counted: Counted) -> list[PublishedView]:
    """The newest publications of the plan, whether they count or not."""
    dated = [(s.published_on, s) for line in counted.lines for s in [line.standard] if s.published_on and s.published_on <= counted.as_of]
    newest = sorted(dated, key=lambda d: (d[0], d[1].number or "", d[1].id), reverse=True)[:LATELY]
    return [
        PublishedView(
            id=UUID(s.id), number=s.number, title=title_of(s), level=s.level, published_on=day, effective_on=s.effective_on
        )
        for day, s in newest
    ]  # fmt: skip
