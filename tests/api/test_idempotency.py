"""A request sent again under its key is not done again."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar

from standards_hub.kernel import idempotency
from standards_hub.kernel.access import repository, service, signing_in
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.access.secrets import csrf_of
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.repository import STANDARD
from tests.api.conftest import PROPOSAL, client_for, token_for

URL = "/api/v1/standards"
TABLE = idempotency.TABLE


async def standards(hub: Hub) -> int:
    async with hub.reading(SYSTEM) as work:
        return int((await work.connection.execute(sa.select(sa.func.count()).select_from(STANDARD))).scalar_one())


async def rows(hub: Hub) -> list[Any]:
    async with hub.reading(SYSTEM) as work:
        return list((await work.connection.execute(sa.select(TABLE))).mappings())


async def set_row(hub: Hub, **values: Any) -> None:
    async with hub.work(SYSTEM) as work:
        await work.connection.execute(sa.update(TABLE).values(**values))
        await work.commit()


async def test_a_repeat_gets_the_first_answer_and_does_nothing(officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "propose-1"}
    first = await officer.post(URL, json=PROPOSAL, headers=key)
    again = await officer.post(URL, json=PROPOSAL, headers=key)
    assert first.status_code == again.status_code == 201, first.text
    assert again.content == first.content and again.headers["etag"] == first.headers["etag"] == '"1"'
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert await standards(hub) == 1


async def test_a_long_answer_that_went_out_packed_is_repeated_as_it_was(officer: httpx.AsyncClient) -> None:
    long = {**PROPOSAL, "facts": {**PROPOSAL.get("facts", {}), "scope": "示例：适用范围。" * 200}}
    headers = {"Idempotency-Key": "propose-long", "Accept-Encoding": "gzip"}
    first = await officer.post(URL, json=long, headers=headers)
    again = await officer.post(URL, json=long, headers=headers)
    assert first.status_code == again.status_code == 201 and first.headers["content-encoding"] == "gzip", first.text
    assert again.json() == first.json() and again.headers["idempotency-replayed"] == "true"


async def test_without_a_key_it_is_done_twice(officer: httpx.AsyncClient, hub: Hub) -> None:
    for _ in range(2):
        done = await officer.post(URL, json={**PROPOSAL, "difference": "示例：试验温度不同"})
        assert done.status_code == 201, done.text
    assert await standards(hub) == 2 and await rows(hub) == []


async def test_another_body_under_the_same_key_is_refused(officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "propose-1"}
    await officer.post(URL, json=PROPOSAL, headers=key)
    other = await officer.post(URL, json={**PROPOSAL, "exemplar": True}, headers=key)
    assert other.status_code == 422 and other.json()["unmet"][0]["where"] == "Idempotency-Key"
    assert other.json()["unmet"][0]["code"] == "idempotency.reused" and await standards(hub) == 1


async def test_keys_of_different_accounts_do_not_meet(app: Litestar, officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "1"}
    await officer.post(URL, json=PROPOSAL, headers=key)
    async with client_for(app, await token_for(hub, "other", "secretary")) as other:
        answer = await other.post(URL, json={**PROPOSAL, "difference": "示例：另一项"}, headers=key)
    assert answer.status_code == 201 and await standards(hub) == 2


async def test_what_was_refused_may_be_mended_and_sent_again(officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "mended"}
    wrong = await officer.post(URL, json={**PROPOSAL, "track": "no-such-track"}, headers=key)
    assert wrong.status_code in (404, 422) and await rows(hub) == []
    assert (await officer.post(URL, json=PROPOSAL, headers=key)).status_code == 201


async def test_a_second_request_while_the_first_one_runs_is_refused(app: Litestar, officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "at-once"}
    answers = await asyncio.gather(*(officer.post(URL, json=PROPOSAL, headers=key) for _ in range(6)))
    codes = sorted(a.status_code for a in answers)
    assert codes[0] == 201 and set(codes) <= {201, 409}, [a.text for a in answers]
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"idempotency-running"}
    assert len({a.content for a in answers if a.status_code == 201}) == 1 and await standards(hub) == 1


@pytest.mark.parametrize("state, leased, expected", [
    ("running", 60, "idempotency-running"),
    ("committed", 60, "idempotency-running"),
    ("committed", -1, "idempotency-done"),
    ("running", -1, None),
])  # fmt: skip
async def test_after_a_crash_the_work_is_done_exactly_once(
    officer: httpx.AsyncClient, hub: Hub, state: str, leased: int, expected: str | None
) -> None:
    """What a killed process leaves behind: its claim before the commit, or the mark that the work made with it."""
    key = {"Idempotency-Key": "crash"}
    await officer.post(URL, json=PROPOSAL, headers=key)
    until = datetime.now(UTC) + timedelta(seconds=leased)
    await set_row(hub, state=state, leased_until=until, status=None, body=None)
    again = await officer.post(URL, json={**PROPOSAL}, headers=key)
    if expected:
        assert again.status_code == 409 and again.json()["code"] == expected
    else:
        # The rules see the twin that this test's first request left; a real crash would have left none.
        assert again.status_code in (201, 409, 422) and not again.json().get("code", "").startswith("idempotency")


async def test_whoever_lost_the_claim_cannot_commit(officer: httpx.AsyncClient, hub: Hub) -> None:
    await officer.post(URL, json=PROPOSAL, headers={"Idempotency-Key": "lost"})
    row = (await rows(hub))[0]
    lost = idempotency.Claim(row["account_id"], row["key"], uuid4())
    async with hub.work(SYSTEM) as work:
        with pytest.raises(idempotency.Conflict):
            await idempotency.mark(work.connection, lost)


async def test_a_secret_is_never_stored(officer: httpx.AsyncClient, hub: Hub) -> None:
    key, body = {"Idempotency-Key": "token"}, {"name": "示例"}
    first = await officer.post("/api/v1/me/tokens", json=body, headers=key)
    assert first.status_code == 201 and (await rows(hub))[0]["body"] is None
    again = await officer.post("/api/v1/me/tokens", json=body, headers=key)
    assert again.status_code == 409 and again.json()["code"] == "idempotency-done"
    assert len((await officer.get("/api/v1/me/tokens")).json()) == 2


async def test_an_upload_is_the_same_whatever_its_boundary(officer: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "upload"}
    answers = [await officer.post("/api/v1/papers/files", files={"data": ("示例.txt", b"content")}, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and answers[1].headers["idempotency-replayed"] == "true"
    assert answers[1].json()["sha256"] == hashlib.sha256(b"content").hexdigest()
    other = await officer.post("/api/v1/papers/files", files={"data": ("示例.txt", b"other")}, headers=key)
    assert other.status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "键".encode().decode("latin-1")])
async def test_a_key_must_be_visible_ascii(officer: httpx.AsyncClient, hub: Hub, key: str) -> None:
    answer = await officer.post(URL, json=PROPOSAL, headers={"Idempotency-Key": key.encode("latin-1")})  # type: ignore[dict-item]
    assert answer.status_code == 422 and answer.json()["unmet"][0]["code"] == "idempotency.key" and await standards(hub) == 0


async def test_the_public_and_other_methods_are_not_remembered(app: Litestar, officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "public"}
    async with client_for(app) as public:
        for _ in range(2):
            assert (await public.post("/api/v1/session", json={"login": "nobody", "password": "x"}, headers=key)).status_code == 401
    assert (await officer.get(URL, headers=key)).status_code == 200
    assert await rows(hub) == []


async def test_who_may_not_do_it_learns_nothing_of_it(app: Litestar, hub: Hub) -> None:
    async with client_for(app, await token_for(hub, "reader", "secretary", scope="read")) as reader:
        assert (await reader.post(URL, json=PROPOSAL, headers={"Idempotency-Key": "k"})).status_code == 403
    assert await rows(hub) == []


async def test_old_keys_are_swept_and_may_be_used_anew(officer: httpx.AsyncClient, hub: Hub) -> None:
    key = {"Idempotency-Key": "old"}
    await officer.post(URL, json=PROPOSAL, headers=key)
    kept = (await rows(hub))[0]["kept_until"] - datetime.now(UTC)
    assert timedelta(days=6) < kept <= timedelta(days=7)
    async with hub.work(SYSTEM) as work:
        await idempotency.sweep(work)
        await work.commit()
    assert len(await rows(hub)) == 1
    await set_row(hub, kept_until=datetime.now(UTC) - timedelta(seconds=1))
    other = {**PROPOSAL, "facts": {"title_zh": "示例 另一项标准"}}
    assert (await officer.post(URL, json=other, headers=key)).status_code == 201 and await standards(hub) == 2
    await set_row(hub, kept_until=datetime.now(UTC) - timedelta(seconds=1))
    async with hub.work(SYSTEM) as work:
        await idempotency.sweep(work)
        await work.commit()
    assert await rows(hub) == []


@pytest.fixture
async def page(app: Litestar, hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who is signed in."""
    await token_for(hub, "reader", "officer")
    async with hub.database.write() as connection:
        account = await repository.account_by_login(connection, "reader")
        session = await signing_in.open_session(connection, account.id, "192.0.2.1", hub.clock.now())
        await connection.commit()
    async with client_for(app, Accept="text/html", Cookie=f"{COOKIE}={session.secret}") as browser:
        yield browser


