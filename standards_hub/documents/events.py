"""What can happen to a report: it is made, and signed, once each. What its author writes has a stream of its own."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import structs

from standards_hub.documents.models import NarrativeRow, ReportRow
from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.narrative import Narrative
from standards_hub.documents.schemas import PrintedFile
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(ReportRow, stream="report")
projection(NarrativeRow, stream="narrative")


class ReportMade(Event, frozen=True, kw_only=True):
    """A progress report was computed and printed; its files are found by their hashes."""

    plan_key: str
    as_of: date
    since: date | None
    title: str
    asked_by: str
    known_at: datetime
    rule: str
    data_hash: str
    head_id: int
    head_hash: str
    counted: int
    target: int
    files: list[PrintedFile]
    kind: ReportKind = "progress"
    narrative: int = 0
    missing: list[str] = []
    short: list[str] = []
    corrects: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        facts = structs.asdict(self)
        files = [structs.asdict(file) for file in facts.pop("files")]
        yield insert(
            ReportRow, id=at.subject, version=at.seq, made_at=at.recorded_at, made_by=facts.pop("asked_by"), files=files, **facts
        )  # fmt: skip


class ReportSigned(Event, frozen=True, kw_only=True):
    """An account signed a report, and with it a snapshot of the plan."""

    snapshot: int
    snapshot_hash: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(
            ReportRow, at.subject, signed_at=at.recorded_at, signed_by=at.actor, snapshot=self.snapshot, snapshot_hash=self.snapshot_hash
        )  # fmt: skip


class NarrativeWritten(Event, frozen=True, kw_only=True):
    """An author wrote, all places at once; the first time makes the stream."""

    plan_key: str
    kind: ReportKind
    as_of: date
    content: Narrative

    def changes(self, at: Stamp) -> Iterable[Change]:
        content = msgspec.json.decode(msgspec.json.encode(self.content))  # as a column of JSON gives it back
        said = {"content": content, "written_at": at.recorded_at, "written_by": at.actor}
        if at.seq == 1:
            yield insert(NarrativeRow, id=at.subject, version=1, plan_key=self.plan_key, kind=self.kind, as_of=self.as_of, **said)
        else:
            yield update(NarrativeRow, at.subject, **said)


named({ReportMade: say("编成报告"), ReportSigned: say("签发报告"), NarrativeWritten: say("填写报告文字")})
