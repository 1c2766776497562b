"""The papers of a meeting for those who may see them."""

from typing import Literal
from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.meetings.invitation import invitation
from standards_hub.committees.meetings.services import calling, showing
from standards_hub.documents.meetings.build import PAPERS, Facts, contents
from standards_hub.documents.meetings.bundle import write_bundle
from standards_hub.documents.meetings.writers import write_docx, write_pdf
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import Forbidden, NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

Format = Literal["docx", "pdf"]
MEDIA_TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}
WRITERS = {"docx": write_docx, "pdf": write_pdf}
OPEN = ("notice",)
"""What those may read who do not belong to the meeting."""


async def facts(work: Work, id: UUID) -> Facts:
    """All that the papers of a meeting say, as far as the actor may see it."""
    shown = await showing.show(work, id)
    committee = await registers.committee(work.connection, shown.meeting.committee_id)
    chair = await registers.person_names(work.connection, [shown.meeting.chaired_by] if shown.meeting.chaired_by else [])
    voted = [await ballots.ballot(work.connection, item.ballot_id) for item in shown.items if item.ballot_id]
    seats = await registers.seats(work.connection, committee.id, on=shown.meeting.starts_on)
    titles = {seat.person_id: seat.title for seat in seats if seat.title}
    return Facts(shown, committee.label, next(iter(chair.values()), None), {one.id: one for one in voted}, titles, work.today)


async def printed(work: Work, id: UUID, name: str) -> tuple[str, str, bytes]:
    """A paper by its name, `minutes.docx`: what to call the file, its type, its bytes."""
    which, _, format = name.partition(".")
    if which not in PAPERS or format not in WRITERS:
        names = [f"{paper}.{kind}" for paper in PAPERS for kind in WRITERS]
        raise NotFound(say("没有这种会议文件；可用 {names}", names=names))
    found = await facts(work, id)
    if which not in OPEN:
        _require_inside(found)
    paper = PAPERS[which](found)
    name = f"{paper.name}（草稿）" if paper.draft else paper.name
    return f"{name}-{found.meeting.starts_on}.{format}", MEDIA_TYPES[format], WRITERS[format](paper)


async def bundle(work: Work, id: UUID) -> tuple[str, bytes]:
    """All papers in one: what to call the file, and its bytes."""
    found = await facts(work, id)
    _require_inside(found)
    if not found.shown.papers:
        raise NotFound(say("会议还没有材料"))
    first = [("00 目录.pdf", write_pdf(contents(found))), ("00 议程.pdf", write_pdf(PAPERS["agenda"](found)))]
    content = write_bundle(found.meeting.starts_on, first, found.shown.items, found.shown.papers, work.files.get)
    return f"会议材料-{found.meeting.starts_on}.zip", content


async def calendar(work: Work, id: UUID, hub: str = "") -> str:
    """The invitation to a meeting, to be put into a calendar by hand. Not for one that is only being prepared. `hub` is its address."""
    found = await facts(work, id)
    if found.meeting.called_on is None:
        raise NotFound(say("会议通知还没有发出"))
    own = await accounts.by_ids(work.connection, [work.actor.account] if work.actor.account else [])
    address = own[0].email if own else None
    organizer = await calling.organizer(work, found.meeting)
    return invitation(
        found.meeting,
        found.committee,
        work.actor.language,
        work.clock.now(),
        organizer=organizer,
        attendee=address,
        items=found.shown.items,
        hub=hub,
    )


def _require_inside(found: Facts) -> None:
    if not found.shown.inside:
        raise Forbidden(say("会议材料只供本委员会和与会人员查看；可向秘书处索取"))
