"""Relations between standards, and to the catalogue."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.events import table_of
from standards_hub.lifecycle.models import RelationRow
from standards_hub.lifecycle.repository.narrowing import visible
from standards_hub.lifecycle.repository.reading import STANDARD, build
from standards_hub.lifecycle.values import Relation, Standard


async def relations_to(connection: AsyncConnection, id: UUID) -> list[Relation]:
    """The relations that other standards have to this one."""
    table = table_of(RelationRow)
    return build(Relation, await connection.execute(sa.select(table).where(table.c.target_id == id).order_by(table.c.since, table.c.id)))


async def related_by(connection: AsyncConnection, actor: Actor, limit: int = 300) -> list[Standard]:
    """Standards that the actor may relate to others, those that moved last first; to be offered in a form."""
    rows = await connection.execute(sa.select(STANDARD).order_by(STANDARD.c.step_entered_on.desc(), STANDARD.c.id).limit(2000))
    return [one for one in build(Standard, rows) if actor.may("standard.relate", one)][:limit]


async def naming_entry(connection: AsyncConnection, actor: Actor, entry: UUID, docid: str) -> list[tuple[Relation, Standard]]:
    """The standards that the actor may see and that have a relation to an entry of the catalogue, by itself or by its number, with that relation."""
    table = table_of(RelationRow)
    named = sa.or_(table.c.catalogue_id == entry, table.c.identifier == docid)
    found = build(Relation, await connection.execute(sa.select(table).where(named).order_by(table.c.since, table.c.id)))
    query = sa.select(STANDARD).where(STANDARD.c.id.in_([r.standard_id for r in found]), *visible(actor))
    seen = {row.id: Standard(**row._mapping) for row in await connection.execute(query)} if found else {}
    return [(relation, seen[relation.standard_id]) for relation in found if relation.standard_id in seen]


async def edges(connection: AsyncConnection, kind: str) -> dict[UUID, list[UUID]]:
    """All relations of a kind inside the portfolio, as a graph."""
    table = table_of(RelationRow)
    query = sa.select(table.c.standard_id, table.c.target_id).where(table.c.kind == kind, table.c.target_id.is_not(None))
    graph: dict[UUID, list[UUID]] = {}
    for start, target in await connection.execute(query):
        graph.setdefault(start, []).append(target)
    return graph


async def replaced_by_effective(connection: AsyncConnection, day: date) -> list[tuple[UUID, UUID]]:
    """Pairs (old, new): in force no more, because a standard that replaces the whole of it has taken effect."""
    relation, new, old = table_of(RelationRow), STANDARD.alias("new"), STANDARD.alias("old")
    query = (
        sa.select(old.c.id, new.c.id)
        .join(relation, relation.c.target_id == old.c.id)
        .join(new, new.c.id == relation.c.standard_id)
        .where(relation.c.kind == "replaces", relation.c.part.is_(None), new.c.status == "published", new.c.effective_on <= day,
               old.c.status == "published")
    )  # fmt: skip
    return [(row[0], row[1]) for row in await connection.execute(query)]
