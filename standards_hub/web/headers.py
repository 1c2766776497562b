"""Headers that every answer carries, so that a page is only ever what the hub itself made: answers, errors and replays alike."""

from litestar.types import Message, Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""A strict policy for content, no sniffing, no framing, no referrer to other hosts; and no cache of a shared computer keeps a file."""


FRAMING = ((b"content-security-policy", f"{POLICY}; frame-src 'self'".encode()), *HEADERS[1:])
"""For a page that shows a document of ours in a frame; its route says `opt={"frames": True}`."""


async def guard_headers(message: Message, scope: Scope) -> None:
    """Add what the answer does not say itself. Litestar calls it for everything that is sent."""
    if message["type"] == "http.response.start":
        said = {name.lower() for name, _ in message["headers"]}
        handler = scope.get("route_handler")
        wanted = FRAMING if handler is not None and handler.opt.get("frames") else HEADERS
        message["headers"] = [*message["headers"], *(header for header in wanted if header[0] not in said)]
