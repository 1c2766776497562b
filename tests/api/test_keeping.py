"""Keeping the hub and one's own account by the API: the same acts as the pages."""

import httpx
import pytest
from litestar import Litestar

from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access import signing_in
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.work import Hub
from tests.api.conftest import client_for
from tests.support.mailbox import Mailbox

NEW = "一个崭新的密码呀呀呀"
INVITATION = {"login": "new", "name": "示例新人", "email": "new@example.org", "grants": [{"role": "officer"}]}


async def test_an_invitation_opens_the_account_and_its_letter_sets_the_password(app: Litestar, officer: httpx.AsyncClient) -> None:
    made = await officer.post("/api/v1/invitations", json=INVITATION)
    assert made.status_code == 201 and not made.json()["mailed"]
    account, link = made.json()["account"], made.json()["link"]
    assert [grant["role"] for grant in account["grants"]] == ["officer"]
    again = (await officer.post(f"/api/v1/accounts/{account['id']}/invitation")).json()
    async with client_for(app) as public:
        for of, status in ((link, 404), (again["link"], 201), (again["link"], 404)):
            given = {"secret": of.rpartition("/")[2], "password": NEW}
            answer = await public.post("/api/v1/letters/invitation", json=given)
            assert answer.status_code == status, answer.text
            public.cookies.clear()
    assert (await officer.post(f"/api/v1/accounts/{account['id']}/invitation")).status_code == 409
    refused = await officer.post("/api/v1/invitations", json={**INVITATION, "login": "other", "grants": [{"role": "king"}]})
    assert refused.status_code == 422
    assert (await officer.get("/api/v1/accounts", params={"q": "other"})).json()["items"] == []


async def test_a_forgotten_password_is_asked_for_and_set(app: Litestar, hub: Hub, officer: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await officer.patch("/api/v1/me", json={"email": "officer@example.org"})
    async with client_for(app) as public:
        answers = [await public.post("/api/v1/letters/forgotten", json={"who": who}) for who in ("officer", "nobody")]
        assert [(a.status_code, a.content) for a in answers] == [(202, answers[0].content)] * 2
        assert (await jobs.drain(hub, mail.Smtp(mailbox.host, mailbox.port))).errors == []
        secret = mailbox.messages[0].get_content().split("/reset/")[1].split()[0]
        done = await public.post("/api/v1/letters/reset", json={"secret": secret, "password": NEW})
        assert done.status_code == 201 and COOKIE in done.cookies
        for _ in range(3):
            last = await public.post("/api/v1/letters/forgotten", json={"who": "officer"})
        assert last.status_code == 429 and last.json()["code"] == "too-many-logins"


async def test_one_sees_and_ends_ones_sessions(app: Litestar, hub: Hub, officer: httpx.AsyncClient) -> None:
    id = (await officer.get("/api/v1/me")).json()["account"]["id"]
    await officer.put(f"/api/v1/accounts/{id}/password", json={"password": NEW})
    own, other = [await signing_in.sign_in(hub, "officer", NEW, "192.0.2.1") for _ in range(2)]
    async with client_for(app, Cookie=f"{COOKIE}={own.secret}", **{"X-CSRF-Token": own.csrf}) as browser:
        listed = (await browser.get("/api/v1/me/sessions")).json()
        assert sorted(session["own"] for session in listed) == [False, True] and other.secret not in str(listed)
        theirs = next(session["id"] for session in listed if not session["own"])
        assert (await browser.delete(f"/api/v1/me/sessions/{theirs}")).status_code == 204
        assert (await browser.delete(f"/api/v1/me/sessions/{theirs}")).status_code == 404
        await signing_in.sign_in(hub, "officer", NEW, "192.0.2.1")
        assert (await browser.delete("/api/v1/me/sessions")).status_code == 204
        assert [session["own"] for session in (await browser.get("/api/v1/me/sessions")).json()] == [True]


async def test_notices_are_chosen(officer: httpx.AsyncClient) -> None:
    assert set((await officer.get("/api/v1/me/notices")).json().values()) == {"now"}
    chosen = await officer.put("/api/v1/me/notices", json={"choices": {"watched": "daily"}})
    assert chosen.json()["watched"] == "daily" and (await officer.get("/api/v1/me/notices")).json() == chosen.json()
    assert (await officer.put("/api/v1/me/notices", json={"choices": {"nonsense": "now"}})).status_code == 422


async def test_holidays_are_entered_and_read(officer: httpx.AsyncClient) -> None:
    day = {"day": "2026-10-01", "kind": "off", "name_zh": "国庆节", "name_en": "National Day", "source": "示例依据", "verified": False}
    assert (await officer.put("/api/v1/holidays", json={"days": [day]})).status_code == 204
    assert (await officer.get("/api/v1/holidays", params={"year": 2026})).json() == [day]
    assert (await officer.put("/api/v1/holidays", json={"days": [day, day]})).status_code == 422


async def test_a_proof_is_asked_for_and_read(hub: Hub, officer: httpx.AsyncClient) -> None:
    asked = await officer.post("/api/v1/audit/proofs")
    assert asked.status_code == 202 and asked.json()["result"] is None
    assert (await jobs.drain(hub)).errors == []
    proof = (await officer.get(f"/api/v1/audit/proofs/{asked.json()['id']}")).json()
    assert proof["result"]["sound"] and proof == (await officer.get("/api/v1/audit/proofs")).json()[0]


async def test_settings_are_read_and_never_a_secret(app: Litestar, officer: httpx.AsyncClient) -> None:
    state = (await officer.get("/api/v1/settings")).json()
    shown = {one["variable"]: one for one in state["settings"]}
    assert shown["STANDARDS_HUB_JOBS"] == {"variable": "STANDARDS_HUB_JOBS", "value": "0", "origin": "program"}
    assert state["engine"].split()[0] in ("SQLite", "PostgreSQL") and state["database_bytes"] > 0 < state["disk_free_bytes"]


@pytest.mark.parametrize("path, table", [("jobs", "job"), ("mails", "outbox")])
async def test_lists_of_the_background_go_on_behind_a_row(hub: Hub, officer: httpx.AsyncClient, path: str, table: str) -> None:
    async with hub.work(SYSTEM) as work:
        for number in range(5):
            await mail.enqueue(work, "a@example.org", str(number), "示例", f"{table}:{number}")
        await work.commit()
    whole = [item["id"] for item in (await officer.get(f"/api/v1/{path}")).json()]
    seen: list[str] = []
    while len(seen) < 20:
        page = (await officer.get(f"/api/v1/{path}", params={"limit": 2, **({"after": seen[-1]} if seen else {})})).json()
        if not page:
            break
        seen += [item["id"] for item in page]
    assert seen == whole and len(whole) == 5


async def test_a_mail_that_was_kept_is_sent_once_there_is_a_server(hub: Hub, officer: httpx.AsyncClient, mailbox: Mailbox) -> None:
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, "a@example.org", "示例", "示例正文", "kept")
        await work.commit()
    await jobs.drain(hub)
    id = (await officer.get("/api/v1/mails")).json()[0]["id"]
    assert (await officer.post(f"/api/v1/mails/{id}/send")).status_code == 204
    assert (await officer.post(f"/api/v1/mails/{id}/send")).status_code == 409
    await jobs.drain(hub, mail.Smtp(mailbox.host, mailbox.port))
    assert [message["Subject"] for message in mailbox.messages] == ["示例"]
