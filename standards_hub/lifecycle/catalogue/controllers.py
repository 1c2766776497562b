"""The JSON doors of the catalogue. Everybody may read it."""

import base64
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.params import Parameter

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.http import Page, cursor
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.catalogue import repository, service
from standards_hub.lifecycle.catalogue.repository import Filter
from standards_hub.lifecycle.catalogue.schemas import CommitteeLine, CommitteeOut, EntryLine, EntryOut, Found, IcsOut, RunOut

Limit = Annotated[int, Parameter(ge=1, le=200)]
After = Annotated[str | None, Parameter(max_length=1000, description="`next` of the page before.")]
Text = Annotated[str, Parameter(max_length=200)]
READ: dict[str, Any] = {"permission": "catalogue.read"}


def read_place(text: str | None, *types: type[Any]) -> tuple[Any, ...] | None:
    """Reads a cursor back. Raises `BadInput` for one that we did not make."""
    if not text:
        return None
    try:
        parts = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[str])
        if any("\x00" in part for part in parts):
            raise ValueError(text)
        return tuple(kind(part) for kind, part in zip(types, parts, strict=True))
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadInput(say("分页标记有误"), unmet=[Unmet("cursor", say("请从第一页重新开始"), "after")]) from error


class CatalogueController(Controller):
    """The world's standards."""

    path = "/catalogue"
    tags = ["目录 Catalogue"]

    @get(operation_id="ListCatalogue", opt=READ)
    async def list(
        self,
        reading: Work,
        source: Text | None = None,
        status: Text | None = None,
        doctype: Text | None = None,
        committee: Text | None = None,
        stage: Text | None = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Page[EntryLine]:
        """Entries by number."""
        wanted = Filter(source=source, status=status, doctype=doctype, committee=committee, stage=stage)
        where = read_place(after, str, UUID)
        found = await repository.page(reading.connection, wanted, after=(where[0], where[1]) if where else None, limit=limit + 1)
        items = found[:limit]
        return Page(items, cursor(items[-1].docid, items[-1].id) if len(found) > limit else None)

    @get("/search", operation_id="SearchCatalogue", opt=READ)
    async def search(self, reading: Work, q: Text, after: After = None, limit: Limit = 20) -> Page[Found]:
        """Entries by words of their titles, numbers, committees and ICS codes, the best first."""
        seen = (read_place(after, int) or (0,))[0]
        found = await service.find(reading, q, limit=limit + 1, after=max(0, seen))
        return Page(found[:limit], cursor(seen + limit) if len(found) > limit else None)

    @get("/by-identifier", operation_id="GetCatalogueByIdentifier", opt=READ)
    async def by_identifier(self, reading: Work, identifier: Text) -> Page[EntryLine]:
        """The entries of one document, however its number is written."""
        return Page(await service.by_identifier(reading, identifier))

    @get("/{id:uuid}", operation_id="GetCatalogueEntry", opt=READ)
    async def entry(self, reading: Work, id: UUID) -> EntryOut:
        """One entry with its relations in both directions."""
        return await service.entry(reading, id)

    @get("/{id:uuid}/editions", operation_id="ListCatalogueEditions", opt=READ)
    async def editions(self, reading: Work, id: UUID) -> Page[EntryLine]:
        """Other editions, drafts and amendments of the same standard."""
        return Page(await service.editions(reading, id))

    @get("/imports", operation_id="ListCatalogueImports", opt={"permission": "catalogue.import"})
    async def imports(self, reading: Work) -> Page[RunOut]:
        """The latest imports and their counts."""
        return Page(await repository.runs(reading.connection))


class IsoCommitteeController(Controller):
    """The technical committees of ISO."""

    path = "/iso-committees"
    tags = ["目录 Catalogue"]

    @get(operation_id="ListIsoCommittees", opt=READ)
    async def list(
        self, reading: Work, member: Text | None = None, q: Text | None = None, after: After = None, limit: Limit = 50
    ) -> Page[CommitteeLine]:
        """ISO committees in ISO's order; `member` is the acronym of a national body, such as SAC."""
        where = read_place(after, str, int)
        found = await repository.committees(
            reading.connection, parent=None, member=member, text=q, after=(where[0], where[1]) if where else None, limit=limit + 1
        )
        return Page(
            [line for _, line in found[:limit]], cursor(found[limit - 1][0], found[limit - 1][1].id) if len(found) > limit else None
        )

    @get("/by-reference", operation_id="GetIsoCommittee", opt=READ)
    async def committee(self, reading: Work, reference: Text) -> CommitteeOut:
        """One committee by its reference, `ISO/TC 197`, with members, liaisons and subcommittees."""
        return await service.committee(reading, reference)


class IcsController(Controller):
    """The International Classification for Standards."""

    path = "/ics"
    tags = ["目录 Catalogue"]

    @get(operation_id="ListIcs", opt=READ)
    async def list(self, reading: Work, parent: Text | None = None, q: Text | None = None) -> Page[IcsOut]:
        """The classes beneath `parent`, or the fields; with `q`, those whose code begins so or whose title has it."""
        return Page(await repository.ics(reading.connection, parent=parent, text=q))


CONTROLLERS = [CatalogueController, IsoCommitteeController, IcsController]
