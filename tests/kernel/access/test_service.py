"""What is done to accounts."""

from datetime import date
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM, Actor
from standards_hub.kernel.access.models import CredentialRow, TokenRow
from standards_hub.kernel.access.values import Account, AccountPatch, NewAccount, NewGrant, NewToken, OwnPatch
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, Refused, Stale
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.work import Hub, history
from tests.kernel.access.conftest import PASSWORD, Hands, open_account


async def actor(hub: Hub, login: str) -> Actor:
    async with hub.database.read() as connection:
        return await repository.actor_for_login(connection, login, hub.clock.today())


async def test_an_account_is_opened_with_a_lower_case_login(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        opened = await service.open_account(work, NewAccount(login=" Li.Si@Example.org ", name=" 李四 "))
        await work.commit()
    async with hub.database.read() as connection:
        found = await repository.account_by_login(connection, "LI.SI@example.ORG")
    assert (found.id, found.login, found.name, found.version, found.active) == (opened.id, "li.si@example.org", "李四", 1, True)
    assert found.created_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    "fields, where",
    [
        ({"login": "x"}, "login"), ({"login": "a b"}, "login"), ({"login": "李四"}, "login"), ({"login": "-ab"}, "login"),
        ({"name": "  "}, "name"), ({"name": "x" * 101}, "name"), ({"language": "fr"}, "language"),
        ({"email": "nobody"}, "email"), ({"email": "a@b\nBcc: c@d"}, "email"), ({"password": "short"}, "password"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_an_account_is_named(hub: Hub, fields: dict[str, str], where: str) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as refused:
            await service.open_account(work, NewAccount(**{"login": "lisi", "name": "李四", **fields}))
    assert [unmet.where for unmet in refused.value.unmet] == [where]


async def test_a_login_is_taken_once(hub: Hub, root: Account) -> None:
    other = await open_account(hub, "other")
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict, match="已被使用"):
            await service.open_account(work, NewAccount(login="ROOT", name="x"))
        with pytest.raises(Conflict, match="已被使用"):
            await service.change(work, other.id, AccountPatch(login="Root"))


async def test_only_an_administrator_manages_accounts(hub: Hub, root: Account) -> None:
    await open_account(hub, "officer", "officer")
    for who, error in ((PUBLIC, NotSignedIn), (await actor(hub, "officer"), Forbidden)):
        async with hub.work(who) as work:
            for doing in (
                service.open_account(work, NewAccount(login="new", name="x")), service.change(work, root.id, AccountPatch()),
                service.close(work, root.id), service.grant_role(work, root.id, NewGrant(role="officer")),
                service.revoke_role(work, root.id, uuid4()), service.set_password(work, root.id, PASSWORD),
                service.issue_token(work, NewToken(name="x"), root.id), service.revoke_token(work, uuid4(), root.id),
            ):  # fmt: skip
                with pytest.raises(error):
                    await doing


async def test_a_change_says_only_what_changed(hub: Hub, root: Account) -> None:
    async with hub.work(SYSTEM) as work:
        changed = await service.change(work, root.id, AccountPatch(name="新名", language="zh", email="a@example.org"))
        same = await service.change(work, root.id, AccountPatch(name="新名"))
        await work.commit()
        log = await history(work.connection, root.stream)
    assert (changed.name, changed.email, same.version) == ("新名", "a@example.org", changed.version)
    assert log[-1].type == "account-changed" and log[-1].payload == '{"name":"新名","email":"a@example.org"}'


async def test_an_old_copy_is_refused(hub: Hub, root: Account) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Stale):
            await service.change(work, root.id, AccountPatch(name="x"), if_match='"1"')


async def test_everybody_changes_their_own_name_and_nothing_else(hub: Hub, root: Account) -> None:
    await open_account(hub, "member")
    async with hub.work(await actor(hub, "member")) as work:
        changed = await service.change_own(work, OwnPatch(name="自己", language="en"))
        await work.commit()
    assert (changed.name, changed.language, changed.login) == ("自己", "en", "member")
    async with hub.work(PUBLIC) as work:
        with pytest.raises(NotSignedIn):
            await service.change_own(work, OwnPatch(name="x"))


async def test_the_last_administrator_stays(hub: Hub, root: Account) -> None:
    async with hub.work(SYSTEM) as work:
        grant = (await repository.account(work.connection, root.id)).grants[0]
        for doing in (
            service.close(work, root.id),
            service.change(work, root.id, AccountPatch(active=False)),
            service.revoke_role(work, root.id, grant.id),
        ):
            with pytest.raises(Refused, match="最后一位"):
                await doing
        with pytest.raises(Refused, match="最后一位"):
            await service.grant_role(work, root.id, NewGrant(role="administrator", since=date(2027, 1, 1)))
    await open_account(hub, "second", "administrator")
    async with hub.work(SYSTEM) as work:
        assert not (await service.close(work, root.id)).active
        await work.commit()


async def test_an_administrator_for_a_term_or_with_a_closed_account_is_not_another_one(hub: Hub, root: Account) -> None:
    term, closed = await open_account(hub, "term"), await open_account(hub, "closed", "administrator")
    async with hub.work(SYSTEM) as work:
        await service.grant_role(work, term.id, NewGrant(role="administrator", until=date(2027, 11, 24)))
        await service.close(work, closed.id)
        await work.commit()
    async with hub.work(SYSTEM) as work:
        held = (await repository.account(work.connection, closed.id)).grants[0]
        await service.revoke_role(work, closed.id, held.id)
        for doing in (
            service.close(work, root.id),
            service.grant_role(work, root.id, NewGrant(role="administrator", until=date(2027, 1, 1))),
        ):
            with pytest.raises(Refused):
                await doing


async def test_a_role_is_held_in_its_kind_of_body_from_day_to_day(hub: Hub, root: Account, clock: Hands) -> None:
    committee, account = str(uuid4()), await open_account(hub, "secretary")
    async with hub.work(SYSTEM) as work:
        held = NewGrant(role="secretary", body_kind="committee", body_id=committee, since=date(2026, 11, 25), until=date(2026, 11, 26))
        await service.grant_role(work, account.id, held)
        await work.commit()
    seen = []
    for _ in range(4):
        seen.append((await actor(hub, "secretary")).roles_in({("committee", committee)}) == {"secretary"})
        clock.turn(days=1)
    assert seen == [False, True, True, False]


@pytest.mark.parametrize(
    "given, where",
    [
        (NewGrant(role="king"), "role"),
        (NewGrant(role="administrator", body_kind="committee", body_id=str(UUID(int=1))), "body_kind"),
        (NewGrant(role="secretary", body_kind="standard", body_id=str(UUID(int=1))), "body_kind"),
        (NewGrant(role="secretary", body_kind="committee", body_id="*"), "body_id"),
        (NewGrant(role="officer", since=date(2026, 2, 1), until=date(2026, 1, 31)), "until"),
    ],
)
async def test_a_grant_that_makes_no_sense_is_refused(hub: Hub, root: Account, given: NewGrant, where: str) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as refused:
            await service.grant_role(work, root.id, given)
    assert [unmet.where for unmet in refused.value.unmet] == [where]


async def test_a_room_says_whether_a_body_exists(hub: Hub, root: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    async def known(_connection: object, id: str) -> bool:
        return id == str(UUID(int=1))

    monkeypatch.setitem(service.BODY_CHECKS, "committee", known)
    async with hub.work(SYSTEM) as work:
        await service.grant_role(work, root.id, NewGrant(role="member", body_kind="committee", body_id=str(UUID(int=1))))
        with pytest.raises(BadInput, match="任职的对象有误"):
            await service.grant_role(work, root.id, NewGrant(role="member", body_kind="committee", body_id=str(UUID(int=2))))
        await work.commit()


async def test_a_role_is_granted_once_and_renewed_with_other_days(hub: Hub, root: Account) -> None:
    account = await open_account(hub, "officer", "officer")
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict, match="已是"):
            await service.grant_role(work, account.id, NewGrant(role="officer"))
        renewed = await service.grant_role(work, account.id, NewGrant(role="officer", until=date(2027, 12, 31)))
        await work.commit()
        assert [g.id for g in (await repository.account(work.connection, account.id)).grants] == [renewed.id]


async def test_a_role_of_another_account_is_not_found(hub: Hub, root: Account) -> None:
    account = await open_account(hub, "officer", "officer")
    async with hub.work(SYSTEM) as work:
        grant = (await repository.account(work.connection, root.id)).grants[0]
        with pytest.raises(NotFound):
            await service.revoke_role(work, account.id, grant.id)


async def test_who_holds_a_role_is_found_for_a_body_and_the_hub(hub: Hub, root: Account) -> None:
    committee, other = str(uuid4()), str(uuid4())
    here, there, everywhere, closed = [await open_account(hub, login) for login in ("here", "there", "everywhere", "closed")]
    async with hub.work(SYSTEM) as work:
        for account, id in ((here, committee), (there, other), (closed, committee)):
            await service.grant_role(work, account.id, NewGrant(role="secretary", body_kind="committee", body_id=id))
        await service.grant_role(work, everywhere.id, NewGrant(role="secretary", until=date(2026, 11, 24)))
        await service.close(work, closed.id, "离职")
        await work.commit()
        holding = repository.holding
        assert await holding(work.connection, {"secretary"}, {("committee", committee)}) == {here.id, everywhere.id}
        assert await holding(work.connection, {"secretary"}, {("committee", committee)}, date(2026, 11, 25)) == {here.id}
        assert await holding(work.connection, {"drafter"}, {("committee", committee)}) == set()
        assert [a.login for a in await repository.by_ids(work.connection, {here.id, there.id})] == ["here", "there"]


async def test_accounts_are_listed_by_login_in_pages(hub: Hub, root: Account) -> None:
    for login in ("c", "a_b", "axb"):
        await open_account(hub, login + "0", password=None)
    async with hub.database.read() as connection:
        first = await repository.listing(connection, limit=2)
        rest = await repository.listing(connection, after=first[-1].login)
        found = await repository.listing(connection, q="A_B")
    assert [a.login for a in [*first, *rest]] == ["a_b0", "axb0", "c0", "root"]
    assert [a.login for a in found] == ["a_b0"]
    assert [g.role for g in rest[-1].grants] == ["administrator"]


async def test_a_token_is_told_once_and_stored_only_as_its_hash(hub: Hub, root: Account) -> None:
    async with hub.work(await actor(hub, "root")) as work:
        token, raw = await service.issue_token(work, NewToken(name="脚本", scope="write"))
        await work.commit()
        listed = await repository.tokens(work.connection, root.id)
        rows = (await work.connection.execute(sa.select(table_of(TokenRow)))).all()
        log = (await work.connection.execute(sa.select(table_of(EventRow)))).all()
    assert listed == [token] and raw.startswith(token.prefix)
    assert raw not in repr(rows) + repr(log) + repr(listed)


@pytest.mark.parametrize(
    "given, where", [(NewToken(name=""), "name"), (NewToken(name="x", scope="all"), "scope"), (NewToken(name="x", days=0), "days")]
)
async def test_a_token_that_makes_no_sense_is_refused(hub: Hub, root: Account, given: NewToken, where: str) -> None:
    async with hub.work(await actor(hub, "root")) as work:
        with pytest.raises(BadInput) as refused:
            await service.issue_token(work, given)
    assert [unmet.where for unmet in refused.value.unmet] == [where]


async def test_another_ones_token_is_not_found(hub: Hub, root: Account) -> None:
    await open_account(hub, "other")
    async with hub.work(await actor(hub, "root")) as work:
        token, _ = await service.issue_token(work, NewToken(name="x"))
        await work.commit()
    async with hub.work(await actor(hub, "other")) as work:
        with pytest.raises(NotFound):
            await service.revoke_token(work, token.id)


async def test_no_password_is_in_the_log(hub: Hub, root: Account) -> None:
    async with hub.work(SYSTEM) as work:
        await service.set_password(work, root.id, "another password")
        await work.commit()
        hashes = (await work.connection.execute(sa.select(table_of(CredentialRow).c.hash))).scalars().all()
        log = [event.payload for event in await history(work.connection, root.stream)]
    assert len(hashes) == 1 and log[-1] == "{}"
    assert not any(secret in payload for payload in log for secret in (PASSWORD, "another password", hashes[0]))
