"""Help: a page for each kind of user, the part that belongs to where one is, and no HTML from its texts."""

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect

from standards_hub.kernel.access.actor import Actor, Grant
from standards_hub.web import help
from tests.support.office import sign_in, visit


@pytest.mark.parametrize("kind", [*help.KINDS, help.COMMON])
async def test_every_kind_of_user_has_a_page_whose_topics_can_be_reached(office_app: Litestar, kind: str) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get(f"/help/{kind}")
    chapter = help.chapters()[kind]
    assert answer.status_code == 200 and f"<h1>{chapter.title}</h1>" in answer.text
    topics = {topic for topic, _ in chapter.sections if topic and not topic.startswith("part-")}
    assert topics <= {topic for _, topic in help.TOPICS} and topics
    assert all(f'id="{topic}"' in answer.text for topic in topics) and "{#" not in answer.text


@pytest.mark.parametrize(
    "login, of, there",
    [
        ("secretary", "/standards/new", "/help/secretary#propose"),
        ("officer", "/overview", "/help/officer#overview"),
        ("officer", "/todo", "/help/everybody#todo"),
        ("secretary", "/admin/log", "/help/administrator#log"),
        (None, "/overview", "/help/everybody#overview"),
        (None, "/", "/help/public"),
    ],
)
async def test_help_opens_where_one_is(office_app: Litestar, login: str | None, of: str, there: str) -> None:
    async with await visit(office_app, login) as visitor:
        answer = await visitor.get(f"/help?of={of}")
    assert answer.headers["location"] == there


@pytest.mark.parametrize("kind", help.KINDS)
def test_every_page_of_the_hub_has_help_of_its_own_for_everybody(kind: str) -> None:
    topics = {topic for _, topic in help.TOPICS}
    assert {topic for topic in topics if not help.chapters()[help.place_of(kind, topic)].section(topic)} == set()


async def test_a_page_that_is_not_there_is_said(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        assert (await visitor.get("/help/nobody")).status_code == 404


def test_of_several_roles_the_first_counts() -> None:
    assert help.kind_of(Actor(grants=(Grant("member", ("committee", "1")), Grant("secretary", ("committee", "1"))))) == "secretary"


def test_html_in_a_text_stays_text_and_sections_are_cut_at_second_headings() -> None:
    chapter = help.read(
        "# Title\n\n<script>alert(1)</script>\n\n## One {#one}\n\n### Inner\n\ntext\n\n## Two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert chapter.title == "Title" and [topic for topic, _ in chapter.sections] == ["", "one", "part-2"]
    assert "<script>" not in chapter.sections[0][1]
    assert chapter.section("one") == '<h2 id="one">One</h2>\n<h3>Inner</h3>\n<p>text</p>\n'
    assert "<table>" in (chapter.section("part-2") or "")


def test_help_stands_beside_the_page_and_goes_again(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/tracks")
    page.get_by_role("link", name="帮助", exact=True).click()
    aside = page.locator("#help")
    expect(aside.get_by_role("link", name="打开完整的帮助")).to_be_visible()
    expect(page).to_have_url(f"{office}/tracks")
    aside.get_by_role("button", name="关闭").click()
    expect(aside).to_be_hidden()
    expect(page.get_by_role("link", name="帮助", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(aside.get_by_role("link", name="打开完整的帮助")).to_be_visible()
    menu = page.locator("nav.own details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")  # one thing at a time, the one on top first
    expect(menu).not_to_have_attribute("open", "")
    expect(aside).to_be_visible()
    page.keyboard.press("Escape")
    expect(aside).to_be_hidden()
    expect(page.get_by_role("link", name="帮助", exact=True)).to_be_focused()
