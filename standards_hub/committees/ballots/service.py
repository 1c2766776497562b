"""What users do to a ballot: prepare, open, vote, count what is no vote, close, call off. And what the clock and a changed text do."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, structs

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports, recusing, repository, roll
from standards_hub.committees.ballots.events import (
    BallotClosed,
    BallotCounted,
    BallotEdited,
    BallotFacts,
    BallotOpened,
    BallotPrepared,
    BallotVoided,
    VoteCast,
    VoterStruck,
)
from standards_hub.committees.ballots.rules import rule_of
from standards_hub.committees.ballots.schemas import (
    BallotBrief,
    BallotChange,
    BallotOut,
    CountsIn,
    NewBallot,
    Opening,
    RecordedVote,
    Strike,
    Vote,
    VoterOut,
)
from standards_hub.committees.ballots.tally import tally
from standards_hub.committees.ballots.values import MATTER, STATES, TEXT_CHANGED, Ballot, Entry, Voter
from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.values import Committee
from standards_hub.kernel.clock import end_of
from standards_hub.kernel.errors import BadInput, NotFound, Refused, Unmet, refuse_if
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

SHOWN = ("id", "name", "organisation", "position", "p_member", "recused", "recusal_reason", "cast_on")
TOLD = ("vote", "reason", "expert_named", "paper")


async def prepare(work: Work, data: NewBallot) -> Ballot:
    """Prepare a ballot of a committee on a subject, or on a matter that stands in the ballot itself."""
    data = checked(data)
    committee = await registers.committee(work.connection, data.committee_id)
    work.actor.require("ballot.manage", committee)
    rule_of(data.rule)
    if committee.state != "active":
        raise Refused(say("委员会不在运行中，不能组织表决"), unmet=[Unmet("committee", say("委员会须先成立或恢复工作"), "committee_id")])
    if (data.subject_kind == MATTER) != (data.subject_id is None):
        raise BadInput(say("请指明表决对象"), unmet=[Unmet("subject", say("请选择表决对象，或只写事项"), "subject_id")])
    label = data.title or ""
    if data.subject_id is not None:
        subject = await ports.facts(work, data.subject_kind, data.subject_id)
        label = subject.label
        refuse_if(_not_theirs(work, subject, committee), say("不能准备表决"))
    elif not label:
        raise BadInput(say("请写明表决事项"), unmet=[Unmet("title", say("请填写"), "title")])
    made = Ballot(
        id=uuid4(), committee_id=committee.id, title=data.title or label, question=data.question, subject_kind=data.subject_kind,
        subject_id=data.subject_id or uuid4(), subject_label=label, rule=data.rule, form=data.form, closes_on=data.closes_on,
        invited=data.invited, exemplar=data.exemplar, prepared_on=work.today,
    )  # fmt: skip
    await _invitable(work, made)
    facts = BallotFacts(**{name: getattr(made, name) for name in BallotFacts.__struct_fields__})
    event = BallotPrepared(
        committee_id=made.committee_id, subject_kind=made.subject_kind, subject_id=made.subject_id, subject_label=label, facts=facts,
        exemplar=made.exemplar,
    )  # fmt: skip
    await work.append(made, event)
    return made


def _not_theirs(work: Work, subject: ports.SubjectFacts, committee: Committee) -> list[Unmet]:
    """Why a committee may not vote on a subject, which may have been given to another since the ballot was prepared."""
    if subject.before(committee.id, work.actor, "ballot.manage"):
        return []
    return [Unmet("committee", say("《{label}》不归口于{committee}", label=subject.label, committee=committee.called), "committee_id")]


async def edit(work: Work, id: UUID, change: BallotChange) -> Ballot:
    """Change what a ballot will be, before it opens."""
    found = await _managed(work, id)
    _in_state(found, "prepared", say("投票已经开始，不能再改；如需更改，请作废后重新组织"))
    said = {name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET}
    if "invited" in said:
        said["invited"] = change.invited
    news = BallotFacts(**said).news(found)
    if not news.said():
        return found
    if news.rule is not UNSET:
        rule_of(news.rule)
    before = news.before(found)
    news.apply(found)
    await _invitable(work, found)
    await work.append(found, BallotEdited(before=before, after=news))
    return found


async def open_(work: Work, id: UUID, data: Opening | None = None) -> Ballot:
    """Open a ballot: roll, recusals, rule and the hash of the text are frozen, and it will close by the clock.

    Who declared an interest in the subject is recused, unless `data` says otherwise.
    """
    found = await _managed(work, id)
    _in_state(found, "prepared", say("表决不在准备中"))
    committee = await registers.committee(work.connection, found.committee_id)
    subject, entries = await ports.now(work, found, lock=True), await roll_of(work, found)
    entries, kept, wrong = recusing.decided(entries, await recusing.proposed(work, found, entries), data or Opening())
    unmet = [
        *_not_theirs(work, subject, committee),
        *wrong,
        *roll.unmet_for_opening(found, entries, subject.hash, work.today, subject.rules),
    ]
    if await repository.open_ones(work.connection, subject=(found.subject_kind, found.subject_id)):
        unmet.append(Unmet("again", say("同一对象已有表决正在进行")))
    refuse_if(unmet, say("不能开始投票"))
    terms = msgspec.to_builtins(found.law)
    event = BallotOpened(subject_label=subject.label, subject_hash=subject.hash or "", terms=terms, roll=entries, not_recused=kept)
    await work.append(found, event)
    found.state, found.opened_on, found.terms, found.subject_hash, found.subject_label = (
        "open",
        work.today,
        terms,
        subject.hash,
        subject.label,
    )
    await work.enqueue("ballot.close", {"ballot_id": str(id)}, key=f"ballot-close:{id}", due_at=end_of(found.closes_on))
    await work.enqueue("ballot.call", {"ballot_id": str(id)}, key=f"ballot-call:{id}")
    return found


async def cast(work: Work, id: UUID, data: Vote) -> Ballot:
    """Vote as oneself, or vote anew while the ballot is open. Raises `Refused` for who is not on the roll, or recused."""
    data = checked(data)
    work.actor.require("ballot.vote")
    found = await repository.ballot(work.connection, id, lock=True)
    own = next((v for v in await repository.voters(work.connection, id) if v.person_id and v.person_id == work.actor.person), None)
    if own is None:
        why = say("名册于 {day} 冻结，其后加入或替换的人不参加本次表决", day=found.opened_on or say("开始投票时"))
        raise Refused(say("您不在本次表决的名册中"), unmet=[Unmet("roll", why, None, "secretariat")])
    return await _cast(work, found, own, data)


async def record(work: Work, id: UUID, voter_id: UUID, data: RecordedVote) -> Ballot:
    """Enter a vote that came in on paper or was given elsewhere; the paper is named."""
    data = checked(data)
    found = await _managed(work, id)
    voter = await voter_of(work, found, voter_id)
    if voter.vote is not None and voter.paper is None:  # nobody changes for others what they voted themselves
        why = say("{name} 已自己投票，只能由本人在截止前更改", name=voter.name)
        raise Refused(say("不能录入"), unmet=[Unmet("own", why)])
    return await _cast(work, found, voter, data, data.paper)


async def _cast(work: Work, found: Ballot, voter: Voter, data: Vote, paper: str | None = None) -> Ballot:
    if await _void_if_changed(work, found):
        return found
    seats = await registers.seats(work.connection, found.committee_id) if voter.seat_id else []
    own = [seat for seat in seats if seat.person_id == voter.person_id]
    refuse_if(roll.unmet_for_vote(found.law, found, voter, data.vote, data.reason, work.today, own), say("不能投票"))
    reason = data.reason.strip() or None if data.reason else None
    await work.append(found, VoteCast(voter=voter.id, vote=data.vote, reason=reason, expert_named=data.expert_named, paper=paper))
    return found


async def strike(work: Work, id: UUID, voter_id: UUID, data: Strike) -> Ballot:
    """Take a place off the roll that was vacant before the opening, by the authority's notice."""
    data = checked(data)
    found = await _managed(work, id)
    voter = await voter_of(work, found, voter_id)
    refuse_if(roll.unmet_for_striking(found, voter, data.dated, work.today), say("不能从名册中删除"))
    await work.append(found, VoterStruck(voter=voter.id, name=voter.name, notice=data.notice, dated=data.dated))
    return found


