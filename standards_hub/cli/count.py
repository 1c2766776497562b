"""`standards-hub count`: what counts toward a plan's targets, and why."""

from datetime import date
from pathlib import Path

import click

from standards_hub.cli.runtime import Day, as_json, run, show
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import sheets
from standards_hub.linkage.services import tallies
from standards_hub.linkage.tallied import SideBySideOut, TallyOut


@click.command("count", help="某计划某日的计数，逐项说明理由 / count a plan on a day, with the reason for every standard")
@click.option("--plan", "plan_key", required=True, help="计划的键 / key of the plan, e.g. jiangsu-5x100")
@click.option("--as-of", "as_of", type=Day(), help="默认今天 / default today")
@click.option("--known-at", "known_at", type=Day(), help="只用到该日为止已录入的事实 / use only what was recorded by the end of this day")
@click.option("--rule", help="统计口径，默认用计划自己的 / counting rule, default the plan's own, e.g. default, approved@1")
@click.option("--against", help="与该口径并列比较 / compare with this rule, side by side")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="与 --against 同用：写入 .csv 或 .xlsx / with --against: into this .csv or .xlsx",
)
@as_json
def count(
    plan_key: str, as_of: date | None, known_at: date | None, rule: str | None, against: str | None, out: Path | None, as_json: bool
) -> None:  # fmt: skip
    if out and (not against or out.suffix not in (".csv", ".xlsx")):
        raise BadInput(say("--out 须与 --against 同用，文件名以 .csv 或 .xlsx 结尾"))

    async def task(work: Work) -> TallyOut | SideBySideOut:
        day = as_of or work.today
        if against:
            both = await tallies.side_by_side(work, plan_key, day, against, known_at=known_at, rule=rule)
            if out:
                out.write_bytes(sheets.written(both, "csv" if out.suffix == ".csv" else "xlsx", "zh"))
            return SideBySideOut.of(both)
        return TallyOut.of(await tallies.tally(work, plan_key, day, known_at=known_at, rule=rule))

    show(run(task, writes=False), as_json, words)


def words(found: TallyOut | SideBySideOut) -> str:
    """A count in words: each target, then each standard; of two rules, what they judge otherwise."""
    if isinstance(found, TallyOut):
        lines = [f"{t.key}  {t.counted}/{t.target}" for t in (*found.targets, found.total)]
        return "\n".join(
            (*lines, *(f"{'+' if s.counted else '-'} {s.number or s.title}  [{s.clause}] {s.reason}" for s in found.standards))
        )
    first, second = found.rules
    lines = [f"{a.key}  {first.id} {a.counted}  {second.id} {b.counted}" for a, b in zip(*found.targets, strict=True)]
    lines += [f"{d.number or d.title}\n    {first.id}: {d.first}\n    {second.id}: {d.second}" for d in found.differences]
    return "\n".join([*lines, say("两种口径判断不同的标准 {count} 项", count=len(found.differences)).both])
