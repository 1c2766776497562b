"""Notices come as each person chose: at once, gathered once a day, or not at all."""

import pytest
import sqlalchemy as sa

from standards_hub.kernel import jobs, mail, notices
from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.access.values import Account, NewAccount
from standards_hub.kernel.errors import BadInput, NotSignedIn
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.jobs import LIMIT, TURN, WATCHED

SUBJECT, BODY = say("{label}：{limit}届满", label="GB/T 1", limit=Name("期限", "limit")), say("周末")


async def account(hub: Hub, login: str, language: str = "zh", **choices: str) -> Account:
    async with hub.work(SYSTEM) as work:
        made = await service.open_account(work, NewAccount(login=login, name=login, language=language, email=f"{login}@example.org"))
        await work.commit()
    async with hub.work(repository.actor_of(made, hub.clock.today())) as work:
        await notices.choose(work, choices)
        await work.commit()
    return made


async def send(hub: Hub, *people: Account, kind: str = WATCHED, key: str = "one") -> None:
    async with hub.work(SYSTEM) as work:
        await notices.send(work, {one.id: kind for one in people}, SUBJECT, BODY, key)
        await work.commit()


async def mails(hub: Hub) -> list[tuple[str, str]]:
    async with hub.database.read() as connection:
        return sorted((m.recipient, m.subject) for m in await mail.outbox(connection))


async def gather(hub: Hub, key: str) -> None:
    async with hub.work(SYSTEM) as work:
        await work.enqueue("notices.gather", {}, key=key)
        await work.commit()
    assert (await jobs.drain(hub)).errors == []


async def test_each_is_written_to_as_they_chose_and_in_their_language(hub: Hub) -> None:
    people = [await account(hub, "now"), await account(hub, "english", "en"), await account(hub, "later", watched="daily"),
              await account(hub, "never", watched="none")]  # fmt: skip
    await send(hub, *people)
    assert await mails(hub) == [("english@example.org", "GB/T 1: limit ends"), ("now@example.org", "GB/T 1：期限届满")]


async def test_what_waits_comes_in_one_mail_once(hub: Hub) -> None:
    later = await account(hub, "later", watched="daily")
    for key in ("one", "two", "two"):
        await send(hub, later, key=key)
    assert await mails(hub) == []
    await gather(hub, "monday")
    assert await mails(hub) == [("later@example.org", "标准全程：2 项通知")]
    async with hub.database.read() as connection:
        assert (await mail.outbox(connection))[0].body.count("GB/T 1：期限届满") == 2
        assert (await connection.execute(sa.select(notices.GATHERED))).all() == []
    await gather(hub, "tuesday")
    await send(hub, later, key="three")
    await gather(hub, "wednesday")
    assert [subject for _, subject in await mails(hub)] == ["标准全程：1 项通知", "标准全程：2 项通知"]


async def test_a_choice_is_for_its_kind_only(hub: Hub) -> None:
    one = await account(hub, "one", watched="none")
    await send(hub, one, kind=LIMIT)
    assert len(await mails(hub)) == 1
    async with hub.database.read() as connection:
        chosen = await notices.choices(connection, one.id)
    assert {LIMIT, TURN, WATCHED} <= chosen.keys() and chosen == dict.fromkeys(notices.KINDS, "now") | {WATCHED: "none"}


@pytest.mark.parametrize("choices", [{"nonsense": "now"}, {"watched": "hourly"}])
async def test_what_cannot_be_chosen_is_refused(hub: Hub, choices: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        await account(hub, "one", **choices)
    async with hub.work(PUBLIC) as work:
        with pytest.raises(NotSignedIn):
            await notices.choose(work, {})
