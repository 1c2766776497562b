"""Every query about ballots and their rolls. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.ballots.models import BallotRow, BallotSheetRow, VoterRow
from standards_hub.committees.ballots.values import Ballot, SignedSheet, Voter
from standards_hub.kernel import frequent
from standards_hub.kernel.access.models import AccountRow
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say

BALLOT, VOTER, SHEET, ACCOUNT = table_of(BallotRow), table_of(VoterRow), table_of(BallotSheetRow), table_of(AccountRow)
MOST = 500
OF_SUBJECT = (
    sa.select(BALLOT)
    .where(BALLOT.c.subject_kind == sa.bindparam("kind"), BALLOT.c.subject_id == sa.bindparam("id"))
    .order_by(BALLOT.c.closes_on.desc(), BALLOT.c.id)
    .limit(100)
)


async def ballot(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Ballot:
    """One ballot; with `lock`, nobody else may change it until this transaction ends."""
    query = sa.select(BALLOT).where(BALLOT.c.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(say("找不到表决 {id}", id=id))
    return Ballot.built(row._mapping)


async def voters(connection: AsyncConnection, ballot_id: UUID) -> list[Voter]:
    """The roll of a ballot in its order."""
    query = sa.select(VOTER).where(VOTER.c.ballot_id == ballot_id).order_by(VOTER.c.place)
    return [msgspec.convert(dict(row._mapping), Voter) for row in await connection.execute(query)]


async def ballots(
    connection: AsyncConnection, *, committee_id: UUID | None = None, state: str | None = None, subject: tuple[str, UUID] | None = None,
    text: str | None = None, after: UUID | None = None, limit: int = 50,
) -> list[Ballot]:  # fmt: skip
    """Ballots, those that close last first; `text` is a part of a title."""
    c = BALLOT.c
    where = _where(committee_id, state, text)
    if subject:
        where += [c.subject_kind == subject[0], c.subject_id == subject[1]]
    if after is not None:
        last = await ballot(connection, after)
        where.append(sa.or_(c.closes_on < last.closes_on, sa.and_(c.closes_on == last.closes_on, c.id > last.id)))
    rows = await connection.execute(sa.select(BALLOT).where(*where).order_by(c.closes_on.desc(), c.id).limit(limit))
    return [Ballot.built(row._mapping) for row in rows]


async def of_subject(connection: AsyncConnection, kind: str, id: UUID) -> list[Ballot]:
    """The ballots on a subject, those that close last first."""
    found = await frequent.rows(connection, OF_SUBJECT, {"kind": kind, "id": id})
    return [Ballot.built(zip(BALLOT.c.keys(), row, strict=True)) for row in found]


async def count(connection: AsyncConnection, *, committee_id: UUID | None = None, state: str | None = None, text: str | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(BALLOT).where(*_where(committee_id, state, text))
    return int((await connection.execute(query)).scalar_one())


def _where(committee_id: UUID | None, state: str | None, text: str | None) -> list[Any]:
    c = BALLOT.c
    where: list[Any] = []
    if committee_id:
        where.append(c.committee_id == committee_id)
    if state:
        where.append(c.state == state)
    if text:
        where.append(c.title.icontains(text.strip(), autoescape=True))
    return where


async def turnout(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many of those who may vote have voted, and how many they are, of each ballot."""
    c = VOTER.c
    voted, may = sa.func.count(c.vote), sa.func.count()
    query = sa.select(c.ballot_id, voted, may).where(c.ballot_id.in_(list(ids)), sa.not_(c.recused)).group_by(c.ballot_id)
    return {row[0]: (row[1], row[2]) for row in await connection.execute(query)}


async def to_vote(connection: AsyncConnection, person_id: UUID) -> list[Ballot]:
    """The open ballots in which a person has yet to vote, the first to close first."""
    query = (
        sa.select(BALLOT)
        .join(VOTER, VOTER.c.ballot_id == BALLOT.c.id)
        .where(VOTER.c.person_id == person_id, VOTER.c.vote.is_(None), sa.not_(VOTER.c.recused), BALLOT.c.state == "open")
        .order_by(BALLOT.c.closes_on, BALLOT.c.id)
    )
    return [Ballot.built(row._mapping) for row in await connection.execute(query)]


async def to_close(connection: AsyncConnection, today: date) -> list[Ballot]:
    """The open ballots whose last day is over."""
    query = sa.select(BALLOT).where(BALLOT.c.state == "open", BALLOT.c.closes_on < today).order_by(BALLOT.c.closes_on, BALLOT.c.id)
    return [Ballot.built(row._mapping) for row in await connection.execute(query)]


async def open_ones(connection: AsyncConnection, *, subject: tuple[str, UUID] | None = None, until: date | None = None) -> list[Ballot]:
    """The open ballots, on a subject or closing by a day."""
    query = sa.select(BALLOT).where(BALLOT.c.state == "open").order_by(BALLOT.c.closes_on, BALLOT.c.id).limit(MOST)
    if subject:
        query = query.where(BALLOT.c.subject_kind == subject[0], BALLOT.c.subject_id == subject[1])
    if until:
        query = query.where(BALLOT.c.closes_on <= until)
    return [Ballot.built(row._mapping) for row in await connection.execute(query)]


async def sheets(connection: AsyncConnection, ballot_id: UUID) -> list[SignedSheet]:
    """The signed result sheets of a ballot, the one filed last first."""
    columns = [SHEET.c[name] for name in SignedSheet.__struct_fields__]
    query = sa.select(*columns).where(SHEET.c.ballot_id == ballot_id).order_by(SHEET.c.seq.desc())
    return [SignedSheet(**row._mapping) for row in await connection.execute(query)]


async def with_sheet(connection: AsyncConnection, digest: str) -> list[UUID]:
    """The ballots of which this file is a signed result sheet."""
    query = sa.select(SHEET.c.ballot_id).where(SHEET.c.sha256 == digest).distinct().limit(MOST)
    return list((await connection.execute(query)).scalars())


async def accounts_of(connection: AsyncConnection, people: Iterable[UUID]) -> set[UUID]:
    """The active accounts of some people."""
    query = sa.select(ACCOUNT.c.id).where(ACCOUNT.c.person_id.in_(list(people)), ACCOUNT.c.active)
    return set((await connection.execute(query)).scalars())
