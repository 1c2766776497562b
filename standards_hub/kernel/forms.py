"""Forms of pages: what was typed, read into the same Structs that the API takes, and shown again when it cannot be used.

Names of fields follow the Struct: `reason`, `facts[title_zh]`, `parts[0][title_zh]`, `ics[]`, `waivers[comment_notice]`. All that is
wrong is said at once, each at its field.
"""

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar, get_args
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from msgspec import UNSET, Meta, Struct, structs

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.access.middleware import CSRF_NAME
from standards_hub.kernel.cleanliness import IN_TEXT
from standards_hub.kernel.complaints import complaint
from standards_hub.kernel.errors import BadInput, HubError, NotSignedIn, Unmet
from standards_hub.kernel.http import number_in
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.sent import sent
from standards_hub.kernel.work import Hub, Work

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
NAME = re.compile(r"[^\[\]]+|\[\]")
RESUMED = "resumed"
"""The field of a form that comes back after signing in, only to be shown again as it was filled in."""
MOST_COMPLAINTS = 100
"""What is said of one form at once. Whoever mended so much is told the rest."""
MOST_ROWS = 500
"""Numbered rows of one list that a form shows. The number stands in the address or the form that was sent, so it must not size a page."""
Blank = Literal["drop", "clear"]
Key = tuple[Literal["is", "ends"], str]


class Form(Struct):
    """What a form holds: texts by the names of their fields, uploaded files, and what was wrong with it."""

    fields: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    error: HubError | None = None
    cleaned: list[str] = []
    """The fields out of whose text control characters were taken, which no database keeps and a word processor leaves in what is copied."""

    complaints: tuple[HubError, dict[Key, list[int]]] | None = None
    """The error that it was last asked about, and what of it concerns which field: a form of many rows asks for each of its fields."""
    places: tuple[tuple[str, ...], dict[Key, int]] | None = None

    @classmethod
    async def of(cls, request: Request[Any, Any, Any]) -> "Form":
        """What was sent."""
        made = cls()
        for name, value in (await sent(request)).items():
            if isinstance(value, UploadFile):
                if value.filename:
                    made.files.setdefault(name, []).append(value)
            elif name != CSRF_NAME:
                name, text = IN_TEXT.sub("", name), IN_TEXT.sub(" ", value)
                if text != value:
                    made.cleaned.append(name)
                made.fields.setdefault(name, []).append(text.replace("\r\n", "\n"))
        return made

    @classmethod
    def holding(cls, values: Struct | Mapping[str, Any], prefix: str = "") -> "Form":
        """A form filled in with what is there already."""
        made = cls()
        made._hold(structs.asdict(values) if isinstance(values, Struct) else values, prefix)
        return made

    def _hold(self, values: Mapping[str, Any], prefix: str) -> None:
        for name, value in values.items():
            place = f"{prefix}[{name}]" if prefix else str(name)
            if isinstance(value, Struct):
                value = structs.asdict(value)
            if isinstance(value, Mapping):
                self._hold(value, place)
            elif isinstance(value, list | tuple) and any(isinstance(item, Struct | Mapping) for item in value):
                self._hold({str(at): item for at, item in enumerate(value)}, place)
            elif isinstance(value, list | tuple):
                self.fields[f"{place}[]"] = [_text(item) for item in value]
            elif value is not UNSET:
                self.fields[place] = [_text(value)]

    def refuse_unseen(self) -> None:
        """Raise `BadInput` where a text is not quite what was sent, or comes back after signing in: it is to be looked at before it counts."""
        if self.text(RESUMED):
            raise BadInput(say("已登录。填写的内容都在，请核对后再提交"), code="resumed")
        if self.cleaned:
            why = say("文字中有不可见的控制字符，已代为删去；请核对后再提交")
            unmet = [Unmet("unclean", why, _place_of(name)) for name in dict.fromkeys(self.cleaned)]
            raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)

    def text(self, name: str, default: str = "") -> str:
        """The value of a field; the last where it was sent more than once, as a box after its hidden `0`."""
        return (self.fields.get(name) or [default])[-1]

    def many(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def rows(self, name: str) -> list[str]:
        """The keys of the rows of a list or a mapping of fields, in the order they were sent."""
        mark = f"{name}["
        return list(dict.fromkeys(key[len(mark) :].partition("]")[0] for key in self.fields if key.startswith(mark)))

    def filled(self, name: str) -> int:
        """How many numbered rows of a list there are up to the last in which something stands: empty ones do not become more."""
        mark = f"{name}["
        said = (_numbered(key[len(mark) :].partition("]")[0]) for key in self.fields if key.startswith(mark) and self.text(key).strip())
        return max((place for place in said if place < MOST_ROWS), default=-1) + 1

    def file(self, name: str) -> UploadFile | None:
        return next(iter(self.files.get(name, ())), None)

    def wrong(self, name: str) -> list[Message]:
        """What is wrong with one field."""
        if self.error is None:
            return []
        if self.complaints is None or self.complaints[0] is not self.error:
            said: dict[Key, list[int]] = {}
            for at, unmet in enumerate(self.error.unmet):
                for key in _about(unmet.where):
                    said.setdefault(key, []).append(at)
            self.complaints = self.error, said
        found = {at for key in _known_by(name) for at in self.complaints[1].get(key, ())}
        return [self.error.unmet[at].why for at in sorted(found)]

    def field_of(self, unmet: Unmet, names: Iterable[str]) -> str | None:
        """The field of a form that a complaint is about, if it is one of its own."""
        shown = (*names, *self.fields, *self.files)
        if self.places is None or self.places[0] != shown:
            first: dict[Key, int] = {}
            for at, name in enumerate(shown):
                for key in _known_by(name):
                    first.setdefault(key, at)
            self.places = shown, first
        found = [self.places[1][key] for key in _about(unmet.where) if key in self.places[1]]
        return shown[min(found)] if found else None

    def into(self, kind: type[S], *, blank: Blank = "drop", **given: Any) -> S:
        """The form as a Struct; `given` are values that are not fields. Raises `BadInput` with every field that is wrong.

        What is left blank is left out, or with `blank="clear"` becomes nothing where the field may be nothing.
        """
        self.refuse_unseen()
        unmet: list[Unmet] = []
        made = _struct(kind, {**_nested(self.fields), **given}, blank, "", unmet)
        if unmet or made is None:
            raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet[:MOST_COMPLAINTS])
        return made


