"""Taking a file into a register, row by row: each row has its result, wrong ones are told by cell and hold up no other.

A `Register` says what the file is and what one row does; from it come the taking in and the pages: choose a file, see row by row what
would come of it, and take it in.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from msgspec import Struct

from standards_hub.kernel import uploads
from standards_hub.kernel.errors import BadInput, HubError, NotSignedIn, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import Said, download
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers.acts import Trail
from standards_hub.kernel.registers.rows import MOST_BYTES, XLSX, Row, Sheet, Table
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
RowOutcome = Literal["registered", "changed", "promised", "known", "wrong"]
OUTCOMES: dict[RowOutcome, Message] = {
    "registered": say("新登记"), "changed": say("已补全"), "promised": say("增加承诺"), "known": say("已在册，无变化"), "wrong": say("有误"),
}  # fmt: skip
MARKS: dict[RowOutcome, str] = {"registered": "met", "changed": "met", "promised": "met", "known": "waiting", "wrong": "unmet"}
WRITTEN: tuple[RowOutcome, ...] = ("registered", "changed", "promised")


class Workbook(Struct, forbid_unknown_fields=True):
    """The form of an upload."""

    file: UploadFile


class CellProblem(Struct, frozen=True):
    """What is wrong, and in which cell."""

    cell: str
    why: Said


class RowResult(Struct, frozen=True):
    """What came of a row."""

    row: int
    name: str
    outcome: RowOutcome
    id: str | None = None
    changes: list[Said] = []
    """The columns that were completed or put right."""
    problems: list[CellProblem] = []


class Taken(Struct, frozen=True):
    """What came of a file; with `written` false nothing of it was kept."""

    written: bool
    rows: list[RowResult]
    counts: dict[str, int]


class Done(Struct, frozen=True):
    """What a row did: to what, and which columns changed."""

    outcome: RowOutcome
    id: Any
    changed: tuple[str, ...] = ()


class Register(Struct, frozen=True, kw_only=True):
    """A register that takes in a file."""

    path: str
    """Of the register; the file is under `sheet` below it."""
    permission: str
    sheet: Sheet
    named: str
    """The column that names a row, and that is wrong where it is no other."""
    take: Callable[[Work, Row], Awaitable[Done]]
    """Does what one row says. Raises `HubError` for a wrong one, of which it has kept nothing."""
    same: Callable[[Row], str] | None = None
    """What two rows may not have in common; None where several rows may be about one thing."""
    columns: Mapping[str, str] = {}
    """Where the service calls a column by another name."""
    outcomes: tuple[RowOutcome, ...] = ("registered", "changed", "known", "wrong")
    title: Message
    about: Message
    help: Message
    trail: Trail

    def key(self, where: str | None) -> str | None:
        """The column that a complaint is about, if it is one."""
        key = self.columns.get(where or "", where)
        return key if key in self.sheet.columns else None


async def take_in(work: Work, register: Register, content: bytes, *, write: bool) -> Taken:
    """Take in what the rows say, or only try. The caller that only tries must not commit."""
    work.actor.require(register.permission)
    table, results, seen = register.sheet.read(content), list[RowResult](), dict[str, int]()
    for row in table.rows:
        key = register.same(row) if register.same else ""
        if key and key in seen:
            results.append(_wrong(register, table, row, Unmet("row.twice", say("与第 {row} 行相同", row=seen[key]), register.named)))
            continue
        seen[key] = row.number
        results.append(await _result(work, register, table, row))
    counts: dict[str, int] = {outcome: sum(result.outcome == outcome for result in results) for outcome in register.outcomes}
    return Taken(write, results, counts)


async def _result(work: Work, register: Register, table: Table, row: Row) -> RowResult:
    try:
        done = await register.take(work, row)
    except HubError as error:
        return _wrong(register, table, row, *(error.unmet or (Unmet(error.code, error.message, register.named),)))
    changes = [Said.of(register.sheet.columns[key].name) for name in done.changed if (key := register.key(name))]
    return RowResult(row.number, row.cells.get(register.named, ""), done.outcome, str(done.id), changes)


def _wrong(register: Register, table: Table, row: Row, *unmet: Unmet) -> RowResult:
    problems = [CellProblem(table.place(row.number, register.key(one.where)), Said.of(one.why)) for one in unmet]
    return RowResult(row.number, row.cells.get(register.named, ""), "wrong", problems=problems)


async def uploaded(work: Work, register: Register, file: UploadFile, *, write: bool) -> Taken:
    """The same for a file that came through the API."""
    return await take_in(work, register, await file.read(MOST_BYTES + 1), write=write)


def template(register: Register) -> Response[bytes]:
    """The empty workbook to fill in, with its data dictionary."""
    return download(register.sheet.workbook(), f"{register.sheet.name}.xlsx", XLSX)


def routes(register: Register) -> list[Any]:
    """The pages of a register's file."""
    opt: dict[str, Any] = {"permission": register.permission}

    @get(f"{register.path}/sheet", opt=opt, include_in_schema=False)
    async def sheet_page(request: AnyRequest) -> Response[str]:
        return _page(request, register, Form(), None)

    @get(f"{register.path}/sheet/template", opt=opt, include_in_schema=False)
    async def template_file() -> Response[bytes]:
        return template(register)

    @post(f"{register.path}/sheet", opt=opt, include_in_schema=False)
    async def send_sheet(request: AnyRequest) -> Response[str]:
        return await _sent(request, register)

    return [sheet_page, template_file, send_sheet]


