"""Every query on enquiries, sheets and comments."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.comments.disposing import Group
from standards_hub.committees.comments.models import CommentImportRow, CommentRow, CommentSheetRow, EnquiryRow
from standards_hub.committees.comments.schemas import CommentFilter, Import
from standards_hub.committees.comments.subjects import Comment, Enquiry, TakenSheet
from standards_hub.committees.models import OrganisationRow
from standards_hub.kernel import frequent
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.frequent import Question, Row
from standards_hub.kernel.messages import say

ENQUIRY, SHEET, COMMENT, IMPORT = (table_of(model) for model in (EnquiryRow, CommentSheetRow, CommentRow, CommentImportRow))
OF_SUBJECT = (
    sa.select(ENQUIRY)
    .where(ENQUIRY.c.subject_kind == sa.bindparam("kind"), ENQUIRY.c.subject_id == sa.bindparam("id"))
    .order_by(ENQUIRY.c.opened_on.desc(), ENQUIRY.c.id)
)
OF_COMMENT = [COMMENT.c[name] for name in Comment.__struct_fields__]
OF_SHEET = [SHEET.c[name] for name in TakenSheet.__struct_fields__]


async def enquiry(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Enquiry:
    """One enquiry; with `lock`, nobody else may add to it until this transaction ends."""
    query = sa.select(ENQUIRY).where(ENQUIRY.c.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(say("找不到这次征求意见 {id}", id=id))
    return msgspec.convert(dict(row._mapping), Enquiry)


async def enquiries(
    connection: AsyncConnection, *, public: bool | None = None, running_on: date | None = None, after: UUID | None = None, limit: int = 50
) -> list[Enquiry]:  # fmt: skip
    """The enquiries that close last first; `public` and `running_on` keep what anybody may comment on that day."""
    c = ENQUIRY.c
    query = sa.select(ENQUIRY).order_by(c.closes_on.desc(), c.id).limit(limit)
    query = query.where(c.public == public) if public is not None else query
    query = query.where(c.state == "open", c.closes_on >= running_on) if running_on else query
    if after is not None:
        last = sa.select(c.closes_on).where(c.id == after).scalar_subquery()
        query = query.where(sa.or_(c.closes_on < last, sa.and_(c.closes_on == last, c.id > after)))
    return [msgspec.convert(dict(row._mapping), Enquiry) for row in await connection.execute(query)]


async def of_subject(connection: AsyncConnection, kind: str, id: UUID) -> list[Enquiry]:
    """All enquiries on a subject, the newest first."""
    return await frequent.asked(connection, on_subject(kind, id))


def on_subject(kind: str, id: UUID) -> Question[list[Enquiry]]:
    """The same to be asked with others."""

    def read(rows: Iterable[Row]) -> list[Enquiry]:
        return [msgspec.convert(dict(zip(ENQUIRY.c.keys(), row, strict=True)), Enquiry) for row in rows]

    return Question(OF_SUBJECT, {"kind": kind, "id": id}, read)


async def running(connection: AsyncConnection, today: date) -> list[Enquiry]:
    """Every enquiry whose window is not over."""
    query = sa.select(ENQUIRY).where(ENQUIRY.c.state == "open", ENQUIRY.c.closes_on >= today).order_by(ENQUIRY.c.id)
    return [msgspec.convert(dict(row._mapping), Enquiry) for row in await connection.execute(query)]


def _build(rows: Iterable[Any]) -> list[Comment]:
    return [msgspec.convert(dict(row._mapping), Comment) for row in rows]


def _where(enquiry_id: UUID, wanted: CommentFilter) -> list[Any]:
    c = COMMENT.c
    where: list[Any] = [c.enquiry_id == enquiry_id]
    for column, value in ((c.status, wanted.status), (c.type, wanted.type), (c.author_kind, wanted.author_kind), (c.author, wanted.author)):
        if value:
            where.append(column == value)
    if wanted.disposition:
        where.append(c.disposition == wanted.disposition)
    if wanted.clause:
        where.append(c.clause.startswith(wanted.clause, autoescape=True))
        if wanted.clause[-1].isdecimal():  # 4.1 and what is below it, not 4.10
            where += [~c.clause.startswith(f"{wanted.clause}{n}", autoescape=True) for n in range(10)]
    if wanted.q:
        where.append(sa.or_(*(column.icontains(wanted.q, autoescape=True) for column in (c.text, c.proposed, c.author, c.reason))))
    return where


async def comments(
    connection: AsyncConnection, enquiry_id: UUID, wanted: CommentFilter | None = None, *, after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> list[Comment]:  # fmt: skip
    """Comments by clause and number, after the place of the last one of the page before."""
    c, where = COMMENT.c, _where(enquiry_id, wanted or CommentFilter())
    if after is not None:
        where.append(sa.or_(c.clause_key > after[0], sa.and_(c.clause_key == after[0], c.number > after[1])))
    query = sa.select(*OF_COMMENT).where(*where).order_by(c.clause_key, c.number)
    return _build(await connection.execute(query.limit(limit) if limit else query))


async def count(connection: AsyncConnection, enquiry_id: UUID, wanted: CommentFilter) -> int:
    query = sa.select(sa.func.count()).select_from(COMMENT).where(*_where(enquiry_id, wanted))
    return (await connection.execute(query)).scalar_one()


async def tally(connection: AsyncConnection, enquiry_id: UUID, reasoned: Iterable[str]) -> tuple[int, int, int]:
    """How many comments there are, how many are undecided, and how many lack the reason that decisions such as `reasoned` want.

    What was merged is decided on with the comment it went into.
    """
    c = COMMENT.c
    own = c.status != "merged"
    lacking = sa.and_(own, c.disposition.in_(tuple(reasoned)), sa.func.trim(c.reason) == "")
    counted = [sa.func.count().filter(where) for where in (sa.true(), sa.and_(own, c.disposition.is_(None)), lacking)]
    row = (await connection.execute(sa.select(*counted).where(c.enquiry_id == enquiry_id))).one()
    return row[0], row[1], row[2]


async def groups(connection: AsyncConnection, enquiry_id: UUID) -> list[Group]:
    """How many comments there are of each sort that the statistics tell apart."""
    c = COMMENT.c
    sort = (c.author_kind, c.status, c.disposition, c.type, (sa.func.trim(c.reason) == "").label("unreasoned"))
    query = sa.select(*sort, sa.func.count().label("count")).where(c.enquiry_id == enquiry_id).group_by(*sort)
    return [msgspec.convert({**row._mapping, "unreasoned": bool(row.unreasoned)}, Group) for row in await connection.execute(query)]


async def bodies(connection: AsyncConnection, enquiry_id: UUID) -> list[str]:
    """The organisations and member bodies that commented, as they are written."""
    c = COMMENT.c
    query = sa.select(c.author).distinct().where(c.enquiry_id == enquiry_id, c.author_kind.in_(("organisation", "member_body")))
    return list((await connection.execute(query)).scalars())


async def repliers(connection: AsyncConnection, enquiry_id: UUID) -> list[str]:
    """Who sent a sheet, or said in one that they have no comments."""
    rows = await connection.execute(sa.select(SHEET.c.author, SHEET.c.silent).where(SHEET.c.enquiry_id == enquiry_id))
    return [name for author, silent in rows for name in (author, *(silent or ()))]


async def comment(connection: AsyncConnection, enquiry_id: UUID, id: UUID) -> Comment:
    row = (await connection.execute(sa.select(*OF_COMMENT).where(COMMENT.c.id == id, COMMENT.c.enquiry_id == enquiry_id))).first()
    if row is None:
        raise NotFound(say("找不到意见 {id}", id=id))
    return _build([row])[0]


async def sheets_of_file(connection: AsyncConnection, enquiry_id: UUID, sha256: str) -> list[UUID]:
    """The sheets that came as this very file."""
    return list(
        (await connection.execute(sa.select(SHEET.c.id).where(SHEET.c.enquiry_id == enquiry_id, SHEET.c.sha256 == sha256))).scalars()
    )


OF_THESE = sa.select(*OF_COMMENT).where(COMMENT.c.enquiry_id == sa.bindparam("enquiry"), among(COMMENT.c.id, "ids"))
INTO_THESE = sa.select(*OF_COMMENT).where(COMMENT.c.enquiry_id == sa.bindparam("enquiry"), among(COMMENT.c.merged_into, "ids"))


async def comments_of(connection: AsyncConnection, enquiry_id: UUID, ids: Iterable[UUID]) -> list[Comment]:
    """Those of some comments that are of this enquiry."""
    return _build(await connection.execute(OF_THESE, {"enquiry": enquiry_id, "ids": list(ids)}))


async def addressed(connection: AsyncConnection, enquiry_id: UUID) -> list[Comment]:
    """The comments whose authors left an address, by number."""
    query = sa.select(*OF_COMMENT).where(COMMENT.c.enquiry_id == enquiry_id, COMMENT.c.email.is_not(None)).order_by(COMMENT.c.number)
    return _build(await connection.execute(query))


async def has_addresses(connection: AsyncConnection, enquiry_id: UUID) -> bool:
    """Whether anybody left an address to be answered at."""
    query = sa.select(sa.exists().where(COMMENT.c.enquiry_id == enquiry_id, COMMENT.c.email.is_not(None)))
    return bool((await connection.execute(query)).scalar_one())


async def numbers(connection: AsyncConnection, enquiry_id: UUID, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The numbers of some comments of an enquiry."""
    return {each.id: each.number for each in await comments_of(connection, enquiry_id, ids)}


