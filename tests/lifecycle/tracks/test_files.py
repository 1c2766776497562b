"""What the tracks say: figures, documents and the shape of the procedure."""

import pytest

from standards_hub.lifecycle.identifiers import FAMILIES, parse
from standards_hub.lifecycle.stages import is_valid
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.tracks.checking import facts, gates
from standards_hub.lifecycle.tracks.model import Limit, Track

KEYS = {
    "local-db32", "industry-general", "industry-miit", "industry-transport", "industry-broadcasting", "industry-natural-resources",
    "industry-health", "national-gbt", "national-gb", "national-adoption",
    "iso-iec-18", "iso-iec-24", "iso-iec-36", "itu-t-aap", "itu-t-tap",
}  # fmt: skip
CHINESE = sorted(key for key in KEYS if key.startswith(("local", "industry", "national")))


def limit(track: Track, key: str) -> Limit:
    return next(one for one in track.limits if one.key == key)


def papers(track: Track, start: str, end: str, act: str = "advance") -> set[str]:
    """The papers that a transition asks for, alone or as one of several."""
    found = next(t for t in track.transitions if (t.from_, t.to, t.act) == (start, end, act))
    return {paper for gate in found.gates for paper in (*gate.papers, gate.paper) if paper}


def comment_days(track: Track) -> dict[tuple[str, ...], int]:
    return {gate.when: gate.days.value for _, gate in gates(track) if gate.kind == "comment_period" and gate.days}


def test_there_are_fifteen_tracks_of_one_version():
    assert {track.key for track in load_tracks().values()} == KEYS
    assert {track.version for track in load_tracks().values()} == {"2026.1"}


@pytest.mark.parametrize(
    "key, months, consequence, source, longer",
    [
        ("local-db32", 18, "freeze", "D", 6),
        ("industry-general", 18, "freeze", "D", 6),
        ("industry-miit", 18, "freeze", "S24", 6),
        ("industry-transport", 18, "lapse", "S25", None),
        ("industry-broadcasting", 12, "freeze", "S18", 6),
        ("industry-natural-resources", 24, "cancel", "S26", 12),
        ("industry-health", 18, "freeze", "D", 6),
        ("national-gbt", 18, "freeze", "S1", 6),
        ("national-gb", 24, "freeze", "S1", 12),
        ("national-adoption", 12, "freeze", "S38", 6),
    ],
)
def test_the_time_from_plan_to_submission(key, months, consequence, source, longer):
    found = limit(newest(key), "submission")
    assert (found.from_, found.until, found.unit) == ("20.00", "50.20", "months")
    assert (found.length.value, found.consequence, found.length.source) == (months, consequence, source)
    assert (found.extension.max_months.value if found.extension else None) == longer


def test_a_gbt_extension_is_asked_for_thirty_days_before_and_once():
    rule = limit(newest("national-gbt"), "submission").extension
    assert rule and (rule.ask_days_before.value, rule.ask_days_before.source, rule.times.value) == (30, "S1", 1)


@pytest.mark.parametrize("key", CHINESE)
def test_the_least_comment_time(key):
    usual = next(days for when, days in comment_days(newest(key)).items() if when in ((), ("new", "revision", "adoption")))
    assert usual == (60 if key.startswith("national") else 30)


def test_an_amendment_of_a_national_standard_is_open_for_a_month():
    assert comment_days(newest("national-gbt"))["amendment",] == 30


