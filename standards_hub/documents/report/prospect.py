"""The forecast in the report: a cell, a sentence, and the annex on its method with what past days came to. None of it enters the count."""

from standards_hub.documents.report.model import Block, Column, Paragraph, Table
from standards_hub.documents.report.pointing import marked, to_table
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import clean, day
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.forecast.assumptions import Sentence, assumptions
from standards_hub.linkage.forecast.values import Forecast, Foreseen

UNFOUNDED = "依据不足"
OWN_DESIGN = "本系统的设计"
WHOLE = "合计"


def column(plan: PlanFacts, width: int) -> Column:
    """The column of the table of targets: by the end of the year, or by whatever day the targets have."""
    ends = {target.due or plan.window_end for target in plan.targets}
    by = "预计年底" if all((one.month, one.day) == (12, 31) for one in ends) else "预计期末"
    return Column("forecast", f"{by}（P10–P90）", width=width)


def cell(one: Foreseen) -> str | None:
    """The range in total; words where there is too little to go on; nothing where nothing is to be foreseen."""
    if one.range is None:
        return UNFOUNDED if one.state == "insufficient" else None
    low, high = one.range
    return f"{low}–{high}" if low < high else str(low)


def note(forecast: Forecast) -> str:
    """What stands under the table of targets."""
    return "预计数由在研标准推算，不计入完成数；目标已完成或时限已过的不作预计。" if forecast.open else ""


def sentence(source: Source) -> str:
    """The forecast in the letter: ranges without any probability; nothing after the day."""
    forecast = source.forecast
    names = [clean(target.name) for target in source.plan.targets]
    said = [part for name, one in zip(names, forecast.targets, strict=True) if (part := _part(name, one))]
    if not said:
        return ""
    dues = {one.due for one in forecast.targets if one.state in ("range", "insufficient", "none")}
    by = f"到{day(next(iter(dues)))}" if len(dues) == 1 else "到各目标的完成时限"
    whole = forecast.total
    if len(said) > 1 and whole.range:
        said.append(f"合计{_span(*whole.range)}项")
    return (
        f"按在研标准的进度推算，预计{by}累计发布：{'，'.join(said)}。预计数不计入完成数，方法、假设和回溯检验见{source.annex('forecast')}。"
    )


def _part(name: str, one: Foreseen) -> str | None:
    if one.range:
        return f"{name}{_span(*one.range)}项"
    if one.state == "insufficient":
        return f"{name}{UNFOUNDED}，不列区间"
    return f"{name}无可推算的在研标准" if one.state == "none" else None


def _span(low: int, high: int) -> str:
    """From where to where, each number leading to the table behind it."""
    ends = [marked(number, to_table("forecast")) for number in dict.fromkeys((low, high))]
    return "至".join(ends)


def forecast_table(plan: PlanFacts, forecast: Forecast) -> Table:
    """One row a target and the whole: what is foreseen, and how past forecasts came out."""
    columns = (
        Column("level", "级别", width=33),
        Column("under_way", "参与推算的在研", "integer", 15),
        Column("expected", "其中期望发布", width=14),
        column(plan, 22),
        Column("origins", "回溯起点", "integer", 12),
        Column("inside", "落入区间", "integer", 12),
        Column("score", "区间误差", width=16),
        Column("brier", "逐项误差", width=16),
        Column("flat", "对照误差", width=16),
    )
    parts = [*zip((clean(t.name) for t in plan.targets), forecast.targets, strict=True), (WHOLE, forecast.total)]
    rows = tuple(
        (
            name, one.under_way, f"{one.expected:.1f}" if one.range else None, cell(one), len(one.past), one.covered, _score(one.mean("score")),
            _score(one.mean("brier")), _score(one.mean("flat")),
        )
        for name, one in parts
    )  # fmt: skip
    words = "区间误差为排序概率评分，逐项误差为布里尔评分，均以0为最好；对照误差为只用平均速度、不计已停留时间的推算。"
    return Table("forecast", "预计与检验情况", columns, rows, note=words)


