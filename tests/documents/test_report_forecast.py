"""The forecast in the report: ranges and words, never a probability in the letter, never mixed with what is done."""

import json
from datetime import date, timedelta

import pytest
from msgspec import structs

from standards_hub.documents.report import ProgressReport, write_json
from standards_hub.documents.report.model import Figure, Paragraph
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.forecast.assumptions import assumptions
from tests.documents.report_samples import AS_OF, BEFORE, PLAN, portfolio, report_of


def letter(report: ProgressReport) -> str:
    return "".join(block.text for section in report.sections for block in section.blocks if isinstance(block, Paragraph))


def method(report: ProgressReport) -> str:
    return "\n".join(block.text for block in report.annexes[-1].blocks if isinstance(block, Paragraph))


def aiming(values: tuple[int, int, int], due: date = date(2026, 12, 31)) -> PlanFacts:
    """The plan with other targets, all due on a day."""
    targets = tuple(structs.replace(target, value=value, due=due) for target, value in zip(PLAN.targets, values, strict=True))
    return structs.replace(PLAN, targets=targets, window_end=max(due, PLAN.window_end))


def test_column_sentence_annex_figure_and_json_say_the_same_ranges(report: ProgressReport) -> None:
    told = {one.key: one.range for one in report.forecast.targets}
    low, high = told["local-industry"] or (0, 0)
    assert 22 <= low < high
    assert report.tables["targets"].column("forecast")[0] == report.tables["forecast"].column("forecast")[0] == f"{low}–{high}"
    assert f"预计到2026年12月31日累计发布：地方标准和行业标准{low}至{high}项" in letter(report)
    figure = next(block for section in report.sections for block in section.blocks if isinstance(block, Figure))
    assert f"预计{low}至{high}项" in figure.alternative and "横线为预计区间" in figure.caption
    plain = json.loads(write_json(report))["forecast"]["targets"][0]
    assert (plain["low"], plain["high"], plain["state"]) == (low, high, "range")


def test_the_letter_gives_ranges_and_the_annex_the_method(report: ProgressReport) -> None:
    assert "预计" in letter(report) and "附件7" in letter(report)
    assert not any(word in letter(report) for word in ("概率", "百分位", "将完成", "力争"))
    annex = report.annexes[-1]
    assert (annex.number, annex.title) == (7, "预测方法与回溯检验")
    said = method(report)
    assert all(sentence.zh in said for sentence in assumptions().sentences) and "此后新立项的标准" in said
    assert report.forecast.hash in said and "不使用随机数" in said


def test_the_forecast_changes_nothing_that_is_counted(report: ProgressReport) -> None:
    without = report_of(portfolio(), since=BEFORE, histories=())
    assert without.counted == report.counted
    for key in ("counted", "rate", "in_progress", "state"):
        assert without.tables["targets"].column(key) == report.tables["targets"].column(key)


def test_without_histories_words_stand_in_place_of_numbers_and_the_annex_says_why() -> None:
    report = report_of(portfolio(), histories=())
    assert set(report.tables["targets"].column("forecast")) == {"依据不足"}
    assert "地方标准和行业标准依据不足，不列区间" in letter(report) and "合计" not in letter(report).partition("预计")[2].partition("。")[0]
    assert "国家标准依据不足：在研标准中" in method(report)
    assert report.tables["forecast"].column("expected") == [None] * 4
    plain = json.loads(write_json(report))["forecast"]["targets"][1]
    assert (plain["low"], plain["high"], plain["state"]) == (None, None, "insufficient")
    assert plain["why"]["en"].endswith("of the standards under way have no history of stages")


def test_a_target_that_is_exceeded_hides_its_forecast_and_keeps_that_of_the_others(report: ProgressReport) -> None:
    done = [target.counted for target in report.counted.targets]
    over = report_of(portfolio(), plan=aiming((done[0] - 1, 30, 10)))
    column = over.tables["targets"].column("forecast")
    assert column[0] is None and column[1] == report.tables["targets"].column("forecast")[1]
    sentence = next(part for part in letter(over).split("。") if part.startswith("按在研标准的进度推算"))
    assert "地方标准和行业标准" not in sentence and "国家标准" in sentence


@pytest.mark.parametrize("days", [0, 1])
def test_on_the_last_day_and_after_it_nothing_is_foreseen(days: int) -> None:
    report = report_of(portfolio(), plan=aiming((60, 30, 10), AS_OF - timedelta(days=days)))
    assert set(report.tables["targets"].column("forecast")) == {None}
    assert "预计" not in letter(report) and "forecast" not in report.tables
    assert [annex.title for annex in report.annexes][-1] == "统计口径说明"


def test_a_plan_that_ends_in_summer_is_not_foreseen_for_the_end_of_the_year() -> None:
    report = report_of(portfolio(), plan=aiming((60, 30, 10), date(2027, 6, 30)))
    titles = [column.title for column in report.tables["targets"].columns]
    assert "预计期末（P10–P90）" in titles and "预计年底（P10–P90）" not in titles


def test_what_is_foreseen_leads_to_the_table_behind_it_where_that_is_printed(report: ProgressReport) -> None:
    place = [column.key for column in report.tables["targets"].columns].index("forecast")
    assert {row[place] for row in report.tables["targets"].behind} == {"#table-forecast"}
    month = report_of(portfolio(), since=BEFORE, kind="monthly")
    assert {row[place] for row in month.tables["targets"].behind} == {""}
    assert month.tables["targets"].column("forecast") == report.tables["targets"].column("forecast")
