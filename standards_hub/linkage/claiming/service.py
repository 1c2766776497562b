"""What users do to a claim after it is made: hand it in, verify it, return it, revoke it, rule between two primaries."""

from datetime import date
from uuid import UUID

from msgspec import Struct, structs

from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import HUB, permissions
from standards_hub.kernel.errors import Unmet, refuse_if
from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.values import Standard
from standards_hub.lifecycle.waiting import Waiting
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.events import (
    ClaimAccepted,
    ClaimReturned,
    ClaimRevoked,
    ClaimSubmitted,
    ClaimVerified,
    PrimaryRuled,
    SuggestionDismissed,
    SuggestionTaken,
)
from standards_hub.linkage.claiming.parts import parts_of
from standards_hub.linkage.claiming.schemas import Day, Ruling, Take, Verify
from standards_hub.linkage.claiming.states import (
    Evidence,
    Move,
    cautions,
    contested,
    unmet_for_move,
    unmet_for_second,
    unmet_for_verifying,
)
from standards_hub.linkage.claims import unmet_for_claim, unmet_for_project
from standards_hub.linkage.roles import DEFAULT, Part
from standards_hub.linkage.values import Claim, Commitment, Project, ProjectLink, share_of

TOLD: dict[Move, str] = {"return": "returned", "revoke": "revoked"}
MANAGE, VERIFY, RULE = "project.manage", "claim.verify", "claim.rule"


class Review(Struct, frozen=True):
    """Everything that somebody who verifies a claim looks at, and what stands in the way."""

    project: Project
    claim: Claim
    standard: Standard
    part: Part
    commitments: list[Commitment]
    """Those in force of the standard's level."""
    evidence: list[Evidence]
    rivals: list[ProjectLink]
    """The other live claims on the standard."""
    frozen: bool
    unmet: list[Unmet]
    cautions: list[Message]
    """What stops nothing and should be known before verifying."""


async def take(work: Work, project_id: UUID, claim_id: UUID, data: Take) -> Claim:
    """Make a suggestion the project's claim."""
    data = checked(data)
    project, found, others = await _loaded(work, project_id, claim_id, MANAGE, "take")
    unmet = unmet_for_move("take", found) + unmet_for_claim(project_id, data.share, others, except_for=claim_id)
    refuse_if(unmet + unmet_for_project(project), say("不能申报标准"))
    day = day_of(work, data.on)
    share = str(share_of(data.share)) if data.share else None
    event = SuggestionTaken(
        claim=claim_id, standard_id=found.standard_id, relation=data.relation, share=share, primary=data.primary, note=data.note,
        contribution=data.contribution,
    )  # fmt: skip
    await work.append(project, event, effective_on=day)
    return structs.replace(
        found, state="claimed", claimed_on=day, relation=data.relation, share=share, primary=data.primary, note=data.note,
        contribution=data.contribution,
    )  # fmt: skip


async def dismiss(work: Work, project_id: UUID, claim_id: UUID, data: Reason) -> Claim:
    """Say that a suggestion is none; it is not made again."""
    return await _move(work, project_id, claim_id, MANAGE, "dismiss", data, SuggestionDismissed)


async def submit(work: Work, project_id: UUID, claim_id: UUID, data: Day) -> Claim:
    """Hand a claim in to be verified; one that was returned must fit in again beside the others."""
    project, found, others = await _loaded(work, project_id, claim_id, MANAGE, "submit")
    frozen = claim_id in contested([*others, _with(found, "claimed")])
    unmet = unmet_for_move("submit", found, frozen=frozen)
    if found.state == "returned":
        unmet += unmet_for_claim(project_id, found.share, others, except_for=claim_id)
    if not any(one.withdrawn_on is None for one in (await claiming.evidence_of(work.connection, [claim_id])).get(claim_id, ())):
        unmet.append(Unmet("evidence.none", say("请先提交至少一份佐证"), fixer="project_manager"))
    day = day_of(work, data.on)
    refuse_if(unmet + _too_early(found, day), say("不能送审"))
    await work.append(project, ClaimSubmitted(claim=claim_id, standard_id=found.standard_id), effective_on=day)
    await tell(work, project, claim_id, "submitted")
    return structs.replace(found, state="in_review", submitted_on=day, withdrawn_on=None)


