"""What is done to accounts: opened, changed, closed, given roles, passwords and tokens. The caller commits."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access import repository
from standards_hub.kernel.access.actor import HUB, ROLE_NAMES
from standards_hub.kernel.access.events import (
    AccountChanged,
    AccountClosed,
    AccountOpened,
    AccountReopened,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
    TokenIssued,
    TokenRevoked,
)
from standards_hub.kernel.access.identity import MEMORY
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.secrets import PREFIX_LENGTH, check_password, digest, hash_password, new_token
from standards_hub.kernel.access.values import (
    BODY_NAMES,
    ROLE_BODIES,
    Account,
    AccountPatch,
    HeldRole,
    NewAccount,
    NewGrant,
    NewToken,
    OwnPatch,
    Token,
)
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, NotSignedIn, Refused, Unmet
from standards_hub.kernel.events import Event
from standards_hub.kernel.http import expect
from standards_hub.kernel.messages import LANGUAGES, say
from standards_hub.kernel.work import Work

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,119}")
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+")
BodyCheck = Callable[[AsyncConnection, str], Awaitable[bool]]
BODY_CHECKS: dict[str, BodyCheck] = {}
"""How a higher room says whether a body of its kind exists; the composition root fills it."""


async def open_account(work: Work, given: NewAccount) -> Account:
    """Open an account. Raises `BadInput`, or `Conflict` where the login is taken."""
    work.actor.require("account.manage")
    login = given.login.strip().lower()
    _refuse(faults(given.name, given.language, given.email, login))
    if given.password is not None:
        check_password(given.password, login)
    await check_free(work, login)
    opened = Account(
        id=uuid4(), login=login, name=given.name.strip(), language=given.language, email=given.email, person_id=given.person_id,
        created_on=work.today,
    )  # fmt: skip
    hashed = await hash_password(given.password) if given.password is not None else None
    await work.append(opened, AccountOpened(login, opened.name, opened.language, opened.email, opened.person_id))
    if hashed is not None:
        await store_password(work, opened, hashed)
    return opened


async def change(work: Work, account_id: UUID, patch: AccountPatch, *, if_match: str | None = None) -> Account:
    """Change, close or reopen an account."""
    work.actor.require("account.manage")
    account = await repository.account(work.connection, account_id)
    expect(if_match, account.version)
    values = asdict(patch)
    active = values.pop("active")
    await _change(work, account, values)
    if active is False and account.active:
        await _close(work, account)
    elif active is True and not account.active:
        await _append(work, account, AccountReopened())
    return await repository.account(work.connection, account_id)


async def change_own(work: Work, patch: OwnPatch) -> Account:
    """Change one's own name, language or address."""
    work.actor.require("account.self")
    account = await repository.account(work.connection, own_id(work))
    await _change(work, account, asdict(patch))
    return await repository.account(work.connection, account.id)


async def _change(work: Work, account: Account, values: dict[str, Any]) -> None:
    if isinstance(values.get("login"), str):
        values["login"] = values["login"].strip().lower()
    if isinstance(values.get("name"), str):
        values["name"] = values["name"].strip()
    new = {name: value for name, value in values.items() if value is not UNSET and value != getattr(account, name)}
    if not new:
        return
    _refuse(faults(new.get("name", account.name), new.get("language", account.language), new.get("email"), new.get("login", account.login)))
    if "login" in new:
        await check_free(work, new["login"])
    await _append(work, account, AccountChanged(**new))


async def close(work: Work, account_id: UUID, reason: str = "") -> Account:
    """Close an account: its sessions end and its tokens stop. The last administrator's cannot be closed."""
    work.actor.require("account.manage")
    account = await repository.account(work.connection, account_id)
    if account.active:
        await _close(work, account, reason)
    return await repository.account(work.connection, account_id)


async def reopen(work: Work, account_id: UUID) -> Account:
    return await change(work, account_id, AccountPatch(active=True))


async def _close(work: Work, account: Account, reason: str = "") -> None:
    if account.administers(work.today):
        await _not_the_last(work, account)
    await _append(work, account, AccountClosed(reason))
    await _end_sessions(work, account.id)


