"""HEAD at pages, files, streams and the API: the headers of GET, and no body."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.response import Stream

from standards_hub.web.heads import answering_heads
from tests.api.conftest import app_on, client_for


@pytest.fixture
async def app(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Litestar]:
    made = app_on(sqlite_url, tmp_path)
    yield made
    await made.state.hub.database.close()


@pytest.mark.parametrize(
    "path, accept, status",
    [
        ("/", "text/html", 200), ("/standards", "text/html", 200), ("/standards?lang=en", "text/html", 200), ("/todo", "text/html", 303),
        ("/nowhere", "text/html", 404), ("/static/hub.css", "*/*", 200), ("/healthz", "*/*", 200), ("/api/v1/tracks", "*/*", 200),
        ("/api/v1/me", "*/*", 401), ("/api/v1/standards/1", "*/*", 404), ("/sign-out", "*/*", 405),
    ],
)  # fmt: skip
async def test_a_head_has_the_headers_of_its_get(app: Litestar, path: str, accept: str, status: int) -> None:
    async with client_for(app, Accept=accept) as client:
        asked, got = await client.head(path), await client.get(path)
    assert (asked.status_code, got.status_code) == (status, status)
    assert named(asked) == named(got)


def named(answer: httpx.Response) -> dict[str, str]:
    """The headers but for the length of what has numbers of chance in it, as the form of a language has none and an error has."""
    return {name: value for name, value in answer.headers.items() if name != "content-length" or answer.status_code == 200}


async def spoken(app: Any, method: str, path: str) -> list[dict[str, Any]]:
    """What goes over the wire, of which a client keeps no body after a HEAD."""
    sent: list[dict[str, Any]] = []
    ended = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(dict(message))
        if message.get("more_body") is False:
            ended.set()

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [], "root_path": ""}
    await app(scope, receive, send)
    return sent


async def test_no_byte_of_a_body_goes_out_and_a_stream_ends() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one", b"two"):
            yield part

    @get("/whole", sync_to_thread=False)
    def whole() -> str:
        return "all of it"

    @get("/pieces", sync_to_thread=False)
    def pieces() -> Stream:
        return Stream(parts)

    @post("/whole", sync_to_thread=False)
    def change() -> None:
        raise AssertionError("a HEAD changes nothing")

    app = Litestar([whole, pieces, change], openapi_config=None)
    app.asgi_handler = answering_heads(app.asgi_handler)
    for path, body in (("/whole", b"all of it"), ("/pieces", b"onetwo")):
        start, *bodies = await spoken(app, "HEAD", path)
        again, *full = await spoken(app, "GET", path)
        assert start == again and b"".join(one["body"] for one in full) == body
        assert [(one["body"], one["more_body"]) for one in bodies] == [(b"", False)]
