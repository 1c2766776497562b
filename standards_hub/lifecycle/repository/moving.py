"""A standard and its course by one query, each list as JSON, which costs less to fetch than rows do."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import frequent
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import DeadlineRow, PaperRow, VisitRow
from standards_hub.lifecycle.repository.reading import STANDARD, decoded, facts, gathered
from standards_hub.lifecycle.values import Deadline, Paper, Standard, Visit


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
        in_order(sorted(decoded(visits, list[Visit]), key=lambda v: (v.entered_on, v.id))),
    )


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


def in_order(stays: list[Visit]) -> list[Visit]:
    return sorted(stays, key=lambda visit: (visit.entered_on, visit.left_on is None, visit.left_on or date.max))
