"""Content-addressed files: what was stored is found again under the SHA-256 of its bytes, and is never changed."""

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
        if len(content) > self.most_bytes:
            raise TooLarge(say("文件超过 {most} MB，请压缩或拆分后再上传", most=self.most_bytes // 1024**2))
        digest = hashlib.sha256(content).hexdigest()
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
