"""What only a browser shows of the overview and the reports: policy, accessibility, and paper."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.office import sign_in
from tests.web.days.album import faults


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
