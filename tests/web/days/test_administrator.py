"""An administrator's day: somebody is invited and comes in by the letter, gets a role and loses it; then jobs, mails, the log and its proof."""

import re
import time

from playwright.sync_api import Browser, Page, expect

from tests.support.mailbox import Mailbox
from tests.web.days.album import PHONE, Day, faults

NEW, COMMITTEE, NUMBER = "一个崭新的密码呀呀呀", "全国氢能标准化技术委员会", "20259106-T-469"


def letter(mailbox: Mailbox, to: str) -> str:
    """The link in the letter to somebody, once it has arrived."""
    for _ in range(450):
        for message, recipients in zip(mailbox.messages, mailbox.recipients, strict=False):
            if recipients == [to] and (found := re.search(r"http\S+/(?:invitation|reset)/\S+", message.get_content())):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to}")


def test_the_administrator_invites_somebody_grants_a_role_and_takes_it_away(
    page: Page, browser: Browser, posted: tuple[str, Mailbox]
) -> None:
    url, mailbox = posted
    day = Day(page, url, "administrator")
    day.sign_in("admin")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="管理").click()
    day.picture("accounts")
    page.get_by_role("link", name="邀请账号").click()
    page.get_by_label("登录名").fill("fresh")
    page.get_by_label("姓名").fill("示例新人")
    page.get_by_label("邮箱").fill("fresh@example.org")
    page.get_by_label("角色", exact=True).first.select_option("officer")
    page.get_by_label("任职处").first.fill("全系统")
    page.get_by_role("button", name="开立并寄出邀请").click()
    expect(page.get_by_role("status")).to_contain_text("邀请已寄往 fresh@example.org")
    expect(page.get_by_text("已邀请，本人尚未设置密码")).to_be_visible()
    day.picture("invited")

    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    invited = Day(context.new_page(), url, "invited")
    theirs = invited.page
    theirs.goto(letter(mailbox, "fresh@example.org"))
    invited.picture("letter", PHONE)
    assert faults(theirs) == []
    theirs.get_by_label("新密码").fill(NEW)
    theirs.get_by_label("再输入一次").fill(NEW)
    theirs.get_by_role("button", name="设置密码并登录").click()
    expect(theirs.get_by_role("status")).to_have_text("密码已设好，已登录")
    invited.picture("came-in", PHONE)
    theirs.goto(f"{url}/admin/log")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("日志")
    standard = day.get("/standards/by-number", number=NUMBER)["id"]
    theirs.goto(f"{url}/standards/{standard}")
    expect(theirs.get_by_role("link", name="推进到")).to_have_count(0)

    page.reload()
    day.picture("account")
    page.get_by_label("角色 必填").select_option("secretary")
    page.get_by_label("任职处").press_sequentially("氢能")
    expect(page.locator("datalist option").first).to_be_attached()
    page.get_by_label("任职处").fill(COMMITTEE)
    page.get_by_role("button", name="授予角色").click()
    expect(page.get_by_role("status")).to_contain_text("角色已授予")
    day.picture("granted")
    theirs.reload()
    theirs.get_by_role("link", name="推进到").first.click()
    expect(theirs.get_by_role("button", name="推进到下一步")).to_be_visible()
    invited.picture("may-advance", PHONE)

    row = page.get_by_role("row").filter(has_text="秘书处人员")
    row.get_by_text("收回", exact=True).click()
    expect(row).to_contain_text("立即不能再以")
    day.picture("taking-away")
    row.get_by_role("button", name="收回角色").click()
    expect(page.get_by_role("status")).to_have_text("角色已收回，立即生效")
    theirs.get_by_role("button", name="推进到下一步").click()
    expect(theirs.get_by_role("alert")).to_contain_text("您无权推进标准阶段")
    expect(theirs.get_by_role("button", name="推进到下一步")).to_have_count(0)
    invited.picture("no-longer", PHONE)
    row = page.get_by_role("row").filter(has_text="科技主管部门人员")
    row.get_by_text("收回", exact=True).click()
    row.get_by_role("button", name="收回角色").click()
    expect(page.get_by_text("没有角色，登录后只能查看。")).to_be_visible()
    answer = theirs.goto(f"{url}/admin/log")
    assert answer and answer.status == 403
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("您无权查看审计记录")
    invited.picture("closed", PHONE)
    context.close()

    tabs = page.get_by_role("main").locator(".tabs")
    tabs.get_by_role("link", name="后台任务").click()
    day.picture("jobs")
    tabs.get_by_role("link", name="邮件").click()
    expect(page.get_by_role("row").filter(has_text="fresh@example.org")).to_contain_text("邀请")
    day.picture("mails")
    mails = page.locator("main").text_content() or ""
    while (following := page.get_by_role("link", name="下一页")).count():
        following.click()
        mails += page.locator("main").text_content() or ""
    assert "：已发布" in mails and "已发布，已发布" not in mails
    tabs.get_by_role("link", name="日志").click()
    expect(page.locator("main")).to_contain_text("fresh")
    day.picture("log")
    page.get_by_role("link", name="验证日志").click()
    page.get_by_role("button", name="开始验证").click()
    expect(page.get_by_text("日志完整")).to_be_visible()
    day.picture("proof")
    day.sign_out()