@pytest.mark.parametrize(
    "key, fact, value",
    [
        ("local-db32", "filing_days", 60),
        ("local-db32", "vote_rule", 8),
        ("industry-miit", "filing_days", 60),
        ("industry-miit", "vote_rule", 1),
        ("industry-miit", "letter_ballot_if_minor", 1),
        ("industry-broadcasting", "leader_max_items", 3),
        ("industry-broadcasting", "group_within_days", 30),
        ("industry-natural-resources", "late_penalty_years", 2),
        ("industry-natural-resources", "vote_rule", 4),
        ("industry-health", "vote_rule", 5),
        ("industry-health", "letter_days_most", 30),
        ("industry-health", "papers_days_before", 15),
        ("national-gbt", "meeting_required", 1),
        ("national-gbt", "experts_least", 15),
        ("national-gb", "foreword_no_drafters", 1),
        ("national-gb", "wto_notification_days", 60),
        ("iso-iec-36", "np_vote_rule", 7),
        ("iso-iec-36", "dis_vote_rule", 6),
        ("itu-t-tap", "replies_in_favour_percent", 70),
    ],
)
def test_further_figures(key, fact, value):
    assert newest(key).facts[fact].value == value


@pytest.mark.parametrize(
    "key, step, rules",
    [
        ("local-db32", "40.20", ["V8"]),
        ("industry-general", "40.20", ["V1", "V3"]),
        ("industry-miit", "40.20", ["V1", "V3"]),
        ("industry-natural-resources", "40.20", ["V4"]),
        ("industry-health", "40.20", ["V5"]),
        ("national-gbt", "40.20", ["V1", "V2"]),
        ("national-adoption", "40.20", ["V1", "V2"]),
        ("itu-t-aap", "40.60", ["ITU-AAP"]),
        ("itu-t-aap", "50.60", ["ITU-AAP"]),
        ("itu-t-tap", "40.20", ["ITU-TAP"]),
    ],
)
def test_a_vote_counts_by_the_rule_that_the_track_names_and_no_other(key, step, rules):
    gates = [gate for way in newest(key).leaving(step) for gate in way.gates if gate.provider == "ballots"]
    assert [list(gate.rules) for gate in gates] == [rules]


@pytest.mark.parametrize("months", [18, 24, 36])
def test_the_times_of_iso_and_iec(months):
    track = newest(f"iso-iec-{months}")
    found = {one.key: (one.from_, one.until, one.length.value, one.unit, one.consequence) for one in track.limits}
    assert found["limit_date"] == ("20.00", "60.60", months, "months", "cancel")
    assert found["pwi"] == ("00.00", "10.00", 36, "months", "lapse")
    assert found["np_decision"] == ("10.60", "20.00", 6, "months", "cancel")
    assert found["dis_ballot"] == ("40.20", "40.60", 12, "weeks", "none")
    assert found["fdis_ballot"] == ("50.20", "50.60", 8, "weeks", "none")
    assert track.review.cycle_months and track.review.cycle_months.value == 60


def test_the_times_of_itu_t():
    aap, tap = newest("itu-t-aap"), newest("itu-t-tap")
    assert (limit(aap, "last_call").length.value, limit(aap, "additional_review").length.value) == (4, 3)
    assert (limit(tap, "consultation").length.value, limit(tap, "consultation").unit) == (3, "months")
    assert aap.review.cycle_months is None and not [one for one in aap.limits if one.key == "review_cycle"]
    assert [s.code for s in aap.steps if s.code[0] in "45"] == ["40.00", "40.20", "40.60", "50.20", "50.60"]


