"""Taking an import in by a job: asked for in a moment, watched while it runs, left and found again."""

from uuid import UUID

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Conflict, HubError
from standards_hub.kernel.http import Said
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake import service, store
from standards_hub.lifecycle.intake.schemas import IntakeOut

JOB = "accept-portfolio"


async def begin(work: Work, intake_id: UUID, *, only_good: bool = False) -> IntakeOut:
    """Ask for the rows to be taken in by a job, once they were checked. Raises what accepting them at once would raise."""
    intake = await store.load(work, intake_id, lock=True)
    if intake.state == "accepting" and (await store.progress(work, intake)).state != "failed":
        raise Conflict(say("正在导入，请等它完成"), code="accepting")
    if intake.state != "accepting":
        intake = await store.load_open(work, intake_id)
    await service.ready(work, intake, only_good=only_good)
    intake.state, intake.begun_at, intake.begun_by, intake.failure = "accepting", work.clock.now(), work.actor.label, None
    await store.keep(work, intake)
    account = str(work.actor.account) if work.actor.account else None
    await work.enqueue(JOB, {"intake_id": str(intake.id), "account": account, "only_good": only_good}, key=store.job_key(intake))
    return await service.show(work, intake.id)


@job(JOB)
async def accept_portfolio(work: Work, intake_id: str, account: str | None, only_good: bool) -> None:
    """Take the rows in as whoever asked for it, with the rights they have now; what has become wrong meanwhile opens it again."""
    intake = await store.load(work, UUID(intake_id), lock=True)
    if intake.state != "accepting":
        return
    try:
        work.actor = await accounts.actor_for_id(work.connection, UUID(account), work.today) if account else SYSTEM
        found = await service.ready(work, intake, only_good=only_good)
    except HubError as error:  # before anything was written
        intake.state, intake.failure = "planned", Said.of(error.message)
        await store.keep(work, intake)
        return
    await service.take_in(work, intake, found)
