"""What only a browser shows: two people at once, a draft that comes back, no script at all."""

from playwright.sync_api import Browser, Page, expect

from tests.support.office import sign_in

COMMENTING = "示例〔2025〕050号"


def path_of(page: Page, url: str, number: str, act: str) -> str:
    found = page.request.get(f"{url}/api/v1/standards/by-number", params={"number": number}).json()
    return f"{url}/standards/{found['id']}/acts/{act}"


def drafts(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"))


def kept(page: Page) -> None:
    """Waits until what was typed is kept on this machine."""
    for _ in range(100):  # the page's own policy forbids the polling that Playwright would do inside it
        if drafts(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError("what was typed was not kept")


def typed(page: Page, url: str, login: str, reason: str) -> str:
    """Somebody begins to suspend a standard, and what was typed is kept; answers with the form's address."""
    sign_in(page, url, login)
    path = path_of(page, url, COMMENTING, "suspend")
    page.goto(path)
    page.get_by_label("理由").fill(reason)
    kept(page)
    return path


def test_a_draft_on_this_machine_comes_back(page: Page, own_office: str) -> None:
    typed(page, own_office, "secretary", "示例：等待上级协调意见")
    page.reload()
    expect(page.get_by_label("理由")).to_have_value("")
    page.get_by_role("button", name="取回").click()
    expect(page.get_by_label("理由")).to_have_value("示例：等待上级协调意见")


def test_a_draft_brings_back_only_what_was_typed_and_not_what_others_changed_since(page: Page, browser: Browser, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    path = path_of(page, own_office, COMMENTING, "edit")
    page.goto(path)
    page.get_by_label("适用范围").fill("示例：没有提交的范围")
    kept(page)
    other = browser.new_context(locale="zh-CN").new_page()
    sign_in(other, own_office, "duty")
    other.goto(path)
    assert other.get_by_label("英文名称").input_value() != "Theirs (example)"
    other.get_by_label("英文名称").fill("Theirs (example)")
    other.locator("form[data-draft] .actions button[type=submit]").click()
    other.wait_for_url(lambda address: "/acts/" not in address)
    other.context.close()
    page.goto(path)
    page.get_by_role("button", name="取回").click()
    expect(page.get_by_label("适用范围")).to_have_value("示例：没有提交的范围")
    expect(page.get_by_label("英文名称")).to_have_value("Theirs (example)")


def answered(page: Page, path: str, status: int, said: str) -> None:
    """Lets the next sending of a form be answered by this, so that nothing is changed."""
    body = f"<!doctype html><title>{status}</title><script src='/static/hub.js' defer></script>{said}"
    answer = {"status": status, "content_type": "text/html; charset=utf-8", "body": body}
    page.route(path, lambda route: route.fulfill(**answer) if route.request.method == "POST" else route.continue_())  # type: ignore[arg-type]


def test_a_draft_stays_until_a_page_says_that_it_is_done_and_is_nobody_elses(page: Page, own_office: str) -> None:
    """A server that was busy took nothing in; on a shared computer the next one signs in with the same browser."""
    path = typed(page, own_office, "secretary", "示例：只有我知道的理由")
    answered(page, path, 503, "<h1>503</h1>")
    page.get_by_role("button", name="暂停", exact=True).click()
    page.get_by_role("heading", name="503").wait_for(timeout=5000)
    page.goto(path)
    expect(page.get_by_role("button", name="取回")).to_be_visible(timeout=5000)
    page.context.clear_cookies()
    sign_in(page, own_office, "duty")
    page.goto(path)
    expect(page.get_by_label("理由")).to_be_visible(timeout=5000)
    expect(page.get_by_role("button", name="取回")).to_be_hidden(timeout=5000)


def test_who_signs_out_leaves_no_draft_and_takes_nobody_elses_away(page: Page, own_office: str) -> None:
    typed(page, own_office, "duty", "示例：只有我知道的理由")
    page.evaluate("localStorage.setItem('draft:another:act', '{}')")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_text("已退出登录").wait_for(timeout=5000)
    assert drafts(page) == ["draft:another:act"]


def test_the_draft_of_an_act_that_is_asked_for_once_more_goes_when_it_is_done(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "duty")
    path = path_of(page, own_office, COMMENTING, "terminate")
    page.goto(f"{path}?papers[termination_decision][reference]=示例〔2026〕1 号")
    page.get_by_label("理由").fill("示例：不再需要")
    kept(page)
    page.get_by_role("button", name="继续：").click()
    page.get_by_role("button", name="确认：").wait_for(timeout=5000)
    assert len(drafts(page)) == 1
    answered(page, path, 200, "<p class='note good'>已终止</p>")
    page.get_by_role("button", name="确认：").click()
    page.get_by_text("已终止").wait_for(timeout=5000)
    assert drafts(page) == []


def test_a_draft_that_came_back_is_looked_ahead_at(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    page.goto(path_of(page, own_office, COMMENTING, "edit"))
    page.get_by_label("CCS 分类").fill("F21")
    kept(page)
    page.reload()
    expect(page.locator("#ahead")).to_contain_text("没有变化")
    page.get_by_role("button", name="取回").click()
    expect(page.locator("#ahead")).to_contain_text("→ F21")


def test_a_team_has_always_a_free_row_and_a_draft_brings_all_of_them_back(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    page.goto(path_of(page, own_office, COMMENTING, "team"))
    units = page.locator("#drafting_units .row-of")
    there = units.count()
    for more in range(3):
        units.last.get_by_role("combobox").fill("示例·苏南氢能研究院")
        expect(units).to_have_count(there + more + 1)
    last = units.nth(there + 1).get_by_role("combobox")
    expect(last).to_have_attribute("name", f"drafting_units[{there + 1}][organisation_id]")
    expect(last).to_have_accessible_name(f"第 {there + 2} 行的起草单位")
    page.wait_for_timeout(600)  # until the last of it is kept
    page.reload()
    expect(units).to_have_count(there)
    page.get_by_role("button", name="取回").click()
    expect(units.nth(there + 1).get_by_role("combobox")).to_have_value("示例·苏南氢能研究院")


def test_what_looks_ahead_says_that_the_sign_in_has_expired(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    page.goto(path_of(page, own_office, COMMENTING, "suspend"))
    expect(page.locator("#ahead")).to_contain_text("停止计时")
    page.context.clear_cookies()
    page.get_by_label("理由").fill("示例：登录过期之后")
    page.get_by_label("理由").blur()
    expect(page.locator("#ahead")).to_have_text("登录已过期，这里不再更新。提交时重新登录，填写的内容不会丢失。")


def test_two_browsers_at_once_lose_nothing(browser: Browser, own_office: str) -> None:
    first, second = browser.new_context(locale="zh-CN").new_page(), browser.new_context(locale="zh-CN").new_page()
    sign_in(first, own_office, "secretary")
    sign_in(second, own_office, "duty")
    for page, act in ((first, "suspend"), (second, "edit")):
        page.goto(path_of(page, own_office, COMMENTING, act))
    first.get_by_label("理由").fill("示例：两人同时办理")
    second.get_by_label("CCS 分类").fill("F19")
    second.get_by_label("CCS 分类").blur()
    expect(second.locator("#ahead")).to_contain_text("CCS 分类：— → F19")
    second.get_by_role("button", name="修改标准信息").click()
    second.wait_for_url(lambda address: "/acts/" not in address)
    first.get_by_role("button", name="暂停", exact=True).click()
    expect(first.get_by_role("alert")).to_contain_text("修改信息：CCS 分类")
    expect(first.get_by_role("alert")).to_be_focused()
    expect(first.get_by_label("理由")).to_have_value("示例：两人同时办理")
    first.get_by_role("button", name="暂停", exact=True).click()
    first.wait_for_url(lambda address: "/acts/" not in address)
    first.goto(path_of(first, own_office, COMMENTING, "resume"))
    first.get_by_label("理由").fill("示例：协调完毕")
    first.get_by_label("理由").blur()
    expect(first.locator("#ahead")).to_contain_text("暂停 → 在研")
    first.get_by_role("button", name="恢复办理").click()
    first.wait_for_url(lambda address: "/acts/" not in address)


def test_without_scripts_a_form_is_previewed_and_sent(browser: Browser, own_office: str) -> None:
    page = browser.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    page.goto(f"{own_office}/sign-in")
    page.get_by_label("登录名").fill("duty")
    page.get_by_label("密码").fill("demo-2026-hub")
    page.get_by_role("button", name="登录").click()
    page.goto(path_of(page, own_office, "示例〔2026〕036号", "terminate"))
    page.get_by_label("理由").fill("示例：不再需要")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#ahead")).to_contain_text("状态：在研 → 终止")
    expect(page.get_by_label("理由")).to_have_value("示例：不再需要")


def test_the_target_of_a_form_is_found_while_typing_on_a_phone(browser: Browser, own_office: str) -> None:
    page = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 768}).new_page()
    sign_in(page, own_office, "duty")
    page.goto(path_of(page, own_office, "示例〔2026〕036号", "merge"))
    page.get_by_label("标准号、计划号或名称").press_sequentially("合成生物", delay=20)
    page.locator("#found input[type=radio]").first.check()
    expect(page.locator("#ahead")).to_contain_text("已合并")
