"""Lists of registers as pages and as files: what may be filtered, which columns, page by page in a stable order."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from msgspec import Struct

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers.acts import Act, Choice, Said
from standards_hub.kernel.registers.sheets import sheet
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
AT_ONCE = 50
MOST = 50_000
"""Lines of one file."""
Wanted = Mapping[str, str]
"""The filter of a list: values by the names of their facets, none of them empty."""


class Cell(Struct, frozen=True):
    """What stands in a column: a text, perhaps as a link, perhaps as a state with its mark."""

    text: Said | date | int | None
    href: str | None = None
    state: str = ""
    exemplar: bool = False


class Column(Struct, frozen=True):
    name: Message
    style: str = ""
    """Classes of its cells, such as `nowrap` or `aside`."""


class Facet(Struct, frozen=True, kw_only=True):
    """A filter: one of its options, or where it has none, whatever a link brings; `named` says what that is."""

    key: str
    name: Message
    options: tuple[Choice, ...] | Callable[[Work], Awaitable[Iterable[Choice]]] | None = None
    named: Callable[[Work, str], Awaitable[Said]] | None = None


class Listing(Struct, frozen=True, kw_only=True):
    """A list of a register."""

    path: str
    permission: str
    title: Message
    sum: Callable[[int], Message]
    """What the page says first."""
    hint: Message
    """What may be typed into the search field."""
    empty: Message
    """Why nothing is there, and the first step."""
    columns: tuple[Column, ...]
    facets: tuple[Facet, ...]
    find: Callable[[Work, Wanted, UUID | None, int], Awaitable[list[Any]]]
    count: Callable[[Work, Wanted], Awaitable[int]]
    cells: Callable[[Work, list[Any]], Awaitable[list[list[Cell]]]]
    tabs: tuple[tuple[Message, str], ...] = ()
    register: Act | None = None
    beside: tuple[tuple[Message, str, str], ...] = ()
    """What else the page offers: words, address, permission."""


def routes(listing: Listing) -> list[Any]:
    """The page of a list, and its file."""
    opt = {"permission": listing.permission}

    @get(listing.path, opt=opt, include_in_schema=False)
    async def list_page(request: AnyRequest, reading: Work) -> Response[str]:
        facets = await _facets(reading, listing)
        wanted = _wanted(facets, request)
        found = await listing.find(reading, wanted, id_of(request.query_params.get("after"), "after"), AT_ONCE + 1)
        chips = [(facet, await _chip(reading, facet, options, wanted[facet.key])) for facet, options in facets if facet.key in wanted]
        register = listing.register
        return page(
            request, "register/list.html", listing=listing, wanted=wanted, facets=facets, chips=chips, q=wanted.get("q", ""),
            rows=await listing.cells(reading, found[:AT_ONCE]), more=str(found[AT_ONCE - 1].id) if len(found) > AT_ONCE else None,
            total=await listing.count(reading, wanted), register=register if register and register.may(reading) else None,
            beside=[(words, href) for words, href, permission in listing.beside if reading.actor.may(permission)],
        )  # fmt: skip

    @get(f"{listing.path}.csv", opt=opt, include_in_schema=False)
    async def list_file(request: AnyRequest, reading: Work) -> Response[bytes]:
        wanted, language = _wanted(await _facets(reading, listing), request), language_of(request)
        lines, after = [[column.name.into(language) for column in listing.columns]], None
        while len(lines) <= MOST:
            found = await listing.find(reading, wanted, after, 500)
            lines += [[_printed(cell, language) for cell in row] for row in await listing.cells(reading, found)]
            if len(found) < 500:
                break
            after = found[-1].id
        name = listing.path.rpartition("/")[2]
        headers = {"Content-Disposition": f"attachment; filename={name}.csv", "Cache-Control": "no-store"}
        return Response(sheet(lines), media_type="text/csv; charset=utf-8", headers=headers)

    return [list_page, list_file]


async def _facets(work: Work, listing: Listing) -> list[tuple[Facet, list[Choice]]]:
    """The filters of a list with what they offer."""
    return [(facet, list(await facet.options(work) if callable(facet.options) else facet.options or ())) for facet in listing.facets]


def _wanted(facets: list[tuple[Facet, list[Choice]]], request: AnyRequest) -> dict[str, str]:
    """The filter of the address; a value that is not offered is refused."""
    given = {name: value.strip() for name, value in request.query_params.items()}
    wanted = {"q": given["q"][:200]} if given.get("q") else {}
    for facet, options in facets:
        if value := given.get(facet.key, ""):
            if facet.options is not None and value not in dict(options):
                why = say("{name}没有“{value}”", name=facet.name, value=value)
                raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("facet", why, facet.key)])
            if facet.options is None:
                id_of(value, facet.key)
            wanted[facet.key] = value
    return wanted


async def _chip(work: Work, facet: Facet, options: list[Choice], value: str) -> Said:
    return await facet.named(work, value) if facet.named else dict(options).get(value, value)


def id_of(text: str | None, where: str) -> UUID | None:
    """The id of an address. Raises `BadInput` for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("id", say("请从所列各项中选择"), where)]) from error


def _printed(cell: Cell, language: str) -> str:
    text = cell.text
    return text.into(language) if isinstance(text, Message | Name) else "" if text is None else str(text)
