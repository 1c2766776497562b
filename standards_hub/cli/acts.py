"""Commands made from the Structs that services take, so that the command line has every act the API has.

Simple fields become options; `facts` is opened into options of its own; papers, waivers and drafting units have a short
form; everything else, and anything at all, can be given as JSON with `--data`.
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import click
import msgspec
from msgspec import UnsetType

from standards_hub.cli.runtime import run, show
from standards_hub.kernel import uploads
from standards_hub.kernel.complaints import complaint
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.values import DraftingUnit, Patch, Standard

Doing = Callable[..., Awaitable[Any]]


def act(group: click.Group, name: str, struct: type[Any] | None, doing: Doing, *, subject: bool = True, summary: str) -> None:
    """Add a command `name` that fills `struct` from options and calls `doing(work, [id], filled)`."""

    def command(as_json: bool, data: str | None = None, reference: str | None = None, **options: Any) -> None:
        async def task(work: Work) -> Any:
            arguments: list[Any] = []
            if reference is not None:
                arguments.append((await _find(work, reference)).id)
            if struct is not None:
                arguments.append(await filled(work, struct, options, data))
            return await doing(work, *arguments)

        show(run(task), as_json, words)

    made: Any = click.Command(name, callback=command, help=summary, params=_parameters(struct, subject))
    group.add_command(made)


async def _find(work: Work, reference: str) -> Standard:
    from standards_hub.lifecycle import repository

    return await repository.find(work.connection, reference)


def words(value: Any) -> str:
    """A result in a line: a standard by its label and stage, anything else as it is."""
    if isinstance(value, Standard):
        return f"{value.id}  {value.label}  {value.title_zh}  {value.stage} {value.status}"
    if isinstance(value, list):
        return "\n".join(words(item) for item in value)
    return str(value)


def _parameters(struct: type[Any] | None, subject: bool) -> list[click.Parameter]:
    parameters: list[click.Parameter] = [click.Argument(["reference"])] if subject else []
    if struct is not None:
        parameters += _options(struct)
        parameters.append(click.Option(["--data"], help="JSON；@文件或 - 读入 / JSON, @FILE or - to read it"))
    parameters.append(click.Option(["--json", "as_json"], is_flag=True, help="只输出 JSON / print JSON and nothing else"))
    return parameters


def _options(struct: type[Any], prefix: str = "") -> list[click.Parameter]:
    options: list[click.Parameter] = []
    for name, hint in get_type_hints(struct).items():
        if name not in struct.__struct_fields__:
            continue
        kind = _plain(hint)
        flag = f"--{name.replace('_', '-')}"
        destination = f"{prefix}{name}"
        if kind is Patch:
            options += _options(Patch, f"{name}.")
        elif kind is bool:
            options.append(click.Option([f"{flag}/--no-{flag[2:]}", _safe(destination)], default=None))
        elif kind in (str, int, date, UUID):
            options.append(click.Option([flag, _safe(destination)], help=kind.__name__))
        elif get_origin(kind) is list and get_args(kind)[0] is str:
            options.append(click.Option([flag, _safe(destination)], multiple=True))
        elif get_origin(kind) is list and get_args(kind)[0] is PaperIn:
            options.append(
                click.Option(["--paper", _safe(destination)], multiple=True, help="kind=…,dated=YYYY-MM-DD,file=PATH|reference=…[,title=…]")
            )
        elif get_origin(kind) is list and get_args(kind)[0] is DraftingUnit:
            options.append(
                click.Option(["--drafting-unit", _safe(destination)], multiple=True, help="ORGANISATION-ID[:lead]，按位次 / in rank order")
            )
        elif get_origin(kind) is dict:
            options.append(click.Option([flag, _safe(destination)], multiple=True, help="KEY=VALUE"))
    return options


def _safe(destination: str) -> str:
    return destination.replace(".", "__")


def _plain(hint: Any) -> Any:
    """The one type behind a union with None or unset, an annotation, or a literal of texts."""
    if hasattr(hint, "__metadata__"):
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind not in (type(None), UnsetType)]
        return _plain(kinds[0]) if len(kinds) == 1 else hint
    return str if str(get_origin(hint)) == "typing.Literal" else hint


async def filled(work: Work, struct: type[Any], options: dict[str, Any], data: str | None) -> Any:
    """The Struct from `--data` and the options, options winning."""
    values: dict[str, Any] = msgspec.json.decode(_read(data)) if data else {}
    for destination, value in options.items():
        if value is None or value == ():
            continue
        holder, name = values, destination
        if "__" in destination:
            outer, name = destination.split("__", 1)
            holder = values.setdefault(outer, {})
        holder[name] = await _value(work, struct, name, value)
    for name in struct.__struct_fields__:
        if name == "facts":
            values.setdefault("facts", {})
    try:
        return msgspec.convert(values, struct, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(say("参数有误"), unmet=[complaint(str(error))]) from error


async def _value(work: Work, struct: type[Any], name: str, value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    hint = _plain(get_type_hints(struct).get(name))
    if get_origin(hint) is dict:
        return dict(_pair(item) for item in value)
    if get_origin(hint) is list and get_args(hint)[0] is PaperIn:
        return [await _paper(work, item) for item in value]
    if get_origin(hint) is list and get_args(hint)[0] is DraftingUnit:
        return [_unit(item, rank) for rank, item in enumerate(value, 1)]
    return list(value)


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        raise BadInput(say("应写作 KEY=VALUE：{text}", text=text))
    return key.strip(), value


def _unit(text: str, rank: int) -> dict[str, Any]:
    id, _, lead = text.partition(":")
    return {"organisation_id": id, "rank": rank, "lead": lead == "lead"}


async def _paper(work: Work, text: str) -> dict[str, Any]:
    values: dict[str, Any] = dict(_pair(part) for part in text.split(","))
    if path := values.pop("file", None):
        values["sha256"] = await uploads.keep(work, Path(path).read_bytes())
        values.setdefault("filename", Path(path).name)
    return values


def _read(data: str) -> bytes:
    if data == "-":
        return sys.stdin.buffer.read()
    return Path(data[1:]).read_bytes() if data.startswith("@") else data.encode()
