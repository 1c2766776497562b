"""`standards-hub ballot`: the vote rules, and counting a file by one of them. Needs no database."""

import sys
from pathlib import Path

import click
import msgspec

from standards_hub.committees.ballots import poll
from standards_hub.committees.ballots.rules import Rule, rule_of, rules
from standards_hub.committees.ballots.tally import tally
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import say

language_option = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
json_option = click.option("--json", "as_json", is_flag=True, help="只输出 JSON / print JSON and nothing else")


@click.group("ballot")
def ballot_group() -> None:
    """表决：规则、计票 / ballots: rules and counting"""


@ballot_group.command("tally")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rule", "rule_id", required=True, metavar="ID", help="规则，见 ballot rules / the rule, see `ballot rules`")
@language_option
@json_option
def tally_file(file: Path, rule_id: str, language: str, as_json: bool) -> None:
    """按规则计票；FILE 为 JSON，- 为标准输入 / count a JSON file by a rule; - is standard input"""
    rule = rule_of(rule_id)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BadInput(say("不能读取 {file}：{error}", file=str(file), error=error.strerror)) from None
    result = tally(rule, poll.read(data, file.name))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    else:
        click.echo(getattr(result.explanation, language))


@ballot_group.command("rules")
@language_option
@json_option
def list_rules(language: str, as_json: bool) -> None:
    """列出表决规则及其出处 / the vote rules and where their figures stand"""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(list(rules().values())), indent=2).decode())
    for rule in () if as_json else rules().values():
        _show(rule, language)


def _show(rule: Rule, language: str) -> None:
    same = f" = {rule.same_as}" if rule.same_as else ""
    click.echo(click.style(f"{rule.id}{same}　{rule.name.into(language)}", bold=True))
    click.echo(f"  {rule.used_by.into(language)}")
    if rule.consultation:
        click.echo(f"  {rule.consultation.into(language)}")
    for n, test in enumerate(rule.tests, 1):
        sources = [figure.source for figure in (test.share, test.number, *test.brackets) if figure is not None]
        click.echo(f"  {n}. {test.name.into(language)}　[{'；'.join(dict.fromkeys(sources))}]")
    for treatment in rule.treatments if rule.tests else ():
        click.echo(f"  - {treatment.into(language)}")
