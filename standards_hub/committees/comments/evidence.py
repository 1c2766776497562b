"""How far the comments on a subject are, in one look, for a room above that has gates."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.disposing import rules
from standards_hub.kernel.work import Work


class Progress(Struct, frozen=True, kw_only=True):
    """The newest enquiry on a subject and what of its comments is still to do."""

    id: UUID
    state: str
    opened_on: date
    closes_on: date
    total: int
    undecided: int
    lacking_reason: int

    def over(self, today: date) -> bool:
        """Whether its window has run out; the last day counts until its end."""
        return self.state == "closed" or today > self.closes_on


async def progress(work: Work, kind: str, id: UUID) -> Progress | None:
    """Where the comments on a subject stand, none if there was no enquiry."""
    found = await repository.of_subject(work.connection, kind, id)
    if not found:
        return None
    newest = found[0]
    total, undecided, lacking = await repository.tally(work.connection, newest.id, rules()[newest.rule].reasons.value)
    return Progress(
        id=newest.id, state=newest.state, opened_on=newest.opened_on, closes_on=newest.closes_on, total=total, undecided=undecided,
        lacking_reason=lacking,
    )  # fmt: skip
