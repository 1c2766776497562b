"""From draft to signature: what the author wrote survives, what is missing is said, one act signs, and a later truth corrects."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.demo import fixtures
from standards_hub.documents import drafting, kept, narrating, repository, signing
from standards_hub.documents.report.narrative import Narrative, Step
from standards_hub.documents.schemas import NewReport, Report, SignReport
from standards_hub.kernel import audit, holidays, jobs, mail
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Conflict, Forbidden, Refused, Stale
from standards_hub.kernel.holidays import Holiday
from standards_hub.kernel.work import Hub, Work
from standards_hub.linkage.services import plans, tallies
from standards_hub.linkage.snapshots import service as snapshots
from tests.support.office import visit

PLAN = "jiangsu-5x100"
DAY = date(2026, 10, 15)
MONTH = Narrative(texts={"month": "示例：本月无其他事项。"})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON and page only: the other prints take seconds and are read elsewhere."""
    monkeypatch.setattr(kept, "PRINTED", ("json", "html"))


async def made(hub: Hub, as_of: date = DAY, kind: Any = "monthly") -> Report:
    async with hub.work(SYSTEM) as work:
        asked = await kept.ask(work, NewReport(PLAN, as_of=as_of, kind=kind))
        await work.commit()
    assert (await jobs.drain(hub)).errors == []
    return await read(hub, asked.id)


async def read(hub: Hub, id: UUID) -> Report:
    async with hub.reading(SYSTEM) as work:
        found = await repository.report(work.connection, id)
    assert found
    return found


async def done(hub: Hub, task: Callable[[Work], Any]) -> Any:
    async with hub.work(SYSTEM) as work:
        value = await task(work)
        await work.commit()
    return value


async def test_on_both_engines_words_are_kept_apart_and_survive_making_the_report_anew(app: Litestar) -> None:
    hub: Hub = app.state.hub
    await done(hub, lambda work: plans.register(work, fixtures.plan()))
    first = await made(hub)
    assert first.missing == ["month"] and first.narrative == 0
    with pytest.raises(Refused) as refused:
        await done(hub, lambda work: signing.sign(work, first.id, SignReport()))
    assert [str(one.why) for one in refused.value.unmet] == ["“本月需要说明的事项”尚未填写"]

    await done(hub, lambda work: narrating.write(work, PLAN, "monthly", DAY, MONTH))
    second, third = await made(hub), await made(hub)
    assert (second.missing, second.narrative, third.narrative) == ([], 1, 1)
    signed = await done(hub, lambda work: signing.sign(work, third.id, SignReport()))
    async with hub.reading(SYSTEM) as work:
        snapshot = await snapshots.latest(work, PLAN)
        proof = await audit.verify(work.connection)
        chain = await snapshots.verify(work, PLAN)
    assert snapshot and (snapshot.report, snapshot.hash) == (signed.id, signed.snapshot_hash) and signed.signed_at
    assert set(snapshot.files.values()) == {file.sha256 for file in signed.files} and proof.sound and chain.sound
    with pytest.raises(Conflict, match="已签发"):
        await done(hub, lambda work: signing.sign(work, third.id, SignReport()))
    assert (await read(hub, third.id)).files == third.files


