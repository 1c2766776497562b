"""The port by which ballots and meetings say who took part in them."""

from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message
from standards_hub.kernel.work import Work


class Occasion(Struct, frozen=True):
    """Something that members were called to: a ballot, a meeting."""

    kind: Message
    title: str
    href: str
    on: date
    called: frozenset[UUID]
    """The people who were called."""
    came: frozenset[UUID]
    """Those of them who voted or were there."""


class Occasions(Protocol):
    async def __call__(self, work: Work, committee_id: UUID, since: date, /) -> list[Occasion]:
        """What a committee was called to from a day on and that is over, the latest first."""
        ...


_providers: dict[str, Occasions] = {}


def register(name: str, provider: Occasions) -> None:
    _providers[name] = provider


async def occasions(work: Work, committee_id: UUID, since: date) -> list[Occasion]:
    """What every provider knows, the latest first."""
    found = [one for provider in _providers.values() for one in await provider(work, committee_id, since)]
    return sorted(found, key=lambda one: one.on, reverse=True)
