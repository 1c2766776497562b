"""Declared interests, and what somebody took part in, as values in memory."""

from datetime import date
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, say

Relation = Literal["drafter", "employer", "patent", "financial", "other"]
RELATIONS: dict[str, Message] = {
    "drafter": say("本人起草"),
    "employer": say("所在单位起草"),
    "patent": say("持有相关专利"),
    "financial": say("有经济利益"),
    "other": say("其他关系"),
}
assert set(RELATIONS) == set(get_args(Relation))


class Interest(Struct, frozen=True, kw_only=True):
    """A conflict of interest of a person in a committee, from `since` on until it is lifted."""

    id: UUID
    committee_id: UUID
    person_id: UUID
    subject_kind: str | None
    subject_id: UUID | None
    subject: str
    relation: Relation
    note: str | None
    since: date
    until: date | None
    person_name: str = ""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)
