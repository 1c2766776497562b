"""Importing a file: batch by batch, each committed with its place in the file, so that a killed import goes on from there."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import BadInput, Conflict
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.catalogue.events import CatalogueImported, Counts, Import
from standards_hub.lifecycle.catalogue.models import IcsRow, ImportRejectRow, ImportRunRow, IsoCommitteeRow, IsoMemberRow
from standards_hub.lifecycle.catalogue.readers import lines, national, registers, relaton
from standards_hub.lifecycle.catalogue.readers.lines import Told
from standards_hub.lifecycle.catalogue.sinks import Entries, Rows, Sink
from standards_hub.lifecycle.catalogue.values import Rejected

Format = Literal["relaton-jsonl", "csv", "iso-committees-jsonl", "ics-csv"]
FORMATS: tuple[str, ...] = get_args(Format)
BATCH = 2000
LONGEST_EXCERPT = 200
MOST_REJECTS = 100_000
"""Rejects that are listed; more are only counted."""

RUNS = table_of(ImportRunRow)
REJECTS = table_of(ImportRejectRow)
Raw = tuple[int, Any]
READERS: dict[str, Callable[[Any], Any]] = {
    "relaton-jsonl": relaton.read, "csv": national.read, "iso-committees-jsonl": registers.committee, "ics-csv": registers.ics,
}  # fmt: skip
NEEDED = {"csv": {"number"}, "ics-csv": {"code", "level", "parent", "title_en"}}


class Summary(Struct, kw_only=True):
    """What an import did; `read` = written + updated + unchanged + duplicates + rejected."""

    run: UUID
    format: str
    file: str
    sha256: str
    read: int
    written: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    resumed_at: int | None
    seconds: float


class Run(Struct):
    """The state of an import in this process."""

    id: UUID
    position: int
    counts: Counts
    resumed: bool = False


def _sink(format: str) -> Sink:
    if format == "iso-committees-jsonl":
        return Rows(IsoCommitteeRow, IsoMemberRow, "committee_id")
    return Rows(IcsRow) if format == "ics-csv" else Entries()


def _raw(path: Path, format: str, told: Told) -> Iterator[Raw]:
    if format.endswith("jsonl"):
        for line in lines.lines(path, told):
            yield line.number, line.content
        return
    for number, row in lines.rows(path, told):
        missing = NEEDED[format] - row.keys()
        if missing:
            raise BadInput(say("文件 {file} 缺少列 {columns}", file=path.name, columns=sorted(missing)))
        yield number, row


def _read(format: str, raw: Any) -> Any:
    if raw is None:
        raise Rejected(say("一行超过 {size} KB", size=lines.LONGEST_LINE // 1024))
    return READERS[format](raw)


async def import_file(hub: Hub, actor: Actor, path: Path, format: Format, *, told: Told = lambda _: None) -> Summary:
    """Import a file, from its beginning or from where a killed import of the same file stopped. Commits as it goes.

    Raises `Forbidden`, `BadInput` or `TooLarge` for a file that cannot be read to its end; what was committed stays.
    """
    actor.require("catalogue.import")
    started, sha256 = time.monotonic(), lines.sha256_of(path)
    run = await _begin(hub, actor, path.name, format, sha256)
    resumed_at = run.position if run.resumed else None
    sink, raw = _sink(format), _raw(path, format, told)
    while batch := list(islice(raw, BATCH)):
        done = [part for part in batch if part[0] <= run.position]
        if done:
            async with hub.reading(actor) as reading:
                await sink.remember(reading.connection, _good(format, done)[0])
        if todo := batch[len(done) :]:
            async with hub.work(actor) as work:
                await _take(work, run, sink, format, todo)
    async with hub.work(actor) as work:
        await _end(work, run, path.name, format, sha256)
    counts = msgspec.structs.asdict(run.counts)
    return Summary(run=run.id, format=format, file=path.name, sha256=sha256, resumed_at=resumed_at,
                   seconds=round(time.monotonic() - started, 2), **counts)  # fmt: skip


def _good(format: str, batch: list[Raw]) -> tuple[list[Any], list[tuple[int, Message, Any]]]:
    good: list[Any] = []
    bad: list[tuple[int, Message, Any]] = []
    for number, raw in batch:
        try:
            good.append(_read(format, raw))
        except Rejected as error:
            bad.append((number, error.message, raw))
    return good, bad


async def _begin(hub: Hub, actor: Actor, filename: str, format: str, sha256: str) -> Run:
    async with hub.work(actor) as work:
        same = sa.select(RUNS).where(RUNS.c.sha256 == sha256, RUNS.c.format == format, RUNS.c.state == "running")
        row = (await work.connection.execute(same.order_by(RUNS.c.started_at).limit(1))).mappings().first()
        if row:
            return Run(row["id"], row["position"], msgspec.json.decode(row["counts"], type=Counts), resumed=True)
        run = Run(uuid4(), 0, Counts())
        begun = {"id": run.id, "format": format, "filename": filename, "sha256": sha256, "state": "running", "position": 0}
        await work.connection.execute(
            sa.insert(RUNS).values(**begun, counts=msgspec.json.encode(run.counts).decode(), started_at=work.clock.now())
        )
        await work.commit()
        return run


async def _take(work: Work, run: Run, sink: Sink, format: str, batch: list[Raw]) -> None:
    await _hold(work, run)
    good, bad = _good(format, batch)
    counts = msgspec.structs.replace(run.counts)
    for outcome in await sink.take(work.connection, good):
        setattr(counts, outcome, getattr(counts, outcome) + 1)
    listed = bad[: max(0, MOST_REJECTS - counts.rejected)]
    if listed:
        await work.connection.execute(sa.insert(REJECTS), [_reject(run.id, *one) for one in listed])
    counts.rejected += len(bad)
    counts.read += len(batch)
    await _move(work, run, batch[-1][0], counts)
    await work.commit()
    run.position, run.counts = batch[-1][0], counts


async def _hold(work: Work, run: Run) -> None:
    """Keep others off the run until the commit. Raises `Conflict` if another process has taken it further meanwhile."""
    row = (await work.connection.execute(sa.select(RUNS.c.position, RUNS.c.state).where(RUNS.c.id == run.id).with_for_update())).one()
    if (row.position, row.state) != (run.position, "running"):
        raise Conflict(say("另一进程正在导入同一文件"), code="importing")


async def _move(work: Work, run: Run, position: int, counts: Counts, **values: Any) -> None:
    """Note how far the run has come."""
    here = sa.update(RUNS).where(RUNS.c.id == run.id)
    await work.connection.execute(here.values(position=position, counts=msgspec.json.encode(counts).decode(), **values))


def _reject(run: UUID, line: int, why: Message, raw: Any) -> dict[str, Any]:
    content = b"" if raw is None else raw if isinstance(raw, bytes) else msgspec.json.encode(raw)
    text = content[: LONGEST_EXCERPT * 4].decode("utf-8", "replace").replace("\x00", "�")[:LONGEST_EXCERPT].strip()
    return {"run_id": run, "line": line, "why_zh": _plain(why.into("zh")), "why_en": _plain(why.into("en")), "content": text}


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)


async def _end(work: Work, run: Run, filename: str, format: str, sha256: str) -> None:
    await _hold(work, run)
    await _move(work, run, run.position, run.counts, state="finished", finished_at=work.clock.now())
    counts = msgspec.structs.asdict(run.counts)
    await work.append(Import(id=run.id), CatalogueImported(format=format, filename=filename, sha256=sha256, counts=counts))
    if not work.sqlite and run.counts.written + run.counts.updated >= BATCH:
        await work.connection.execute(sa.text("ANALYZE catalogue_entry, catalogue_relation, search_text"))
    await work.commit()


async def rejects(hub: Hub, actor: Actor, run: UUID) -> list[tuple[int, str, str, str]]:
    """The lines of a run that were rejected: number, why in Chinese and English, and how the line begins."""
    async with hub.reading(actor) as reading:
        columns = (REJECTS.c.line, REJECTS.c.why_zh, REJECTS.c.why_en, REJECTS.c.content)
        rows = await reading.connection.execute(sa.select(*columns).where(REJECTS.c.run_id == run).order_by(REJECTS.c.line))
        return [(row.line, row.why_zh, row.why_en, row.content) for row in rows]
