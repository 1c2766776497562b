"""A drafter's day: the to-do asks for a paper, the paper goes in, and the gate that waited for it turns met."""

import re

from playwright.sync_api import Page, expect

from tests.lifecycle.pages.test_papers import pdf
from tests.web.days.album import PHONE, Day

DRAFTED = "示例〔2026〕041号"


def test_the_drafter_is_asked_for_a_paper_uploads_it_and_sees_the_gate_met(page: Page, office: str) -> None:
    day = Day(page, office, "drafter")
    day.sign_in("drafter")
    page.get_by_role("link", name="我的待办").click()
    row = page.get_by_role("row").filter(has_text=DRAFTED).filter(has_text="完成征求意见稿")
    expect(row).to_contain_text("缺少编制说明")
    day.picture("todo")
    row.get_by_role("link", name=DRAFTED, exact=True).click()
    gate = page.locator(".gates > li", has_text="缺少编制说明")
    expect(gate.locator(".state")).to_have_text("未满足")
    expect(gate).to_contain_text("由起草组办理")
    day.picture("asked")
    gate.get_by_role("link", name="提交编制说明").click()
    expect(page.get_by_label("材料种类")).to_have_value("explanatory_note")
    page.get_by_label("名称").fill("编制说明（第二稿）")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("请上传文件，或填写存放处")
    day.picture("refused")
    page.get_by_label("文件", exact=True).set_input_files({"name": "说明.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("材料已提交，待秘书处确认")
    expect(page.locator(".gates > li", has_text="待秘书处确认").filter(has_text="编制说明")).to_be_visible()
    day.picture("waiting")
    day.picture("waiting-phone", PHONE)
    page.get_by_role("link", name="我的待办").click()
    expect(page.get_by_role("row").filter(has_text=DRAFTED).filter(has_text="缺少编制说明")).to_have_count(0)
    day.sign_out()

    day.sign_in("secretary")
    page.get_by_role("link", name="我的待办").click()
    page.get_by_role("row").filter(has_text="《编制说明（第二稿）》待确认").get_by_role("link", name="确认材料").click()
    page.get_by_role("link", name="查看并确认《编制说明（第二稿）》").click()
    day.picture("accepting")
    assert page.frame(url=re.compile("/file$")) is not None  # the file itself, in the browser's own viewer
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("status")).to_contain_text("《编制说明（第二稿）》已确认")
    day.sign_out()

    day.sign_in("drafter")
    page.get_by_role("link", name="我的待办").click()
    page.get_by_role("link", name=DRAFTED, exact=True).first.click()
    gate = page.locator(".gates > li", has_text="编制说明（第二稿），2026-11-24")
    expect(gate.locator(".state")).to_have_text("已满足")
    expect(page.locator("#history + ol > li").first).to_contain_text("已确认")
    day.picture("met")
    day.sign_out()
