"""A target divided: whole numbers, two axes at most, nothing lost, one meaning of a year; allotted and counted add up."""

from datetime import date
from typing import Any

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Forbidden, NotFound, Refused
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage.allotments import service
from standards_hub.linkage.allotments.schemas import NewAllotment, TypedAllotment
from standards_hub.linkage.allotments.values import Axis, Cell, Mode, allotted, unmet_for_allotment
from standards_hub.linkage.schemas import Rebase
from standards_hub.linkage.services import plans
from tests.lifecycle.driving import holding, on_day
from tests.linkage.snapshots.conftest import ENTERED, PLAN, YEAR_END, published
from tests.linkage.snapshots.conftest import hub as hub
from tests.linkage.snapshots.conftest import standard as standard
from tests.support.office import visit

KNOWN: dict[Axis, set[str]] = {"year": {"2024", "2025", "2026"}, "field": {"q", "ai"}, "region": {"3201"}, "unit": {"甲"}}


def cells(*rows: tuple[Any, ...]) -> list[Cell]:
    return [Cell([str(key) for key in keys], value) for *keys, value in rows]


def given(*rows: tuple[Any, ...], axes: tuple[Axis, ...] = ("year",), mode: Mode = "period", on: date | None = None) -> NewAllotment:
    return NewAllotment(axes=list(axes), cells=cells(*rows), source="示例〔2026〕1 号", reason="示例", mode=mode, on=on)


@pytest.mark.parametrize(
    ("axes", "mode", "rows", "chosen", "codes"),
    [
        (("year",), "period", [(2024, 5), (2025, 10), (2026, 15)], None, []),
        (("year",), "cumulative", [(2024, 5), (2025, 15), (2026, 30)], None, []),
        (("year", "field"), "cumulative", [(2025, "q", 4), (2026, "q", 9), (2026, "ai", 21)], None, []),
        (("field", "region", "year"), "period", [], None, ["allotment.axes"]),
        (("field", "field"), "period", [], None, ["allotment.axes"]),
        (("year",), "period", [(2024, 20), (2025, 11)], None, ["allotment.sum"]),
        (("year",), "cumulative", [(2024, 20), (2025, 11)], None, ["allotment.falling"]),
        (("year",), "cumulative", [(2024, 20), (2025, 31)], None, ["allotment.sum"]),
        (("year",), "cumulative", [(2024, 5)], "period", ["allotment.mode"]),
        (("field",), "cumulative", [("q", 5)], None, ["allotment.mode"]),
        (("field",), "period", [("none", 5)], None, ["allotment.unknown"]),
        (("field",), "period", [("q", 5), ("q", 6)], None, ["allotment.again"]),
        (("field",), "period", [("q", 2024, 5)], None, ["allotment.keys"]),
        (("field",), "period", [("q", -1)], None, ["allotment.negative"]),
    ],
)
def test_what_stands_in_the_way_of_a_division(axes: Any, mode: Any, rows: list[Any], chosen: Any, codes: list[str]) -> None:
    assert [u.code for u in unmet_for_allotment(axes, mode, cells(*rows), 30, KNOWN, chosen)] == codes


def test_cumulative_cells_come_to_those_of_the_last_year() -> None:
    assert allotted(("year", "field"), "cumulative", cells((2025, "q", 4), (2026, "q", 9), (2025, "ai", 21))) == 30
    assert allotted(("year",), "period", cells((2025, 4), (2026, 9))) == 13


@pytest.mark.parametrize("lines", ["2024 6\n，，\n2025 10", "2024 6\n2025 " + "9" * 5000])
async def test_a_line_without_a_number_that_can_be_is_named(hub: Hub, lines: str) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as error:
            await service.allot_typed(work, PLAN, "national", TypedAllotment(axes="year", lines=lines, source="示例", reason="示例"))
    assert [(one.code, one.where, one.why.into("zh")) for one in error.value.unmet] == [("line", "lines", "第 2 行的末尾应为整数项数")]


