"""The JSON doors of access: sessions, one's own account, and the accounts of all."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from standards_hub.kernel.access import deputies, repository, service, signing_in
from standards_hub.kernel.access.actor import Actor, permissions
from standards_hub.kernel.access.identity import Identity
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.access.schemas import (
    AccountOut,
    DeputiesOut,
    GrantOut,
    MeOut,
    PasswordChange,
    PasswordReset,
    PermissionOut,
    SessionOut,
    SignIn,
    TokenOut,
)
from standards_hub.kernel.access.secrets import csrf_of, digest
from standards_hub.kernel.access.values import (
    Account,
    AccountPatch,
    Deputy,
    NewAccount,
    NewDeputy,
    NewGrant,
    NewToken,
    OwnPatch,
    Session,
    Token,
)
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.http import Page, etag
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
IfMatch = Annotated[str | None, Parameter(header="If-Match", description="The ETag you read; refused with 412 if it is no longer current.")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
SELF, MANAGE, DEPUTY = {"permission": "account.self"}, {"permission": "account.manage"}, {"permission": "deputy.name"}


def address_of(request: AnyRequest) -> str:
    """Where a request comes from, as the server saw it; a proxy in front must be known to the server."""
    return request.client.host if request.client else ""


def session_cookie(request: AnyRequest, secret: str, *, ends: bool = False) -> Cookie:
    """The session's cookie: out of reach of scripts and other sites, and over TLS only wherever there is TLS."""
    settings = getattr(request.app.state, "settings", None)
    secure = request.url.scheme == "https" or bool(getattr(settings, "secure_cookies", False))
    return Cookie(key=COOKIE, value=secret, path="/", httponly=True, samesite="lax", secure=secure, max_age=0 if ends else None)


def _csrf(request: AnyRequest) -> str | None:
    identity: Identity | None = request.scope.get("auth")
    return csrf_of(request.cookies[COOKIE]) if identity and identity.kind == "session" else None


def out(account: Account, status: int = HTTP_200_OK) -> Response[AccountOut]:
    return Response(AccountOut.of(account), status_code=status, headers=etag(account.version))


class SessionController(Controller):
    """Signing in and out by a browser."""

    path = "/session"
    tags = ("账号 Accounts",)

    @post(operation_id="SignIn", opt={"permission": "session.open", "csrf": False})
    async def sign_in(self, request: AnyRequest, data: SignIn) -> Response[SessionOut]:
        """Open a session with login and password; the browser's former one ends. Too many failures are refused for a while with 429."""
        hub: Hub = request.app.state.hub
        session = await signing_in.sign_in(hub, data.login, data.password, address_of(request))
        if former := request.cookies.get(COOKIE):
            await signing_in.sign_out(hub, former)
        answer = SessionOut(session.account_id, session.csrf, session.expires_at)
        return Response(
            answer, status_code=HTTP_201_CREATED, cookies=[session_cookie(request, session.secret)], headers={"Cache-Control": "no-store"}
        )

    @delete(operation_id="SignOut", opt=SELF, status_code=HTTP_204_NO_CONTENT)
    async def sign_out(self, request: AnyRequest) -> Response[None]:
        """End this session."""
        hub: Hub = request.app.state.hub
        if secret := request.cookies.get(COOKIE):
            await signing_in.sign_out(hub, secret)
        return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=[session_cookie(request, "", ends=True)])


