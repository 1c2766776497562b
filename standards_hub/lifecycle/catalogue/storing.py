"""Writing the catalogue in bulk: finished rows by COPY on PostgreSQL and by one prepared insert on SQLite."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import search
from standards_hub.kernel.events import table_of
from standards_hub.kernel.search.index import copy_in, finished, insert_finished
from standards_hub.lifecycle.catalogue.models import EntryRow, RelationRow
from standards_hub.lifecycle.catalogue.values import CommitteeRef, Record, Target, named

ENTRIES = table_of(EntryRow)
RELATIONS = table_of(RelationRow)
KIND = "catalogue"
SAME = ("source", "project", "docid", "doctype", "stage", "substage", "status", "edition", "published_on", "published_precision",
        "effective_on", "verified", "last_committed")  # fmt: skip
"""Columns that stand in a record under the same name."""
SOME = 500


class Known(Struct):
    """What an import must know of an entry that is there: who it is and which lines made it."""

    id: UUID
    source: str
    project: str | None
    docid: str
    digests: tuple[str, ...]
    last_committed: str | None


class Finished(Struct):
    """Rows as the tables take them."""

    entries: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    texts: list[tuple[Any, ...]]


def entry_row(id: UUID, record: Record) -> dict[str, Any]:
    """An entry as its row."""
    name = named(record.docid)
    row = {column: getattr(record, column) for column in SAME}
    return row | {
        "id": id, "identity": name.identity, "series": name.series, "family": name.family, "canonical": name.canonical, "title": record.title,
        "titles": msgspec.json.encode(record.titles).decode(), "committee": record.committees[0].identifier if record.committees else None,
        "committees": msgspec.json.encode(record.committees).decode(), "ics": " ".join(record.ics), "digests": " ".join(record.digests),
        "extra": msgspec.json.encode(record.extra).decode(),
    }  # fmt: skip


def relation_rows(id: UUID, record: Record) -> list[dict[str, Any]]:
    return [
        {"entry_id": id, "position": n, "type": r.type, "docid": r.docid, "identity": named(r.docid).identity, "degree": r.degree}
        for n, r in enumerate(record.relations)
    ]


def text_of(id: UUID, record: Record) -> search.Entry:
    """What an entry is found by: number and title first, then its other titles, committees and ICS codes."""
    canonical = named(record.docid).canonical
    others = [title for title in record.titles.values() if title != record.title]
    committees = [word for c in record.committees for word in (c.identifier, c.name)]
    body = search.words_once(canonical if canonical != record.docid else None, *others, *committees, *record.ics)
    return search.Entry(KIND, str(id), record.docid if record.title == record.docid else f"{record.docid} {record.title}", body)


def finish(dialect: str, records: Mapping[UUID, Record]) -> Finished:
    """Everything that the tables and the index take of these records. Pure."""
    return Finished(
        [entry_row(id, record) for id, record in records.items()],
        [row for id, record in records.items() for row in relation_rows(id, record)],
        finished(dialect, (text_of(id, record) for id, record in records.items())),
    )


async def insert(connection: AsyncConnection, rows: Finished) -> None:
    """Insert entries that are not there yet, with their relations and search rows."""
    await _bulk(connection, ENTRIES, rows.entries)
    await _bulk(connection, RELATIONS, rows.relations)
    await insert_finished(connection, rows.texts)


async def _bulk(connection: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        await connection.execute(sa.insert(table), rows)
    else:
        names = [column.name for column in table.columns]
        await copy_in(connection, table.name, names, ([row[name] for name in names] for row in rows))


async def replace(connection: AsyncConnection, records: Mapping[UUID, Record]) -> None:
    """Bring entries that are there to what these records say."""
    if not records:
        return
    rows = [entry_row(id, record) for id, record in records.items()]
    values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "id"}
    statement = sa.update(ENTRIES).where(ENTRIES.c.id == sa.bindparam("this")).values(**values)
    await connection.execute(statement, [{**{k: v for k, v in row.items() if k != "id"}, "this": row["id"]} for row in rows])
    for ids in _some(list(records)):
        await connection.execute(sa.delete(RELATIONS).where(RELATIONS.c.entry_id.in_(ids)))
    await _bulk(connection, RELATIONS, [row for id, record in records.items() for row in relation_rows(id, record)])
    await search.index_many(connection, [text_of(id, record) for id, record in records.items()])


async def known(connection: AsyncConnection, records: Collection[Record]) -> list[Known]:
    """The entries that these records may be about: of the same project or the same number."""
    columns = [ENTRIES.c[name] for name in Known.__struct_fields__]
    found: dict[UUID, Known] = {}
    for column, values in (
        (ENTRIES.c.project, {r.project for r in records if r.project}),
        (ENTRIES.c.docid, {r.docid for r in records}),
    ):
        for some in _some(sorted(values)):
            for row in await connection.execute(sa.select(*columns).where(column.in_(some))):
                found[row.id] = Known(**{**row._mapping, "digests": tuple(row.digests.split())})
    return list(found.values())


def _some(items: list[Any]) -> Sequence[list[Any]]:
    return [items[at : at + SOME] for at in range(0, len(items), SOME)]


async def record(connection: AsyncConnection, id: UUID) -> Record:
    """An entry as the record that would make it again."""
    row = (await connection.execute(sa.select(ENTRIES).where(ENTRIES.c.id == id))).mappings().one()
    related = await connection.execute(sa.select(RELATIONS).where(RELATIONS.c.entry_id == id).order_by(RELATIONS.c.position))
    return Record(
        **{column: row[column] for column in SAME},
        titles=msgspec.json.decode(row["titles"]),
        committees=msgspec.json.decode(row["committees"], type=tuple[CommitteeRef, ...]),
        ics=tuple(row["ics"].split()),
        digests=tuple(row["digests"].split()),
        extra=msgspec.json.decode(row["extra"], type=dict[str, msgspec.Raw]),
        relations=tuple(Target(r.type, r.docid, r.degree) for r in related),
    )
