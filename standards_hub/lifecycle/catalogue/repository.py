"""Every query of the catalogue."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.catalogue.models import EntryRow, IcsRow, ImportRunRow, IsoCommitteeRow, IsoMemberRow, RelationRow
from standards_hub.lifecycle.catalogue.schemas import (
    CommitteeLine,
    CommitteeOut,
    EntryLine,
    EntryOut,
    IcsOut,
    Member,
    RelationOut,
    RunOut,
)
from standards_hub.lifecycle.catalogue.values import CommitteeRef

ENTRY, RELATION = table_of(EntryRow), table_of(RelationRow)
COMMITTEE, MEMBER, ICS, RUN = table_of(IsoCommitteeRow), table_of(IsoMemberRow), table_of(IcsRow), table_of(ImportRunRow)
LINE = [ENTRY.c[name] for name in EntryLine.__struct_fields__]
COMMITTEE_LINE = [COMMITTEE.c[name] for name in CommitteeLine.__struct_fields__]
MOST_RELATIONS = 500
"""Relations of one entry that are shown in each direction; ITU has documents with thousands."""


class Filter(Struct, frozen=True):
    """Which entries; what is none is not asked."""

    source: str | None = None
    status: str | None = None
    doctype: str | None = None
    committee: str | None = None
    stage: str | None = None


def _beyond(columns: Sequence[sa.Column[Any]], place: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Rows after a place in the order of these columns."""
    return sa.tuple_(*columns) > sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(place, columns, strict=True)))


async def page(connection: AsyncConnection, wanted: Filter, *, after: tuple[str, UUID] | None, limit: int) -> list[EntryLine]:
    """Entries by number, from after a place in that order."""
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}
    query = sa.select(*LINE).where(*(ENTRY.c[name] == value for name, value in given.items())).order_by(ENTRY.c.docid, ENTRY.c.id)
    if after:
        query = query.where(_beyond((ENTRY.c.docid, ENTRY.c.id), after))
    return [EntryLine(**row._mapping) for row in await connection.execute(query.limit(limit))]


async def sizes(connection: AsyncConnection) -> dict[str, int]:
    """How many entries there are of each source."""
    rows = await connection.execute(sa.select(ENTRY.c.source, sa.func.count()).group_by(ENTRY.c.source).order_by(ENTRY.c.source))
    return {row[0]: row[1] for row in rows}


async def lines(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, EntryLine]:
    """Entries by id, those that are there."""
    rows = await connection.execute(sa.select(*LINE).where(ENTRY.c.id.in_(ids)))
    return {row.id: EntryLine(**row._mapping) for row in rows}


async def names(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Name]:
    """The titles of entries, in English where the catalogue has that."""
    rows = await connection.execute(sa.select(ENTRY.c.id, ENTRY.c.title, ENTRY.c.titles).where(ENTRY.c.id.in_(ids))) if ids else ()
    return {id: Name(title, msgspec.json.decode(titles).get("en", title)) for id, title, titles in rows}


async def entry(connection: AsyncConnection, id: UUID) -> EntryOut | None:
    """An entry with its relations both ways."""
    row = (await connection.execute(sa.select(ENTRY).where(ENTRY.c.id == id))).mappings().first()
    if row is None:
        return None
    return EntryOut(
        **{name: row[name] for name in (*EntryLine.__struct_fields__, "canonical", "family", "effective_on", "verified", "last_committed")},
        titles=msgspec.json.decode(row["titles"]),
        committees=msgspec.json.decode(row["committees"], type=list[CommitteeRef]),
        ics=row["ics"].split(),
        extra=msgspec.json.decode(row["extra"]),
        relations=await _relations(connection, id),
        relations_to=await _relations_to(connection, id, row["identity"]),
    )


async def _relations(connection: AsyncConnection, id: UUID) -> list[RelationOut]:
    """What it says of others. Of several entries for one document any one will do, and the smallest id is always the same."""
    there = sa.select(ENTRY.c.id).where(ENTRY.c.identity == RELATION.c.identity).order_by(ENTRY.c.id).limit(1)
    target = there.correlate(RELATION).scalar_subquery()
    own = sa.select(RELATION.c.type, RELATION.c.docid, RELATION.c.degree, RELATION.c.position, target.label("entry"))
    some = own.where(RELATION.c.entry_id == id).order_by(RELATION.c.position).limit(MOST_RELATIONS).subquery()
    query = sa.select(some.c.type, some.c.docid, some.c.degree, some.c.entry, ENTRY.c.title)
    rows = await connection.execute(query.outerjoin(ENTRY, ENTRY.c.id == some.c.entry).order_by(some.c.position))
    return [RelationOut(**row._mapping) for row in rows]


