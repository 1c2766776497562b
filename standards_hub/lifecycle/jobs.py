"""What happens by itself: limits that run out, reminders before they do, successions that take effect, and notices."""

from datetime import timedelta
from uuid import UUID

from standards_hub.kernel import mail
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.limits import warning_days
from standards_hub.lifecycle.services import timing
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Deadline, Standard

REMIND_WITHIN_DAYS = 100
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
@job("deadlines.sweep")
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


@job("deadline.expire")
async def expire(work: Work, standard_id: str, deadline_id: str) -> None:
    await timing.expire(work, UUID(standard_id), UUID(deadline_id))


@job("standard.supersede")
async def supersede(work: Work, old_id: str, new_id: str) -> None:
    await timing.supersede(work, UUID(old_id), UUID(new_id))


@job("deadline.remind")
async def remind(work: Work, standard_id: str, deadline_id: str) -> None:
    """Write to those who hold a limit that will run out."""
    standard = await repository.standard(work.connection, UUID(standard_id))
    deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.id == UUID(deadline_id))
    if deadline.state != "running":
        return
    subject = say("{label}：{limit}还有 {days} 日", label=standard.label, limit=deadline.name_zh, days=(deadline.due_on - work.today).days)
    await _write(
        work,
        standard,
        await _holders(work, standard, deadline),
        str(subject),
        _deadline_text(deadline),
        f"remind:{deadline.id}:{work.today}",
    )


@job("standard.notice")
async def notice(work: Work, standard_id: str, what: str) -> None:
    """Write to those who watch a standard, and to those whose turn it is."""
    try:
        standard = await repository.standard(work.connection, UUID(standard_id))
    except NotFound:
        return
    step = track_of(standard.track).step(standard.step)
    subject = say("{label}：{status}，{step}", label=standard.label, status=STATUS_NAMES[standard.status], step=step.name)
    body = say(
        "《{title}》现处“{step}”（{code}），{status}。",
        title=standard.title_zh,
        step=step.name,
        code=step.shown,
        status=STATUS_NAMES[standard.status],
    )
    await _write(work, standard, await concerned(work, standard), str(subject), str(body), f"{what}:{standard.id}:{standard.version}")


async def concerned(work: Work, standard: Standard) -> set[UUID]:
    """The accounts that a notice about a standard goes to."""
    step = track_of(standard.track).step(standard.step)
    watching = set(await repository.watchers(work.connection, standard.id))
    return watching | await accounts.holding(work.connection, set(ROLES_OF_HOLDER[step.holder]), standard.bodies(), work.today)


async def _holders(work: Work, standard: Standard, deadline: Deadline) -> set[UUID]:
    return await accounts.holding(work.connection, set(ROLES_OF_HOLDER[deadline.holder]), standard.bodies(), work.today)


def _deadline_text(deadline: Deadline) -> str:
    return str(say("{limit}：{due} 24:00 届满。", limit=deadline.name_zh, due=deadline.due_on))


async def _write(work: Work, standard: Standard, people: set[UUID], subject: str, body: str, key: str) -> None:
    for account in await accounts.by_ids(work.connection, people):
        if account.active:
            await mail.enqueue(work, account.email, subject, body, key=f"{key}:{account.id}")
