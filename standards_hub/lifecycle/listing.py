"""Lists of standards: the filter that every list takes, and all of them as a CSV file streamed in flat memory.

On PostgreSQL the server writes the lines by COPY; on SQLite the csv module does, from a cursor that is read in batches. The
columns are made by the same expressions, so both give the same bytes.
"""

import asyncio
import codecs
import contextlib
import csv
import io
from collections.abc import AsyncGenerator, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from litestar import Request, get
from litestar.di import Provide
from litestar.params import Parameter
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import search
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.database import driver_of
from standards_hub.kernel.registers.sheets import FORMULA as FORMULA
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.repository import STANDARD, Filter

Many = Annotated[list[str] | None, Parameter(max_items=50, description="可重复，任一相符即可 / repeat for alternatives")]
Word = Annotated[str | None, Parameter(max_length=200)]
BATCH = 1000
CHUNK_BYTES = 64 * 1024
TEXTS = ("track", "level", "kind", "nature", "title_zh", "title_en", "step", "stage", "status", "plan_number", "number", "region",
         "plan_key", "primary_field", "international_role")  # fmt: skip
COLUMNS = (
    "id", "number", "plan_number", "title_zh", "title_en", "level", "track", "kind", "nature", "step", "stage", "step_entered_on", "status",
    "proposed_on", "approved_on", "published_on", "effective_on", "withdrawn_on", "committee_id", "department_id", "lead_drafter_id",
    "region", "ics", "ccs", "plan_key", "primary_field", "fields", "fills_gap", "stricter", "international_role", "exemplar",
)  # fmt: skip
MAKERS: set[asyncio.Task[None]] = set()
"""What is being made at present; the loop itself would forget it."""


async def wanted(
    reading: Work, level: Many = None, stage: Many = None, step: Many = None, status: Many = None, track: Many = None, field: Many = None, region: Many = None,
    committee: Annotated[list[UUID] | None, Parameter(max_items=50, description="技术委员会，可重复 / committees, may repeat")] = None,
    kind: Many = None, plan: Word = None, fills_gap: bool | None = None, stricter: bool | None = None,
    published_from: date | None = None, published_to: date | None = None,
    overdue: Annotated[bool, Parameter(description="只看已逾期的 / only those overdue")] = False, q: Word = None,
) -> Filter:  # fmt: skip
    """The filter of a list of standards from the query. `stage` takes a code or two digits; `q` searches numbers, titles and scopes.

    Raises `NotSignedIn` where the public asks what is overdue, for limits are not public.
    """
    if overdue:
        reading.actor.require("standard.read")
    return Filter(
        level=tuple(level or ()), stage=tuple(stage or ()), step=tuple(step or ()), status=tuple(status or ()), track=tuple(track or ()), field=tuple(field or ()),
        region=tuple(region or ()), committee=tuple(committee or ()), kind=tuple(kind or ()), plan=plan, fills_gap=fills_gap,
        stricter=stricter, published_from=published_from, published_to=published_to, overdue_on=reading.today if overdue else None,
        ids=await _found(reading, q),
    )  # fmt: skip


async def _found(work: Work, text: str | None) -> tuple[UUID, ...] | None:
    if not text or not text.strip():
        return None
    keys = await search.keys(work.connection, text, "standard", public_only=not work.actor.may("standard.read"))
    return tuple(UUID(key) for key in keys)


@get("/standards.csv", operation_id="ExportStandards", opt={"permission": "standard.read_public"}, tags=["标准 Standards"],
     dependencies={"wanted": Provide(wanted)}, media_type="text/csv")  # fmt: skip
async def export(
    request: Request[Any, Any, Any], actor: Actor, wanted: Filter,
    columns: Annotated[list[Literal[COLUMNS]] | None, Parameter(description="只要这些列，可重复，按此顺序 / only these columns, may repeat, in this order")] = None,  # type: ignore[valid-type]
    bom: Annotated[bool, Parameter(description="以 BOM 开头，便于 Excel 识别 / begin with a BOM, for Excel")] = True,
) -> Stream:  # fmt: skip
    """Every standard you may see that fits the filter of the list, as CSV in UTF-8. A text that a spreadsheet would compute gets a `'` before it."""
    hub: Hub = request.app.state.hub
    headers = {"Content-Disposition": "attachment; filename=standards.csv", "Cache-Control": "no-store"}
    return Stream(
        lines(hub, actor, wanted, bom=bom, columns=tuple(dict.fromkeys(columns or COLUMNS))),
        media_type="text/csv; charset=utf-8",
        headers=headers,
    )


