"""The guard before a workbook is parsed: what is inside is unpacked within limits, looked at, and packed anew.

The parser then only sees bytes that were counted here, so no size that an archive claims has to be believed.
"""

import io
import re
import zipfile

from standards_hub.kernel.archives import Limits, bad_file, parts_of, refuse_declarations
from standards_hub.kernel.errors import TooLarge
from standards_hub.kernel.messages import say

LIMITS = Limits(entries=500, unpacked=150 * 1024 * 1024)
MOST_ROWS = 50_000
MOST_COLUMNS = 120
"""The parser fills a grid up to the last used cell, so that one cell far away would take all memory."""
WANTED = re.compile(r"(\[Content_Types\]\.xml|_rels/\.rels|docProps/app\.xml|xl/[\w./-]+\.(xml|rels))", re.IGNORECASE)
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
TAG = re.compile(rb'<(?:\w+:)?(c|row)((?:\s+[\w:.]+="[^"<>]*")*)\s*/?>')
NUMBERED = re.compile(rb'\sr="([^"]*)"')
PLACE = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")


def repacked(content: bytes) -> bytes:
    """The workbook's sheets and texts, safe to parse. Raises `BadInput` or `TooLarge` with the mend."""
    parts = parts_of(content, LIMITS, _wanted)
    if "xl/workbook.xml" not in parts:
        raise bad_file(say("这个压缩文件不是 XLSX 工作簿"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
        for name in list(parts):
            data = parts.pop(name)
            _look(name, data)
            clean.writestr(name, data)
    return out.getvalue()


def _wanted(name: str) -> bool:
    return bool(WANTED.fullmatch(name)) and "/externalLinks/" not in name


def _look(name: str, data: bytes) -> None:
    """Refuse markup that declares entities or hides its letters, and cells too far out."""
    refuse_declarations(name, data)
    if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name, re.IGNORECASE):
        return
    cells = 0
    for kind, attributes in TAG.findall(data):
        cells += kind == b"c"
        places = NUMBERED.findall(attributes)
        found = PLACE.fullmatch(places[0]) if len(places) == 1 else None
        if not places and kind == b"row":
            continue
        if found is None or bool(found[1]) != (kind == b"c"):
            raise bad_file(say("工作簿的 {part} 中有无法识别的单元格位置，请另存后再上传", part=name))
        if int(found[2]) > MOST_ROWS or _number(found[1]) > MOST_COLUMNS:
            raise TooLarge(say("单元格 {place} 过远：最多 {rows} 行、{columns} 列，请删去数据以外的行和列", place=places[0].decode(),
                               rows=MOST_ROWS, columns=MOST_COLUMNS))  # fmt: skip
    if cells != len(CELL.findall(data)):
        raise bad_file(say("工作簿的 {part} 中有无法识别的单元格位置，请另存后再上传", part=name))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
