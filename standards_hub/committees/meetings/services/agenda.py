"""The agenda of a meeting: what the work programme offers, items and their order, papers, what was said, and ballots on items."""

from collections import Counter
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from standards_hub.committees.ballots import ports as subjects
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots import service as voting
from standards_hub.committees.ballots.schemas import NewBallot
from standards_hub.committees.meetings import ports, repository, rules
from standards_hub.committees.meetings.events import (
    ItemDiscussed,
    ItemRemoved,
    ItemsAdded,
    ItemsOrdered,
    ItemVotedOn,
    PapersTabled,
    PaperTakenOff,
)
from standards_hub.committees.meetings.schemas import Discussion, ItemBallot, NewItem, NewItems, NewPapers, OfferedOut, Order
from standards_hub.committees.meetings.services.calling import in_state, managed
from standards_hub.committees.meetings.values import Item, Meeting, SignedFile, Tabled
from standards_hub.committees.schemas import checked
from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, Refused, Unmet, refuse_if
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

OPEN = ("prepared", "called")
"""States in which an agenda may change."""
SAYING = ("called", "held")
"""States in which it is noted what was said."""


async def offered(work: Work, id: UUID) -> list[OfferedOut]:
    """What of the committee's work programme wants a meeting, and whether it is on the agenda already."""
    found = await repository.meeting(work.connection, id)
    work.actor.require("meeting.manage", found)
    there = {(item.subject_id, item.purpose) for item in await repository.items(work.connection, id)}
    return [
        OfferedOut(one.kind, one.id, one.label, one.purpose, Said.of(one.why), (one.id, one.purpose) in there)
        for one in await ports.offered(work, found.committee_id)
    ]


async def add(work: Work, id: UUID, data: NewItems) -> Meeting:
    """Put items on the agenda, at its end."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, *OPEN)
    items = await repository.items(work.connection, id)
    profiles = {one.id: one.profile for one in await ports.offered(work, found.committee_id)}
    made = [await _item(work, found, given, len(items) + n, profiles) for n, given in enumerate(data.items, 1)]
    there = Counter[tuple[UUID | None, str]]((item.subject_id, item.purpose) for item in [*items, *made] if item.subject_id)
    twice = [item for item in made if there[item.subject_id, item.purpose] > 1]
    refuse_if([Unmet("twice", say("《{title}》已在议程中", title=item.title), "items") for item in twice], say("不能列入议程"))
    await work.append(found, ItemsAdded(items=made))
    return found


async def _item(work: Work, found: Meeting, given: NewItem, place: int, profiles: dict[UUID, str]) -> Item:
    if given.subject_id is None:
        if not given.title:
            raise BadInput(say("请写明议题"), unmet=[Unmet("title", say("请填写"), "title")])
        return Item(id=uuid4(), meeting_id=found.id, place=place, title=given.title, purpose=given.purpose)
    subject = await subjects.facts(work, given.subject_kind or "", given.subject_id)
    if not subject.before(found.committee_id, work.actor, "meeting.manage"):
        why = say("《{label}》不归口于本委员会", label=subject.label)
        raise BadInput(say("不能列入议程"), unmet=[Unmet("committee", why, "subject_id")])
    return Item(
        id=uuid4(), meeting_id=found.id, place=place, title=given.title or subject.label, purpose=given.purpose,
        subject_kind=given.subject_kind, subject_id=given.subject_id, profile=profiles.get(given.subject_id),
    )  # fmt: skip


async def order(work: Work, id: UUID, data: Order) -> Meeting:
    """Put the agenda into another order."""
    found = await managed(work, id)
    in_state(found, *OPEN)
    there = [item.id for item in await repository.items(work.connection, id)]
    if sorted(data.items, key=str) != sorted(there, key=str):
        raise BadInput(say("次序有误"), unmet=[Unmet("order", say("请列出全部议题，每个一次"), "items")])
    if data.items != there:
        await work.append(found, ItemsOrdered(order=data.items))
    return found


async def shift(work: Work, id: UUID, item_id: UUID, by: int) -> Meeting:
    """Move an item up (-1) or down (1) by one place; at the end of the agenda it stays."""
    there = [item.id for item in await repository.items(work.connection, id)]
    at = there.index((await repository.item(work.connection, id, item_id)).id)
    there.insert(min(max(at + by, 0), len(there) - 1), there.pop(at))
    return await order(work, id, Order(items=there))


async def remove(work: Work, id: UUID, item_id: UUID) -> Meeting:
    """Take an item off the agenda, with its papers."""
    found = await managed(work, id)
    in_state(found, *OPEN)
    gone = await repository.item(work.connection, id, item_id)
    rest = [item.id for item in await repository.items(work.connection, id) if item.id != item_id]
    papers = [paper.id for paper in await repository.papers(work.connection, id) if paper.item_id == item_id]
    await work.append(found, ItemRemoved(item=item_id, title=gone.title, papers=papers, order=rest))
    return found


async def discuss(work: Work, id: UUID, item_id: UUID, data: Discussion) -> Meeting:
    """Note what was said on an item, for the minutes."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, *SAYING)
    item = await repository.item(work.connection, id, item_id)
    if data.discussion != (item.discussion or ""):
        await work.append(found, ItemDiscussed(item=item_id, discussion=data.discussion))
    return found