DOCUMENTS = [
    ("local-db32", "00.20", "10.00", {"novelty_search", "outline_draft"}),
    ("local-db32", "10.00", "10.20", {"project_proposal", "outline_draft"}),
    ("local-db32", "10.20", "20.00", {"appraisal", "public_notice_record", "plan_notice"}),
    ("local-db32", "verification", "30.20", {"comment_draft", "explanatory_note", "verification_report", "verification_exemption"}),
    ("local-db32", "30.20", "30.60", {"comment_notice"}),
    ("local-db32", "30.60", "40.20", {"comment_letters", "comment_table", "review_draft"}),
    ("local-db32", "40.20", "40.60", {"review_minutes", "sign_table"}),
    ("local-db32", "40.60", "50.20", {"review_conclusion", "approval_letter", "approval_draft", "approval_form",
                                      "explanatory_note", "review_minutes",
                                      "comment_table", "verification_report"}),
    ("local-db32", "50.20", "60.00", {"approval_decision"}),
    ("local-db32", "60.00", "60.60", {"publication_notice", "published_text"}),
    ("local-db32", "60.60", "90.20", {"filing_receipt"}),
    ("local-db32", "90.20", "90.60", {"review_form", "review_report"}),
    ("local-db32", "95.20", "95.99", {"withdrawal_notice"}),
    ("industry-miit", "00.20", "10.00", {"preliminary_study"}),
    ("industry-miit", "10.00", "10.20", {"nomination_letter", "plan_application", "project_proposal", "proposal_note", "outline_draft"}),
    ("industry-miit", "20.20", "30.20", {"comment_draft", "explanatory_note", "patent_disclosure"}),
    ("industry-miit", "40.20", "40.60", {"review_minutes", "letter_ballot_forms", "letter_ballot_conclusion"}),
    ("industry-miit", "40.60", "50.20", {"approval_letter", "approval_draft", "approval_form", "letter_ballot_conclusion",
                                         "comment_table"}),
    ("industry-miit", "60.60", "90.20", {"filing_receipt"}),
    ("industry-miit", "90.20", "90.60", {"review_report", "review_form"}),
    ("industry-broadcasting", "20.00", "20.20", {"drafting_contract"}),
    ("national-gbt", "00.20", "10.00", {"preliminary_study"}),
    ("national-gbt", "10.00", "10.20", {"project_proposal", "outline_draft", "proposal_note", "committee_vote"}),
    ("national-gbt", "10.20", "20.00", {"plan_notice"}),
    ("national-gbt", "20.20", "verification", {"verification_plan"}),
    ("national-gbt", "30.20", "30.60", {"comment_notice"}),
    ("national-gbt", "30.60", "40.20", {"comment_table", "review_draft"}),
    ("national-gbt", "40.20", "40.60", {"review_minutes", "sign_table", "vote_slips"}),
    ("national-gbt", "40.60", "50.20", {"approval_letter", "approval_list", "approval_form", "approval_draft", "explanatory_note",
                                        "review_minutes",
                                        "comment_table", "parent_text", "parent_translation", "review_draft", "patent_disclosure"}),
    ("national-gbt", "60.00", "60.60", {"publication_notice", "published_text"}),
    ("national-gb", "30.20", "30.60", {"comment_notice", "wto_notification"}),
    ("national-gb", "95.20", "95.99", {"withdrawal_notice", "withdrawal_comments"}),
    ("iso-iec-24", "00.00", "10.00", {"proposal_outline", "national_approval_form"}),
    ("iso-iec-24", "10.00", "10.20", {"form_4"}),
    ("iso-iec-24", "10.20", "10.60", {"vote_result"}),
    ("iso-iec-24", "20.20", "30.20", {"working_draft", "committee_draft"}),
    ("iso-iec-24", "30.60", "40.00", {"comment_table", "dis_text"}),
    ("iso-iec-24", "40.20", "40.60", {"national_position", "vote_result"}),
    ("iso-iec-24", "40.60", "50.20", {"dis_collation", "fdis_text"}),
    ("iso-iec-24", "60.00", "60.60", {"published_text", "role_certificate"}),
    ("iso-iec-24", "90.20", "90.60", {"review_result"}),
    ("itu-t-aap", "10.00", "20.20", {"a1_justification", "contribution", "domestic_clearance"}),
    ("itu-t-aap", "20.20", "40.00", {"baseline_text", "draft_recommendation"}),
    ("itu-t-aap", "40.60", "50.20", {"last_call_comments"}),
    ("itu-t-tap", "40.00", "40.20", {"circular"}),
    ("itu-t-tap", "40.20", "40.60", {"replies"}),
]  # fmt: skip


