"""An enquiry through the services, on both engines: its window, who may comment, and what is kept of a comment."""

from datetime import date
from typing import Any

import pytest

from standards_hub.committees.comments import evidence, repository
from standards_hub.committees.comments.schemas import (
    Because,
    CommentFilter,
    Disposal,
    EnquiryChange,
    Merging,
    NewComment,
)
from standards_hub.committees.comments.services import answering, enquiring
from standards_hub.kernel import mail
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.admin import log
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from standards_hub.kernel.work import Hub, Work
from tests.committees.comments import samples
from tests.committees.comments.conftest import OTHER_TEXT, SUBJECT, TEXT, Sample, opened
from tests.committees.comments.driving import MEMBER, SECRETARY, all_of, begun, said


async def test_the_window_is_counted_by_the_rule_and_never_shorter(work: Work, sample: Sample) -> None:
    with pytest.raises(BadInput, match="30 日"):
        await opened(work, closes_on=date(2026, 12, 23))
    one = await opened(work)
    assert (one.opened_on, one.closes_on) == (date(2026, 11, 24), date(2026, 12, 24))
    with pytest.raises(Refused, match="未结束"):
        await opened(work)
    with pytest.raises(Refused, match="期限未满"):
        await enquiring.close(work, one.id, Because(reason="示例"))


@pytest.mark.parametrize("lacking, why", [({"version": None}, "上传"), ({"opened_on": None}, "尚未进入")])
async def test_there_is_no_enquiry_without_a_text_or_before_its_step(work: Work, sample: Sample, lacking: dict[str, Any], why: str) -> None:
    sample.change(**lacking)
    with pytest.raises(Refused, match=why):
        await opened(work)


