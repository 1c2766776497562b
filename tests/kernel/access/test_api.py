"""The JSON doors of access, as a browser and a script use them."""

from collections.abc import AsyncGenerator, AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response, Router, get, post
from litestar.di import Provide
from litestar.testing import RequestFactory

from standards_hub.kernel.access import service
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.access.controllers import CONTROLLERS
from standards_hub.kernel.access.middleware import COOKIE, Authentication, from_elsewhere, permitted
from standards_hub.kernel.access.secrets import csrf_matches
from standards_hub.kernel.access.values import Account, NewToken
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.work import Hub, Work
from tests.kernel.access.conftest import PASSWORD, Hands, open_account

SIGN_IN = {"login": "root", "password": PASSWORD}


async def _work(request: Request[Any, Any, Any]) -> AsyncGenerator[Work, None]:
    async with request.app.state.hub.work(request.scope["actor"]) as work:
        yield work
        await work.commit()


async def _reading(request: Request[Any, Any, Any]) -> AsyncGenerator[Work, None]:
    async with request.app.state.hub.reading(request.scope["actor"]) as work:
        yield work


async def _actor(request: Request[Any, Any, Any]) -> Actor:
    return request.scope["actor"]  # type: ignore[typeddict-item, no-any-return]


def _problem(request: Request[Any, Any, Any], error: HubError) -> Response[Any]:
    return problem_response(request, error)


@get("/forgotten")
async def forgotten() -> str:
    return "open"


@get("/misspelt", opt={"permission": "acount.self"})
async def misspelt() -> str:
    return "open"


@post("/form", opt={"permission": "account.self"})
async def form(request: Request[Any, Any, Any]) -> str:
    return str((await request.form()).get("text"))


@pytest.fixture
async def client(hub: Hub, root: Account) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        [Router("/api/v1", route_handlers=[*CONTROLLERS, forgotten, misspelt, form])],
        dependencies={"work": Provide(_work), "reading": Provide(_reading), "actor": Provide(_actor)},
        middleware=[Authentication], guards=[permitted], exception_handlers={HubError: _problem}, openapi_config=None,
    )  # fmt: skip
    app.state.hub = hub
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test/api/v1") as client:
        yield client


async def sign_in(client: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    """The headers that changes need after signing in."""
    answer = await client.post("/session", json={**SIGN_IN, **fields})
    assert answer.status_code == 201, answer.text
    return {"x-csrf-token": answer.json()["csrf"]}


async def token(hub: Hub, account: Account, scope: str) -> dict[str, str]:
    async with hub.work(SYSTEM) as work:
        _, raw = await service.issue_token(work, NewToken(name="脚本", scope=scope), account.id)
        await work.commit()
    return {"authorization": f"Bearer {raw}"}


async def test_a_browser_signs_in_looks_at_itself_and_leaves(client: httpx.AsyncClient) -> None:
    headers = await sign_in(client)
    me = await client.get("/me")
    assert me.status_code == 200 and me.json()["account"]["login"] == "root"
    assert csrf_matches(client.cookies[COOKIE], me.json()["csrf"])
    assert "account.manage" in me.json()["permissions"] and "standard.waive" not in me.json()["permissions"]
    assert (await client.delete("/session", headers=headers)).status_code == 204
    assert (await client.get("/me")).status_code == 401


async def test_the_cookie_is_out_of_reach(client: httpx.AsyncClient) -> None:
    plain = (await client.post("/session", json=SIGN_IN)).headers["set-cookie"]
    secure = (await client.post("https://hub.test/api/v1/session", json=SIGN_IN)).headers["set-cookie"]
    for cookie in (plain, secure):
        assert (
            cookie.startswith("hub_session=")
            and "httponly" in cookie.lower()
            and "samesite=lax" in cookie.lower()
            and "path=/" in cookie.lower()
        )
        assert "domain" not in cookie.lower()
    assert "secure" not in plain.lower() and "secure" in secure.lower()


async def test_a_wrong_password_is_401_and_then_429_with_the_time(client: httpx.AsyncClient, clock: Hands) -> None:
    answers = [await client.post("/session", json={**SIGN_IN, "password": "wrong"}) for _ in range(9)]
    assert [a.status_code for a in answers] == [401] * 8 + [429]
    assert answers[0].json()["code"] == "wrong-password" and "set-cookie" not in answers[0].headers
    assert "10:15:00" in answers[-1].json()["detail"]
    assert answers[-1].headers["retry-after"] == "900"


@pytest.mark.parametrize("method, path", [("POST", "/me/tokens"), ("PATCH", "/me"), ("DELETE", "/session"), ("POST", "/accounts")])
async def test_a_change_by_cookie_needs_the_csrf_value(client: httpx.AsyncClient, method: str, path: str) -> None:
    body = {"name": "x", "login": "new-one"} if path == "/accounts" else {"name": "x"} if path != "/session" else None
    good = await sign_in(client)
    for bad in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "0" * 64}):
        answer = await client.request(method, path, json=body, headers=bad)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert (await client.request(method, path, json=body, headers=good)).is_success


