"""Imports of a portfolio as pages: upload, a dry run row by row, correcting in place or by file, acceptance that can be watched, undoing."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.committees.pages.picks import COMMITTEE, ORGANISATION
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.forms import NAME, Form, attempt
from standards_hub.kernel.http import Said, download, number_in
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page, section
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.intake import accepting, service
from standards_hub.lifecycle.intake.columns import CHOICES, column, steps_listed, tracks
from standards_hub.lifecycle.intake.controllers import MAY, XLSX
from standards_hub.lifecycle.intake.ports import Words, linkage
from standards_hub.lifecycle.intake.reading import MOST_BYTES
from standards_hub.lifecycle.intake.schemas import Acceptance, Correction, IntakeOut, RowOut, Undoing
from standards_hub.lifecycle.intake.values import Options

AnyRequest = Request[Any, Any, Any]
AT_ONCE = 50
OUTCOMES: dict[str, Message] = {"ok": say("可导入"), "warning": say("可导入，有提醒"), "error": say("有误")}
STATES: dict[str, Message] = {
    "planned": say("待导入"),
    "accepting": say("正在导入"),
    "accepted": say("已导入"),
    "undoing": say("正在撤销"),
    "undone": say("已撤销"),
}
section("/imports", say("导入"), "database-import", "portfolio.import", 100)


class Register(Struct, frozen=True):
    """Where what a column may name is registered: the list of all, in a window of its own so that nothing typed is lost, and suggestions."""

    path: str
    name: Message
    suggest: str = ""


REGISTERS = {
    "committee": Register("/committees", say("在委员会登记簿中查找"), COMMITTEE.path),
    "department": Register("/organisations", say("在单位登记簿中查找"), ORGANISATION.path),
    "drafting_units": Register("/organisations", say("在单位登记簿中查找")),
    "projects": Register("/projects", say("在科技项目中查找")),
}


class Foreseen(Struct, frozen=True):
    """What accepting an import would write."""

    good: int
    kinds: list[tuple[Said, int]]
    """Standards alike, and how many."""
    besides: list[Said]
    """New organisations, relations and claims."""


def _foreseen(rows: Collection[RowOut]) -> Foreseen:
    good = [row for row in rows if row.outcome != "error"]
    kinds = Counter(row.creates[0] for row in good if row.creates)
    return Foreseen(len(good), kinds.most_common(), list(dict.fromkeys(one for row in good for one in row.creates[1:])))


@get("/imports", opt=MAY, include_in_schema=False)
async def imports_page(request: AnyRequest, reading: Work) -> Response[str]:
    """One's imports, the latest first."""
    found = await service.recent(reading)
    ids = [UUID(label.partition(":")[2]) for one in found if (label := one.created_by).startswith("account:")]
    names = {f"account:{a.id}": a.name for a in await accounts.by_ids(reading.connection, ids)}
    return page(request, "imports/list.html", found=found, names=names, states=STATES)


@get("/imports/new", opt=MAY, include_in_schema=False)
async def new_page(request: AnyRequest, reading: Work) -> Response[str]:
    """The form of an upload."""
    return await _upload_form(request, reading, Form())


async def _upload_form(request: AnyRequest, work: Work, form: Form, status: int = 200) -> Response[str]:
    plans = list((await linkage().words(work)).plans.items())
    return page(request, "imports/new.html", form=form, status=status, plans=plans, may_register=work.actor.may("organisation.manage"))


@get("/imports/template", opt=MAY, include_in_schema=False)
async def template_file(reading: Work) -> Response[bytes]:
    """The workbook to fill in."""
    return download(await service.template(reading), "portfolio-template.xlsx", XLSX)


async def _content(form: Form) -> tuple[bytes, str]:
    """The uploaded file. Raises `BadInput` where none was chosen."""
    file = form.file("file")
    if file is None:
        raise BadInput(say("请选择文件"), unmet=[Unmet("file", say("请选择 XLSX 或 CSV 文件"), "file")])
    return await file.read(MOST_BYTES + 1), file.filename


@post("/imports", opt=MAY, include_in_schema=False)
async def upload(request: AnyRequest) -> Response[Any]:
    """Keep a file and go on to its dry run."""
    form = await Form.of(request)

    async def do(work: Work) -> IntakeOut:
        options = Options(create_organisations=form.text("create_organisations") == "1", plan_key=form.text("plan_key") or None)
        return await service.plan_import(work, *await _content(form), options)

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        async with _reading(request) as reading:
            return await _upload_form(request, reading, form, outcome.error.status if outcome.error else 422)
    return go(request, f"/imports/{outcome.value.id}", say("已检查 {rows} 行，尚未写入", rows=outcome.value.counts.rows))


def _reading(request: AnyRequest) -> Any:
    hub: Hub = request.app.state.hub
    return hub.glancing(request.scope["actor"])  # type: ignore[typeddict-item]


@get("/imports/{id:uuid}", opt=MAY, include_in_schema=False)
async def import_page(request: AnyRequest, reading: Work, id: UUID, outcome: str | None = None, after: int = 0) -> Response[str]:
    """One import as it stands: its rows with what is wrong, and what can be done with it."""
    return await _import_page(request, reading, id, Form(), outcome, after)


