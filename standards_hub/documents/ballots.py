"""The result sheet of a ballot as DOCX, after 审查结论表 and 函审结论表: votes, every test, the roll with room for signatures."""

from io import BytesIO
from typing import Any
from uuid import UUID

import docx
from docx.document import Document
from docx.shared import Mm
from litestar import Controller, Response, get

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import service
from standards_hub.committees.ballots.rules import CHOICES, OUTCOMES
from standards_hub.committees.ballots.schemas import BallotOut, VoterOut
from standards_hub.committees.ballots.values import FORMS
from standards_hub.committees.values import POSITIONS
from standards_hub.documents.report import docx_styles as styles
from standards_hub.documents.report.wording import day
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
COLUMNS = (("序号", 12), ("姓名", 26), ("单位", 48), ("职务", 22), ("表决", 20), ("签名", 28))
"""Heads of the roll with their widths in millimetres, 156 in all."""


async def sheet(work: Work, id: UUID) -> bytes:
    """The result sheet of a closed ballot. Raises `Conflict` before."""
    found = await service.show(work, id)
    if found.ballot.state != "closed":
        raise Conflict(say("表决结束后才有结果表"))
    committee = await registers.committee(work.connection, found.ballot.committee_id)
    return write_sheet(found, committee.label)


def write_sheet(found: BallotOut, committee: str) -> bytes:
    """Print a closed ballot; in Chinese, for that is the paper that is signed."""
    one = found.ballot
    document = docx.Document()
    styles.apply_styles(document)
    styles.set_page(document.sections[0], wide=False)
    core = document.core_properties
    core.title, core.author, core.language = f"表决结果表　{one.title}"[:255], "Standards Hub", "zh-CN"
    document.add_paragraph("表决结果表", style=styles.TITLE)
    document.add_paragraph(one.title, style=styles.SUBTITLE)
    _pairs(document, [
        ("委员会", committee), ("表决对象", one.subject_label), ("文本散列", one.subject_hash or ""), ("方式", str(FORMS[one.form])),
        ("起止", f"{day(one.opened_on)}至{day(one.closes_on)}24:00" if one.opened_on else ""), ("规则", f"{one.rule} {found.rule.name.zh}"),
        ("结论", str(CHOICES[one.decision] if one.decision else OUTCOMES[one.outcome])),  # type: ignore[index]
    ])  # fmt: skip
    document.add_paragraph("逐条判定", style=styles.HEADING1)
    for line in (one.result or {}).get("explanation", {}).get("zh", "").split("\n"):
        document.add_paragraph(line)
    document.add_paragraph("名册", style=styles.HEADING1)
    _roll(document, found.voters, one.law.by_p_members)
    document.add_paragraph(f"共有 {len(found.voters)} 人，参加投票 {found.voted} 人，回避 {sum(v.recused for v in found.voters)} 人。")
    document.add_paragraph("主任委员（签名）：　　　　　　　　　秘书处（章）：")
    document.add_paragraph("日期：　　　　年　　月　　日")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pairs(document: Document, pairs: list[tuple[str, str]]) -> None:
    table = _table(document, (30, 126))
    for name, value in pairs:
        _row(table, (name, value), (30, 126), styles.CELL)


def _roll(document: Document, voters: list[VoterOut], by_p_members: bool) -> None:
    widths = tuple(width for _, width in COLUMNS)
    table = _table(document, widths)
    _row(table, tuple(name for name, _ in COLUMNS), widths, styles.HEAD)
    table.rows[0]._tr.get_or_add_trPr().append(styles.element("w:tblHeader"))
    for n, voter in enumerate(voters, 1):
        position = str(POSITIONS[voter.position]) if voter.position else "P 成员" if voter.p_member and by_p_members else ""
        vote = "回避" if voter.recused else str(CHOICES[voter.vote]) if voter.vote else "已投" if voter.voted else "未投"
        _row(table, (str(n), voter.name, voter.organisation or "", position, vote, ""), widths, styles.CELL)


def _table(document: Document, widths: tuple[int, ...]) -> Any:
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Any, texts: tuple[str, ...], widths: tuple[int, ...], style: str) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(styles.element("w:cantSplit"))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style = style
        cell.paragraphs[0].add_run(text)


class BallotSheetController(Controller):
    """Result sheets of ballots."""

    path = "/ballots"
    tags = ("表决 Ballots",)

    @get("/{id:uuid}/sheet.docx", operation_id="PrintBallot", opt={"permission": "ballot.read"}, media_type=MEDIA_TYPE)
    async def print(self, reading: Work, id: UUID) -> Response[bytes]:
        """The result sheet of a closed ballot as DOCX, with room for signatures."""
        return download(await sheet(reading, id), f"表决结果表-{id}.docx", MEDIA_TYPE)


@get("/ballots/{id:uuid}/sheet.docx", opt={"permission": "ballot.read"}, include_in_schema=False, media_type=MEDIA_TYPE)
async def sheet_file(reading: Work, id: UUID) -> Response[bytes]:
    """The result sheet of a closed ballot."""
    return download(await sheet(reading, id), f"表决结果表-{id}.docx", MEDIA_TYPE)


CONTROLLERS: list[Any] = [BallotSheetController]
PAGES: list[Any] = [sheet_file]
