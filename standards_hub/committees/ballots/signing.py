"""The result sheet of a ballot that came back signed: kept with the ballot under its hash, and filed with what was voted on."""

from datetime import date
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from standards_hub.committees.ballots import ports, repository, service
from standards_hub.committees.ballots.events import SheetFiled
from standards_hub.committees.ballots.values import SHEET_TYPES, SignedSheet
from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import Forbidden, NotFound, Refused, TooLarge, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

MOST_BYTES = 20 * 1024 * 1024


async def file_sheet(work: Work, id: UUID, name: str, content: bytes, signed_on: date) -> SignedSheet:
    """Keep the signed sheet of a closed ballot, and file it with what was voted on where that has a dossier of its own."""
    found = await repository.ballot(work.connection, id, lock=True)
    work.actor.require("ballot.manage", found)
    if len(content) > MOST_BYTES:
        raise TooLarge(say("签署的结果表超过 {most} MB，请压缩后再上传", most=MOST_BYTES // 1024**2))
    name = clean_text(PurePosixPath(name.replace("\\", "/")).name[-200:], "file")
    media_type = SHEET_TYPES.get(PurePosixPath(name).suffix.lower())
    unmet = []
    if found.state != "closed" or found.closed_on is None:
        raise Refused(say("表决结束后才有结果表"))
    if not content:
        unmet.append(Unmet("sheet.empty", say("请选择签署的结果表；空文件不能归档"), "file"))
    if media_type is None:
        unmet.append(Unmet("sheet.type", say("签署的结果表须是 {types} 文件", types="、".join(SHEET_TYPES)), "file"))
    if not found.closed_on <= signed_on <= work.today:
        why = say("签署日期须在表决结束的 {day} 至今天之间", day=found.closed_on)
        unmet.append(Unmet("sheet.signed", why, "signed_on"))
    refuse_if(unmet, say("签署的结果表不能归档"))
    sheet = SignedSheet(
        id=uuid4(), ballot_id=id, sha256=await uploads.keep(work, content), filename=name, media_type=media_type or "", size=len(content),
        signed_on=signed_on, filed_on=work.today, filed_by=work.actor.label,
    )  # fmt: skip
    sheet.paper_id = await ports.signed(work, found, sheet)
    event = SheetFiled(
        sheet=sheet.id, sha256=sheet.sha256, filename=name, media_type=sheet.media_type, size=sheet.size, signed_on=signed_on,
        paper=sheet.paper_id,
    )  # fmt: skip
    await work.append(found, event)
    return sheet


async def told(work: Work, digest: str) -> bool | None:
    """Whether the actor may read a file that is the signed sheet of a ballot; none where it is no such sheet."""
    found = await repository.with_sheet(work.connection, digest)
    if not found:
        return None
    if not work.actor.may("ballot.read"):
        return False
    return any([(await service.show(work, id)).told for id in found])


async def read_sheet(work: Work, id: UUID, sheet_id: UUID) -> tuple[SignedSheet, bytes]:
    """A signed sheet and its bytes, for those who may see how each voted. Raises `NotFound`, `Forbidden`."""
    if not (await service.show(work, id)).told:
        raise Forbidden(say("签署的结果表由本委员会和参加表决的人查看"))
    for sheet in await repository.sheets(work.connection, id):
        if sheet.id == sheet_id:
            return sheet, work.files.get(sheet.sha256)
    raise NotFound(say("找不到签署的结果表 {id}", id=sheet_id))
