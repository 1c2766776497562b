"""Signing in and out, and what slows down whoever tries passwords.

These functions are given the hub, not a unit of work: a failed attempt must be kept although the request fails, and no
transaction may be open while a password is hashed, or every writer of an embedded database would wait for it.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access import repository
from standards_hub.kernel.access.actor import PUBLIC, Actor
from standards_hub.kernel.access.identity import MEMORY
from standards_hub.kernel.access.models import AttemptRow
from standards_hub.kernel.access.policy import POLICY, AccessPolicy
from standards_hub.kernel.access.secrets import check_password, csrf_of, digest, hash_password, new_session, outdated, password_matches
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.errors import BadInput, NotSignedIn, TooMany, Unmet
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Hub, Work

ATTEMPT = table_of(AttemptRow)
ATTEMPT_LOCK = 0x5348_0004
TOO_MANY = say("登录失败次数过多，请于 {time} 后再试")
HOME_BITS = 64
"""Of an IPv6 address, what one customer of a network is given: the rest is theirs to choose anew for every attempt."""
log = structlog.get_logger(__name__)


class SignedIn(Struct, frozen=True):
    """A new session. `secret` goes into the cookie and is stored nowhere."""

    account_id: UUID
    secret: str
    csrf: str
    expires_at: datetime


async def sign_in(hub: Hub, login: str, password: str, address: str, *, policy: AccessPolicy = POLICY) -> SignedIn:
    """Open a session. Raises `NotSignedIn`, or `TooMany` with the time from which to try again."""
    account_id, hashed = await _prove(hub, login, password, address, policy)
    fresh = await hash_password(password) if outdated(hashed) else None
    async with hub.database.write() as connection:
        session = await open_session(connection, account_id, address, hub.clock.now(), policy)
        if fresh:
            where = repository.CREDENTIAL.c.account_id == account_id
            await connection.execute(sa.update(repository.CREDENTIAL).where(where).values(hash=fresh))
        await connection.commit()
    return session


async def open_session(
    connection: AsyncConnection, account_id: UUID, address: str, now: datetime, policy: AccessPolicy = POLICY
) -> SignedIn:
    """A session for somebody who has proved who they are. The caller commits."""
    secret, expires, table = new_session(), now + timedelta(hours=policy.session_hours), repository.SESSION
    await connection.execute(sa.delete(table).where(table.c.expires_at <= now))
    row = {"hash": digest(secret), "account_id": account_id, "created_at": now, "last_seen": now, "expires_at": expires, "address": address}
    await connection.execute(sa.insert(table).values(**row))
    return SignedIn(account_id, secret, csrf_of(secret), expires)


async def end_sessions(work: Work, *, id: str | None = None, keep: str | None = None) -> int:
    """End one of one's own sessions by its id, or all but the one of the secret `keep`. Tells how many ended."""
    work.actor.require("account.self")
    account_id, table = _account(work.actor), repository.SESSION
    query = sa.delete(table).where(table.c.account_id == account_id)
    if id is not None:
        query = query.where(sa.func.substr(table.c.hash, 1, repository.SESSION_ID) == id)
    elif keep:
        query = query.where(table.c.hash != digest(keep))
    ended = (await work.connection.execute(query)).rowcount
    MEMORY.forget(account_id)
    return ended


async def sign_out(hub: Hub, secret: str) -> None:
    """End a session; nothing happens if it has ended."""
    async with hub.database.write() as connection:
        await connection.execute(sa.delete(repository.SESSION).where(repository.SESSION.c.hash == digest(secret)))
        await connection.commit()
    MEMORY.drop(digest(secret))


async def change_own_password(hub: Hub, actor: Actor, old: str, new: str, address: str, *, keep: str | None = None) -> None:
    """Set one's own password, after proving the old one; all sessions but the one of the secret `keep` end."""
    from standards_hub.kernel.access.service import store_password

    actor.require("account.self")
    async with hub.reading(PUBLIC) as reading:
        account = await repository.account(reading.connection, _account(actor))
    check_password(new, account.login)
    try:
        await _prove(hub, account.login, old, address, POLICY)
    except NotSignedIn as error:
        raise BadInput(say("原密码不正确"), unmet=[Unmet("password.old", say("请输入现在使用的密码"), "old")]) from error
    hashed = await hash_password(new)
    async with hub.work(actor) as work:
        await store_password(work, await repository.account(work.connection, account.id), hashed, keep=digest(keep) if keep else None)
        await work.commit()


