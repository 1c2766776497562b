"""Vote rules as data: who may vote, what abstention, silence, bare votes against and recusal do, and the tests in their order."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.messages import Message, Name, say

FILE = Path(__file__).with_name("rules.toml")
Outcome = Literal["passed", "failed", "invalid", "consultation"]
Eligible = Literal["members", "experts", "p_members", "member_bodies", "member_states"]
Quantity = Literal[
    "members", "present", "voters", "approve", "against", "abstain", "silent", "p_members", "p_voters", "p_approve", "p_against",
    "experts_named", "drafter_organisation", "substantive", "objections", "leading", "actions", "countries_using",
]  # fmt: skip
"""What a test may count, or take a share of; each as the rule's treatment of votes leaves it."""

OUTCOMES: dict[Outcome, Message] = {
    "passed": say("通过"),
    "failed": say("未通过"),
    "invalid": say("无效"),
    "consultation": say("征询意见，不作表决"),
}
ELIGIBLE: dict[Eligible, Message] = {
    "members": say("委员会委员"),
    "experts": say("专家"),
    "p_members": say("P 成员"),
    "member_bodies": say("各成员体"),
    "member_states": say("成员国"),
}
TREATMENTS: dict[str, Message] = {
    "abstention.voted": say("弃权计入投票人数"),
    "abstention.excluded": say("弃权不计"),
    "silence.not_voted": say("未答复视为未投票"),
    "silence.approve": say("函审逾期未答复视为无异议"),
    "unreasoned.counted": say("反对不附理由的照计"),
    "unreasoned.excluded": say("反对未附理由的不计"),
    "unreasoned.required": say("反对须附理由"),
    "recusal.stay": say("回避者仍计入总数"),
    "recusal.leave": say("回避者不计入总数"),
}
CHOICES: dict[str, Message] = {
    "approve": say("赞成"),
    "against": say("反对"),
    "abstain": say("弃权"),
    "confirm": say("确认有效"),
    "revise": say("修订或修改"),
    "withdraw": say("予以废止"),
}


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """A number of a rule, where it stands, and whether somebody read the official text."""

    value: int
    source: str
    verified: bool
    up_to: int | None = None
    """Of brackets: the largest base that this number is for; the last one has none."""


class Share(Struct, frozen=True, forbid_unknown_fields=True):
    """A fraction as two integers."""

    num: int
    den: int
    source: str
    verified: bool


class Abstention(Struct, frozen=True, forbid_unknown_fields=True):
    value: Literal["voted", "excluded"]
    source: str
    verified: bool


class Silence(Struct, frozen=True, forbid_unknown_fields=True):
    value: Literal["not_voted", "approve"]
    source: str
    verified: bool


class Unreasoned(Struct, frozen=True, forbid_unknown_fields=True):
    value: Literal["counted", "excluded", "required"]
    source: str
    verified: bool


class Recusal(Struct, frozen=True, forbid_unknown_fields=True):
    value: Literal["stay", "leave"]
    source: str
    verified: bool


class Test(Struct, frozen=True, forbid_unknown_fields=True):
    """One leg: `count` against a share of `of`, a number, or the number of the bracket that `of` falls into."""

    key: str
    name: Name
    count: Quantity
    at: Literal["least", "most", "more", "less"]
    unmet: Literal["invalid", "failed"]
    share: Share | None = None
    number: Figure | None = None
    brackets: tuple[Figure, ...] = ()
    of: Quantity | None = None
    when: str | None = None
    """`letter`, `meeting`, or a choice that must lead."""
    if_stated: bool = False

    def __post_init__(self) -> None:
        if sum((self.share is not None, self.number is not None, bool(self.brackets))) != 1:
            raise ValueError("say one of share, number and brackets")
        if (self.number is None) != (self.of is not None):
            raise ValueError("a share and brackets have a base, a number has none")
        if self.brackets and [f for f in self.brackets if f.up_to is None] != [self.brackets[-1]]:
            raise ValueError("the last bracket, and only that, has no up_to")
        if self.share is not None and not 0 < self.share.num <= self.share.den:
            raise ValueError("a share lies between 0 and 1")


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: Name
    used_by: Name
    eligible: Eligible
    abstention: Abstention
    silence: Silence
    unreasoned: Unreasoned
    recusal: Recusal
    tests: tuple[Test, ...] = ()
    choices: tuple[str, ...] = ("approve", "against")
    """What may be voted besides abstaining."""
    consultation: Name | None = None
    """Why nothing is decided by votes, where that is so."""
    on_failed: Name | None = None
    same_as: str | None = None

    @property
    def treatments(self) -> list[Message]:
        """What is done with abstentions, silence, bare votes against and the recused, in words."""
        return [TREATMENTS[f"{name}.{getattr(self, name).value}"] for name in ("abstention", "silence", "unreasoned", "recusal")]

    @property
    def for_or_against(self) -> bool:
        """Whether one votes for or against, and not for one of several actions."""
        return self.choices == ("approve", "against")

    @property
    def votes(self) -> tuple[str, ...]:
        return (*self.choices, "abstain")

    @property
    def by_p_members(self) -> bool:
        """Whether it matters who is a P-member."""
        return any(quantity.startswith("p_") for test in self.tests for quantity in (test.count, test.of or "")) or not self.for_or_against

    @property
    def wants_reason(self) -> bool:
        """Whether a vote against needs reasons to be accepted."""
        return self.unreasoned.value == "required"


@cache
def rules(path: Path = FILE) -> dict[str, Rule]:
    """Every rule by its id, in the order of the file. Raises `BadInput` naming the table that is wrong."""
    data: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Rule] = {}
    for id, table in data.items():
        base = data.get(table.get("same_as", ""), {})
        try:
            found[id] = msgspec.convert({**base, **table, "id": id}, Rule)
        except msgspec.ValidationError as error:
            raise BadInput(say("表决规则 {id} 有误", id=id), unmet=[Unmet("rule", say("{why}", why=str(error)), id)]) from error
    return found


def rule_of(id: str) -> Rule:
    """The rule of an id. Raises `NotFound` with the ids there are."""
    try:
        return rules()[id]
    except KeyError:
        raise NotFound(say("没有表决规则 {id}；现有 {ids}", id=id, ids=list(rules()))) from None
