"""The port by which linkage says which projects claim a standard, and permissions that count roles held in those projects too."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.access.actor import Body, Scoped, permissions
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.values import Standard

Claimants = Callable[[Work, UUID], Awaitable[set[UUID]]]
ROLE = "project_manager"
"""The role that is held in a project."""


class Reach(Struct, frozen=True):
    """The bodies whose roles count for a standard, put together once for the many permissions that a page asks for."""

    found: set[Body]

    def bodies(self) -> set[Body]:
        return self.found


async def _nobody(_work: Work, _standard_id: UUID) -> set[UUID]:
    return set()


_claimants: Claimants = _nobody


def connect(claimants: Claimants) -> None:
    """Fill the port."""
    global _claimants
    _claimants = claimants


async def scope(work: Work, standard: Standard) -> Scoped:
    """What permissions on a standard are asked for: to managers it comes with the projects that claim it, to all others as it is."""
    bodies = standard.bodies()
    if not work.actor.system and work.actor.holds(ROLE):
        bodies |= {("project", str(id)) for id in await _claimants(work, standard.id)}
    return Reach(bodies)


async def may(work: Work, permission: str, standard: Standard) -> bool:
    """Whether the actor may do this to a standard, by a role in a project that claims it too; only then are projects looked up."""
    if work.actor.may(permission, standard):
        return True
    return ROLE in permissions()[permission].roles and work.actor.may(permission, await scope(work, standard))


async def require(work: Work, permission: str, standard: Standard) -> None:
    """Raise `NotSignedIn` or `Forbidden`, naming who may."""
    if not await may(work, permission, standard):
        work.actor.require(permission, standard)
