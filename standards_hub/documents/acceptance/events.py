"""A package was made. Pure."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from standards_hub.documents.acceptance.models import AcceptancePackageRow
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection
from standards_hub.kernel.messages import say

projection(AcceptancePackageRow)


class PackageMade(Event, frozen=True, kw_only=True):
    """The acceptance package of the project that is the subject, with the hashes of its two files."""

    package: UUID
    as_of: date
    asked_by: str
    final: bool
    promised: int
    reached: int
    outputs: int
    proofs: int
    head_id: int
    head_hash: str
    pdf_sha256: str
    pdf_size: int
    zip_sha256: str
    zip_size: int

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "package"}
        yield insert(AcceptancePackageRow, id=self.package, project_id=at.subject, made_at=at.recorded_at, **said)


named({PackageMade: say("编制验收材料")})
