"""The tracks as pages: every rule with its source, counts that link to what they count, and differences in words."""

import re

import pytest
from litestar import Litestar
from lxml import html

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
    return sum(int(number) for number in re.findall(r'href="/standards\?track=[^"]*stage=[^"]*">(\d+)<', text))


async def test_two_tracks_are_compared_in_words(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get("/tracks/iso-iec-18@2026.1?with=iso-iec-24@2026.1")
    assert "处不同" in answer.text and "由 18 改为 24" in re.sub(r"\s+", " ", answer.text)


async def test_a_track_that_is_not_there_is_said(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get("/tracks/nothing@1")
    assert answer.status_code == 404 and "没有轨道" in answer.text
