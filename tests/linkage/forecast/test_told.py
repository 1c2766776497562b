"""Histories as the log tells them: of a day, of what was known, and in sight only from when it was."""

from datetime import date, timedelta
from itertools import pairwise

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import end_of
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.schemas import Because, Ending, Entry, PaperIn
from standards_hub.lifecycle.services import ending, facts, timing
from standards_hub.lifecycle.values import Patch, Standard
from standards_hub.linkage.forecast.histories import History
from standards_hub.linkage.forecast.repository import in_sight
from standards_hub.linkage.portfolio import of_plan
from tests.lifecycle.driving import on_day
from tests.linkage.snapshots.conftest import ENTERED, PLAN, YEAR_END, published
from tests.linkage.snapshots.conftest import hub as hub
from tests.linkage.snapshots.conftest import standard as standard


async def told(hub: Hub, day: date, known_at: date | None = None) -> list[History]:
    async with hub.reading(SYSTEM) as work:
        known = end_of(known_at) if known_at else work.clock.now()
        held = await of_plan(work.connection, PLAN, day, known)
        return await in_sight(work.connection, held.histories)


async def test_a_history_tells_each_step_with_its_days(hub: Hub, standard: Standard) -> None:
    (one,) = await told(hub, YEAR_END)
    assert (one.id, one.level, one.seen, one.ended, one.halted) == (str(standard.id), "national", None, None, None)
    assert (one.stays[0].step, one.stays[0].entered) == ("00.20", date(2026, 1, 5))
    assert (one.stays[-1].step, one.stays[-1].entered, one.stays[-1].left) == ("60.00", date(2026, 12, 20), None)
    assert all(stay.left == after.entered for stay, after in pairwise(one.stays))
    (earlier,) = await told(hub, date(2026, 1, 5))
    assert [stay.step for stay in earlier.stays] == ["00.20"]


async def test_a_publication_entered_late_is_in_the_history_only_of_who_knew(hub: Hub, standard: Standard) -> None:
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    (before,), (after,) = await told(hub, YEAR_END, ENTERED - timedelta(days=1)), await told(hub, YEAR_END, ENTERED)
    assert (before.stays[-1].step, after.stays[-1].step) == ("60.00", "60.60")


async def test_what_entered_in_mid_life_is_in_sight_from_the_day_it_was_recorded(hub: Hub) -> None:
    days = {"00.20": date(2025, 1, 6), "20.00": date(2025, 5, 12), "20.20": date(2025, 6, 2)}
    async with on_day(hub, date(2026, 3, 2)).work(SYSTEM) as work:
        await facts.enter(work, Entry(
            track="national-gbt", facts=Patch(title_zh="示例标准", plan_key=PLAN), step="20.20", dates=days, plan_number="20250001-T-339",
        ))  # fmt: skip
        await work.commit()
    (one,) = await told(hub, YEAR_END)
    assert one.seen == date(2026, 3, 2) and one.stays[-1].entered == date(2025, 6, 2)


async def test_a_terminated_standard_has_the_day_of_its_end_and_before_it_none(hub: Hub, standard: Standard) -> None:
    async with on_day(hub, date(2026, 12, 28)).work(SYSTEM) as work:
        await ending.terminate(
            work,
            standard.id,
            Ending(reason="示例", papers=[PaperIn(kind="termination_decision", dated=date(2026, 12, 28), reference="示例")]),
        )
        await work.commit()
    (after,), (before,) = await told(hub, YEAR_END), await told(hub, date(2026, 12, 27))
    assert (after.ended, before.ended) == (date(2026, 12, 28), None)


async def test_a_suspended_standard_is_halted_from_that_day(hub: Hub, standard: Standard) -> None:
    async with on_day(hub, date(2026, 12, 22)).work(SYSTEM) as work:
        await timing.suspend(work, standard.id, Because(reason="示例"))
        await work.commit()
    (one,) = await told(hub, YEAR_END)
    assert one.halted is not None and one.ended is None
