"""The JSON doors of meetings: parse, call one service function, present."""

import builtins
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from standards_hub.committees.controllers import After, IfMatch, Limit, tagged, with_version
from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.rules import Times, times
from standards_hub.committees.meetings.schemas import (
    Attendance,
    Discussion,
    Done,
    DutyOut,
    Excuse,
    ItemBallot,
    MeetingBrief,
    MeetingChange,
    MeetingOut,
    NewDecision,
    NewDuty,
    NewItems,
    NewMeeting,
    NewPapers,
    OfferedOut,
    Order,
    Relocation,
    SignedPapers,
)
from standards_hub.committees.meetings.services import agenda, calling, holding, showing
from standards_hub.committees.meetings.values import Decision, Duty, Kind, Meeting, State
from standards_hub.committees.schemas import Reason
from standards_hub.kernel.http import Page, expect
from standards_hub.kernel.work import Work

MANAGE = {"permission": "meeting.manage"}
READ = {"permission": "meeting.read"}


class MeetingController(Controller):
    """Meetings of committees: call, agenda, papers, attendance, decisions, duties, minutes."""

    path = "/meetings"
    tags = ("会议 Meetings",)

    @get(operation_id="ListMeetings", opt=READ)
    async def list(
        self, reading: Work, committee: Annotated[UUID | None, Parameter(description="The id of the committee that meets.")] = None,
        meeting_state: Annotated[State | None, Parameter(description="prepared, called, held, minutes, signed or cancelled.")] = None,
        meeting_kind: Annotated[Kind | None, Parameter(description="plenary, review or working.")] = None,
        after: After = None, limit: Limit = 50,
    ) -> Page[MeetingBrief]:  # fmt: skip
        """Meetings, the latest day first."""
        reading.actor.require("meeting.read")
        found = await repository.meetings(
            reading.connection,
            actor=reading.actor,
            committee_id=committee,
            state=meeting_state,
            kind=meeting_kind,
            after=after,
            limit=limit + 1,
        )
        return Page(showing.briefs(found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)

    @post(operation_id="PrepareMeeting", opt=MANAGE)
    async def prepare(self, work: Work, data: NewMeeting) -> Response[Meeting]:
        """Prepare a meeting of a committee."""
        return tagged(await calling.prepare(work, data), HTTP_201_CREATED)

    @get("/times", operation_id="MeetingTimes", opt=READ)
    async def times(self) -> Times:
        """How long before a meeting it is called and its papers go out, with the source of every figure."""
        return times()

    @get("/duties", operation_id="MyMeetingDuties", opt={"permission": "meeting.duty"})
    async def duties(self, reading: Work) -> builtins.list[DutyOut]:
        """What meetings gave the caller to do and is not done, the first due first."""
        return await showing.duties_of(reading)

    @get("/duties/{committee_id:uuid}", operation_id="CommitteeDuties", opt={"permission": "meeting.read_papers"})
    async def duties_in(self, reading: Work, committee_id: UUID) -> builtins.list[DutyOut]:
        """What the meetings of a committee gave anybody to do and is not done, the first due first."""
        return await showing.duties_in(reading, committee_id)

    @get("/{id:uuid}", operation_id="GetMeeting", opt=READ)
    async def show(self, reading: Work, id: UUID) -> Response[MeetingOut]:
        """One meeting with everything on it that the caller may see, and what the caller may do."""
        found = await showing.show(reading, id)
        return with_version(found, found.meeting.version)

    @patch("/{id:uuid}", operation_id="EditMeeting", opt=MANAGE)
    async def edit(self, work: Work, id: UUID, data: MeetingChange, if_match: IfMatch = None) -> Response[Meeting]:
        """Change what a meeting will be; after the call only chair, vote rule and note."""
        await _current(work, id, if_match)
        return tagged(await calling.edit(work, id, data))

    @post("/{id:uuid}/call", operation_id="CallMeeting", opt=MANAGE, status_code=HTTP_200_OK)
    async def call(self, work: Work, id: UUID, data: Excuse, if_match: IfMatch = None) -> Response[Meeting]:
        """Call it: everybody with a seat on its day is told, with an invitation. Later than it should be, it wants a reason."""
        await _current(work, id, if_match)
        return tagged(await calling.call(work, id, data))

    @post("/{id:uuid}/papers/sending", operation_id="SendMeetingPapers", opt=MANAGE, status_code=HTTP_200_OK)
    async def send_papers(self, work: Work, id: UUID, data: Excuse, if_match: IfMatch = None) -> Response[Meeting]:
        """Tell everybody who was called that the papers are there. Later than it should be, it wants a reason."""
        await _current(work, id, if_match)
        return tagged(await calling.send_papers(work, id, data))

    @post("/{id:uuid}/move", operation_id="MoveMeeting", opt=MANAGE, status_code=HTTP_200_OK)
    async def move(self, work: Work, id: UUID, data: Relocation, if_match: IfMatch = None) -> Response[Meeting]:
        """Another day, hour or place; whoever was called is told."""
        await _current(work, id, if_match)
        return tagged(await calling.move(work, id, data))

    @post("/{id:uuid}/cancel", operation_id="CancelMeeting", opt=MANAGE, status_code=HTTP_200_OK)
    async def cancel(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Meeting]:
        """Cancel it; whoever was called is told."""
        await _current(work, id, if_match)
        return tagged(await calling.cancel(work, id, data))

    @get("/{id:uuid}/offered", operation_id="MeetingSubjects", opt=MANAGE)
    async def offered(self, reading: Work, id: UUID) -> builtins.list[OfferedOut]:
        """What of the committee's work programme wants a meeting."""
        return await agenda.offered(reading, id)

    @post("/{id:uuid}/items", operation_id="AddAgendaItems", opt=MANAGE, status_code=HTTP_200_OK)
    async def add(self, work: Work, id: UUID, data: NewItems) -> Response[Meeting]:
        """Put items on the agenda, subjects or matters, at its end."""
        return tagged(await agenda.add(work, id, data))

    @put("/{id:uuid}/items/order", operation_id="OrderAgenda", opt=MANAGE, status_code=HTTP_200_OK)
    async def order(self, work: Work, id: UUID, data: Order) -> Response[Meeting]:
        """Put the agenda into another order."""
        return tagged(await agenda.order(work, id, data))

    @delete("/{id:uuid}/items/{item_id:uuid}", operation_id="RemoveAgendaItem", opt=MANAGE, status_code=HTTP_200_OK)
    async def remove(self, work: Work, id: UUID, item_id: UUID) -> Response[Meeting]:
        """Take an item off the agenda, with its papers."""
        return tagged(await agenda.remove(work, id, item_id))

    @put("/{id:uuid}/items/{item_id:uuid}/discussion", operation_id="NoteDiscussion", opt=MANAGE, status_code=HTTP_200_OK)
    async def discuss(self, work: Work, id: UUID, item_id: UUID, data: Discussion) -> Response[Meeting]:
        """Note what was said on an item, for the minutes."""
        return tagged(await agenda.discuss(work, id, item_id, data))

    @post("/{id:uuid}/items/{item_id:uuid}/papers", operation_id="TableMeetingPapers", opt=MANAGE, status_code=HTTP_200_OK)
    async def table(self, work: Work, id: UUID, item_id: UUID, data: NewPapers) -> Response[Meeting]:
        """Lay papers before the meeting, of the subject's dossier or stored files."""
        return tagged(await agenda.table(work, id, item_id, data))

    @delete("/{id:uuid}/papers/{paper_id:uuid}", operation_id="TakeMeetingPaperOff", opt=MANAGE, status_code=HTTP_200_OK)
    async def take_off(self, work: Work, id: UUID, paper_id: UUID) -> Response[Meeting]:
        """Take a paper off the table."""
        return tagged(await agenda.take_off(work, id, paper_id))

    @post("/{id:uuid}/items/{item_id:uuid}/ballot", operation_id="VoteOnItem", opt=MANAGE, status_code=HTTP_200_OK)
    async def vote_on(self, work: Work, id: UUID, item_id: UUID, data: ItemBallot) -> Response[Meeting]:
        """Let an item refer to a ballot, one that is there or a new one, by meeting or by letter."""
        return tagged(await agenda.vote_on(work, id, item_id, data))

    @post("/{id:uuid}/attendance", operation_id="RecordAttendance", opt=MANAGE, status_code=HTTP_200_OK)
    async def attend(self, work: Work, id: UUID, data: Attendance) -> Response[Meeting]:
        """Record who was there, in person or by a deputy, and guests."""
        return tagged(await holding.attend(work, id, data))

    @post("/{id:uuid}/hold", operation_id="HoldMeeting", opt=MANAGE, status_code=HTTP_200_OK)
    async def hold(self, work: Work, id: UUID, data: Excuse, if_match: IfMatch = None) -> Response[Meeting]:
        """Say that it took place; if its papers never went out, why."""
        await _current(work, id, if_match)
        return tagged(await holding.hold(work, id, data))

    @post("/{id:uuid}/items/{item_id:uuid}/decisions", operation_id="NoteDecision", opt=MANAGE)
    async def decide(self, work: Work, id: UUID, item_id: UUID, data: NewDecision) -> Decision:
        """Note what was decided on an item; the conclusion of a review becomes evidence for the standard's gate."""
        return await holding.decide(work, id, item_id, data)

    @post("/{id:uuid}/decisions/{decision_id:uuid}/strike", operation_id="StrikeDecision", opt=MANAGE, status_code=HTTP_200_OK)
    async def strike(self, work: Work, id: UUID, decision_id: UUID, data: Reason) -> Response[Meeting]:
        """Take back a decision that was noted in error, before the minutes are written."""
        return tagged(await holding.strike(work, id, decision_id, data))

    @post("/{id:uuid}/items/{item_id:uuid}/duties", operation_id="GiveDuty", opt=MANAGE)
    async def give(self, work: Work, id: UUID, item_id: UUID, data: NewDuty) -> Duty:
        """Give somebody something to do by a day; it stands in their to-do list."""
        return await holding.give(work, id, item_id, data)

    @post("/{id:uuid}/duties/{duty_id:uuid}/done", operation_id="TickDuty", opt={"permission": "meeting.duty"}, status_code=HTTP_200_OK)
    async def tick(self, work: Work, id: UUID, duty_id: UUID, data: Done) -> Duty:
        """Say that something is done: one's own, or as the secretariat anybody's."""
        return await holding.tick(work, id, duty_id, data)

    @post("/{id:uuid}/minutes", operation_id="IssueMinutes", opt=MANAGE, status_code=HTTP_200_OK)
    async def issue(self, work: Work, id: UUID, if_match: IfMatch = None) -> Response[Meeting]:
        """Finish the minutes, so that they go round for signature."""
        await _current(work, id, if_match)
        return tagged(await holding.issue(work, id))

    @post("/{id:uuid}/signed", operation_id="ReturnSignedMinutes", opt=MANAGE, status_code=HTTP_200_OK)
    async def sign(self, work: Work, id: UUID, data: SignedPapers, if_match: IfMatch = None) -> Response[Meeting]:
        """Keep the minutes that came back signed; they are filed with the standards that were decided on."""
        await _current(work, id, if_match)
        return tagged(await holding.sign(work, id, data))


async def _current(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.meeting(work.connection, id, lock=True)).version)


CONTROLLERS = [MeetingController]
