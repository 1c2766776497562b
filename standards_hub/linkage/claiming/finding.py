"""Evidence by its number, as reports and acceptance packages print it: a paper of a dossier, or a piece of evidence on a claim."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.evidence_numbers import evidence_number, ids_of
from standards_hub.lifecycle.values import Paper
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.states import Evidence
from standards_hub.linkage.values import EVIDENCE_KINDS, ProjectLink

EXAMPLE = UUID("3f2a9c41-b7d0-4000-8000-000000000000")


class FoundEvidence(Struct, frozen=True, kw_only=True):
    """One piece of evidence, what it is of, and where its page is."""

    number: str
    of: Literal["standard", "claim"]
    id: UUID
    kind: str
    title: str
    standard_id: UUID
    path: str
    project_id: UUID | None = None
    claim_id: UUID | None = None
    page: str | None = None
    """Where in the file it is said."""
    reference: str | None = None
    """Document number or address, where it has no file here."""
    sha256: str | None = None
    withdrawn: bool = False
    open: bool = True
    """False where the actor may know that it is there, and not see it; then only its kind and its standard are told."""


async def find(work: Work, number: str) -> list[FoundEvidence]:
    """What a number stands for, which is one piece but by rare chance; evidence on a claim opens to who may see claims. Raises `NotFound`."""
    work.actor.require("standard.read")
    span = ids_of(number)
    papers = await lifecycle.papers_between(work.connection, *span) if span else []
    pieces = await claiming.evidence_between(work.connection, *span) if span else []
    if not papers and not pieces:
        raise NotFound(say("找不到证据 {number}；编号形如 {example}", number=number, example=evidence_number(EXAMPLE)))
    standards = await lifecycle.standards(work.connection, {paper.standard_id for paper in papers})
    found = [_paper(paper) for paper in papers if work.actor.may("standard.read", standards[paper.standard_id])]
    for piece in pieces:
        claim = await claiming.link(work.connection, piece.claim_id)
        project = await repository.project(work.connection, claim.project_id)
        found.append(_piece(piece, claim) if work.actor.may("claim.read", project) else _closed(piece, claim))
    return found


def _closed(piece: Evidence, claim: ProjectLink) -> FoundEvidence:
    return FoundEvidence(
        number=evidence_number(piece.id), of="claim", id=piece.id, kind=piece.kind, title=str(EVIDENCE_KINDS[piece.kind]),
        standard_id=claim.standard_id, path=f"/standards/{claim.standard_id}", open=False,
    )  # fmt: skip


def _paper(paper: Paper) -> FoundEvidence:
    return FoundEvidence(
        number=evidence_number(paper.id), of="standard", id=paper.id, kind=paper.kind, title=paper.title, standard_id=paper.standard_id,
        path=f"/standards/{paper.standard_id}/papers/{paper.id}", reference=paper.reference, sha256=paper.sha256,
        withdrawn=paper.withdrawn_on is not None,
    )  # fmt: skip


def _piece(piece: Evidence, claim: ProjectLink) -> FoundEvidence:
    return FoundEvidence(
        number=evidence_number(piece.id), of="claim", id=piece.id, kind=piece.kind, title=piece.title, standard_id=claim.standard_id,
        path=f"/projects/{claim.project_id}/standards/{claim.id}?evidence={piece.id}#preview", project_id=claim.project_id, claim_id=claim.id,
        page=piece.page, reference=piece.url, sha256=piece.sha256, withdrawn=piece.withdrawn_on is not None,
    )  # fmt: skip
