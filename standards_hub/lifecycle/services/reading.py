"""What people read: one standard whole, its history, what is theirs to do, and any past day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from standards_hub.kernel import audit
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.jobs import ROLES_OF_HOLDER
from standards_hub.lifecycle.models import ExtensionRow, PaperRow, StandardRow
from standards_hub.lifecycle.services.moving import Way, ways
from standards_hub.lifecycle.surroundings import Surroundings, around, within
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import HOLDERS
from standards_hub.lifecycle.values import (
    UNDER_WAY,
    Alias,
    Deadline,
    Drafter,
    DraftingUnit,
    Extension,
    Paper,
    Relation,
    Standard,
    Visit,
    Waiver,
)

STREAM = Standard.stream_kind


class Whole(Struct, frozen=True):
    """One standard with everything around it."""

    standard: Standard
    visits: list[Visit]
    papers: list[Paper]
    deadlines: list[Deadline]
    extensions: list[Extension]
    relations: list[Relation]
    relations_to: list[Relation]
    waivers: list[Waiver]
    aliases: list[Alias]
    drafting_units: list[DraftingUnit]
    drafters: list[Drafter]
    watched: bool


async def readable(work: Work, standard_id: UUID) -> Standard:
    """A standard that the actor may see; to others it does not exist."""
    standard = await repository.standard(work.connection, standard_id)
    if not repository.may_see(work.actor, standard):
        raise NotFound(say("找不到标准 {id}", id=standard_id))
    return standard


async def whole(work: Work, standard_id: UUID) -> Whole:
    """Everything about a standard. The public sees its course and relations, not the dossier."""
    standard = await readable(work, standard_id)
    return _whole(work, standard, await around(work.connection, standard_id))


def _whole(work: Work, standard: Standard, found: Surroundings) -> Whole:
    inside = work.actor.may("standard.read", standard)
    return Whole(
        standard, found.visits, found.papers if inside else [], found.deadlines if inside else [], found.extensions if inside else [],
        found.relations, found.relations_to, found.waivers if inside else [], found.aliases, found.drafting_units, found.drafters,
        any(watcher.account_id == work.actor.account for watcher in found.watchers),
    )  # fmt: skip


async def whole_on(work: Work, standard_id: UUID, day: date) -> Whole:
    """Everything about a standard as it was on a day, from the log alone; the relations of others to it are those of their own logs.

    Whoever may not see it today, or might not have then, finds nothing.
    """
    await readable(work, standard_id)
    others = {relation.standard_id for relation in await repository.relations_to(work.connection, standard_id)}
    streams = [f"{STREAM}:{id}" for id in (standard_id, *others)]
    replica = await audit.as_of(work.connection, day, streams=streams)
    rows = [row for row in replica.rows(StandardRow) if row["id"] == standard_id]
    if not rows or not repository.may_see(work.actor, standard := Standard(**rows[0])):
        raise NotFound(say("{day} 尚无这项标准的记录", day=day))
    return _whole(work, standard, within(replica, standard_id))


async def readiness(work: Work, standard_id: UUID, on: date | None = None) -> list[Way]:
    """Where the standard may go from here, and what is missing for each way."""
    standard = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.read", standard)
    return await ways(work, standard, on=on)


class Entry(Struct, frozen=True):
    """One event of the history: what happened, when, through whom, with before and after where facts changed."""

    seq: int
    event: int
    type: str
    effective_on: date
    recorded_at: datetime
    actor: str
    payload: dict[str, Any]
    hash: str


async def history(work: Work, standard_id: UUID) -> list[Entry]:
    """Everything that happened to a standard, oldest first, from the log."""
    standard = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.read", standard)
    table = table_of(EventRow)
    rows = await work.connection.execute(sa.select(table).where(table.c.stream == standard.stream).order_by(table.c.seq))
    return [
        Entry(r.seq, r.id, r.type, r.effective_on, r.recorded_at, r.actor, msgspec.json.decode(r.payload), r.hash) for r in rows
    ]  # fmt: skip


async def actor_names(work: Work, labels: Iterable[str]) -> dict[str, Message | str]:
    """What the actors of the log are called, by label; one query for all."""
    wanted = set(labels)
    ids = {label: UUID(label.partition(":")[2]) for label in wanted if label.startswith("account:")}
    names = {account.id: account.name for account in await accounts.by_ids(work.connection, ids.values())} if ids else {}
    automatic: dict[str, Message | str] = {label: say("系统自动") for label in wanted if label.partition(":")[0] == "system"}
    return automatic | {label: names[id] for label, id in ids.items() if id in names}


async def on_day(work: Work, day: date, ids: Iterable[UUID] | None = None, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """The standards as they were on a day, as rows of the table, from the log alone."""
    streams = None if ids is None else [f"{STREAM}:{id}" for id in ids]
    replica = await audit.as_of(work.connection, day, streams=streams, known_at=known_at)
    return list(replica.rows(StandardRow))


class Todo(Struct, frozen=True):
    """One thing that waits for the actor: what, for which standard, until when, and the act that settles it."""

    kind: str
    """deadline, extension, paper or frozen"""
    standard_id: UUID
    label: str
    title: str
    due_on: date | None
    what: Message
    holder: Name | None
    act: str


async def mine_to_do(work: Work) -> list[Todo]:
    """What waits for the actor across all roles: limits held, extensions to decide, papers to accept. By due day."""
    work.actor.require("todo.read")
    found: list[Todo] = []
    under_way = await _mine(work)
    for deadline, standard in await _held(work, under_way):
        what = say("{limit}，{due} 届满", limit=Name(deadline.name_zh, deadline.name_en), due=deadline.due_on)
        holder = HOLDERS[deadline.holder]
        found.append(Todo("deadline", standard.id, standard.label, standard.title_zh, deadline.due_on, what, holder, "advance"))
    found += await _to_decide(work, under_way)
    found += await _to_accept(work, under_way)
    found += [
        Todo("step", s.id, s.label, s.title_zh, None, say("现处“{step}”", step=track_of(s.track).step(s.step).name), None, "advance")
        for s in under_way.values()
        if s.status == "active" and set(ROLES_OF_HOLDER[track_of(s.track).step(s.step).holder]) & work.actor.roles_in(s.bodies())
        and not any(t.standard_id == s.id for t in found)
    ]  # fmt: skip
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.label, todo.kind))


async def held_limits(work: Work) -> list[tuple[Deadline, Standard]]:
    """The limits that run and that the actor holds by a role, each with its standard, by due day."""
    return await _held(work, await _mine(work))


async def _held(work: Work, standards: dict[UUID, Standard]) -> list[tuple[Deadline, Standard]]:
    return [
        (deadline, standard)
        for deadline in await repository.running(work.connection, ids=standards)
        if set(ROLES_OF_HOLDER[deadline.holder]) & work.actor.roles_in((standard := standards[deadline.standard_id]).bodies())
    ]


async def _mine(work: Work) -> dict[UUID, Standard]:
    """The standards under way that any of the actor's bodies concerns; a role in the hub or a plan does not make all of them one's own."""
    c, bodies = repository.STANDARD.c, {grant.body for grant in work.actor.grants}
    wanted = {kind: [UUID(id) for k, id in bodies if k == kind] for kind in ("standard", "committee", "organisation")}
    query = sa.select(repository.STANDARD).where(
        c.status.in_(UNDER_WAY),
        sa.or_(c.id.in_(wanted["standard"]), c.committee_id.in_(wanted["committee"]), c.department_id.in_(wanted["organisation"]),
               c.lead_drafter_id.in_(wanted["organisation"])),
    )  # fmt: skip
    return {row.id: Standard(**row._mapping) for row in await work.connection.execute(query.limit(2000))}


async def _to_decide(work: Work, standards: dict[UUID, Standard]) -> list[Todo]:
    table, department = table_of(ExtensionRow), HOLDERS["department"]
    rows = await work.connection.execute(sa.select(table).where(table.c.state == "asked", table.c.standard_id.in_(list(standards))))
    return [
        Todo("extension", s.id, s.label, s.title_zh, None, say("延期 {months} 个月的申请待决定", months=row.months), department, "extension")
        for row in rows
        if work.actor.may("standard.extension_decide", s := standards[row.standard_id])
    ]  # fmt: skip


async def _to_accept(work: Work, standards: dict[UUID, Standard]) -> list[Todo]:
    table = table_of(PaperRow)
    waiting = (table.c.accepted_on.is_(None), table.c.withdrawn_on.is_(None), table.c.standard_id.in_(list(standards)))
    rows = await work.connection.execute(sa.select(table).where(*waiting))
    return [
        Todo("paper", s.id, s.label, s.title_zh, None, say("材料《{title}》待确认", title=row.title), HOLDERS["secretariat"], "accept")
        for row in rows
        if work.actor.may("standard.dossier_accept", s := standards[row.standard_id])
    ]  # fmt: skip
