"""What waits for an account besides standards: higher rooms offer it through a port, and the page of what is to be done shows it."""

from collections.abc import Awaitable, Callable
from datetime import date

from msgspec import Struct

from standards_hub.kernel.messages import Message
from standards_hub.kernel.work import Work


class Waiting(Struct, frozen=True):
    """One thing that waits: what it is, the day it came up or is due, and the act that settles it."""

    heading: Message
    """Under which it stands; things with one heading stand together."""
    title: Message
    day: date
    act: Message
    path: str


Provider = Callable[[Work], Awaitable[list[Waiting]]]
_PROVIDERS: dict[str, Provider] = {}


def waits(name: str, provider: Provider) -> None:
    """Offer what a room lets wait; a provider of the same name is replaced."""
    _PROVIDERS[name] = provider


async def waiting(work: Work) -> list[Waiting]:
    """All that waits for the actor, in the order of those who offer it, of each the oldest first."""
    return [one for provider in _PROVIDERS.values() for one in sorted(await provider(work), key=lambda one: (one.day, one.path))]
