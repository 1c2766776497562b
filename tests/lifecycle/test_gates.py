"""Gates: each says whether it is met and why, in both languages."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel.messages import Name, say
from standards_hub.lifecycle.gates import Evidence, GateFacts, applies, evaluate
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.tracks.model import Fact, Gate
from standards_hub.lifecycle.values import Paper, Standard

TRACK = newest("national-gbt")
OPENED = date(2026, 3, 1)


def gate(kind: str, **values) -> Gate:
    return Gate(key=kind, kind=kind, name=Name("关口", "gate"), fixer="secretariat", source="S1", **values)


def standard(**values) -> Standard:
    blank = dict.fromkeys(Standard.__struct_fields__)
    given = {
        "id": uuid4(),
        "track": TRACK.id,
        "level": "national",
        "kind": "new",
        "step": "30.20",
        "failures": 0,
        "patents": False,
        "measurable": True,
    }
    return Standard(**{**blank, **given, **values})


def paper(kind: str, **values) -> Paper:
    blank = dict.fromkeys(Paper.__struct_fields__)
    return Paper(**{**blank, "id": uuid4(), "kind": kind, "title": kind, "dated": OPENED, "accepted_on": OPENED, **values})


def state(one: Gate, on: date = date(2026, 6, 1), papers=(), evidence=None, failures=0, **values):
    facts = GateFacts(standard(**values), tuple(papers), on, OPENED, {one.key: evidence} if evidence else {}, failures)
    return evaluate(TRACK, [one], facts)[0]


@pytest.mark.parametrize(
    ("papers", "met"),
    [
        ([], False),
        ([paper("plan_notice")], True),
        ([paper("plan_notice", accepted_on=None)], False),
        ([paper("plan_notice", stale_on=date(2026, 4, 1))], False),
        ([paper("plan_notice", withdrawn_on=date(2026, 4, 1))], False),
        ([paper("plan_notice", dated=date(2026, 6, 2))], False),
        ([paper("other")], False),
        ([paper("plan_notice", stale_on=date(2026, 4, 1)), paper("plan_notice")], True),
    ],
)
def test_a_paper_counts_once_accepted_until_a_return_or_withdrawal_and_not_before_its_date(papers, met):
    found = state(gate("paper", paper="plan_notice"), papers=papers)
    assert found.met is met
    assert bool(found.evidence) is met


@given(st.integers(0, 200), st.integers(1, 120))
def test_a_comment_period_of_59_of_60_days_is_not_met(past, least):
    found = state(gate("comment_period", days=Fact(least, "S35")), on=OPENED + timedelta(days=past))
    assert found.met is (past >= least)
    assert str(least) in found.why.into("en")


def test_the_opening_day_is_not_counted_and_the_gate_names_the_last_day():
    found = state(gate("comment_period", days=Fact(60, "S35")), on=date(2026, 4, 29))
    assert not found.met
    assert "2026-04-30" in str(found.why)


def test_a_provider_or_a_signed_paper_meets_an_evidence_gate():
    one = gate("evidence", provider="ballots", papers=("review_minutes",))
    assert not state(one).met
    assert state(one, papers=[paper("review_minutes")]).met
    assert state(one, evidence=Evidence(True, say("二十四票赞成"), ("ballot:1",))).evidence == ("ballot:1",)
    against = Evidence(False, say("赞成未达三分之二"))
    assert not state(one, evidence=against).met
    assert state(one, evidence=against, papers=[paper("review_minutes")]).met


def test_a_second_failed_review_cannot_be_reviewed_again():
    one = gate("attempts", most=Fact(2, "M?"))
    assert state(one, failures=1).met
    assert not state(one, failures=2).met


def test_a_field_gate_asks_for_the_field():
    one = gate("field", field="plan_number")
    assert not state(one).met
    assert state(one, plan_number="20250001-T-339").met


@pytest.mark.parametrize(
    ("when", "conditions", "concerned"),
    [
        ((), {"new"}, True),
        (("adoption",), {"new"}, False),
        (("adoption", "revision"), {"revision"}, True),
        (("mandatory",), {"new"}, False),
        (("new", "mandatory"), {"new", "mandatory"}, True),
        (("new", "mandatory"), {"new"}, False),
    ],
)
def test_a_gate_concerns_the_kinds_and_flags_it_names(when, conditions, concerned):
    assert applies(gate("field", field="number", when=when), conditions) is concerned


def test_every_state_explains_itself_in_both_languages():
    for one in (
        gate("paper", paper="plan_notice"),
        gate("comment_period", days=Fact(60, "S35")),
        gate("field", field="number"),
        gate("attempts", most=Fact(0, "M")),
    ):
        found = state(one, on=OPENED)
        assert not found.met
        assert found.why.into("zh") != found.why.into("en"), found.gate
