"""One's own account in the browser, and a password that is set by a letter."""

import re

import pytest
from litestar import Litestar
from msgspec import structs

from standards_hub.demo.cast import PASSWORD
from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access.middleware import COOKIE
from tests.support.mailbox import Mailbox
from tests.support.office import visit

NEW = "一个崭新的密码呀呀呀"


async def test_the_page_says_who_one_is_in_words(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        page = (await visitor.get("/account")).text
    assert "秘书处人员" in page and "江苏省石墨烯标准化技术委员会" in page and "本次" in page
    async with await visit(office_app) as public:
        assert (await public.get("/account")).headers["location"] == "/sign-in?next=%2Faccount"


async def test_not_a_word_is_left_in_chinese(office_app: Litestar) -> None:
    async with await visit(office_app, "admin", "en") as visitor:
        pages = [
            (await visitor.get(f"{path}?lang=en")).text for path in ("/account", "/forgotten", "/reset/nothing", "/invitation/nothing")
        ]
    for page in pages:
        text = re.sub(r"<[^>]*>", " ", page.split("<main")[1]).replace("系统管理员（示例）", "")
        assert not re.findall(r"[\u4e00-\u9fff]+", text)


async def test_name_address_and_language_are_changed_and_what_is_wrong_is_said(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        wrong = await visitor.send_form("/account/profile", {"name": " ", "email": "nobody", "language": "en"})
        assert (
            wrong.status_code == 422 and "请填写名称" in wrong.text and "电子邮箱格式有误" in wrong.text and 'value="nobody"' in wrong.text
        )
        done = await visitor.send_form("/account/profile", {"name": "示例改名", "email": "", "language": "en"})
        assert done.status_code == 303 and "hub_language=en" in "".join(done.headers.get_list("set-cookie"))
        page = (await visitor.get("/account")).text
    assert 'lang="en"' in page and 'value="示例改名"' in page and "no address yet" in page


async def test_notices_are_chosen(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        chosen = {"choices[limit]": "daily", "choices[turn]": "now", "choices[watched]": "none"}
        assert (await visitor.send_form("/account/notices", chosen)).status_code == 303
        page = (await visitor.get("/account")).text
        assert (await visitor.send_form("/account/notices", {"choices[limit]": "hourly"})).status_code == 422
    for kind, choice in (("limit", "daily"), ("turn", "now"), ("watched", "none")):
        assert re.search(rf'name="choices\[{kind}\]" value="{choice}" checked', page)


async def test_a_password_is_changed_and_other_browsers_are_signed_out(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor, await visit(office_app, "secretary") as other:
        for fields, said in (
            ({"old": "not the password", "password": NEW, "again": NEW}, "原密码不正确"),
            ({"old": PASSWORD, "password": NEW, "again": NEW + "x"}, "两次输入的密码不一致"),
            ({"old": PASSWORD, "password": "short", "again": "short"}, "密码至少"),
        ):
            wrong = await visitor.send_form("/account/password", fields)
            assert wrong.status_code == 422 and said in wrong.text and fields["password"] not in wrong.text
        assert (await visitor.send_form("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})).status_code == 303
        assert (await visitor.get("/account")).status_code == 200
        assert (await other.get("/account")).status_code == 303


async def test_a_token_is_shown_once_works_and_is_revoked(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        wrong = await visitor.send_form("/account/tokens", {"token[name]": "", "token[scope]": "read", "token[days]": "9999"})
        assert wrong.status_code == 422 and 'value="9999"' in wrong.text
        issued = await visitor.send_form("/account/tokens", {"token[name]": "示例脚本", "token[scope]": "read", "token[days]": ""})
        secret = re.search(r"<code class=\"secret\">(shub_\S+)</code>", issued.text)
        assert secret and issued.headers["cache-control"] == "no-store"
        page = (await visitor.get("/account")).text
        assert secret[1] not in page and "示例脚本" in page and "不限" in page
        async with await visit(office_app) as script:
            given = {"Authorization": f"Bearer {secret[1]}", "Accept": "application/json"}
            assert (await script.get("/api/v1/me", headers=given)).json()["account"]["login"] == "secretary"
            revoke = re.search(r'action="(/account/tokens/[^"]+/revoke)"', page)
            assert revoke and (await visitor.send_form(revoke[1])).status_code == 303
            assert (await script.get("/api/v1/me", headers=given)).status_code == 401
        assert (await visitor.send_form(revoke[1])).status_code == 404


async def test_a_new_calendar_address_is_shown_once_and_ends_the_former(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        first, second = [
            re.search(r"http://hub\.test(/calendar/\S+\.ics)", (await visitor.send_form("/account/calendar")).text) for _ in range(2)
        ]
        assert first and second
        assert (await visitor.get(first[1])).status_code == 404
        assert (await visitor.get(second[1])).status_code == 200
        assert second[1] not in (await visitor.get("/account")).text


async def test_other_sessions_are_ended_one_or_all(office_app: Litestar) -> None:
    async with await visit(office_app, "lab") as visitor, await visit(office_app, "lab") as second, await visit(office_app, "lab") as third:
        page = (await visitor.get("/account")).text
        one = re.findall(r'action="(/account/sessions/\w{16}/end)"', page)
        assert len(one) == 2
        assert (await visitor.send_form(one[0])).status_code == 303
        states = sorted([(await other.get("/account")).status_code for other in (second, third)])
        assert states == [200, 303]
        assert (await visitor.send_form("/account/sessions/end")).status_code == 303
        assert [(await v.get("/account")).status_code for v in (visitor, second, third)] == [200, 303, 303]


async def test_a_form_without_the_value_of_the_session_changes_nothing(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        visitor.csrf = "0" * 64
        assert (await visitor.send_form("/account/sessions/end")).status_code == 403


@pytest.mark.parametrize("who", ["secretary", "secretary@example.org", "nobody"])
async def test_a_forgotten_password_is_answered_alike_for_everybody(office_app: Litestar, who: str) -> None:
    office_app.state.settings = structs.replace(office_app.state.settings, smtp_host="mail.example.org")
    async with await visit(office_app) as visitor:
        assert "/forgotten" in (await visitor.get("/sign-in")).text
        asked = await visitor.post("/forgotten", data={"who": who})
        blank = await visitor.post("/forgotten", data={"who": " "})
    assert asked.status_code == 200 and "如果有这个账号" in asked.text and who not in asked.text.split("<main")[1]
    assert blank.status_code == 422 and "请填写" in blank.text


async def test_where_no_letter_can_leave_a_forgotten_password_is_for_the_administrator(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        shown = await visitor.get("/forgotten")
        asked = await visitor.post("/forgotten", data={"who": "secretary"})
    for answer in (shown, asked):
        assert "请联系系统管理员" in answer.text and "已寄往" not in answer.text and 'name="who"' not in answer.text


async def test_the_link_of_a_letter_leads_to_a_new_password_once(office_app: Litestar, mailbox: Mailbox) -> None:
    async with await visit(office_app) as visitor:
        await visitor.post("/forgotten", data={"who": "secretary"})
        assert (await jobs.drain(office_app.state.hub, mail.Smtp(mailbox.host, mailbox.port))).errors == []
        link = re.search(r"http://\S+(/reset/\S+)", mailbox.messages[-1].get_content())
        assert link
        for _ in range(2):  # a mail program may have opened it before
            page = await visitor.get(link[1])
            assert "您的登录名是 secretary" in page.text and page.headers["referrer-policy"] == "no-referrer"
        wrong = await visitor.post(link[1], data={"password": NEW, "again": "x"})
        assert wrong.status_code == 422 and "两次输入的密码不一致" in wrong.text
        done = await visitor.post(link[1], data={"password": NEW, "again": NEW})
        assert done.headers["location"] == "/overview" and any(COOKIE in c for c in done.headers.get_list("set-cookie"))
        assert (await visitor.get("/account")).status_code == 200
        again = await visitor.post(link[1], data={"password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 404 and "链接无效" in again.text and "/forgotten" in again.text
