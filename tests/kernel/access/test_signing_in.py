"""Signing in, being slowed down, and who a session or token stands for."""

import asyncio

import pytest
import sqlalchemy as sa
import structlog
from argon2 import PasswordHasher

from standards_hub.kernel.access import identity, repository, secrets, service, signing_in
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.identity import Identity, actor_for_session, actor_for_token
from standards_hub.kernel.access.policy import POLICY, AccessPolicy
from standards_hub.kernel.access.values import Account, NewGrant, NewToken
from standards_hub.kernel.errors import BadInput, NotSignedIn, TooMany
from standards_hub.kernel.work import Hub
from tests.kernel.access.conftest import PASSWORD, Hands, open_account

HOME = "192.0.2.1"
STRICT = AccessPolicy(login_failures=3, login_failures_anywhere=7, address_failures=5)


async def behind(hub: Hub, secret: str) -> Identity | None:
    async with hub.database.read() as connection:
        find = actor_for_token if secret.startswith("shub_") else actor_for_session
        return await find(connection, secret, hub.clock.now())


async def fail(hub: Hub, login: str = "root", address: str = HOME, password: str = "wrong password") -> str:
    try:
        await signing_in.sign_in(hub, login, password, address, policy=STRICT)
    except NotSignedIn as error:
        return error.code
    except TooMany as error:
        return str(error.message)
    return "in"


async def count(hub: Hub, table: sa.Table) -> int:
    async with hub.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def test_a_session_stands_for_its_account_and_only_its_hash_is_stored(hub: Hub, root: Account) -> None:
    session = await signing_in.sign_in(hub, " ROOT ", PASSWORD, HOME)
    found = await behind(hub, session.secret)
    assert found and found.actor.account == root.id and found.actor.may("account.manage") and found.writes
    async with hub.database.read() as connection:
        assert session.secret not in repr((await connection.execute(sa.select(repository.SESSION))).all())
    assert await behind(hub, session.secret[:-1]) is None


async def test_wrong_password_unknown_login_closed_account_and_none_set_sound_the_same(hub: Hub, root: Account) -> None:
    closed = await open_account(hub, "closed")
    await open_account(hub, "nopassword", password=None)
    async with hub.work(SYSTEM) as work:
        await service.close(work, closed.id)
        await work.commit()
    told = set()
    for login, password in (("root", "x" * 12), ("nobody", PASSWORD), ("closed", PASSWORD), ("nopassword", PASSWORD)):
        with pytest.raises(NotSignedIn) as refused:
            await signing_in.sign_in(hub, login, password, HOME)
        told.add((refused.value.code, str(refused.value)))
    assert len(told) == 1


async def test_after_three_failures_a_login_waits_and_is_told_until_when(hub: Hub, root: Account, clock: Hands) -> None:
    assert [await fail(hub) for _ in range(3)] == ["wrong-password"] * 3
    clock.turn(minutes=5)
    assert "10:15:00" in await fail(hub, password=PASSWORD)
    assert await fail(hub, "ROOT", password=PASSWORD) != "in"
    clock.turn(minutes=9, seconds=59)
    assert "10:15:00" in await fail(hub, password=PASSWORD)
    clock.turn(seconds=1)
    assert await fail(hub, password=PASSWORD) == "in"


async def test_being_refused_does_not_lengthen_the_wait(hub: Hub, root: Account, clock: Hands) -> None:
    for _ in range(3):
        await fail(hub)
    for _ in range(20):
        clock.turn(seconds=44)
        await fail(hub)
    clock.turn(minutes=1)
    assert await fail(hub, password=PASSWORD) == "in"


async def test_an_address_that_tries_many_logins_waits_and_others_do_not(hub: Hub, root: Account) -> None:
    assert [await fail(hub, f"guess{i}") for i in range(5)] == ["wrong-password"] * 5
    assert "再试" in await fail(hub, "root", password=PASSWORD)
    assert await fail(hub, "root", "192.0.2.2", PASSWORD) == "in"


