"""What stands around a plan's standards on a day, read from the log and the registers: projects, committees, positions held abroad."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from standards_hub.committees import repository as registers
from standards_hub.committees.models import CommitteeRow
from standards_hub.committees.values import COMMITTEE_STATES, POSITIONS
from standards_hub.documents.report.around import Around, CommitteeFacts, PositionFacts, ProjectFacts, Promise
from standards_hub.kernel import audit
from standards_hub.kernel.events import Replica, table_of
from standards_hub.kernel.work import Work
from standards_hub.linkage import fulfilment
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.claiming.reckoning import claimed_of
from standards_hub.linkage.claiming.states import contested
from standards_hub.linkage.facts import StandardFacts
from standards_hub.linkage.models import CommitmentRow, ProjectPartnerRow, ProjectRow, ProjectStandardRow
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.roles import Part, Policy, judge, judge_international, policy
from standards_hub.linkage.values import Claim, Commitment

Made = TypeVar("Made", bound=msgspec.Struct)


async def around(work: Work, plan_key: str, day: date, held: Portfolio) -> Around:
    """Projects as they were on the day from what was known with the portfolio; committees and positions as they stood on it."""
    plan = await linkage.plan_by_key(work, plan_key)
    return Around(await _projects(work, plan_key, day, held), await _committees(work, plan.id, day, held), await _positions(work, day))


async def _projects(work: Work, plan_key: str, day: date, held: Portfolio) -> tuple[ProjectFacts, ...]:
    project = table_of(ProjectRow)
    ids = (await work.connection.execute(sa.select(project.c.id).where(project.c.plan_key == plan_key))).scalars()
    replica = await audit.as_of(work.connection, day, streams=[f"project:{id}" for id in ids], known_at=held.known_at)
    standards = {UUID(one.id): one for one in held.facts}
    rows = sorted(replica.rows(ProjectRow), key=lambda row: row["project_no"])
    claims = [_made(Claim, row) for row in replica.rows(ProjectStandardRow)]
    frozen, units = contested(claims), await _units(work, rows, replica)
    return tuple(
        ProjectFacts(
            project_no=row["project_no"], title=row["title"], state=row["state"],
            promises=tuple(_promises(replica, row, [c for c in claims if c.project_id == row["id"]], standards, units[row["id"]], frozen)),
        )
        for row in rows
    )  # fmt: skip


def _made(kind: type[Made], row: Mapping[str, Any]) -> Made:
    return msgspec.convert({name: row[name] for name in kind.__struct_fields__}, kind)


async def _units(work: Work, projects: Sequence[Mapping[str, Any]], replica: Replica) -> dict[UUID, set[str]]:
    """The names of the organisations of each project: the one that leads it, and its partners."""
    of_project = {row["id"]: {row["lead_organisation_id"]} - {None} for row in projects}
    for partner in replica.rows(ProjectPartnerRow):
        of_project[partner["project_id"]].add(partner["organisation_id"])
    called = await registers.names(work.connection, set().union(*of_project.values()))
    return {id: {called[unit].zh for unit in units if unit in called} for id, units in of_project.items()}


def _promises(
    replica: Replica, project: Mapping[str, Any], claims: list[Claim], standards: Mapping[UUID, StandardFacts], units: set[str],
    frozen: set[UUID],
) -> list[Promise]:  # fmt: skip
    commitments = [_made(Commitment, row) for row in replica.rows(CommitmentRow) if row["project_id"] == project["id"]]
    chosen = policy(project["role_policy"])
    parts = {c.standard_id: _part(standards[c.standard_id], units, chosen) for c in claims if c.standard_id in standards}
    kept = fulfilment.kept(commitments, claimed_of(claims, standards, parts, frozen))
    ordered = sorted(kept, key=lambda one: (one.commitment.due or project["ends_on"] or date.max, one.commitment.level, one.commitment.id))
    return [
        Promise(
            level=one.commitment.level, count=one.commitment.count, due=one.commitment.due or project["ends_on"], done=one.count("done"),
            pending=one.count("open"), under_way=one.count("under_way"), words=one.commitment.source_text,
            cause=one.commitment.cause or "", remedy=one.commitment.remedy or "",
        )
        for one in ordered
    ]  # fmt: skip


def _part(standard: StandardFacts, units: set[str], chosen: Policy) -> Part:
    """The part of a project's organisations in a standard, by the names they had when it was drafted."""
    if standard.level == "international":
        return judge_international(standard.international_role, chosen)
    ours = [drafter for drafter in standard.drafters if drafter.organisation in units]
    return judge(standard.drafters, ours, chosen, unnamed=standard.drafters_not_named)


async def _committees(work: Work, plan_id: UUID, day: date, held: Portfolio) -> tuple[CommitteeFacts, ...]:
    named = await linkage.named_committees(work.connection, plan_id)
    streams = [f"committee:{one.committee_id}" for one in named if one.committee_id]
    replica = await audit.as_of(work.connection, day, streams=streams, known_at=held.known_at) if streams else None
    rows = {row["id"]: row for row in replica.rows(CommitteeRow)} if replica else {}
    found = []
    for one in named:
        row = rows.get(one.committee_id) if one.committee_id else None
        state = str(COMMITTEE_STATES[row["state"]]) if row else None
        found.append(CommitteeFacts(row["name_zh"] if row else one.name_zh, state, row["founded_on"] if row else None))
    return tuple(found)


async def _positions(work: Work, day: date) -> tuple[PositionFacts, ...]:
    held = await registers.international_seats(work.connection, day)
    return tuple(
        PositionFacts(h.family, h.committee_label, str(POSITIONS[h.position]), h.person_name, h.organisation_name or "", h.since, h.leads)
        for h in sorted(held, key=lambda h: (h.family, h.committee_label, not h.leads, h.person_name))
    )
