"""The overview: its numbers are the report's, its links lead to as many standards as they say, and any day can be asked for."""

import re
from datetime import date
from typing import Any

import httpx
import pytest
from litestar import Litestar
from lxml import html

from standards_hub.documents.overview import service
from standards_hub.documents.overview.charts import AGE_TONES, BULLET, LEAST_GAP, STAGE_TONES, placed_apart
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.linkage.schemas import PlanChange
from standards_hub.linkage.services import plans
from tests.api.conftest import client_for, token_for
from tests.support.office import TODAY, Visitor, visit

PLAN = "jiangsu-5x100"
CHINESE = re.compile("[\u4e00-\u9fff]+")
EARLIER = "2026-10-31"


async def seen(visitor: httpx.AsyncClient, path: str) -> Any:
    answer = await visitor.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    return html.fromstring(answer.text)


async def reported(visitor: Visitor, day: str) -> dict[str, Any]:
    answer = await visitor.get(f"/api/v1/plans/{PLAN}/progress?as_of={day}")
    found: dict[str, Any] = answer.json()
    return found


def row_numbers(page: Any) -> list[list[int]]:
    """The table behind the bars: target, published, to be verified, under way, submitted, halted, entered, left."""
    table = page.xpath("//section[@aria-labelledby='targets']//table")[0]
    return [[int(cell.text_content()) for cell in row.xpath("td[position() <= 8]")] for row in table.xpath(".//tbody/tr")]


async def test_a_day_with_which_another_was_compared_is_counted_by_the_rule_of_its_own_time(office_app: Litestar) -> None:
    async with office_app.state.hub.work(SYSTEM) as work:
        await plans.edit(work, PLAN, PlanChange(count_rule="approved"), on=date(2026, 11, 20))
        await work.commit()
    async with await visit(office_app, "officer") as visitor:
        await seen(visitor, f"/overview?on={TODAY}&since={EARLIER}")  # counts that day by the rule of today
        page, report = await seen(visitor, f"/overview?on={EARLIER}"), await reported(visitor, EARLIER)
    assert [row[1] for row in row_numbers(page)] == [t["counted"] for t in (*report["targets"], report["total"])]


