"""The port by which a higher room says what is voted on: what it is called, the hash of its text, and what follows from a result."""

import hashlib
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.ballots.values import MATTER, Ballot, SignedSheet
from standards_hub.kernel.access.actor import Actor, Body
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work


class SubjectFacts(Struct, frozen=True):
    """What a subject is now. Without a hash it has no text that could be voted on."""

    label: str
    hash: str | None
    committee_id: UUID | None = None
    address: str | None = None
    """Where its page is."""
    text: str | None = None
    """What the text is called."""
    text_address: str | None = None
    """Where it is read."""
    rules: tuple[str, ...] = ()
    """The vote rules that count for it now; any where none is named."""
    drafters: tuple[UUID, ...] = ()
    """The people who drafted it."""
    held_in: frozenset[Body] = frozenset()
    """The bodies whose roles count for it."""

    def bodies(self) -> set[Body]:
        return set(self.held_in)

    def before(self, committee_id: UUID, actor: Actor, permission: str) -> bool:
        """Whether a committee may take it up: one that is responsible for it; where none is, one whose secretariat may do this to it anyway."""
        if self.committee_id is not None:
            return self.committee_id == committee_id
        return not self.held_in or actor.may(permission, self)


class Subjects(Protocol):
    async def now(self, work: Work, id: UUID, *, lock: bool = False) -> SubjectFacts:
        """The subject as it stands; with `lock`, nobody else may change it until this transaction ends. Raises `NotFound`, also for what the actor may not see."""
        ...

    async def decided(self, work: Work, ballot: Ballot) -> None:
        """A ballot on it was closed."""
        ...

    async def signed(self, work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
        """The result of a ballot on it came back signed: files the sheet too, and says under which id; nothing where it has no place for it."""
        ...


_subjects: dict[str, Subjects] = {}
KIND_NAMES: dict[str, Message] = {MATTER: say("委员会事项")}


def register(kind: str, name: Message, subjects: Subjects) -> None:
    """Let a room answer for subjects of a kind."""
    _subjects[kind] = subjects
    KIND_NAMES[kind] = name


async def now(work: Work, ballot: Ballot, *, lock: bool = False) -> SubjectFacts:
    """What a ballot is on, as it stands, locked where it must not change meanwhile."""
    if ballot.subject_kind == MATTER:
        text = f"{ballot.title}\n{ballot.question or ''}"
        return SubjectFacts(ballot.title, hashlib.sha256(text.encode()).hexdigest(), ballot.committee_id)
    return await _of(ballot.subject_kind).now(work, ballot.subject_id, lock=lock)


async def facts(work: Work, kind: str, id: UUID) -> SubjectFacts:
    return await _of(kind).now(work, id)


async def decided(work: Work, ballot: Ballot) -> None:
    if ballot.subject_kind != MATTER:
        await _of(ballot.subject_kind).decided(work, ballot)


async def signed(work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
    return None if ballot.subject_kind == MATTER else await _of(ballot.subject_kind).signed(work, ballot, sheet)


def _of(kind: str) -> Subjects:
    try:
        return _subjects[kind]
    except KeyError:
        raise BadInput(
            say("不能就此表决"), unmet=[Unmet("kind", say("可选 {kinds}", kinds=list(KIND_NAMES.values())), "subject_kind")]
        ) from None
