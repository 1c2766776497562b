"""The accounts of all, for administrators: the list, one account with its roles, an invitation, and who may do what."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.kernel.access import bodies, letters, repository, service
from standards_hub.kernel.access.actor import ROLE_NAMES, permissions
from standards_hub.kernel.access.controllers import MANAGE, SELF
from standards_hub.kernel.access.pages.account import LANGUAGE_NAMES, SCOPE_NAMES
from standards_hub.kernel.access.values import BODY_NAMES, ROLE_BODIES, AccountPatch, HeldRole, NewGrant, NewInvitation, Password
from standards_hub.kernel.errors import BadInput, Conflict, Stale, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import expect, language_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.templates import render
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
LIST = "/admin/accounts"
PAGE_SIZE = 50
ROLES_OF_INVITATION = 3
ROLE_CHOICES = [(role, say("{role}（{kind}）", role=name, kind=BODY_NAMES[ROLE_BODIES[role]])) for role, name in ROLE_NAMES.items()]


FIELD_NAMES = {"login": say("登录名"), "name": say("姓名"), "email": say("邮箱"), "language": say("语言")}


class GrantForm(Struct):
    """A role, and what it is held in by name."""

    role: str
    body: str = ""
    since: date | None = None
    until: date | None = None


class InvitationForm(Struct):
    login: str
    name: str
    email: str
    language: str = "zh"


class EditForm(Struct):
    login: str
    name: str
    language: str
    email: str | None = None


class PasswordForm(Struct):
    password: Password


async def _grant(work: Work, given: GrantForm, where: str = "") -> NewGrant:
    if given.role not in ROLE_BODIES:
        raise BadInput(say("没有这种角色"), unmet=[Unmet("role", say("请从所列各项中选择"), f"{where}role")])
    kind, id = await bodies.body_called(work.connection, given.role, given.body, f"{where}body")
    return NewGrant(role=given.role, body_kind=kind, body_id=id, since=given.since, until=given.until)


@get(LIST, opt=MANAGE, include_in_schema=False)
async def accounts_page(
    request: AnyRequest, reading: Work, q: str | None = None, active: str | None = None, after: str | None = None
) -> Response[str]:
    """Accounts by login, with their roles in words."""
    wanted = {"1": True, "0": False}.get(active or "")
    found = await repository.listing(reading.connection, q=(q or "").strip() or None, active=wanted, after=after, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    named = await bodies.names(reading, [held.body for account in shown for held in account.grants])
    return page(
        request, "access/accounts.html", accounts=shown, named=named, roles=ROLE_NAMES, q=q or "", active=active or "",
        after=shown[-1].login if len(found) > PAGE_SIZE else None, today=reading.today,
    )  # fmt: skip


@get(f"{LIST}/{{account_id:uuid}}", opt=MANAGE, include_in_schema=False)
async def one_page(request: AnyRequest, account_id: UUID) -> Response[str]:
    """One account."""
    return await shown(request, account_id)


async def shown(request: AnyRequest, account_id: UUID, name: str = "", form: Form | None = None, link: str | None = None) -> Response[str]:
    """The page of an account; `form` is the one of this name that could not be used."""
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        account = await repository.account(reading.connection, account_id)
        named = await bodies.names(reading, [held.body for held in account.grants])
        tokens = await repository.tokens(reading.connection, account.id)
        sessions = await repository.sessions(reading.connection, account.id, reading.clock.now())
        has_password = await repository.has_password(reading.connection, account.id)
        invited = None if has_password else await repository.invited_until(reading.connection, account.id)
        now = reading.clock.now()
    held = {"login": account.login, "name": account.name, "language": account.language, "email": account.email, "version": account.version}
    forms = {"edit": Form.holding(held), "grant": Form(), "password": Form()}
    if form is not None:
        forms[name] = form
    late = form is not None and isinstance(form.error, Stale)
    meanwhile = [
        (label, held[field]) for field, label in FIELD_NAMES.items() if late and form and form.text(field).strip() != (held[field] or "")
    ]
    if late:
        forms["edit"].fields["version"] = [str(account.version)]
    return page(
        request, "access/one_account.html", status=form.error.status if form and form.error else 200, account=account, named=named,
        tokens=tokens, sessions=sessions, has_password=has_password, invited=invited, now=now, forms=forms, roles=ROLE_NAMES, wrong=name,
        choices=ROLE_CHOICES, languages=LANGUAGE_NAMES, scopes=SCOPE_NAMES, late=late, meanwhile=meanwhile, today=hub.clock.today(), link=link,
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


async def _done(
    request: AnyRequest, account_id: UUID, name: str, form: Form, do: Callable[[Work], Awaitable[Any]], said: Message
) -> Response[Any]:
    outcome = await attempt(request, form, do)
    return await shown(request, account_id, name, form) if outcome.error else go(request, f"{LIST}/{account_id}", said)


@post(f"{LIST}/{{account_id:uuid}}/edit", opt=MANAGE, include_in_schema=False)
async def edit(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Change login, name, address or language."""
    form = await Form.of(request)

    async def change(work: Work) -> None:
        given = form.into(EditForm, blank="clear")
        expect(form.text("version") or None, (await repository.account(work.connection, account_id)).version)
        patch = AccountPatch(login=given.login, name=given.name, language=given.language, email=given.email)
        await service.change(work, account_id, patch)

    return await _done(request, account_id, "edit", form, change, say("账号信息已保存"))


