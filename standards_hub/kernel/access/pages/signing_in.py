"""Signing in and out as pages. What was typed into another form when the session ended comes back after signing in."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Redirect

from standards_hub.kernel.access import repository, signing_in
from standards_hub.kernel.access.controllers import address_of, session_cookie
from standards_hub.kernel.access.middleware import COOKIE, CSRF_NAME
from standards_hub.kernel.access.schemas import SignIn
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.forms import RESUMED, Form
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import came_from, go, local, page
from standards_hub.kernel.work import Hub

AnyRequest = Request[Any, Any, Any]
PUBLIC: dict[str, Any] = {"permission": "session.open"}
FIRST = "/overview"
"""Where one arrives after signing in, unless one was on the way somewhere."""
MOST_KEPT = 256 * 1024
"""Characters of another form that are carried through signing in."""
SECRET = frozenset({"password", "again", "old"})
"""Fields that are typed anew: what is carried stands in a page, where whoever signs in next could read it."""


@get("/sign-in", opt=PUBLIC, include_in_schema=False)
async def sign_in_page(request: AnyRequest, next: str | None = None) -> Response[Any]:
    """The form; whoever is signed in already goes on."""
    if request.scope["actor"].account:  # type: ignore[typeddict-item]
        return go(request, local(next, FIRST))
    return sign_in_form(request, Form(), local(next, FIRST))


def sign_in_form(
    request: AnyRequest, form: Form, next: str, *, kept: list[tuple[str, str]] | None = None, files: bool = False, status: int = 200
) -> Response[str]:
    """The form, with the fields of the form that was interrupted by the end of the session. No cache keeps what was typed."""
    resume = msgspec.json.encode(kept).decode() if kept else ""
    return page(
        request, "access/sign_in.html", status=status, headers={"Cache-Control": "no-store"} if kept else None, form=form, next=next,
        resume=resume, interrupted=kept is not None, lost_files=files,
    )  # fmt: skip


@post("/sign-in", opt={**PUBLIC, "csrf": False}, include_in_schema=False)
async def sign_in(request: AnyRequest) -> Response[Any]:
    """Open a session and go on to where one was; what was interrupted is shown again, to be sent by its own button."""
    form, hub = await Form.of(request), request.app.state.hub
    next, kept = local(form.text("next"), FIRST), _kept(form.text("resume"))
    try:
        given = form.into(SignIn)
        session = await signing_in.sign_in(hub, given.login, given.password, address_of(request))
    except HubError as error:
        form.error = error
        return sign_in_form(request, form, next, kept=kept or None, status=error.status)
    if former := request.cookies.get(COOKIE):
        await signing_in.sign_out(hub, former)
    cookie = session_cookie(request, session.secret)
    if not kept:
        answer = go(request, next, await _welcome(hub, session.account_id))
        answer.cookies.append(cookie)
        return answer
    return page(request, "access/resume.html", next=next, kept=kept, resumed=RESUMED, csrf=session.csrf, cookies=[cookie])


async def _welcome(hub: Hub, account_id: Any) -> Any:
    async with hub.database.glance() as connection:
        return say("{name}，已登录", name=(await repository.account(connection, account_id)).name)


def _kept(text: str) -> list[tuple[str, str]]:
    if len(text) > 4 * MOST_KEPT:  # as JSON, with all its quotes, what we carry is never so long
        return []
    try:
        return msgspec.json.decode(text, type=list[tuple[str, str]]) if text else []
    except msgspec.MsgspecError:
        return []


@post("/sign-out", opt={"permission": "account.self"}, include_in_schema=False)
async def sign_out(request: AnyRequest) -> Redirect:
    """End this session."""
    if secret := request.cookies.get(COOKIE):
        await signing_in.sign_out(request.app.state.hub, secret)
    answer = go(request, "/", say("已退出登录"))
    answer.cookies.append(session_cookie(request, "", ends=True))
    return answer


def interrupted(request: AnyRequest) -> Response[Any]:
    """What a page answers to somebody who is not, or no longer, signed in: the way to sign in, with nothing lost."""
    typed: Any = request.scope.get("typed")
    query = request.scope["query_string"].decode("latin-1")
    address = request.url.path + (f"?{query}" if query else "")
    if request.method in ("GET", "HEAD"):
        there = "/sign-in?" + urlencode({"next": address})
        if request.headers.get("hx-request"):  # a part of a page: the whole page goes to sign in
            return Response(None, status_code=401, headers={"HX-Redirect": there})
        return go(request, there)
    fields = [(name, value) for name, value in typed.items() if name != CSRF_NAME] if typed else []
    texts = [(name, value) for name, value in fields if isinstance(value, str) and name not in SECRET]
    files = any(not isinstance(value, str) for _, value in fields)
    size = sum(len(name) + len(value) for name, value in texts)
    if not 0 < size <= MOST_KEPT:  # nothing to send again, or too much to carry, so back to where its button was
        return sign_in_form(request, Form(), came_from(request, FIRST), kept=[], files=files, status=401)
    return sign_in_form(request, Form(), address, kept=texts, files=files, status=401)


PAGES: list[Any] = [sign_in_page, sign_in, sign_out]
