"""A meeting as a page, and what is done there without a form of its own: the agenda's order, papers, attendance, what came back signed."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from msgspec import Struct

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots.rules import OUTCOMES
from standards_hub.committees.ballots.values import FORMS
from standards_hub.committees.ballots.values import STATES as BALLOT_STATES
from standards_hub.committees.meetings import ports, repository
from standards_hub.committees.meetings.pages import acting
from standards_hub.committees.meetings.pages.acting import MANAGE, href, trail
from standards_hub.committees.meetings.pages.listing import MARKS
from standards_hub.committees.meetings.schemas import Attendance, MeetingOut, NewPaper, NewPapers, SignedPapers, StoredFile
from standards_hub.committees.meetings.services import agenda, holding, showing
from standards_hub.committees.meetings.values import DECISIONS, KINDS, PRESENCES, PURPOSES, STATES, Meeting
from standards_hub.committees.values import POSITIONS
from standards_hub.kernel import holidays, uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.registers.acts import Act
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "meeting.read"}
MANAGES: dict[str, Any] = {"permission": MANAGE}
GUESTS = 3
"""Empty rows for guests on the list of attendance."""
OFFERS: tuple[tuple[str, Act | tuple[Message, str]], ...] = (
    ("call", acting.CALL), ("sign", (say("上传签回的纪要"), "/signed")), ("issue", acting.ISSUE), ("hold", acting.HOLD),
    ("attend", (say("登记出席"), "/attendance")), ("papers", acting.SEND), ("move", acting.MOVE),
    ("edit", acting.EDIT), ("cancel", acting.CANCEL),
)  # fmt: skip
"""What the page offers, the first that is possible as its primary action where it leads on."""
LEADING = ("call", "sign", "issue", "hold", "attend", "papers")


class Refusal(Struct, frozen=True):
    refusals: str | None = None


class Sources(Struct, frozen=True):
    """Papers of a dossier."""

    sources: list[UUID] = []


@get("/meetings/{id:uuid}", opt=READ, include_in_schema=False)
async def meeting_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """One meeting: when and where, the times to keep, agenda with papers and decisions, who was there, who has to do what."""
    return await _shown(request, reading, id, Form())


async def _shown(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    found = await showing.show(work, id)
    one = found.meeting
    committee = await registers.committee(work.connection, one.committee_id)
    people = await registers.person_names(work.connection, [one.chaired_by] if one.chaired_by else [])
    voted = {item.id: await ballots.ballot(work.connection, item.ballot_id) for item in found.items if item.ballot_id}
    bodies = await registers.in_either_language(work.connection, (row.attendee.organisation for row in found.attendees))
    due = [one.starts_on, *(row.duty.due_on for row in found.duties if row.duty.done_on is None)]
    off = await holidays.days_off(work.connection, (day for day in due if day >= work.today))
    return page(
        request, "meetings/one.html", status=form.error.status if form.error else 200, found=found, one=one, form=form, committee=committee, bodies=bodies,
        chair=people.get(one.chaired_by) if one.chaired_by else None, trail=trail(None), sum=_sentence(found),
        offers=_offers(found), primary=bool(set(LEADING) & set(found.acts)),
        kinds=KINDS, states=STATES, marks=MARKS, purposes=PURPOSES, decisions=DECISIONS, presences=PRESENCES, positions=POSITIONS, voted=voted,
        forms=FORMS, ballot_states=BALLOT_STATES, outcomes=OUTCOMES, acts=acting, today=work.today, off=off,
    )  # fmt: skip


def _offers(found: MeetingOut) -> list[tuple[Message, str]]:
    offers = []
    for name, act in OFFERS:
        if name in found.acts:
            later = name == "edit" and found.meeting.state != "prepared"
            chosen = acting.CHAIRED if later else act
            if isinstance(chosen, Act):
                offers.append((chosen.short, chosen.href(id=found.meeting.id)))
            else:
                offers.append((chosen[0], href(found.meeting.id) + chosen[1]))
    return offers


def _sentence(found: MeetingOut) -> Message:
    one = found.meeting
    when = say("{day} {hour}", day=one.starts_on, hour=one.starts_at)
    if one.state == "cancelled":
        return say("{when}，已取消：{reason}", when=when, reason=one.reason or "")
    if one.state in ("prepared", "called") or not found.inside:
        late = [line for line in found.times if not line.met]
        if late and one.state in ("prepared", "called"):
            return say("{when}，{state}；{count} 项晚于规定", when=when, state=STATES[one.state], count=len(late))
        return say("{when}，{state}，议题 {count} 项", when=when, state=STATES[one.state], count=len(found.items))
    there = sum(one.attendee.presence in ("present", "proxy") for one in found.attendees)
    open_ = sum(one.duty.done_on is None for one in found.duties)
    return say(
        "{when}，{state}；出席 {there} 人，决定 {count} 项，待办 {open} 件", when=when, state=STATES[one.state], there=there,
        count=len(found.decisions), open=open_,
    )  # fmt: skip


async def _done(request: AnyRequest, id: UUID, form: Form, outcome: Any, said: Message) -> Response[Any]:
    """On to the meeting, or the meeting with what stands in the way."""
    if outcome.error is None:
        return go(request, href(id), said)
    async with looking(request) as reading:
        return await _shown(request, reading, id, form)


@post("/meetings/{id:uuid}/items/{item_id:uuid}/shift", opt=MANAGES, include_in_schema=False)
async def shift(request: AnyRequest, id: UUID, item_id: UUID) -> Response[Any]:
    """An item one place up or down."""
    form = await Form.of(request)
    by = -1 if form.text("by") == "up" else 1
    outcome = await attempt(request, form, lambda work: agenda.shift(work, id, item_id, by))
    return await _done(request, id, form, outcome, say("次序已调整"))


@post("/meetings/{id:uuid}/items/{item_id:uuid}/remove", opt=MANAGES, include_in_schema=False)
async def remove(request: AnyRequest, id: UUID, item_id: UUID) -> Response[Any]:
    """An item off the agenda."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: agenda.remove(work, id, item_id))
    return await _done(request, id, form, outcome, say("已移出议程"))


