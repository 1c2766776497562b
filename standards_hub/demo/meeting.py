"""The meetings of the example office, through the services, each act on its day."""

from collections.abc import Callable, Coroutine
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.schemas import (
    Attendance,
    Attending,
    Discussion,
    Done,
    Excuse,
    Guest,
    NewDecision,
    NewDuty,
    NewItem,
    NewItems,
    NewMeeting,
    NewPaper,
    NewPapers,
    Relocation,
    SignedPapers,
    StoredFile,
)
from standards_hub.committees.meetings.services import agenda, calling, holding
from standards_hub.committees.meetings.values import DecisionKind, Kind, Purpose
from standards_hub.committees.schemas import Reason
from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.documents.meetings.service import printed
from standards_hub.kernel import uploads
from standards_hub.kernel.work import Work

PAPER = "{title}\n\n本文件为演示而编，不反映任何单位的实际工作。\n"


class DecisionLine(Struct, frozen=True, forbid_unknown_fields=True):
    kind: DecisionKind
    text: str


class DutyLine(Struct, frozen=True, forbid_unknown_fields=True):
    person: str
    what: str
    due: date
    done: date | None = None


class ItemLine(Struct, frozen=True, forbid_unknown_fields=True):
    title: str | None = None
    standard: str | None = None
    purpose: Purpose = "other"
    paper: str | None = None
    discussion: str | None = None
    decision: DecisionLine | None = None
    duty: DutyLine | None = None