async def count(work: Work, id: UUID, data: CountsIn) -> Ballot:
    """Note numbers that are not votes: those present, comments of substance, objections."""
    data = checked(data)
    found = await _managed(work, id)
    _in_state(found, "open", say("表决不在投票中"))
    if work.today > found.closes_on:  # what was noted until then is what the clock counts by
        raise Refused(say("投票已于 {day} 24:00 截止", day=found.closes_on))
    said = {name: value for name, value in structs.asdict(data).items() if value is not UNSET}
    after = structs.replace(found.counts, **said)
    if unmet := roll.unmet_for_counting(after, await repository.voters(work.connection, id)):
        raise BadInput(say("票数不对"), unmet=unmet)
    if after != found.counts:
        await work.append(found, BallotCounted(before=found.counts, after=after))
        found.counts = after
    return found


async def close(work: Work, id: UUID) -> Ballot:
    """Close a ballot before its day: a meeting that has voted, or where everybody has."""
    found = await _managed(work, id)
    _in_state(found, "open", say("表决不在投票中"))
    if await _void_if_changed(work, found):
        return found
    voters = await repository.voters(work.connection, id)
    if found.form == "letter" and any(v.vote is None and not v.recused for v in voters) and work.today <= found.closes_on:
        waiting = sum(v.vote is None and not v.recused for v in voters)
        why = say("尚有 {count} 人未投票，须待 {day} 24:00 截止", count=waiting, day=found.closes_on)
        raise Refused(say("不能提前结束"), unmet=[Unmet("early", why, "closes_on")])
    return await _conclude(work, found, voters, work.today)


