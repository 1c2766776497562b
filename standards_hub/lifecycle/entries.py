"""The history of a standard as it stands in the log: all of it, or the newest part together with the standard itself."""

from datetime import date as day
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.among import among
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.lifecycle.values import Standard

EVENT = table_of(EventRow)
HISTORY = sa.select(EVENT).where(EVENT.c.stream == sa.bindparam("stream")).order_by(EVENT.c.seq)


class Entry(Struct, frozen=True):
    """One event of the history: what happened, when, through whom, with before and after where facts changed."""

    seq: int
    event: int
    type: str
    effective_on: day
    recorded_at: datetime
    actor: str
    payload: dict[str, Any]
    hash: str


DECODER = msgspec.json.Decoder(list[Entry])


async def entries(connection: AsyncConnection, standard: Standard) -> list[Entry]:
    """The whole history of a standard, oldest first."""
    rows = await connection.execute(HISTORY, {"stream": standard.stream})
    return [
        Entry(r.seq, r.id, r.type, r.effective_on, r.recorded_at, r.actor, msgspec.json.decode(r.payload), r.hash) for r in rows
    ]  # fmt: skip


def newest(engine: str, version: sa.ColumnElement[int]) -> sa.ScalarSelect[Any]:
    """The last `last` events of `stream`, whose newest is `version`, and those of `kinds`, as a list in JSON; without order."""
    light = engine == "sqlite"
    instant = sa.type_coerce(EVENT.c.recorded_at, sa.Text).concat("+00:00") if light else EVENT.c.recorded_at  # SQLite keeps no zone
    payload = sa.func.json(EVENT.c.payload) if light else sa.cast(EVENT.c.payload, sa.JSON)
    columns = {**{name: EVENT.c[name] for name in ("seq", "type", "effective_on", "actor", "hash")}, "event": EVENT.c.id}
    pairs = [
        part
        for name, column in {**columns, "recorded_at": instant, "payload": payload}.items()
        for part in (sa.literal_column(f"'{name}'"), column)
    ]
    made, gather = (sa.func.json_object, sa.func.json_group_array) if light else (sa.func.json_build_object, sa.func.json_agg)
    return (
        sa.select(sa.cast(gather(made(*pairs)), sa.Text))
        .where(EVENT.c.stream == sa.bindparam("stream"))
        .where(sa.or_(EVENT.c.seq > version - sa.bindparam("last", type_=sa.Integer), among(EVENT.c.type, "kinds")))
        .scalar_subquery()
    )


def decoded(text: str | None) -> list[Entry]:
    """What `newest` gave, oldest first."""
    return sorted(DECODER.decode(text or "[]"), key=lambda entry: entry.seq)
