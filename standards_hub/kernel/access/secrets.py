"""Passwords, session secrets and API tokens: made, hashed and compared here and nowhere else."""

import asyncio
import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from standards_hub.kernel.access.policy import POLICY, AccessPolicy
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say

HASHER = PasswordHasher()
TOKEN_MARK = "shub_"
PREFIX_LENGTH = len(TOKEN_MARK) + 6
CSRF_CHANCE = 16
"""Bytes of chance in each value of a form."""


def check_password(password: str, login: str, policy: AccessPolicy = POLICY) -> None:
    """Raise `BadInput` unless the password is long enough and is not the login."""
    unmet = []
    if len(password) < policy.password_length:
        unmet.append(Unmet("password.short", say("密码至少 {length} 个字符", length=policy.password_length), where="password"))
    if len(password) > policy.password_most:
        unmet.append(Unmet("password.long", say("密码最多 {length} 个字符", length=policy.password_most), where="password"))
    if password.strip().lower() in {login.lower(), login.lower().partition("@")[0]}:
        unmet.append(Unmet("password.login", say("密码不能与登录名相同"), where="password"))
    if unmet:
        raise BadInput(say("密码不符合要求"), unmet=unmet)


async def hash_password(password: str) -> str:
    """The Argon2id hash, computed in a thread: it takes tens of milliseconds on purpose."""
    return await asyncio.to_thread(HASHER.hash, password)


async def password_matches(hashed: str | None, password: str, policy: AccessPolicy = POLICY) -> bool:
    """Whether it is the password. Without a hash it takes just as long, so that nobody learns which logins exist."""
    if len(password) > policy.password_most:
        password, hashed = "", None
    return await asyncio.to_thread(_matches, hashed or _nobody(), password) and hashed is not None


def _matches(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password opens."""
    return HASHER.hash(secrets.token_hex())


def outdated(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(hashed)


def new_session() -> str:
    return secrets.token_urlsafe(32)


def new_token() -> str:
    return TOKEN_MARK + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret with 256 bits of chance; such a one needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(session: str) -> str:
    """A value that forms of a session carry; another site can neither read nor guess it.

    Each is another one, so that nobody finds it out by the length of packed pages that also repeat what an address says (BREACH).
    """
    return _csrf(session, secrets.token_hex(CSRF_CHANCE))


def csrf_matches(session: str, given: str) -> bool:
    """Whether it is one of the values of a session."""
    return hmac.compare_digest(_csrf(session, given[: 2 * CSRF_CHANCE]).encode(), given.encode())


def _csrf(session: str, chance: str) -> str:
    return chance + hmac.new(session.encode(), b"csrf" + chance.encode(), hashlib.sha256).hexdigest()
