"""The rules on claims: one claim a project, shares that sum to one at most. Two primaries are no error here: they wait for a ruling."""

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import say
from standards_hub.linkage.values import PROJECT_STATES, Claim, Project, ProjectLink, share_of

OVER = ("terminated", "merged")
"""The states in which a project claims nothing any more."""


def unmet_for_project(project: Project) -> list[Unmet]:
    """What stands in the way of any claim of a project."""
    if project.state not in OVER:
        return []
    return [Unmet(f"project.{project.state}", say("项目{state}，不能再申报标准", state=PROJECT_STATES[project.state]))]


def unmet_for_claim(project_id: UUID, share: str | None, claims: Iterable[ProjectLink], *, except_for: UUID | None = None) -> list[Unmet]:
    """What stands in the way of a project's claim on a standard, given the standard's other claims.

    `except_for` is the claim that is being changed. A share that is left open takes nothing from the sum.
    """
    others = [claim for claim in claims if claim.live and claim.id != except_for]
    unmet = []
    if any(claim.project_id == project_id for claim in others):
        unmet.append(Unmet("claim.again", say("该项目已申报此标准"), "standard_id"))
    if share is None:
        return unmet
    wanted = share_of(share)
    if wanted is None:
        unmet.append(Unmet("claim.share", say("份额应大于 0 且不超过 1，写作 1/3、0.25 或 25%"), "share"))
    elif (taken := total(others)) + wanted > 1:
        lines = [say("{number} {share}", number=claim.project_no, share=claim.share) for claim in others if claim.share]
        why = say("份额合计将超过 1，最多还可填 {left}；已申报：{claims}", left=str(1 - taken), claims=lines)
        unmet.append(Unmet("claim.sum", why, "share"))
    return unmet


def total(claims: Iterable[Claim]) -> Fraction:
    """The exact sum of the shares that are claimed."""
    return sum((share_of(claim.share) or Fraction(0) for claim in claims if claim.live and claim.share), Fraction(0))
