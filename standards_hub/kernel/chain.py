"""The end of a piece of work: its jobs written, its events linked to the chain, everything committed.

On PostgreSQL that is one round trip: the database itself takes the lock, finds the last link, computes the hashes and commits, so
that the chain is locked for no longer than the database needs. SQLite is in the process and holds its write lock anyway.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import frequent
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import CHAIN_LOCK, GENESIS, Change, EventRow, link, rest, table_of
from standards_hub.kernel.messages import say
from standards_hub.kernel.writing import write

EVENT = table_of(EventRow)
LAST = sa.select(EVENT.c.id, EVENT.c.hash).order_by(EVENT.c.id.desc()).limit(1)
COLUMNS = ("stream", "seq", "type", "effective_on", "recorded_at", "actor", "payload")
Row = dict[str, Any]

LOCK = f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"
LINK = f"SELECT hub_link({', '.join('%s' for _ in (*COLUMNS, 'rest'))})"
"""The function that a migration made; its hash is that of `events.link`."""


async def commit(connection: AsyncConnection, events: Sequence[Row], jobs: Sequence[Change]) -> None:
    """Write and commit. Raises `Conflict` when somebody else went on with the same stream first."""
    try:
        if not events:
            await write(connection, jobs)
            await connection.commit()
        elif connection.dialect.name == "postgresql":
            await _by_database(connection, events, jobs)
        else:
            await write(connection, jobs)
            await _by_ourselves(connection, events)
            await connection.commit()
    except (Conflict, IntegrityError) as error:
        raise Conflict(say("刚才有人改动了它，请重新读取后再试"), code="changed") from error


async def _by_ourselves(connection: AsyncConnection, events: Sequence[Row]) -> None:
    position, previous = (await connection.execute(LAST)).first() or (0, GENESIS)
    for row in events:
        position += 1
        row["id"] = position
        row["hash"] = previous = link(previous, row)
    await connection.execute(sa.insert(EVENT), list(events))


async def _by_database(connection: AsyncConnection, events: Sequence[Row], jobs: Sequence[Change]) -> None:
    statements, values = zip(*_statements(events, jobs), strict=True)
    # Values stand in the text, quoted by libpq, because only so several statements go at once.
    await frequent.drive(connection, psycopg.AsyncClientCursor, ";".join(statements), [value for some in values for value in some])
    await connection.commit()  # sends nothing any more, and ends SQLAlchemy's own transaction


def _statements(events: Sequence[Row], jobs: Sequence[Change]) -> Iterator[tuple[str, list[Any]]]:
    for job in jobs:
        columns = {**job.key, **job.values}
        places = ", ".join("%s" for _ in columns)
        yield f"INSERT INTO {job.table} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING", list(columns.values())
    yield LOCK, []
    for row in events:
        yield LINK, [*(row[name] for name in COLUMNS), rest(row)]
    yield "COMMIT", []