class MovedLine(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    to: date
    reason: str


class CancelledLine(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    reason: str


class MeetingLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One meeting of the fixture; a day that is missing is an act that was not done yet."""

    committee: str
    kind: Kind
    title: str
    starts: date
    prepared: date
    items: list[ItemLine]
    starts_at: str = "09:00"
    ends_at: str | None = None
    place: str | None = None
    link: str | None = None
    rule: str | None = None
    chair: str | None = None
    called: date | None = None
    late: str | None = None
    papers: date | None = None
    moved: MovedLine | None = None
    cancelled: CancelledLine | None = None
    held: bool = False
    minutes: date | None = None
    signed: date | None = None
    absent: int = 0
    excused: int = 0
    guests: list[str] = []


class _Meetings(Struct, frozen=True, forbid_unknown_fields=True):
    meetings: list[MeetingLine]


@cache
def lines(path: Path = fixtures.FOLDER / "meetings.toml") -> list[MeetingLine]:
    return msgspec.toml.decode(path.read_bytes(), type=_Meetings).meetings


Step = Callable[[MeetingLine, int, Work], Coroutine[Any, Any, Any]]


class Meetings:
    """Holds the meetings, in order, as the days pass."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._ids: dict[int, UUID] = {}
        acts = [(on, n, place, step) for n, one in enumerate(lines()) for place, (on, step) in enumerate(self._steps(one))]
        self._acts: list[tuple[date, int, int, Step]] = sorted(acts, key=lambda act: (act[0], act[2], act[1]))

    def _steps(self, one: MeetingLine) -> list[tuple[date, Step]]:
        """What is done for a meeting, and when, in order."""
        found: list[tuple[date | None, Step]] = [
            (one.prepared, self._prepare), (one.called, self._call), (one.papers, self._send), (one.moved.on if one.moved else None, self._move),
            (one.cancelled.on if one.cancelled else None, self._cancel), (one.starts if one.held else None, self._hold), (one.minutes, self._issue),
            (one.signed, self._sign), *((item.duty.done, partial(self._tick, item.duty)) for item in one.items if item.duty),
        ]  # fmt: skip
        return [(on, step) for on, step in found if on is not None]

    async def until(self, day: date) -> None:
        """Let everything happen that is dated up to this day."""
        while self._acts and self._acts[0][0] <= day:
            on, n, _, step = self._acts.pop(0)
            one = lines()[n]
            await self.office.act(on, self._secretary(one), partial(step, one, n))

    def _secretary(self, one: MeetingLine) -> str:
        held = fixtures.register().accounts
        return next(login for login, account in held.items() if one.committee in account.held.get("secretary", []))

    async def _prepare(self, one: MeetingLine, n: int, work: Work) -> None:
        cast = self.office.cast
        new = NewMeeting(
            committee_id=cast.committees[one.committee], kind=one.kind, title=one.title, starts_on=one.starts, starts_at=one.starts_at,
            ends_at=one.ends_at, place=one.place, link=one.link, rule=one.rule, exemplar=True,
            chaired_by=cast.people[one.chair] if one.chair else None, note="示例数据，仅供演示。",
        )  # fmt: skip
        self._ids[n] = id = (await calling.prepare(work, new)).id
        wanted = [
            NewItem(
                title=item.title, purpose=item.purpose, subject_kind="standard" if item.standard else None,
                subject_id=cast.standards[item.standard] if item.standard else None,
            )
            for item in one.items
        ]  # fmt: skip
        await agenda.add(work, id, NewItems(items=wanted))
        for item, line in zip(await repository.items(work.connection, id), one.items, strict=True):
            if line.paper:
                title = f"示例：{line.paper}"
                sha = await uploads.keep(work, PAPER.format(title=title).encode())
                await agenda.table(work, id, item.id, NewPapers(papers=[NewPaper(title=title, sha256=sha, filename=f"{line.paper}.txt")]))

    async def _call(self, one: MeetingLine, n: int, work: Work) -> None:
        await calling.call(work, self._ids[n], Excuse(exception=one.late))

    async def _send(self, _one: MeetingLine, n: int, work: Work) -> None:
        await calling.send_papers(work, self._ids[n], Excuse())

    async def _move(self, one: MeetingLine, n: int, work: Work) -> None:
        if one.moved:
            await calling.move(work, self._ids[n], Relocation(starts_on=one.moved.to, reason=one.moved.reason))

    async def _cancel(self, one: MeetingLine, n: int, work: Work) -> None:
        if one.cancelled:
            await calling.cancel(work, self._ids[n], Reason(reason=one.cancelled.reason))

    async def _hold(self, one: MeetingLine, n: int, work: Work) -> None:
        id = self._ids[n]
        listed = await holding.called(work, await repository.meeting(work.connection, id))
        missing = ["absent"] * one.absent + ["excused"] * one.excused
        how = ["present"] * (len(listed) - len(missing)) + missing
        rows = [Attending(id=who.seat_id or who.id, presence=there) for who, there in zip(listed, how, strict=True)]  # type: ignore[arg-type]
        await holding.attend(work, id, Attendance(rows=rows, guests=[Guest(name=name) for name in one.guests]))
        await holding.hold(work, id, Excuse())
        for item, line in zip(await repository.items(work.connection, id), one.items, strict=True):
            if line.discussion:
                await agenda.discuss(work, id, item.id, Discussion(discussion=line.discussion))
            if line.decision:
                await holding.decide(work, id, item.id, NewDecision(kind=line.decision.kind, text=line.decision.text))
            if line.duty:
                who = self.office.cast.people[line.duty.person]
                await holding.give(work, id, item.id, NewDuty(person_id=who, what=line.duty.what, due_on=line.duty.due))

    async def _issue(self, _one: MeetingLine, n: int, work: Work) -> None:
        await holding.issue(work, self._ids[n])

    async def _sign(self, _one: MeetingLine, n: int, work: Work) -> None:
        files = []
        for name in ("minutes.docx", "sheet.docx"):
            filename, _, content = await printed(work, self._ids[n], name)
            files.append(StoredFile(sha256=await uploads.keep(work, content), filename=f"示例签字件-{filename}"))
        await holding.sign(work, self._ids[n], SignedPapers(minutes=files[0], sheet=files[1]))

    async def _tick(self, duty: DutyLine, _one: MeetingLine, n: int, work: Work) -> None:
        for found in await repository.duties(work.connection, meeting_id=self._ids[n]):
            if found.what == duty.what:
                await holding.tick(work, self._ids[n], found.id, Done(outcome="示例：已办"))
