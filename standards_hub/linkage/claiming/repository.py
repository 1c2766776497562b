"""Every query about the life of claims: evidence, what waits, the drafters of standards, and who had a hand in a claim."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.models import OrganisationRow
from standards_hub.kernel.access.actor import HUB, Body
from standards_hub.kernel.access.models import AccountRow
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.models import DeadlineRow, DrafterRow, DraftingUnitRow, StandardRow
from standards_hub.linkage.claiming.states import Evidence
from standards_hub.linkage.counting import ENDED, HALTED
from standards_hub.linkage.facts import Drafter
from standards_hub.linkage.models import ClaimEvidenceRow
from standards_hub.linkage.repository import CLAIM, COMMITMENT, PROJECT, _read
from standards_hub.linkage.values import LIVE, Project, ProjectLink

EVIDENCE, EVENT, ACCOUNT = table_of(ClaimEvidenceRow), table_of(EventRow), table_of(AccountRow)
UNIT, DRAFTER, STANDARD, ORGANISATION = (table_of(m) for m in (DraftingUnitRow, DrafterRow, StandardRow, OrganisationRow))
DEADLINE = table_of(DeadlineRow)
HANDS = ("standard-claimed", "claim-edited", "suggestion-taken", "claim-submitted", "evidence-added", "evidence-withdrawn")
"""What the claimant's side does to a claim."""
LINKS = sa.select(CLAIM, PROJECT.c.project_no, PROJECT.c.title, PROJECT.c.programme, PROJECT.c.state.label("project_state")).join(
    PROJECT, PROJECT.c.id == CLAIM.c.project_id
)


class Drafting(Struct, frozen=True):
    """The drafters of a standard by the ids of their organisations, and what the foreword says of them."""

    units: tuple[tuple[UUID, Drafter], ...]
    people: tuple[tuple[UUID, int | None], ...]
    unnamed: bool
    international_role: str | None
    level: str


async def evidence_of(connection: AsyncConnection, claim_ids: Iterable[UUID]) -> dict[UUID, list[Evidence]]:
    """The evidence on some claims, withdrawn pieces too, oldest first."""
    c, found = EVIDENCE.c, dict[UUID, list[Evidence]]()
    query = sa.select(EVIDENCE).where(c.claim_id.in_(list(claim_ids))).order_by(c.added_on, c.title, c.id)
    for row in await connection.execute(query):
        found.setdefault(row.claim_id, []).append(_read(row, Evidence))
    return found


async def evidence(connection: AsyncConnection, claim_id: UUID, id: UUID) -> Evidence:
    """One piece of evidence on a claim. Raises `NotFound`."""
    row = (await connection.execute(sa.select(EVIDENCE).where(EVIDENCE.c.id == id, EVIDENCE.c.claim_id == claim_id))).first()
    if row is None:
        raise NotFound(say("该申报没有佐证 {id}", id=id))
    return _read(row, Evidence)


async def evidence_between(connection: AsyncConnection, first: UUID, last: UUID) -> list[Evidence]:
    """The evidence whose ids lie between two, both included."""
    query = sa.select(EVIDENCE).where(EVIDENCE.c.id.between(first, last)).order_by(EVIDENCE.c.id).limit(20)
    return [_read(row, Evidence) for row in await connection.execute(query)]


async def link(connection: AsyncConnection, claim_id: UUID) -> ProjectLink:
    """One claim with what names its project. Raises `NotFound`."""
    row = (await connection.execute(LINKS.where(CLAIM.c.id == claim_id))).first()
    if row is None:
        raise NotFound(say("找不到申报 {id}", id=claim_id))
    return _read(row, ProjectLink)


async def links(
    connection: AsyncConnection, *, states: Iterable[str] = LIVE, contested: bool = False, projects: Iterable[UUID] | None = None,
    after: UUID | None = None, limit: int = 50,
) -> list[ProjectLink]:  # fmt: skip
    """Claims in some states, of all projects or of some, the longest waiting first; with `contested`, those that wait for a ruling."""
    c = CLAIM.c
    since = sa.func.coalesce(c.submitted_on, c.claimed_on, sa.literal(date.max, sa.Date))
    query = LINKS.where(c.state.in_(list(states)))
    if projects is not None:
        query = query.where(c.project_id.in_(list(projects)))
    if contested:
        rival = CLAIM.alias("rival")
        query = query.where(
            c.primary,
            sa.exists().where(rival.c.standard_id == c.standard_id, rival.c.primary, rival.c.state.in_(LIVE), rival.c.id != c.id),
        )
        return [_read(row, ProjectLink) for row in await connection.execute(query.order_by(c.standard_id, c.claimed_on, c.id).limit(limit))]
    if after is not None:
        last = (await connection.execute(sa.select(since).where(c.id == after))).scalar()
        if last is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        query = query.where(sa.or_(since > last, sa.and_(since == last, c.id > after)))
    return [_read(row, ProjectLink) for row in await connection.execute(query.order_by(since, c.id).limit(limit))]


