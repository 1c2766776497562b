"""What happens by itself: limits that run out, reminders before they do, successions that take effect, and notices."""

from datetime import timedelta
from uuid import UUID

from standards_hub.kernel import holidays, notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.limits import warning_days
from standards_hub.lifecycle.services import timing
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Deadline, Standard

REMIND_WITHIN_DAYS = 100
LIMIT = notices.kind("limit", say("期限将至：由我负责的期限"))
TURN = notices.kind("turn", say("轮到我办理：标准进入由我承办的阶段，或其状态有变"))
WATCHED = notices.kind("watched", say("我关注的标准有变动"))
ROLES_OF_HOLDER = {
    "proposer": ("drafter",),
    "lead_drafter": ("drafter",),
    "drafting_group": ("drafter",),
    "verifier": ("lab_staff", "drafter"),
    "secretariat": ("secretary",),
    "committee": ("secretary",),
    "department": ("department",),
    "authority": ("department", "secretary"),
    "national_body": ("secretary",),
    "working_group": ("drafter", "secretary"),
    "central_office": ("secretary",),
}
"""Which accounts act for a holder of the procedure."""


@every("deadlines.sweep", cron="5 0 * * *")
@job("deadlines.sweep", say("逐日检查期限"))
async def sweep(work: Work) -> None:
    """Each day: one job for every limit that ran out, one for every reminder due today, one for every succession."""
    for deadline in await repository.overdue(work.connection, work.today, limit=100_000):
        if deadline.consequence != "none":
            arguments = {"standard_id": str(deadline.standard_id), "deadline_id": str(deadline.id)}
            await work.enqueue("deadline.expire", arguments, key=f"expire:{deadline.id}:{deadline.due_on}")
    await _remind(work)
    for old, new in await repository.replaced_by_effective(work.connection, work.today):
        await work.enqueue("standard.supersede", {"old_id": str(old), "new_id": str(new)}, key=f"supersede:{old}:{new}")


async def _remind(work: Work) -> None:
    for deadline in await repository.running(work.connection, until=work.today + timedelta(days=REMIND_WITHIN_DAYS)):
        standard = await repository.standard(work.connection, deadline.standard_id)
        if standard.status == "active" and work.today in warning_days(timing.limit_of(standard, deadline.limit), deadline.due_on):
            arguments = {"standard_id": str(deadline.standard_id), "deadline_id": str(deadline.id)}
            await work.enqueue("deadline.remind", arguments, key=f"remind:{deadline.id}:{work.today}")


@job("deadline.expire", say("执行超期后果"))
async def expire(work: Work, standard_id: str, deadline_id: str) -> None:
    await timing.expire(work, UUID(standard_id), UUID(deadline_id))


@job("standard.supersede", say("执行代替"))
async def supersede(work: Work, old_id: str, new_id: str) -> None:
    await timing.supersede(work, UUID(old_id), UUID(new_id))


@job("deadline.remind", say("寄出期限提醒"))
async def remind(work: Work, standard_id: str, deadline_id: str) -> None:
    """Write to those who hold a limit that will run out."""
    standard = await repository.standard(work.connection, UUID(standard_id))
    deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.id == UUID(deadline_id))
    if deadline.state != "running":
        return
    subject = say(
        "{label}：{limit}还有 {days} 日",
        label=standard.label,
        limit=Name(deadline.name_zh, deadline.name_en),
        days=(deadline.due_on - work.today).days,
    )
    people = dict.fromkeys(await _holders(work, standard, deadline), LIMIT)
    await notices.send(work, people, subject, await _deadline_text(work, deadline), f"remind:{deadline.id}:{work.today}")


@job("standard.notice", say("寄出标准变动通知"))
async def notice(work: Work, standard_id: str, what: str) -> None:
    """Write to those who watch a standard, and to those whose turn it is."""
    try:
        standard = await repository.standard(work.connection, UUID(standard_id))
    except NotFound:
        return
    step = track_of(standard.track).step(standard.step)
    status, told = STATUS_NAMES[standard.status], {"step": step.name, "code": step.shown, "title": standard.title_zh}
    if str(status) == step.name.zh:  # published, and at the step of that name
        subject, body = say("{label}：{status}", label=standard.label, status=status), say("《{title}》现处“{step}”（{code}）。", **told)
    else:
        subject = say("{label}：{status}，{step}", label=standard.label, status=status, step=step.name)
        body = say("《{title}》现处“{step}”（{code}），{status}。", status=status, **told)
    await notices.send(work, await concerned(work, standard), subject, body, f"{what}:{standard.id}:{standard.version}")


async def concerned(work: Work, standard: Standard) -> dict[UUID, str]:
    """The accounts that a notice about a standard goes to, each with why: it is their turn, or they watch it."""
    step = track_of(standard.track).step(standard.step)
    watching = dict.fromkeys(await repository.watchers(work.connection, standard.id), WATCHED)
    turn = await accounts.holding(work.connection, set(ROLES_OF_HOLDER[step.holder]), standard.bodies(), work.today)
    return watching | dict.fromkeys(turn, TURN)


async def _holders(work: Work, standard: Standard, deadline: Deadline) -> set[UUID]:
    return await accounts.holding(work.connection, set(ROLES_OF_HOLDER[deadline.holder]), standard.bodies(), work.today)


async def _deadline_text(work: Work, deadline: Deadline) -> Message:
    limit = Name(deadline.name_zh, deadline.name_en)
    if off := await holidays.day_off(work.connection, deadline.due_on):
        return say("{limit}：{due} 24:00 届满。期限按自然日计算，不顺延；届满日为{hint}。", limit=limit, due=deadline.due_on, hint=off.hint)
    return say("{limit}：{due} 24:00 届满。", limit=limit, due=deadline.due_on)