async def test_nobody_locks_an_account_by_failing_elsewhere(hub: Hub, root: Account) -> None:
    assert [await fail(hub, address="192.0.2.9") for _ in range(4)][2:] == ["wrong-password", "登录失败次数过多，请于 10:15:00 后再试"]
    assert await fail(hub, password=PASSWORD) == "in"
    assert "再试" in await fail(hub, address="192.0.2.9", password=PASSWORD)  # its owner forgives their own slips alone


async def test_a_login_tried_from_many_addresses_waits_wherever_one_is(hub: Hub, root: Account) -> None:
    assert [await fail(hub, address=f"192.0.2.{10 + i}") for i in range(7)] == ["wrong-password"] * 7
    assert "再试" in await fail(hub, address="192.0.2.99", password=PASSWORD)


@pytest.mark.parametrize("address, status", [("2001:db8:0:1:ffff::9", "登录失败次数过多，请于 10:15:00 后再试"), ("2001:db8:0:2::1", "in")])
async def test_the_addresses_of_one_home_count_as_one(hub: Hub, root: Account, address: str, status: str) -> None:
    for i in range(3):
        await fail(hub, address=f"2001:db8:0:1::{i}")
    assert await fail(hub, address=address, password=PASSWORD) == status


async def test_who_is_slowed_down_stands_in_the_log_without_what_may_be_a_password(hub: Hub, root: Account) -> None:
    with structlog.testing.capture_logs() as lines:
        for login in ("root", "my secret word"):
            for _ in range(4):
                await fail(hub, login, f"192.0.2.{len(login)}")
    assert [(line["log_level"], line["login"], line["address"]) for line in lines] == [
        ("warning", "root", "192.0.2.4"), ("warning", None, "192.0.2.14")
    ]  # fmt: skip


async def test_signing_in_forgives_earlier_slips_of_the_same_login_only(hub: Hub, root: Account) -> None:
    await open_account(hub, "other")
    for login in ("root", "root", "other"):
        await fail(hub, login)
    assert await fail(hub, password=PASSWORD) == "in"
    assert await count(hub, signing_in.ATTEMPT) == 1


async def test_many_attempts_at_once_do_not_slip_through(hub: Hub, root: Account) -> None:
    results = await asyncio.gather(*(fail(hub) for _ in range(10)))
    assert sorted(results).count("wrong-password") == 3


async def test_failures_are_swept_up_when_they_no_longer_count(hub: Hub, root: Account, clock: Hands) -> None:
    await fail(hub, "nobody")
    clock.turn(minutes=15)
    await fail(hub)
    assert await count(hub, signing_in.ATTEMPT) == 1


async def test_a_session_ends_when_idle_and_after_its_hours(hub: Hub, root: Account, clock: Hands) -> None:
    idle = await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    clock.turn(hours=POLICY.session_idle_hours)
    assert await behind(hub, idle.secret)
    clock.turn(seconds=1)
    assert await behind(hub, idle.secret) is None
    busy = await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    alive = 0
    while found := await behind(hub, busy.secret):
        async with hub.database.write() as connection:
            await identity.touch(connection, found, clock.now())
            await connection.commit()
        alive += 1
        clock.turn(hours=1)
    assert alive == POLICY.session_hours


async def test_signing_out_ends_the_session_at_once(hub: Hub, root: Account) -> None:
    session = await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    assert await behind(hub, session.secret)
    await signing_in.sign_out(hub, session.secret)
    assert await behind(hub, session.secret) is None


async def test_dead_sessions_are_swept_up_by_the_next_one(hub: Hub, root: Account, clock: Hands) -> None:
    await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    clock.turn(hours=POLICY.session_hours)
    await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    assert await count(hub, repository.SESSION) == 1