async def test_of_two_authors_who_read_the_same_words_the_second_is_told(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    await done(hub, lambda work: narrating.write(work, PLAN, "monthly", DAY, MONTH, expected="0"))
    with pytest.raises(Stale):  # asked only once the plan is locked, so that waiting for the first is no way past it
        await done(hub, lambda work: narrating.write(work, PLAN, "monthly", DAY, Narrative(omitted=("month",)), expected="0"))


async def test_words_written_since_or_a_newer_draft_stand_in_the_way_of_a_signature(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    await done(hub, lambda work: narrating.write(work, PLAN, "monthly", DAY, MONTH))
    old, new = await made(hub), await made(hub)
    await done(hub, lambda work: narrating.write(work, PLAN, "monthly", DAY, Narrative(omitted=("month",))))
    async with hub.reading(SYSTEM) as work:
        said = {id: [one.code for one in (await signing.preview(work, id)).unmet] for id in (old.id, new.id)}
    assert said == {old.id: ["stale", "newer"], new.id: ["stale"]}


async def test_a_fact_that_came_after_the_making_stands_in_the_way_of_a_signature(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    day = date(2026, 11, 20)
    await done(hub, lambda work: narrating.write(work, PLAN, "monthly", day, MONTH))
    report = await made(hub, day)
    published = {
        "number": "IEC 99399:2026", "published_on": "2026-11-18", "effective_on": "2026-11-18",
        "papers": [{"kind": kind, "dated": "2026-11-18", "reference": "示例"} for kind in ("published_text", "role_certificate")],
    }  # fmt: skip
    async with await visit(office_app, "duty") as visitor:
        found = (await visitor.get("/api/v1/standards?q=石墨烯薄膜电阻测量")).json()["items"]
        (id,) = [one["id"] for one in found if one["level"] == "international"]
        told = await visitor.post(f"/api/v1/standards/{id}/publication", json=published, headers={"X-CSRF-Token": visitor.csrf})
        assert told.is_success, told.text
    async with await visit(office_app, "officer") as visitor:
        refused = await visitor.send_form(f"/reports/{report.id}/sign", {"reason": ""})
        assert refused.status_code == 409 and "改变了 1 项标准的统计" in refused.text
        again = await made(hub, day)
        assert (await visitor.send_form(f"/reports/{again.id}/sign", {"reason": ""})).status_code == 303


async def test_an_author_whom_another_forestalled_sees_both_texts_and_can_save(office_app: Litestar) -> None:
    report = await made(office_app.state.hub, date(2026, 9, 30), "quarterly")
    there = f"/reports/{report.id}/narrative"
    async with await visit(office_app, "officer") as visitor:
        theirs = {"version": "0", "texts[problems]": "示例：别人先写的", "steps[0][task]": "示例：别人的事项", "steps[0][unit]": "示例单位"}
        assert (await visitor.send_form(there, theirs)).status_code == 303
        late = await visitor.send_form(there, {"version": "0", "texts[problems]": "示例：我写的"})
        assert late.status_code == 412 and "示例：我写的</textarea>" in late.text
        assert "示例：别人先写的" in late.text and "示例：别人的事项，示例单位" in late.text
        version = html.fromstring(late.text).xpath("//input[@name='version']/@value")
        again = await visitor.send_form(there, {"version": version[0], "texts[problems]": "示例：我写的"})
    assert again.status_code == 303, again.text


async def test_the_officer_writes_makes_anew_and_signs_in_the_browser(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with await visit(office_app, "officer") as visitor:
        asked = await visitor.send_form("/reports", {"plan": PLAN, "kind": "quarterly", "as_of": "2026-09-30", "since": "2026-09-01"})
        assert (await jobs.drain(hub)).errors == []
        there = asked.headers["location"]
        assert (await visitor.get(f"/api/v1{there}")).json()["since"] == "2026-06-30"
        page = (await visitor.get(there)).text
        assert "草稿，尚未签发" in page and "签发前还差 6 项" in page and "【由起草人填写】" in page
        assert "还不能签发，差 6 项" in (await visitor.get(f"{there}/sign")).text
        assert (await visitor.send_form(f"{there}/sign")).status_code == 409

        fields = {
            "version": "0", "again": "1", "texts[problems]": "示例问题。", "texts[causes]": "示例原因。", "steps[0][task]": "示例事项",
            "steps[0][unit]": "示例单位", "steps[0][due]": "2026-12-31", "steps[1][task]": "",
        }  # fmt: skip
        made_again = await visitor.send_form(f"{there}/narrative", {**fields, "omitted[]": ["overall", "targets", "breakdown"]})
        assert made_again.status_code == 303 and made_again.headers["location"] != there, made_again.text
        assert (await jobs.drain(hub)).errors == []
        there = made_again.headers["location"]
        letter = html.fromstring((await visitor.get(there)).text).xpath("//article[@lang='zh-CN']")[0].text_content()
        assert "示例问题。" in letter and "示例单位" in letter and "【由起草人填写】" not in letter

        confirm = await visitor.get(f"{there}/sign")
        hashes = [file["sha256"] for file in (await visitor.get(f"/api/v1{there}")).json()["report"]["files"]]
        assert all(sha256 in confirm.text for sha256 in hashes)
        signed = await visitor.send_form(f"{there}/sign")
        assert signed.status_code == 303 and "不再改动" in (await visitor.get(there)).text
        chain = (await visitor.get(f"/api/v1/plans/{PLAN}/snapshots")).json()["items"]
        assert (await visitor.get(f"/api/v1{there}")).json()["report"]["snapshot"] == chain[-1]["n"] == len(chain)
        again = await visitor.send_form(f"{there}/sign")
    assert again.status_code == 409


async def test_a_later_truth_makes_a_report_that_says_what_it_corrects(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with hub.reading(SYSTEM) as work:
        first = await repository.signed(work.connection, PLAN, "monthly", date(2026, 10, 31))
        before = await snapshots.latest(work, PLAN)
    assert first and before
    published = {
        "number": "IEC 99399:2026", "published_on": "2026-10-28", "effective_on": "2026-10-28",
        "papers": [{"kind": kind, "dated": "2026-10-28", "reference": "示例"} for kind in ("published_text", "role_certificate")],
    }  # fmt: skip
    async with await visit(office_app, "duty") as visitor:
        listed = (await visitor.get(f"/api/v1/reports/{first.id}/standards?outcome=counted")).json()["items"]
        found = (await visitor.get("/api/v1/standards?q=石墨烯薄膜电阻测量")).json()["items"]
        (id,) = [one["id"] for one in found if one["level"] == "international"]
        told = await visitor.post(f"/api/v1/standards/{id}/publication", json=published, headers={"X-CSRF-Token": visitor.csrf})
        assert told.is_success, told.text
        still = (await visitor.get(f"/api/v1/reports/{first.id}/standards?outcome=counted")).json()["items"]
        assert still == listed
    second = await made(hub, date(2026, 10, 31))
    assert second.corrects == first.id
    async with await visit(office_app, "officer") as visitor:
        text = (await visitor.get(f"/reports/{second.id}")).text
        assert "本报告更正2026年11月4日签发的同期报告：累计发布数原为68项，更正为69项" in html.fromstring(text).text_content()
        assert f"/reports/{first.id}" in text
        refused = await visitor.send_form(f"/reports/{second.id}/sign", {"reason": ""})
        assert refused.status_code == 422 and "应写明理由" in refused.text
        signed = await visitor.send_form(f"/reports/{second.id}/sign", {"reason": "示例：登记有误"})
        assert signed.status_code == 303, signed.text
    async with hub.reading(SYSTEM) as work:
        chain, links = await snapshots.verify(work, PLAN), await snapshots.listing(work, PLAN)
    assert chain.sound and links[-1].report == second.id and (await read(hub, first.id)) == first


async def test_words_of_the_period_before_are_a_suggestion_and_only_that(office_app: Litestar) -> None:
    report = await made(office_app.state.hub, date(2026, 11, 20))
    async with await visit(office_app, "officer") as visitor:
        plain = (await visitor.get(f"/reports/{report.id}/narrative")).text
        adopted = (await visitor.get(f"/reports/{report.id}/narrative?adopt=true")).text
        kept_ = (await visitor.get(f"/api/v1/plans/{PLAN}/narratives/monthly/2026-11-20")).json()
    assert "2026-10-31 一期写过文字" in plain and "量子通信" not in html.fromstring(plain).xpath("//textarea")[0].text_content()
    assert "量子通信" in html.fromstring(adopted).xpath("//textarea")[0].text_content()
    assert kept_["version"] == 0 and kept_["missing"] == ["month"] and "量子通信" in kept_["previous"]["texts"]["month"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"texts": {"problems": "示例"}}, "texts.problems"),
        ({"texts": {"month": "长" * 81}}, "texts.month"),
        ({"steps": [{"task": "示例", "unit": "示例"}]}, "steps"),
        ({"omitted": ["causes"]}, "texts.causes"),
    ],
)
async def test_words_for_a_place_that_a_kind_has_not_are_refused_at_that_place(
    office_app: Litestar, body: dict[str, Any], where: str
) -> None:
    async with await visit(office_app, "officer") as visitor:
        headers = {"x-csrf-token": visitor.csrf, "accept": "application/json"}
        answer = await visitor.put(f"/api/v1/plans/{PLAN}/narratives/monthly/2026-11-20", json=body, headers=headers)
        stale = await visitor.put(f"/api/v1/plans/{PLAN}/narratives/monthly/2026-11-20", json={}, headers={**headers, "if-match": '"7"'})
    assert answer.status_code == 422 and answer.json()["unmet"][0]["where"] == where and stale.status_code == 412


async def test_who_may_not_sign_is_told_and_who_may_not_make_cannot_write(office_app: Litestar) -> None:
    report = await made(office_app.state.hub)
    closed = []
    for login, method, path in (
        ("manager", "get", "sign"), ("secretary", "get", "sign"), ("secretary", "get", "narrative"), ("member", "get", "standards"),
        ("manager", "get", "narrative"), ("manager", "send_form", "again"), ("manager", "send_form", "narrative"),
    ):  # fmt: skip
        async with await visit(office_app, login) as visitor:
            closed.append((await getattr(visitor, method)(f"/reports/{report.id}/{path}")).status_code)
    assert closed == [403] * 7
    async with await visit(office_app, "manager") as manager:
        reads = await manager.get(f"/reports/{report.id}")
    assert reads.status_code == 200 and "/narrative" not in reads.text and "下载 PDF" in reads.text


async def test_an_officer_of_another_plan_neither_makes_nor_writes_this_one_s_reports(office_app: Litestar) -> None:
    officer = Actor(account=uuid4(), grants=(Grant("officer", ("plan", "another-plan")),))
    async with office_app.state.hub.work(officer) as work:
        with pytest.raises(Forbidden):
            await narrating.write(work, PLAN, "annual", date(2026, 10, 31), Narrative())
        with pytest.raises(Forbidden):
            await kept.ask(work, NewReport(plan=PLAN))


async def test_every_number_of_the_letter_opens_as_many_standards_as_it_says(office_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    report = await made(office_app.state.hub, date(2026, 10, 31), "annual")
    async with await visit(office_app, "officer") as visitor:
        letter = html.fromstring((await visitor.get(f"/reports/{report.id}")).text).xpath("//article[@lang='zh-CN']")[0]
        others = {link.get("href") for link in letter.xpath(".//a") if not link.get("href").startswith(f"/reports/{report.id}/standards?")}
        tables = {one[1:] for one in others if one[0] == "#"}
        assert {"table-projects", "table-promises", "table-overdue", "table-forecast"} <= tables <= set(letter.xpath(".//@id"))
        told = {one: (await visitor.get(one)).status_code for one in sorted(others) if one[0] != "#"}
        assert {one: status for one, status in told.items() if status != (302 if one.startswith("/evidence/") else 200)} == {}
        links = {
            link.get("href"): abs(int(link.text_content().replace("−", "-")))
            for link in letter.xpath(".//a")
            if link.get("href") not in others and re.fullmatch(r"[+−-]?\d+", link.text_content())  # neither a rate nor a sum of parts
        }
        for part in ("change=either", "joined=3201", "gap=true", "stricter=true", "output=true", "office=editor"):
            assert any(part in address for address in links), part
        # Nothing happens between two links, so each day is counted once, which takes a second, and every link chooses from that.
        counted: dict[Any, Any] = {}

        async def tally(work: Work, *asked: Any, known_at: Any, count: Any = tallies.tally) -> Any:
            if (*asked, known_at) not in counted:
                counted[*asked, known_at] = await count(work, *asked, known_at=known_at)
            return counted[*asked, known_at]

        monkeypatch.setattr(tallies, "tally", tally)
        wrong = {}
        for address, number in links.items():
            found = (await visitor.get(f"/api/v1{address}")).json()["items"]
            if len(found) != number:
                wrong[address] = (number, len(found))
        page = html.fromstring((await visitor.get(next(iter(links)))).text)
    assert wrong == {}
    assert page.xpath("//tbody//a/@href")[0].endswith("?on=2026-10-31") and page.xpath("//tbody//a/@href")[1].endswith(
        "?on=2026-10-31#history"
    )


def at(hub: Hub, day: date) -> Hub:
    return Hub(hub.database, hub.files, Clock(day))


async def slot(hub: Hub, day: date) -> None:
    await done(at(hub, day), drafting.due)
    assert (await jobs.drain(at(hub, day))).errors == []


async def test_on_both_engines_a_report_is_drafted_once_on_the_first_working_day_and_brought_to_its_officers(app: Litestar) -> None:
    hub: Hub = app.state.hub
    await done(hub, lambda work: plans.register(work, fixtures.plan()))
    off = [Holiday(date(2027, 1, 1), "off", "示例节", "Example day", "示例依据")]
    await done(hub, lambda work: holidays.enter(work, off))
    async with hub.reading(SYSTEM) as work:
        assert await drafting.first_working_day(work.connection, date(2027, 1, 20)) == date(2027, 1, 4)  # Friday is off, then a weekend
    found = []
    for day in (date(2027, 1, 1), date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 5)):
        await slot(hub, day)
        async with hub.reading(SYSTEM) as work:
            found.append(sorted((r.kind, r.as_of.isoformat()) for r in await repository.reports(work.connection)))
    whole = [("annual", "2026-12-31"), ("monthly", "2026-12-31"), ("quarterly", "2026-12-31")]
    assert found == [[], [], whole, whole, whole]


async def test_a_draft_is_written_to_the_officers_and_waits_in_their_list(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    await slot(hub, date(2026, 12, 1))
    async with hub.reading(SYSTEM) as work:
        report = await repository.newest(work.connection, PLAN, "monthly", date(2026, 11, 30))
        sent = [one for one in await mail.outbox(work.connection, limit=200) if "月度报告" in one.subject]
    assert report and report.made_by == "system:report.draft"
    assert [re.sub(r".*/reports", "/reports", one.body) for one in sent] == [f"/reports/{report.id}"] * len(sent) and sent
    async with await visit(office_app, "officer") as visitor:
        page = html.fromstring((await visitor.get("/todo")).text)
    assert f"/reports/{report.id}" in page.xpath("//section[starts-with(@aria-labelledby, 'others')]//a/@href")
    async with await visit(office_app, "secretary") as visitor:
        assert not html.fromstring((await visitor.get("/todo")).text).xpath("//h2[contains(., '待我签发')]")


def test_a_step_says_when_and_who() -> None:
    assert Step(task="示例", unit="示例", due=DAY).whole and not Step(task="示例", unit="示例").whole
