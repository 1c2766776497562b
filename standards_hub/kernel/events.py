"""The one log: append-only, typed, hash-chained. Tables are projections of it, written in the same transaction.

An event is a Struct that says what happened and, as a pure function, which rows it changes. Writing applies those
changes to the tables; replaying applies the same changes to an empty `Replica`. So the log is the audit trail, the
history and the view of any past day, and there is no second history.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc
from standards_hub.kernel.messages import Message

GENESIS = "0" * 64
CHAIN_LOCK = 0x5348_0002


class EventRow(SQLModel, table=True):
    """One link of the chain. `id` counts without gaps from 1, so it is also a safe cursor for readers of the log."""

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("stream", "seq"),)
    id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    stream: str
    seq: int
    type: str = Field(index=True)
    effective_on: date
    recorded_at: datetime = Field(sa_type=Utc)
    actor: str
    payload: str = Field(sa_type=sa.Text)
    hash: str


class Stamp(Struct, frozen=True, gc=False):
    """What the log adds to an event: where it stands, when it was true, when we learned it, and from whom."""

    stream: str
    seq: int
    effective_on: date
    recorded_at: datetime
    actor: str

    @property
    def subject(self) -> UUID:
        """The id of the thing whose stream it is."""
        return _subject(self.stream)


@lru_cache(maxsize=4096)
def _subject(stream: str) -> UUID:
    return UUID(stream.partition(":")[2])


class Change(Struct, frozen=True, gc=False):
    """One row that is written. `key` is the primary key, `values` all other columns that change."""

    kind: str
    """insert, update, delete; or ask, which inserts unless there is such a row already, and is no part of events"""
    table: str
    key: dict[str, Any]
    values: dict[str, Any] = {}
    version: int | None = None
    """The version that the row must still have; the optimistic lock of a subject."""


def insert(model: type[SQLModel], **values: Any) -> Change:
    """A new row with every column said: those left out are null, and a missing column that may not be null is an error."""
    form = _form(model, tuple(values))
    return Change("insert", form.table, {name: values.pop(name) for name in form.keys}, {**form.nulls, **values})


class _Form(Struct, frozen=True):
    """What a new row of a table is made with."""

    table: str
    keys: tuple[str, ...]
    nulls: dict[str, None]
    """All columns beside the key, in their order, with nothing said of any."""


@lru_cache(maxsize=512)
def _form(model: type[SQLModel], said: tuple[str, ...]) -> _Form:
    """The form for these columns, which most events of a kind say alike; so a replay asks once whether they are right."""
    table = table_of(model)
    if missing := {column.name for column in table.columns if not column.nullable}.difference(said):
        raise TypeError(f"{table.name}.{min(missing)} is not said")
    if unknown := set(said).difference(table.columns.keys()):
        raise TypeError(f"{table.name} has no {', '.join(sorted(unknown))}")
    keys = tuple(column.name for column in table.primary_key)
    return _Form(table.name, keys, dict.fromkeys(column.name for column in table.columns if column.name not in keys))


def update(model: type[SQLModel], key: Mapping[str, Any] | UUID, **values: Any) -> Change:
    """Other values for a row that is there."""
    return Change("update", table_of(model).name, _key(key), values)


def delete(model: type[SQLModel], key: Mapping[str, Any] | UUID) -> Change:
    return Change("delete", table_of(model).name, _key(key))


def _key(key: Mapping[str, Any] | UUID) -> dict[str, Any]:
    return {"id": key} if isinstance(key, UUID) else dict(key)


def table_of(model: type[SQLModel]) -> sa.Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


class Event(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all events; a subclass is one kind of thing that happens, and registers itself under its name."""

    kinds: ClassVar[dict[str, type["Event"]]] = {}
    withheld: ClassVar[frozenset[str]] = frozenset()
    """Fields that are kept and proven like all others, but are not told to whoever may read the log; `comment.email` is one within another."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.type_name() in Event.kinds and Event.kinds[cls.type_name()].__module__ != cls.__module__:
            raise TypeError(f"two events named {cls.type_name()}")
        Event.kinds[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def changes(self, at: Stamp) -> Iterable[Change]:
        """The rows it writes; pure, so that replay gives the same tables."""
        return ()


EVENT_NAMES: dict[str, Message] = {}
"""What happened, in words, by the type of the event."""


def named(names: Mapping[Any, Message]) -> None:
    """Give events, by class or by type, their names; each room does so beside its events."""
    EVENT_NAMES.update((kind if isinstance(kind, str) else kind.type_name(), name) for kind, name in names.items())


PROJECTIONS: dict[str, str] = {}
"""Streams whose subject is a row with `version`: the stream's kind and its table."""
REPLAYED: set[str] = set()
"""Every table that the log alone determines; the audit compares them column by column."""


