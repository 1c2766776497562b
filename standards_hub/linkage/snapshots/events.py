"""What can happen to a snapshot: it is signed, once."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import structs

from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection
from standards_hub.kernel.messages import say
from standards_hub.linkage.counting import TargetCount
from standards_hub.linkage.snapshots.models import SnapshotRow

projection(SnapshotRow, stream="snapshot")


class SnapshotSigned(Event, frozen=True, kw_only=True):
    """An officer signed what counted on a day; a correction names the snapshot that it corrects and says why."""

    plan_key: str
    n: int
    as_of: date
    known_at: datetime
    rule: str
    data_hash: str
    plan_hash: str
    rule_hash: str
    count_hash: str
    targets: list[TargetCount]
    total: TargetCount
    report: UUID | None
    files: dict[str, str]
    software: str
    corrects: int | None
    reason: str | None
    previous_hash: str
    hash: str
    signed_by: str
    signed_at: datetime

    def changes(self, at: Stamp) -> Iterable[Change]:
        facts = structs.asdict(self)
        facts["targets"], facts["total"] = msgspec.to_builtins(self.targets), msgspec.to_builtins(self.total)
        yield insert(SnapshotRow, id=at.subject, version=at.seq, **facts)


named({SnapshotSigned: say("签发快照")})