async def _relations_to(connection: AsyncConnection, id: UUID, identity: str) -> list[RelationOut]:
    """What others say of it."""
    columns = (RELATION.c.type, ENTRY.c.docid, RELATION.c.degree, ENTRY.c.id.label("entry"), ENTRY.c.title)
    query = sa.select(*columns).join(ENTRY, ENTRY.c.id == RELATION.c.entry_id).where(RELATION.c.identity == identity, ENTRY.c.id != id)
    rows = await connection.execute(query.order_by(ENTRY.c.docid, RELATION.c.position).limit(MOST_RELATIONS))
    return [RelationOut(**row._mapping) for row in rows]


async def by_identity(connection: AsyncConnection, identity: str, docid: str) -> list[EntryLine]:
    """Every entry for one document, however its number is written."""
    query = sa.select(*LINE).where(sa.or_(ENTRY.c.identity == identity, ENTRY.c.docid == docid)).order_by(ENTRY.c.docid, ENTRY.c.id)
    return [EntryLine(**row._mapping) for row in await connection.execute(query.limit(50))]


async def editions(connection: AsyncConnection, series: str) -> list[EntryLine]:
    """Every edition, draft and amendment of one standard."""
    query = sa.select(*LINE).where(ENTRY.c.series == series).order_by(ENTRY.c.published_on.desc(), ENTRY.c.docid, ENTRY.c.id)
    return [EntryLine(**row._mapping) for row in await connection.execute(query.limit(200))]


async def committees(
    connection: AsyncConnection, *, parent: int | None, member: str | None, text: str | None, after: tuple[str, int] | None, limit: int
) -> list[tuple[str, CommitteeLine]]:
    """ISO committees in ISO's own order, each with its sort key; `member` is the acronym of a national body."""
    query = sa.select(COMMITTEE.c.sort_key, *COMMITTEE_LINE).order_by(COMMITTEE.c.sort_key, COMMITTEE.c.id)
    if parent is not None:
        query = query.where(COMMITTEE.c.parent_id == parent)
    if member:
        query = query.where(COMMITTEE.c.id.in_(sa.select(MEMBER.c.committee_id).where(MEMBER.c.acronym == member)))
    if text:
        query = query.where(
            sa.or_(COMMITTEE.c.reference.icontains(text, autoescape=True), COMMITTEE.c.title.icontains(text, autoescape=True))
        )
    if after is not None:
        query = query.where(_beyond((COMMITTEE.c.sort_key, COMMITTEE.c.id), after))
    rows = await connection.execute(query.limit(limit))
    return [(row.sort_key, CommitteeLine(**{c.name: row._mapping[c.name] for c in COMMITTEE_LINE})) for row in rows]


async def committee(connection: AsyncConnection, reference: str) -> CommitteeOut | None:
    """An ISO committee by its reference, `ISO/TC 197`."""
    row = (await connection.execute(sa.select(COMMITTEE).where(COMMITTEE.c.reference == reference))).mappings().first()
    if row is None:
        return None
    members = await connection.execute(
        sa.select(MEMBER.c.acronym, MEMBER.c.participation)
        .where(MEMBER.c.committee_id == row["id"])
        .order_by(MEMBER.c.participation.desc(), MEMBER.c.acronym)
    )
    children = await committees(connection, parent=row["id"], member=None, text=None, after=None, limit=500)
    return CommitteeOut(
        **{name: row[name] for name in (*CommitteeLine.__struct_fields__, "scope")},
        liaisons=msgspec.json.decode(row["liaisons"]),
        members=[Member(m.acronym, m.participation) for m in members],
        children=[child for _, child in children],
    )


async def ics(connection: AsyncConnection, *, parent: str | None, text: str | None) -> list[IcsOut]:
    """The classes beneath a code, or the fields; with a text, every class whose code begins so or whose title has it."""
    query = sa.select(*(ICS.c[name] for name in IcsOut.__struct_fields__)).order_by(ICS.c.code)
    if text:
        like = ICS.c.title_en.icontains(text, autoescape=True)
        query = query.where(sa.or_(like, ICS.c.code.startswith(text, autoescape=True))).limit(200)
    else:
        query = query.where(ICS.c.parent == parent if parent else ICS.c.parent.is_(None))
    return [IcsOut(**row._mapping) for row in await connection.execute(query)]


async def runs(connection: AsyncConnection, limit: int = 50) -> list[RunOut]:
    """The latest imports."""
    columns = [RUN.c[name] for name in RunOut.__struct_fields__]
    rows = await connection.execute(sa.select(*columns).order_by(RUN.c.started_at.desc(), RUN.c.id).limit(limit))
    return [RunOut(**{**row._mapping, "counts": msgspec.json.decode(row.counts)}) for row in rows]
