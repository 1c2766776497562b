"""The port to what stands above this room: the words of plans, and the science projects that standards come of."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from standards_hub.kernel.frequent import Question
from standards_hub.kernel.messages import Message, Name
from standards_hub.kernel.work import Work


class Words(Struct, frozen=True):
    """What plans call things: {key: names} of plans, of fields and of regions, those of one plan under its key."""

    plans: dict[str, Name] = field(default_factory=dict)
    fields: dict[str, dict[str, Name]] = field(default_factory=dict)
    regions: dict[str, dict[str, Name]] = field(default_factory=dict)

    def of(self, plan: str | None, what: str) -> dict[str, Name]:
        """The `fields` or `regions` of a plan, of all plans where none is said."""
        found: dict[str, dict[str, Name]] = getattr(self, what)
        return found.get(plan, {}) if plan else {key: names for words in found.values() for key, names in words.items()}


class FoundProject(Struct, frozen=True):
    """A project that a number led to, and whether the actor may let it claim a standard."""

    id: UUID
    number: str
    title: str
    open: bool
    mine: bool


class Claimant(Struct, frozen=True):
    """A project that claims a standard, and how."""

    id: UUID
    number: str
    title: str
    relation: Message
    primary: bool


class Linkage(Protocol):
    async def words(self, work: Work) -> Words:
        """The words of every plan."""
        ...

    async def projects(self, work: Work, numbers: Iterable[str]) -> dict[str, FoundProject]:
        """The projects of some numbers in any spelling, by the number as written; unknown ones are left out."""
        ...

    def around(self, standard_id: UUID) -> Question[tuple[Words, list[Claimant]]]:
        """The words of every plan, and the projects that claim a standard, the primary one first."""
        ...

    async def claim(self, work: Work, project_id: UUID, standard_id: UUID, *, primary: bool) -> None:
        """Let a project claim a standard as its output."""
        ...

    async def withdraw_claims(self, work: Work, standard_ids: Iterable[UUID], reason: str) -> None:
        """Take back every claim on some standards."""
        ...


NOTHING = sa.select(sa.literal(0)).where(sa.false())


class Alone:
    """No plans and no projects: what stands in for the port until it is filled."""

    async def words(self, work: Work) -> Words:
        return Words()

    async def projects(self, work: Work, numbers: Iterable[str]) -> dict[str, FoundProject]:
        return {}

    def around(self, standard_id: UUID) -> Question[tuple[Words, list[Claimant]]]:
        return Question(NOTHING, {}, lambda rows: (Words(), []))

    async def claim(self, work: Work, project_id: UUID, standard_id: UUID, *, primary: bool) -> None:
        raise NotImplementedError

    async def withdraw_claims(self, work: Work, standard_ids: Iterable[UUID], reason: str) -> None:
        return None


_linkage: Linkage = Alone()


def connect(linkage: Linkage) -> None:
    """Fill the port."""
    global _linkage
    _linkage = linkage


def linkage() -> Linkage:
    return _linkage