async def table(work: Work, id: UUID, item_id: UUID, data: NewPapers) -> Meeting:
    """Lay papers before a meeting: of the subject's dossier, or stored files. What was sent before has to be sent again."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, *OPEN)
    item = await repository.item(work.connection, id, item_id)
    held = {paper.id: paper for paper in await ports.on_file(work, item.subject_kind, item.subject_id)}
    there = {paper.sha256 for paper in await repository.papers(work.connection, id) if paper.item_id == item_id}
    made, unmet = list[Tabled](), list[Unmet]()
    for given in data.papers:
        source = held.get(given.source_id) if given.source_id else None
        if given.source_id and source is None:
            unmet.append(Unmet("paper.source", say("卷宗中没有这份材料，或没有上传文件"), "source_id"))
            continue
        file = SignedFile(source.sha256, source.filename, source.media_type, source.size) if source else None
        file = file or await stored(work, given.sha256, given.filename, unmet)
        if file is None:
            continue
        if file.sha256 in there:
            unmet.append(Unmet("paper.twice", say("《{name}》已在本议题的材料中", name=file.filename), "sha256"))
            continue
        there.add(file.sha256)
        title = given.title or (source.title if source else PurePosixPath(file.filename).stem)
        made.append(Tabled(
            id=uuid4(), meeting_id=id, item_id=item_id, title=title, sha256=file.sha256, filename=file.filename, media_type=file.media_type,
            size=file.size, source_id=given.source_id, added_on=work.today,
        ))  # fmt: skip
    if unmet:
        raise BadInput(say("材料不能提交"), unmet=unmet)
    await work.append(found, PapersTabled(papers=made))
    found.papers_on = None
    return found


async def stored(work: Work, sha256: str | None, filename: str | None, unmet: list[Unmet], where: str = "filename") -> SignedFile | None:
    """A file that the actor sent before, if it is one that is taken; what is wrong is added to `unmet`."""
    name = PurePosixPath(clean_text(filename or "", where).replace("\\", "/")).name
    media_type = MEDIA_TYPES.get(PurePosixPath(name).suffix.lower())
    if sha256 is None:
        unmet.append(Unmet("paper.file", say("请选择文件"), where))
    elif media_type is None:
        types = "、".join(MEDIA_TYPES)
        unmet.append(Unmet("paper.type", say("不接收这种文件：{name}；可用 {types}", name=name, types=types), where))
    elif not await uploads.own(work, sha256):
        unmet.append(Unmet("paper.file", say("没有您上传的这个文件；请先上传文件"), where))
    else:
        return SignedFile(sha256, name, media_type, len(work.files.get(sha256)))
    return None


async def take_off(work: Work, id: UUID, paper_id: UUID) -> Meeting:
    """Take a paper off the table."""
    found = await managed(work, id)
    in_state(found, *OPEN)
    paper = await repository.paper(work.connection, id, paper_id)
    await work.append(found, PaperTakenOff(paper=paper_id, title=paper.title))
    return found


async def vote_on(work: Work, id: UUID, item_id: UUID, data: ItemBallot) -> Meeting:
    """Let an item refer to a ballot on its subject, one that is there or a new one, which is then opened as all are."""
    data = checked(data)
    found = await managed(work, id)
    in_state(found, "called", "held")
    item = await repository.item(work.connection, id, item_id)
    if data.ballot_id is not None:
        there = await ballots.ballot(work.connection, data.ballot_id)
        if there.committee_id != found.committee_id or (item.subject_id and there.subject_id != item.subject_id):
            why = say("该表决不是本委员会就本议题的表决")
            raise BadInput(say("不能引用此表决"), unmet=[Unmet("ballot", why, "ballot_id")])
        if unmet := rules.unmet_for_reference(there):
            raise Refused(say("不能引用此表决"), unmet=unmet)
        ballot = there.id
    else:
        lacking = [name for name in ("rule", "closes_on") if getattr(data, name) is None]
        if lacking or data.rule is None or data.closes_on is None:
            raise BadInput(say("请选择已有的表决，或写明规则和截止日"), unmet=[Unmet("required", say("请填写"), name) for name in lacking])
        new = NewBallot(
            committee_id=found.committee_id, rule=data.rule, closes_on=data.closes_on, title=item.title, form=data.form,
            subject_kind=item.subject_kind or "matter", subject_id=item.subject_id, exemplar=found.exemplar,
        )  # fmt: skip
        ballot = (await voting.prepare(work, new)).id
    await work.append(found, ItemVotedOn(item=item_id, ballot=ballot))
    return found
