"""Every page in each of its states: signed out, not permitted, not there, wrongly filled in, sent too late, after the end of the session.

The pages and their forms are those of the furnished office, so a new page is walked without being named here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from litestar import Litestar
from lxml import html
from msgspec import Struct

from standards_hub.kernel.access.middleware import CSRF_NAME
from standards_hub.kernel.access.secrets import csrf_matches
from standards_hub.web.headers import POLICY
from tests.support.furnished import HOSTILE, Furnished, Sample, furnished, signed_in
from tests.support.office import Visitor
from tests.web.crawling import DIGEST
from tests.web.crawling import UUID as ID

OPEN = ("/sign-in", "/forgotten", "/reset/", "/invitation/")
"""Where nobody is signed in yet: no session whose token a form could carry."""
REFERENCE = re.compile(r"编号 [0-9A-F]{8}")
FRAMED = f"{POLICY}; frame-src 'self'"


class Sent(Struct):
    """A form that changes something: where it stands and what it holds."""

    sample: Sample
    action: str
    fields: dict[str, Any]
    required: list[str]
    multipart: bool

    @property
    def pattern(self) -> tuple[str, ...]:
        return ID.sub("*", self.action), *sorted(self.fields)

    async def send(self, visitor: Visitor, **changes: object) -> Any:
        fields = {**self.fields, **changes}
        given = {name: value for name, value in fields.items() if value is not None}
        return await visitor.post(self.action, data=given, files={"nothing": ("", b"")} if self.multipart else None)


def forms(there: Furnished) -> list[Sent]:
    """One of each form of all pages."""
    found: dict[tuple[str, ...], Sent] = {}
    for sample in there.pages:
        for form in sample.tree.xpath("//form[@method='post']"):
            fields: dict[str, Any] = {}
            for name, value in form.form_values():
                fields[name] = [*fields.get(name, []), value] if name.endswith("[]") else value
            required = [str(name) for name in form.xpath(".//*[@required][not(self::select)]/@name")]
            sent = Sent(sample, form.get("action") or sample.path, fields, required, form.get("enctype") == "multipart/form-data")
            found.setdefault(sent.pattern, sent)
    return list(found.values())


def shown(answer: Any) -> html.HtmlElement:
    """The main part of an answer, which has to be a page."""
    assert answer.headers["content-type"].startswith("text/html") and "<html" in answer.text, answer.text[:300]
    return html.fromstring(answer.text).xpath("//main")[0]


pytestmark = pytest.mark.usefixtures("untraced")


@pytest.fixture
def there() -> Iterator[Furnished]:
    yield furnished()


async def test_the_public_is_shown_a_page_or_led_to_sign_in_and_back(furnished_app: Litestar, there: Furnished) -> None:
    closed = 0
    async with signed_in(furnished_app, None) as public:
        for sample in there.pages:
            answer = await public.get(sample.path)
            if answer.status_code == 303 and "/sign-in?" in answer.headers["location"]:
                assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == [sample.path]
                closed += 1
            else:
                assert answer.status_code in (200, 404) and len(shown(answer).xpath(".//h1")) <= 1, sample.path
    assert closed > 80


@pytest.mark.parametrize("login", ["lab", "member"])
async def test_who_may_not_is_told_who_may_and_under_which_number_the_hub_knows_it(
    furnished_app: Litestar, there: Furnished, login: str
) -> None:
    refused = 0
    async with signed_in(furnished_app, login) as visitor:
        for sample in there.pages:
            answer = await visitor.get(sample.path)
            if answer.status_code == 403:
                words = shown(answer).text_content()
                led_on = REFERENCE.search(words) or shown(answer).xpath(".//a[contains(@href, '/acts')]")
                assert "可由" in words and led_on, (sample.path, " ".join(words.split()))
                refused += 1
            else:
                assert answer.status_code in (200, 303, 307, 404), (sample.path, answer.status_code)
    assert refused > 50


async def test_what_is_not_there_is_a_page_that_says_so(furnished_app: Litestar, there: Furnished) -> None:
    asked = 0
    for sample in there.pages:
        path = ID.sub(str(UUID(int=5)), DIGEST.sub("0" * 64, sample.path))
        if path != sample.path:
            async with signed_in(furnished_app, sample.login) as visitor:
                answer = await visitor.get(path)
            main = shown(answer)
            assert answer.status_code == 404 and REFERENCE.search(main.text_content()) and main.xpath(".//a[@href='/']"), path
            asked += 1
    assert asked > 50


async def test_each_form_carries_the_value_of_its_session_and_is_refused_without(furnished_app: Litestar, there: Furnished) -> None:
    every = forms(there)
    for form in every:
        if form.action.startswith(OPEN):
            continue
        assert csrf_matches(there.sessions[str(form.sample.login)], str(form.fields[CSRF_NAME])), (form.sample.path, form.action)
        async with signed_in(furnished_app, form.sample.login) as visitor:
            answer = await form.send(visitor, **{CSRF_NAME: "0" * 64})
        assert answer.status_code == 403 and "页面已过期，请刷新后重试" in shown(answer).text_content(), form.action
    assert len(every) > 80


async def test_a_form_that_comes_after_the_end_of_its_session_is_kept_through_signing_in(furnished_app: Litestar, there: Furnished) -> None:
    async with signed_in(furnished_app, None) as public:
        for form in forms(there):
            if form.action.startswith(OPEN) or form.sample.route == "/enquiries/{id}":  # which need no account
                continue
            answer = await form.send(public, typed="“示例”<b>")
            kept = shown(answer).xpath(".//input[@name='resume']/@value")
            assert answer.status_code == 401 and ["typed", "“示例”<b>"] in json.loads(kept[0]), form.action
            assert shown(answer).xpath(".//input[@name='next']/@value") == [form.action], form.action


async def test_a_form_without_what_it_needs_comes_back_with_the_mend_at_the_field(furnished_app: Litestar, there: Furnished) -> None:
    sent = 0
    for form in forms(there):
        if not form.required or form.action.endswith("/preview") or form.action == "/reports":  # without a day it counts up to today
            continue
        async with signed_in(furnished_app, form.sample.login) as visitor:
            answer = await form.send(visitor, **dict.fromkeys(form.required, ""))
        main = shown(answer)
        assert answer.status_code in (401, 404, 409, 422), (form.action, answer.status_code)
        alerts = [" ".join(one.text_content().split()) for one in main.xpath(".//*[@role='alert']")]
        assert alerts and main.xpath(".//form[@method='post']"), (form.action, answer.status_code)
        sent += 1
    assert sent > 40


async def test_a_change_that_comes_too_late_shows_it_and_loses_nothing_typed(furnished_app: Litestar, there: Furnished) -> None:
    sent = 0
    for form in forms(there):
        if form.fields.get("version", "0") == "0" or form.action.endswith(
            ("/preview", "/comments")
        ):  # comments: where the chosen ones changed
            continue
        own = next((name for name in form.required if isinstance(form.fields.get(name), str)), None)
        changes = {own: "2026-11-24" if "date" in str(own) or "_on" in str(own) else "示例：另一人同时办理"} if own else {}
        async with signed_in(furnished_app, form.sample.login) as visitor:
            answer = await form.send(visitor, version="0", **changes)
        main = shown(answer)
        assert answer.status_code in (409, 412), (form.action, answer.status_code, " ".join(main.text_content().split())[:300])
        assert main.xpath(".//*[@role='alert']"), form.action
        again = main.xpath(".//form[@method='post'][.//input[@name='version']]")
        assert again and again[0].xpath(".//input[@name='version']/@value") != ["0"], form.action
        sent += 1
    assert sent > 25


def test_what_people_type_stays_text_on_every_page(there: Furnished) -> None:
    met = 0
    for sample in there.samples:
        if not sample.text:
            continue
        tree = sample.tree
        assert tree.xpath("//script[not(@src)] | //*[@style] | //img[@src='x'] | //@*[starts-with(name(), 'on')]") == [], sample.path
        met += HOSTILE in tree.text_content()
    assert met > 40


def test_no_page_loads_anything_from_another_host_and_the_policy_is_strict_everywhere(there: Furnished) -> None:
    loading = (
        "//link/@href | //script/@src | //img/@src | //use/@href | //iframe/@src | //object/@data | //form/@action | //@hx-get | //@hx-post"
    )
    for sample in there.samples:
        assert sample.headers["x-content-type-options"] == "nosniff", sample.path
        if not sample.path.startswith(("/static/", "/calendar/")):  # which have their own time, and nothing personal or a secret address
            assert sample.headers.get("cache-control") in ("no-store", "no-cache"), sample.path
        assert (
            sample.headers["referrer-policy"] in ("same-origin", "no-referrer")
            and "unsafe" not in sample.headers["content-security-policy"]
        ), sample.path
        if sample.page:
            assert sample.headers["content-security-policy"] in (POLICY, FRAMED), sample.path
        if sample.text:
            elsewhere = [str(link) for link in sample.tree.xpath(loading) if urlsplit(str(link)).netloc or str(link).startswith("//")]
            assert elsewhere == [], sample.path
    assert "script-src 'self';" in POLICY and "style-src 'self';" in POLICY and "default-src 'none'" in POLICY


def test_a_download_is_saved_and_cannot_run_as_a_page(there: Furnished) -> None:
    answers = [sample for sample in there.samples if sample.status == 200 and not sample.route.startswith(("/static", "/healthz"))]
    files = [sample for sample in answers if not sample.headers["content-type"].startswith("text/html")]
    for sample in files:
        kind = sample.headers["content-type"].partition(";")[0]
        assert kind not in ("image/svg+xml", "application/xhtml+xml", "text/xml"), sample.path
        assert sample.route in ("/metrics", "/calendar/{name}", "/api") or sample.headers["content-disposition"].startswith("attachment"), (
            sample.path
        )
    assert len(files) > 8
