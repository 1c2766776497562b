"""An administrator invites somebody, who comes in by the mail; then a role is taken away, and the page is closed at once."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.mailbox import Mailbox, running_mailbox
from tests.support.office import copied, loaded, serving, sign_in

AXE = Path(__file__).parents[2] / "build" / "tests" / "axe.min.js"
NEW = "一个崭新的密码呀呀呀"


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mailbox]]:
    """An example office whose mails arrive, and where they do."""
    home = copied(loaded(), tmp_path_factory.mktemp("office") / "home")
    with running_mailbox() as mailbox, serving(home, SMTP_HOST=mailbox.host, SMTP_PORT=str(mailbox.port)) as url:
        yield url, mailbox


def letter(mailbox: Mailbox, to: str) -> str:
    """The link in the letter to somebody, once it has arrived."""
    for _ in range(100):
        for message, recipients in zip(mailbox.messages, mailbox.recipients, strict=False):
            if recipients == [to] and (found := re.search(r"http\S+/(?:invitation|reset)/\S+", message.get_content())):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to}")


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"] if v["impact"] in ("serious", "critical")]


def test_an_invited_officer_comes_in_and_a_role_taken_away_closes_the_page_at_once(
    page: Page, browser: Browser, posted: tuple[str, Mailbox]
) -> None:
    url, mailbox = posted
    sign_in(page, url, "admin")
    page.goto(f"{url}/admin/accounts")
    page.get_by_role("link", name="邀请账号").click()
    page.get_by_label("登录名").fill("fresh")
    page.get_by_label("姓名").fill("示例新人")
    page.get_by_label("邮箱").fill("fresh@example.org")
    page.get_by_label("角色", exact=True).first.select_option("secretary")
    page.get_by_label("任职处").first.press_sequentially("氢能")
    expect(page.locator("#bodies-0 option")).not_to_have_count(0)
    page.get_by_label("任职处").first.fill("全国氢能标准化技术委员会")
    page.get_by_label("角色", exact=True).nth(1).select_option("officer")
    page.get_by_role("button", name="开立并寄出邀请").click()
    expect(page.get_by_role("status")).to_contain_text("邀请已寄往 fresh@example.org")
    expect(page.get_by_text("已邀请，本人尚未设置密码")).to_be_visible()

    context = browser.new_context(locale="zh-CN")
    invited = context.new_page()
    invited.goto(letter(mailbox, "fresh@example.org"))
    assert serious(invited) == []
    invited.get_by_label("新密码").fill(NEW)
    invited.get_by_label("再输入一次").fill(NEW)
    invited.get_by_role("button", name="设置密码并登录").click()
    expect(invited.get_by_role("status")).to_have_text("密码已设好，已登录")
    invited.goto(f"{url}/account")
    expect(invited.get_by_text("秘书处人员，全国氢能标准化技术委员会")).to_be_visible()
    assert serious(invited) == []
    invited.goto(f"{url}/admin/log")
    expect(invited.get_by_role("heading", level=1)).to_have_text("日志")

    page.reload()
    row = page.get_by_role("row").filter(has_text="科技主管部门人员")
    row.get_by_text("收回", exact=True).click()
    expect(row.get_by_text("立即不能再以“科技主管部门人员（全系统）”办理任何事项")).to_be_visible()
    row.get_by_role("button", name="收回角色").click()
    expect(page.get_by_role("status")).to_have_text("角色已收回，立即生效")
    answer = invited.goto(f"{url}/admin/log")
    assert answer and answer.status == 403
    expect(invited.get_by_role("link", name="管理")).to_have_count(0)
    expect(invited.get_by_role("heading", level=1)).to_contain_text("您无权查看审计记录")
    context.close()


def test_a_proof_is_watched_until_it_ends(page: Page, posted: tuple[str, Mailbox]) -> None:
    url, _ = posted
    sign_in(page, url, "admin")
    page.goto(f"{url}/admin/log")
    page.get_by_role("link", name="验证日志").click()
    page.get_by_role("button", name="开始验证").click()
    expect(page.get_by_text("日志完整")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_its_window_or_shuts_anybody_out(page: Page, posted: tuple[str, Mailbox], width: int) -> None:
    url, _ = posted
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, url, "admin")
    first = page.request.get(f"{url}/api/v1/accounts?q=secretary").json()["items"][0]["id"]
    paths = ("accounts", f"accounts/{first}", "accounts/new", "permissions", "log", "log/verify", "jobs", "mails", "holidays", "settings")
    for path in (*(f"/admin/{path}" for path in paths), "/account", "/forgotten"):
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert serious(page) == [], path
