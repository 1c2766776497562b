"""Taking an import in, or back, by a job: asked for in a moment, watched while it runs, left and found again."""

from uuid import UUID

from msgspec import structs

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake import service, store, undoing
from standards_hub.lifecycle.intake.schemas import Failure, IntakeOut, Progress, State
from standards_hub.lifecycle.intake.store import Intake

ACCEPT, UNDO = "accept-portfolio", "undo-portfolio"


async def begin(work: Work, intake_id: UUID, *, only_good: bool = False) -> IntakeOut:
    """Ask for the rows to be taken in by a job, once they were checked. Raises what accepting them at once would raise."""
    intake = await store.load(work, intake_id, lock=True)
    if not await _broke_off(work, intake, "accepting"):
        intake = await store.load_open(work, intake_id)
    await service.ready(work, intake, only_good=only_good)
    intake.state = "accepting"
    return await _ask(work, intake, ACCEPT, only_good=only_good)


async def begin_undoing(work: Work, intake_id: UUID, reason: str) -> IntakeOut:
    """Ask for the import to be taken back by a job. Raises what undoing it at once would raise."""
    intake = await store.load(work, intake_id, lock=True)
    if not await _broke_off(work, intake, "undoing"):
        undoing.check_state(intake)
    await undoing.standing(work, intake)
    intake.state = "undoing"
    return await _ask(work, intake, UNDO, reason=reason)


async def _broke_off(work: Work, intake: Intake, state: State) -> bool:
    """Whether a job was at it and has given up, so that it may be asked for again."""
    return intake.state == state and (await store.progress(work, intake)).state == "failed"


async def _ask(work: Work, intake: Intake, name: str, **arguments: str | bool) -> IntakeOut:
    intake.begun_at, intake.begun_by, intake.failure = work.clock.now(), work.actor.label, None
    await store.keep(work, intake)
    account = str(work.actor.account) if work.actor.account else None
    await work.enqueue(name, {"intake_id": str(intake.id), "account": account, **arguments}, key=store.job_key(intake))
    return structs.replace(intake.out([]), progress=Progress("waiting", 0, intake.counts.rows))  # the job is there with the commit


@job(ACCEPT, say("接受台账导入"))
async def accept_portfolio(work: Work, intake_id: str, account: str | None, only_good: bool) -> None:
    """Take the rows in as whoever asked for it, with the rights they have now; what has become wrong meanwhile opens it again."""
    intake = await store.load(work, UUID(intake_id), lock=True)
    if intake.state != "accepting":
        return
    try:
        await _become(work, account)
        found = await service.ready(work, intake, only_good=only_good)
    except HubError as error:  # before anything was written
        intake.report = None  # what it says is no longer so
        return await _leave(work, intake, "planned", error)
    await service.take_in(work, intake, found)


@job(UNDO, say("撤销台账导入"))
async def undo_portfolio(work: Work, intake_id: str, account: str | None, reason: str) -> None:
    """Take it back as whoever asked for it; what was built on it meanwhile keeps it."""
    intake = await store.load(work, UUID(intake_id), lock=True)
    if intake.state != "undoing":
        return
    try:
        await _become(work, account)
        work.actor.require(store.PERMISSION)
        rows = await undoing.standing(work, intake)
    except HubError as error:
        return await _leave(work, intake, "accepted", error)
    await undoing.take_back(work, intake, rows, reason)


async def _become(work: Work, account: str | None) -> None:
    work.actor = await accounts.actor_for_id(work.connection, UUID(account), work.today) if account else SYSTEM


async def _leave(work: Work, intake: Intake, state: State, error: HubError) -> None:
    intake.state, intake.failure = state, Failure.from_error(error)
    await store.keep(work, intake)
