"""What is counted: the numbers of a ballot, or its single votes, checked for being possible at all."""

import contextlib
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from standards_hub.committees.ballots.rules import Rule
from standards_hub.kernel.complaints import complaint
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
MOST_NAMED = 20
BOM = b"\xef\xbb\xbf"
"""What some editors put before a text."""


class Votes(Struct, frozen=True, forbid_unknown_fields=True):
    """All who voted, P-members included; `unreasoned_against` are those of `against` that gave no reasons."""

    approve: Count = 0
    against: Count = 0
    abstain: Count = 0
    unreasoned_against: Count = 0

    @property
    def all(self) -> int:
        return self.approve + self.against + self.abstain


class PMembers(Struct, frozen=True, forbid_unknown_fields=True):
    """The P-members of the committee and how they voted; the actions are those of a systematic review."""

    total: Count = 0
    approve: Count = 0
    against: Count = 0
    abstain: Count = 0
    unreasoned_against: Count | None = None
    """Where it is not said: as few of all unreasoned ones as the other members' votes against allow."""
    confirm: Count = 0
    revise: Count = 0
    withdraw: Count = 0

    @property
    def all(self) -> int:
        return self.approve + self.against + self.abstain + self.confirm + self.revise + self.withdraw


class Single(Struct, frozen=True, forbid_unknown_fields=True):
    """One vote. A vote against without `reason` is an unreasoned one."""

    vote: str
    voter: str | None = None
    reason: str | None = None
    p_member: bool = False
    expert_named: bool = False


class Poll(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The numbers of a ballot; what is 0 was not said or does not apply. `present` makes it a meeting."""

    eligible: Count = 0
    recused: Count = 0
    """Of those eligible."""
    present: Count = 0
    votes: Votes | None = None
    p_members: PMembers | None = None
    experts_named: Count = 0
    """Approving P-members that named an expert."""
    ballots: list[Single] | None = None
    """Single votes in place of `votes` and of the votes in `p_members`."""
    drafter_organisation: Count = 0
    """Of those who voted, how many are of the drafting organisation."""
    substantive: Count = 0
    typographical: Count = 0
    objections: Count = 0
    """Member States that object."""
    countries_using: Count = 0


DECODER = msgspec.json.Decoder(Poll)


def read(data: bytes, name: str = "") -> Poll:
    """A poll from JSON; what its single votes say beyond what counts, such as names, is passed over. Raises `BadInput` naming the field."""
    data = data.removeprefix(BOM)
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):  # nearly every file says what counts alone and needs no second look
        return DECODER.decode(data)
    try:
        given = _said(msgspec.json.decode(data))
        if isinstance(given, dict) and isinstance(single := given.get("ballots"), list):
            given["ballots"] = [
                {k: v for k, v in one.items() if k in Single.__struct_fields__} if isinstance(one, dict) else one for one in single
            ]
        return msgspec.convert(given, Poll)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(say("票数文件 {name} 有误", name=name), unmet=[complaint(str(error))]) from error
    except RecursionError:
        raise BadInput(
            say("票数文件 {name} 有误", name=name), unmet=[Unmet("invalid", say("列表或对象套得太深，请按说明的格式写"))]
        ) from None


def _said(given: Any) -> Any:
    """A poll without what is null: it was not said."""
    if isinstance(given, list):
        return [_said(value) for value in given]
    if not isinstance(given, dict):
        return given
    return {key: _said(value) for key, value in given.items() if value is not None}


def summed(rule: Rule, poll: Poll) -> Poll:
    """The same poll with its single votes added up. Raises `BadInput` naming votes that are not possible."""
    if poll.ballots is None:
        return poll
    if poll.votes is not None:
        raise BadInput(say("votes 与 ballots 只能给出一项"), unmet=[Unmet("poll", say("删去其中一项"), "ballots")])
    counts: dict[str, int] = dict.fromkeys(rule.votes, 0)
    of_p, seen, unmet, experts = dict(counts), set[str](), list[Unmet](), 0
    bare = bare_p = 0
    for n, one in enumerate(poll.ballots):
        if one.vote not in counts:
            unmet.append(
                Unmet("vote", say("“{vote}”不是可投的票；可投 {choices}", vote=one.vote, choices=list(rule.votes)), f"ballots[{n}].vote")
            )
            continue
        if one.voter is not None:
            if one.voter in seen:
                unmet.append(Unmet("twice", say("“{voter}”已有一票", voter=one.voter), f"ballots[{n}].voter"))
            seen.add(one.voter)
        counts[one.vote] += 1
        unreasoned = one.vote == "against" and not (one.reason and one.reason.strip())
        bare += unreasoned
        if one.p_member:
            of_p[one.vote] += 1
            bare_p += unreasoned
            experts += one.expert_named and one.vote == "approve"
    if unmet:
        raise BadInput(say("选票有误"), unmet=unmet[:MOST_NAMED])
    total = poll.p_members.total if poll.p_members else 0
    plain = {name: counts.get(name, 0) for name in ("approve", "against", "abstain")}
    members = PMembers(total=max(total, sum(of_p.values())), unreasoned_against=bare_p, **of_p)
    return msgspec.structs.replace(
        poll, ballots=None, votes=Votes(unreasoned_against=bare, **plain), p_members=members if any(of_p.values()) or total else None,
        experts_named=poll.experts_named or experts,
    )  # fmt: skip


def checked(rule: Rule, poll: Poll) -> Poll:
    """The same poll, added up. Raises `BadInput` naming every number that contradicts another."""
    poll = summed(rule, poll)
    votes, p = poll.votes, poll.p_members
    unmet: list[Unmet] = []

    def at_most(code: str, value: int, most: int, where: str, **values: Any) -> None:
        if value > most:
            unmet.append(Unmet(code, say("{value} 大于 {most}，数目不对", value=value, most=most), where))

    if votes is not None:
        at_most("unreasoned", votes.unreasoned_against, votes.against, "votes.unreasoned_against")
        if poll.eligible:
            at_most("voted", votes.all, poll.eligible - poll.recused, "votes")
        if poll.present:
            at_most("present", votes.all, poll.present, "present")
        at_most("drafter", poll.drafter_organisation, votes.all, "drafter_organisation")
        for name in ("approve", "against", "abstain") if p else ():
            at_most("p_members", getattr(p, name), getattr(votes, name), f"p_members.{name}")
    at_most("recused", poll.recused, poll.eligible, "recused")
    if poll.eligible:
        at_most("present", poll.present, poll.eligible, "present")
    if p is not None:
        if p.total:
            at_most("p_members", p.all, p.total, "p_members.total")
        if p.unreasoned_against is not None:
            at_most("unreasoned", p.unreasoned_against, p.against, "p_members.unreasoned_against")
    if unmet:
        raise BadInput(say("票数不对"), unmet=unmet)
    return poll
