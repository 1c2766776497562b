"""Lines of files from outside, read without trusting them: plain or gzip, in bounded memory, in two encodings."""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.messages import Message, say

LONGEST_LINE = 1024 * 1024
MOST_BYTES = 4 * 1024**3
"""Of a file, unpacked."""
MOST_EXPANSION = 200
"""Unpacked bytes for one packed; catalogues have 10 to 30, a bomb 1000."""
EXPANSION_COUNTS_FROM = 32 * 1024**2
MOST_CSV_BYTES = 64 * 1024**2
CHUNK = 1024 * 1024

Told = Callable[[int], None]
"""Is told how many bytes of the file as it lies on disk have been read."""


class Line(Struct, frozen=True):
    """A line with its number from 1; `content` is none if it is too long to be looked at."""

    number: int
    content: bytes | None


def sha256_of(path: Path) -> str:
    """The hash of a file, read in pieces. Raises `BadInput` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _unreadable(path: Path, why: str) -> BadInput:
    return BadInput(say("读不了文件 {file}：{why}", file=path.name, why=why), unmet=[Unmet("file", say("请检查文件是否完整"), path.name)])


def _too_large(path: Path, why: Message) -> TooLarge:
    return TooLarge(say("文件 {file} 过大：{why}", file=path.name, why=why))


def lines(path: Path, told: Told = lambda _: None) -> Iterator[Line]:
    """The lines that are not blank. Raises `BadInput` for a broken file and `TooLarge` for a bomb."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        number = total = 0
        try:
            while content := file.readline(LONGEST_LINE + 1):
                number += 1
                total += len(content)
                whole = content.endswith(b"\n") or len(content) <= LONGEST_LINE
                while not content.endswith(b"\n") and len(content) > LONGEST_LINE:
                    content = file.readline(LONGEST_LINE + 1)
                    total += len(content)
                    _check(path, total, raw.tell() if packed else None)
                if number % 500 == 0 or not whole:
                    _check(path, total, raw.tell() if packed else None)
                    told(raw.tell())
                if not whole:
                    yield Line(number, None)
                elif content.strip():
                    yield Line(number, content)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _unreadable(path, str(error)) from error
        told(raw.tell())


def _check(path: Path, total: int, packed: int | None) -> None:
    if total > MOST_BYTES:
        raise _too_large(path, say("展开后超过 {size} GB", size=MOST_BYTES // 1024**3))
    if packed is not None and total > max(EXPANSION_COUNTS_FROM, packed * MOST_EXPANSION):
        raise _too_large(path, say("压缩比超过 {ratio}", ratio=MOST_EXPANSION))


def rows(path: Path, told: Told = lambda _: None) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file in UTF-8 (with or without mark) or GB18030, by column; each with the number of its last line."""
    content = b"".join(_pieces(path))
    told(path.stat().st_size)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    else:
        raise BadInput(say("文件 {file} 第 {line} 行既非 UTF-8 也非 GB18030", file=path.name, line=line))
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", restval="", strict=True)
    try:
        for row in reader:
            values = {(name or "").strip().lower(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
            if any(values.values()):
                yield reader.line_num, values
    except csv.Error as error:
        raise _unreadable(path, f"{reader.line_num}: {error}") from error


def _pieces(path: Path) -> Iterator[bytes]:
    total = 0
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        try:
            while piece := file.read(CHUNK):
                total += len(piece)
                if total > MOST_CSV_BYTES:
                    raise _too_large(path, say("CSV 文件不超过 {size} MB，请拆开", size=MOST_CSV_BYTES // 1024**2))
                yield piece
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _unreadable(path, str(error)) from error
