"""The world's catalogue as pages: found by words or number, one entry with its relations both ways, and what to do with it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Meta, Struct

from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import cursor, language_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page, section
from standards_hub.kernel.search.tokens import marks, phrases_of
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository as standards
from standards_hub.lifecycle.catalogue import repository, service
from standards_hub.lifecycle.catalogue.controllers import After, Text, read_place
from standards_hub.lifecycle.catalogue.repository import Filter
from standards_hub.lifecycle.catalogue.schemas import EntryLine, Found
from standards_hub.lifecycle.relations import RELATION_NAMES as RELATION_KINDS
from standards_hub.lifecycle.schemas import RelationIn
from standards_hub.lifecycle.services import relating
from standards_hub.lifecycle.values import Standard

MAY: dict[str, Any] = {"permission": "catalogue.read"}
AT_ONCE = 50
SOURCE_NAMES: dict[str, Message] = {
    "iso": say("ISO"),
    "iec": say("IEC"),
    "itu": say("ITU"),
    "3gpp": say("3GPP"),
    "cn": say("中国"),
}
NATIONAL = "cn"
"""The source of what is national already: it is referred to or replaced, and only what is international is adopted."""
STATUS_NAMES: dict[str, Message] = {
    "published": say("现行"),
    "in-development": say("制定中"),
    "forthcoming": say("即将发布"),
    "withdrawn": say("已废止"),
    "deleted": say("已撤项"),
}
RELATION_NAMES: dict[str, tuple[Message, Message]] = {
    "obsoletes": (say("代替"), say("被代替")),
    "replaces": (say("代替"), say("被代替")),
    "updates": (say("修改"), say("被修改")),
    "adopts": (say("采用"), say("被采用")),
    "adoptedAs": (say("被采用为"), say("采用")),
    "partOf": (say("属于"), say("包含")),
    "complementOf": (say("补充"), say("有补充文件")),
    "hasEdition": (say("有版本"), say("是其版本")),
}
"""What a relation of the source is called from this end and from the other; one that is not here is shown as the source writes it."""
section("/catalogue", say("目录库"), "book", "catalogue.read", 90)


class Hit(Struct, frozen=True):
    """An entry of the list; `marks` are the ranges of the title that were looked for."""

    entry: EntryLine
    title: str
    marks: list[tuple[int, int]]


def _hit(found: Found) -> Hit:
    """Without the number that the search puts before the title, for it has a column of its own."""
    before = len(found.text) - len(found.entry.title) if found.text.endswith(found.entry.title) else 0
    marks = [(max(0, start - before), end - before) for start, end in found.marks if end > before]
    return Hit(found.entry, found.text[before:], marks)


def _under(hit: Hit, title: str, words: str) -> Hit:
    """The same by its English title."""
    return hit if title == hit.title else Hit(hit.entry, title, marks(title, phrases_of(words)))


@get("/catalogue", opt=MAY, include_in_schema=False)
async def catalogue_page(
    request: Request[Any, Any, Any], reading: Work, q: Text | None = None, source: Text | None = None, status: Text | None = None,
    committee: Text | None = None, after: After = None,
) -> Response[str]:  # fmt: skip
    """Entries by words, the best first, or all by number."""
    words = (q or "").strip()
    if words:
        seen = (read_place(after, int) or (0,))[0]
        found = await service.find(reading, words, limit=AT_ONCE + 1, after=max(0, seen))
        hits = [_hit(hit) for hit in found[:AT_ONCE]]
        more = cursor(seen + AT_ONCE) if len(found) > AT_ONCE else None
    else:
        where = read_place(after, str, UUID)
        wanted = Filter(source=source or None, status=status or None, committee=committee or None)
        lines = await repository.page(reading.connection, wanted, after=(where[0], where[1]) if where else None, limit=AT_ONCE + 1)
        hits = [Hit(line, line.title, []) for line in lines[:AT_ONCE]]
        more = cursor(lines[AT_ONCE - 1].docid, lines[AT_ONCE - 1].id) if len(lines) > AT_ONCE else None
    if language_of(request) == "en":
        names = await repository.names(reading.connection, [hit.entry.id for hit in hits])
        hits = [_under(hit, names[hit.entry.id].en, words) for hit in hits]
    sizes = await repository.sizes(reading.connection)
    return page(
        request, "catalogue/list.html", hits=hits, more=more, q=words, wanted=Filter(source=source, status=status, committee=committee), sizes=sizes,
        total=sum(sizes.values()), sources=SOURCE_NAMES, statuses=STATUS_NAMES,
        may_import=reading.actor.may("catalogue.import"),
    )  # fmt: skip


@get("/catalogue/{id:uuid}", opt=MAY, include_in_schema=False)
async def entry_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """One entry: what it is, its other editions, what it says of others and they of it, and our standards that name it."""
    entry = await service.entry(reading, id)
    ours = await standards.naming_entry(reading.connection, reading.actor, id, entry.docid)
    return page(
        request, "catalogue/one.html", entry=entry, editions=await service.editions(reading, id), ours=ours, sources=SOURCE_NAMES,
        statuses=STATUS_NAMES, names=RELATION_NAMES, kinds=RELATION_KINDS, may_relate=reading.actor.may("standard.relate"),
        may_adopt=entry.source != NATIONAL and reading.actor.may("standard.propose"),
    )  # fmt: skip


class Reference(Struct, kw_only=True):
    """The form that relates a standard of ours to an entry."""

    standard: Annotated[str, Meta(min_length=1, max_length=300)]
    """Its number, a plan number or its id."""
    kind: Literal["references", "replaces", "adopts"]
    degree: Literal["IDT", "MOD", "NEQ"] | None = None
    part: Annotated[str, Meta(max_length=300)] | None = None


@get("/catalogue/{id:uuid}/relate", opt={"permission": "standard.relate"}, include_in_schema=False)
async def relate_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """The form that says how a standard of ours relates to this entry."""
    return await _relate_form(request, reading, id, Form.holding({"kind": "references"}))


async def _relate_form(request: Request[Any, Any, Any], work: Work, id: UUID, form: Form, status: int = 200) -> Response[str]:
    entry = await service.entry(work, id)
    known = await standards.related_by(work.connection, work.actor)
    return page(
        request, "catalogue/relate.html", status=status, entry=entry, form=form, known=known,
        kinds=[(kind, RELATION_KINDS[kind][0]) for kind in ("references", "replaces", "adopts")],
    )  # fmt: skip


@post("/catalogue/{id:uuid}/relate", opt={"permission": "standard.relate"}, include_in_schema=False)
async def relate(request: Request[Any, Any, Any], id: UUID) -> Response[Any]:
    """Relate a standard of ours to this entry."""
    form = await Form.of(request)

    async def do(work: Work) -> Standard:
        given = form.into(Reference)
        entry = await service.entry(work, id)
        standard = await standards.find(work.connection, given.standard.strip())
        relation = RelationIn(kind=given.kind, catalogue_id=id, degree=given.degree, edition=entry.edition, part=given.part)
        await relating.relate(work, standard.id, relation)
        return standard

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await _relate_form(request, reading, id, form, outcome.error.status if outcome.error else 422)
    return go(request, f"/standards/{outcome.value.id}", say("已登记与 {label} 的关系", label=form.text("label")))


PAGES: list[Any] = [catalogue_page, entry_page, relate_page, relate]
