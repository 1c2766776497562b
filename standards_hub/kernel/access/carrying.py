"""The roles held in a body that goes into another one: they are held in the one that stays, for the same days."""

from uuid import uuid4

from standards_hub.kernel.access import repository
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.access.events import DeputyEnded, DeputyNamed, RoleGranted, RoleRevoked
from standards_hub.kernel.access.identity import MEMORY
from standards_hub.kernel.access.values import HeldRole
from standards_hub.kernel.work import Work


async def carry(work: Work, old: Body, new: Body) -> int:
    """Move roles, and what is lent to deputies in that body alone, to the body that stays; answers with how many roles.

    It follows from what happened to the bodies, so nobody is asked for the right to grant roles. What has run out stays where it was.
    """
    moved = 0
    for account in await repository.with_roles_in(work.connection, old):
        MEMORY.forget(account.id)
        for held in [grant for grant in account.grants if grant.body == old and (grant.until is None or grant.until >= work.today)]:
            there = next((grant for grant in account.grants if grant.role == held.role and grant.body == new), None)
            kept = joined(held, there) if there else held
            await work.append(account, RoleRevoked(held.id, held.role, *held.body))
            moved += 1
            if there and (there.since, there.until) == (kept.since, kept.until):
                continue
            if there:
                await work.append(account, RoleRevoked(there.id, there.role, *there.body))
            await work.append(account, RoleGranted(uuid4(), held.role, *new, kept.since, kept.until))
    for lent in await repository.deputies_in(work.connection, old, work.today):
        account = await repository.account(work.connection, lent.account_id)
        for id in (lent.account_id, lent.deputy_id):
            MEMORY.forget(id)
        await work.append(account, DeputyEnded(lent.id, lent.deputy_id))
        await work.append(account, DeputyNamed(uuid4(), lent.deputy_id, lent.since, lent.until, *new))
    return moved


def joined(held: HeldRole, there: HeldRole) -> HeldRole:
    """One term of two of the same role: both together where they meet, else the one that lasts longer, for nobody held it in between."""
    first, second = sorted((held, there), key=lambda one: one.since)
    if first.until is not None and first.until < second.since:
        return second
    lasting = first.until is None or second.until is None
    until = None if lasting else max(first.until, second.until)  # type: ignore[type-var]
    return HeldRole(held.id, held.role, held.body_kind, held.body_id, first.since, until)
