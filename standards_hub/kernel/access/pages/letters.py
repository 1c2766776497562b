"""A forgotten password and an invitation as pages. Opening a link spends nothing, for mail programs open links by themselves."""

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.kernel.access import letters, signing_in
from standards_hub.kernel.access.controllers import address_of, session_cookie
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.access.pages.signing_in import FIRST, PUBLIC
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.values import Account, Password
from standards_hub.kernel.errors import BadInput, HubError, NotFound, Unmet
from standards_hub.kernel.forms import Form
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page

AnyRequest = Request[Any, Any, Any]
PROVING = {**PUBLIC, "csrf": False}


class Asked(Struct):
    who: str


class Passwords(Struct):
    """A new password, typed twice."""

    password: Password
    again: Password


def same(password: str, again: str) -> str:
    """The password, if it was typed alike twice. Raises `BadInput`."""
    if password != again:
        raise BadInput(say("两次输入的密码不一致"), unmet=[Unmet("password.again", say("请再输入一次同样的密码"), "again")])
    return password


def _forgotten(request: AnyRequest, form: Form, *, asked: bool = False, status: int = 200) -> Response[str]:
    # To say that a letter was sent where none can leave would make somebody wait in vain.
    mailing = bool(request.app.state.settings.smtp_host)
    return page(request, "access/forgotten.html", status=status, form=form, asked=asked, hours=POLICY.reset_hours, mailing=mailing)


@get("/forgotten", opt=PUBLIC, include_in_schema=False)
async def forgotten_page(request: AnyRequest) -> Response[str]:
    """Ask for a letter."""
    return _forgotten(request, Form())


@post("/forgotten", opt=PROVING, include_in_schema=False)
async def forgotten(request: AnyRequest) -> Response[str]:
    """The same answer for everybody, whether or not there is such an account."""
    form = await Form.of(request)
    try:
        await letters.ask(request.app.state.hub, form.into(Asked).who, address_of(request), request.app.state.settings.address)
    except HubError as error:
        form.error = error
        return _forgotten(request, form, status=error.status)
    return _forgotten(request, form, asked=True)


@get("/reset/{secret:str}", opt=PUBLIC, include_in_schema=False)
async def reset_page(request: AnyRequest, secret: str) -> Response[str]:
    """Where a letter about a forgotten password leads."""
    return await _shown(request, secret, "reset")


@post("/reset/{secret:str}", opt=PROVING, include_in_schema=False)
async def reset(request: AnyRequest, secret: str) -> Response[Any]:
    """Set the new password and go on, signed in."""
    return await _used(request, secret, "reset")


@get("/invitation/{secret:str}", opt=PUBLIC, include_in_schema=False)
async def invitation_page(request: AnyRequest, secret: str) -> Response[str]:
    """Where an invitation leads."""
    return await _shown(request, secret, "invitation")


@post("/invitation/{secret:str}", opt=PROVING, include_in_schema=False)
async def invitation(request: AnyRequest, secret: str) -> Response[Any]:
    """Set the first password and go on, signed in."""
    return await _used(request, secret, "invitation")


async def _shown(request: AnyRequest, secret: str, purpose: str, form: Form | None = None, status: int = 200) -> Response[str]:
    account: Account | None = None
    try:
        account = await letters.addressee(request.app.state.hub, secret, purpose)
    except NotFound as void:
        status, form = void.status, Form(error=void)
    headers = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return page(
        request, "access/letter.html", status=status, headers=headers, form=form or Form(), account=account, purpose=purpose,
        least=POLICY.password_length,
    )  # fmt: skip


async def _used(request: AnyRequest, secret: str, purpose: str) -> Response[Any]:
    form, hub = await Form.of(request), request.app.state.hub
    try:
        given = form.into(Passwords)
        session = await letters.use(hub, secret, purpose, same(given.password, given.again), address_of(request))
    except HubError as error:
        form.error = error
        return await _shown(request, secret, purpose, form, error.status)
    if former := request.cookies.get(COOKIE):
        await signing_in.sign_out(hub, former)
    answer = go(request, FIRST, say("密码已设好，已登录"))
    answer.cookies.append(session_cookie(request, session.secret))
    return answer


PAGES: list[Any] = [forgotten_page, forgotten, reset_page, reset, invitation_page, invitation]
