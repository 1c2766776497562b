"""The floor: Litestar and psycopg over the same rows, with no login, no permission, no gates and no chain."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from litestar import Litestar, get, post
from litestar.datastructures import State
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

COLUMNS = """id, version, track, level, kind, title_zh, title_en, step, stage, step_entered_on, status, plan_number, number, published_on,
 effective_on, committee_id, primary_field, region, plan_key, exemplar"""


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    address = os.environ["STANDARDS_HUB_DATABASE_URL"].replace("+psycopg", "")
    async with AsyncConnectionPool(address, min_size=4, max_size=8, kwargs={"row_factory": dict_row}) as pool:
        app.state.pool = pool
        yield


@get("/list")
async def listing(state: State, level: str, status: str) -> list[dict[str, Any]]:
    async with state.pool.connection() as connection:
        query = f"SELECT {COLUMNS} FROM standard WHERE level = %s AND status = %s ORDER BY step_entered_on DESC, id DESC LIMIT 51"
        rows: list[dict[str, Any]] = await (await connection.execute(query, (level, status))).fetchall()
        return rows


@get("/one/{id:uuid}")
async def one(state: State, id: UUID) -> dict[str, Any]:
    async with state.pool.connection() as connection:
        standard = await (await connection.execute("SELECT * FROM standard WHERE id = %s", (id,))).fetchone()
        history = await (await connection.execute("SELECT * FROM event WHERE stream = %s ORDER BY seq", (f"standard:{id}",))).fetchall()
        return {"standard": standard, "history": history}


@post("/move/{id:uuid}")
async def move(state: State, id: UUID) -> dict[str, Any]:
    async with state.pool.connection() as connection, connection.transaction():
        row = await (await connection.execute("SELECT version FROM standard WHERE id = %s FOR UPDATE", (id,))).fetchone()
        version = row["version"] + 1
        await connection.execute(
            "UPDATE standard SET version = %s, step = 'verification', step_entered_on = now() WHERE id = %s", (version, id)
        )
        await connection.execute("INSERT INTO floor_event VALUES (%s, %s, %s, 'moved', now(), '{}')", (uuid4(), f"standard:{id}", version))
        return {"id": id, "version": version}


@get("/search")
async def search(state: State, q: str) -> list[dict[str, Any]]:
    words = " <-> ".join(f"'{q[i : i + 2]}'" for i in range(len(q) - 1))
    query = "SELECT key, title FROM search_text WHERE words @@ %s::tsquery ORDER BY ts_rank(words, %s::tsquery) DESC, id LIMIT 50"
    async with state.pool.connection() as connection:
        rows: list[dict[str, Any]] = await (await connection.execute(query, (words, words), prepare=False)).fetchall()
        return rows


def create_app() -> Litestar:
    return Litestar([listing, one, move, search], lifespan=[_pool], openapi_config=None)
