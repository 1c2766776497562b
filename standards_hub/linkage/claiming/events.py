"""What happens to a claim after it was made, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import to_builtins

from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection, update
from standards_hub.kernel.messages import say
from standards_hub.linkage.models import ClaimEvidenceRow, CommitmentRow, ProjectPartnerRow, ProjectRow, ProjectStandardRow
from standards_hub.linkage.values import EvidenceKind, Ground, ProjectPatch, Relation

projection(ClaimEvidenceRow, ProjectPartnerRow)


def _claim(id: UUID, **values: Any) -> Change:
    return update(ProjectStandardRow, id, **values)


class ClaimSuggested(Event, frozen=True, kw_only=True):
    """The standard names an organisation or a person of the project."""

    claim: UUID
    standard_id: UUID
    grounds: list[Ground]

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ProjectStandardRow, id=self.claim, project_id=at.subject, standard_id=self.standard_id, relation="output_of", primary=False,
            state="suggested", grounds=[to_builtins(ground) for ground in self.grounds],
        )  # fmt: skip


class SuggestionTaken(Event, frozen=True, kw_only=True):
    """The project makes a suggestion its claim."""

    claim: UUID
    standard_id: UUID
    relation: Relation
    share: str | None
    primary: bool
    note: str | None = None
    contribution: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(
            self.claim,
            state="claimed", claimed_on=at.effective_on, relation=self.relation, share=self.share, primary=self.primary, note=self.note,
            contribution=self.contribution,
        )  # fmt: skip


class SuggestionDismissed(Event, frozen=True, kw_only=True):
    claim: UUID
    standard_id: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="withdrawn", withdrawn_on=at.effective_on, reason=self.reason)


class ClaimSubmitted(Event, frozen=True, kw_only=True):
    """The claimant hands it in to be verified."""

    claim: UUID
    standard_id: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="in_review", submitted_on=at.effective_on, withdrawn_on=None)


class ClaimVerified(Event, frozen=True, kw_only=True):
    """Somebody other than the claimant found it true; `role` is the part that the policy gave on that day."""

    claim: UUID
    standard_id: UUID
    role: str | None
    policy: str
    note: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="verified", decided_on=at.effective_on, role=self.role, policy=self.policy, reason=self.note)


class ClaimReturned(Event, frozen=True, kw_only=True):
    """Sent back to the claimant; it holds neither share nor primary until it is handed in again."""

    claim: UUID
    standard_id: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="returned", decided_on=at.effective_on, withdrawn_on=at.effective_on, reason=self.reason)


class ClaimRevoked(Event, frozen=True, kw_only=True):
    """What was verified turned out to be false."""

    claim: UUID
    standard_id: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="revoked", withdrawn_on=at.effective_on, primary=False, reason=self.reason)


class ClaimAccepted(Event, frozen=True, kw_only=True):
    """Taken into the acceptance of the project at its closing."""

    claim: UUID
    standard_id: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, state="accepted", decided_on=at.effective_on)


class PrimaryRuled(Event, frozen=True, kw_only=True):
    """Where several projects said they are the primary, the authority ruled which one is."""

    claim: UUID
    standard_id: UUID
    primary: bool
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _claim(self.claim, primary=self.primary)


class EvidenceAdded(Event, frozen=True, kw_only=True):
    claim: UUID
    standard_id: UUID
    evidence: UUID
    kind: EvidenceKind
    title: str
    sha256: str | None = None
    filename: str | None = None
    media_type: str | None = None
    size: int | None = None
    page: str | None = None
    url: str | None = None
    retrieved_on: date | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ClaimEvidenceRow, id=self.evidence, project_id=at.subject, claim_id=self.claim, kind=self.kind, title=self.title,
            sha256=self.sha256, filename=self.filename, media_type=self.media_type, size=self.size, page=self.page, url=self.url,
            retrieved_on=self.retrieved_on, added_on=at.effective_on, added_by=at.actor,
        )  # fmt: skip


class EvidenceWithdrawn(Event, frozen=True, kw_only=True):
    claim: UUID
    standard_id: UUID
    evidence: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ClaimEvidenceRow, self.evidence, withdrawn_on=at.effective_on, reason=self.reason)


class PartnersSet(Event, frozen=True, kw_only=True):
    """The organisations that take part beside the leading one, all of them."""

    before: list[UUID]
    after: list[UUID]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for id in self.before:
            if id not in self.after:
                yield delete(ProjectPartnerRow, {"project_id": at.subject, "organisation_id": id})
        for id in self.after:
            if id not in self.before:
                yield insert(ProjectPartnerRow, project_id=at.subject, organisation_id=id)


class ProjectEntered(Event, frozen=True, kw_only=True):
    """A project that is not on the list, entered so that a standard can be claimed for it; to be checked."""

    facts: ProjectPatch
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ProjectRow, id=at.subject, version=at.seq, exemplar=self.exemplar, state="running", unchecked=True, **self.facts.said()
        )  # fmt: skip


class ProjectConfirmed(Event, frozen=True, kw_only=True):
    """A project to be checked is one of the list."""

    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectRow, at.subject, unchecked=False)


class ProjectMerged(Event, frozen=True, kw_only=True):
    """A project to be checked is another one that is on the list already; its claims went there."""

    into: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectRow, at.subject, state="merged", unchecked=False, merged_into=self.into)


class ShortfallExplained(Event, frozen=True, kw_only=True):
    """Why a promise stays short, and what is done about it."""

    commitment: UUID
    cause: str
    remedy: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(CommitmentRow, self.commitment, cause=self.cause, remedy=self.remedy)


named(
    {
        ClaimSuggested: say("建议申报标准"),
        SuggestionTaken: say("采纳申报建议"),
        SuggestionDismissed: say("不采纳申报建议"),
        ClaimSubmitted: say("申报送审"),
        ClaimVerified: say("认定申报"),
        ClaimReturned: say("退回申报"),
        ClaimRevoked: say("撤销认定"),
        ClaimAccepted: say("验收采信申报"),
        PrimaryRuled: say("裁定主要归属"),
        EvidenceAdded: say("增加申报佐证"),
        EvidenceWithdrawn: say("撤回申报佐证"),
        PartnersSet: say("登记合作单位"),
        ProjectEntered: say("登记待核项目"),
        ProjectConfirmed: say("核实项目"),
        ProjectMerged: say("并入另一项目"),
        ShortfallExplained: say("说明未完成的承诺"),
    }
)