async def grant_role(work: Work, account_id: UUID, given: NewGrant) -> HeldRole:
    """Grant a role in a body. One that has run out, or has other days, is replaced."""
    work.actor.require("account.manage")
    await _check_grant(work, given)
    account = await repository.account(work.connection, account_id)
    body = (given.body_kind, given.body_id)
    held = HeldRole(uuid4(), given.role, *body, given.since or work.today, given.until)
    before = next((g for g in account.grants if g.role == given.role and g.body == body), None)
    if before:
        if (before.since, before.until) == (held.since, held.until) or (
            given.since is None and before.until == held.until and before.in_force(work.today)
        ):
            raise Conflict(say("{name} 已是{role}", name=account.name, role=ROLE_NAMES[given.role]), code="exists")
        if account.administers(work.today) and given.role == "administrator" and not held.lasting(work.today):
            await _not_the_last(work, account)
        await _append(work, account, RoleRevoked(before.id, before.role, *before.body))
    await _append(work, account, RoleGranted(held.id, held.role, *body, held.since, held.until))
    return held


async def revoke_role(work: Work, account_id: UUID, grant_id: UUID) -> None:
    """Take a role away at once. The last administrator keeps it."""
    work.actor.require("account.manage")
    account = await repository.account(work.connection, account_id)
    held = next((g for g in account.grants if g.id == grant_id), None)
    if held is None:
        raise NotFound(say("{name} 没有这项角色", name=account.name))
    if held.role == "administrator" and account.administers(work.today):
        await _not_the_last(work, account)
    await _append(work, account, RoleRevoked(held.id, held.role, *held.body))


async def set_password(work: Work, account_id: UUID, password: str) -> None:
    """Set somebody's password; all their sessions end."""
    work.actor.require("account.manage")
    account = await repository.account(work.connection, account_id)
    check_password(password, account.login)
    await store_password(work, account, await hash_password(password))


async def store_password(work: Work, account: Account, hashed: str, *, keep: str | None = None) -> None:
    """Store a hash and end all sessions but the one of the hash `keep`."""
    table, values = repository.CREDENTIAL, {"hash": hashed, "changed_at": work.clock.now()}
    done = await work.connection.execute(sa.update(table).where(table.c.account_id == account.id).values(**values))
    if not done.rowcount:
        await work.connection.execute(sa.insert(table).values(account_id=account.id, **values))
    await _append(work, account, PasswordChanged())
    await _end_sessions(work, account.id, keep)


async def _end_sessions(work: Work, account_id: UUID, keep: str | None = None) -> None:
    query = sa.delete(repository.SESSION).where(repository.SESSION.c.account_id == account_id)
    await work.connection.execute(query.where(repository.SESSION.c.hash != keep) if keep else query)


async def issue_token(work: Work, given: NewToken, account_id: UUID | None = None) -> tuple[Token, str]:
    """Issue a token for oneself, or as an administrator for another; the second value is the token, told only now."""
    work.actor.require("account.manage" if account_id and account_id != work.actor.account else "account.self")
    account = await repository.account(work.connection, account_id or own_id(work))
    unmet = []
    if not 1 <= len(given.name.strip()) <= 100:
        unmet.append(Unmet("name", say("请填写名称，最多 {most} 字", most=100), "name"))
    if given.scope not in ("read", "write"):
        unmet.append(Unmet("scope", say("范围须为 read 或 write"), "scope"))
    if given.days is not None and not 1 <= given.days <= 3650:
        unmet.append(Unmet("days", say("有效期须为 1 至 {most} 天", most=3650), "days"))
    if unmet:
        raise BadInput(say("令牌信息有误"), unmet=unmet)
    if len(await repository.tokens(work.connection, account.id)) >= POLICY.most_tokens:
        raise Conflict(say("每个账号最多 {most} 个令牌，请先撤销不用的", most=POLICY.most_tokens), code="most-tokens")
    raw, now = new_token(), work.clock.now()
    token = Token(
        uuid4(), given.name.strip(), raw[:PREFIX_LENGTH], given.scope, now, now + timedelta(days=given.days) if given.days else None
    )
    await work.connection.execute(sa.insert(repository.TOKEN).values(**asdict(token), hash=digest(raw), account_id=account.id))
    await _append(work, account, TokenIssued(token.id, token.name, token.scope, token.expires_at))
    return token, raw


