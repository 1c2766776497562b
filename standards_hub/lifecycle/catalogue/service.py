"""Reading the catalogue: by words, by number, by id."""

from uuid import UUID

from standards_hub.kernel import search
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.catalogue import repository
from standards_hub.lifecycle.catalogue.schemas import CommitteeOut, EntryLine, EntryOut, Found
from standards_hub.lifecycle.catalogue.storing import KIND
from standards_hub.lifecycle.catalogue.values import named


async def find(work: Work, text: str, *, limit: int, after: int = 0) -> list[Found]:
    """The entries that fit a text best, from after so many of them."""
    hits = await search.search(work.connection, text, kinds=(KIND,), limit=limit, after=after)
    entries = await repository.lines(work.connection, [UUID(hit.key) for hit in hits])
    return [Found(entries[UUID(h.key)], h.title, h.marks, h.snippet, h.snippet_marks) for h in hits if UUID(h.key) in entries]


async def entry(work: Work, id: UUID) -> EntryOut:
    """An entry with its relations both ways. Raises `NotFound`."""
    found = await repository.entry(work.connection, id)
    if found is None:
        raise NotFound(say("目录中没有 {id}", id=id))
    return found


async def by_identifier(work: Work, text: str) -> list[EntryLine]:
    """The entries of the document that a text names, in whatever writing. Raises `NotFound`."""
    found = await repository.by_identity(work.connection, named(text.strip()).identity, text.strip())
    if not found:
        raise NotFound(say("目录中没有 {id}", id=text.strip()[:200]))
    return found


async def editions(work: Work, id: UUID) -> list[EntryLine]:
    """The other editions, drafts and amendments of an entry's standard, the newest first. Raises `NotFound`."""
    series = named((await entry(work, id)).docid).series
    return [line for line in await repository.editions(work.connection, series) if line.id != id] if series else []


async def committee(work: Work, reference: str) -> CommitteeOut:
    """An ISO committee. Raises `NotFound`."""
    found = await repository.committee(work.connection, reference.strip())
    if found is None:
        raise NotFound(say("没有 ISO 委员会 {reference}", reference=reference.strip()[:80]))
    return found
