"""The rules on disposing of comments: where a reason must be given, what is the same comment twice, how far a draft's comments are."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from standards_hub.committees.comments.values import Disposition
from standards_hub.kernel.messages import Name

FILE = Path(__file__).with_name("rules.toml")
Rule = Literal["chinese", "international"]
Standing = Literal["open", "replaced", "over", "closed"]
BECAUSE = "理由："
"""What heads the reasons that somebody gives for a comment."""
NOTHING = {"无", "没有", "无意见", "没有意见", "无修改意见", "无不同意见", "none", "nocomment", "nocomments"}
"""What a reply without comments says, folded."""
NOISE = re.compile(r"[\s\W_]+")


class Reasons(Struct, frozen=True, forbid_unknown_fields=True):
    """The dispositions that want a reason, where that stands, and whether somebody read the official text."""

    value: tuple[Disposition, ...]
    source: str
    english: str
    verified: bool

    @property
    def named(self) -> Name:
        """Where it stands, in the reader's language."""
        return Name(self.source, self.english)


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    reasons: Reasons


@cache
def rules() -> dict[str, Rules]:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[str, Rules])


def wants_reason(rule: Rule, disposition: Disposition | None) -> bool:
    """Whether a comment so disposed of must say why."""
    return disposition in rules()[rule].reasons.value


def standing(state: str, version: str, closes_on: date, current: str | None, today: date) -> Standing:
    """How an enquiry stands on a day: a text that was replaced within the window makes the window invalid until it is begun anew.

    The last day counts until its end at 24:00.
    """
    if state == "closed":
        return "closed"
    if today > closes_on:
        return "over"
    return "open" if current in (None, version) else "replaced"


class Comparable(Protocol):
    @property
    def author(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def proposed(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def element(self) -> str: ...


C = TypeVar("C", bound=Comparable)


def folded(text: str) -> str:
    """A text without the differences of typing: width, case, spaces and stops."""
    return NOISE.sub("", unicodedata.normalize("NFKC", text).casefold()) or text.strip()


def sameness(one: Comparable) -> tuple[str, ...]:
    """What makes a comment the very same when a sheet comes a second time: who says what of which clause."""
    return tuple(folded(said) for said in (one.author, one.clause, one.text, one.proposed))


def says_nothing(one: Comparable) -> bool:
    """Whether a comment only says that there is none, as in a reply that is filled in for form's sake."""
    return not one.proposed.strip() and folded(one.text) in NOTHING


def same_in(comments: Sequence[C], one: Comparable) -> C | None:
    """Which of comments of one sameness a row is again: the one of the same line and element; any where its form has no columns for them."""
    if not one.line and not one.element:
        return next((each for each in comments if getattr(each, "disposition", None) is None), comments[0]) if comments else None
    place = folded(one.line), folded(one.element)
    return next((each for each in comments if (folded(each.line), folded(each.element)) == place), None)


def alike(comments: Iterable[C]) -> list[list[C]]:
    """Comments that say the same on the same clause, whatever their reasons for it, in groups of two and more."""
    groups: dict[tuple[str, str, str], list[C]] = {}
    for one in comments:
        said = one.text.partition(f"\n{BECAUSE}")[0]
        groups.setdefault((folded(one.clause), folded(said), folded(one.proposed)), []).append(one)
    return [group for group in groups.values() if len(group) > 1]


class Summary(Struct, frozen=True, kw_only=True):
    """How far the comments on a draft are. Merged ones count with the one they went into."""

    sent: int
    replied: int
    with_comments: int
    total: int
    merged: int
    undecided: int
    lacking_reason: int
    decisions: dict[str, int]
    types: dict[str, int]
    kinds: dict[str, int]

    @property
    def silent(self) -> int:
        """How many did not reply."""
        return max(self.sent - self.replied, 0)

    @property
    def disposed(self) -> bool:
        """Whether every comment is disposed of, with its reason where one is wanted."""
        return not self.undecided and not self.lacking_reason


class Group(Struct, frozen=True):
    """Comments that are alike in all that the statistics look at, and how many they are."""

    author_kind: str
    status: str
    disposition: Disposition | None
    type: str | None
    unreasoned: bool
    count: int


def summed(groups: Sequence[Group], bodies: Iterable[str], repliers: Iterable[str], sent: int, rule: Rule) -> Summary:
    """The statistics of an enquiry. `bodies` are the organisations that commented, `repliers` sent a sheet, with or without comments in it."""
    own = [group for group in groups if group.status != "merged"]
    commenting = {folded(name) for name in bodies}

    def count(of: Iterable[Group]) -> int:
        return sum(group.count for group in of)

    return Summary(
        sent=sent, replied=len(commenting | {folded(name) for name in repliers if name}), with_comments=len(commenting), total=count(groups),
        merged=count(groups) - count(own), undecided=count(g for g in own if g.disposition is None),
        lacking_reason=count(g for g in own if g.unreasoned and wants_reason(rule, g.disposition)),
        decisions=_counts(own, "disposition"), types=_counts(own, "type"), kinds=_counts(groups, "author_kind"),
    )  # fmt: skip


def _counts(groups: Iterable[Group], field: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in groups:
        if (value := getattr(group, field)) is not None:
            found[value] = found.get(value, 0) + group.count
    return found
