"""The evidence that counted standards rest on, each piece with its number: papers of the dossiers, and evidence on verified claims."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.documents.report.around import EvidenceFacts
from standards_hub.documents.report.lists import EVIDENCE
from standards_hub.kernel import audit
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.counting import Counted
from standards_hub.linkage.models import ClaimEvidenceRow, ProjectRow, ProjectStandardRow
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.values import CONFIRMED, EVIDENCE_KINDS


async def evidence(connection: AsyncConnection, counted: Counted, held: Portfolio) -> tuple[EvidenceFacts, ...]:
    """What shows that the counted standards were published, then what shows that they are the output of a project."""
    standards = [line.standard for line in counted.having("counted")]
    published = [
        EvidenceFacts(
            evidence_number(paper.id), one.id, EVIDENCE.get(paper.kind, paper.kind), paper.title, paper.reference or paper.filename or "", "",
            paper.dated,
        )
        for one in standards
        for paper in held.papers.get(one.id, ())
        if paper.kind in (one.publication_evidence or one.approval_evidence)
    ]  # fmt: skip
    return (*published, *await _claimed(connection, {UUID(one.id) for one in standards}, counted, held))


async def _claimed(connection: AsyncConnection, standards: set[UUID], counted: Counted, held: Portfolio) -> list[EvidenceFacts]:
    streams = [f"project:{id}" for id in sorted(await linkage.ever_claiming(connection, standards))]
    replica = await audit.as_of(connection, counted.as_of, streams=streams, known_at=held.known_at)
    numbers = {row["id"]: row["project_no"] for row in replica.rows(ProjectRow)}
    claims = {
        row["id"]: row for row in replica.rows(ProjectStandardRow)
        if row["standard_id"] in standards and row["relation"] == "output_of" and row["state"] in CONFIRMED
    }  # fmt: skip
    found = [
        EvidenceFacts(
            evidence_number(row["id"]), str(claim["standard_id"]), str(EVIDENCE_KINDS[row["kind"]]), row["title"],
            row["filename"] or row["url"] or "", row["page"] or "", row["retrieved_on"] or row["added_on"], numbers[claim["project_id"]],
        )
        for row in replica.rows(ClaimEvidenceRow)
        if row["withdrawn_on"] is None and (claim := claims.get(row["claim_id"]))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.project_no, one.number))
