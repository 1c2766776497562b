"""Every page and every state of a page: nothing that axe calls serious or critical, nothing wider than the window, no word in the console."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.furnished import Furnished, furnished

AXE = (Path(__file__).parents[2] / "build" / "tests" / "axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {
    resultTypes: ['violations'], preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    rules: Object.fromEntries(axe._audit.rules.filter((one) => ['minor', 'moderate'].includes(one.impact)).map((one) => [one.id, { enabled: false }])),
}).then((found) => found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 200)}`))"""
GROUPS = 4
"""So many tests share the pages, for as many workers."""
NARROW = (
    "/standards/{id}",
    "/standards",
    "/overview",
    "/todo",
    "/imports/{id}",
    "/account",
    "/admin/log",
    "/tracks/{track_id}",
    "/reports/{id}",
)
"""What is examined on a phone too; all other pages only have to fit."""
OTHERS_OWN = ("/docs",)
"""Swagger UI is not our page; ours around it has no more than a heading."""


class Office(Struct):
    """The furnished office and a browser in it: one context for each who looks."""

    url: str
    there: Furnished
    browser: Browser
    contexts: dict[str | None, BrowserContext] = {}
    said: list[str] = []

    def page(self, login: str | None, path: str = "") -> Page:
        """A window of somebody who is signed in, at an address."""
        if login not in self.contexts:
            context = self.browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
            if login:
                context.add_cookies([{"name": "hub_session", "value": self.there.sessions[login], "url": self.url}])
            context.add_init_script(AXE)
            window = context.new_page()
            window.on("console", lambda message: self.said.append(f"{window.url}: {message.text}") if message.type == "error" else None)
            window.on("pageerror", lambda error: self.said.append(f"{window.url}: {error}"))
            self.contexts[login] = context
        page = self.contexts[login].pages[0]
        if path:
            page.goto(self.url + path)
        return page


@pytest.fixture
def at_work(browser: Browser, furnished_url: str) -> Iterator[Office]:
    office = Office(furnished_url, furnished(), browser)
    yield office
    for context in office.contexts.values():
        context.close()
    refused = [said for said in office.said if "status of 4" not in said]  # Chromium notes each answer that is an error
    assert refused == []


def faults(page: Page, *, phone: bool = False) -> list[Any]:
    """What keeps somebody out of a page, on an office PC and on a phone."""
    found = list(page.evaluate(RUN))
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide in a window of {width}"] if wide > width else []
        if phone and width == 390:
            found += [f"on a phone: {one}" for one in page.evaluate(RUN)]
    return found


@pytest.mark.parametrize("group", range(GROUPS))
def test_nobody_is_shut_out_of_any_page(at_work: Office, group: int) -> None:
    found = {}
    for sample in at_work.there.pages[group::GROUPS]:
        if sample.route not in OTHERS_OWN:
            page = at_work.page(sample.login, sample.path)
            found[sample.path] = faults(page, phone=sample.route in NARROW)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


EMPTY = (
    "/standards?q=没有",
    "/standards/board?q=没有",
    "/committees?q=没有",
    "/people?q=没有",
    "/projects?q=没有",
    "/catalogue?q=没有",
    "/search?q=没有",
)
SEND = """(changes) => {
    const form = document.querySelector("main form[method='post']");
    for (const field of form.querySelectorAll(changes.blank ? '[required]' : '[name=version]')) field.value = changes.blank ? '' : '0';
    form.noValidate = true;
    form.requestSubmit();
}"""


def sent(page: Page, **changes: bool) -> None:
    """Send the form of a page although something is wrong with it."""
    with page.expect_navigation():
        page.evaluate(SEND, changes)


def test_nobody_is_shut_out_when_nothing_is_found_or_something_is_wrong(at_work: Office) -> None:
    found = {}
    places, standard = at_work.there.places, f"/standards/{at_work.there.places['standard']}"
    for path in EMPTY:
        found[path] = faults(at_work.page("officer", path))
    for path in (
        f"/committees/{places['committee']}/edit",
        f"/projects/{places['project']}/commitments/new",
        "/standards/new?track=national-gbt",
    ):
        sent(page := at_work.page("officer", path), blank=True)
        expect(page.get_by_role("alert").first).to_be_visible()
        found[f"{path}, blank"] = faults(page, phone=True)
    for path in (f"/committees/{places['committee']}/edit", f"{standard}/acts/edit"):
        sent(page := at_work.page("officer", path))
        expect(page.get_by_role("alert").first).to_be_visible()
        found[f"{path}, too late"] = faults(page, phone=True)
    found["not permitted"] = faults(at_work.page("lab", "/admin/log"))
    page = at_work.page("duty", f"{standard}/acts/relate")
    page.context.clear_cookies()
    sent(page)
    expect(page.get_by_text("您填写的内容没有丢失")).to_be_visible()
    found["after the end of the session"] = faults(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_nobody_is_shut_out_of_what_opens_on_a_page(at_work: Office) -> None:
    found = {}
    page = at_work.page("duty", f"/standards/{at_work.there.places['standard']}")
    for name, summary in (("acts", "details.offers summary"), ("account", "header details.menu summary")):
        page.locator(summary).click()
        found[name] = faults(page, phone=True)
        page.keyboard.press("Escape")
    page.get_by_role("link", name="帮助", exact=True).click()
    expect(page.locator("#help h2").first).to_be_visible()
    found["help"] = faults(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("氢")
    expect(page.get_by_role("option").first).to_be_visible()
    found["search"] = faults(page)
    page = at_work.page("officer", "/overview?lang=en")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found["tables behind the figures"] = faults(page, phone=True)
    for path in ("/", "/standards", "/search?q=氢", "/catalogue", "/sign-in"):
        found[f"the public at {path}"] = faults(at_work.page(None, path))
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
