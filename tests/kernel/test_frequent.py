"""Statements that go straight to the driver say what SQLAlchemy says: the same types, the same errors, the same transaction."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Field, SQLModel

from standards_hub.kernel import frequent
from standards_hub.kernel.among import among
from standards_hub.kernel.database import Utc
from standards_hub.kernel.events import table_of
from standards_hub.kernel.frequent import Question
from standards_hub.kernel.work import Hub


class SampleFactRow(SQLModel, table=True):
    __tablename__ = "sample_fact"
    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)  # type: ignore[call-overload]
    day: date
    words: list[str] = Field(sa_type=sa.JSON)
    kind: str
    shown: bool


FACT = table_of(SampleFactRow)
OF_KINDS = sa.select(FACT).where(among(FACT.c.id, "ids"), FACT.c.kind.in_(["a", "b"]), FACT.c.at >= sa.bindparam("since", type_=Utc))
by_the_driver = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def fact(kind: str = "a") -> dict[str, object]:
    return {"id": uuid4(), "at": AT, "day": date(2026, 3, 1), "words": ["氢能", "100%"], "kind": kind, "shown": True}


async def test_values_go_out_and_come_in_as_by_sqlalchemy(hub: Hub) -> None:
    kept, other = fact("b"), fact("c")
    async with hub.database.write() as connection:
        await connection.execute(sa.insert(FACT), [kept, other])
        values = {"ids": {kept["id"], other["id"]}, "since": AT}
        found = [tuple(row) for row in await frequent.rows(connection, OF_KINDS, values)]
        assert found == [tuple(kept.values())] == [tuple(row) for row in await connection.execute(OF_KINDS, values)]
        assert await frequent.rows(connection, OF_KINDS, {"ids": set(), "since": AT}) == []


async def test_questions_asked_together_are_answered_as_one_by_one(hub: Hub) -> None:
    facts = [{**fact(kind), "day": date(2026, 3, day)} for day, kind in enumerate("cab", 1)]
    by_day = sa.select(FACT.c.id, FACT.c.day, FACT.c.kind, FACT.c.shown, sa.func.length(FACT.c.kind, type_=sa.Integer)).order_by(
        FACT.c.day.desc()
    )
    of_kind = sa.select(FACT.c.kind, sa.case((FACT.c.kind == "a", FACT.c.id))).where(among(FACT.c.kind, "kinds"))
    either = sa.union_all(sa.select(FACT.c.kind, sa.literal(1)), sa.select(sa.literal("％ 100%"), sa.literal(2)))
    questions = [
        Question(by_day, {}, list),
        Question(of_kind.order_by(FACT.c.kind), {"kinds": {"a", "b"}}, list),
        Question(of_kind.order_by(FACT.c.kind), {"kinds": {"c"}}, list),
        Question(of_kind, {"kinds": set()}, list),
        Question(either, {}, lambda rows: sum(number for _, number in rows)),
    ]
    async with hub.database.write() as connection:
        await connection.execute(sa.insert(FACT), facts)
        found = await frequent.together(connection, *questions)
        alone = [await frequent.asked(connection, question) for question in questions]
    rows = [[tuple(row) for row in answer] for answer in found[:4]]
    assert rows == [[tuple(row) for row in answer] for answer in alone[:4]] and found[4] == alone[4] == 5
    assert rows[0] == [(one["id"], one["day"], one["kind"], True, 1) for one in reversed(facts)]
    assert rows[1] == [("a", facts[1]["id"]), ("b", None)] and rows[2] == [("c", None)] and rows[3] == []


@by_the_driver
async def test_a_text_in_a_statement_holds_no_places(hub: Hub) -> None:
    text = "100% of %(kind)s for $1"
    question = Question(sa.select(sa.literal_column(f"'{text}'", sa.String), sa.bindparam("kind", type_=sa.String)), {"kind": "a"}, list)
    async with hub.database.glance() as connection:
        alone = await frequent.asked(connection, question)
        found = [tuple(row) for rows in (alone, *await frequent.together(connection, question, question)) for row in rows]
    assert found == [(text, "a")] * 3


@by_the_driver
async def test_what_json_would_change_is_not_asked_together(hub: Hub) -> None:
    async with hub.database.glance() as connection:
        with pytest.raises(TypeError, match="datetime"):
            await frequent.together(connection, Question(sa.select(FACT.c.at), {}, list))


@by_the_driver
async def test_what_the_driver_wrote_is_rolled_back_unless_it_is_committed(hub: Hub) -> None:
    once = sa.select(sa.insert(FACT).values(fact()).returning(FACT.c.kind).cte("made").c.kind)
    for commits, expected in ((False, 0), (True, 1)):
        async with hub.database.write() as connection:
            await frequent.rows(connection, once, {})
            if commits:
                await connection.commit()
        async with hub.database.read() as connection:
            assert (await connection.execute(sa.select(sa.func.count()).select_from(FACT))).scalar_one() == expected


@by_the_driver
async def test_a_refused_statement_is_the_error_that_sqlalchemy_raises_and_leaves_the_connection_usable(hub: Hub) -> None:
    twice = sa.select(sa.insert(FACT).values(fact()).returning(FACT.c.kind).cte("made").c.kind)
    async with hub.database.write() as connection:
        await frequent.rows(connection, twice, {})
        with pytest.raises(IntegrityError):
            await frequent.rows(connection, twice, {})
        await connection.rollback()
        assert (await connection.execute(sa.select(sa.func.count()).select_from(FACT))).scalar_one() == 0


@by_the_driver
async def test_a_connection_that_the_server_ended_is_not_given_out_again(hub: Hub) -> None:
    own = sa.select(sa.func.pg_backend_pid())
    async with hub.database.write() as connection:
        ended = (await frequent.rows(connection, own, {}))[0][0]
        async with hub.database.read() as other:
            await other.execute(sa.select(sa.func.pg_terminate_backend(ended)))
        with pytest.raises(OperationalError):
            await frequent.rows(connection, own, {})
    async with hub.database.write() as connection:
        assert (await frequent.rows(connection, own, {}))[0][0] != ended
