"""The gate on comments: shut until every comment of this round is disposed of, with the signed table as the other way."""

import asyncio
from datetime import date
from typing import Any

from msgspec import structs

from standards_hub.committees.comments import repository as comments
from standards_hub.committees.comments.schemas import Disposal, NewComment, NewEnquiry
from standards_hub.committees.comments.services import answering, enquiring
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import evidence, repository
from standards_hub.lifecycle.consulting import CommentDrafts
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.services import dossier
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import driven, on_day, proposed


async def answer(hub: Hub, id: Any) -> tuple[bool, str] | None:
    async with hub.reading(SYSTEM) as work:
        standard = await repository.standard(work.connection, id)
        gates = tuple(g for t in track_of(standard.track).transitions for g in t.gates if g.provider == "comments")
        found = list((await evidence.gathered(work, standard, gates)).values())
    return (found[0].met, found[0].why.into("zh")) if found else None


async def test_the_gate_opens_when_every_comment_is_disposed_of(hub: Hub) -> None:
    fill_ports()
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "30.20")
    async with hub.work(SYSTEM) as work:
        digest = work.files.put("1 范围\n示例".encode())
        await dossier.add_paper(work, standard.id, PaperIn(kind="comment_draft", dated=work.today, sha256=digest, filename="draft.txt"))
        draft = await CommentDrafts().draft(work, "standard", standard.id)
        assert (draft.version, draft.days, draft.rule) == (digest, 30, "chinese") and draft.opened_on is not None
        await work.commit()
    assert await answer(hub, standard.id) is None
    async with hub.work(SYSTEM) as work:
        one = await enquiring.open_enquiry(work, NewEnquiry(subject_id=standard.id))
        await answering.make(work, one.id, NewComment(author="示例公众", text="意见"))
        await work.commit()
    assert await answer(hub, standard.id) == (False, f"征求意见到 {one.closes_on} 24:00 截止")
    later = Hub(hub.database, hub.files, Clock(date(2027, 6, 1)))
    assert await answer(later, standard.id) == (False, "1 条意见中有 1 条尚未处理")
    async with later.work(SYSTEM) as work:
        ids = [comment.id for comment in await comments.comments(work.connection, one.id)]
        await answering.dispose(work, one.id, Disposal(comments=ids, disposition="adopted"))
        await work.commit()
    assert await answer(later, standard.id) == (True, "1 条意见已逐条处理")


async def test_a_new_text_in_the_dossier_begins_the_window_anew_at_once(hub: Hub) -> None:
    fill_ports()
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "30.20")
    async with hub.work(SYSTEM) as work:
        first, second = (work.files.put(text.encode()) for text in ("1 范围", "1 范围\n新"))
        given = PaperIn(kind="comment_draft", dated=work.today, sha256=first, filename="draft.txt")
        await dossier.add_paper(work, standard.id, given)
        one = await enquiring.open_enquiry(work, NewEnquiry(subject_id=standard.id))
        await dossier.add_paper(work, standard.id, PaperIn(kind="comment_notice", dated=work.today, reference="示例"))
        assert (await comments.enquiry(work.connection, one.id)).restarts == 0
        await work.commit()
    async with on_day(hub, one.closes_on).work(SYSTEM) as work:
        await dossier.add_paper(work, standard.id, structs.replace(given, dated=work.today, sha256=second))
        found = await comments.enquiry(work.connection, one.id)
        assert (found.draft, found.restarts, found.opened_on) == (second, 1, one.closes_on)
        await work.commit()


async def test_of_two_who_open_an_enquiry_at_once_the_second_is_told_of_the_first(hub: Hub) -> None:
    fill_ports()
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "30.20")
    async with hub.work(SYSTEM) as work:
        digest = work.files.put("1 范围\n示例".encode())
        await dossier.add_paper(work, standard.id, PaperIn(kind="comment_draft", dated=work.today, sha256=digest, filename="draft.txt"))
        await work.commit()

    async def open_one() -> str:
        async with hub.work(SYSTEM) as work:
            await asyncio.sleep(0.05)  # so that both have begun
            try:
                await enquiring.open_enquiry(work, NewEnquiry(subject_id=standard.id))
            except Refused as refused:
                return refused.unmet[0].code
            await asyncio.sleep(0.2)
            await work.commit()
        return "opened"

    assert sorted(await asyncio.gather(open_one(), open_one())) == ["opened", "running"]
