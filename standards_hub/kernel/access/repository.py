"""Every query of access."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import frequent
from standards_hub.kernel.access.actor import HUB, Actor, Body, Grant, Principal
from standards_hub.kernel.access.models import AccountRow, CredentialRow, DeputyRow, GrantRow, LetterRow, SessionRow, TokenRow
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.values import Account, Deputy, HeldRole, Session, Token
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.frequent import Question
from standards_hub.kernel.messages import say

ACCOUNT, GRANT, CREDENTIAL = table_of(AccountRow), table_of(GrantRow), table_of(CredentialRow)
SESSION, TOKEN, LETTER, DEPUTY = table_of(SessionRow), table_of(TokenRow), table_of(LetterRow), table_of(DeputyRow)
ADMINISTRATOR_LOCK = 0x5348_0003
SESSION_ID = 16
MOST_OF_ADDRESS = 20
"""Accounts that one address may stand for when its owner has forgotten a password."""
ON = sa.bindparam("on", type_=sa.Date)
IN_FORCE = (GRANT.c.since <= ON, sa.or_(GRANT.c.until.is_(None), GRANT.c.until >= ON))
ACTING = ACCOUNT.alias("acting")
STANDING_IN = (
    sa.select(DEPUTY, ACCOUNT.c.name.label("account"), ACTING.c.name.label("deputy"))
    .join(ACCOUNT, ACCOUNT.c.id == DEPUTY.c.account_id)
    .join(ACTING, ACTING.c.id == DEPUTY.c.deputy_id)
    .where(DEPUTY.c.since <= ON, DEPUTY.c.until >= ON, ACCOUNT.c.active, ACTING.c.active)
    .subquery("standing_in")
)
"""Who acts for whom on a day, where both accounts are in use."""
LENT = (
    sa.select(STANDING_IN, GRANT)
    .join(GRANT, GRANT.c.account_id == STANDING_IN.c.account_id)
    .where(STANDING_IN.c.deputy_id == sa.bindparam("by", type_=sa.Uuid), *IN_FORCE)
    .order_by(STANDING_IN.c.since, STANDING_IN.c.id, GRANT.c.role, GRANT.c.body_kind, GRANT.c.body_id)
)
HOLDING = (
    sa.select(GRANT.c.account_id, GRANT.c.body_kind, GRANT.c.body_id)
    .join(ACCOUNT, ACCOUNT.c.id == GRANT.c.account_id)
    .where(ACCOUNT.c.active, among(GRANT.c.role, "roles"), among(GRANT.c.body_id, "bodies"))
)
ON_DUTY: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(STANDING_IN, GRANT, ACCOUNT.c.name.label("called"))
    .select_from(GRANT)
    .join(ACCOUNT, ACCOUNT.c.id == GRANT.c.account_id)
    .outerjoin(STANDING_IN, STANDING_IN.c.account_id == GRANT.c.account_id)
    .where(ACCOUNT.c.active, among(GRANT.c.role, "roles"), among(GRANT.c.body_id, "bodies"), *IN_FORCE),
    sa.select(
        *(sa.null() for _ in STANDING_IN.c), *(ACCOUNT.c.id if column is GRANT.c.account_id else sa.null() for column in GRANT.c), ACCOUNT.c.name
    ).where(among(ACCOUNT.c.id, "named")),
)  # fmt: skip
"""Who holds some roles in some bodies on a day and who stands in for them; and after them accounts that are only to be named."""
BY_IDS = sa.select(ACCOUNT).where(among(ACCOUNT.c.id, "ids")).order_by(ACCOUNT.c.login)


async def account(connection: AsyncConnection, id: UUID) -> Account:
    """An account with its grants. Raises `NotFound`."""
    return await _one(connection, ACCOUNT.c.id == id, str(id))


async def account_by_login(connection: AsyncConnection, login: str) -> Account:
    return await _one(connection, ACCOUNT.c.login == login.strip().lower(), login)


async def _one(connection: AsyncConnection, where: sa.ColumnElement[bool], wanted: str) -> Account:
    row = (await connection.execute(sa.select(ACCOUNT).where(where))).first()
    if row is None:
        raise NotFound(say("没有账号 {account}", account=wanted[:80]))
    return (await _with_grants(connection, [row._mapping]))[0]


async def by_ids(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Account]:
    """The accounts of these ids, by login, without their grants."""
    return [Account(**dict(zip(ACCOUNT.c.keys(), row, strict=True))) for row in await frequent.rows(connection, BY_IDS, {"ids": set(ids)})]


async def listing(
    connection: AsyncConnection, *, q: str | None = None, active: bool | None = None, after: str | None = None, limit: int = 50
) -> list[Account]:
    """Accounts in the order of their logins, with their grants; `after` is the last login of the page before."""
    query = sa.select(ACCOUNT).order_by(ACCOUNT.c.login).limit(limit)
    if after:
        query = query.where(ACCOUNT.c.login > after)
    if active is not None:
        query = query.where(ACCOUNT.c.active == active)
    if q:
        query = query.where(ACCOUNT.c.login.contains(q.lower(), autoescape=True) | ACCOUNT.c.name.contains(q, autoescape=True))
    return await _with_grants(connection, [row._mapping for row in await connection.execute(query)])


async def _with_grants(connection: AsyncConnection, rows: list[Any]) -> list[Account]:
    held: dict[UUID, list[HeldRole]] = {row["id"]: [] for row in rows}
    query = sa.select(GRANT).where(GRANT.c.account_id.in_(list(held))).order_by(GRANT.c.role, GRANT.c.body_kind, GRANT.c.body_id)
    for row in await connection.execute(query) if held else ():
        values = dict(row._mapping)
        held[values.pop("account_id")].append(HeldRole(**values))
    return [Account(**row, grants=held[row["id"]]) for row in rows]


async def acting(connection: AsyncConnection, account: Account, on: date) -> Actor:
    """The account at work on a day, with its roles and those it holds as a deputy: one query more."""
    return actor_of(account, on, await _lent(connection, account.id, on))


async def _lent(connection: AsyncConnection, account_id: UUID, on: date) -> list[Grant]:
    """The roles that others lend to an account on a day. Only what they hold themselves: a deputy has no deputy."""
    rows = [_lending(row) for row in await connection.execute(LENT, {"by": account_id, "on": on})]
    return [Grant(held.role, body, Principal(one.account_id, one.account)) for one, _, held in rows if one and (body := one.lent(held))]


def _lending(row: frequent.Row) -> tuple[Deputy | None, UUID, HeldRole]:
    """Who stands in, if anybody does; who holds a role, and the role: a row of `STANDING_IN` and `GRANT`."""
    width = len(STANDING_IN.c)
    own = dict(zip(STANDING_IN.c.keys(), row[:width], strict=True))
    held = dict(zip(GRANT.c.keys(), row[width:], strict=True))
    return Deputy(**own) if own["id"] else None, held.pop("account_id"), HeldRole(**held)


async def deputies(connection: AsyncConnection, *, of: UUID | None = None, by: UUID | None = None, id: UUID | None = None) -> list[Deputy]:
    """Who acts for an account (`of`), or for whom it acts (`by`), or one by its id; past ones too, the latest first."""
    principal, deputy = ACCOUNT.alias("principal"), ACCOUNT.alias("acting")
    query = (
        sa.select(DEPUTY, principal.c.name.label("account"), deputy.c.name.label("deputy"))
        .join(principal, principal.c.id == DEPUTY.c.account_id).join(deputy, deputy.c.id == DEPUTY.c.deputy_id)
        .order_by(DEPUTY.c.until.desc(), DEPUTY.c.id)
    )  # fmt: skip
    for column, value in ((DEPUTY.c.account_id, of), (DEPUTY.c.deputy_id, by), (DEPUTY.c.id, id)):
        query = query.where(column == value) if value else query
    return [Deputy(**row._mapping) for row in await connection.execute(query.limit(200))]


def actor_of(account: Account, on: date, lent: Iterable[Grant] = ()) -> Actor:
    """The account at work, with the roles it holds on a day and those lent to it."""
    grants = (*(Grant(g.role, g.body) for g in account.grants if g.in_force(on)), *lent)
    return Actor(account=account.id, name=account.name, grants=grants, person=account.person_id, language=account.language)


async def actor_for_login(connection: AsyncConnection, login: str, on: date | None = None) -> Actor:
    """The actor of a login, for the operator's command line; on the business day `on`. Raises `NotFound`."""
    found = await account_by_login(connection, login)
    if not found.active:
        raise NotFound(say("账号 {login} 已停用", login=found.login))
    return await acting(connection, found, on or date.today())