async def review(work: Work, project_id: UUID, claim_id: UUID) -> Review:
    """A claim with its standard, the promises it may keep, its evidence and its rivals, side by side."""
    project = await repository.project(work.connection, project_id)
    work.actor.require("claim.read", project)
    found = await repository.claim(work.connection, project_id, claim_id)
    standard = await lifecycle.standard(work.connection, found.standard_id)
    commitments = [
        one for one in await repository.commitments(work.connection, project_id) if one.level == standard.level and one.withdrawn_on is None
    ]
    evidence = (await claiming.evidence_of(work.connection, [claim_id])).get(claim_id, [])
    links = await repository.claims_of_standard(work, found.standard_id)
    frozen = claim_id in contested(links)
    part = (await parts_of(work, project, [standard.id]))[standard.id]
    unmet = unmet_for_move("verify", found, frozen=frozen) + unmet_for_verifying(commitments, standard.level, evidence)
    unmet += await _second(work, project, claim_id, VERIFY)
    rivals = [one for one in links if one.id != claim_id]
    return Review(project, found, standard, part, commitments, evidence, rivals, frozen, unmet, cautions(found, part))


async def verify(work: Work, project_id: UUID, claim_id: UUID, data: Verify) -> Claim:
    """Find a claim true: by somebody who had no hand in it, on the evidence that the contract asks for."""
    data = checked(data)
    project, found, _ = await _loaded(work, project_id, claim_id, VERIFY, "verify")
    seen = await review(work, project_id, claim_id)
    policy, day = project.role_policy or DEFAULT, day_of(work, data.on)
    refuse_if(seen.unmet + _too_early(found, day), say("不能认定"))
    event = ClaimVerified(claim=claim_id, standard_id=found.standard_id, role=seen.part.role, policy=policy, note=data.note)
    await work.append(project, event, effective_on=day)
    await tell(work, project, claim_id, "verified")
    return structs.replace(found, state="verified", decided_on=day, role=seen.part.role, policy=policy, reason=data.note)


async def send_back(work: Work, project_id: UUID, claim_id: UUID, data: Reason) -> Claim:
    """Return a claim to the claimant with what is wrong."""
    return await _move(work, project_id, claim_id, VERIFY, "return", data, ClaimReturned)


async def revoke(work: Work, project_id: UUID, claim_id: UUID, data: Reason) -> Claim:
    """Take back what was verified, because it turned out to be false. Claimant and verifier are told."""
    return await _move(work, project_id, claim_id, VERIFY, "revoke", data, ClaimRevoked)


async def accept_all(work: Work, project: Project, day_said: Day) -> list[Claim]:
    """Take every verified claim of a project that is being closed into its acceptance. Its caller asked the permission."""
    day, made = day_of(work, day_said.on), []
    found = [one for one in await repository.claims(work.connection, project.id) if one.state == "verified"]
    links = await repository.projects_of_standards(work, [one.standard_id for one in found])
    frozen = contested(link for same in links.values() for link in same)
    for one in found:
        if not unmet_for_move("accept", one, frozen=one.id in frozen):
            await work.append(project, ClaimAccepted(claim=one.id, standard_id=one.standard_id), effective_on=day)
            made.append(structs.replace(one, state="accepted", decided_on=day))
    return made


async def rule(work: Work, standard_id: UUID, data: Ruling) -> list[ProjectLink]:
    """Say which of the projects that contest the primary of a standard has it; the others stay claims without it.

    As with verifying, nobody rules who had a hand in one of the claims at odds.
    """
    data = checked(data)
    links = await repository.claims_of_standard(work, standard_id, lock=True)
    at_odds = contested(links)
    unmet = [] if at_odds else [Unmet("ruling.none", say("该标准的主要归属没有争议"))]
    if at_odds and data.claim_id not in at_odds:
        unmet.append(Unmet("ruling.claim", say("请从有争议的申报中选择"), "claim_id"))
    rivals = [(one, await repository.project(work.connection, one.project_id)) for one in links if one.id in at_odds]
    for _, project in rivals:
        work.actor.require(RULE, project)
    refuse_if(unmet or await unmet_for_ruling(work, standard_id), say("不能裁定"))
    day = day_of(work, data.on)
    for one, project in rivals:
        event = PrimaryRuled(claim=one.id, standard_id=standard_id, primary=one.id == data.claim_id, reason=data.reason)
        await work.append(project, event, effective_on=day)
    return await repository.claims_of_standard(work, standard_id)


