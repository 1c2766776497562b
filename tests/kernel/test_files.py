"""The store of files by their hash."""

import hashlib
from pathlib import Path

import pytest

from standards_hub.kernel import files
from standards_hub.kernel.errors import NotFound, TooLarge
from standards_hub.kernel.files import FileStore


def test_content_is_found_again_under_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put("发布公告".encode())
    assert digest == hashlib.sha256("发布公告".encode()).hexdigest()
    assert store.get(digest) == "发布公告".encode()
    assert store.get(store.put(b"")) == b""


def test_a_second_copy_costs_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first = store.put(b"x")
    stamp = store.path(first).stat().st_mtime_ns
    assert store.put(b"x") == first
    assert [path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()] == [stamp]


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    store = FileStore(tmp_path, most_bytes=1024 * 1024)
    store.put(b"x" * 1024 * 1024)
    with pytest.raises(TooLarge, match="1 MB"):
        store.put(b"x" * (1024 * 1024 + 1))


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "/etc/passwd", "A" * 64, "0" * 63, "0" * 64, "0" * 62 + "/.", "é" * 64])
def test_what_is_no_hash_or_unknown_is_not_found(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFound):
        FileStore(tmp_path).get(digest)


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        FileStore(tmp_path).put(b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
