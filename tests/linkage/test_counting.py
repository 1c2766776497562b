"""Counting toward the plan, case by case as the procedure and the action plan put them."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.messages import Name, catalogue
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import counting, wording
from standards_hub.linkage.counting import (
    Drafter,
    Line,
    PlanFacts,
    ProjectRef,
    StandardFacts,
    TargetFacts,
    Term,
    count,
    load_rule,
    role_of,
)

RULE = load_rule()
AS_OF = date(2026, 10, 31)
PLAN = PlanFacts(
    key="plan",
    name="示例计划",
    targets=(
        TargetFacts("local", "地方标准和行业标准", ("local", "industry"), 60),
        TargetFacts("national", "国家标准", ("national",), 30),
        TargetFacts("international", "国际标准", ("international",), 10, tolerance="左右"),
    ),
    fields=(Term("quantum", "量子科技"), Term("hydrogen", "氢能")),
    regions=(Term("nanjing", "南京市"), Term("suzhou", "苏州市")),
    window_start=date(2024, 1, 1),
    window_end=date(2026, 12, 31),
)
OURS = Drafter("示例单位甲", 1, "nanjing", True)
OTHERS = Drafter("示例单位乙", 2, None, False)


def published(**change: Any) -> StandardFacts:
    """A national standard published inside the window with evidence and a leading drafter from the province."""
    start = StandardFacts(
        id="s1",
        number="GB/T 90001—2025",
        plan_number="20240001-T-000",
        title_zh="示例标准",
        title_en="Example",
        level="national",
        kind="new",
        nature="T",
        family="national",
        status="published",
        stage="60.60",
        published_on=date(2025, 6, 30),
        effective_on=date(2026, 1, 1),
        publication_evidence=("发布公告",),
        primary_field="quantum",
        drafters=(OURS, OTHERS),
    )
    return msgspec.structs.replace(start, **change)


def judged(standard: StandardFacts, as_of: date = AS_OF) -> Line:
    (line,) = count([standard], PLAN, RULE, as_of).lines
    return line


def ranked(*ranks: int | None) -> tuple[Drafter, ...]:
    """A list of four in which the province holds these ranks."""
    outside = tuple(Drafter(f"外省单位{n}", n, None, False) for n in range(1, 5) if n not in ranks)
    return (*outside, *(Drafter(f"示例单位{n}", n, "suzhou", True) for n in ranks))


@pytest.mark.parametrize(
    ("case", "change", "outcome", "clause"),
    [
        ("a new national standard counts", {}, "counted", "trigger"),
        ("a revision counts like a new one", {"kind": "revision"}, "counted", "trigger"),
        ("an amendment sheet does not count", {"kind": "amendment"}, "not_counted", "kinds"),
        ("an identical adoption counts as national", {"kind": "adoption", "family": "adoption"}, "counted", "trigger"),
        ("a group standard does not count", {"family": "group"}, "not_counted", "families"),
        ("an enterprise standard does not count", {"family": "enterprise"}, "not_counted", "families"),
        ("published a day before the window", {"published_on": date(2023, 12, 31)}, "not_counted", "window"),
        ("published on the first day", {"published_on": date(2024, 1, 1)}, "counted", "trigger"),
        ("published on the day of the report", {"published_on": AS_OF}, "counted", "trigger"),
        ("published the day after the report", {"published_on": AS_OF + timedelta(days=1)}, "in_progress", "trigger"),
        ("published without its date on record", {"published_on": None}, "unverified", "trigger"),
        ("no evidence of publication", {"publication_evidence": ()}, "unverified", "evidence"),
        ("drafters not on record", {"drafters": ()}, "unverified", "roles"),
        ("no drafter from the province", {"drafters": (OTHERS,)}, "not_counted", "roles"),
        ("withdrawn after publication", {"status": "withdrawn", "withdrawn_on": date(2026, 5, 1)}, "counted", "trigger"),
        ("superseded after publication", {"status": "superseded"}, "counted", "trigger"),
        ("a project in drafting", {"status": "active", "published_on": None}, "in_progress", "trigger"),
        ("a frozen project stays in progress", {"status": "frozen", "published_on": None}, "in_progress", "trigger"),
        ("a terminated project", {"status": "terminated", "published_on": None}, "not_counted", "status"),
        ("terminated and yet published", {"status": "terminated"}, "unverified", "status"),
        ("a merged project counts 0", {"status": "merged", "published_on": None}, "not_counted", "status"),
        (
            "an amendment in progress is not awaited",
            {"kind": "amendment", "status": "active", "published_on": None},
            "not_counted",
            "kinds",
        ),
    ],
)
def test_one_standard_has_one_outcome_and_its_clause(case: str, change: dict[str, Any], outcome: str, clause: str) -> None:
    line = judged(published(**change))
    assert (line.outcome, line.code) == (outcome, clause), case


def test_published_on_the_last_day_of_2026_counts_and_on_new_year_does_not() -> None:
    later = date(2027, 1, 8)
    assert judged(published(published_on=date(2026, 12, 31)), later).outcome == "counted"
    assert judged(published(published_on=date(2027, 1, 1)), later).code == "window"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("IS", "counted"), ("REC", "counted"), ("TS", "not_counted"), ("TR", "not_counted"), ("PAS", "not_counted"), ("IWA", "not_counted")],
)
def test_of_international_documents_only_standards_count(kind: str, outcome: str) -> None:
    line = judged(published(level="international", family="iso", document_type=kind, international_role="editor", drafters=()))
    assert line.outcome == outcome


@pytest.mark.parametrize(
    ("role", "expected"),
    [("project_leader", "lead"), ("convenor", "lead"), ("editor", "lead"), ("expert", "participate"), (None, None)],
)
def test_the_international_role_decides_who_led(role: str | None, expected: str | None) -> None:
    standard = published(level="international", family="iso", international_role=role)
    assert role_of(standard, RULE)[0] == expected
    assert judged(standard).outcome == ("counted" if expected else "not_counted")


@pytest.mark.parametrize(
    ("case", "drafters", "expected"),
    [
        ("sole drafter", (Drafter("示例单位", None, None, True),), "lead"),
        ("first of four", ranked(1), "lead"),
        ("second of four", ranked(2), "lead"),
        ("third of four", ranked(3), "participate"),
        ("third and fourth of four", ranked(4, 3), "participate"),
        ("named responsible though third", (*ranked(1)[:2], Drafter("示例单位", 3, None, True, lead=True)), "lead"),
        ("first, but another is named responsible", (OURS, Drafter("外省单位", 2, None, False, lead=True)), "participate"),
        ("rank not on record", (Drafter("示例单位", None, None, True), OTHERS), "participate"),
        ("rank 0 is no rank", (Drafter("示例单位", 0, None, True), OTHERS), "participate"),
    ],
)
def test_leading_and_participating_follow_the_order_of_drafters(case: str, drafters: tuple[Drafter, ...], expected: str) -> None:
    assert role_of(published(drafters=drafters), RULE)[0] == expected, case


def test_a_mandatory_standard_names_no_drafters_so_rank_does_not_apply() -> None:
    mandatory = published(nature=None, drafters_not_named=True, drafters=(Drafter("示例单位", None, "suzhou", True),))
    total = count([mandatory], PLAN, RULE, AS_OF).total
    assert (total.counted, total.lead, total.participate, total.not_ranked) == (1, 0, 0, 1)
    assert judged(msgspec.structs.replace(mandatory, drafters=())).outcome == "unverified"


def test_two_projects_claim_one_standard_and_it_counts_once() -> None:
    first = published(projects=(ProjectRef("BE2024001", "项目一"),))
    second = published(projects=(ProjectRef("BE2024002", "项目二"),))
    counted = count([first, second], PLAN, RULE, AS_OF)
    assert counted.total.counted == 1
    assert [p.project_no for p in counted.lines[0].standard.projects] == ["BE2024001", "BE2024002"]


def test_one_number_entered_twice_counts_once_and_says_so() -> None:
    counted = count([published(), published(id="s2", number="GB/T  90001—2025")], PLAN, RULE, AS_OF)
    assert counted.total.counted == 1
    assert [line.code for line in counted.having("not_counted")] == ["distinct"]


def test_three_parts_of_one_standard_count_three() -> None:
    parts = [published(id=f"p{n}", number=f"GB/T 90002.{n}—2025") for n in (1, 2, 3)]
    assert count(parts, PLAN, RULE, AS_OF).total.counted == 3


def test_an_adopted_standard_and_its_parent_count_in_their_own_targets() -> None:
    parent = published(id="iso", number="ISO 90001:2025", level="international", family="iso", international_role="expert", drafters=())
    counted = count([published(kind="adoption"), parent], PLAN, RULE, AS_OF)
    assert [t.counted for t in counted.targets] == [0, 1, 1]


def test_withdrawn_standards_stay_counted_and_are_flagged() -> None:
    line = judged(published(status="withdrawn", withdrawn_on=date(2026, 5, 1)))
    assert [flag.both for flag in line.flags] == ["2026-05-01 废止 / withdrawn 1 May 2026"]
    assert judged(published(status="published", effective_on=date(2026, 12, 1))).flags[0].into("en") == "not yet in force"


def test_local_and_industry_share_one_target() -> None:
    both = [published(id="a", level="local", number="DB32/T 1—2025"), published(id="b", level="industry", number="YD/T 1—2025")]
    assert [t.counted for t in count(both, PLAN, RULE, AS_OF).targets] == [2, 0, 0]


def test_a_level_in_two_targets_is_refused() -> None:
    twice = msgspec.structs.replace(PLAN, targets=(*PLAN.targets, TargetFacts("x", "再计一次", ("national",), 5)))
    with pytest.raises(BadInput, match="再计一次"):
        count([], twice, RULE, AS_OF)


def test_a_level_without_target_is_listed_and_not_counted() -> None:
    narrow = msgspec.structs.replace(PLAN, targets=PLAN.targets[:1])
    counted = count([published()], narrow, RULE, AS_OF)
    assert (counted.total.counted, counted.lines[0].outcome) == (0, "not_counted")


@pytest.mark.parametrize(
    ("done", "target", "permille"), [(28, 60, 467), (63, 60, 1050), (1, 8, 125), (1, 16, 63), (0, 30, 0), (3, 0, None)]
)
def test_completion_is_rounded_half_up_and_has_no_value_for_a_target_of_nothing(done: int, target: int, permille: int | None) -> None:
    plan = msgspec.structs.replace(PLAN, targets=(TargetFacts("n", "国家标准", ("national",), target),))
    standards = [published(id=str(n), number=f"GB/T {n}—2025") for n in range(done)]
    assert count(standards, plan, RULE, AS_OF).targets[0].permille == permille


def test_trial_verification_belongs_to_drafting() -> None:
    standard = published(status="active", published_on=None, stage="25.00")
    assert count([standard], PLAN, RULE, AS_OF).total.stages == {"20": 1}


def test_the_rule_is_data_and_its_switches_work() -> None:
    with_sheets = msgspec.structs.replace(RULE, kinds=msgspec.structs.replace(RULE.kinds, value=("new", "amendment")))
    assert count([published(kind="amendment")], PLAN, with_sheets, AS_OF).total.counted == 1
    lax = msgspec.structs.replace(RULE, evidence=msgspec.structs.replace(RULE.evidence, required=False))
    assert count([published(publication_evidence=())], PLAN, lax, AS_OF).total.counted == 1
    in_force = msgspec.structs.replace(RULE, trigger=msgspec.structs.replace(RULE.trigger, value="effective_on"))
    assert count([published(effective_on=date(2027, 1, 1))], PLAN, in_force, AS_OF).total.counted == 0
    only_first = msgspec.structs.replace(RULE, lead=msgspec.structs.replace(RULE.lead, first=1))
    assert role_of(published(drafters=ranked(2)), only_first)[0] == "participate"
    assert len({RULE.hash, with_sheets.hash, lax.hash, in_force.hash, only_first.hash}) == 5


def test_every_clause_says_where_it_comes_from() -> None:
    assert len(RULE.clauses) == 12
    assert all(clause.source and clause.zh and clause.en for _, clause in RULE.clauses)


def test_rule_files_that_are_missing_or_wrong_are_named(tmp_path: Any) -> None:
    with pytest.raises(NotFound, match="nothing-like-it"):
        load_rule("nothing-like-it")
    for id in (
        "../rules/default",
        "默认",
        "a" * 300,
        "default@" + "1" * 300,
        "default@1@1",
        "",
    ):  # some are longer than a file's name may be
        with pytest.raises(NotFound):
            load_rule(id)
    (tmp_path / "bad.toml").write_text('key = "bad"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="version"):
        load_rule("bad", tmp_path)


def test_everything_counting_says_is_translated() -> None:
    messages = [*LEVEL_NAMES.values(), *counting.STAGES.values(), *counting.ROLES.values(), *wording.ENDINGS.values()]
    messages += [line.why for change in ({}, {"kind": "amendment"}, {"publication_evidence": ()}) for line in [judged(published(**change))]]
    assert all(message.en if isinstance(message, Name) else message.text in catalogue() for message in messages)


DAYS = st.dates(date(2023, 6, 1), date(2027, 6, 1))
STANDARDS = st.lists(
    st.builds(
        published,
        id=st.integers(0, 12).map(str),
        number=st.one_of(st.none(), st.integers(0, 12).map(lambda n: f"GB/T {n}—2025")),
        level=st.sampled_from(["local", "industry", "national", "international"]),
        kind=st.sampled_from(["new", "revision", "amendment", "adoption"]),
        status=st.sampled_from(["active", "frozen", "terminated", "published", "superseded"]),
        stage=st.sampled_from(["", "10.00", "20.20", "25.20", "30.20", "60.60", "90.20"]),
        published_on=st.one_of(st.none(), DAYS),
        publication_evidence=st.sampled_from([(), ("发布公告",)]),
        drafters=st.sampled_from([(), (OURS,), (OURS, OTHERS), (OTHERS,), ranked(3), ranked(2, 4)]),
        international_role=st.sampled_from([None, "editor", "expert"]),
    ),
    max_size=20,
)


@given(STANDARDS, DAYS)
def test_distinct_parts_add_up_to_the_whole(standards: list[StandardFacts], day: date) -> None:
    counted = count(standards, PLAN, RULE, day)
    assert len(counted.lines) == len({s.id for s in standards})
    assert sum(len(counted.having(o)) for o in ("counted", "unverified", "in_progress", "not_counted")) == len(counted.lines)
    for part in (*counted.targets, counted.total):
        assert part.counted == part.lead + part.participate + part.not_ranked
        assert part.in_progress == sum(part.stages.values())
    for name in ("counted", "lead", "unverified", "in_progress", "halted", "target"):
        assert getattr(counted.total, name) == sum(getattr(t, name) for t in counted.targets)


@given(STANDARDS, DAYS, st.randoms())
def test_the_order_of_the_input_does_not_matter(standards: list[StandardFacts], day: date, random: Any) -> None:
    shuffled = list(standards)
    random.shuffle(shuffled)
    assert count(shuffled, PLAN, RULE, day) == count(standards, PLAN, RULE, day)


@given(STANDARDS, DAYS, st.integers(0, 400))
def test_what_is_never_withdrawn_never_leaves_the_count(standards: list[StandardFacts], day: date, later: int) -> None:
    numbered = [msgspec.structs.replace(s, number=f"GB/T {n}—2025") for n, s in enumerate({s.id: s for s in standards}.values())]
    before = {line.standard.id for line in count(numbered, PLAN, RULE, day).having("counted")}
    after = {line.standard.id for line in count(numbered, PLAN, RULE, day + timedelta(days=later)).having("counted")}
    assert before <= after