def projection(*models: type[SQLModel], stream: str | None = None) -> None:
    """Declare tables that events write; the first is the subject of streams of that kind."""
    REPLAYED.update(table_of(model).name for model in models)
    if stream:
        PROJECTIONS[stream] = table_of(models[0]).name


def changes_of(event: Event, at: Stamp) -> list[Change]:
    """What an event writes, with the subject's version, changes to one row folded into one."""
    folded: dict[tuple[str, tuple[Any, ...]], Change] = {}
    table = PROJECTIONS.get(at.stream.partition(":")[0])
    own = [Change("update", table, {"id": at.subject}, {"version": at.seq}, at.seq - 1)] if table else []
    for change in [*own, *event.changes(at)]:
        place = (change.table, tuple(change.key.values()))
        before = folded.get(place)
        if change.kind == "delete":
            folded.pop(place, None)
            folded[place] = change  # last, so that the rows that refer to it go first
        elif before is None or (change.kind == "insert" and before.kind == "update"):
            folded[place] = change
        elif before.kind == "delete":
            folded[place] = Change("update", change.table, change.key, change.values)
        else:
            folded[place] = Change(before.kind, before.table, before.key, {**before.values, **change.values}, before.version)
    return list(folded.values())


def encode(event: Event) -> str:
    return msgspec.json.encode(event, order="deterministic").decode()


def decode(kind: str, payload: str) -> Event:
    return msgspec.json.decode(payload, type=Event.kinds[kind])


def link(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of a link: over the previous one and every column of its own, as a JSON list. `kernel.chain` does the same in SQL."""
    return hashlib.sha256(f'["{previous}",{row["id"]},{rest(row)}'.encode()).hexdigest()


def rest(row: Mapping[str, Any]) -> str:
    """What a link covers besides its place in the chain: the end of the JSON list, from `stream` on."""
    recorded = row["recorded_at"].isoformat(timespec="microseconds")
    parts = [row["stream"], row["seq"], row["type"], row["effective_on"].isoformat(), recorded, row["actor"], row["payload"]]
    return msgspec.json.encode(parts).decode()[1:]


def written(row: Mapping[str, Any]) -> tuple[Stamp, list[Change]]:
    """A row of the log as a replay needs it: where it stands, and what it writes."""
    at = Stamp(row["stream"], row["seq"], row["effective_on"], row["recorded_at"], row["actor"])
    return at, list(decode(row["type"], row["payload"]).changes(at))


class Replica:
    """The projected tables in memory: {table: {key: row}}, filled by replaying events.

    Replaying only some of the log, as of a day, `partial` passes over changes to rows that were not there yet.
    """

    def __init__(self, *, partial: bool = False) -> None:
        self.partial = partial
        self.tables: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {name: {} for name in REPLAYED}

    def apply(self, row: Mapping[str, Any]) -> None:
        """Replay one row of the log."""
        self.write(*written(row))

    def write(self, at: Stamp, changes: Iterable[Change]) -> None:
        """What an event writes, one change after another: what the database got through `changes_of`, as events update only what is there.

        Raises KeyError where the whole log is replayed and it does not hold what an event changes.
        """
        subjects = PROJECTIONS.get(at.stream.partition(":")[0])
        there = subjects is None or self.partial
        if subjects and (subject := (at.subject,)) in (rows := self.tables[subjects]):
            rows[subject], there = {**rows[subject], "version": at.seq}, True
        for change in changes:
            rows, key = self.tables[change.table], tuple(change.key.values())
            if change.kind == "insert":
                rows[key] = {**change.key, **change.values}
                there = there or (change.table == subjects and key == (at.subject,))
            elif change.kind == "delete":
                rows.pop(key, None)
            elif not self.partial or key in rows:
                rows[key] = {**rows[key], **change.values}
        if not there:
            raise KeyError(at.stream)

    def rows(self, model: type[SQLModel]) -> Iterator[dict[str, Any]]:
        return iter(self.tables[table_of(model).name].values())
