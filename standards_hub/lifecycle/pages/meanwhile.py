"""What somebody else did to a standard while a form was being filled in."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.entries import Entry
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Standard
from standards_hub.lifecycle.wording import EVENT_NAMES, FACT_NAMES


class Since(Struct, frozen=True):
    """Something that happened meanwhile."""

    what: Message
    who: str
    when: datetime


async def since_version(work: Work, standard: Standard, version: str) -> list[Since]:
    """What happened to a standard since the version that a form was made from, in words."""
    entries = [e for e in await views.history(work, standard.id) if not version.isdecimal() or e.seq > int(version)]
    ids = {UUID(e.actor.removeprefix("account:")) for e in entries if e.actor.startswith("account:")}
    names = {f"account:{a.id}": a.name for a in await accounts.by_ids(work.connection, ids)}
    return [Since(_in_words(e, standard), names.get(e.actor, ""), e.recorded_at) for e in entries]


def _in_words(entry: Entry, standard: Standard) -> Message:
    event, payload = EVENT_NAMES[entry.type], entry.payload
    if entry.type == "moved":
        steps = {step.key: step.name for step in track_of(standard.track).steps}
        before, after = (steps.get(payload[name], payload[name]) for name in ("from_step", "to_step"))
        return say("{event}：{before} → {after}", event=event, before=before, after=after)
    if entry.type == "edited":
        return say("{event}：{facts}", event=event, facts=[FACT_NAMES[name] for name in payload["after"] if name in FACT_NAMES])
    if told := payload.get("number") or payload.get("title") or payload.get("reason"):
        return say("{event}：{facts}", event=event, facts=told)
    return say("{event}", event=event)
