"""The tables of access. Accounts and grants are projections of the log; secrets and their use are kept beside it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc
from standards_hub.kernel.events import projection


class AccountRow(SQLModel, table=True):
    """Somebody who can sign in. `login` is stored in lower case."""

    __tablename__ = "account"
    id: UUID = Field(primary_key=True)
    version: int
    login: str = Field(unique=True)
    name: str
    email: str | None = None
    language: str
    person_id: UUID | None = Field(default=None, index=True)
    active: bool
    created_on: date


class GrantRow(SQLModel, table=True):
    """A role that an account holds in a body, from `since` to `until`, both days included."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.UniqueConstraint("account_id", "role", "body_kind", "body_id"), sa.Index("grant_body", "body_kind", "body_id"))
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    role: str
    body_kind: str
    body_id: str
    since: date
    until: date | None = None


class DeputyRow(SQLModel, table=True):
    """Somebody who holds the roles of an account in its stead, from `since` to `until`, both days included."""

    __tablename__ = "deputy"
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    deputy_id: UUID = Field(foreign_key="account.id", index=True)
    body_kind: str | None = None
    """With `body_id`, the one body it is limited to."""
    body_id: str | None = None
    since: date
    until: date


class CredentialRow(SQLModel, table=True):
    """The password of an account, as its Argon2 hash. Never in the log."""

    __tablename__ = "credential"
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    hash: str
    changed_at: datetime = Field(sa_type=Utc)


class SessionRow(SQLModel, table=True):
    """A signed-in browser; the key is the SHA-256 of the secret in its cookie."""

    __tablename__ = "login_session"
    hash: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Utc)
    last_seen: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)
    address: str


class TokenRow(SQLModel, table=True):
    """A personal API token; `hash` is the SHA-256 of it, `prefix` the part by which its owner knows it again."""

    __tablename__ = "api_token"
    id: UUID = Field(primary_key=True)
    hash: str = Field(unique=True)
    prefix: str
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str
    scope: str
    """`read` or `write`; writing includes reading"""
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime | None = Field(default=None, sa_type=Utc)
    last_used: datetime | None = Field(default=None, sa_type=Utc)


class AttemptRow(SQLModel, table=True):
    """A sign-in that failed or is under way. The login is hashed, for people type passwords into the wrong field."""

    __tablename__ = "login_attempt"
    __table_args__ = (sa.Index("attempt_login", "login_hash", "at"), sa.Index("attempt_address", "address", "at"))
    id: UUID = Field(primary_key=True)
    login_hash: str
    address: str
    at: datetime = Field(sa_type=Utc, index=True)


class LetterRow(SQLModel, table=True):
    """A secret that was mailed to somebody, by its SHA-256: it sets a password once, until it expires."""

    __tablename__ = "account_letter"
    hash: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    purpose: str
    """`reset` or `invitation`"""
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)


projection(AccountRow, stream="account")
projection(GrantRow)
projection(DeputyRow)
