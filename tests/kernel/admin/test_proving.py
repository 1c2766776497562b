"""The proof of the log as a job: it tells how far it is, names the first broken link, and is not begun twice."""

from typing import Any

import pytest
import sqlalchemy as sa

from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.admin import proving
from standards_hub.kernel.admin.proving import Proof
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import NotFound, NotSignedIn
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.work import Hub
from tests.kernel.access.conftest import open_account


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "STEP", 2)


async def asked(hub: Hub) -> Any:
    async with hub.work(SYSTEM) as work:
        id = await proving.ask(work)
        await work.commit()
    return id


async def found(hub: Hub, id: Any) -> Proof:
    async with hub.database.read() as connection:
        return await proving.proof(connection, id)


async def test_a_whole_log_is_proved_and_the_result_is_kept(hub: Hub) -> None:
    for login in ("one", "two", "three"):
        await open_account(hub, login, "officer", password=None)
    id = await asked(hub)
    waiting = await found(hub, id)
    assert (waiting.of, waiting.done, waiting.per_cent, waiting.result) == (6, 0, 0, None)
    assert (await jobs.drain(hub)).errors == []
    proof = await found(hub, id)
    assert proof.result and proof.result.sound and proof.result.events == 6 and proof.per_cent == 100
    async with hub.database.read() as connection:
        assert [p.id for p in await proving.proofs(connection)] == [id]


async def test_the_progress_is_written_down_while_it_runs(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for login in ("one", "two", "three", "four", "five"):
        await open_account(hub, login, password=None)
    id = await asked(hub)
    real, seen = proving.audit.verify, list[int]()

    async def watched(connection: Any, tell: Any, step: int) -> Any:
        async def telling(done: int) -> None:
            await tell(done)
            database = Database(hub.database.url.render_as_string(hide_password=False))
            async with database.read() as other:
                seen.append((await proving.proof(other, id)).done)
            await database.close()

        return await real(connection, telling, step)

    monkeypatch.setattr(proving.audit, "verify", watched)
    assert (await jobs.drain(hub)).errors == []
    assert seen == [2, 4] and (await found(hub, id)).ended_at


async def test_the_first_broken_link_is_named(hub: Hub) -> None:
    await open_account(hub, "one", "officer", password=None)
    table = table_of(EventRow)
    async with hub.database.write() as connection:
        await connection.execute(sa.update(table).where(table.c.id == 2).values(actor="public"))
        await connection.commit()
    id = await asked(hub)
    assert (await jobs.drain(hub)).errors == []
    result = (await found(hub, id)).result
    assert result and result.broken and result.broken["event"] == 2 and not result.sound


async def test_one_proof_runs_at_a_time_and_a_failed_one_does_not_stop_the_next(hub: Hub) -> None:
    first = await asked(hub)
    assert await asked(hub) == first
    async with hub.database.write() as connection:
        await connection.execute(sa.update(queue.TABLE).values(state="failed"))
        await connection.commit()
    assert await asked(hub) != first


async def test_old_proofs_go_and_the_public_asks_for_none(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "KEPT", 2)
    ids = []
    for _ in range(3):
        ids.append(await asked(hub))
        assert (await jobs.drain(hub)).errors == []
    assert (await found(hub, ids[1])).result and (await found(hub, ids[2])).result
    with pytest.raises(NotFound):
        await found(hub, ids[0])
    async with hub.work(PUBLIC) as work:
        with pytest.raises(NotSignedIn):
            await proving.ask(work)
