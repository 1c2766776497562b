"""A deputy holds somebody's roles for a while: in time, in one body or all, and never more than was lent."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from standards_hub.kernel.access import deputies, repository, service, signing_in
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant, Principal
from standards_hub.kernel.access.identity import actor_for_session
from standards_hub.kernel.access.values import Account, NewDeputy, NewGrant
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, NotSignedIn
from standards_hub.kernel.work import Hub, history
from tests.kernel.access.conftest import PASSWORD, Hands, open_account

TODAY = date(2026, 11, 24)
ONE, OTHER = str(uuid4()), str(uuid4())


async def acting(hub: Hub, account: Account) -> Actor:
    async with hub.database.read() as connection:
        return await repository.actor_for_id(connection, account.id, hub.clock.today())


async def named(hub: Hub, by: Account, login: str, days: int = 3, **more: object) -> UUID:
    async with hub.work(await acting(hub, by)) as work:
        made = await deputies.name(work, NewDeputy(login=login, until=TODAY + timedelta(days=days), **more))  # type: ignore[arg-type]
        await work.commit()
    return made.id


@pytest.fixture
async def chief(hub: Hub) -> Account:
    """Secretary of two committees, and an administrator besides."""
    account = await open_account(hub, "chief", "administrator")
    async with hub.work(SYSTEM) as work:
        for body in (ONE, OTHER):
            await service.grant_role(work, account.id, NewGrant(role="secretary", body_kind="committee", body_id=body))
        await work.commit()
    return account


async def test_a_deputy_holds_the_roles_but_never_the_administrators(hub: Hub, chief: Account) -> None:
    helper = await open_account(hub, "helper")
    await named(hub, chief, "helper")
    actor = await acting(hub, helper)
    assert {(g.role, g.body, g.principal) for g in actor.grants} == {
        ("secretary", ("committee", body), Principal(chief.id, chief.name)) for body in (ONE, OTHER)
    }
    assert actor.may("standard.advance") and not actor.may("account.manage") and actor.label == f"account:{helper.id}"


async def test_it_begins_and_ends_on_its_days(hub: Hub, chief: Account, clock: Hands) -> None:
    helper = await open_account(hub, "helper")
    await named(hub, chief, "helper", since=TODAY + timedelta(days=1))
    held = []
    for _ in range(5):
        held.append(bool((await acting(hub, helper)).grants))
        clock.turn(days=1)
    assert held == [False, True, True, True, False]


async def test_what_is_remembered_of_a_session_ends_at_midnight(hub: Hub, chief: Account, clock: Hands) -> None:
    await open_account(hub, "helper")
    await named(hub, chief, "helper", days=0)
    clock.turn(hours=13, minutes=59, seconds=55)  # 23:59:55 in Shanghai
    session = await signing_in.sign_in(hub, "helper", PASSWORD, "127.0.0.1")
    seen = []
    for _ in range(2):
        async with hub.database.read() as connection:
            identity = await actor_for_session(connection, session.secret, clock.now())
        assert identity
        seen.append(identity.actor.holds("secretary"))
        clock.turn(seconds=6)
    assert seen == [True, False]


async def test_naming_and_ending_are_seen_with_the_next_request_of_the_deputy(hub: Hub, chief: Account, clock: Hands) -> None:
    await open_account(hub, "helper")
    session = await signing_in.sign_in(hub, "helper", PASSWORD, "127.0.0.1")

    async def holds() -> bool:
        async with hub.database.read() as connection:
            identity = await actor_for_session(connection, session.secret, clock.now())
        assert identity
        return identity.actor.holds("secretary")

    assert not await holds()
    id = await named(hub, chief, "helper")
    assert await holds()
    async with hub.work(await acting(hub, chief)) as work:
        await deputies.end(work, id)
        await work.commit()
    assert not await holds()


async def test_a_role_taken_from_the_one_who_named_is_gone_from_the_deputy_too(hub: Hub, chief: Account) -> None:
    helper = await open_account(hub, "helper")
    await named(hub, chief, "helper")
    async with hub.work(SYSTEM) as work:
        held = (await repository.account(work.connection, chief.id)).grants
        await service.revoke_role(work, chief.id, next(g.id for g in held if g.body_id == ONE))
        await work.commit()
    assert [g.body for g in (await acting(hub, helper)).grants] == [("committee", OTHER)]
    await open_account(hub, "root", "administrator")
    async with hub.work(SYSTEM) as work:
        await service.close(work, chief.id)
        await work.commit()
    assert (await acting(hub, helper)).grants == ()


async def test_a_deputy_may_be_limited_to_one_body_even_of_a_role_held_everywhere(hub: Hub) -> None:
    helper, hand = await open_account(hub, "helper"), await open_account(hub, "hand", "secretary", "department")
    await named(hub, hand, "helper", body_kind="committee", body_id=ONE)
    actor = await acting(hub, helper)
    assert actor.grants == (Grant("secretary", ("committee", ONE), Principal(hand.id, hand.name)),)
    assert actor.roles_in({("committee", OTHER)}) == set()


async def test_a_deputy_lends_nothing_on(hub: Hub, chief: Account) -> None:
    helper, third = await open_account(hub, "helper"), await open_account(hub, "third")
    await named(hub, chief, "helper")
    with pytest.raises(BadInput) as refused:
        await named(hub, helper, "third")
    assert [u.code for u in refused.value.unmet] == ["body"]
    async with hub.work(SYSTEM) as work:
        await service.grant_role(work, helper.id, NewGrant(role="member", body_kind="committee", body_id=ONE))
        await work.commit()
    await named(hub, helper, "third")
    assert {g.role for g in (await acting(hub, third)).grants} == {"member"}


async def test_only_those_concerned_or_an_administrator_end_it(hub: Hub, chief: Account) -> None:
    helper, stranger = await open_account(hub, "helper"), await open_account(hub, "stranger", "secretary")
    id = await named(hub, chief, "helper")
    async with hub.work(await acting(hub, stranger)) as work:
        with pytest.raises(NotFound):
            await deputies.end(work, id)
        assert await deputies.mine(work) == ([], [])
    async with hub.work(await acting(hub, helper)) as work:
        assert [d.account for d in (await deputies.mine(work))[1]] == [chief.name]
        await deputies.end(work, id)
        await work.commit()
    async with hub.database.read() as connection:
        last = (await history(connection, f"account:{chief.id}"))[-1]
    assert (last.type, last.actor) == ("deputy-ended", f"account:{helper.id}")
    assert (await acting(hub, helper)).grants == ()


@pytest.mark.parametrize(
    "given, where",
    [
        ({"login": "nobody"}, "login"),
        ({"login": "chief"}, "login"),
        ({"login": "helper", "since": TODAY - timedelta(days=1)}, "since"),
        ({"login": "helper", "days": -1}, "until"),
        ({"login": "helper", "days": 400}, "until"),
        ({"login": "helper", "body_kind": "committee", "body_id": str(uuid4())}, "body_id"),
        ({"login": "helper", "body_kind": "committee"}, "body_id"),
        ({"login": "helper", "body_kind": "hub", "body_id": "*"}, "body_id"),
    ],
)
async def test_what_is_wrong_with_a_deputy_is_said_at_its_field(hub: Hub, chief: Account, given: dict[str, object], where: str) -> None:
    await open_account(hub, "helper")
    with pytest.raises(BadInput) as refused:
        await named(hub, chief, **given)  # type: ignore[arg-type]
    assert where in [unmet.where for unmet in refused.value.unmet]


async def test_the_same_period_is_not_named_twice_and_the_public_names_nobody(hub: Hub, chief: Account) -> None:
    await open_account(hub, "helper")
    await named(hub, chief, "helper")
    with pytest.raises(Conflict):
        await named(hub, chief, "helper", days=9)
    async with hub.work(Actor()) as work:
        with pytest.raises(NotSignedIn):
            await deputies.name(work, NewDeputy(login="helper", until=TODAY))


async def test_a_body_is_held_by_deputies_too_while_they_act(hub: Hub, chief: Account) -> None:
    helper = await open_account(hub, "helper")
    await named(hub, chief, "helper", body_kind="committee", body_id=ONE)
    async with hub.database.read() as connection:

        async def holding(role: str, body: str, day: date = TODAY) -> set[UUID]:
            return await repository.holding(connection, {role}, {("committee", body)}, day)

        assert await holding("secretary", ONE) == {chief.id, helper.id}
        assert await holding("secretary", OTHER) == {chief.id}
        assert await holding("secretary", ONE, TODAY + timedelta(days=4)) == {chief.id}
        assert await holding("administrator", ONE) == {chief.id}
