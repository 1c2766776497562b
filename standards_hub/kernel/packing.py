"""Answers on their way out, packed with gzip for whoever takes it: texts only, since files that people keep are packed already.

By igzip, which needs a quarter of the processor that zlib does for the same size (RFC 1952 is what both write).
"""

import re
from typing import Any

from isal import isal_zlib
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

LEAST = 1024
"""Bytes below which an answer fits one packet anyway."""
TAKEN = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
"""In `Accept-Encoding`, gzip and not that it is refused by `q=0` (RFC 9110, 12.5.3)."""
LEVEL, GZIP_FRAME = 1, 31
TEXTS = ("text/", "application/json", "application/problem+json", "application/javascript", "application/xml", "image/svg+xml")
"""The beginnings of the kinds of content that shrink."""


class Packing:
    """Packs whole answers and streams; the length of a stream is not known, so its header goes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not TAKEN.search(Headers.from_scope(scope).get("accept-encoding", "")):
            return await self.app(scope, receive, send)
        await self.app(scope, receive, _Packer(send))


class _Packer:
    """The way out of one answer. Its start waits for its first body, which says whether packing pays."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: HTTPResponseStartEvent | None = None
        self.packed: Any = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] == "http.response.body":
            body, more = message["body"], message.get("more_body", False)
            if self.start:
                headers = MutableScopeHeaders(self.start)
                if (more or len(body) >= LEAST) and _shrinks(headers):
                    self.packed = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP_FRAME)
            if self.packed:
                body = self.packed.compress(body) + self.packed.flush(isal_zlib.Z_SYNC_FLUSH if more else isal_zlib.Z_FINISH)
                message["body"] = body
            if self.start:
                if self.packed:
                    _say_packed(headers, None if more else len(body))
                start, self.start = self.start, None
                await self.send(start)
        await self.send(message)


def _shrinks(headers: MutableScopeHeaders) -> bool:
    return "content-encoding" not in headers and headers.get("content-type", "").startswith(TEXTS)


def _say_packed(headers: MutableScopeHeaders, length: int | None) -> None:
    headers["content-encoding"] = "gzip"
    headers.extend_header_value("vary", "Accept-Encoding")
    if (tag := headers.get("etag", "")).startswith('"'):  # the same in meaning, and other bytes than what is not packed (RFC 9110, 8.8.3)
        headers["etag"] = f"W/{tag}"
    if length is None:
        del headers["content-length"]
    else:
        headers["content-length"] = str(length)
