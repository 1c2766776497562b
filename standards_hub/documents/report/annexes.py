"""The annexes and the tables they are made of. Workbook and JSON have every table in every kind of report."""

from collections.abc import Callable

from standards_hub.documents.report import around, lists, prospect, summaries
from standards_hub.documents.report.kinds import annex_title
from standards_hub.documents.report.model import Annex, Block, Paragraph, Table
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import clean, day, moment
from standards_hub.linkage.counting import window_of

Made = dict[str, Table]
WIDE = ("published", "in_progress", "projects", "differences")


def tables(source: Source) -> Made:
    """Every list and summary of the report by its key."""
    plan, counted, previous = source.plan, source.counted, source.previous
    first, last = window_of(plan, source.rule)
    made = [
        summaries.targets_table(source), summaries.stages_table(plan, counted), summaries.fields_table(plan, counted),
        summaries.regions_table(plan, counted), lists.published_table(plan, counted, source.around.evidence), lists.waiting_table(counted),
        lists.evidence_table(counted, source.around.evidence), lists.left_out_table(counted), lists.in_progress_table(plan, counted), lists.projects_table(counted),
        lists.rule_table(source.rule, first, last), lists.overdue_table(counted), lists.differences_table(counted, previous),
        around.promises_table(source.around, source.narrative, counted.as_of),
    ]  # fmt: skip
    if source.forecast.open:
        made += [prospect.forecast_table(plan, source.forecast), prospect.backtest_table(plan, source.forecast)]
    if source.correction:
        made.append(lists.differences_table(counted, source.correction.counted, "corrections", "更正对照表"))
    return {table.key: table for table in made}


def annexes(source: Source, made: Made) -> tuple[Annex, ...]:
    """The annexes that this report has, numbered without gaps."""
    return tuple(Annex(n, annex_title(key), tuple(BLOCKS[key](source, made)), wide=key in WIDE) for n, key in enumerate(source.annexes, 1))


def _rule(source: Source, made: Made) -> list[Block]:
    rule = source.rule
    facts = [
        f"统计截止日：{day(source.counted.as_of)}（含当日，北京时间）。数据时间：{moment(source.known_at)}（北京时间）。",
        f"统计口径：{rule.zh}（{rule.key}，第{rule.version}版）。",
        *([f"数据中有示例{source.exemplars}项。"] if source.exemplars else []),
        *sources_of_targets(source),
    ]
    hashes = [f"口径校验值（SHA-256）：{rule.hash}", f"数据校验值（SHA-256）：{clean(source.data_hash)}"]
    return [*(Paragraph(f) for f in facts), *(Paragraph(h, "note") for h in hashes), made["rule"]]


def sources_of_targets(source: Source) -> list[str]:
    return [f"{clean(t.name)}目标{t.value}项{clean(t.tolerance)}：{clean(t.source)}。" for t in source.plan.targets if t.source]


def _differences(source: Source, made: Made) -> list[Block]:
    compared: list[Block] = [made["differences"]] if source.previous else []
    return [*compared, made["corrections"]] if source.correction else compared


BLOCKS: dict[str, Callable[[Source, Made], list[Block]]] = {
    "targets": lambda source, made: [made["targets"], made["stages"]],
    "published": lambda source, made: [made["published"], made["unverified"], made["not_counted"]],
    "in_progress": lambda source, made: [made["in_progress"]],
    "projects": lambda source, made: [*([made["promises"]] if source.around.projects else []), made["projects"]],
    "rule": _rule,
    "differences": _differences,
    "forecast": prospect.annex,
}
