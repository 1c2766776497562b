"""Counting from the log: under the plan's own rule or another, from what was known on a day, over the command line and the API."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from litestar import Litestar
from pytest import MonkeyPatch
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.cli import main
from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.demo import fixtures
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Forbidden, NotFound
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.schemas import PaperIn, Publication
from standards_hub.lifecycle.services import moving
from standards_hub.lifecycle.values import DraftingUnit
from standards_hub.linkage import portfolio
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.schemas import PlanChange
from standards_hub.linkage.services import plans, tallies
from standards_hub.linkage.services.tallies import Tally
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import advance, driven, holding, on_day, proposed
from tests.support.hubs import proven
from tests.support.office import copied, loaded, visit

PLAN = "jiangsu-5x100"
OCTOBER = date(2026, 10, 31)
YEAR_END, ENTERED = date(2026, 12, 31), date(2027, 1, 8)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on each engine in January 2027, with the plan; afterwards its log is proven."""
    fill_ports()
    async with proven(database_url, tmp_path, date(2027, 1, 31)) as hub:
        async with on_day(hub, date(2024, 1, 2)).work(SYSTEM) as work:
            await plans.register(work, msgspec.structs.replace(fixtures.plan(), committees=[]))
            await work.commit()
        yield hub


async def at_print(hub: Hub) -> tuple[Any, date]:
    """A national standard with a leading drafter from the province that is approved and not published, and the day of approval."""
    async with on_day(hub, date(2024, 1, 2)).work(SYSTEM) as work:
        unit = await organisations.register(work, NewOrganisation(name_zh="示例单位", kind="enterprise", in_province=True))
        await work.commit()
    standard = await proposed(hub, on=date(2026, 1, 5), plan_key=PLAN, drafting_units=[DraftingUnit(unit.id, 1)])
    standard, _ = await driven(hub, standard.id, "50.20", date(2026, 1, 6))
    return await advance(hub, standard.id, date(2026, 12, 20)), date(2026, 12, 20)


async def told(hub: Hub, as_of: date, **how: Any) -> Tally:
    async with hub.reading(SYSTEM) as work:
        return await tallies.tally(work, PLAN, as_of, **how)


async def test_approved_in_december_and_published_in_january_is_what_the_choice_of_rule_decides(hub: Hub) -> None:
    standard, approved = await at_print(hub)
    await advance(hub, standard.id, date(2027, 1, 15))
    async with hub.reading(SYSTEM) as work:
        found = await tallies.side_by_side(work, PLAN, YEAR_END, "approved")
        later = await tallies.side_by_side(work, PLAN, date(2027, 1, 31), "approved")
    for both, reason in ((found, "尚未发布"), (later, "2027-01-15 不在计入期间")):
        assert [side.counted.total.counted for side in (both.first, both.second)] == [0, 1]
        (one,) = both.differences
        assert (one.id, one.change, str(one.first and one.first.why)) == (str(standard.id), "added", reason)
        assert str(one.second and one.second.why) == f"{approved} 批准"
    assert found.first.held.data_hash == found.second.held.data_hash


async def test_what_was_known_then_is_played_once_until_something_is_recorded_for_that_time(hub: Hub, monkeypatch: MonkeyPatch) -> None:
    standard, _ = await at_print(hub)
    played: list[date] = []

    async def counted(connection: AsyncConnection, plan_key: str, day: date, *known: Any) -> Portfolio:
        played.append(day)
        return await of_plan(connection, plan_key, day, *known)

    of_plan = portfolio.of_plan
    monkeypatch.setattr(portfolio, "of_plan", counted)
    first, again = [await told(hub, YEAR_END, known_at=ENTERED) for _ in range(2)]
    assert (again, played) == (first, [YEAR_END])
    assert first.counted.total.counted == 0
    await advance(hub, standard.id, date(2026, 12, 30))  # recorded now by a clock of that day, as by a long change that began then
    assert (await told(hub, YEAR_END, known_at=ENTERED)).counted.total.counted == 1
    await told(hub, YEAR_END)
    await told(hub, YEAR_END)
    assert played == [YEAR_END] * 3


