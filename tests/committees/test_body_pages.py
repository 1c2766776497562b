"""Composition, the way of a committee, the tree, positions abroad and the workbook of organisations in the browser."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.committees import ports, repository
from standards_hub.committees.pages import founding, seats
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from tests.committees.registering.test_sheet import workbook
from tests.support.office import Visitor, visit

H2, AI, GRAPHENE, SYNBIO = (
    f"江苏省{name}" for name in ("氢燃料电池汽车标准化技术委员会", "人工智能标准化委员会", "石墨烯标准化技术委员会", "合成生物标准化技术委员会（拟组建）")
)  # fmt: skip


@pytest.fixture
async def duty(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app, "duty") as visitor:
        yield visitor


async def id_of(app: Litestar, name: str) -> UUID:
    async with app.state.hub.glancing(SYSTEM) as work:
        return (await repository.find_committee(work.connection, name)).id


def said(answer: Any) -> str:
    assert answer.status_code < 500, answer.text
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


async def test_the_composition_is_shown_rule_by_rule_with_its_sources(office_app: Litestar, duty: Visitor) -> None:
    id = await id_of(office_app, GRAPHENE)
    words = said(await duty.get(f"/committees/{id}"))
    assert "委员总数：现有 6 人，还差 19 人" in words and "12/15 条符合" in words
    rows = html.fromstring((await duty.get(f"/committees/{id}/seats")).text).xpath("(//table)[1]/tbody/tr")
    assert len(rows) == 15 and all("未核实" in row.text_content() for row in rows)
    english = await duty.get(f"/committees/{id}/seats?lang=en")
    assert "6 now, 19 missing" in said(english)


async def test_a_what_if_is_an_address_that_changes_nothing(office_app: Litestar, duty: Visitor) -> None:
    id = await id_of(office_app, H2)
    async with office_app.state.hub.glancing(SYSTEM) as work:
        chair = next(seat for seat in await repository.seats(work.connection, id) if seat.position == "chair")
    path = f"/committees/{id}/seats/what-if"
    words = said(await duty.get(f"{path}?remove={chair.id}&person0={quote('程望舒（示例）')}&position0=vice_chair"))
    assert words.count("变为不符合") == 2 and "0：现有 0 人，还差 1 人" in words
    wrong = await duty.get(f"{path}?person0={quote('查无此人')}")
    assert wrong.status_code == 422 and "找不到人员 查无此人" in wrong.text
    assert (await duty.get(f"{path}?remove=x")).status_code == 422
    assert "15/15 条符合" in said(await duty.get(f"/committees/{id}"))


async def test_a_member_is_replaced_by_a_form_and_an_interest_declared(office_app: Litestar, duty: Visitor) -> None:
    id = await id_of(office_app, H2)
    async with office_app.state.hub.glancing(SYSTEM) as work:
        old = next(seat for seat in await repository.seats(work.connection, id) if seat.person_name == "史怀远（示例）")
    path = seats.REPLACE.href(id=id, seat_id=old.id)
    form = html.fromstring((await duty.get(path)).text)
    version = form.xpath("//input[@name='version']/@value")[0]
    answer = await duty.send_form(
        path, {"version": version, "person_id": "程望舒（示例）", "since": "2026-12-01", "reason": "调动（示例）"}
    )
    assert answer.status_code == 303, said(answer)
    assert "程望舒（示例）" in said(await duty.get(f"/committees/{id}"))
    async with await visit(office_app, "member") as member:
        path = seats.DECLARE.href(id=id)
        assert "陆明哲（示例），示例·镇江氢动力有限公司" in (await member.get(path)).text
        given = {"person_id": "陆明哲（示例）", "relation": "patent", "subject": "示例专利"}
        assert (await member.send_form(path, given)).headers["location"] == f"/committees/{id}/seats"
        assert "示例专利" in said(await member.get(f"/committees/{id}/seats"))
        refused = await member.send_form(path, {**given, "person_id": "顾言川（示例）"})
        assert refused.status_code == 403
    async with await visit(office_app, "drafter") as drafter:
        assert "示例专利" not in said(await drafter.get(f"/committees/{id}/seats"))


async def test_what_is_missing_is_said_and_the_notice_is_waited_for(office_app: Litestar, duty: Visitor) -> None:
    id = await id_of(office_app, AI)
    words = said(await duty.get(founding.course_href(id)))
    assert "须满 15 天，已 12 天，2026-11-27 期满" in words and "首批委员 11 名" in words
    path = founding.ACTS["approve"].href(id=id)
    version = html.fromstring((await duty.get(path)).text).xpath("//input[@name='version']/@value")[0]
    refused = await duty.send_form(path, {"version": version, "reference": "示例批复"})
    assert refused.status_code == 409 and "2026-11-27 期满" in refused.text and "示例批复" in refused.text


async def test_an_act_is_recorded_with_a_past_day_by_who_may(office_app: Litestar, duty: Visitor) -> None:
    id = await id_of(office_app, SYNBIO)
    async with await visit(office_app, "officer") as officer:
        words = said(await officer.get(founding.course_href(id)))
        assert "秘书处承担单位：尚未写明" in words and "由秘书处或主管部门办理" in words
        assert (await officer.get(founding.ACTS["prepare"].href(id=id))).status_code == 403
    path = founding.ACTS["decline"].href(id=id)
    version = html.fromstring((await duty.get(path)).text).xpath("//input[@name='version']/@value")[0]
    given = {"version": version, "reason": "条件尚不具备（示例）", "reference": "示例复函", "on": "2026-06-01"}
    assert (await duty.send_form(path, given)).status_code == 303
    words = said(await duty.get(founding.course_href(id)))
    assert "不予组建，自 2026-06-01" in words
    assert "已撤销建制" in said(await duty.get(f"/committees/{id}"))


async def test_the_tree_holds_every_committee_with_mirrors_and_the_days_to_keep(office_app: Litestar, duty: Visitor) -> None:
    answer = await duty.get("/committees/tree")
    words, page = said(answer), html.fromstring(answer.text)
    assert page.xpath("//main//h2/text()")[1:] == ["江苏省 ", "全国 ", "部委 ", "ISO ", "ISO/IEC ", "IEC ", "ITU "]
    assert "对口 ISO/TC 197" in words and "2026-12-01 江苏省石墨烯标准化技术委员会：整改期满" in words
    assert words.index("SAC/TC 28 ") < words.index("国家信标委量子信息标准工作组") < words.index("SAC/TC 114")
    async with office_app.state.hub.glancing(SYSTEM) as work:
        assert len(set(page.xpath("//section//li/a/@href"))) == await repository.count_committees(work.connection)


async def test_positions_abroad_are_those_of_the_province_with_their_terms(duty: Visitor) -> None:
    now, ever = said(await duty.get("/committees/positions")), said(await duty.get("/committees/positions?past=true"))
    assert "现任国际职务 7 个，其中 3 个" in now and "2027-03-03 将届满" in now and "ISO/TC 229" not in now
    assert "现任国际职务 7 个" in ever and "ISO/TC 229" in ever and "已届满" in ever


async def test_what_is_open_in_a_committee_stands_on_its_page(office_app: Litestar, duty: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await id_of(office_app, H2)
    before = said(await duty.get(f"/committees/{id}"))
    open_already = int((re.findall(r"正在进行 (\d+)", before) or [0])[0])

    async def known(_work: Work, committee_id: UUID) -> list[ports.Open]:
        return [ports.Open(say("工作组"), "示例投票", "/overview", date(2026, 12, 5))] if committee_id == id else []

    monkeypatch.setitem(ports._opened, "test", known)
    words = said(await duty.get(f"/committees/{id}"))
    assert "示例投票" not in before and f"正在进行 {open_already + 1}" in words and "2026-12-05 工作组：示例投票" in words


async def test_a_workbook_is_tried_first_and_then_taken_in(office_app: Litestar, duty: Visitor) -> None:
    content = workbook(("示例·新来的研究院", "科研院所", "", "3202"), ("示例·错的", "公司", "", ""))
    tried = await duty.post("/organisations/sheet", data={"x-csrf-token": duty.csrf}, files={"file": ("a.xlsx", content)})
    words = said(tried)
    assert "可写入 1 行，尚未写入" in words and "B3" in words
    digest = html.fromstring(tried.text).xpath("//input[@name='tried']/@value")[0]
    async with office_app.state.hub.glancing(SYSTEM) as work:
        assert await repository.organisation_by_name(work.connection, "示例·新来的研究院") is None
    async with await visit(office_app, "officer") as other:  # a hash is no key to a file that somebody else sent
        refused = await other.send_form("/organisations/sheet", {"tried": digest, "write": "1"})
        assert refused.status_code == 422 and "请选择文件" in refused.text
    taken = await duty.send_form("/organisations/sheet", {"tried": digest, "write": "1"})
    assert "已写入 1 行" in said(taken)
    assert "示例·新来的研究院" in (await duty.get("/organisations?q=" + quote("新来的"))).text
    assert (await duty.send_form("/organisations/sheet", {})).status_code == 422
    async with await visit(office_app, "member") as member:
        assert (await member.get("/organisations/sheet")).status_code == 403
