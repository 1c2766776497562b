"""The queries of lists and boards: any order with keyset pages both ways, counts to a most, and what stands beside the rows."""

import base64
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.events import table_of
from standards_hub.kernel.http import cursor
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import DeadlineRow, SavedViewRow
from standards_hub.lifecycle.repository import STANDARD, Filter, build, clauses, visible
from standards_hub.lifecycle.values import Deadline, SavedView

DEADLINE, VIEW = table_of(DeadlineRow), table_of(SavedViewRow)
MOST = 10_000
"""Counted this far; beyond it, more."""


class Order(Struct, frozen=True):
    """An order of the list: its key before the id, which way, and which standards can stand in it."""

    key: Any
    kind: type[date] | type[str]
    falling: bool
    only: tuple[Any, ...] = ()
    source: Any = STANDARD


def _by_due() -> Order:
    """By the next limit that runs. Read from the limits, whose index is in this order."""
    earlier = DEADLINE.alias("earlier")
    sooner = sa.or_(earlier.c.due_on < DEADLINE.c.due_on, sa.and_(earlier.c.due_on == DEADLINE.c.due_on, earlier.c.id < DEADLINE.c.id))
    next_one = ~sa.exists().where(earlier.c.standard_id == DEADLINE.c.standard_id, earlier.c.state == "running", sooner)
    source = DEADLINE.join(STANDARD, STANDARD.c.id == DEADLINE.c.standard_id)
    return Order(DEADLINE.c.due_on, date, False, (DEADLINE.c.state == "running", next_one), source)


ORDERS = {
    "moved": Order(STANDARD.c.step_entered_on, date, True),
    "due": _by_due(),
    "number": Order(STANDARD.c.number_key, str, False, (STANDARD.c.number_key.is_not(None),)),
}


class Place(Struct, frozen=True):
    """A place in a list: the key and id of the row beside it, and whether one goes back from there."""

    key: Any
    id: UUID
    back: bool = False


class Slice(Struct, frozen=True):
    """A page of a list, with the cursors of those before and after it."""

    rows: Sequence[sa.Row[Any]]
    before: str | None
    after: str | None


def place(order: str, after: str | None, before: str | None) -> Place | None:
    """Reads a cursor back. Raises `BadInput` for one that is not of this order."""
    text, name = (after, "after") if after else (before, "before")
    if not text:
        return None
    try:
        of, key, id = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=tuple[str, str, str])
        if of != order:
            raise ValueError(of)
        return Place(date.fromisoformat(key) if ORDERS[order].kind is date else key, UUID(id), name == "before")
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadInput(say("分页标记有误"), unmet=[Unmet("cursor", say("请从第一页重新开始"), name)]) from error


def listed(actor: Actor, wanted: Filter, order: str, names: Iterable[str]) -> sa.Select[Any]:
    """Every row of a list in its order, the key of the order as `sort_key`."""
    by, c = ORDERS[order], STANDARD.c
    query = sa.select(*(c[name] for name in names), by.key.label("sort_key")).select_from(by.source)
    return _ordered(query.where(*visible(actor), *by.only, *clauses(wanted)), by, back=False)


def _ordered(query: sa.Select[Any], by: Order, *, back: bool) -> sa.Select[Any]:
    falling = by.falling is not back
    return query.order_by(*(key.desc() if falling else key.asc() for key in (by.key, STANDARD.c.id)))


async def page(
    connection: AsyncConnection, actor: Actor, wanted: Filter, order: str, names: Iterable[str], *, at: Place | None, limit: int
) -> Slice:
    """A page of a list from a place on, or back from it."""
    by, id = ORDERS[order], STANDARD.c.id
    query = listed(actor, wanted, order, names).order_by(None)
    back = at is not None and at.back
    if at is not None:
        less = by.falling is not back
        beyond = by.key < at.key if less else by.key > at.key
        query = query.where(sa.or_(beyond, sa.and_(by.key == at.key, id < at.id if less else id > at.id)))
        query = query.where(by.key <= at.key if less else by.key >= at.key)
    found = (await connection.execute(_ordered(query, by, back=back).limit(limit + 1))).all()
    rows = found[:limit][::-1] if back else found[:limit]
    further = len(found) > limit
    first, last = [cursor(order, row.sort_key, row.id) for row in (rows[0], rows[-1])] if rows else (None, None)
    return Slice(rows, first if (further if back else at) else None, last if (at if back else further) else None)


async def counts(
    connection: AsyncConnection, actor: Actor, wanted: Filter, order: str, late_on: date | None, most: int = MOST
) -> tuple[int, int]:
    """How many a list has, and how many of them are late on a day; one more than `most` says that there are more."""
    by = ORDERS[order]
    inner = sa.select(sa.literal(1)).select_from(by.source).where(*visible(actor), *by.only, *clauses(wanted)).limit(most + 1)
    counted = [inner] if late_on is None else [inner, inner.where(*clauses(Filter(overdue_on=late_on)))]
    found = (
        await connection.execute(sa.select(*(sa.select(sa.func.count()).select_from(one.subquery()).scalar_subquery() for one in counted)))
    ).one()
    return found[0], found[-1] if late_on else 0


async def first_in(
    connection: AsyncConnection, actor: Actor, wanted: Filter, groups: Sequence[Collection[str]], names: Sequence[str], limit: int
) -> list[sa.Row[Any]]:
    """The first standards at each group of steps, those that moved last first, in one statement."""
    c = STANDARD.c
    parts = [
        sa.select(*(c[name] for name in names), sa.literal(at).label("at"))
        .where(*visible(actor), *clauses(wanted), c.step.in_(list(group)))
        .order_by(c.step_entered_on.desc(), c.id.desc())
        .limit(limit)
        .subquery()
        for at, group in enumerate(groups)
    ]
    return list(await connection.execute(sa.union_all(*(sa.select(part) for part in parts)))) if parts else []


async def next_limits(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Deadline]:
    """The next limit that runs of each of some standards."""
    if not ids:
        return {}
    query = sa.select(DEADLINE).where(DEADLINE.c.state == "running", DEADLINE.c.standard_id.in_(list(ids)))
    found: dict[UUID, Deadline] = {}
    for limit in build(Deadline, await connection.execute(query.order_by(DEADLINE.c.due_on, DEADLINE.c.id))):
        found.setdefault(limit.standard_id, limit)
    return found


async def committees_named(connection: AsyncConnection, actor: Actor) -> list[UUID]:
    """The committees that the standards name which an actor may see."""
    query = sa.select(STANDARD.c.committee_id).where(*visible(actor), STANDARD.c.committee_id.is_not(None)).distinct()
    return [row[0] for row in await connection.execute(query)]


async def views(connection: AsyncConnection, account: UUID) -> list[SavedView]:
    """The lists that an account keeps, by name."""
    query = sa.select(VIEW).where(VIEW.c.account_id == account).order_by(VIEW.c.name, VIEW.c.id)
    return build(SavedView, await connection.execute(query))


async def usual_view(connection: AsyncConnection, account: UUID) -> SavedView | None:
    """The list that an account sees where it asks for nothing."""
    query = sa.select(VIEW).where(VIEW.c.account_id == account, VIEW.c.usual).limit(1)
    return next(iter(build(SavedView, await connection.execute(query))), None)
