"""The month on one page: numbers, what changed, what is overdue. Lists are cut to what a page holds; the workbook has them whole."""

from collections.abc import Sequence
from unicodedata import east_asian_width

from msgspec import structs

from standards_hub.documents.report import lists, summaries
from standards_hub.documents.report.model import Block, Column, Paragraph, Table, Value
from standards_hub.documents.report.pointing import marked, n, paragraph, to_plan, to_table
from standards_hub.documents.report.sections import change, remarks
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import day, moment, rate

LINES = 7
"""Lines of each list on the page; with both lists full and a remark of 80 characters the page is full."""
SIGN, LATIN = 3.0, 0.6
"""Millimetres of a Chinese character at the size of these lists, and the part of it that a letter or figure takes."""
EDGES = 2
"""Millimetres of a cell's padding."""
LONGEST = 34
"""Characters of a title that are printed here."""


def numbers(source: Source) -> list[Block]:
    total = source.counted.total
    text = (
        f"截至{day(source.counted.as_of)}，目标{marked(total.target, to_plan(source.plan.key))}项，累计发布{n(total.counted, outcome='counted')}项，"
        f"完成率{rate(total.permille)}；"
        f"待核{n(total.unverified, outcome='unverified')}项、在研{n(total.in_progress, outcome='in_progress')}项，均不计入完成数。"
    )
    table = summaries.targets_table(source)
    return [paragraph(text + change(source)), structs.replace(table, note=""), *remarks(source)]


def changes(source: Source) -> list[Block]:
    if source.previous is None:
        return [Paragraph("未指定对比的上期。")]
    whole = lists.differences_table(source.counted, source.previous)
    kinds = [row[1] for row in whole.rows]
    entered, left = n(kinds.count("增加"), change="entered"), n(kinds.count("减少"), change="left")
    text = f"新计入{entered}项，不再计入{left}项，角色变化{marked(kinds.count('角色变化'), to_table('month_changes'))}项。"
    if not whole.rows:
        return [Paragraph(text)]
    columns = (
        Column("row", "序号", "number", 9),
        Column("change", "变化", width=17),
        Column("number", "标准号或计划号", width=36),
        Column("title", "名称", width=62),
        Column("why", "说明", width=32),
    )
    rows = _fitting([(row[0], row[1], row[2], row[3], row[5]) for row in whole.rows], columns, title=3)
    marks = tuple(("", "", "", mark[3], "") for mark in whole.behind[: len(rows)])
    return [paragraph(text + _rest(len(rows), len(whole.rows))), Table("month_changes", "本月变化", columns, rows, behind=marks)]


def overdue(source: Source) -> list[Block]:
    items = lists.overdue_items(source.counted)
    standards = len({item.standard.id for item in items})
    text = f"超期事项{marked(len(items), to_table('month_overdue'))}件，涉及标准{n(standards, overdue='true')}项；"
    text += f"冻结或暂停{n(source.counted.total.halted, outcome='in_progress', halted='true')}项。"
    whole = lists.overdue_table(source.counted)
    columns = (
        Column("row", "序号", "number", 9),
        Column("number", "标准号或计划号", width=28),
        Column("title", "名称", width=51),
        Column("deadline", "期限事项", width=18),
        Column("due", "到期日", "date", 20),
        Column("days", "超期天数", "integer", 9),
        Column("holder", "责任人", width=21),
    )
    rows = _fitting([row[:7] for row in whole.rows], columns, title=2)
    blocks: list[Block] = [paragraph(text + _rest(len(rows), len(items)))]
    if items:
        blocks.append(Table("month_overdue", "超期事项", columns, rows, behind=tuple(mark[:7] for mark in whole.behind[: len(rows)])))
    note = f"统计口径：{source.rule.zh}（{source.rule.key}，第{source.rule.version}版）；数据时间：{moment(source.known_at)}（北京时间）。数据校验值见电子表格。"
    return [*blocks, Paragraph(note, "note")]


def _fitting(rows: Sequence[tuple[Value, ...]], columns: Sequence[Column], *, title: int) -> tuple[tuple[Value, ...], ...]:
    """The first rows that fit into the lines a list has, their titles cut to two lines."""
    fitting, left = [], LINES
    for row in rows:
        text = str(row[title])
        left -= 1 if all(_one_line(str(row[place] or ""), columns[place]) for place in range(1, len(row))) else 2
        if left < 0:
            break
        fitting.append((*row[:title], text if len(text) <= LONGEST else f"{text[: LONGEST - 2]}……", *row[title + 1 :]))
    return tuple(fitting)


def _one_line(text: str, column: Column) -> bool:
    """Whether a text stands in one line of its column."""
    signs = sum(1 if east_asian_width(sign) in "WF" else LATIN for sign in text)
    return column.kind != "text" or signs * SIGN <= column.width - EDGES


def _rest(shown: int, number: int) -> str:
    return f"以下列前{shown}项，全部{number}项见电子表格。" if number > shown else ""
