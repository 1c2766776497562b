"""Every query about plans, projects and claims. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees import repository as registers
from standards_hub.kernel.among import among
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.frequent import Question
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.linkage import versions
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.models import (
    CommitmentRow,
    PlanCommitteeRow,
    PlanFieldRow,
    PlanRegionRow,
    PlanRow,
    ProjectAliasRow,
    ProjectPartnerRow,
    ProjectRow,
    ProjectStandardRow,
    TargetRow,
)
from standards_hub.linkage.values import (
    LIVE,
    Claim,
    Commitment,
    Plan,
    PlanCommittee,
    PlanField,
    PlanRegion,
    Project,
    ProjectAlias,
    ProjectLink,
    Target,
    project_key,
)

PLAN, TARGET, FIELD, REGION, NAMED = (table_of(m) for m in (PlanRow, TargetRow, PlanFieldRow, PlanRegionRow, PlanCommitteeRow))
PROJECT, ALIAS, COMMITMENT, CLAIM = (table_of(m) for m in (ProjectRow, ProjectAliasRow, CommitmentRow, ProjectStandardRow))
EVENT = table_of(EventRow)
PARTNER = table_of(ProjectPartnerRow)
CHUNK = 500
"""Ids that are asked for at once."""

S = TypeVar("S", bound=Struct)
CLAIMING = (
    sa.select(CLAIM, PROJECT.c.project_no, PROJECT.c.title, PROJECT.c.programme, PROJECT.c.state.label("project_state"))
    .join(PROJECT, PROJECT.c.id == CLAIM.c.project_id)
    .where(among(CLAIM.c.standard_id, "ids"), CLAIM.c.state.in_(LIVE))
    .order_by(CLAIM.c.standard_id, CLAIM.c.primary.desc(), CLAIM.c.claimed_on, PROJECT.c.project_no, CLAIM.c.id)
)


def _read(row: sa.Row[Any], kind: type[S]) -> S:
    """A row as a value; columns the value does not have, such as its owner's id, are left out."""
    return msgspec.convert({name: row._mapping[name] for name in kind.__struct_fields__}, kind)


async def _all(connection: AsyncConnection, query: sa.Select[Any], kind: type[S]) -> list[S]:
    return [_read(row, kind) for row in await connection.execute(query)]


async def _one(connection: AsyncConnection, query: sa.Select[Any], kind: type[S], missing: Message) -> S:
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound(missing)
    return _read(row, kind)


async def plan_by_key(work: Work, key: str, *, lock: bool = False) -> Plan:
    """One plan; with `lock`, nobody else may change it until this transaction ends."""
    query = sa.select(PLAN).where(PLAN.c.key == key)
    return await _one(work.connection, query.with_for_update() if lock else query, Plan, say("找不到计划 {key}", key=key))


async def plan_exists(connection: AsyncConnection, key: str) -> bool:
    return (await connection.execute(sa.select(PLAN.c.id).where(PLAN.c.key == key))).first() is not None


async def plans(connection: AsyncConnection) -> list[Plan]:
    """All plans by key; there are few."""
    return await _all(connection, sa.select(PLAN).order_by(PLAN.c.key), Plan)


async def words(connection: AsyncConnection) -> list[tuple[str, str, str, Name]]:
    """What plans call themselves, their fields and their regions, in their order: (plan, field or region, plan, key, names)."""
    return [(kind, plan, key, Name(zh, en)) for kind, plan, key, zh, en, _ in await connection.execute(_words())]


@cache
def _words() -> sa.CompoundSelect[Any]:
    p = PLAN.c
    queries = [sa.select(sa.literal("plan"), p.key, p.key, p.name_zh, p.name_en, sa.literal(0).label("position"))]
    for kind, table, key in (("field", FIELD, FIELD.c.key), ("region", REGION, REGION.c.code)):
        of_plan = sa.select(sa.literal(kind), p.key, key, table.c.name_zh, table.c.name_en, table.c.position)
        queries.append(of_plan.join_from(table, PLAN, table.c.plan_id == p.id))
    return sa.union_all(*queries).order_by(sa.literal_column("position"))


def around(standard_id: UUID) -> Question[list[tuple[str, str, str, Name]]]:
    """The words of plans as `words` gives them, and who claims a standard: (`claim` or `primary`, relation, project, number and title)."""
    return Question(_around(), {"id": standard_id}, lambda rows: [(kind, plan, key, Name(zh, en)) for kind, plan, key, zh, en, _ in rows])


