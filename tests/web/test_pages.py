"""The first page, the documentation of the API and error pages, as a browser shows them under the strict policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A window in which nothing may be blocked, missing or fetched from elsewhere."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    page.on("request", lambda request: said.append(request.url) if not re.match(r"http://127\.0\.0\.1|data:", request.url) else None)
    yield page
    assert said == []


def test_the_first_page_says_what_is_there(watched: Page, served: str) -> None:
    watched.goto(served)
    expect(watched.get_by_role("heading", level=1)).to_be_visible()
    expect(watched.get_by_text("已公开的标准 1 项：在研 1 项")).to_be_visible()
    rows = watched.get_by_role("row")
    assert rows.count() > 12
    watched.get_by_role("link", name="English").click()
    expect(watched.locator("html")).to_have_attribute("lang", "en")
    assert not re.search(r"[\u4e00-\u9fff]", watched.locator("main").inner_text())


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_its_window(watched: Page, served: str, width: int) -> None:
    watched.set_viewport_size({"width": width, "height": 768})
    for path in ("/", "/docs"):
        watched.goto(served + path)
        watched.wait_for_load_state("networkidle")
        assert watched.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_documentation_opens_an_operation_and_tries_it(watched: Page, served: str) -> None:
    watched.goto(f"{served}/docs")
    watched.get_by_placeholder("Filter by tag").fill("Tracks")
    operation = watched.locator("[id*='ListTracks']").first
    operation.click()
    watched.get_by_role("button", name="Try it out").click()
    watched.get_by_role("button", name="Execute").click()
    expect(watched.locator(".live-responses-table tr.response .response-col_status").first).to_contain_text("200")


def test_the_documentation_shows_examples_and_problems(watched: Page, served: str) -> None:
    watched.goto(f"{served}/docs#/")
    watched.get_by_placeholder("Filter by tag").fill("Standards")
    watched.locator("[id*='MoveStandard']").first.click()
    body = watched.locator("[id*='MoveStandard']").first
    expect(body).to_contain_text("补录平台外办理的事项")
    expect(body).to_contain_text("comment_notice")


def test_an_error_is_a_page(page: Page, served: str) -> None:
    page.goto(f"{served}/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这个地址")
    expect(page.get_by_text(re.compile(r"编号 [0-9A-F]{8}"))).to_be_visible()
    page.get_by_role("link", name="返回首页").click()
    expect(page).to_have_url(f"{served}/")
