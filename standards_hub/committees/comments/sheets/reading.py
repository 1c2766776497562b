"""A comment sheet as it was sent, into entries: the form is told by its column heads, in the page header or in the table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from standards_hub.committees.comments.disposing import BECAUSE
from standards_hub.committees.comments.sheets import workbook_reading
from standards_hub.committees.comments.sheets.cells import joined, line_of, taken, text_of
from standards_hub.committees.comments.sheets.forms import COLUMN_NAMES, FORMS, column_of
from standards_hub.committees.comments.sheets.model import Cells, Column, Entry, Fault, Head, Rich, Sheet
from standards_hub.committees.comments.sheets.ooxml import w
from standards_hub.committees.comments.sheets.package import Package
from standards_hub.committees.comments.wording import comment_type, verdict
from standards_hub.kernel.errors import BadInput, TooLarge
from standards_hub.kernel.messages import say

MOST_ROWS = 2000
MOST_COLUMNS = 40
HEADS_WITHIN = 12
LONGEST = {"text": 20_000, "proposed": 20_000, "observation": 10_000}
LONGEST_WORD = 300
"""Characters of a cell of any other column."""
LONGEST_FRAGMENT = 2000
"""Characters of a text above the comments that are searched for labels; the search grows with their square."""
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(pattern, re.IGNORECASE))
    for key, pattern in (
        ("title", r"标准(?:项目)?名称|项目名称|project"),
        ("document", r"document|稿件|文件(?:编)?号"),
        ("date", r"date|填写日期|日期"),
        ("lead", r"(?:负责|主要)?起草单位"),
        ("handler", r"承办人|联系人|填表人"),
        ("phone", r"(?:联系)?电话|手机"),
        ("email", r"电子邮箱|邮箱|e-?mail"),
        ("author", r"(?:回函|反馈|提出意见)?单位(?:名称)?|提出单位|member body"),
    )
)
FOOT = re.compile(r"^\s*(?:[①②③④⑤1-9一二三四][、.．]?\s*)?(?:说明|注[：:1-9]|发送|收到|回函|没有回函|统计|合计|共\s*\d*)")
DATED = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


class Row(Struct, frozen=True):
    """A row before it is judged: the words and the markup of its cells by column."""

    number: int
    words: Mapping[Column, str]
    rich: Mapping[Column, Rich]


def read_sheet(content: bytes, name: str) -> Sheet:
    """The comments in a DOCX or XLSX. Raises `BadInput` or `TooLarge` where the file as a whole cannot be used."""
    if name.lower().endswith(".xlsx"):
        title, rows, pictures = workbook_reading.read(content)
        form, head, body, faults = _table_of_words(title, rows)
        if pictures:
            faults = [*faults, Fault(None, None, say("工作簿里的图片没有读入；要保留图片请用 DOCX 回函"), fatal=False)]
        return _sheet(form, head, body, faults)
    if not name.lower().endswith(".docx"):
        raise BadInput(say("只接受 .docx 和 .xlsx 的意见表，请另存后再上传"), code="bad-sheet")
    return _document(Package.of(content))


def _document(package: Package) -> Sheet:
    headers = package.headers()
    tables = [table for table in package.document.iter(w("tbl")) if not any(a.tag == w("tc") for a in table.iterancestors())]
    above = [fragment for tree in headers for fragment in _fragments(tree)]
    for tree in headers:
        for table in tree.iter(w("tbl")):
            columns = _heads([[text_of(cell) for cell in row] for row in _grid(table)])
            if columns and tables:
                body = max(tables, key=lambda t: len(_grid(t)))
                form = "iso-2012" if "line" in columns[1].values() or len(columns[1]) > 7 else "iso-13b"
                return _sheet(form, _head(above), _rows(package, _grid(body), columns[1], _repeated(body)), [])
    for table in tables:
        grid = _grid(table)
        columns = _heads([[text_of(cell) for cell in row] for row in grid[:HEADS_WITHIN]])
        if columns:
            above += [fragment for fragment in _fragments(package.document, table, columns[0])]
            kind = _form(columns[1].values())
            return _sheet(kind, _head(above), _rows(package, grid, columns[1], columns[0] + 1), [])
    raise BadInput(say("没有找到意见表：表头应有“意见内容”或“Comments”一列，请用本系统导出的空表填写"), code="bad-sheet")


def _form(columns: Iterable[str]) -> str:
    found = set(columns)
    if "observation" in found:
        return "iso-2012" if "element" in found and "line" in found else "iso-13b" if "element" in found else "zh-table"
    return "iso-2012" if "line" in found else "zh-feedback"


def _repeated(table: Any) -> int:
    """How many rows of a body stand there as heads once more."""
    grid = _grid(table)
    columns = _heads([[text_of(cell) for cell in row] for row in grid[:3]])
    return columns[0] + 1 if columns else 0


def _heads(grid: list[list[str]]) -> tuple[int, dict[int, Column]] | None:
    """The row of column heads and the column at each place; nothing unless there is one for the comment and two more."""
    best: tuple[int, dict[int, Column]] | None = None
    for at, row in enumerate(grid):
        found: dict[int, Column] = {}
        for place, head in enumerate(row):
            column = column_of(head)
            if column and column not in found.values():
                found[place] = column
        if "text" in found.values() and len(found) >= 3 and (best is None or len(found) > len(best[1])):
            best = (at, found)
    if best and best[0] + 1 < len(grid) and all(re.fullmatch(r"[（(]?\d[)）]?|", cell.strip()) for cell in grid[best[0] + 1]):
        numbers = [cell for cell in grid[best[0] + 1] if cell.strip()]
        if len(numbers) > 2:  # the numbers of the columns, as FORM 13B has them under the heads
            best = (best[0] + 1, best[1])
    return best


def _grid(table: Any) -> list[list[Any]]:
    """The cells of a table by row and place; a cell over several columns stands at each, one merged downwards at its first row."""
    rows: list[list[Any]] = []
    for row in _inside(table, "tr"):
        cells: list[Any] = []
        before = row.find(f"{w('trPr')}/{w('gridBefore')}")
        cells += [row] * min(_number(before), MOST_COLUMNS)
        for cell in _inside(row, "tc"):
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
            place = len(cells)
            if merge is not None and merge.get(w("val")) != "restart" and rows and place < len(rows[-1]):
                cell = rows[-1][place]
            cells += [cell] * max(min(_number(span), MOST_COLUMNS), 1)
        rows.append(cells[:MOST_COLUMNS])
        if len(rows) > MOST_ROWS + HEADS_WITHIN:
            raise TooLarge(say("意见超过 {most} 行，请拆分后再上传", most=MOST_ROWS))
    return rows


def _inside(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == w(name):
            yield child
        elif child.tag in (w("sdt"), w("sdtContent"), w("ins"), w("customXml")):
            yield from _inside(child, name)


def _number(element: Any) -> int:
    value = element.get(w("val")) if element is not None else None
    return int(value) if value and value.isdecimal() and len(value) < 4 else 0


def _rows(package: Package, grid: list[list[Any]], columns: Mapping[int, Column], first: int) -> list[Row]:
    made, shared = [], {"author", "clause", "line", "element"}
    for number, row in enumerate(grid[first:], first + 1):
        words: dict[Column, str] = {}
        rich: dict[Column, Rich] = {}
        if len({id(cell) for cell in row}) == 1 and len(row) > 2 and FOOT.match(text_of(row[0])):
            continue
        for place, column in columns.items():
            if place >= len(row) or row[place].tag != w("tc"):
                continue
            above = number > first + 1 and place < len(grid[number - 2]) and grid[number - 2][place] is row[place]
            if above and column not in shared:
                continue
            words[column], kept = taken(package, row[place])
            if kept:
                rich[column] = kept
        made.append(Row(number, words, rich))
    return made


def _fragments(tree: Any, table: Any = None, before: int = 0) -> list[str]:
    """The texts above the comments, label and value in one where a table sets them side by side."""
    found: list[str] = []
    for element in tree.iter(w("p"), w("tr")):
        inside = [a for a in element.iterancestors() if a.tag == w("tbl")]
        if table is not None and table in inside and element.tag == w("p"):
            continue
        if element.tag == w("tr"):
            if table is not None and inside and inside[0] is table and list(_inside(table, "tr")).index(element) >= before:
                continue
            cells = [text_of(cell) for cell in _inside(element, "tc")]
            found += [f"{a}：{b}" for a, b in pairwise(cells) if a and b and not re.search(r"[：:]", a + b)]
        else:
            found.append(line_of(element))
    return found


NEXT = r"(?=(?:承办人|联系人|填表人|联系电话|电话|电子邮箱|邮箱|填写日期|稿件)\s*[：:])"
"""Where a label begins that follows a value without the space of the form, because somebody wrote over it."""


def _head(fragments: Iterable[str]) -> Head:
    """The title block, from labels before a colon."""
    said: dict[str, str] = {}
    for fragment in (whole[:LONGEST_FRAGMENT] for whole in fragments):
        if (found := re.search(r"《(.+?)》", fragment)) and "title" not in said:
            said["title"] = found[1][:LONGEST_WORD]
        if found := DATED.search(fragment):
            said.setdefault("date", f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}")
        pieces = re.split(rf" {{2,}}|\t|\n|　{{2,}}|{NEXT}", fragment)
        for piece in pieces:
            label, colon, value = re.sub(r"\s*[：:]\s*", "：", piece, count=1).partition("：")
            key = next((key for key, pattern in LABELS if pattern.fullmatch(re.sub(r"\s", "", label))), None)
            if colon and key and value.strip(" _\u3000") and not (key == "date" and "date" in said):
                said.setdefault(key, value.strip(" _\u3000")[:LONGEST_WORD])
    return Head(**said)


def _table_of_words(title: list[str], grid: list[tuple[int, list[tuple[str, Rich | None]]]]) -> tuple[str, Head, list[Row], list[Fault]]:
    columns = _heads([[words for words, _ in cells] for _, cells in grid[:HEADS_WITHIN]])
    if not columns:
        raise BadInput(say("没有找到意见表：表头应有“意见内容”或“Comments”一列，请用本系统导出的空表填写"), code="bad-sheet")
    top, places = columns
    above = list(title)
    for _, cells in grid[:top]:
        said = [words for words, _ in cells if words]
        above += [*said, *(f"{a}：{b}" for a, b in pairwise(said) if not re.search(r"[：:]", a + b))]
    rows = []
    for number, cells in grid[top + 1 :]:
        filled = {column: cells[place] for place, column in places.items() if place < len(cells)}
        alone = [words for words, _ in cells if words]
        if len(alone) == 1 and FOOT.match(alone[0]):
            continue
        rich = {column: kept for column, (_, kept) in filled.items() if kept}
        rows.append(Row(number, {column: words for column, (words, _) in filled.items()}, rich))
    return _form(places.values()), _head(above), rows, []


def _sheet(form: str, head: Head, rows: Iterable[Row], faults: Iterable[Fault]) -> Sheet:
    entries, wrong = [], list(faults)
    whole_author = head.author
    for row in rows:
        if not any(words for column, words in row.words.items() if column not in ("serial", "author", "type")):
            continue
        entry, found = _entry(row, whole_author)
        wrong += found
        if entry:
            entries.append(entry)
        if len(entries) > MOST_ROWS:
            raise TooLarge(say("意见超过 {most} 行，请拆分后再上传", most=MOST_ROWS))
    assert form in FORMS
    return Sheet(form, head, tuple(entries), tuple(wrong))


def _entry(row: Row, author: str) -> tuple[Entry | None, list[Fault]]:
    faults = []

    def fault(column: Column, why: Any, fatal: bool = True) -> None:
        faults.append(Fault(row.number, COLUMN_NAMES[column], why, fatal))

    said = {column: words for column, words in row.words.items()}
    for column, words in said.items():
        most = LONGEST.get(column, LONGEST_WORD)
        if len(words) > most:
            fault(column, say("有 {count} 字，超过 {most} 字，请缩短或拆成几条", count=len(words), most=most))
    text, proposed = said.get("text", ""), said.get("proposed", "")
    cells = Cells(row.rich.get("text"), row.rich.get("proposed"))
    if why := said.get("justification", ""):
        if text:
            cells = Cells(joined(cells.text, text, row.rich.get("justification"), why, BECAUSE), cells.proposed)
        text = f"{text}\n{BECAUSE}{why}" if text else f"{BECAUSE}{why}"
    if not text and proposed:
        text, cells = proposed, Cells(cells.proposed, cells.proposed)
    if not text:
        fault("text", say("这一格是空的，请写明意见；不是意见的行请删去"))
    kind, certain = comment_type(said.get("type", "")) if said.get("type") else (None, True)
    if not certain:
        fault("type", say("“{text}”不是单一的意见类型，请写 ge（一般）、te（技术）或 ed（编辑）之一", text=said["type"][:40]), fatal=False)
    observation = said.get("observation", "")
    disposition, reason = verdict(observation)
    if observation and disposition is None:
        why_not = say("“{text}”里读不出处理结论，请以“采纳”“部分采纳”“不采纳”或“知悉”开头；这一条按未处理读入", text=observation[:40])
        fault("observation", why_not, fatal=False)
    if any(f.fatal for f in faults):
        return None, faults
    return Entry(
        row=row.number, author=said.get("author", "") or author, line=said.get("line", ""), clause=said.get("clause", ""),
        element=said.get("element", ""), type=kind, text=text, proposed=proposed, disposition=disposition, reason=reason,
        remark=said.get("remark", ""), cells=cells,
    ), faults  # fmt: skip
