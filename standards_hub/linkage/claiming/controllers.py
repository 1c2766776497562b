"""The JSON doors of the life of claims: parse, call one service function, present."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Struct

from standards_hub.committees.controllers import After, IfMatch, Limit
from standards_hub.committees.schemas import Reason
from standards_hub.kernel.http import Page, Said, download, expect
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository, roles
from standards_hub.linkage.claiming import entering, finding, proving, reckoning, service, suggesting
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.entering import Entered, Merge
from standards_hub.linkage.claiming.finding import FoundEvidence
from standards_hub.linkage.claiming.presenting import review_out
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, ReviewOut, Ruling, Shortfall, Suggested, Take, Verify
from standards_hub.linkage.claiming.states import Evidence
from standards_hub.linkage.values import Claim, ClaimState, Commitment, Project, ProjectLink

MANAGE: dict[str, Any] = {"permission": "project.manage"}
VERIFY: dict[str, Any] = {"permission": "claim.verify"}
READ: dict[str, Any] = {"permission": "claim.read"}
States = Annotated[
    list[ClaimState] | None,
    Parameter(query="state", max_items=8, description="States to list; those that wait to be verified if left out."),
]
Contested = Annotated[bool, Parameter(description="Only those of which two say they are the primary of a standard.")]


class PolicyOut(Struct, frozen=True):
    """A policy by which leading is told from taking part."""

    key: str
    name: Said
    text: Said
    source: str
    verified: bool


class ClaimController(Controller):
    """What becomes of a project's claim, and what shows that it is true."""

    path = "/projects/{id:uuid}"
    tags = ("申报 Claims",)

    @post("/suggestions", operation_id="SuggestClaims", opt=MANAGE)
    async def suggest(self, work: Work, id: UUID, if_match: IfMatch = None) -> Suggested:
        """Look for standards that name the project's units or manager and note them as suggested claims, with why."""
        await _expected(work, id, if_match)
        return Suggested(await suggesting.suggest(work, id))

    @post("/standards/{claim_id:uuid}/take", operation_id="TakeSuggestion", opt=MANAGE, status_code=HTTP_200_OK)
    async def take(self, work: Work, id: UUID, claim_id: UUID, data: Take, if_match: IfMatch = None) -> Claim:
        """Make a suggestion the project's claim."""
        await _expected(work, id, if_match)
        return await service.take(work, id, claim_id, data)

    @post("/standards/{claim_id:uuid}/dismiss", operation_id="DismissSuggestion", opt=MANAGE, status_code=HTTP_200_OK)
    async def dismiss(self, work: Work, id: UUID, claim_id: UUID, data: Reason, if_match: IfMatch = None) -> Claim:
        """Say that a suggestion is none; it is not made again."""
        await _expected(work, id, if_match)
        return await service.dismiss(work, id, claim_id, data)

    @get("/standards/{claim_id:uuid}/review", operation_id="ReviewClaim", opt=READ)
    async def review(self, reading: Work, id: UUID, claim_id: UUID) -> ReviewOut:
        """The claim with its part, the promises it may keep, its evidence, its rivals, and what stands in the way of verifying it."""
        return await review_out(reading, await service.review(reading, id, claim_id))

    @post("/standards/{claim_id:uuid}/submit", operation_id="SubmitClaim", opt=MANAGE, status_code=HTTP_200_OK)
    async def submit(self, work: Work, id: UUID, claim_id: UUID, data: Day, if_match: IfMatch = None) -> Claim:
        """Hand a claim in to be verified; it needs a piece of evidence at least."""
        await _expected(work, id, if_match)
        return await service.submit(work, id, claim_id, data)

    @post("/standards/{claim_id:uuid}/verify", operation_id="VerifyClaim", opt=VERIFY, status_code=HTTP_200_OK)
    async def verify(self, work: Work, id: UUID, claim_id: UUID, data: Verify, if_match: IfMatch = None) -> Claim:
        """Find a claim true: never by somebody who had a hand in it, and only on the evidence that the contract asks for."""
        await _expected(work, id, if_match)
        return await service.verify(work, id, claim_id, data)

    @post("/standards/{claim_id:uuid}/return", operation_id="ReturnClaim", opt=VERIFY, status_code=HTTP_200_OK)
    async def send_back(self, work: Work, id: UUID, claim_id: UUID, data: Reason, if_match: IfMatch = None) -> Claim:
        """Send a claim back to the claimant with what is wrong."""
        await _expected(work, id, if_match)
        return await service.send_back(work, id, claim_id, data)

    @post("/standards/{claim_id:uuid}/revoke", operation_id="RevokeClaim", opt=VERIFY, status_code=HTTP_200_OK)
    async def revoke(self, work: Work, id: UUID, claim_id: UUID, data: Reason, if_match: IfMatch = None) -> Claim:
        """Take back what was verified, because it turned out to be false."""
        await _expected(work, id, if_match)
        return await service.revoke(work, id, claim_id, data)

    @post("/standards/{claim_id:uuid}/evidence", operation_id="AddEvidence", opt=MANAGE)
    async def prove(self, work: Work, id: UUID, claim_id: UUID, data: NewEvidence, if_match: IfMatch = None) -> Evidence:
        """Put a piece of evidence on a claim: a stored file by its hash with the page, or an address with the day it was read."""
        await _expected(work, id, if_match)
        return await proving.add(work, id, claim_id, data)

    @post(
        "/standards/{claim_id:uuid}/evidence/{evidence_id:uuid}/withdraw",
        operation_id="WithdrawEvidence",
        opt=MANAGE,
        status_code=HTTP_200_OK,
    )
    async def withdraw(self, work: Work, id: UUID, claim_id: UUID, evidence_id: UUID, data: Reason, if_match: IfMatch = None) -> Evidence:
        """Take a piece of evidence back; it stays on the record."""
        await _expected(work, id, if_match)
        return await proving.withdraw(work, id, claim_id, evidence_id, data)

    @get(
        "/standards/{claim_id:uuid}/evidence/{evidence_id:uuid}/file", operation_id="GetEvidenceFile", opt=READ,
        media_type="application/octet-stream",
    )  # fmt: skip
    async def file(self, reading: Work, id: UUID, claim_id: UUID, evidence_id: UUID) -> Response[bytes]:
        """The file of a piece of evidence."""
        found, content = await proving.read(reading, id, claim_id, evidence_id)
        return download(content, found.filename or str(found.id), found.media_type or "application/octet-stream")

    @post("/commitments/{commitment_id:uuid}/shortfall", operation_id="ExplainShortfall", opt=MANAGE, status_code=HTTP_200_OK)
    async def explain(self, work: Work, id: UUID, commitment_id: UUID, data: Shortfall, if_match: IfMatch = None) -> Commitment:
        """Say why a promise stays short, and what is done about it; required before the project is closed."""
        await _expected(work, id, if_match)
        return await reckoning.explain(work, id, commitment_id, data)


