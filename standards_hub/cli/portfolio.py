"""`standards-hub import portfolio|template|undo`: the existing portfolio from a file, and back out again."""

from pathlib import Path
from uuid import UUID

import click
import msgspec

from standards_hub.cli.runtime import as_json, run
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake import service, undoing
from standards_hub.lifecycle.intake.schemas import IntakeOut
from standards_hub.lifecycle.intake.values import Options

WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)
MOST_LINES = 200
"""Rows with problems that are printed; the error file and --json have all."""


@click.command("portfolio", help="导入现有标准台账（XLSX 或 CSV） / take in the portfolio as it stands, from XLSX or CSV")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入 / check only")
@click.option("--accept-good", is_flag=True, help="有误的行留下，导入无误的行 / take the good rows although others are wrong")
@click.option("--create-organisations", is_flag=True, help="新建未登记的起草单位 / register drafting organisations that are unknown")
@click.option("--plan", "plan_key", help="未注明考核计划的行计入此计划 / plan of the rows that name none")
@click.option("--errors", "errors_file", type=WRITABLE, help="将有误的行写入 XLSX / write the rows that are wrong here")
@as_json
@click.pass_context
def portfolio(
    context: click.Context, file: Path, dry_run: bool, accept_good: bool, create_organisations: bool, plan_key: str | None,
    errors_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Exit 1 if rows are wrong and nothing was written."""
    options = Options(create_organisations=create_organisations, plan_key=plan_key)

    async def task(work: Work) -> tuple[IntakeOut, bytes | None]:
        found = await service.plan_import(work, file.read_bytes(), file.name, options)
        wrong = await service.errors(work, found.id) if errors_file and found.counts.error else None
        if not dry_run and (not found.counts.error or (accept_good and found.counts.error < found.counts.rows)):
            found = await service.accept(work, found.id, only_good=accept_good)
        return found, wrong

    found, wrong = run(task)
    if errors_file and wrong:
        errors_file.write_bytes(wrong)
    click.echo(msgspec.json.encode(found).decode() if as_json else words(found))
    if found.state == "planned" and found.counts.error:
        context.exit(1)


@click.command("template", help="写出台账模板 / write the template to fill in")
@click.option("--out", "out", type=WRITABLE, required=True)
def template(out: Path) -> None:
    out.write_bytes(run(service.template, writes=False))
    click.echo(str(out))


@click.command("undo", help="撤销一次台账导入 / take a whole import back")
@click.argument("id", type=click.UUID)
@click.option("--reason", required=True, help="原因 / why")
@as_json
def undo(id: UUID, reason: str, as_json: bool) -> None:
    if len(reason.strip()) < 2:
        raise Refused(say("请填写原因"))
    found = run(lambda work: undoing.undo(work, id, reason))
    click.echo(msgspec.json.encode(found).decode() if as_json else words(found))


COMMANDS = [portfolio, template, undo]


def words(found: IntakeOut) -> str:
    """An import in words: its rows with problems, then how many are what, then what was done."""
    lines = []
    troubled = [row for row in found.rows if row.problems]
    for row in troubled[:MOST_LINES]:
        lines.append(f"{row.row}  {row.title}")
        lines += [f"    {p.cell} {p.name.zh} [{p.severity}] {p.why.zh} / {p.why.en}" for p in row.problems]
    if len(troubled) > MOST_LINES:
        lines.append(say("……另有 {count} 行，见错误文件或 --json", count=len(troubled) - MOST_LINES).both)
    c = found.counts
    lines += [f"{note.zh} / {note.en}" for note in found.notes]
    lines.append(say("{rows} 行：无误 {ok}，有提示 {warning}，有误 {error}", rows=c.rows, ok=c.ok, warning=c.warning, error=c.error).both)
    if found.state == "accepted":
        lines.append(say("已导入 {count} 项标准；如需撤销：import undo {id}", count=c.taken, id=found.id).both)
    elif found.state == "undone":
        lines.append(say("已撤销导入 {id}", id=found.id).both)
    else:
        lines.append(say("没有写入任何数据（导入 {id}）", id=found.id).both)
    return "\n".join(lines)
