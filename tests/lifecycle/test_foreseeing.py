"""Looking ahead: an act is rehearsed by its own service function, says what it would do, and leaves nothing behind."""

import pytest
import sqlalchemy as sa

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import Because, PlanNumberIn
from standards_hub.lifecycle.services import facts, timing
from standards_hub.lifecycle.services.foreseeing import Rehearsal, foresee
from tests.lifecycle.driving import driven, proposed


async def count(hub: Hub) -> list[int]:
    async with hub.reading(SYSTEM) as work:
        return [(await work.connection.execute(sa.text(f"SELECT count(*) FROM {table}"))).scalar_one() for table in ("event", "job")]


async def test_a_rehearsal_says_what_would_happen_and_leaves_nothing(hub: Hub) -> None:
    standard, _ = await driven(hub, (await proposed(hub)).id, "20.20")
    before = await count(hub)
    foreseen = await foresee(hub, SYSTEM, lambda work: timing.suspend(work, standard.id, Because(reason="示例")), standard.id)
    assert [str(line) for line in foreseen.stage] == ["状态：在研 → 暂停"]
    assert [str(line) for line in foreseen.limits] == ["报批期限：停止计时"]
    assert foreseen.error is None and not foreseen.papers and not foreseen.nothing
    assert await count(hub) == before
    async with hub.reading(SYSTEM) as work:
        assert (await repository.standard(work.connection, standard.id)).version == standard.version


async def test_what_stands_in_the_way_is_what_the_act_itself_would_say(hub: Hub) -> None:
    standard = await proposed(hub)
    foreseen = await foresee(hub, SYSTEM, lambda work: timing.resume(work, standard.id, Because(reason="示例")), standard.id)
    assert str(foreseen.error) == "项目没有暂停 / The project is not suspended" and foreseen.nothing


async def test_facts_are_said_with_before_and_after(hub: Hub) -> None:
    standard = await proposed(hub, "local-db32")
    given = PlanNumberIn(number="示例〔2026〕1号")
    foreseen = await foresee(hub, SYSTEM, lambda work: facts.give_plan_number(work, standard.id, given), standard.id)
    assert [str(line) for line in foreseen.facts] == ["计划号：— → 示例〔2026〕1号"]


async def test_a_rehearsal_cannot_be_committed(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(AssertionError):
            await Rehearsal(work).commit()
