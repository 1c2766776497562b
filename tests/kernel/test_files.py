"""The store of files by their hash."""

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from standards_hub.kernel import files, uploads
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import NotFound, Refused, TooLarge
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub


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


def kept(hub: Hub) -> set[str]:
    return {path.name for path in hub.files.folder.rglob("*") if path.is_file()}


async def test_a_file_of_what_is_refused_is_not_kept(hub: Hub) -> None:
    with pytest.raises(Refused):
        async with hub.work(SYSTEM) as work:
            await uploads.keep(work, b"a paper")
            raise Refused(say("不能办理"))
    assert kept(hub) == set()


async def test_a_file_is_read_in_the_work_that_brings_it_and_kept_with_it(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        digest = await uploads.keep(work, b"a paper")
        assert (work.files.get(digest), kept(hub)) == (b"a paper", set())
        await work.commit()
        assert work.files.get(digest) == hub.files.get(digest) == b"a paper"
    assert kept(hub) == {digest}


async def test_a_work_whose_files_the_disk_does_not_take_is_not_done(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        async with hub.work(SYSTEM) as work:
            await uploads.keep(work, b"a paper")
            await work.enqueue("nothing", {})
            await work.commit()
    async with hub.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(sa.table("job")))).scalar() == 0
    assert kept(hub) == set()
