"""Every query about committees and how they stand above one another. Reads only."""

from collections.abc import Iterable
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.repository.reading import COMMITTEE, contains, count_of, every, id_of, one, one_page
from standards_hub.committees.schemas import CommitteeBrief
from standards_hub.committees.values import Committee, CommitteeLevel, called, number_key
from standards_hub.kernel import frequent
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.frequent import Question, Row
from standards_hub.kernel.messages import Name, say


async def briefs(connection: AsyncConnection, ids: Iterable[UUID]) -> list[CommitteeBrief]:
    """Some committees in short, by name."""
    return await briefs_where(connection, COMMITTEE.c.id.in_(set(ids)))


async def children(connection: AsyncConnection, committee_id: UUID) -> list[CommitteeBrief]:
    return await briefs_where(connection, COMMITTEE.c.parent_id == committee_id)


async def briefs_where(connection: AsyncConnection, *where: Any) -> list[CommitteeBrief]:
    c = COMMITTEE.c
    rows = await connection.execute(sa.select(c.id, c.number, c.name_zh, c.name_en, c.state).where(*where).order_by(c.name_zh, c.id))
    return [CommitteeBrief(**row._mapping) for row in rows]


async def committee(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Committee:
    """One committee; with `lock`, nobody else may change it until this transaction ends."""
    return await one(connection, COMMITTEE, id, Committee, say("找不到委员会 {id}", id=id), lock)


async def committee_by_number(connection: AsyncConnection, number: str, level: str = "national") -> Committee | None:
    """The committee of a number as written; `TC 28` is read at the level given."""
    found = await every(connection, sa.select(COMMITTEE).where(COMMITTEE.c.number_key == number_key(number, level)), Committee)
    return found[0] if found else None


async def find_committee(connection: AsyncConnection, reference: str) -> Committee:
    """A committee by its id, its number or its exact Chinese name. Raises `NotFound`."""
    if id := id_of(reference):
        return await committee(connection, id)
    numbers = {number_key(reference, level) for level in get_args(CommitteeLevel)}
    where = sa.or_(COMMITTEE.c.number_key.in_(numbers), COMMITTEE.c.name_zh == reference.strip())
    found = await every(connection, sa.select(COMMITTEE).where(where).order_by(COMMITTEE.c.number_key, COMMITTEE.c.id), Committee)
    if not found:
        raise NotFound(say("找不到委员会 {id}", id=reference))
    if len(found) > 1:
        raise BadInput(say("“{reference}”不止一个，请用 id：{ids}", reference=reference, ids=[str(one.id) for one in found]))
    return found[0]


async def committees(
    connection: AsyncConnection, *, text: str | None = None, level: str | None = None, state: str | None = None,
    parent_id: UUID | None = None, after: UUID | None = None, limit: int = 50,
) -> list[Committee]:  # fmt: skip
    """Committees by name; `text` is a part of a number or name."""
    return await one_page(connection, COMMITTEE, COMMITTEE.c.name_zh, _committees(text, level, state, parent_id), Committee, after, limit)


async def count_committees(
    connection: AsyncConnection,
    *,
    text: str | None = None,
    level: str | None = None,
    state: str | None = None,
    parent_id: UUID | None = None,
) -> int:
    return await count_of(connection, COMMITTEE, _committees(text, level, state, parent_id))


async def committee_labels(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Name]:
    """How some committees are called: number and name."""
    c = COMMITTEE.c
    rows = await connection.execute(sa.select(c.id, c.number, c.name_zh, c.name_en).where(c.id.in_(set(ids))))
    return {row.id: called(row.number, row.name_zh, row.name_en) for row in rows}


def _committees(text: str | None, level: str | None, state: str | None, parent_id: UUID | None) -> list[Any]:
    c = COMMITTEE.c
    where: list[Any] = []
    if text:
        where.append(contains(text, c.name_zh, c.name_en, c.number, c.catalogue_ref))
    if level:
        where.append(c.level == level)
    if state:
        where.append(c.state == state)
    if parent_id:
        where.append(c.parent_id == parent_id)
    return where


PARENTS_LOCK = 0x5348_0010


async def parents(connection: AsyncConnection, id: UUID) -> dict[UUID, UUID | None]:
    """The chain upwards from a committee: {committee: its parent}."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time; here two could close a circle between them
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": PARENTS_LOCK})
    chain: dict[UUID, UUID | None] = {}
    above: UUID | None = id
    while above is not None and above not in chain:
        parent = (await connection.execute(sa.select(COMMITTEE.c.parent_id).where(COMMITTEE.c.id == above))).scalar()
        chain[above] = parent
        above = parent
    return chain


async def committees_by_ids(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Committee]:
    return await every(connection, sa.select(COMMITTEE).where(COMMITTEE.c.id.in_(list(ids))), Committee)


async def whole_tree(connection: AsyncConnection) -> list[Committee]:
    """Every committee, in no order."""
    return await every(connection, sa.select(COMMITTEE), Committee)


COMMITTEE_NAMES = sa.select(*(COMMITTEE.c[name] for name in ("id", "number", "name_zh", "name_en"))).where(among(COMMITTEE.c.id, "ids"))


async def committee_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, tuple[Name, Name]]:
    """The numbers of some committees, their names where they have none, and their whole names."""
    wanted = set(ids)
    return await frequent.asked(connection, committee_names_of(wanted)) if wanted else {}


def committee_names_of(ids: Iterable[UUID]) -> Question[dict[UUID, tuple[Name, Name]]]:
    """The same as a question."""

    def read(rows: Iterable[Row]) -> dict[UUID, tuple[Name, Name]]:
        names = {id: (number, Name(zh, en or zh)) for id, number, zh, en in rows}
        return {id: (Name(number, number) if number else name, name) for id, (number, name) in names.items()}

    return Question(COMMITTEE_NAMES, {"ids": ids}, read)
