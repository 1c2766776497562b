"""Content-addressed files: what was stored is found again under the SHA-256 of its bytes, and is never changed."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path

from standards_hub.kernel.errors import NotFound, TooLarge
from standards_hub.kernel.messages import say

MOST_BYTES = 50 * 1024 * 1024
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
    ".ofd": "application/ofd",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
}
"""The kinds of files that are taken in as papers, by the end of their names."""


class FileStore:
    """A folder of files named by their hash, two characters of it as sub-folder."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256 in hex; a second copy costs nothing."""
        digest = self.named(content)
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                try:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                    os.replace(file.name, path)
                except OSError:
                    os.unlink(file.name)
                    raise
        return digest

    def named(self, content: bytes) -> str:
        """The SHA-256 of what may be kept. Raises `TooLarge`."""
        if len(content) > self.most_bytes:
            raise TooLarge(say("文件超过 {most} MB，请压缩或拆分后再上传", most=self.most_bytes // 1024**2))
        return hashlib.sha256(content).hexdigest()

    def get(self, digest: str) -> bytes:
        path = self.path(digest)
        if not path.exists():
            raise NotFound(say("找不到文件 {digest}", digest=digest))
        return path.read_bytes()

    def path(self, digest: str) -> Path:
        """Where a file is kept, for what reads it piece by piece; it never changes there."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise NotFound(say("找不到文件 {digest}", digest=digest[:80]))
        return self.folder / digest[:2] / digest


class FilesOfWork(FileStore):
    """The files of a unit of work: read as if they were in the store, and put there when it is committed.

    What is refused so leaves no file behind. A nightly job that removed files which no row names would have to know every place in
    rows, in the log and in other files that may name one, and what it missed would be evidence lost.
    """

    def __init__(self, store: FileStore) -> None:
        super().__init__(store.folder, most_bytes=store.most_bytes)
        self.held: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = self.named(content)
        self.held[digest] = content
        return digest

    def get(self, digest: str) -> bytes:
        return self.held[digest] if digest in self.held else super().get(digest)

    async def keep(self) -> None:
        """Put into the store what is held; the disk is waited for in a thread."""
        for content in self.held.values():
            await asyncio.to_thread(super().put, content)
        self.held.clear()
