"""Whether a project keeps what its contract promises: commitments against the standards it claims. Pure.

A standard answers one commitment of its level only. What counts is `output_of`; supporting and background work promises nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.lifecycle.values import UNDER_WAY
from standards_hub.linkage.values import Commitment

PUBLISHED = "60.60"
LASTING = ("published", "superseded", "withdrawn")
"""A standard that was published once keeps what was promised, whatever came after."""
Answer = Literal["done", "role", "under_way"]
ANSWERS: dict[Answer, Message] = {"done": say("已达到"), "role": say("位次待核"), "under_way": say("在研")}
MARKS: dict[Answer, str] = {"done": "done", "role": "late", "under_way": "active"}


class Claimed(Struct, frozen=True, kw_only=True):
    """A standard that a project claims as its output. `leads` is None where its organisation is not recorded among the drafters."""

    id: UUID
    level: str
    stage: str
    status: str
    leads: bool | None


class Kept(Struct, frozen=True):
    """One commitment and the standards that answer it."""

    commitment: Commitment
    answers: tuple[tuple[UUID, Answer], ...]

    def count(self, answer: Answer) -> int:
        return sum(one == answer for _, one in self.answers)

    @property
    def missing(self) -> int:
        """How many it still needs, those under way left aside."""
        return max(0, self.commitment.count - self.count("done"))

    def overdue(self, ends_on: date | None, today: date) -> bool:
        """Whether its day, or the project's end, is past while something is missing."""
        due = self.commitment.due or ends_on
        return bool(self.missing and due and due < today)


def answer(commitment: Commitment, standard: Claimed) -> Answer | None:
    """What a standard is to a commitment; None for one that ended or is of another level."""
    if standard.level != commitment.level:
        return None
    reached = standard.status in LASTING or (standard.status in UNDER_WAY and standard.stage >= commitment.min_stage)
    if not reached:
        return "under_way" if standard.status in UNDER_WAY else None
    fits = {"lead": standard.leads is True, "participate": standard.leads is not None, "either": True}
    return "done" if fits[commitment.role_required] else "role"


def kept(commitments: Iterable[Commitment], standards: Iterable[Claimed]) -> list[Kept]:
    """Each commitment in force with the standards that answer it; the harder one chooses first, and takes no more than it promises.

    What is over goes to the last of its level, so that nothing is hidden.
    """
    running = [one for one in commitments if one.withdrawn_on is None]
    left, found = list(standards), dict[UUID, list[tuple[UUID, Answer]]]()
    hardest = sorted(running, key=lambda c: (c.min_stage, c.role_required == "lead", c.role_required == "participate"), reverse=True)
    for place, commitment in enumerate(hardest):
        last = not any(later.level == commitment.level for later in hardest[place + 1 :])
        fitting = sorted(((a, s) for s in left if (a := answer(commitment, s))), key=lambda pair: list(ANSWERS).index(pair[0]))
        taken = fitting if last else fitting[: commitment.count]
        found[commitment.id] = [(standard.id, how) for how, standard in taken]
        gone = {standard.id for _, standard in taken}
        left = [standard for standard in left if standard.id not in gone]
    return [Kept(one, tuple(found[one.id])) for one in running]


def sentence(found: Sequence[Kept]) -> list[Message]:
    """What a project promised and what became of it, a part for each commitment: 承诺国家标准 2 项，已发布 1 项，在研 1 项."""
    return [_part(one) for one in found]


def _part(one: Kept) -> Message:
    places = {
        "level": LEVEL_NAMES[one.commitment.level], "count": one.commitment.count, "done": one.count("done"),
        "under_way": one.count("under_way"), "role": one.count("role"), "stage": one.commitment.min_stage,
    }  # fmt: skip
    if one.commitment.min_stage == PUBLISHED and places["role"]:
        return say("承诺{level} {count} 项，已发布 {done} 项，另有位次待核 {role} 项，在研 {under_way} 项", **places)
    if one.commitment.min_stage == PUBLISHED:
        return say("承诺{level} {count} 项，已发布 {done} 项，在研 {under_way} 项", **places)
    return say("承诺{level} {count} 项达到 {stage} 阶段，已达到 {done} 项，位次待核 {role} 项，在研 {under_way} 项", **places)