async def _sent(request: AnyRequest, register: Register) -> Response[str]:
    """Try a file, or take in one that was tried: it is kept meanwhile."""
    form = await Form.of(request)

    async def take(work: Work) -> tuple[Taken, str]:
        content, digest = await _content(work, register, form)
        return await take_in(work, register, content, write=True), digest

    if form.text("write") == "1":
        return _page(request, register, form, (await attempt(request, form, take)).value)
    hub: Hub = request.app.state.hub
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    try:
        async with hub.work(actor) as work:
            content, digest = await _content(work, register, form)
            await work.commit()  # only who sent the file
        async with hub.work(actor) as work:
            return _page(request, register, form, (await take_in(work, register, content, write=False), digest))
    except NotSignedIn:
        raise
    except HubError as error:
        form.error = error
        return _page(request, register, form, None)


async def _content(work: Work, register: Register, form: Form) -> tuple[bytes, str]:
    """The uploaded file, or the one that was tried. Raises `BadInput` where none was chosen."""
    work.actor.require(register.permission)
    if file := form.file("file"):
        content = await file.read(MOST_BYTES + 1)
        return content, await uploads.keep(work, content)
    if (digest := form.text("tried")) and await uploads.own(work, digest):
        return work.files.get(digest), digest
    raise BadInput(say("请选择文件"), unmet=[Unmet("file", say("请选择 XLSX 或 CSV 文件"), "file")])


def _page(request: AnyRequest, register: Register, form: Form, taken: tuple[Taken, str] | None) -> Response[str]:
    found = taken[0] if taken else None
    counts = [(OUTCOMES[key], found.counts[key], MARKS[key]) for key in register.outcomes if found.counts[key]] if found else []
    good = sum(found.counts.get(key, 0) for key in WRITTEN) if found else 0
    return page(
        request, "register/sheet.html", status=form.error.status if form.error else 200, form=form, register=register, taken=found,
        marks=MARKS, outcomes=OUTCOMES, counts=counts, good=good, digest=taken[1] if taken else "", letters=register.sheet.letters,
        sum=register.about if found is None
        else say("已写入 {count} 行", count=good) if found.written else say("可写入 {count} 行，尚未写入", count=good),
    )  # fmt: skip
