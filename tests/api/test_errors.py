"""What is wrong is said once, in both languages, naming the field; browsers get a page; nothing of the inside goes out."""

from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog.testing import capture_logs

from standards_hub.kernel.access import repository
from standards_hub.kernel.sent import MOST_TEXT
from standards_hub.web.errors import of_database
from tests.api.conftest import PROPOSAL, client_for

URL = "/api/v1/standards"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("body, where", [
    (b'{"track": "national-gbt", "facts": {}, "kind": "nothing"}', "kind"),
    (b'{"track": 5, "facts": {}}', "track"),
    (b'{"facts": {}}', "track"),
    (b'{"track": "national-gbt", "facts": {"title_zh": 5}}', "title_zh"),
    (b'{"track": "national-gbt", "facts": {}, "more": 1}', "more"),
])  # fmt: skip
async def test_bad_input_names_the_field(officer: httpx.AsyncClient, body: bytes, where: str) -> None:
    answer = await officer.post(URL, content=body, headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json", problem
    assert problem["message"]["zh"] != problem["message"]["en"] and len(problem["unmet"]) == 1
    assert where in f"{problem['unmet'][0]['where']} {problem['unmet'][0]['en']}", problem


@pytest.mark.parametrize("text", ["\\u0000", "\\u001B", "\\b", "\\f", "\\\\\\u0007", "\\uFFFF", "\\ud800", "\x7f", "\ufffe"])
async def test_characters_that_no_document_can_carry_are_refused(officer: httpx.AsyncClient, text: str) -> None:
    body = f'{{"track": "national-gbt", "facts": {{"title_zh": "示例{text}"}}}}'.encode()
    answer = await officer.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("text", ["\\n", "\\t", "\\\\u0000", "\\\\b", "\\u00e9", "氢", "\\ud83d\\ude00"])
async def test_other_characters_are_taken(officer: httpx.AsyncClient, text: str) -> None:
    body = f'{{"track": "national-gbt", "facts": {{"title_zh": "示例 {text} 一"}}}}'.encode()
    answer = await officer.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("body, kind", [
    (b"[" * 100_000, "application/json"),
    (b'{"login": ' + b"[" * 100_000, "application/json"),
    (b'--x\r\nContent-Disposition: form-data; name="login"\r\nContent-Type: text/plain; charset=nothing\r\n\r\na\r\n--x--\r\n',
     "multipart/form-data; boundary=x"),
])  # fmt: skip
async def test_what_cannot_be_read_at_all_is_bad_input_and_no_mistake_of_ours(app: Litestar, body: bytes, kind: str) -> None:
    async with client_for(app) as visitor:
        answer = await visitor.post("/api/v1/session" if "json" in kind else "/sign-in", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_more_text_than_anybody_sends_is_refused_before_it_is_looked_through(app: Litestar, kind: str) -> None:
    async with client_for(app) as visitor:
        answer = await visitor.post("/api/v1/session", content=b'{"login": "' + b"a" * MOST_TEXT + b'"}', headers={"Content-Type": kind})
    assert answer.status_code == 413, answer.text


@pytest.mark.parametrize("path", [
    "/api/v1/standards?q=%00", "/api/v1/standards/by-number?number=a%1fb", "/api/v1/tracks/%00", "/api/v1/standards?region=%EF%BF%BF",
])  # fmt: skip
async def test_addresses_hold_text_only(officer: httpx.AsyncClient, path: str) -> None:
    answer = await officer.get(path)
    assert answer.status_code == 422 and answer.json()["unmet"][0]["where"] == "url"


@pytest.mark.parametrize("after", ["x", "%ff", "W10", "WyIyMDI2LTAxLTAxIiwgIngiXQ", "bnVsbA", "/w", "WyI5OTk5OS0wMS0wMSIsIjAiXQ"])
async def test_a_place_that_we_did_not_make_is_refused(officer: httpx.AsyncClient, after: str) -> None:
    answer = await officer.get(f"{URL}?after={after}")
    assert answer.status_code == 422 and answer.json()["unmet"][0]["where"] == "after"


async def test_days_at_the_end_of_time_and_huge_figures_are_bad_input(officer: httpx.AsyncClient) -> None:
    for given in (
        {**PROPOSAL, "on": "9999-12-31"},
        {**PROPOSAL, "on": "0001-01-01"},
        {**PROPOSAL, "drafting_units": [{"organisation_id": "00000000-0000-0000-0000-000000000001", "rank": 10**30}]},
        {**PROPOSAL, "drafting_units": [{"organisation_id": "00000000-0000-0000-0000-000000000001", "rank": 2**62}]},
    ):
        answer = await officer.post(URL, json=given)
        assert answer.status_code in (201, 409, 422), answer.text


async def test_a_watch_on_nothing_is_an_error_of_the_caller(officer: httpx.AsyncClient) -> None:
    answer = await officer.put(f"{URL}/00000000-0000-0000-0000-00000000000a/watch")
    assert answer.status_code in (404, 409)


@pytest.mark.parametrize("path, status", [("/nowhere", 404), ("/api/v1/standards?limit=0", 422), ("/api/v1/nothing", 404)])
async def test_a_browser_gets_a_page_that_says_what_to_do(sqlite_app: Litestar, path: str, status: int) -> None:
    async with client_for(sqlite_app) as client:
        with capture_logs() as logs:
            page = await client.get(path, headers={"Accept": BROWSER})
            english = await client.get(path, headers={"Accept": BROWSER, "Accept-Language": "en-GB,en"})
        script = await client.get(path, headers={"Accept": "application/json, text/html;q=0.1"})
    assert page.status_code == english.status_code == script.status_code == status
    assert page.headers["content-type"].startswith("text/html") and "返回首页" in page.text and 'lang="zh-CN"' in page.text
    assert 'lang="en"' in english.text and "To the first page" in english.text
    assert script.headers["content-type"] == "application/problem+json"
    assert len(logs) == 2 and logs[0]["reference"] in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_what_nobody_foresaw_goes_into_the_log_and_only_its_number_goes_out(
    officer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("the secret of the inside")

    monkeypatch.setattr(repository, "listing", broken)
    with capture_logs() as logs:
        answer = await officer.get("/api/v1/accounts")
        page = await officer.get("/api/v1/accounts", headers={"Accept": BROWSER})
    problem = answer.json()
    assert answer.status_code == page.status_code == 500 and answer.headers["content-type"] == "application/problem+json"
    assert logs[0]["event"] == "unforeseen" and logs[0]["reference"] == problem["reference"] and isinstance(logs[0]["exc_info"], KeyError)
    assert problem["reference"] in problem["message"]["zh"] and "secret" not in answer.text + page.text and "Traceback" not in page.text


@pytest.mark.parametrize("error, code", [
    (IntegrityError("", {}, Exception("FOREIGN KEY")), "integrity"),
    (DataError("", {}, Exception("out of range")), "bad-input"),
    (OverflowError("Python int too large to convert to SQLite INTEGER"), "bad-input"),
    (OperationalError("", {}, Exception("database is locked")), "unavailable"),
    (PoolTimeout("no connection came free within 30 s"), "unavailable"),
    (OperationalError("", {}, Exception("no such table: standard")), None),
    (ValueError("ours"), None),
])  # fmt: skip
def test_what_the_database_refuses_is_told_apart_from_our_mistakes(error: Exception, code: str | None) -> None:
    found = of_database(error)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing", "/api/v1/standards/nothing", "/static/nothing.js", "/nothing"])
async def test_an_address_that_is_not_there_is_a_problem_in_both_languages(officer: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = await officer.request(method, path)
        if answer.status_code == 405:
            continue
        problem = answer.json()
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
        assert (problem["code"], problem["message"]) == ("not-found", {"zh": "没有这个地址", "en": "There is no such address"})
        assert problem["detail"] == "没有这个地址" and "unmet" not in problem


@pytest.mark.parametrize("more, where, zh, en", [
    ({"facts": {"title_zh": 5}}, "facts.title_zh", "应为文字，而不是整数", "Must be text, not a whole number"),
    ({"facts": {"ics": ["27.075", 5]}}, "facts.ics[1]", "应为文字", "Must be text"), ({"more": 1}, "more", "没有 more 这个字段", "There is no field more"),
    ({"on": "2026-02-30"}, "on", "应为存在的日期", "Must be a date that exists"), ({"kind": "nothing"}, "kind", "不是可选的值", "none of the possible"),
])  # fmt: skip
async def test_what_is_wrong_with_a_value_is_said_in_both_languages(
    officer: httpx.AsyncClient, more: Any, where: str, zh: str, en: str
) -> None:
    problem = (await officer.post(URL, json={"track": "national-gbt", "facts": {}, **more})).json()
    assert [zh in one["zh"] and en in one["en"] for one in problem["unmet"]] == [True], problem
    assert problem["unmet"][0]["where"] == where


async def test_framework_refusals_are_problems_too(officer: httpx.AsyncClient) -> None:
    wrong_method = await officer.request("DELETE", URL)
    assert wrong_method.status_code == 405 and "GET" in wrong_method.headers["allow"] and wrong_method.json()["code"] == "http-405"
    unreadable = await officer.post(URL, content=b"{", headers={"Content-Type": "application/json"})
    assert unreadable.status_code == 400 and unreadable.json()["type"] == "urn:standards-hub:http-400"
    assert [(one["zh"], one["en"]) for one in unreadable.json()["unmet"]] == [("JSON 不完整", "The JSON ends too early")]
    assert "可用的请求方法：" in wrong_method.json()["unmet"][0]["zh"]
    no_file = await officer.post("/api/v1/papers/files", files={"data": (None, "text")})
    assert no_file.status_code == 422 and no_file.json()["unmet"][0]["code"] == "file"


async def test_an_id_that_nobody_registered_is_bad_input_at_its_field_and_is_not_kept(officer: httpx.AsyncClient) -> None:
    nobody = "00000000-0000-4000-8000-000000000001"
    given = {**PROPOSAL, "facts": {**PROPOSAL["facts"], "committee_id": nobody}, "drafters": [{"person_id": nobody, "rank": 1}]}
    answer = await officer.post(URL, json=given)
    assert answer.status_code == 422
    assert [(one["code"], one["where"]) for one in answer.json()["unmet"]] == [
        ("unregistered", "facts.committee_id"), ("unregistered", "drafters.0.person_id"),
    ]  # fmt: skip
    id = (await officer.post(URL, json=PROPOSAL)).json()["id"]
    edited = await officer.patch(f"{URL}/{id}", json={"committee_id": nobody})
    assert (edited.status_code, [one["where"] for one in edited.json()["unmet"]]) == (422, ["committee_id"])
    assert (await officer.get(f"{URL}/{id}")).json()["standard"]["committee_id"] is None
