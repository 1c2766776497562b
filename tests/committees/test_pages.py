"""The registers of committees, organisations and people in the browser: what is seen, what is done, by whom, and when it collides."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page, expect

from standards_hub.committees import repository
from standards_hub.committees.pages import committees, organisations, people
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.registers.acts import Act
from tests.support.office import Visitor, sign_in, visit

H2 = "江苏省氢燃料电池汽车标准化技术委员会"
HOST = "示例·苏南氢能研究院"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ACTS: list[Act] = [
    committees.REGISTER, committees.EDIT, committees.STATE, committees.TAKE, committees.END, committees.STRIKE,
    organisations.REGISTER, organisations.EDIT, organisations.MERGE, organisations.CLOSE, people.REGISTER, people.EDIT, people.LEAVE,
]  # fmt: skip
BY_PATH = {act.path: act for act in ACTS}


@pytest.fixture
async def places(office_app: Litestar) -> dict[str, UUID]:
    """Ids of the example office by what they are."""
    async with office_app.state.hub.glancing(SYSTEM) as work:
        c = work.connection
        committee = await repository.find_committee(c, H2)
        seats = await repository.seats(c, committee.id)
        member = next(seat for seat in seats if seat.position == "member")
        return {
            "committees": committee.id, "seat_id": member.id, "people": member.person_id,
            "organisations": (await repository.find_organisation(c, HOST)).id,
        }  # fmt: skip


@pytest.fixture
async def officer(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app, "officer") as visitor:
        yield visitor


def address(act: Act, places: dict[str, UUID]) -> str:
    return act.href(id=places[act.path.split("/")[1]], seat_id=places["seat_id"])


def text_of(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def filled(answer: Any) -> dict[str, object]:
    """What a form would send as it stands."""
    form = html.fromstring(answer.text).xpath("//main//form[@method='post']")[0]
    return {name: value for name, value in form.form_values() if name != "x-csrf-token"}


async def test_the_lists_are_narrowed_by_chips_that_live_in_the_address(officer: Visitor) -> None:
    answer = await officer.get("/committees?level=provincial&state=preparing")
    assert "江苏省人工智能标准化委员会" in answer.text and H2 not in answer.text
    chips = html.fromstring(answer.text).xpath("//a[@class='chip']/@href")
    assert chips == ["/committees?state=preparing", "/committees?level=provincial"]
    assert HOST in (await officer.get("/organisations?kind=institute&region=3202&q=氢能")).text
    refused = await officer.get("/committees?level=galactic")
    assert refused.status_code == 422
    assert "galactic" in refused.text


async def test_a_list_without_a_hit_says_so_and_leads_back(officer: Visitor) -> None:
    answer = await officer.get("/people?q=nobody-of-this-name")
    assert "没有符合的条目" in answer.text and 'href="/people">查看全部' in answer.text


async def test_pages_of_a_list_follow_each_other_without_gap(office_app: Litestar, officer: Visitor) -> None:
    async with office_app.state.hub.work(SYSTEM) as work:
        for number in range(60):
            await people.people.register(work, people.NewPerson(name=f"示例人员{number:02}"))
        await work.commit()
    seen: list[str] = []
    path: str | None = "/people"
    while path:
        tree = html.fromstring((await officer.get(path)).text)
        seen += tree.xpath("//table//tr/td[1]/a/@href")
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) == 110


async def test_a_list_is_exported_as_it_is_shown_and_no_cell_becomes_a_formula(office_app: Litestar, officer: Visitor) -> None:
    new = organisations.NewOrganisation(name_zh="=HYPERLINK(1)", kind="other")
    async with office_app.state.hub.work(SYSTEM) as work:
        await organisations.organisations.register(work, new)
        await work.commit()
    answer = await officer.get("/organisations.csv?kind=other")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("名称,类别") and len(lines) == 2 and lines[1].startswith("'=HYPERLINK(1),其他单位")


async def test_a_committee_shows_members_standards_by_stage_and_what_its_rule_does_not_foresee(
    officer: Visitor, places: dict[str, UUID]
) -> None:
    answer = await officer.get(f"/committees/{places['committees']}")
    said, tree = text_of(answer), html.fromstring(answer.text)
    assert "委员 25 名，标准 13 项" in said and "15/15 条符合" in said
    counts = [
        int(link.text_content().split()[-1]) for link in tree.xpath(f"//a[contains(@href, 'committee={places['committees']}&stage=')]")
    ]
    assert sum(counts) == 13 and len(counts) > 3


async def test_an_organisation_and_a_person_show_the_standards_they_draft(officer: Visitor, places: dict[str, UUID]) -> None:
    organisation = await officer.get(f"/organisations/{places['organisations']}")
    assert "起草标准 9 项" in organisation.text and "GB/T 99206—2026" in organisation.text and "负责起草" in organisation.text
    assert H2 in (await officer.get(f"/people/{places['people']}")).text


async def test_a_mail_address_is_only_for_those_who_manage_people(office_app: Litestar, officer: Visitor) -> None:
    sent = await officer.send_form("/people/new", {"name": "示例新人", "email": "new@example.org"})
    assert sent.status_code == 303
    assert "new@example.org" in (await officer.get(sent.headers["location"])).text
    async with await visit(office_app, "lab") as lab:
        assert "new@example.org" not in (await lab.get(sent.headers["location"])).text


@pytest.mark.parametrize("path", BY_PATH)
async def test_every_form_is_there_for_those_who_may_and_closed_to_others(
    office_app: Litestar, officer: Visitor, places: dict[str, UUID], path: str
) -> None:
    act = BY_PATH[path]
    there = await officer.get(address(act, places))
    assert there.status_code == 200
    assert [field.place in there.text for field in act.fields] == [True] * len(act.fields)
    async with await visit(office_app, "lab") as lab:
        assert (await lab.get(address(act, places))).status_code == 403
        assert (await lab.send_form(address(act, places), {})).status_code == 403


@pytest.mark.parametrize("path", BY_PATH)
async def test_every_form_is_in_english_too(office_app: Litestar, places: dict[str, UUID], path: str) -> None:
    act = BY_PATH[path]
    async with await visit(office_app, "officer") as visitor:
        tree = html.fromstring((await visitor.get(address(act, places) + "?lang=en")).text)
    labels = tree.xpath("//main//h1 | //main//label[@for] | //main//legend | //main//form//p[@class='help'] | //main//form//button")
    assert len(labels) > 2 and [label.text_content() for label in labels if CHINESE.search(label.text_content())] == []


async def test_a_committee_is_registered_edited_seated_and_dissolved_by_forms(officer: Visitor) -> None:
    given = {"name_zh": "示例新标委会", "level": "provincial", "number": "JS/TC 77", "secretariat_id": HOST, "parent_id": "SAC/TC 309"}
    there = (await officer.send_form("/committees/new", given)).headers["location"]
    first = await officer.get(there)
    assert "已登记委员会" in first.text and HOST in first.text and "全国氢能标准化技术委员会" in first.text
    form = filled(await officer.get(f"{there}/edit"))
    assert (form["secretariat_id"], form["parent_id"]) == (HOST, "SAC/TC 309")
    await officer.send_form(f"{there}/edit", {**form, "parent_id": "", "scope": "示例范围"})
    edited = await officer.get(there)
    assert "示例范围" in edited.text and "全国氢能标准化技术委员会" not in edited.text
    seat = {"person_id": "周启航（示例），" + HOST, "position": "chair", "since": "2026-01-01"}
    assert (await officer.send_form(f"{there}/seats/new", seat)).status_code == 303
    seated = await officer.get(there)
    end = html.fromstring(seated.text).xpath("//a[contains(@href, '/end')]/@href")[0]
    ending = {"until": "2026-06-30", "reason": "示例", **version(await officer.get(end))}
    assert (await officer.send_form(end, ending)).status_code == 303
    assert "以前和将来的席位 1" in text_of(await officer.get(there))
    strike = end.replace("/end", "/strike")
    assert (await officer.send_form(strike, {"reason": "登记有误", **version(await officer.get(strike))})).status_code == 303
    assert "以前和将来的席位" not in text_of(await officer.get(there))
    state = {"state": "dissolved", "reason": "示例", **version(await officer.get(f"{there}/state"))}
    assert (await officer.send_form(f"{there}/state", state)).status_code == 303
    assert "已撤销建制" in text_of(await officer.get(there))


async def test_a_new_term_begins_with_those_who_stay(officer: Visitor, places: dict[str, UUID]) -> None:
    there = f"/committees/{places['committees']}"
    assert f"{there}/seats/renew" in (await officer.get(there)).text
    form = filled(asked := await officer.get(f"{there}/seats/renew"))
    everybody = html.fromstring(asked.text).xpath("//input[@name='seats[]']/@value")
    assert len(everybody) == 26 and form["since"]  # the 25 who vote and the one who does not, all chosen, from the day after their term
    term = {**form, "until": "2036-12-31", "reason": "示例：换届"}
    refused = await officer.send_form(f"{there}/seats/renew", {**term, "seats[]": []})
    assert refused.status_code == 422 and 'value="2036-12-31"' in refused.text
    sent = await officer.send_form(f"{there}/seats/renew", {**term, "seats[]": everybody[:20]})
    assert (sent.status_code, sent.headers["location"]) == (303, there)
    after = text_of(await officer.get(there))
    assert "已登记新一届的续任者" in after and f"{form['since']} – 2036-12-31" in after
    assert "以前和将来的席位 21" in after  # the new ones, and one that had ended before


def version(answer: Any) -> dict[str, object]:
    return {"version": filled(answer)["version"]}


async def test_a_name_that_nobody_has_is_said_at_its_field_and_nothing_typed_is_lost(officer: Visitor) -> None:
    answer = await officer.send_form(
        "/committees/new", {"name_zh": "", "level": "provincial", "secretariat_id": "没有的单位", "scope": "范围"}
    )
    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    assert "找不到单位 没有的单位" in tree.xpath("//p[@id='secretariat_id-why1']")[0].text_content()
    assert tree.xpath("//p[@id='name_zh-why1']") and tree.xpath("//input[@id='secretariat_id']/@value") == ["没有的单位"]
    assert tree.xpath("//textarea[@id='scope']")[0].text == "范围"


async def test_a_change_on_an_old_page_shows_what_somebody_else_changed_and_can_be_sent_again(
    officer: Visitor, places: dict[str, UUID]
) -> None:
    there = f"/committees/{places['committees']}/edit"
    mine = filled(await officer.get(there))
    await officer.send_form(there, {**mine, "scope": "别人的范围", "name_en": "Theirs"})
    answer = await officer.send_form(there, {**mine, "scope": "我的范围", "number": "JS/TC 1"})
    assert answer.status_code == 412 and "这期间有人改动了它" in answer.text
    rows = [[cell.text_content().strip() for cell in row] for row in html.fromstring(answer.text).xpath("//main//table/tbody/tr")]
    assert rows == [["英文名称", mine["name_en"] or "—", "Theirs", "没有改"], ["工作范围", mine["scope"] or "—", "别人的范围", "我的范围"]]
    again = filled(answer)
    assert (again["scope"], again["number"], again["name_en"]) == ("我的范围", "JS/TC 1", "Theirs"), "what was left is not put back"
    assert (await officer.send_form(there, again)).status_code == 303
    held = filled(await officer.get(there))
    assert (held["scope"], held["name_en"]) == ("我的范围", "Theirs")


@pytest.mark.parametrize("opened", ["", "no list", '{"scope": 1}', '{"unknown": ["x"]}'])
async def test_a_form_that_does_not_say_what_it_was_opened_with_still_tells_of_the_change(
    officer: Visitor, places: dict[str, UUID], opened: str
) -> None:
    there = f"/committees/{places['committees']}/edit"
    mine = filled(await officer.get(there))
    await officer.send_form(there, {**mine, "scope": "别人的范围"})
    answer = await officer.send_form(there, {**mine, "scope": "我的范围", "opened": opened})
    assert answer.status_code == 412 and "这期间有人改动了它" in answer.text and filled(answer)["scope"] == "我的范围"


async def test_a_form_that_comes_back_to_be_looked_at_is_still_the_one_that_was_opened(officer: Visitor, places: dict[str, UUID]) -> None:
    there = f"/committees/{places['committees']}/edit"
    mine = filled(await officer.get(there))
    await officer.send_form(there, {**mine, "scope": "别人的范围"})
    back = await officer.send_form(there, {**mine, "scope": "我的\x0b范围"})
    assert back.status_code == 422 and "控制字符" in back.text
    answer = await officer.send_form(there, filled(back))
    assert answer.status_code == 412 and "别人的范围" in answer.text, "a change that was not shown is overwritten"


async def test_a_merger_says_what_moves_and_moves_it(officer: Visitor, places: dict[str, UUID]) -> None:
    there = f"/organisations/{places['organisations']}"
    before = text_of(await officer.get(f"{there}/merge"))
    assert "人员 2 名改属对方" in before and f"委员会 1 个改由对方承担或归口：{H2}" in before and HOST in before
    given = {"into": "示例·无锡感知物联研究院", "reason": "机构改革（示例）", **version(await officer.get(f"{there}/merge"))}
    done = await officer.send_form(f"{there}/merge", given)
    remaining = text_of(await officer.get(done.headers["location"]))
    assert f"{HOST}（至 2026-11-24）" in remaining and H2 in remaining and "周启航（示例）" in remaining
    gone = await officer.get(there)
    assert "已并入" in gone.text and "/edit" not in gone.text


async def test_what_hosts_a_secretariat_is_not_closed_and_what_is_closed_comes_back(officer: Visitor, places: dict[str, UUID]) -> None:
    there = f"/organisations/{places['organisations']}"
    refused = await officer.send_form(f"{there}/close", {"reason": "示例", **version(await officer.get(f"{there}/close"))})
    assert refused.status_code == 409 and "请先变更秘书处承担单位" in refused.text
    new = (await officer.send_form("/organisations/new", {"name_zh": "示例短命公司", "kind": "enterprise"})).headers["location"]
    for verb, said in (("close", "已停用"), ("reopen", "已恢复")):
        assert (
            await officer.send_form(f"{new}/{verb}", {"reason": "示例", **version(await officer.get(f"{new}/{verb}"))})
        ).status_code == 303
        assert said in (await officer.get(new)).text


async def test_somebody_leaves_when_no_seat_goes_on_and_returns(officer: Visitor, places: dict[str, UUID]) -> None:
    there = f"/people/{places['people']}"
    refused = await officer.send_form(f"{there}/leave", {"reason": "退休", **version(await officer.get(f"{there}/leave"))})
    assert refused.status_code == 409 and "请先结束任期" in refused.text
    new = (await officer.send_form("/people/new", {"name": "示例来去", "organisation_id": HOST})).headers["location"]
    for verb, said in (("leave", "已离任"), ("return", "在任")):
        assert (
            await officer.send_form(f"{new}/{verb}", {"reason": "示例", **version(await officer.get(f"{new}/{verb}"))})
        ).status_code == 303
        assert said in text_of(await officer.get(new))


async def test_a_secretary_keeps_the_own_committee_and_no_other(office_app: Litestar, officer: Visitor, places: dict[str, UUID]) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        other = await repository.find_committee(work.connection, "SAC/TC 28")
    async with await visit(office_app, "secretary") as secretary:
        assert "登记席位" in (await secretary.get(f"/committees/{places['committees']}")).text
        assert "登记席位" not in (await secretary.get(f"/committees/{other.id}")).text
        assert (await secretary.get(f"/committees/{other.id}/edit")).status_code == 403
        assert (await secretary.get("/committees/new")).status_code == 403
        assert "登记委员会" not in (await secretary.get("/committees")).text


async def test_names_are_suggested_while_typing(officer: Visitor) -> None:
    assert f'<option value="{HOST}">' in (await officer.get("/organisations/known?into=苏南")).text
    assert f'<option value="周启航（示例），{HOST}">研究员' in (await officer.get("/people/known?person_id=周启")).text
    assert '<option value="SAC/TC 309">全国氢能标准化技术委员会' in (await officer.get("/committees/known?parent_id=309")).text


async def test_the_public_is_led_to_sign_in(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        for path in ("/committees", "/organisations", "/people"):
            assert (await visitor.get(path)).headers["location"].startswith("/sign-in")


def test_suggestions_come_while_somebody_types_and_no_page_is_wider_than_a_phone(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.set_viewport_size({"width": 390, "height": 768})
    for path in ("/committees", "/organisations", "/people", "/organisations/new"):
        page.goto(office + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.goto(f"{office}/people/new")
    page.get_by_label("所在单位").press_sequentially("感知物联")
    expect(page.locator("#organisation_id-known option")).to_have_count(1)
    expect(page.locator("#organisation_id-known option")).to_have_attribute("value", "示例·无锡感知物联研究院")