async def count_links(connection: AsyncConnection, states: Iterable[str], projects: Iterable[UUID] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(CLAIM).where(CLAIM.c.state.in_(list(states)))
    if projects is not None:
        query = query.where(CLAIM.c.project_id.in_(list(projects)))
    return (await connection.execute(query)).scalar_one()


async def in_danger(connection: AsyncConnection, bodies: Collection[Body] | None = None, limit: int | None = None) -> list[Project]:
    """The running projects, of all or of some bodies, an output of which is halted or ended, or may take longer than their contract.

    They are looked at one by one; most projects have none, and need not be.
    """
    p, c, s, d, promise = PROJECT.c, CLAIM.c, STANDARD.c, DEADLINE.c, COMMITMENT.c
    day = sa.func.coalesce(promise.due, p.ends_on)
    slow = sa.exists().where(
        d.standard_id == s.id, d.state == "running", promise.project_id == p.id, promise.withdrawn_on.is_(None), d.due_on > day
    )
    output = sa.exists().where(
        c.project_id == p.id, c.standard_id == s.id, c.relation == "output_of", c.state.in_(LIVE),
        sa.or_(s.status.in_((*HALTED, *ENDED)), slow),
    )  # fmt: skip
    query = sa.select(PROJECT).where(p.state == "running", output)
    if bodies is not None and HUB not in bodies:
        ids = {kind: [id for one, id in bodies if one == kind] for kind in ("project", "organisation", "plan")}
        query = query.where(sa.or_(
            p.id.in_([UUID(id) for id in ids["project"]]), p.lead_organisation_id.in_([UUID(id) for id in ids["organisation"]]),
            p.plan_key.in_(ids["plan"]),
        ))  # fmt: skip
    return [_read(row, Project) for row in await connection.execute(query.order_by(p.ends_on, p.id).limit(limit))]


async def drafting(connection: AsyncConnection, standard_ids: Iterable[UUID]) -> dict[UUID, Drafting]:
    """Who drafts some standards; a lead unit on record that is not listed is listed as responsible."""
    wanted, s, u, d, o = list(standard_ids), STANDARD.c, UNIT.c, DRAFTER.c, ORGANISATION.c
    if not wanted:
        return {}
    units: dict[UUID, list[tuple[UUID, Drafter]]] = {}
    listed = sa.select(UNIT, o.name_zh, o.region, o.in_province).join(ORGANISATION, o.id == u.organisation_id)
    for row in await connection.execute(listed.where(u.standard_id.in_(wanted)).order_by(u.standard_id, u.rank.is_(None), u.rank)):
        drafter = Drafter(row.name_zh, row.rank, row.region, row.in_province, row.lead)
        units.setdefault(row.standard_id, []).append((row.organisation_id, drafter))
    people: dict[UUID, list[tuple[UUID, int | None]]] = {}
    for row in await connection.execute(sa.select(DRAFTER).where(d.standard_id.in_(wanted))):
        people.setdefault(row.standard_id, []).append((row.person_id, row.rank))
    found = {}
    facts = sa.select(s.id, s.level, s.drafters_not_named, s.international_role, s.lead_drafter_id).where(s.id.in_(wanted))
    for row in await connection.execute(facts):
        own = units.get(row.id, [])
        if row.lead_drafter_id and row.lead_drafter_id not in {id for id, _ in own}:
            own = [*own, (row.lead_drafter_id, Drafter(str(row.lead_drafter_id), None, None, False, True))]
        found[row.id] = Drafting(tuple(own), tuple(people.get(row.id, ())), bool(row.drafters_not_named), row.international_role, row.level)
    return found


async def drafted_by(connection: AsyncConnection, organisations: Iterable[UUID], people: Iterable[UUID]) -> set[UUID]:
    """The standards that some organisations or people draft."""
    units, persons = list(organisations), list(people)
    queries: list[sa.Select[Any]] = []
    if units:
        queries.append(sa.select(UNIT.c.standard_id).where(UNIT.c.organisation_id.in_(units)))
    if persons:
        queries.append(sa.select(DRAFTER.c.standard_id).where(DRAFTER.c.person_id.in_(persons)))
    return {row[0] for query in queries for row in await connection.execute(query)}


async def hands(connection: AsyncConnection, project_id: UUID, claim_id: UUID) -> tuple[set[str], set[UUID]]:
    """Who had a hand in making a claim, from the log: labels of accounts, and the people they are.

    A claim that came with a project that was merged into this one has the hands of both.
    """
    e, before = EVENT.c, CLAIM.alias("before")
    came = (
        sa.select(before.c.id, before.c.project_id)
        .join(CLAIM, CLAIM.c.standard_id == before.c.standard_id)
        .join(PROJECT, PROJECT.c.id == before.c.project_id)
        .where(CLAIM.c.id == claim_id, PROJECT.c.merged_into == project_id)
    )
    of = {str(claim_id): project_id, **{str(row.id): row.project_id for row in await connection.execute(came)}}
    query = sa.select(e.actor, e.payload).where(e.stream.in_({f"project:{id}" for id in of.values()}), e.type.in_(HANDS))
    labels = {row.actor for row in await connection.execute(query) if msgspec.json.decode(row.payload).get("claim") in of}
    ids = [UUID(label.removeprefix("account:")) for label in labels if label.startswith("account:")]
    persons = await connection.execute(sa.select(ACCOUNT.c.person_id).where(ACCOUNT.c.id.in_(ids)))
    return labels, {row[0] for row in persons if row[0]}
