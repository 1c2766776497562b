"""The forms of comment sheets as data: their columns in order, widths in twentieths of a point, and how their heads are recognised."""

import re
import unicodedata
from typing import Literal

from msgspec import Struct

from standards_hub.committees.comments.sheets.model import Column
from standards_hub.kernel.messages import Message, Name, say


class FormColumn(Struct, frozen=True):
    key: Column
    width: int
    head: str


class Form(Struct, frozen=True):
    key: str
    name: Message | Name
    title: str
    language: Literal["zh", "en"]
    columns: tuple[FormColumn, ...]
    heads_in_header: bool
    """Whether title block and column heads stand in the page header, as in the ISO template."""

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)


def _columns(*columns: tuple[Column, int, str]) -> tuple[FormColumn, ...]:
    return tuple(FormColumn(*column) for column in columns)


FORMS: dict[str, Form] = {
    form.key: form
    for form in (
        Form(
            "iso-2012", Name("ISO 意见模板 2012-03", "ISO commenting template 2012-03"), "Template for comments and secretariat observations", "en",
            _columns(
                ("author", 606, "MB/NC1"), ("line", 908, "Line number (e.g. 17)"), ("clause", 1209, "Clause/ Subclause (e.g. 3.1)"),
                ("element", 1209, "Paragraph/ Figure/ Table/ (e.g. Table 1)"), ("type", 1115, "Type of comment2"), ("text", 4177, "Comments"),
                ("proposed", 4233, "Proposed change"), ("observation", 2419, "Observations of the secretariat"),
            ), True,
        ),
        Form(
            "iso-13b", Name("ISO FORM 13B（2001-09）", "ISO FORM 13B (2001-09)"), "Template for comments and secretariat observations", "en",
            _columns(
                ("author", 606, "MB1"), ("clause", 1400, "Clause No./ Subclause No./ Annex (e.g. 3.1)"),
                ("element", 1500, "Paragraph/ List item/ Note/ (e.g. Table 1)"), ("type", 1115, "Type of comment2"),
                ("text", 4177, "Comment (justification for change) by the MB"), ("proposed", 4233, "Proposed change by the MB"),
                ("observation", 2845, "Secretariat observations on each comment submitted"),
            ), True,
        ),
        Form(
            "zh-table", say("征求意见汇总处理表"), "征求意见汇总处理表", "zh",
            _columns(
                ("serial", 700, "序号"), ("clause", 1500, "标准章条编号"), ("text", 4600, "意见内容"), ("proposed", 3400, "修改建议"),
                ("author", 1900, "提出单位"), ("observation", 2200, "处理意见"), ("remark", 1200, "备注"),
            ), False,
        ),
        Form(
            "zh-feedback", say("意见反馈表"), "征求意见稿意见反馈表", "zh",
            _columns(
                ("serial", 700, "序号"), ("clause", 2000, "标准章条编号"), ("text", 5600, "意见内容"), ("proposed", 4400, "修改建议"),
                ("justification", 2800, "理由"),
            ), False,
        ),
    )
}  # fmt: skip

COLUMN_NAMES: dict[str, Message] = {
    "serial": say("序号"),
    "author": say("提出单位"),
    "line": say("行号"),
    "clause": say("章条编号"),
    "element": say("段、图、表"),
    "type": say("意见类型"),
    "text": say("意见内容"),
    "proposed": say("修改建议"),
    "justification": say("理由"),
    "observation": say("处理意见"),
    "remark": say("备注"),
}

PATTERNS: tuple[tuple[Column, str], ...] = (
    ("serial", r"序号|no|编号|项次"),
    ("author", r"mb(nc)?|nb|mborganization|提出(意见的?)?单位(人|个人|或个人)?|意见提出(单位|者|人)|反馈单位|单位(名称)?|提出(人|者)"),
    ("line", r"line(number|no)?|行号"),
    ("clause", r"clause.*|(标准)?章条(编?号)?|章节号?|条款号?|标准条款号?|(标准)?章条(号|编号)?.*名称"),
    ("element", r"paragraph.*|段图表.*|段落.*|图表.*"),
    ("type", r"type(ofcomments?)?(getteed)?|意见(类型|类别|性质)"),
    ("proposed", r"proposedchange.*|(建议)?修改(建议|意见|后内容|为)|建议(修改为|内容|稿)?"),
    ("observation", r"(observationsofthe)?secretariat.*|observations.*|处理(意见|结果|结论|情况).*|采纳(情况|与否)"),
    ("justification", r"(修改)?理由(和依据|及依据|或依据)?|依据"),
    ("text", r"comments?(justification.*)?|(具体|主要|反馈)?意见(内容|或建议|和建议|与建议|建议)?|原文|存在问题"),
    ("remark", r"备注|说明"),
)
HEADS = tuple((key, re.compile(pattern)) for key, pattern in PATTERNS)
NOISE = re.compile(r"[\s\W_]+|\d+")
LONGEST_HEAD = 200
"""Characters; what is longer is no head, and is not searched for one."""


def column_of(head: str) -> Column | None:
    """The column that a head names; what stands in brackets, digits and stops are left aside."""
    if len(head) > LONGEST_HEAD:
        return None
    text = unicodedata.normalize("NFKC", head).lower()
    whole = NOISE.sub("", text)
    bare = NOISE.sub("", re.sub(r"\(.*?\)", "", text))
    return next((key for said in (bare, whole) for key, pattern in HEADS if said and pattern.fullmatch(said)), None)
