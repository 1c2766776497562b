"""What the actor may see of meetings, and what waits for them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import structs

from standards_hub.committees import repository as registers
from standards_hub.committees.meetings import repository, rules
from standards_hub.committees.meetings.schemas import AttendeeOut, DutyOut, MeetingBrief, MeetingOut
from standards_hub.committees.meetings.services import holding
from standards_hub.committees.meetings.values import Duty, Meeting, Tabled
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.errors import Forbidden, NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

LOOKS_BACK = timedelta(days=366)
"""How long a subscribed calendar keeps what is over."""
ACTS = {
    "prepared": ("edit", "add", "call", "cancel"),
    "called": ("edit", "add", "papers", "attend", "hold", "move", "cancel"),
    "held": ("edit", "attend", "decide", "give", "issue"),
    "minutes": ("sign",),
}
"""What whoever runs a meeting may do, by its state."""


async def show(work: Work, id: UUID) -> MeetingOut:
    """A meeting. Papers, discussions, attendance and duties are for its committee and those who are on its list."""
    work.actor.require("meeting.read")
    found = await repository.meeting(work.connection, id)
    attendees = await holding.called(work, found)
    inside = _inside(work, found, {one.person_id for one in attendees})
    items, papers = await repository.items(work.connection, id), await repository.papers(work.connection, id)
    manages = work.actor.may("meeting.manage", found)
    if found.called_on is None and not manages:
        raise Forbidden(
            say("会议还在准备，通知发出后才能查看") if found.state == "prepared" else say("会议在发出通知前已取消，只有秘书处能查看")
        )
    acts = list(ACTS.get(found.state, ())) if manages else []
    if "attend" in acts and work.today < found.starts_on:
        acts = [act for act in acts if act not in ("attend", "hold")]
    if found.papers_on is not None or not papers:
        acts = [act for act in acts if act != "papers"]
    noted = {one.id for one in await repository.attendees(work.connection, id)}
    decisions = await repository.decisions(work.connection, id)
    if not inside:  # names of who could not be reached and who refused to sign are not for everybody
        found = structs.replace(found, unreached=[], signed=None)
    return MeetingOut(
        found, items if inside else [structs.replace(item, discussion=None) for item in items], papers if inside else [],
        [AttendeeOut(one.seat_id or one.id, one.id in noted, one) for one in attendees] if inside else [], decisions if inside else [],
        await _shown(work, await repository.duties(work.connection, meeting_id=id)) if inside else [],
        rules.lines(found, items, work.today), rules.quorum(found.rule, attendees) if inside and noted else [], inside, acts,
    )  # fmt: skip


def _inside(work: Work, found: Meeting, people: set[UUID | None]) -> bool:
    return work.actor.may("meeting.read_papers", found) or (work.actor.person is not None and work.actor.person in people)


async def read_paper(work: Work, id: UUID, paper_id: UUID) -> tuple[Tabled, bytes]:
    """A paper of a meeting and its bytes."""
    shown = await show(work, id)
    _require_inside(shown)
    paper = await repository.paper(work.connection, id, paper_id)
    return paper, work.files.get(paper.sha256)


async def read_signed(work: Work, id: UUID, which: str) -> tuple[str, str, bytes]:
    """What came back signed: its name, type and bytes."""
    shown = await show(work, id)
    _require_inside(shown)
    file = getattr(shown.meeting.signed, which, None) if which in ("minutes", "sheet") else None
    if file is None:
        raise NotFound(say("还没有签回的文件"))
    return file.filename, file.media_type, work.files.get(file.sha256)


def _require_inside(shown: MeetingOut) -> None:
    if not shown.inside:
        raise Forbidden(say("会议材料只供本委员会和与会人员查看；可向秘书处索取"))


def briefs(found: Sequence[Meeting]) -> list[MeetingBrief]:
    """Meetings in a list."""
    return [MeetingBrief(**{name: getattr(one, name) for name in MeetingBrief.__struct_fields__}) for one in found]


async def duties_of(work: Work) -> list[DutyOut]:
    """What meetings gave the actor to do and is not done, the first due first."""
    work.actor.require("meeting.duty")
    if work.actor.person is None:
        return []
    return await _shown(work, await repository.duties(work.connection, person_id=work.actor.person, waiting=True))


async def duties_in(work: Work, committee_id: UUID) -> list[DutyOut]:
    """What meetings of a committee gave anybody to do and is not done, for those who work in it."""
    committee = await registers.committee(work.connection, committee_id)
    work.actor.require("meeting.read_papers", committee)
    return await _shown(work, await repository.duties(work.connection, committee_id=committee_id, waiting=True))


async def duties_at(work: Work, body: Body | None) -> list[DutyOut]:
    """What stands in a to-do list: the actor's own, or of a committee all that the actor may see."""
    if body is None:
        return await duties_of(work)
    if body[0] != "committee" or not work.actor.may("meeting.read_papers", await registers.committee(work.connection, UUID(body[1]))):
        return []
    return await duties_in(work, UUID(body[1]))


async def _shown(work: Work, found: Sequence[Duty]) -> list[DutyOut]:
    names = await registers.person_names(work.connection, {one.person_id for one in found})
    held = {one.id: one for one in await repository.by_ids(work.connection, {one.meeting_id for one in found})}
    return [
        DutyOut(
            one, names[one.person_id], held[one.meeting_id].title, held[one.meeting_id].committee_id,
            one.done_on is None and (one.person_id == work.actor.person or work.actor.may("meeting.manage", held[one.meeting_id])),
        )
        for one in found
    ]  # fmt: skip


async def calendar_of(work: Work) -> list[tuple[Meeting, str]]:
    """The meetings of the actor's own calendar with whose they are: those they are called to, and those of committees they run."""
    since = work.today - LOOKS_BACK
    own = await repository.of_person(work.connection, work.actor.person, since) if work.actor.person else []
    runs = sorted(work.actor.bodies("secretary", "committee"))
    every = {one.id: one for one in [*own, *await repository.of_committees(work.connection, runs, since)]}
    labels = await registers.committee_labels(work.connection, {one.committee_id for one in every.values()})
    return [
        (one, labels[one.committee_id].zh) for one in sorted(every.values(), key=lambda one: (one.starts_on, one.starts_at, str(one.id)))
    ]