class EvidenceController(Controller):
    """Evidence by the number that reports and acceptance packages print."""

    path = "/evidence"
    tags = ("申报 Claims",)

    @get("/{number:str}", operation_id="FindEvidence", opt={"permission": "standard.read"})
    async def find(self, reading: Work, number: str) -> list[FoundEvidence]:
        """The paper or the piece of evidence of a number such as ZJ7WN9RGDQ; more than one only by rare chance."""
        return await finding.find(reading, number)


class EnteringController(Controller):
    """Projects that are not on the list."""

    path = "/projects"
    tags = ("科技项目 Projects",)

    @post("/entered", operation_id="EnterProject", opt={"permission": "project.enter"})
    async def enter(self, work: Work, data: Entered) -> Claim:
        """Claim a standard for a project that is not on the list; an officer confirms it or merges it into another."""
        return await entering.enter(work, data)

    @post("/{id:uuid}/confirm", operation_id="ConfirmProject", opt={"permission": "project.check"}, status_code=HTTP_200_OK)
    async def confirm(self, work: Work, id: UUID, data: Reason) -> Project:
        """Say that a project to be checked is one of its own and now on the list."""
        return await entering.confirm(work, id, data)

    @post("/{id:uuid}/merge", operation_id="MergeProject", opt={"permission": "project.check"}, status_code=HTTP_200_OK)
    async def merge(self, work: Work, id: UUID, data: Merge) -> Project:
        """Say that a project to be checked is another one: its claims go there with their evidence, and its number finds that one."""
        return await entering.merge(work, id, data)


class ClaimListController(Controller):
    """Claims of all projects: what waits to be verified, and what waits for a ruling."""

    path = "/claims"
    tags = ("申报 Claims",)

    @get(operation_id="ListClaims", opt=READ)
    async def listed(
        self, reading: Work, states: States = None, contested: Contested = False, after: After = None, limit: Limit = 50
    ) -> Page[ProjectLink]:
        """Claims in some states, the longest waiting first; `contested` gives those of which two say they are the primary."""
        if contested:
            return Page(await claiming.links(reading.connection, contested=True, projects=service.readable(reading), limit=limit))
        found = await claiming.links(
            reading.connection, states=states or ("in_review",), projects=service.readable(reading), after=after, limit=limit + 1
        )
        return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)

    @post("/primary/{standard_id:uuid}", operation_id="RulePrimary", opt={"permission": "claim.rule"}, status_code=HTTP_200_OK)
    async def rule(self, work: Work, standard_id: UUID, data: Ruling) -> list[ProjectLink]:
        """Say which of the projects that contest the primary of a standard has it."""
        return await service.rule(work, standard_id, data)

    @get("/policies", operation_id="ListRolePolicies", opt={"permission": "project.read"})
    async def policies(self) -> list[PolicyOut]:
        """The policies by which leading is told from taking part, each with its source."""
        return [PolicyOut(key, Said.of(one.name), Said.of(one.text), one.source, one.verified) for key, one in roles.policies().items()]


async def _expected(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.project(work.connection, id, lock=True)).version)


CONTROLLERS = [ClaimController, EvidenceController, EnteringController, ClaimListController]
