"""What the procedure says of a text out for comment: which text, how long, and whether the comments on it are disposed of.

Fills the port of comments, and answers the gates that name `comments`; the signed table in the dossier meets these gates too.
"""

from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.comments import evidence as comments
from standards_hub.committees.comments.ports import Draft
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.gates import Evidence, applies
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import Gate, Track
from standards_hub.lifecycle.values import Paper, Standard

TEXTS = ("comment_draft", "committee_draft", "dis_text", "working_draft")
"""The papers that are a text of a standard, for tracks whose comment period does not name its own."""


class CommentDrafts:
    """The texts of standards that are out for comment."""

    async def draft(self, work: Work, kind: str, id: UUID, *, lock: bool = False) -> Draft:
        standard = await repository.standard(work.connection, id, lock=lock)
        track = track_of(standard.track)
        gate = _period(track, standard)
        if gate is None or gate.days is None:
            raise BadInput(say("不能就此征求意见"), unmet=[Unmet("track", say("“{track}”没有征求意见期", track=track.name), "subject_id")])
        text = _text(gate, await repository.papers(work.connection, id))
        units = [standard.lead_drafter_id] if standard.lead_drafter_id else []
        names = await registers.organisation_names(work.connection, units)
        at_step = any(gate.kind == "comment_period" for t in track.leaving(standard.step) for gate in t.gates)
        return Draft(
            kind="standard", id=id, label=standard.label, title=Name(standard.title_zh, standard.title_en or standard.title_zh),
            lead=next(iter(names.values()), ""), version=text.sha256 if text else None, filename=text.filename if text else None,
            media_type=text.media_type if text else None, days=gate.days.value, source=gate.days.source,
            rule="international" if standard.level == "international" else "chinese",
            opened_on=standard.step_entered_on if at_step else None, href=f"/standards/{id}", bodies=frozenset(standard.bodies()),
            exemplar=standard.exemplar,
        )  # fmt: skip


def _period(track: Track, standard: Standard) -> Gate | None:
    """The comment period that a standard is in, else the first that its track has for it."""
    conditions = standard.conditions()
    ordered = [*track.leaving(standard.step), *track.transitions]
    return next((g for t in ordered for g in t.gates if g.kind == "comment_period" and applies(g, conditions)), None)


def _text(gate: Gate, papers: list[Paper]) -> Paper | None:
    """The newest text whose file is here."""
    kinds = gate.papers or TEXTS
    found = [paper for paper in papers if paper.kind in kinds and paper.counts and paper.sha256]
    return max(found, key=lambda paper: (paper.dated, paper.seq), default=None)


async def disposed(work: Work, standard: Standard, _gate: Gate) -> Evidence | None:
    """Whether every comment of the present round is disposed of; nothing where no enquiry was run here."""
    found = await comments.progress(work, "standard", standard.id)
    if found is None:
        return None
    track = track_of(standard.track)
    steps = {t.from_ for t in track.transitions for g in t.gates if g.kind == "comment_period"}
    entered = [visit.entered_on for visit in await repository.visits(work.connection, standard.id) if visit.step in steps]
    if entered and found.opened_on < max(entered):
        return None  # an enquiry of an earlier round
    reference = (str(found.id),)
    if not found.over(work.today):
        return Evidence(False, say("征求意见到 {day} 24:00 截止", day=found.closes_on), reference)
    if found.undecided:
        return Evidence(False, say("{total} 条意见中有 {open} 条尚未处理", total=found.total, open=found.undecided), reference)
    if found.lacking_reason:
        return Evidence(False, say("{count} 条意见没有写明不采纳或部分采纳的理由", count=found.lacking_reason), reference)
    why = say("{total} 条意见已逐条处理", total=found.total) if found.total else say("征求意见已截止，没有收到意见")
    return Evidence(True, why, reference)
