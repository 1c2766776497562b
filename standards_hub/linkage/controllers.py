"""The JSON doors of plans and projects: parse, call one service function, present."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from standards_hub.committees.controllers import After, IfMatch, Limit, Q, page_of, tagged, with_version
from standards_hub.committees.schemas import Reason
from standards_hub.kernel.http import Page, expect
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository, sheets
from standards_hub.linkage.claiming.controllers import CONTROLLERS as CLAIMING
from standards_hub.linkage.registering.controllers import CONTROLLERS as SHEETS
from standards_hub.linkage.schemas import (
    ClaimChange,
    CommitteeLink,
    KeptOut,
    NewClaim,
    NewCommitment,
    NewPlan,
    NewProject,
    NewTarget,
    PlanChange,
    PlanOut,
    ProjectChange,
    ProjectOut,
    ProjectStateChange,
    Rebase,
    Words,
)
from standards_hub.linkage.services import claims, plans, projects, tallies
from standards_hub.linkage.tallied import SideBySideOut, TallyOut
from standards_hub.linkage.values import Claim, Commitment, Plan, PlanCommittee, Project, ProjectState, Target

KnownAt = Annotated[date | None, Parameter(description="Use only what was recorded by the end of this day; today if left out.")]
Rule = Annotated[
    str | None, Parameter(max_length=60, description="Key of a counting rule, `approved` or `approved@1`; the plan's own if left out.")
]
Against = Annotated[str, Parameter(max_length=60, description="Key of the counting rule to compare with.")]
SheetFormat = Annotated[sheets.Format, Parameter(description="csv or xlsx")]
Fulfilment = list[KeptOut]
On = Annotated[date | None, Parameter(description="The day it is asked for; today if left out.")]


class PlanController(Controller):
    """Plans, their targets and their words."""

    path = "/plans"
    tags = ("计划 Plans",)

    @get(operation_id="ListPlans", opt={"permission": "plan.read"})
    async def list(self, reading: Work) -> Page[Plan]:
        """All plans."""
        return Page(await repository.plans(reading.connection))

    @post(operation_id="RegisterPlan", opt={"permission": "plan.manage"})
    async def register(self, work: Work, data: NewPlan) -> Response[Plan]:
        """Put a plan on the register with its targets and words."""
        return tagged(await plans.register(work, data), HTTP_201_CREATED)

    @get("/{key:str}", operation_id="GetPlan", opt={"permission": "plan.read"})
    async def show(self, reading: Work, key: str, on: On = None) -> Response[PlanOut]:
        """One plan with the targets in force on a day and their other versions."""
        found = await plans.show(reading, key, on=on)
        return with_version(found, found.plan.version)

    @patch("/{key:str}", operation_id="EditPlan", opt={"permission": "plan.manage"})
    async def edit(self, work: Work, key: str, data: PlanChange, if_match: IfMatch = None) -> Response[Plan]:
        """Change what is known of a plan."""
        await _plan(work, key, if_match)
        return tagged(await plans.edit(work, key, data))

    @post("/{key:str}/targets", operation_id="AddTarget", opt={"permission": "plan.manage"})
    async def add_target(self, work: Work, key: str, data: NewTarget, if_match: IfMatch = None) -> Target:
        """Add a target; a level may belong to one target only."""
        await _plan(work, key, if_match)
        return await plans.add_target(work, key, data)

    @post("/{key:str}/targets/{target:str}/rebase", operation_id="RebaseTarget", opt={"permission": "plan.manage"})
    async def rebase(self, work: Work, key: str, target: str, data: Rebase, if_match: IfMatch = None) -> Target:
        """Give a target a new version, for a reason; the old one is kept."""
        await _plan(work, key, if_match)
        return await plans.rebase(work, key, target, data)

    @post("/{key:str}/words", operation_id="ExtendPlan", opt={"permission": "plan.manage"}, status_code=HTTP_200_OK)
    async def extend(self, work: Work, key: str, data: Words, if_match: IfMatch = None) -> Response[PlanOut]:
        """Add fields, regions and committees to what the plan names."""
        await _plan(work, key, if_match)
        found = await plans.extend(work, key, data)
        return with_version(found, found.plan.version)

    @post("/{key:str}/committees", operation_id="LinkPlanCommittee", opt={"permission": "plan.manage"}, status_code=HTTP_200_OK)
    async def link_committee(self, work: Work, key: str, data: CommitteeLink, if_match: IfMatch = None) -> PlanCommittee:
        """Say which committee of the register an entry of the plan means."""
        await _plan(work, key, if_match)
        return await plans.link_committee(work, key, data)


class TallyController(Controller):
    """What counts toward a plan's targets, and why."""

    path = "/plans/{key:str}/count"
    tags = ("计划 Plans",)

    @get(operation_id="CountPlan", opt={"permission": "report.read"})
    async def count(self, reading: Work, key: str, as_of: On = None, known_at: KnownAt = None, rule: Rule = None) -> TallyOut:
        """The count on a day: every standard, whether it counts, and the clause of the rule that decided."""
        return TallyOut.of(await tallies.tally(reading, key, as_of or reading.today, known_at=known_at, rule=rule))

    @get("/against/{against:str}", operation_id="CompareRules", opt={"permission": "report.read"})
    async def compare(
        self, reading: Work, key: str, against: Against, as_of: On = None, known_at: KnownAt = None, rule: Rule = None
    ) -> SideBySideOut:
        """The same day under two rules, and each standard that they judge otherwise."""
        found = await tallies.side_by_side(reading, key, as_of or reading.today, against, known_at=known_at, rule=rule)
        return SideBySideOut.of(found)

    @get("/against/{against:str}/file/{format:str}", operation_id="ExportRules", opt={"permission": "report.read"})
    async def export(
        self, reading: Work, key: str, against: Against, format: SheetFormat, as_of: On = None, known_at: KnownAt = None, rule: Rule = None
    ) -> Response[bytes]:
        """The same as a file: the targets under both rules, and each standard that they judge otherwise with the clauses that decided."""
        found = await tallies.side_by_side(reading, key, as_of or reading.today, against, known_at=known_at, rule=rule)
        return Response(sheets.written(found, format, "zh"), media_type=sheets.MEDIA[format])


