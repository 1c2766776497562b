"""The index and how it is written. Its tables begin with `search_text` and are made here, not by SQLModel.

SQLite: `search_text_entry` holds what was indexed, the FTS5 table `search_text` its tokens under the same number.
PostgreSQL: one table `search_text` with a tsvector under GIN. Kind and openness are tokens too, so that a rare kind is
found among many others without looking at each.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.database import driver_of
from standards_hub.kernel.search.tokens import words_of

MOST_WORDS = 4000
"""Tokens of a body that are indexed. PostgreSQL knows 16,383 places in a text."""
LONGEST_BODY = 20_000
LONGEST_TITLE = 2_000
CHUNK = 500
KIND = re.compile(r"[a-z_]{1,40}")

SQLITE = (
    """CREATE TABLE search_text_entry (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key))""",
    """CREATE VIRTUAL TABLE search_text USING fts5 (title, body, tags, tokenize = "ascii tokenchars '.'")""",
)
POSTGRESQL = (
    """CREATE TABLE search_text (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, key text NOT NULL, title text NOT NULL, body text NOT NULL,
        words tsvector NOT NULL, UNIQUE (kind, key))""",
    "CREATE INDEX search_text_words ON search_text USING gin (words)",
)


class Entry(Struct, frozen=True):
    """What is to be found: a thing's kind and key, the title shown and ranked first, other words, and whether the public may see it."""

    kind: str
    key: str
    title: str
    body: str = ""
    public: bool = True


def words_once(*words: str | None) -> str:
    """A body of some words, each once: an excerpt of it is read."""
    return " ".join(dict.fromkeys(word for word in words if word))


def create_search(connection: sa.Connection) -> None:
    """Make the index on either engine; called from a migration."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_search(connection: sa.Connection) -> None:
    for table in ("search_text", "search_text_entry") if connection.dialect.name == "sqlite" else ("search_text",):
        connection.exec_driver_sql(f"DROP TABLE {table}")


def tags_of(kind: str, public: bool) -> list[str]:
    """The tokens of a kind and of openness."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"not a kind: {kind}")
    return [f"kind.{kind.replace('_', '.')}", *(["open"] if public else [])]


async def index(connection: AsyncConnection, kind: str, key: str, *, title: str, body: str = "", public: bool) -> None:
    """Let a thing be found under these words from the commit on, and no longer under those of before."""
    await index_many(connection, [Entry(kind, key, title, body, public)])


async def index_many(connection: AsyncConnection, entries: Sequence[Entry], *, fresh: bool = False) -> None:
    """Index many at once; the last of one key counts. `fresh` promises that none of them is in the index yet."""
    last = list({(e.kind, e.key): e for e in entries}.values())
    if not fresh:
        for kind in {e.kind for e in last}:
            await _remove(connection, kind, [e.key for e in last if e.kind == kind])
    await insert_finished(connection, finished(connection.dialect.name, last))


def finished(dialect: str, entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    """The rows as the engine takes them: kind, key, title, body and then its tokens. Pure, and the costly half of indexing."""
    make = _sqlite_row if dialect == "sqlite" else _postgresql_row
    return [make(entry) for entry in entries]


def _sqlite_row(entry: Entry) -> tuple[Any, ...]:
    title, body = entry.title[:LONGEST_TITLE], entry.body[:LONGEST_BODY]
    (words, beside), (more, more_beside) = words_of(title), words_of(body)
    # FTS5 counts places by tokens, so one is put between the text and what stands beside it, or they would make phrases.
    tags = " ".join(tags_of(entry.kind, entry.public))
    return (entry.kind, entry.key, title, body, _line(words, beside), _line(more[:MOST_WORDS], more_beside), tags)


def _line(words: list[str], beside: list[str]) -> str:
    return " ".join([*words, ".", *dict.fromkeys(beside)]) if beside else " ".join(words)


def _postgresql_row(entry: Entry) -> tuple[Any, ...]:
    title, body = entry.title[:LONGEST_TITLE], entry.body[:LONGEST_BODY]
    (words, beside), (more, more_beside) = words_of(title), words_of(body)
    places: dict[str, list[str]] = {}
    for at, word in enumerate(words, 1):
        places.setdefault(word, []).append(f"{at}A")
    for at, word in enumerate(more[:MOST_WORDS], len(words) + 2):
        places.setdefault(word, []).append(str(at))
    for tag in tags_of(entry.kind, entry.public):
        places["=" + tag] = []
    for word in (*beside, *more_beside):
        places.setdefault(word, [])
    vector = " ".join(f"'{word}':{','.join(at[:250])}" if at else f"'{word}'" for word, at in places.items())
    return (entry.kind, entry.key, title, body, vector)


async def insert_finished(connection: AsyncConnection, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows that `finished` made and that are not there yet."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        first = (await connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM search_text_entry")).scalar_one()
        numbered = [(first + n, *row) for n, row in enumerate(rows)]
        entries = [row[:5] for row in numbered]
        await connection.exec_driver_sql("INSERT INTO search_text_entry (id, kind, key, title, body) VALUES (?,?,?,?,?)", entries)
        texts = [(r[0], *r[5:]) for r in numbered]
        await connection.exec_driver_sql("INSERT INTO search_text (rowid, title, body, tags) VALUES (?,?,?,?)", texts)
        return
    await copy_in(connection, "search_text", ("kind", "key", "title", "body", "words"), rows)


async def copy_in(connection: AsyncConnection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table of PostgreSQL inside the connection's transaction."""
    async with driver_of(connection).cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            await copy.write_row(row)


async def remove(connection: AsyncConnection, kind: str, key: str) -> None:
    """Let it be found no longer; nothing happens if it was not there."""
    await _remove(connection, kind, [key])


async def remove_kind(connection: AsyncConnection, kind: str) -> None:
    """Take everything of one kind out, before it is indexed anew."""
    if connection.dialect.name == "sqlite":
        theirs = "SELECT id FROM search_text_entry WHERE kind = ?"
        await connection.exec_driver_sql(f"DELETE FROM search_text WHERE rowid IN ({theirs})", (kind,))
        await connection.exec_driver_sql("DELETE FROM search_text_entry WHERE kind = ?", (kind,))
    else:
        await connection.execute(sa.text("DELETE FROM search_text WHERE kind = :kind"), {"kind": kind})


async def _remove(connection: AsyncConnection, kind: str, keys: list[str]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        await connection.execute(sa.text("DELETE FROM search_text WHERE kind = :kind AND key = ANY(:keys)"), {"kind": kind, "keys": keys})
        return
    for at in range(0, len(keys), CHUNK):
        some = keys[at : at + CHUNK]
        found = f"SELECT id FROM search_text_entry WHERE kind = ? AND key IN ({','.join('?' * len(some))})"
        ids = [(row[0],) for row in await connection.exec_driver_sql(found, (kind, *some))]
        if ids:
            await connection.exec_driver_sql("DELETE FROM search_text WHERE rowid = ?", ids)
            await connection.exec_driver_sql("DELETE FROM search_text_entry WHERE id = ?", ids)
