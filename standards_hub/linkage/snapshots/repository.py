"""Every query about snapshots. Reads only; rows come back as values."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.messages import say
from standards_hub.linkage.snapshots.events import SnapshotSigned
from standards_hub.linkage.snapshots.models import SnapshotRow
from standards_hub.linkage.snapshots.values import Snapshot

SNAPSHOT, EVENT = table_of(SnapshotRow), table_of(EventRow)


class Sealed(Struct, frozen=True):
    """What the log says was sealed."""

    plan_key: str
    n: int
    hash: str


async def chain(connection: AsyncConnection, plan_key: str) -> list[Snapshot]:
    """All snapshots of a plan, the first first; a year has some dozen."""
    rows = await connection.execute(sa.select(SNAPSHOT).where(SNAPSHOT.c.plan_key == plan_key).order_by(SNAPSHOT.c.n))
    return [_read(row) for row in rows]


async def latest(connection: AsyncConnection, plan_key: str) -> Snapshot | None:
    query = sa.select(SNAPSHOT).where(SNAPSHOT.c.plan_key == plan_key).order_by(SNAPSHOT.c.n.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return _read(row) if row else None


async def one(connection: AsyncConnection, plan_key: str, n: int) -> Snapshot:
    """One snapshot by its number. Raises `NotFound`."""
    row = (await connection.execute(sa.select(SNAPSHOT).where(SNAPSHOT.c.plan_key == plan_key, SNAPSHOT.c.n == n))).first()
    if row is None:
        raise NotFound(say("计划 {plan} 没有第 {n} 号快照", plan=plan_key, n=n))
    return _read(row)


async def sealed(connection: AsyncConnection, plan_key: str) -> dict[int, str]:
    """The hashes that the log says were signed for a plan, by number."""
    query = sa.select(EVENT.c.payload).where(EVENT.c.type == SnapshotSigned.type_name())
    found = [msgspec.json.decode(payload, type=Sealed) for payload in (await connection.execute(query)).scalars()]
    return {signed.n: signed.hash for signed in found if signed.plan_key == plan_key}


async def told_since(connection: AsyncConnection, link: Snapshot) -> bool:
    """Whether anything was recorded since the signing that was true by the snapshot's day; if not, it cannot have become wrong."""
    e, own = EVENT.c, EVENT.alias("own").c
    signing = sa.select(sa.func.max(own.id)).where(own.stream == f"snapshot:{link.id}").scalar_subquery()
    query = sa.select(e.id).where(e.id > signing, e.effective_on <= link.as_of)
    return (await connection.execute(query.limit(1))).first() is not None


async def events(connection: AsyncConnection, streams: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Everything the log has of some streams, oldest first."""
    wanted, found = sorted(streams), dict[str, list[dict[str, Any]]]()
    for start in range(0, len(wanted), 500):
        query = sa.select(EVENT).where(EVENT.c.stream.in_(wanted[start : start + 500])).order_by(EVENT.c.id)
        for row in await connection.execute(query):
            found.setdefault(row.stream, []).append(dict(row._mapping))
    return found


async def names(connection: AsyncConnection, labels: Iterable[str]) -> dict[str, str]:
    """The names of accounts that the log knows by label."""
    ids = {UUID(label.removeprefix("account:")) for label in labels if label.startswith("account:")}
    return {f"account:{account.id}": account.name for account in await accounts.by_ids(connection, ids)}


def _read(row: sa.Row[Any]) -> Snapshot:
    return msgspec.convert(dict(row._mapping), Snapshot)
