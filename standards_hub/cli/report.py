"""`standards-hub report …`"""

from datetime import date
from pathlib import Path
from typing import get_args

import click
import msgspec

from standards_hub.cli.runtime import Day, as_json, run
from standards_hub.documents import service
from standards_hub.documents.report import ProgressReport, ReportKind, write_json
from standards_hub.kernel.work import Work


@click.group("report", help="报告 / reports")
def report_group() -> None:
    pass


@report_group.command("progress", help="某计划某日的进展报告（DOCX、PDF、XLSX、JSON） / progress report of a plan as of a day")
@click.option("--plan", "plan_key", required=True, help="计划的键 / key of the plan, e.g. jiangsu-5x100")
@click.option("--as-of", "as_of", type=Day(), help="默认今天 / default today")
@click.option("--since", type=Day(), help="与该日比较 / compare with this day")
@click.option("--kind", type=click.Choice(list(get_args(ReportKind))), default="progress", show_default=True, help="种类 / kind of report")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="文件夹，自动建立 / folder, made if missing")
@as_json
def progress(plan_key: str, as_of: date | None, since: date | None, kind: ReportKind, out: Path | None, as_json: bool) -> None:
    async def task(work: Work) -> ProgressReport:
        return await service.progress_report(work, plan_key, as_of or work.today, since, kind=kind)

    report = run(task, writes=False)
    files = service.written(report, out) if out else []
    if as_json:
        click.echo(msgspec.json.encode({"files": [str(f) for f in files], "report": msgspec.Raw(write_json(report))}))
        return
    for file in files:
        click.echo(str(file))
    if not files:
        click.echo(write_json(report).decode())
