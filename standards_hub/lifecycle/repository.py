"""Every query about standards. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel import frequent
from standards_hub.kernel.access.actor import SYSTEM, Actor, Body
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say
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
    WaiverRow,
    WatchRow,
)
from standards_hub.lifecycle.values import (
    UNDER_WAY,
    Alias,
    Deadline,
    Drafter,
    DraftingUnit,
    Extension,
    Paper,
    Relation,
    Standard,
    Visit,
    Waiver,
)

T = TypeVar("T")
STANDARD = table_of(StandardRow)
ONE = sa.select(STANDARD).where(STANDARD.c.id == sa.bindparam("id"))
LOCKED = ONE.with_for_update()
ALIAS, REFERENCE = table_of(AliasRow), sa.bindparam("reference", type_=sa.String)
CALLED = (
    sa.select(STANDARD)
    .where(STANDARD.c.id.in_(sa.union(
        sa.select(STANDARD.c.id).where(STANDARD.c.number == REFERENCE),
        sa.select(STANDARD.c.id).where(STANDARD.c.number_key == REFERENCE),
        sa.select(ALIAS.c.standard_id).where(ALIAS.c.number == REFERENCE),
    )))
    .limit(2)
)  # fmt: skip
"""Called by a number. A union, since for an OR that reaches into another table PostgreSQL reads all standards."""
PUBLIC_STAGES = ("30.20", "30.60", "40.20", "40.60", "50.20", "60.00", "60.60", "90.20", "90.60", "90.93", "95.20", "95.99")
"""What the public sees: from the public comment on (标准化法 requires drafts to be published then)."""
PUBLIC = STANDARD.c.stage.in_(PUBLIC_STAGES)


class Filter(Struct, frozen=True, kw_only=True):
    """What a list of standards is narrowed to; several values of one field are alternatives."""

    level: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    """Codes, or two digits for a whole stage."""
    step: tuple[str, ...] = ()
    """Steps by their keys, where one code has several."""
    status: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    committee: tuple[UUID, ...] = ()
    plan: str | None = None
    kind: tuple[str, ...] = ()
    fills_gap: bool | None = None
    stricter: bool | None = None
    published_from: date | None = None
    published_to: date | None = None
    overdue_on: date | None = None
    text: str | None = None
    ids: tuple[UUID, ...] | None = None
    """Narrowed to these, which a search found."""


MATCHED = {
    "level": STANDARD.c.level, "step": STANDARD.c.step, "status": STANDARD.c.status, "track": STANDARD.c.track, "field": STANDARD.c.primary_field,
    "region": STANDARD.c.region, "committee": STANDARD.c.committee_id, "kind": STANDARD.c.kind, "ids": STANDARD.c.id,
    "plan": STANDARD.c.plan_key, "fills_gap": STANDARD.c.fills_gap, "stricter": STANDARD.c.stricter,
}  # fmt: skip
"""The columns that a field of the filter must equal, or be among several values of."""


def values_of(wanted: Filter) -> dict[str, Any]:
    """What the conditions of a filter are given. The names alone decide what the conditions are, so statements can be kept by them."""
    values: dict[str, Any] = {}
    for name in MATCHED:
        given = getattr(wanted, name)
        if not isinstance(given, tuple):
            values |= {} if given is None else {name: given}
        elif given or name == "ids":
            values |= {name: given[0]} if len(given) == 1 else {f"{name}_any": list(given)}
    for n, stage in enumerate(wanted.stage):
        values |= {f"stage_{n}": stage} if "." in stage else {f"stage_{n}_from": f"{stage}.00", f"stage_{n}_to": f"{stage}.99"}
    for name in ("published_from", "published_to", "overdue_on"):
        values |= {} if (given := getattr(wanted, name)) is None else {name: given}
    return values


def conditions(names: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """The conditions of a filter by the names of what they are given."""
    c = STANDARD.c
    found: list[sa.ColumnElement[bool]] = []
    stages: list[sa.ColumnElement[bool]] = []
    for name in names:
        field = name.removesuffix("_any")
        if field in MATCHED:
            column = MATCHED[field]
            found.append(among(column, name) if field != name else column == sa.bindparam(name, type_=column.type))
        elif name.endswith("_from") and name.startswith("stage"):
            stages.append(c.stage.between(sa.bindparam(name), sa.bindparam(name.replace("_from", "_to"))))
        elif name.startswith("stage") and not name.endswith("_to"):
            stages.append(c.stage == sa.bindparam(name))
        elif name == "published_from":
            found.append(c.published_on >= sa.bindparam(name))
        elif name == "published_to":
            found.append(c.published_on <= sa.bindparam(name))
        elif name == "overdue_on":
            d = table_of(DeadlineRow)
            found.append(c.id.in_(sa.select(d.c.standard_id).where(d.c.state == "running", d.c.due_on < sa.bindparam(name))))
    return [*found, sa.or_(*stages)] if stages else found


def clauses(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """A filter as conditions on the table of standards."""
    values = values_of(wanted)
    return [condition.params(values) for condition in conditions(values)]


def visible(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What an actor may see at all: everything once signed in, the public only what has gone to public comment."""
    return [] if actor.may("standard.read") else [PUBLIC]


