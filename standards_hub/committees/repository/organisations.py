"""Every query about organisations, and whose people and committees are theirs. Reads only."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees import uscc
from standards_hub.committees.repository.committees import briefs_where
from standards_hub.committees.repository.reading import (
    COMMITTEE,
    ORGANISATION,
    PERSON,
    contains,
    count_of,
    every,
    id_of,
    one,
    one_page,
)
from standards_hub.committees.schemas import CommitteeBrief
from standards_hub.committees.values import Committee, Organisation, Person
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say


async def organisation(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Organisation:
    """One organisation; with `lock`, nobody else may change it until this transaction ends."""
    return await one(connection, ORGANISATION, id, Organisation, say("找不到单位 {id}", id=id), lock)


async def current_organisation(connection: AsyncConnection, id: UUID) -> Organisation:
    """The organisation that carries this one on, itself if it was never merged."""
    found = await organisation(connection, id)
    while found.merged_into is not None:
        found = await organisation(connection, found.merged_into)
    return found


def carried(id: UUID) -> sa.Select[Any]:
    """A query for the ids of an organisation and of all that went into it, by whatever way."""
    whole = sa.select(ORGANISATION.c.id).where(ORGANISATION.c.id == id).cte("carried", recursive=True)
    whole = whole.union(sa.select(ORGANISATION.c.id).join(whole, ORGANISATION.c.merged_into == whole.c.id))
    return sa.select(whole.c.id)


async def organisation_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await connection.execute(sa.select(ORGANISATION.c.id, ORGANISATION.c.name_zh).where(ORGANISATION.c.id.in_(set(ids))))
    return {row.id: row.name_zh for row in rows}


async def organisation_by_uscc(connection: AsyncConnection, uscc: str) -> Organisation | None:
    found = await every(connection, sa.select(ORGANISATION).where(ORGANISATION.c.uscc == uscc), Organisation)
    return found[0] if found else None


async def organisation_by_name(connection: AsyncConnection, name: str) -> Organisation | None:
    """The active organisation of exactly this Chinese name."""
    where = (ORGANISATION.c.name_zh == name.strip(), ORGANISATION.c.active)
    found = await every(connection, sa.select(ORGANISATION).where(*where).order_by(ORGANISATION.c.id), Organisation)
    return found[0] if found else None


async def find_organisation(connection: AsyncConnection, reference: str) -> Organisation:
    """An organisation by its id, its 统一社会信用代码 or its exact Chinese name. Raises `NotFound`."""
    if id := id_of(reference):
        return await organisation(connection, id)
    found = await organisation_by_uscc(connection, uscc.normalise(reference)) or await organisation_by_name(connection, reference)
    if found is None:
        raise NotFound(say("找不到单位 {id}", id=reference))
    return found


async def organisations(
    connection: AsyncConnection, *, text: str | None = None, kind: str | None = None, region: str | None = None, active: bool | None = None,
    after: UUID | None = None, limit: int = 50,
) -> list[Organisation]:  # fmt: skip
    """Organisations by name; `region` takes the first digits of a code, `text` a part of a name, former name or code."""
    where = _organisations(text, kind, region, active)
    return await one_page(connection, ORGANISATION, ORGANISATION.c.name_zh, where, Organisation, after, limit)


async def count_organisations(
    connection: AsyncConnection, *, text: str | None = None, kind: str | None = None, region: str | None = None, active: bool | None = None
) -> int:
    return await count_of(connection, ORGANISATION, _organisations(text, kind, region, active))


def _organisations(text: str | None, kind: str | None, region: str | None, active: bool | None) -> list[Any]:
    c = ORGANISATION.c
    where: list[Any] = []
    if text:
        escaped = json.dumps(text.strip())[1:-1]  # as JSON columns hold it
        named = contains(text, c.name_zh, c.name_en, c.short_name, c.uscc)
        where.append(sa.or_(named, sa.cast(c.aliases, sa.Text).icontains(escaped, autoescape=True)))
    if kind:
        where.append(c.kind == kind)
    if region:
        where.append(c.region.startswith(region, autoescape=True))
    if active is not None:
        where.append(c.active == active)
    return where


async def regions(connection: AsyncConnection) -> list[str]:
    """The division codes that organisations carry."""
    c = ORGANISATION.c
    return [row[0] for row in await connection.execute(sa.select(c.region).where(c.region.is_not(None)).distinct().order_by(c.region))]


async def people_of(connection: AsyncConnection, organisation_id: UUID) -> list[Person]:
    return await every(connection, sa.select(PERSON).where(PERSON.c.organisation_id == organisation_id).order_by(PERSON.c.id), Person)


async def committees_of_organisation(connection: AsyncConnection, organisation_id: UUID) -> list[Committee]:
    """Committees whose secretariat or competent department it is."""
    where = sa.or_(COMMITTEE.c.secretariat_id == organisation_id, COMMITTEE.c.department_id == organisation_id)
    return await every(connection, sa.select(COMMITTEE).where(where).order_by(COMMITTEE.c.name_zh, COMMITTEE.c.id), Committee)


async def secretariats(connection: AsyncConnection, organisation_id: UUID) -> list[CommitteeBrief]:
    """Committees, not dissolved, whose secretariat an organisation hosts."""
    return await briefs_where(connection, COMMITTEE.c.secretariat_id == organisation_id, COMMITTEE.c.state != "dissolved")
