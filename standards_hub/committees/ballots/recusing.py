"""Who of a roll declared an interest in what is voted on: proposed as recused when the ballot opens, and decided on by the secretariat."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import structs

from standards_hub.committees.ballots.schemas import Opening
from standards_hub.committees.ballots.values import Ballot, Entry, Interested
from standards_hub.committees.seats import repository as declared
from standards_hub.committees.seats.values import RELATIONS, Interest
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def proposed(work: Work, found: Ballot, roll: Iterable[Entry]) -> list[Interested]:
    """Who is on the roll, is not recused yet, and has an interest in the subject that holds today."""
    interests = await declared.interested_in(work.connection, found.committee_id, found.subject_kind, found.subject_id)
    held = sorted((one for one in interests if one.holds_on(work.today)), key=lambda one: list(RELATIONS).index(one.relation))
    return [
        Interested(entry.person_id, entry.name, reason)
        for entry in roll
        if entry.person_id and not entry.recused and (reason := "；".join(_said(one) for one in held if one.person_id == entry.person_id))
    ]


def _said(interest: Interest) -> str:
    relation = str(RELATIONS[interest.relation])
    return f"{relation}（{interest.note.strip()}）" if interest.note and interest.note.strip() else relation


def decided(roll: Sequence[Entry], interested: Sequence[Interested], data: Opening) -> tuple[list[Entry], list[UUID], list[Unmet]]:
    """The roll with those recused who are to be, who votes all the same, and what is wrong with the choice.

    Where nothing is said, everybody with an interest is recused.
    """
    reasons = {one.person_id: one.reason for one in interested}
    chosen = reasons.keys() if data.recuse is None else set(data.recuse)
    unmet = [
        Unmet("recusal", say("{id} 没有申报利益关系；其他回避请先登记", id=id), "recuse")
        for id in chosen if id not in reasons
    ]  # fmt: skip
    roll = [
        structs.replace(entry, recused=True, recusal_reason=reasons[entry.person_id])
        if entry.person_id in chosen and entry.person_id in reasons
        else entry
        for entry in roll
    ]
    return roll, [id for id in reasons if id not in chosen], unmet
