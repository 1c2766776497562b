"""Letters with which a password is set: for one that was forgotten, and for somebody who is invited.

The secret of a letter is stored as its hash, serves once and for a while, and stands nowhere else than in the mail. Who asks for a
letter learns nothing about which accounts there are: the same job is asked for, whether or not it finds anybody to write to.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from standards_hub.kernel import mail
from standards_hub.kernel.access import repository, service, signing_in
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM, Actor
from standards_hub.kernel.access.events import AccountInvited
from standards_hub.kernel.access.identity import MEMORY
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.secrets import check_password, digest, hash_password, new_session
from standards_hub.kernel.access.signing_in import SignedIn
from standards_hub.kernel.access.values import Account, NewAccount, NewInvitation
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.errors import BadInput, NotFound, Refused, Unmet
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Hub, Work

PATHS = {"reset": "/reset/", "invitation": "/invitation/"}


async def ask(hub: Hub, who: str, address: str, base: str) -> None:
    """Ask for a letter to whoever has this login or address. Raises `TooMany`, for people and machines that ask on and on."""
    if not who.strip():
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("required", say("请填写"), "who")])
    await signing_in.ask_sparingly(hub, who, address, POLICY)
    async with hub.work(SYSTEM) as work:
        found = await repository.called(work.connection, who)
        await work.enqueue("access.forgotten", {"accounts": [str(account.id) for account in found], "base": base})
        await work.commit()


@job("access.forgotten", say("寄出重设密码的邮件"))
async def write_to(work: Work, accounts: Sequence[str], base: str) -> None:
    """Write to those who have forgotten a password; those without an address cannot be reached."""
    for account in await repository.by_ids(work.connection, [UUID(id) for id in accounts]):
        if not account.active or not account.email:
            continue
        secret = await _issue(work, account, "reset", timedelta(hours=POLICY.reset_hours))
        body = say(
            "{name}，您好：\n\n有人（应是您本人）请求为登录名 {login} 重设密码。请于 {hours} 小时内打开此链接设置新密码，链接只能用一次：\n\n{link}\n\n"
            "若不是您本人，请不必理会，密码不会改变。",
            name=account.name, login=account.login, hours=POLICY.reset_hours, link=f"{base}{PATHS['reset']}{secret}",
        )  # fmt: skip
        await _send(work, account, say("标准全程：重设密码"), body, secret)


async def invite(work: Work, given: NewInvitation, base: str) -> tuple[Account, str]:
    """Open an account with its roles and write to its owner. The second value is the link, told only now."""
    if not given.email.strip():
        raise BadInput(say("账号信息有误"), unmet=[Unmet("email", say("请填写邮箱，邀请寄往此处"), "email")])
    opened = await service.open_account(
        work, NewAccount(login=given.login, name=given.name, language=given.language, email=given.email.strip(), person_id=given.person_id)
    )
    for grant in given.grants:
        await service.grant_role(work, opened.id, grant)
    return await invite_again(work, opened.id, base)


async def invite_again(work: Work, account_id: UUID, base: str) -> tuple[Account, str]:
    """Write to somebody who has set no password yet; the letter of before no longer serves."""
    work.actor.require("account.manage")
    account = await repository.account(work.connection, account_id)
    if await repository.has_password(work.connection, account.id):
        raise Refused(say("{name} 已设过密码；忘记时可在登录页自行重设", name=account.name), code="has-password")
    if not account.active:
        raise Refused(say("账号 {login} 已停用，请先恢复", login=account.login), code="closed")
    if not account.email:
        raise Refused(say("{name} 没有登记邮箱，请先填写", name=account.name), code="no-address")
    secret = await _issue(work, account, "invitation", timedelta(days=POLICY.invitation_days))
    link, until = f"{base}{PATHS['invitation']}{secret}", work.clock.now() + timedelta(days=POLICY.invitation_days)
    body = say(
        "{name}，您好：\n\n{by}邀请您使用标准全程，登录名为 {login}。请于 {until} 前打开此链接设置密码，链接只能用一次：\n\n{link}",
        name=account.name, by=work.actor.name or say("系统管理员"), login=account.login, link=link,
        until=until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
    await work.append(account, AccountInvited(until))
    await _send(work, account, say("标准全程：邀请您使用"), body, secret)
    return account, link


async def addressee(hub: Hub, secret: str, purpose: str) -> Account:
    """Whose letter it is. Raises `NotFound` for one that was used, has expired or never was."""
    async with hub.reading(PUBLIC) as work:
        return await _addressee(work, secret, purpose)


async def _addressee(work: Work, secret: str, purpose: str) -> Account:
    account = await repository.letter(work.connection, digest(secret), purpose, work.clock.now())
    if account is None:
        raise NotFound(say("链接无效：可能已用过、已过期，或没有完整复制"), code="letter-void")
    return account


async def use(hub: Hub, secret: str, purpose: str, password: str, address: str) -> SignedIn:
    """Set the password with a letter, which then serves no more, and sign in; all former sessions end."""
    account = await addressee(hub, secret, purpose)
    check_password(password, account.login)
    hashed = await hash_password(password)
    async with hub.work(Actor(account=account.id, name=account.name, language=account.language)) as work:
        await _spend(work, secret, account, purpose)
        await service.store_password(work, await repository.account(work.connection, account.id), hashed)
        session = await signing_in.open_session(work.connection, account.id, address, work.clock.now())
        await work.commit()
    MEMORY.forget(account.id)
    return session


async def _spend(work: Work, secret: str, account: Account, purpose: str) -> None:
    """End the letter and every other of the account: of two readers at once, one has it."""
    own = sa.delete(repository.LETTER).where(repository.LETTER.c.hash == digest(secret))
    if (await work.connection.execute(own)).rowcount != 1:
        await _addressee(work, "", purpose)
    await work.connection.execute(sa.delete(repository.LETTER).where(repository.LETTER.c.account_id == account.id))


async def _issue(work: Work, account: Account, purpose: str, serves: timedelta) -> str:
    """A new secret; the account's former one for the same purpose ends, and with it all that have expired."""
    table, now, secret = repository.LETTER, work.clock.now(), new_session()
    former = sa.and_(table.c.account_id == account.id, table.c.purpose == purpose)
    await work.connection.execute(sa.delete(table).where(sa.or_(former, table.c.expires_at <= now)))
    row = {"hash": digest(secret), "account_id": account.id, "purpose": purpose, "created_at": now, "expires_at": now + serves}
    await work.connection.execute(sa.insert(table).values(**row))
    return secret


async def _send(work: Work, account: Account, subject: Message, body: Message, secret: str) -> None:
    language = account.language
    await mail.enqueue(work, account.email, subject.into(language), body.into(language), key=f"letter:{digest(secret)}", secret=secret)
