"""The guard before a workbook is parsed: what is inside is unpacked within limits, looked at, and packed anew.

The parser then only sees bytes that were counted here, so no size that an archive claims has to be believed.
"""

import io
import re
import zipfile
import zlib

from standards_hub.kernel.errors import BadInput, TooLarge
from standards_hub.kernel.messages import Message, say

MOST_ENTRIES = 500
MOST_UNPACKED = 150 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked to packed size of one entry above a megabyte; sheets of much repetition reach about 60."""
PIECE = 1024**2
MOST_ROWS = 50_000
MOST_COLUMNS = 120
"""The parser fills a grid up to the last used cell, so that one cell far away would take all memory."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WANTED = re.compile(r"(\[Content_Types\]\.xml|_rels/\.rels|docProps/app\.xml|xl/[\w./-]+\.(xml|rels))", re.IGNORECASE)
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
TAG = re.compile(rb'<(?:\w+:)?(c|row)((?:\s+[\w:.]+="[^"<>]*")*)\s*/?>')
NUMBERED = re.compile(rb'\sr="([^"]*)"')
PLACE = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")


def repacked(content: bytes) -> bytes:
    """The workbook's sheets and texts, safe to parse. Raises `BadInput` or `TooLarge` with the mend."""
    if content.startswith(OLE):
        raise _bad(say("这是旧版 .xls 或加了密码的工作簿，请去除密码并另存为 .xlsx"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _packed(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _bad(say("不是完好的 XLSX 文件，请用 Excel 或 WPS 打开后另存为 .xlsx")) from error


def _packed(archive: zipfile.ZipFile) -> bytes:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or len(set(names)) != len(names):
        raise _bad(say("工作簿内的部件过多或重名，请把数据复制到新的模板"))
    if any("vbaproject" in name.lower() for name in names):
        raise _bad(say("工作簿带有宏，请另存为不带宏的 .xlsx"))
    if "EncryptedPackage" in names or any(entry.flag_bits & 1 for entry in entries):
        raise _bad(say("工作簿加了密码，请去除密码后再上传"))
    if "xl/workbook.xml" not in names:
        raise _bad(say("这个压缩文件不是 XLSX 工作簿"))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_large()
    out, room = io.BytesIO(), MOST_UNPACKED
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
        for entry in entries:
            if not WANTED.fullmatch(entry.filename) or "/externalLinks/" in entry.filename:
                continue
            data = _unpacked(archive, entry, room)
            room -= len(data)
            _look(entry.filename, data)
            clean.writestr(entry.filename, data)
    return out.getvalue()


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """One part, unpacked piece by piece: asked for all at once, the library would unpack more than the size it was told."""
    most = min(room, max(MOST_RATIO * entry.compress_size, PIECE))
    data = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            data += piece
            if len(data) > most:
                raise _too_large()
    return bytes(data)


def _too_large() -> TooLarge:
    return TooLarge(say("工作簿展开后超过 {most} MB，请删去与数据无关的内容", most=MOST_UNPACKED // 1024**2))


def _look(name: str, data: bytes) -> None:
    """Refuse markup that declares entities or hides its letters, and cells too far out."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200] or re.search(rb"<!DOCTYPE|<!ENTITY", data, re.IGNORECASE):
        raise _bad(say("工作簿的 {part} 含有不接受的 XML 声明，请用 Excel 或 WPS 另存后再上传", part=name))
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
            raise _bad(say("工作簿的 {part} 中有无法识别的单元格位置，请另存后再上传", part=name))
        if int(found[2]) > MOST_ROWS or _number(found[1]) > MOST_COLUMNS:
            raise TooLarge(say("单元格 {place} 过远：最多 {rows} 行、{columns} 列，请删去数据以外的行和列", place=places[0].decode(),
                               rows=MOST_ROWS, columns=MOST_COLUMNS))  # fmt: skip
    if cells != len(CELL.findall(data)):
        raise _bad(say("工作簿的 {part} 中有无法识别的单元格位置，请另存后再上传", part=name))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bad(message: Message) -> BadInput:
    return BadInput(message, code="bad-workbook")
