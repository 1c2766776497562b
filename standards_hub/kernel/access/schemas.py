"""What goes in and out of the doors of access."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.access.actor import ROLE_NAMES, Actor, Permission, permissions
from standards_hub.kernel.access.values import Account, Deputy, HeldRole, Password, Token
from standards_hub.kernel.http import Said


class SignIn(Struct, forbid_unknown_fields=True):
    login: str
    password: Password


class PasswordChange(Struct, forbid_unknown_fields=True):
    old: Password
    new: Password


class PasswordReset(Struct, forbid_unknown_fields=True):
    password: Password


class GrantOut(Struct):
    """A role held in a body."""

    id: UUID
    role: str
    role_name: Said
    body_kind: str
    body_id: str
    since: date
    until: date | None

    @classmethod
    def of(cls, held: HeldRole) -> "GrantOut":
        return cls(held.id, held.role, Said.of(ROLE_NAMES[held.role]), held.body_kind, held.body_id, held.since, held.until)


class AccountOut(Struct):
    """An account with the roles it holds, held or will hold."""

    id: UUID
    version: int
    login: str
    name: str
    language: str
    email: str | None
    person_id: UUID | None
    active: bool
    created_on: date | None
    grants: list[GrantOut]

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        return cls(
            account.id, account.version, account.login, account.name, account.language, account.email, account.person_id,
            account.active, account.created_on, [GrantOut.of(held) for held in account.grants],
        )  # fmt: skip


class DeputiesOut(Struct):
    """Who acts for the caller, and for whom the caller acts, now or later."""

    named: list[Deputy]
    acting_for: list[Deputy]


class MeOut(Struct):
    """Who is signed in, and what they may do somewhere; `csrf` is the value that changes by a browser must carry."""

    account: AccountOut
    permissions: list[str]
    csrf: str | None = None

    @classmethod
    def of(cls, account: Account, actor: Actor, csrf: str | None) -> "MeOut":
        return cls(AccountOut.of(account), [name for name in permissions() if actor.may(name)], csrf)


class SessionOut(Struct):
    """A new session; its secret is in the cookie only."""

    account_id: UUID
    csrf: str
    expires_at: datetime


class TokenOut(Struct):
    """A new token. This is the only time that `secret` is told."""

    token: Token
    secret: str


class PermissionOut(Struct):
    """A row of the table of permissions."""

    permission: str
    name: Said
    roles: list[str]
    signed_in: bool
    everyone: bool
    mine: bool

    @classmethod
    def of(cls, name: str, rule: Permission, actor: Actor) -> "PermissionOut":
        return cls(name, Said.of(rule.name), list(rule.roles), rule.signed_in, rule.everyone, actor.may(name))
