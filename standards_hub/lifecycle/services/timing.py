"""Time: asking for more of it, resting, and what happens when it runs out."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Refused, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import claimants, repository
from standards_hub.lifecycle.events import DeadlineExpired, ExtensionAsked, ExtensionDecided, Moved, NewDue, Resumed, Superseded, Suspended
from standards_hub.lifecycle.limits import STATUS_AFTER, after_pause, froze, on_entering, running_ids, unmet_for_extension
from standards_hub.lifecycle.schemas import Because, ExtensionDecision, ExtensionRequest
from standards_hub.lifecycle.services.notices import tell
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import Limit
from standards_hub.lifecycle.values import Deadline, Standard


def limit_of(standard: Standard, key: str) -> Limit | None:
    """The rule behind a deadline, on the track version the standard follows."""
    return next((limit for limit in track_of(standard.track).limits if limit.key == key), None)


def _extendable(standard: Standard) -> str:
    """The limit that an extension is about unless another is named: the first that may be lengthened, else the one that bites."""
    limits = track_of(standard.track).limits
    chosen = next((limit for limit in limits if limit.extension), None) or next(
        (limit for limit in limits if limit.consequence != "none"), None
    )
    return chosen.key if chosen else ""


async def ask_extension(work: Work, standard_id: UUID, given: ExtensionRequest) -> Standard:
    """Ask the competent department for more time. Raises `Refused` with what is unmet; lateness can be overridden with a reason."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    await claimants.require(work, "standard.extension_ask", standard)
    if standard.status not in ("active", "frozen"):
        raise Refused(say("项目不在研，不能申请延期"))
    deadline = await _deadline(work, standard_id, given.limit or _extendable(standard))
    on = _told_day(work, standard, given.on, first=deadline.opened_on)
    asked = await repository.extensions(work.connection, standard_id)
    if any(e.state == "asked" and e.deadline_id == deadline.id for e in asked):
        raise Conflict(say("已有一份延期申请待决定"))
    limit = limit_of(standard, deadline.limit)
    unmet = unmet_for_extension(
        limit.extension if limit else None, expires=deadline.due_on, asked_on=on, months=given.months, granted=deadline.extensions
    )
    waived = [u.code for u in unmet if u.waivable and given.override]
    if waived:
        work.actor.require("standard.waive", standard)
    refuse_if([u for u in unmet if u.code not in waived])
    reason = f"{given.reason}（{given.override}）" if waived and given.override else given.reason
    event = ExtensionAsked(extension=uuid4(), deadline=deadline.id, months=given.months, reason=reason, waived=waived)
    await work.append(standard, event, effective_on=on)
    await tell(work, standard, "extension-asked", key=f"{event.extension}")
    return standard


async def decide_extension(work: Work, standard_id: UUID, given: ExtensionDecision) -> Standard:
    """Record the competent department's decision; granted, it thaws a standard that this limit had frozen."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.extension_decide", standard)
    asked = next((e for e in await repository.extensions(work.connection, standard_id) if e.state == "asked"), None)
    if asked is None:
        raise NotFound(say("没有待决定的延期申请"))
    months = given.months or asked.months
    if months > asked.months:
        raise BadInput(say("准予的延期不能长于申请"), unmet=[Unmet("months", say("申请 {months} 个月", months=asked.months), "months")])
    deadline = next(d for d in await repository.deadlines(work.connection, standard_id) if d.id == asked.deadline_id)
    due_on = due_day(deadline.due_on, months, "months") if given.granted else deadline.due_on
    on = _told_day(work, standard, given.on, first=asked.asked_on)
    thawed = given.granted and standard.status == "frozen" and deadline.state == "executed" and due_on >= on
    event = ExtensionDecided(
        extension=asked.id, granted=given.granted, decision=given.decision, deadline=deadline.id, extensions=deadline.extensions + 1,
        before=deadline.due_on, due_on=due_on, thawed=thawed,
    )  # fmt: skip
    await work.append(standard, event, effective_on=on)
    standard.status = "active" if thawed else standard.status
    await tell(work, standard, "extension-decided", key=f"{asked.id}")
    return standard


def _told_day(work: Work, standard: Standard, on: date | None, *, first: date) -> date:
    """The day of an act, today unless told; a past one is for those who may record what was done elsewhere."""
    if on is None or on == work.today:
        return work.today
    if not first <= on <= work.today:
        raise BadInput(say("办理日期不对"), unmet=[Unmet("on", say("须在 {first} 与今天之间", first=first), "on")])
    work.actor.require("standard.record_elsewhere", standard)
    return on


async def _deadline(work: Work, standard_id: UUID, limit: str) -> Deadline:
    found = [d for d in await repository.deadlines(work.connection, standard_id) if d.limit == limit]
    live = [d for d in found if d.state == "running" or froze(d)]
    if not live:
        raise Refused(say("没有在计的期限"), unmet=[Unmet("limit", say("期限 {limit} 未在计算中", limit=limit), "limit")])
    return live[-1]


async def suspend(work: Work, standard_id: UUID, given: Because) -> Standard:
    """Let work and its limits rest, for a reason."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.suspend", standard)
    if standard.status != "active":
        raise Conflict(say("只有在研项目可以暂停"))
    paused = running_ids(await repository.deadlines(work.connection, standard_id), "running")
    await work.append(standard, Suspended(reason=given.reason, paused=paused), effective_on=_not_future(work, standard, given))
    standard.status = "suspended"
    await tell(work, standard, "suspended", key=f"{standard.id}:{standard.version}")
    return standard


