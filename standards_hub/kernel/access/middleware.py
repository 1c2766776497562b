"""Who sends a request, and whether its route is open to them: the coarse check, before any service is called.

`Authentication` puts the actor into `scope["actor"]`, `scope["user"]`, and how it was proved into `scope["auth"]`.
`permitted` is the guard of every route: `opt={"permission": "account.manage"}`; a route without a permission is open to
nobody. A route that proves by itself who asks, as signing in does, says `opt={…, "csrf": False}`, and a POST that only looks ahead
`opt={…, "changes": False}`.
"""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection, Request
from litestar.enums import ScopeType
from litestar.handlers.base import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from standards_hub.kernel.access.actor import PUBLIC, permissions
from standards_hub.kernel.access.identity import Identity, actor_for_session, actor_for_token, remembered, touch
from standards_hub.kernel.access.secrets import csrf_matches
from standards_hub.kernel.errors import Forbidden, NotSignedIn
from standards_hub.kernel.messages import say
from standards_hub.kernel.sent import FORMS, sent
from standards_hub.kernel.work import Hub

COOKIE = "hub_session"
CSRF_NAME = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_SECRET = 200
Connection = ASGIConnection[Any, Any, Any, Any]


class Authentication:
    """Finds the actor by `Authorization: Bearer shub_…` or by the session's cookie; without either it is the public."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in (ScopeType.HTTP, ScopeType.WEBSOCKET):
            identity = await _identify(ASGIConnection(scope))
            scope["auth"] = identity
            scope["user"] = scope["actor"] = identity.actor if identity else PUBLIC  # type: ignore[typeddict-unknown-key]
        await self.app(scope, receive, send)


async def _identify(connection: Connection) -> Identity | None:
    """The identity behind a request. A wrong token is an error; an ended session is the public."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    bearer = scheme.lower() == "bearer"
    secret = token.strip() if bearer else connection.cookies.get(COOKIE, "")
    if not secret and not bearer:
        return None
    identity = await _find(connection, secret, bearer) if 0 < len(secret) <= MOST_SECRET else None
    if bearer and identity is None:
        raise NotSignedIn(say("令牌无效或已过期"), code="bad-token")
    return identity


async def _find(connection: Connection, secret: str, bearer: bool) -> Identity | None:
    hub: Hub = connection.app.state.hub
    now = hub.clock.now()
    identity = remembered(secret, now)
    if identity is None:
        async with hub.database.glance() as reading:
            identity = await (actor_for_token if bearer else actor_for_session)(reading, secret, now)
    if identity is None or (identity.kind == "token") != bearer:
        return None
    if identity.untouched(now):
        async with hub.database.write() as writing:
            await touch(writing, identity, now)
            await writing.commit()
    return identity


async def permitted(connection: Connection, route_handler: BaseRouteHandler) -> None:
    """Raise `NotSignedIn` or `Forbidden` unless the actor holds the route's permission for anything at all."""
    if connection.scope.get("method") == "OPTIONS":
        return
    name = route_handler.opt.get("permission")
    if not isinstance(name, str) or name not in permissions():
        raise Forbidden(say("此地址未登记权限，不予开放"), code="no-permission")
    try:
        connection.scope.get("actor", PUBLIC).require(name)  # type: ignore[attr-defined]
    except NotSignedIn:
        await _keep_typed(connection)
        raise
    if connection.scope.get("method", "GET") not in SAFE:
        await _check_write(connection, csrf=route_handler.opt.get("csrf") is not False)


async def _check_write(connection: Connection, *, csrf: bool) -> None:
    """A change needs a token that may write, or a session that proves the request came from our own page."""
    identity: Identity | None = connection.scope.get("auth")
    if from_elsewhere(connection) and (identity is None or identity.kind == "session"):
        raise Forbidden(say("请求来自其他网站，不予受理"), code="cross-site")
    if identity is None:
        return
    if not identity.writes:
        raise Forbidden(say("此令牌只能读取，请使用可写的令牌"), code="read-only-token")
    if csrf and identity.kind == "session" and not csrf_matches(connection.cookies.get(COOKIE, ""), await _csrf_given(connection)):
        raise Forbidden(say("页面已过期，请刷新后重试"), code="csrf")


def from_elsewhere(connection: Connection) -> bool:
    """Whether a page of another site sent this. Browsers say so themselves, but old ones do not and none does without TLS; then `Origin` tells.

    Its host is looked at alone, for a proxy in front may end TLS and leave out the port.
    """
    said, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if said is not None or origin is None:
        return said == "cross-site"
    settings = getattr(connection.app.state, "settings", None)
    ours = {_host(f"//{connection.headers.get('host', '')}"), _host(getattr(settings, "public_url", ""))}
    return _host(origin) not in ours - {None}


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


async def _keep_typed(connection: Connection) -> None:
    """Read a form whose sender's session has ended, so that it can come back filled in after signing in. None from another site."""
    if (
        isinstance(connection, Request)
        and connection.method == "POST"
        and connection.headers.get("sec-fetch-site") in (None, "same-origin")
        and not from_elsewhere(connection)
    ) and connection.content_type[0] in FORMS:
        connection.scope["typed"] = await sent(connection)  # type: ignore[typeddict-unknown-key]


async def _csrf_given(connection: Connection) -> str:
    given = connection.headers.get(CSRF_NAME, "")
    if given or not isinstance(connection, Request):
        return given
    field = (await sent(connection)).get(CSRF_NAME, "")
    return field if isinstance(field, str) else ""
