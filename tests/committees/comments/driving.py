"""What the tests of comments do again and again: say, list, upload."""

from datetime import date
from typing import Any
from uuid import UUID

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.schemas import (
    Import,
    NewComment,
)
from standards_hub.committees.comments.services import importing
from standards_hub.committees.comments.subjects import Comment, Enquiry
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.work import Hub, Work
from tests.committees.comments.conftest import opened

MEMBER = Actor(UUID(int=1), "示例甲", (Grant("member", ("committee", "c")),))


SECRETARY = Actor(UUID(int=2), "示例乙", (Grant("secretary", ("committee", "c")),))


def said(author: str, text: str, clause: str = "3.2", **more: Any) -> NewComment:
    return NewComment(author=author, author_kind="organisation", text=text, clause=clause, **more)


async def all_of(work: Work, one: Enquiry) -> list[Comment]:
    return await repository.comments(work.connection, one.id)


async def taken(hub: Hub, one_id: UUID, files: list[tuple[str, bytes]], day: date | None = None) -> Import:
    """Files merged by the job, as somebody finds it after leaving the page."""
    async with hub.work(SYSTEM) as work:
        asked = await importing.begin(work, one_id, files)
        await work.commit()
    drained = await jobs.drain(hub)
    assert drained.errors == []
    async with hub.reading(SYSTEM) as work:
        return await importing.show(work, one_id, asked.id)


async def begun(hub: Hub, **more: Any) -> Enquiry:
    async with hub.work(SYSTEM) as work:
        one = await opened(work, **more)
        await work.commit()
    return one