async def close_by_clock(work: Work, id: UUID) -> Ballot:
    """Close a ballot whose last day is over; nothing where that was done already or is not so yet."""
    found = await repository.ballot(work.connection, id, lock=True)
    if found.state != "open" or work.today <= found.closes_on:
        return found
    return await _conclude(work, found, await repository.voters(work.connection, id), found.closes_on)


async def _conclude(work: Work, found: Ballot, voters: Sequence[Voter], on: date) -> Ballot:
    rule = found.law
    result = tally(rule, roll.poll_of(rule, voters, found.counts, found.form))
    event = BallotClosed(outcome=result.outcome, decision=result.decision, result=msgspec.to_builtins(result))
    await work.append(found, event, effective_on=on)
    found.state, found.closed_on, found.outcome, found.decision, found.result = "closed", on, event.outcome, event.decision, event.result
    await ports.decided(work, found)
    await work.enqueue("ballot.tell", {"ballot_id": str(found.id)}, key=f"ballot-tell:{found.id}")
    return found


async def call_off(work: Work, id: UUID, data: Reason) -> Ballot:
    """Call a ballot off, before or while it is open. It stays on record and decides nothing."""
    data = checked(data)
    found = await _managed(work, id)
    if found.state not in ("prepared", "open"):
        raise Refused(say("表决{state}，不能作废", state=STATES[found.state]))
    if found.state == "open" and work.today > found.closes_on:  # what was voted stands, though the clock has yet to count it
        raise Refused(say("投票已于 {day} 24:00 截止", day=found.closes_on))
    return await _void(work, found, data.reason)


async def subject_changed(work: Work, kind: str, id: UUID) -> None:
    """A text was changed: the ballots that are open on another version of it are void, and say so."""
    for found in await repository.open_ones(work.connection, subject=(kind, id)):
        await _void_if_changed(work, await repository.ballot(work.connection, found.id, lock=True))  # after who votes at this moment


async def _void_if_changed(work: Work, found: Ballot) -> bool:
    """Whether the text is no longer the one that is voted on; then the ballot is void. What comes after its last day does not touch it."""
    if found.state != "open" or found.subject_kind == MATTER or work.today > found.closes_on:
        return False
    subject = await ports.now(work, found)
    if subject.hash == found.subject_hash:
        return False
    await _void(work, found, TEXT_CHANGED.text, subject.hash)
    return True


async def _void(work: Work, found: Ballot, reason: str, changed: str | None = None) -> Ballot:
    was_open = found.state == "open"
    await work.append(found, BallotVoided(reason=reason, changed_hash=changed))
    found.state, found.closed_on, found.void_reason = "void", work.today, reason
    if was_open:
        await work.enqueue("ballot.tell", {"ballot_id": str(found.id)}, key=f"ballot-tell:{found.id}")
    return found


