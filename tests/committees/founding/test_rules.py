"""The way of a committee as data: every step is reached and left, and its days are counted."""

from datetime import date
from uuid import uuid4

import pytest

from standards_hub.committees.founding.rules import Facts, gates, limits, open_acts, unmet_for_term, warned, way
from standards_hub.committees.founding.schemas import ActIn, ActKey, OutcomeKey
from standards_hub.committees.founding.values import ACT_NAMES, GATE_NAMES, OUTCOME_NAMES, STEP_NAMES, Course
from standards_hub.committees.values import Committee

ONE = Committee(id=uuid4(), name_zh="示例委员会", level="provincial", state="preparing")


def at(step: str, since: date = date(2026, 1, 1), **more: object) -> Course:
    return Course(committee_id=ONE.id, step=step, entered_on=since, **more)  # type: ignore[arg-type]


def test_every_step_act_gate_and_outcome_has_a_name_and_a_way() -> None:
    found = way()
    assert set(found.steps) == set(STEP_NAMES)
    assert set(found.acts) == set(ACT_NAMES) == set(ActKey.__args__)  # type: ignore[attr-defined]
    assert set(found.outcomes) == set(OUTCOME_NAMES) == set(OutcomeKey.__args__)  # type: ignore[attr-defined]
    assert {gate for act in found.acts.values() for gate in act.gates} == set(GATE_NAMES)
    assert {name for act in found.acts.values() for name in act.asks} <= set(ActIn.__struct_fields__)
    leads = {act.to for act in found.acts.values()} | {outcome.to for outcome in found.outcomes.values()}
    assert leads - {None} == set(found.steps)
    left = {step for act in found.acts.values() for step in act.from_}
    assert set(found.steps) - left == {"declined", "dissolved"}
    assert all(figure.source and not figure.verified for figure in found.figures.values())


def test_a_committee_begins_where_it_is() -> None:
    assert open_acts(ONE, None) == ["propose"]
    assert open_acts(Committee(id=uuid4(), name_zh="x", level="national", state="active"), None) == ["enter"]
    assert open_acts(Committee(id=uuid4(), name_zh="x", level="national", state="dissolved"), None) == []
    assert open_acts(ONE, at("notice")) == ["object", "approve", "decline"]


@pytest.mark.parametrize(("on", "met"), [(date(2026, 1, 15), False), (date(2026, 1, 16), True), (date(2026, 1, 17), True)])
def test_the_days_of_notice_are_counted_without_the_opening_day(on: date, met: bool) -> None:
    gate = gates("approve", Facts(on, ONE, at("notice"), (), 0))[0]
    assert gate.met == met
    if not met:
        assert gate.why.into("zh") == "须满 15 天，已 14 天，2026-01-16 期满"


@pytest.mark.parametrize(
    ("until", "code"),
    [(None, "term.open"), (date(2026, 1, 1), "term.order"), (date(2031, 1, 1), None), (date(2031, 1, 2), "term.long")],
)
def test_a_term_has_an_end_and_at_most_five_years(until: date | None, code: str | None) -> None:
    assert [unmet.code for unmet in unmet_for_term(date(2026, 1, 1), until, True)] == ([code] if code else [])


def test_the_days_of_a_term_warn_half_a_year_ahead() -> None:
    found = limits(at("running", term=1, term_since=date(2022, 6, 1), term_until=date(2027, 5, 31)))
    assert [(limit.key, limit.due) for limit in found] == [("renewal", date(2027, 2, 28)), ("term", date(2027, 5, 31))]
    assert not warned(found[0], date(2026, 8, 27)) and warned(found[0], date(2026, 8, 28)) and warned(found[0], date(2028, 1, 1))
    assert [limit.key for limit in limits(at("rectifying", due=date(2026, 9, 1)))] == ["rectifying"]
    assert limits(at("dissolved")) == []
