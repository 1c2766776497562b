"""Every page prints on A4: what leads elsewhere or does something stays on the screen, and nothing is cut at the edge."""

import io
import unicodedata

from pypdf import PdfReader

from tests.web.test_accessibility import Office, at_work

__all__ = ["at_work"]
A4, MARGINS = 794, 2 * 60
"""The width of the paper and of what is left free on it, in CSS pixels; the margins are those of hub.css."""
PRINTED = ("/overview", "/standards", "/standards/{id}", "/todo", "/reports/{id}", "/tracks/{track_id}", "/committees", "/projects/{id}")
LEFT_OVER = """() => [...document.querySelectorAll('nav, button, main .btn, input:not([type=hidden]), select')]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))"""
CUT = """(width) => {
    document.body.style.width = `${width}px`;
    return [...document.querySelectorAll('table, figure, img, svg, .scroll')].filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().right > width + 1 || one.scrollWidth > one.clientWidth + 1 && one.matches('.scroll'))
        .map((one) => `${one.outerHTML.slice(0, 90)} ends at ${Math.round(one.getBoundingClientRect().right)} of ${width}`);
}"""


def test_pages_print_whole_and_without_what_only_a_screen_can_use(at_work: Office) -> None:
    found = {}
    for sample in at_work.there.pages:
        if sample.route not in PRINTED:
            continue
        page = at_work.page(sample.login, sample.path)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": A4, "height": 1123})
        found[sample.route] = [*page.evaluate(LEFT_OVER), *page.evaluate(CUT, A4 - MARGINS)]
        page.emulate_media(media="screen")
    assert {route: wrong for route, wrong in found.items() if wrong} == {} and set(found) == set(PRINTED)


def test_the_paper_of_a_list_carries_its_last_column_and_no_navigation(at_work: Office) -> None:
    page = at_work.page("officer", "/standards?all=1")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = printed.pages[0].extract_text()
    assert "状态" in text and "GB/T" in text and "我的待办" not in text
    assert {round(float(one.mediabox.width)) for one in printed.pages} == {595}


def test_the_paper_of_a_track_carries_its_rules_also_where_the_screen_folds_them(at_work: Office) -> None:
    page = at_work.page(None, "/tracks/national-gbt@2026.1")
    folded = page.locator("details.fold:not([open])")
    assert folded.count() > 1
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    printed = _plain("".join(sheet.extract_text() for sheet in sheets))
    first = [_plain(fold.locator("tbody td").first.text_content() or "") for fold in folded.all()]
    assert [rule for rule in first if rule[:8] not in printed] == [], "the beginnings: a rule of two lines has its source between them"


def _plain(text: str) -> str:
    """Without spaces, and with the characters that a font writes as their radicals."""
    return "".join(unicodedata.normalize("NFKC", text).split())
