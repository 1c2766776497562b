"""The queries of lists and boards: any order with keyset pages both ways, counts to a most, and what stands beside the rows."""

import base64
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import frequent
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.events import table_of
from standards_hub.kernel.frequent import Question, Row
from standards_hub.kernel.http import cursor
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import DeadlineRow, SavedViewRow
from standards_hub.lifecycle.repository import PUBLIC, STANDARD, Filter, conditions, values_of, visible
from standards_hub.lifecycle.values import SavedView

DEADLINE, VIEW = table_of(DeadlineRow), table_of(SavedViewRow)
MOST = 1_000
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

    rows: Sequence[Any]
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
    values = values_of(wanted)
    return _list(tuple(values), order, tuple(names), not actor.may("standard.read"), False).params(values)


@lru_cache(maxsize=256)
def _list(given: tuple[str, ...], order: str, names: tuple[str, ...], public: bool, back: bool) -> sa.Select[Any]:
    by = ORDERS[order]
    query = sa.select(*(STANDARD.c[name] for name in names), by.key.label("sort_key")).select_from(by.source)
    keys = (by.key, STANDARD.c.id)
    query = query.where(*conditions(given), *by.only, *([PUBLIC] if public else ()))
    return query.order_by(*(key.desc() if by.falling is not back else key.asc() for key in keys))


@lru_cache(maxsize=256)
def _page(given: tuple[str, ...], order: str, names: tuple[str, ...], public: bool, way: str) -> sa.Select[Any]:
    """The statement of a page: the `first` one, one `on` from a place or `back` from it. Kept, for to build it costs as much as to run it."""
    by, id = ORDERS[order], STANDARD.c.id
    query = _list(given, order, names, public, way == "back").limit(sa.bindparam("most", type_=sa.Integer))
    if way == "first":
        return query
    key, place = sa.bindparam("at_key", type_=by.key.type), sa.bindparam("at_id", type_=sa.Uuid)
    if by.falling is (way == "on"):
        return query.where(sa.or_(by.key < key, sa.and_(by.key == key, id < place)), by.key <= key)
    return query.where(sa.or_(by.key > key, sa.and_(by.key == key, id > place)), by.key >= key)


async def page(
    connection: AsyncConnection, actor: Actor, wanted: Filter, order: str, names: Iterable[str], *, at: Place | None, limit: int
) -> Slice:
    """A page of a list from a place on, or back from it."""
    back, values = at is not None and at.back, values_of(wanted)
    way = "first" if at is None else "back" if back else "on"
    statement = _page(tuple(values), order, tuple(names), not actor.may("standard.read"), way)
    values |= {"most": limit + 1} | ({"at_key": at.key, "at_id": at.id} if at else {})
    found = await frequent.named(connection, statement, values)
    rows = found[:limit][::-1] if back else found[:limit]
    further = len(found) > limit
    first, last = [cursor(order, row.sort_key, row.id) for row in (rows[0], rows[-1])] if rows else (None, None)
    return Slice(rows, first if (further if back else at) else None, last if (at if back else further) else None)


async def counts(
    connection: AsyncConnection, actor: Actor, wanted: Filter, order: str, late_on: date | None, most: int = MOST
) -> tuple[int, int]:
    """How many a list has, and how many of them are late on a day; one more than `most` says that there are more."""
    return await frequent.asked(connection, counts_of(actor, wanted, order, late_on, most))


def counts_of(actor: Actor, wanted: Filter, order: str, late_on: date | None, most: int = MOST) -> Question[tuple[int, int]]:
    """The same as a question."""
    values = values_of(wanted)
    statement = _counts(tuple(values), order, not actor.may("standard.read"), late_on is not None)
    values |= {"most": most + 1} | ({"overdue_on": late_on} if late_on else {})

    def read(rows: Iterable[Row]) -> tuple[int, int]:
        (found,) = rows
        return found[0], found[-1] if late_on else 0

    return Question(statement, values, read)


@lru_cache(maxsize=256)
def _counts(given: tuple[str, ...], order: str, public: bool, late: bool) -> sa.Select[Any]:
    by = ORDERS[order]
    every = sa.select(sa.literal(1)).select_from(by.source).where(*conditions(given), *by.only, *([PUBLIC] if public else ()))
    counted = [every, every.where(*conditions(["overdue_on"]))] if late else [every]
    capped = [one.limit(sa.bindparam("most", type_=sa.Integer)).subquery() for one in counted]
    return sa.select(*(sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in capped))


async def first_in(
    connection: AsyncConnection, actor: Actor, wanted: Filter, groups: Sequence[Collection[str]], names: Sequence[str], limit: int
) -> list[sa.Row[Any]]:
    """The first standards at each group of steps, those that moved last first, in one statement."""
    c, values = STANDARD.c, values_of(wanted)
    parts = [
        sa.select(*(c[name] for name in names), sa.literal(at).label("at"))
        .where(*visible(actor), *conditions(values), c.step.in_(list(group)))
        .order_by(c.step_entered_on.desc(), c.id.desc())
        .limit(limit)
        .subquery()
        for at, group in enumerate(groups)
    ]
    return list(await connection.execute(sa.union_all(*(sa.select(part) for part in parts)), values)) if parts else []


class NextLimit(Struct, frozen=True):
    """The next limit of a standard that runs out."""

    standard_id: UUID
    due_on: date
    name_zh: str
    name_en: str


NEXT = (
    sa.select(*(DEADLINE.c[name] for name in NextLimit.__struct_fields__))
    .where(DEADLINE.c.state == "running", among(DEADLINE.c.standard_id, "ids"))
    .order_by(DEADLINE.c.due_on, DEADLINE.c.id)
)


def next_limits_of(ids: Collection[UUID]) -> Question[dict[UUID, NextLimit]]:
    """The next limit that runs of each of some standards."""

    def read(rows: Iterable[Row]) -> dict[UUID, NextLimit]:
        found: dict[UUID, NextLimit] = {}
        for row in rows:
            found.setdefault(row[0], NextLimit(*row))
        return found

    return Question(NEXT, {"ids": ids}, read)


async def committees_named(connection: AsyncConnection, actor: Actor) -> list[UUID]:
    """The committees that the standards name which an actor may see."""
    query = sa.select(STANDARD.c.committee_id).where(*visible(actor), STANDARD.c.committee_id.is_not(None)).distinct()
    return [row[0] for row in await connection.execute(query)]


VIEWS = (
    sa.select(*(VIEW.c[name] for name in SavedView.__struct_fields__))
    .where(VIEW.c.account_id == sa.bindparam("account"))
    .order_by(VIEW.c.name, VIEW.c.id)
)


def views_of(account: UUID | None) -> Question[list[SavedView]]:
    """The lists that an account keeps, by name; the public keeps none."""
    return Question(VIEWS, {"account": account}, lambda rows: [SavedView(*row) for row in rows])
