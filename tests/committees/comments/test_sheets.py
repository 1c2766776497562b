"""Comment sheets in and out: what is read is what stands there, what is written reads back equal, and hostile files do nothing."""

import io
import time
import zipfile
from typing import Any

import pytest
import xlsxwriter
from docx import Document
from lxml import etree
from msgspec import structs

from standards_hub.committees.comments.sheets import (
    FORMS,
    Cells,
    Entry,
    Head,
    Sheet,
    Statistics,
    guarding,
    read_sheet,
    reading,
    write_docx,
    write_xlsx,
)
from standards_hub.kernel import archives
from standards_hub.kernel.errors import BadInput, TooLarge
from tests.committees.comments import samples

ROW = ("1", "3.2", "定义不清", "改为“燃料电池堆”", "示例大学", "不采纳：与上位标准一致", "")


def bare(sheet: Sheet) -> list[Entry]:
    """The entries without the numbers of their rows."""
    return [structs.replace(entry, row=0) for entry in sheet.entries]


def test_the_chinese_table_is_read_with_its_title_block() -> None:
    sheet = read_sheet(samples.chinese([ROW]), "表.docx")
    assert sheet.form == "zh-table" and sheet.faults == ()
    head = sheet.head
    assert (head.title, head.lead, head.handler, head.phone, head.date) == (
        "示例 氢能 术语",
        "示例研究院",
        "示例甲",
        "000-0000",
        "2026-11-03",
    )
    entry = Entry(
        row=2,
        clause="3.2",
        text="定义不清",
        proposed="改为“燃料电池堆”",
        author="示例大学",
        disposition="not_adopted",
        reason="与上位标准一致",
    )
    assert sheet.entries == (entry,)


@pytest.mark.parametrize("first_page", [False, True])
def test_the_iso_template_has_its_heads_in_the_page_header(first_page: bool) -> None:
    rows = [("CN", "17", "3.1", "Table 1", "Te", "unclear", "delete", "Not accepted"), ("**", "", "", "", "te/ed", "general", "", "")]
    sheet = read_sheet(samples.iso(rows, first_page=first_page), "sheet.docx")
    assert sheet.form == "iso-2012" and sheet.head == Head(title="示例 99001", document="ISO/CD 99001", date="2026-11-03")
    one, two = sheet.entries
    assert (one.author, one.line, one.clause, one.element, one.type, one.disposition) == ("CN", "17", "3.1", "Table 1", "te", "not_adopted")
    assert (two.author, two.clause, two.type, two.disposition) == ("**", "", "te", None)
    assert [(f.row, f.fatal, f.column.into("en") if f.column else "") for f in sheet.faults] == [(2, False, "Type of comment")]


def test_the_older_form_13b_is_read() -> None:
    sheet = read_sheet(samples.iso([("DE", "5.2", "Note 1", "ed", "typo", "mend it", "Accepted")], samples.OLD), "old.docx")
    assert sheet.form == "iso-13b"
    entry = sheet.entries[0]
    assert (entry.author, entry.clause, entry.element, entry.type, entry.text, entry.disposition) == (
        "DE",
        "5.2",
        "Note 1",
        "ed",
        "typo",
        "adopted",
    )


def test_a_feedback_sheet_names_its_organisation_once_and_reasons_stand_below_the_comment() -> None:
    heads = ("序号", "章条编号", "意见内容", "修改建议", "理由")
    document = samples.Document()
    document.add_paragraph("示例标准征求意见稿意见反馈表")
    block = document.add_table(rows=1, cols=4)
    for cell, text in zip(block.rows[0].cells, ("单位名称", "示例公司", "联系人", "示例乙"), strict=True):
        cell.text = text
    samples.table(document, heads, [("1", "4.1", "太严", "改为 5 %", "做不到"), ("2", "", "", "", "")])
    sheet = read_sheet(samples.saved(document), "反馈.docx")
    assert (sheet.form, sheet.head.author, sheet.head.handler) == ("zh-feedback", "示例公司", "示例乙")
    assert [(e.author, e.text, e.proposed) for e in sheet.entries] == [("示例公司", "太严\n理由：做不到", "改为 5 %")]


