"""Two rules side by side as a file: the targets under both, and each standard that they judge otherwise. CSV and XLSX of the same rows."""

import csv
import io
from collections.abc import Iterable
from typing import Literal

import xlsxwriter

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.registers.sheets import guarded
from standards_hub.linkage.comparing import Difference
from standards_hub.linkage.counting import Line
from standards_hub.linkage.services.tallies import SideBySide

Format = Literal["csv", "xlsx"]
MEDIA: dict[str, str] = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
CHANGES: dict[str, Message] = {"added": say("仅后者计入"), "removed": say("仅前者计入"), "role": say("都计入，归属不同")}
Cell = str | int
Table = list[list[Cell]]


def tables(both: SideBySide, language: str) -> list[tuple[str, Table]]:
    """The sheets by name, each with its head: what it is about, the targets, the differences."""

    def said(one: Message | Name) -> str:
        return one.into(language)

    first, second = both.first, both.second
    names = [Name(side.rule.zh, side.rule.en) for side in (first, second)]
    about: Table = [
        [said(say("计划")), first.plan.name], [said(say("截至")), first.counted.as_of.isoformat()],
        [said(say("数据时间")), first.held.known_at.isoformat(timespec="minutes")], [said(say("数据校验值")), first.held.data_hash],
    ]  # fmt: skip
    about += [[side.rule.id, f"{said(name)} {side.rule.hash}"] for side, name in zip((first, second), names, strict=True)]
    called = {target.key: Name(target.name, target.name_en or target.name) for target in first.plan.targets}
    pairs = zip((*first.counted.targets, first.counted.total), (*second.counted.targets, second.counted.total), strict=True)
    sums: Table = [[said(say("指标")), said(say("目标")), first.rule.id, second.rule.id, said(say("相差"))]]
    sums += [[said(called.get(a.key, say("合计"))), a.target, a.counted, b.counted, b.counted - a.counted] for a, b in pairs]
    head = [say("标准号"), say("名称"), say("指标"), say("差别"), say("前者"), say("前者条款"), say("后者"), say("后者条款")]
    differ: Table = [[said(word) for word in head]]
    differ += [_row(one, called, language) for one in both.differences]
    return [(said(say("说明")), about), (said(say("汇总")), sums), (said(say("差异")), differ)]


def _row(one: Difference, called: dict[str, Name], language: str) -> list[Cell]:
    def side(line: Line | None) -> list[Cell]:
        return [line.why.into(language), line.code] if line else ["—", "—"]

    s = one.line.standard
    title = s.title_zh if language == "zh" else s.title_en or s.title_zh
    target = called[one.line.target].into(language) if one.line.target in called else "—"
    return [s.number or "", title, target, CHANGES[one.change].into(language), *side(one.first), *side(one.second)]


def as_csv(sheets: Iterable[tuple[str, Table]]) -> bytes:
    """All tables one after the other, in UTF-8 with a BOM, for Excel."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for at, (_, rows) in enumerate(sheets):
        writer.writerows([[]] if at else [])
        writer.writerows([[guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(sheets: Iterable[tuple[str, Table]]) -> bytes:
    """A workbook with a sheet for each table: frozen head, numbers as numbers, texts never formulas."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row, bold if at == 0 else wrapped)
            widths = [max((len(str(row[at])) for row in rows if at < len(row)), default=8) for at in range(max(map(len, rows)))]
            for at, width in enumerate(widths):
                sheet.set_column(at, at, min(max(width * 1.7, 8), 50))
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
    return made.getvalue()


def written(both: SideBySide, format: Format, language: str) -> bytes:
    sheets = tables(both, language)
    return as_csv(sheets) if format == "csv" else as_xlsx(sheets)
