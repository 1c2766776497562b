"""What a row would become, and everything that is wrong with it. Pure: the file and what is known outside go in."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from msgspec import structs

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.entering import deadlines_of
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.intake.cells import Cells
from standards_hub.lifecycle.intake.columns import KINDS, STEP_PREFIX, column, columns, folded, step_choices, tracks
from standards_hub.lifecycle.intake.reading import Row
from standards_hub.lifecycle.intake.values import Draft, Link
from standards_hub.lifecycle.relations import unmet_for_relation
from standards_hub.lifecycle.schemas import Entry
from standards_hub.lifecycle.services.facts import unmet_for_entry
from standards_hub.lifecycle.stages import PUBLISHED
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import Kind, Patch

COLUMN_OF = {"primary_field": "fields", "dates.60.60": "published_on"}
CONSEQUENCES = {"freeze": say("冻结"), "lapse": say("失效"), "cancel": say("撤销"), "return": say("退回")}
NUMBERING = "60.00"


def read_rows(rows: Iterable[Row], today: date) -> list[Draft]:
    """Every row as it was understood, with its faults."""
    return [read_row(row, today) for row in rows]


def read_row(row: Row, today: date) -> Draft:
    draft = Draft(number=row.number, title="")
    cells = Cells(row, draft)
    for wanted in columns():
        if wanted.required and wanted.key not in row.cells:
            draft.wrong(wanted.key, "cell.missing", say("必填，请填写"))
    draft.title = cells.line("title_zh") or ""
    draft.committee, draft.department = cells.line("committee"), cells.line("department")
    draft.units, draft.fields, draft.projects = cells.members("drafting_units"), cells.members("fields"), cells.members("projects")
    draft.region, draft.plan, draft.note = cells.line("region"), cells.line("plan_key"), cells.text("note")
    chosen = tracks().get(cells.choice("track") or "")
    step = _step(cells, chosen)
    entry = _entry(cells, chosen, step)
    draft.links = _links(cells, chosen)
    if entry is None or chosen is None:
        return draft
    draft.entry, draft.track_key = entry, chosen.key
    _check(draft, entry, chosen, today)
    return draft


def _step(cells: Cells, chosen: Track | None) -> str | None:
    text = cells.line("step")
    if text is None or chosen is None:
        return None
    found = step_choices(chosen.key).get(folded(text)) or step_choices(chosen.key).get(folded(text.partition(" ")[0]))
    if found is None:
        names = [Name(f"{s.shown} {s.name.zh}", f"{s.shown} {s.name.en}") for s in chosen.steps]
        cells.draft.wrong(
            "step", "cell.step", say("{track} 没有步骤“{step}”，可填：{names}", track=chosen.name, step=text[:60], names=names)
        )
    return found


def _entry(cells: Cells, chosen: Track | None, step: str | None) -> Entry | None:
    """The standard to be taken in, without what has to be looked up. All cells are read, whatever is wrong with some."""
    natures = chosen.natures if chosen else ()
    kind = cells.choice("kind") or ("adoption" if chosen and chosen.key == "national-adoption" else "new")
    facts = Patch(
        title_zh=cells.draft.title, title_en=cells.line("title_en") or "", fills_gap=cells.flag("fills_gap"),
        nature=cells.choice("nature") or (natures[0] if len(natures) == 1 else None), stricter=cells.flag("stricter"),
        international_role=cells.choice("international_role"),
    )  # fmt: skip
    dates = {c.key.removeprefix(STEP_PREFIX): day for c in columns() if c.key.startswith(STEP_PREFIX) and (day := cells.day(c.key))}
    resting = cells.choice("status") == "suspended"
    plan_number, number = cells.line("plan_number"), cells.line("number")
    approved, published, effective = cells.day("approved_on"), cells.day("published_on"), cells.day("effective_on")
    if chosen is None or step is None:
        return None
    return Entry(
        track=chosen.key, facts=facts, kind=cast(Kind, kind), step=step, dates=dates, plan_number=plan_number, number=number,
        approved_on=approved, published_on=published, effective_on=effective, status="suspended" if resting else "active",
    )  # fmt: skip


def _links(cells: Cells, chosen: Track | None) -> list[Link]:
    found = []
    adopted, degree = cells.line("adopts"), cells.choice("degree")
    if degree and not adopted:
        cells.draft.wrong("degree", "relation.target", say("填了采标程度，请填采标号"))
    if adopted and (link := _link(cells.draft, "adopts", adopted)):
        for unmet in unmet_for_relation("adopts", degree=degree, targets=1, level=chosen.level if chosen else "national"):
            if not (unmet.code == "relation.degree" and "degree" in cells.row.cells):  # what stands there was refused already
                cells.draft.wrong("degree" if unmet.code == "relation.degree" else "adopts", unmet.code, unmet.why, warn=unmet.waivable)
        found.append(structs.replace(link, degree=degree))
    return [*found, *(link for text in cells.members("replaces") if (link := _link(cells.draft, "replaces", text)))]


def _link(draft: Draft, kind: str, text: str) -> Link | None:
    try:
        identifier = parse(text)
    except IdentifierError as error:
        draft.wrong(kind, error.code, say("“{text}”：{why}", text=text[:60], why=error.message))
        return None
    return Link("adopts" if kind == "adopts" else "replaces", identifier.canonical, identifier.key)


def _check(draft: Draft, entry: Entry, chosen: Track, today: date) -> None:
    here, code = chosen.position(entry.step), chosen.step(entry.step).code
    for unmet in unmet_for_entry(entry, today):
        where = _column(unmet)
        if not any(problem.column == where for problem in draft.problems):  # a cell that could not be read is not missing too
            strange = unmet.code == "entry.step" and where.startswith(STEP_PREFIX)
            why = say("{track} 没有“{name}”的步骤，请删去此日期", track=chosen.name, name=column(where).name) if strange else unmet.why
            draft.wrong(where, unmet.code, why)
    for step, day in entry.dates.items():
        if step in {s.key for s in chosen.steps} and chosen.position(step) > here:
            why = say("{day} 是尚未到达的步骤的日期，请更正现处步骤，或删去此日期", day=day)
            draft.wrong(STEP_PREFIX + step, "entry.ahead", why)
    if code < PUBLISHED:
        for key in ("number", "published_on", "effective_on"):
            if getattr(entry, key) and not (code == NUMBERING and key == "number"):
                draft.wrong(
                    key, "entry.unpublished", say("现处步骤早于发布，不应填写{name}；请更正现处步骤，或删去", name=column(key).name)
                )
    if code == NUMBERING and entry.number:
        draft.wrong("number", "entry.unpublished", say("发布之前不写入标准号，发布时再登记"), warn=True)
    if entry.status == "suspended" and code >= PUBLISHED:
        draft.wrong("status", "entry.status", say("已发布的标准不能暂停"))
    _numbers(draft, entry)
    if draft.outcome == "error":
        return
    for limit in deadlines_of(chosen, entry):
        if limit.overdue_on(today) and limit.consequence != "none" and entry.status == "active":
            why = say(
                "{limit}已于 {due} 届满，入库后当夜即按规定{consequence}；如已获准延期，入库后请即登记，或核对日期",
                limit=Name(limit.name_zh, limit.name_en), due=limit.due_on, consequence=CONSEQUENCES[limit.consequence],
            )  # fmt: skip
            draft.wrong(STEP_PREFIX + _begins(chosen, limit.limit), "limit.overrun", why, warn=True)


def _begins(chosen: Track, limit: str) -> str:
    return next(one.from_ for one in chosen.limits if one.key == limit)


def _column(unmet: Unmet) -> str:
    where = unmet.where or ""
    if where in COLUMN_OF:
        return COLUMN_OF[where]
    if where.startswith("dates."):
        return STEP_PREFIX + where.removeprefix("dates.")
    return where if any(c.key == where for c in columns()) else "title_zh"


def _numbers(draft: Draft, entry: Entry) -> None:
    """What tells the project from others: the plan number in its canonical form, and the key of the published number."""
    if entry.number:
        try:
            draft.number_key = parse(entry.number).key
        except IdentifierError as error:
            if not any(problem.column == "number" for problem in draft.problems):
                draft.wrong("number", error.code, error.message)
    if entry.plan_number:
        try:
            draft.plan_number, draft.plan_number_strict = parse(entry.plan_number).canonical, True
        except IdentifierError:
            draft.plan_number = " ".join(entry.plan_number.split())
    if any(link.kind == "replaces" and link.key == draft.number_key for link in draft.links):
        draft.wrong("replaces", "relation.self", say("标准不能代替自身"))


def mark_twins(drafts: Iterable[Draft]) -> None:
    """Note on each row what an earlier row of the file has already."""
    numbers: dict[str, int] = {}
    plans: dict[str, int] = {}
    titles: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        if draft.number_key and (first := numbers.setdefault(draft.number_key, draft.number)) != draft.number:
            draft.wrong("number", "twin.number", say("与第 {row} 行的标准号相同，请删去一行或更正", row=first))
        if draft.plan_number and (first := plans.setdefault(draft.plan_number, draft.number)) != draft.number:
            why = say("与第 {row} 行的计划号相同，请删去一行或更正", row=first)
            draft.wrong("plan_number", "twin.plan_number", why, warn=not draft.plan_number_strict)
        if draft.title and draft.track_key:
            other = titles.setdefault((folded(draft.title), draft.track_key), draft)
            if other is not draft:
                mark_same_title(draft, other.number_key, other.plan_number, other.entry.kind if other.entry else "new",
                                 say("第 {row} 行", row=other.number))  # fmt: skip


def mark_same_title(draft: Draft, number_key: str | None, plan_number: str | None, kind: str, label: Message) -> None:
    """Same title and track: one project twice, unless one revises the other or numbers tell them apart."""
    mine = draft.entry.kind if draft.entry else "new"
    if any(one in ("revision", "amendment") for one in (kind, mine)):
        return
    apart = _differ(draft.number_key, number_key) or (_differ(draft.plan_number, plan_number) and not (draft.number_key and number_key))
    why = (
        say("名称和轨道与{other}相同，请确认不是同一项目", other=label) if apart
        else say("名称和轨道与{other}相同；如为修订请在类型栏注明，如为不同项目请填计划号或标准号", other=label)
    )  # fmt: skip
    draft.wrong("title_zh", "twin.title", why, warn=apart)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def told(draft: Draft, units: Iterable[UUID | str]) -> list[Message]:
    """What taking in the row would create."""
    if draft.entry is None:
        return []
    chosen = tracks()[draft.entry.track]
    step = chosen.step(draft.entry.step)
    found = [say("标准：{track}，{kind}，{step}", track=chosen.name, kind=KINDS[draft.entry.kind], step=step.name)]
    found += [say("新单位：{name}", name=unit) for unit in units if isinstance(unit, str)]
    found += [
        say("关系：采用 {number}（{degree}）", number=link.identifier, degree=link.degree) for link in draft.links if link.kind == "adopts"
    ]
    found += [say("关系：代替 {number}", number=link.identifier) for link in draft.links if link.kind == "replaces"]
    return [*found, *(say("项目 {number} 的成果申报", number=project.number) for project in draft.claims)]
