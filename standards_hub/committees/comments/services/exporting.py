"""The collated table of an enquiry as a file: by clause, each comment with its own markup, formulae and pictures."""

import asyncio
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import msgspec

from standards_hub.committees.comments import repository, wording
from standards_hub.committees.comments.disposing import Summary
from standards_hub.committees.comments.ports import Draft
from standards_hub.committees.comments.services.enquiring import held, summary
from standards_hub.committees.comments.sheets import FORMS, Cells, Entry, Head, Statistics, write_docx, write_xlsx
from standards_hub.committees.comments.subjects import Comment, Enquiry
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def table(work: Work, id: UUID, form: str | None = None, format: Literal["docx", "xlsx"] = "docx") -> tuple[str, bytes]:
    """The name and the bytes of the collated table; without a form, the one of the draft's rule."""
    one, draft = await held(work, id, "comment.read")
    form = _form(one, form)
    comments = await repository.comments(work.connection, id)
    marked = await _marked(work, one)
    serials = {
        comment.id: n for n, comment in enumerate(comments, 1)
    }  # a table is numbered by clause, so that is what its remarks refer to
    entries = [entry_of(comment, marked, serials) for comment in comments]
    counted = await summary(work, one)
    content = await asyncio.to_thread(_written, form, format, head_of(one, draft, work.today.isoformat()), entries, counted)
    return f"{one.label} {FORMS[form].title}.{format}".replace("/", " "), content


async def empty(work: Work, id: UUID, form: str | None = None) -> tuple[str, bytes]:
    """The form to fill in, with the title block of the draft."""
    one, draft = await held(work, id, "comment.read")
    form = _form(one, form, "zh-feedback")
    head = head_of(one, draft, work.today.isoformat())
    return f"{one.label} {FORMS[form].title}.docx".replace("/", " "), await asyncio.to_thread(write_docx, form, head, [])


def _form(one: Enquiry, form: str | None, chinese: str = "zh-table") -> str:
    form = form or ("iso-2012" if one.rule == "international" else chinese)
    if form not in FORMS:
        raise BadInput(say("没有这种意见表"), unmet=[Unmet("form", say("请选择 {forms} 之一", forms=list(FORMS)), "form")])
    return form


def head_of(one: Enquiry, draft: Draft, day: str) -> Head:
    """The title block; on an ISO sheet the project is the number or title by which the work is called."""
    international = one.rule == "international"
    return Head(title=(one.title.en if international else one.title_zh), document=one.label, date=day, lead=draft.lead)


def _written(form: str, format: str, head: Head, entries: list[Entry], counted: Summary) -> bytes:
    if format == "xlsx":
        return write_xlsx(form, head, entries)
    return write_docx(form, head, entries, Statistics(counted.sent, counted.replied, counted.with_comments))


async def _marked(work: Work, one: Enquiry) -> dict[tuple[UUID, int], Cells]:
    """The cells with markup of every sheet, by sheet and row."""
    found = {}
    for sheet in await repository.sheets(work.connection, one.id):
        if sheet.cells:
            cells = msgspec.json.decode(await asyncio.to_thread(work.files.get, sheet.cells), type=dict[str, Cells])
            found.update({(sheet.id, int(row)): kept for row, kept in cells.items()})
    return found


def entry_of(comment: Comment, marked: Mapping[tuple[UUID, int], Cells], serials: Mapping[UUID, int]) -> Entry:
    """A comment as a row of a sheet; `serials` are the numbers of the rows in it."""
    cells = marked.get((comment.sheet_id, comment.sheet_row or 0)) if comment.sheet_id else None
    into = serials.get(comment.merged_into) if comment.merged_into else None
    remark = wording.remark(comment.remark, into)
    return Entry(
        row=comment.number, author=comment.author, line=comment.line, clause=comment.clause, element=comment.element, type=comment.type,
        text=comment.text, proposed=comment.proposed, disposition=comment.disposition, reason=comment.reason, remark=remark,
        cells=cells or Cells(),
    )  # fmt: skip
