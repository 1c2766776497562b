"""The count: a rule and the numbers of a ballot in, its outcome with every test and the reason in words out. Integers only."""

from operator import ge, gt, le, lt

from msgspec import Struct

from standards_hub.committees.ballots.poll import PMembers, Poll, Votes, checked
from standards_hub.committees.ballots.rules import CHOICES, ELIGIBLE, OUTCOMES, Figure, Outcome, Quantity, Rule, Share, Test
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Message, Name, say

RELATIONS = {"least": ("≥", ge), "most": ("≤", le), "more": (">", gt), "less": ("<", lt)}

OPPOSITES = {"≥": "<", "≤": ">", ">": "≤", "<": "≥"}
"""What holds where a relation does not."""


class Tested(Struct, frozen=True):
    """One test of a rule: `left` `relation` `right` in integers, and whether it holds."""

    key: str
    name: Said
    left: int
    relation: str
    right: int
    met: bool
    count: int
    """What was counted."""
    base: int | None
    """What the share was taken of; none for a plain number."""
    unmet: str
    """What the ballot is if this test is not met."""
    source: str
    verified: bool
    explanation: Said


class Tally(Struct, frozen=True):
    """The outcome of a ballot and why. `decision` is the action of a systematic review that leads."""

    rule: str
    outcome: Outcome
    tests: list[Tested]
    explanation: Said
    decision: str | None = None


def tally(rule: Rule, poll: Poll) -> Tally:
    """Count a ballot by a rule. Raises `BadInput` for numbers that contradict one another."""
    poll = checked(rule, poll)
    if rule.consultation is not None:
        why = say("{name}（{id}）：{why}", name=rule.name, id=rule.id, why=rule.consultation)
        return Tally(rule.id, "consultation", [], Said.of(why))
    counts = quantities(rule, poll)
    leading = _leading(rule, poll)
    tests = [_tested(test, counts) for test in rule.tests if _applies(test, poll, leading)]
    outcome = _outcome(tests)
    decision = leading if not rule.for_or_against and outcome == "passed" else None
    lines = [*_opening(rule, poll, counts), *_lines(tests), *_closing(rule, outcome, tests, decision)]
    return Tally(rule.id, outcome, tests, Said("\n".join(m.into("zh") for m in lines), "\n".join(m.into("en") for m in lines)), decision)


def quantities(rule: Rule, poll: Poll) -> dict[Quantity, int]:
    """What tests may name, after the rule's treatment of abstention, silence, bare votes against and recusal."""
    p = poll.p_members or PMembers()
    votes = poll.votes or Votes(p.approve, p.against, p.abstain, p.unreasoned_against or 0)
    may_vote = poll.eligible - poll.recused
    silent = max(0, may_vote - votes.all) if rule.for_or_against else max(0, may_vote - p.all)
    present = poll.present or votes.all
    bare, bare_p = (votes.unreasoned_against, _bare_of_p(votes, p)) if rule.unreasoned.value == "excluded" else (0, 0)
    approve = votes.approve + (silent if rule.silence.value == "approve" and not poll.present else 0)
    against, p_against = votes.against - bare, p.against - bare_p
    abstained, p_abstained = (votes.abstain, p.abstain) if rule.abstention.value == "voted" else (0, 0)
    actions = [p.confirm, p.revise, p.withdraw]
    return {
        "members": may_vote if rule.recusal.value == "leave" else poll.eligible,
        "present": min(present, may_vote) if poll.eligible and rule.recusal.value == "leave" else present,
        "voters": approve + against + abstained, "approve": approve, "against": against, "abstain": votes.abstain, "silent": silent,
        "p_members": p.total, "p_voters": p.approve + p_against + p_abstained, "p_approve": p.approve, "p_against": p_against,
        "experts_named": poll.experts_named, "drafter_organisation": poll.drafter_organisation, "substantive": poll.substantive,
        "objections": poll.objections, "leading": max(actions), "actions": sum(actions), "countries_using": poll.countries_using,
    }  # fmt: skip


def _bare_of_p(votes: Votes, p: PMembers) -> int:
    if p.unreasoned_against is not None:
        return p.unreasoned_against
    return max(0, votes.unreasoned_against - (votes.against - p.against))


def _leading(rule: Rule, poll: Poll) -> str | None:
    if rule.for_or_against:
        return None
    p = poll.p_members or PMembers()
    return max(rule.choices, key=lambda choice: getattr(p, choice))