def backtest_table(plan: PlanFacts, forecast: Forecast) -> Table:
    """One row a target and a past day: the band that would have been said, and what came."""
    columns = (
        Column("level", "级别", width=33),
        Column("origin", "起点", "date", 21),
        Column("until", "期末", "date", 21),
        Column("under_way", "在研", "integer", 11),
        Column("expected", "期望", width=12),
        Column("low", "区间下限", "integer", 12),
        Column("high", "区间上限", "integer", 12),
        Column("came", "实际", "integer", 11),
        Column("beside", "起点不在研", "integer", 13),
        Column("inside", "落入", width=10),
    )
    rows = tuple(
        (name, p.origin, p.until, p.under_way, f"{p.expected:.1f}", p.low, p.high, p.came, p.beside, "是" if p.inside else "否")
        for name, one in zip((clean(t.name) for t in plan.targets), forecast.targets, strict=True)
        for p in one.past
    )
    n = assumptions().numbers
    words = f"区间为第{n.band_first}至第{n.band_last}百分位；“起点不在研”为期内发布而起点时不在研的标准，不与区间比较。各期互不重叠。"
    return Table("backtest", "回溯检验情况", columns, rows, empty="没有可回溯的起点", note=words)


def _score(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def annex(source: Source, made: dict[str, Table]) -> list[Block]:
    """The method, what is taken for granted, why a level has no range, and the two tables."""
    forecast, n = source.forecast, assumptions().numbers
    read = f"读取{forecast.sampled}项" if forecast.sampled < forecast.histories else "全部读取"
    said = [
        f"预计数为已发布数与在研标准至完成时限前推算发布数之和，列第{n.first_share}至第{n.last_share}百分位的区间，不计入完成数。",
        "各步骤停留多久、转向何处，由本系统截至统计截止日记录的阶段经历估计；再按周逐步骤卷积至发布，得出每项在研标准的推算，按泊松二项分布合计。"
        "计算不使用随机数，同一数据得出同一结果。",
        f"所用阶段经历{forecast.histories}项（{read}）。",
        *(f"假设{at}：{_assumed(one)}" for at, one in enumerate(assumptions().sentences, 1)),
        f"公布条件：以往起点不少于{n.least_origins}个，且其后实际发布数落入第{n.band_first}至第{n.band_last}百分位区间的不低于{n.least_coverage}%；不满足的写“{UNFOUNDED}”。",
        *(f"{clean(t.name)}{UNFOUNDED}：{one.why}。" for t, one in zip(source.plan.targets, forecast.targets, strict=True) if one.state == "insufficient"),
    ]  # fmt: skip
    hashed = f"预测假设校验值（SHA-256）：{forecast.hash}（第{forecast.version}版）"
    return [*(Paragraph(text) for text in said), Paragraph(hashed, "note"), made["forecast"], made["backtest"]]


def _assumed(one: Sentence) -> str:
    source, seen = OWN_DESIGN if one.source == "D" else one.source, "已核实" if one.verified else "待确认"
    return f"{one.zh}（依据：{source}，{seen}）"


def as_plain(forecast: Forecast) -> dict[str, object]:
    """The forecast as values of JSON: totals by the day where there is a range, none where there is not."""
    return {
        "assumptions": {
            "version": forecast.version,
            "hash": forecast.hash,
            "sentences": [{"zh": one.zh, "en": one.en, "source": one.source, "verified": one.verified} for one in assumptions().sentences],
        },
        "histories": forecast.histories,
        "targets": [_plain(one) for one in forecast.targets],
        "total": _plain(forecast.total),
    }


def _plain(one: Foreseen) -> dict[str, object]:
    low, high = one.range or (None, None)
    return {
        "key": one.key, "state": one.state, "due": one.due, "low": low, "high": high, "middle": one.counted + one.middle if one.range else None,
        "expected": round(one.counted + one.expected, 1) if one.range else None, "under_way": one.under_way, "origins": len(one.past), "inside": one.covered,
        "why": {"zh": one.why.into("zh"), "en": one.why.into("en")} if one.why else None,
    }  # fmt: skip
