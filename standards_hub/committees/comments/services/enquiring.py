"""What is done to an enquiry: open, change, begin anew when the text was replaced, close; and the summary that a gate asks for."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees.comments import disposing, repository
from standards_hub.committees.comments.disposing import Summary
from standards_hub.committees.comments.events import EnquiryClosed, EnquiryEdited, EnquiryOpened, EnquiryRestarted
from standards_hub.committees.comments.ports import Draft, Held, drafts
from standards_hub.committees.comments.schemas import Because, EnquiryChange, EnquiryOut, NewEnquiry
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.committees.schemas import checked
from standards_hub.kernel import holidays
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import BadInput, NotFound, Unmet, refuse_if
from standards_hub.kernel.holidays import DayOff
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


async def draft_of(work: Work, kind: str, id: UUID, *, lock: bool = False) -> Draft:
    """The draft of a subject, locked where it must not change meanwhile. Raises `BadInput` for a kind that nobody answers for."""
    port = drafts().get(kind)
    if port is None:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("kind", say("不能就“{kind}”征求意见", kind=kind), "subject_kind")])
    return await port.draft(work, kind, id, lock=lock)


async def held(work: Work, id: UUID, permission: str, *, lock: bool = False) -> tuple[Enquiry, Draft]:
    """An enquiry and its draft, for somebody who may do this to it."""
    found = await repository.enquiry(work.connection, id, lock=lock)
    draft = await draft_of(work, found.subject_kind, found.subject_id)
    work.actor.require(permission, Held(draft.bodies))
    return found, draft


def standing(work: Work, one: Enquiry, draft: Draft) -> disposing.Standing:
    return disposing.standing(one.state, one.draft, one.closes_on, draft.version, work.today)


async def show(work: Work, id: UUID) -> EnquiryOut:
    """An enquiry, for those who may read it: anybody while it is open to the public, else people who may see comments.

    Raises `NotFound` alike for what is not there and for what is not open.
    """
    found = await repository.enquiry(work.connection, id)
    draft = await draft_of(work, found.subject_kind, found.subject_id)
    stands = standing(work, found, draft)
    if not work.actor.may("comment.read", Held(draft.bodies)) and not (found.public and stands in ("open", "replaced")):
        raise NotFound(say("找不到这次征求意见 {id}", id=id))
    return EnquiryOut(found, stands)


async def listing(work: Work, *, after: UUID | None = None, limit: int = 50) -> list[Enquiry]:
    """The enquiries an actor may read, those that close last first."""
    if work.actor.may("comment.read"):
        return await repository.enquiries(work.connection, after=after, limit=limit)
    return await repository.enquiries(work.connection, public=True, running_on=work.today, after=after, limit=limit)


async def ending_off(work: Work, found: Iterable[Enquiry]) -> dict[date, DayOff]:
    """Those last days of the running ones on which nobody is at work."""
    last = (one.closes_on for one in found if one.state == "open" and one.closes_on >= work.today)
    return await holidays.days_off(work.connection, last)


async def open_enquiry(work: Work, data: NewEnquiry) -> Enquiry:
    """Put a text out for comment. Refused without a text or while another enquiry on it runs; the window is never shorter than the rule."""
    data = checked(data)
    draft = await draft_of(work, data.subject_kind, data.subject_id, lock=True)  # of two who open at once, the second sees the first
    work.actor.require("enquiry.manage", Held(draft.bodies))
    unmet = []
    if draft.opened_on is None:
        unmet.append(Unmet("step", say("尚未进入征求意见步骤"), "subject_id", "secretariat"))
    if draft.version is None:
        unmet.append(Unmet("draft", say("还没有可供征求意见的文本，请先上传征求意见稿"), "subject_id", "drafting_group"))
    running = [one for one in await repository.of_subject(work.connection, draft.kind, draft.id) if one.state == "open"]
    if running:
        unmet.append(Unmet("running", say("已有一次征求意见未结束，请先结束它"), str(running[0].id), "secretariat"))
    refuse_if(unmet, say("不能开始征求意见"))
    least = due_day(work.today, draft.days, "days")
    closes_on = data.closes_on or least
    if closes_on < least:
        raise BadInput(say("征求意见期限过短"), unmet=[_too_short(draft.days, least)])
    id = uuid4()
    made = EnquiryOpened(
        subject_kind=draft.kind, subject_id=draft.id, draft=draft.version or "", filename=draft.filename or "", media_type=draft.media_type or "",
        label=draft.label, title_zh=draft.title.zh, title_en=draft.title.en, public=data.public, closes_on=closes_on, days=draft.days,
        source=str(draft.source), rule=draft.rule, sent=data.sent, exemplar=draft.exemplar,
    )  # fmt: skip
    one = Enquiry(
        id=id, state="open", opened_on=work.today, comments=0, restarts=0,
        **{name: getattr(made, name) for name in made.__struct_fields__ if name != "source"},
    )  # fmt: skip
    await work.append(one, made)
    return one


def _too_short(days: int, least: object) -> Unmet:
    return Unmet("window", say("不得少于 {days} 日，即不早于 {least}", days=days, least=least), "closes_on")


async def edit(work: Work, id: UUID, change: EnquiryChange) -> Enquiry:
    """Change to how many it was sent, whether the public may read it, or its last day, which may not fall below the rule."""
    found, _ = await held(work, id, "enquiry.manage", lock=True)
    said = {name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET}
    after = {name: said.get(name, getattr(found, name)) for name in ("sent", "public", "closes_on")}
    least = due_day(found.opened_on, found.days, "days")
    if after["closes_on"] != found.closes_on and after["closes_on"] < least:
        raise BadInput(say("征求意见期限过短"), unmet=[_too_short(found.days, least)])
    if any(getattr(found, name) != value for name, value in after.items()):
        await work.append(found, EnquiryEdited(**after))
        for name, value in after.items():
            setattr(found, name, value)
    return found


async def restart_if_replaced(work: Work, one: Enquiry, draft: Draft) -> bool:
    """Begin the window anew where the text was replaced in it. The comments stay, each with the version it was made on."""
    if standing(work, one, draft) != "replaced" or draft.version is None:
        return False
    length = min(max((one.closes_on - one.opened_on).days, draft.days), (date.max - work.today).days)
    event = EnquiryRestarted(
        before=one.draft, draft=draft.version, filename=draft.filename or "", media_type=draft.media_type or "",
        closes_on=due_day(work.today, length, "days"), restarts=one.restarts + 1,
    )  # fmt: skip
    await work.append(one, event)
    one.opened_on = work.today
    for name in ("draft", "filename", "media_type", "closes_on", "restarts"):
        setattr(one, name, getattr(event, name))
    return True


async def restart_of(work: Work, kind: str, id: UUID) -> None:
    """Begin the running enquiry on a subject anew if its text was replaced."""
    running = [one for one in await repository.of_subject(work.connection, kind, id) if one.state == "open"]
    if running:
        await restart_if_replaced(work, await repository.enquiry(work.connection, running[0].id, lock=True), await draft_of(work, kind, id))


@every("enquiry.restart", cron="10 0 * * *")
@job("enquiry.restart", say("文本更换的，重新计算征求意见期限"))
async def restart_replaced(work: Work) -> None:
    """Each day, begin the windows anew whose text was replaced."""
    for one in await repository.running(work.connection, work.today):
        await restart_if_replaced(work, one, await draft_of(work, one.subject_kind, one.subject_id))


async def close(work: Work, id: UUID, data: Because) -> Enquiry:
    """End it: the public comments no more. Refused while the window runs, for it may not be shorter than the rule."""
    found, draft = await held(work, id, "enquiry.manage", lock=True)
    stands = standing(work, found, draft)
    unmet = []
    if stands == "closed":
        unmet.append(Unmet("closed", say("已经结束")))
    elif work.today <= due_day(found.opened_on, found.days, "days"):
        least = due_day(found.opened_on, found.days, "days")
        unmet.append(Unmet("window", say("期限未满：不得少于 {days} 日，{least} 24:00 届满", days=found.days, least=least), "closes_on"))
    refuse_if(unmet, say("不能结束征求意见"))
    await work.append(found, EnquiryClosed(reason=checked(data).reason))
    found.state = "closed"
    return found


async def summary(work: Work, one: Enquiry) -> Summary:
    """The statistics of an enquiry."""
    groups, bodies = await repository.groups(work.connection, one.id), await repository.bodies(work.connection, one.id)
    return disposing.summed(groups, bodies, await repository.repliers(work.connection, one.id), one.sent, one.rule)