def _applies(test: Test, poll: Poll, leading: str | None) -> bool:
    if test.if_stated and not getattr(poll, test.count):
        return False
    return test.when in (None, "meeting" if poll.present else "letter", leading)


def _tested(test: Test, counts: dict[Quantity, int]) -> Tested:
    count, base = counts[test.count], counts[test.of] if test.of else None
    rests: Share | Figure
    sign, holds = RELATIONS[test.at]
    if test.share is not None and base is not None:
        left, right, rests = count * test.share.den, base * test.share.num, test.share
        met = base > 0 and holds(left, right)
        how = say(
            "{count} × {den} = {left} {sign} {base} × {num} = {right}",
            count=count, den=test.share.den, left=left, sign=sign if met or base == 0 else OPPOSITES[sign], base=base, num=test.share.num, right=right,
        )  # fmt: skip
    else:
        figure = test.number or next(f for f in test.brackets if f.up_to is None or (base or 0) <= f.up_to)
        left, right, rests = count, figure.value, figure
        met = holds(left, right) and base != 0
        how = say("{left} {sign} {right}", left=left, sign=sign if met or base == 0 else OPPOSITES[sign], right=right)
    empty = base == 0
    if empty:
        why = say("{name}：基数为 0，无从判定", name=test.name)
    else:
        why = say("{name}：{how}，{met}", name=test.name, how=how, met=say("符合") if met else say("不符合"))
    unmet = "invalid" if empty else test.unmet
    return Tested(test.key, Said.of(test.name), left, sign, right, met, count, base, unmet, rests.source, rests.verified, Said.of(why))


def _outcome(tests: list[Tested]) -> Outcome:
    """By the first test that is not met."""
    first = next((test for test in tests if not test.met), None)
    return "passed" if first is None else "invalid" if first.unmet == "invalid" else "failed"


def _opening(rule: Rule, poll: Poll, counts: dict[Quantity, int]) -> list[Message]:
    """By which rule, who could vote, how they did, and what is done with those that are neither for nor against."""
    lines = [say("规则 {id}　{name}", id=rule.id, name=rule.name)]
    votes, p = poll.votes, poll.p_members
    if poll.eligible:
        lines.append(
            say("有表决权（{who}）：{count}，其中回避 {recused}", who=ELIGIBLE[rule.eligible], count=poll.eligible, recused=poll.recused)
        )
    if poll.present:
        lines.append(say("出席 {count} 人", count=poll.present))
    if votes is not None and rule.for_or_against:
        text = say("投票 {all}：赞成 {approve}，反对 {against}，弃权 {abstain}", all=votes.all, approve=votes.approve,
                   against=votes.against, abstain=votes.abstain)  # fmt: skip
        lines.append(text)
    if votes is not None and votes.unreasoned_against:
        lines.append(say("反对票中 {count} 票未附理由", count=votes.unreasoned_against))
    if p is not None and (rule.by_p_members or votes is None):
        shown = [say("{choice} {count}", choice=CHOICES[choice], count=getattr(p, choice)) for choice in rule.votes]
        among = votes is not None and rule.for_or_against
        lines.append(
            say("其中 P 成员（共 {total}）：{votes}", total=p.total, votes=shown)
            if among
            else say("P 成员 {total}：{votes}", total=p.total, votes=shown)
        )
    if (votes is not None or p is not None) and poll.eligible and counts["silent"]:
        lines.append(say("未答复 {count}", count=counts["silent"]))
    if rule.tests and votes is not None:
        lines.append(say("计票办法：{treatments}", treatments=rule.treatments))
    return lines


def _lines(tests: list[Tested]) -> list[Message]:
    return [say("{n}. {why}", n=n, why=Name(test.explanation.zh, test.explanation.en)) for n, test in enumerate(tests, 1)]


def _closing(rule: Rule, outcome: Outcome, tests: list[Tested], decision: str | None) -> list[Message]:
    first = next((n for n, test in enumerate(tests, 1) if not test.met), None)
    lines = [say("结论：{outcome}", outcome=OUTCOMES[outcome])]
    if outcome == "passed" and decision is not None:
        lines = [say("结论：{decision}", decision=CHOICES[decision])]
    if outcome == "failed":
        lines = [say("结论：{outcome}，因第 {n} 项不符合", outcome=OUTCOMES[outcome], n=first)]
        lines += [say("后续：{what}", what=rule.on_failed)] if rule.on_failed else []
    if outcome == "invalid":
        lines = [say("结论：{outcome}，因第 {n} 项不符合；无效不是否决，应重新组织表决", outcome=OUTCOMES[outcome], n=first)]
    return lines
