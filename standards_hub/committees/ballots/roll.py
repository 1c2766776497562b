"""The roll and what may be done with it: who is on it when a ballot opens, and who may vote while it is open."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from standards_hub.committees.ballots.poll import PMembers, Poll, Single, Votes
from standards_hub.committees.ballots.rules import CHOICES, Rule
from standards_hub.committees.ballots.tally import Tested, tally
from standards_hub.committees.ballots.values import Ballot, Counts, Entry, Invited, Voter
from standards_hub.committees.values import VOTING, Person, Seat, SeatHolder
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import say


def frozen(invited: Invited, seats: Sequence[SeatHolder], people: Sequence[Person], employers: dict[UUID, str], day: date) -> list[Entry]:
    """Who may vote: the bodies that are named, else the experts, else the members of the committee on that day."""
    reasons = {recusal.person_id: recusal.reason for recusal in invited.recusals}
    if invited.bodies:
        return [Entry(id=uuid4(), name=body.name, p_member=body.p_member) for body in invited.bodies]
    if people:
        return [
            Entry(
                id=uuid4(), name=one.name, person_id=one.id, organisation=employers.get(one.organisation_id) if one.organisation_id else None,
                recused=one.id in reasons, recusal_reason=reasons.get(one.id),
            )
            for one in people
        ]  # fmt: skip
    order = {position: n for n, position in enumerate(VOTING)}
    members = sorted(
        (s for s in seats if s.position in VOTING and s.holds_on(day)), key=lambda s: (order[s.position], s.person_name, str(s.id))
    )
    return [
        Entry(
            id=uuid4(), name=seat.person_name, person_id=seat.person_id, seat_id=seat.id, organisation=seat.organisation_name,
            position=seat.position, recused=seat.person_id in reasons, recusal_reason=reasons.get(seat.person_id),
        )
        for seat in members
    ]  # fmt: skip


def unmet_for_opening(
    ballot: Ballot, roll: Collection[Entry], subject_hash: str | None, today: date, counting: Sequence[str] = ()
) -> list[Unmet]:  # fmt: skip
    """What stands in the way of opening; `counting` are the rules that count for the subject, any where there are none."""
    unmet = []
    if counting and ballot.rule not in counting:
        why = say("规则 {rule} 不适用于该对象现在的步骤，请改用 {rules}", rule=ballot.rule, rules=list(counting))
        unmet.append(Unmet("rule", why, "rule"))
    if ballot.closes_on < today:
        unmet.append(Unmet("closes", say("截止日 {day} 已过", day=ballot.closes_on), "closes_on"))
    if not any(not entry.recused for entry in roll):
        unmet.append(Unmet("roll", say("没有可以投票的人：请先登记席位，或指定专家、成员体"), "invited"))
    if subject_hash is None:
        unmet.append(Unmet("text", say("还没有可供表决的文本，请先提交"), "subject_id"))
    known = {entry.person_id for entry in roll}
    for recusal in ballot.invited.recusals:
        if recusal.person_id not in known:
            unmet.append(Unmet("recusal", say("回避的人不在名册中"), "invited.recusals"))
    return unmet


def hopeless(rule: Rule, roll: Collection[Entry]) -> Tested | None:
    """The test by which a ballot on this roll is invalid though everybody on it votes in favour; nothing where it can be valid."""
    may, of_p = sum(not entry.recused for entry in roll), sum(entry.p_member and not entry.recused for entry in roll)
    p = PMembers(total=of_p, approve=of_p) if rule.for_or_against else PMembers(total=of_p, **{rule.choices[0]: of_p})
    best = tally(rule, Poll(eligible=len(roll), recused=len(roll) - may, votes=Votes(approve=may), p_members=p, experts_named=of_p))
    return next((test for test in best.tests if not test.met), None) if best.outcome == "invalid" else None


def unmet_for_vote(
    rule: Rule, ballot: Ballot, voter: Voter, vote: str, reason: str | None, today: date, seats: Sequence[Seat] = ()
) -> list[Unmet]:
    """What makes a vote impossible. `seats` are the voter's in the committee, as they are now."""
    unmet = []
    if ballot.state != "open" or today > ballot.closes_on:
        unmet.append(Unmet("closed", say("投票已于 {day} 24:00 截止", day=ballot.closes_on)))
    if voter.recused:
        unmet.append(Unmet("recused", say("{name} 已回避：{reason}", name=voter.name, reason=voter.recusal_reason)))
    if voter.seat_id is not None and not any(seat.holds_on(today) for seat in seats):
        unmet.append(Unmet("seat", say("{name} 的任期已经结束，不能再投票；席位仍计入总数", name=voter.name)))
    if vote not in rule.votes:
        unmet.append(Unmet("vote", say("可投 {choices}", choices=[CHOICES[choice] for choice in rule.votes]), "vote"))
    if vote == "against" and rule.wants_reason and not (reason and reason.strip()):
        unmet.append(Unmet("reason", say("反对须写明理由"), "reason"))
    return unmet


def unmet_for_striking(ballot: Ballot, voter: Voter, dated: date, today: date) -> list[Unmet]:
    """A place stays in the total unless the authority's notice is of a day before the opening; a vote that was cast stays."""
    unmet = []
    if ballot.state != "open":
        unmet.append(Unmet("state", say("表决不在投票中")))
    elif today > ballot.closes_on:
        unmet.append(Unmet("closed", say("投票已于 {day} 24:00 截止", day=ballot.closes_on)))
    if voter.vote is not None:
        unmet.append(Unmet("cast", say("{name} 已投票，该票保留", name=voter.name)))
    if ballot.opened_on is not None and dated >= ballot.opened_on:
        unmet.append(Unmet("dated", say("调整文件须早于开始投票的 {day}；否则席位仍计入总数", day=ballot.opened_on), "dated"))
    return unmet


def unmet_for_counting(counts: Counts, roll: Collection[Voter]) -> list[Unmet]:
    """Numbers that the roll does not allow: nobody is at a ballot who is not on it."""
    return [
        Unmet("counts", say("{value} 大于名册中的 {most} 人", value=value, most=len(roll)), name)
        for name in ("present", "drafter_organisation") if (value := getattr(counts, name)) > len(roll)
    ]  # fmt: skip


def poll_of(rule: Rule, voters: Sequence[Voter], counts: Counts, form: str) -> Poll:
    """A ballot's votes as the count takes them. Who voted at a meeting was present, whoever else was; what was noted before cannot say less."""
    singles = [Single(v.vote, str(v.id), v.reason, v.p_member, v.expert_named) for v in voters if v.vote is not None]
    present = max(counts.present, len(singles)) if counts.present or form == "meeting" else 0
    extra = {name: getattr(counts, name) for name in counts.__struct_fields__ if name != "present"}
    extra["drafter_organisation"] = min(counts.drafter_organisation, len(singles))
    return Poll(
        eligible=len(voters), recused=sum(v.recused for v in voters), present=present, ballots=singles, p_members=_p(voters), **extra
    )


def _p(voters: Iterable[Voter]) -> PMembers | None:
    total = sum(voter.p_member for voter in voters)
    return PMembers(total=total) if total else None


def reminded_on(closes_on: date, days: Sequence[int]) -> set[date]:
    """The days on which those who have yet to vote are reminded."""
    return {closes_on - timedelta(days=n) for n in days}