@post("/meetings/{id:uuid}/papers/{paper_id:uuid}/remove", opt=MANAGES, include_in_schema=False)
async def take_off(request: AnyRequest, id: UUID, paper_id: UUID) -> Response[Any]:
    """A paper off the table."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: agenda.take_off(work, id, paper_id))
    return await _done(request, id, form, outcome, say("已撤下材料"))


@get("/meetings/{id:uuid}/items/{item_id:uuid}/papers", opt=MANAGES, include_in_schema=False)
async def papers_page(request: AnyRequest, reading: Work, id: UUID, item_id: UUID) -> Response[str]:
    """Papers for an item: of the subject's dossier, or from one's own machine."""
    return await _papers(request, reading, id, item_id, Form())


async def _papers(request: AnyRequest, work: Work, id: UUID, item_id: UUID, form: Form) -> Response[str]:
    one = await _managed(work, id)
    item = await repository.item(work.connection, id, item_id)
    there = {paper.sha256 for paper in await repository.papers(work.connection, id) if paper.item_id == item_id}
    offered = [paper for paper in await ports.on_file(work, item.subject_kind, item.subject_id) if paper.sha256 not in there]
    return page(
        request, "meetings/papers.html", status=form.error.status if form.error else 200, one=one, item=item, form=form, trail=trail(one),
        options=[(str(paper.id), say("{title}，{day}", title=paper.title, day=paper.dated)) for paper in offered],
        types=",".join(MEDIA_TYPES), most=work.files.most_bytes // 1024**2, purposes=PURPOSES,
    )  # fmt: skip


@post("/meetings/{id:uuid}/items/{item_id:uuid}/papers", opt=MANAGES, include_in_schema=False)
async def table(request: AnyRequest, id: UUID, item_id: UUID) -> Response[Any]:
    """Lay papers before the meeting."""
    form = await Form.of(request)
    sent = [(file, await _read(request, file)) for file in form.files.get("files", [])]

    async def do(work: Work) -> Meeting:
        await _managed(work, id)
        chosen = [NewPaper(source_id=source) for source in form.into(Sources).sources]
        kept = [await _kept(work, file, content, "files") for file, content in sent]
        given = [*chosen, *(NewPaper(sha256=one.sha256, filename=one.filename) for one in kept)]
        if not given:
            raise BadInput(say("请选择材料或文件"), unmet=[Unmet("none", say("请至少选一份"), "files")])
        return await agenda.table(work, id, item_id, NewPapers(papers=given))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        async with looking(request) as reading:
            return await _papers(request, reading, id, item_id, form)
    return go(request, href(id), say("材料已提交；发出材料后通知各人"))


async def _read(request: AnyRequest, file: UploadFile) -> bytes:
    return await file.read(request.app.state.hub.files.most_bytes + 1)


async def _kept(work: Work, file: UploadFile, content: bytes, where: str) -> StoredFile:
    if not content:
        raise BadInput(say("文件是空的"), unmet=[Unmet("paper.empty", say("文件是空的"), where)])
    return StoredFile(sha256=await uploads.keep(work, content), filename=clean_text(file.filename, where)[:300])


@get("/meetings/{id:uuid}/attendance", opt=MANAGES, include_in_schema=False)
async def attendance_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """The list of those who have seats, and room for guests."""
    return await _attendance(request, reading, id, Form())


async def _attendance(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    one = await _managed(work, id)
    found = await showing.show(work, id)
    return page(
        request, "meetings/attendance.html", status=form.error.status if form.error else 200, one=one, found=found, form=form, trail=trail(one),
        presences=tuple(PRESENCES.items()), positions=POSITIONS, guests=range(GUESTS),
    )  # fmt: skip


@post("/meetings/{id:uuid}/attendance", opt=MANAGES, include_in_schema=False)
async def attend(request: AnyRequest, id: UUID) -> Response[Any]:
    """Record who was there."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: holding.attend(work, id, form.into(Attendance)))
    if outcome.value is None:
        async with looking(request) as reading:
            return await _attendance(request, reading, id, form)
    return go(request, href(id), say("已登记出席"))