def form_of(page: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    """The fields of a form as one page shows it."""
    return {"x-csrf-token": csrf_of(page.headers["cookie"].partition("=")[2]), "name": "示例", "query": "level=local", **fields}


async def views(hub: Hub) -> int:
    async with hub.reading(SYSTEM) as work:
        return int((await work.connection.execute(sa.select(sa.func.count()).select_from(sa.table("saved_view")))).scalar_one())


async def send(page: httpx.AsyncClient, fields: dict[str, str], encoding: str) -> httpx.Response:
    given: dict[str, Any] = {"data": fields} if encoding == "plain" else {"files": {name: (None, value) for name, value in fields.items()}}
    return await page.post("/standards/views", **given)


@pytest.mark.parametrize("encoding", ["plain", "with files"])
async def test_a_form_that_is_sent_twice_is_done_once_and_leads_on_twice(page: httpx.AsyncClient, hub: Hub, encoding: str) -> None:
    fields = form_of(page)
    first, again = [await send(page, fields, encoding) for _ in range(2)]
    assert first.status_code == again.status_code == 303, first.text
    assert first.headers["location"] == again.headers["location"] and first.headers["set-cookie"] == again.headers["set-cookie"]
    assert (await views(hub), [row["state"] for row in await rows(hub)]) == (1, ["answered"])


async def test_a_form_that_is_sent_again_while_it_is_done_waits_for_where_it_leads(page: httpx.AsyncClient, hub: Hub) -> None:
    fields = form_of(page)
    answers = await asyncio.gather(*(send(page, fields, "plain") for _ in range(4)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/standards?level=local")}
    assert await views(hub) == 1


@pytest.mark.parametrize("later", ["typed otherwise", "on a new page", "after an hour"])
async def test_what_is_meant_anew_is_done_anew(page: httpx.AsyncClient, hub: Hub, later: str) -> None:
    fields = form_of(page)
    await send(page, fields, "plain")
    if later == "after an hour":
        await set_row(hub, kept_until=datetime.now(UTC))
    anew = {"typed otherwise": {**fields, "query": "level=national"}, "on a new page": form_of(page), "after an hour": fields}[later]
    assert "idempotency-replayed" not in (await send(page, anew, "plain")).headers


async def test_a_form_that_was_refused_is_shown_again_each_time(page: httpx.AsyncClient, hub: Hub) -> None:
    fields = form_of(page, name="")
    assert [(await send(page, fields, "plain")).status_code for _ in range(2)] == [422, 422]
    assert await rows(hub) == []


async def test_who_is_signed_in_signs_in_each_time(page: httpx.AsyncClient, hub: Hub) -> None:
    """The form of it has no value of its own, and an answer without the cookie of the new session would be none."""
    async with hub.work(SYSTEM) as work:
        account = await repository.account_by_login(work.connection, "reader")
        await service.set_password(work, account.id, "a long password")
        await work.commit()
    for _ in range(2):
        session = await signing_in.sign_in(hub, "reader", "a long password", "192.0.2.1")
        given = {"login": "reader", "password": "a long password"}
        answer = await page.post("/sign-in", data=given, headers={"Cookie": f"{COOKIE}={session.secret}"})
        assert answer.status_code == 303 and COOKIE in str(answer.headers.get_list("set-cookie"))
    assert await rows(hub) == []
