"""Search over everything: what a number names stands first, then what the words find, as a page, as a list under the field, as JSON."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import Parameter
from litestar.response import Redirect
from msgspec import Struct

from standards_hub.committees import repository as registers
from standards_hub.kernel import search
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.http import Page, language_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.search import Hit
from standards_hub.kernel.search.index import KIND
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.catalogue import repository as catalogue
from standards_hub.lifecycle.columns import step_name
from standards_hub.lifecycle.evidence_numbers import ids_of
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.values import Standard

AT_ONCE = 30
UNDER_FIELD = 8
MOST_NAMED = 5


class Kind(Struct, frozen=True):
    """A kind of thing that is found, and where its pages are."""

    name: Message
    path: str
    inside: bool = True
    """Only for those who are signed in."""


KINDS: dict[str, Kind] = {
    "standard": Kind(say("标准"), "/standards/", inside=False),
    "catalogue": Kind(say("目录库"), "/catalogue/", inside=False),
    "committee": Kind(say("委员会"), "/committees/"),
    "person": Kind(say("人员"), "/people/"),
    "organisation": Kind(say("单位"), "/organisations/"),
    "project": Kind(say("科技项目"), "/projects/"),
}


async def find(work: Work, text: str, *, kinds: list[str] | None = None, after: int = 0, limit: int = AT_ONCE) -> Page[Hit]:
    """What a text finds: first, on the first page, what it names as a number, then the best hits. Raises `BadInput` for mere marks."""
    named = await _named(work, text, kinds)
    public = not work.actor.may("standard.read")
    hits = await search.search(work.connection, text, kinds=kinds, public_only=public, limit=limit + 1, after=after)
    keys = {(hit.kind, hit.key) for hit in named}
    others = [hit for hit in hits[:limit] if (hit.kind, hit.key) not in keys]
    return Page([*(named if after == 0 else ()), *others], str(after + limit) if len(hits) > limit else None)


async def _named(work: Work, text: str, kinds: list[str] | None) -> list[Hit]:
    """The standard and the entries of the catalogue whose number the text is, in whatever writing."""
    text = text.strip()
    try:
        read = parse(text)
    except IdentifierError:
        read = None
    found: list[Hit] = []
    if kinds is None or "standard" in kinds:
        for reference in dict.fromkeys([text, *([read.key, read.canonical] if read else ())]):
            try:
                one = await repository.find(work.connection, reference)
            except NotFound:
                continue
            if repository.may_see(work.actor, one):
                found.append(Hit("standard", str(one.id), one.title_zh, [], "", []))
            break
    if read and (kinds is None or "catalogue" in kinds):
        entries = await catalogue.by_identity(work.connection, read.key, text)
        found += [Hit("catalogue", str(entry.id), f"{entry.docid} {entry.title}", [], "", []) for entry in entries[:MOST_NAMED]]
    return found


@get("/search", operation_id="Search", opt={"permission": "search"}, tags=["搜索 Search"])
async def search_all(
    request: Request[Any, Any, Any],
    reading: Work,
    q: Annotated[str, Parameter(min_length=1, max_length=200, description="字词或编号 / words or a number")],
    kind: Annotated[list[str] | None, Parameter(description="只查这些种类，如 standard / only these kinds, such as standard")] = None,
    after: Annotated[int, Parameter(ge=0, le=search.MOST, description="上一页的 next / `next` of the page before")] = 0,
    limit: Annotated[int, Parameter(ge=1, le=100, description="每页条数 / items a page")] = 20,
) -> Page[Hit]:
    """Standards, catalogue, committees, people, organisations and projects in one list, what a number names first; the public finds only what is public.

    Titles are in the language that is asked for, as far as there are any in it.
    """
    if kind and not all(KIND.fullmatch(name) for name in kind):
        raise BadInput(say("种类有误"), unmet=[Unmet("search.kind", say("种类由小写字母和下划线组成，如 standard"), "kind")])
    found = await find(reading, q, kinds=kind or None, after=after, limit=limit)
    if language_of(request) == "en":
        standards = await repository.standards(reading.connection, [UUID(hit.key) for hit in found.items if hit.kind == "standard"])
        return Page(await _in_english(reading, found.items, standards, q), found.next)
    return found


class Found(Struct, frozen=True):
    """A hit as the page shows it: a link, and for a standard its number and where it stands."""

    hit: Hit
    path: str
    kind: Message
    label: str
    step: Name | None
    status: str | None


@get("/search", opt={"permission": "search"}, include_in_schema=False)
async def search_page(
    request: Request[Any, Any, Any], reading: Work, actor: Actor,
    q: Annotated[str, Parameter(max_length=200)] = "", kind: str | None = None, part: bool = False,
    after: Annotated[int, Parameter(ge=0, le=search.MOST)] = 0,
) -> Response[Any]:  # fmt: skip
    """What a text finds, as a page, a number of evidence its very page; with `part`, the first few for the list under the field."""
    if not part and ids_of(q):
        return Redirect(f"/evidence/{quote(q.strip())}")
    text, kinds = q.strip(), {name: one for name, one in KINDS.items() if actor.account or not one.inside}
    wanted = [kind] if kind in kinds else list(kinds)
    try:
        hits = await find(reading, text, kinds=wanted, after=after, limit=UNDER_FIELD if part else AT_ONCE) if text else Page([])
    except BadInput:  # marks alone find nothing, which the page says
        hits = Page([])
    items = hits.items[:UNDER_FIELD] if part else hits.items
    standards = await repository.standards(reading.connection, [UUID(hit.key) for hit in items if hit.kind == "standard"])
    if language_of(request) == "en":
        items = await _in_english(reading, items, standards, text)
    found = [_found(hit, standards.get(UUID(hit.key))) for hit in items if hit.kind in KINDS]
    template = "search/part.html" if part else "search/page.html"
    chosen = kind if kind in kinds else None
    return page(request, template, q=text, found=found, next=hits.next, kinds=kinds, kind=chosen, statuses=STATUS_NAMES, after=after)


async def _in_english(work: Work, hits: list[Hit], standards: dict[UUID, Standard], text: str) -> list[Hit]:
    """The hits by their English titles, and by the other one where they have none."""

    def ids(*kinds: str) -> list[UUID]:
        return [UUID(hit.key) for hit in hits if hit.kind in kinds]

    bodies = await registers.names(work.connection, ids("committee", "organisation", "person"))
    entries = await catalogue.names(work.connection, ids("catalogue"))
    named = {id: one.title for id, one in standards.items()} | bodies
    found = {str(id): name.en for id, name in named.items()}
    for hit in hits:
        if hit.kind == "catalogue" and (entry := entries.get(UUID(hit.key))):
            found[hit.key] = hit.title.removesuffix(entry.zh) + entry.en
    return [search.renamed(hit, found.get(hit.key, hit.title), text) for hit in hits]


def _found(hit: Hit, standard: Standard | None) -> Found:
    kind = KINDS[hit.kind]
    if standard is None:
        return Found(hit, kind.path + hit.key, kind.name, "", None, None)
    label = standard.number or standard.plan_number or ""
    return Found(hit, kind.path + hit.key, kind.name, label, step_name(standard.track, standard.step), standard.status)


CONTROLLERS: list[Any] = [search_all]
PAGES: list[Any] = [search_page]
