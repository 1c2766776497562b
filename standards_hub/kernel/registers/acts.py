"""Forms as data: what an act on something asks for, who may do it, and which service function it is.

An `Act` gives two routes, the form and its sending. The form holds what is there already; names stand for ids and are looked up
again; what was typed comes back with every error, and after somebody else's change with what has become different.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import DecodeError, Struct, structs
from msgspec.json import decode, encode

from standards_hub.kernel.access.actor import Body, Scoped
from standards_hub.kernel.errors import BadInput, Conflict, HubError, Stale, Unmet
from standards_hub.kernel.forms import Blank, Differing, Form, attempt
from standards_hub.kernel.http import expect
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Subject, Work

AnyRequest = Request[Any, Any, Any]
Place = Mapping[str, Any]
"""The places of an address: `id`, `key`, …"""
Said = Message | Name | str
Choice = tuple[str, Said]
Kind = Literal["text", "area", "date", "time", "number", "email", "select", "radios", "box", "boxes"]
Options = tuple[Choice, ...] | Callable[[Work, Any, Place], Awaitable[Iterable[Choice]]]
Trail = list[tuple[Said, str]]
OPENED = "opened"
"""The field of a form that holds what its others held when it was opened."""


class Pick(Struct, frozen=True):
    """How something is chosen by its name: found by what was typed, named by its id, suggested while typing."""

    find: Callable[[Work, str], Awaitable[UUID]]
    name: Callable[[Work, UUID], Awaitable[str]]
    suggest: Callable[[Work, str], Awaitable[list[tuple[str, Said]]]]
    """Names as they are typed, each with a word about it."""
    path: str
    """Where a page asks for suggestions."""
    permission: str


class Field(Struct, frozen=True, kw_only=True):
    """A field of a form; `name` is that of the Struct."""

    name: str
    label: Message
    kind: Kind = "text"
    required: bool = False
    help: Message | None = None
    options: Options = ()
    most: int = 300
    pick: Pick | None = None
    """In an area several are named, one a line."""

    @property
    def place(self) -> str:
        """Its name in the form."""
        return f"{self.name}[]" if self.kind == "boxes" else self.name


class Nowhere(Struct, frozen=True):
    """What is not there yet, and so belongs to no body: only roles held in the whole hub count."""

    def bodies(self) -> set[Body]:
        return set()


async def nothing(_work: Work, _subject: Any, _place: Place) -> dict[str, Any]:
    return {}


class Act(Struct, frozen=True, kw_only=True):
    """Something that is done to a subject of a register by a form."""

    path: str
    permission: str
    title: Message
    short: Message
    """What its button on the page of the subject says."""
    button: Message
    done: Message
    takes: type[Struct]
    fields: tuple[Field, ...]
    do: Callable[[Work, Place, Any], Awaitable[str]]
    """Calls the service; answers with the address to go on to."""
    trail: Callable[[Any], Trail]
    """The pages above it, the nearest last."""
    subject: Callable[[Work, Place, bool], Awaitable[Subject]] | None = None
    """How the subject is read, and locked; None where something new is registered."""
    holding: Callable[[Work, Any, Place], Awaitable[Mapping[str, Any]]] = nothing
    """What the form begins with."""
    says: Callable[[Work, Any, Place], Awaitable[list[Message]]] | None = None
    """What it will do, said beforehand."""
    scope: Scoped | None = None
    """What the permission is asked for, where that is not the subject."""
    blank: Blank = "drop"
    danger: bool = False
    adds: bool = False
    """It adds to the subject and overwrites nothing, so what came meanwhile is no conflict: the form carries no version."""
    given: tuple[tuple[str, str], ...] = ()
    """What the Struct takes from the address: (field, place)."""

    def may(self, work: Work, subject: Any = None) -> bool:
        return work.actor.may(self.permission, self.scope or subject)

    def href(self, **place: Any) -> str:
        path = self.path
        for name, value in place.items():
            for kind in ("uuid", "str"):
                path = path.replace(f"{{{name}:{kind}}}", str(value))
        return path


def routes(*acts: Act) -> list[Any]:
    """The two routes of each act."""
    return [route for act in acts for route in (_asking(act), _sending(act))]


def suggestions(*picks: Pick) -> list[Any]:
    """The routes that answer with suggestions while somebody types."""
    return [_suggesting(pick) for pick in picks]


def _asking(act: Act) -> Any:
    @get(act.path, opt={"permission": act.permission}, include_in_schema=False)
    async def ask(request: AnyRequest, reading: Work) -> Response[str]:
        return await _shown(request, reading, act, None)

    return ask


def _sending(act: Act) -> Any:
    @post(act.path, opt={"permission": act.permission}, include_in_schema=False)
    async def send(request: AnyRequest) -> Response[Any]:
        form, place = await Form.of(request), request.path_params

        async def do(work: Work) -> str:
            if act.subject is not None:
                subject = await act.subject(work, place, True)
                if not act.adds:
                    expect(form.text("version") or None, subject.version)
            return await act.do(work, place, await _read(work, act, form, place))

        outcome = await attempt(request, form, do)
        if outcome.value is not None:
            return go(request, outcome.value, act.done)
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await _shown(request, reading, act, form)

    return send


def _suggesting(pick: Pick) -> Any:
    @get(pick.path, opt={"permission": pick.permission}, include_in_schema=False)
    async def suggest(request: AnyRequest, reading: Work) -> Response[str]:
        typed = next((value for name, value in request.query_params.items() if name != "lang"), "")
        return page(request, "register/known.html", known=await pick.suggest(reading, typed.strip()[:200]))

    return suggest


async def _read(work: Work, act: Act, form: Form, place: Place) -> Struct:
    """The form as its Struct, names looked up. Raises `BadInput` with all that is wrong."""
    fields, unmet = dict(form.fields), list[Unmet]()
    for field in act.fields:
        if field.pick and (typed := form.text(field.name).strip()):
            found = []
            for name in re.split(r"[\n；;]", typed) if field.kind == "area" else [typed]:
                try:
                    found += [str(await field.pick.find(work, name.strip()))] if name.strip() else []
                except HubError as error:
                    unmet.append(Unmet("pick", error.message, field.name))
                    found.append(str(UUID(int=0)))
            fields[field.name] = ["\n".join(found)]
    given: Struct | None = None
    try:
        given = Form(fields).into(act.takes, blank=act.blank, **{name: place[key] for name, key in act.given})
    except BadInput as error:
        unmet += error.unmet
    if given is None or unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)
    return given


async def _shown(request: AnyRequest, work: Work, act: Act, form: Form | None) -> Response[str]:
    """The form, fresh or as it was sent. Raises `Forbidden` for those who may not do this to this subject."""
    place = request.path_params
    subject: Any = await act.subject(work, place, False) if act.subject else None
    work.actor.require(act.permission, act.scope or subject)
    there = Form.holding(await act.holding(work, subject, place))
    for name, value in request.query_params.items():
        if name in {field.name for field in act.fields}:
            there.fields.setdefault(name, [value])
    there = await _named(work, act, there)
    fields = [(field, await _options(field, work, subject, place)) for field in act.fields]
    trail, differences = act.trail(subject), _differing(form, there, fields)
    version, opened = None if act.adds else getattr(subject, "version", None), encode(_opening(there, act)).decode()
    if form and differences is None and form.text("version"):  # what came since it was opened has not been shown yet
        version, opened = form.text("version"), form.text(OPENED)
    return page(
        request, "register/form.html", status=form.error.status if form and form.error else 200, act=act, form=form or there,
        fields=fields, names=[field.place for field in act.fields], version=version, opened=opened, trail=trail,
        says=await act.says(work, subject, place) if act.says else [],
        known=[(field, await field.pick.suggest(work, "")) for field in act.fields if field.pick and field.kind != "area"],
        differences=differences,
    )  # fmt: skip


async def _named(work: Work, act: Act, form: Form) -> Form:
    """A form that holds ids, with names in their place."""
    for field in act.fields:
        if field.pick and field.kind == "area":
            form.fields[field.name] = ["\n".join([await field.pick.name(work, UUID(id)) for id in form.fields.pop(f"{field.name}[]", [])])]
        elif field.pick and (id := _id(form.text(field.name))):
            form.fields[field.name] = [await field.pick.name(work, id)]
    return form


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _options(field: Field, work: Work, subject: Any, place: Place) -> list[Choice]:
    return list(await field.options(work, subject, place)) if callable(field.options) else list(field.options)


def _opening(there: Form, act: Act) -> dict[str, list[str]]:
    """What a form is opened with, by the places of its fields."""
    return {field.place: _values(there, field) for field in act.fields if field.place in there.fields}


def _values(form: Form, field: Field) -> list[str]:
    return [value for value in form.many(field.place)[-1 if field.kind != "boxes" else 0 :] if value]


def _differing(form: Form | None, there: Form, fields: list[tuple[Field, list[Choice]]]) -> list[Differing] | None:
    """After somebody else's change: the fields they changed. Those that were left as they were get what is there now. Else None."""
    if form is None or not (isinstance(form.error, Stale) or (isinstance(form.error, Conflict) and form.error.code == "changed")):
        return None
    try:
        opened = decode(form.text(OPENED), type=dict[str, list[str]])
    except DecodeError:
        opened = {}
    found = []
    for field, options in fields:
        before, now, typed = opened.get(field.place), _values(there, field), _values(form, field)
        if before is None or before == now:
            continue
        if left := typed == before:
            form.fields[field.place] = there.many(field.place)
        names = {"0": say("否"), "1": say("是")} if field.kind == "box" else dict(options)
        read_before, read_now, read_typed = ([names.get(value, value) for value in values] for values in (before, now, typed))
        found.append(Differing(field.label, read_before, read_now, None if left else read_typed))
    return found


def held(value: Struct, act_fields: Iterable[Field]) -> dict[str, Any]:
    """What a value has for the fields of a form."""
    own = structs.asdict(value)
    return {field.name: own[field.name] for field in act_fields if field.name in own}