async def _import_page(
    request: AnyRequest, work: Work, id: UUID, form: Form, outcome: str | None = None, after: int = 0, status: int = 200
) -> Response[str]:
    found = await service.last_checked(work, id)
    shown = outcome if outcome in OUTCOMES else None if outcome == "all" or not found.counts.error else "error"
    rows = [row for row in found.rows if (shown is None or row.outcome == shown) and row.row > after]
    wrong = {problem.column for row in rows[:AT_ONCE] for problem in row.problems}
    return page(
        request, "imports/one.html", status=status, found=found, form=form, rows=rows[:AT_ONCE], shown=shown, outcomes=OUTCOMES, registers=REGISTERS,
        more=rows[AT_ONCE - 1].row if len(rows) > AT_ONCE else None, states=STATES, lists=_lists(wrong, await linkage().words(work)), after=after,
        foreseen=_foreseen(found.rows) if found.state == "planned" else None,
    )  # fmt: skip


def _lists(wrong: Collection[str], words: Words) -> dict[str, list[str]]:
    """What may stand in some columns, {column: values}, to be offered beside the field."""
    named = {"region": words.of(None, "regions"), "plan_key": words.plans}
    found = {key: list(dict.fromkeys(name.zh for name in names.values())) for key, names in named.items() if key in wrong}
    for key in sorted(wrong):
        choices = column(key).choices
        if choices == "track":
            found[key] = [track.name.zh for track in tracks().values()]
        elif choices == "step":
            found[key] = steps_listed()
        elif choices in CHOICES:
            found[key] = [name.zh for name in CHOICES[choices].values()]
    return found


async def _change(
    request: AnyRequest, id: UUID, form: Form, do: Callable[[Work], Awaitable[IntakeOut]], said: Callable[[IntakeOut], Message]
) -> Response[Any]:
    """Do something to an import and show it again, with what was wrong if it could not be done."""
    outcome = await attempt(request, form, do)
    if outcome.value is None:
        async with _reading(request) as reading:
            status = outcome.error.status if outcome.error else 422
            after = number_in(form.text("after")) or 0
            return await _import_page(request, reading, id, form, form.text("outcome") or None, after, status)
    return go(request, f"/imports/{id}", said(outcome.value))


def _checked(found: IntakeOut) -> Message:
    if found.counts.error:
        return say("已重新检查：还有 {count} 行有误", count=found.counts.error)
    return say("已重新检查：{count} 行都可以导入", count=found.counts.rows)


@post("/imports/{id:uuid}/corrections", opt=MAY, include_in_schema=False)
async def correct(request: AnyRequest, id: UUID) -> Response[Any]:
    """Put the cells right that were typed anew, or only check again."""
    form = await Form.of(request)

    async def do(work: Work) -> IntakeOut:
        cells: list[Correction] = []
        for name in form.fields:
            parts = NAME.findall(name)
            if len(parts) == 3 and parts[0] == "cells" and (row := number_in(parts[1])) is not None:
                cells.append(Correction(row=row, column=parts[2], value=form.text(name)[:5_000]))
        return await service.correct(work, id, cells) if cells else await service.recheck(work, id)

    return await _change(request, id, form, do, _checked)


@post("/imports/{id:uuid}/mending", opt=MAY, include_in_schema=False)
async def mend(request: AnyRequest, id: UUID) -> Response[Any]:
    """Take an error file back that was put right."""
    form = await Form.of(request)

    async def do(work: Work) -> IntakeOut:
        return await service.mend(work, id, *await _content(form))

    return await _change(request, id, form, do, _checked)


@get("/imports/{id:uuid}/errors", opt=MAY, include_in_schema=False)
async def errors_file(reading: Work, id: UUID) -> Response[bytes]:
    """The rows that are wrong, to put right and load again."""
    return download(await service.errors(reading, id), "portfolio-errors.xlsx", XLSX)


@post("/imports/{id:uuid}/acceptance", opt=MAY, include_in_schema=False)
async def accept(request: AnyRequest, id: UUID) -> Response[Any]:
    """Let a job take the rows in; the page watches it."""
    form = await Form.of(request)

    async def do(work: Work) -> IntakeOut:
        return await accepting.begin(work, id, only_good=form.into(Acceptance).only_good)

    return await _change(request, id, form, do, lambda _: say("已开始导入；可以离开此页，稍后再来看"))


@get("/imports/{id:uuid}/progress", opt=MAY, include_in_schema=False)
async def progress(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """How far it is, as a part of the page; once it is over, the whole page is read again."""
    found = await service.show(reading, id)
    headers = {} if found.progress and found.progress.state != "failed" else {"HX-Refresh": "true"}
    return page(request, "imports/progress.html", found=found, headers=headers)


@post("/imports/{id:uuid}/undoing", opt=MAY, include_in_schema=False)
async def undo(request: AnyRequest, id: UUID) -> Response[Any]:
    """Let a job take the whole import back while nothing was built on it."""
    form = await Form.of(request)

    async def do(work: Work) -> IntakeOut:
        return await accepting.begin_undoing(work, id, form.into(Undoing).reason)

    return await _change(request, id, form, do, lambda _: say("已开始撤销；可以离开此页，稍后再来看"))


@post("/imports/{id:uuid}/discarding", opt=MAY, include_in_schema=False)
async def discard(request: AnyRequest, id: UUID) -> Response[Any]:
    """Throw a check away that was not accepted."""
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: service.discard(work, id))
    if done.error:
        raise done.error
    return go(request, "/imports", say("已舍弃“{name}”的检查结果", name=done.value))


PAGES: list[Any] = [
    imports_page, new_page, template_file, upload, import_page, correct, mend, errors_file, accept, progress, undo, discard,
]  # fmt: skip
