"""Taking a whole import back, while nothing was built on it."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from standards_hub.kernel import search
from standards_hub.kernel.errors import Conflict, Refused, Unmet
from standards_hub.kernel.events import EVENT_NAMES
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work, history
from standards_hub.lifecycle.catalogue.events import Import
from standards_hub.lifecycle.events import Erased
from standards_hub.lifecycle.intake import lookups, store
from standards_hub.lifecycle.intake.events import PortfolioUndone
from standards_hub.lifecycle.intake.ports import linkage
from standards_hub.lifecycle.intake.schemas import IntakeOut
from standards_hub.lifecycle.intake.store import Intake
from standards_hub.lifecycle.values import Standard

BY_ITSELF = ("deadline-expired",)
"""What the import brought about without anybody: the consequence of a limit that was overrun already."""
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOST_NAMED = 50
MOST_CALLED = 500
"""Things that mention a standard and are called by name; a refusal names fewer."""
WHY_NOT = {
    "planned": say("这次导入没有写入数据，无需撤销"),
    "accepting": say("正在导入，请等它完成"),
    "undoing": say("正在撤销，请等它完成"),
    "undone": say("这次导入已经撤销"),
}


async def undo(work: Work, intake_id: UUID, reason: str) -> IntakeOut:
    """Erase every standard of an import; the log keeps what they were. Organisations that came with it stay.

    Raises `Refused` naming what was built on it since: acts, claims, relations, comments, watchers.
    """
    intake = await store.load(work, intake_id, lock=True)
    check_state(intake)
    return await take_back(work, intake, await standing(work, intake), reason)


def check_state(intake: Intake) -> None:
    """Raise `Conflict` unless its standards are there and nobody is at work on it."""
    if intake.state in WHY_NOT:
        raise Conflict(WHY_NOT[intake.state])


async def standing(work: Work, intake: Intake) -> list[sa.Row[Any]]:
    """The standards that an import took in. Raises `Refused` naming what was built on them since."""
    rows = list(await lookups.imported(work.connection, intake.id))
    labels = {row.id: f"{row.number or row.plan_number or ''} {row.title_zh}".strip() for row in rows}
    unmet = await _built(work, intake.id, labels)
    if unmet:
        raise Refused(say("导入之后已有后续办理，不能撤销；请逐项处理"), unmet=unmet[:MOST_NAMED])
    return rows


async def take_back(work: Work, intake: Intake, rows: list[sa.Row[Any]], reason: str) -> IntakeOut:
    """Erase the standards, and tell how many are erased as it goes."""
    labels = {row.id: row.title_zh for row in rows}
    await linkage().withdraw_claims(work, labels, reason)
    children = await lookups.children(work.connection, labels)
    with store.counting(intake.id, len(rows)) as count:
        for row in rows:
            event = Erased(reason=reason, **{what: found.get(row.id, []) for what, found in children.items()})
            await work.append(_Erasable(id=row.id, version=row.version), event)
            await search.remove(work.connection, "standard", str(row.id))
            count()
    events = await history(work.connection, f"import:{intake.id}")
    await work.append(Import(id=intake.id, version=len(events)), PortfolioUndone(reason=reason, erased=len(rows)))
    intake.state, intake.undone_at, intake.undone_by, intake.failure = "undone", work.clock.now(), work.actor.label, None
    await store.keep(work, intake)
    return intake.out()


class _Erasable(Import, kw_only=True):
    """A standard of which no more is needed than its stream."""

    stream_kind = Standard.stream_kind


async def _built(work: Work, import_id: UUID, labels: dict[UUID, str]) -> list[Unmet]:
    """What was built on the standards of an import since, from the log: it mentions everything that refers to them."""
    found: dict[UUID, list[Message]] = {}
    mentions: list[tuple[UUID, tuple[str, str], str]] = []
    for event in await lookups.events_since(work.connection, import_id):
        kind, _, subject = event.stream.partition(":")
        if kind == Standard.stream_kind and UUID(subject) in labels:
            if event.type not in BY_ITSELF:
                found.setdefault(UUID(subject), []).append(say("办理记录 {type}", type=EVENT_NAMES.get(event.type, event.type)))
            continue
        mentions += [(id, (kind, subject), event.type) for id in _mentioned(event.payload, labels)]
    titles = await search.titles(work.connection, {thing for _, thing, _ in mentions[:MOST_CALLED]})
    for id, thing, type in mentions:
        name = titles.get(thing, ":".join(thing))
        found.setdefault(id, []).append(say("被 {stream} 引用（{type}）", stream=name, type=EVENT_NAMES.get(type, type)))
    for id in await lookups.followers(work.connection, labels):
        found.setdefault(id, []).append(say("有人关注或申请延期"))
    return [Unmet("import.built", say("{label}：{what}", label=labels[id], what=what[:5]), str(id)) for id, what in found.items()]


def _mentioned(payload: str, ids: Iterable[UUID]) -> set[UUID]:
    return {UUID(text) for text in ID.findall(payload)} & set(ids)
