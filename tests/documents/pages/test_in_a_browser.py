"""What only a browser shows of the overview and the reports: policy, accessibility, progress by itself, and paper."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.office import sign_in

AXE = Path(__file__).parents[3] / "build" / "tests" / "axe.min.js"


def faults(page: Page) -> list[Any]:
    """What axe finds that is serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found["violations"] if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", [1366, 390])
def test_axe_and_the_policy_find_nothing_and_nothing_runs_over_the_edge(browser: Browser, office: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 768}, locale="zh-CN", bypass_csp=False)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    sign_in(page, office, "officer")
    for path in ("/overview", "/overview?on=2026-10-31&lang=en", "/overview/standards?outcome=counted", "/reports", "/reports/new?lang=zh"):
        page.goto(f"{office}{path}")
        page.evaluate("document.querySelectorAll('details.behind').forEach((one) => { one.open = true })")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert said == []


def test_a_report_shows_how_far_it_is_by_itself_and_is_found_after_leaving(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview")
    page.get_by_role("link", name="编制报告").click()
    page.get_by_label("统计截止日").fill("2026-10-31")
    page.get_by_role("button", name="编制", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("可以离开此页")
    there = page.url
    page.goto(f"{office}/overview")
    page.goto(f"{office}/reports")
    page.locator("tbody a").first.click()
    assert page.url == there
    expect(page.get_by_role("heading", name="存档")).to_be_visible(timeout=60_000)
    expect(page.locator("article.letter")).to_contain_text("统计口径")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_a_mark_in_a_figure_is_a_link_that_the_keyboard_reaches(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview")
    link = page.locator(".target svg a:not([tabindex])").first
    link.focus()
    address = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office}{address}")


def test_on_paper_there_is_no_navigation_and_the_figures_stay(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview")
    page.emulate_media(media="print")
    for hidden in (".side", ".bar", ".days", ".head .acts"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".target svg").first).to_be_visible()
    assert page.evaluate("document.querySelector('details.behind').checkVisibility()") is False
