"""Work by the keyboard alone, and without any script: search, read, fill in, come back; nobody is caught anywhere."""

import re

from playwright.sync_api import Browser, Page, expect

from standards_hub.demo.cast import PASSWORD
from tests.support.office import sign_in

TITLE = "质子交换膜湿热循环耐久试验方法"
FOCUS = """() => {
    const at = document.activeElement, seen = getComputedStyle(at), box = at.getBoundingClientRect();
    return {name: (at.getAttribute('aria-label') || at.innerText || at.name || '').trim().slice(0, 60), tag: at.tagName,
        marked: seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) > 0 || seen.boxShadow !== 'none',
        inside: box.width > 0 && box.right > 0 && box.left < innerWidth, order: [...document.querySelectorAll('*')].indexOf(at)};
}"""


def tab_to(page: Page, name: str, most: int = 150) -> None:
    """Go on by the tabulator until something of this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS)["name"].startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def walked(page: Page, most: int = 400) -> list[dict[str, object]]:
    """What has the focus one after the other, from the top of a page until the focus leaves it."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    found: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["tag"] == "BODY" or (found and here["order"] == found[0]["order"]):
            return found
        found.append(here)
    raise AssertionError(f"the focus never leaves the page: {found[-3:]}")


def test_a_drafter_finds_a_standard_and_hands_in_what_is_missing_without_a_mouse(page: Page, own_office: str) -> None:
    page.goto(f"{own_office}/sign-in")
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type("secretary")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)

    page.keyboard.press("Control+k")
    page.keyboard.type(TITLE)
    expect(page.get_by_role("option").first).to_contain_text(TITLE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/standards/[-0-9a-f]{36}"))
    there = page.url

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "更多")
    page.keyboard.press("Enter")
    expect(page.locator("details.offers")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("details.offers")).not_to_have_attribute("open", "")
    expect(page.locator("details.offers summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "暂停")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/acts/suspend"))

    page.evaluate("document.querySelector('main').focus()")
    tab_to(page, "reason")
    page.keyboard.type("示例：等待上级协调意见")
    tab_to(page, "暂停")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/acts/" not in address)
    expect(page.get_by_role("status").first).to_have_text("已暂停")
    assert page.url.partition("#")[0] == there


def test_the_focus_is_seen_goes_in_reading_order_and_is_caught_nowhere(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "officer")
    for path in ("/overview", "/standards", "/standards/new?track=national-gbt", "/admin/log"):
        page.goto(f"{own_office}{path}")
        stops = walked(page)
        assert stops[0]["name"] == "跳到正文", path
        assert [stop["name"] for stop in stops if not stop["marked"]] == [], path
        assert [stop["name"] for stop in stops if not stop["inside"]] == [], path
        orders = [stop["order"] for stop in stops]
        assert orders == sorted(orders), path  # type: ignore[type-var]


def test_without_scripts_one_signs_in_filters_reads_and_does_a_plain_act(browser: Browser, own_office: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, own_office, "duty")
    expect(page.get_by_role("status")).to_contain_text("已登录")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="标准", exact=True).click()
    before = page.locator("tbody tr").count()
    page.locator("main a[href^='/standards/filter']").first.click()
    page.locator("summary").filter(has_text="层级").click()
    page.locator("input[name=level][value=national]").check()
    page.get_by_role("button", name="显示").click()
    page.wait_for_url(re.compile("level=national"))
    assert 0 < page.locator("tbody tr").count() <= before
    page.goto(f"{own_office}/search?q={TITLE}")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.locator("details.offers summary").click()
    page.locator("details.offers").get_by_role("link", name="修改标准信息").click()
    page.get_by_label("CCS 分类").fill("F19")
    page.get_by_role("button", name="修改标准信息").click()
    expect(page.get_by_role("status").first).to_have_text("已修改标准信息")
    expect(page.locator("main")).to_contain_text("F19")
    page.locator("details.menu summary").last.click()
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("status")).to_have_text("已退出登录")
    context.close()
