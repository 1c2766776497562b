"""The worked examples of the method, exact: each has one right answer, found by hand."""

from fractions import Fraction as F
from itertools import pairwise

import pytest

from standards_hub.linkage.forecast.incidence import Incidence, Spell, incidence
from standards_hub.linkage.forecast.path import onward, reached
from standards_hub.linkage.forecast.scoring import brier, pit, ranked
from standards_hub.linkage.forecast.total import arrivals, mixed

FIVE = (F(9, 10), F(4, 5), F(3, 5), F(1, 2), F(1, 5))
CAME = (1, 1, 0, 1, 0)
TIED = [(2, 1), (3, 2), (4, 1), (4, 2), (5, 0), (6, 1), (6, 1), (7, 0), (8, 2), (9, 1)]
"""Ages with 1 for published, 2 for terminated and 0 for not ended."""


def ten_stays() -> Incidence:
    names = {0: None, 1: "publish", 2: "terminate"}
    return incidence([Spell(age, names[end]) for age, end in TIED], 9, one=F(1))


def test_e1_five_unequal_chances_add_up_to_the_exact_distribution() -> None:
    spread = arrivals(FIVE)
    assert spread.chances == (F(2, 625), F(63, 1250), F(591, 2500), F(254, 625), F(651, 2500), F(27, 625))
    assert spread.mean == 3 and sum((n - 3) ** 2 * p for n, p in enumerate(spread.chances)) == F(9, 10)
    assert spread.at_least(3) == F(71, 100) and spread.at_least(2) == F(9464, 10000)
    assert [spread.quantile(F(q, 100)) for q in (10, 50, 90)] == [2, 3, 4]


def test_e1_in_floating_numbers_is_no_approximation() -> None:
    assert arrivals([float(p) for p in FIVE]).at_least(3) == pytest.approx(0.71, abs=1e-12)


def test_e2_a_shock_that_all_share_is_a_mixture() -> None:
    spread = mixed([(F(3, 4), arrivals(FIVE)), (F(1, 4), arrivals([p / 2 for p in FIVE]))])
    assert spread.at_least(3) == F(91351, 160000) and spread.mean == F(21, 8)


def test_e3_two_ends_compete_and_ties_are_exact() -> None:
    found = ten_stays()
    at = (2, 3, 4, 6, 8, 9)
    assert [found.survival[age] for age in at] == [F(9, 10), F(4, 5), F(3, 5), F(9, 25), F(9, 50), 0]
    assert [found.caused["publish"][age] for age in at] == [F(1, 10), F(1, 10), F(1, 5), F(11, 25), F(11, 25), F(31, 50)]
    assert [found.caused["terminate"][age] for age in at] == [0, F(1, 10), F(1, 5), F(1, 5), F(19, 50), F(19, 50)]
    assert found.between("publish", 4, 6) == F(2, 5)


def test_e3_to_take_termination_for_not_ended_yet_would_say_that_everything_is_published() -> None:
    naive = incidence([Spell(age, "publish" if end == 1 else None) for age, end in TIED], 9, one=F(1))
    assert naive.caused["publish"][9] == 1 and ten_stays().caused["publish"][9] == F(31, 50)


def test_e4_two_steps_with_terminations_fold_into_one_wait() -> None:
    steps = ("examination", "approval", "published")
    leaving = {
        "examination": {"approval": [0, *(F(9, 10) * p for p in (F(1, 2), F(1, 2)))]},
        "approval": {"published": [0, 0, *(F(19, 20) * p for p in (F(1, 4), F(1, 2), 0, F(1, 4)))]},
    }
    within = reached(steps, leaving, "published", 7)["examination"]
    survives = F(9, 10) * F(19, 20)
    assert [b - a for a, b in pairwise(within)][2:] == [survives * p for p in map(F, ("1/8", "3/8", "1/4", "1/8", "1/8"))]
    assert within[4:7] == [F(171, 400), F(513, 800), F(1197, 1600)]


def test_e4_who_has_waited_already_is_told_by_what_is_left() -> None:
    leaving = {"published": [0, 0, F(1, 4), F(1, 2), 0, F(1, 4)]}
    reach = {"published": [1] * 6}
    assert onward(leaving, reach, 2, F(3, 4), 1) == F(2, 3) and onward(leaving, reach, 2, F(3, 4), 3) == 1


def test_e5_scores_of_a_forecast_whose_day_has_passed() -> None:
    assert brier(FIVE, CAME) == F(7, 50)
    assert ranked(arrivals(FIVE), sum(CAME)) == F(113139, 625000)
    assert pit(arrivals(FIVE), sum(CAME)) == (F(29, 100), F(1741, 2500))
