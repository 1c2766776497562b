"""What may become of a claim, and what stands in the way. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.linkage import roles
from standards_hub.linkage.roles import Part
from standards_hub.linkage.values import CLAIM_STATES, EVIDENCE_KINDS, Claim, ClaimState, Commitment, EvidenceKind

Move = Literal["take", "dismiss", "submit", "verify", "return", "withdraw", "revoke", "accept", "evidence", "edit"]
FROM: dict[Move, tuple[ClaimState, ...]] = {
    "take": ("suggested",),
    "dismiss": ("suggested",),
    "edit": ("claimed", "returned"),
    "evidence": ("claimed", "in_review", "returned"),
    "submit": ("claimed", "returned"),
    "verify": ("in_review",),
    "return": ("in_review",),
    "withdraw": ("claimed", "in_review", "verified", "returned"),
    "revoke": ("verified", "accepted"),
    "accept": ("verified",),
}
"""For each thing that is done to a claim the states in which it is possible."""
FROZEN_STOPS: tuple[Move, ...] = ("submit", "verify", "accept")
MARKS: dict[ClaimState, str] = {
    "suggested": "waiting", "claimed": "active", "in_review": "waiting", "verified": "met", "accepted": "done", "returned": "late",
    "withdrawn": "withdrawn", "revoked": "terminated",
}  # fmt: skip


class Evidence(Struct, frozen=True, kw_only=True):
    """What shows that a claim is true: a kept file with its page, or an address with the day it was read."""

    id: UUID
    claim_id: UUID
    kind: EvidenceKind
    title: str
    added_on: date
    added_by: str
    sha256: str | None = None
    filename: str | None = None
    media_type: str | None = None
    size: int | None = None
    page: str | None = None
    url: str | None = None
    retrieved_on: date | None = None
    withdrawn_on: date | None = None
    reason: str | None = None


def contested(claims: Iterable[Claim]) -> set[UUID]:
    """The claims that wait for a ruling: all that say they are the primary of a standard where more than one does."""
    of_standard: dict[UUID, set[UUID]] = {}
    for claim in claims:
        if claim.live and claim.primary:
            of_standard.setdefault(claim.standard_id, set()).add(claim.id)
    return {id for same in of_standard.values() if len(same) > 1 for id in same}


def unmet_for_move(move: Move, claim: Claim, *, frozen: bool = False) -> list[Unmet]:
    """What stands in the way of doing something to a claim as it is."""
    unmet = []
    if claim.state not in FROM[move]:
        unmet.append(Unmet(f"claim.{claim.state}", say("该申报{state}", state=CLAIM_STATES[claim.state])))
    if frozen and move in FROZEN_STOPS:
        why = say("该标准有两个以上项目申报为主要归属，均已冻结，须先由主管部门裁定")
        unmet.append(Unmet("claim.contested", why, fixer="officer"))
    return unmet


def unmet_for_verifying(commitments: Iterable[Commitment], level: str, evidence: Sequence[Evidence]) -> list[Unmet]:
    """The evidence that the promises of the standard's level ask for and that is not there; at least one piece always is."""
    held = {one.kind for one in evidence if one.withdrawn_on is None}
    if not held:
        return [Unmet("evidence.none", say("尚无佐证，请项目负责人补充"), fixer="project_manager")]
    wanted = wanted_for(commitments, level)
    return [
        Unmet("evidence.missing", say("合同要求的佐证缺少：{kind}", kind=EVIDENCE_KINDS[kind]), fixer="project_manager")
        for kind in wanted if kind not in held
    ]  # fmt: skip


def wanted_for(commitments: Iterable[Commitment], level: str) -> list[EvidenceKind]:
    """The kinds of evidence that the promises in force of a level ask for, each once."""
    asked = [kind for one in commitments if one.level == level and one.withdrawn_on is None for kind in one.evidence or ()]
    return [kind for kind in EVIDENCE_KINDS if kind in asked]


def cautions(claim: Claim, part: Part) -> list[Message]:
    """What whoever verifies a claim should know beforehand, though it stops nothing: an output that no unit of the project drafted."""
    if claim.relation != "output_of" or part.role is not None:
        return []
    return [
        say(
            "按本项目的位次口径，项目在该标准中没有身份：{why}。认定后只满足不限身份的承诺，请对照佐证核实",
            why=roles.why(part, roles.PROJECT),
        )
    ]


def unmet_for_second(accounts: Collection[str], persons: Collection[UUID], *, label: str, person: UUID | None) -> list[Unmet]:
    """The rule of two: nobody verifies what they, or the person they are, helped to claim."""
    if label in accounts or (person is not None and person in persons):
        why = say("您参与过申报（申报、修改、送审或提交佐证），须由另一人办理")
        return [Unmet("claim.same_person", why, fixer="officer")]
    return []


def says(claim: Claim, frozen: bool) -> Message:
    """The state in words; frozen ones say so."""
    state = CLAIM_STATES[claim.state]
    return say("{state}（争议冻结）", state=state) if frozen else state


def public(evidence: Evidence) -> dict[str, Any]:
    """What a manifest says of a piece of evidence."""
    return {name: getattr(evidence, name) for name in ("kind", "title", "page", "sha256", "url", "retrieved_on", "added_on")}
