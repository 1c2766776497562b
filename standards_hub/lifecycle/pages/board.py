"""The standards as a board: a column for each stage that occurs, the trial verification one of its own, a card for each standard."""

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from standards_hub.kernel import frequent
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import queries, repository
from standards_hub.lifecycle.columns import ALWAYS, left, step_name
from standards_hub.lifecycle.filtering import FACETS, Query, chips
from standards_hub.lifecycle.pages.listing import MAY, QUICK, asked, blank
from standards_hub.lifecycle.queries import NextLimit
from standards_hub.lifecycle.services import listing
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.tracks import track as track_of

AT_ONCE = 12
"""Cards of a column; the rest is in the list."""


class Column(Struct):
    """A stage of the board: its steps, how many stand there, and the list of just these."""

    code: str
    name: Message
    steps: set[str]
    count: int
    url: str
    cards: list["Card"]

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


class Card(Struct, frozen=True):
    """A standard on the board."""

    row: Any
    step: Any
    days: int
    """Since it came to its step."""
    limit: NextLimit | None
    left: Message | None
    late: bool


@get("/standards/board", opt=MAY, include_in_schema=False)
async def board_page(request: Request[Any, Any, Any], reading: Work) -> Response[Any]:
    """The standards under way or in force that fit what the address asks for, by stage."""
    query = asked(request)
    if blank(request):
        return go(request, query.url("/standards/board"))
    wanted = await listing.asked(reading, query)
    held = await repository.by_step(reading.connection, wanted, actor=reading.actor)
    columns = _columns(query, held)
    groups = [column.steps for column in columns]
    rows = await queries.first_in(reading.connection, reading.actor, wanted, groups, ALWAYS, AT_ONCE)
    limits = await frequent.asked(reading.connection, queries.next_limits_of([row.id for row in rows])) if listing.inside(reading) else {}
    for row in sorted(rows, key=lambda row: (row.step_entered_on, row.id), reverse=True):
        limit = limits.get(row.id)
        columns[row.at].cards.append(
            Card(
                row,
                step_name(row.track, row.step),
                (reading.today - row.step_entered_on).days,
                limit,
                left(limit.due_on, reading.today) if limit else None,
                bool(limit and limit.due_on < reading.today),
            )
        )
    return page(
        request, "standards/board.html", query=query, columns=columns, total=sum(column.count for column in columns),
        chips=chips(query, await listing.names(reading, query), "/standards/board"), statuses=STATUS_NAMES, quick=QUICK, facets=FACETS,
    )  # fmt: skip


def _columns(query: Query, held: dict[tuple[str, str, str], int]) -> list[Column]:
    """The stages that occur, in their order; the counts lead to lists of the very same standards."""
    made: dict[str, Column] = {}
    for (track, step, _status), count in held.items():
        code = track_of(track).step(step).shown[:2]
        name = STAGE_NAMES.get(code, say("试验验证"))
        column = made.setdefault(code, Column(code, name, set(), 0, "", []))
        column.steps.add(step)
        column.count += count
    for column in made.values():
        narrowed = query.without("stage").without("step")
        for step in sorted(column.steps):
            narrowed = narrowed.having("step", step)
        column.url = narrowed.url()
    return [made[code] for code in sorted(made)]


PAGES: list[Any] = [board_page]
