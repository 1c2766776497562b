"""A visitor's day: what is public is there to be found and read; what is not is not found, and nobody's limits or names are shown."""

from playwright.sync_api import Page, expect

from tests.web.days.album import PHONE, Day

PUBLIC, HIDDEN = "示例〔2025〕050号", "示例〔2026〕041号"


def test_the_visitor_sees_only_what_is_public(page: Page, read_office: str) -> None:
    day = Day(page, read_office, "visitor")
    day.go("/")
    day.picture("front")
    expect(page.get_by_role("navigation", name="主导航").get_by_role("link")).to_have_text(["标准", "征求意见", "轨道", "目录库"])
    page.get_by_role("link", name="标准", exact=True).click()
    expect(page.locator(".sum").first).to_contain_text("共 115 项")
    day.picture("list")
    day.picture("list-phone", PHONE)
    page.get_by_role("link", name=PUBLIC, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(PUBLIC)
    expect(page.locator("main")).not_to_contain_text("周启航")
    for hidden in ("期限", "卷宗", "历史", "现由谁办理"):
        expect(page.get_by_role("heading", name=hidden)).to_have_count(0)
    day.picture("standard")

    page.get_by_role("combobox").fill(PUBLIC)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.get_by_role("main").get_by_role("link", name=PUBLIC)).to_be_visible()
    day.picture("found")
    page.get_by_role("combobox").fill("质子交换膜湿热循环")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("没有找到")
    day.picture("nothing-found")

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="征求意见").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("征求意见")
    day.picture("enquiries")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="轨道").click()
    day.picture("tracks")
    page.get_by_role("link", name="江苏省地方标准 DB32/T").click()
    day.picture("track")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    day.picture("track-in-english")
    day.picture("track-in-english-phone", PHONE)