async def test_what_is_recorded_in_january_of_december_counts_for_who_knows_of_it(hub: Hub) -> None:
    standard, _ = await at_print(hub)
    papers = [PaperIn(kind=kind, dated=YEAR_END, reference="示例") for kind in ("publication_notice", "published_text")]
    given = Publication(number="GB/T 90001-2026", published_on=YEAR_END, effective_on=date(2027, 7, 1), papers=papers)
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        await moving.publish(work, standard.id, given)
        await work.commit()
    known, unknown = await told(hub, YEAR_END, known_at=ENTERED), await told(hub, YEAR_END, known_at=date(2027, 1, 7))
    assert (unknown.counted.total.counted, known.counted.total.counted) == (0, 1)
    assert unknown.held.data_hash != known.held.data_hash
    assert (await told(hub, YEAR_END)).counted.lines == known.counted.lines


async def test_the_plan_counts_by_its_own_rule_unless_another_is_asked_for(hub: Hub) -> None:
    await at_print(hub)
    async with hub.work(SYSTEM) as work:
        await plans.edit(work, PLAN, PlanChange(count_rule="approved"), on=date(2026, 12, 1))
        await work.commit()
    assert [(t.rule.id, t.counted.total.counted) for t in (await told(hub, YEAR_END), await told(hub, YEAR_END, rule="default@1"))] == [
        ("approved@1", 1), ("default@1", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"as_of": date(2027, 2, 1)}, BadInput),
        ({"as_of": YEAR_END, "known_at": date(2027, 2, 1)}, BadInput),
        ({"as_of": YEAR_END, "rule": "none"}, NotFound),
    ],
)
async def test_days_to_come_and_rules_that_are_not_there_are_refused(hub: Hub, how: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await told(hub, **how)


async def test_who_may_not_see_reports_may_not_count(hub: Hub) -> None:
    async with hub.reading(holding("drafter")) as work:
        with pytest.raises(Forbidden):
            await tallies.tally(work, PLAN, YEAR_END)


async def test_the_api_tells_what_the_report_tells_and_what_another_rule_would(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        told = (await visitor.get(f"/api/v1/plans/{PLAN}/count?as_of={OCTOBER}")).json()
        other = (await visitor.get(f"/api/v1/plans/{PLAN}/count?as_of={OCTOBER}&rule=approved@1")).json()
        both = (await visitor.get(f"/api/v1/plans/{PLAN}/count/against/approved?as_of={OCTOBER}")).json()
        missing = await visitor.get(f"/api/v1/plans/{PLAN}/count?rule=none")
        report = (await visitor.get(f"/api/v1/plans/{PLAN}/progress?as_of={OCTOBER}")).json()
    assert missing.status_code == 404
    assert {t["key"]: t["counted"] for t in told["targets"]} == {"local-industry": 41, "national": 21, "international": 6}
    assert sum(s["counted"] for s in told["standards"]) == told["total"]["counted"] == report["total"]["counted"] == 68
    assert all(s["reason"] and s["clause"] for s in told["standards"])
    for table in told["tables"]:
        assert sum(row["counted"] for row in table["rows"]) == table["total"] == 68
    changes = [d["change"] for d in both["differences"]]
    assert other["total"]["counted"] - 68 == changes.count("added") - changes.count("removed") != 0
    assert [t["counted"] for t in both["totals"]] == [68, other["total"]["counted"]]


def test_a_count_on_the_command_line_names_every_standard_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = copied(loaded(), tmp_path / "home")
    monkeypatch.setenv("STANDARDS_HUB_HOME", str(home))
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-11-24")
    found = CliRunner().invoke(main, ["count", "--plan", PLAN, "--as-of", "2026-10-31", "--json"])
    assert found.exit_code == 0, found.output
    told = msgspec.json.decode(found.stdout)
    assert [(t["key"], t["target"], t["counted"]) for t in told["targets"]] == [
        ("local-industry", 60, 41), ("national", 30, 21), ("international", 10, 6),
    ]  # fmt: skip
    assert sum(s["counted"] for s in told["standards"]) == 68 and all(s["reason"] for s in told["standards"])
    words = CliRunner().invoke(main, ["count", "--plan", PLAN, "--as-of", "2026-10-31", "--against", "approved"])
    assert "default@1" in words.stdout and "approved@1" in words.stdout and words.exit_code == 0
    wrong = CliRunner().invoke(main, ["count", "--plan", PLAN, "--rule", "none", "--json"])
    assert wrong.exit_code == 1 and "none" in wrong.stderr and wrong.stdout == ""
