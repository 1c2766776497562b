"""The list of meetings."""

from typing import Any
from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.pages.acting import PREPARE, href
from standards_hub.committees.meetings.values import KINDS, STATES, Meeting
from standards_hub.committees.pages.picks import TABS, committee_of
from standards_hub.kernel.messages import say
from standards_hub.kernel.registers import lists
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work

MARKS = {"prepared": "waiting", "called": "active", "held": "active", "minutes": "waiting", "signed": "done", "cancelled": "withdrawn"}


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "text": wanted.get("q"), "state": wanted.get("state"), "kind": wanted.get("kind"),
        "committee_id": lists.id_of(wanted.get("committee"), "committee"),
    }  # fmt: skip


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Meeting]:
    return await repository.meetings(work.connection, actor=work.actor, **_asked(wanted), after=after, limit=limit)


async def _how_many(work: Work, wanted: Wanted) -> int:
    return await repository.count(work.connection, actor=work.actor, **_asked(wanted))


async def _cells(work: Work, found: list[Meeting]) -> list[list[Cell]]:
    labels = await registers.committee_labels(work.connection, {one.committee_id for one in found})
    return [
        [
            Cell(one.title, href(one.id), exemplar=one.exemplar), Cell(labels[one.committee_id], f"/committees/{one.committee_id}"),
            Cell(KINDS[one.kind]), Cell(say("{day} {hour}", day=one.starts_on, hour=one.starts_at)), Cell(one.place or one.link),
            Cell(STATES[one.state], None, MARKS[one.state]),
        ]
        for one in found
    ]  # fmt: skip


LIST = Listing(
    path="/meetings", permission="meeting.read", title=say("会议"), sum=lambda count: say("{count} 次会议", count=count), hint=say("会议名称"),
    empty=say("还没有会议。秘书处可准备会议、安排议程并发出通知。"), register=PREPARE, tabs=TABS, find=_find, count=_how_many, cells=_cells,
    facets=(
        Facet(key="state", name=say("状态"), options=tuple(STATES.items())),
        Facet(key="kind", name=say("类型"), options=tuple(KINDS.items())),
        Facet(key="committee", name=say("委员会"), named=committee_of),
    ),
    columns=(
        Column(say("会议"), "whole"), Column(say("委员会"), "aside"), Column(say("类型"), "nowrap aside"), Column(say("时间"), "nowrap"),
        Column(say("地点"), "aside"), Column(say("状态"), "nowrap"),
    ),
)  # fmt: skip
PAGES: list[Any] = [*lists.routes(LIST)]
