"""What stands around a plan's standards on a day, told out of the log: projects, committees, positions held abroad."""

from datetime import date

from standards_hub.committees import repository as registers
from standards_hub.committees.models import CommitteeRow
from standards_hub.committees.values import COMMITTEE_STATES, POSITIONS
from standards_hub.documents.promises import promises
from standards_hub.documents.proofs import evidence
from standards_hub.documents.report.around import Around, CommitteeFacts, PositionFacts
from standards_hub.kernel import audit
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository as linkage
from standards_hub.linkage import versions
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.services.tallies import Tally


async def around(work: Work, plan_key: str, found: Tally) -> Around:
    """Projects, committees, positions and the evidence of what counts, as of the day of the count and from what was known with it."""
    day, held = found.counted.as_of, found.held
    return Around(
        await promises(work.connection, plan_key, day, held), await _committees(work, plan_key, day, held), await _positions(work, day, held),
        await evidence(work.connection, found.counted, held),
    )  # fmt: skip


async def _committees(work: Work, plan_key: str, day: date, held: Portfolio) -> tuple[CommitteeFacts, ...]:
    log = await linkage.plan_log(work, await linkage.plan_by_key(work, plan_key))
    named = versions.committees_on(log, day, held.known_at)
    streams = [f"committee:{one.committee_id}" for one in named if one.committee_id]
    then = await audit.as_of(work.connection, day, streams=streams, known_at=held.known_at)
    entered = await audit.as_of(work.connection, day, streams=streams, known_at=held.known_at, entered=True)
    # A committee that was entered later was there before, if it had been founded by the day.
    rows = {row["id"]: row for row in entered.rows(CommitteeRow) if row["founded_on"] and row["founded_on"] <= day}
    rows |= {row["id"]: row for row in then.rows(CommitteeRow)}
    found = []
    for one in named:
        row = rows.get(one.committee_id) if one.committee_id else None
        state = str(COMMITTEE_STATES[row["state"]]) if row else None
        found.append(CommitteeFacts(row["name_zh"] if row else one.name_zh, state, row["founded_on"] if row else None))
    return tuple(found)


async def _positions(work: Work, day: date, held: Portfolio) -> tuple[PositionFacts, ...]:
    seats = await registers.international_seats_on(work.connection, day, held.known_at)
    return tuple(
        PositionFacts(h.family, h.committee_label, str(POSITIONS[h.position]), h.person_name, h.organisation_name or "", h.since, h.leads)
        for h in sorted(seats, key=lambda h: (h.family, h.committee_label, not h.leads, h.person_name, str(h.seat_id)))
    )
