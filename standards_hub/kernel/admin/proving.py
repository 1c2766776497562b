"""Proving the log as a job: it takes its time beside the server's work, tells how far it is, and its result is kept.

The proof reads one state of the database from beginning to end, on connections of its own; only its progress is written meanwhile.
"""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel import audit
from standards_hub.kernel.admin import log
from standards_hub.kernel.audit import Audit
from standards_hub.kernel.database import Database, Utc
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.http import Said
from standards_hub.kernel.jobs import job, queue
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

KEPT = 20
"""Proofs that are kept; older ones go when a new one is asked for."""
STEP = 2000
"""Links of the log after which the progress is written down."""


class ProofRow(SQLModel, table=True):
    """A proof that was asked for. No part of the record: it can be made again at any time."""

    __tablename__ = "log_proof"
    id: UUID = Field(primary_key=True)
    asked_by: str
    asked_at: datetime = Field(sa_type=Utc, index=True)
    of: int
    """Links the log had when it was asked for"""
    done: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    result: str | None = Field(default=None, sa_type=sa.Text)


TABLE = SQLModel.metadata.tables["log_proof"]


class AuditOut(Struct):
    """What the proof found: `broken` is the first link that does not hold, `differences` where tables and replay disagree."""

    sound: bool
    events: int
    head: str
    broken: dict[str, Any] | None
    differences: list[Said]

    @classmethod
    def of(cls, found: Audit) -> "AuditOut":
        broken = {"event": b.event, "stream": b.stream, "why": Said.of(b.why)} if (b := found.broken) else None
        return cls(found.sound, found.events, found.head, broken, [Said.of(d) for d in found.differences])


class Proof(Struct, frozen=True):
    """A proof under way, or ended with its result."""

    id: UUID
    asked_by: str
    asked_at: datetime
    of: int
    done: int
    ended_at: datetime | None
    result: AuditOut | None

    @property
    def per_cent(self) -> int:
        """How far it is. The comparison of the tables, which comes after the last link, is the last twentieth."""
        return 100 if self.ended_at else min(95, 95 * self.done // max(1, self.of))


async def ask(work: Work) -> UUID:
    """Ask for a proof; one that has not ended yet is not begun again. Tells its id."""
    work.actor.require("audit.read")
    if (running := await _running(work.connection)) is not None:
        return running
    old = sa.select(TABLE.c.id).order_by(TABLE.c.asked_at.desc()).offset(KEPT - 1)
    await work.connection.execute(sa.delete(TABLE).where(TABLE.c.id.in_(list((await work.connection.execute(old)).scalars()))))
    id, of = uuid4(), await log.length(work.connection)
    await work.connection.execute(sa.insert(TABLE).values(id=id, asked_by=work.actor.label, asked_at=work.clock.now(), of=of, done=0))
    await work.enqueue("log.prove", {"proof": str(id)}, key=f"proof:{id}")
    return id


async def _running(connection: AsyncConnection) -> UUID | None:
    """The proof that waits or is under way; one whose job was given up is neither."""
    for row in await connection.execute(sa.select(TABLE.c.id).where(TABLE.c.ended_at.is_(None))):
        job_of_it = sa.select(queue.TABLE.c.state).where(queue.TABLE.c.key == f"proof:{row.id}")
        if (await connection.execute(job_of_it)).scalar() in ("waiting", "running"):
            return UUID(str(row.id))
    return None


async def proof(connection: AsyncConnection, id: UUID) -> Proof:
    """One proof. Raises `NotFound`."""
    row = (await connection.execute(sa.select(TABLE).where(TABLE.c.id == id))).first()
    if row is None:
        raise NotFound(say("没有这次验证；只保留最近 {most} 次", most=KEPT))
    return _read(row)


async def proofs(connection: AsyncConnection) -> list[Proof]:
    """The proofs that are kept, the latest first."""
    return [_read(row) for row in await connection.execute(sa.select(TABLE).order_by(TABLE.c.asked_at.desc(), TABLE.c.id))]


def _read(row: Any) -> Proof:
    values = dict(row._mapping)
    result = values.pop("result")
    return Proof(**values, result=msgspec.json.decode(result, type=AuditOut) if result else None)


@job("log.prove", say("验证日志"))
async def prove(work: Work, proof: str) -> None:
    """Walk, replay and compare everything, then keep what was found. The job's own connection is not used before that."""
    found = await asyncio.to_thread(verify, work.connection.engine.url, UUID(proof))
    values = {"ended_at": work.clock.now(), "done": found.events, "result": msgspec.json.encode(AuditOut.of(found)).decode()}
    await work.connection.execute(sa.update(TABLE).where(TABLE.c.id == UUID(proof)).values(**values))


def verify(url: URL, proof: UUID | None = None) -> Audit:
    """The proof on a loop of its own, for it computes for seconds and others want to be answered."""

    async def alone() -> Audit:
        database = Database(url.render_as_string(hide_password=False), pool_size=2)

        async def tell(done: int) -> None:
            async with database.write() as connection:
                await connection.execute(sa.update(TABLE).where(TABLE.c.id == proof).values(done=done))
                await connection.commit()

        try:
            async with database.read() as connection:
                if not database.sqlite:  # one state for the walk and the comparison, or what others write between looks forged
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                return await audit.verify(connection, tell if proof else None, STEP)
        finally:
            await database.close()

    return asyncio.run(alone())
