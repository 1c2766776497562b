"""Limits: days are counted as the civil code counts them, and each track's rule on extension is kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel.clock import days_of_window, due_day
from standards_hub.lifecycle.limits import after_pause, on_entering, unmet_for_extension, warning_days
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.tracks.model import ExtensionRule, Fact
from standards_hub.lifecycle.values import Deadline

RULE = ExtensionRule(Fact(30, "S1"), Fact(6, "M"), Fact(1, "M"))


@pytest.mark.parametrize(
    ("opening", "length", "unit", "due"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "months", date(2024, 2, 29)),
        (date(2025, 3, 10), 18, "months", date(2026, 9, 10)),
        (date(2026, 9, 1), 60, "days", date(2026, 10, 31)),
        (date(2026, 9, 1), 12, "weeks", date(2026, 11, 24)),
        (date(2025, 12, 31), 2, "months", date(2026, 2, 28)),
    ],
)
def test_a_limit_ends_on_the_day_of_the_same_number_and_the_opening_day_is_not_counted(opening, length, unit, due):
    assert due_day(opening, length, unit) == due


@pytest.mark.parametrize(
    ("asked_on", "months", "granted", "expected"),
    [
        (date(2026, 5, 1), 6, 0, []),
        (date(2026, 5, 2), 6, 0, ["extension.late"]),
        (date(2026, 5, 1), 7, 0, ["extension.long"]),
        (date(2026, 5, 1), 0, 0, ["extension.long"]),
        (date(2026, 5, 1), 6, 1, ["extension.again"]),
        (date(2026, 6, 1), 7, 1, ["extension.late", "extension.long", "extension.again"]),
    ],
)
def test_gbt_extension_must_be_asked_for_thirty_days_before_expiry_once_and_for_six_months_at_most(asked_on, months, granted, expected):
    found = unmet_for_extension(RULE, expires=date(2026, 5, 31), asked_on=asked_on, months=months, granted=granted)
    assert [unmet.code for unmet in found] == expected


def test_only_lateness_may_be_overridden():
    found = unmet_for_extension(RULE, expires=date(2026, 5, 31), asked_on=date(2026, 6, 1), months=7, granted=1)
    assert [unmet.code for unmet in found if unmet.waivable] == ["extension.late"]


def test_a_transport_plan_cannot_be_extended():
    limit = next(limit for limit in newest("industry-transport").limits if limit.key == "submission")
    assert limit.extension is None
    assert limit.consequence == "lapse"
    found = unmet_for_extension(limit.extension, expires=date(2026, 5, 31), asked_on=date(2026, 1, 1), months=1, granted=0)
    assert [unmet.code for unmet in found] == ["extension.none"]


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_months_never_spill_into_the_month_after(opening, months):
    due = due_day(opening, months, "months")
    assert (due.year * 12 + due.month) - (opening.year * 12 + opening.month) == months
    assert due.day == opening.day or (due + timedelta(days=1)).day == 1


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
def test_a_window_of_n_days_is_over_when_its_last_day_has_come(opening, days):
    assert days_of_window(opening, due_day(opening, days, "days")) == days


def _deadline(limit: str, state: str, due: date = date(2026, 9, 10), ended: date | None = None) -> Deadline:
    return Deadline(uuid4(), uuid4(), limit, "", "", "S1", "lead_drafter", "freeze", date(2025, 3, 10), due, due, 0, state, ended)


@pytest.mark.parametrize("track", sorted(load_tracks()), ids=str)
def test_every_limit_opens_at_its_step_and_is_met_at_its_end(track):
    chosen = load_tracks()[track]
    for limit in chosen.limits:
        opened = on_entering(chosen, limit.from_, date(2025, 3, 10), []).opened
        assert limit.key in [deadline.limit for deadline in opened]
        running = _deadline(limit.key, "running")
        assert running.id in on_entering(chosen, limit.until, date(2026, 1, 1), [running]).met


def test_a_return_before_submission_lets_the_old_clock_run_on():
    track = newest("national-gbt")
    met = _deadline("submission", "met", ended=date(2026, 5, 1))
    assert on_entering(track, "20.20", date(2026, 6, 1), [met]).reopened == [met.id]
    assert on_entering(track, "20.20", date(2026, 6, 1), [met]).opened == []


def test_a_rest_gives_back_the_days_it_took():
    paused = _deadline("submission", "paused", ended=date(2026, 3, 1))
    assert after_pause(paused, date(2026, 3, 31)) == date(2026, 10, 10)


def test_warnings_go_out_before_the_last_day_oldest_first():
    limit = next(limit for limit in newest("national-gbt").limits if limit.key == "submission")
    days = warning_days(limit, date(2026, 9, 10))
    assert days == sorted(days)
    assert all(day < date(2026, 9, 10) for day in days)
    assert len(days) == len(limit.warn_days)
