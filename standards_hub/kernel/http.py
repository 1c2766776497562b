"""What every door shares: pages of lists, entity tags, and errors as problem details (RFC 9457)."""

import base64
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from msgspec import Struct

from standards_hub.kernel.errors import HubError, Stale, TooMany
from standards_hub.kernel.messages import Message, Name, say

T = TypeVar("T")
PROBLEM = "application/problem+json"
LANGUAGE_COOKIE = "hub_language"


class Page(Struct, Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None = None
    count: int | None = None


class Said(Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, message: Message | Name) -> "Said":
        return cls(message.into("zh"), message.into("en"))


class Problem(Struct, omit_defaults=True, kw_only=True):
    """Problem details; `unmet` lists everything that stands in the way."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: Said
    unmet: list[dict[str, Any]] = []
    instance: str | None = None
    reference: str | None = None
    """The number under which the log of the hub knows it; only where something broke."""


def language_of(request: Request[Any, Any, Any]) -> str:
    """`en` if the caller prefers English, else `zh`."""
    actor: Any = request.scope.get("actor")
    own = actor.language if actor and actor.account else None  # the public has no language of its own
    wanted = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or own
    if wanted in ("zh", "en"):
        return str(wanted)
    accepted = request.headers.get("accept-language", "")
    return "en" if accepted.lower().startswith("en") else "zh"


def problem(error: HubError, language: str, instance: str | None = None, reference: str | None = None) -> Problem:
    """An error as problem details."""
    return Problem(
        type=f"urn:standards-hub:{error.code}", title=error.message.into(language), status=error.status, code=error.code,
        detail="；".join([error.message.into(language), *(u.why.into(language) for u in error.unmet)]), message=Said.of(error.message),
        unmet=[
            {"code": u.code, "where": u.where, "fixer": u.fixer, "waivable": u.waivable, "zh": u.why.into("zh"), "en": u.why.into("en")}
            for u in error.unmet
        ],
        instance=instance, reference=reference,
    )  # fmt: skip


HEADERS_OF_STATUS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}


def problem_response(request: Request[Any, Any, Any], error: HubError, reference: str | None = None) -> Response[Problem]:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else HEADERS_OF_STATUS.get(error.status, {})
    body = problem(error, language_of(request), str(request.url.path), reference)
    return Response(body, status_code=error.status, media_type=PROBLEM, headers=headers)


def etag(version: int) -> dict[str, str]:
    """The header that names a version of one thing."""
    return {"ETag": f'"{version}"'}


def expect(if_match: str | None, version: int) -> None:
    """Raise `Stale` unless the caller's copy is this version; callers that do not say are not checked."""
    if if_match is None or if_match.strip() == "*":
        return
    if if_match.strip().removeprefix("W/").strip('"') != str(version):
        raise Stale(say("您手上的是旧版本（{yours}），现为第 {ours} 版，请重新读取", yours=if_match.strip('"'), ours=version))


def download(content: bytes, filename: str, media_type: str) -> Response[bytes]:
    """Bytes as a file to keep: never sniffed, never run."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=media_type, headers=headers)


def hub_address(request: Request[Any, Any, Any]) -> str:
    """Where users find the hub: as it is set, else where this request found it."""
    return request.app.state.settings.public_url or str(request.base_url).rstrip("/")


def number_in(text: str, digits: int = 9) -> int | None:
    """A whole number as an address or a form gives it; none for what is none, or has more digits than any of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def version_read(if_match: str | None) -> int | None:
    """The version that a caller read, for what is only compared in part; none where none is said. Raises `Stale` for what is no version."""
    if if_match is None or if_match.strip() in ("", "*"):
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if (version := number_in(text)) is None:
        raise Stale(say("请重新读取后再改：{yours} 不是版本", yours=text[:40]))
    return version


def cursor(*parts: Any) -> str:
    """An opaque place in a list, from the sort key of its last row."""
    return base64.urlsafe_b64encode(msgspec.json.encode([str(part) for part in parts])).decode().rstrip("=")
