"""Accounts and what they hold, as values; and which role may be held in which kind of body."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from standards_hub.kernel.access.actor import HUB, Body
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Subject

ROLE_BODIES = {
    "secretary": "committee",
    "member": "committee",
    "drafter": "standard",
    "project_manager": "project",
    "lab_staff": "organisation",
    "officer": "organisation",
    "department": "organisation",
    "administrator": "hub",
}
"""The kind of body each role is held in; any role may also be held in the hub, and then counts everywhere."""

BODY_NAMES = {
    "hub": Name("全系统", "the whole hub"),
    "committee": Name("技术委员会", "committee"),
    "standard": Name("标准", "standard"),
    "project": Name("科技项目", "science project"),
    "organisation": Name("单位", "organisation"),
}


Password = Annotated[str, Meta(extra={"verbatim": True})]
"""No space of it is taken away, on a page as little as by the API: else what is set by one does not open the other."""


class HeldRole(Struct, frozen=True):
    """A role held in a body from `since` to `until`, both days included."""

    id: UUID
    role: str
    body_kind: str
    body_id: str
    since: date
    until: date | None = None

    @property
    def body(self) -> Body:
        return (self.body_kind, self.body_id)

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    def lasting(self, on: date) -> bool:
        return self.since <= on and self.until is None


class Deputy(Struct, frozen=True):
    """That one account stands in for another, in all of its roles or those in one body. Both days are included."""

    id: UUID
    account_id: UUID
    account: str
    """The name of who is acted for."""
    deputy_id: UUID
    deputy: str
    """The name of who acts."""
    since: date
    until: date
    body_kind: str | None = None
    body_id: str | None = None

    @property
    def body(self) -> Body | None:
        return (self.body_kind, self.body_id) if self.body_kind and self.body_id else None

    def in_force(self, on: date) -> bool:
        return self.since <= on <= self.until

    def lent(self, held: HeldRole) -> Body | None:
        """Where the deputy holds a role of the account: nowhere if it is not lent, narrowed where the period is limited to one body.

        The administrator's role is never lent.
        """
        if held.role == "administrator":
            return None
        if self.body is None or held.body == self.body:
            return held.body
        return self.body if held.body == HUB and ROLE_BODIES[held.role] == self.body_kind else None


class NewDeputy(Struct, kw_only=True, forbid_unknown_fields=True):
    """Somebody to act for oneself, in one body if one is named; `since` is today unless it is said."""

    login: Annotated[str, Meta(min_length=1, max_length=120)]
    until: date
    since: date | None = None
    body_kind: Annotated[str, Meta(max_length=40)] | None = None
    body_id: Annotated[str, Meta(max_length=40)] | None = None


class Account(Subject, kw_only=True):
    """Somebody who can sign in."""

    stream_kind: ClassVar[str] = "account"
    login: str
    name: str
    language: str = "zh"
    email: str | None = None
    person_id: UUID | None = None
    active: bool = True
    created_on: date | None = None
    grants: list[HeldRole] = field(default_factory=list)

    def administers(self, on: date) -> bool:
        """Whether it administers the whole hub with no last day; somebody always must."""
        return self.active and any(g.role == "administrator" and g.body == HUB and g.lasting(on) for g in self.grants)


class Token(Struct, frozen=True):
    """A personal API token as its owner sees it later: never the token itself."""

    id: UUID
    name: str
    prefix: str
    scope: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used: datetime | None = None


class NewAccount(Struct, kw_only=True, forbid_unknown_fields=True):
    """An account to open; without a password it can only be used once one is set."""

    login: str
    name: str
    language: str = "zh"
    email: str | None = None
    person_id: UUID | None = None
    password: str | None = None


class AccountPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; absent fields stay. `active` closes and reopens."""

    login: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    email: str | None | UnsetType = UNSET
    person_id: UUID | None | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class OwnPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What everybody may change of their own account."""

    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    email: str | None | UnsetType = UNSET


class NewGrant(Struct, kw_only=True, forbid_unknown_fields=True):
    """A role to grant, in the whole hub unless a body is named; `since` is today unless it is said."""

    role: str
    body_kind: str = "hub"
    body_id: str = "*"
    since: date | None = None
    until: date | None = None


class NewToken(Struct, kw_only=True, forbid_unknown_fields=True):
    """A token to issue; `days` limits how long it works."""

    name: str
    scope: str = "read"
    days: int | None = 365


class NewInvitation(Struct, kw_only=True, forbid_unknown_fields=True):
    """Somebody to invite: the account, the address the letter goes to, and the roles it begins with."""

    login: str
    name: str
    email: str
    language: str = "zh"
    person_id: UUID | None = None
    grants: list[NewGrant] = field(default_factory=list)


class Session(Struct, frozen=True):
    """A signed-in browser as its owner sees it; `id` begins the hash of its secret and opens nothing."""

    id: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime
    address: str
    own: bool
    """Whether it is the one that asks."""
