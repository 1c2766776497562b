"""What only a browser shows of the overview: marks of figures that are links, and paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.office import sign_in


def test_a_mark_in_a_figure_is_a_link_that_the_keyboard_reaches(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview")
    link = page.locator(".target svg a:not([tabindex])").first
    link.focus()
    address = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office}{address}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_in_a_figure_is_cut_by_its_edge(page: Page, office: str, language: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")
    cut = page.locator("figure > svg").evaluate_all("""figures => figures.map(figure => {
        const edge = figure.getBoundingClientRect();
        return [...figure.querySelectorAll("text, path, line")].filter(mark => mark.checkVisibility()).filter(mark => {
            const box = mark.getBoundingClientRect();
            return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
        }).map(mark => mark.textContent || mark.outerHTML);
    })""")
    assert cut == [[]] * 5


def test_on_paper_there_is_no_navigation_and_the_figures_stay(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/overview")
    page.emulate_media(media="print")
    for hidden in (".side", ".bar", ".days", ".head .acts"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".target svg").first).to_be_visible()
    assert page.evaluate("document.querySelector('details.behind').checkVisibility()") is False


def test_choosing_another_day_offers_another_day_to_compare_with(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/reports/new")
    compared = page.get_by_label("对比日")
    assert compared.input_value()
    page.get_by_label("统计截止日").fill("2020-01-31")
    page.get_by_label("统计截止日").press("Tab")
    expect(compared).to_have_value("")
