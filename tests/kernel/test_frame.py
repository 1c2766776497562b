"""What the frame of every page knows of a request: where one is, what was just done, and how to go on in the other language."""

import base64
from typing import Any

import pytest
from litestar.testing import RequestFactory

from standards_hub.kernel.pages import SAID_COOKIE, Frame, came_from, frame_of, local


def frame(path: str, method: str = "GET", referer: str | None = None, **query: Any) -> Frame:
    headers = {"host": "hub.test", **({"referer": referer} if referer else {})}
    factory = RequestFactory(server="hub.test", port=80)
    return frame_of(factory.get(path, headers=headers, query_params=query) if method == "GET" else factory.post(path, headers=headers))


def test_the_link_to_the_other_language_keeps_the_address() -> None:
    assert frame("/standards", q="氢", lang="zh").url(lang="en") == "/standards?q=%E6%B0%A2&lang=en"


def test_the_link_to_the_other_language_keeps_the_order_of_the_address() -> None:
    order = {f"p{n}": str(n) for n in reversed(range(20))}
    assert list(dict(frame("/standards", **order).query)) == list(order)


@pytest.mark.parametrize(
    ("referer", "there"),
    [
        ("http://hub.test/todo?of=me&lang=zh", "/todo?of=me&lang=en"),
        ("http://elsewhere.test/todo", "/sign-out?lang=en"),
        ("http://[", "/sign-out?lang=en"),
        (None, "/sign-out?lang=en"),
    ],
)
def test_on_the_answer_to_a_form_it_leads_to_the_page_of_the_form(referer: str | None, there: str) -> None:
    assert frame("/sign-out", "POST", referer).url(lang="en") == there


def test_what_was_done_is_told_by_a_whole_page_and_used_up_by_none_of_its_parts() -> None:
    said = base64.urlsafe_b64encode("已暂停".encode()).decode()
    cookie = {"cookie": f"{SAID_COOKIE}={said}"}
    whole, part = (frame_of(RequestFactory().get("/standards", headers={**cookie, **more})) for more in ({}, {"hx-request": "true"}))
    assert whole.flash == "已暂停" and part.flash == ""


def test_where_a_form_came_from_is_never_another_host() -> None:
    request = RequestFactory(server="hub.test", port=80).post("/x", headers={"host": "hub.test", "referer": "http://hub.test//evil.test/a"})
    assert came_from(request, "/first") == "/first" == local("//evil.test", "/first")


def test_a_section_is_here_on_its_own_pages_and_on_no_others() -> None:
    assert frame("/standards/board").here("/standards") and frame("/standards").here("/standards")
    assert not frame("/standards-of-old").here("/standards") and not frame("/todo").here("/")


@pytest.mark.parametrize("kept", ["%C3%A9", "é", "!!", base64.urlsafe_b64encode(b"\xff\xfe").decode()])
def test_a_cookie_that_is_not_ours_says_nothing(kept: str) -> None:
    request = RequestFactory(server="hub.test", port=80).get("/", cookies={SAID_COOKIE: kept})
    assert frame_of(request).flash == ""
