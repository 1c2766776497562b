"""Who left an address is told what was decided, once, and by nobody who may not see addresses."""

import pytest

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.schemas import (
    Disposal,
    RepliesOut,
)
from standards_hub.committees.comments.services import answering, replying
from standards_hub.kernel import mail
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Forbidden, Refused, Stale
from standards_hub.kernel.work import Hub
from tests.committees.comments.conftest import Sample, opened
from tests.committees.comments.driving import MEMBER, SECRETARY, all_of, begun, said


async def letters(hub: Hub) -> list[mail.Mail]:
    """The mails on what was decided, in the order in which they were written."""
    async with hub.reading(SYSTEM) as work:
        found = await mail.outbox(work.connection)
    return sorted((m for m in found if "回执" not in m.subject), key=lambda m: (m.created_at, m.recipient))


async def test_who_left_an_address_is_told_once_what_was_decided_and_again_only_if_that_changes(hub: Hub, sample: Sample) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        await answering.make(work, one.id, said("示例大学", "术语不清", email="a@example.org", language="en"))
        await answering.make(work, one.id, said("示例公司", "太严", "4.2", email="b@example.org"))
        await answering.make(work, one.id, said("示例大学", "表头不一致", "附录A", email="A@example.org"))
        await answering.make(work, one.id, said("示例协会", "支持"))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        ids = {c.number: c.id for c in await all_of(work, one)}
        await answering.dispose(work, one.id, Disposal(comments=[ids[1], ids[3]], disposition="adopted", reply="已改"))
        with pytest.raises(Refused) as refused:
            await replying.send(work, one.id)
        assert [unmet.where for unmet in refused.value.unmet] == [str(ids[2])]
        await answering.dispose(work, one.id, Disposal(comments=[ids[2]], disposition="not_adopted", reason="与上位标准一致"))
        seen = await repository.enquiry(work.connection, one.id)
        shown = await replying.waiting(work, one.id)
        assert [(r.email, r.comments, r.again) for r in shown.waiting] == [("A@example.org", [1, 3], False), ("b@example.org", [2], False)]
        assert await replying.send(work, one.id, seen.version) == RepliesOut(mails=2, comments=3)
        await work.commit()
    english, both = [(m.subject, m.body) for m in await letters(hub)]
    assert (
        "put right" not in english[0]
        and "术语不清" in english[1]
        and "Decision: " in english[1]
        and "已改" in english[1]
        and "您的" not in english[1]
    )
    assert "太严" in both[1] and "理由：与上位标准一致" in both[1] and "Your comment" in both[1] and "术语不清" not in both[1]
    async with hub.work(SECRETARY) as work:
        with pytest.raises(Refused, match="还不能"):
            await replying.send(work, one.id)
        await answering.dispose(work, one.id, Disposal(comments=[ids[1], ids[3]], disposition="adopted", reply="已改"))  # the same again
        with pytest.raises(Refused, match="还不能"):
            await replying.send(work, one.id)
        await answering.dispose(work, one.id, Disposal(comments=[ids[2]], disposition="partly", reason="只改首句"))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        with pytest.raises(Stale):
            await replying.send(work, one.id, seen.version)
        assert await replying.send(work, one.id) == RepliesOut(mails=1, comments=1)
        await work.commit()
    assert [m.subject for m in await letters(hub)][2:] == ["意见处理结果更正：示例 氢能 术语"]


async def test_addresses_are_neither_shown_nor_written_to_by_who_does_not_dispose_of_comments(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(MEMBER) as work:
        for task in (replying.waiting, replying.send):
            with pytest.raises(Forbidden):
                await task(work, one.id)
