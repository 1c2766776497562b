"""What is said of a standard: its facts, numbers, who drafts it, and its relations."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, update
from standards_hub.lifecycle.models import AliasRow, DrafterRow, DraftingUnitRow, PlanSpellRow, RelationRow, StandardRow
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch


def plan_spell(at: Stamp, facts: Patch) -> Iterable[Change]:
    """The plan that these facts put the standard under, kept for the days it was there."""
    if facts.plan_key:
        yield insert(PlanSpellRow, standard_id=at.subject, seq=at.seq, plan_key=facts.plan_key)


class Edited(Event, frozen=True, kw_only=True):
    """Facts that were changed, before and after."""

    before: Patch
    after: Patch

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, **self.after.said())
        yield from plan_spell(at, self.after)


class PlanNumberGiven(Event, frozen=True, kw_only=True):
    """A plan number, the first or a new one; the old one stays as a dated alias."""

    alias: UUID
    number: str
    before: str | None = None
    closed: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, plan_number=self.number)
        if self.closed:
            yield update(AliasRow, self.closed, until=at.effective_on)
        yield insert(AliasRow, id=self.alias, standard_id=at.subject, number=self.number, since=at.effective_on)


class NumberGiven(Event, frozen=True, kw_only=True):
    """The number and dates of approval, publication and effect."""

    number: str
    number_key: str
    published_on: date | None
    effective_on: date | None
    approved_on: date | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(
            StandardRow, at.subject, number=self.number, number_key=self.number_key, approved_on=self.approved_on,
            published_on=self.published_on, effective_on=self.effective_on,
        )  # fmt: skip


class DraftingUnitsSet(Event, frozen=True, kw_only=True):
    """The drafting organisations in rank order, before and after."""

    before: list[DraftingUnit]
    after: list[DraftingUnit]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for unit in self.before:
            yield delete(DraftingUnitRow, {"standard_id": at.subject, "organisation_id": unit.organisation_id})
        for unit in self.after:
            yield insert(DraftingUnitRow, standard_id=at.subject, organisation_id=unit.organisation_id, rank=unit.rank, lead=unit.lead)
        lead = next((u for u in self.after if u.lead), None) or min(self.after, key=lambda u: u.rank or 999, default=None)
        yield update(StandardRow, at.subject, lead_drafter_id=lead.organisation_id if lead else None)


class DraftersSet(Event, frozen=True, kw_only=True):
    """The persons who draft, before and after."""

    before: list[Drafter]
    after: list[Drafter]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for drafter in self.before:
            yield delete(DrafterRow, {"standard_id": at.subject, "person_id": drafter.person_id})
        for drafter in self.after:
            yield insert(DrafterRow, standard_id=at.subject, person_id=drafter.person_id, rank=drafter.rank)


class Related(Event, frozen=True, kw_only=True):
    relation: UUID
    kind: str
    target: UUID | None = None
    catalogue: UUID | None = None
    identifier: str | None = None
    degree: str | None = None
    edition: str | None = None
    part: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            RelationRow, id=self.relation, standard_id=at.subject, kind=self.kind, target_id=self.target, catalogue_id=self.catalogue,
            identifier=self.identifier, degree=self.degree, edition=self.edition, part=self.part, since=at.effective_on,
        )  # fmt: skip


class Unrelated(Event, frozen=True, kw_only=True):
    relation: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(RelationRow, self.relation)