async def actor_for_id(connection: AsyncConnection, id: UUID, on: date) -> Actor:
    """The actor of an account, for a job that does what somebody asked for. Raises `NotFound` once it is closed."""
    found = await account(connection, id)
    if not found.active:
        raise NotFound(say("账号 {login} 已停用", login=found.login))
    return await acting(connection, found, on)


async def holding(connection: AsyncConnection, roles: set[str], bodies: set[Body], on: date | None = None) -> set[UUID]:
    """The active accounts that hold one of the roles in one of the bodies or in the hub; on a day where one is given, deputies too."""
    if not roles:
        return set()
    wanted = bodies | {HUB}
    values = {"roles": sorted(roles), "bodies": sorted({id for _, id in wanted})}
    if on is None:
        return {account for account, kind, id in await frequent.rows(connection, HOLDING, values) if (kind, id) in wanted}
    return set((await frequent.asked(connection, on_duty(roles, bodies, on)))[0])


def on_duty(roles: set[str], bodies: set[Body], on: date, named: Iterable[UUID] = ()) -> Question[tuple[dict[UUID, str], dict[UUID, str]]]:
    """The same with their names; and with them what the accounts `named` are called."""
    wanted = bodies | {HUB}
    values = {"roles": sorted(roles), "bodies": sorted({id for _, id in wanted}), "on": on, "named": set(named)}

    def read(rows: Iterable[frequent.Row]) -> tuple[dict[UUID, str], dict[UUID, str]]:
        holders: dict[UUID, str] = {}
        others: dict[UUID, str] = {}
        for *row, name in rows:
            deputy, account, held = _lending(row)
            if held.role is None:
                others[account] = name
                continue
            if held.body in wanted:
                holders[account] = name
            if deputy and deputy.lent(held) in wanted:  # what is lent is held there, or in the hub
                holders[deputy.deputy_id] = deputy.deputy
        return holders, others

    return Question(ON_DUTY, values, read)


