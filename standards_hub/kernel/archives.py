"""The guard before a DOCX or XLSX is parsed: its parts are unpacked within limits and looked at, so that no size an archive claims is believed.

Nothing is written to a folder, so a part's name can lead nowhere; macros and passwords are refused, and markup may declare no entities.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from lxml import etree
from msgspec import Struct

from standards_hub.kernel.errors import BadInput, TooLarge
from standards_hub.kernel.messages import Message, say

PIECE = 1024**2
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\:\x00-\x1f]+")
DECLARES = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


class Limits(Struct, frozen=True, kw_only=True):
    """What an archive may hold."""

    entries: int
    unpacked: int
    """Bytes of all parts together."""
    ratio: int = 200
    """Unpacked to packed size of one part above a megabyte; sheets of much repetition reach about 60."""


def parts_of(content: bytes, limits: Limits, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, bytes]:
    """The wanted parts of a DOCX or XLSX by name. Raises `BadInput` or `TooLarge` with the mend."""
    if not content:
        raise bad_file(say("文件是空的"))
    if content.startswith(OLE):
        raise bad_file(say("这是旧版 .doc、.xls 或加了密码的文件，请去除密码并另存为 .docx 或 .xlsx"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive, limits, wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise bad_file(say("不是完好的 DOCX 或 XLSX 文件，请用 Word、Excel 或 WPS 打开后另存")) from error


def _unpacked(archive: zipfile.ZipFile, limits: Limits, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = [entry.filename for entry in entries]
    if len(entries) > limits.entries or len({name.lower() for name in names}) != len(names):
        raise bad_file(say("文件内的部件过多或重名，请把内容复制到新的文件"))
    if any(not NAME.fullmatch(name) for name in names):
        raise bad_file(say("文件内有名称异常的部件，请把内容复制到新的文件"))
    if any("vbaproject" in name.lower() for name in names):
        raise bad_file(say("文件带有宏，请另存为不带宏的 .docx 或 .xlsx"))
    if "EncryptedPackage" in names or any(entry.flag_bits & 1 for entry in entries):
        raise bad_file(say("文件加了密码，请去除密码后再上传"))
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise _too_large(limits)
    parts, room = {}, limits.unpacked
    for entry in entries:
        if wanted(entry.filename):
            parts[entry.filename] = data = _part(archive, entry, limits, room)
            room -= len(data)
    return parts


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, room: int) -> bytes:
    """One part, unpacked piece by piece: asked for all at once, the library would unpack more than the size it was told."""
    most = min(room, max(limits.ratio * entry.compress_size, PIECE))
    data = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            data += piece
            if len(data) > most:
                raise _too_large(limits)
    return bytes(data)


def _too_large(limits: Limits) -> TooLarge:
    return TooLarge(say("文件展开后超过 {most} MB，或压缩得异常紧密，请删去无关的内容", most=limits.unpacked // 1024**2))


def refuse_declarations(name: str, data: bytes) -> None:
    """Raise `BadInput` for markup that declares entities or hides its letters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200] or DECLARES.search(data):
        raise bad_file(say("文件的 {part} 含有不接受的 XML 声明，请用 Word、Excel 或 WPS 另存后再上传", part=name))


def xml_of(parts: dict[str, bytes], name: str) -> Any:
    """A part as a tree without entities, nothing if there is no such part. Raises `BadInput` for markup that declares some."""
    data = parts.get(name)
    if data is None:
        return None
    refuse_declarations(name, data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise bad_file(say("文件的 {part} 已损坏，请用 Word、Excel 或 WPS 打开后另存", part=name)) from error


def bad_file(message: Message) -> BadInput:
    return BadInput(message, code="bad-file")
