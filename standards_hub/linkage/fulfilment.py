"""Whether a project keeps what its contract promises: commitments against the standards it claims. Pure.

A standard answers one commitment of its level only. What counts is `output_of`, once somebody other than the claimant verified it;
supporting and background work promises nothing, and a claim that waits for a ruling keeps nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.stages import PUBLISHED
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.lifecycle.values import UNDER_WAY
from standards_hub.linkage.rule import Role
from standards_hub.linkage.values import Commitment

LASTING = ("published", "superseded", "withdrawn")
"""A standard that was published once keeps what was promised, whatever came after."""
Answer = Literal["done", "open", "contested", "role", "under_way"]
ANSWERS: dict[Answer, Message] = {
    "done": say("已认定"), "open": say("待认定"), "contested": say("争议冻结"), "role": say("位次待核"), "under_way": say("在研"),
}  # fmt: skip
MARKS: dict[Answer, str] = {"done": "done", "open": "waiting", "contested": "late", "role": "late", "under_way": "active"}


class Claimed(Struct, frozen=True, kw_only=True):
    """A standard that a project claims as its output, with the project's part in it; None where no part is on record."""

    id: UUID
    level: str
    stage: str
    status: str
    role: Role | None
    state: Literal["open", "confirmed", "contested"] = "open"


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
    fits = {"lead": standard.role == "lead", "participate": standard.role is not None, "either": True}
    if not fits[commitment.role_required]:
        return "role"
    return "done" if standard.state == "confirmed" else standard.state


def kept(commitments: Iterable[Commitment], standards: Iterable[Claimed]) -> list[Kept]:
    """Each commitment in force with the standards that answer it, all as they are on the same day."""
    running, same = list(commitments), list(standards)
    return kept_each(running, {one.id: same for one in running})


def kept_each(commitments: Iterable[Commitment], judged: Mapping[UUID, Sequence[Claimed]]) -> list[Kept]:
    """Each commitment in force with the standards that answer it, which are `judged` as they were on its own day.

    As many are kept as can be; where there is not enough for all, the harder comes first. None takes more than it promises: what is
    over goes to the last of its level, so that nothing is hidden.
    """
    running = [one for one in commitments if one.withdrawn_on is None]
    hardest = sorted(running, key=lambda c: (c.min_stage, c.role_required == "lead", c.role_required == "participate"), reverse=True)
    holder = _keepers(hardest, judged)
    found: dict[UUID, list[tuple[UUID, Answer]]] = {one.id: [] for one in running}
    for standard, keeper in holder.items():
        found[keeper].append((standard, "done"))
    for place, one in enumerate(hardest):
        last = not any(later.level == one.level for later in hardest[place + 1 :])
        free = (s for s in judged[one.id] if s.id not in holder)
        fitting = sorted(((a, s.id) for s in free if (a := answer(one, s))), key=lambda pair: list(ANSWERS).index(pair[0]))
        for how, standard in fitting if last else fitting[: one.count - len(found[one.id])]:
            found[one.id].append((standard, how))
            holder[standard] = one.id
    return [Kept(one, tuple(found[one.id])) for one in running]


def _keepers(commitments: Sequence[Commitment], judged: Mapping[UUID, Sequence[Claimed]]) -> dict[UUID, UUID]:
    """Which commitment each standard keeps, so that the most are kept; one that is kept stays kept when a later one asks for its standard."""
    holder: dict[UUID, Commitment] = {}

    def finds(one: Commitment, asked: set[UUID]) -> bool:
        for standard in judged[one.id]:
            if standard.id in asked or answer(one, standard) != "done":
                continue
            asked.add(standard.id)
            if standard.id not in holder or finds(holder[standard.id], asked):
                holder[standard.id] = one
                return True
        return False

    for one in commitments:
        for _ in range(one.count):
            if not finds(one, set()):
                break
    return {standard: one.id for standard, one in holder.items()}


def sentence(found: Sequence[Kept]) -> list[Message]:
    """What a project promised and what became of it, a part for each commitment: 承诺国家标准 2 项：已认定 1 项、在研 1 项."""
    return [_part(one) for one in found]


PARTS: dict[Answer, Message] = {
    "done": say("已认定 {count} 项"), "open": say("待认定 {count} 项"), "contested": say("争议冻结 {count} 项"),
    "role": say("位次待核 {count} 项"), "under_way": say("在研 {count} 项"),
}  # fmt: skip


def _part(one: Kept) -> Message:
    parts = [Message(said.text, {"count": one.count(answer)}) for answer, said in PARTS.items() if one.count(answer) or answer == "done"]
    level, count = LEVEL_NAMES[one.commitment.level], one.commitment.count
    if one.commitment.min_stage == PUBLISHED:
        return say("承诺{level} {count} 项：{parts}", level=level, count=count, parts=parts)
    return say("承诺{level} {count} 项达到 {stage} 阶段：{parts}", level=level, count=count, stage=one.commitment.min_stage, parts=parts)