async def test_a_form_may_carry_the_csrf_value_as_a_field(client: httpx.AsyncClient) -> None:
    value = (await sign_in(client))["x-csrf-token"]
    assert (await client.post("/form", data={"text": "甲", "x-csrf-token": value})).text == "甲"
    assert (await client.post("/form", files={"x-csrf-token": (None, value), "text": (None, "乙")})).text == "乙"
    assert (await client.post("/form", data={"text": "甲"})).json()["code"] == "csrf"
    assert (await client.post("/form", files={"x-csrf-token": ("a.txt", value), "text": (None, "乙")})).status_code == 403


async def test_another_site_cannot_sign_a_visitor_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/session", json=SIGN_IN, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


@pytest.mark.parametrize(
    "origin, status",
    [
        ("http://hub.test", 201), ("https://hub.test:8443", 201), ("https://evil.example", 403), ("null", 403), ("http://hub.test.evil.example", 403),
        ("http://[", 403), (None, 201),
    ],
)  # fmt: skip
async def test_where_the_browser_does_not_say_whose_page_it_was_its_origin_tells(
    client: httpx.AsyncClient, origin: str | None, status: int
) -> None:
    headers = {"origin": origin} if origin else {}
    assert (await client.post("/session", json=SIGN_IN, headers=headers)).status_code == status
    assert (await client.get("/me", headers=headers)).status_code in (200, 401)
    said = await client.post("/session", json=SIGN_IN, headers={**headers, "sec-fetch-site": "same-origin"})
    assert said.status_code == 201


@pytest.mark.parametrize("public_url, foreign", [("https://hub.example", False), ("https://other.example", True), ("", True)])
def test_a_hub_behind_a_proxy_knows_its_pages_by_the_address_that_is_set(public_url: str, foreign: bool) -> None:
    app = Litestar([])
    app.state.settings = SimpleNamespace(public_url=public_url)
    headers = {"host": "10.0.0.7:8000", "origin": "https://hub.example"}
    assert from_elsewhere(RequestFactory(app).post("/", headers=headers)) is foreign