def test_formatting_formulae_and_pictures_survive_in_and_out() -> None:
    first = read_sheet(samples.chinese([ROW], samples.decorate), "表.docx")
    cells = first.entries[0].cells
    assert first.entries[0].text == "定义不清m2x^2+1［图］" and cells.text and cells.proposed
    assert [picture.data for picture in cells.text.pictures.values()] == [samples.png()]
    again = read_sheet(write_docx("zh-table", first.head, first.entries, Statistics(3, 2, 1)), "again.docx")
    assert bare(again) == bare(first) and again.head.title == first.head.title
    xml = etree.fromstring(cells.text.xml.encode())
    kinds = {str(e.tag).rpartition("}")[2] for e in xml.iter()}
    assert {"oMath", "sSup", "vertAlign", "b", "drawing", "blip"} <= kinds


@pytest.mark.parametrize("form", list(FORMS))
def test_what_is_written_reads_back_equal_in_every_form(form: str) -> None:
    entries = [
        Entry(row=0, clause="3.10", author="示例大学", text="第一行\n\n第三行\t完", proposed="=SUM(A1)", type="te", element="表 1", line="12",
              disposition="partly", reason="（只改首句）", remark="同上"),
        Entry(row=0, clause="", author="示例公司", text="总体同意", disposition="noted"),
        Entry(row=0, clause="附录A", author="CN", text="+1 或 @x", disposition=None, reason="待会议讨论"),
    ]  # fmt: skip
    spec = FORMS[form]
    kept = [
        structs.replace(
            entry, **{name: "" for name in ("author", "line", "element", "remark") if not spec.has(name)},
            **({} if spec.has("observation") else {"disposition": None, "reason": ""}), **({} if spec.has("type") else {"type": None}),
        )
        for entry in entries
    ]  # fmt: skip
    head = Head(title="示例 氢能 术语", document="CD", date="2026-11-03", lead="示例研究院")
    assert bare(read_sheet(write_docx(form, head, entries), "x.docx")) == kept
    workbook = write_xlsx(form, head, entries)
    assert bare(read_sheet(workbook, "x.xlsx")) == kept
    assert b"<f>" not in b"".join(guarding.parts_of(workbook).values())


def test_looks_of_words_survive_a_workbook() -> None:
    entry = read_sheet(samples.chinese([ROW], _bold), "表.docx").entries[0]
    again = read_sheet(write_xlsx("zh-table", Head(), [entry]), "x.xlsx").entries[0]
    assert entry.cells.text and again.cells.text and entry.cells.text.xml == again.cells.text.xml


def _bold(document: Any, table: Any) -> None:
    paragraph = table.rows[1].cells[2].paragraphs[0]
    paragraph.add_run("很").bold = True
    paragraph.add_run("重要")


def test_numbers_of_lists_and_looks_of_styles_become_part_of_the_cell() -> None:
    def style(document: Any, table: Any) -> None:
        cell = table.rows[1].cells[2]
        cell.add_paragraph("列项", style="List Bullet")
        cell.add_paragraph().add_run("强", style="Strong")

    entry = read_sheet(samples.chinese([ROW], style), "表.docx").entries[0]
    assert entry.text == "定义不清\n列项\n强"
    assert entry.cells.text is not None and "<w:b>" in entry.cells.text.xml and "Strong" not in entry.cells.text.xml


def test_a_cell_merged_downwards_names_the_organisation_for_all_its_rows() -> None:
    def merge(document: Any, table: Any) -> None:
        table.cell(1, 4).merge(table.cell(2, 4))

    second = ("2", "4", "单位", "改", "", "", "")
    assert [e.author for e in read_sheet(samples.chinese([ROW, second], merge), "表.docx").entries] == ["示例大学", "示例大学"]


def test_wrong_cells_are_named_by_row_and_column_with_the_mend_in_both_languages() -> None:
    rows = [ROW, ("2", "4.1", "", "", "示例大学", "", "备注"), ("3", "x" * 301, "意见", "", "示例大学", "再议", "")]
    sheet = read_sheet(samples.chinese(rows), "表.docx")
    assert [entry.row for entry in sheet.entries] == [2]
    said = [(f.row, f.column.into("en") if f.column else None, f.fatal) for f in sheet.faults]
    assert said == [(3, "Comment", True), (4, "Clause", True), (4, "Decision", False)]
    assert all(fault.why.into("en") != fault.why.into("zh") for fault in sheet.faults)


def test_inserted_words_count_and_deleted_ones_do_not() -> None:
    def change(name: str, data: bytes) -> bytes:
        deleted = "<w:r><w:t>定义</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>含糊</w:t></w:r></w:ins>"
        return data.replace("<w:r><w:t>定义不清</w:t></w:r>".encode(), deleted.encode())

    content = samples.rezipped(samples.chinese([ROW]), change)
    assert read_sheet(content, "表.docx").entries[0].text == "定义含糊"


