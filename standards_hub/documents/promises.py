"""What the projects of a plan promised and kept, as of a day and from what was known at an instant: told out of the log."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.models import OrganisationRow
from standards_hub.documents.report.around import ProjectFacts, Promise
from standards_hub.kernel import audit
from standards_hub.kernel.events import Replica
from standards_hub.linkage import fulfilment, portfolio
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.claiming.reckoning import claimed_of, day_for, standards_on
from standards_hub.linkage.claiming.states import contested
from standards_hub.linkage.facts import StandardFacts
from standards_hub.linkage.models import CommitmentRow, ProjectPartnerRow, ProjectRow, ProjectStandardRow
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.roles import Part, Policy, judge, judge_international, policy
from standards_hub.linkage.values import Claim, Commitment

Made = TypeVar("Made", bound=msgspec.Struct)
Row = Mapping[str, Any]


class _Held(msgspec.Struct, frozen=True):
    """A project of the plan on the day, with what it promised and claimed."""

    row: Row
    commitments: list[Commitment]
    claims: list[Claim]
    days: dict[UUID, date]
    """For each promise in force the day it is judged by."""


async def promises(connection: AsyncConnection, plan_key: str, day: date, held: Portfolio) -> tuple[ProjectFacts, ...]:
    """The projects of a plan by number, each promise judged by its own day or its project's end, but never later than the day."""
    known_at = held.known_at
    replica = await _replayed(connection, await linkage.ever_of_plan(connection, plan_key), day, known_at)
    projects = _of_plan(replica, plan_key, day)
    claims = [claim for one in projects for claim in one.claims]
    outputs = {claim.standard_id for claim in claims if claim.live and claim.relation == "output_of"}
    rivals = await _replayed(connection, await linkage.ever_claiming(connection, outputs), day, known_at)
    frozen = contested({claim.id: claim for claim in [*claims, *_made(Claim, rivals.rows(ProjectStandardRow))]}.values())
    standards = {UUID(one.id): one for one in held.facts}
    beyond = await portfolio.of_standards(connection, outputs - set(standards), day, known_at)
    standards |= {UUID(one.id): one for one in beyond}
    past: dict[date, set[UUID]] = {}
    for one in projects:
        for own in set(one.days.values()) - {day}:
            past.setdefault(own, set()).update(claim.standard_id for claim in one.claims if claim.standard_id in outputs)
    then: dict[date, Mapping[UUID, Any]] = {**await standards_on(connection, past, known_at), day: standards}
    units = await _units(connection, projects, replica, day, known_at)
    return tuple(
        ProjectFacts(
            project_no=one.row["project_no"], title=one.row["title"], state=one.row["state"],
            promises=tuple(_promises(one, then, standards, units[one.row["id"]], frozen)),
        )
        for one in projects
    )  # fmt: skip


async def _replayed(connection: AsyncConnection, ids: Iterable[UUID], day: date, known_at: datetime) -> Replica:
    return await audit.as_of(connection, day, streams=[f"project:{id}" for id in sorted(ids)], known_at=known_at)


def _made(kind: type[Made], rows: Iterable[Row]) -> list[Made]:
    return [msgspec.convert({name: row[name] for name in kind.__struct_fields__}, kind) for row in rows]


def _of_plan(replica: Replica, plan_key: str, day: date) -> list[_Held]:
    """The projects that belonged to the plan on the day, by number; one that went into another is told there."""
    commitments, claims = _by_project(replica, CommitmentRow), _by_project(replica, ProjectStandardRow)
    found = []
    for row in sorted(replica.rows(ProjectRow), key=lambda row: row["project_no"]):
        if row["plan_key"] == plan_key and row["state"] != "merged":
            own = [one for one in _made(Commitment, commitments.get(row["id"], ())) if one.withdrawn_on is None]
            days = {one.id: day_for(one, row["ends_on"], day) for one in own}
            found.append(_Held(row, own, _made(Claim, claims.get(row["id"], ())), days))
    return found


def _by_project(replica: Replica, model: type[CommitmentRow | ProjectStandardRow]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in replica.rows(model):
        found.setdefault(row["project_id"], []).append(row)
    return found


async def _units(
    connection: AsyncConnection, projects: Collection[_Held], replica: Replica, day: date, known_at: datetime
) -> dict[UUID, set[str]]:  # fmt: skip
    """The names that the organisations of each project had on the day: the one that leads it, and its partners."""
    of_project = {one.row["id"]: {one.row["lead_organisation_id"]} - {None} for one in projects}
    for partner in replica.rows(ProjectPartnerRow):
        of_project.get(partner["project_id"], set()).add(partner["organisation_id"])
    streams = [f"organisation:{id}" for id in sorted(set().union(*of_project.values()))]
    found = await audit.as_of(connection, day, streams=streams, known_at=known_at, entered=True)
    called = {row["id"]: row["name_zh"] for row in found.rows(OrganisationRow)}
    return {id: {called[unit] for unit in units if unit in called} for id, units in of_project.items()}


def _promises(
    one: _Held, then: Mapping[date, Mapping[UUID, Any]], standards: Mapping[UUID, StandardFacts], units: set[str], frozen: set[UUID]
) -> list[Promise]:  # fmt: skip
    chosen, ends_on = policy(one.row["role_policy"]), one.row["ends_on"]
    parts = {c.standard_id: _part(standards[c.standard_id], units, chosen) for c in one.claims if c.standard_id in standards}
    judged = {id: claimed_of(one.claims, then[day], parts, frozen) for id, day in one.days.items()}
    by_day = fulfilment.kept_each(one.commitments, judged)
    at_last = {kept.commitment.id: kept for kept in fulfilment.kept(one.commitments, claimed_of(one.claims, standards, parts, frozen))}
    ordered = sorted(by_day, key=lambda kept: (kept.commitment.due or ends_on or date.max, kept.commitment.level, kept.commitment.id))
    return [
        Promise(
            level=promise.level, count=promise.count, due=promise.due or ends_on, done=kept.count("done"),
            late=max(0, last.count("done") - kept.count("done")), pending=last.count("open"), under_way=last.count("under_way"),
            words=promise.source_text, cause=promise.cause or "", remedy=promise.remedy or "",
        )
        for kept in ordered for promise in [kept.commitment] for last in [at_last[promise.id]]
    ]  # fmt: skip


def _part(standard: StandardFacts, units: set[str], chosen: Policy) -> Part:
    """The part of a project's organisations in a standard, by the names they had when it was drafted."""
    if standard.level == "international":
        return judge_international(standard.international_role, chosen)
    ours = [drafter for drafter in standard.drafters if drafter.organisation in units]
    return judge(standard.drafters, ours, chosen, unnamed=standard.drafters_not_named)