class Differing(Struct):
    """What somebody changed while a form was filled in, as it is read: when it was opened, now, and as it was typed, None where nothing was."""

    name: Message | Name
    before: list[Any]
    now: list[Any]
    typed: list[Any] | None


class Outcome(Struct, Generic[T]):
    """What an attempt gave: a value, or the error that its form shows."""

    value: T | None = None
    error: HubError | None = None


async def attempt(request: Request[Any, Any, Any], form: Form, do: Callable[[Work], Awaitable[T]]) -> Outcome[T]:
    """Do something in a unit of work that is committed if it succeeds. An error leaves nothing behind and is noted in the form.

    Not being signed in is no error of the form, for it is kept and comes back after signing in.
    """
    hub: Hub = request.app.state.hub
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    try:
        form.refuse_unseen()
        async with hub.work(actor) as work:
            value = await do(work)
            await work.commit()
    except NotSignedIn:
        raise
    except HubError as error:
        form.error = error
        return Outcome(error=error)
    return Outcome(value=value)


def looking(request: Request[Any, Any, Any]) -> contextlib.AbstractAsyncContextManager[Work]:
    """A unit of work that reads, for what a form needs before and after its attempt and never during it: who writes holds nothing to read with."""
    hub: Hub = request.app.state.hub
    return hub.glancing(request.scope["actor"])  # type: ignore[typeddict-item]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _nested(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """`a[b]` as {"a": {"b": …}}, `a[]` as {"a": […]}."""
    made: dict[str, Any] = {}
    for name, values in fields.items():
        parts = NAME.findall(name)
        if not parts:
            continue
        place: Any = made
        for part in parts[:-1] if parts[-1] != "[]" else parts[:-2]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):  # `a` and `a[b]` at once: no form of ours
                place = {}
        if parts[-1] == "[]" and len(parts) > 1:
            place[parts[-2]] = values
        else:
            place[parts[-1]] = values[-1]
    return made


def _struct(kind: type[S], data: Mapping[str, Any], blank: Blank, prefix: str, unmet: list[Unmet]) -> S | None:
    values, before = {}, len(unmet)
    for field in structs.fields(kind):
        where = f"{prefix}{field.encode_name}"
        given = data.get(field.encode_name, UNSET)
        if isinstance(given, str) and not (given.strip() and _verbatim(field.type)):
            given = given.strip()
        if given == "" and (blank == "drop" or field.required or not _may_be_blank(field.type)):
            given = UNSET
        if given is UNSET:
            if field.required:
                unmet.append(Unmet("required", say("请填写"), where))
            continue
        values[field.name] = _value(field.type, given, blank, where, unmet)
    return kind(**values) if len(unmet) == before else None


