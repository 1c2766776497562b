"""Keeping the hub in the browser: accounts, roles, jobs, mails, the log and its proof, holidays, settings."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar
from litestar import Litestar
from lxml import html
from msgspec import structs

from standards_hub.kernel import holidays, jobs, mail, search
from standards_hub.kernel.access import repository
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.admin.pages.holidays import EXAMPLE
from standards_hub.kernel.holidays import Holiday
from standards_hub.kernel.jobs import queue
from tests.support.office import visit

PAGES = ("accounts", "permissions", "log", "log/verify", "jobs", "mails", "holidays", "settings", "accounts/new")
OPEN = {
    "admin": set(PAGES),
    "officer": {"permissions", "log", "log/verify", "holidays"},
    "secretary": {"permissions", "holidays"},
}


async def account_id(app: Litestar, login: str) -> str:
    async with app.state.hub.database.read() as connection:
        return str((await repository.account_by_login(connection, login)).id)


@pytest.mark.parametrize("login", OPEN)
async def test_each_sees_the_pages_that_are_theirs_and_their_tabs(office_app: Litestar, login: str) -> None:
    async with await visit(office_app, login) as visitor:
        for page in PAGES:
            answer = await visitor.get(f"/admin/{page}")
            assert answer.status_code == (200 if page in OPEN[login] else 403), page
            if page not in OPEN[login]:
                assert "可由" in answer.text  # who may, and whom to ask
        tabs = set(
            re.findall(
                r'<a href="/admin/(\w+)"', (await visitor.get("/admin/permissions")).text.split('class="tabs"')[1].split("</nav>")[0]
            )
        )
        first = await visitor.get("/admin")
    assert tabs == {page for page in OPEN[login] if "/" not in page}
    assert first.headers.get("location") == {"admin": "/admin/accounts", "officer": "/admin/log"}.get(login)


@pytest.mark.parametrize("page", PAGES)
async def test_the_public_signs_in_first(office_app: Litestar, page: str) -> None:
    async with await visit(office_app) as visitor:
        assert (await visitor.get(f"/admin/{page}")).headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("page", [*PAGES, "log?kind=account", "jobs?state=failed"])
async def test_no_word_is_left_in_chinese(office_app: Litestar, page: str) -> None:
    async with await visit(office_app, "admin", "en") as visitor:
        main = (await visitor.get(f"/admin/{page}?lang=en" if "?" not in page else f"/admin/{page}&lang=en")).text.split("<main")[1]
    text = re.sub(r"<pre.*?</pre>|<dd>.*?</dd>|<span lang=.zh-CN.>.*?</span>|<[^>]*>", " ", main, flags=re.DOTALL)
    left = re.findall(r"[^\s<>]*[\u4e00-\u9fff][^\s<>]*", text)
    assert page in ("accounts", "log", "mails", "jobs", "log?kind=account") or left == []  # those show names and titles of the example
    assert not set(left) & {"账号", "角色", "状态", "全部", "对象", "事件", "主题", "收件人"}


async def test_accounts_are_found_and_shown_with_roles_by_name(office_app: Litestar) -> None:
    async with await visit(office_app, "admin") as visitor:
        found = (await visitor.get("/admin/accounts?q=SECRETARY&active=1")).text
        none = (await visitor.get("/admin/accounts?q=nobody")).text
        page = (await visitor.get(f"/admin/accounts/{await account_id(office_app, 'secretary')}")).text
    assert "周启航" in found and "谭清和" not in found and "江苏省氢燃料电池汽车标准化技术委员会" in found
    assert "没有符合条件的账号" in none
    assert "秘书处人员" in page and re.search(r'href="/committees/[-0-9a-f]+">江苏省石墨烯', page)


async def test_a_role_is_granted_by_the_name_of_its_body_and_taken_away(office_app: Litestar) -> None:
    id = await account_id(office_app, "lab")
    here = f"/admin/accounts/{id}"
    async with await visit(office_app, "admin") as visitor:
        for body, said in (("没有的委员会", "没有这个技术委员会"), ("江苏省", "不止一个"), ("", "确要授予全系统的")):
            answer = await visitor.send_form(f"{here}/grants", {"role": "member", "body": body})
            assert answer.status_code == 422 and said in answer.text and f'value="{body}"' in answer.text
        named = {"role": "member", "body": "江苏省物联网标准化技术委员会", "until": "2026-12-31"}
        assert (await visitor.send_form(f"{here}/grants", named)).headers["location"] == here
        again = await visitor.send_form(f"{here}/grants", named)
        assert again.status_code == 409 and "已是委员" in again.text
        assert (await visitor.send_form(f"{here}/grants", {"role": "lab_staff", "body": "全系统"})).headers["location"] == here
        page = (await visitor.get(here)).text
        assert "至 2026-12-31" in page
        revoke = next(path for path in re.findall(r'action="(/admin/accounts/[^"]+/revoke)"', page))
        before = page.count("/revoke")
        assert (await visitor.send_form(revoke)).status_code == 303
        assert (await visitor.get(here)).text.count("/revoke") == before - 1


async def test_a_committees_number_names_it_though_others_numbers_begin_with_it(office_app: Litestar) -> None:
    here = f"/admin/accounts/{await account_id(office_app, 'lab')}"
    async with await visit(office_app, "admin") as visitor:
        near = await visitor.get("/admin/bodies", params={"role": "member", "body": "SAC/TC 28"})
        assert "量子信息标准工作组" in near.text and "全国信息技术标准化技术委员会" in near.text, "nothing else begins with this number"
        for body in ("SAC/TC 28", "sac/tc28"):
            answer = await visitor.send_form(f"{here}/grants", {"role": "member" if body.isupper() else "secretary", "body": body})
            assert answer.status_code == 303, answer.text
        page = (await visitor.get(here)).text
    assert len(re.findall(r'href="/committees/[-0-9a-f]+">全国信息技术标准化技术委员会', page)) == 2


async def test_the_last_administrator_stays_and_the_page_says_why(office_app: Litestar) -> None:
    here = f"/admin/accounts/{await account_id(office_app, 'admin')}"
    async with await visit(office_app, "admin") as visitor:
        page = (await visitor.get(here)).text
        revoke = re.search(r'action="([^"]+/grants/[^"]+/revoke)"', page)
        assert revoke
        for path in (revoke[1], f"{here}/close"):
            answer = await visitor.send_form(path)
            assert answer.status_code == 409 and "最后一位系统管理员" in answer.text, path
        assert (await visitor.get(here)).text.count("/revoke") == page.count("/revoke")


async def test_an_account_is_edited_closed_and_reopened_and_a_stale_copy_is_refused(office_app: Litestar) -> None:
    here = f"/admin/accounts/{await account_id(office_app, 'lab')}"
    fields = {"login": "lab", "name": "示例改名", "email": "", "language": "en"}
    async with await visit(office_app, "admin") as visitor, await visit(office_app, "lab") as lab:
        version = re.search(r'name="version" value="(\d+)"', (await visitor.get(here)).text)
        assert version
        saved = await visitor.send_form(f"{here}/edit", {**fields, "version": version[1]})
        stale = await visitor.send_form(f"{here}/edit", {**fields, "name": "另一个名", "version": version[1]})
        assert (saved.status_code, stale.status_code) == (303, 412) and 'value="另一个名"' in stale.text
        assert "现在的姓名</dt><dd>示例改名</dd>" in stale.text and f'name="version" value="{int(version[1]) + 1}"' in stale.text
        wrong = await visitor.send_form(f"{here}/edit", {**fields, "email": "nobody"})
        assert wrong.status_code == 422 and "电子邮箱格式有误" in wrong.text
        assert (await lab.get("/account")).status_code == 200
        assert (await visitor.send_form(f"{here}/close", {"reason": "示例"})).status_code == 303
        assert (await lab.get("/account")).status_code == 303
        assert "已停用，不能登录" in (await visitor.get(here)).text
        assert (await visitor.send_form(f"{here}/reopen")).status_code == 303


async def test_the_suggestions_for_a_body_are_of_the_kind_of_the_role(office_app: Litestar) -> None:
    async with await visit(office_app, "admin") as visitor:
        asked = {"grants[0][role]": "secretary", "grants[0][body]": "氢"}
        options = (await visitor.get("/admin/bodies", params=asked)).text
        nothing = (await visitor.get("/admin/bodies", params={"role": "administrator", "body": "氢"})).text
    assert '<option value="全国氢能标准化技术委员会">' in options and nothing.strip() == ""


async def test_an_invitation_without_a_mail_server_shows_its_link_once(office_app: Litestar) -> None:
    fields = {"login": "fresh", "name": "示例新人", "email": "fresh@example.org", "language": "zh",
              "grants[0][role]": "", "grants[0][body]": "", "grants[1][role]": "secretary", "grants[1][body]": "全国氢能标准化技术委员会"}  # fmt: skip
    async with await visit(office_app, "admin") as visitor:
        every = {"login": "ADMIN", "name": "", "email": "nobody", "grants[0][body]": "全系统", "grants[1][body]": "没有的委员会"}
        at_once = html.fromstring((await visitor.send_form("/admin/accounts/new", {**fields, **every})).text)
        links = at_once.xpath("//*[@role='alert']//a/@href")
        assert (
            links == ["#name", "#email", "#login", "#grants[0][role]", "#grants[1][body]"]
            and "登录名 admin 已被使用" in at_once.text_content()
        )
        wrong = await visitor.send_form("/admin/accounts/new", {**fields, "grants[1][body]": "没有的委员会", "email": ""})
        assert wrong.status_code == 422 and 'value="没有的委员会"' in wrong.text
        lost = await visitor.send_form("/admin/accounts/new", {**fields, "grants[1][body]": "没有的委员会"})
        assert lost.status_code == 422 and "没有这个技术委员会" in lost.text and 'href="#grants[1][body]"' in lost.text
        answer = await visitor.send_form("/admin/accounts/new", fields)
        link = re.search(r"<code class=\"secret\">(\S+)</code>", answer.text)
        assert link and "/invitation/" in link[1]
        here = f"/admin/accounts/{await account_id(office_app, 'fresh')}"
        page = (await visitor.get(here)).text
        assert link[1] not in page and "已邀请，本人尚未设置密码" in page
        assert link[1].rpartition("/")[2] not in (await visitor.get("/admin/mails")).text
        again = await visitor.send_form(f"{here}/invite")
        assert again.status_code == 200 and link[1] not in again.text
    async with await visit(office_app) as public:
        assert (await public.get("/invitation/" + link[1].rpartition("/")[2])).status_code == 404


async def test_a_failed_job_shows_its_error_and_is_tried_again(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with hub.database.read() as connection:
        before = list((await connection.execute(sa.select(queue.TABLE.c.id))).scalars())
    async with hub.work(SYSTEM) as work:
        await work.enqueue("deadlines.sweep", {"secretly": 1}, key="failing")
        await mail.enqueue(work, "a@example.org", "示例信", "示例正文", "letter")
        await work.commit()
    async with hub.database.write() as connection:
        await connection.execute(
            sa.update(queue.TABLE)
            .where(queue.TABLE.c.state == "waiting", queue.TABLE.c.id.not_in(before))  # the example has jobs of its own
            .values(state="failed", error="示例：出错了<b>")
        )
        await connection.commit()
    async with await visit(office_app, "admin") as visitor:
        page = (await visitor.get("/admin/jobs?state=failed")).text
        assert "示例：出错了&lt;b&gt;" in page and "2 项失败" in page and "secretly" in page and "示例正文" not in page
        mails = (await visitor.get("/admin/mails")).text
        assert "寄送失败" in mails and "示例正文" in mails
        for path in re.findall(r'action="(/admin/jobs/[^"]+/retry)"', page):
            assert (await visitor.send_form(path)).status_code == 303
            assert (await visitor.send_form(path)).status_code == 409
        assert "没有这种状态的任务" in (await visitor.get("/admin/jobs?state=failed")).text


async def test_all_kept_mails_of_the_shown_list_are_sent_after_a_question_that_says_how_many(office_app: Litestar) -> None:
    hub = office_app.state.hub
    office_app.state.settings = structs.replace(office_app.state.settings, smtp_host="127.0.0.1")
    await jobs.drain(hub)  # without a server the letters of the example are kept
    async with hub.database.read() as connection:
        many = (await mail.sendable(connection))["unconfigured"]
    async with await visit(office_app, "admin") as visitor:
        shown = "/admin/mails?state=unconfigured"
        page = html.fromstring((await visitor.get(shown)).text)
        (form,) = page.xpath("//form[@action='/admin/mails/send']")
        assert many > 3 and f"将寄出 {many} 封邮件" in form.text_content()
        fields = {one.name: one.value for one in form.xpath(".//input[@name='state']")}
        answer = await visitor.send_form("/admin/mails/send", fields, headers={"Referer": f"http://hub.test{shown}"})
        assert answer.headers["location"] == shown
        assert f"已重新寄出 {many} 封" in (await visitor.get(shown)).text
        assert "/admin/mails/send" not in (await visitor.get("/admin/mails?state=sent")).text
        assert (await mail_counts(office_app))["waiting"] == many


async def mail_counts(app: Litestar) -> dict[str, int]:
    async with app.state.hub.database.read() as connection:
        return await mail.counts(connection)


async def test_a_mail_that_waits_for_its_next_try_says_so(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, "a@example.org", "示例信", "示例正文", "letter")
        await work.commit()
    async with hub.database.write() as connection:
        ours = queue.TABLE.c.arguments.contains("a@example.org")
        tried = {"attempts": 2, "error": "Traceback\nOSError: 示例：连不上", "due_at": datetime(2026, 11, 24, 2, 30, tzinfo=UTC)}
        await connection.execute(sa.update(queue.TABLE).where(ours).values(**tried))
        await connection.commit()
    async with await visit(office_app, "admin") as visitor:
        (row,) = html.fromstring((await visitor.get("/admin/mails")).text).xpath("//tbody/tr[contains(., '示例信')]")
        (job,) = html.fromstring((await visitor.get("/admin/jobs")).text).xpath("//tbody/tr[contains(., 'a@example.org')]//summary")
    said = " ".join(row.text_content().split())
    assert "待再寄" in said and "已试 2/5 次，下次 2026-11-24 10:30" in said and "上次：OSError: 示例：连不上" in said
    assert "寄出邮件：示例信 · a@example.org" in job.text_content()


async def test_after_a_retry_one_is_back_at_the_same_list(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with hub.work(SYSTEM) as work:
        await work.enqueue("deadlines.sweep", {}, key="failing")
        await work.commit()
    async with hub.database.write() as connection:
        await connection.execute(sa.update(queue.TABLE).where(queue.TABLE.c.key == "failing").values(state="failed", error="示例"))
        await connection.commit()
    shown = "/admin/jobs?state=failed"
    async with await visit(office_app, "admin") as visitor:
        (path,) = re.findall(r'action="(/admin/jobs/[^"]+/retry)"', (await visitor.get(shown)).text)
        back = {"Referer": f"http://hub.test{shown}"}
        assert (await visitor.send_form(path, headers=back)).headers["location"] == shown
        refused = html.fromstring((await visitor.send_form(path, headers=back)).text)
    assert refused.xpath("//a[@aria-current='true']/@href") == [shown]  # where it is refused, one is there too


async def test_lists_go_on_behind_the_last_row(office_app: Litestar) -> None:
    async with await visit(office_app, "admin") as visitor:
        for path, row in (("/admin/jobs", r'<td class="aside nowrap">'), ("/admin/log", r'<td class="number aside">(\d+)')):
            first = (await visitor.get(path)).text
            further = re.search(r'rel="next" href="([^"]+)"', first)
            assert further, path
            second = (await visitor.get(further[1].replace("&amp;", "&"))).text
            assert re.findall(row, second) and (path == "/admin/jobs" or not set(re.findall(row, first)) & set(re.findall(row, second)))


async def test_the_log_is_filtered_and_speaks_in_words(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = (await visitor.get("/admin/log?kind=account&type=role-granted&since=2024-01-01")).text
        assert "角色授予" in page and "阶段变动</summary>" not in page and "body_kind" in page
        for query, said in (("actor=nobody-here", "没有登录名为"), ("since=yesterday", "请填写日期")):
            wrong = await visitor.get(f"/admin/log?{query}")
            assert wrong.status_code in (404, 422) and said in wrong.text
        assert "没有符合条件的事件" in (await visitor.get("/admin/log?until=2000-01-01")).text
        one = re.search(r"/admin/log\?stream=(account:[-0-9a-f]+)", page)
        assert one
        own = (await visitor.get(f"/admin/log?stream={one[1]}")).text
        assert "开立账号" in own and f'name="stream" value="{one[1]}"' in own
        rows = len(re.findall(r'<td class="number aside">', own))
        assert f"其中 {rows} 条符合条件" in own and rows < 50 and "符合条件" not in (await visitor.get("/admin/log")).text


async def test_the_proof_is_asked_for_left_and_found_again(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        asked = await visitor.send_form("/admin/log/verify")
        there = asked.headers["location"]
        waiting = (await visitor.get(there)).text
        assert "<progress" in waiting and f'hx-get="{there}"' in waiting
        assert (await visitor.send_form("/admin/log/verify")).headers["location"] == there
        assert (await jobs.drain(office_app.state.hub)).errors == []
        part = (await visitor.get(there, headers={"HX-Request": "true"})).text
        assert "日志完整" in part and "<html" not in part and "hx-get" not in part
        assert there in (await visitor.get("/admin/log/verify")).text


async def test_the_proof_names_the_first_broken_link(office_app: Litestar) -> None:
    async with office_app.state.hub.database.write() as connection:
        await connection.execute(sa.text("UPDATE event SET actor = 'public' WHERE id = 7"))
        await connection.commit()
    async with await visit(office_app, "admin") as visitor:
        there = (await visitor.send_form("/admin/log/verify")).headers["location"]
        assert (await jobs.drain(office_app.state.hub)).errors == []
        page = (await visitor.get(there)).text
    assert "链在第 7 条断开" in page and "/admin/log?stream=" in page


async def test_holidays_are_entered_from_a_table_by_administrators(office_app: Litestar) -> None:
    def file(content: bytes) -> dict[str, Any]:
        return {"files": {"file": ("holidays.csv", content, "text/csv")}}

    async with await visit(office_app, "secretary") as visitor:
        nothing = html.fromstring((await visitor.get("/admin/holidays")).text)
        assert "由系统管理员登记" in nothing.xpath("string(//*[@class='empty-state'])") and not nothing.xpath(
            "//*[@class='empty-state']//a"
        )
        assert "/admin/holidays?year=2027" in nothing.xpath("//ul[@class='chips']//a/@href")  # which is published before it begins
        assert (await visitor.send_form("/admin/holidays", **file(b"x"))).status_code == 403
    async with await visit(office_app, "admin") as visitor:
        nothing = html.fromstring((await visitor.get("/admin/holidays")).text)
        assert "这一年尚未登记" in nothing.text_content() and "只按周末提示休息日" in nothing.xpath("string(//*[@class='empty-state'])")
        (first,) = nothing.xpath("//*[@class='empty-state']//a/@href")
        assert nothing.get_element_by_id(first.removeprefix("#")).tag == "h2"
        for odd in ("0202699999", "9" * 5000, "²"):
            assert (await visitor.get(f"/admin/holidays?year={odd}")).text.count(">2026<") == 1, odd
        wrong = await visitor.send_form("/admin/holidays", **file(b"day\n"))
        assert wrong.status_code == 422 and "缺少列" in wrong.text
        assert "请选择 CSV 文件" in (await visitor.send_form("/admin/holidays")).text
        pattern = (await visitor.get("/admin/holidays/2026.csv")).content
        assert pattern.endswith(EXAMPLE.read_bytes())
        assert (await visitor.send_form("/admin/holidays", **file(pattern))).headers["location"] == "/admin/holidays?year=2026"
        page = (await visitor.get("/admin/holidays?year=2026")).text
    assert "放假 33 日，周末上班 6 日" in page and "国庆节调休上班" in page and "国务院办公厅" in page and "不改变任何期限" in page


def days_in(feed: bytes) -> list[Any]:
    """The limits of a calendar, which take whole days; meetings have their hours."""
    return [event for event in Calendar.from_ical(feed).walk("VEVENT") if not isinstance(event["dtstart"].dt, datetime)]


async def test_the_calendar_hints_at_a_day_off(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        address = re.search(r"(/calendar/\S+\.ics)", (await visitor.send_form("/account/calendar")).text)
        assert address
        before = days_in((await visitor.get(address[1])).content)
        last = before[0]["dtstart"].dt
        async with office_app.state.hub.work(SYSTEM) as work:
            await holidays.enter(work, [Holiday(last, "off", "示例节", "Example day", "示例依据")])
            await work.commit()
        after = days_in((await visitor.get(address[1])).content)
    hinted = {str(event["uid"]): str(event["description"]) for event in after if "description" in event}
    assert "示例节" in hinted[str(before[0]["uid"])] and "不顺延" in hinted[str(before[0]["uid"])]
    assert {event["dtstart"].dt for event in after if str(event["uid"]) in hinted} <= {last} | {
        event["dtstart"].dt for event in after if event["dtstart"].dt.weekday() >= 5
    }


async def test_settings_say_where_they_come_from_and_no_secret(office_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://hub:very-secret@db.example/hub"
    office_app.state.settings = structs.replace(office_app.state.settings, smtp_password="hush-hush", database_url=url)
    monkeypatch.setenv("STANDARDS_HUB_HOME", "/somewhere")
    async with await visit(office_app, "admin") as visitor:
        page = (await visitor.get("/admin/settings")).text
    assert "hush-hush" not in page and "very-secret" not in page and "hub:***@db.example" in page
    rows = dict(re.findall(r"<code>(STANDARDS_HUB_\w+)</code></td>.*?<td class=\"nowrap\">(.*?)</td>", page, re.DOTALL))
    assert (rows["STANDARDS_HUB_HOME"], rows["STANDARDS_HUB_PORT"], rows["STANDARDS_HUB_TODAY"]) == ("环境变量", "默认值", "启动程序")


async def test_the_log_does_not_lead_to_what_is_no_longer_here(office_app: Litestar) -> None:
    async with office_app.state.hub.work(SYSTEM) as work:
        row = (await work.connection.execute(sa.text("SELECT key, title FROM search_text_entry WHERE kind = 'standard' LIMIT 1"))).one()
        await search.remove(work.connection, "standard", row.key)  # as an import that is undone does
        await work.commit()
    async with await visit(office_app, "admin") as admin:
        tree = html.fromstring((await admin.get(f"/admin/log?stream=standard:{row.key}")).text)
    assert tree.xpath(f"//a[@href='/standards/{row.key}']") == []
    assert "已不在库中" in tree.xpath("string(//main//tbody/tr[1])")