async def resume(work: Work, standard_id: UUID, given: Because) -> Standard:
    """Go on; each limit gets back the days it rested."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.suspend", standard)
    if standard.status != "suspended":
        raise Conflict(say("项目没有暂停"))
    on = _not_future(work, standard, given)
    paused = [d for d in await repository.deadlines(work.connection, standard_id) if d.state == "paused"]
    moved = [NewDue(d.id, d.due_on, after_pause(d, on)) for d in paused]
    await work.append(standard, Resumed(reason=given.reason, deadlines=moved), effective_on=on)
    standard.status = "active"
    await tell(work, standard, "resumed", key=f"{standard.id}:{standard.version}")
    return standard


def _not_future(work: Work, standard: Standard, given: Because) -> date:
    on = given.on or work.today
    if on > work.today or on < standard.step_entered_on:
        raise BadInput(say("办理日期不对"), unmet=[Unmet("on", say("须在 {first} 与今天之间", first=standard.step_entered_on), "on")])
    return on


async def expire(work: Work, standard_id: UUID, deadline_id: UUID) -> None:
    """Let the consequence of an overrun limit take hold, once. A limit that no longer runs is left alone."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    deadlines = await repository.deadlines(work.connection, standard_id)
    deadline = next((d for d in deadlines if d.id == deadline_id), None)
    if deadline is None or not deadline.overdue_on(work.today) or deadline.consequence == "none" or standard.status != "active":
        return
    on = deadline.due_on + timedelta(days=1)
    on = max(on, standard.step_entered_on)
    limit = limit_of(standard, deadline.limit)
    status = STATUS_AFTER.get(deadline.consequence)
    void = (
        [d.id for d in deadlines if d.state in ("running", "paused") and d.id != deadline_id] if status in ("lapsed", "cancelled") else []
    )
    event = DeadlineExpired(deadline=deadline_id, consequence=deadline.consequence, due_on=deadline.due_on, status=status, void=void)
    await work.append(standard, event, effective_on=on)
    if deadline.consequence == "return" and limit and limit.return_to:
        await _return(work, standard, limit.return_to, deadlines)
    standard.status = status or standard.status
    await tell(work, standard, "expired", key=str(deadline_id))


async def _return(work: Work, standard: Standard, to: str, deadlines: list[Deadline]) -> None:
    track = track_of(standard.track)
    here = next((v for v in reversed(await repository.visits(work.connection, standard.id)) if v.left_on is None), None)
    event = Moved(
        act="return", from_step=standard.step, from_stage=standard.stage, to_step=to, to_stage=track.step(to).code,
        left=here.id if here else None, visit=uuid4(), reason=str(say("期限届满，退回")), running=on_entering(track, to, work.today, deadlines),
        round=standard.round + 1, failures=standard.failures,
    )  # fmt: skip
    await work.append(standard, event)


async def supersede(work: Work, old_id: UUID, new_id: UUID) -> None:
    """The standard that replaces the whole of this one is in force: this one is no longer."""
    old = await repository.standard(work.connection, old_id, lock=True)
    new = await repository.standard(work.connection, new_id)
    if old.status == "published" and new.effective_on and new.effective_on <= work.today:
        void = running_ids(await repository.deadlines(work.connection, old_id))
        await work.append(old, Superseded(by=new_id, void=void), effective_on=new.effective_on)
        await tell(work, old, "superseded", key=f"{old_id}:{new_id}")
