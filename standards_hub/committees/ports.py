"""The ports by which higher rooms say what a committee, an organisation or a person has to do with, and what follows when two are merged."""

from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, Name
from standards_hub.kernel.work import Work


class AtStage(Struct, frozen=True):
    """How many standards of a committee are at a stage; `stage` is its code, two digits."""

    stage: str
    name: Message
    count: int


class Involved(Struct, frozen=True):
    """A standard and what somebody is in it."""

    id: UUID
    label: str | Name
    title: Name
    role: Message
    stage: Message | Name
    status: str


class Open(Struct, frozen=True):
    """Something of a committee that is open now: a ballot, an enquiry, a meeting that is called."""

    kind: Message
    title: str | Name
    href: str
    until: date
    """Its last day, or the day on which it takes place."""


class Opened(Protocol):
    async def __call__(self, work: Work, committee_id: UUID, /) -> list[Open]:
        """What of a committee is open now and the actor may see."""
        ...


_opened: dict[str, Opened] = {}


def opens(name: str, provider: Opened) -> None:
    """Let a room say what of a committee is open."""
    _opened[name] = provider


async def opened(work: Work, committee_id: UUID) -> list[Open]:
    """What every room knows to be open, the nearest end first."""
    found = [one for provider in _opened.values() for one in await provider(work, committee_id)]
    return sorted(found, key=lambda one: (one.until, str(one.title)))


class Carrier(Protocol):
    async def __call__(self, work: Work, old: UUID, new: UUID, day: date, /) -> int:
        """Let everything of a room that names an organisation name the one it went into from a day on; answers with how many things.

        What came to name it after that day does so from its own day on.
        """
        ...


_carriers: dict[str, Carrier] = {}


def carries(name: str, carrier: Carrier) -> None:
    """Let a room hear of organisations that are merged."""
    _carriers[name] = carrier


async def carry(work: Work, old: UUID, new: UUID, day: date) -> None:
    """Tell every room that an organisation went into another one on a day."""
    for carrier in _carriers.values():
        await carrier(work, old, new, day)


class Standards(Protocol):
    async def by_stage(self, work: Work, committee_id: UUID) -> list[AtStage]:
        """The standards of a committee, by stage."""
        ...

    async def of_committee(self, work: Work, committee_id: UUID) -> list[Involved]:
        """The work programme of a committee: its standards under way, by stage."""
        ...

    async def label(self, work: Work, standard_id: UUID) -> str | None:
        """How a standard is called that the actor may see."""
        ...

    async def of_organisation(self, work: Work, organisation_id: UUID) -> list[Involved]:
        """The standards that an organisation drafts or answers for, those under way first."""
        ...

    async def of_person(self, work: Work, person_id: UUID) -> list[Involved]:
        """The standards that a person drafts or leads, those under way first."""
        ...


class NoStandards:
    """What is said as long as no room with standards is there."""

    async def by_stage(self, work: Work, committee_id: UUID) -> list[AtStage]:
        return []

    async def of_committee(self, work: Work, committee_id: UUID) -> list[Involved]:
        return []

    async def label(self, work: Work, standard_id: UUID) -> str | None:
        return None

    async def of_organisation(self, work: Work, organisation_id: UUID) -> list[Involved]:
        return []

    async def of_person(self, work: Work, person_id: UUID) -> list[Involved]:
        return []


_connected: Standards = NoStandards()


def connect(port: Standards) -> None:
    global _connected
    _connected = port


def standards() -> Standards:
    return _connected
