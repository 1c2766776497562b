"""What somebody else did to a standard while a form was being filled in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, convert, structs

from standards_hub.committees import repository as committees
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.forms import Differing
from standards_hub.kernel.http import number_in
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.entries import Entry
from standards_hub.lifecycle.schemas import Team
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.services.foreseeing import value_said
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch, Standard
from standards_hub.lifecycle.wording import EVENT_NAMES, FACT_NAMES


class Since(Struct, frozen=True):
    """Something that happened meanwhile."""

    what: Message
    who: str
    when: datetime


async def since_version(work: Work, standard: Standard, version: str) -> list[Since]:
    """What happened to a standard since the version that a form was made from, in words."""
    then = number_in(version)
    entries = [e for e in await views.history(work, standard.id) if then is None or e.seq > then]
    ids = {UUID(e.actor.removeprefix("account:")) for e in entries if e.actor.startswith("account:")}
    names = {f"account:{a.id}": a.name for a in await accounts.by_ids(work.connection, ids)}
    return [Since(_in_words(e, standard), names.get(e.actor, ""), e.recorded_at) for e in entries]


async def differing(work: Work, standard: Standard, version: str, given: Patch | Team | None) -> list[Differing]:
    """The facts that others changed since the version that a form was made from, beside what was typed."""
    before = await _since(work, standard, version)
    now: dict[str, Any] = {name: getattr(standard, name, None) for name in before}
    if "drafting_units" in before:
        now["drafting_units"] = await repository.drafting_units(work.connection, standard.id)
    if "drafters" in before:
        now["drafters"] = await repository.drafters(work.connection, standard.id)
    typed = {} if given is None else given.said() if isinstance(given, Patch) else structs.asdict(given)
    found = []
    for name, was in before.items():
        left = name not in typed or _plain(typed[name]) == _plain(was)
        mine = None if left else await _read(work, name, typed[name])
        found.append(Differing(FACT_NAMES[name], await _read(work, name, was), await _read(work, name, now[name]), mine))
    return found


async def _read(work: Work, name: str, value: Any) -> list[Any]:
    """A fact as it is read, a list by its members."""
    if isinstance(value, list) and value and isinstance(value[0], DraftingUnit):
        names = await committees.organisation_names(work.connection, [unit.organisation_id for unit in value])
        return [names[unit.organisation_id] for unit in value]
    if isinstance(value, list) and value and isinstance(value[0], Drafter):
        return [(await committees.person(work.connection, drafter.person_id)).name for drafter in value]
    return value if isinstance(value, list) and value else [await value_said(work, name, value)]


def _plain(value: Any) -> Any:
    return _ranked(value) if isinstance(value, list) and value and isinstance(value[0], DraftingUnit | Drafter) else value


async def _since(work: Work, standard: Standard, version: str) -> dict[str, Any]:
    """The facts that were changed since a version, as they were then."""
    before: dict[str, Any] = {}
    then = number_in(version)
    for entry in await views.history(work, standard.id):
        if then is not None and entry.seq > then:
            before = _before(entry) | before
    return before


async def theirs(work: Work, standard: Standard, version: str, given: Patch | Team) -> dict[str, Any]:
    """What others changed since a version and who typed `given` left as it was then: each by name, as it is now.

    A form of facts holds all of them; sent again as it stands it would put back what others changed.
    """
    before = await _since(work, standard, version)
    if isinstance(given, Patch):
        said = given.said()
        return {name: getattr(standard, name) for name, value in before.items() if name in said and said[name] == value}
    found: dict[str, Any] = {}
    if _ranked(given.drafting_units) == _ranked(before.get("drafting_units")):
        found["drafting_units"] = await repository.drafting_units(work.connection, standard.id)
    if _ranked(given.drafters) == _ranked(before.get("drafters")):
        found["drafters"] = await repository.drafters(work.connection, standard.id)
    return found


def _before(entry: Entry) -> dict[str, Any]:
    """The facts that an event changed, as they were."""
    there = entry.payload.get("before")
    if entry.type == "edited":
        return convert(there, Patch).said()
    if entry.type == "drafting-units-set":
        return {"drafting_units": convert(there, list[DraftingUnit])}
    return {"drafters": convert(there, list[Drafter])} if entry.type == "drafters-set" else {}


def _ranked(rows: list[DraftingUnit] | list[Drafter] | None) -> list[tuple[int | None, UUID]] | None:
    """Who stands where: what a form shows of a list."""
    return None if rows is None else [(row.rank, row.organisation_id if isinstance(row, DraftingUnit) else row.person_id) for row in rows]


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
