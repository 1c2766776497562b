"""The list of ballots with its filters."""

from typing import Any
from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository
from standards_hub.committees.ballots.pages.acting import PREPARE, READ, href
from standards_hub.committees.ballots.rules import OUTCOMES
from standards_hub.committees.ballots.values import STATES, Ballot
from standards_hub.committees.pages.picks import TABS, committee_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.registers import lists
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work

MARKS = {"prepared": "waiting", "open": "active", "closed": "done", "void": "withdrawn"}
OUTCOME_MARKS = {"passed": "met", "failed": "unmet", "invalid": "late", "consultation": "done"}


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {"text": wanted.get("q"), "state": wanted.get("state"), "committee_id": lists.id_of(wanted.get("committee"), "committee")}


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Ballot]:
    return await repository.ballots(work.connection, **_asked(wanted), after=after, limit=limit)


async def _how_many(work: Work, wanted: Wanted) -> int:
    return await repository.count(work.connection, **_asked(wanted))


async def _cells(work: Work, found: list[Ballot]) -> list[list[Cell]]:
    labels = await registers.committee_labels(work.connection, {one.committee_id for one in found})
    turnout = await repository.turnout(work.connection, [one.id for one in found])
    return [
        [
            Cell(one.title, href(one.id), exemplar=one.exemplar), Cell(labels[one.committee_id], f"/committees/{one.committee_id}"),
            Cell(one.rule), Cell(say("{voted}/{all}", voted=turnout[one.id][0], all=turnout[one.id][1]) if one.id in turnout else None),
            Cell(one.closes_on), Cell(*state_of(one)),
        ]
        for one in found
    ]  # fmt: skip


def state_of(one: Ballot) -> tuple[Message, None, str]:
    if one.outcome:
        return OUTCOMES[one.outcome], None, OUTCOME_MARKS[one.outcome]  # type: ignore[index]
    return STATES[one.state], None, MARKS[one.state]


LIST = Listing(
    path="/ballots", permission=READ, title=say("表决"), sum=lambda count: say("{count} 次表决", count=count), hint=say("标题"),
    empty=say("还没有表决。秘书处可就标准或委员会事项组织表决。"), register=PREPARE, tabs=TABS, find=_find, count=_how_many, cells=_cells,
    facets=(
        Facet(key="state", name=say("状态"), options=tuple(STATES.items())),
        Facet(key="committee", name=say("委员会"), named=committee_of),
    ),
    columns=(
        Column(say("表决"), "whole"), Column(say("委员会"), "aside"), Column(say("规则"), "nowrap aside"), Column(say("已投"), "nowrap aside"),
        Column(say("截止"), "nowrap"), Column(say("状态"), "nowrap"),
    ),
)  # fmt: skip


PAGES: list[Any] = [*lists.routes(LIST)]