def may_see(actor: Actor, standard: Standard) -> bool:
    return actor.may("standard.read", standard) or standard.stage in PUBLIC_STAGES


def build(kind: type[T], rows: Iterable[Any]) -> list[T]:
    """Rows of a table as values of a Struct with the same names."""
    return [kind(**row._mapping) for row in rows]


async def standard(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Standard:
    """One standard; with `lock`, nobody else may change it until this transaction ends."""
    row = (await connection.execute(LOCKED if lock else ONE, {"id": id})).first()
    if row is None:
        raise NotFound(say("找不到标准 {id}", id=id))
    return Standard(**row._mapping)


async def find(connection: AsyncConnection, reference: str) -> Standard:
    """The standard called by an id, a number, or a present or past plan number."""
    try:
        called = (await connection.execute(ONE, {"id": UUID(reference)})).all()
    except ValueError:
        called = (await connection.execute(CALLED, {"reference": reference})).all()
    if len(called) != 1:
        raise NotFound(say("找不到标准 {id}", id=reference) if not called else say("{id} 对应多项标准，请用内部编号", id=reference))
    return Standard(**called[0]._mapping)


async def by_step(connection: AsyncConnection, wanted: Filter = Filter(), *, actor: Actor = SYSTEM) -> dict[tuple[str, str, str], int]:
    """How many stand where, {(track, step, status): count}, of those that the actor may see."""
    c = STANDARD.c
    query = (
        sa.select(c.track, c.step, c.status, sa.func.count()).where(*visible(actor), *clauses(wanted)).group_by(c.track, c.step, c.status)
    )
    return {(row[0], row[1], row[2]): row[3] for row in await connection.execute(query)}


async def _of_standard(connection: AsyncConnection, model: type[SQLModel], kind: type[T], id: UUID, *order: str) -> list[T]:
    return build(kind, await connection.execute(_rows_of_standard(model, order), {"id": id}))


@cache
def _rows_of_standard(model: type[SQLModel], order: tuple[str, ...]) -> sa.Select[Any]:
    table = table_of(model)
    return sa.select(table).where(table.c.standard_id == sa.bindparam("id")).order_by(*(table.c[name] for name in order))


async def papers(connection: AsyncConnection, id: UUID) -> list[Paper]:
    return await _of_standard(connection, PaperRow, Paper, id, "dated", "added_on", "seq")


class Course(Struct, frozen=True):
    """What a move looks at: the papers of a standard, its limits, and the steps it was at, each in the order of its list."""

    papers: list[Paper]
    deadlines: list[Deadline]
    visits: list[Visit]


async def to_move(connection: AsyncConnection, id: UUID) -> tuple[Standard, Course]:
    """A standard that nobody else may change until this transaction ends, and its course, by one query.

    Where the lock had to be waited for, the row is the newest and the lists are not: PostgreSQL made them before. `seen` tells.
    """
    row = next(iter(await frequent.rows(connection, _to_move(connection.dialect.name), {"id": id})), None)
    if row is None:
        raise NotFound(say("找不到标准 {id}", id=id))
    known, seen, papers, deadlines, visits = row
    found = decoded(known, Standard)
    return found, _course_of(papers, deadlines, visits) if seen == found.version else await course(connection, id)


async def course(connection: AsyncConnection, id: UUID) -> Course:
    """The three lists by one query, which gives each as JSON."""
    return _course_of(*(await connection.execute(_course(connection.dialect.name), {"id": id})).one())


def _course_of(papers: str | None, deadlines: str | None, visits: str | None) -> Course:
    return Course(
        sorted(decoded(papers, list[Paper]), key=lambda p: (p.dated, p.added_on, p.seq)),
        sorted(decoded(deadlines, list[Deadline]), key=lambda d: (d.opened_on, d.due_on, d.id)),
        _in_order(sorted(decoded(visits, list[Visit]), key=lambda v: (v.entered_on, v.id))),
    )


def decoded(text: str | None, kind: type[T]) -> T:
    """What a query gave as JSON."""
    return msgspec.json.decode(text or "[]", type=kind, strict=False)  # SQLite gives truth as 0 and 1


def _object(engine: str, table: sa.Table, names: Iterable[str]) -> sa.Function[Any]:
    """These columns of a row as one JSON object, which costs less to fetch than forty columns do."""
    pairs: list[Any] = []
    for name in names:
        column = table.c[name]
        plain = engine == "sqlite" and isinstance(column.type, sa.JSON)  # kept there as text
        pairs += [sa.literal_column(f"'{name}'"), sa.func.json(column) if plain else column]
    return sa.func.json_object(*pairs) if engine == "sqlite" else sa.func.json_build_object(*pairs)


def facts(engine: str) -> sa.ColumnElement[str]:
    """A row of the table of standards as one JSON object."""
    return sa.cast(_object(engine, STANDARD, STANDARD.c.keys()), sa.Text)


@cache
def _course(engine: str) -> sa.Select[Any]:
    return sa.select(*_lists(engine))


@cache
def _to_move(engine: str) -> sa.Select[Any]:
    before = STANDARD.alias("before")
    seen = sa.select(before.c.version).where(before.c.id == sa.bindparam("id")).scalar_subquery()
    return (
        sa.select(facts(engine), seen.label("seen"), *_lists(engine))
        .where(STANDARD.c.id == sa.bindparam("id"))
        .with_for_update(of=STANDARD)
    )


def _lists(engine: str) -> list[sa.ScalarSelect[Any]]:
    return [gathered(engine, model, kind) for model, kind in ((PaperRow, Paper), (DeadlineRow, Deadline), (VisitRow, Visit))]


def gathered(engine: str, model: type[SQLModel], kind: type[Struct], column: str = "standard_id") -> sa.ScalarSelect[Any]:
    """The rows of a table that hang on one standard, as a list in JSON with the fields of a Struct."""
    gather = sa.func.json_group_array if engine == "sqlite" else sa.func.json_agg
    table = table_of(model)
    made = gather(_object(engine, table, kind.__struct_fields__))
    return sa.select(sa.cast(made, sa.Text)).where(table.c[column] == sa.bindparam("id")).scalar_subquery()


async def paper(connection: AsyncConnection, id: UUID) -> Paper:
    table = table_of(PaperRow)
    row = (await connection.execute(sa.select(table).where(table.c.id == id))).first()
    if row is None:
        raise NotFound(say("找不到材料 {id}", id=id))
    return Paper(**row._mapping)


async def deadlines(connection: AsyncConnection, id: UUID) -> list[Deadline]:
    return await _of_standard(connection, DeadlineRow, Deadline, id, "opened_on", "due_on", "id")


async def visits(connection: AsyncConnection, id: UUID) -> list[Visit]:
    """The steps a standard was at, oldest first, the present one last."""
    stays = await _of_standard(connection, VisitRow, Visit, id, "entered_on", "id")
    return _in_order(stays)


def _in_order(stays: list[Visit]) -> list[Visit]:
    return sorted(stays, key=lambda visit: (visit.entered_on, visit.left_on is None, visit.left_on or date.max))


async def waivers(connection: AsyncConnection, id: UUID) -> list[Waiver]:
    return await _of_standard(connection, WaiverRow, Waiver, id, "waived_on", "id")


async def extensions(connection: AsyncConnection, id: UUID) -> list[Extension]:
    return await _of_standard(connection, ExtensionRow, Extension, id, "asked_on", "id")


async def aliases(connection: AsyncConnection, id: UUID) -> list[Alias]:
    return await _of_standard(connection, AliasRow, Alias, id, "since", "id")


async def relations(connection: AsyncConnection, id: UUID) -> list[Relation]:
    return await _of_standard(connection, RelationRow, Relation, id, "since", "id")


async def relations_to(connection: AsyncConnection, id: UUID) -> list[Relation]:
    """The relations that other standards have to this one."""
    table = table_of(RelationRow)
    return build(Relation, await connection.execute(sa.select(table).where(table.c.target_id == id).order_by(table.c.since, table.c.id)))


async def related_by(connection: AsyncConnection, actor: Actor, limit: int = 300) -> list[Standard]:
    """Standards that the actor may relate to others, those that moved last first; to be offered in a form."""
    rows = await connection.execute(sa.select(STANDARD).order_by(STANDARD.c.step_entered_on.desc(), STANDARD.c.id).limit(2000))
    return [one for one in build(Standard, rows) if actor.may("standard.relate", one)][:limit]


async def naming_entry(connection: AsyncConnection, actor: Actor, entry: UUID) -> list[tuple[Relation, Standard]]:
    """The standards that the actor may see and that have a relation to an entry of the catalogue, with that relation."""
    table = table_of(RelationRow)
    found = build(
        Relation, await connection.execute(sa.select(table).where(table.c.catalogue_id == entry).order_by(table.c.since, table.c.id))
    )
    query = sa.select(STANDARD).where(STANDARD.c.id.in_([r.standard_id for r in found]), *visible(actor))
    named = {row.id: Standard(**row._mapping) for row in await connection.execute(query)} if found else {}
    return [(relation, named[relation.standard_id]) for relation in found if relation.standard_id in named]


async def edges(connection: AsyncConnection, kind: str) -> dict[UUID, list[UUID]]:
    """All relations of a kind inside the portfolio, as a graph."""
    table = table_of(RelationRow)
    query = sa.select(table.c.standard_id, table.c.target_id).where(table.c.kind == kind, table.c.target_id.is_not(None))
    graph: dict[UUID, list[UUID]] = {}
    for start, target in await connection.execute(query):
        graph.setdefault(start, []).append(target)
    return graph


async def drafting_units(connection: AsyncConnection, id: UUID) -> list[DraftingUnit]:
    table = table_of(DraftingUnitRow)
    query = sa.select(table.c.organisation_id, table.c.rank, table.c.lead).where(table.c.standard_id == id)
    return build(DraftingUnit, await connection.execute(query.order_by(table.c.rank, table.c.organisation_id)))


async def drafters(connection: AsyncConnection, id: UUID) -> list[Drafter]:
    table = table_of(DrafterRow)
    query = sa.select(table.c.person_id, table.c.rank).where(table.c.standard_id == id)
    return build(Drafter, await connection.execute(query.order_by(table.c.rank, table.c.person_id)))


async def watchers(connection: AsyncConnection, id: UUID) -> list[UUID]:
    table = table_of(WatchRow)
    return [row[0] for row in await connection.execute(sa.select(table.c.account_id).where(table.c.standard_id == id))]


async def overdue(connection: AsyncConnection, day: date, limit: int = 500) -> list[Deadline]:
    """Deadlines that run and whose last day is past, oldest first."""
    table = table_of(DeadlineRow)
    query = sa.select(table).where(table.c.state == "running", table.c.due_on < day).order_by(table.c.due_on, table.c.id).limit(limit)
    return build(Deadline, await connection.execute(query))


async def running(connection: AsyncConnection, until: date | None = None, ids: Iterable[UUID] | None = None) -> list[Deadline]:
    """Deadlines that run, optionally only those due by a day, or of some standards."""
    table = table_of(DeadlineRow)
    query = sa.select(table).where(table.c.state == "running")
    if until:
        query = query.where(table.c.due_on <= until)
    if ids is not None:
        query = query.where(table.c.standard_id.in_(list(ids)))
    return build(Deadline, await connection.execute(query.order_by(table.c.due_on, table.c.id)))


async def under_way_in(connection: AsyncConnection, bodies: Iterable[Body], limit: int = 2000) -> dict[UUID, Standard]:
    """The standards under way that any of the bodies concerns; the hub and a plan concern none by themselves."""
    c, wanted = STANDARD.c, list(bodies)

    def ids(of: str) -> list[UUID]:
        return [UUID(id) for kind, id in wanted if kind == of]

    concerned = sa.or_(
        c.id.in_(ids("standard")), c.committee_id.in_(ids("committee")), c.department_id.in_(ids("organisation")),
        c.lead_drafter_id.in_(ids("organisation")),
    )  # fmt: skip
    rows = await connection.execute(sa.select(STANDARD).where(c.status.in_(UNDER_WAY), concerned).order_by(c.id).limit(limit))
    return {row.id: Standard(**row._mapping) for row in rows}


async def asked_extensions(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Extension]:
    """The extensions of some standards that wait for a decision."""
    table = table_of(ExtensionRow)
    query = sa.select(table).where(table.c.state == "asked", table.c.standard_id.in_(list(ids))).order_by(table.c.asked_on, table.c.id)
    return build(Extension, await connection.execute(query))


async def papers_of(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, list[Paper]]:
    """The papers of some standards that were not taken back, as they were added."""
    table = table_of(PaperRow)
    query = sa.select(table).where(table.c.withdrawn_on.is_(None), table.c.standard_id.in_(list(ids)))
    found: dict[UUID, list[Paper]] = {}
    for paper in build(Paper, await connection.execute(query.order_by(table.c.added_on, table.c.seq))):
        found.setdefault(paper.standard_id, []).append(paper)
    return found


async def standards_with_file(connection: AsyncConnection, digest: str) -> list[Standard]:
    """The standards that have a file in their dossiers."""
    table = table_of(PaperRow)
    holding = sa.select(table.c.standard_id).where(table.c.sha256 == digest)
    return build(Standard, await connection.execute(sa.select(STANDARD).where(STANDARD.c.id.in_(holding)).limit(1000)))


async def standards(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Standard]:
    """Some standards by id."""
    rows = await connection.execute(sa.select(STANDARD).where(STANDARD.c.id.in_(list(ids))))
    return {row.id: Standard(**row._mapping) for row in rows}


async def holder_of_number(connection: AsyncConnection, key: str) -> UUID | None:
    """The standard that has a number, by the number's identity key."""
    return (await connection.execute(sa.select(STANDARD.c.id).where(STANDARD.c.number_key == key))).scalar_one_or_none()


async def similar(connection: AsyncConnection, title: str, but: UUID | None = None) -> list[Standard]:
    """Standards under way with the very same Chinese title."""
    c = STANDARD.c
    query = sa.select(STANDARD).where(c.title_zh == title, c.status.in_(("active", "frozen", "suspended")))
    return [s for s in build(Standard, await connection.execute(query)) if s.id != but]


async def replaced_by_effective(connection: AsyncConnection, day: date) -> list[tuple[UUID, UUID]]:
    """Pairs (old, new): in force no more, because a standard that replaces the whole of it has taken effect."""
    relation, new, old = table_of(RelationRow), STANDARD.alias("new"), STANDARD.alias("old")
    query = (
        sa.select(old.c.id, new.c.id)
        .join(relation, relation.c.target_id == old.c.id)
        .join(new, new.c.id == relation.c.standard_id)
        .where(relation.c.kind == "replaces", relation.c.part.is_(None), new.c.status == "published", new.c.effective_on <= day,
               old.c.status == "published")
    )  # fmt: skip
    return [(row[0], row[1]) for row in await connection.execute(query)]
