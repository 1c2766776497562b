"""One ballot: what is voted on, the roll, the vote of who reads it, and the result with its reasons."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports, service
from standards_hub.committees.ballots.pages.acting import (
    ACTS,
    COUNTED,
    INVITE,
    MANAGE,
    PREPARE,
    READ,
    RECORD,
    RECUSE,
    STRIKE,
    cautions,
    href,
    trail,
)
from standards_hub.committees.ballots.pages.listing import state_of
from standards_hub.committees.ballots.rules import CHOICES, OUTCOMES
from standards_hub.committees.ballots.schemas import Vote
from standards_hub.committees.ballots.signing import MOST_BYTES
from standards_hub.committees.ballots.tally import OPPOSITES
from standards_hub.committees.ballots.values import FORMS, SHEET_TYPES, Ballot
from standards_hub.committees.values import POSITIONS
from standards_hub.kernel import holidays
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]


@get("/ballots/{id:uuid}", opt={"permission": READ}, include_in_schema=False)
async def ballot_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """One ballot: what is voted on, the reader's own vote, the roll, and when it is closed the result with its reasons."""
    return await shown(request, reading, id, Form())


async def shown(request: AnyRequest, work: Work, id: UUID, form: Form, status: int = 200, filing: Form | None = None) -> Response[str]:
    found = await service.show(work, id)
    one = found.ballot
    committee = await registers.committee(work.connection, one.committee_id)
    subject = await ports.now(work, one)
    planned = await service.roll_of(work, one) if one.state == "prepared" else []
    units = [*(each.organisation for each in planned), *(voter.organisation for voter in found.voters)]
    bodies = await registers.in_either_language(work.connection, units)
    offers = [(act.short, act.href(id=id)) for name, act in ACTS.items() if name in found.acts]
    if "edit" in found.acts:
        offers += [(RECUSE.short, RECUSE.href(id=id)), (INVITE.short, INVITE.href(id=id))]
    if (one.state == "void" or one.outcome == "invalid") and PREPARE.may(work, one):
        offers.append((say("重新组织"), _again(one)))
    running = one.state in ("prepared", "open") and one.closes_on >= work.today
    off = await holidays.days_off(work.connection, [one.closes_on] if running else [])
    if found.own is not None and not form.fields:
        form = Form.holding({"vote": found.own.vote or "", "reason": found.own.reason or ""})
    return page(
        request, "ballots/one.html", status=status, found=found, one=one, form=form, committee=committee, subject=subject.address, planned=planned,
        bodies=bodies, text=subject if one.state == "prepared" or subject.hash == one.subject_hash else None,
        cautions=cautions(one, subject, planned, found.interested, work.today) if "open" in found.acts else [],
        offers=offers, trail=trail(None), sum=_sentence(found, one), choices=CHOICES, forms=FORMS, positions=POSITIONS, counted=COUNTED,
        kinds=ports.KIND_NAMES, outcomes=OUTCOMES, record=RECORD, strike=STRIKE, today=work.today, off=off,
        state=state_of(one), against=OPPOSITES, filing=filing or Form(), may_file=work.actor.may(MANAGE, one),
        sheet_types="、".join(SHEET_TYPES), most_sheet=MOST_BYTES // 1024**2,
    )  # fmt: skip


def _again(one: Ballot) -> str:
    """The form of a new ballot on the same, filled in as this one was."""
    asked = {"committee_id": one.committee_id, "rule": one.rule, "form": one.form}
    on = {"standard": one.subject_id} if one.subject_kind == "standard" else {"title": one.title}
    return f"{PREPARE.path}?{urlencode({**asked, **on})}"


def _sentence(found: Any, one: Ballot) -> Message:
    if one.state == "prepared":
        return say("准备中；开始后 {day} 24:00 截止", day=one.closes_on)
    if one.state == "void":
        return say("作废：{reason}", reason=one.void_why)
    if one.state == "open":
        return say("投票中，{voted}/{all} 已投，{day} 24:00 截止", voted=found.voted, all=found.may_vote, day=one.closes_on)
    outcome = CHOICES[one.decision] if one.decision else OUTCOMES[one.outcome]  # type: ignore[index]
    return say("{day} 结束，结论：{outcome}", day=one.closed_on, outcome=outcome)


@post("/ballots/{id:uuid}/vote", opt={"permission": "ballot.vote"}, include_in_schema=False)
async def vote(request: AnyRequest, id: UUID) -> Response[Any]:
    """Vote as oneself. Where the text was changed meanwhile, the page says that the ballot is void."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: service.cast(work, id, form.into(Vote)))
    if outcome.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await shown(request, reading, id, form, outcome.error.status if outcome.error else 422)
    void = outcome.value.state == "void"
    return go(request, href(id), say("文本已变更，表决作废，您的票未计入") if void else say("已投票，截止前可以更改"))


PAGES: list[Any] = [ballot_page, vote]
