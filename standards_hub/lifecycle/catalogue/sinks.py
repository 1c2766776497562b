"""Where the records of a batch go: what is new is written, what changed is updated, what was seen before is counted."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel.events import table_of
from standards_hub.lifecycle.catalogue import storing
from standards_hub.lifecycle.catalogue.readers.registers import Row
from standards_hub.lifecycle.catalogue.storing import Known
from standards_hub.lifecycle.catalogue.values import Record, merged, older

Outcome = Literal["written", "updated", "unchanged", "duplicates"]


class Sink(Protocol):
    """Takes a batch; remembers what this run has seen, so that a second line for one thing is a duplicate."""

    async def take(self, connection: AsyncConnection, batch: Sequence[Any]) -> list[Outcome]: ...

    async def remember(self, connection: AsyncConnection, batch: Sequence[Any]) -> None:
        """Note a batch that an earlier, killed process of this run has already committed."""


class Entries:
    """Catalogue entries. One project is one entry, its newer line wins; lines of one number are merged."""

    def __init__(self) -> None:
        self.seen: set[UUID] = set()

    async def remember(self, connection: AsyncConnection, batch: Sequence[Record]) -> None:
        known = _Index(await storing.known(connection, batch))
        self.seen.update(found.id for record in batch if (found := known.find(record)))

    async def take(self, connection: AsyncConnection, batch: Sequence[Record]) -> list[Outcome]:
        known = _Index(await storing.known(connection, batch))
        new: dict[UUID, Record] = {}
        changed: dict[UUID, Record] = {}
        outcomes: list[Outcome] = []
        for record in batch:
            found = known.find(record)
            if found is None:
                id = record.id
                new[id] = record
                known.add(Known(id, record.source, record.project, record.docid, record.digests, record.last_committed))
                self.seen.add(id)
                outcomes.append("written")
                continue
            again = found.id in self.seen
            self.seen.add(found.id)
            result = await self._changed(connection, found, record, again, new.get(found.id) or changed.get(found.id))
            if result is None:
                outcomes.append("duplicates" if again else "unchanged")
                continue
            (new if found.id in new else changed)[found.id] = result
            known.add(Known(found.id, result.source, result.project, result.docid, result.digests, result.last_committed))
            outcomes.append("duplicates" if again else "updated")
        await storing.insert(connection, storing.finish(connection.dialect.name, new))
        await storing.replace(connection, changed)
        return outcomes

    async def _changed(
        self, connection: AsyncConnection, found: Known, record: Record, again: bool, pending: Record | None
    ) -> Record | None:
        """What the entry is to be after this line; none if it stays as it is."""
        if set(record.digests) <= set(found.digests):
            return None
        stale = older(record.last_committed, found.last_committed)
        if found.project == record.project and (found.project or not again):
            if stale:
                return None
            # A second line of the same file: its forerunner is remembered, or the next import would take it for news.
            return msgspec.structs.replace(record, digests=(*found.digests, *record.digests)) if again else record
        present = pending or await storing.record(connection, found.id)
        return merged(present, record) if stale else merged(record, present)


class _Index:
    """The known entries by project and by number."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.projects: dict[tuple[str, str], Known] = {}
        self.numbers: dict[tuple[str, str], Known] = {}
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        if one.project:
            self.projects[one.source, one.project] = one
        self.numbers[one.source, one.docid] = one

    def find(self, record: Record) -> Known | None:
        by_project = self.projects.get((record.source, record.project)) if record.project else None
        return by_project or self.numbers.get((record.source, record.docid))


class Rows:
    """A small table by its own key, with the rows beneath it written anew when it changes."""

    def __init__(self, model: type[SQLModel], beneath: type[SQLModel] | None = None, parent: str = "") -> None:
        self.table = table_of(model)
        self.beneath = table_of(beneath) if beneath else None
        self.parent = parent
        self.seen: set[Any] = set()

    @property
    def _key(self) -> sa.Column[Any]:
        return next(iter(self.table.primary_key))

    async def remember(self, connection: AsyncConnection, batch: Sequence[Row]) -> None:
        self.seen.update(row.key for row in batch)

    async def take(self, connection: AsyncConnection, batch: Sequence[Row]) -> list[Outcome]:
        key = self._key
        there = sa.select(key, self.table.c.digests).where(key.in_([row.key for row in batch]))
        known: dict[Any, str] = {found: digests for found, digests in await connection.execute(there)}
        outcomes: list[Outcome] = []
        for row in batch:
            again, before = row.key in self.seen, known.get(row.key)
            self.seen.add(row.key)
            mine = row.values["digests"]
            if before is not None and mine in before.split():
                outcomes.append("duplicates" if again else "unchanged")
                continue
            values = row.values | {"digests": f"{before} {mine}" if again else mine}
            await self._write(connection, row, values, there=before is not None)
            known[row.key] = values["digests"]
            outcomes.append("written" if before is None else "duplicates" if again else "updated")
        return outcomes

    async def _write(self, connection: AsyncConnection, row: Row, values: Mapping[str, Any], *, there: bool) -> None:
        if there:
            await connection.execute(sa.update(self.table).where(self._key == row.key).values(**values))
        else:
            await connection.execute(sa.insert(self.table).values({self._key.name: row.key, **values}))
        if self.beneath is not None:
            await connection.execute(sa.delete(self.beneath).where(self.beneath.c[self.parent] == row.key))
            if row.beneath:
                await connection.execute(sa.insert(self.beneath), [{self.parent: row.key, **one} for one in row.beneath])