async def show(work: Work, id: UUID) -> BallotOut:
    """A ballot with its roll. How others voted is told when it is closed, to its committee and those who vote in it."""
    work.actor.require("ballot.read")
    found = await repository.ballot(work.connection, id)
    voters = await repository.voters(work.connection, id)
    on_roll = any(v.person_id and v.person_id == work.actor.person for v in voters)
    inside = on_roll or work.actor.may("ballot.read_votes", found)
    told = found.state == "closed" and inside
    if not inside and not work.actor.may("interest.read", found):  # what ties somebody to a text is for those who work with it
        voters = [structs.replace(voter, recusal_reason=None) for voter in voters]
        found.invited = structs.replace(found.invited, recusals=())
    shown = [_shown(work, v, told) for v in voters]
    own = next((v for v in shown if v.own), None)
    may = sum(not v.recused for v in voters)
    voted = sum(v.vote is not None for v in voters)
    acts = _acts(work, found, own, early=found.form == "meeting" or voted >= may)
    interested = await recusing.proposed(work, found, await roll_of(work, found)) if "open" in acts else []
    sheets = await repository.sheets(work.connection, id) if told else []
    return BallotOut(found, found.law, shown, voted, may, own, acts, told, interested, sheets)


def _shown(work: Work, voter: Voter, told: bool) -> VoterOut:
    own = voter.person_id is not None and voter.person_id == work.actor.person
    values = {name: getattr(voter, name) for name in SHOWN}
    return VoterOut(
        **values,
        voted=voter.vote is not None,
        on_paper=voter.paper is not None,
        own=own,
        **({n: getattr(voter, n) for n in TOLD} if told or own else {}),
    )


def _acts(work: Work, found: Ballot, own: VoterOut | None, *, early: bool) -> list[str]:
    """What the actor may do now; `early` says whether it may be closed before its day."""
    acts: list[str] = []
    running = found.state == "open" and work.today <= found.closes_on
    if running and own is not None and not own.recused:
        acts.append("vote")
    if work.actor.may("ballot.manage", found):
        acts += ["open", "edit", "void"] if found.state == "prepared" else []
        acts += ["close"] if found.state == "open" and (early or not running) else []
        acts += ["record", "count", "void"] if running else []
    return acts


async def waiting(work: Work) -> list[Ballot]:
    """The open ballots in which the actor has yet to vote, the first to close first."""
    return await repository.to_vote(work.connection, work.actor.person) if work.actor.person else []


async def briefs(work: Work, found: Sequence[Ballot]) -> list[BallotBrief]:
    """Ballots in a list, with how many have voted."""
    turnout = await repository.turnout(work.connection, [one.id for one in found])
    names = [name for name in BallotBrief.__struct_fields__ if name not in ("voted", "may_vote")]
    return [
        BallotBrief(**{n: getattr(one, n) for n in names}, voted=turnout.get(one.id, (0, 0))[0], may_vote=turnout.get(one.id, (0, 0))[1])
        for one in found
    ]


async def _managed(work: Work, id: UUID) -> Ballot:
    found = await repository.ballot(work.connection, id, lock=True)
    work.actor.require("ballot.manage", found)
    return found


def _in_state(found: Ballot, state: str, why: Message) -> None:
    if found.state != state:
        raise Refused(why, unmet=[Unmet("state", say("表决现为“{state}”", state=STATES[found.state]), "state")])


async def voter_of(work: Work, found: Ballot, voter_id: UUID) -> Voter:
    """A place on a ballot's roll."""
    for voter in await repository.voters(work.connection, found.id):
        if voter.id == voter_id:
            return voter
    raise NotFound(say("名册中没有此人"))


async def roll_of(work: Work, found: Ballot) -> list[Entry]:
    """The roll as it would be frozen today."""
    people = [await registers.person(work.connection, id) for id in found.invited.people]
    employers = await registers.organisation_names(work.connection, [one.organisation_id for one in people if one.organisation_id])
    return roll.frozen(found.invited, await registers.seats(work.connection, found.committee_id), people, employers, work.today)


async def _invitable(work: Work, found: Ballot) -> None:
    """Raises `BadInput` for people who are named and not there, or twice."""
    ids = [*found.invited.people, *(r.person_id for r in found.invited.recusals)]
    known = await registers.person_names(work.connection, ids)
    unmet = [Unmet("person", say("找不到人员 {id}", id=id), "invited") for id in ids if id not in known]
    if len(set(found.invited.people)) < len(found.invited.people):
        unmet.append(Unmet("twice", say("同一人列了两次"), "invited.people"))
    if len({body.name for body in found.invited.bodies}) < len(found.invited.bodies):
        unmet.append(Unmet("twice", say("同一成员体列了两次"), "invited.bodies"))
    if unmet:
        raise BadInput(say("名册有误"), unmet=unmet)
