"""What happens to an account. No event holds a secret, for the log is kept for ever."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from standards_hub.kernel.access.models import AccountRow, DeputyRow, GrantRow
from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, update
from standards_hub.kernel.messages import say


class AccountOpened(Event, frozen=True):
    login: str
    name: str
    language: str
    email: str | None = None
    person_id: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(AccountRow, id=at.subject, version=at.seq, active=True, created_on=at.effective_on, **asdict(self))


class AccountChanged(Event, frozen=True):
    """The new values of what changed; what is absent stayed as it was."""

    login: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    email: str | None | UnsetType = UNSET
    person_id: UUID | None | UnsetType = UNSET

    def changes(self, at: Stamp) -> Iterable[Change]:
        values: dict[str, Any] = {name: value for name, value in asdict(self).items() if value is not UNSET}
        yield update(AccountRow, at.subject, **values)


class AccountClosed(Event, frozen=True):
    reason: str = ""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(AccountRow, at.subject, active=False)


class AccountReopened(Event, frozen=True):
    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(AccountRow, at.subject, active=True)


class AccountInvited(Event, frozen=True):
    """That a letter went out with which its reader may set the first password, and until when it serves."""

    expires_at: datetime


class PasswordChanged(Event, frozen=True):
    """That it changed, and nothing about it."""


class RoleGranted(Event, frozen=True):
    grant: UUID
    role: str
    body_kind: str
    body_id: str
    since: date
    until: date | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        values = asdict(self)
        yield insert(GrantRow, id=values.pop("grant"), account_id=at.subject, **values)


class RoleRevoked(Event, frozen=True):
    """The grant is named in full, so that the history tab can say what was taken away."""

    grant: UUID
    role: str
    body_kind: str
    body_id: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(GrantRow, self.grant)


class DeputyNamed(Event, frozen=True):
    """Somebody is to act for the account; on the stream of the account that is acted for."""

    id: UUID
    deputy: UUID
    since: date
    until: date
    body_kind: str | None = None
    body_id: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        values = asdict(self)
        yield insert(DeputyRow, account_id=at.subject, deputy_id=values.pop("deputy"), **values)


class DeputyEnded(Event, frozen=True):
    """It ended before its last day, through the account, its deputy or an administrator."""

    id: UUID
    deputy: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(DeputyRow, self.id)


class TokenIssued(Event, frozen=True):
    token: UUID
    title: str
    scope: str
    expires_at: datetime | None = None


class TokenRevoked(Event, frozen=True):
    token: UUID
    title: str


named(
    {
        AccountOpened: say("开立账号"),
        AccountChanged: say("修改账号"),
        AccountClosed: say("账号停用"),
        AccountReopened: say("账号恢复"),
        AccountInvited: say("邀请寄出"),
        PasswordChanged: say("更换密码"),
        RoleGranted: say("角色授予"),
        RoleRevoked: say("角色收回"),
        TokenIssued: say("令牌发出"),
        TokenRevoked: say("令牌撤销"),
        DeputyNamed: say("代办人已指定"),
        DeputyEnded: say("代办结束"),
    }
)
