"""Papers in the dossier of a standard."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from standards_hub.kernel.events import Change, Event, Stamp, insert, update
from standards_hub.lifecycle.models import PaperRow


class PaperAdded(Event, frozen=True, kw_only=True):
    """A paper comes into the dossier, accepted at once where the one who adds it may accept."""

    paper: UUID
    kind: str
    title: str
    dated: date
    sha256: str | None = None
    filename: str | None = None
    media_type: str | None = None
    size: int | None = None
    reference: str | None = None
    note: str | None = None
    accepted: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            PaperRow, id=self.paper, standard_id=at.subject, kind=self.kind, title=self.title, dated=self.dated, sha256=self.sha256,
            filename=self.filename, media_type=self.media_type, size=self.size, reference=self.reference, note=self.note,
            seq=at.seq, added_on=at.effective_on, added_by=at.actor, accepted_on=at.effective_on if self.accepted else None,
            accepted_by=at.actor if self.accepted else None,
        )  # fmt: skip


class PaperAccepted(Event, frozen=True, kw_only=True):
    paper: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PaperRow, self.paper, accepted_on=at.effective_on, accepted_by=at.actor)


class PaperWithdrawn(Event, frozen=True, kw_only=True):
    paper: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PaperRow, self.paper, withdrawn_on=at.effective_on, note=self.reason)
