"""Where imports are kept between upload, acceptance and undoing, and whose they are."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct, structs

from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.errors import Conflict, NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake.models import IntakeRow
from standards_hub.lifecycle.intake.schemas import Counts, Failure, IntakeOut, Progress, RowOut, State
from standards_hub.lifecycle.intake.values import Options, Reach

INTAKE = table_of(IntakeRow)
PERMISSION = "portfolio.import"
AT_WORK = ("accepting", "undoing")
"""States in which a job is at work."""


class Intake(Struct, kw_only=True):
    """An import as its row tells it."""

    id: UUID
    sha256: str
    name: str
    state: State
    options: Options
    corrections: dict[int, dict[str, str]]
    counts: Counts
    report: list[RowOut] | None
    created_at: datetime
    created_by: str
    begun_at: datetime | None = None
    begun_by: str | None = None
    failure: Failure | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None

    def bodies(self) -> set[Body]:
        """None: besides who made it, only roles held in the whole hub count."""
        return set()

    def out(self, rows: list[RowOut] | None = None, notes: list[Message] | None = None) -> IntakeOut:
        values = {name: getattr(self, name) for name in IntakeOut.__struct_fields__ if name not in ("rows", "notes", "progress")}
        return IntakeOut(**values, rows=self.report or [] if rows is None else rows, notes=[Said.of(note) for note in notes or []])


async def add(work: Work, intake: Intake) -> None:
    await work.connection.execute(sa.insert(INTAKE).values(**_columns(intake)))


async def keep(work: Work, intake: Intake) -> None:
    """Write an import back as it now is."""
    await work.connection.execute(sa.update(INTAKE).where(INTAKE.c.id == intake.id).values(**_columns(intake)))


async def remove(work: Work, intake: Intake) -> None:
    await work.connection.execute(sa.delete(INTAKE).where(INTAKE.c.id == intake.id))


async def load(work: Work, intake_id: UUID, *, lock: bool = False) -> Intake:
    """One import, for who made it or who may import anything; with `lock`, nobody else may change it meanwhile."""
    work.actor.require(PERMISSION)
    query = sa.select(INTAKE).where(INTAKE.c.id == intake_id)
    row = (await work.connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(say("找不到导入 {id}", id=intake_id))
    intake = _read(row)
    if intake.created_by != work.actor.label:
        work.actor.require(PERMISSION, intake)
    return intake


async def load_open(work: Work, intake_id: UUID) -> Intake:
    """One import that is neither accepted nor undone, to be changed. Raises `Conflict` that says when it was."""
    intake = await load(work, intake_id, lock=True)
    if intake.accepted_at and intake.state in ("accepted", "undoing"):
        raise Conflict(say("已于 {at} 导入，不能再次办理", at=moment(intake.accepted_at)), code="accepted")
    if intake.state == "accepting":
        raise Conflict(say("正在导入，请等它完成"), code="accepting")
    if intake.undone_at:
        raise Conflict(say("已于 {at} 撤销，请重新上传文件", at=moment(intake.undone_at)), code="undone")
    return intake


async def recent(work: Work, limit: int) -> list[Intake]:
    """The actor's imports, the latest first; everybody's for who may import anything."""
    work.actor.require(PERMISSION)
    without = [sa.null().label("report") if column.name == "report" else column for column in INTAKE.c]
    query = sa.select(*without).order_by(INTAKE.c.created_at.desc(), INTAKE.c.id).limit(limit)
    if not work.actor.may(PERMISSION, Reach()):
        query = query.where(INTAKE.c.created_by == work.actor.label)
    return [_read(row) for row in await work.connection.execute(query)]


_counted: dict[UUID, tuple[int, int]] = {}
"""Rows written and to be written, of the imports that this process is taking in: they are all one transaction, so nobody else sees any."""


@contextlib.contextmanager
def counting(intake_id: UUID, rows: int) -> Iterator[Callable[[], None]]:
    """Count rows while they are written, for those who watch."""
    _counted[intake_id] = (0, rows)

    def count() -> None:
        _counted[intake_id] = (_counted[intake_id][0] + 1, rows)

    try:
        yield count
    finally:
        _counted.pop(intake_id, None)


def job_key(intake: Intake) -> str:
    """What the job of an acceptance is known by; each attempt of the user has its own."""
    assert intake.begun_at
    return f"portfolio:{intake.id}:{intake.begun_at.isoformat()}"


async def progress(work: Work, intake: Intake) -> Progress:
    """How far the job is that takes an import in."""
    job = await jobs.by_key(work.connection, job_key(intake))
    done, rows = _counted.get(intake.id, (0, intake.counts.rows))
    state: Literal["waiting", "running", "failed"] = "failed" if job is None or job.state == "failed" else "waiting"
    if intake.id in _counted or (job and job.state == "running"):
        state = "running"
    return Progress(state, done, rows, job.attempts if job else 0)


async def accepted_before(work: Work, sha256: str) -> list[Message]:
    """That the same file was taken in before, if it was and still stands."""
    query = sa.select(INTAKE.c.accepted_at).where(INTAKE.c.sha256 == sha256, INTAKE.c.state == "accepted").limit(1)
    at = (await work.connection.execute(query)).scalar()
    return [say("同一文件已于 {at} 导入", at=moment(at))] if at else []


def moment(at: datetime) -> str:
    """An instant as people here read it."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _read(row: sa.Row[Any]) -> Intake:
    values = dict(row._mapping)
    for name, kind in (
        ("options", Options),
        ("corrections", dict[int, dict[str, str]]),
        ("counts", Counts),
        ("report", list[RowOut]),
        ("failure", Failure),
    ):
        values[name] = msgspec.json.decode(values[name], type=kind) if values[name] is not None else None
    return Intake(**values)


def _columns(intake: Intake) -> dict[str, Any]:
    values = {name: getattr(intake, name) for name in structs.asdict(intake)}
    for name in ("options", "corrections", "counts", "report", "failure"):
        values[name] = msgspec.json.encode(values[name]).decode() if values[name] is not None else None
    return values
