"""What users do to a project's claims on standards: claim, edit, withdraw."""

from datetime import date
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.errors import Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.linkage import repository
from standards_hub.linkage.claiming.events import SuggestionTaken
from standards_hub.linkage.claiming.states import unmet_for_move
from standards_hub.linkage.claims import unmet_for_claim, unmet_for_project
from standards_hub.linkage.events import ClaimEdited, ClaimWithdrawn, StandardClaimed
from standards_hub.linkage.schemas import ClaimChange, NewClaim
from standards_hub.linkage.values import Claim, ClaimPatch, Project, share_of


async def claim(work: Work, project_id: UUID, data: NewClaim) -> Claim:
    """Claim a standard for a project. Others may claim it too; shares sum to one at most, and where two say they are the primary,
    both wait for a ruling.
    """
    return await make(work, await _mine(work, project_id), data)


async def make(work: Work, project: Project, data: NewClaim) -> Claim:
    """A project's claim, whose permission its caller asked; where the standard was suggested, that suggestion is taken."""
    data, project_id = checked(data), project.id
    await lifecycle.standard(work.connection, data.standard_id)
    others = await repository.claims_of_standard(work, data.standard_id, lock=True)
    refuse_if(unmet_for_claim(project_id, data.share, others) + unmet_for_project(project), say("不能申报标准"))
    day, own = day_of(work, data.on), await repository.claims(work.connection, project_id)
    suggested = next((one for one in own if one.state == "suggested" and one.standard_id == data.standard_id), None)
    made = Claim(
        id=suggested.id if suggested else uuid4(), project_id=project_id, standard_id=data.standard_id, relation=data.relation, share=_exact(data.share),
        primary=data.primary, state="claimed", claimed_on=day, note=data.note, contribution=data.contribution,
        grounds=suggested.grounds if suggested else None,
    )  # fmt: skip
    event = (SuggestionTaken if suggested else StandardClaimed)(
        claim=made.id, standard_id=made.standard_id, relation=made.relation, share=made.share, primary=made.primary, note=made.note,
        contribution=made.contribution,
    )  # fmt: skip
    await work.append(project, event, effective_on=day)
    return made


async def edit(work: Work, project_id: UUID, claim_id: UUID, change: ClaimChange, *, on: date | None = None) -> Claim:
    """Change a claim. The primary passes from another project by somebody who may manage that one too; else both contest it."""
    change = checked(change)
    project = await _mine(work, project_id)
    found = await repository.claim(work.connection, project_id, claim_id)
    others = await repository.claims_of_standard(work, found.standard_id, lock=True)
    said = {name: value for name, value in structs.asdict(change).items() if value is not UNSET and name != "reason"}
    unmet = unmet_for_move("edit", found)
    share = said.get("share", found.share)
    unmet += unmet_for_claim(project_id, share, others, except_for=claim_id)
    refuse_if(unmet, say("不能变更申报"))
    if "share" in said:
        said["share"] = _exact(share)
    news = ClaimPatch(**said).news(found)
    if not news.said():
        return found
    day = day_of(work, on)
    if news.primary is True:
        for other in others:
            if other.primary and other.id != claim_id:
                holder = await repository.project(work.connection, other.project_id)
                if not work.actor.may("project.manage", holder):
                    continue  # contested: both wait for a ruling
                event = ClaimEdited(
                    claim=other.id, standard_id=other.standard_id, before=ClaimPatch(primary=True), after=ClaimPatch(primary=False),
                    reason=change.reason,
                )  # fmt: skip
                await work.append(holder, event, effective_on=day)
    event = ClaimEdited(claim=claim_id, standard_id=found.standard_id, before=news.before(found), after=news, reason=change.reason)
    await work.append(project, event, effective_on=day)
    return structs.replace(found, **news.said())


async def withdraw(work: Work, project_id: UUID, claim_id: UUID, data: Reason) -> Claim:
    """Take a claim back; it stays on the record, and its share becomes free."""
    data = checked(data)
    project = await _mine(work, project_id)
    found = await repository.claim(work.connection, project_id, claim_id)
    day = day_of(work, data.on)
    unmet = unmet_for_move("withdraw", found)
    if found.claimed_on and day < found.claimed_on:
        unmet.append(Unmet("claim.early", say("申报于 {day}，不能更早撤回", day=found.claimed_on), "on"))
    refuse_if(unmet, say("不能撤回申报"))
    await work.append(project, ClaimWithdrawn(claim=claim_id, standard_id=found.standard_id, reason=data.reason), effective_on=day)
    return structs.replace(found, state="withdrawn", withdrawn_on=day, primary=False)


async def _mine(work: Work, project_id: UUID) -> Project:
    project = await repository.project(work.connection, project_id)
    work.actor.require("project.manage", project)
    return project


def _exact(share: str | None) -> str | None:
    """The share as a fraction in lowest terms; the whole is `1`."""
    return str(share_of(share)) if share is not None else None
