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
)
"""A strict policy for content, no sniffing, no framing, no referrer to other hosts."""


async def guard_headers(message: Message, _scope: Scope) -> None:
    """Add what the answer does not say itself. Litestar calls it for everything that is sent."""
    if message["type"] == "http.response.start":
        said = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(header for header in HEADERS if header[0] not in said)]
