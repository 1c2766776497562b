"""Packed answers: what shrinks, is long enough and wanted, whole or as a stream, unpacked again the same."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, get
from litestar.response import Response, Stream

from standards_hub.kernel.packing import LEAST, Packing

LONG = "示例：适用范围。" * 500


def answering(body: bytes, kind: str, headers: dict[str, str] | None = None) -> Litestar:
    @get("/", sync_to_thread=False)
    def answer() -> Response[bytes]:
        return Response(body, media_type=kind, headers=headers)

    @get("/pieces", sync_to_thread=False)
    def pieces() -> Stream:
        async def parts() -> AsyncIterator[bytes]:
            for at in range(0, len(body), 700):
                yield body[at : at + 700]

        return Stream(parts, media_type=kind)

    return Litestar([answer, pieces], middleware=[Packing], openapi_config=None)


async def fetched(app: Litestar, path: str = "/", accept: str = "gzip, deflate, br") -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it went over the wire."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test")  # type: ignore[arg-type]
    async with client, client.stream("GET", path, headers={"Accept-Encoding": accept}) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv", "application/json", "application/problem+json", "image/svg+xml"])
async def test_a_long_text_goes_out_packed_with_its_length(kind: str) -> None:
    answer, sent = await fetched(answering(LONG.encode(), kind))
    assert answer.headers["content-encoding"] == "gzip" and answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(sent) < len(LONG.encode()) / 10
    assert gzip.decompress(sent).decode() == LONG


@pytest.mark.parametrize(
    ("body", "kind", "accept", "headers"),
    [
        (LONG.encode()[: LEAST - 1], "text/html", "gzip", {}),
        (LONG.encode(), "text/html", "identity", {}),
        (LONG.encode(), "text/html", "br, gzip; q=0", {}),
        (LONG.encode(), "text/html", "GZIP;Q=0.000, identity", {}),
        (LONG.encode(), "application/pdf", "gzip", {}),
        (LONG.encode(), "application/zip", "gzip", {}),
        (LONG.encode(), "text/html", "gzip", {"Content-Encoding": "br"}),
    ],
)
async def test_what_gains_nothing_or_is_not_wanted_goes_out_as_it_is(body: bytes, kind: str, accept: str, headers: dict[str, str]) -> None:
    answer, sent = await fetched(answering(body, kind, headers), accept=accept)
    assert sent == body and answer.headers.get("content-encoding") == headers.get("Content-Encoding")
    assert int(answer.headers["content-length"]) == len(body)


@pytest.mark.parametrize(("tag", "packed"), [('"5"', 'W/"5"'), ('W/"5"', 'W/"5"')])
async def test_a_packed_answer_is_not_tagged_as_the_same_bytes(tag: str, packed: str) -> None:
    app = answering(LONG.encode(), "application/json", {"ETag": tag})
    assert [(await fetched(app, accept=accept))[0].headers["etag"] for accept in ("gzip", "identity")] == [packed, tag]


@pytest.mark.parametrize("accept", ["gzip;q=0.5", "GZIP", "deflate;q=0, gzip", "gzip;q=1.0, identity;q=0"])
async def test_whoever_takes_gzip_in_any_words_gets_it(accept: str) -> None:
    answer, sent = await fetched(answering(LONG.encode(), "text/html"), accept=accept)
    assert answer.headers["content-encoding"] == "gzip" and gzip.decompress(sent).decode() == LONG


async def test_a_stream_is_packed_piece_by_piece_and_each_can_be_read_when_it_comes() -> None:
    app = answering(LONG.encode(), "text/csv")
    sent, over = list[Any](), asyncio.Event()

    async def receive() -> Any:
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    scope = {"type": "http", "method": "GET", "path": "/pieces", "raw_path": b"/pieces", "query_string": b"", "root_path": "", "scheme": "http",
             "headers": [(b"host", b"hub.test"), (b"accept-encoding", b"gzip")], "http_version": "1.1", "server": ("hub.test", 80),
             "client": ("127.0.0.1", 1), "state": {}, "asgi": {"version": "3.0"}}  # fmt: skip
    await app(scope, receive, send)  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])
    unpacking, read = zlib.decompressobj(31), b""
    assert headers[b"content-encoding"] == b"gzip" and b"content-length" not in headers
    for at, message in enumerate(sent[1:]):
        read += unpacking.decompress(message["body"])
        assert read == LONG.encode()[: (at + 1) * 700]
    assert unpacking.eof and len(sent) > 10


@given(st.binary(max_size=5000))
async def test_anything_comes_back_as_it_was(body: bytes) -> None:
    app = answering(body, "text/plain")
    for path in ("/", "/pieces"):
        answer, sent = await fetched(app, path)
        assert (gzip.decompress(sent) if answer.headers.get("content-encoding") else sent) == body
