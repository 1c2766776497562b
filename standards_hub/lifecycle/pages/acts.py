"""Every act of a standard's life as a form: it shows what it will do, asks for what it needs, and loses nothing when it is refused."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.kernel.errors import Conflict, Forbidden, HubError, NotFound, Stale
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import expect
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import claimants, repository
from standards_hub.lifecycle.acts import ACTS, GROUPS, Act, possible_acts
from standards_hub.lifecycle.pages import asking, offering, picking
from standards_hub.lifecycle.pages.meanwhile import differing, since_version, theirs
from standards_hub.lifecycle.schemas import PaperIn, Team
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.services.foreseeing import Foreseen, foresee
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import HOLDERS
from standards_hub.lifecycle.values import Patch, Standard

AnyRequest = Request[Any, Any, Any]
OPEN: dict[str, Any] = {"permission": "standard.read"}
"""Whoever may see a standard sees what can be done to it and by whom; the service asks again for the act itself."""


def act_called(key: str) -> Act:
    """An act by its place in addresses. Raises `NotFound`."""
    if key not in ACTS:
        raise NotFound(say("没有这种办理：{act}", act=key[:40]))
    return ACTS[key]


@get("/standards/{id:uuid}/acts", opt=OPEN, include_in_schema=False)
async def act_menu(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """What the actor may do to a standard now."""
    standard = await views.readable(reading, id)
    pending, scope = await asking.pending(reading, id), await claimants.scope(reading, standard)
    found = possible_acts(standard, track_of(standard.track), reading.actor, pending=pending, scope=scope)
    return page(request, "acts/menu.html", standard=standard, acts=found, groups=GROUPS)


@get("/standards/{id:uuid}/acts/{act:str}", opt=OPEN, include_in_schema=False)
async def act_form(request: AnyRequest, reading: Work, id: UUID, act: str) -> Response[str]:
    """The form of an act; the address may fill in fields, as a link from elsewhere does."""
    chosen, standard = act_called(act), await views.readable(reading, id)
    form = asking.first(chosen, standard, reading.today)
    form.fields |= {name: [value] for name, value in request.query_params.items() if name != "lang"}
    return await _shown(request, reading, chosen, standard, form)


@post("/standards/{id:uuid}/acts/{act:str}", opt=OPEN, include_in_schema=False)
async def do_act(request: AnyRequest, id: UUID, act: str) -> Response[Any]:
    """Do it, or show the form again with what is in the way; acts that end something are asked for once more."""
    chosen, form = act_called(act), await Form.of(request)
    if form.text("find"):
        return await _again(request, chosen, id, form, 200)
    if form.files and (error := (await attempt(request, form, lambda work: asking.keep(work, chosen, form))).error):
        return await _again(request, chosen, id, form, error.status)
    if chosen.dangerous and not form.text("confirmed"):
        return await _confirm(request, chosen, id, form)
    outcome = await attempt(request, form, lambda work: _do(work, chosen, id, form))
    if outcome.error is not None:
        return await _again(request, chosen, id, form, outcome.error.status)
    return go(request, f"/standards/{_where(outcome.value, id)}", chosen.done)


@post("/standards/{id:uuid}/acts/{act:str}/preview", opt=OPEN | {"changes": False}, include_in_schema=False)
async def preview(request: AnyRequest, id: UUID, act: str) -> Response[str]:
    """What the act will do as the form stands: the part for a script, the whole page without one."""
    chosen, form = act_called(act), await Form.of(request)
    ahead = await _ahead(request, chosen, id, form)
    if request.headers.get("hx-request"):
        return page(request, "acts/ahead.html", ahead=ahead, named=asking.field_names(chosen))
    return await _again(request, chosen, id, form, 200, ahead)


@get("/standards/targets", opt=OPEN, include_in_schema=False)
async def find_targets(
    request: AnyRequest, reading: Work, target_q: str = "", only: str = "", but: UUID | None = None, under_way: bool = False
) -> Response[str]:
    """What a relation or a merger may be about: the results of a search, as choices."""
    kinds = tuple(kind for kind in offering.TARGETS if only in ("", kind))
    found = await picking.targets(reading, target_q, kinds, but, under_way=under_way)
    return page(request, "acts/targets.html", targets=found, form=Form(), typed=target_q)


async def _do(work: Work, act: Act, id: UUID, form: Form, *, rehearsed: bool = False, more: tuple[PaperIn, ...] = ()) -> Any:
    standard = await repository.standard(work.connection, id, lock=True)
    if not rehearsed and not act.adds:
        expect(form.text("version") or None, standard.version)
    given = await asking.given(work, act, form, await asking.asked(work, act, standard, form), rehearsed=rehearsed)
    if more:
        given.papers = [*given.papers, *more]
    return await act.do(work, id, given)


def _where(value: Any, id: UUID) -> UUID:
    """The standard that an act leads to: the new one, where it makes just one."""
    return value.id if isinstance(value, Standard) else id


async def _ahead(request: AnyRequest, act: Act, id: UUID, form: Form) -> Foreseen:
    hub: Hub = request.app.state.hub
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    first = await foresee(hub, actor, lambda work: _do(work, act, id, form, rehearsed=True), id)
    if first.error is None or "gates" not in asking.PARTS[act.key]:
        return first
    async with hub.glancing(actor) as work:
        found = await asking.asked(work, act, await views.readable(work, id), form)
        missing = tuple(
            PaperIn(kind=g.paper, dated=asking.day_of(form) or work.today, reference="—") for g in found.gates if not g.met and g.paper
        )
    if not missing or found.why_not:
        return first
    follows = await foresee(hub, actor, lambda work: _do(work, act, id, form, rehearsed=True, more=missing), id)
    if follows.error is None:
        follows.error, follows.assumed, follows.papers = first.error, True, []
        return follows
    return first


async def _confirm(request: AnyRequest, act: Act, id: UUID, form: Form) -> Response[str]:
    """Ask once more, naming what will happen; what was typed and uploaded is carried along."""
    hub: Hub = request.app.state.hub
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    ahead = await foresee(hub, actor, lambda work: _do(work, act, id, form), id)
    if ahead.error is not None:
        form.error = ahead.error
        return await _again(request, act, id, form, ahead.error.status)
    async with hub.glancing(actor) as work:
        standard = await views.readable(work, id)
    return page(request, "acts/confirm.html", act=act, standard=standard, form=form, ahead=ahead, named=asking.field_names(act))


async def _again(request: AnyRequest, act: Act, id: UUID, form: Form, status: int, ahead: Foreseen | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
        return await _shown(request, work, act, await views.readable(work, id), form, status=status, ahead=ahead)


async def _shown(
    request: AnyRequest, work: Work, act: Act, standard: Standard, form: Form, *, status: int = 200, ahead: Foreseen | None = None
) -> Response[str]:
    found = await asking.asked(work, act, standard, form)
    since = await since_version(work, standard, form.text("version")) if _changed(form.error) else []
    differs = []
    if since:
        typed = await _typed(work, act, form, found) if act.takes in (Patch, Team) else None
        differs = await differing(work, standard, form.text("version"), typed)
        if typed is not None:
            await _keep_theirs(work, standard, form, typed)
    scope = await claimants.scope(work, standard)
    if not work.actor.may(act.permission, scope) and status == 200:
        status = Forbidden.status
    offered = await offering.offered(work, act, standard, form, found)
    may = work.actor.may
    fixes = {fact: key for fact, key in asking.FIXES.items() if may(ACTS[key].permission, scope)}
    return page(
        request, "acts/act.html", status=status, act=act, standard=standard, track=found.track, asked=found, ahead=ahead, since=since, differs=differs,
        today=work.today, holders=HOLDERS, named=asking.field_names(act), fixes=fixes, may_waive=may("standard.waive", standard),
        may_accept=may("standard.dossier_accept", standard), **offered,
    )  # fmt: skip


async def _typed(work: Work, act: Act, form: Form, found: asking.Asked) -> Any:
    """What a form says, none where something is wrong with it: that is shown at its field first."""
    try:
        return await asking.given(work, act, form, found, rehearsed=True)
    except HubError:
        return None


async def _keep_theirs(work: Work, standard: Standard, form: Form, given: Patch | Team) -> None:
    """Put what others changed into the fields that were left alone: sent again, the form changes only what was typed."""
    now = await theirs(work, standard, form.text("version"), given)
    old = [key for key in form.fields if key.partition("[")[0] in now]
    for key in old:
        del form.fields[key]
    form.fields |= Form.holding(now).fields


def _changed(error: HubError | None) -> bool:
    return isinstance(error, Stale) or (isinstance(error, Conflict) and error.code == "changed")


PAGES: list[Any] = [act_menu, act_form, do_act, preview, find_targets]
