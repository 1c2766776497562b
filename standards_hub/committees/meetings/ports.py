"""The port by which a higher room says what of it meetings deal with, what papers there are on it, and takes signed minutes in.

What a subject is called, where it stands and the hash of its text are asked through the port of ballots, for they are the same.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.meetings.values import DecisionKind, Purpose, SignedFile
from standards_hub.kernel.messages import Message
from standards_hub.kernel.work import Work


class Offered(Struct, frozen=True):
    """A subject that wants a meeting: what for, and why now."""

    kind: str
    id: UUID
    label: str
    purpose: Purpose
    why: Message
    profile: str


class OnFile(Struct, frozen=True):
    """A paper of a subject's dossier whose file is here."""

    id: UUID
    title: str
    dated: date
    sha256: str
    filename: str
    media_type: str
    size: int


class Returned(Struct, frozen=True, kw_only=True):
    """Minutes of a meeting that came back signed, for the dossier of a subject."""

    meeting_id: UUID
    title: str
    held_on: date
    kind: DecisionKind
    minutes: SignedFile
    sheet: SignedFile | None


class MeetingSubjects(Protocol):
    async def offered(self, work: Work, committee_id: UUID) -> list[Offered]:
        """What of a committee's work programme wants a meeting, of what the actor may see."""
        ...

    async def on_file(self, work: Work, id: UUID) -> list[OnFile]:
        """The papers of a subject that a meeting may be given. Raises `NotFound` for what the actor may not see."""
        ...

    async def returned(self, work: Work, id: UUID, given: Returned) -> None:
        """The signed minutes of a meeting that decided on it: file them, and go on as they say."""
        ...


_subjects: dict[str, MeetingSubjects] = {}


def register(kind: str, subjects: MeetingSubjects) -> None:
    """Let a room answer for subjects of a kind."""
    _subjects[kind] = subjects


async def offered(work: Work, committee_id: UUID) -> list[Offered]:
    """What every room has for a meeting of a committee."""
    return [one for port in _subjects.values() for one in await port.offered(work, committee_id)]


async def on_file(work: Work, kind: str | None, id: UUID | None) -> list[OnFile]:
    return await _subjects[kind].on_file(work, id) if kind in _subjects and id is not None else []


async def returned(work: Work, kind: str, id: UUID, given: Returned) -> None:
    if kind in _subjects:
        await _subjects[kind].returned(work, id, given)
