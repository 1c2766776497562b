"""`standards-hub snapshot …`: sign, read, compare and prove the snapshots of a plan."""

import sys
from datetime import date

import click

from standards_hub.cli.runtime import Day, as_json, run, show
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage.snapshots import service
from standards_hub.linkage.snapshots.schemas import DifferenceOut, DueOut, SnapshotOut
from standards_hub.linkage.snapshots.values import Verification

plan_option = click.option("--plan", "plan_key", required=True, help="计划的键 / key of the plan, e.g. jiangsu-5x100")


@click.group("snapshot", help="签发的快照 / signed snapshots of a plan")
def snapshot_group() -> None:
    pass


@snapshot_group.command("list", help="某计划的全部快照 / all snapshots of a plan")
@plan_option
@as_json
def listing(plan_key: str, as_json: bool) -> None:
    async def task(work: Work) -> list[SnapshotOut]:
        return SnapshotOut.all(await service.listing(work, plan_key))

    show(run(task, writes=False), as_json, lambda found: "\n".join(words(one) for one in found))


@snapshot_group.command("show", help="一份快照 / one snapshot")
@plan_option
@click.argument("n", type=click.IntRange(1))
@as_json
def one(plan_key: str, n: int, as_json: bool) -> None:
    async def task(work: Work) -> SnapshotOut:
        await service.show(work, plan_key, n)
        return SnapshotOut.all(await service.listing(work, plan_key))[n - 1]

    show(run(task, writes=False), as_json)


@snapshot_group.command("sign", help="签发某日的计数 / sign what counts on a day")
@plan_option
@click.option("--as-of", "as_of", type=Day(), help="默认今天 / default today")
@as_json
def sign(plan_key: str, as_of: date | None, as_json: bool) -> None:
    async def task(work: Work) -> SnapshotOut:
        return SnapshotOut.of(await service.sign(work, plan_key, as_of or work.today))

    show(run(task), as_json, words)


@snapshot_group.command("correct", help="按现有事实更正一份快照，原件不变 / correct a snapshot from what is known now; it stays as it is")
@plan_option
@click.argument("n", type=click.IntRange(1))
@click.option("--reason", required=True, help="更正的理由 / why")
@as_json
def correct(plan_key: str, n: int, reason: str, as_json: bool) -> None:
    async def task(work: Work) -> SnapshotOut:
        return SnapshotOut.of(await service.correct(work, plan_key, n, reason))

    show(run(task), as_json, words)


@snapshot_group.command("due", help="须更正的快照 / snapshots that have to be corrected")
@plan_option
@as_json
def due(plan_key: str, as_json: bool) -> None:
    async def task(work: Work) -> list[DueOut]:
        return [DueOut.of(one) for one in await service.due(work, plan_key)]

    show(run(task, writes=False), as_json, lambda found: "\n".join(f"{words(one.snapshot)}  → {one.counted}" for one in found))


@snapshot_group.command("diff", help="两份快照之间的变化，逐项列出 / what changed between two snapshots, standard by standard")
@plan_option
@click.argument("earlier", type=click.IntRange(1))
@click.argument("later", type=click.IntRange(1))
@as_json
def diff(plan_key: str, earlier: int, later: int, as_json: bool) -> None:
    async def task(work: Work) -> DifferenceOut:
        links = [await service.show(work, plan_key, n) for n in (earlier, later)]
        return DifferenceOut.of(await service.difference(work, *links))

    show(run(task, writes=False), as_json, difference_words)


@snapshot_group.command("verify", help="验证快照链，指出第一处断点 / prove the chain; the first broken link is named")
@plan_option
@as_json
def verify(plan_key: str, as_json: bool) -> None:
    async def task(work: Work) -> Verification:
        return await service.verify(work, plan_key)

    found = run(task, writes=False)
    show(found, as_json, verdict)
    sys.exit(0 if found.sound else 1)


def words(link: SnapshotOut) -> str:
    """A snapshot in a line."""
    counted = say("计入 {counted} 项，目标 {target} 项", counted=link.total.counted, target=link.total.target)
    about = [say("更正第 {n} 号", n=link.corrects)] if link.corrects else []
    about += [say("已由第 {n} 号更正", n=link.corrected_by)] if link.corrected_by else []
    return "  ".join([f"{link.n}", f"{link.as_of}", counted.both, *(one.both for one in about), link.hash])


def difference_words(found: DifferenceOut) -> str:
    """A difference in words: the sums, then each standard and what became of it."""
    sums = say(
        "新计入 {added} 项，不再计入 {removed} 项，归属有变 {moved} 项，其他 {other} 项",
        added=found.added, removed=found.removed, moved=found.moved, other=found.other,
    )  # fmt: skip
    lines = []
    for one in found.changes:
        lines.append(f"[{one.kind}] {one.number or one.title}  {one.said.zh} / {one.said.en}")
        lines += [f"    {'*' if c.decisive else '-'} {c.effective_on}  {c.name.zh} / {c.name.en}  #{c.event}" for c in one.causes]
    return "\n".join([sums.both, *lines])


def verdict(found: Verification) -> str:
    """What the walk of the chain found."""
    if found.broken:
        return f"{found.broken.why.zh} / {found.broken.why.en}"
    return say("{count} 份快照，链完好，末号散列 {head}", count=found.snapshots, head=found.head).both