@cache
def _around() -> sa.CompoundSelect[Any]:
    place = sa.func.row_number().over(order_by=(CLAIM.c.primary.desc(), CLAIM.c.claimed_on, PROJECT.c.project_no, CLAIM.c.id))
    claims = (
        sa.select(
            sa.case((CLAIM.c.primary, "primary"), else_="claim"), CLAIM.c.relation, sa.cast(PROJECT.c.id, sa.String), PROJECT.c.project_no,
            PROJECT.c.title, place.label("position"),
        )
        .join_from(CLAIM, PROJECT, PROJECT.c.id == CLAIM.c.project_id)
        .where(CLAIM.c.standard_id == sa.bindparam("id"), CLAIM.c.state.in_(LIVE))
    )  # fmt: skip
    queries: list[Any] = [*_words().selects, claims]
    return sa.union_all(*queries).order_by(sa.literal_column("position"))


async def targets(connection: AsyncConnection, plan_id: UUID) -> list[Target]:
    """The targets of a plan in all their versions, in the order they were entered, old versions first."""
    query = sa.select(TARGET).where(TARGET.c.plan_id == plan_id).order_by(TARGET.c.position, TARGET.c.n)
    return await _all(connection, query, Target)


async def fields(connection: AsyncConnection, plan_id: UUID) -> list[PlanField]:
    return await _all(connection, sa.select(FIELD).where(FIELD.c.plan_id == plan_id).order_by(FIELD.c.position), PlanField)


async def regions(connection: AsyncConnection, plan_id: UUID) -> list[PlanRegion]:
    return await _all(connection, sa.select(REGION).where(REGION.c.plan_id == plan_id).order_by(REGION.c.position), PlanRegion)


async def named_committees(connection: AsyncConnection, plan_id: UUID) -> list[PlanCommittee]:
    return await _all(connection, sa.select(NAMED).where(NAMED.c.plan_id == plan_id).order_by(NAMED.c.position), PlanCommittee)


async def plan_log(work: Work, plan: Plan) -> list[dict[str, Any]]:
    """Everything that happened to a plan, oldest first, with what this work does to it."""
    query = sa.select(EVENT).where(EVENT.c.stream == plan.stream).order_by(EVENT.c.seq)
    return [*(dict(row._mapping) for row in await work.connection.execute(query)), *work.pending(plan.stream)]


async def plan_facts(work: Work, key: str, on: date | None = None, known_at: datetime | None = None) -> PlanFacts:
    """A plan as counting needs it: the targets, the rule and the words in force on a day, today if nobody says, as they were known.

    Raises `NotFound`, also where the plan was not on the register yet at the instant.
    """
    plan = await plan_by_key(work, key)
    found = versions.on_day(await plan_log(work, plan), on or work.today, known_at)
    if found is None:
        raise NotFound(say("计划 {key} 其时尚未登记", key=key))
    return found


