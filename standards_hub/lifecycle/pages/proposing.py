"""How a standard comes into the hub, as forms: the track first, then only what that track and kind of project ask for."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.acts import STARTS, Start
from standards_hub.lifecycle.catalogue import repository as catalogue
from standards_hub.lifecycle.intake.columns import STATUSES
from standards_hub.lifecycle.intake.ports import linkage
from standards_hub.lifecycle.pages import picking
from standards_hub.lifecycle.pages.asking import FIELD_NAMES
from standards_hub.lifecycle.pages.particulars import fact_fields
from standards_hub.lifecycle.services import facts as services
from standards_hub.lifecycle.services.foreseeing import Foreseen, foresee
from standards_hub.lifecycle.services.moving import KIND_NAMES
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES, Step, Track
from standards_hub.lifecycle.values import Standard

AnyRequest = Request[Any, Any, Any]
PROPOSE: dict[str, Any] = {"permission": "standard.propose"}
ENTER: dict[str, Any] = {"permission": "portfolio.import"}
TITLE, COMMITTEE = "facts[title_zh]", "facts[committee_id]"
ADOPTING = "national-adoption"
"""The track on which an international standard is adopted, unless another is chosen."""


class Chosen(Struct):
    """What is to be begun: how it comes in, on which track, as which kind of project."""

    start: Start
    track: Track
    kind: str
    address: str

    @property
    def parts(self) -> tuple[str, ...]:
        return {"adopt": ("parent", "facts", "team"), "enter": ("standing", "facts", "team"), "propose": ("facts", "team", "difference")}[
            self.start.key
        ]

    @property
    def names(self) -> list[str]:
        """The fields of the form, for the links of a summary."""
        given = [f"facts[{fact.name}]" for fact in fact_fields(self.track)]
        dates = [f"dates[{step.key}]" for step in self.track.steps]
        return [*given, *dates, "target", "parent[degree]", "step", "number", "published_on", "plan_number", "difference", "drafting_units"]


def kinds_of(track: Track) -> list[tuple[str, Message]]:
    """The kinds of projects that a track takes: adoption on national ones, and nothing else on the track made for it."""
    keys = ("adoption",) if track.key == ADOPTING else tuple(KIND_NAMES) if track.level == "national" else ("new", "revision", "amendment")
    return [(key, KIND_NAMES[key]) for key in keys]


def chosen_by(form: Form, entering: bool = False) -> Chosen | None:
    """What a form or an address chose; None where the track is still open. Raises `NotFound` for a track that does not exist."""
    key = form.text("track") or (ADOPTING if "adopt" in form.fields else "")
    if not key:
        return None
    track = services.track_called(key)
    kinds = [kind for kind, _ in kinds_of(track)]
    kind = "adoption" if "adopt" in form.fields and "adoption" in kinds else form.text("kind") or kinds[0]
    if kind not in kinds:
        kind = kinds[0]
    start = STARTS["enter" if entering else "adopt" if kind == "adoption" else "propose"]
    return Chosen(start, track, kind, "/standards/new/entry" if entering else "/standards/new")


@get("/standards/new", opt=PROPOSE, include_in_schema=False)
async def new_standard(request: AnyRequest, reading: Work) -> Response[str]:
    """First the track, then its form; `adopt` names an entry of the catalogue to adopt."""
    return await _opened(request, reading, entering=False)


@get("/standards/new/entry", opt=ENTER, include_in_schema=False)
async def new_entry(request: AnyRequest, reading: Work) -> Response[str]:
    """The same for a project that is under way already, with the past days that are known."""
    return await _opened(request, reading, entering=True)


async def _opened(request: AnyRequest, work: Work, *, entering: bool) -> Response[str]:
    form = Form({name: [value] for name, value in request.query_params.items() if name != "lang"})
    chosen = chosen_by(form, entering)
    if chosen is None:
        tracks = {t.key: newest(t.key) for t in load_tracks().values()}
        groups = [(LEVEL_NAMES[level], [t for t in tracks.values() if t.level == level]) for level in LEVEL_NAMES]
        return page(request, "acts/start.html", groups=groups, entering=entering, address=request.url.path)
    if entering and not _past(chosen.track, form.text("step")):
        return page(request, "acts/steps.html", track=chosen.track, address=request.url.path)
    mine = work.actor.bodies("secretary", "committee")
    if len(mine) == 1 and COMMITTEE not in form.fields:
        form.fields[COMMITTEE] = [str(*mine)]
    if adopted := picking.id_of(form.text("adopt")):
        await _adopting(work, form, adopted)
    return await _shown(request, work, chosen, form)


def _past(track: Track, step: str) -> list[Step]:
    """The steps up to the one where a project stands."""
    keys = [s.key for s in track.steps]
    return list(track.steps[: keys.index(step) + 1]) if step in keys else []


async def _adopting(work: Work, form: Form, id: UUID) -> None:
    """Fill in what the catalogue knows of the standard that is to be adopted."""
    entry = await catalogue.entry(work.connection, id)
    if entry is None:
        raise NotFound(say("目录中没有 {id}", id=id))
    known = {
        "target": f"catalogue:{id}", "parent[edition]": entry.docid, "facts[title_en]": entry.titles.get("en", entry.title),
        TITLE: entry.titles.get("zh", ""), "facts[ics]": ", ".join(entry.ics),
    }  # fmt: skip
    form.fields = {name: [value] for name, value in known.items()} | form.fields


@post("/standards/new", opt=PROPOSE, include_in_schema=False)
async def propose(request: AnyRequest) -> Response[Any]:
    """Begin it, or show the form again with what is in the way."""
    return await _begun(request, entering=False)


@post("/standards/new/entry", opt=ENTER, include_in_schema=False)
async def enter(request: AnyRequest) -> Response[Any]:
    """Take it in, or show the form again with what is in the way."""
    return await _begun(request, entering=True)


async def _begun(request: AnyRequest, *, entering: bool) -> Response[Any]:
    form = await Form.of(request)
    chosen = _settled(form, entering)
    if form.text("find"):
        return await _again(request, chosen, form, 200)
    outcome = await attempt(request, form, lambda work: _do(work, chosen, form))
    if outcome.error is not None:
        return await _again(request, chosen, form, outcome.error.status)
    made = outcome.value
    assert isinstance(made, Standard)
    return go(request, f"/standards/{made.id}", say("已新建项目《{title}》", title=made.title_zh))


@post("/standards/new/preview", opt=PROPOSE | {"changes": False}, include_in_schema=False)
async def preview_new(request: AnyRequest) -> Response[str]:
    """What the form will begin as it stands."""
    return await _previewed(request, entering=False)


@post("/standards/new/entry/preview", opt=ENTER | {"changes": False}, include_in_schema=False)
async def preview_entry(request: AnyRequest) -> Response[str]:
    """What the form will take in as it stands."""
    return await _previewed(request, entering=True)


async def _previewed(request: AnyRequest, *, entering: bool) -> Response[str]:
    form = await Form.of(request)
    chosen, hub = _settled(form, entering), request.app.state.hub
    tried = Form({**form.fields, TITLE: [form.text(TITLE).strip() or "……"]})
    ahead = await foresee(hub, request.scope["actor"], lambda work: _do(work, chosen, tried))  # type: ignore[typeddict-item]
    if request.headers.get("hx-request"):
        return page(request, "acts/ahead.html", ahead=ahead, named=FIELD_NAMES)
    return await _again(request, chosen, form, 200, ahead)


def _settled(form: Form, entering: bool) -> Chosen:
    chosen = chosen_by(form, entering)
    if chosen is None:
        raise NotFound(say("没有这条轨道：{track}", track="—"))
    return chosen


async def _do(work: Work, chosen: Chosen, form: Form) -> Any:
    typed = await picking.resolved(work, picking.ranked(form))
    fields = {**typed.fields, "track": [chosen.track.key], "kind": [chosen.kind]}
    kind, _, key = form.text("target").partition(":")
    if chosen.start.key == "adopt":
        name = {"standard": "target_id", "catalogue": "catalogue_id", "identifier": "identifier"}.get(kind)
        fields |= {"parent[kind]": ["adopts"], **({f"parent[{name}]": [key]} if name else {})}
    return await chosen.start.do(work, Form(fields).into(chosen.start.takes))


async def _again(request: AnyRequest, chosen: Chosen, form: Form, status: int, ahead: Foreseen | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
        return await _shown(request, work, chosen, form, status=status, ahead=ahead)


async def _shown(
    request: AnyRequest, work: Work, chosen: Chosen, form: Form, *, status: int = 200, ahead: Foreseen | None = None
) -> Response[str]:
    ids = [(kind, id) for name, kind in picking.picks(form) if (id := picking.id_of(form.text(name)))]
    lists = await picking.lists(work, ids)
    held = await picking.target(work, form.text("target"))
    hits = await picking.targets(work, form.text("target_q"), ("catalogue",))
    targets = [*([held] if held else []), *(hit for hit in hits if not held or hit.value != held.value)]
    return page(
        request, "acts/new.html", status=status, chosen=chosen, track=chosen.track, form=picking.named(form, lists), lists=lists,
        words=await linkage().words(work), facts=fact_fields(chosen.track), kinds=kinds_of(chosen.track), targets=targets, ahead=ahead,
        named=FIELD_NAMES, statuses=list(STATUSES.items()), past=_past(chosen.track, form.text("step")), today=work.today,
    )  # fmt: skip


PAGES: list[Any] = [new_standard, new_entry, propose, enter, preview_new, preview_entry]