def _account(actor: Actor) -> UUID:
    if actor.account is None:
        raise NotSignedIn(say("请先登录"))
    return actor.account


async def _prove(hub: Hub, login: str, password: str, address: str, policy: AccessPolicy) -> tuple[UUID, str]:
    """The account and its password hash, if the password is right; each failure counts against login and address."""
    login, place = login.strip().lower(), _place(address)
    try:
        attempt = await _reserve(hub, login, place, policy)
    except TooMany:
        async with hub.database.read() as connection:
            known = await repository.credential(connection, login)
        log.warning("sign-in slowed down", login=login if known else None, address=address)  # an unknown login may be a password
        raise
    async with hub.database.read() as connection:
        found = await repository.credential(connection, login)
    if not await password_matches(found[1] if found else None, password, policy) or found is None:
        raise NotSignedIn(say("登录名或密码不正确"), code="wrong-password")
    async with hub.database.write() as connection:
        failed = sa.and_(ATTEMPT.c.login_hash == digest(login), ATTEMPT.c.address == place)
        await connection.execute(sa.delete(ATTEMPT).where(sa.or_(ATTEMPT.c.id == attempt, failed)))
        await connection.commit()
    return found


def _place(address: str) -> str:
    """Against what failures from an address count: itself, or the network that an IPv6 address was chosen from."""
    try:
        known = ip_address(address)
    except ValueError:  # a socket, or no address at all
        return address
    return address if known.version == 4 else str(ip_network((known, HOME_BITS), strict=False))


async def ask_sparingly(hub: Hub, who: str, address: str, policy: AccessPolicy) -> None:
    """Count an ask for a letter against whom it is for and where it comes from. Raises `TooMany`."""
    asking = structs.replace(policy, login_failures_anywhere=policy.forgotten_asks, address_failures=policy.forgotten_from_address)
    await _reserve(hub, f"forgotten:{who.strip().lower()}", f"forgotten:{_place(address)}", asking, say("索取次数过多，请于 {time} 后再试"))


async def count_ask(hub: Hub, what: str, address: str, most: int, refusal: Message) -> None:
    """Count what somebody without an account asks for against the address it comes from. Raises `TooMany` at `most` within the window."""
    allowed, key = structs.replace(POLICY, login_failures=most, address_failures=most), f"{what}:{_place(address)}"
    await _reserve(hub, key, key, allowed, refusal, code="too-many")


async def _reserve(
    hub: Hub, login: str, address: str, policy: AccessPolicy, refusal: Message = TOO_MANY, code: str = "too-many-logins"
) -> UUID:
    """Count the attempt as a failure before the password is looked at, so that many at once do not slip through."""
    now, id = hub.clock.now(), uuid4()
    since = now - policy.window
    async with hub.database.write() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": ATTEMPT_LOCK})
        await connection.execute(sa.delete(ATTEMPT).where(ATTEMPT.c.at <= since))
        same_login, same_address = ATTEMPT.c.login_hash == digest(login), ATTEMPT.c.address == address
        bounds = (
            (sa.and_(same_login, same_address), policy.login_failures),
            (same_login, policy.login_failures_anywhere),
            (same_address, policy.address_failures),
        )
        waits = [until for where, most in bounds if (until := await _blocked_until(connection, where, most, policy))]
        if waits:
            again = max(waits)
            refused = TooMany(structs.replace(refusal, values={"time": again.astimezone(ZONE).strftime("%H:%M:%S")}), code=code)
            refused.retry_after = ceil((again - now).total_seconds())
            raise refused
        await connection.execute(sa.insert(ATTEMPT).values(id=id, login_hash=digest(login), address=address, at=now))
        await connection.commit()
    return id


async def _blocked_until(connection: AsyncConnection, where: sa.ColumnElement[bool], most: int, policy: AccessPolicy) -> datetime | None:
    """When the oldest failure that fills the allowance leaves the window; none while there is allowance left."""
    oldest = (
        await connection.execute(sa.select(ATTEMPT.c.at).where(where).order_by(ATTEMPT.c.at.desc()).offset(most - 1).limit(1))
    ).scalar()
    return oldest + policy.window if oldest else None
