"""Every query about organisations, people, committees and seats. Reads only; rows come back as values."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypeVar, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees import uscc
from standards_hub.committees.models import CommitteeRow, EmploymentRow, OrganisationRow, PersonRow, SeatRow
from standards_hub.committees.schemas import CommitteeBrief, Employment, PersonSeat
from standards_hub.committees.tree import LEADING, Held, family
from standards_hub.committees.values import VOTING, Committee, CommitteeLevel, Organisation, Person, Seat, SeatHolder, number_key
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Subject

ORGANISATION, PERSON, COMMITTEE, SEAT, EMPLOYMENT = (
    table_of(model) for model in (OrganisationRow, PersonRow, CommitteeRow, SeatRow, EmploymentRow)
)
PARENTS_LOCK = 0x5348_0010

S = TypeVar("S", bound=Subject)
NAMES = sa.union_all(
    *(
        sa.select(table.c.id, table.c[name], table.c.name_en).where(among(table.c.id, "ids"))
        for table, name in ((ORGANISATION, "name_zh"), (COMMITTEE, "name_zh"), (PERSON, "name"))
    )
)


async def _one(connection: AsyncConnection, table: sa.Table, id: UUID, kind: type[S], missing: Message, lock: bool) -> S:
    query = sa.select(table).where(table.c.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(missing)
    return msgspec.convert(dict(row._mapping), kind)


async def _all(connection: AsyncConnection, query: sa.Select[Any], kind: type[S]) -> list[S]:
    return [msgspec.convert(dict(row._mapping), kind) for row in await connection.execute(query)]


async def _page(
    connection: AsyncConnection, table: sa.Table, name: sa.Column[str], where: list[Any], kind: type[S], after: UUID | None, limit: int
) -> list[S]:
    """Rows by name after the row `after`, at most `limit`."""
    if after is not None:
        last = (await connection.execute(sa.select(name).where(table.c.id == after))).scalar()
        if last is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        where = [*where, sa.or_(name > last, sa.and_(name == last, table.c.id > after))]
    return await _all(connection, sa.select(table).where(*where).order_by(name, table.c.id).limit(limit), kind)


def _id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def _contains(text: str, *columns: Any) -> Any:
    return sa.or_(*(column.icontains(text.strip(), autoescape=True) for column in columns))


async def organisation(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Organisation:
    """One organisation; with `lock`, nobody else may change it until this transaction ends."""
    return await _one(connection, ORGANISATION, id, Organisation, say("找不到单位 {id}", id=id), lock)


async def current_organisation(connection: AsyncConnection, id: UUID) -> Organisation:
    """The organisation that carries this one on, itself if it was never merged."""
    found = await organisation(connection, id)
    while found.merged_into is not None:
        found = await organisation(connection, found.merged_into)
    return found


async def organisation_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await connection.execute(sa.select(ORGANISATION.c.id, ORGANISATION.c.name_zh).where(ORGANISATION.c.id.in_(set(ids))))
    return {row.id: row.name_zh for row in rows}


async def names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Name]:
    """What organisations, committees and people of some ids are called, asked for at once."""
    wanted = set(ids)
    rows = await connection.execute(NAMES, {"ids": wanted}) if wanted else ()
    return {id: Name(zh, en or zh) for id, zh, en in rows}


async def organisation_by_uscc(connection: AsyncConnection, uscc: str) -> Organisation | None:
    found = await _all(connection, sa.select(ORGANISATION).where(ORGANISATION.c.uscc == uscc), Organisation)
    return found[0] if found else None


async def organisation_by_name(connection: AsyncConnection, name: str) -> Organisation | None:
    """The active organisation of exactly this Chinese name."""
    where = (ORGANISATION.c.name_zh == name.strip(), ORGANISATION.c.active)
    found = await _all(connection, sa.select(ORGANISATION).where(*where).order_by(ORGANISATION.c.id), Organisation)
    return found[0] if found else None


async def find_organisation(connection: AsyncConnection, reference: str) -> Organisation:
    """An organisation by its id, its 统一社会信用代码 or its exact Chinese name. Raises `NotFound`."""
    if id := _id(reference):
        return await organisation(connection, id)
    found = await organisation_by_uscc(connection, uscc.normalise(reference)) or await organisation_by_name(connection, reference)
    if found is None:
        raise NotFound(say("找不到单位 {id}", id=reference))
    return found


async def _count(connection: AsyncConnection, table: sa.Table, where: list[Any]) -> int:
    return (await connection.execute(sa.select(sa.func.count()).select_from(table).where(*where))).scalar_one()


async def organisations(
    connection: AsyncConnection, *, text: str | None = None, kind: str | None = None, region: str | None = None, active: bool | None = None,
    after: UUID | None = None, limit: int = 50,
) -> list[Organisation]:  # fmt: skip
    """Organisations by name; `region` takes the first digits of a code, `text` a part of a name, former name or code."""
    where = _organisations(text, kind, region, active)
    return await _page(connection, ORGANISATION, ORGANISATION.c.name_zh, where, Organisation, after, limit)


async def count_organisations(
    connection: AsyncConnection, *, text: str | None = None, kind: str | None = None, region: str | None = None, active: bool | None = None
) -> int:
    return await _count(connection, ORGANISATION, _organisations(text, kind, region, active))


def _organisations(text: str | None, kind: str | None, region: str | None, active: bool | None) -> list[Any]:
    c = ORGANISATION.c
    where: list[Any] = []
    if text:
        escaped = json.dumps(text.strip())[1:-1]  # as JSON columns hold it
        named = _contains(text, c.name_zh, c.name_en, c.short_name, c.uscc)
        where.append(sa.or_(named, sa.cast(c.aliases, sa.Text).icontains(escaped, autoescape=True)))
    if kind:
        where.append(c.kind == kind)
    if region:
        where.append(c.region.startswith(region, autoescape=True))
    if active is not None:
        where.append(c.active == active)
    return where


async def regions(connection: AsyncConnection) -> list[str]:
    """The division codes that organisations carry."""
    c = ORGANISATION.c
    return [row[0] for row in await connection.execute(sa.select(c.region).where(c.region.is_not(None)).distinct().order_by(c.region))]


async def people_of(connection: AsyncConnection, organisation_id: UUID) -> list[Person]:
    return await _all(connection, sa.select(PERSON).where(PERSON.c.organisation_id == organisation_id).order_by(PERSON.c.id), Person)


async def committees_of_organisation(connection: AsyncConnection, organisation_id: UUID) -> list[Committee]:
    """Committees whose secretariat or competent department it is."""
    where = sa.or_(COMMITTEE.c.secretariat_id == organisation_id, COMMITTEE.c.department_id == organisation_id)
    return await _all(connection, sa.select(COMMITTEE).where(where).order_by(COMMITTEE.c.name_zh, COMMITTEE.c.id), Committee)


async def secretariats(connection: AsyncConnection, organisation_id: UUID) -> list[CommitteeBrief]:
    """Committees, not dissolved, whose secretariat an organisation hosts."""
    return await _briefs(connection, COMMITTEE.c.secretariat_id == organisation_id, COMMITTEE.c.state != "dissolved")


async def briefs(connection: AsyncConnection, ids: Iterable[UUID]) -> list[CommitteeBrief]:
    """Some committees in short, by name."""
    return await _briefs(connection, COMMITTEE.c.id.in_(set(ids)))


async def children(connection: AsyncConnection, committee_id: UUID) -> list[CommitteeBrief]:
    return await _briefs(connection, COMMITTEE.c.parent_id == committee_id)


async def _briefs(connection: AsyncConnection, *where: Any) -> list[CommitteeBrief]:
    c = COMMITTEE.c
    rows = await connection.execute(sa.select(c.id, c.number, c.name_zh, c.state).where(*where).order_by(c.name_zh, c.id))
    return [CommitteeBrief(**row._mapping) for row in rows]


async def person(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Person:
    """One person; with `lock`, nobody else may change it until this transaction ends."""
    return await _one(connection, PERSON, id, Person, say("找不到人员 {id}", id=id), lock)


async def people(
    connection: AsyncConnection, *, text: str | None = None, organisation_id: UUID | None = None, active: bool | None = None,
    after: UUID | None = None, limit: int = 50,
) -> list[Person]:  # fmt: skip
    """People by name; `text` is a part of a name."""
    return await _page(connection, PERSON, PERSON.c.name, _people(text, organisation_id, active), Person, after, limit)


async def count_people(
    connection: AsyncConnection, *, text: str | None = None, organisation_id: UUID | None = None, active: bool | None = None
) -> int:
    return await _count(connection, PERSON, _people(text, organisation_id, active))


async def person_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await connection.execute(sa.select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def find_person(connection: AsyncConnection, reference: str) -> Person:
    """A person by id, by the exact name, or by name and organisation with a comma between. Raises `NotFound`, `BadInput` for several."""
    if id := _id(reference):
        return await person(connection, id)
    name, _, employer = reference.replace(",", "，").partition("，")
    query = sa.select(PERSON).outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id).where(PERSON.c.name == name.strip())
    if employer.strip():
        query = query.where(ORGANISATION.c.name_zh == employer.strip())
    found = await _all(connection, query.order_by(PERSON.c.active.desc(), PERSON.c.id).limit(10), Person)
    if not found:
        raise NotFound(say("找不到人员 {id}", id=reference))
    if len(found) > 1:
        raise BadInput(say("“{reference}”不止一个，请用 id：{ids}", reference=reference, ids=[str(one.id) for one in found]))
    return found[0]


def _people(text: str | None, organisation_id: UUID | None, active: bool | None) -> list[Any]:
    where: list[Any] = []
    if text:
        where.append(_contains(text, PERSON.c.name, PERSON.c.name_en))
    if organisation_id:
        where.append(PERSON.c.organisation_id == organisation_id)
    if active is not None:
        where.append(PERSON.c.active == active)
    return where


async def committee(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Committee:
    """One committee; with `lock`, nobody else may change it until this transaction ends."""
    return await _one(connection, COMMITTEE, id, Committee, say("找不到委员会 {id}", id=id), lock)


async def committee_by_number(connection: AsyncConnection, number: str, level: str = "national") -> Committee | None:
    """The committee of a number as written; `TC 28` is read at the level given."""
    found = await _all(connection, sa.select(COMMITTEE).where(COMMITTEE.c.number_key == number_key(number, level)), Committee)
    return found[0] if found else None


async def find_committee(connection: AsyncConnection, reference: str) -> Committee:
    """A committee by its id, its number or its exact Chinese name. Raises `NotFound`."""
    if id := _id(reference):
        return await committee(connection, id)
    numbers = {number_key(reference, level) for level in get_args(CommitteeLevel)}
    where = sa.or_(COMMITTEE.c.number_key.in_(numbers), COMMITTEE.c.name_zh == reference.strip())
    found = await _all(connection, sa.select(COMMITTEE).where(where).order_by(COMMITTEE.c.number_key, COMMITTEE.c.id), Committee)
    if not found:
        raise NotFound(say("找不到委员会 {id}", id=reference))
    if len(found) > 1:
        raise BadInput(say("“{reference}”不止一个，请用 id：{ids}", reference=reference, ids=[str(one.id) for one in found]))
    return found[0]


async def committees(
    connection: AsyncConnection, *, text: str | None = None, level: str | None = None, state: str | None = None,
    parent_id: UUID | None = None, after: UUID | None = None, limit: int = 50,
) -> list[Committee]:  # fmt: skip
    """Committees by name; `text` is a part of a number or name."""
    return await _page(connection, COMMITTEE, COMMITTEE.c.name_zh, _committees(text, level, state, parent_id), Committee, after, limit)


async def count_committees(
    connection: AsyncConnection,
    *,
    text: str | None = None,
    level: str | None = None,
    state: str | None = None,
    parent_id: UUID | None = None,
) -> int:
    return await _count(connection, COMMITTEE, _committees(text, level, state, parent_id))


async def committee_labels(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """How some committees are called: number and name."""
    c = COMMITTEE.c
    rows = await connection.execute(sa.select(c.id, c.number, c.name_zh).where(c.id.in_(set(ids))))
    return {row.id: f"{row.number} {row.name_zh}" if row.number else row.name_zh for row in rows}


async def seat_counts(connection: AsyncConnection, ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """How many members each committee has on a day."""
    query = sa.select(SEAT.c.committee_id, sa.func.count()).where(SEAT.c.committee_id.in_(set(ids)), SEAT.c.position.in_(VOTING))
    rows = await connection.execute(query.where(_holds(SEAT, day)).group_by(SEAT.c.committee_id))
    return {row[0]: row[1] for row in rows}


def _committees(text: str | None, level: str | None, state: str | None, parent_id: UUID | None) -> list[Any]:
    c = COMMITTEE.c
    where: list[Any] = []
    if text:
        where.append(_contains(text, c.name_zh, c.name_en, c.number, c.catalogue_ref))
    if level:
        where.append(c.level == level)
    if state:
        where.append(c.state == state)
    if parent_id:
        where.append(c.parent_id == parent_id)
    return where


async def parents(connection: AsyncConnection, id: UUID) -> dict[UUID, UUID | None]:
    """The chain upwards from a committee: {committee: its parent}."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time; here two could close a circle between them
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": PARENTS_LOCK})
    chain: dict[UUID, UUID | None] = {}
    above: UUID | None = id
    while above is not None and above not in chain:
        parent = (await connection.execute(sa.select(COMMITTEE.c.parent_id).where(COMMITTEE.c.id == above))).scalar()
        chain[above] = parent
        above = parent
    return chain


