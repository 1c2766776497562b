"""HEAD answers what GET would, with its headers and without its body (RFC 9110, 9.3.2), at every address that takes GET."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def answering_heads(app: ASGIApp) -> ASGIApp:
    """The application, to which a HEAD is a GET: it stands before the routes, which know the methods apart and are described one by one."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            return await app(scope, receive, send)
        scope["method"] = "GET"  # in place: what is done before sending looks into it for its route
        await app(scope, receive, _without_body(send))

    return answer


def _without_body(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
        elif not message.get("more_body", False):
            await send({**message, "body": b""})

    return pass_on