@pytest.mark.parametrize("day", [TODAY, EARLIER, "2025-06-30"])
async def test_its_numbers_are_those_of_the_report_of_the_same_day(office_app: Litestar, day: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        page, report = await seen(visitor, f"/overview?on={day}"), await reported(visitor, day)
    names = ("target", "counted", "unverified", "in_progress")
    expected = [[t[name] for name in names] for t in (*report["targets"], report["total"])]
    rows = row_numbers(page)
    assert [row[:4] for row in rows] == expected
    assert [row[4] for row in rows] == [sum(t["stages"].get(s, 0) for s in ("50", "60")) for t in (*report["targets"], report["total"])]
    assert [row[5] for row in rows] == [t["halted"] for t in (*report["targets"], report["total"])]
    overdue = page.xpath("//section[@aria-labelledby='overdue']//tbody/tr")
    assert len(overdue) == len(report["tables"]["overdue"]["rows"])
    for row in overdue:  # a committee never stands beside a holder that is another
        holder, committee = (
            " ".join(cell.text_content().split()) for cell in row.xpath("td[@data-label='责任人' or @data-label='委员会']")
        )
        assert (committee in holder) == holder.startswith(("秘书处", "标准化技术委员会")) or committee == "—"
    fields = [[int(n) for n in row.xpath("td/*[1]/text()")] for row in page.xpath("//table[@class='heat']/tbody/tr")]
    levels = ("local", "industry", "national", "international", "counted")
    printed = [[row[key] for key in levels] for row in report["tables"]["fields"]["rows"]]
    assert fields == printed


async def test_the_sentence_of_a_target_says_what_is_done_and_on_the_way(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page, report = await seen(visitor, f"/overview?on={EARLIER}"), await reported(visitor, EARLIER)
    national = next(t for t in report["targets"] if t["key"] == "national")
    late = national["stages"].get("50", 0) + national["stages"].get("60", 0)
    said = [h.text_content() for h in page.xpath("//div[@class='target']//h3")]
    assert f"国家标准 {national['counted']}/30，{national['in_progress']} 项在途，其中 {late} 项已报批" in said


@pytest.mark.parametrize("day", [TODAY, EARLIER])
async def test_what_is_foreseen_is_what_the_report_of_the_same_day_says(office_app: Litestar, day: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        page, report = await seen(visitor, f"/overview?on={day}"), await reported(visitor, day)
        twin = (await visitor.get(f"/api/v1/plans/{PLAN}/overview?on={day}")).json()
    cells = [row.xpath("td[9]")[0].text_content() for row in page.xpath("//section[@aria-labelledby='targets']//table//tbody/tr")]
    printed = [row["forecast"] or "—" for row in report["tables"]["targets"]["rows"]]
    assert cells == printed and set(printed) != {"—"}
    said = [one["foreseen"] and (one["foreseen"]["low"], one["foreseen"]["high"]) for one in twin["targets"]]
    bars = [bar.xpath("string(.)") for bar in page.xpath("//div[@class='target']//*[local-name()='svg']")]
    assert [
        (f"预计 {one[0]}–{one[1]}" if one[0] < one[1] else f"预计 {one[0]}") in bar
        for one, bar in zip(said, bars, strict=True)
        if one and one[0]
    ] == [True for one in said if one and one[0]]


async def test_every_number_leads_to_a_list_of_just_as_many(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await seen(visitor, "/overview")
        addresses = {
            a.get("href"): int(a.text_content().lstrip("+")) for a in page.xpath("//table//a") if a.text_content().lstrip("+").isdigit()
        }
        lists = {a for a in addresses if a.startswith("/standards?")}
        for address in sorted(lists):
            answer = (await visitor.get(f"/api/v1{address}&counted=true")).json()
            assert answer["count"] == addresses[address], address
        for address in sorted(addresses.keys() - lists):
            rows = (await seen(visitor, address)).xpath("//main//tbody/tr")
            assert len(rows) == addresses[address], address
        drawn = [a.get("href") for a in page.xpath("//*[local-name()='svg']//*[local-name()='a']")]
    assert len(lists) > 40 and all(a.startswith(("/standards", "/overview/standards?")) for a in (*addresses, *drawn)) and len(drawn) > 60


async def test_a_past_day_has_its_own_numbers_and_its_own_lists(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        now, then = row_numbers(await seen(visitor, "/overview")), row_numbers(page := await seen(visitor, f"/overview?on={EARLIER}"))
        addresses = {a.get("href"): int(a.text_content()) for a in page.xpath("//table//a") if a.text_content().isdigit()}
        assert all(a.startswith("/overview/standards?") and f"on={EARLIER}" in a for a in addresses)
        counted = next(a for a in addresses if "outcome=counted" in a and "target=" in a)
        rows = (await seen(visitor, counted)).xpath("//main//tbody/tr")
    assert now != then and now[-1][1] > then[-1][1]
    assert len(rows) == addresses[counted]


async def test_the_change_is_counted_from_the_day_that_is_asked_for(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await seen(visitor, f"/overview?since={EARLIER}")
        before = await reported(visitor, EARLIER)
        address = page.xpath("//section[@aria-labelledby='targets']//table//tbody/tr[last()]/td[7]/a/@href")[0]
        entered = (await seen(visitor, address)).xpath("//main//tbody/tr")
    total = row_numbers(page)[-1]
    assert total[1] - before["total"]["counted"] == total[6] - total[7] == len(entered) - total[7] > 0


async def test_those_who_may_not_see_reports_see_what_is_under_way_and_no_count(office_app: Litestar) -> None:
    async with await visit(office_app, "member") as visitor:
        answer = await visitor.get("/overview")
        closed = await visitor.get("/overview/standards?outcome=counted")
        unsaid = (await visitor.get(f"/api/v1/plans/{PLAN}/overview/standards")).json()["items"]
        opened = await visitor.get("/overview/standards?outcome=in_progress&level=national")
        twin = (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json()
        closed_twin = await visitor.get(f"/api/v1/plans/{PLAN}/overview/standards?outcome=counted")
    assert (
        "项在途" in answer.text
        and "/100" not in answer.text
        and "outcome=counted" not in answer.text
        and "有查看报告权限者可见" in answer.text
    )
    assert len(unsaid) == twin["total"]["running"]["value"] and {(one["outcome"], one["why"]["zh"]) for one in unsaid} == {("", "")}
    assert (closed.status_code, opened.status_code, closed_twin.status_code) == (403, 200, 403)
    assert {t["foreseen"] for t in twin["targets"]} == {None} and "预计" not in answer.text
    assert {t["counted"] for t in twin["targets"]} == {None} and {c["counted"] for f in twin["fields"] for c in f["cells"]} == {None}


async def test_in_english_nothing_is_chinese_but_what_the_data_hold(office_app: Litestar) -> None:
    async with await visit(office_app, "officer", "en") as visitor:
        page = await seen(visitor, "/overview?lang=en")
        data = (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json()
        other = await seen(visitor, "/overview/standards?outcome=counted&outcome=unverified&lang=en")
        lines = (await visitor.get(f"/api/v1/plans/{PLAN}/overview/standards?outcome=counted&outcome=unverified")).json()["items"]
    own = ["中文", page.xpath("//details[@class='menu']/summary/span/text()")[0]]
    own += [
        text for one in (*data["overdue"], *data["ageing"], *data["published"], *lines) for text in (one["number"], one.get("committee"))
    ]
    for shown in (page, other):
        text = shown.xpath("//body")[0].text_content() + " ".join(shown.xpath("//@aria-label") + shown.xpath("//@data-label"))
        for word in sorted(filter(None, own), key=len, reverse=True):
            text = text.replace(word, "")
        assert CHINESE.findall(text) == []


async def test_it_is_never_stale_though_a_second_look_computes_nothing(office_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await visit(office_app, "duty") as visitor:
        first = (await visitor.get(f"/api/v1/plans/{PLAN}/overview?on={TODAY}")).json()
        replayed: list[date] = []
        of_plan = service.portfolio.of_plan

        async def noted(connection: Any, key: str, day: date, *known: Any) -> Any:
            replayed.append(day)
            return await of_plan(connection, key, day, *known)

        monkeypatch.setattr(service.portfolio, "of_plan", noted)
        assert (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json() == first and replayed == []
        moved = first["ageing"][0]["id"]
        headers = {"X-CSRF-Token": visitor.csrf}
        done = await visitor.patch(f"/api/v1/standards/{moved}", json={"plan_key": None}, headers=headers)
        assert done.status_code == 200, done.text
        after = (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json()
    assert after["total"]["running"]["value"] == first["total"]["running"]["value"] - 1 and moved not in {a["id"] for a in after["ageing"]}


@pytest.mark.parametrize(
    "query, said",
    [
        ("on=soon", "“soon”不是日期"),
        ("on=2027-01-01", "尚未到来"),
        ("on=2026-10-01&since=2026-10-01", "应早于截止日"),
        ("since=2026-13-01", "不是日期"),
    ],
)
async def test_a_day_that_cannot_be_is_said_with_the_form_to_choose_another(office_app: Litestar, query: str, said: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get(f"/overview?{query}")
    assert answer.status_code == 422 and said in html.fromstring(answer.text).xpath("//*[@role='alert']")[0].text_content()
    assert 'name="on"' in answer.text


async def test_another_plan_than_there_is_is_not_found(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        assert (await visitor.get("/overview?plan=nothing")).status_code == 404


async def test_without_a_plan_it_says_so_and_what_to_do_first(sqlite_app: Litestar) -> None:
    token = await token_for(sqlite_app.state.hub, "officer", "officer")
    async with client_for(sqlite_app, token, Accept="text/html") as client:
        answer = await client.get("/overview")
        elsewhere = await client.get("/reports/new")
    assert "还没有计划" in answer.text and 'href="/plans"' in answer.text and "还没有计划" in elsewhere.text


async def test_the_day_before_anything_happened_is_empty_and_no_error(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get("/overview?on=2020-01-01")
    assert answer.status_code == 200 and "本计划下还没有标准" in answer.text


async def test_figures_carry_no_style_and_lead_nowhere_else(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await seen(visitor, "/overview")
    figures = page.xpath("//figure/*[local-name()='svg']")
    inside = [e for figure in figures for e in figure.iter()]
    assert len(figures) == 5 and not [e for e in inside if e.get("style") or e.tag in ("style", "script", "image")]
    assert not [e for e in page.xpath("//main//*[@style]")]


async def test_the_key_beside_a_figure_names_what_its_marks_show(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await seen(visitor, "/overview")
    stages, ageing = page.xpath("//figure[ul[@class='key']]")
    stacked = {cell.text_content() for cell in page.xpath("//section[@aria-labelledby='stages']//thead//th")}
    assert stacked == {*(li.text_content() for li in stages.xpath("ul/li")), "层级", "合计"}
    listed = {cell.text_content().strip() for cell in page.xpath("//section[@aria-labelledby='ageing']//tbody/tr/td[5]")}
    assert listed == {li.text_content() for li in ageing.xpath("ul/li")}
    for figure, known in ((stages, set(STAGE_TONES)), (ageing, set(AGE_TONES.values()))):
        drawn = {path.get("fill") for path in figure.xpath("*[local-name()='svg']//*[local-name()='path']")} & known
        assert drawn and drawn <= {path.get("fill") for path in figure.xpath("ul//*[local-name()='path']")}


@pytest.mark.parametrize("starts", [(0, 200, 210, 235, 275), (0, 0, 0, 0, 0), (300, 470, 475, 478, 480)])
def test_the_words_beside_a_bar_never_lie_on_one_another(starts: tuple[float, ...]) -> None:
    texts = ["published 43", "to be verified 3", "submitted for approval 5", "otherwise under way 22", "target 60"]
    placed, height = placed_apart([{"x": x, "text": text} for x, text in zip(starts, texts, strict=True)])
    lanes: dict[int, list[tuple[float, float]]] = {}
    for one in placed:
        lanes.setdefault(one["y"], []).append((one["x"], one["x"] + 7 * len(one["text"])))
    for spans in lanes.values():
        assert all(end + LEAST_GAP <= start for (_, end), (start, _) in zip(sorted(spans), sorted(spans)[1:], strict=False))
    assert len(placed) == len(texts) and height >= max(BULLET, *lanes)