async def with_roles_in(connection: AsyncConnection, body: Body) -> list[Account]:
    """The accounts that hold any role in a body, open or closed, with all their grants."""
    holding = sa.select(GRANT.c.account_id).where(GRANT.c.body_kind == body[0], GRANT.c.body_id == body[1])
    rows = await connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.id.in_(holding)).order_by(ACCOUNT.c.login))
    return await _with_grants(connection, [row._mapping for row in rows])


async def deputies_in(connection: AsyncConnection, body: Body, on: date) -> list[Deputy]:
    """Who stands in for somebody in one body alone, on a day or after it."""
    query = sa.select(DEPUTY).where(DEPUTY.c.body_kind == body[0], DEPUTY.c.body_id == body[1], DEPUTY.c.until >= on).order_by(DEPUTY.c.id)
    return [Deputy(**row._mapping, account="", deputy="") for row in await connection.execute(query)]


async def other_administrators(connection: AsyncConnection, account_id: UUID, on: date) -> int:
    """How many others administer the hub with no last day; on PostgreSQL nobody else may ask until this transaction ends."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADMINISTRATOR_LOCK})
    query = (
        sa.select(sa.func.count(sa.distinct(GRANT.c.account_id))).join(ACCOUNT, ACCOUNT.c.id == GRANT.c.account_id)
        .where(ACCOUNT.c.active, ACCOUNT.c.id != account_id, GRANT.c.role == "administrator", GRANT.c.since <= on, GRANT.c.until.is_(None))
        .where(GRANT.c.body_kind == HUB[0], GRANT.c.body_id == HUB[1])
    )  # fmt: skip
    return int((await connection.execute(query)).scalar_one())


async def credential(connection: AsyncConnection, login: str) -> tuple[UUID, str] | None:
    """The account and password hash of a login that may sign in."""
    query = sa.select(ACCOUNT.c.id, CREDENTIAL.c.hash).join(CREDENTIAL, CREDENTIAL.c.account_id == ACCOUNT.c.id)
    row = (await connection.execute(query.where(ACCOUNT.c.login == login.strip().lower(), ACCOUNT.c.active))).first()
    return (row[0], row[1]) if row else None


async def called(connection: AsyncConnection, who: str) -> list[Account]:
    """The active accounts of a login or an address, without their grants."""
    wanted = who.strip().lower()
    query = sa.select(ACCOUNT).where(ACCOUNT.c.active, sa.or_(ACCOUNT.c.login == wanted, sa.func.lower(ACCOUNT.c.email) == wanted))
    return [Account(**row._mapping) for row in await connection.execute(query.order_by(ACCOUNT.c.login).limit(MOST_OF_ADDRESS))]


async def has_password(connection: AsyncConnection, account_id: UUID) -> bool:
    query = sa.select(CREDENTIAL.c.account_id).where(CREDENTIAL.c.account_id == account_id)
    return (await connection.execute(query)).first() is not None


async def letter(connection: AsyncConnection, hashed: str, purpose: str, now: datetime) -> Account | None:
    """Whose letter it is, while it serves."""
    query = sa.select(ACCOUNT).join(LETTER, LETTER.c.account_id == ACCOUNT.c.id)
    query = query.where(LETTER.c.hash == hashed, LETTER.c.purpose == purpose, LETTER.c.expires_at > now, ACCOUNT.c.active)
    row = (await connection.execute(query)).first()
    return (await _with_grants(connection, [row._mapping]))[0] if row else None


async def invited_until(connection: AsyncConnection, account_id: UUID) -> datetime | None:
    """Until when the last invitation of an account serves, or served."""
    query = sa.select(sa.func.max(LETTER.c.expires_at)).where(LETTER.c.account_id == account_id, LETTER.c.purpose == "invitation")
    found: datetime | None = (await connection.execute(query)).scalar()
    return found


async def sessions(connection: AsyncConnection, account_id: UUID, now: datetime, own: str = "") -> list[Session]:
    """The sessions of an account that have not ended, the latest used first; `own` is the hash of the one that asks."""
    t = SESSION.c
    query = sa.select(t.hash, t.created_at, t.last_seen, t.expires_at, t.address).where(t.account_id == account_id, t.expires_at > now)
    query = query.where(t.last_seen > now - POLICY.idle).order_by(t.last_seen.desc(), t.hash)
    rows = await connection.execute(query)
    return [Session(r.hash[:SESSION_ID], r.created_at, r.last_seen, r.expires_at, r.address, r.hash == own) for r in rows]


async def holder(connection: AsyncConnection, table: sa.Table, hashed: str) -> tuple[Mapping[str, Any], Account] | None:
    """The session or token of a hash, with its account and grants: two queries."""
    query = sa.select(table, ACCOUNT).join(ACCOUNT, ACCOUNT.c.id == table.c.account_id).where(table.c.hash == hashed, ACCOUNT.c.active)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    own, of_account = row[: len(table.c)], row[len(table.c) :]
    found = await _with_grants(connection, [dict(zip((c.name for c in ACCOUNT.c), of_account, strict=True))])
    return dict(zip((c.name for c in table.c), own, strict=True)), found[0]


async def tokens(connection: AsyncConnection, account_id: UUID) -> list[Token]:
    """The tokens of an account, newest first."""
    columns = [TOKEN.c[name] for name in Token.__struct_fields__]
    rows = await connection.execute(
        sa.select(*columns).where(TOKEN.c.account_id == account_id).order_by(TOKEN.c.created_at.desc(), TOKEN.c.id)
    )
    return [Token(**row._mapping) for row in rows]