async def test_signing_in_again_ends_the_former_session(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    former = client.cookies["hub_session"]
    await sign_in(client)
    assert client.cookies["hub_session"] != former and (await client.get("/me")).status_code == 200
    client.cookies.set("hub_session", former, domain="hub.test", path="/")
    assert (await client.get("/me")).status_code == 401


async def test_a_token_needs_no_csrf_and_keeps_to_its_scope(client: httpx.AsyncClient, hub: Hub, root: Account) -> None:
    reads, writes = await token(hub, root, "read"), await token(hub, root, "write")
    assert (await client.get("/accounts", headers=reads)).status_code == 200
    refused = await client.patch("/me", json={"name": "新"}, headers=reads)
    assert (refused.status_code, refused.json()["code"]) == (403, "read-only-token")
    assert (await client.patch("/me", json={"name": "新"}, headers=writes)).json()["name"] == "新"
    assert (await client.get("/me", headers=reads)).json()["csrf"] is None


async def test_a_wrong_token_is_refused_and_a_session_is_no_token(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    secret = client.cookies["hub_session"]
    for value in ("Bearer shub_wrong", f"Bearer {secret}", "Bearer ", "Bearer " + "x" * 5000):
        answer = await client.get("/me", headers={"authorization": value})
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-token")


async def test_a_token_in_the_cookie_is_nobody(client: httpx.AsyncClient, hub: Hub, root: Account) -> None:
    raw = (await token(hub, root, "write"))["authorization"].partition(" ")[2]
    assert (await client.get("/me", headers={"authorization": f"Bearer {raw}"})).status_code == 200
    client.cookies.set("hub_session", raw)
    assert (await client.get("/me")).status_code == 401


@pytest.mark.parametrize("path", ["/forgotten", "/misspelt"])
async def test_a_route_without_a_known_permission_is_closed_to_all(client: httpx.AsyncClient, path: str) -> None:
    await sign_in(client)
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "no-permission")


async def test_the_last_use_is_recorded_now_and_then(client: httpx.AsyncClient, hub: Hub, root: Account, clock: Hands) -> None:
    headers = await token(hub, root, "read")
    seen = []
    for _ in range(4):
        await client.get("/me", headers=headers)
        seen.append((await client.get("/me/tokens", headers=headers)).json()[0]["last_used"])
        clock.turn(minutes=3)
    assert seen[0] is not None and seen[0] == seen[1] != seen[2] == seen[3]


async def test_an_administrator_opens_an_account_and_gives_it_a_role(client: httpx.AsyncClient) -> None:
    headers = await sign_in(client)
    opened = await client.post("/accounts", json={"login": "New.One", "name": "示例", "password": PASSWORD}, headers=headers)
    assert opened.status_code == 201 and opened.json()["login"] == "new.one"
    path = f"/accounts/{opened.json()['id']}"
    granted = await client.post(f"{path}/grants", json={"role": "officer"}, headers=headers)
    assert granted.status_code == 201 and granted.json()["role_name"]["zh"] == "科技主管部门人员"
    read = await client.get(path)
    assert [g["role"] for g in read.json()["grants"]] == ["officer"]
    changed = await client.patch(path, json={"active": False}, headers={**headers, "if-match": read.headers["etag"]})
    assert changed.status_code == 200 and changed.json()["active"] is False
    stale = await client.patch(path, json={"name": "x"}, headers={**headers, "if-match": read.headers["etag"]})
    assert stale.status_code == 412
    assert (await client.delete(f"{path}/grants/{granted.json()['id']}", headers=headers)).status_code == 204
    assert (await client.get(path)).json()["grants"] == []


async def test_accounts_come_in_pages(client: httpx.AsyncClient, hub: Hub) -> None:
    for login in ("aa", "bb", "cc"):
        await open_account(hub, login, password=None)
    await sign_in(client)
    logins, after = [], None
    while True:
        page = (await client.get("/accounts", params={"limit": 2, **({"after": after} if after else {})})).json()
        logins.append([account["login"] for account in page["items"]])
        if (after := page["next"]) is None:
            break
    assert logins == [["aa", "bb"], ["cc", "root"]]


async def test_the_answers_never_hold_a_hash(client: httpx.AsyncClient) -> None:
    headers = await sign_in(client)
    issued = await client.post("/me/tokens", json={"name": "脚本"}, headers=headers)
    raw = issued.json()["secret"]
    listed = await client.get("/me/tokens")
    assert raw.startswith("shub_") and raw not in listed.text and "hash" not in issued.text + listed.text
    assert issued.headers["cache-control"] == "no-store"
    assert (await client.delete(f"/me/tokens/{issued.json()['token']['id']}", headers=headers)).status_code == 204
    assert (await client.get("/me", headers={"authorization": f"Bearer {raw}"})).status_code == 401


async def test_a_new_password_keeps_this_session(client: httpx.AsyncClient) -> None:
    headers = await sign_in(client)
    assert (await client.post("/me/password", json={"old": "wrong", "new": "a new password"}, headers=headers)).status_code == 422
    assert (await client.post("/me/password", json={"old": PASSWORD, "new": "a new password"}, headers=headers)).status_code == 204
    assert (await client.get("/me")).status_code == 200
    await sign_in(client, password="a new password")


async def test_the_table_of_permissions_tells_what_is_mine(client: httpx.AsyncClient) -> None:
    public = {row["permission"]: row for row in (await client.get("/permissions")).json()}
    assert public["search"]["mine"] and not public["account.manage"]["mine"]
    await sign_in(client)
    mine = {row["permission"]: row["mine"] for row in (await client.get("/permissions")).json()}
    assert mine["account.manage"] and not mine["standard.waive"]


@pytest.mark.parametrize("role", ["officer", "secretary", "member", None])
async def test_each_route_asks_for_its_permission(client: httpx.AsyncClient, hub: Hub, role: str | None) -> None:
    await open_account(hub, "somebody", *([role] if role else []))
    public = await client.get("/accounts")
    await sign_in(client, login="somebody")
    answer = await client.get("/accounts")
    assert (public.status_code, answer.status_code) == (401, 403)
    assert "系统管理员" in answer.json()["detail"]