async def merged_into(connection: AsyncConnection, enquiry_id: UUID, ids: Iterable[UUID]) -> list[Comment]:
    """The comments that went into any of these."""
    return _build(await connection.execute(INTO_THESE, {"enquiry": enquiry_id, "ids": list(ids)}))


async def sheets(connection: AsyncConnection, enquiry_id: UUID) -> list[TakenSheet]:
    rows = await connection.execute(sa.select(*OF_SHEET).where(SHEET.c.enquiry_id == enquiry_id).order_by(SHEET.c.taken_on, SHEET.c.id))
    return [msgspec.convert(dict(row._mapping), TakenSheet) for row in rows]


ORGANISATION = table_of(OrganisationRow)
CALLED = sa.select(ORGANISATION.c.id, ORGANISATION.c.name_zh).where(ORGANISATION.c.active, among(ORGANISATION.c.name_zh, "names"))


async def organisations_called(connection: AsyncConnection, names: Iterable[str]) -> dict[str, UUID]:
    """The registered organisations among some names, by exactly that name."""
    rows = await connection.execute(CALLED, {"names": sorted(set(names))})
    return {row.name_zh: row.id for row in rows}


async def ask(connection: AsyncConnection, one: Import) -> None:
    """Put an import where its job and its page find it."""
    row = msgspec.to_builtins(one, builtin_types=(UUID,)) | {"asked_at": one.asked_at, "done_at": None, "results": None}
    row["files"] = msgspec.json.encode(one.files).decode()
    await connection.execute(sa.insert(IMPORT).values(**row))


async def imports(connection: AsyncConnection, enquiry_id: UUID) -> list[Import]:
    """The imports into an enquiry, the latest first."""
    rows = await connection.execute(sa.select(IMPORT).where(IMPORT.c.enquiry_id == enquiry_id).order_by(IMPORT.c.asked_at.desc()).limit(50))
    return [_import(row) for row in rows]


async def one_import(connection: AsyncConnection, id: UUID) -> Import:
    row = (await connection.execute(sa.select(IMPORT).where(IMPORT.c.id == id))).first()
    if row is None:
        raise no_import(id)
    return _import(row)


def no_import(id: UUID) -> NotFound:
    return NotFound(say("找不到这次导入 {id}", id=id))


def _import(row: Any) -> Import:
    held = dict(row._mapping)
    held["files"], held["results"] = msgspec.json.decode(held["files"]), msgspec.json.decode(held["results"] or "[]")
    return msgspec.convert(held, Import)


async def keep_results(connection: AsyncConnection, one: Import) -> None:
    values = {"state": one.state, "results": msgspec.json.encode(one.results).decode(), "done_at": one.done_at}
    await connection.execute(sa.update(IMPORT).where(IMPORT.c.id == one.id).values(**values))
