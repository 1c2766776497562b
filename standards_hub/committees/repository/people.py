"""Every query about people and where they worked. Reads only."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.repository.reading import (
    COMMITTEE,
    EMPLOYMENT,
    ORGANISATION,
    PERSON,
    contains,
    count_of,
    every,
    id_of,
    one,
    one_page,
)
from standards_hub.committees.schemas import Employment
from standards_hub.committees.values import Person
from standards_hub.kernel import frequent
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.frequent import Question
from standards_hub.kernel.messages import Name, say


async def person(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Person:
    """One person; with `lock`, nobody else may change it until this transaction ends."""
    return await one(connection, PERSON, id, Person, say("找不到人员 {id}", id=id), lock)


async def people(
    connection: AsyncConnection, *, text: str | None = None, organisation_id: UUID | None = None, active: bool | None = None,
    after: UUID | None = None, limit: int = 50,
) -> list[Person]:  # fmt: skip
    """People by name; `text` is a part of a name."""
    return await one_page(connection, PERSON, PERSON.c.name, _people(text, organisation_id, active), Person, after, limit)


async def count_people(
    connection: AsyncConnection, *, text: str | None = None, organisation_id: UUID | None = None, active: bool | None = None
) -> int:
    return await count_of(connection, PERSON, _people(text, organisation_id, active))


async def person_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await connection.execute(sa.select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def find_person(connection: AsyncConnection, reference: str) -> Person:
    """A person by id, by the exact name, or by name and organisation with a comma between. Raises `NotFound`, `BadInput` for several."""
    if id := id_of(reference):
        return await person(connection, id)
    name, _, employer = reference.replace(",", "，").partition("，")
    query = sa.select(PERSON).outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id).where(PERSON.c.name == name.strip())
    if employer.strip():
        query = query.where(ORGANISATION.c.name_zh == employer.strip())
    found = await every(connection, query.order_by(PERSON.c.active.desc(), PERSON.c.id).limit(10), Person)
    if not found:
        raise NotFound(say("找不到人员 {id}", id=reference))
    if len(found) > 1:
        raise BadInput(say("“{reference}”不止一个，请用 id：{ids}", reference=reference, ids=[str(one.id) for one in found]))
    return found[0]


async def namesakes(connection: AsyncConnection, name: str, orcid: str | None = None) -> list[Person]:
    """The people of exactly this name, and whoever has this ORCID."""
    same = sa.or_(PERSON.c.name == name, PERSON.c.orcid == orcid) if orcid else PERSON.c.name == name
    return await every(connection, sa.select(PERSON).where(same).order_by(PERSON.c.active.desc(), PERSON.c.id).limit(100), Person)


def _people(text: str | None, organisation_id: UUID | None, active: bool | None) -> list[Any]:
    where: list[Any] = []
    if text:
        where.append(contains(text, PERSON.c.name, PERSON.c.name_en))
    if organisation_id:
        where.append(PERSON.c.organisation_id == organisation_id)
    if active is not None:
        where.append(PERSON.c.active == active)
    return where


async def employers(connection: AsyncConnection, person_id: UUID) -> list[Employment]:
    """Where a person worked, the present employer first."""
    query = (
        sa.select(EMPLOYMENT.c.organisation_id, ORGANISATION.c.name_zh.label("organisation_name"), EMPLOYMENT.c.since)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == EMPLOYMENT.c.organisation_id)
        .where(EMPLOYMENT.c.person_id == person_id)
        .order_by(EMPLOYMENT.c.since.desc(), EMPLOYMENT.c.seq.desc())
    )
    found, until = list[Employment](), None
    for row in await connection.execute(query):
        if until is None or row.since <= until:
            found.append(Employment(row.organisation_id, row.organisation_name, row.since, until))
        until = row.since - timedelta(days=1)
    return found


NAMES = sa.union_all(
    *(
        sa.select(table.c.id, table.c[name], table.c.name_en).where(among(table.c.id, "ids"))
        for table, name in ((ORGANISATION, "name_zh"), (COMMITTEE, "name_zh"), (PERSON, "name"))
    )
)


async def names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Name]:
    """What organisations, committees and people of some ids are called, asked for at once."""
    wanted = set(ids)
    return await frequent.asked(connection, names_of(wanted)) if wanted else {}


def names_of(ids: Iterable[UUID]) -> Question[dict[UUID, Name]]:
    """The same as a question."""
    return Question(NAMES, {"ids": ids}, lambda rows: {id: Name(zh, en or zh) for id, zh, en in rows})


REGISTERED = sa.union_all(
    *(
        sa.select(sa.literal_column(f"'{register}'").label("register"), table.c.id).where(among(table.c.id, register))
        for register, table in (("committee", COMMITTEE), ("organisation", ORGANISATION), ("person", PERSON))
    )
)


async def registered(connection: AsyncConnection, named: Iterable[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    """Those of some committees, organisations and people, (register, id), that stand on their register; asked for at once."""
    wanted: dict[str, list[UUID]] = {"committee": [], "organisation": [], "person": []}
    for register, id in named:
        wanted[register].append(id)
    rows = await connection.execute(REGISTERED, wanted) if any(wanted.values()) else ()
    return {(register, id) for register, id in rows}


async def in_either_language(connection: AsyncConnection, names: Iterable[str | None]) -> dict[str, Name]:
    """Organisations and committees by the Chinese name that a roll, a count or a report has of them."""
    wanted = {name for name in names if name}
    found = (sa.select(table.c.name_zh, table.c.name_en).where(table.c.name_zh.in_(wanted)) for table in (ORGANISATION, COMMITTEE))
    rows = await connection.execute(sa.union_all(*found)) if wanted else ()
    return {zh: Name(zh, en or zh) for zh, en in rows}
