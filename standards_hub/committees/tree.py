"""All committees as one tree, and the positions that people of the province hold in international ones. All pure."""

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.values import Committee, CommitteeKind, CommitteeLevel, CommitteeState, Position
from standards_hub.kernel.messages import Message, say

FAMILIES: dict[str, Message] = {
    "provincial": say("江苏省"),
    "national": say("全国"),
    "ministry": say("部委"),
    "ISO": say("ISO"),
    "ISO/IEC": say("ISO/IEC"),
    "IEC": say("IEC"),
    "ITU": say("ITU"),
    "international": say("其他国际组织"),
}
"""Whose committees they are, in the order in which they are shown."""
LEADING: tuple[Position, ...] = ("chair", "vice_chair", "secretary_general", "convenor", "project_leader", "editor")
"""Positions by which somebody leads; registered experts take part."""


class Node(Struct, frozen=True):
    """A committee with those below it."""

    id: UUID
    number: str | None
    name_zh: str
    name_en: str | None
    level: CommitteeLevel
    kind: CommitteeKind
    state: CommitteeState
    mirrors: str | None
    """The international committee that it mirrors, by number or name."""
    members: int
    below: list["Node"]


class Family(Struct, frozen=True):
    """The committees of one house, those that stand above others first."""

    key: str
    committees: list[Node]


class Held(Struct, frozen=True):
    """A position in an international committee that somebody of the province holds."""

    seat_id: UUID
    person_id: UUID
    person_name: str
    organisation_id: UUID | None
    organisation_name: str | None
    committee_id: UUID
    committee_label: str
    family: str
    position: Position
    leads: bool
    since: date
    until: date | None


def family(level: str, number: str | None) -> str:
    """Whose committee it is: of the province, the nation, a ministry, or the international body that its number begins with."""
    if level != "international":
        return level
    found = re.match(r"(ISO/IEC|ISO|IEC|ITU)\b", (number or "").upper())
    return found[1] if found else "international"


def tree(committees: Sequence[Committee], members: dict[UUID, int]) -> list[Family]:
    """All committees under those that they stand below; one whose parent is not there stands by itself."""
    known = {one.id: one for one in committees}
    below: dict[UUID | None, list[Committee]] = {}
    for one in committees:
        below.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)

    def node(one: Committee) -> Node:
        mirrored = known.get(one.mirrors_id) if one.mirrors_id else None
        return Node(
            one.id, one.number, one.name_zh, one.name_en, one.level, one.body, one.state,
            (mirrored.number or mirrored.name_zh) if mirrored else None, members.get(one.id, 0),
            [node(child) for child in sorted(below.get(one.id, []), key=_order)],
        )  # fmt: skip

    tops: dict[str, list[Node]] = {}
    for one in sorted(below.get(None, []), key=_order):
        tops.setdefault(family(one.level, one.number), []).append(node(one))
    return [Family(key, tops[key]) for key in FAMILIES if key in tops]


def _order(one: Committee) -> tuple[int, str, list[int], str]:
    """Dissolved ones last; by the words and figures of the number, so that TC 28 stands before TC 114."""
    number = one.number or ""
    return int(one.state == "dissolved"), re.sub(r"\d+", "", number), [int(n) for n in re.findall(r"\d+", number)], one.name_zh