async def lines(
    hub: Hub, actor: Actor, wanted: Filter, *, bom: bool = True, columns: Sequence[str] = COLUMNS
) -> AsyncGenerator[bytes, None]:
    """The file in pieces, its head first."""
    yield (codecs.BOM_UTF8 if bom else b"") + (",".join(columns) + "\n").encode()
    values = repository.values_of(wanted)
    query = sa.select(*(_printed(name, hub.database.sqlite) for name in columns))
    query = query.where(*repository.visible(actor), *repository.conditions(values))
    query = query.order_by(STANDARD.c.step_entered_on.desc(), STANDARD.c.id.desc())
    async with contextlib.aclosing(apart(_read(hub, query, values))) as pieces:
        async for piece in pieces:
            yield piece


async def _read(hub: Hub, query: sa.Select[Any], values: dict[str, Any]) -> AsyncGenerator[bytes, None]:
    async with (
        hub.database.read() as connection,
        contextlib.aclosing((_by_csv if hub.database.sqlite else _by_copy)(connection, query, values)) as pieces,
    ):
        async for piece in pieces:
            yield piece


async def apart(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same pieces, made in a task of their own: a reader who goes away cancels whoever sends, and must not tear the connection."""
    waiting: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(maxsize=2)
    gone = False

    async def make() -> None:
        last: Exception | None = None
        try:
            async with contextlib.aclosing(pieces):
                async for piece in pieces:
                    await waiting.put(piece)
                    if gone:
                        return
        except Exception as error:
            last = error
        await waiting.put(last)

    task = asyncio.create_task(make())
    MAKERS.add(task)
    task.add_done_callback(MAKERS.discard)
    try:
        while (piece := await waiting.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        gone = True
        while not waiting.empty():
            waiting.get_nowait()


def _guarded(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A text with a `'` before it where a spreadsheet would compute it."""
    return sa.case((sa.func.substr(text, 1, 1).in_(FORMULA), sa.literal("'").concat(text)), else_=text)


def _listed(column: sa.ColumnElement[Any], sqlite: bool) -> sa.ColumnElement[Any]:
    """The texts of a list, with `;` between them; null where there is none.

    Unpacking a list costs more than the rest of its row, so only one in which JSON escapes something is unpacked.
    """
    written = sa.cast(column, sa.Text)
    plain: sa.ColumnElement[Any] = written
    for mark, instead in (('", "', ";"), ('["', ""), ('"]', "")):
        plain = sa.func.replace(plain, mark, instead)
    unpack, join = (sa.func.json_each, sa.func.group_concat) if sqlite else (sa.func.json_array_elements_text, sa.func.string_agg)
    texts = unpack(column).table_valued("value")
    return sa.case(
        (written == "[]", sa.null()),
        (written.contains("\\", autoescape=True), _guarded(sa.select(join(texts.c.value, ";")).scalar_subquery())),
        (sa.func.substr(written, len('["') + 1, 1).in_(FORMULA), sa.literal("'").concat(plain)), else_=plain,
    )  # fmt: skip


def _printed(name: str, sqlite: bool) -> sa.ColumnElement[Any]:
    """A column as it is printed: text, null where there is nothing."""
    column = STANDARD.c[name]
    if name in TEXTS:
        return sa.func.nullif(_guarded(column), "")
    if isinstance(column.type, sa.Boolean):
        return sa.case((column, "1"), else_="0")
    if isinstance(column.type, sa.JSON):
        return _listed(column, sqlite)
    if isinstance(column.type, sa.Uuid) and sqlite:  # kept there as 32 figures
        cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        parts = [sa.func.substr(sa.cast(column, sa.Text), at, much) for at, much in cuts]
        dashed: Any = parts[0]
        for part in parts[1:]:
            dashed = dashed.concat("-").concat(part)
        return sa.cast(dashed, sa.Text)
    return sa.cast(column, sa.Text)


async def _by_copy(connection: AsyncConnection, query: sa.Select[Any], values: dict[str, Any]) -> AsyncGenerator[bytes, None]:
    filled = query.compile(dialect=connection.dialect).construct_expanded_state(values)
    piece, size = [], 0
    async with driver_of(connection).cursor() as cursor:
        await cursor.execute("SET LOCAL jit = off")  # compiling the query would take as long as running it
        async with cursor.copy(f"COPY ({filled.statement}) TO STDOUT (FORMAT csv)", filled.parameters) as copy:
            async for line in copy:
                piece.append(bytes(line))
                size += len(piece[-1])
                if size >= CHUNK_BYTES:
                    yield b"".join(piece)
                    piece, size = [], 0
    yield b"".join(piece)


async def _by_csv(connection: AsyncConnection, query: sa.Select[Any], values: dict[str, Any]) -> AsyncGenerator[bytes, None]:
    async with connection.stream(query.execution_options(yield_per=BATCH), values) as result:
        async for batch in result.partitions(BATCH):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(tuple(row) for row in batch)
            yield text.getvalue().encode()


CONTROLLERS: list[Any] = [export]
