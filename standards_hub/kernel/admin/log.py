"""Reading the log: every query of it, and how its actors and subjects are called."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import search
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.bodies import PLACES
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import Event, EventRow, table_of
from standards_hub.kernel.mail import HIDDEN
from standards_hub.kernel.messages import Message, say

TABLE = table_of(EventRow)


class LogFilter(Struct, kw_only=True):
    """Which links of the log are wanted."""

    stream: str | None = None
    kind: str | None = None
    """The kind of a stream, such as `standard`."""
    types: list[str] = []
    actor: str | None = None
    since: date | None = None
    until: date | None = None


class Entry(Struct, frozen=True):
    """A link of the log, with its payload read."""

    id: int
    stream: str
    seq: int
    type: str
    effective_on: date
    recorded_at: datetime
    actor: str
    payload: Any
    hash: str

    @property
    def kind(self) -> str:
        return self.stream.partition(":")[0]

    @property
    def key(self) -> str:
        return self.stream.partition(":")[2]

    @property
    def place(self) -> str | None:
        """Where the page of its subject is."""
        return PLACES[self.kind] + self.key if self.kind in PLACES else None


async def entries(
    connection: AsyncConnection, wanted: LogFilter, *, newest: bool = True, after: int | None = None, limit: int = 50
) -> list[Entry]:
    """Links by their number; `after` is the number of the last one of the page before."""
    c = TABLE.c
    query = sa.select(TABLE).where(*_where(wanted)).order_by(c.id.desc() if newest else c.id).limit(limit)
    if after is not None:
        query = query.where(c.id < after if newest else c.id > after)
    rows = await connection.execute(query)
    return [Entry(**{**row._mapping, "payload": _told(row.type, msgspec.json.decode(row.payload))}) for row in rows]


def _where(wanted: LogFilter) -> list[sa.ColumnElement[bool]]:
    c = TABLE.c
    where = [column == value for column, value in ((c.stream, wanted.stream), (c.actor, wanted.actor)) if value is not None]
    if wanted.kind:
        where.append(c.stream.startswith(f"{wanted.kind}:", autoescape=True))
    if wanted.types:
        where.append(c.type.in_(wanted.types))
    if wanted.since:
        where.append(c.effective_on >= wanted.since)
    if wanted.until:
        where.append(c.effective_on <= wanted.until)
    return where


async def matching(connection: AsyncConnection, wanted: LogFilter, most: int) -> int:
    """How many links fit; one more than `most` says that there are more."""
    found = sa.select(sa.literal(1)).select_from(TABLE).where(*_where(wanted)).limit(most + 1).subquery()
    return int((await connection.execute(sa.select(sa.func.count()).select_from(found))).scalar_one())


def _told(kind: str, payload: Any) -> Any:
    """A payload as a reader of the log may see it: whether what is withheld is there at all is not told either."""
    for path in Event.kinds[kind].withheld if kind in Event.kinds else ():
        *around, name = path.split(".")
        reduce(lambda inner, part: inner[part], around, payload)[name] = HIDDEN
    return payload


async def length(connection: AsyncConnection) -> int:
    """How many links the log has: they are numbered without gaps."""
    return int((await connection.execute(sa.select(sa.func.max(TABLE.c.id)))).scalar() or 0)


async def actors(connection: AsyncConnection, labels: Iterable[str]) -> dict[str, str | Message]:
    """The names of actors as the log labels them."""
    wanted = set(labels)
    ids = {label: UUID(label.removeprefix("account:")) for label in wanted if label.startswith("account:")}
    known = {account.id: account.name for account in await accounts.by_ids(connection, ids.values())}
    found: dict[str, str | Message] = {label: known.get(id, label) for label, id in ids.items()}
    for label in wanted - ids.keys():
        found[label] = say("公众") if label == "public" else say("系统")
    return found


async def subjects(connection: AsyncConnection, shown: Iterable[Entry]) -> dict[str, str]:
    """What the streams of these links are called, where anything tells: accounts by their names, all else by the search index."""
    streams = {entry.stream: (entry.kind, entry.key) for entry in shown}
    titles = await search.titles(connection, streams.values())
    found = {stream: titles[thing] for stream, thing in streams.items() if thing in titles}
    ids = {stream: UUID(key) for stream, (kind, key) in streams.items() if kind == "account"}
    known = {account.id: account.name for account in await accounts.by_ids(connection, ids.values())}
    return found | {stream: known[id] for stream, id in ids.items() if id in known}


async def actor_called(connection: AsyncConnection, text: str) -> str:
    """The label of an actor by login, or the label itself. Raises `NotFound`."""
    text = text.strip()
    if text == "public" or text == "system" or text.startswith(("system:", "account:")):
        return text
    try:
        return f"account:{(await accounts.account_by_login(connection, text)).id}"
    except NotFound as error:
        raise NotFound(say("没有登录名为 {login} 的账号", login=text[:80])) from error
