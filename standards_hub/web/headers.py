"""Headers that every answer carries, so that a page is only ever what the hub itself made."""

from typing import Any

from litestar import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


async def guard_headers(response: Response[Any]) -> Response[Any]:
    """Add what is not said yet: a strict policy for content, no sniffing, no framing, no referrer to other hosts."""
    for name, value in (
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        response.headers.setdefault(name, value)
    return response
