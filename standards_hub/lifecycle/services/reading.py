"""What people read: one standard whole, its history, and any past day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel import audit
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository, surroundings
from standards_hub.lifecycle.entries import Entry, entries
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.services.moving import Way, ways
from standards_hub.lifecycle.surroundings import Surroundings, within
from standards_hub.lifecycle.values import (
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
    watchers: list[str]
    """Their labels in the log, to those who may read all of it."""


async def readable(work: Work, standard_id: UUID) -> Standard:
    """A standard that the actor may see; to others it does not exist."""
    standard = await repository.standard(work.connection, standard_id)
    _check_readable(work, standard)
    return standard


def _check_readable(work: Work, standard: Standard) -> None:
    if not repository.may_see(work.actor, standard):
        raise NotFound(say("找不到标准 {id}", id=standard.id))


async def whole(work: Work, standard_id: UUID) -> Whole:
    """Everything about a standard. The public sees its course and relations, not the dossier, nor who works on it."""
    standard, found = await surroundings.whole(work.connection, standard_id)
    _check_readable(work, standard)
    return _whole(work, standard, found)


async def whole_and_newest(work: Work, standard_id: UUID, last: int, kinds: Iterable[str]) -> tuple[Whole, list[Entry]]:
    """Everything about a standard, and of its history the newest events and those of some kinds; the public reads no history."""
    standard, found, newest = await surroundings.whole_and_newest(work.connection, standard_id, last, kinds)
    _check_readable(work, standard)
    return _whole(work, standard, found), newest if work.actor.may("standard.read", standard) else []


def _whole(work: Work, standard: Standard, found: Surroundings) -> Whole:
    inside = work.actor.may("standard.read", standard)
    return Whole(
        standard, found.visits, found.papers if inside else [], found.deadlines if inside else [], found.extensions if inside else [],
        found.relations, found.relations_to, found.waivers if inside else [], found.aliases, found.drafting_units,
        found.drafters if inside else [],
        any(watcher.account_id == work.actor.account for watcher in found.watchers),
        [f"account:{watcher.account_id}" for watcher in found.watchers] if inside else [],
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


async def history(work: Work, standard_id: UUID) -> list[Entry]:
    """Everything that happened to a standard, oldest first, from the log."""
    standard = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.read", standard)
    return await entries(work.connection, standard)


async def actor_names(work: Work, labels: Iterable[str]) -> dict[str, Message | str]:
    """What the actors of the log are called, by label; one query for all."""
    wanted = set(labels)
    ids = accounts_of(wanted).values()
    return actors(wanted, {account.id: account.name for account in await accounts.by_ids(work.connection, ids)} if ids else {})


def accounts_of(labels: Iterable[str]) -> dict[str, UUID]:
    """The accounts among the actors of the log, by label."""
    return {label: UUID(label.partition(":")[2]) for label in labels if label.startswith("account:")}


def actors(labels: set[str], names: Mapping[UUID, str]) -> dict[str, Message | str]:
    """What the actors of the log are called, by label, with the names of the accounts among them."""
    automatic: dict[str, Message | str] = {label: say("系统自动") for label in labels if label.partition(":")[0] == "system"}
    return automatic | {label: names[id] for label, id in accounts_of(labels).items() if id in names}


async def on_day(work: Work, day: date, ids: Iterable[UUID] | None = None, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """The standards as they were on a day, as rows of the table, from the log alone."""
    streams = None if ids is None else [f"{STREAM}:{id}" for id in ids]
    replica = await audit.as_of(work.connection, day, streams=streams, known_at=known_at)
    return list(replica.rows(StandardRow))