class MeController(Controller):
    """One's own account, password and tokens."""

    path = "/me"
    tags = ("账号 Accounts",)

    @get(operation_id="ReadMe", opt=SELF)
    async def read(self, request: AnyRequest, reading: Work, actor: Actor) -> Response[MeOut]:
        """Who is signed in, with roles and permissions."""
        account = await repository.account(reading.connection, service.own_id(reading))
        headers = {**etag(account.version), "Cache-Control": "no-store"}
        return Response(MeOut.of(account, actor, _csrf(request)), headers=headers)

    @patch(operation_id="EditMe", opt=SELF)
    async def edit(self, work: Work, data: OwnPatch) -> Response[AccountOut]:
        """Change one's own name, language or address."""
        return out(await service.change_own(work, data))

    @post("/password", operation_id="ChangeMyPassword", opt=SELF, status_code=HTTP_204_NO_CONTENT)
    async def password(self, request: AnyRequest, actor: Actor, data: PasswordChange) -> None:
        """Set a new password; every other session of the account ends."""
        hub: Hub = request.app.state.hub
        await signing_in.change_own_password(hub, actor, data.old, data.new, address_of(request), keep=request.cookies.get(COOKIE))

    @get("/tokens", operation_id="ListMyTokens", opt=SELF)
    async def tokens(self, reading: Work) -> list[Token]:
        """One's own API tokens, without the secrets."""
        return await repository.tokens(reading.connection, service.own_id(reading))

    @post("/tokens", operation_id="IssueToken", opt=SELF)
    async def issue(self, work: Work, data: NewToken) -> Response[TokenOut]:
        """Issue an API token. Its secret is told in this answer and never again."""
        token, secret = await service.issue_token(work, data)
        return Response(TokenOut(token, secret), status_code=HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @delete("/tokens/{token_id:uuid}", operation_id="RevokeToken", opt=SELF, status_code=HTTP_204_NO_CONTENT)
    async def revoke(self, work: Work, token_id: UUID) -> None:
        """Revoke one of one's own tokens."""
        await service.revoke_token(work, token_id)

    @get("/sessions", operation_id="ListMySessions", opt=SELF)
    async def sessions(self, request: AnyRequest, reading: Work) -> list[Session]:
        """The browsers in which one is signed in."""
        own = digest(request.cookies.get(COOKIE, ""))
        return await repository.sessions(reading.connection, service.own_id(reading), reading.clock.now(), own)

    @delete("/sessions", operation_id="EndMyOtherSessions", opt=SELF, status_code=HTTP_204_NO_CONTENT)
    async def end_others(self, request: AnyRequest, work: Work) -> None:
        """Sign out everywhere else."""
        await signing_in.end_sessions(work, keep=request.cookies.get(COOKIE))

    @delete("/sessions/{session_id:str}", operation_id="EndMySession", opt=SELF, status_code=HTTP_204_NO_CONTENT)
    async def end_session(self, work: Work, session_id: str) -> None:
        """Sign out one browser."""
        if not await signing_in.end_sessions(work, id=session_id):
            raise NotFound(say("没有这个会话，可能已结束"))

    @get("/deputies", operation_id="ListMyDeputies", opt=DEPUTY)
    async def deputies(self, reading: Work) -> DeputiesOut:
        """Who acts for you, and for whom you act."""
        return DeputiesOut(*await deputies.mine(reading))

    @post("/deputies", operation_id="NameDeputy", opt=DEPUTY)
    async def name_deputy(self, work: Work, data: NewDeputy) -> Deputy:
        """Let somebody hold your roles for a period, all of them or those in one body; the administrator's is never lent."""
        return await deputies.name(work, data)

    @delete("/deputies/{deputy_id:uuid}", operation_id="EndDeputy", opt=DEPUTY, status_code=HTTP_204_NO_CONTENT)
    async def end_deputy(self, work: Work, deputy_id: UUID) -> None:
        """End it at once, as who named the deputy or as the deputy."""
        await deputies.end(work, deputy_id)


class AccountController(Controller):
    """The accounts of the hub and the roles they hold."""

    path = "/accounts"
    tags = ("账号 Accounts",)

    @get(operation_id="ListAccounts", opt=MANAGE)
    async def listing(
        self, reading: Work, q: str | None = None, active: bool | None = None, after: str | None = None, limit: Limit = 50
    ) -> Page[AccountOut]:
        """Accounts by login; `q` looks in login and name."""
        found = await repository.listing(reading.connection, q=q, active=active, after=after, limit=limit + 1)
        more = found[limit - 1].login if len(found) > limit else None
        return Page([AccountOut.of(account) for account in found[:limit]], more)

    @post(operation_id="OpenAccount", opt=MANAGE)
    async def open(self, work: Work, data: NewAccount) -> Response[AccountOut]:
        """Open an account."""
        return out(await service.open_account(work, data), HTTP_201_CREATED)

    @get("/{account_id:uuid}", operation_id="ReadAccount", opt=MANAGE)
    async def read(self, reading: Work, account_id: UUID) -> Response[AccountOut]:
        """One account."""
        return out(await repository.account(reading.connection, account_id))

    @patch("/{account_id:uuid}", operation_id="EditAccount", opt=MANAGE)
    async def edit(self, work: Work, account_id: UUID, data: AccountPatch, if_match: IfMatch = None) -> Response[AccountOut]:
        """Change an account; `active` closes and reopens it."""
        return out(await service.change(work, account_id, data, if_match=if_match))

    @put("/{account_id:uuid}/password", operation_id="SetPassword", opt=MANAGE, status_code=HTTP_204_NO_CONTENT)
    async def password(self, work: Work, account_id: UUID, data: PasswordReset) -> None:
        """Set somebody's password; all their sessions end."""
        await service.set_password(work, account_id, data.password)

    @post("/{account_id:uuid}/grants", operation_id="GrantRole", opt=MANAGE)
    async def grant(self, work: Work, account_id: UUID, data: NewGrant) -> GrantOut:
        """Grant a role, in a body or in the whole hub."""
        return GrantOut.of(await service.grant_role(work, account_id, data))

    @delete("/{account_id:uuid}/grants/{grant_id:uuid}", operation_id="RevokeRole", opt=MANAGE, status_code=HTTP_204_NO_CONTENT)
    async def revoke(self, work: Work, account_id: UUID, grant_id: UUID) -> None:
        """Take a role away."""
        await service.revoke_role(work, account_id, grant_id)


@get("/permissions", operation_id="ListPermissions", opt={"permission": "hub.read"}, tags=["账号 Accounts"])
async def list_permissions(actor: Actor) -> list[PermissionOut]:
    """The table of permissions, and which the caller holds somewhere."""
    return [PermissionOut.of(name, rule, actor) for name, rule in permissions().items()]


CONTROLLERS = [SessionController, MeController, AccountController, list_permissions]