def _holds(seat: Any, day: date) -> Any:
    return sa.and_(seat.c.since <= day, sa.or_(seat.c.until.is_(None), seat.c.until >= day))


async def seats(connection: AsyncConnection, committee_id: UUID, *, on: date | None = None) -> list[SeatHolder]:
    """The seats of a committee with names, all of them or those that hold on a day; running and recent ones first."""
    query = (
        sa.select(
            SEAT,
            PERSON.c.name.label("person_name"),
            PERSON.c.title,
            PERSON.c.organisation_id,
            ORGANISATION.c.name_zh.label("organisation_name"),
        )
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .where(SEAT.c.committee_id == committee_id)
        .order_by(SEAT.c.until.is_not(None), SEAT.c.since.desc(), PERSON.c.name, SEAT.c.id)
    )
    if on is not None:
        query = query.where(_holds(SEAT, on))
    return [SeatHolder(**row._mapping) for row in await connection.execute(query)]


async def committees_by_ids(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Committee]:
    return await _all(connection, sa.select(COMMITTEE).where(COMMITTEE.c.id.in_(list(ids))), Committee)


async def whole_tree(connection: AsyncConnection) -> list[Committee]:
    """Every committee, in no order."""
    return await _all(connection, sa.select(COMMITTEE), Committee)


