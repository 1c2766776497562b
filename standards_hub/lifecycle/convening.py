"""Meetings on standards: what of a work programme wants one, the papers there are, what a meeting concluded as evidence, and its minutes.

A ballot on a text says more than a meeting on it; a meeting that did not pass a text says more than any other minutes.
"""

from uuid import UUID

from standards_hub.committees.meetings import repository as meetings
from standards_hub.committees.meetings.ports import Offered, OnFile, Returned
from standards_hub.committees.meetings.values import DECISIONS, VERDICTS, Decision, Meeting, Purpose, SignedFile
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import balloting, holdings, repository
from standards_hub.lifecycle.gates import Evidence
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.services import dossier, reading
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import Gate
from standards_hub.lifecycle.values import Standard

MINUTES, SIGNATURES = "review_minutes", "sign_table"
RESOLUTIONS = ("committee_resolution", "meeting_report")
"""Papers that a meeting gives where it does not review: the first that the track has."""
PURPOSES: dict[str, Purpose] = {
    "10": "proposal", "20": "drafting", "30.60": "comments", "40.20": "review", "90.20": "systematic", "90.60": "systematic",
}  # fmt: skip
"""What a meeting is for at a step; the longest beginning of its code that is here."""


class StandardMeetings:
    """Answers for standards as subjects of meetings."""

    async def offered(self, work: Work, committee_id: UUID) -> list[Offered]:
        found = await holdings.for_meetings(work, committee_id)
        return [
            Offered(balloting.KIND, one.id, _label(one), purpose, _why(one), one.track.partition("@")[0])
            for one in found if (purpose := _purpose(one.step))
        ]  # fmt: skip

    async def on_file(self, work: Work, id: UUID) -> list[OnFile]:
        standard = await reading.readable(work, id)
        if not work.actor.may("standard.read", standard):
            return []
        papers = await repository.papers(work.connection, id)
        return [
            OnFile(paper.id, paper.title, paper.dated, paper.sha256, paper.filename or paper.title, paper.media_type or "", paper.size or 0)
            for paper in sorted(papers, key=lambda paper: paper.dated, reverse=True)
            if paper.sha256 and paper.counts and await dossier.opens(work, standard, paper)
        ]

    async def returned(self, work: Work, id: UUID, given: Returned) -> None:
        standard = await repository.standard(work.connection, id, lock=True)
        await _file(work, standard, given)
        if given.kind in VERDICTS and not VERDICTS[given.kind]:
            reason = str(say("审查会未通过（{title}，{day}）", title=given.title, day=given.held_on))
            arguments = {"standard_id": str(id), "since": str(given.held_on), "reason": reason}
            await work.enqueue("standard.review_failed", arguments, key=f"review-failed:{given.meeting_id}:{id}")


def _label(one: Standard) -> str:
    return one.title_zh if one.label == one.title_zh else f"{one.label} {one.title_zh}"


def _purpose(step: str) -> Purpose | None:
    return next((PURPOSES[code] for code in (step[:5], step[:2]) if code in PURPOSES), None)


def _why(one: Standard) -> Message:
    step = track_of(one.track).step(one.step)
    return say("现处“{step}”，自 {day} 起", step=step.name, day=one.step_entered_on)


async def _file(work: Work, standard: Standard, given: Returned) -> None:
    """Put signed minutes into the dossier where the track has such papers and the meeting agreed; each file once."""
    kinds = {paper.key for paper in track_of(standard.track).papers}
    there = {(paper.kind, paper.sha256) for paper in await repository.papers(work.connection, standard.id) if paper.withdrawn_on is None}
    wanted: list[tuple[str, SignedFile | None]] = []
    if VERDICTS.get(given.kind) and MINUTES in kinds:
        wanted = [(MINUTES, given.minutes), (SIGNATURES, given.sheet)]
    elif VERDICTS.get(given.kind) or given.kind == "agreed":
        wanted += [(kind, given.minutes) for kind in RESOLUTIONS if kind in kinds][:1]
    for kind, file in wanted:
        if file is not None and kind in kinds and (kind, file.sha256) not in there:
            paper = PaperIn(
                kind=kind, dated=given.held_on, title=f"{given.title}（{DECISIONS[given.kind]}）"[:300], sha256=file.sha256, filename=file.filename,
                note=f"/meetings/{given.meeting_id}",
            )  # fmt: skip
            await dossier.attach(work, standard, paper)


async def evidence(work: Work, standard: Standard, gate: Gate) -> Evidence | None:
    """What ballots, and where minutes would do, meetings say to a gate that asks for a vote."""
    voted = await balloting.evidence(work, standard, gate)
    if MINUTES not in gate.papers or (voted is not None and (voted.met or voted.final)):
        return voted
    met = await _concluded(work, standard)
    return voted if met is None or (voted is not None and not met.met and not met.final) else met


async def _concluded(work: Work, standard: Standard) -> Evidence | None:
    """What the last review by a meeting says: of those since the step was entered, or on this very text."""
    held = [pair for pair in await meetings.decided_on(work.connection, balloting.KIND, standard.id) if pair[0].kind in VERDICTS]
    if not held:
        return None
    text = balloting.text_now(await repository.papers(work.connection, standard.id))
    hash = text[1] if text else None
    mine = [pair for pair in held if pair[0].subject_hash == hash or pair[0].decided_on >= standard.step_entered_on]
    return _says(*mine[-1], hash) if mine else None


def _says(decision: Decision, meeting: Meeting, hash: str | None) -> Evidence | None:
    day, references = decision.decided_on, (f"meeting:{meeting.id}",)
    if not VERDICTS[decision.kind]:
        if decision.subject_hash != hash:
            return None  # another text, which was not reviewed yet
        why = say("{day} 的审查会就同一文本未予通过，会议纪要等材料不能代替；请修改文本，再次审查", day=day)
        return Evidence(False, why, references, final=True)
    if decision.kind == "passed" and decision.subject_hash != hash:
        return Evidence(False, say("审查会通过后文本已变更，须就新文本再次审查"), references)
    if meeting.state != "signed":
        return Evidence(False, say("{day} 的审查会{decision}，待签字的会议纪要", day=day, decision=DECISIONS[decision.kind]), references)
    return Evidence(True, say("{day} 的审查会{decision}，纪要已签回", day=day, decision=DECISIONS[decision.kind]), references)
