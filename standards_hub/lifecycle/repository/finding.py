"""Standards: one, locked or called by a number, and those that have something in common."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access.actor import SYSTEM, Actor, Body
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import AliasRow
from standards_hub.lifecycle.repository.narrowing import Filter, conditions, values_of, visible
from standards_hub.lifecycle.repository.reading import STANDARD, build
from standards_hub.lifecycle.values import UNDER_WAY, Standard

ONE = sa.select(STANDARD).where(STANDARD.c.id == sa.bindparam("id"))
LOCKED = ONE.with_for_update()
ALIAS, REFERENCE = table_of(AliasRow), sa.bindparam("reference", type_=sa.String)
CALLED = (
    sa.select(STANDARD)
    .where(STANDARD.c.id.in_(sa.union(
        sa.select(STANDARD.c.id).where(STANDARD.c.number == REFERENCE),
        sa.select(STANDARD.c.id).where(STANDARD.c.number_key == REFERENCE),
        sa.select(ALIAS.c.standard_id).where(ALIAS.c.number == REFERENCE),
    )))
    .limit(2)
)  # fmt: skip
"""Called by a number. A union, since for an OR that reaches into another table PostgreSQL reads all standards."""


async def standard(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Standard:
    """One standard; with `lock`, nobody else may change it until this transaction ends."""
    row = (await connection.execute(LOCKED if lock else ONE, {"id": id})).first()
    if row is None:
        raise NotFound(say("找不到标准 {id}", id=id))
    return Standard(**row._mapping)


async def find(connection: AsyncConnection, reference: str) -> Standard:
    """The standard called by an id, a number, or a present or past plan number."""
    try:
        called = (await connection.execute(ONE, {"id": UUID(reference)})).all()
    except ValueError:
        called = (await connection.execute(CALLED, {"reference": reference})).all()
    if len(called) != 1:
        raise NotFound(say("找不到标准 {id}", id=reference) if not called else say("{id} 对应多项标准，请用内部编号", id=reference))
    return Standard(**called[0]._mapping)


async def by_step(connection: AsyncConnection, wanted: Filter = Filter(), *, actor: Actor = SYSTEM) -> dict[tuple[str, str, str], int]:
    """How many stand where, {(track, step, status): count}, of those that the actor may see."""
    c, values = STANDARD.c, values_of(wanted)
    query = sa.select(c.track, c.step, c.status, sa.func.count()).where(*visible(actor), *conditions(values))
    rows = await connection.execute(query.group_by(c.track, c.step, c.status), values)
    return {(row[0], row[1], row[2]): row[3] for row in rows}


async def under_way_in(connection: AsyncConnection, bodies: Iterable[Body], limit: int = 2000) -> dict[UUID, Standard]:
    """The standards under way that any of the bodies concerns; the hub and a plan concern none by themselves."""
    c, wanted = STANDARD.c, list(bodies)

    def ids(of: str) -> list[UUID]:
        return [UUID(id) for kind, id in wanted if kind == of]

    concerned = sa.or_(
        c.id.in_(ids("standard")), c.committee_id.in_(ids("committee")), c.department_id.in_(ids("organisation")),
        c.lead_drafter_id.in_(ids("organisation")),
    )  # fmt: skip
    rows = await connection.execute(sa.select(STANDARD).where(c.status.in_(UNDER_WAY), concerned).order_by(c.id).limit(limit))
    return {row.id: Standard(**row._mapping) for row in rows}


async def standards(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Standard]:
    """Some standards by id."""
    rows = await connection.execute(sa.select(STANDARD).where(STANDARD.c.id.in_(list(ids))))
    return {row.id: Standard(**row._mapping) for row in rows}


async def of_department(connection: AsyncConnection, organisation_id: UUID) -> list[Standard]:
    """Every standard whose competent department it is, locked."""
    query = sa.select(STANDARD).where(STANDARD.c.department_id == organisation_id).order_by(STANDARD.c.id).with_for_update()
    return build(Standard, await connection.execute(query))


async def holder_of_number(connection: AsyncConnection, key: str) -> UUID | None:
    """The standard that has a number, by the number's identity key."""
    return (await connection.execute(sa.select(STANDARD.c.id).where(STANDARD.c.number_key == key))).scalar_one_or_none()


async def similar(connection: AsyncConnection, title: str, but: UUID | None = None) -> list[Standard]:
    """Standards under way with the very same Chinese title."""
    c = STANDARD.c
    query = sa.select(STANDARD).where(c.title_zh == title, c.status.in_(("active", "frozen", "suspended")))
    return [s for s in build(Standard, await connection.execute(query)) if s.id != but]
