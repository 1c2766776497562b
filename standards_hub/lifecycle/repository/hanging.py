"""What hangs on a standard, each list in its order."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import (
    AliasRow,
    DeadlineRow,
    DrafterRow,
    DraftingUnitRow,
    ExtensionRow,
    PaperRow,
    RelationRow,
    VisitRow,
    WaiverRow,
    WatchRow,
)
from standards_hub.lifecycle.repository.moving import in_order
from standards_hub.lifecycle.repository.reading import T, build
from standards_hub.lifecycle.values import Alias, Deadline, Drafter, DraftingUnit, Extension, Paper, Relation, Visit, Waiver


async def _of_standard(connection: AsyncConnection, model: type[SQLModel], kind: type[T], id: UUID, *order: str) -> list[T]:
    return build(kind, await connection.execute(_rows_of_standard(model, order), {"id": id}))


@cache
def _rows_of_standard(model: type[SQLModel], order: tuple[str, ...]) -> sa.Select[Any]:
    table = table_of(model)
    return sa.select(table).where(table.c.standard_id == sa.bindparam("id")).order_by(*(table.c[name] for name in order))


async def papers(connection: AsyncConnection, id: UUID) -> list[Paper]:
    return await _of_standard(connection, PaperRow, Paper, id, "dated", "added_on", "seq")


async def papers_of(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, list[Paper]]:
    """The papers of some standards that were not taken back, as they were added."""
    table = table_of(PaperRow)
    query = sa.select(table).where(table.c.withdrawn_on.is_(None), table.c.standard_id.in_(list(ids)))
    found: dict[UUID, list[Paper]] = {}
    for paper in build(Paper, await connection.execute(query.order_by(table.c.added_on, table.c.seq))):
        found.setdefault(paper.standard_id, []).append(paper)
    return found


async def paper(connection: AsyncConnection, id: UUID) -> Paper:
    table = table_of(PaperRow)
    row = (await connection.execute(sa.select(table).where(table.c.id == id))).first()
    if row is None:
        raise NotFound(say("找不到材料 {id}", id=id))
    return Paper(**row._mapping)


async def papers_between(connection: AsyncConnection, first: UUID, last: UUID) -> list[Paper]:
    """The papers whose ids lie between two, both included."""
    table = table_of(PaperRow)
    return build(Paper, await connection.execute(sa.select(table).where(table.c.id.between(first, last)).order_by(table.c.id).limit(20)))


async def papers_with_file(connection: AsyncConnection, digest: str) -> list[Paper]:
    """The papers whose file this is."""
    table = table_of(PaperRow)
    return build(Paper, await connection.execute(sa.select(table).where(table.c.sha256 == digest).order_by(table.c.id).limit(1000)))


async def deadlines(connection: AsyncConnection, id: UUID) -> list[Deadline]:
    return await _of_standard(connection, DeadlineRow, Deadline, id, "opened_on", "due_on", "id")


async def visits(connection: AsyncConnection, id: UUID) -> list[Visit]:
    """The steps a standard was at, oldest first, the present one last."""
    stays = await _of_standard(connection, VisitRow, Visit, id, "entered_on", "id")
    return in_order(stays)


async def waivers(connection: AsyncConnection, id: UUID) -> list[Waiver]:
    return await _of_standard(connection, WaiverRow, Waiver, id, "waived_on", "id")


async def extensions(connection: AsyncConnection, id: UUID) -> list[Extension]:
    return await _of_standard(connection, ExtensionRow, Extension, id, "asked_on", "id")


async def aliases(connection: AsyncConnection, id: UUID) -> list[Alias]:
    return await _of_standard(connection, AliasRow, Alias, id, "since", "id")


async def relations(connection: AsyncConnection, id: UUID) -> list[Relation]:
    return await _of_standard(connection, RelationRow, Relation, id, "since", "id")


async def drafting_units(connection: AsyncConnection, id: UUID) -> list[DraftingUnit]:
    table = table_of(DraftingUnitRow)
    query = sa.select(table.c.organisation_id, table.c.rank, table.c.lead).where(table.c.standard_id == id)
    return build(DraftingUnit, await connection.execute(query.order_by(table.c.rank, table.c.organisation_id)))


async def drafters(connection: AsyncConnection, id: UUID) -> list[Drafter]:
    table = table_of(DrafterRow)
    query = sa.select(table.c.person_id, table.c.rank).where(table.c.standard_id == id)
    return build(Drafter, await connection.execute(query.order_by(table.c.rank, table.c.person_id)))


async def watchers(connection: AsyncConnection, id: UUID) -> list[UUID]:
    table = table_of(WatchRow)
    return [row[0] for row in await connection.execute(sa.select(table.c.account_id).where(table.c.standard_id == id))]
