"""Sheets merged into an enquiry by a job: read before its transaction opens, told file by file, left and found again."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct, structs

from standards_hub.committees.comments import disposing, repository
from standards_hub.committees.comments.clauses import clause_key
from standards_hub.committees.comments.events import CommentSheetTaken
from standards_hub.committees.comments.schemas import CellFault, Disposal, FileResult, Import, SentFile
from standards_hub.committees.comments.services.answering import decide
from standards_hub.committees.comments.services.enquiring import held
from standards_hub.committees.comments.sheets import Cells, Entry, Fault, Sheet, read_sheet
from standards_hub.committees.comments.sheets.forms import COLUMN_NAMES
from standards_hub.committees.comments.sheets.guarding import MOST_BYTES
from standards_hub.committees.comments.subjects import Comment, Enquiry, TakenSheet
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, HubError, TooLarge, Unmet
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.http import Said
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub, Work

JOB = "comments.take"
MOST_FILES = 100
Known = dict[tuple[str, ...], list[Comment]]
"""The comments that are there, by what makes them the same; several of one sameness are of different places."""


class Read(Struct):
    """A file after it was read, or why it could not be."""

    file: SentFile
    sheet: Sheet | None = None
    cells: str | None = None
    """Where its cells with markup are kept."""
    error: Said | None = None


async def begin(work: Work, id: UUID, files: list[tuple[str, bytes]]) -> Import:
    """Keep the files and ask a job to merge them. Raises `BadInput` without a file, `TooLarge` for too many or one too large."""
    one, _ = await held(work, id, "comment.dispose")
    if not files:
        raise BadInput(say("请选择意见表"), unmet=[Unmet("files", say("请选择一个或多个 .docx 或 .xlsx 文件"), "files")])
    if len(files) > MOST_FILES:
        raise TooLarge(say("一次最多 {most} 个文件，请分批上传", most=MOST_FILES))
    for name, content in files:
        if len(content) > MOST_BYTES:
            raise TooLarge(say("{name} 超过 {most} MB，请拆分或压缩图片后再上传", name=name[:80], most=MOST_BYTES // 1024**2))
    kept = [SentFile(clean_text(name, "files").replace("\\", "/").rpartition("/")[2][-200:], work.files.put(data)) for name, data in files]
    made = Import(
        id=uuid4(), enquiry_id=one.id, state="waiting", files=kept, results=[], asked_by=work.actor.label, asked_at=work.clock.now()
    )
    await repository.ask(work.connection, made)
    account = str(work.actor.account) if work.actor.account else None
    await work.enqueue(JOB, {"id": str(made.id), "account": account}, key=f"{JOB}:{made.id}")
    return made


async def show(work: Work, id: UUID, import_id: UUID) -> Import:
    """An import as it stands."""
    await held(work, id, "comment.dispose")
    found = await repository.one_import(work.connection, import_id)
    if found.enquiry_id != id:
        raise repository.no_import(import_id)
    return found


async def listing(work: Work, id: UUID) -> list[Import]:
    """The imports into an enquiry, the latest first."""
    await held(work, id, "comment.dispose")
    return await repository.imports(work.connection, id)


async def read_files(hub: Hub, id: str, account: str | None) -> list[Read]:
    """Every file of an import, read before anybody waits for a lock."""
    async with hub.reading(SYSTEM) as work:
        asked = await repository.one_import(work.connection, UUID(id))
    return [await asyncio.to_thread(read_file, hub.files, file) for file in asked.files] if asked.state == "waiting" else []


def read_file(files: FileStore, file: SentFile) -> Read:
    """A kept file as a sheet, its cells with markup kept beside it."""
    try:
        sheet = read_sheet(files.get(file.sha256), file.name)
    except HubError as error:
        return Read(file, error=Said.of(error.message))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):  # markup that no program of ours or theirs wrote
        return Read(file, error=Said.of(say("文件的内部结构有误，请用 Word、Excel 或 WPS 打开后另存")))
    marked = {str(entry.row): entry.cells for entry in sheet.entries if entry.cells != Cells()}
    return Read(file, sheet, files.put(msgspec.json.encode(marked)) if marked else None)


@job(JOB, say("合并意见表"), before=read_files)
async def take(work: Work, id: str, account: str | None, prepared: list[Read]) -> None:
    """Take the sheets in, as whoever asked for it and with the rights they have now; done a second time, it changes nothing."""
    asked = await repository.one_import(work.connection, UUID(id))
    if asked.state != "waiting":
        return
    work.actor = await accounts.actor_for_id(work.connection, UUID(account), work.today) if account else SYSTEM
    asked.done_at = work.clock.now()
    try:
        one, _ = await held(work, asked.enquiry_id, "comment.dispose", lock=True)
    except HubError as error:
        asked.state, asked.results = "failed", [FileResult(name=file.name, error=Said.of(error.message)) for file in asked.files]
        return await repository.keep_results(work.connection, asked)
    asked.state, asked.results = "done", await merge(work, one, prepared)
    await repository.keep_results(work.connection, asked)


async def merge(work: Work, one: Enquiry, files: list[Read]) -> list[FileResult]:
    """Sheets into an enquiry: what is there already is not taken twice, but a decision that comes with it is."""
    known: Known = {}
    for comment in await repository.comments(work.connection, one.id):
        known.setdefault(disposing.sameness(comment), []).append(comment)
    authors = {entry.author for read in files if read.sheet for entry in read.sheet.entries}
    registered = await repository.organisations_called(work.connection, authors)
    return [await _merge_one(work, one, read, known, registered) for read in files]


async def _merge_one(work: Work, one: Enquiry, read: Read, known: Known, registered: dict[str, UUID]) -> FileResult:
    result = FileResult(name=read.file.name, error=read.error)
    sheet = read.sheet
    if sheet is None:
        return result
    result.form, result.faults = sheet.form, [_fault(fault) for fault in sheet.faults]
    result.author = sheet.head.author or next((entry.author for entry in sheet.entries if entry.author), "")
    sheet_id, taken, number = uuid4(), list[Comment](), one.comments
    if sheet.entries and not any(entry.author for entry in sheet.entries):
        why = say("整张表 {count} 条意见都没有写明提出单位；请在表头“单位”后写明，再寄来一次", count=len(sheet.entries))
        result.faults.append(_fault(Fault(None, COLUMN_NAMES["author"], why)))
        return result
    silent = list[str]()
    for entry in (_reasoned(one, entry) for entry in sheet.entries):
        if not entry.author:
            why = say("没有写明提出单位，请在表头“单位”或“提出单位”一列写明")
            result.faults.append(_fault(Fault(entry.row, COLUMN_NAMES["author"], why)))
            continue
        if disposing.says_nothing(entry):
            silent.append(entry.author)
            continue
        same = known.setdefault(disposing.sameness(entry), [])
        decided = _decided(one, entry, result)
        if there := disposing.same_in(same, entry):
            result.repeated += 1
            if decided and there.disposition is None and there.status == "open":
                data = Disposal(comments=[there.id], disposition=entry.disposition, reason=entry.reason)
                same[same.index(there)] = await _decide(work, one, there, data, taken)
                result.decided += 1
            continue
        number += 1
        result.decided += decided
        taken.append(_comment(one, work, entry, sheet, number, sheet_id, registered, decided))
        same.append(taken[-1])
    result.taken, result.silent = len(taken), list(dict.fromkeys(silent))
    kept = TakenSheet(
        id=sheet_id, author=result.author, filename=read.file.name, sha256=read.file.sha256, cells=read.cells, form=sheet.form,
        taken=result.taken, repeated=result.repeated, taken_on=work.today, silent=result.silent or None,
    )  # fmt: skip
    before = await repository.sheets_of_file(work.connection, one.id, read.file.sha256)
    if taken or not before:
        await work.append(one, CommentSheetTaken(sheet=kept, comments=taken, numbered=number))
        one.comments = number
    result.faults.sort(key=lambda fault: fault.row or 0)
    return result


async def _decide(work: Work, one: Enquiry, there: Comment, data: Disposal, taken: list[Comment]) -> Comment:
    """Decide on a comment that is there, or that stands further up in the same sheet and is yet to be recorded."""
    if there not in taken:
        return (await decide(work, one, [there], data))[0]
    decided = structs.replace(there, disposition=data.disposition, reason=data.reason.strip(), status="disposed")
    taken[taken.index(there)] = decided
    return decided


def _reasoned(one: Enquiry, entry: Entry) -> Entry:
    """An entry whose reason stands under the remarks, as the Chinese table has it too, with the reason in its place."""
    if not disposing.wants_reason(one.rule, entry.disposition) or entry.reason.strip() or not entry.remark.strip():
        return entry
    return structs.replace(entry, reason=entry.remark, remark="")


def _decided(one: Enquiry, entry: Entry, result: FileResult) -> bool:
    """Whether the decision in a sheet can stand; one that lacks its reason is told of and the comment stays open."""
    if entry.disposition is None:
        return False
    if disposing.wants_reason(one.rule, entry.disposition) and not entry.reason.strip():
        why = say("处理意见没有写明理由，请补写；这一条按未处理读入")
        result.faults.append(_fault(Fault(entry.row, COLUMN_NAMES["observation"], why, fatal=False)))
        return False
    return True


def _comment(
    one: Enquiry, work: Work, entry: Entry, sheet: Sheet, number: int, sheet_id: UUID, registered: dict[str, UUID], decided: bool
) -> Comment:  # fmt: skip
    given: dict[str, Any] = {"disposition": entry.disposition, "status": "disposed"} if decided else {}
    return Comment(
        id=uuid4(), number=number, draft=one.draft, author_kind="member_body" if sheet.form.startswith("iso") else "organisation",
        author=entry.author, author_id=registered.get(entry.author), made_on=work.today, text=entry.text, proposed=entry.proposed,
        clause=entry.clause, clause_key=clause_key(entry.clause), line=entry.line, element=entry.element, type=entry.type, reason=entry.reason,
        remark=entry.remark, sheet_id=sheet_id, sheet_row=entry.row, exemplar=one.exemplar, **given,
    )  # fmt: skip


def _fault(fault: Fault) -> CellFault:
    return CellFault(fault.row, Said.of(fault.column) if fault.column else None, Said.of(fault.why), fault.fatal)
