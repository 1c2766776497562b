"""One's own account as a page: who one is, password, notices, tokens, sessions and roles."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.kernel import notices
from standards_hub.kernel.access import bodies, repository, service, signing_in
from standards_hub.kernel.access.actor import ROLE_NAMES
from standards_hub.kernel.access.controllers import SELF, address_of
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.access.pages.letters import same
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.secrets import digest
from standards_hub.kernel.access.values import NewToken, OwnPatch, Password
from standards_hub.kernel.errors import HubError, NotSignedIn
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.notices import CHOICE_NAMES, KINDS, NoticeChoices
from standards_hub.kernel.pages import go, language_cookie, page
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
HERE = "/account"
LANGUAGE_NAMES = {"zh": say("中文"), "en": say("英文")}
SCOPE_NAMES = {"read": say("只读"), "write": say("读写"), "calendar": say("日历订阅")}


class PasswordForm(Struct):
    """The old password, and the new one twice."""

    old: Password
    password: Password
    again: Password


class TokenForm(Struct):
    token: NewToken


@get(HERE, opt=SELF, include_in_schema=False)
async def account_page(request: AnyRequest) -> Response[str]:
    """One's own account."""
    return await shown(request)


async def shown(request: AnyRequest, name: str = "", form: Form | None = None, **values: Any) -> Response[str]:
    """The page; `form` is the one of this name that could not be used, and comes back as it was typed."""
    hub: Hub = request.app.state.hub
    own = digest(request.cookies.get(COOKIE, ""))
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        account = await repository.account(reading.connection, service.own_id(reading))
        tokens = await repository.tokens(reading.connection, account.id)
        sessions = await repository.sessions(reading.connection, account.id, reading.clock.now(), own)
        chosen = await notices.choices(reading.connection, account.id)
        named = await bodies.names(reading, [held.body for held in account.grants])
    forms = {
        "profile": Form.holding({"name": account.name, "email": account.email, "language": account.language}),
        "password": Form(),
        "notices": Form.holding({"choices": chosen}),
        "token": Form.holding({"token": {"scope": "read", "days": 365}}),
    }
    if form is not None:
        forms[name] = form
    return page(
        request, "access/account.html", status=form.error.status if form and form.error else 200, headers={"Cache-Control": "no-store"},
        account=account, forms=forms, tokens=tokens, sessions=sessions, named=named, today=hub.clock.today(), roles=ROLE_NAMES,
        kinds=KINDS, choices=CHOICE_NAMES, languages=LANGUAGE_NAMES, scopes=SCOPE_NAMES, least=POLICY.password_length, wrong=name,
        **{"secret": None, "calendar": None, **values},
    )  # fmt: skip


async def _done(request: AnyRequest, name: str, form: Form, do: Callable[[Work], Awaitable[Any]], said: Message) -> Response[Any]:
    outcome = await attempt(request, form, do)
    return await shown(request, name, form) if outcome.error else go(request, HERE, said)


@post(f"{HERE}/profile", opt=SELF, include_in_schema=False)
async def profile(request: AnyRequest) -> Response[Any]:
    """Change one's name, address or language."""
    form = await Form.of(request)

    async def change(work: Work) -> None:
        await service.change_own(work, form.into(OwnPatch, blank="clear"))

    answer = await _done(request, "profile", form, change, say("账号信息已保存"))
    if not form.error and form.text("language") in LANGUAGE_NAMES:
        answer.cookies.append(language_cookie(request, form.text("language")))
    return answer


@post(f"{HERE}/password", opt=SELF, include_in_schema=False)
async def password(request: AnyRequest) -> Response[Any]:
    """Set a new password; every other session ends."""
    form, hub = await Form.of(request), request.app.state.hub
    try:
        given = form.into(PasswordForm)
        new, kept = same(given.password, given.again), request.cookies.get(COOKIE)
        await signing_in.change_own_password(hub, request.scope["actor"], given.old, new, address_of(request), keep=kept)  # type: ignore[typeddict-item]
    except NotSignedIn:
        raise
    except HubError as error:
        form.error = error
        return await shown(request, "password", form)
    return go(request, HERE, say("密码已更改，其他浏览器已退出登录"))


@post(f"{HERE}/notices", opt=SELF, include_in_schema=False)
async def choose(request: AnyRequest) -> Response[Any]:
    """Choose which notices are mailed to oneself."""
    form = await Form.of(request)

    async def change(work: Work) -> None:
        await notices.choose(work, form.into(NoticeChoices).choices)

    return await _done(request, "notices", form, change, say("通知方式已保存"))


@post(f"{HERE}/tokens", opt=SELF, include_in_schema=False)
async def issue(request: AnyRequest) -> Response[Any]:
    """Issue a token; its secret is on this page only."""
    form = await Form.of(request)

    async def change(work: Work) -> str:
        given = form.into(TokenForm, blank="clear").token
        return (await service.issue_token(work, given))[1]

    outcome = await attempt(request, form, change)
    return await shown(request, "token", form) if outcome.error else await shown(request, secret=outcome.value)


@post(f"{HERE}/tokens/{{token_id:uuid}}/revoke", opt=SELF, include_in_schema=False)
async def revoke(request: AnyRequest, token_id: UUID) -> Response[Any]:
    """Revoke a token or the address of one's calendar."""
    form = await Form.of(request)
    return await _done(request, "tokens", form, lambda work: service.revoke_token(work, token_id), say("已撤销，立即失效"))


@post(f"{HERE}/sessions/end", opt=SELF, include_in_schema=False)
async def end_others(request: AnyRequest) -> Response[Any]:
    """Sign out everywhere else."""
    form, kept = await Form.of(request), request.cookies.get(COOKIE)
    return await _done(request, "sessions", form, lambda work: signing_in.end_sessions(work, keep=kept), say("其他会话已结束"))


@post(f"{HERE}/sessions/{{session_id:str}}/end", opt=SELF, include_in_schema=False)
async def end_one(request: AnyRequest, session_id: str) -> Response[Any]:
    """Sign out one other browser."""
    form = await Form.of(request)
    return await _done(request, "sessions", form, lambda work: signing_in.end_sessions(work, id=session_id), say("该会话已结束"))


PAGES: list[Any] = [account_page, profile, password, choose, issue, revoke, end_others, end_one]
