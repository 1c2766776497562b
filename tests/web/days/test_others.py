"""Shorter days: a project manager claims a standard, a laboratory hands in its report, a member reads what is to be reviewed."""

from playwright.sync_api import Page, expect

from tests.web.days.album import PHONE, Day

VERIFIED, REVIEWED, OWN = "示例〔2026〕041号", "示例〔2025〕049号", "示例〔2026〕039号"


def test_the_laboratory_is_asked_for_its_report_and_hands_it_in(page: Page, office: str) -> None:
    day = Day(page, office, "laboratory")
    day.sign_in("lab")
    page.get_by_role("link", name="我的待办").click()
    row = page.get_by_role("row").filter(has_text=VERIFIED)
    expect(row).to_contain_text("缺少试验验证报告（或免验证说明）")
    day.picture("todo")
    row.get_by_role("link", name="提交材料").click()
    expect(page.get_by_label("材料种类")).to_have_value("verification_report")
    page.get_by_label("存放处").fill("示例〔2026〕验字第12号")
    day.picture("report", PHONE)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("材料已提交，待秘书处确认")
    page.get_by_role("link", name="我的待办").click()
    expect(page.locator("main")).not_to_contain_text("缺少试验验证报告")
    day.picture("done")
    day.sign_out()


def test_the_member_reads_what_is_to_be_reviewed_and_follows_it(page: Page, office: str) -> None:
    day = Day(page, office, "member")
    day.sign_in("member")
    page.get_by_role("link", name="我的待办").click()
    page.get_by_role("navigation", name="本人与所在机构").get_by_role("link", name="氢燃料电池汽车").click()
    expect(page.locator(".sum")).to_contain_text("等您办理")
    day.picture("queue")
    page.get_by_role("link", name=REVIEWED, exact=True).first.click()
    day.picture("standard")
    page.get_by_role("link", name="送审稿").first.click()
    day.picture("draft")
    page.go_back()
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("button", name="取消关注")).to_be_visible()
    day.sign_out()


def test_the_manager_sees_what_the_project_owes_and_claims_a_standard(page: Page, office: str) -> None:
    day = Day(page, office, "manager")
    day.sign_in("manager")
    page.get_by_role("link", name="科技项目").click()
    day.picture("projects")
    page.get_by_role("link", name="加氢站安全与计量技术").click()
    day.picture("project")
    day.picture("project-phone", PHONE)
    page.get_by_role("link", name="申报标准").click()
    page.get_by_label("标准 必填").fill(OWN)
    page.get_by_label("与项目的关系").select_option("产出于")
    day.picture("claim")
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(OWN)
    expect(page.get_by_role("main")).to_contain_text("产出于")
    day.picture("claimed")
    day.sign_out()
