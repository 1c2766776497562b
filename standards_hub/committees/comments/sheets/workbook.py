"""Entries as an XLSX. Every cell is a text, so that nothing in it is ever computed; looks of words survive, pictures stay in the DOCX."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from standards_hub.committees.comments.sheets.cells import element_of, line_of
from standards_hub.committees.comments.sheets.forms import FORMS, Form
from standards_hub.committees.comments.sheets.model import Entry, Head, Rich
from standards_hub.committees.comments.sheets.ooxml import w
from standards_hub.committees.comments.sheets.writing import words_of

LOOKS: dict[str, dict[str, Any]] = {"b": {"bold": True}, "i": {"italic": True}, "strike": {"font_strikeout": True}, "u": {"underline": 1}}
RAISED: dict[str, dict[str, Any]] = {"superscript": {"font_script": 1}, "subscript": {"font_script": 2}}
WIDEST = 60
TWIPS_PER_CHARACTER = 105


def write_xlsx(form_key: str, head: Head, entries: Iterable[Entry]) -> bytes:
    """The form as a workbook that `read_sheet` reads back."""
    form, out = FORMS[form_key], io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("意见" if form.language == "zh" else "Comments")
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#EEEEEE"})
        sheet.write_string(0, 0, _title(form, head), book.add_format({"bold": True, "font_size": 14}))
        for at, text in enumerate(_labels(form, head)):
            sheet.write_string(1, at * 2, text)
        for at, column in enumerate(form.columns):
            sheet.set_column(at, at, min(column.width / TWIPS_PER_CHARACTER, WIDEST))
            sheet.write_string(2, at, column.head, bold)
        for row, entry in enumerate(entries, 3):
            for at, column in enumerate(form.columns):
                rich = {"text": entry.cells.text, "proposed": entry.cells.proposed}.get(column.key)
                words = words_of(entry, column.key, row - 2, form)
                pieces = _pieces(book, rich) if rich else []
                if len(pieces) < 3 or sheet.write_rich_string(row, at, *pieces, cell) < 0:
                    sheet.write_string(row, at, words, cell)
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return out.getvalue()


def _title(form: Form, head: Head) -> str:
    return f"《{head.title}》{form.title}" if form.language == "zh" and head.title else form.title


def _labels(form: Form, head: Head) -> list[str]:
    if form.language == "en":
        return [f"Date: {head.date}", f"Document: {head.document}", f"Project: {head.title}"]
    return [f"标准项目名称：{head.title}", f"单位：{head.author}" if form.key == "zh-feedback" else f"负责起草单位：{head.lead}"]


def _pieces(book: Any, rich: Rich) -> list[Any]:
    """Runs and their looks as the writer wants them: a look before each text that has one."""
    made: list[Any] = []
    texts: list[tuple[dict[str, Any], str]] = []
    for at, paragraph in enumerate(element_of(rich).iter(w("p"))):
        if at:
            texts.append(({}, "\n"))
        for run in paragraph.iter(w("r")):
            looks: dict[str, Any] = {}
            for look in run.findall(f"{w('rPr')}/*"):
                name, value = str(look.tag).rpartition("}")[2], look.get(w("val")) or ""
                looks |= LOOKS.get(name, {}) if value not in ("0", "false", "none") else {}
                looks |= RAISED.get(value, {}) if name == "vertAlign" else {}
            if words := line_of(run):
                texts.append((looks, words))
        if any(str(e.tag).endswith("}oMath") for e in paragraph):
            return []  # a formula has no runs; its line of words says it
    joined: list[tuple[dict[str, Any], str]] = []
    for looks, words in texts:
        if joined and joined[-1][0] == looks:
            joined[-1] = (looks, joined[-1][1] + words)
        else:
            joined.append((looks, words))
    for looks, words in joined:
        made += [book.add_format(looks), words] if looks else [words]
    return made