def test_what_runs_or_links_out_does_not_get_into_our_document() -> None:
    evil = (
        '<w:r><w:t>文</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>'
        '<w:hyperlink r:id="rId99"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:altChunk r:id="rId98"/><w:object/>'
    )
    relation = '<Relationship Id="rId99" Type="http://x/hyperlink" Target="https://example.org/" TargetMode="External"/></Relationships>'

    def change(name: str, data: bytes) -> bytes:
        data = data.replace("<w:r><w:t>定义不清</w:t></w:r>".encode(), f"<w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r>{evil}".encode())
        return data.replace(b"</Relationships>", relation.encode()) if name.endswith("document.xml.rels") else data

    entry = read_sheet(samples.rezipped(samples.chinese([ROW]), change), "表.docx").entries[0]
    assert entry.text == "粗文链接"
    written = b"".join(guarding.parts_of(write_docx("zh-table", Head(), [entry])).values())
    assert b"DDEAUTO" not in written and b"example.org" not in written and b"altChunk" not in written


def test_a_file_that_declares_entities_is_refused(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")

    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        return data.replace(b"<w:document", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><w:document'.encode(), 1)

    with pytest.raises(BadInput, match="XML"):
        read_sheet(samples.rezipped(samples.chinese([ROW]), change), "表.docx")


def test_bombs_are_refused_before_they_unpack() -> None:
    with pytest.raises(TooLarge):
        read_sheet(samples.rezipped(samples.chinese([ROW]), lambda _, data: data, {"word/media/a.png": bytes(60 * 1024**2)}), "表.docx")
    many = {f"word/media/{n}.png": b"x" for n in range(guarding.LIMITS.entries)}
    with pytest.raises(BadInput, match="部件过多"):
        read_sheet(samples.rezipped(samples.chinese([ROW]), lambda _, data: data, many), "表.docx")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word/..\\x", "c:/x"])
def test_parts_with_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadInput):
        read_sheet(samples.rezipped(samples.chinese([ROW]), lambda _, data: data, {name: b"x"}), "表.docx")


@pytest.mark.parametrize(
    "content, name, said",
    [
        (b"", "a.docx", "空的"),
        (b"hello", "a.docx", "不是完好的"),
        (archives.OLE + b"x", "a.docx", "旧版"),
        (b"x", "a.pdf", "只接受"),
        (samples.saved(samples.Document()), "a.docx", "没有找到意见表"),
    ],
)
def test_a_file_that_is_no_sheet_says_what_to_do(content: bytes, name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_sheet(content, name)


def test_macros_and_passwords_are_refused() -> None:
    with pytest.raises(BadInput, match="宏"):
        read_sheet(samples.rezipped(samples.chinese([ROW]), lambda _, data: data, {"word/vbaProject.bin": b"x"}), "表.docx")


def test_more_rows_than_a_sheet_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    with pytest.raises(TooLarge):
        read_sheet(samples.chinese([ROW, ROW]), "表.docx")


def test_markup_that_would_fill_the_memory_as_a_tree_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = samples.chinese([ROW])
    monkeypatch.setattr(guarding, "MOST_PART", 1000)
    with pytest.raises(TooLarge, match="展开后超过"):
        read_sheet(content, "表.docx")


def test_a_workbook_cell_far_away_is_refused_and_pictures_are_told_of() -> None:
    def book(far: bool) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as made:
            sheet = made.add_worksheet()
            for at, head in enumerate(samples.CHINESE):
                sheet.write_string(0, at, head)
                sheet.write_string(1, at, ROW[at])
            if far:
                sheet.write_string(1, 16_000, "x")
            sheet.insert_image(5, 0, "a.png", {"image_data": io.BytesIO(samples.png())})
        return out.getvalue()

    with pytest.raises(TooLarge):
        read_sheet(book(True), "x.xlsx")
    sheet = read_sheet(book(False), "x.xlsx")
    assert [entry.text for entry in sheet.entries] == ["定义不清"] and not sheet.faults[0].fatal


def test_odd_markup_is_read_for_what_it_says_or_left_out() -> None:
    def level(name: str, data: bytes) -> bytes:
        listed = '<w:p><w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>列</w:t></w:r></w:p><w:p><w:r><w:t>定义不清'
        return data.replace("<w:p><w:r><w:t>定义不清".encode(), listed.encode())

    assert read_sheet(samples.rezipped(samples.chinese([ROW]), level), "表.docx").entries[0].text == "列\n定义不清"

    def control(name: str, data: bytes) -> bytes:
        rich = "<si><r><rPr><b/></rPr><t>定_x0001__xD800_义</t></r><r><t>不清</t></r></si>"
        return data.replace("<si><t>定义不清</t></si>".encode(), rich.encode())

    book = write_xlsx("zh-table", Head(), read_sheet(samples.chinese([ROW]), "表.docx").entries)
    entry = read_sheet(samples.rezipped(book, control), "x.xlsx").entries[0]
    assert entry.text == "定义不清" and entry.cells.text is not None


@pytest.mark.parametrize("code", ["D900", "FFFF", "0B", "0000", "F0A3", "x"])
def test_a_symbol_that_is_no_letter_is_a_box_so_that_the_sheet_can_be_kept_and_written_again(code: str) -> None:
    def symbol(name: str, data: bytes) -> bytes:
        return data.replace("<w:t>定义不清".encode(), f'<w:sym w:font="Wingdings" w:char="{code}"/><w:t>定义不清'.encode())

    entry = read_sheet(samples.rezipped(samples.chinese([ROW]), symbol), "表.docx").entries[0]
    assert entry.text == "□定义不清"
    assert read_sheet(write_docx("zh-table", Head(), [entry]), "表.docx").entries[0].text == entry.text


def hostile(into: str) -> bytes:
    """A table with many signs that a search begins at and does not end with: above it, in a head, in a comment or in a decision."""
    signs = {"above": "《", "head": "(", "text": "(", "decision": " "}[into] * 60_000
    heads = (signs, *samples.CHINESE[1:]) if into == "head" else samples.CHINESE
    row = (*ROW[:2], signs if into == "text" else ROW[2], *ROW[3:5], f"采纳{signs}x" if into == "decision" else ROW[5], ROW[6])
    return samples.chinese(
        [row], (lambda document, _: document.paragraphs[0].insert_paragraph_before(signs)) if into == "above" else None, heads
    )


@pytest.mark.parametrize("into, taken", [("above", 1), ("head", 1), ("text", 0), ("decision", 0)])
def test_a_small_file_made_to_be_searched_for_hours_is_read_at_once(into: str, taken: int) -> None:
    content = hostile(into)
    began = time.process_time()
    sheet = read_sheet(content, "表.docx")
    assert time.process_time() - began < 2 and len(sheet.entries) == taken and len(sheet.faults) == 1 - taken


def test_the_written_document_is_a_whole_package() -> None:
    entry = read_sheet(samples.chinese([ROW], samples.decorate), "表.docx").entries[0]
    content = write_docx("iso-2012", Head(title="示例"), [entry, structs.replace(entry, cells=Cells())])
    with zipfile.ZipFile(io.BytesIO(content)) as archive_:
        assert archive_.testzip() is None
        pictures = [name for name in archive_.namelist() if name.startswith("word/media/")]
        assert len(pictures) == 1 and archive_.read(pictures[0]) == samples.png()
        assert "image/png" in archive_.read("[Content_Types].xml").decode()


def test_a_head_that_was_written_over_its_spaces_still_ends_where_the_next_label_begins() -> None:
    document = Document()
    document.add_paragraph("《示例 氢能 术语》征求意见稿意见反馈表")
    document.add_paragraph("单位：示例检测所联系人：示例甲 电话：000-0000邮箱：a@example.org")
    samples.table(document, ("序号", "标准章条编号", "意见内容", "修改建议", "理由"), [("1", "3.1", "示例意见", "示例建议", "示例")])
    head = read_sheet(samples.saved(document), "示例.docx").head
    assert (head.author, head.handler, head.phone, head.email) == ("示例检测所", "示例甲", "000-0000", "a@example.org")


def test_the_figures_below_a_table_are_never_torn_from_one_another() -> None:
    content = write_docx("zh-table", Head(title="示例"), [Entry(row=1, text="不清", author="示例大学")], Statistics(12, 5, 5))
    found = [p for p in Document(io.BytesIO(content)).paragraphs if any(sign in p.text for sign in "①②③④")]
    assert [p.paragraph_format.keep_with_next for p in found] == [True, True, True, None]