class ProjectController(Controller):
    """Projects, what they promise and what they claim."""

    path = "/projects"
    tags = ("科技项目 Projects",)

    @get(operation_id="ListProjects", opt={"permission": "project.read"})
    async def list(
        self, reading: Work, q: Q = None, plan: str | None = None, project_state: ProjectState | None = None,
        organisation: UUID | None = None, after: After = None, limit: Limit = 50,
    ) -> Page[Project]:  # fmt: skip
        """Projects by title; `q` finds a number in any spelling."""
        found = await repository.projects(
            reading.connection, text=q, plan=plan, state=project_state, organisation_id=organisation, after=after, limit=limit + 1
        )
        return page_of(found, limit)

    @post(operation_id="RegisterProject", opt={"permission": "project.manage"})
    async def register(self, work: Work, data: NewProject) -> Response[Project]:
        """Put a project on the register with what its contract promises."""
        return tagged(await projects.register(work, data), HTTP_201_CREATED)

    @get("/{id:uuid}", operation_id="GetProject", opt={"permission": "project.read"})
    async def show(self, reading: Work, id: UUID) -> Response[ProjectOut]:
        """One project with its commitments, claims and former numbers."""
        found = await projects.show(reading, id)
        return with_version(found, found.project.version)

    @get("/{id:uuid}/fulfilment", operation_id="GetFulfilment", opt={"permission": "project.read"})
    async def fulfilled(self, reading: Work, id: UUID) -> Fulfilment:
        """Each promise of its contract in force, with the claimed standards that answer it and what is missing."""
        return [KeptOut.of(kept) for kept in await projects.fulfilled(reading, id)]

    @patch("/{id:uuid}", operation_id="EditProject", opt={"permission": "project.manage"})
    async def edit(self, work: Work, id: UUID, data: ProjectChange, if_match: IfMatch = None) -> Response[Project]:
        """Change what is known of a project; a number it gives up is still found."""
        await _project(work, id, if_match)
        return tagged(await projects.edit(work, id, data))

    @post("/{id:uuid}/state", operation_id="ChangeProjectState", opt={"permission": "project.manage"}, status_code=HTTP_200_OK)
    async def change_state(self, work: Work, id: UUID, data: ProjectStateChange, if_match: IfMatch = None) -> Response[Project]:
        """Close it, terminate it or take it up again."""
        await _project(work, id, if_match)
        return tagged(await projects.change_state(work, id, data))

    @post("/{id:uuid}/commitments", operation_id="AddCommitment", opt={"permission": "project.manage"})
    async def promise(self, work: Work, id: UUID, data: NewCommitment, if_match: IfMatch = None) -> Commitment:
        """Record what the contract promises."""
        await _project(work, id, if_match)
        return await projects.promise(work, id, data)

    @post(
        "/{id:uuid}/commitments/{commitment_id:uuid}/withdraw", operation_id="WithdrawCommitment", opt={"permission": "project.manage"},
        status_code=HTTP_200_OK,
    )  # fmt: skip
    async def withdraw_promise(
        self, work: Work, id: UUID, commitment_id: UUID, data: Reason, if_match: IfMatch = None
    ) -> Response[Project]:
        """Record that an amendment took a promise back."""
        await _project(work, id, if_match)
        return tagged(await projects.withdraw_promise(work, id, commitment_id, data))

    @post("/{id:uuid}/standards", operation_id="ClaimStandard", opt={"permission": "project.manage"})
    async def claim(self, work: Work, id: UUID, data: NewClaim, if_match: IfMatch = None) -> Claim:
        """Claim a standard for the project; shares sum to one at most, and two primaries wait for a ruling."""
        await _project(work, id, if_match)
        return await claims.claim(work, id, data)

    @patch("/{id:uuid}/standards/{claim_id:uuid}", operation_id="EditClaim", opt={"permission": "project.manage"})
    async def edit_claim(self, work: Work, id: UUID, claim_id: UUID, data: ClaimChange, if_match: IfMatch = None) -> Claim:
        """Change a claim."""
        await _project(work, id, if_match)
        return await claims.edit(work, id, claim_id, data)

    @post(
        "/{id:uuid}/standards/{claim_id:uuid}/withdraw", operation_id="WithdrawClaim", opt={"permission": "project.manage"},
        status_code=HTTP_200_OK,
    )  # fmt: skip
    async def withdraw_claim(self, work: Work, id: UUID, claim_id: UUID, data: Reason, if_match: IfMatch = None) -> Claim:
        """Take a claim back; it stays on the record."""
        await _project(work, id, if_match)
        return await claims.withdraw(work, id, claim_id, data)


async def _plan(work: Work, key: str, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.plan_by_key(work, key, lock=True)).version)


async def _project(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.project(work.connection, id, lock=True)).version)


CONTROLLERS = [PlanController, TallyController, ProjectController, *CLAIMING, *SHEETS]
