"""The ISO harmonized stage codes, the spine of every track, and how other bodies' codes map onto them.

Source: ISO's international harmonized stage codes (46 of them, not every cell of the matrix exists); IEC Supplement to
the ISO/IEC Directives for the letters; for ITU-T, which has no codes, a mapping of our own.
"""

import re

from msgspec import Struct

from standards_hub.kernel.messages import Message, say

PLANNED, PUBLISHED, WITHDRAWN = "20.00", "60.60", "95.99"
"""Into the work programme, out as a standard, and out of force."""


class Stage(Struct, frozen=True):
    """A harmonized code with its name, such as 30.20."""

    code: str
    name: Message

    @property
    def group(self) -> str:
        """The stage of the substage: `30` of 30.20."""
        return self.code[:2]


STAGE_NAMES: dict[str, Message] = {
    "00": say("预研阶段"),
    "10": say("立项阶段"),
    "20": say("起草阶段"),
    "30": say("征求意见阶段"),
    "40": say("审查阶段"),
    "50": say("批准阶段"),
    "60": say("出版阶段"),
    "90": say("复审阶段"),
    "95": say("废止阶段"),
}

STAGES: dict[str, Stage] = {
    code: Stage(code, name)
    for code, name in {
        "00.00": say("收到新项目提案"),
        "00.20": say("新项目提案审议中"),
        "00.60": say("提案审议结束"),
        "00.98": say("提案放弃"),
        "00.99": say("同意提交立项表决"),
        "10.00": say("新项目登记"),
        "10.20": say("立项表决开始"),
        "10.60": say("立项表决结束"),
        "10.92": say("退回提出者补充"),
        "10.98": say("立项未通过"),
        "10.99": say("立项通过"),
        "20.00": say("列入工作计划"),
        "20.20": say("工作草案研究开始"),
        "20.60": say("工作草案意见征集结束"),
        "20.98": say("起草阶段撤项"),
        "20.99": say("同意登记为征求意见稿"),
        "30.00": say("征求意见稿登记"),
        "30.20": say("征求意见开始"),
        "30.60": say("征求意见结束"),
        "30.92": say("退回，重新起草或征求意见"),
        "30.98": say("征求意见阶段撤项"),
        "30.99": say("同意登记为审查稿"),
        "40.00": say("审查稿登记"),
        "40.20": say("审查表决开始"),
        "40.60": say("审查表决结束"),
        "40.92": say("审查后退回前一阶段"),
        "40.93": say("审查后再次表决"),
        "40.98": say("审查阶段撤项"),
        "40.99": say("审查通过，同意登记为报批稿"),
        "50.00": say("报批稿登记"),
        "50.20": say("批准程序开始"),
        "50.60": say("批准程序结束"),
        "50.92": say("批准阶段退回"),
        "50.98": say("批准阶段撤项"),
        "50.99": say("批准出版"),
        "60.00": say("出版中"),
        "60.60": say("已出版"),
        "90.20": say("复审开始"),
        "90.60": say("复审结束"),
        "90.92": say("复审结论：修订"),
        "90.93": say("复审结论：继续有效"),
        "90.99": say("复审结论：提议废止"),
        "95.20": say("废止表决开始"),
        "95.60": say("废止表决结束"),
        "95.92": say("决定不废止"),
        "95.99": say("已废止"),
    }.items()
}

IEC_CODES = {
    "30.97": "30.98", "35.00": "30.00", "35.20": "30.20", "35.60": "30.60", "35.91": "30.60", "35.92": "30.92",
    "35.98": "30.98", "35.99": "30.99", "40.91": "40.60", "40.95": "40.99", "92.20": "90.92", "99.60": "95.99",
}  # fmt: skip
"""IEC's own numeric codes. A project merged or split (30.97) ends as such, hence 30.98; its successor is a relation."""

IEC_LETTERS = {
    "PWI": "00.00", "PNW": "10.00", "ANW": "20.00", "CAN": "20.98", "ACD": "20.99", "CD": "30.20", "BWG": "30.92",
    "A2CD": "30.99", "CDM": "30.60", "ACDV": "30.99", "MERGED": "30.98", "CCDV": "40.20", "CDVM": "40.60", "NCDV": "40.92",
    "NADIS": "40.93", "ADIS": "40.99", "ADTR": "40.99", "ADTS": "40.99", "RFDIS": "50.00", "RDISH": "50.00", "CFDIS": "50.20",
    "CDTR": "50.20", "CDTS": "50.20", "CDPAS": "50.20", "CDISH": "50.20", "NFDIS": "50.92", "DTRM": "50.92", "DTSM": "50.92",
    "NDTR": "50.92", "NDTS": "50.92", "APUB": "50.99", "BPUB": "60.00", "PPUB": "60.60", "RR": "90.92", "AMW": "90.92",
    "WPUB": "95.99", "DELPUB": "95.99",
}  # fmt: skip

ITU_STATUSES = {
    "DRAFT": "20.20", "CONSENTED": "40.00", "DETERMINED": "40.00", "LC": "40.20", "LJ": "40.60", "AR": "50.20", "AJ": "50.60",
    "A": "50.99", "AT": "50.99", "PREPUBLISHED": "60.00", "IN-FORCE-PREPUBLISHED": "60.00", "IN-FORCE": "60.60",
    "SUPERSEDED": "95.99", "WITHDRAWN": "95.99",
}  # fmt: skip
"""ITU-T numbers nothing; the mapping is our own (AAP status letters, and the words of its catalogue)."""


def is_valid(code: str) -> bool:
    """Whether it is one of the 46 codes; 20.92 and 30.93, for instance, do not exist."""
    return code in STAGES


def name_of(code: str) -> Message:
    """The name of a code or of a whole stage (`30`). Raises `KeyError` for neither."""
    return STAGE_NAMES[code] if code in STAGE_NAMES else STAGES[code].name


def iso_code(text: str | int) -> str | None:
    """The harmonized code for a code, IEC letters, an ITU status or ISO's integer; None if it is none of these.

    ISO's open data drops leading zeros and the dot: 6060 is 60.60, 20 is 00.20, 0 is 00.00.
    """
    if isinstance(text, int):
        return _from_integer(text)
    plain = text.strip().upper()
    if re.fullmatch(r"\d{1,4}", plain):
        return _from_integer(int(plain))
    if is_valid(plain):
        return plain
    if re.fullmatch(r"[2-9]CD", plain):
        return "30.20"
    if re.fullmatch(r"A[3-9]CD", plain):
        return "30.92"
    return IEC_CODES.get(plain) or IEC_LETTERS.get(plain) or ITU_STATUSES.get(plain.replace(" ", "-"))


def _from_integer(number: int) -> str | None:
    code = f"{number // 100:02d}.{number % 100:02d}"
    return code if is_valid(code) else IEC_CODES.get(code)
