"""The guard before a sheet is parsed: its parts are unpacked within limits and looked at, so that no size an archive claims is believed.

Nothing is written to a folder, so a part's name can lead nowhere; external links and macros never reach the parser.
"""

import io
import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from standards_hub.kernel.errors import BadInput, TooLarge
from standards_hub.kernel.messages import Message, say

MOST_BYTES = 20 * 1024 * 1024
MOST_ENTRIES = 1000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked to packed size of one part above a megabyte."""
PIECE = 1024**2
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\:\x00-\x1f]+")
DECLARES = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a DOCX or XLSX by name. Raises `BadInput` or `TooLarge` with the mend."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分或压缩图片后再上传", most=MOST_BYTES // 1024**2))
    if not content:
        raise _bad(say("文件是空的"))
    if content.startswith(OLE):
        raise _bad(say("这是旧版 .doc、.xls 或加了密码的文件，请去除密码并另存为 .docx 或 .xlsx"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _bad(say("不是完好的 DOCX 或 XLSX 文件，请用 Word、Excel 或 WPS 打开后另存")) from error


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or len({name.lower() for name in names}) != len(names):
        raise _bad(say("文件内的部件过多或重名，请把内容复制到新的文件"))
    if any(not NAME.fullmatch(name) for name in names):
        raise _bad(say("文件内有名称异常的部件，请把内容复制到新的文件"))
    if any("vbaproject" in name.lower() for name in names):
        raise _bad(say("文件带有宏，请另存为不带宏的 .docx 或 .xlsx"))
    if "EncryptedPackage" in names or any(entry.flag_bits & 1 for entry in entries):
        raise _bad(say("文件加了密码，请去除密码后再上传"))
    parts, room = {}, MOST_UNPACKED
    for entry in entries:
        parts[entry.filename] = data = _part(archive, entry, room)
        room -= len(data)
    return parts


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """One part, unpacked piece by piece: asked for all at once, the library would unpack more than the size it was told."""
    most = min(room, max(MOST_RATIO * entry.compress_size, PIECE))
    data = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            data += piece
            if len(data) > most:
                raise TooLarge(say("文件展开后超过 {most} MB，请删去与意见无关的内容", most=MOST_UNPACKED // 1024**2))
    return bytes(data)


def xml_of(parts: dict[str, bytes], name: str) -> Any:
    """A part as a tree without entities, nothing if there is no such part. Raises `BadInput` for markup that declares some."""
    data = parts.get(name)
    if data is None:
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200] or DECLARES.search(data):
        raise _bad(say("文件的 {part} 含有不接受的 XML 声明，请用 Word、Excel 或 WPS 另存后再上传", part=name))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _bad(say("文件的 {part} 已损坏，请用 Word、Excel 或 WPS 打开后另存", part=name)) from error


def _bad(message: Message) -> BadInput:
    return BadInput(message, code="bad-sheet")
