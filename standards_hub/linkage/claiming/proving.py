"""Evidence on claims: put in, read, taken back."""

from datetime import date
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from standards_hub.committees.schemas import Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.errors import BadInput, NotFound, Unmet, refuse_if
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.services import dossier
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.events import EvidenceAdded, EvidenceWithdrawn
from standards_hub.linkage.claiming.schemas import NewEvidence
from standards_hub.linkage.claiming.states import Evidence, unmet_for_move
from standards_hub.linkage.values import EVIDENCE_KINDS

MANAGE = "project.manage"


async def add(work: Work, project_id: UUID, claim_id: UUID, data: NewEvidence) -> Evidence:
    """Put a piece of evidence on a claim: a stored file, or an address with the day it was read."""
    data = checked(data)
    project = await repository.project(work.connection, project_id)
    work.actor.require(MANAGE, project)
    claim = await repository.claim(work.connection, project_id, claim_id)
    refuse_if(unmet_for_move("evidence", claim), say("不能提交佐证"))
    day = day_of(work, data.on)
    media_type, size = await _checked(work, data, day)
    event = EvidenceAdded(
        evidence=uuid4(), claim=claim_id, standard_id=claim.standard_id, kind=data.kind, title=data.title or str(EVIDENCE_KINDS[data.kind]),
        sha256=data.sha256, filename=PurePosixPath(data.filename).name if data.sha256 and data.filename else None, media_type=media_type,
        size=size, page=data.page, url=data.url, retrieved_on=data.retrieved_on,
    )  # fmt: skip
    await work.append(project, event, effective_on=day)
    return await claiming.evidence(work.connection, claim_id, event.evidence)


async def _checked(work: Work, data: NewEvidence, day: date) -> tuple[str | None, int | None]:
    """Media type and size of the file. Raises `BadInput` with everything that is wrong."""
    unmet, media_type, size = list[Unmet](), None, None
    if not data.sha256 and not data.url:
        unmet.append(Unmet("evidence.file", say("请上传文件，或填写网址"), "sha256"))
    if data.url and data.retrieved_on is None:
        unmet.append(Unmet("evidence.retrieved", say("请填写查阅该网址的日期"), "retrieved_on"))
    if data.retrieved_on and data.retrieved_on > day:
        unmet.append(Unmet("evidence.future", say("查阅日期 {day} 晚于今天", day=data.retrieved_on), "retrieved_on"))
    if data.sha256:
        media_type = MEDIA_TYPES.get(PurePosixPath(data.filename or "").suffix.lower())
        if media_type is None:
            types = "、".join(MEDIA_TYPES)
            unmet.append(
                Unmet("evidence.type", say("不接收这种文件：{name}；可用 {types}", name=data.filename or "", types=types), "filename")
            )
        elif not await dossier.usable(work, data.sha256):
            why = say("没有您上传的这个文件，您能查看的卷宗里也没有；请先上传文件")
            unmet.append(Unmet("evidence.file", why, "sha256"))
        else:
            size = len(work.files.get(data.sha256))
    if unmet:
        raise BadInput(say("佐证不能提交"), unmet=unmet)
    return media_type, size


async def withdraw(work: Work, project_id: UUID, claim_id: UUID, evidence_id: UUID, data: Reason) -> Evidence:
    """Take a piece of evidence back; it stays on the record."""
    data = checked(data)
    project = await repository.project(work.connection, project_id)
    work.actor.require(MANAGE, project)
    claim = await repository.claim(work.connection, project_id, claim_id)
    found = await claiming.evidence(work.connection, claim_id, evidence_id)
    unmet = unmet_for_move("evidence", claim)
    if found.withdrawn_on:
        unmet.append(Unmet("evidence.withdrawn", say("该佐证已撤回")))
    refuse_if(unmet, say("不能撤回佐证"))
    event = EvidenceWithdrawn(claim=claim_id, standard_id=claim.standard_id, evidence=evidence_id, reason=data.reason)
    await work.append(project, event, effective_on=day_of(work, data.on))
    return await claiming.evidence(work.connection, claim_id, evidence_id)


async def read(work: Work, project_id: UUID, claim_id: UUID, evidence_id: UUID) -> tuple[Evidence, bytes]:
    """A piece of evidence and its bytes, for those who may see them. Raises `NotFound` for one without a file."""
    project = await repository.project(work.connection, project_id)
    work.actor.require("claim.read", project)
    await repository.claim(work.connection, project_id, claim_id)
    found = await claiming.evidence(work.connection, claim_id, evidence_id)
    if found.sha256 is None:
        raise NotFound(say("这份佐证只有网址，没有文件"))
    return found, work.files.get(found.sha256)
