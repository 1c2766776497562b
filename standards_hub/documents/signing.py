"""Signing a report: one act that fixes its files, its numbers and a snapshot of the plan together. A signed report never changes."""

from uuid import UUID

from standards_hub.documents import repository, service
from standards_hub.documents.events import ReportSigned
from standards_hub.documents.report.kinds import place_of
from standards_hub.documents.schemas import Report, Signing, SignReport
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage.services import tallies
from standards_hub.linkage.snapshots import repository as chain
from standards_hub.linkage.snapshots import service as snapshots
from standards_hub.linkage.snapshots.differing import changes
from standards_hub.linkage.snapshots.values import lines_of

MAY = "snapshot.sign"


async def preview(work: Work, id: UUID) -> Signing:
    """What would be signed, and what stands in the way. Raises `NotFound`."""
    work.actor.require("report.read")
    report = await _report(work, id)
    corrects = await repository.report(work.connection, report.corrects) if report.corrects else None
    return Signing(report=report, corrects=corrects, unmet=await _unmet(work, report))


async def sign(work: Work, id: UUID, given: SignReport) -> Report:
    """Sign a report, and with its files the next snapshot of its plan. Raises `Refused` with what is missing, `Conflict` if it is signed.

    Where a snapshot of the day says otherwise, that one is corrected first, for the reason given.
    """
    report = await _report(work, id, lock=True)
    work.actor.require(MAY, report)
    if report.signed_at:
        raise Conflict(say("此报告已签发，不能再改"), code="signed")
    refuse_if(await _unmet(work, report))
    refuse_if(await _learned_since(work, report))
    if report.corrects and not given.reason.strip():
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("reason", say("更正已签发的报告，应写明理由"), "reason")])
    await _correct_standing(work, report, given.reason)
    names = {service.file_name(report.plan_key, report.as_of, file.format, report.kind): file.sha256 for file in report.files}
    snapshot = await snapshots.sign(work, report.plan_key, report.as_of, known_at=report.known_at, report=report.id, files=names)
    if snapshot.data_hash != report.data_hash:
        raise Conflict(say("编制后登记信息有变，数据与报告不一致，请重新编制"), code="data-changed")
    await work.append(report, ReportSigned(snapshot=snapshot.n, snapshot_hash=snapshot.hash))
    signed = await repository.report(work.connection, id)
    assert signed
    return signed


async def _report(work: Work, id: UUID, *, lock: bool = False) -> Report:
    report = await repository.report(work.connection, id, lock=lock)
    if report is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    return report


async def _unmet(work: Work, report: Report) -> list[Unmet]:
    """Places that are empty, words written since, or a newer draft."""
    unmet = [Unmet("missing", say("“{place}”尚未填写", place=place_of(key).name), f"texts.{key}") for key in report.missing]
    written = await repository.narrative(work.connection, report.plan_key, report.kind, report.as_of)
    if written and written.version != report.narrative:
        unmet.append(Unmet("stale", say("编制后文字有改动，请重新编制")))
    newest = await repository.newest(work.connection, report.plan_key, report.kind, report.as_of)
    if newest and newest.id != report.id:
        unmet.append(Unmet("newer", say("已有更新的一份，请签发那一份")))
    signed = await repository.signed(work.connection, report.plan_key, report.kind, report.as_of)
    if signed and signed.id not in (report.id, report.corrects):
        unmet.append(Unmet("corrects", say("同期报告已于其后签发，请重新编制，写明更正")))
    return unmet


async def _learned_since(work: Work, report: Report) -> list[Unmet]:
    """Facts of the report's days that came after it was made, where they change what counts."""
    then = await tallies.tally(work, report.plan_key, report.as_of, known_at=report.known_at)
    now = await tallies.tally(work, report.plan_key, report.as_of)
    found = changes(lines_of(then.counted), lines_of(now.counted))
    return [Unmet("facts", say("编制后登记的事实改变了 {count} 项标准的统计，请重新编制", count=len(found)))] if found else []


async def _correct_standing(work: Work, report: Report, reason: str) -> None:
    """Correct the snapshot that stands for the day, if it says otherwise than what the report rests on."""
    before = snapshots.standing(await chain.chain(work.connection, report.plan_key), report.as_of)
    if before is None:
        return
    tally = await tallies.tally(work, report.plan_key, report.as_of, known_at=report.known_at)
    if changes(await snapshots.lines_in(work, before), lines_of(tally.counted)):
        why = reason.strip() or str(say("编制“{title}”时的数据与其不同", title=report.title))
        await snapshots.correct(work, report.plan_key, before.n, why)
