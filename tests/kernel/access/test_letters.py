"""Letters that set a password: through a real mail server, once, for a while, and telling nobody who has an account."""

import asyncio
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access import letters, repository, service, signing_in
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.access.policy import POLICY
from standards_hub.kernel.access.secrets import digest
from standards_hub.kernel.access.values import Account, AccountPatch, NewGrant, NewInvitation
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, Refused, TooMany
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.work import Hub
from tests.kernel.access.conftest import PASSWORD, Hands, open_account
from tests.support.mailbox import Mailbox

HOME, BASE, NEW = "192.0.2.1", "https://hub.example", "一个崭新的密码呀呀呀"


async def actor(hub: Hub, login: str) -> Actor:
    async with hub.database.read() as connection:
        return await repository.actor_for_login(connection, login, hub.clock.today())


async def addressed(hub: Hub, login: str, email: str | None, **more: str) -> Account:
    account = await open_account(hub, login)
    async with hub.work(await actor(hub, "root")) as work:
        account = await service.change(work, account.id, AccountPatch(email=email, **more))
        await work.commit()
    return account


async def delivered(hub: Hub, mailbox: Mailbox) -> str:
    """The secret in the last letter that the mail server took."""
    done = await jobs.drain(hub, mail.Smtp(mailbox.host, mailbox.port))
    assert done.errors == []
    found = re.search(rf"{BASE}/(reset|invitation)/(\S+)", mailbox.messages[-1].get_content())
    assert found
    return found[2]


async def invited(hub: Hub, by: str = "root", **more: object) -> tuple[Account, str]:
    async with hub.work(await actor(hub, by)) as work:
        given = NewInvitation(login="new", name="示例新人", email="new@example.org", grants=[NewGrant(role="officer")], **more)  # type: ignore[arg-type]
        found = await letters.invite(work, given, BASE)
        await work.commit()
    return found


