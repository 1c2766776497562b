"""Signing in as a page: arriving where one was going, an ended session that loses nothing, and the language of one's choice."""

import re

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect

from standards_hub.demo.cast import PASSWORD
from standards_hub.kernel.access.middleware import COOKIE
from tests.support.office import visit


def test_a_wrong_password_is_said_and_the_login_stays(page: Page, office: str) -> None:
    page.goto(f"{office}/sign-in")
    page.get_by_label("登录名").fill("secretary")
    page.get_by_label("密码").fill("not the password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    expect(page.get_by_label("登录名")).to_have_value("secretary")
    expect(page.get_by_label("密码")).to_have_value("")


async def test_what_is_not_filled_in_is_said_at_its_field(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.post("/sign-in", data={"login": " "})
    assert answer.status_code == 422
    assert answer.text.count("请填写</p>") == 2 and '<a href="#login">' in answer.text


@pytest.mark.parametrize(
    "next, there",
    [("/account", "/account"), ("//evil.example", "/overview"), ("https://evil.example", "/overview"), ("/\\evil.example", "/overview")],
)
async def test_one_arrives_where_one_was_going_and_never_at_another_host(office_app: Litestar, next: str, there: str) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.post("/sign-in", data={"login": "secretary", "password": PASSWORD, "next": next})
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    cookie = next_cookie(answer.headers.get_list("set-cookie"))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def next_cookie(cookies: list[str]) -> str:
    return next(cookie for cookie in cookies if cookie.startswith(COOKIE))


async def test_a_page_for_those_signed_in_leads_the_public_to_sign_in_and_back(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        answer = await visitor.get("/metrics?a=1")
        part = await visitor.get("/metrics", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fmetrics%3Fa%3D1")
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in?next=%2Fmetrics")


async def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        ended = await visitor.post("/sign-out", data={"reason": "理由<b>", "x-csrf-token": "old"}, files={"paper": ("a.txt", b"a")})
        assert ended.status_code == 401 and "您填写的内容没有丢失" in ended.text and "所选的文件无法保留" in ended.text
        resume = re.search(r'name="resume" value="([^"]*)"', ended.text)
        assert resume
        kept = resume[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
        wrong = await visitor.post(
            "/sign-in", data={"login": "secretary", "password": "wrong password", "next": "/sign-out", "resume": kept}
        )
        assert "您填写的内容没有丢失" in wrong.text
        back = await visitor.post("/sign-in", data={"login": "secretary", "password": PASSWORD, "next": "/sign-out", "resume": kept})
        assert '<input type="hidden" name="reason" value="理由&lt;b&gt;">' in back.text and 'action="/sign-out"' in back.text
        csrf = re.search(r'name="x-csrf-token" value="(\w+)"', back.text)
        assert csrf
        typed = {"name": "示例：重新登录<b>", "query": "level=local", "resumed": "1", "x-csrf-token": csrf[1]}
        filled = await visitor.post("/standards/views", data=typed)
        assert filled.status_code == 422 and "填写的内容都在，请核对后再提交" in filled.text
        assert "示例：重新登录&lt;b&gt;" in filled.text and "resumed" not in filled.text
        done = await visitor.post("/sign-out", data={"reason": "理由<b>", "x-csrf-token": csrf[1]})
    assert done.status_code == 303


@pytest.mark.parametrize(
    "referer, there",
    [
        ("{hub}/standards?level=local", "/standards?level=local"), ("https://evil.example/a", "/overview"), ("{hub}//evil.example", "/overview"),
        ("", "/overview"), ("http://[", "/overview"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fields", [{}, {"note": "长" * 300_000}], ids=["a mere button", "more than is carried"])
async def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(
    office_app: Litestar, referer: str, there: str, fields: dict[str, str]
) -> None:
    """Its own address takes no GET: who signed in again would see nothing but an error."""
    async with await visit(office_app) as visitor:
        from_page = {"Referer": referer.format(hub=str(visitor.base_url).rstrip("/"))}
        ended = await visitor.post("/account/sessions/end", data={**fields, "x-csrf-token": "old"}, headers=from_page)
    assert ended.status_code == 401 and 'name="resume" value=""' in ended.text
    assert re.findall(r'name="next" value="([^"]*)"', ended.text) == [there]


async def test_nothing_longer_than_what_we_carry_is_sent_back_to_whoever_sent_it(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        sent = {"login": "nobody", "password": "x", "next": "/todo", "resume": '[["note","' + "a" * 2_000_000 + '"]]'}
        answer = await visitor.post("/sign-in", data=sent)
    assert answer.status_code == 401 and len(answer.text) < 50_000


async def test_passwords_are_not_carried_through_signing_in_and_no_cache_keeps_what_is(office_app: Litestar) -> None:
    typed = {"old": "旧密码一二三四五六", "password": "新密码一二三四五六", "again": "新密码一二三四五六"}
    async with await visit(office_app) as visitor:
        ended = await visitor.post("/account/password", data={**typed, "note": "备注", "x-csrf-token": "old"})
    assert "备注" in ended.text and "密码一二三" not in ended.text
    assert ended.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=["new browser", "old browser"])
async def test_another_site_cannot_have_its_form_carried_through_signing_in(office_app: Litestar, said: dict[str, str]) -> None:
    async with await visit(office_app) as visitor:
        del visitor.headers["Sec-Fetch-Site"]
        answer = await visitor.post("/sign-out", data={"reason": "理由"}, headers=said)
    assert answer.status_code == 401 and "理由" not in answer.text


async def test_a_language_once_chosen_stays(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        assert 'lang="zh-CN"' in (await visitor.get("/sign-in")).text
        chosen = await visitor.get("/sign-in?lang=en")
        assert 'lang="en"' in chosen.text and "hub_language=en" in chosen.headers["set-cookie"]
        assert 'lang="en"' in (await visitor.get("/sign-in")).text


async def test_pages_are_compressed_and_files_kept_by_the_browser(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        first = await visitor.get("/")
        assert first.headers["content-encoding"] == "gzip"
        style = re.search(r'href="(/static/hub\.css\?v=\w{10})"', first.text)
        assert style
        answer = await visitor.get(style[1])
    assert "immutable" in answer.headers["cache-control"]