async def revoke_token(work: Work, token_id: UUID, account_id: UUID | None = None) -> None:
    """Revoke a token of one's own, or as an administrator another's."""
    work.actor.require("account.manage" if account_id and account_id != work.actor.account else "account.self")
    account = await repository.account(work.connection, account_id or own_id(work))
    token = next((t for t in await repository.tokens(work.connection, account.id) if t.id == token_id), None)
    if token is None:
        raise NotFound(say("没有这个令牌"))
    await work.connection.execute(sa.delete(repository.TOKEN).where(repository.TOKEN.c.id == token_id))
    await _append(work, account, TokenRevoked(token.id, token.name))


def own_id(work: Work) -> UUID:
    if work.actor.account is None:
        raise NotSignedIn(say("请先登录"))
    return work.actor.account


async def _append(work: Work, account: Account, event: Event) -> None:
    MEMORY.forget(account.id)
    await work.append(account, event)


async def check_free(work: Work, login: str) -> None:
    """Raise `Conflict` where a login is taken."""
    try:
        taken = await repository.account_by_login(work.connection, login)
    except NotFound:
        return
    raise Conflict(say("登录名 {login} 已被使用", login=taken.login), code="exists")


async def _not_the_last(work: Work, account: Account) -> None:
    if not await repository.other_administrators(work.connection, account.id, work.today):
        raise Refused(say("{name} 是最后一位系统管理员，请先指定另一位", name=account.name), code="last-administrator")


def faults(name: str, language: str, email: str | None, login: str) -> list[Unmet]:
    """Everything that is wrong with what an account says of its owner."""
    unmet = []
    if not LOGIN.fullmatch(login):
        unmet.append(Unmet("login", say("登录名由 2 至 120 个小写字母、数字或 . _ @ + - 组成，以字母或数字开头"), "login"))
    if not 1 <= len(name.strip()) <= 100:
        unmet.append(Unmet("name", say("请填写名称，最多 {most} 字", most=100), "name"))
    if language not in LANGUAGES:
        unmet.append(Unmet("language", say("语言须为 zh 或 en"), "language"))
    if email is not None and (len(email) > 254 or not EMAIL.fullmatch(email)):
        unmet.append(Unmet("email", say("电子邮箱格式有误"), "email"))
    return unmet


def _refuse(unmet: list[Unmet]) -> None:
    if unmet:
        raise BadInput(say("账号信息有误"), unmet=unmet)


async def _check_grant(work: Work, given: NewGrant) -> None:
    if given.role not in ROLE_BODIES:
        raise BadInput(say("没有这种角色"), unmet=[Unmet("role", say("可用的角色：{roles}", roles=sorted(ROLE_BODIES)), "role")])
    body = (given.body_kind, given.body_id)
    kind = ROLE_BODIES[given.role]
    if body != HUB:
        if given.body_kind != kind or kind == "hub":
            why = say("{role}只能在{kind}或全系统（hub，*）任职", role=ROLE_NAMES[given.role], kind=BODY_NAMES[kind])
            raise BadInput(say("任职的对象有误"), unmet=[Unmet("body_kind", why, "body_kind")])
        if not _is_uuid(given.body_id) or (kind in BODY_CHECKS and not await BODY_CHECKS[kind](work.connection, given.body_id)):
            raise BadInput(say("任职的对象有误"), unmet=[Unmet("body_id", say("没有这个{kind}", kind=BODY_NAMES[kind]), "body_id")])
    if given.until is not None and given.until < (given.since or work.today):
        raise BadInput(say("任期有误"), unmet=[Unmet("until", say("止日不能早于起日"), "until")])


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
