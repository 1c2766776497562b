"""A secretary's day: from the overview to a standard that is refused at a gate, supplied with what it lacks, and moved to review."""

from playwright.sync_api import Page, expect

from tests.web.days.album import PHONE, Day

COMMENTING, REVIEWING = "示例〔2025〕050号", "示例〔2025〕049号"


def attach(page: Page, gate: str) -> None:
    """Hand in a file with the act at hand, where the gate that wants it says so."""
    wanted = page.locator(".gates li").filter(has_text=gate)
    if not wanted.get_by_label("选择文件").is_visible():
        wanted.get_by_text("随本次办理提交材料").click()
    wanted.get_by_label("选择文件").set_input_files({"name": f"{gate}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 example"})


def test_the_secretary_moves_a_standard_through_a_refused_gate_to_review(page: Page, office: str) -> None:
    day = Day(page, office, "secretary")
    day.sign_in("secretary")
    expect(page.get_by_role("heading", level=1)).to_have_text("总览")
    day.picture("overview")
    page.get_by_role("link", name="我的待办").click()
    expect(page.locator(".sum")).to_contain_text("其中")
    day.picture("todo")
    day.picture("todo-phone", PHONE)
    row = page.get_by_role("row").filter(has_text=COMMENTING)
    expect(row).to_contain_text("缺少征求意见公告或函")
    row.get_by_role("link", name=COMMENTING, exact=True).click()
    expect(page.locator(".sum").first).to_contain_text("还差 1 项才能进入“意见处理”")
    day.picture("standard")

    page.get_by_role("link", name="推进到“意见处理”").first.click()
    page.get_by_role("button", name="推进到下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("缺少征求意见公告或函")
    expect(page.get_by_role("alert")).to_contain_text("由秘书处办理")
    day.picture("refused")
    attach(page, "征求意见公告或函")
    expect(page.locator("#ahead")).to_contain_text("《征求意见公告或函》入卷")
    day.picture("supplied")
    page.get_by_role("button", name="推进到下一步").click()
    expect(page.locator(".sum").first).to_contain_text("才能进入“技术审查”")
    day.picture("moved")

    page.get_by_role("link", name="推进到“技术审查”").first.click()
    day.picture("next")
    for gate in page.locator(".gates .state.unmet").all_inner_texts():
        attach(page, gate)
    page.get_by_role("button", name="推进到下一步").click()
    expect(page.locator(".sum").first).to_contain_text("才能进入“审查结论”")

    page.get_by_role("link", name="我的待办").click()
    page.get_by_role("row").filter(has_text=REVIEWING).get_by_role("link", name=REVIEWING, exact=True).click()
    page.get_by_role("link", name="推进到“审查结论”").first.click()
    attach(page, "会议纪要")
    signatures = page.locator(".gates li").filter(has_text="签名")
    signatures.get_by_text("豁免本项").click()
    signatures.get_by_label("的理由").fill("示例：视频会议，签名表随后补齐")
    signatures.get_by_label("的理由").blur()
    expect(page.locator("#ahead")).to_contain_text("豁免")
    day.picture("waiver")
    page.get_by_role("button", name="推进到下一步").click()
    expect(page.locator(".sum").first).to_contain_text("才能进入“报批”")
    day.picture("waived")
    page.get_by_role("heading", name="历史").scroll_into_view_if_needed()
    expect(page.locator("#history + ol > li").first).to_contain_text("审查结论")
    day.sign_out()
    expect(page.get_by_role("status")).to_have_text("已退出登录")
    day.picture("out")
    page.reload()
    expect(page.get_by_role("status")).to_have_count(0)
