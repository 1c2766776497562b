"""Snapshots of a plan in the browser: the chain, one link of it, what changed between two, signing and correcting."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, get, post

from standards_hub.kernel.errors import BadInput, Conflict
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import repository as plans
from standards_hub.linkage.counting import ROLES
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.pages.rules import CLAUSES
from standards_hub.linkage.snapshots import repository, service
from standards_hub.linkage.snapshots.differing import KINDS, WHATS, Change
from standards_hub.linkage.snapshots.schemas import Correction, NewSnapshot, SnapshotOut
from standards_hub.linkage.snapshots.values import CONTENTS, Snapshot
from standards_hub.linkage.values import Plan

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "report.read"}
SIGN: dict[str, Any] = {"permission": "snapshot.sign"}
OUTCOMES: dict[str, Message] = {"counted": say("计入"), "unverified": say("待核"), "in_progress": say("在研"), "not_counted": say("未计入")}
CONTENT_NAMES = {"data": say("各项标准的事实"), "plan": say("计划和指标"), "rule": say("统计口径"), "count": say("逐项计数结果")}
Naming = Callable[[str, str | None], Message | Name | str]


def naming(plan: PlanFacts) -> Naming:
    """How what is said of a standard is read: levels, targets, fields and regions by their names."""
    fixed: dict[str, Any] = {"level": LEVEL_NAMES, "role": ROLES, "outcome": OUTCOMES}
    fixed["target"] = {target.key: Name(target.name, target.name_en or target.name) for target in plan.targets}
    fixed["field"] = {term.key: Name(term.zh, term.en or term.zh) for term in plan.fields}
    fixed["region"] = {term.key: Name(term.zh, term.en or term.zh) for term in plan.regions}

    def name(what: str, value: str | None) -> Message | Name | str:
        found: Message | Name | str = fixed.get(what, {}).get(value, value or "—")
        return found

    return name


async def _plan(work: Work, key: str) -> Plan:
    work.actor.require("report.read")
    return await plans.plan_by_key(work, key)


def _trail(plan: Plan, *further: tuple[Message, str]) -> list[tuple[Message | Name, str]]:
    return [(say("计划"), "/plans"), (plan.name, f"/plans/{plan.key}"), *further]


def _chain(plan: Plan) -> tuple[Message, str]:
    return say("快照"), f"/plans/{plan.key}/snapshots"


@get("/plans/{key:str}/snapshots", opt=READ, include_in_schema=False)
async def listing(request: AnyRequest, reading: Work, key: str) -> Response[str]:
    """The chain of a plan, the newest first, and what should be done about it."""
    plan = await _plan(reading, key)
    links = await service.listing(reading, key)
    last = max(links, key=lambda link: (link.as_of, link.n)) if links else None
    return page(
        request, "snapshots/list.html", plan=plan, links=list(reversed(SnapshotOut.all(links))), trail=_trail(plan), last=last,
        due=await service.due(reading, key, [last] if last else []), age=(reading.today - last.as_of).days if last else None,
        old=last is not None and reading.today - last.as_of > service.OLD_AFTER, names=await _names(reading, links),
        may=reading.actor.may("snapshot.sign", plan), before={link.n: links[at - 1] for at, link in enumerate(links) if at},
    )  # fmt: skip


async def _names(work: Work, links: list[Snapshot]) -> dict[str, str]:
    return await repository.names(work.connection, {link.signed_by for link in links})


@get("/plans/{key:str}/snapshots/verification", opt=READ, include_in_schema=False)
async def verification(request: AnyRequest, reading: Work, key: str) -> Response[str]:
    """The walk of the chain, and the first link that does not hold."""
    plan = await _plan(reading, key)
    return page(
        request, "snapshots/verification.html", plan=plan, found=await service.verify(reading, key), trail=_trail(plan, _chain(plan))
    )


@get("/plans/{key:str}/snapshots/sign", opt=SIGN, include_in_schema=False)
async def signing(request: AnyRequest, reading: Work, key: str, as_of: str | None = None) -> Response[str]:
    """What would be signed for a day, before it is."""
    return await _signing(request, reading, key, Form.holding({"as_of": as_of or reading.today.isoformat()}))


async def _signing(request: AnyRequest, work: Work, key: str, form: Form) -> Response[str]:
    plan = await _plan(work, key)
    work.actor.require("snapshot.sign", plan)
    foreseen, name = None, None
    try:
        wanted = form.into(NewSnapshot)
        foreseen = await service.foresee(work, key, wanted.as_of)
        name = naming(foreseen.tally.plan)
    except (BadInput, Conflict) as error:
        form.error = form.error or error
    return page(
        request, "snapshots/sign.html", status=form.error.status if form.error else 200, plan=plan, form=form, found=foreseen, name=name,
        kinds=KINDS, whats=WHATS, trail=_trail(plan, _chain(plan)), today=work.today,
    )  # fmt: skip


@post("/plans/{key:str}/snapshots/sign", opt=SIGN, include_in_schema=False)
async def sign(request: AnyRequest, key: str) -> Response[Any]:
    """Sign it."""
    form = await Form.of(request)

    async def do(work: Work) -> Snapshot:
        given = form.into(NewSnapshot)
        return await service.sign(work, key, given.as_of, expected=given.expected)

    outcome = await attempt(request, form, do)
    if outcome.value:
        return go(request, f"/plans/{key}/snapshots/{outcome.value.n}", say("已签发第 {n} 号快照", n=outcome.value.n))
    hub: Hub = request.app.state.hub
    async with hub.reading(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        return await _signing(request, reading, key, form)


@get("/plans/{key:str}/snapshots/{n:int}", opt=READ, include_in_schema=False)
async def show(request: AnyRequest, reading: Work, key: str, n: int) -> Response[str]:
    """One snapshot: the count as it was signed, what it rests on, and every standard of it with the clause that decided."""
    plan, link = await _plan(reading, key), await service.show(reading, key, n)
    links = await service.listing(reading, key)
    terms, _ = await service.terms(reading, link)
    return page(
        request, "snapshots/one.html", plan=plan, one=SnapshotOut.all(links)[n - 1], lines=await service.lines_in(reading, link),
        trail=_trail(plan, _chain(plan)), name=naming(terms), names=await _names(reading, [link]), links=links, contents=CONTENT_NAMES,
        due=await service.due(reading, key, [link]) if service.standing(links, link.as_of) == link else [],
        may=reading.actor.may("snapshot.sign", plan), outcomes=OUTCOMES, clauses=CLAUSES,
    )  # fmt: skip


@get("/plans/{key:str}/snapshots/{n:int}/against/{other:int}", opt=READ, include_in_schema=False)
async def compare(request: AnyRequest, reading: Work, key: str, n: int, other: int) -> Response[str]:
    """What changed between two snapshots, standard by standard, with the event that did it."""
    plan = await _plan(reading, key)
    earlier, later = await service.show(reading, key, n), await service.show(reading, key, other)
    found = await service.difference(reading, earlier, later)
    terms, _ = await service.terms(reading, later)
    actors = {cause.actor for causes in found.causes.values() for cause in causes if cause.decisive}
    return page(
        request, "snapshots/difference.html", plan=plan, found=found, trail=_trail(plan, _chain(plan)), name=naming(terms), kinds=KINDS,
        whats=WHATS, actors=await repository.names(reading.connection, actors), links=await service.listing(reading, key),
    )  # fmt: skip


@get("/plans/{key:str}/snapshots/compare", opt=READ, include_in_schema=False)
async def choose(request: AnyRequest, reading: Work, key: str, earlier: int | None = None, later: int | None = None) -> Response[Any]:
    """From the choice of two snapshots to what changed between them; the last two where nobody chose."""
    links = await service.listing(reading, key)
    if len(links) < 2:
        return go(request, f"/plans/{key}/snapshots")
    earlier, later = earlier or links[-2].n, later or links[-1].n
    return go(request, f"/plans/{key}/snapshots/{earlier}/against/{later}")


@get("/plans/{key:str}/snapshots/{n:int}/correct", opt=SIGN, include_in_schema=False)
async def correcting(request: AnyRequest, reading: Work, key: str, n: int) -> Response[str]:
    """What a correction would say otherwise, before it is signed."""
    return await _correcting(request, reading, key, n, Form())


async def _correcting(request: AnyRequest, work: Work, key: str, n: int, form: Form) -> Response[str]:
    plan, link = await _plan(work, key), await service.show(work, key, n)
    work.actor.require("snapshot.sign", plan)
    terms, _ = await service.terms(work, link)
    tally, lines = await service.retold(work, link)
    found: list[Change] = service.changes(await service.lines_in(work, link), lines)
    return page(
        request, "snapshots/correct.html", status=form.error.status if form.error else 200, plan=plan, link=link, found=found, tally=tally,
        form=form, name=naming(terms), kinds=KINDS, whats=WHATS, trail=_trail(plan, _chain(plan), (say("第 {n} 号", n=n), f"/plans/{key}/snapshots/{n}")),
        stands=service.standing(await service.listing(work, key), link.as_of) == link,
    )  # fmt: skip


@post("/plans/{key:str}/snapshots/{n:int}/correct", opt=SIGN, include_in_schema=False)
async def correct(request: AnyRequest, key: str, n: int) -> Response[Any]:
    """Sign the correction."""
    form = await Form.of(request)

    async def do(work: Work) -> Snapshot:
        return await service.correct(work, key, n, form.into(Correction).reason)

    outcome = await attempt(request, form, do)
    if outcome.value:
        made = outcome.value
        return go(request, f"/plans/{key}/snapshots/{n}/against/{made.n}", say("已签发第 {n} 号快照，更正第 {old} 号", n=made.n, old=n))
    hub: Hub = request.app.state.hub
    async with hub.reading(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        return await _correcting(request, reading, key, n, form)


@get("/plans/{key:str}/snapshots/{n:int}/contents/{name:str}", opt=READ, include_in_schema=False)
async def content(reading: Work, key: str, n: int, name: str) -> Response[bytes]:
    """What a snapshot rests on, byte by byte."""
    found = await service.content(reading, await service.show(reading, key, n), name)
    return download(found, f"{key}-{n}-{name}" + (".json" if name in CONTENTS else ""), "application/octet-stream")


PAGES: list[Any] = [listing, verification, signing, sign, choose, show, compare, correcting, correct, content]
