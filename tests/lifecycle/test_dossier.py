"""The dossier: a file is put in by who sent it or may read it already, and of two papers of one day the later filed one is the newer."""

from datetime import date
from uuid import UUID

import pytest

from standards_hub.kernel import uploads
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.balloting import text_now
from standards_hub.lifecycle.consulting import CommentDrafts
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.services import dossier
from standards_hub.lifecycle.values import Standard
from tests.lifecycle.driving import driven, holding, proposed

DAY = date(2026, 11, 20)


def paper(digest: str, kind: str = "working_draft", name: str = "draft.txt") -> PaperIn:
    return PaperIn(kind=kind, dated=DAY, sha256=digest, filename=name)


def drafter_of(standard: Standard) -> Actor:
    return holding("drafter", ("standard", str(standard.id)))


async def add(hub: Hub, actor: Actor, standard: Standard, given: PaperIn) -> UUID:
    async with hub.work(actor) as work:
        made = await dossier.add_paper(work, standard.id, given)
        await work.commit()
    return made


async def test_who_only_knows_the_hash_of_a_file_cannot_put_it_into_a_dossier_of_their_own(hub: Hub) -> None:
    theirs, own, kind = await proposed(hub, "local-db32"), await proposed(hub, "local-db32"), "outline_draft"
    author, stranger = drafter_of(theirs), drafter_of(own)
    async with hub.work(author) as work:  # sent, and in no dossier yet; what is attached to a comment is kept likewise
        digest = await uploads.keep(work, "示例：未公开的草案".encode())
        await work.commit()
    for unusable in (digest, "0" * 64):  # refused alike, so that nobody learns what is here
        with pytest.raises(BadInput) as refused:
            await add(hub, stranger, own, paper(unusable, kind))
        assert [(u.code, u.where) for u in refused.value.unmet] == [("paper.file", "sha256")]
    async with hub.work(stranger) as work:
        assert await uploads.keep(work, "示例：未公开的草案".encode()) == digest
        await work.commit()
    await add(hub, stranger, own, paper(digest, kind))
    await add(hub, author, theirs, paper(digest, kind))


async def test_a_file_that_one_may_read_in_a_dossier_can_be_put_into_another(hub: Hub) -> None:
    first, second = await proposed(hub, "local-db32"), await proposed(hub, "local-db32")
    async with hub.work(SYSTEM) as work:
        digest = work.files.put("示例".encode())
        await dossier.add_paper(work, first.id, paper(digest, "outline_draft"))
        await work.commit()
    both = Actor(account=UUID(int=5), grants=tuple(Grant("drafter", ("standard", str(one.id))) for one in (first, second)))
    await add(hub, both, second, paper(digest, "outline_draft"))


async def test_of_two_texts_filed_on_one_day_the_later_filed_one_is_the_text(hub: Hub) -> None:
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "30.20")
    titles = []
    for n in range(6):  # ids are random: by chance alone this would hold once in many times only
        async with hub.work(SYSTEM) as work:
            digest = work.files.put(f"示例 {n}".encode())
            given = PaperIn(kind="comment_draft", dated=DAY, sha256=digest, filename=f"{n}.txt", title=f"示例 第 {n} 稿")
            await dossier.add_paper(work, standard.id, given)
            await work.commit()
            papers = await repository.papers(work.connection, standard.id)
            draft = await CommentDrafts().draft(work, "standard", standard.id)
        titles.append(((text_now(papers) or ("", ""))[0], draft.filename))
    assert titles == [(f"示例 第 {n} 稿", f"{n}.txt") for n in range(6)]


async def test_to_take_back_an_older_text_leaves_the_one_that_is_voted_on_as_it_is(hub: Hub) -> None:
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "30.20")
    made = []
    async with hub.work(SYSTEM) as work:
        for n in range(2):
            digest = work.files.put(f"示例 {n}".encode())
            made.append(
                await dossier.add_paper(work, standard.id, PaperIn(kind="comment_draft", dated=DAY, sha256=digest, filename="a.txt"))
            )
        before = text_now(await repository.papers(work.connection, standard.id))
        await dossier.withdraw_paper(work, made[0], "示例：已有新稿")
        assert text_now(await repository.papers(work.connection, standard.id)) == before
        await dossier.withdraw_paper(work, made[1], "示例：撤回")
        assert text_now(await repository.papers(work.connection, standard.id)) != before
        await work.commit()
