"""What is known outside the file: committees, organisations, standards that are there, and, through the port, plans and projects."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.models import CommitteeRow, OrganisationRow
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake.columns import folded
from standards_hub.lifecycle.intake.ports import linkage
from standards_hub.lifecycle.intake.values import Draft, Known, Named, There
from standards_hub.lifecycle.models import (
    AliasRow,
    DeadlineRow,
    DrafterRow,
    DraftingUnitRow,
    ExtensionRow,
    PaperRow,
    RelationRow,
    StandardRow,
    VisitRow,
    WatchRow,
)

STANDARD, ALIAS, EVENT = table_of(StandardRow), table_of(AliasRow), table_of(EventRow)
CHUNK = 5_000
"""Values in one question; SQLite takes 32,766."""


async def known_for(work: Work, drafts: Collection[Draft]) -> Known:
    """Everything the rows of a file name, a question for each kind of thing."""
    c = work.connection
    committees, bodies = await _committees(c) if any(d.committee for d in drafts) else ({}, [])
    organisations, names = await _organisations(c) if any(d.units or d.department for d in drafts) else ({}, [])
    keys = {key for d in drafts for key in (d.number_key, *(link.key for link in d.links)) if key}
    s = STANDARD.c
    by_title: dict[str, list[There]] = {}
    for there in await _standards(c, s.title_zh, {d.title for d in drafts if d.title}):
        by_title.setdefault(there.title, []).append(there)
    return Known(
        committees=committees,
        committee_names=bodies,
        organisations=organisations,
        organisation_names=names,
        words=await linkage().words(work),
        projects=await linkage().projects(work, {number for d in drafts for number in d.projects}),
        by_number={there.number_key: there for there in await _standards(c, s.number_key, keys) if there.number_key},
        by_plan_number=await _plan_numbers(c, {d.plan_number for d in drafts if d.plan_number}),
        by_title=by_title,
    )


async def _committees(connection: AsyncConnection) -> tuple[dict[str, list[Named]], list[str]]:
    """By number key and by name, and the names of those that are at work."""
    c = table_of(CommitteeRow).c
    found: dict[str, list[Named]] = {}
    rows = (await connection.execute(sa.select(c.id, c.number, c.number_key, c.name_zh, c.state))).all()
    for row in rows:
        label = f"{row.number} {row.name_zh}" if row.number else row.name_zh
        named = Named(row.id, label, row.state != "dissolved")
        for key in {row.number_key, folded(row.name_zh)} - {None}:
            found.setdefault(key, []).append(named)
    return found, [row.name_zh for row in rows if row.state != "dissolved"]


async def _organisations(connection: AsyncConnection) -> tuple[dict[str, Named], list[str]]:
    """By name, code, short and former name; a present name goes before a former one, and a merged one leads to its successor."""
    c = table_of(OrganisationRow).c
    query = sa.select(c.id, c.name_zh, c.short_name, c.uscc, c.active, c.merged_into, c.aliases).order_by(c.id)
    rows = {row.id: row for row in await connection.execute(query)}
    found: dict[str, Named] = {}
    firsts: list[tuple[str, Named]] = []
    laters: list[tuple[str, Named]] = []
    for row in rows.values():
        named = _current(rows, row.id)
        (firsts if row.active else laters).append((row.name_zh, named))
        laters += [(text, named) for text in (row.uscc, row.short_name, *_former(row.aliases)) if text]
    for text, named in (*firsts, *laters):
        found.setdefault(folded(text), named)
    return found, [row.name_zh for row in rows.values() if row.active]


def _former(aliases: Iterable[dict[str, Any]]) -> Iterator[str]:
    for alias in aliases:
        yield from (text for text in (alias.get("name"), alias.get("uscc")) if text)


def _current(rows: dict[UUID, Any], id: UUID) -> Named:
    seen: set[UUID] = set()
    while rows[id].merged_into in rows and id not in seen:
        seen.add(id)
        id = rows[id].merged_into
    return Named(id, rows[id].name_zh, rows[id].active)


async def _standards(connection: AsyncConnection, column: sa.Column[Any], values: Collection[str]) -> list[There]:
    s = STANDARD.c
    query = sa.select(s.id, s.number, s.plan_number, s.title_zh, s.track, s.kind, s.number_key).order_by(s.id)
    return [_there(row) for some in chunks(values) for row in await connection.execute(query.where(column.in_(some)))]


async def _plan_numbers(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, There]:
    """The standards that have or had a plan number."""
    s = STANDARD.c
    query = sa.select(
        s.id, s.number, s.plan_number, s.title_zh, s.track, s.kind, s.number_key, ALIAS.c.number.label("alias")
    ).join(ALIAS, ALIAS.c.standard_id == s.id)  # fmt: skip
    return {row.alias: _there(row) for some in chunks(numbers) for row in await connection.execute(query.where(ALIAS.c.number.in_(some)))}


def _there(row: Any) -> There:
    label = f"{row.number or row.plan_number or ''} {row.title_zh}".strip()
    return There(row.id, label, row.title_zh, row.track.partition("@")[0], row.kind, row.number_key, row.plan_number)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    found = list(values)
    for at in range(0, len(found), CHUNK):
        yield found[at : at + CHUNK]


async def imported(connection: AsyncConnection, import_id: UUID) -> Sequence[Any]:
    """The standards of an import that are there: id, version, label's parts and title."""
    s = STANDARD.c
    query = sa.select(s.id, s.version, s.number, s.plan_number, s.title_zh).where(s.import_id == import_id).order_by(s.id)
    return (await connection.execute(query)).all()


async def children(connection: AsyncConnection, ids: Collection[UUID]) -> dict[str, dict[UUID, list[UUID]]]:
    """The rows that hang on some standards, {what: {standard: ids}}, as erasing them names them."""
    found: dict[str, dict[UUID, list[UUID]]] = {}
    for what, model, key in (
        ("papers", PaperRow, "id"), ("visits", VisitRow, "id"), ("deadlines", DeadlineRow, "id"), ("aliases", AliasRow, "id"),
        ("relations", RelationRow, "id"), ("units", DraftingUnitRow, "organisation_id"), ("drafters", DrafterRow, "person_id"),
    ):  # fmt: skip
        table = table_of(model)
        rows = found.setdefault(what, {})
        for some in chunks(ids):
            query = sa.select(table.c.standard_id, table.c[key]).where(table.c.standard_id.in_(some)).order_by(table.c[key])
            for standard, id in await connection.execute(query):
                rows.setdefault(standard, []).append(id)
    return found


async def followers(connection: AsyncConnection, ids: Collection[UUID]) -> set[UUID]:
    """The standards among these that somebody watches or has asked more time for."""
    found: set[UUID] = set()
    for model in (WatchRow, ExtensionRow):
        table = table_of(model)
        for some in chunks(ids):
            found |= {row[0] for row in await connection.execute(sa.select(table.c.standard_id).where(table.c.standard_id.in_(some)))}
    return found


async def events_since(connection: AsyncConnection, import_id: UUID) -> Sequence[Any]:
    """What happened in the hub since an import was recorded: stream, type and payload of every event."""
    own = sa.select(sa.func.max(EVENT.c.id)).where(EVENT.c.stream == f"import:{import_id}").scalar_subquery()
    query = sa.select(EVENT.c.stream, EVENT.c.type, EVENT.c.payload).where(EVENT.c.id > own).order_by(EVENT.c.id)
    return (await connection.execute(query)).all()
