"""Limits of a standard: what begins and ends them, what rests them, extensions, and what happens when one runs out."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.events import Change, Event, Stamp, insert, update
from standards_hub.lifecycle.models import DeadlineRow, ExtensionRow, StandardRow


class DeadlineOpened(Struct, frozen=True):
    """A limit that begins to run."""

    id: UUID
    limit: str
    name_zh: str
    name_en: str
    cause: str
    holder: str
    consequence: str
    due_on: date

    def row(self, at: Stamp) -> Change:
        return insert(
            DeadlineRow, id=self.id, standard_id=at.subject, limit=self.limit, name_zh=self.name_zh, name_en=self.name_en, cause=self.cause,
            holder=self.holder, consequence=self.consequence, opened_on=at.effective_on, due_on=self.due_on, first_due_on=self.due_on,
            extensions=0, state="running",
        )  # fmt: skip


class Running(Struct, frozen=True):
    """What a move does to the limits: which begin, which are met, and which run again after a return."""

    opened: list[DeadlineOpened] = []
    met: list[UUID] = []
    reopened: list[UUID] = []

    def rows(self, at: Stamp) -> Iterable[Change]:
        for deadline in self.opened:
            yield deadline.row(at)
        for id in self.met:
            yield update(DeadlineRow, id, state="met", ended_on=at.effective_on)
        for id in self.reopened:
            yield update(DeadlineRow, id, state="running", ended_on=None)


class NewDue(Struct, frozen=True):
    """A deadline that moves to another day."""

    id: UUID
    before: date
    due_on: date


class Suspended(Event, frozen=True, kw_only=True):
    """Work rests and its limits with it."""

    reason: str
    paused: list[UUID] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="suspended")
        for id in self.paused:
            yield update(DeadlineRow, id, state="paused", ended_on=at.effective_on)


class Resumed(Event, frozen=True, kw_only=True):
    """Work goes on; each limit gets back the days that it rested."""

    reason: str
    deadlines: list[NewDue] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(StandardRow, at.subject, status="active")
        for deadline in self.deadlines:
            yield update(DeadlineRow, deadline.id, state="running", ended_on=None, due_on=deadline.due_on)


class ExtensionAsked(Event, frozen=True, kw_only=True):
    extension: UUID
    deadline: UUID
    months: int
    reason: str
    waived: list[str] = []
    """Rules on asking that were waived, with the reason given in `reason`."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ExtensionRow, id=self.extension, standard_id=at.subject, deadline_id=self.deadline, months=self.months, reason=self.reason,
            asked_on=at.effective_on, asked_by=at.actor, state="asked",
        )  # fmt: skip


class ExtensionDecided(Event, frozen=True, kw_only=True):
    """The competent department's decision. Granted, it also thaws a standard frozen by that limit."""

    extension: UUID
    granted: bool
    decision: str
    deadline: UUID
    extensions: int
    before: date
    due_on: date
    thawed: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        state = "granted" if self.granted else "refused"
        yield update(ExtensionRow, self.extension, state=state, decided_on=at.effective_on, decided_by=at.actor, decision=self.decision)
        if self.granted:
            yield update(DeadlineRow, self.deadline, due_on=self.due_on, extensions=self.extensions, state="running", ended_on=None)
        if self.thawed:
            yield update(StandardRow, at.subject, status="active")


class DeadlineExpired(Event, frozen=True, kw_only=True):
    """A limit ran out and its consequence took hold."""

    deadline: UUID
    consequence: str
    due_on: date
    status: str | None = None
    void: list[UUID] = []
    """Other limits that no longer matter."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(DeadlineRow, self.deadline, state="executed", ended_on=at.effective_on)
        for id in self.void:
            yield update(DeadlineRow, id, state="void", ended_on=at.effective_on)
        if self.status:
            yield update(StandardRow, at.subject, status=self.status)
