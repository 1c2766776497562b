"""`standards-hub import catalogue`: the world's standards, ISO's committees and the ICS from files."""

import asyncio
import csv
import sys
from pathlib import Path
from typing import Any, cast

import click
import msgspec

from standards_hub.cli.runtime import actor_of, as_json, prepared
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.catalogue.importing import FORMATS, Format, Summary, import_file, rejects


@click.group("import", help="导入 / Import")
def import_group() -> None:
    """Getting data in."""


@import_group.command(
    "catalogue", help="导入标准目录、ISO 委员会或 ICS；中断后再次执行即从断点继续 / Import a catalogue; run again to go on after a stop"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format", type=click.Choice(FORMATS), required=True)
@click.option(
    "--rejects",
    "rejects_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="将不合格的行及原因写入 CSV / write rejected lines here",
)
@as_json
@click.pass_context
def catalogue_command(context: click.Context, file: Path, format: str, rejects_file: Path | None, as_json: bool) -> None:
    """Exit 1 if no record of the file could be used."""
    summary, listed = asyncio.run(_import(file, cast(Format, format)))
    if rejects_file is not None:
        _write(rejects_file, listed)
    if as_json:
        click.echo(msgspec.json.encode(summary).decode())
    else:
        click.echo(_words(summary))
        for line, zh, en, _content in listed[:5]:
            click.echo(f"  {line}: {zh if zh == en else f'{zh} / {en}'}", err=True)
    if summary.read and summary.rejected == summary.read:
        context.exit(1)


async def _import(file: Path, format: Format) -> tuple[Summary, list[tuple[int, str, str, str]]]:
    hub = prepared().hub()
    try:
        actor = await actor_of(hub)
        bar: Any = click.progressbar(length=file.stat().st_size, label=file.name, file=sys.stderr)
        with bar:
            summary = await import_file(hub, actor, file, format, told=lambda at: bar.update(max(0, at - bar.pos)))
        return summary, await rejects(hub, actor, summary.run) if summary.rejected else []
    finally:
        await hub.database.close()


def _write(path: Path, listed: list[tuple[int, str, str, str]]) -> None:
    """A CSV file; a leading sign that a spreadsheet would take for a formula is made harmless."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "reason_zh", "reason_en", "content"])
        for line, zh, en, content in listed:
            writer.writerow([line, zh, en, f"'{content}" if content[:1] in ("=", "+", "-", "@", "\t") else content])


def _words(summary: Summary) -> str:
    return say(
        "读入 {read} 条：新增 {written}，更新 {updated}，未变 {unchanged}，重复 {duplicates}，不合格 {rejected}；用时 {seconds} 秒",
        read=summary.read, written=summary.written, updated=summary.updated, unchanged=summary.unchanged,
        duplicates=summary.duplicates, rejected=summary.rejected, seconds=summary.seconds,
    ).both  # fmt: skip