async def test_a_replaced_text_makes_the_window_begin_anew_and_keeps_the_comments(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(SYSTEM) as work:
        await answering.make(work, one.id, said("示例大学", "不清"))
        await work.commit()
    sample.change(version=OTHER_TEXT)
    later = Hub(hub.database, hub.files, Clock(date(2026, 12, 20)))
    async with later.reading(SYSTEM) as work:
        assert (await enquiring.show(work, one.id)).standing == "replaced"
    async with later.work(SYSTEM) as work:
        await enquiring.restart_replaced(work)
        await enquiring.restart_replaced(work)
        await work.commit()
    async with later.work(SYSTEM) as work:
        found = await repository.enquiry(work.connection, one.id)
        assert (found.draft, found.restarts, found.opened_on, found.closes_on) == (OTHER_TEXT, 1, date(2026, 12, 20), date(2027, 1, 19))
        with pytest.raises(Conflict, match="已被更换"):
            await answering.make(work, one.id, said("示例公司", "晚了", draft=TEXT))
        await answering.make(work, one.id, said("示例公司", "新文本的意见"))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert [comment.draft for comment in await all_of(work, one)] == [TEXT, OTHER_TEXT]


async def test_a_window_without_an_end_in_sight_begins_anew_like_any_other(work: Work, sample: Sample) -> None:
    one = await opened(work, closes_on=date.max)
    sample.change(version=OTHER_TEXT)
    work.clock = Clock(date(2026, 12, 20))
    await enquiring.restart_replaced(work)
    found = await repository.enquiry(work.connection, one.id)
    assert (found.draft, found.closes_on) == (OTHER_TEXT, date.max)


@pytest.mark.parametrize("day, open_", [(date(2026, 12, 24), True), (date(2026, 12, 25), False)])
async def test_the_last_day_counts_until_its_end(hub: Hub, sample: Sample, day: date, open_: bool) -> None:
    one = await begun(hub)
    async with Hub(hub.database, hub.files, Clock(day)).work(PUBLIC) as work:
        if open_:
            await answering.make(work, one.id, NewComment(author="示例公众", text="意见"))
            assert (await enquiring.show(work, one.id)).standing == "open"
        else:
            with pytest.raises(Conflict, match="已截止"):
                await answering.make(work, one.id, NewComment(author="示例公众", text="意见"))
            with pytest.raises(NotFound):
                await enquiring.show(work, one.id)
        await work.commit()


async def test_the_public_does_not_speak_for_a_member_body(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    posing = NewComment(author="示例成员体", text="意见", author_kind="member_body")
    async with hub.work(PUBLIC) as work:
        with pytest.raises(BadInput) as wrong:
            await answering.make(work, one.id, posing)
        assert [unmet.where for unmet in wrong.value.unmet] == ["author_kind"]
    async with hub.work(MEMBER) as work:
        assert (await answering.make(work, one.id, posing)).number == 1


async def test_the_public_neither_reads_nor_comments_on_what_is_not_open_to_it(hub: Hub, sample: Sample) -> None:
    one = await begun(hub, public=False)
    async with hub.work(PUBLIC) as work:
        for attempt in (enquiring.show(work, one.id), answering.make(work, one.id, NewComment(author="示例", text="意见"))):
            with pytest.raises(NotFound):
                await attempt
        assert await enquiring.listing(work) == []
    async with hub.work(MEMBER) as work:
        assert [found.id for found in await enquiring.listing(work)] == [one.id]
        with pytest.raises(Forbidden):
            await enquiring.edit(work, one.id, EnquiryChange(sent=3))
    async with hub.work(SECRETARY) as work:
        assert (await enquiring.edit(work, one.id, EnquiryChange(sent=3))).sent == 3
        await work.commit()


async def test_a_receipt_goes_by_mail_and_addresses_are_seen_by_those_who_dispose(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(PUBLIC) as work:
        receipt = await answering.make(work, one.id, NewComment(author="示例公众", email="reader@example.org", text="意见", clause="4.1"))
        await work.commit()
    assert receipt.number == 1
    async with hub.reading(SYSTEM) as work:
        sent = await mail.outbox(work.connection)
        assert [(letter.recipient, "编号 1" in letter.body, "number 1" in letter.body) for letter in sent] == [
            ("reader@example.org", True, True)
        ]
    for actor, address in ((MEMBER, None), (SECRETARY, "reader@example.org")):
        async with hub.reading(actor) as work:
            _, found = await answering.listing(work, one.id, CommentFilter())
            assert [comment.email for comment in found] == [address]


async def test_an_attachment_is_kept_by_its_hash_and_other_kinds_are_refused(work: Work, sample: Sample) -> None:
    one = await opened(work)
    with pytest.raises(BadInput, match="附件只接受"):
        await answering.make(work, one.id, said("示例大学", "见附件"), ("run.exe", b"x"))
    await answering.make(work, one.id, said("示例大学", "见附件"), ("..\\..\\图.PNG", samples.png()))
    comment = (await all_of(work, one))[0]
    assert comment.attachment_name == "图.PNG" and work.files.get(comment.attachment or "") == samples.png()


async def test_progress_says_what_is_still_to_do(hub: Hub, sample: Sample) -> None:
    async with hub.reading(SYSTEM) as work:
        assert await evidence.progress(work, "sample", SUBJECT) is None
    one = await begun(hub)
    async with hub.work(SYSTEM) as work:
        await answering.make(work, one.id, said("示例大学", "意见"))
        await answering.make(work, one.id, said("示例公司", "意见"))
        first, second = await all_of(work, one)
        await answering.merge(work, one.id, Merging(into=first.id, comments=[second.id]))
        found = await evidence.progress(work, "sample", SUBJECT)
        assert found and (found.total, found.undecided, found.lacking_reason) == (2, 1, 0)
        assert not found.over(date(2026, 12, 24)) and found.over(date(2026, 12, 25))
        await answering.dispose(work, one.id, Disposal(comments=[first.id], disposition="adopted"))
        found = await evidence.progress(work, "sample", SUBJECT)
        assert found and (found.undecided, found.lacking_reason) == (0, 0)
        await work.commit()


async def test_the_log_tells_nobody_whether_and_which_address_was_left(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(PUBLIC) as work:
        await answering.make(work, one.id, NewComment(author="示例公众", text="有邮箱", email="a@example.org"))
        await answering.make(work, one.id, NewComment(author="示例公众", text="没有邮箱"))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        found = await log.entries(work.connection, log.LogFilter(stream=one.stream, types=["comment-made"]))
    told = {entry.payload["comment"]["text"]: entry.payload["comment"]["email"] for entry in found}
    assert told["有邮箱"] == told["没有邮箱"] and "@" not in told["有邮箱"]
