"""`standards-hub id`: parse, compare and look up identifiers. Needs no database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import say
from standards_hub.lifecycle.identifiers import Identifier, IdentifierError, industry_codes, parse, plan_departments, regions

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes of a file of identifiers: about a million lines."""

FIELDS = ("canonical", "family", "prefix", "nature", "region_or_org", "number", "part", "year", "stage", "amendments", "dual")
FAMILY_NAMES = {
    "national": say("国家标准"),
    "occupational-health": say("国家职业卫生标准"),
    "military": say("国家军用标准"),
    "metrology": say("国家计量技术规范"),
    "industry": say("行业标准"),
    "local": say("地方标准"),
    "group": say("团体标准"),
    "enterprise": say("企业标准"),
    "plan": say("国家标准计划"),
    "plan-industry": say("行业标准计划"),
    "iso": say("ISO 文件"),
    "iec": say("IEC 文件"),
    "iec-wd": say("IEC 工作文件"),
    "iec-wp": say("IEC 工作计划项目"),
    "itu": say("ITU 文件"),
    "adoption": say("采用链"),
}
LABELS = {
    "prefix": say("代号"),
    "nature": say("性质"),
    "region_or_org": say("地区或机构"),
    "number": say("顺序号"),
    "part": say("部分号"),
    "year": say("年份"),
    "stage": say("阶段"),
    "amendments": say("修改单"),
    "dual": say("双编号"),
}


@click.group(name="id", help="标准编号：解析、比较、查代号 / Identifiers: parse, compare, look up codes")
def id_group() -> None:
    """Identifiers of standards, plans and drafts."""


@id_group.command("parse", help="解析并规范标准编号 / Parse and normalise identifiers")
@click.argument("texts", nargs=-1, metavar="TEXT…")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="每行一个编号，“-”为标准输入 / one a line, - for standard input",
)
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象 / one JSON object a line")
@click.pass_context
def parse_command(context: click.Context, texts: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """Print each identifier's parts; exit 1 if any could not be read."""
    if not texts and file is None:
        raise click.UsageError(say("请给出编号，或用 --file 指定文件").both)
    failed = False
    for text in (*texts, *(_lines(file) if file else ())):
        try:
            identifier, error = parse(text), None
        except IdentifierError as caught:
            identifier, error, failed = None, caught, True
        click.echo(_json_line(text, identifier, error) if as_json else _readable(text, identifier, error))
    if failed:
        context.exit(1)


@id_group.command("compare", help="两个编号是否指同一文件 / Whether two identifiers name one document")
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def compare_command(context: click.Context, first: str, second: str, as_json: bool) -> None:
    """Same document, another edition or piece of the same standard, or different."""
    found: list[Identifier] = []
    for text in (first, second):
        try:
            found.append(parse(text))
        except IdentifierError as error:
            click.echo(_readable(text, None, error), err=True)
            context.exit(1)
    one, other = found
    verdict = "same" if one.same_document(other) else "series" if one.same_series(other) else "different"
    words = {"same": say("同一文件"), "series": say("同一标准的不同版本、草案或修改"), "different": say("不同文件")}
    if as_json:
        click.echo(msgspec.json.encode({"first": one.canonical, "second": other.canonical, "verdict": verdict}).decode())
    else:
        click.echo(f"{one.canonical}  |  {other.canonical}\n{words[verdict].both}")


@id_group.command("codes", help="查行业代号、行政区划、计划主管部门 / Codes of industries, regions, plan departments")
@click.argument("table", type=click.Choice(["industry", "region", "department"]))
@click.option("--json", "as_json", is_flag=True)
def codes_command(table: str, as_json: bool) -> None:
    """One line a code; an asterisk marks what nobody has checked against the official text."""
    rows: dict[str, list[Any]] = {
        "industry": list(industry_codes().values()),
        "region": list(regions().values()),
        "department": list(plan_departments().values()),
    }
    for row in rows[table]:
        click.echo(msgspec.json.encode(row).decode() if as_json else _code_line(row))


def _lines(file: Path) -> Iterator[str]:
    """Non-blank lines of a UTF-8 or GB18030 file of at most `LARGEST_FILE` bytes."""
    try:
        with click.open_file(str(file), "rb") as source:
            content = source.read(LARGEST_FILE + 1)
    except OSError as error:
        raise click.ClickException(say("读不了文件 {file}：{why}", file=file, why=error.strerror or str(error)).both) from error
    if len(content) > LARGEST_FILE:
        raise click.ClickException(say("文件 {file} 超过 {size} MB，请拆开", file=file, size=LARGEST_FILE // 1024 // 1024).both)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    else:
        raise click.ClickException(say("文件 {file} 第 {line} 行既非 UTF-8 也非 GB18030", file=file, line=line).both)
    for line_text in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line_text.strip():
            yield line_text.strip()


def _json_line(text: str, identifier: Identifier | None, error: IdentifierError | None) -> str:
    row: dict[str, Any] = {"input": text, **{name: getattr(identifier, name, None) for name in FIELDS}}
    row["extra"] = dict(identifier.extra) if identifier else {}
    row["error"] = error.message.both if error else None
    if error:
        row["extra"] = {"code": error.code, "position": error.position}
    return msgspec.json.encode(row).decode()


def _readable(text: str, identifier: Identifier | None, error: IdentifierError | None) -> str:
    if error or identifier is None:
        assert error
        return f"✗ {text}\n  {error.message.both}"
    parts = [f"{label.both} {value}" for name, label in LABELS.items() if (value := getattr(identifier, name))]
    extra = [f"{name}={'+'.join(value) if isinstance(value, list) else value}" for name, value in identifier.extra.items()]
    return f"✓ {identifier.canonical}\n  {FAMILY_NAMES[identifier.family].both}: {'; '.join([*parts, *extra])}"


def _code_line(row: Struct) -> str:
    values = [getattr(row, name, None) for name in ("code", "name", "field", "body", "parent", "status")]
    return "  ".join(str(value) for value in values if value and value != "live") + ("" if getattr(row, "verified", False) else " *")