async def project(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Project:
    """One project; with `lock`, nobody else may change it until this transaction ends."""
    query = sa.select(PROJECT).where(PROJECT.c.id == id)
    return await _one(connection, query.with_for_update() if lock else query, Project, say("找不到项目 {id}", id=id))


async def project_by_number(connection: AsyncConnection, number: str) -> Project | None:
    """The project of a number in any spelling, or the one that had the number before, or that it was merged into."""
    key = project_key(number)
    found = await _all(connection, sa.select(PROJECT).where(PROJECT.c.project_no_key == key), Project)
    if not found:
        former = sa.select(ALIAS.c.project_id).where(ALIAS.c.project_no_key == key).order_by(ALIAS.c.until.desc(), ALIAS.c.id).limit(1)
        found = await _all(connection, sa.select(PROJECT).where(PROJECT.c.id.in_(former)), Project)
    if found and found[0].merged_into:
        return await project(connection, found[0].merged_into)
    return found[0] if found else None


async def projects(
    connection: AsyncConnection, *, text: str | None = None, plan: str | None = None, state: str | None = None,
    organisation_id: UUID | None = None, unchecked: bool = False, after: UUID | None = None, limit: int = 50,
) -> list[Project]:  # fmt: skip
    """Projects by title; `text` is a part of a title, programme or number in any spelling."""
    c, where = PROJECT.c, _projects(text, plan, state, organisation_id, unchecked)
    if after is not None:
        last = (await connection.execute(sa.select(c.title).where(c.id == after))).scalar()
        if last is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        where.append(sa.or_(c.title > last, sa.and_(c.title == last, c.id > after)))
    return await _all(connection, sa.select(PROJECT).where(*where).order_by(c.title, c.id).limit(limit), Project)


async def count_projects(
    connection: AsyncConnection, *, text: str | None = None, plan: str | None = None, state: str | None = None,
    organisation_id: UUID | None = None, unchecked: bool = False,
) -> int:  # fmt: skip
    where = _projects(text, plan, state, organisation_id, unchecked)
    return (await connection.execute(sa.select(sa.func.count()).select_from(PROJECT).where(*where))).scalar_one()


def _projects(text: str | None, plan: str | None, state: str | None, organisation_id: UUID | None, unchecked: bool) -> list[Any]:
    c = PROJECT.c
    where: list[Any] = [c.unchecked] if unchecked else []
    if text:
        parts = [column.icontains(text.strip(), autoescape=True) for column in (c.title, c.programme)]
        if key := project_key(text):
            parts.append(c.project_no_key.contains(key, autoescape=True))
        where.append(sa.or_(*parts))
    if plan:
        where.append(c.plan_key == plan)
    if state:
        where.append(c.state == state)
    if organisation_id:
        where.append(c.lead_organisation_id.in_(registers.carried(organisation_id)))
    return where


async def sums(connection: AsyncConnection, ids: Iterable[UUID]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """How many standards some projects promise, and how many they claim."""
    wanted, p, c = list(ids), COMMITMENT.c, CLAIM.c
    promised = sa.select(p.project_id, sa.func.sum(p.count)).where(p.project_id.in_(wanted), p.withdrawn_on.is_(None))
    claimed = sa.select(c.project_id, sa.func.count()).where(c.project_id.in_(wanted), c.state.in_(LIVE))
    found = [await connection.execute(query) for query in (promised.group_by(p.project_id), claimed.group_by(c.project_id))]
    return {row[0]: int(row[1]) for row in found[0]}, {row[0]: row[1] for row in found[1]}


async def commitments(connection: AsyncConnection, project_id: UUID) -> list[Commitment]:
    query = (
        sa.select(COMMITMENT).where(COMMITMENT.c.project_id == project_id).order_by(COMMITMENT.c.level, COMMITMENT.c.due, COMMITMENT.c.id)
    )
    return await _all(connection, query, Commitment)


async def commitments_of(connection: AsyncConnection, project_ids: Iterable[UUID]) -> dict[UUID, list[Commitment]]:
    """The promises in force of some projects."""
    found: dict[UUID, list[Commitment]] = {}
    c = COMMITMENT.c
    query = sa.select(COMMITMENT).where(c.project_id.in_(list(project_ids)), c.withdrawn_on.is_(None)).order_by(c.level, c.due, c.id)
    for row in await connection.execute(query):
        found.setdefault(row.project_id, []).append(_read(row, Commitment))
    return found


async def aliases(connection: AsyncConnection, project_id: UUID) -> list[ProjectAlias]:
    query = sa.select(ALIAS).where(ALIAS.c.project_id == project_id).order_by(ALIAS.c.until, ALIAS.c.id)
    return await _all(connection, query, ProjectAlias)


async def running_projects(connection: AsyncConnection) -> list[UUID]:
    """The ids of the projects that are under way, in a fixed order."""
    return list((await connection.execute(sa.select(PROJECT.c.id).where(PROJECT.c.state == "running").order_by(PROJECT.c.id))).scalars())


async def ever_of_plan(connection: AsyncConnection, plan_key: str) -> set[UUID]:
    """The projects that belong to a plan, and those that may have before they were changed."""
    c = PROJECT.c
    ids = set((await connection.execute(sa.select(c.id).where(c.plan_key == plan_key))).scalars())
    moved = sa.select(c.id).where(c.version > 1, sa.or_(c.plan_key != plan_key, c.plan_key.is_(None)))
    others = {f"project:{id}": id for id in (await connection.execute(moved)).scalars()}
    streams, named = list(others), EVENT.c.payload.contains(f'"{plan_key}"', autoescape=True)
    for start in range(0, len(streams), CHUNK):
        query = sa.select(EVENT.c.stream).distinct().where(EVENT.c.stream.in_(streams[start : start + CHUNK]), named)
        ids |= {others[stream] for stream in (await connection.execute(query)).scalars()}
    return ids


async def ever_claiming(connection: AsyncConnection, standard_ids: Iterable[UUID]) -> set[UUID]:
    """The projects that claim some standards, or did."""
    wanted, found = sorted(standard_ids), set[UUID]()
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(CLAIM.c.project_id).distinct().where(CLAIM.c.standard_id.in_(wanted[start : start + CHUNK]))
        found |= set((await connection.execute(query)).scalars())
    return found


async def naming(connection: AsyncConnection, organisation_id: UUID) -> list[Project]:
    """The projects that an organisation leads or takes part in, locked."""
    taking_part = sa.select(PARTNER.c.project_id).where(PARTNER.c.organisation_id == organisation_id)
    where = sa.or_(PROJECT.c.lead_organisation_id == organisation_id, PROJECT.c.id.in_(taking_part))
    query = sa.select(PROJECT).where(where).order_by(PROJECT.c.id).with_for_update()
    return [Project(**row._mapping) for row in await connection.execute(query)]


async def partners(connection: AsyncConnection, project_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The organisations that take part in some projects beside the leading ones."""
    found: dict[UUID, list[UUID]] = {}
    c = PARTNER.c
    for row in await connection.execute(sa.select(PARTNER).where(c.project_id.in_(list(project_ids))).order_by(c.organisation_id)):
        found.setdefault(row.project_id, []).append(row.organisation_id)
    return found


async def organisations_of(connection: AsyncConnection, one: Project) -> set[UUID]:
    """The leading organisation of a project and its partners."""
    lead = {one.lead_organisation_id} if one.lead_organisation_id else set[UUID]()
    return lead | set((await partners(connection, [one.id])).get(one.id, ()))


async def claims(connection: AsyncConnection, project_id: UUID) -> list[Claim]:
    query = sa.select(CLAIM).where(CLAIM.c.project_id == project_id).order_by(CLAIM.c.claimed_on, CLAIM.c.id)
    return await _all(connection, query, Claim)


async def claims_of_projects(connection: AsyncConnection, project_ids: Iterable[UUID]) -> dict[UUID, list[Claim]]:
    found: dict[UUID, list[Claim]] = {}
    query = sa.select(CLAIM).where(CLAIM.c.project_id.in_(list(project_ids))).order_by(CLAIM.c.claimed_on, CLAIM.c.id)
    for one in await _all(connection, query, Claim):
        found.setdefault(one.project_id, []).append(one)
    return found


async def claim(connection: AsyncConnection, project_id: UUID, claim_id: UUID) -> Claim:
    query = sa.select(CLAIM).where(CLAIM.c.id == claim_id, CLAIM.c.project_id == project_id)
    return await _one(connection, query, Claim, say("该项目没有申报记录 {id}", id=claim_id))


async def claims_of_standard(work: Work, standard_id: UUID, *, lock: bool = False) -> list[ProjectLink]:
    """The claims on a standard by all projects; with `lock`, nobody else adds one until this transaction ends."""
    if lock and not work.sqlite:  # the rules look at several projects' rows at once, which no version of one subject guards
        key = int.from_bytes(standard_id.bytes[:8], signed=True)
        await work.connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    return (await projects_of_standards(work, [standard_id])).get(standard_id, [])


async def claimants(work: Work, standard_id: UUID) -> set[UUID]:
    """The projects that claim a standard."""
    query = sa.select(CLAIM.c.project_id).where(CLAIM.c.standard_id == standard_id, CLAIM.c.state.in_(LIVE))
    return {row[0] for row in await work.connection.execute(query)}


async def projects_of_standards(work: Work, ids: Iterable[UUID]) -> dict[UUID, list[ProjectLink]]:
    """For each standard the projects that claim it, the primary one first; standards nobody claims are left out."""
    found: dict[UUID, list[ProjectLink]] = {}
    for row in await work.connection.execute(CLAIMING, {"ids": list(dict.fromkeys(ids))}):
        found.setdefault(row.standard_id, []).append(_read(row, ProjectLink))
    return found
