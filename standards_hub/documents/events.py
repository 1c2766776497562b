"""What can happen to a report: it is made, once."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import structs

from standards_hub.documents.models import ReportRow
from standards_hub.documents.schemas import PrintedFile
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection
from standards_hub.kernel.messages import say

projection(ReportRow, stream="report")


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

    def changes(self, at: Stamp) -> Iterable[Change]:
        facts = structs.asdict(self)
        files = [structs.asdict(file) for file in facts.pop("files")]
        yield insert(
            ReportRow, id=at.subject, version=at.seq, made_at=at.recorded_at, made_by=facts.pop("asked_by"), files=files, **facts
        )  # fmt: skip


named({ReportMade: say("编成报告")})
