"""The forecast of a plan: a range where the past has earned it, words where it has not, and never a change of what counts."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from standards_hub.lifecycle.tracks import newest
from standards_hub.linkage.counting import Counted, CountRule, StandardFacts, count, load_rule
from standards_hub.linkage.facts import PlanFacts, TargetFacts
from standards_hub.linkage.forecast.assumptions import assumptions
from standards_hub.linkage.forecast.foreseeing import foresee
from standards_hub.linkage.forecast.histories import History, Stay, route_of
from standards_hub.linkage.forecast.values import Forecast, Foreseen
from tests.linkage.forecast.ways import facts, histories

AS_OF, DUE = date(2026, 9, 30), date(2026, 12, 31)
PLAN = PlanFacts(
    key="p", name="示例", targets=(TargetFacts("local", "地方标准", ("local",), 400, due=DUE), TargetFacts("national", "国家标准", ("national",), 30, due=DUE)),
    fields=(), regions=(), window_start=date(2021, 1, 1), window_end=DUE,
)  # fmt: skip
RULE = structs.replace(load_rule(), window=structs.replace(load_rule().window, start=None, end=None))


def counted(of: list[StandardFacts], as_of: date = AS_OF, plan: PlanFacts = PLAN) -> Counted:
    return count(of, plan, RULE, as_of)


def told(found: list[History], *, as_of: date = AS_OF, plan: PlanFacts = PLAN, rule: CountRule = RULE) -> Forecast:
    return foresee(counted(facts(found), as_of, plan), plan, rule, found)


def aiming(value: int, due: date = DUE) -> PlanFacts:
    """The plan with another target and day for local standards."""
    return structs.replace(PLAN, targets=(structs.replace(PLAN.targets[0], value=value, due=due),), window_end=max(due, DUE))


@pytest.fixture(scope="module")
def found() -> list[History]:
    return histories(until=AS_OF)


@pytest.fixture(scope="module")
def local(found: list[History]) -> Foreseen:
    return told(found).of("local")


def test_a_past_that_bears_it_out_gives_a_range(local: Foreseen) -> None:
    assert local.state == "range" and local.why is None
    assert 0 < local.low <= local.middle <= local.high <= local.under_way
    assert local.low <= local.expected <= local.high
    assert local.range == (local.counted + local.low, local.counted + local.high)
    assert len(local.past) >= assumptions().numbers.least_origins and local.covered * 100 >= 80 * len(local.past)


def test_what_is_foreseen_never_enters_the_count(found: list[History], local: Foreseen) -> None:
    before = counted(facts(found))
    told(found)
    assert counted(facts(found)) == before and local.counted == before.targets[0].counted > 0
    assert before.targets[0].permille == round(1000 * local.counted / 400)


def test_the_same_facts_give_the_same_forecast_in_whatever_order(found: list[History]) -> None:
    assert told(found[::-1]) == told(found)


def test_the_whole_of_the_plan_has_a_range_where_every_target_has_one_or_nothing_under_way(found: list[History], local: Foreseen) -> None:
    forecast = told(found)
    assert forecast.of("national").state == "none"
    assert forecast.total.range == local.range


def test_a_short_history_gives_words_and_no_numbers() -> None:
    late = date(2021, 9, 30)
    one = told(histories(until=late), as_of=late, plan=aiming(400, date(2021, 12, 31))).of("local")
    assert one.state == "insufficient" and one.range is None
    assert str(one.why) == "可回溯的起点有 0 个，少于 6 个"


def test_a_past_that_it_would_have_missed_gives_words_and_no_numbers() -> None:
    """Standards that all came at once, after years in which none did: no past day could have said so."""
    found = [one for seed in range(1, 5) for one in histories(40, until=AS_OF, seed=seed, apart=4, pace=4)]
    rushed = [_rushed(one, date(2025, 4, 1) + timedelta(days=90 * (n % 5))) for n, one in enumerate(found)]
    running = histories(20, until=AS_OF, seed=9, apart=2, pace=4)
    one = told([*rushed, *running]).of("local")
    assert one.state == "insufficient" and 100 * one.covered < 80 * len(one.past)
    assert str(one.why) == f"以往 {len(one.past)} 个起点中有 {one.covered} 个落入区间，低于 80%"


def _rushed(one: History, day: date) -> History:
    stays = [stay for stay in one.stays if stay.entered < day and stay.step != "60.60"]
    closed = [structs.replace(stay, left=day if stay is stays[-1] else stay.left) for stay in stays]
    return structs.replace(one, stays=(*closed, Stay("60.60", day)), ended=None)


def test_a_target_that_is_met_has_no_forecast_and_does_not_fill_another(found: list[History]) -> None:
    done = counted(facts(found)).targets[0].counted
    assert told(found, plan=aiming(done)).of("local").state == "reached"
    assert told(found, plan=aiming(done)).of("local").range is None
    assert told(found, plan=aiming(done + 1)).of("local").state == "range"


def test_on_and_after_its_day_a_target_has_no_forecast(found: list[History]) -> None:
    assert told(found, plan=aiming(400, AS_OF)).of("local").state == "over"
    assert not told(found, plan=aiming(400, AS_OF)).open
    assert told(found, plan=aiming(400, AS_OF + timedelta(days=40))).of("local").state == "range"


def test_a_nearer_day_never_promises_more(found: list[History], local: Foreseen) -> None:
    near = told(found, plan=aiming(400, AS_OF + timedelta(days=21))).of("local")
    assert near.expected < local.expected and near.high <= local.high


def test_what_is_frozen_is_not_expected_and_is_told_apart(found: list[History], local: Foreseen) -> None:
    running = [one for one in found if not one.ended and one.stays[-1].step not in ("60.60", "00.20")]
    frozen = {one.id for one in running[:10]}
    halted = [structs.replace(one, halted=AS_OF - timedelta(days=3)) if one.id in frozen else one for one in found]
    one = told(halted).of("local")
    assert (one.halted, one.under_way) == (10, local.under_way - 10) and one.expected < local.expected


def test_no_past_day_knows_what_came_after_it(found: list[History], local: Foreseen) -> None:
    """The origins of a later report that an earlier report could also look back on are the same in both."""
    day = local.past[-1].origin
    earlier = histories(until=day)
    mine = told(earlier, as_of=day, plan=aiming(400, day + (DUE - AS_OF))).of("local")
    shared = {one.origin: one for one in local.past}
    same = [(one, shared[one.origin]) for one in mine.past if one.origin in shared]
    assert len(same) >= 6
    assert all((a.under_way, a.expected, a.came, a.brier) == (b.under_way, b.expected, b.came, b.brier) for a, b in same)


def test_the_age_at_the_step_tells_more_than_a_flat_rate(local: Foreseen) -> None:
    ours, flat = local.mean("brier"), local.mean("flat")
    assert ours is not None and flat is not None and ours < flat


def test_a_standard_without_a_way_leaves_the_target_without_a_range(found: list[History]) -> None:
    lost = next(one for one in found if not one.ended and one.stays[-1].step != "60.60")
    plan = counted(facts(found))
    one = foresee(plan, PLAN, RULE, [h for h in found if h.id != lost.id]).of("local")
    assert one.state == "insufficient" and str(one.why) == "在研标准中 1 项没有阶段经历"


def test_a_rule_that_counts_from_approval_foresees_approvals_which_come_first(found: list[History], local: Foreseen) -> None:
    rule = structs.replace(RULE, trigger=structs.replace(RULE.trigger, value="approved_on"))
    one = told(found, rule=rule).of("local")
    at_print = sum(not h.ended and h.stays[-1].step == "60.00" for h in found)
    assert one.past and one.past[-1].expected != local.past[-1].expected
    assert one.past[-1].under_way < local.past[-1].under_way and one.moves < local.moves and at_print > 0


def test_a_rule_that_counts_from_the_day_of_effect_has_no_forecast(found: list[History]) -> None:
    rule = structs.replace(RULE, trigger=structs.replace(RULE.trigger, value="effective_on"))
    assert told(found, rule=rule).of("local").state == "insufficient"


def test_what_came_into_sight_late_teaches_nothing_of_the_time_before(found: list[History]) -> None:
    blind = [structs.replace(one, seen=AS_OF) for one in found]
    assert told(blind).of("local").moves < 10 and told(found).of("local").moves > 500


def test_limits_of_the_track_are_the_anchors_and_the_narrowest_holds() -> None:
    route = route_of(newest("local-db32"), "60.60", 8)
    assert (route.steps[0], route.goal) == ("00.20", "60.60")
    assert route.anchors["20.20"] == pytest.approx(6 * 365.25 / 12 / 7 / 3)
    assert route.anchors["40.20"] == pytest.approx(18 * 365.25 / 12 / 7 / 7)
    assert route.anchors["60.00"] == 8


def test_of_very_many_histories_some_are_read_and_the_report_says_how_many(found: list[History]) -> None:
    many = [one for seed in range(20, 32) for one in histories(until=AS_OF, seed=seed)]
    forecast = told(many, plan=aiming(9000))
    one = forecast.of("local")
    assert forecast.histories == len(many) == 2160 and forecast.sampled == 720
    assert one.state == "range" and one.low <= one.expected <= one.high
    assert one.under_way == counted(facts(many)).targets[0].in_progress