@get("/meetings/{id:uuid}/signed", opt=MANAGES, include_in_schema=False)
async def signed_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """The form for what came back signed."""
    return await _signed(request, reading, id, Form())


async def _signed(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    one = await _managed(work, id)
    return page(
        request, "meetings/signed.html", status=form.error.status if form.error else 200, one=one, form=form, trail=trail(one),
        types=",".join(MEDIA_TYPES), most=work.files.most_bytes // 1024**2,
    )  # fmt: skip


@post("/meetings/{id:uuid}/signed", opt=MANAGES, include_in_schema=False)
async def sign(request: AnyRequest, id: UUID) -> Response[Any]:
    """Keep what came back signed."""
    form = await Form.of(request)
    sent = {name: (file, await _read(request, file)) for name in ("minutes", "sheet") if (file := form.file(name))}

    async def do(work: Work) -> Meeting:
        await _managed(work, id)
        if "minutes" not in sent:
            raise BadInput(say("请上传签回的纪要"), unmet=[Unmet("paper.file", say("请选择文件"), "minutes")])
        kept = {name: await _kept(work, file, content, name) for name, (file, content) in sent.items()}
        refusals = form.into(Refusal).refusals
        return await holding.sign(work, id, SignedPapers(minutes=kept["minutes"], sheet=kept.get("sheet"), refusals=refusals))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        async with looking(request) as reading:
            return await _signed(request, reading, id, form)
    return go(request, href(id), say("签回的文件已存，并已归入有关标准的卷宗"))


async def _managed(work: Work, id: UUID) -> Meeting:
    one = await repository.meeting(work.connection, id)
    work.actor.require(MANAGE, one)
    return one


PAGES: list[Any] = [meeting_page, shift, remove, take_off, papers_page, table, attendance_page, attend, signed_page, sign]