async def test_closing_an_account_stops_its_sessions_and_tokens(hub: Hub, root: Account) -> None:
    other = await open_account(hub, "other")
    session = await signing_in.sign_in(hub, "other", PASSWORD, HOME)
    async with hub.work(SYSTEM) as work:
        _, token = await service.issue_token(work, NewToken(name="x"), other.id)
        await work.commit()
    assert await behind(hub, session.secret) and await behind(hub, token)
    async with hub.work(SYSTEM) as work:
        await service.close(work, other.id)
        await work.commit()
    assert await behind(hub, session.secret) is None and await behind(hub, token) is None
    async with hub.work(SYSTEM) as work:
        await service.reopen(work, other.id)
        await work.commit()
    assert await behind(hub, session.secret) is None and await behind(hub, token)


async def test_a_token_works_until_it_expires_or_is_revoked(hub: Hub, root: Account, clock: Hands) -> None:
    async with hub.work(SYSTEM) as work:
        short, first = await service.issue_token(work, NewToken(name="短", days=1), root.id)
        long, second = await service.issue_token(work, NewToken(name="长", scope="write", days=None), root.id)
        await work.commit()
    one, two = await behind(hub, first), await behind(hub, second)
    assert one and two and (one.writes, two.writes) == (False, True) and one.actor.account == root.id
    clock.turn(days=1)
    assert await behind(hub, first) is None and await behind(hub, second)
    async with hub.work(SYSTEM) as work:
        await service.revoke_token(work, long.id, root.id)
        await work.commit()
    assert await behind(hub, second) is None
    assert short.expires_at == clock.now()


async def test_a_grant_is_seen_at_once_even_when_asked_before_the_commit(hub: Hub, root: Account) -> None:
    other = await open_account(hub, "other")
    async with hub.work(SYSTEM) as work:
        _, token = await service.issue_token(work, NewToken(name="x"), other.id)
        await work.commit()
    async with hub.work(SYSTEM) as work:
        await service.grant_role(work, other.id, NewGrant(role="officer"))
        before = await behind(hub, token)
        await work.commit()
    after = await behind(hub, token)
    assert before and after and (before.actor.may("audit.read"), after.actor.may("audit.read")) == (False, True)


async def test_an_identity_is_remembered_for_a_while(hub: Hub, root: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    monkeypatch.setattr(identity.MEMORY, "_changed", {})
    await behind(hub, session.secret)
    async with hub.database.write() as connection:
        await connection.execute(sa.delete(repository.SESSION))
        await connection.commit()
    assert await behind(hub, session.secret)
    monkeypatch.setattr(identity, "KEEP", 0.0)
    assert await behind(hub, session.secret) is None


async def test_a_new_password_ends_the_other_sessions(hub: Hub, root: Account) -> None:
    mine, other = [await signing_in.sign_in(hub, "root", PASSWORD, HOME) for _ in range(2)]
    found = await behind(hub, mine.secret)
    assert found
    await signing_in.change_own_password(hub, found.actor, PASSWORD, "a new password", HOME, keep=mine.secret)
    assert await behind(hub, mine.secret) and await behind(hub, other.secret) is None
    assert await fail(hub, password=PASSWORD) == "wrong-password"
    assert await fail(hub, password="a new password") == "in"


async def test_the_old_password_must_be_right_and_guessing_it_is_slowed_down(hub: Hub, root: Account) -> None:
    async with hub.database.read() as connection:
        actor = await repository.actor_for_login(connection, "root", hub.clock.today())
    for _ in range(POLICY.login_failures):
        with pytest.raises(BadInput, match="原密码"):
            await signing_in.change_own_password(hub, actor, "a wrong one", "a new password", HOME)
    with pytest.raises(TooMany):
        await signing_in.change_own_password(hub, actor, PASSWORD, "a new password", HOME)


async def test_a_hash_of_weaker_parameters_is_renewed(hub: Hub, root: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    async with hub.database.read() as connection:
        before = await repository.credential(connection, "root")
    await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    async with hub.database.read() as connection:
        after = await repository.credential(connection, "root")
    assert before and after and secrets.outdated(before[1]) and not secrets.outdated(after[1])
    assert await fail(hub, password=PASSWORD) == "in"
