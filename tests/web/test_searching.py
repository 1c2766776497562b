"""Search over everything: numbers first, kinds, pages, and the list under the field by keyboard alone."""

import httpx
import pytest
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page, expect

from tests.support.office import sign_in, visit


def hits(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [str(href) for href in html.fromstring(answer.text).xpath("//ol[contains(@class, 'hits')]//a/@href")]


async def test_what_a_number_names_stands_first_in_whatever_writing(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        listed = (await visitor.get("/api/v1/standards?status=published&level=national")).json()["items"]
        one = next(item for item in listed if item["number"].startswith("GB/T 99"))
        plain = one["number"].replace("—", "-").replace("GB/T ", "gb/t")
        for text in (one["number"], plain):
            found = hits(await visitor.get("/search", params={"q": text}))
            assert found[0] == f"/standards/{one['id']}" and len(found) == len(set(found))
            api = (await visitor.get("/api/v1/search", params={"q": text})).json()["items"]
            assert (api[0]["kind"], api[0]["key"]) == ("standard", one["id"])


async def test_a_plan_number_leads_to_its_standard(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        listed = (await visitor.get("/api/v1/standards?status=active&level=national")).json()["items"]
        one = next(item for item in listed if item["plan_number"] and not item["number"])
        assert hits(await visitor.get("/search", params={"q": one["plan_number"]}))[0] == f"/standards/{one['id']}"


async def test_an_excerpt_says_a_number_once(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        listed = (await visitor.get("/api/v1/standards?status=published&level=local")).json()["items"]
        number = next(item["plan_number"] for item in listed if item["plan_number"])
        found = html.fromstring((await visitor.get("/search", params={"q": f"{number} Example"})).text)
    excerpt = found.xpath("string(//ol[contains(@class, 'hits')]/li[1]/p[@class='quiet'])")
    assert excerpt.count(number) == 1


async def test_kinds_narrow_and_pages_go_on(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        first = await visitor.get("/search?q=氢")
        kinds = {href.split("/")[1] for href in hits(first)}
        assert {"standards", "catalogue", "committees", "organisations", "projects"} <= kinds
        assert {href.split("/")[1] for href in hits(await visitor.get("/search?q=氢&kind=committee"))} == {"committees"}
        seen, path = hits(first), html.fromstring(first.text).xpath("//a[@rel='next']/@href")
        while path:
            answer = await visitor.get(path[0])
            more = hits(answer)
            assert not set(more) & set(seen)
            seen += more
            path = html.fromstring(answer.text).xpath("//a[@rel='next']/@href")
        assert len(seen) > 30


async def test_the_public_finds_only_what_is_public(office_app: Litestar) -> None:
    async with await visit(office_app) as public, await visit(office_app, "officer") as officer:
        few, many = [hits(await one.get("/search?q=氢")) for one in (public, officer)]
        assert few and {href.split("/")[1] for href in few} <= {"standards", "catalogue"} and set(few) != set(many)
        listed = (await officer.get("/api/v1/standards?stage=20")).json()["items"]
        hidden = next(item["plan_number"] for item in listed if item["plan_number"])
        assert hits(await officer.get("/search", params={"q": hidden}))
        assert hits(await public.get("/search", params={"q": hidden})) == []


async def test_english_titles_are_found_and_english_pages_show_them(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        for q, below in (("冷启动", "氢燃料电池发动机低温冷启动试验方法"), ("cold start", "")):
            found = html.fromstring((await visitor.get("/search", params={"q": q, "lang": "en"})).text).xpath("//ol/li")
            one = next(item for item in found if "Cold start test of hydrogen fuel cell engines" in item.xpath("string(p[1])"))
            assert below in one.xpath("string(p[2])") and bool(below) == bool(one.xpath("p[2]"))
            assert one.xpath("string(p[2]//b)" if below else "string(p[1]//b)").lower() in q
        api = {
            language: (await visitor.get(f"/api/v1/search?q=冷启动&lang={language}"))
            .json()["items"][0]["title"]
            .split("：")[-1]
            .split(": ")[-1]
            for language in ("zh", "en")
        }
        assert api == {"zh": "氢燃料电池发动机低温冷启动试验方法", "en": "Cold start test of hydrogen fuel cell engines"}
        part = (await visitor.get("/search?q=冷启动&part=1&lang=en")).text
        assert "Cold start test of hydrogen fuel cell engines" in part
        for path, english, chinese in (
            ("/search?q=Jiangsu+hydrogen", "Jiangsu TC on hydrogen fuel cell vehicles", "江苏省氢燃料电池汽车"),
        ):
            assert english in html.fromstring((await visitor.get(f"{path}&lang=en")).text).xpath("string(//main)")
            assert chinese in html.fromstring((await visitor.get(f"{path}&lang=zh")).text).xpath("string(//main)")
        untold = html.fromstring((await visitor.get("/search?q=GB/T+24499&kind=catalogue&lang=en")).text).xpath("string(//ol)")
        assert "氢气、氢能与氢能系统术语" in untold


@pytest.mark.parametrize("q", ["", "——", "完全不存在的字词"])
async def test_nothing_found_says_what_to_do(office_app: Litestar, q: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get("/search", params={"q": q})
        english = await visitor.get("/search", params={"q": "nothing-like-it", "lang": "en"})
    assert answer.status_code == 200 and "empty-state" in answer.text
    assert "Use fewer words" in english.text


def test_ctrl_k_leads_to_the_field_and_the_keyboard_alone_to_a_hit(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/tracks")
    field = page.get_by_role("combobox", name="搜索")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("氢", delay=20)
    options = page.get_by_role("option")
    expect(options).to_have_count(9)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "hit-2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("氢")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("搜索“氢”")


def test_enter_without_a_choice_searches(page: Page, office: str) -> None:
    page.goto(f"{office}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("氢")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator("ol.hits li").first).to_be_visible()
