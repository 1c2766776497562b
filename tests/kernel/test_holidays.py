"""Public holidays: a table with its source, replaced by the year, that moves no limit."""

from datetime import date
from uuid import UUID

import pytest

from standards_hub.kernel import audit, holidays
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.admin.pages.holidays import EXAMPLE
from standards_hub.kernel.errors import BadInput, Forbidden
from standards_hub.kernel.holidays import Holiday, read_csv
from standards_hub.kernel.work import Hub

HEAD = "day,kind,name_zh,name_en,source,verified\n"


def day(text: str, kind: str = "off", source: str = "示例依据") -> Holiday:
    return Holiday(date.fromisoformat(text), kind, "示例节", "Example day", source)  # type: ignore[arg-type]


async def entered(hub: Hub, *days: Holiday) -> list[int]:
    async with hub.work(SYSTEM) as work:
        years = await holidays.enter(work, list(days))
        await work.commit()
    return years


def test_the_table_that_comes_with_the_hub_has_each_day_of_the_notice() -> None:
    days = read_csv(EXAMPLE.read_bytes())
    off, work = [h.day for h in days if h.kind == "off"], [h.day for h in days if h.kind == "work"]
    assert (len(off), len(work)) == (33, 6) and all(h.source.startswith("国务院办公厅") and h.verified for h in days)
    assert all(one.weekday() >= 5 for one in work)
    assert date(2026, 10, 1) in off and date(2026, 10, 10) in work


@pytest.mark.parametrize(
    "text, said",
    [
        ("day,kind\n2026-10-01,off\n", "缺少列"), (f"{HEAD}2026-13-01,off,a,b,c,1\n", "第 2 行"), (f"{HEAD}2026-10-01,rest,a,b,c,1\n", "第 2 行"),
        (f"{HEAD}2026-10-01,off,a,b,c,1\n2026-10-02,off,a,b,c,maybe\n", "第 3 行"), (f"{HEAD}" + "2026-10-01,off,a,b,c,1\n" * 500, "最多"),
        (f"{HEAD}2026-10-01,off,{'a' * 200_000},b,c,1\n", "不是完好的 CSV 文件"),
    ],
)  # fmt: skip
def test_a_table_with_errors_names_the_row(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_csv(text.encode())
    assert said in str(refused.value.unmet[0].why)


def test_a_table_from_an_office_program_is_read_too() -> None:
    assert read_csv(f"{HEAD}2026-10-01,休,国庆节,National Day,依据,1\n".encode("gb18030"))[0].name_zh == "国庆节"


async def test_a_year_is_replaced_as_a_whole_and_other_years_stay(hub: Hub) -> None:
    assert await entered(hub, day("2026-10-01"), day("2027-01-01"), day("2026-10-02")) == [2026, 2027]
    await entered(hub, day("2026-05-01"), day("2026-10-02"))
    async with hub.database.read() as connection:
        assert [h.day.isoformat() for h in await holidays.of_year(connection, 2026)] == ["2026-05-01", "2026-10-02"]
        assert await holidays.years(connection) == [2026, 2027]
        assert (await audit.verify(connection)).sound


async def test_a_day_is_off_by_the_table_or_as_a_weekend_that_is_not_worked(hub: Hub) -> None:
    await entered(hub, day("2026-10-01"), day("2026-10-10", "work"))
    asked = [date(2026, 10, n) for n in (1, 8, 10, 11)]
    async with hub.database.read() as connection:
        found = await holidays.days_off(connection, asked)
    assert {one.day: (off.why.into("en"), off.before) for one, off in found.items()} == {
        1: ("Example day", date(2026, 9, 30)), 11: ("weekend", date(2026, 10, 10)),
    }  # fmt: skip
    assert found[date(2026, 10, 11)].hint.into("zh") == "周末，建议提前至 2026-10-10"
    assert "30 Sept 2026" in found[date(2026, 10, 1)].hint.into("en")


@pytest.mark.parametrize("days", [[], [day("2026-10-01"), day("2026-10-01")], [day("2026-10-01", source=" ")]])
async def test_a_table_without_days_with_one_twice_or_without_source_is_refused(hub: Hub, days: list[Holiday]) -> None:
    with pytest.raises(BadInput):
        await entered(hub, *days)


async def test_only_administrators_enter_them(hub: Hub) -> None:
    officer = Actor(account=UUID(int=1), grants=(Grant("officer", ("hub", "*")),))
    async with hub.work(officer) as work:
        with pytest.raises(Forbidden):
            await holidays.enter(work, [day("2026-10-01")])
