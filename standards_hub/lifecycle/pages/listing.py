"""The list of standards as a page: narrowed, ordered, shown in chosen columns, taken home as a file, and followed several at a time."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get, post
from litestar.response import Stream

from standards_hub.kernel import frequent
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page, section
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import exporting, queries
from standards_hub.lifecycle.columns import COLUMNS, needed, shown
from standards_hub.lifecycle.filtering import FACETS, INSIDE_SORTS, SORTS, TRIAL, Query, chips, name_of, read
from standards_hub.lifecycle.pages.rows import rows
from standards_hub.lifecycle.queries import MOST
from standards_hub.lifecycle.schemas import Watching
from standards_hub.lifecycle.services import listing, tracking
from standards_hub.lifecycle.services.moving import KIND_NAMES, STATUS_NAMES
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES

AnyRequest = Request[Any, Any, Any]
MAY: dict[str, Any] = {"permission": "standard.read_public"}
AT_ONCE = 50
QUICK: dict[str, dict[str, Message]] = {
    "level": {str(level): name for level, name in LEVEL_NAMES.items()},
    "stage": {code: say("{code} {name}", code=code, name=name) for code, name in STAGE_NAMES.items()},
    "status": STATUS_NAMES,
}
"""The conditions that stand above the list; the others have a form of their own."""
section("/standards", say("标准"), "list-details", "standard.read_public", 30)


def asked(request: AnyRequest) -> Query:
    """What the address asks for."""
    return read(request.query_params.items())


def blank(request: AnyRequest) -> bool:
    """Whether a form without scripts sent fields that say nothing, which the address need not carry."""
    return any(not value.strip() for _, value in request.query_params.items())


@get("/standards", opt=MAY, include_in_schema=False)
async def list_page(request: AnyRequest, reading: Work, after: str | None = None, before: str | None = None) -> Response[Any]:
    """The standards that fit what the address asks for; where it asks for nothing, one's usual view."""
    query, account = asked(request), reading.actor.account
    if blank(request):
        return go(request, query.url())
    if account and not set(request.query_params) - {"lang"}:
        kept = await frequent.asked(reading.connection, queries.views_of(account))
        if usual := next((view for view in kept if view.usual), None):
            return go(request, f"/standards?{usual.query or 'all=1'}")
    wanted, inside = await listing.asked(reading, query), listing.inside(reading)
    columns = shown(query.columns, inside)
    at = queries.place(query.sort, after, before)
    found = await queries.page(reading.connection, reading.actor, wanted, query.sort, needed(columns), at=at, limit=AT_ONCE)
    late_on = reading.today if inside else None
    (count, late), views = await frequent.together(
        reading.connection, queries.counts_of(reading.actor, wanted, query.sort, late_on), queries.views_of(account)
    )
    beside, may_watch = await listing.beside(reading, found.rows, columns), reading.actor.may("standard.watch")
    shown_rows = rows(found.rows, columns, beside, language_of(request), ticks=may_watch)
    return page(
        request, "standards/list.html", query=query, rows=shown_rows, chips=chips(query, await listing.names(reading, query)), found=found, columns=columns,
        count=count, late=late, most=MOST, views=views, quick=QUICK, inside=inside,
        sorts={name: called for name, called in SORTS.items() if inside or name not in INSIDE_SORTS}, facets=FACETS,
        may_propose=reading.actor.may("standard.propose"), may_watch=may_watch,
    )  # fmt: skip


@get("/standards/filter", opt=MAY, include_in_schema=False)
async def filter_page(request: AnyRequest, reading: Work) -> Response[Any]:
    """Every condition, the columns and the order, as one form."""
    query, names, inside = asked(request), await listing.every_name(reading), listing.inside(reading)
    options: dict[str, list[tuple[str, Any]]] = {
        "level": list(LEVEL_NAMES.items()), "stage": list(QUICK["stage"].items()), "step": [(TRIAL, name_of("step", TRIAL, names))],
        "status": list(STATUS_NAMES.items()), "kind": list(KIND_NAMES.items()),
        "track": [(track.id, track.name) for track in load_tracks().values()],
        "field": list(names.field.items()), "region": list(names.region.items()), "committee": list(names.committee.items()),
    }  # fmt: skip
    for name, known in options.items():  # what is asked for already can be taken back, whoever named it
        known += [(value, name_of(name, value, names)) for value in query.values.get(name, ()) if value not in dict(known)]
    return page(
        request, "standards/filter.html", query=query, facets=FACETS, options={name: some for name, some in options.items() if some},
        plans=names.plan, columns={name: column for name, column in COLUMNS.items() if inside or not column.inside},
        chosen=shown(query.columns, inside), inside=inside,
        sorts={name: called for name, called in SORTS.items() if inside or name not in INSIDE_SORTS},
    )  # fmt: skip


async def _file(request: AnyRequest, reading: Work, kind: str) -> Stream:
    hub: Hub = request.app.state.hub
    query, actor = asked(request), reading.actor
    media_type, write = exporting.KINDS[kind]
    pieces = write(
        hub, actor, await listing.asked(reading, query), query.sort, shown(query.columns, listing.inside(reading)), language_of(request)
    )
    headers = {
        "Content-Disposition": f"attachment; filename=standards-{reading.today}.{kind}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Stream(pieces, media_type=media_type, headers=headers)


@get("/standards.csv", opt=MAY, include_in_schema=False)
async def csv_file(request: AnyRequest, reading: Work) -> Stream:
    """The list as CSV, with the columns and in the order of its page."""
    return await _file(request, reading, "csv")


@get("/standards.xlsx", opt=MAY, include_in_schema=False)
async def xlsx_file(request: AnyRequest, reading: Work) -> Stream:
    """The list as a workbook, with the columns and in the order of its page."""
    return await _file(request, reading, "xlsx")


@post("/standards/watching", opt={"permission": "standard.watch"}, include_in_schema=False)
async def watching(request: AnyRequest) -> Response[Any]:
    """Follow those that were ticked, or follow them no longer, and go back to the list."""
    form = await Form.of(request)
    back = read(parse_qsl(form.text("back"))).url()
    if not form.many("ids[]"):
        return go(request, back, say("没有选中任何标准，请先勾选"))
    on = form.text("on", "1") == "1"
    outcome = await attempt(request, form, lambda work: tracking.watch_several(work, form.into(Watching).ids, on))
    if outcome.error:
        raise outcome.error
    return go(request, back, say("已关注 {count} 项", count=outcome.value) if on else say("已取消关注 {count} 项", count=outcome.value))


PAGES: list[Any] = [list_page, filter_page, csv_file, xlsx_file, watching]
