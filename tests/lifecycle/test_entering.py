"""Taking in a standard in mid-life: what its known days make of it."""

from datetime import date
from typing import Any

import pytest

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.entering import deadlines_of
from standards_hub.lifecycle.schemas import Because, Entry
from standards_hub.lifecycle.services import facts, timing
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.values import Patch, Standard


def entry(step: str, **changes: Any) -> Entry:
    return Entry(track="national-gbt", step=step, facts=Patch(title_zh="示例 氢气瓶阀门"), **changes)


async def entered(hub: Hub, given: Entry) -> Standard:
    async with hub.work(SYSTEM) as work:
        made = await facts.enter(work, given)
        await work.commit()
    return made


async def test_a_published_standard_of_which_only_the_publication_is_known_has_its_number_and_is_in_force(hub: Hub) -> None:
    made = await entered(hub, entry("60.60", number="GB/T 99001-2020", published_on=date(2020, 3, 6)))
    assert (made.number, made.status, made.stage, made.step_entered_on) == ("GB/T 99001—2020", "published", "60.60", date(2020, 3, 6))
    assert made.entered_mid_life and made.effective_on == date(2020, 3, 6)


async def test_the_known_days_become_visits_and_limits_and_the_plan_clock_stops_at_submission(hub: Hub) -> None:
    days = {"20.00": date(2024, 1, 10), "30.20": date(2024, 9, 2), "50.20": date(2025, 4, 1)}
    made = await entered(hub, entry("50.20", dates=days, plan_number="20240009-T-339"))
    async with hub.reading(SYSTEM) as work:
        visits = await repository.visits(work.connection, made.id)
        limits = {d.limit: d.state for d in await repository.deadlines(work.connection, made.id)}
        aliases = await repository.aliases(work.connection, made.id)
    assert [(v.step, v.entered_on, v.left_on) for v in visits] == [
        ("20.00", days["20.00"], days["30.20"]), ("30.20", days["30.20"], days["50.20"]), ("50.20", days["50.20"], None)
    ]  # fmt: skip
    assert all(v.elsewhere for v in visits)
    assert limits["submission"] == "met"
    assert [(a.number, a.since) for a in aliases] == [("20240009-T-339", days["20.00"])]


async def test_one_that_rests_has_its_limits_resting_and_goes_on_later(hub: Hub) -> None:
    made = await entered(hub, entry("20.00", dates={"20.00": date(2026, 6, 1)}, status="suspended"))
    assert made.status == "suspended"
    async with hub.work(SYSTEM) as work:
        assert {d.state for d in await repository.deadlines(work.connection, made.id)} == {"paused"}
        assert (await timing.resume(work, made.id, Because(reason="恢复研制"))).status == "active"
        assert {d.state for d in await repository.deadlines(work.connection, made.id)} == {"running"}


async def test_a_withdrawn_one_is_withdrawn_on_its_day(hub: Hub) -> None:
    day = date(2022, 5, 1)
    made = await entered(hub, entry("95.99", dates={"95.99": day}, number="GB/T 99002-2009", published_on=date(2009, 5, 1)))
    assert (made.status, made.withdrawn_on, made.number) == ("withdrawn", day, "GB/T 99002—2009")


async def test_a_number_that_is_taken_is_refused(hub: Hub) -> None:
    given = entry("60.60", number="GB/T 99001-2020", published_on=date(2020, 3, 6))
    await entered(hub, given)
    with pytest.raises(Conflict, match="已被使用"):
        await entered(hub, given)


async def test_every_fault_is_named_at_once(hub: Hub) -> None:
    wrong = Entry(
        track="national-gbt", step="40.20", facts=Patch(title_zh="示例", nature="mandatory"), plan_number="x",
        dates={"30.20": date(2025, 5, 1), "20.00": date(2025, 6, 1), "77.77": date(2025, 1, 1)},
    )  # fmt: skip
    with pytest.raises(BadInput) as error:
        await entered(hub, wrong)
    assert {u.where for u in error.value.unmet} == {"dates.77.77", "dates.40.20", "dates.30.20", "nature", "plan_number"}


def test_the_limits_it_will_have_are_known_beforehand() -> None:
    given = entry("30.20", dates={"20.00": date(2024, 1, 10), "30.20": date(2024, 9, 2)})
    (limit,) = [d for d in deadlines_of(newest("national-gbt"), given) if d.limit == "submission"]
    assert limit.state == "running" and limit.due_on == date(2025, 7, 10) and limit.consequence == "freeze"
