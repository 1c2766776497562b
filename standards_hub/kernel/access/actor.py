"""The actor of a piece of work and the one table of permissions, which the API, the pages and the tests all read."""

import tomllib
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from msgspec import Struct, convert

from standards_hub.kernel.errors import Forbidden, NotSignedIn
from standards_hub.kernel.messages import Name, say

TABLE = Path(__file__).parents[2] / "permissions.toml"
HUB = ("hub", "*")
Body = tuple[str, str]
"""A body that a role is held in: its kind (hub, committee, standard, project, organisation) and its id."""


class Permission(Struct, frozen=True):
    """Who may do something: roles held in a body of the subject, `signed_in` for any account, `everyone` for the public."""

    zh: str
    en: str
    roles: tuple[str, ...] = ()
    signed_in: bool = False
    everyone: bool = False

    @property
    def name(self) -> Name:
        return Name(self.zh, self.en)


@cache
def permissions() -> dict[str, Permission]:
    """The table of permissions, {name: rule}."""
    return convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), dict[str, Permission])


class Principal(Struct, frozen=True):
    """Somebody that a deputy acts for."""

    account: UUID
    name: str


class Grant(Struct, frozen=True):
    """A role held in a body; as a deputy, for `principal`."""

    role: str
    body: Body
    principal: Principal | None = None


class Scoped(Protocol):
    """What a permission is asked for: it names the bodies whose roles count."""

    def bodies(self) -> set[Body]: ...


class Actor(Struct, frozen=True):
    """Whoever does the work: an account, the public, or the hub itself (`system`)."""

    account: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    system: bool = False
    person: UUID | None = None
    language: str = "zh"

    @property
    def label(self) -> str:
        """How the log names the actor: a stable id, never a name that may change."""
        if self.system:
            return f"system:{self.name}" if self.name else "system"
        return f"account:{self.account}" if self.account else "public"

    def roles_in(self, bodies: set[Body]) -> set[str]:
        """The roles the actor holds in any of these bodies; a role held in the hub counts everywhere."""
        return {grant.role for grant in self.grants if grant.body == HUB or grant.body in bodies}

    def acts_for(self, roles: Collection[str], bodies: set[Body]) -> Principal | None:
        """Whom the actor would act for with one of these roles in one of these bodies; none where a role is their own."""
        found = [grant.principal for grant in self.grants if grant.role in roles and (grant.body == HUB or grant.body in bodies)]
        return found[0] if found and None not in found else None

    def holds(self, role: str) -> bool:
        """Whether the actor holds the role in any body at all."""
        return any(grant.role == role for grant in self.grants)

    def bodies(self, role: str, kind: str) -> set[UUID]:
        """The bodies of a kind in which the actor holds the role by name; one who holds it in the whole hub holds it in none of them."""
        return {UUID(grant.body[1]) for grant in self.grants if grant.role == role and grant.body[0] == kind}

    def may(self, permission: str, subject: Scoped | None = None) -> bool:
        """Whether the actor may do it, to this subject or, without one, anywhere at all."""
        return self.rights(subject)(permission)

    def rights(self, subject: Scoped | None = None) -> Callable[[str], bool]:
        """`may` for one subject, for whoever asks it more than once: the roles that count there are found once."""
        roles: set[str] | None = None

        def may(permission: str) -> bool:
            nonlocal roles
            rule = permissions()[permission]
            if self.system or rule.everyone:
                return True
            if self.account is None or rule.signed_in:
                return self.account is not None
            if roles is None:
                roles = self.roles_in(subject.bodies()) if subject else {grant.role for grant in self.grants}
            return not roles.isdisjoint(rule.roles)

        return may

    def require(self, permission: str, subject: Scoped | None = None) -> None:
        """Raise `NotSignedIn` or `Forbidden`, naming who may."""
        if self.may(permission, subject):
            return
        rule = permissions()[permission]
        if self.account is None:
            raise NotSignedIn(say("请先登录，再{act}", act=rule.name))
        raise Forbidden(say("您无权{act}；可由{roles}办理", act=rule.name, roles=[ROLE_NAMES[role] for role in rule.roles]))


PUBLIC = Actor()
SYSTEM = Actor(system=True)

ROLE_NAMES = {
    "secretary": say("秘书处人员"),
    "member": say("委员"),
    "drafter": say("起草人"),
    "project_manager": say("科技项目负责人"),
    "lab_staff": say("验证机构人员"),
    "officer": say("科技主管部门人员"),
    "department": say("归口主管部门人员"),
    "administrator": say("系统管理员"),
}
