"""A draft that can be commented on without a standard: its text and its rule are what the test says."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from standards_hub.committees.comments import ports
from standards_hub.committees.comments.ports import Draft
from standards_hub.committees.comments.schemas import NewEnquiry
from standards_hub.committees.comments.services import enquiring
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Work
from tests.committees.conftest import hub, work

SUBJECT = UUID(int=7)
TEXT, OTHER_TEXT = "a" * 64, "b" * 64
__all__ = ["hub", "work"]


class Sample:
    """A port with one draft in it."""

    def __init__(self) -> None:
        self.now = Draft(
            kind="sample", id=SUBJECT, label="示例 1", title=Name("示例 氢能 术语", "Example: terms"), lead="示例研究院", version=TEXT,
            filename="draft.txt", media_type="text/plain", days=30, source="S1", rule="chinese", opened_on=date(2026, 11, 24), href="/",
            bodies=frozenset({("committee", "c")}), exemplar=True,
        )  # fmt: skip

    def change(self, **values: Any) -> None:
        self.now = structs.replace(self.now, **values)

    async def draft(self, work: Work, kind: str, id: UUID, *, lock: bool = False) -> Draft:
        return self.now


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Sample:
    made = Sample()
    monkeypatch.setitem(ports.drafts(), "sample", made)
    return made


async def opened(work: Work, **more: Any) -> Enquiry:
    return await enquiring.open_enquiry(work, NewEnquiry(subject_id=SUBJECT, subject_kind="sample", **more))
