"""Kept reports: asked for, made by a job that can be watched and left, found again byte for byte, never changed."""

import asyncio
import hashlib
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.demo import fixtures
from standards_hub.documents import kept, repository
from standards_hub.documents.overview import service as overviews
from standards_hub.documents.schemas import NewReport
from standards_hub.kernel import audit, jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import HubError, NotFound
from standards_hub.kernel.work import Hub
from standards_hub.linkage.services import plans
from tests.support.office import visit

PLAN = "jiangsu-5x100"
ASKED = {"plan": PLAN, "as_of": "2026-10-31", "since": "2026-09-30"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON and page only, for tests that do not look at the other prints, which take seconds."""
    monkeypatch.setattr(kept, "PRINTED", ("json", "html"))


async def made(hub: Hub, **asked: Any) -> Any:
    async with hub.work(SYSTEM) as work:
        found = await kept.ask(work, NewReport(PLAN, **asked))
        await work.commit()
    assert (await jobs.drain(hub)).errors == []
    return found.id


async def test_a_report_is_asked_for_watched_read_and_found_again(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with await visit(office_app, "officer") as visitor:
        asked = await visitor.send_form("/reports", ASKED)
        assert asked.status_code == 303, asked.text
        there = asked.headers["location"]
        waiting = await visitor.get(there)
        part = await visitor.get(f"{there}/progress")
        listed = await visitor.get("/reports")
        assert "等候办理" in waiting.text and 'hx-trigger="every 1s"' in waiting.text and "等候办理" in listed.text
        assert "等候办理" in part.text and "hx-refresh" not in part.headers
        again = await visitor.send_form("/reports", ASKED)
        assert (await jobs.drain(hub)).errors == []

        assert (await visitor.get(f"{there}/progress")).headers["hx-refresh"] == "true"
        page = html.fromstring((await visitor.get(there)).text)
        letter = page.xpath("//article[@lang='zh-CN']")[0]
        assert "截至2026年10月31日" in letter.text_content() and len(letter.xpath(".//table")) >= 12 and not letter.xpath(".//*[@style]")
        listed = html.fromstring((await visitor.get("/reports")).text).xpath("//tbody/tr/td[1]/a/@href")
        assert set(listed[:2]) == {there, again.headers["location"]} and there != again.headers["location"]

        recorded = (await visitor.get(f"/api/v1{there}")).json()
        assert recorded["state"] == "done" and recorded["asked_by"] == "科技厅成果处（示例）"
        hashes = {file["format"]: file["sha256"] for file in recorded["report"]["files"]}
        for format in ("docx", "pdf", "xlsx", "json"):
            for address in (f"{there}/files/{format}", f"/api/v1{there}/files/{format}"):
                file = await visitor.get(address)
                assert hashlib.sha256(file.content).hexdigest() == hashes[format] and "attachment" in file.headers["content-disposition"]
        report = (await visitor.get(f"{there}/files/json")).json()
        live = (await visitor.get(f"/api/v1/plans/{PLAN}/progress?as_of=2026-10-31&since=2026-09-30")).json()
    assert {name: report[name] for name in ("targets", "total", "data_hash")} == {
        name: live[name] for name in ("targets", "total", "data_hash")
    }
    assert hashes.keys() == {"docx", "pdf", "xlsx", "json", "html"} and recorded["report"]["data_hash"] == report["data_hash"]
    assert (recorded["report"]["counted"], recorded["report"]["target"]) == (live["total"]["counted"], 100)
    async with hub.database.read() as connection:
        proof = await audit.verify(connection)
    assert proof.sound and proof.events == recorded["report"]["head_id"] + 2


async def test_on_both_engines_a_report_of_a_plan_without_standards_is_made_shown_and_listed(app: Litestar, quick: None) -> None:
    hub: Hub = app.state.hub
    async with hub.work(SYSTEM) as work:
        await plans.register(work, fixtures.plan())
        waiting = await kept.ask(work, NewReport(PLAN))
        assert (await kept.show(work, waiting.id)).state == "running"
        await work.commit()
    id = await made(hub, since=date(2026, 10, 31))
    async with hub.reading(SYSTEM) as reading:
        report, listed = await kept.show(reading, id), await kept.listing(reading)
        view = await overviews.overview(reading, PLAN)
        proof = await audit.verify(reading.connection)
    assert report.report and (report.report.counted, report.report.target) == (0, 100) and {r.id for r in listed.items} == {id, waiting.id}
    assert view.since == date(2026, 10, 25) and [t.target for t in view.targets] == [60, 30, 10] and proof.sound


async def test_a_later_truth_makes_another_report_and_the_first_stays(office_app: Litestar, quick: None) -> None:
    hub: Hub = office_app.state.hub
    first = await made(hub)
    async with await visit(office_app, "duty") as visitor:
        before = (await visitor.get(f"/reports/{first}/files/json")).content
        moved = (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json()["ageing"][0]["id"]
        done = await visitor.patch(f"/api/v1/standards/{moved}", json={"plan_key": None}, headers={"X-CSRF-Token": visitor.csrf})
        assert done.status_code == 200, done.text
        second = await made(hub)
        assert (await visitor.get(f"/reports/{first}/files/json")).content == before
        numbers = [(await visitor.get(f"/reports/{id}/files/json")).json()["total"]["in_progress"] for id in (first, second)]
    assert numbers[1] == numbers[0] - 1


async def test_the_next_overview_is_compared_with_the_last_report(office_app: Litestar, quick: None) -> None:
    await made(office_app.state.hub, as_of=date(2026, 11, 10))
    async with await visit(office_app, "officer") as visitor:
        overview = (await visitor.get(f"/api/v1/plans/{PLAN}/overview")).json()
        page = await visitor.get("/overview")
        form = await visitor.get("/reports/new")
    assert (overview["since"], overview["since_is_report"]) == ("2026-11-10", True) and "与上期报告（2026-11-10）对比" in page.text
    assert re.search(r'name="since" type="date" value="2026-11-10"', form.text)


async def test_the_form_never_offers_to_compare_with_a_day_that_is_no_earlier(office_app: Litestar, quick: None) -> None:
    await made(office_app.state.hub, as_of=date(2026, 11, 10))
    offered = {}
    async with await visit(office_app, "officer") as visitor:
        for day in ("2026-11-11", "2026-11-10", "2026-09-30"):
            form = await visitor.get(f"/reports/new?as_of={day}")
            offered[day] = re.findall(r'name="since" type="date" value="(.*?)"', form.text)[0]
        nonsense = await visitor.get("/reports/new?as_of=31.12.2026")
    assert offered.pop("2026-11-11") == "2026-11-10" and offered.pop("2026-11-10") == "2026-10-31"
    assert offered["2026-09-30"] == "2026-08-31" and nonsense.status_code == 422 and "2026-10-31" in nonsense.text


async def test_reports_come_page_by_page_the_newest_first(office_app: Litestar, quick: None) -> None:
    ids = [str(await made(office_app.state.hub, as_of=date(2026, month, 28))) for month in (7, 8, 9)]
    async with await visit(office_app, "secretary") as visitor:
        first = (await visitor.get("/api/v1/reports?limit=2")).json()
        second = (await visitor.get(f"/api/v1/reports?limit=2&after={first['next']}")).json()
        other = (await visitor.get("/api/v1/reports?plan=another")).json()
        none = await visitor.get("/api/v1/reports?after=00000000-0000-4000-8000-000000000001")
    assert [one["id"] for one in (*first["items"], *second["items"])][:3] == ids[::-1] and len(second["items"]) == 2
    assert other["items"] == [] and none.status_code == 404


@pytest.mark.parametrize(
    "fields, field, said",
    [
        ({"as_of": "2027-01-01", "since": ""}, "as_of", "尚未到来"),
        ({"as_of": "2026-10-31", "since": "2026-11-01"}, "since", "应早于截止日"),
        ({"as_of": "last month", "since": ""}, "as_of", ""),
    ],
)
async def test_days_that_cannot_be_are_said_at_their_field_and_nothing_is_asked_for(
    office_app: Litestar, fields: dict[str, str], field: str, said: str
) -> None:
    async with await visit(office_app, "officer") as visitor:
        before = (await visitor.get("/api/v1/reports")).json()
        answer = await visitor.send_form("/reports", {"plan": PLAN, **fields})
        listed = (await visitor.get("/api/v1/reports")).json()
    page = html.fromstring(answer.text)
    assert answer.status_code == 422 and page.xpath(f"//div[@role='alert']//a[@href='#{field}']") and listed == before
    assert said in page.xpath(f"//*[@id='{field}-why1']")[0].text_content() and page.xpath(f"//input[@id='{field}']/@value") == [
        fields[field]
    ]


async def test_who_may_only_read_reports_is_offered_no_other(office_app: Litestar, quick: None) -> None:
    id = await made(office_app.state.hub)
    async with await visit(office_app, "secretary") as visitor:
        assert "/reports/new" not in (await visitor.get("/reports")).text
        assert (await visitor.get(f"/reports/{id}")).status_code == 200
        closed = [await visitor.get("/reports/new"), await visitor.send_form("/reports", ASKED)]
    async with await visit(office_app, "member") as visitor:
        closed += [await visitor.get("/reports"), await visitor.get(f"/reports/{id}"), await visitor.get(f"/reports/{id}/files/json")]
    assert [answer.status_code for answer in closed] == [403] * 5


async def test_no_report_no_format_and_no_changed_bytes_are_given_out(office_app: Litestar, quick: None) -> None:
    hub: Hub = office_app.state.hub
    id = await made(hub)
    async with hub.reading(SYSTEM) as reading:
        report = await repository.report(reading.connection, id)
        file = report.file("json") if report else None
        assert file
        path = hub.files.folder / file.sha256[:2] / file.sha256
        await asyncio.to_thread(path.write_bytes, b"{}")
        with pytest.raises(HubError, match="文件与存档记录不符"):
            await kept.content(reading, id, "json")
        with pytest.raises(NotFound):
            await kept.content(reading, id, "docx")
    async with await visit(office_app, "officer") as visitor:
        assert (await visitor.get(f"/reports/{id}/files/html")).status_code == 404
        assert (await visitor.get("/reports/00000000-0000-4000-8000-000000000001")).status_code == 404


async def test_a_report_that_could_not_be_made_says_so_and_can_be_taken_off(office_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    hub: Hub = office_app.state.hub

    async def broken(*_: Any) -> bytes:
        raise RuntimeError("机器坏了")

    async with await visit(office_app, "officer") as visitor:
        there = (await visitor.send_form("/reports", ASKED)).headers["location"]
        assert (await visitor.send_form(f"{there}/discard")).status_code == 409
        monkeypatch.setattr(kept.service, "printed", broken)
        assert (await jobs.drain(hub)).errors == ["report.make: 机器坏了"]
        assert "正在排印 DOCX" in (await visitor.get(there)).text
        async with hub.database.write() as connection:
            await connection.execute(sa.update(repository.JOB).where(repository.JOB.c.name == "report.make").values(state="failed"))
            await connection.commit()
        assert "报告未能编制" in (await visitor.get(there)).text and "未能编制" in (await visitor.get("/reports")).text
        assert (await visitor.get(f"/api/v1{there}")).json()["state"] == "failed"
        gone = await visitor.send_form(f"{there}/discard")
        assert gone.status_code == 303 and (await visitor.get(there)).status_code == 404


async def test_in_english_the_page_around_the_letter_is_english(office_app: Litestar, quick: None) -> None:
    id = await made(office_app.state.hub, since=date(2026, 9, 30))
    async with await visit(office_app, "officer", "en") as visitor:
        for path in ("/reports?lang=en", "/reports/new?lang=en", f"/reports/{id}?lang=en"):
            page = html.fromstring((await visitor.get(path)).text)
            for chinese in page.xpath("//article[@lang='zh-CN'] | //*[@lang='zh-CN'][self::a] | //details[@class='menu']"):
                chinese.getparent().remove(chinese)
            text = " ".join(page.xpath("//body//text()[normalize-space()] | //@aria-label | //@data-label"))
            assert re.findall("[\u4e00-\u9fff]+", text.replace("科技厅成果处（示例）", "")) == [], path
