"""Finding: a query in a user's words to ranked hits, on either engine."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.database import driver_of
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.search.index import tags_of
from standards_hub.kernel.search.tokens import Phrase, marks, phrases_of

MOST = 1000
"""Hits of one query that can be paged through. Of a query that fits more, this many are ranked."""
SNIPPET = 120
LEAD = 30


class Hit(Struct, frozen=True):
    """Something found. `marks` and `snippet_marks` are ranges of characters to print bold."""

    kind: str
    key: str
    title: str
    marks: list[tuple[int, int]]
    snippet: str
    snippet_marks: list[tuple[int, int]]


async def search(
    connection: AsyncConnection,
    text: str,
    *,
    kinds: Sequence[str] | None = None,
    public_only: bool = False,
    limit: int = 20,
    after: int = 0,
) -> list[Hit]:
    """The best hits: those with all words, in the title before elsewhere. `after` is how many were seen before.

    Raises `BadInput` for a text without a single letter or figure.
    """
    phrases = _asked(text)
    rank = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    wanted = max(0, min(limit, MOST - after))
    sought = wanted and after >= 0 and (kinds is None or kinds)
    rows = await rank(connection, phrases, kinds, public_only, wanted, after) if sought else []
    return [_hit(phrases, *row) for row in rows]


async def keys(connection: AsyncConnection, text: str, kind: str, *, public_only: bool = False) -> list[str]:
    """The keys of everything of one kind that `search` would find, in no order. Raises `BadInput` as it does."""
    match = _match(connection, _asked(text), [kind], public_only)
    if connection.dialect.name == "sqlite":
        best = "SELECT rowid AS id FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC LIMIT ?"
        found = await connection.exec_driver_sql(f"SELECT e.key FROM ({best}) JOIN search_text_entry AS e USING (id)", (match, MOST))
        return list(found.scalars())
    statement = "SELECT key FROM search_text WHERE words @@ %s::tsquery LIMIT %s"
    return [row[0] for row in await _unprepared(connection, statement, (match, MOST))]


def _asked(text: str) -> list[Phrase]:
    if phrases := phrases_of(text):
        return phrases
    raise BadInput(say("请输入要查找的字词或编号"), unmet=[Unmet("search.empty", say("至少一个汉字、字母或数字"), "q")])


def _match(connection: AsyncConnection, phrases: list[Phrase], kinds: Sequence[str] | None, public_only: bool) -> str:
    """What is to be found, in the language of the engine."""
    if connection.dialect.name == "sqlite":
        words = " AND ".join(f'"{" ".join(p.tokens)}"{" *" if p.prefix else ""}' for p in phrases)
        query = f"{{title body}} : ({words})"
        if kinds is not None:
            query += " AND tags : (" + " OR ".join(f'"{tags_of(kind, False)[0]}"' for kind in kinds) + ")"
        return query + ' AND tags : "open"' if public_only else query
    query = _words(phrases)
    if kinds is not None:
        query += " & (" + " | ".join(f"'={tags_of(kind, False)[0]}'" for kind in kinds) + ")"
    return query + " & '=open'" if public_only else query


def _words(phrases: list[Phrase]) -> str:
    return " & ".join("(" + " <-> ".join(f"'{t}'{':*' if p.prefix else ''}" for t in p.tokens) + ")" for p in phrases)


async def _unprepared(connection: AsyncConnection, statement: str, values: tuple[Any, ...]) -> list[Any]:
    """Rows of PostgreSQL. A prepared plan would be made for no query in particular, and walk the table for the rare word."""
    return list(await (await driver_of(connection).execute(statement, values, prepare=False)).fetchall())


def _hit(phrases: list[Phrase], kind: str, key: str, title: str, body: str) -> Hit:
    found = marks(body, phrases)
    start = _lead(body, found[0][0]) if found else 0
    snippet = body[start : start + SNIPPET]
    inside = [(a - start, min(b - start, SNIPPET)) for a, b in found if start <= a < start + SNIPPET]
    return Hit(kind, key, title, marks(title, phrases), snippet, inside)


def renamed(hit: Hit, title: str, text: str) -> Hit:
    """A hit of a text under another title, such as that in the reader's language; where only the former has the words, it stands below."""
    if title == hit.title:
        return hit
    if found := marks(title, phrases_of(text)):
        return structs.replace(hit, title=title, marks=found, snippet="", snippet_marks=[])
    if hit.marks:
        return structs.replace(hit, title=title, marks=[], snippet=hit.title, snippet_marks=hit.marks)
    return structs.replace(hit, title=title, marks=[])


def _lead(body: str, first: int) -> int:
    """Where the words before the first mark begin: some way back, and not within a word."""
    back = max(0, first - LEAD)
    begins = (at for at in range(back, first) if not body[at].isspace() and not (_lettered(body[at - 1]) and _lettered(body[at])))
    return back and next(begins, first)


def _lettered(character: str) -> bool:
    """Whether words are made of it; a Chinese character is a word by itself."""
    return character.isascii() and character.isalnum()


async def titles(connection: AsyncConnection, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The titles of things by kind and key, as far as they are in the index."""
    table = sa.table(
        "search_text_entry" if connection.dialect.name == "sqlite" else "search_text",
        sa.column("kind"),
        sa.column("key"),
        sa.column("title"),
    )
    keys: dict[str, list[str]] = {}
    for kind, key in things:
        keys.setdefault(kind, []).append(key)
    if not keys:
        return {}
    where = [sa.and_(table.c.kind == kind, table.c.key.in_(wanted)) for kind, wanted in sorted(keys.items())]
    rows = await connection.execute(sa.select(table.c.kind, table.c.key, table.c.title).where(sa.or_(*where)))
    return {(kind, key): title for kind, key, title in rows}


async def _sqlite(
    connection: AsyncConnection, phrases: list[Phrase], kinds: Sequence[str] | None, public_only: bool, limit: int, after: int
) -> list[Any]:
    statement = """
        SELECT e.kind, e.key, e.title, e.body FROM (
            SELECT rowid AS id, score FROM (
                SELECT rowid, bm25(search_text, 8.0, 1.0, 0.0) AS score
                FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC LIMIT ?
            ) ORDER BY score, id DESC LIMIT ? OFFSET ?
        ) AS best JOIN search_text_entry AS e USING (id) ORDER BY best.score, e.id DESC"""
    match = _match(connection, phrases, kinds, public_only)
    return list(await connection.exec_driver_sql(statement, (match, MOST, limit, after)))


async def _postgresql(
    connection: AsyncConnection, phrases: list[Phrase], kinds: Sequence[str] | None, public_only: bool, limit: int, after: int
) -> list[Any]:
    statement = """
        SELECT kind, key, title, body FROM (
            SELECT id, ts_rank('{0,0,0.1,1}', words, %s::tsquery, 1) AS score FROM (
                SELECT id, words FROM search_text WHERE words @@ %s::tsquery LIMIT %s
            ) AS found ORDER BY score DESC, id DESC LIMIT %s OFFSET %s
        ) AS best JOIN search_text USING (id) ORDER BY best.score DESC, id DESC"""
    match = _match(connection, phrases, kinds, public_only)
    return await _unprepared(connection, statement, (_words(phrases), match, MOST, limit, after))
