"""The acceptance package as one object; the PDF and the ZIP are prints of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.documents.report.wording import clean
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.lifecycle.stages import STAGES
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.claiming.states import Evidence
from standards_hub.linkage.fulfilment import Kept
from standards_hub.linkage.roles import PROJECT, Part, Policy, tier, why
from standards_hub.linkage.values import CLAIM_STATES, EVIDENCE_KINDS, RELATIONS, ROLES_REQUIRED, Claim, Commitment, Project


class Indicator(Struct, frozen=True):
    """A promise of the contract and what was reached by its day."""

    n: int
    words: str
    role: str
    stage: str
    due: date
    promised: int
    reached: int
    missing: int
    waiting: int
    """Claims that would answer it and are not verified, or wait for a ruling."""
    source_text: str
    cause: str
    remedy: str
    later: int
    """Reached after its day; follow-up, outside the result."""


class TakenBack(Struct, frozen=True):
    """A promise that an amendment of the contract took back; it is told, so that none goes without a trace."""

    words: str
    promised: int
    on: date
    source_text: str


class Output(Struct, frozen=True):
    """A standard that the project claims."""

    n: int
    number: str
    title: str
    level: str
    published_on: date | None
    relation: str
    share: str
    primary: bool
    part: str
    contribution: str
    state: str
    decided_on: date | None


class Proof(Struct, frozen=True):
    """A piece of evidence, and where it is in the archive."""

    n: int
    number: str
    """证据编号, under which the hub and the reports know it."""
    output: int
    """The number of the standard it is of."""
    kind: str
    title: str
    page: str
    path: str | None
    """Its name in the archive; None for an address."""
    sha256: str | None
    url: str | None
    retrieved_on: date | None


class Package(Struct, frozen=True):
    """Everything that the acceptance of a project's standards goes by."""

    project_no: str
    title: str
    programme: str
    lead: str
    partners: list[str]
    manager: str
    starts_on: date | None
    ends_on: date | None
    state: str
    policy: str
    policy_text: str
    policy_source: str
    as_of: date
    known_at: datetime
    head_id: int
    head_hash: str
    indicators: list[Indicator]
    outputs: list[Output]
    proofs: list[Proof]
    taken_back: list[TakenBack]

    @property
    def short(self) -> list[Indicator]:
        return [one for one in self.indicators if one.missing]

    @property
    def complete(self) -> bool:
        return not self.short


def indicators(project: Project, by_contract: Sequence[Kept], now: Sequence[Kept], today: date) -> list[Indicator]:
    """The promises with what was reached by their days, and what came later."""
    present = {kept.commitment.id: kept.count("done") for kept in now}
    found = []
    for n, kept in enumerate(by_contract, 1):
        promise, reached = kept.commitment, kept.count("done")
        stage = str(STAGES[promise.min_stage].name) if promise.min_stage in STAGES else promise.min_stage
        found.append(Indicator(
            n, LEVEL_NAMES[promise.level].into("zh"), str(ROLES_REQUIRED[promise.role_required]), stage, promise.due or project.ends_on or today,
            promise.count, reached, kept.missing, kept.count("open") + kept.count("contested") + kept.count("role"), clean(promise.source_text),
            clean(promise.cause), clean(promise.remedy), max(0, present.get(promise.id, 0) - reached),
        ))  # fmt: skip
    return found


def taken_back(commitments: Iterable[Commitment]) -> list[TakenBack]:
    """The promises that are no more, by the day they went."""
    gone = sorted((one for one in commitments if one.withdrawn_on), key=lambda one: (one.withdrawn_on or date.max, one.level))
    return [
        TakenBack(LEVEL_NAMES[one.level].into("zh"), one.count, one.withdrawn_on, clean(one.source_text))
        for one in gone
        if one.withdrawn_on
    ]


def outputs(
    claims: Iterable[Claim], standards: Mapping[UUID, Any], parts: Mapping[UUID, Part], policy: Policy, frozen: set[UUID]
) -> list[Output]:
    """The standards that are claimed, in the order of their claims."""
    found = []
    for n, claim in enumerate(claims, 1):
        standard, part = standards[claim.standard_id], parts.get(claim.standard_id)
        role = (tier(part, policy) if part else None) or "无"
        found.append(Output(
            n, clean(standard.label), clean(standard.title_zh), LEVEL_NAMES[standard.level].into("zh"), standard.published_on,
            str(RELATIONS[claim.relation]), claim.share or "未定", claim.primary, f"{role}（{why(part, PROJECT)}）" if part else "未记载起草单位",
            clean(claim.contribution), "争议冻结" if claim.id in frozen else str(CLAIM_STATES[claim.state]), claim.decided_on,
        ))  # fmt: skip
    return found


def proofs(claims: Sequence[Claim], evidence: Mapping[UUID, Sequence[Evidence]], path: Mapping[UUID, str]) -> list[Proof]:
    """The evidence of the claims, numbered through."""
    found: list[Proof] = []
    for output, claim in enumerate(claims, 1):
        for one in evidence.get(claim.id, ()):
            if one.withdrawn_on is None:
                found.append(Proof(
                    len(found) + 1, evidence_number(one.id), output, str(EVIDENCE_KINDS[one.kind]), clean(one.title), clean(one.page), path.get(one.id), one.sha256,
                    clean(one.url) or None, one.retrieved_on,
                ))  # fmt: skip
    return found
