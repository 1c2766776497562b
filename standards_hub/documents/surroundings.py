"""What stands around a plan's standards on a day, read from the log and the registers: projects, committees, positions held abroad."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from standards_hub.committees import repository as registers
from standards_hub.committees.models import CommitteeRow, OrganisationRow
from standards_hub.committees.values import COMMITTEE_STATES, POSITIONS
from standards_hub.documents.report.around import Around, CommitteeFacts, PositionFacts, ProjectFacts, Promise
from standards_hub.kernel import audit
from standards_hub.kernel.events import Replica, table_of
from standards_hub.kernel.work import Work
from standards_hub.linkage import fulfilment
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.facts import StandardFacts
from standards_hub.linkage.fulfilment import Claimed
from standards_hub.linkage.models import CommitmentRow, ProjectRow, ProjectStandardRow
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.values import Commitment

VERIFIED = ("verified", "accepted")
"""States of a claim in which it keeps a promise."""
PENDING = ("claimed", "in_review")


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
    leads = await _names(work, {row["lead_organisation_id"] for row in rows if row["lead_organisation_id"]})
    return tuple(
        ProjectFacts(
            project_no=row["project_no"], title=row["title"], state=row["state"],
            promises=tuple(_promises(replica, row, standards, leads.get(row["lead_organisation_id"]))),
        )
        for row in rows
    )  # fmt: skip


async def _names(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    organisation = table_of(OrganisationRow)
    rows = await work.connection.execute(sa.select(organisation.c.id, organisation.c.name_zh).where(organisation.c.id.in_(sorted(ids))))
    return {row.id: row.name_zh for row in rows}


def _promises(replica: Replica, project: Mapping[str, Any], standards: Mapping[UUID, StandardFacts], lead: str | None) -> list[Promise]:
    commitments = [
        msgspec.convert({name: row[name] for name in Commitment.__struct_fields__}, Commitment)
        for row in replica.rows(CommitmentRow) if row["project_id"] == project["id"]
    ]  # fmt: skip
    claims = [r for r in replica.rows(ProjectStandardRow) if r["project_id"] == project["id"] and r["relation"] == "output_of"]

    def kept(states: tuple[str, ...]) -> dict[UUID, fulfilment.Kept]:
        outputs = [_claimed(standards[r["standard_id"]], lead) for r in claims if r["state"] in states and r["standard_id"] in standards]
        return {one.commitment.id: one for one in fulfilment.kept(commitments, outputs)}

    verified, claimed = kept(VERIFIED), kept((*VERIFIED, *PENDING))
    ordered = sorted((one.commitment for one in verified.values()), key=lambda c: (c.due or project["ends_on"] or date.max, c.level, c.id))
    return [
        Promise(
            level=c.level, count=c.count, due=c.due or project["ends_on"], done=verified[c.id].count("done"),
            pending=max(0, claimed[c.id].count("done") - verified[c.id].count("done")), under_way=claimed[c.id].count("under_way"),
            words=c.source_text,
        )
        for c in ordered
    ]  # fmt: skip


def _claimed(standard: StandardFacts, lead: str | None) -> Claimed:
    """A standard as the promises see it; the project's leading organisation leads it if it is named first or responsible."""
    own = [d for d in standard.drafters if d.organisation == lead]
    return Claimed(
        id=UUID(standard.id), level=standard.level, stage=standard.stage, status=standard.status,
        leads=any(d.lead or d.rank == 1 for d in own) if own else None,
    )  # fmt: skip


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