async def international_seats(connection: AsyncConnection, day: date | None) -> list[Held]:
    """Positions in international committees held by people whose employer is in the province, on a day or ever."""
    query = (
        sa.select(
            SEAT.c.id.label("seat_id"), SEAT.c.person_id, PERSON.c.name.label("person_name"), PERSON.c.organisation_id,
            ORGANISATION.c.name_zh.label("organisation_name"), SEAT.c.committee_id, COMMITTEE.c.number, COMMITTEE.c.name_zh,
            SEAT.c.position, SEAT.c.since, SEAT.c.until,
        )
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .join(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .join(COMMITTEE, COMMITTEE.c.id == SEAT.c.committee_id)
        .where(COMMITTEE.c.level == "international", ORGANISATION.c.in_province)
        .order_by(SEAT.c.until.is_(None), SEAT.c.until, PERSON.c.name, SEAT.c.id)
    )  # fmt: skip
    rows = await connection.execute(query if day is None else query.where(_holds(SEAT, day)))
    return [
        Held(
            row.seat_id, row.person_id, row.person_name, row.organisation_id, row.organisation_name, row.committee_id,
            f"{row.number} {row.name_zh}" if row.number else row.name_zh, family("international", row.number), row.position,
            row.position in LEADING, row.since, row.until,
        )
        for row in rows
    ]  # fmt: skip


async def seat(connection: AsyncConnection, committee_id: UUID, seat_id: UUID) -> Seat:
    row = (await connection.execute(sa.select(SEAT).where(SEAT.c.id == seat_id, SEAT.c.committee_id == committee_id))).first()
    if row is None:
        raise NotFound(say("该委员会没有席位 {id}", id=seat_id))
    return Seat(**row._mapping)


async def seats_of_person(connection: AsyncConnection, person_id: UUID) -> list[PersonSeat]:
    query = (
        sa.select(
            SEAT.c.id,
            SEAT.c.committee_id,
            COMMITTEE.c.name_zh.label("committee_name"),
            SEAT.c.position,
            SEAT.c.since,
            SEAT.c.until,
            SEAT.c.side,
        )
        .join(COMMITTEE, COMMITTEE.c.id == SEAT.c.committee_id)
        .where(SEAT.c.person_id == person_id)
        .order_by(SEAT.c.since.desc(), SEAT.c.id)
    )
    return [PersonSeat(**row._mapping) for row in await connection.execute(query)]


async def employers(connection: AsyncConnection, person_id: UUID) -> list[Employment]:
    """Where a person worked, the present employer first."""
    query = (
        sa.select(EMPLOYMENT.c.organisation_id, ORGANISATION.c.name_zh.label("organisation_name"), EMPLOYMENT.c.since)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == EMPLOYMENT.c.organisation_id)
        .where(EMPLOYMENT.c.person_id == person_id)
        .order_by(EMPLOYMENT.c.since.desc(), EMPLOYMENT.c.seq.desc())
    )
    found, until = list[Employment](), None
    for row in await connection.execute(query):
        if until is None or row.since <= until:
            found.append(Employment(row.organisation_id, row.organisation_name, row.since, until))
        until = row.since - timedelta(days=1)
    return found


