"""The tracks as pages: every rule with its source, counts that link to what they count, and differences in words."""

import re

import pytest
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page, expect

from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.words import words
from tests.support.office import visit


async def test_every_track_is_listed_with_the_standards_on_it(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        tree = html.fromstring((await visitor.get("/tracks")).text)
    named = {link.get("href").removeprefix("/tracks/") for link in tree.xpath("//main//a[starts-with(@href, '/tracks/')]")}
    assert named == set(load_tracks())
    counted = sum(int(link.text) for link in tree.xpath("//main//a[starts-with(@href, '/standards?')]"))
    assert counted == 137


@pytest.mark.parametrize("track", sorted(load_tracks()))
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_track_says_every_rule_with_its_source_and_whether_it_was_checked(office_app: Litestar, track: str, language: str) -> None:
    async with await visit(office_app, language=language) as visitor:
        answer = await visitor.get(f"/tracks/{track}")
    tree = html.fromstring(answer.text)
    rules = words(load_tracks()[track])
    marks = [cell.text_content() for cell in tree.xpath("//td/span[contains(@class, 'state')]")]
    checked = {"zh": "已核实", "en": "checked"}[language]
    assert len(marks) == len(rules) and sum(mark == checked for mark in marks) == sum(rule.verified for rule in rules)
    assert rules[0].text.into(language) in answer.text.replace("&amp;", "&").replace("&#39;", "'")
    assert tree.xpath("//img/@src") == [f"/api/v1/tracks/{track}/drawing?lang={language}"]


async def test_the_public_is_shown_the_counts_of_what_it_may_see(office_app: Litestar) -> None:
    async with await visit(office_app) as public, await visit(office_app, "officer") as officer:
        few, everything = [(await one.get("/tracks/national-gbt@2026.1")).text for one in (public, officer)]
    assert 0 < _linked(few) < _linked(everything) == 34


def _linked(text: str) -> int:
    """The sum of the counts that lead to lists."""
    return sum(int(number) for number in re.findall(r'href="/standards\?track=[^"]*step=[^"]*">(\d+)<', text))


async def test_each_count_of_a_track_leads_to_as_many_standards_also_where_two_steps_share_a_code(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        tree = html.fromstring((await officer.get("/tracks/national-gbt@2026.1")).text)
        links = tree.xpath("//main//a[starts-with(@href, '/standards?')]")
        lists = {link.get("href"): html.fromstring((await officer.get(link.get("href"))).text) for link in links}
    assert len(lists) == len(links) > 5
    for link in links:
        assert f"共 {link.text} 项" in lists[link.get("href")].xpath("string(//p[contains(@class, 'sum')])")


async def test_two_tracks_are_compared_in_words(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get("/tracks/iso-iec-18@2026.1?with=iso-iec-24@2026.1")
    assert "处不同" in answer.text and "由 18 改为 24" in re.sub(r"\s+", " ", answer.text)
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in html.fromstring(answer.text).xpath("//h2[@id='compare']/following::table[1]//tbody/tr")
    ]
    assert any("18" in before and "24" in after and before != after for _, before, after in rows)
    assert {name for name, _, _ in rows} and not any("[" in cell or "transitions" in cell for row in rows for cell in row)


async def test_what_another_track_adds_or_leaves_out_is_said_once(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        more, fewer = [
            html.fromstring((await visitor.get(f"/tracks/{one}@2026.1?with={other}@2026.1")).text).xpath("//ul[@class='plain']/li")
            for one, other in (("national-gbt", "national-gb"), ("national-gb", "national-gbt"))
        ]
    for word, changes in (("新增", more), ("删去", fewer)):
        assert {change.text_content().count(word) for change in changes} == {0, 1}


def test_a_drawing_that_is_wider_than_the_window_says_and_shows_that_it_goes_on(page: Page, office: str) -> None:
    page.goto(f"{office}/tracks/national-gbt@2026.1")
    drawing = page.get_by_role("region", name="流程图")
    expect(page.get_by_text("图可左右滚动")).to_be_visible()
    wide, seen, edge = drawing.evaluate(
        "it => [it.scrollWidth, it.clientWidth, (style => [style.position, style.right, style.width])(getComputedStyle(it, '::after'))]"
    )
    assert wide > seen and edge == ["sticky", "0px", "64px"]
    drawing.focus()
    page.keyboard.press("ArrowRight")
    expect(drawing).not_to_have_js_property("scrollLeft", 0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_track_that_is_not_there_is_said(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get("/tracks/nothing@1")
    assert answer.status_code == 404 and "没有轨道" in answer.text