async def unmet_for_ruling(work: Work, standard_id: UUID) -> list[Unmet]:
    """What the rule of two says to the actor about ruling on a standard, once whatever it was that they had a hand in."""
    links = await repository.claims_of_standard(work, standard_id)
    at_odds = contested(links)
    for one in links:
        if one.id in at_odds:
            project = await repository.project(work.connection, one.project_id)
            if found := await _second(work, project, one.id, RULE):
                return found
    return []


async def _second(work: Work, project: Project, claim_id: UUID, permission: str) -> list[Unmet]:
    """What the rule of two says to the actor, also to a deputy of one who had a hand in the claim."""
    labels, persons = await claiming.hands(work.connection, project.id, claim_id)
    found = unmet_for_second(labels, persons, label=work.actor.label, person=work.actor.person)
    principal = work.actor.acts_for(permissions()[permission].roles, project.bodies())
    if not found and principal:
        whom = await accounts.account(work.connection, principal.account)
        found = unmet_for_second(labels, persons, label=f"account:{whom.id}", person=whom.person_id)
    return found


async def _loaded(work: Work, project_id: UUID, claim_id: UUID, permission: str, move: Move) -> tuple[Project, Claim, list[ProjectLink]]:
    project = await repository.project(work.connection, project_id)
    work.actor.require(permission, project)
    found = await repository.claim(work.connection, project_id, claim_id)
    return project, found, await repository.claims_of_standard(work, found.standard_id, lock=True)


async def _move(work: Work, project_id: UUID, claim_id: UUID, permission: str, move: Move, data: Reason, event: type[Event]) -> Claim:
    data = checked(data)
    project, found, others = await _loaded(work, project_id, claim_id, permission, move)
    day, unmet = day_of(work, data.on), unmet_for_move(move, found, frozen=claim_id in contested(others))
    refuse_if(unmet + _too_early(found, day), say("不能办理"))
    done: Event = event(claim=claim_id, standard_id=found.standard_id, reason=data.reason)
    await work.append(project, done, effective_on=day)
    if move in TOLD:
        await tell(work, project, claim_id, TOLD[move])
    return await repository.claim(work.connection, project_id, claim_id)


def readable(work: Work) -> set[UUID] | None:
    """The projects whose claims the actor may read: all, as None, by a role in the whole hub, else those in which one is held."""
    held = [grant for grant in work.actor.grants if grant.role in permissions()["claim.read"].roles]
    if work.actor.system or any(grant.body == HUB for grant in held):
        return None
    return {UUID(grant.body[1]) for grant in held if grant.body[0] == "project"}


async def waiting(work: Work) -> list[Waiting]:
    """The claims that wait for a verdict and the contests that wait for a ruling, of those whom the actor may judge; one line each."""
    c, own, found = work.connection, readable(work), list[Waiting]()
    if work.actor.may(VERIFY) and (count := await claiming.count_links(c, ("in_review",), own)):
        (oldest,) = await claiming.links(c, states=("in_review",), projects=own, limit=1)
        day = oldest.submitted_on or work.today
        found.append(Waiting(say("科技项目的申报"), say("{count} 项申报待认定", count=count), day, say("认定"), "/claims"))
    if work.actor.may(RULE) and (rivals := await claiming.links(c, contested=True, projects=own, limit=500)):
        day = min((one.claimed_on for one in rivals if one.claimed_on), default=work.today)
        title = say("{count} 项标准的主要归属有争议", count=len({one.standard_id for one in rivals}))
        found.append(Waiting(say("科技项目的申报"), title, day, say("裁定"), "/claims?tab=contested"))
    return found


def _too_early(found: Claim, day: date) -> list[Unmet]:
    """Days are told in the order of what was done: the log as of a day would otherwise know a decision and not the claim."""
    last = max((done for done in (found.claimed_on, found.submitted_on, found.decided_on) if done), default=day)
    return [Unmet("claim.early", say("上一步办于 {day}，不能更早", day=last), "on")] if day < last else []


async def tell(work: Work, project: Project, claim_id: UUID, what: str) -> None:
    """Ask for a notice about a claim; the job finds who is concerned when it runs."""
    key = f"claim:{claim_id}:{what}:{project.version}"
    await work.enqueue("claim.notice", {"claim_id": str(claim_id), "what": what}, key=key)


def _with(claim: Claim, state: str) -> Claim:
    return structs.replace(claim, state=state)


__all__ = [
    "Review",
    "accept_all",
    "dismiss",
    "review",
    "revoke",
    "rule",
    "send_back",
    "submit",
    "take",
    "unmet_for_ruling",
    "verify",
    "waiting",
]
