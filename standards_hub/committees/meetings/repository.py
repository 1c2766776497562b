"""Every query about meetings. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.meetings.models import AttendeeRow, DecisionRow, DutyRow, ItemRow, MeetingRow, TabledRow
from standards_hub.committees.meetings.values import Attendee, Decision, Duty, Item, Meeting, Tabled
from standards_hub.committees.models import PersonRow, SeatRow
from standards_hub.kernel import frequent
from standards_hub.kernel.access.actor import HUB, SYSTEM, Actor, permissions
from standards_hub.kernel.access.models import AccountRow
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say

MEETING, ITEM, TABLED, ATTENDEE, DECISION, DUTY, SEAT, PERSON, ACCOUNT = (
    table_of(model) for model in (MeetingRow, ItemRow, TabledRow, AttendeeRow, DecisionRow, DutyRow, SeatRow, PersonRow, AccountRow)
)
MOST = 500
DECIDED_ON = (
    sa.select(*(DECISION.c[name] for name in Decision.__struct_fields__))
    .where(DECISION.c.subject_kind == sa.bindparam("kind"), DECISION.c.subject_id == sa.bindparam("id"))
    .limit(MOST)
)

V = TypeVar("V", bound=Struct)


def _built(rows: Any, kind: type[V]) -> list[V]:
    return [msgspec.convert({name: row._mapping[name] for name in kind.__struct_fields__}, kind) for row in rows]


async def meeting(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Meeting:
    """One meeting; with `lock`, nobody else may change it until this transaction ends."""
    query = sa.select(MEETING).where(MEETING.c.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(say("找不到会议 {id}", id=id))
    return Meeting.built(row._mapping)


async def meetings(
    connection: AsyncConnection, *, actor: Actor = SYSTEM, committee_id: UUID | None = None, state: str | None = None, kind: str | None = None,
    text: str | None = None, after: UUID | None = None, limit: int = 50,
) -> list[Meeting]:  # fmt: skip
    """Meetings that the actor may see, the latest day first; `text` is a part of a title."""
    c, where = MEETING.c, _where(actor, committee_id, state, kind, text)
    if after is not None:
        last = await meeting(connection, after)
        where.append(sa.or_(c.starts_on < last.starts_on, sa.and_(c.starts_on == last.starts_on, c.id > last.id)))
    rows = await connection.execute(sa.select(MEETING).where(*where).order_by(c.starts_on.desc(), c.id).limit(limit))
    return [Meeting.built(row._mapping) for row in rows]


async def count(
    connection: AsyncConnection, *, actor: Actor = SYSTEM, committee_id: UUID | None = None, state: str | None = None,
    kind: str | None = None, text: str | None = None,
) -> int:  # fmt: skip
    query = sa.select(sa.func.count()).select_from(MEETING).where(*_where(actor, committee_id, state, kind, text))
    return int((await connection.execute(query)).scalar_one())


def _where(actor: Actor, committee_id: UUID | None, state: str | None, kind: str | None, text: str | None) -> list[Any]:
    c = MEETING.c
    where: list[Any] = [column == value for column, value in ((c.committee_id, committee_id), (c.state, state), (c.kind, kind)) if value]
    if text:
        where.append(c.title.icontains(text.strip(), autoescape=True))
    runs = {grant.body for grant in actor.grants if grant.role in permissions()["meeting.manage"].roles}
    if not actor.system and HUB not in runs:  # what was never called is for those who prepared it
        own = [UUID(id) for kind_, id in runs if kind_ == "committee"]
        where.append(sa.or_(c.called_on.is_not(None), c.committee_id.in_(own)))
    return where


async def items(connection: AsyncConnection, meeting_id: UUID) -> list[Item]:
    """The agenda in its order."""
    return _built(await connection.execute(sa.select(ITEM).where(ITEM.c.meeting_id == meeting_id).order_by(ITEM.c.place)), Item)


async def item(connection: AsyncConnection, meeting_id: UUID, id: UUID) -> Item:
    for one in await items(connection, meeting_id):
        if one.id == id:
            return one
    raise NotFound(say("议程中没有议题 {id}", id=id))


async def papers(connection: AsyncConnection, meeting_id: UUID) -> list[Tabled]:
    """The papers of a meeting in the order of its agenda."""
    query = (
        sa.select(TABLED)
        .join(ITEM, ITEM.c.id == TABLED.c.item_id)
        .where(TABLED.c.meeting_id == meeting_id)
        .order_by(ITEM.c.place, TABLED.c.added_on, TABLED.c.title, TABLED.c.id)
    )
    return _built(await connection.execute(query), Tabled)


async def paper(connection: AsyncConnection, meeting_id: UUID, id: UUID) -> Tabled:
    found = _built(await connection.execute(sa.select(TABLED).where(TABLED.c.id == id, TABLED.c.meeting_id == meeting_id)), Tabled)
    if not found:
        raise NotFound(say("会议没有材料 {id}", id=id))
    return found[0]


async def attendees(connection: AsyncConnection, meeting_id: UUID) -> list[Attendee]:
    query = sa.select(ATTENDEE).where(ATTENDEE.c.meeting_id == meeting_id)
    return _built(await connection.execute(query.order_by(ATTENDEE.c.name, ATTENDEE.c.id)), Attendee)


async def decisions(connection: AsyncConnection, meeting_id: UUID) -> list[Decision]:
    query = sa.select(DECISION).join(ITEM, ITEM.c.id == DECISION.c.item_id).where(DECISION.c.meeting_id == meeting_id)
    return _built(await connection.execute(query.order_by(ITEM.c.place, DECISION.c.decided_on, DECISION.c.id)), Decision)


async def decided_on(connection: AsyncConnection, kind: str, id: UUID) -> list[tuple[Decision, Meeting]]:
    """What meetings decided on a subject, each with its meeting, the latest last."""
    rows = await frequent.rows(connection, DECIDED_ON, {"kind": kind, "id": id})
    found = [msgspec.convert(dict(zip(Decision.__struct_fields__, row, strict=True)), Decision) for row in rows]
    held = {one.id: one for one in await by_ids(connection, {one.meeting_id for one in found})}
    return sorted(((one, held[one.meeting_id]) for one in found), key=lambda pair: (pair[0].decided_on, pair[1].starts_at, str(pair[0].id)))


async def by_ids(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Meeting]:
    wanted = list(ids)
    rows = await connection.execute(sa.select(MEETING).where(MEETING.c.id.in_(wanted))) if wanted else ()
    return [Meeting.built(row._mapping) for row in rows]


async def duties(
    connection: AsyncConnection, *, meeting_id: UUID | None = None, person_id: UUID | None = None, committee_id: UUID | None = None,
    waiting: bool = False,
) -> list[Duty]:  # fmt: skip
    """What was given to do, by due day; `waiting` leaves out what is done, and what no meeting has held yet."""
    query = sa.select(DUTY).join(MEETING, MEETING.c.id == DUTY.c.meeting_id)
    wanted = ((DUTY.c.meeting_id, meeting_id), (DUTY.c.person_id, person_id), (MEETING.c.committee_id, committee_id))
    query = query.where(*(column == value for column, value in wanted if value))
    if waiting:
        query = query.where(DUTY.c.done_on.is_(None))
    return _built(await connection.execute(query.order_by(DUTY.c.due_on, DUTY.c.id).limit(MOST)), Duty)


async def of_person(connection: AsyncConnection, person_id: UUID, since: date) -> list[Meeting]:
    """The meetings from a day on to which somebody is called by a seat that holds on their day, the next first."""
    m, s = MEETING.c, SEAT.c
    holds = sa.and_(s.since <= m.starts_on, sa.or_(s.until.is_(None), s.until >= m.starts_on))
    seated = sa.select(s.id).where(s.committee_id == m.committee_id, s.person_id == person_id, holds).exists()
    rows = await connection.execute(
        sa.select(MEETING)
        .where(seated, m.called_on.is_not(None), m.starts_on >= since)
        .order_by(m.starts_on, m.starts_at, m.id)
        .limit(MOST)
    )
    return [Meeting.built(row._mapping) for row in rows]


async def of_committees(connection: AsyncConnection, ids: Iterable[UUID], since: date) -> list[Meeting]:
    """The meetings of some committees from a day on, the next first."""
    m, wanted = MEETING.c, list(ids)
    query = sa.select(MEETING).where(m.committee_id.in_(wanted), m.called_on.is_not(None), m.starts_on >= since)
    rows = await connection.execute(query.order_by(m.starts_on, m.starts_at, m.id).limit(MOST)) if wanted else ()
    return [Meeting.built(row._mapping) for row in rows]


async def attendance_since(connection: AsyncConnection, committee_id: UUID, since: date) -> list[tuple[Meeting, list[Attendee]]]:
    """The meetings of a committee that took place from a day on, with those who have seats and whether they were there."""
    query = sa.select(MEETING).where(MEETING.c.committee_id == committee_id, MEETING.c.held_on.is_not(None), MEETING.c.starts_on >= since)
    held = [Meeting.built(row._mapping) for row in await connection.execute(query.limit(MOST))]
    rows = await connection.execute(
        sa.select(ATTENDEE).where(ATTENDEE.c.meeting_id.in_([one.id for one in held]), ATTENDEE.c.seat_id.is_not(None))
    )
    came: dict[UUID, list[Attendee]] = {}
    for row in rows.all():
        came.setdefault(row.meeting_id, []).extend(_built([row], Attendee))
    return [(one, came.get(one.id, [])) for one in held]


async def addresses(connection: AsyncConnection, people: Iterable[UUID]) -> dict[UUID, tuple[UUID | None, str | None]]:
    """How people can be reached: by an active account, else by the address in the register; who cannot is left out."""
    wanted = list(people)
    query = (
        sa.select(PERSON.c.id, PERSON.c.email, ACCOUNT.c.id.label("account"))
        .outerjoin(ACCOUNT, sa.and_(ACCOUNT.c.person_id == PERSON.c.id, ACCOUNT.c.active))
        .where(PERSON.c.id.in_(wanted))
    )
    rows = await connection.execute(query) if wanted else ()
    return {row.id: (row.account, row.email) for row in rows if row.account or row.email}
