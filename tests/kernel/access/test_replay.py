"""Any sequence of acts on accounts leaves a whole log that replays to the same tables; the `hub` fixture proves it."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from standards_hub.kernel import audit
from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.models import AccountRow, GrantRow
from standards_hub.kernel.access.values import ROLE_BODIES, Account, AccountPatch, NewAccount, NewGrant, NewToken
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.work import Hub, Work
from tests.kernel.access.conftest import Hands, open_account

LETTERS = "abcdef"


async def an_act(work: Work, chance: random.Random) -> None:
    """One random act; many are refused, and a refused one must leave no trace."""
    account = chance.choice(await repository.listing(work.connection))
    role = chance.choice(sorted(ROLE_BODIES))
    kind = ROLE_BODIES[role]
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: service.open_account(work, NewAccount(login=f"{chance.choice(LETTERS)}{chance.choice(LETTERS)}", name="示例")),
        lambda: service.change(work, account.id, AccountPatch(name=chance.choice(LETTERS), login=chance.choice(LETTERS) * 2, email=None)),
        lambda: service.change(work, account.id, AccountPatch(active=chance.random() < 0.5, person_id=uuid4())),
        lambda: service.close(work, account.id, "离职"),
        lambda: service.grant_role(work, account.id, NewGrant(role=role, until=work.today + timedelta(days=chance.randrange(-1, 4)))),
        lambda: service.grant_role(work, account.id, NewGrant(role=role, body_kind=kind, body_id="*" if kind == "hub" else str(uuid4()))),
        lambda: service.revoke_role(work, account.id, chance.choice([g.id for g in account.grants] or [uuid4()])),
        lambda: service.set_password(work, account.id, "a new password"),
        lambda: service.issue_token(work, NewToken(name="x"), account.id),
    ]
    await chance.choice(acts)()


@pytest.mark.parametrize("seed", range(4))
async def test_the_log_of_random_acts_replays_to_the_tables(hub: Hub, clock: Hands, seed: int) -> None:
    chance, done = random.Random(seed), 0
    await open_account(hub, "root", "administrator")
    for _ in range(60):
        async with hub.work(SYSTEM) as work:
            try:
                for _ in range(chance.randrange(1, 4)):
                    await an_act(work, chance)
                await work.commit()
                done += 1
            except HubError:
                continue
        clock.turn(hours=chance.randrange(12))
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
        accounts = await repository.listing(connection)
    assert done > 10 and found.sound and found.events > done, (found.broken, [str(d) for d in found.differences])
    assert any(account.administers(hub.clock.today()) for account in accounts)


async def test_who_held_what_on_a_past_day(hub: Hub, root: Account, clock: Hands) -> None:
    account = await open_account(hub, "officer", "officer")
    then = hub.clock.today()
    clock.turn(days=3)
    async with hub.work(SYSTEM) as work:
        held = (await repository.account(work.connection, account.id)).grants[0]
        await service.revoke_role(work, account.id, held.id)
        await service.close(work, account.id)
        await work.commit()
        past, now = await audit.as_of(work.connection, then), await audit.as_of(work.connection, hub.clock.today())
    assert {row["role"] for row in past.rows(GrantRow)} == {"administrator", "officer"}
    assert {row["role"] for row in now.rows(GrantRow)} == {"administrator"}
    assert {row["login"]: row["active"] for row in now.rows(AccountRow)} == {"root": True, "officer": False}
