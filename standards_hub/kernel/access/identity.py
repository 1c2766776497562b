"""From a secret that came with a request to the actor behind it.

What was found is remembered for a few seconds in the process, so that a list read a hundred times a second does not ask
for the same grants a hundred times. A change made by this process is seen at once, one by another after `KEEP` seconds.
"""

import time
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.access import repository
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.secrets import TOKEN_MARK, digest
from standards_hub.kernel.clock import ZONE

KEEP = 10.0
MOST_KEPT = 5_000


class Identity(Struct, frozen=True):
    """Who a secret stands for, and how far: a session until it has been idle too long, a token in its scope."""

    actor: Actor
    hash: str
    day: date
    """The day whose roles these are."""
    kind: str
    """`session` or `token`"""
    writes: bool
    seen: datetime | None
    expires: datetime | None

    @property
    def accounts(self) -> set[UUID | None]:
        """Those whose changes it depends on: its own, and those it is a deputy of."""
        return {self.actor.account, *(grant.principal.account for grant in self.actor.grants if grant.principal)}

    def over(self, now: datetime) -> bool:
        idle = self.kind == "session" and self.seen is not None and now - self.seen > POLICY.idle
        return idle or (self.expires is not None and now >= self.expires)

    def untouched(self, now: datetime) -> bool:
        """Whether its last use should be recorded anew."""
        return self.seen is None or now - self.seen > POLICY.touch


class Memory:
    """What this process knows of recent secrets. A changed account is not remembered until its change is surely committed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Identity]] = {}
        self._changed: dict[UUID, float] = {}

    def get(self, hashed: str) -> Identity | None:
        found = self._kept.get(hashed)
        return found[1] if found and time.monotonic() - found[0] < KEEP else None

    def keep(self, identity: Identity) -> None:
        now = time.monotonic()
        if identity.actor.account is None or any(now - self._changed.get(a, -KEEP) < KEEP for a in identity.accounts if a):
            return
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[identity.hash] = (now, identity)

    def forget(self, account: UUID) -> None:
        """Something about the account is changing in a transaction that is not committed yet."""
        now = time.monotonic()
        self._changed = {id: at for id, at in self._changed.items() if now - at < KEEP} | {account: now}
        self._kept = {hashed: kept for hashed, kept in self._kept.items() if account not in kept[1].accounts}

    def drop(self, hashed: str) -> None:
        self._kept.pop(hashed, None)


MEMORY = Memory()


async def actor_for_token(connection: AsyncConnection, raw: str, now: datetime) -> Identity | None:
    """Who an API token stands for; nobody if it is unknown, expired, or its account is closed."""
    return await _identity(connection, "token", raw, now) if raw.startswith(TOKEN_MARK) else None


async def actor_for_session(connection: AsyncConnection, secret: str, now: datetime) -> Identity | None:
    """Who a session's secret stands for; nobody if it has ended."""
    return await _identity(connection, "session", secret, now)


def remembered(raw: str, now: datetime) -> Identity | None:
    """Who a secret stands for if this process asked a moment ago; no query."""
    found = MEMORY.get(digest(raw))
    return found if found and found.day == now.astimezone(ZONE).date() and not found.over(now) else None


async def _identity(connection: AsyncConnection, kind: str, raw: str, now: datetime) -> Identity | None:
    if kept := remembered(raw, now):
        return kept
    table = repository.SESSION if kind == "session" else repository.TOKEN
    found = await repository.holder(connection, table, digest(raw))
    if found is None:
        return None
    row, account = found
    actor = await repository.acting(connection, account, now.astimezone(ZONE).date())
    seen = row["last_seen"] if kind == "session" else row["last_used"]
    identity = Identity(
        actor, row["hash"], now.astimezone(ZONE).date(), kind, row.get("scope", "write") == "write", seen, row["expires_at"]
    )
    if identity.over(now):
        return None
    MEMORY.keep(identity)
    return identity


async def touch(connection: AsyncConnection, identity: Identity, now: datetime) -> None:
    """Record that a session or token was used just now. The caller commits."""
    session = identity.kind == "session"
    table = repository.SESSION if session else repository.TOKEN
    await connection.execute(sa.update(table).where(table.c.hash == identity.hash).values({"last_seen" if session else "last_used": now}))
    MEMORY.drop(identity.hash)