async def test_a_division_keeps_its_versions_and_says_what_is_open(hub: Hub) -> None:
    async with on_day(hub, date(2026, 1, 5)).work(SYSTEM) as work:
        first = await service.allot(work, PLAN, "national", given((2024, 6), (2025, 10), (2026, 12)))
        await work.commit()
    async with hub.work(SYSTEM) as work:
        second = await service.allot(work, PLAN, "national", given((2025, 15), (2026, 15)))
        with pytest.raises(Refused):
            await service.allot(work, PLAN, "national", given((2025, 15), (2026, 15), mode="cumulative", on=ENTERED))
        with pytest.raises(NotFound):
            await service.allot(work, PLAN, "none", given((2025, 15)))
        await work.commit()
    assert [(one.n, one.open, one.total) for one in (first, second)] == [(1, 2, 30), (2, 0, 30)]
    async with hub.reading(SYSTEM) as work:
        now, then = await service.show(work, PLAN), await service.show(work, PLAN, YEAR_END)
    assert [(one.allotment.n, one.compared.open) for one in (*now.divisions, *then.divisions)] == [(2, 0), (1, 2)]
    assert [one.n for one in now.former] == [1]


async def test_allotted_and_counted_add_up_and_participation_stands_apart(hub: Hub, standard: Standard) -> None:
    await published(hub, standard, YEAR_END, recorded=YEAR_END)
    async with on_day(hub, date(2026, 1, 5)).work(SYSTEM) as work:
        await service.allot(work, PLAN, "national", given((2025, 10), (2026, 12)))
        await service.allot(work, PLAN, "national", given(("示例单位", 3), axes=("unit",)))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        found = await service.show(work, PLAN)
    for one in found.divisions:
        c = one.compared
        assert sum(cell.allotted for cell in c.cells) + c.open == c.target == 30
        assert sum(cell.counted for cell in c.cells) == c.counted == 1
    by_unit = next(one.compared for one in found.divisions if one.allotment.axes == ["unit"])
    assert [(cell.keys, cell.allotted, cell.counted, cell.participation) for cell in by_unit.cells] == [(["示例单位"], 3, 1, 1)]


async def test_a_rebased_target_says_that_its_division_is_of_the_old_value(hub: Hub) -> None:
    async with on_day(hub, date(2026, 1, 5)).work(SYSTEM) as work:
        await service.allot(work, PLAN, "national", given((2025, 10), (2026, 20)))
        await plans.rebase(work, PLAN, "national", Rebase(reason="示例", source="示例", value=33, on=date(2026, 1, 5)))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        (one,) = (await service.show(work, PLAN)).divisions
    assert (one.compared.stale, one.compared.target, one.compared.open) == (True, 33, 3)


async def test_only_who_manages_plans_divides(hub: Hub) -> None:
    async with hub.work(holding("secretary", ("hub", "*"))) as work:
        with pytest.raises(Forbidden):
            await service.allot(work, PLAN, "national", given((2025, 10)))


async def test_a_division_is_typed_on_a_page_and_what_cannot_be_read_comes_back_by_its_line(office_app: Litestar) -> None:
    path = f"/plans/{PLAN}/targets/national/allot"
    typed = {
        "axes": "field+year",
        "mode": "cumulative",
        "source": "示例",
        "reason": "示例",
        "lines": "量子科技 2025 2\n未来网络，2026，x\n",
    }
    async with await visit(office_app, "officer") as visitor:
        form = html.fromstring((await visitor.get(path)).text)
        version = form.xpath("//input[@name='version']")[0].get("value")
        wrong = await visitor.send_form(path, {**typed, "version": version})
        unknown = await visitor.send_form(path, {**typed, "version": version, "lines": "量子科技 2031 2"})
        done = await visitor.send_form(path, {**typed, "version": version, "lines": "量子科技 2025 2\n未来网络，2026，3"})
        shown = await visitor.get(f"/plans/{PLAN}/shares")
        told = (await visitor.get(f"/api/v1/plans/{PLAN}/allotments")).json()
    assert (wrong.status_code, unknown.status_code, done.status_code) == (422, 409, 303), unknown.text
    assert "第 2 行" in wrong.text and "2031" in unknown.text and "量子科技 2025 2" in wrong.text.replace("&#34;", "")
    text = " ".join(html.fromstring(shown.text).xpath("//main")[0].text_content().split())
    assert "未分解" in text and "项次" in text
    one = next(one for one in told["divisions"] if one["allotment"]["axes"] == ["field", "year"])
    assert sum(cell["allotted"] for cell in one["compared"]["cells"]) + one["compared"]["open"] == one["compared"]["target"] == 30
