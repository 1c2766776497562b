"""Ballots on standards: the text that is voted on, a closed ballot as evidence for a gate, and where a failed one sends the standard."""

import hashlib
from collections.abc import Container, Iterable
from datetime import date
from uuid import UUID

from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots.ports import SubjectFacts
from standards_hub.committees.ballots.rules import OUTCOMES
from standards_hub.committees.ballots.values import Ballot, SignedSheet
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.gates import Evidence
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.services import dossier, moving, reading
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import BALLOT_SHEET, Gate, Transition
from standards_hub.lifecycle.values import Paper, Standard, Visit

KIND, PROVIDER = "standard", "ballots"
TEXTS = (
    "outline_draft", "form_4", "working_draft", "baseline_text", "comment_draft", "committee_draft", "review_draft", "dis_text",
    "approval_draft", "fdis_text", "draft_recommendation", "published_text",
)  # fmt: skip
"""Kinds of papers that are the text itself, in the order in which they follow one another."""


def latest_text(papers: Iterable[Paper]) -> Paper | None:
    """The text as it stands: the accepted paper of the kind that came last, of two of one day the later filed."""
    texts = [paper for paper in papers if paper.kind in TEXTS and paper.counts]
    return max(texts, key=lambda paper: (paper.dated, TEXTS.index(paper.kind), paper.seq), default=None)


def text_now(papers: Iterable[Paper]) -> tuple[str, str] | None:
    """The text as it stands, by its title and hash."""
    last = latest_text(papers)
    return (
        None if last is None else (last.title, hashlib.sha256(f"{last.kind}\n{last.sha256 or last.reference or ''}".encode()).hexdigest())
    )


