"""The dossier: papers come in, somebody accepts them, and they meet gates."""

from datetime import date
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from standards_hub.committees.ballots import service as ballots
from standards_hub.committees.ballots import signing
from standards_hub.committees.comments.services import enquiring
from standards_hub.kernel import uploads
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Unmet
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import claimants, repository
from standards_hub.lifecycle.consulting import TEXTS
from standards_hub.lifecycle.events import PaperAccepted, PaperAdded, PaperWithdrawn
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import BALLOT_SHEET
from standards_hub.lifecycle.values import Paper, Standard

CLOSED = say("签署的结果表载有逐人投票，由本委员会和参加表决的人查看")


async def add_paper(work: Work, standard_id: UUID, given: PaperIn) -> UUID:
    """Put a paper into the dossier. It counts at once where the one who adds it may also accept it."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    await claimants.require(work, "standard.dossier_add", standard)
    paper = await attach(work, standard, given)
    await _begin_anew(work, standard, given.kind)
    return paper


async def _begin_anew(work: Work, standard: Standard, kind: str) -> None:
    """A new text makes the window of a running enquiry invalid, which begins again at once."""
    if kind in TEXTS:
        await enquiring.restart_of(work, "standard", standard.id)


async def attach(work: Work, standard: Standard, given: PaperIn, *, on: date | None = None) -> UUID:
    """Put a paper into the dossier as part of another act, on the day of that act."""
    kinds = {paper.key: paper.name for paper in track_of(standard.track).papers}
    unmet = []
    if given.kind not in kinds:
        unmet.append(Unmet("paper.kind", say("{track} 的卷宗没有这种材料：{kind}", track=standard.track, kind=given.kind), "kind"))
    if not given.sha256 and not given.reference:
        unmet.append(Unmet("paper.file", say("请上传文件，或填写存放处（文号、网址）"), "sha256"))
    if given.dated > work.today:
        unmet.append(Unmet("paper.dated", say("材料日期 {dated} 晚于今天", dated=given.dated), "dated"))
    media_type, size = None, None
    if given.sha256:
        suffix = PurePosixPath(given.filename or "").suffix.lower()
        media_type = MEDIA_TYPES.get(suffix)
        if media_type is None:
            unmet.append(
                Unmet(
                    "paper.type",
                    say("不接收这种文件：{name}；可用 {types}", name=given.filename or "", types="、".join(MEDIA_TYPES)),
                    "filename",
                )
            )
        elif not await usable(work, given.sha256):
            unmet.append(Unmet("paper.file", say("没有您上传的这个文件，您能查看的卷宗里也没有；请先上传文件"), "sha256"))
        else:
            size = len(work.files.get(given.sha256))
    if unmet:
        raise BadInput(say("材料不能入卷"), unmet=unmet)
    paper = uuid4()
    event = PaperAdded(
        paper=paper, kind=given.kind, title=given.title or str(kinds[given.kind]), dated=given.dated, sha256=given.sha256,
        filename=PurePosixPath(given.filename).name if given.filename else None, media_type=media_type, size=size,
        reference=given.reference, note=given.note, accepted=work.actor.may("standard.dossier_accept", standard),
    )  # fmt: skip
    await work.append(standard, event, effective_on=on)
    await ballots.subject_changed(work, "standard", standard.id)
    return paper


async def usable(work: Work, digest: str) -> bool:
    """Whether the actor sent this file, or may read it in a dossier. Knowing its hash is not enough, nor told whether it is here."""
    if await uploads.own(work, digest):
        return True
    there = await repository.papers_with_file(work.connection, digest)
    standards = await repository.standards(work.connection, {paper.standard_id for paper in there})
    return any([await opens(work, standards[paper.standard_id], paper) for paper in there])


async def opens(work: Work, standard: Standard, paper: Paper) -> bool:
    """Whether the actor may read the file of a paper: who may read the standard, but a sheet of votes only who may see how each voted."""
    if not work.actor.may("standard.read", standard):
        return False
    if paper.sha256 and (told := await signing.told(work, paper.sha256)) is not None:
        return told
    if paper.kind != BALLOT_SHEET.key or work.actor.may("ballot.read_votes", standard):
        return True
    return paper.sha256 is not None and await uploads.own(work, paper.sha256)


async def accept_paper(work: Work, paper_id: UUID) -> Paper:
    """Confirm that a paper is what it says, signed and complete; from now on it meets its gate."""
    paper = await repository.paper(work.connection, paper_id)
    standard = await repository.standard(work.connection, paper.standard_id, lock=True)
    work.actor.require("standard.dossier_accept", standard)
    if paper.accepted_on or paper.withdrawn_on:
        raise Conflict(say("该材料已确认") if paper.accepted_on else say("该材料已撤回"))
    await work.append(standard, PaperAccepted(paper=paper_id))
    await ballots.subject_changed(work, "standard", standard.id)
    await _begin_anew(work, standard, paper.kind)
    return await repository.paper(work.connection, paper_id)


async def withdraw_paper(work: Work, paper_id: UUID, reason: str) -> Paper:
    """Take a paper back. It stays in the record but meets no gate any more."""
    paper = await repository.paper(work.connection, paper_id)
    standard = await repository.standard(work.connection, paper.standard_id, lock=True)
    await claimants.require(work, "standard.dossier_add" if paper.accepted_on is None else "standard.dossier_accept", standard)
    if paper.withdrawn_on:
        raise Conflict(say("该材料已撤回"))
    await work.append(standard, PaperWithdrawn(paper=paper_id, reason=reason))
    await ballots.subject_changed(work, "standard", standard.id)
    return await repository.paper(work.connection, paper_id)


async def read_paper(work: Work, paper_id: UUID) -> tuple[Paper, bytes]:
    """A paper and its bytes, for those who may see the dossier."""
    paper = await repository.paper(work.connection, paper_id)
    standard = await repository.standard(work.connection, paper.standard_id)
    work.actor.require("standard.read", standard)
    if not await opens(work, standard, paper):
        raise Forbidden(CLOSED)
    return paper, work.files.get(paper.sha256 or "")
