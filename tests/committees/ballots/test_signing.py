"""The signed result sheet: kept with a closed ballot under its hash, filed with what was voted on, shown to who may see the votes."""

import hashlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from standards_hub.committees.ballots import ports, repository, service, signing
from standards_hub.committees.ballots.values import Ballot, SignedSheet
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import Forbidden, Refused, TooLarge
from standards_hub.kernel.work import Hub, Work
from tests.committees.ballots.driving import CLOSES, TEXT, Draft, Room, codes

AFTER = CLOSES + timedelta(days=3)
SCAN = b"%PDF-1.7 signed"


class Dossier(Draft):
    """A subject with a place for signed sheets."""

    async def signed(self, work: Work, ballot: Ballot, sheet: SignedSheet) -> UUID | None:
        self.heard.append((ballot.id, sheet.sha256))
        return UUID(int=77)


@pytest.fixture
async def room(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setitem(ports._subjects, "draft", Dossier())
    made = Room(hub)
    await made.found(4)
    yield made


async def files(room: Room, id: UUID, name: str = "结果表.pdf", content: bytes = SCAN, signed_on: date = AFTER, **more: Any) -> SignedSheet:
    who = more.get("actor", room.secretary)
    found: SignedSheet = await room.act(AFTER, lambda work: signing.file_sheet(work, id, name, content, signed_on), who)
    return found


async def closed(room: Room, **given: Any) -> UUID:
    id = await room.opened(**given)
    for n in range(3):
        await room.vote(id, n, "approve")
    await room.by_clock(id)
    return id


async def test_a_signed_sheet_is_kept_under_its_hash_and_filed_with_the_subject(room: Room) -> None:
    id = await closed(room, subject_kind="draft", subject_id=TEXT)
    first, second = await files(room, id), await files(room, id, "结果表 2.pdf", SCAN + b" again")
    assert first.sha256 == hashlib.sha256(SCAN).hexdigest() and first.paper_id == UUID(int=77)
    port = ports._subjects["draft"]
    assert isinstance(port, Dossier) and port.heard[-2:] == [(id, first.sha256), (id, second.sha256)]
    async with room.hub.reading(room.secretary) as work:
        assert [one.filename for one in await repository.sheets(work.connection, id)] == ["结果表 2.pdf", "结果表.pdf"]
        sheet, content = await signing.read_sheet(work, id, first.id)
    assert (content, sheet.signed_on, sheet.filed_on) == (SCAN, AFTER, AFTER)


async def test_the_sheet_of_a_matter_is_kept_with_the_ballot_alone(room: Room) -> None:
    assert (await files(room, await closed(room))).paper_id is None


@pytest.mark.parametrize(
    "given, code",
    [({"name": "结果表.exe"}, "sheet.type"), ({"content": b""}, "sheet.empty"), ({"signed_on": CLOSES - timedelta(days=1)}, "sheet.signed"),
     ({"signed_on": AFTER + timedelta(days=1)}, "sheet.signed")],
)  # fmt: skip
async def test_what_cannot_be_a_signed_sheet_is_refused_with_the_reason(room: Room, given: dict[str, Any], code: str) -> None:
    id = await closed(room)
    with pytest.raises(Refused) as refused:
        await files(room, id, **given)
    assert codes(refused.value) == {code}
    async with room.hub.reading(room.secretary) as work:
        assert await repository.sheets(work.connection, id) == []


async def test_there_is_no_sheet_before_the_close_nor_a_larger_one_nor_from_somebody_else(room: Room) -> None:
    open_ = await room.opened()
    with pytest.raises(Refused, match="表决结束后"):
        await files(room, open_)
    await room.by_clock(open_)
    with pytest.raises(TooLarge):
        await files(room, open_, content=bytes(signing.MOST_BYTES + 1))
    with pytest.raises(Forbidden):
        await files(room, open_, actor=room.member(0))


async def test_who_may_not_see_the_votes_does_not_see_the_signed_sheet(room: Room) -> None:
    id = await closed(room)
    sheet = await files(room, id)
    for actor, sees in ((room.member(1), True), (Actor(account=UUID(int=500), name="elsewhere"), False)):
        async with room.hub.reading(actor) as work:
            assert [one.id for one in (await service.show(work, id)).sheets] == ([sheet.id] if sees else [])
            if sees:
                assert (await signing.read_sheet(work, id, sheet.id))[1] == SCAN
            else:
                with pytest.raises(Forbidden):
                    await signing.read_sheet(work, id, sheet.id)
