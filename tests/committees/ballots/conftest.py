"""The committee and the draft of a test."""

from collections.abc import AsyncIterator

import pytest

from standards_hub.committees.ballots import ports
from standards_hub.kernel.work import Hub
from tests.committees.ballots.driving import Draft, Room


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch) -> Draft:
    made = Draft()
    monkeypatch.setitem(ports._subjects, "draft", made)
    return made


@pytest.fixture
async def room(hub: Hub) -> AsyncIterator[Room]:
    made = Room(hub)
    await made.found(8)
    yield made