async def committees_of_people(connection: AsyncConnection, people: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    """The committees in which each of some people sits on a day."""
    query = sa.select(SEAT.c.person_id, SEAT.c.committee_id).where(SEAT.c.person_id.in_(list(people)), _holds(SEAT, day))
    found: dict[UUID, set[UUID]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.person_id, set()).add(row.committee_id)
    return found


async def seats_elsewhere(connection: AsyncConnection, committee_id: UUID, day: date) -> dict[UUID, int]:
    """For each member on a day, how many other committees seat the person with a vote; international ones are not counted."""
    mine = SEAT.alias()
    sitting = sa.select(mine.c.person_id).where(mine.c.committee_id == committee_id, _holds(mine, day))
    return await seats_elsewhere_of(connection, sitting, committee_id, day)


async def seats_elsewhere_of(
    connection: AsyncConnection, people: Iterable[UUID] | sa.Select[Any], committee_id: UUID, day: date
) -> dict[UUID, int]:
    """For each of some people, how many committees but this one seat them with a vote."""
    other = SEAT.alias()
    among = people if isinstance(people, sa.Select) else list(people)
    query = (
        sa.select(other.c.person_id, sa.func.count(sa.distinct(other.c.committee_id)))
        .join(COMMITTEE, COMMITTEE.c.id == other.c.committee_id)
        .where(
            other.c.person_id.in_(among), other.c.committee_id != committee_id, other.c.position.in_(VOTING), _holds(other, day),
            COMMITTEE.c.level != "international", COMMITTEE.c.state != "dissolved",
        )
        .group_by(other.c.person_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in await connection.execute(query)}


COMMITTEE_NAMES = sa.select(*(COMMITTEE.c[name] for name in ("id", "number", "name_zh", "name_en"))).where(among(COMMITTEE.c.id, "ids"))


async def committee_names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, tuple[Name, Name]]:
    """The numbers of some committees, their names where they have none, and their whole names."""
    wanted = list(set(ids))
    rows = await connection.execute(COMMITTEE_NAMES, {"ids": wanted}) if wanted else ()
    names = {row.id: (row.number, Name(row.name_zh, row.name_en or row.name_zh)) for row in rows}
    return {id: (Name(number, number) if number else name, name) for id, (number, name) in names.items()}