@pytest.mark.parametrize("key, start, end, wanted", DOCUMENTS, ids=[f"{d[0]}-{d[1]}" for d in DOCUMENTS])
def test_the_documents_a_stage_must_leave_behind(key, start, end, wanted):
    assert wanted <= papers(newest(key), start, end)


@pytest.mark.parametrize("key", CHINESE)
def test_trial_verification_is_inside_drafting_and_its_failure_stays_there(key):
    track = newest(key)
    step = track.step("verification")
    assert (step.code, step.shown) == ("20.20", "25")
    (failure,) = [t for t in track.transitions if t.act == "fail"]
    assert (failure.from_, failure.to, failure.via) == ("verification", "20.20", None)


@pytest.mark.parametrize("key", CHINESE)
def test_no_way_into_public_comment_goes_round_verification(key):
    ways = [t for t in newest(key).transitions if t.to == "30.20" and t.act in ("advance", "skip")]
    assert ways
    for way in ways:
        assert [g.papers for g in way.gates if g.provider == "verification"] == [("verification_report", "verification_exemption")]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_repeating_the_comment_stage_is_30_92(key):
    assert all(t.via == "30.92" for t in newest(key).transitions if t.act == "repeat" and t.to == "30.20")


@pytest.mark.parametrize("key", CHINESE)
def test_a_review_that_fails_twice_is_not_repeated(key):
    back = [t for t in newest(key).transitions if t.from_ == "40.60" and t.act in ("return", "repeat")]
    assert {t.to for t in back} == {"20.20", "30.20", "40.20"}
    assert all([g.most.value for g in t.gates if g.kind == "attempts" and g.most] == [2] for t in back)


@pytest.mark.parametrize("key", CHINESE)
def test_the_fast_track_skips_drafting_only(key):
    track = newest(key)
    skips = [(t.from_, t.to) for t in track.transitions if t.act == "skip"]
    assert skips == ([("20.00", "30.20")] if key.startswith("national") else [])
    assert (track.fast_track.skips if track.fast_track else None) == (("20.20",) if key.startswith("national") else None)


def test_an_adoption_names_its_parent_and_hands_in_its_text():
    track = newest("national-adoption")
    assert "parent" in {gate.field for _, gate in gates(track)}
    assert {gate.when for _, gate in gates(track) if gate.paper in ("parent_text", "parent_translation")} == {()}
    assert track.fast_track and track.fast_track.kinds == ("adoption",)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_science_department_and_the_administrator_move_nothing(key):
    track = newest(key)
    assert not {"officer", "administrator"} & {role for t in track.transitions for role in t.by}
    assert not {"officer", "administrator"} & set(track.termination.by)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_publication_needs_the_text_the_number_and_the_day(key):
    (issue,) = [t for t in newest(key).transitions if (t.from_, t.to) == ("60.00", "60.60")]
    assert {"published_text", None} <= {g.paper for g in issue.gates}
    assert {"number", "published_on"} <= {g.field for g in issue.gates}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_nothing_counts_as_checked_against_an_official_text_yet(key):
    track = newest(key)
    marks = [fact.verified for _, fact in facts(track)] + [gate.verified for _, gate in gates(track)] + [s.verified for s in track.steps]
    assert marks and not any(marks)
    assert all(is_valid(step.code) for step in track.steps)


@pytest.mark.parametrize(
    "key, number",
    [
        ("local-db32", "DB32/T 4000-2026"),
        ("industry-miit", "SJ/T 11000-2026"),
        ("national-gbt", "GB/T 40000-2026"),
        ("national-gb", "GB 40000-2026"),
        ("national-adoption", "GB/T 19001-2016/ISO 9001:2015"),
        ("iso-iec-36", "ISO/IEC 27001:2022"),
        ("iso-iec-36", "IEC 60068-1:2013"),
        ("itu-t-aap", "ITU-T X.509"),
    ],
)
def test_a_published_number_belongs_to_a_family_of_its_track(key, number):
    families = newest(key).identifier_families
    assert parse(number).family in families and set(families) <= set(FAMILIES)