def _verbatim(kind: Any) -> bool:
    """Whether a text counts to the last space, as the API takes it."""
    return any((about.extra or {}).get("verbatim") for about in getattr(kind, "__metadata__", ()) if isinstance(about, Meta))


def _value(kind: Any, given: Any, blank: Blank, where: str, unmet: list[Unmet]) -> Any:
    inner, item = _plain(kind), _item(kind)
    if isinstance(given, dict) and inner is not None:
        return _struct(inner, given, blank, f"{where}.", unmet)
    if isinstance(given, dict) and item is not None:  # rows: [0], [1], …; a row that is left blank altogether is no row
        rows = [row for _, row in sorted(given.items(), key=_place) if not isinstance(row, dict) or any(_said(v) for v in row.values())]
        struct = _plain(item)
        if struct is None:
            return _convert(kind, rows, where, unmet)
        made = [_struct(struct, row, blank, f"{where}.{at}.", unmet) for at, row in enumerate(rows)]
        return made if None in made else _convert(kind, made, where, unmet)  # a list may want so many rows
    if isinstance(given, dict):
        given = {name: value for name, value in given.items() if _said(value)}
    if isinstance(given, str) and item is not None:  # one field for a list: lines, or words between commas
        given = [part.strip() for part in re.split(r"[\n,，、;；]", given)]
    if isinstance(given, list):
        given = [part for part in given if _said(part)]
    if given == "" and _takes(kind, type(None)):
        given = None
    return _convert(kind, given, where, unmet)


def _said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _place(pair: tuple[str, Any]) -> tuple[int, str]:
    return _numbered(pair[0]), pair[0]


def _numbered(row: str) -> int:
    """The number of a row; what is none, or longer than any, comes last."""
    found = number_in(row)
    return 1 << 30 if found is None else found


def _convert(kind: Any, given: Any, where: str, unmet: list[Unmet]) -> Any:
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        unmet.append(Unmet("invalid", _mend(kind, str(error)), where))
        return None


def _mend(kind: Any, said: str) -> Message:
    """What msgspec says of a value, as what to do about it."""
    if re.match(r"Expected `\w+` (?:of|[<>]|that's|matching)", said):  # it is what it should be, and something about it is wrong
        return complaint(said).why
    for type_, text in MENDS:
        if _takes(kind, type_):
            return text
    return say("请从所列各项中选择")


MENDS = (
    (date, say("请填写日期，如 2026-11-24")),
    (datetime, say("请填写日期和时间")),
    (int, say("请填写整数")),
    (float, say("请填写数字")),
    (UUID, say("请从所列各项中选择")),
)


def _types(kind: Any) -> Iterable[Any]:
    """A type and the types it is made of as alternatives."""
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        yield from _types(arguments[0])
    elif arguments and getattr(kind, "__origin__", None) not in (list, dict, tuple, Literal):
        for argument in arguments:
            yield from _types(argument)
    else:
        yield kind


def _takes(kind: Any, wanted: Any) -> bool:
    return any(type_ is wanted for type_ in _types(kind))


def _may_be_blank(kind: Any) -> bool:
    return _takes(kind, type(None)) or _takes(kind, str) or _item(kind) is not None


def _plain(kind: Any) -> Any:
    """The Struct that a field is, if it is one."""
    return next((type_ for type_ in _types(kind) if isinstance(type_, type) and issubclass(type_, Struct)), None)


def _item(kind: Any) -> Any:
    """What a field is a list of, if it is one."""
    return next((get_args(t)[0] for t in _types(kind) if getattr(t, "__origin__", None) in (list, tuple)), None)


def _place_of(name: str) -> str:
    """Where a field stands in its Struct: `facts[title_zh]` as `facts.title_zh`."""
    return ".".join(part for part in NAME.findall(name) if part != "[]")


def _about(where: str | None) -> tuple[Key, ...]:
    """What a complaint may be about: the field of just this name, or one whose whole name it ends with."""
    return (("is", where), ("ends", where.rpartition(".")[2])) if where else ()


def _known_by(name: str) -> tuple[Key, ...]:
    """How complaints may call a field: `facts[title_zh]` as `facts.title_zh`, or only `title_zh`."""
    parts = [part for part in NAME.findall(name) if part != "[]"]
    whole = ".".join(parts)  # a key of a mapping may have a dot itself, as the steps of a track do
    return (("is", whole), ("is", parts[-1]), ("ends", whole)) if parts else ()
