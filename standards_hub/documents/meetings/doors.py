"""The files of a meeting, for the API and for pages: its papers, all of them in one, what came back signed, and the invitation."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get

from standards_hub.committees.meetings.services import showing
from standards_hub.documents.meetings import service
from standards_hub.kernel.http import download, hub_address
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "meeting.read"}
BYTES, ZIP, CALENDAR = "application/octet-stream", "application/zip", "text/calendar"


async def _printed(work: Work, id: UUID, document: str) -> Response[bytes]:
    name, media_type, content = await service.printed(work, id, document)
    return download(content, name, media_type)


async def _bundle(work: Work, id: UUID) -> Response[bytes]:
    name, content = await service.bundle(work, id)
    return download(content, name, ZIP)


async def _paper(work: Work, id: UUID, paper_id: UUID) -> Response[bytes]:
    paper, content = await showing.read_paper(work, id, paper_id)
    return download(content, paper.filename, paper.media_type)


async def _signed(work: Work, id: UUID, which: str) -> Response[bytes]:
    name, media_type, content = await showing.read_signed(work, id, which)
    return download(content, name, media_type)


async def _calendar(request: AnyRequest, work: Work, id: UUID) -> Response[bytes]:
    return download((await service.calendar(work, id, hub_address(request))).encode(), f"meeting-{id}.ics", f"{CALENDAR}; charset=utf-8")


class MeetingFileController(Controller):
    """Files of meetings."""

    path = "/meetings"
    tags = ("会议 Meetings",)

    @get("/{id:uuid}/documents/{document:str}", operation_id="PrintMeeting", opt=READ, media_type=BYTES)
    async def printed(self, reading: Work, id: UUID, document: str) -> Response[bytes]:
        """Notice, agenda, signature sheet or minutes, as DOCX or PDF: `minutes.docx`, `sheet.pdf`."""
        return await _printed(reading, id, document)

    @get("/{id:uuid}/bundle.zip", operation_id="BundleMeetingPapers", opt=READ, media_type=ZIP)
    async def bundle(self, reading: Work, id: UUID) -> Response[bytes]:
        """All papers of the meeting in one ZIP, with contents and agenda."""
        return await _bundle(reading, id)

    @get("/{id:uuid}/papers/{paper_id:uuid}/file", operation_id="ReadMeetingPaper", opt=READ, media_type=BYTES)
    async def paper(self, reading: Work, id: UUID, paper_id: UUID) -> Response[bytes]:
        """One paper of the meeting."""
        return await _paper(reading, id, paper_id)

    @get("/{id:uuid}/signed/{which:str}", operation_id="ReadSignedMinutes", opt=READ, media_type=BYTES)
    async def signed(self, reading: Work, id: UUID, which: str) -> Response[bytes]:
        """What came back signed: `minutes` or `sheet`."""
        return await _signed(reading, id, which)

    @get("/{id:uuid}/invitation.ics", operation_id="ReadInvitation", opt=READ, media_type=CALENDAR)
    async def calendar(self, request: AnyRequest, reading: Work, id: UUID) -> Response[bytes]:
        """The meeting for one's own calendar."""
        return await _calendar(request, reading, id)


@get("/meetings/{id:uuid}/documents/{document:str}", opt=READ, include_in_schema=False, media_type=BYTES)
async def printed_file(reading: Work, id: UUID, document: str) -> Response[bytes]:
    """A paper of the meeting."""
    return await _printed(reading, id, document)


@get("/meetings/{id:uuid}/bundle.zip", opt=READ, include_in_schema=False, media_type=ZIP)
async def bundle_file(reading: Work, id: UUID) -> Response[bytes]:
    """All papers in one."""
    return await _bundle(reading, id)


@get("/meetings/{id:uuid}/papers/{paper_id:uuid}/file", opt=READ, include_in_schema=False, media_type=BYTES)
async def paper_file(reading: Work, id: UUID, paper_id: UUID) -> Response[bytes]:
    """One paper."""
    return await _paper(reading, id, paper_id)


@get("/meetings/{id:uuid}/signed/{which:str}", opt=READ, include_in_schema=False, media_type=BYTES)
async def signed_file(reading: Work, id: UUID, which: str) -> Response[bytes]:
    """What came back signed."""
    return await _signed(reading, id, which)


@get("/meetings/{id:uuid}/invitation.ics", opt=READ, include_in_schema=False, media_type=CALENDAR)
async def calendar_file(request: AnyRequest, reading: Work, id: UUID) -> Response[bytes]:
    """The meeting for one's own calendar."""
    return await _calendar(request, reading, id)


CONTROLLERS: list[Any] = [MeetingFileController]
PAGES: list[Any] = [printed_file, bundle_file, paper_file, signed_file, calendar_file]