async def test_a_forgotten_password_is_set_anew_once_and_every_session_ends(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await addressed(hub, "li", "Li@example.org")
    before = await signing_in.sign_in(hub, "li", PASSWORD, HOME)
    await letters.ask(hub, " LI ", HOME, BASE)
    secret = await delivered(hub, mailbox)
    assert mailbox.recipients == [["Li@example.org"]] and mailbox.messages[0]["Subject"] == "标准全程：重设密码"
    session = await letters.use(hub, secret, "reset", NEW, HOME)
    async with hub.database.read() as connection:
        hashes = [s.id for s in await repository.sessions(connection, session.account_id, hub.clock.now())]
    assert len(hashes) == 1 and before.secret != session.secret
    await signing_in.sign_in(hub, "li", NEW, HOME)
    with pytest.raises(NotSignedIn):
        await signing_in.sign_in(hub, "li", PASSWORD, HOME)
    with pytest.raises(NotFound, match="链接无效"):
        await letters.use(hub, secret, "reset", PASSWORD, HOME)


async def test_the_secret_is_nowhere_but_in_the_mail(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await addressed(hub, "li", "li@example.org")
    await letters.ask(hub, "li", HOME, BASE)
    secret = await delivered(hub, mailbox)
    async with hub.database.read() as connection:
        for table in (repository.LETTER, mail.TABLE, queue.TABLE):
            assert secret not in repr((await connection.execute(sa.select(table))).all()), table.name
        kept = (await mail.outbox(connection))[0]
    assert mail.HIDDEN in kept.body and kept.state == "sent"


async def test_a_letter_that_no_server_took_is_not_sent_again_without_its_secret(hub: Hub, root: Account) -> None:
    await invited(hub)
    await jobs.drain(hub)
    async with hub.work(await actor(hub, "root")) as work:
        kept = (await mail.outbox(work.connection))[0]
        assert kept.state == "unconfigured"
        with pytest.raises(Conflict, match="一次性链接"):
            await mail.send_again(work, kept.id)


@pytest.mark.parametrize("purpose, serves", [("reset", timedelta(hours=1)), ("invitation", timedelta(days=7))])
async def test_a_letter_serves_for_a_while(
    hub: Hub, root: Account, mailbox: Mailbox, clock: Hands, purpose: str, serves: timedelta
) -> None:
    if purpose == "invitation":
        await invited(hub)
    else:
        await addressed(hub, "li", "li@example.org")
        await letters.ask(hub, "li", HOME, BASE)
    secret = await delivered(hub, mailbox)
    clock.turn(seconds=serves.total_seconds() - 1)
    assert (await letters.addressee(hub, secret, purpose)).email
    with pytest.raises(NotFound):
        await letters.addressee(hub, secret, "reset" if purpose == "invitation" else "invitation")
    clock.turn(seconds=1)
    with pytest.raises(NotFound):
        await letters.use(hub, secret, purpose, NEW, HOME)


async def test_nobody_learns_which_logins_there_are(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await addressed(hub, "li", "li@example.org")
    await addressed(hub, "silent", None)
    closed = await addressed(hub, "gone", "gone@example.org")
    async with hub.work(await actor(hub, "root")) as work:
        await service.close(work, closed.id)
        await work.commit()
    for who in ("li", "silent", "gone", "nobody"):
        await letters.ask(hub, who, HOME, BASE)
    async with hub.database.read() as connection:
        asked = await queue.jobs(connection, name="access.forgotten")
    assert len(asked) == 4
    await delivered(hub, mailbox)
    assert mailbox.recipients == [["li@example.org"]]


@pytest.mark.parametrize("who", ["li", "nobody"])
async def test_whoever_asks_on_and_on_is_slowed_down(hub: Hub, root: Account, clock: Hands, who: str) -> None:
    await addressed(hub, "li", "li@example.org")
    for _ in range(POLICY.forgotten_asks):
        await letters.ask(hub, who, HOME, BASE)
    with pytest.raises(TooMany, match="索取次数过多"):
        await letters.ask(hub, who.upper(), "192.0.2.9", BASE)
    await signing_in.sign_in(hub, "li", PASSWORD, HOME)
    clock.turn(minutes=POLICY.window_minutes)
    await letters.ask(hub, who, HOME, BASE)


async def test_one_address_may_not_ask_for_everybody(hub: Hub, root: Account) -> None:
    for n in range(POLICY.forgotten_from_address):
        await letters.ask(hub, f"somebody{n}", HOME, BASE)
    with pytest.raises(TooMany):
        await letters.ask(hub, "another", HOME, BASE)


async def test_of_two_letters_only_the_last_serves(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await addressed(hub, "li", "li@example.org")
    await letters.ask(hub, "li", HOME, BASE)
    first = await delivered(hub, mailbox)
    await letters.ask(hub, "li@EXAMPLE.org", HOME, BASE)
    second = await delivered(hub, mailbox)
    with pytest.raises(NotFound):
        await letters.use(hub, first, "reset", NEW, HOME)
    await letters.use(hub, second, "reset", NEW, HOME)


async def test_of_two_readers_at_once_one_sets_the_password(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await addressed(hub, "li", "li@example.org")
    await letters.ask(hub, "li", HOME, BASE)
    secret = await delivered(hub, mailbox)
    both = await asyncio.gather(*(letters.use(hub, secret, "reset", NEW + str(n), HOME) for n in (1, 2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["NotFound", "SignedIn"]


async def test_a_bad_password_does_not_spend_the_letter(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    account, link = await invited(hub)
    secret = await delivered(hub, mailbox)
    assert link.endswith(secret)
    with pytest.raises(BadInput):
        await letters.use(hub, secret, "invitation", "short", HOME)
    session = await letters.use(hub, secret, "invitation", NEW, HOME)
    assert session.account_id == account.id
    assert {grant.role for grant in (await actor(hub, "new")).grants} == {"officer"}


async def test_an_invitation_speaks_the_language_of_the_invited(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await invited(hub, language="en")
    await delivered(hub, mailbox)
    assert mailbox.messages[0]["Subject"] == "Standards Hub: you are invited"
    assert "invites you" in mailbox.messages[0].get_content()


async def test_only_administrators_invite_and_only_whoever_has_no_password(hub: Hub, root: Account, mailbox: Mailbox) -> None:
    await open_account(hub, "officer", "officer")
    with pytest.raises(Forbidden):
        await invited(hub, by="officer")
    account, _ = await invited(hub)
    first = await delivered(hub, mailbox)
    async with hub.work(await actor(hub, "root")) as work:
        await letters.invite_again(work, account.id, BASE)
        await work.commit()
    second = await delivered(hub, mailbox)
    with pytest.raises(NotFound):
        await letters.use(hub, first, "invitation", NEW, HOME)
    await letters.use(hub, second, "invitation", NEW, HOME)
    async with hub.work(await actor(hub, "root")) as work:
        with pytest.raises(Refused, match="已设过密码"):
            await letters.invite_again(work, account.id, BASE)


async def test_an_invitation_wants_an_address_and_nothing_is_left_of_a_refused_one(hub: Hub, root: Account) -> None:
    async with hub.work(await actor(hub, "root")) as work:
        with pytest.raises(BadInput) as refused:
            await letters.invite(work, NewInvitation(login="new", name="x", email=" "), BASE)
    assert [unmet.where for unmet in refused.value.unmet] == ["email"]
    async with hub.database.read() as connection:
        assert await repository.called(connection, "new") == []


async def test_one_ends_other_sessions_and_never_those_of_others(hub: Hub, root: Account) -> None:
    await open_account(hub, "li")
    kept, other = [await signing_in.sign_in(hub, "li", PASSWORD, HOME) for _ in range(2)]
    await signing_in.sign_in(hub, "root", PASSWORD, HOME)
    async with hub.work(await actor(hub, "li")) as work:
        of_root = await repository.sessions(work.connection, root.id, work.clock.now())
        assert await signing_in.end_sessions(work, id=of_root[0].id) == 0
        assert await signing_in.end_sessions(work, keep=kept.secret) == 1
        await work.commit()
        left = await repository.sessions(work.connection, kept.account_id, work.clock.now())
    assert [session.id for session in left] == [digest(kept.secret)[: repository.SESSION_ID]] and other.secret != kept.secret
