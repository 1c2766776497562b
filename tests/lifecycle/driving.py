"""Drives a standard along its track in tests: gives each gate what it asks for, and moves."""

import itertools
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from standards_hub.committees.schemas import NewCommittee, NewOrganisation, NewPerson
from standards_hub.committees.services import committees, organisations, people
from standards_hub.kernel.access.actor import SYSTEM, Actor, Body, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.gates import GateState
from standards_hub.lifecycle.schemas import Move, PaperIn, PlanNumberIn, Proposal, Publication, RelationIn
from standards_hub.lifecycle.services import facts, moving, reading, relating, timing
from standards_hub.lifecycle.services.moving import Way
from standards_hub.lifecycle.values import DraftingUnit, Patch, Standard

_serial = itertools.count(90001)
NUMBERS = {
    "national-gbt": "GB/T {serial}-{year}",
    "national-gb": "GB {serial}-{year}",
    "national-adoption": "GB/T {serial}-{year}",
    "local-db32": "DB32/T {serial}-{year}",
    "iso-iec-18": "ISO {serial}:{year}",
    "iso-iec-24": "ISO {serial}:{year}",
    "iso-iec-36": "ISO {serial}:{year}",
    "itu-t-aap": "ITU-T Y.{serial}",
    "itu-t-tap": "ITU-T Y.{serial}",
    "industry-health": "WS/T {serial}-{year}",
    "industry-transport": "JT/T {serial}-{year}",
    "industry-broadcasting": "GY/T {serial}-{year}",
    "industry-natural-resources": "TD/T {serial}-{year}",
}
PLAN_NUMBERS = {"national": "20250001-T-339"}


def holding(role: str, *bodies: Body) -> Actor:
    """An account that holds a role in some bodies."""
    return Actor(account=uuid4(), name=role, grants=tuple(Grant(role, body) for body in bodies))


def on_day(hub: Hub, day: date) -> Hub:
    """The same hub on another business day."""
    return Hub(hub.database, hub.files, Clock(day))


async def a_committee(work: Work) -> UUID:
    """A committee that was just registered, as the organisation and the person below."""
    return (await committees.register(work, NewCommittee(name_zh=f"示例标委会 {uuid4().hex[:8]}", level="national"))).id


async def an_organisation(work: Work) -> UUID:
    return (await organisations.register(work, NewOrganisation(name_zh=f"示例单位 {uuid4().hex[:8]}", kind="enterprise"))).id


async def a_person(work: Work) -> UUID:
    return (await people.register(work, NewPerson(name=f"示例人员 {uuid4().hex[:8]}"))).id


NAMED = {"committee_id": a_committee, "department_id": an_organisation, "leader_id": a_person}


async def proposed(hub: Hub, track: str = "national-gbt", on: date = date(2025, 1, 6), actor: Actor = SYSTEM, **changes: Any) -> Standard:
    """A new standard on a track, committed; whom it names is registered the day before, where nobody is given."""
    values: dict[str, Any] = {"title_zh": f"示例标准 {uuid4().hex[:8]}", **changes}
    kind = values.pop("kind", "adoption" if track == "national-adoption" else "new")
    units = values.pop("drafting_units", None)
    async with on_day(hub, on - timedelta(days=1)).work(SYSTEM) as work:
        values |= {name: await register(work) for name, register in NAMED.items() if name not in values}
        units = [DraftingUnit(await an_organisation(work), 1)] if units is None else units
        await work.commit()
    async with on_day(hub, on).work(actor) as work:
        given = Proposal(track=track, kind=kind, facts=Patch(**values), drafting_units=units)
        standard = await facts.propose(work, given)
        await work.commit()
    return standard


async def supply(work: Work, standard: Standard, states: list[GateState], on: date) -> list[PaperIn]:
    """Set the fields that gates ask for, and give the papers that would meet the others."""
    papers = []
    for state in states:
        if state.met:
            continue
        if state.paper:
            papers.append(PaperIn(kind=state.paper, dated=on, reference=f"测试〔{on.year}〕1 号"))
        elif state.gate in ("plan_number", "has_plan_number") or "计划号" in str(state.why):
            await facts.give_plan_number(
                work, standard.id, PlanNumberIn(number=PLAN_NUMBERS.get(standard.level, f"JH-{standard.id.hex[:8]}"), on=on)
            )
        elif "国际标准" in str(state.why):
            await relating.relate(work, standard.id, RelationIn(kind="adopts", identifier="ISO 14687:2025", degree="IDT"))
        elif any(word in str(state.why) for word in ("标准号", "发布日期", "实施日期")):
            current = await repository.standard(work.connection, standard.id)
            if current.number is None:
                number = NUMBERS.get(standard.track.partition("@")[0], "SJ/T {serial}-{year}").format(year=on.year, serial=next(_serial))
                await facts.give_number(work, current, Publication(number=number, published_on=on, effective_on=on))
    return papers


async def way(work: Work, standard_id: UUID, act: str = "advance", to: str | None = None) -> Way:
    return next(w for w in await reading.readiness(work, standard_id) if w.act == act and to in (None, w.to))


async def advance(hub: Hub, standard_id: UUID, on: date, *, act: str = "advance", to: str | None = None, **move: Any) -> Standard:
    """One move with everything its gates ask for, on a day."""
    async with on_day(hub, on).work(SYSTEM) as work:
        standard = await repository.standard(work.connection, standard_id)
        chosen = await way(work, standard_id, act, to)
        papers = await supply(work, standard, chosen.gates, on)
        standard = await moving.move(work, standard_id, Move(act=act, to=chosen.to, papers=papers, **move))  # type: ignore[arg-type]
        await work.commit()
    return standard


async def driven(hub: Hub, standard_id: UUID, to: str, start: date = date(2025, 1, 7), days: int = 7) -> tuple[Standard, date]:
    """Advance a standard until it stands at step `to`; waits out comment periods. Gives it and the day."""
    day = start
    async with hub.reading(SYSTEM) as work:
        standard = await repository.standard(work.connection, standard_id)
    while standard.step != to:
        async with hub.reading(SYSTEM) as work:
            wait = max((_wait(s) for s in (await way(work, standard_id)).gates), default=0)
        day += timedelta(days=max(days, wait))
        standard = await advance(hub, standard_id, day)
    return standard, day


def _wait(state: GateState) -> int:
    return int(state.why.values.get("least", 0)) if "least" in state.why.values else 0


async def now(hub: Hub, standard: Standard) -> Standard:
    async with hub.reading(SYSTEM) as work:
        return await repository.standard(work.connection, standard.id)


async def do(hub: Hub, day: date, verb, *arguments, actor=SYSTEM):
    async with on_day(hub, day).work(actor) as work:
        result = await verb(work, *arguments)
        await work.commit()
    return result


async def sweep(hub: Hub, day: date) -> None:
    """What the daily job does, with the jobs it asks for."""
    async with on_day(hub, day).work(SYSTEM) as work:
        for deadline in await repository.overdue(work.connection, day):
            await timing.expire(work, deadline.standard_id, deadline.id)
        for old, new in await repository.replaced_by_effective(work.connection, day):
            await timing.supersede(work, old, new)
        await work.commit()
