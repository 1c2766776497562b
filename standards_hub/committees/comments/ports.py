"""The port by which a higher room says what is commented on: the draft of a subject, its rule and who answers for it."""

from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.comments.disposing import Rule
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Message, Name
from standards_hub.kernel.work import Work


class Draft(Struct, frozen=True, kw_only=True):
    """The text of a subject as it is out for comment now; `version` is the SHA-256 of its file, none where no file was put in."""

    kind: str
    id: UUID
    label: str
    title: Name
    lead: str
    version: str | None
    filename: str | None
    media_type: str | None
    days: int
    """The least days of the window, by the rule of its track."""
    source: Message | str
    """Where that number stands."""
    rule: Rule
    opened_on: date | None
    """The day from which the procedure counts the window, where it is at that step."""
    href: str
    bodies: frozenset[Body]
    exemplar: bool


class Held(Struct, frozen=True):
    """What a permission is asked for: the bodies of the draft."""

    held_in: frozenset[Body]

    def bodies(self) -> set[Body]:
        return set(self.held_in)


class Drafts(Protocol):
    async def draft(self, work: Work, kind: str, id: UUID, *, lock: bool = False) -> Draft:
        """The draft of a subject; with `lock`, nobody else may change that until this transaction ends.

        Raises `NotFound` for a subject that is not there, `BadInput` for a kind that has none.
        """
        ...


_connected: dict[str, Drafts] = {}


def connect(kind: str, port: Drafts) -> None:
    """Let a room answer for the subjects of a kind."""
    _connected[kind] = port


def drafts() -> dict[str, Drafts]:
    return _connected
