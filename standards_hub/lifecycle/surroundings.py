"""Everything that hangs on one standard, read by one query that gives each list as JSON."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel import frequent
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import REPLAYED, Replica, table_of
from standards_hub.kernel.messages import say
from standards_hub.lifecycle import entries
from standards_hub.lifecycle.entries import Entry
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
from standards_hub.lifecycle.repository import STANDARD, decoded, facts, gathered
from standards_hub.lifecycle.values import Alias, Deadline, Drafter, DraftingUnit, Extension, Paper, Relation, Standard, Visit, Waiver


class Watcher(Struct, frozen=True):
    account_id: UUID


class Surroundings(Struct):
    """What hangs on a standard, each list in its usual order."""

    visits: list[Visit] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    relations_to: list[Relation] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    drafting_units: list[DraftingUnit] = field(default_factory=list)
    drafters: list[Drafter] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)

    def sort(self) -> None:
        for name, (_, _, order) in PARTS.items():
            getattr(self, name).sort(key=lambda value, order=order: [_place(getattr(value, attribute)) for attribute in order])


PARTS: dict[str, tuple[type[SQLModel], str, tuple[str, ...]]] = {
    "visits": (VisitRow, "standard_id", ("entered_on", "left_on", "id")),
    "papers": (PaperRow, "standard_id", ("dated", "added_on", "seq")),
    "deadlines": (DeadlineRow, "standard_id", ("opened_on", "due_on", "id")),
    "extensions": (ExtensionRow, "standard_id", ("asked_on", "id")),
    "relations": (RelationRow, "standard_id", ("since", "id")),
    "relations_to": (RelationRow, "target_id", ("since", "id")),
    "waivers": (WaiverRow, "standard_id", ("waived_on", "id")),
    "aliases": (AliasRow, "standard_id", ("since", "id")),
    "drafting_units": (DraftingUnitRow, "standard_id", ("rank", "organisation_id")),
    "drafters": (DrafterRow, "standard_id", ("rank", "person_id")),
    "watchers": (WatchRow, "standard_id", ("account_id",)),
}
"""The lists: from which table, by which column, in which order; what is open or not said comes last."""
KINDS: dict[str, type[Struct]] = {f.name: f.type.__args__[0] for f in msgspec.structs.fields(Surroundings)}
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {name: msgspec.json.Decoder(list[kind], strict=False) for name, kind in KINDS.items()}  # type: ignore[valid-type]


def _place(value: Any) -> tuple[bool, Any]:
    return value is None, 0 if value is None else value


@cache
def _query(engine: str) -> sa.Select[Any]:
    lists = (gathered(engine, model, KINDS[name], column).label(name) for name, (model, column, _) in PARTS.items())
    return sa.select(facts(engine), *lists).where(STANDARD.c.id == sa.bindparam("id"))


@cache
def _query_and_newest(engine: str) -> sa.Select[Any]:
    return _query(engine).add_columns(entries.newest(engine, STANDARD.c.version))


def within(replica: Replica, id: UUID) -> Surroundings:
    """What hung on a standard in a replay of the log; who follows it is not in the log."""
    found = Surroundings()
    for name, (model, column, _) in PARTS.items():
        rows = replica.rows(model) if table_of(model).name in REPLAYED else iter(())
        kind = KINDS[name]
        own = getattr(found, name)
        own += [kind(**{field: row[field] for field in kind.__struct_fields__}) for row in rows if row[column] == id]
    found.sort()
    return found


async def whole(connection: AsyncConnection, id: UUID) -> tuple[Standard, Surroundings]:
    """A standard and everything that hangs on it. Raises `NotFound`."""
    return _read((await connection.execute(_query(connection.dialect.name), {"id": id})).first(), id)


async def whole_and_newest(
    connection: AsyncConnection, id: UUID, last: int, kinds: Iterable[str]
) -> tuple[Standard, Surroundings, list[Entry]]:
    """The same with the last events of its history and those of some kinds, oldest first. Raises `NotFound`."""
    values = {"id": id, "stream": f"{Standard.stream_kind}:{id}", "last": last, "kinds": kinds}
    row = next(iter(await frequent.rows(connection, _query_and_newest(connection.dialect.name), values)), None)
    return *_read(row, id), entries.decoded(row[-1] if row else None)


def _read(row: frequent.Row | None, id: UUID) -> tuple[Standard, Surroundings]:
    if row is None:
        raise NotFound(say("找不到标准 {id}", id=id))
    found = Surroundings(**{name: DECODERS[name].decode(row[place] or "[]") for place, name in enumerate(PARTS, 1)})
    found.sort()
    return decoded(row[0], Standard), found