class StandardSubjects:
    """Answers for standards as subjects of ballots."""

    async def now(self, work: Work, id: UUID, *, lock: bool = False) -> SubjectFacts:
        standard = await reading.readable(work, id)
        if lock:
            standard = await repository.standard(work.connection, id, lock=True)
        papers = await repository.papers(work.connection, id)
        text, paper = text_now(papers), latest_text(papers)
        label = standard.title_zh if standard.label == standard.title_zh else f"{standard.label} {standard.title_zh}"
        name, hash = text or (None, None)
        return SubjectFacts(
            label, hash, standard.committee_id, f"/standards/{id}", name, f"/standards/{id}/papers/{paper.id}" if paper else None,
            _counting(standard), tuple(one.person_id for one in await repository.drafters(work.connection, id)), frozenset(standard.bodies()),
        )  # fmt: skip

    async def decided(self, work: Work, ballot: Ballot) -> None:
        if ballot.outcome == "failed":
            arguments = {"standard_id": str(ballot.subject_id), "ballot_id": str(ballot.id)}
            await work.enqueue("standard.ballot_failed", arguments, key=f"ballot-failed:{ballot.id}")

    async def signed(self, work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
        """File the signed sheet in the dossier, of a kind that meets no gate by itself: the ballot does, if it passed."""
        standard = await repository.standard(work.connection, ballot.subject_id, lock=True)
        if not work.actor.may("standard.dossier_add", standard):
            return None
        title = str(say("签署的表决结果表：{title}", title=ballot.title))[:300]
        given = PaperIn(kind=BALLOT_SHEET.key, dated=sheet.signed_on, title=title, sha256=sheet.sha256, filename=sheet.filename)
        return await dossier.attach(work, standard, given)


def _counting(standard: Standard) -> tuple[str, ...]:
    """The vote rules by which a ballot leads on from the step that a standard is at; none where no gate there names any."""
    gates = [
        gate for way in track_of(standard.track).transitions for gate in way.gates
        if gate.provider == PROVIDER and standard.step in (way.from_, gate.since)
    ]  # fmt: skip
    return tuple(dict.fromkeys(rule for gate in gates for rule in gate.rules))


def _holds(ballot: Ballot, rules: Container[str]) -> bool:
    """Whether a ballot was held by one of the rules that count, any where none is named."""
    return not rules or ballot.rule in rules


async def evidence(work: Work, standard: Standard, gate: Gate) -> Evidence | None:
    """What the ballots on a standard say to a gate that asks for one, by a rule of that gate: the last since the step of the vote was
    entered, or one that failed on this text."""
    held = await ballots.of_subject(work.connection, KIND, standard.id)
    if not held:
        return None
    now = text_now(await repository.papers(work.connection, standard.id))
    hash = now[1] if now else None
    on_text = [one for one in held if one.subject_hash == hash and _holds(one, gate.rules)]
    asked = gate.since is not None or any(one.outcome == "failed" for one in on_text)  # else nothing depends on the rounds before
    course = await repository.visits(work.connection, standard.id) if asked else []
    visits = [visit for visit in course if visit.step in (standard.step, gate.since)]
    if against := _failed(on_text, visits):
        why = say("{day} 就同一文本的表决未通过，会议纪要等材料不能代替；请修改文本，或重新组织表决并获通过", day=against.closed_on)
        return Evidence(False, why, (f"ballot:{against.id}",), final=True)
    since = max((visit.entered_on for visit in visits if visit.step == gate.since), default=standard.step_entered_on)
    here = [one for one in held if one.opened_on is not None and one.opened_on >= since]
    if not here:
        return None
    last = max([one for one in here if _holds(one, gate.rules)] or here, key=_order)
    met, why = _says(last, hash)
    if not _holds(last, gate.rules):
        met, why = False, say("按规则 {rule} 的表决在此不作依据，须按规则 {rules} 表决", rule=last.rule, rules=list(gate.rules))
    sheets = await ballots.sheets(work.connection, last.id) if met else []
    if not sheets:
        return Evidence(met, why, (f"ballot:{last.id}",))
    papers = [str(sheet.paper_id) for sheet in sheets[:1] if sheet.paper_id]
    return Evidence(met, say("{why}；结果表已于 {day} 签署归档", why=why, day=sheets[0].signed_on), (f"ballot:{last.id}", *papers))


def _order(ballot: Ballot) -> tuple[date, bool, date, int]:
    return ballot.opened_on or date.min, ballot.state == "open", ballot.closed_on or ballot.closes_on, ballot.version


def _failed(on_text: list[Ballot], rounds: list[Visit]) -> Ballot | None:
    """The last ballot on this text at the step, in whichever round, if it failed and none passed after it."""
    decided = [one for one in on_text if one.outcome in ("passed", "failed")]
    here = [one for one in decided if one.opened_on and any(v.entered_on <= one.opened_on <= (v.left_on or date.max) for v in rounds)]
    last = max(here, key=_order, default=None)
    return last if last is not None and last.outcome == "failed" else None


def _says(ballot: Ballot, hash: str | None) -> tuple[bool, Message]:
    """Whether a ballot meets the gate, and why."""
    if ballot.state == "open":
        return False, say("表决正在进行，{day} 24:00 截止", day=ballot.closes_on)
    if ballot.state == "void":
        return False, say("表决已作废：{reason}", reason=ballot.void_why)
    outcome = OUTCOMES[ballot.outcome]  # type: ignore[index]
    if ballot.outcome == "invalid":
        return False, say("{day} 的表决无效，应重新组织", day=ballot.closed_on)
    if ballot.outcome == "failed":
        return False, say("{day} 的表决未通过", day=ballot.closed_on)
    if ballot.outcome == "passed" and hash != ballot.subject_hash:
        return False, say("表决通过后文本已变更，须就新文本重新表决")
    return True, say("{day} 按规则 {rule} 表决：{outcome}", day=ballot.closed_on, rule=ballot.rule, outcome=outcome)


@job("standard.ballot_failed", say("按程序处理未通过的表决"))
async def ballot_failed(work: Work, standard_id: str, ballot_id: str) -> None:
    """Send a standard where its track says, once a ballot on it was not passed."""
    ballot = await ballots.ballot(work.connection, UUID(ballot_id))
    standard = await repository.standard(work.connection, UUID(standard_id))
    if ballot.opened_on is not None and _holds(ballot, _counting(standard)):
        reason = str(say("表决未通过（{title}，{day}）", title=ballot.title, day=ballot.closed_on))
        await _send_back(work, UUID(standard_id), ballot.opened_on, reason)


@job("standard.review_failed", say("按程序处理未通过的审查会"))
async def review_failed(work: Work, standard_id: str, since: str, reason: str) -> None:
    """Send a standard where its track says, once a meeting did not pass it and its minutes were signed."""
    await _send_back(work, UUID(standard_id), date.fromisoformat(since), reason)


async def _send_back(work: Work, id: UUID, since: date, reason: str) -> None:
    """The first way back whose gates are met, from the step that a standard has been at since then."""
    standard, course = await repository.to_move(work.connection, id)
    track = track_of(standard.track)
    voting = next((t for t in track.leaving(standard.step) if any(gate.provider == PROVIDER for gate in t.gates)), None)
    if voting is None or standard.status != "active" or since < standard.step_entered_on:
        return
    back = [t for t in track.leaving(voting.to) if t.act in ("repeat", "return") and t.via is not None]
    for way in back:
        if await _open(work, standard, way, course.papers):
            await moving.sent_back(work, standard, voting, way, reason)
            return


async def _open(work: Work, standard: Standard, way: Transition, papers: list[Paper]) -> bool:
    states = await moving.gates(work, track_of(standard.track), standard, way, papers, work.today)
    return all(state.met for state in states)
