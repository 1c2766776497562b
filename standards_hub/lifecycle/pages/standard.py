"""The page of one standard: header, course, what is missing, dossier, limits, relations and history."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect
from litestar.status_codes import HTTP_410_GONE
from markupsafe import Markup

from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import graph, possible
from standards_hub.lifecycle.intake.columns import KINDS, NATURES, ROLES
from standards_hub.lifecycle.sentence import sentence, time_left
from standards_hub.lifecycle.services import tracking
from standards_hub.lifecycle.services.gone import gone
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.services.showing import shown
from standards_hub.lifecycle.shown import Shown
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.tracks.drawing import ACTS
from standards_hub.lifecycle.tracks.model import HOLDERS, LEVEL_NAMES
from standards_hub.lifecycle.tracks.words import CONSEQUENCES
from standards_hub.lifecycle.wording import DEADLINE_STATES, DOCUMENT_TYPES, EXTENSION_STATES

AnyRequest = Request[Any, Any, Any]
NAMES = {
    "statuses": STATUS_NAMES, "levels": LEVEL_NAMES, "kinds": KINDS, "natures": NATURES, "roles": ROLES, "holders": HOLDERS, "acts": ACTS,
    "consequences": CONSEQUENCES, "deadline_states": DEADLINE_STATES, "extension_states": EXTENSION_STATES,
    "document_types": DOCUMENT_TYPES, "stage_names": STAGE_NAMES, "field_acts": possible.FIELD_ACTS,
}  # fmt: skip
"""What the templates call things."""


@get("/standards/{id:uuid}", opt={"permission": "standard.read_public"}, include_in_schema=False)
async def standard_page(request: AnyRequest, reading: Work, id: UUID, on: str = "", history: str = "") -> Response[str]:
    """One standard, as it is or as it was on a day; of one whose import was undone, what the log keeps."""
    try:
        seen = await shown(reading, id, on=_day(on, reading.today), all_events=history == "all")
    except NotFound:
        if (was := await gone(reading, id)) is None:
            raise
        return page(request, "standard/gone.html", status=HTTP_410_GONE, standard=was.standard, reason=was.reason, lines=was.lines)
    standard, limits = seen.whole.standard, [timed.deadline for timed in seen.limits]
    values: dict[str, Any] = {
        **NAMES, "seen": seen, "standard": standard, "whole": seen.whole, "track": seen.track, "drawing": drawing(seen, language_of(request)),
        "sentence": sentence(standard, seen.track, seen.forward, limits, seen.day), "left": time_left(limits, seen.day),
        "here": f"/standards/{id}", "today": reading.today, "sources": {source.id: source.said for source in seen.track.sources},
    }  # fmt: skip
    return page(request, "standard/page.html", **values)


def _day(text: str, today: date) -> date | None:
    """The day asked for; none for today."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(say("日期有误"), unmet=[Unmet("on", say("请写成 2026-05-01 这样的日期"), "on")]) from None
    if day > today:
        raise BadInput(say("日期有误"), unmet=[Unmet("on", say("只能查看今天或以前的日期"), "on")])
    return day


def drawing(seen: Shown, language: str) -> Markup | None:
    """The relations as a drawing, where there are any."""
    if not seen.relations:
        return None
    nodes = {side: [graph.Node(r.word, r.label, r.path) for r in seen.relations if r.outgoing is side] for side in (False, True)}
    return Markup(graph.draw(seen.whole.standard.label, nodes[False], nodes[True], language))  # lxml escaped every text in it


@post("/standards/{id:uuid}/watch", opt={"permission": "standard.watch"}, include_in_schema=False)
async def watch(request: AnyRequest, id: UUID) -> Redirect:
    """Follow a standard by mail, or stop."""
    form = await Form.of(request)
    on = form.text("on", "1") == "1"
    done = await attempt(request, form, lambda work: tracking.watch(work, id, on))
    if done.error:
        raise done.error
    return go(request, f"/standards/{id}", say("已关注，有变动时邮件告知") if on else say("已取消关注"))


PAGES: list[Any] = [standard_page, watch]
