"""`standards-hub jobs`: do what is due, see what failed, try it again."""

import asyncio
from typing import Any
from uuid import UUID

import click

from standards_hub.cli.runtime import as_json, prepared, run, show
from standards_hub.kernel import jobs
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.jobs.queue import JobState
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


@click.group(name="jobs", help="后台任务 / Background jobs")
def jobs_group() -> None:
    """Jobs of this hub."""


@jobs_group.command("run", help="办理所有到期任务后退出 / Do everything that is due, then leave")
@as_json
@click.pass_context
def run_command(context: click.Context, as_json: bool) -> None:
    """Tick the schedules, do what is due; exit 1 if an attempt failed."""

    async def whole() -> jobs.Drained:
        settings = prepared()
        hub = settings.hub()
        try:
            await jobs.tick(hub)
            return await jobs.drain(hub, *settings.tools())
        finally:
            await hub.database.close()

    drained = asyncio.run(whole())
    summary = say("完成 {done} 项，失败 {failed} 项", done=drained.done, failed=len(drained.errors)).both
    show(drained, as_json, lambda _: "\n".join([summary, *drained.errors]))
    if drained.errors:
        context.exit(1)


@jobs_group.command("list", help="最近的任务 / The latest jobs")
@click.option("--state", type=click.Choice(["waiting", "running", "done", "failed"]))
@click.option("--limit", type=click.IntRange(1, 1000), default=50)
@as_json
def list_command(state: str | None, limit: int, as_json: bool) -> None:
    """The jobs that were asked for last, with the last error of each."""

    async def task(work: Work) -> Any:
        work.actor.require("jobs.read")
        return await jobs.jobs(work.connection, state=state, limit=limit)

    show(run(task, writes=False), as_json, lambda found: "\n".join(_line(job) for job in found))


@jobs_group.command("retry", help="重新办理失败的任务 / Try a failed job again")
@click.argument("id", metavar="ID")
@as_json
def retry_command(id: str, as_json: bool) -> None:
    """Let a failed job start afresh."""
    try:
        wanted = UUID(id)
    except ValueError as error:
        raise BadInput(say("任务编号须为 UUID，可由 jobs list 查得")) from error

    async def task(work: Work) -> None:
        work.actor.require("jobs.retry")
        await jobs.retry(work.connection, wanted, work.clock.now())

    run(task)
    show({"id": wanted, "state": "waiting"}, as_json, lambda _: say("已重新排队").both)


def _line(job: JobState) -> str:
    last = (job.error or "").strip().splitlines()
    return f"{job.id}  {job.state:<8} {job.attempts}  {job.due_at:%Y-%m-%d %H:%M}Z  {job.name}" + (f"\n    {last[-1]}" if last else "")
