"""What holds of every forecast, whatever goes in."""

import math
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.linkage.forecast.fitting import Flow
from standards_hub.linkage.forecast.incidence import Spell, incidence, rates
from standards_hub.linkage.forecast.path import reached
from standards_hub.linkage.forecast.scoring import covered, pinball
from standards_hub.linkage.forecast.total import Spread, arrivals, hermite, many, mixed, moments, shaken, shock

SPELLS = st.lists(
    st.builds(lambda age, cause, seen: Spell(age, cause, min(seen, age)), st.integers(0, 12), st.sampled_from(["on", "end", "back", None]),
              st.integers(0, 12)),
    max_size=25,
)  # fmt: skip
CHANCES = st.lists(st.floats(0, 1), min_size=0, max_size=14)
SHARES = (0.05, 0.1, 0.5, 0.9, 0.95)


@given(SPELLS, st.integers(0, 3))
def test_those_still_there_and_those_gone_are_everybody(spells: list[Spell], weight: int) -> None:
    found = incidence(spells, 15, prior={"on": F(1, 9), "end": F(1, 99)}, weight=weight, one=F(1))
    for age in range(16):
        assert found.survival[age] + sum(values[age] for values in found.caused.values()) == 1
        assert 0 <= found.survival[age] <= 1


@given(SPELLS, st.randoms())
def test_the_order_of_the_stays_does_not_matter(spells: list[Spell], random: object) -> None:
    mixed_up = list(spells)
    random.shuffle(mixed_up)  # type: ignore[attr-defined]
    assert incidence(spells, 12) == incidence(mixed_up, 12)


def test_a_stay_that_came_late_into_sight_is_not_at_risk_before() -> None:
    early, late = [Spell(2, "on"), Spell(8, "on")], Spell(8, "on", seen=5)
    assert incidence([*early, late], 8, one=F(1)).survival[2] == F(1, 2)
    assert incidence([*early, Spell(8, "on")], 8, one=F(1)).survival[2] == F(2, 3)


def test_where_nothing_was_seen_the_prior_holds_and_gives_way_to_what_is_seen() -> None:
    alone = incidence([], 4, prior={"on": F(1, 10)}, weight=2, one=F(1))
    assert alone.survival[1] == F(9, 10) and alone.survival[4] == F(9, 10) ** 4
    seen = incidence([Spell(9, None)] * 98, 1, prior={"on": F(1, 10)}, weight=2, one=F(1))
    assert seen.survival[1] == 1 - F(1, 500)


def test_a_flat_rate_is_ends_over_time_seen() -> None:
    flow = Flow()
    for spell, kind in ((Spell(4, "next"), "on"), (Spell(6, None), None), (Spell(12, "gone", seen=2), "end")):
        flow.add(spell, kind)
    assert rates(flow.ends, flow.exposure, one=F(1)) == {"on": F(1, 20), "end": F(1, 20)}
    assert rates(flow.ends, flow.exposure, prior={"on": F(1, 5)}, weight=20, one=F(1)) == {"on": F(5, 40), "end": F(1, 40)}


@given(CHANCES, st.floats(0, 1), st.floats(0, 1.2))
def test_one_more_item_never_lowers_a_quantile(chances: list[float], more: float, sigma: float) -> None:
    def spread(of: list[float]) -> Spread:
        return shaken({p: of.count(p) for p in of}, sigma, nodes=15, exact=300)

    fewer, all_ = spread(chances), spread([*chances, more])
    assert all(fewer.quantile(q) <= all_.quantile(q) for q in SHARES)


@given(CHANCES, st.randoms())
def test_the_order_of_the_items_does_not_matter(chances: list[float], random: object) -> None:
    other = list(chances)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = (many({p: of.count(p) for p in of}, 300) for of in (chances, other))
    assert one == two


@given(CHANCES)
def test_chances_add_up_to_one_and_to_their_mean(chances: list[float]) -> None:
    spread = arrivals(chances)
    assert math.fsum(spread.chances) == pytest.approx(1, abs=1e-12)
    assert spread.mean == pytest.approx(math.fsum(chances), abs=1e-9)


def test_for_very_many_the_normal_distribution_stands_in_and_hardly_differs() -> None:
    groups = {0.1: 200, 0.35: 150, 0.9: 120, 1.0: 3}
    exact, near = many(groups, 1000), many(groups, 10)
    assert all(abs(exact.quantile(q) - near.quantile(q)) <= 1 for q in SHARES) and exact.quantile(0.5) == near.quantile(0.5)
    assert math.fsum(near.chances) == pytest.approx(1, abs=1e-12)


def test_the_nodes_of_the_shock_integrate_powers_exactly() -> None:
    nodes = hermite(15)
    assert [math.fsum(w * (math.sqrt(2) * x) ** n for x, w in nodes) for n in range(7)] == pytest.approx([1, 0, 1, 0, 3, 0, 15], abs=1e-12)


def test_a_shock_widens_the_range_and_without_one_it_is_the_plain_sum() -> None:
    groups = {0.4: 60}
    plain, wide = many(groups, 300), shaken(groups, 0.8, nodes=15, exact=300)
    assert wide.quantile(0.05) < plain.quantile(0.05) and wide.quantile(0.95) > plain.quantile(0.95)
    assert shaken(groups, 0, nodes=15, exact=300) == plain
    assert mixed([(1.0, plain)]).chances == plain.chances


def test_the_spread_of_the_shock_is_learned_from_past_misses_and_kept_in_bounds() -> None:
    mean, variance, slope = moments({0.4: 60})
    calm = [(round(mean), mean, variance, slope)] * 8
    wild = [(round(mean) + 15, mean, variance, slope), (round(mean) - 15, mean, variance, slope)] * 4
    assert shock([], prior=0.5, weight=2, most=1.5) == pytest.approx(0.5)
    assert shock(calm, prior=0.5, weight=2, most=1.5) < 0.5 < shock(wild, prior=0.5, weight=2, most=1.5) <= 1.5


def test_a_way_back_costs_time_and_a_way_that_ends_never_arrives() -> None:
    leaving = {"draft": {"review": [0, F(1)]}, "review": {"draft": [0, F(1, 2)], "done": [0, F(1, 4)]}}
    within = reached(("draft", "review", "done"), leaving, "done", 6)
    assert within["draft"] == [0, 0, F(1, 4), F(1, 4), F(3, 8), F(3, 8), F(7, 16)] and within["done"] == [1] * 7


def test_a_band_covers_what_lies_in_it_ends_included() -> None:
    assert covered([(1, 3, 1), (1, 3, 3), (1, 3, 4)]) == (2, 3)
    assert pinball(4, F(9, 10), 6) == F(9, 5) and pinball(4, F(9, 10), 3) == F(1, 10)