@post(f"{LIST}/{{account_id:uuid}}/close", opt=MANAGE, include_in_schema=False)
async def close(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Close it: its sessions end and its tokens stop."""
    form = await Form.of(request)
    reason = form.text("reason").strip()
    return await _done(request, account_id, "close", form, lambda work: service.close(work, account_id, reason), say("账号已停用"))


@post(f"{LIST}/{{account_id:uuid}}/reopen", opt=MANAGE, include_in_schema=False)
async def reopen(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Let it sign in again."""
    form = await Form.of(request)
    return await _done(request, account_id, "close", form, lambda work: service.reopen(work, account_id), say("账号已恢复"))


@post(f"{LIST}/{{account_id:uuid}}/grants", opt=MANAGE, include_in_schema=False)
async def grant(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Grant a role in a body that is chosen by its name."""
    form = await Form.of(request)

    async def change(work: Work) -> HeldRole:
        return await service.grant_role(work, account_id, await _grant(work, form.into(GrantForm)))

    return await _done(request, account_id, "grant", form, change, say("角色已授予，立即生效"))


@post(f"{LIST}/{{account_id:uuid}}/grants/{{grant_id:uuid}}/revoke", opt=MANAGE, include_in_schema=False)
async def revoke(request: AnyRequest, account_id: UUID, grant_id: UUID) -> Response[Any]:
    """Take a role away."""
    form = await Form.of(request)
    do = lambda work: service.revoke_role(work, account_id, grant_id)  # noqa: E731
    return await _done(request, account_id, "revoke", form, do, say("角色已收回，立即生效"))


@post(f"{LIST}/{{account_id:uuid}}/password", opt=MANAGE, include_in_schema=False)
async def set_password(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Set somebody's password."""
    form = await Form.of(request)

    async def change(work: Work) -> None:
        await service.set_password(work, account_id, form.into(PasswordForm).password)

    return await _done(request, account_id, "password", form, change, say("密码已设，其会话均已结束"))


@post(f"{LIST}/{{account_id:uuid}}/tokens/{{token_id:uuid}}/revoke", opt=MANAGE, include_in_schema=False)
async def revoke_token(request: AnyRequest, account_id: UUID, token_id: UUID) -> Response[Any]:
    """Revoke a token of somebody."""
    form = await Form.of(request)
    do = lambda work: service.revoke_token(work, token_id, account_id)  # noqa: E731
    return await _done(request, account_id, "revoke", form, do, say("已撤销，立即失效"))


@get(f"{LIST}/new", opt=MANAGE, include_in_schema=False)
async def invite_page(request: AnyRequest) -> Response[str]:
    """Invite somebody."""
    return _invitation(request, Form())


def _invitation(request: AnyRequest, form: Form) -> Response[str]:
    return page(
        request, "access/invite.html", status=form.error.status if form.error else 200, form=form, choices=ROLE_CHOICES,
        languages=LANGUAGE_NAMES, rows=range(max(ROLES_OF_INVITATION, len(form.rows("grants")))), mailing=_mailing(request),
    )  # fmt: skip


async def _invited_as(work: Work, form: Form) -> NewInvitation:
    """Who is invited, with which roles. Raises `BadInput` with all that is wrong: of the person, of the login, of each role."""
    unmet: list[Unmet] = []
    try:
        form.into(InvitationForm)
    except BadInput as error:
        unmet += error.unmet
    typed = {name: form.text(name).strip() for name in FIELD_NAMES}
    login, language = typed["login"].lower(), typed["language"] or "zh"
    missing = {one.where for one in unmet}
    unmet += [one for one in service.faults(typed["name"], language, typed["email"], login) if one.where not in missing]
    try:
        await service.check_free(work, login)
    except Conflict as error:
        unmet.append(Unmet(error.code, error.message, "login"))
    grants = []
    for row in form.rows("grants"):
        role, body = (form.text(f"grants[{row}][{name}]").strip() for name in ("role", "body"))
        try:
            grants += [await _grant(work, GrantForm(role, body), f"grants.{row}.")] if role or body else []
        except BadInput as error:
            unmet += error.unmet
    if unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)
    return NewInvitation(login=login, name=typed["name"], email=typed["email"], language=language, grants=grants)


def _mailing(request: AnyRequest) -> bool:
    return bool(request.app.state.settings.smtp_host)


@post(f"{LIST}/new", opt=MANAGE, include_in_schema=False)
async def invite(request: AnyRequest) -> Response[Any]:
    """Open the account with its roles and write to its owner."""
    form = await Form.of(request)

    async def do(work: Work) -> tuple[Any, str]:
        return await letters.invite(work, await _invited_as(work, form), request.app.state.settings.address)

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        return _invitation(request, form)
    return await _invited(request, *outcome.value)


@post(f"{LIST}/{{account_id:uuid}}/invite", opt=MANAGE, include_in_schema=False)
async def invite_again(request: AnyRequest, account_id: UUID) -> Response[Any]:
    """Write again to somebody who has set no password yet."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: letters.invite_again(work, account_id, request.app.state.settings.address))
    if outcome.value is None:
        return await shown(request, account_id, "invite", form)
    return await _invited(request, *outcome.value)


async def _invited(request: AnyRequest, account: Any, link: str) -> Response[Any]:
    """On to the account; where no server takes mail, its page shows the link this once, to be handed over."""
    if not _mailing(request):
        return await shown(request, account.id, link=link)
    return go(request, f"{LIST}/{account.id}", say("账号已开立，邀请已寄往 {email}", email=account.email))


@get("/admin/bodies", opt=MANAGE, include_in_schema=False)
async def bodies_part(request: AnyRequest, reading: Work) -> Response[str]:
    """The choices of a field for a body, as one types: a part of a page for scripts."""
    query = request.query_params
    role = next((value for name, value in query.items() if name.endswith("role") or name.endswith("[role]")), "")
    text = next((value for name, value in query.items() if name.endswith("body") or name.endswith("[body]")), "")
    hits = await bodies.suggestions(reading.connection, role, text[:100])
    return Response(render("access/bodies.html", language=language_of(request), hits=hits), media_type="text/html")


@get("/admin/permissions", opt=SELF, include_in_schema=False)
async def permissions_page(request: AnyRequest) -> Response[str]:
    """Who may do what."""
    return page(request, "access/permissions.html", rules=permissions(), roles=ROLE_NAMES, role_bodies=ROLE_BODIES, body_names=BODY_NAMES)


PAGES: list[Any] = [
    accounts_page, one_page, edit, close, reopen, grant, revoke, set_password, revoke_token, invite_page, invite, invite_again,
    bodies_part, permissions_page,
]  # fmt: skip
