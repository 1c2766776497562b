"""The edge cases of counting, one by one: what the department will ask about, with the answer the rule gives."""

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from standards_hub.linkage.breakdown import Share, breakdown, credit
from standards_hub.linkage.claims import total, unmet_for_claim
from standards_hub.linkage.comparing import differences
from standards_hub.linkage.counting import CountRule, Drafter, ProjectRef, StandardFacts, count, load_rule
from standards_hub.linkage.rule import rules
from tests.linkage.test_counting import AS_OF, PLAN, RULE, published
from tests.linkage.test_fulfilment import Claimed, kept, promise

APPROVED = load_rule("approved")
YEAR_END, NEXT = date(2026, 12, 31), date(2027, 1, 31)


def switched(**values: Any) -> CountRule:
    """The default rule with other answers to some clauses."""
    changed = {name: msgspec.structs.replace(getattr(RULE, name), value=value) for name, value in values.items()}
    return msgspec.structs.replace(RULE, **changed)


def total_of(standards: list[StandardFacts], rule: CountRule = RULE, day: date = AS_OF) -> int:
    return count(standards, PLAN, rule, day).total.counted


def test_p1_p2_p3_make_five_claims_three_standards_and_shares_that_sum_to_three() -> None:
    claims = {"A": ("P1",), "B": ("P1", "P2", "P3"), "C": ("P2",)}
    standards = [
        published(id=id, number=f"GB/T 9000{n}—2025", projects=tuple(ProjectRef(p, p) for p in names))
        for n, (id, names) in enumerate(claims.items())
    ]
    shares = [Share(id, project, Fraction(1, len(names))) for id, names in claims.items() for project in names]
    found = credit(shares)
    assert (found.claims, found.standards, total_of(standards)) == (5, 3, 3)
    assert found.projects == {"P1": Fraction(4, 3), "P2": Fraction(4, 3), "P3": Fraction(1, 3)}
    assert sum(found.projects.values()) + found.unassigned == 3


def test_without_p2_two_standards_remain_claimed_and_its_share_of_b_goes_on_only_if_the_rule_says_so() -> None:
    left = [Share("A", "P1", Fraction(1)), Share("B", "P1", Fraction(1, 3)), Share("B", "P3", Fraction(1, 3))]
    kept_open, passed_on = credit(left), credit(left, renormalise=True)
    assert kept_open.standards == passed_on.standards == 2
    assert (kept_open.projects["P3"], kept_open.unassigned) == (Fraction(1, 3), Fraction(1, 3))
    assert (passed_on.projects["P3"], passed_on.unassigned) == (Fraction(1, 2), 0)


def test_one_standard_claimed_by_three_projects_counts_once_and_keeps_three_promises() -> None:
    projects = tuple(ProjectRef(f"P{n}", "示例") for n in (1, 2, 3))
    assert total_of([published(projects=projects[:n]) for n in (1, 2, 3)]) == 1
    standard = Claimed(id=promise().id, level="national", stage="60.60", status="published", role="lead", state="confirmed")
    assert [kept([promise()], [standard])[0].missing for _ in projects] == [0, 0, 0]


def test_published_on_the_last_day_and_entered_in_january_counts_in_2026_once_it_is_known() -> None:
    before = count([published(status="active", published_on=None)], PLAN, RULE, YEAR_END)
    after = count([published(published_on=YEAR_END)], PLAN, RULE, YEAR_END)
    assert (before.total.counted, after.total.counted) == (0, 1)
    (change,) = differences(before, after)
    assert (change.change, change.id) == ("added", "s1")


def test_approved_in_december_and_published_in_january_counts_in_2026_only_from_the_day_of_approval() -> None:
    approved = date(2026, 12, 20)
    waiting = published(
        status="active", stage="60.00", approved_on=approved, published_on=None, number=None, publication_evidence=(),
        approval_evidence=("approval_decision",),
    )  # fmt: skip
    assert (total_of([waiting], RULE, YEAR_END), total_of([waiting], APPROVED, YEAR_END)) == (0, 1)
    out = published(approved_on=approved, published_on=date(2027, 1, 15), effective_on=date(2027, 7, 1))
    assert (total_of([out], RULE, NEXT), total_of([out], APPROVED, NEXT)) == (0, 1)
    assert total_of([out], switched(trigger="effective_on"), date(2027, 8, 1)) == 0


def test_what_is_published_without_a_day_of_approval_counts_from_its_publication() -> None:
    assert total_of([published(approved_on=None)], APPROVED) == 1


@pytest.mark.parametrize(("evidence", "outcome"), [((), "unverified"), (("approval_decision",), "counted")])
def test_an_approval_counts_once_its_decision_is_on_file(evidence: tuple[str, ...], outcome: str) -> None:
    standard = published(
        status="active", published_on=None, publication_evidence=(), approved_on=date(2026, 10, 1), approval_evidence=evidence
    )
    (line,) = count([standard], PLAN, APPROVED, AS_OF).lines
    assert line.outcome == outcome


def test_what_is_not_approved_yet_is_in_progress_under_that_rule_too() -> None:
    (line,) = count([published(status="active", published_on=None)], PLAN, APPROVED, AS_OF).lines
    assert (line.outcome, line.code, str(line.why)) == ("in_progress", "trigger", "尚未批准")


def test_a_revision_and_the_edition_it_replaces_both_count() -> None:
    old = published(id="old", status="superseded", published_on=date(2024, 3, 1), number="GB/T 90001—2024")
    assert total_of([old, published(kind="revision")]) == 2


def test_three_parts_count_three_or_one_as_the_rule_says() -> None:
    parts = [published(id=f"p{n}", number=f"GB/T 90002.{n}—2025") for n in (1, 2, 3)]
    apart = published(id="other", number="GB/T 90003—2025")
    assert total_of([*parts, apart]) == 4
    once = count([*parts, apart], PLAN, switched(parts="series"), AS_OF)
    assert once.total.counted == 2
    assert [line.code for line in once.having("not_counted")] == ["parts", "parts"]
    assert switched(parts="series").hash != RULE.hash


def test_an_adopted_standard_and_its_parent_count_each_or_only_the_higher_as_the_rule_says() -> None:
    parent = published(id="iso", number="ISO 90001:2025", level="international", family="iso", international_role="expert", drafters=())
    adopted = published(kind="adoption", same_source=("iso",), published_on=date(2026, 2, 1))
    assert [t.counted for t in count([adopted, parent], PLAN, RULE, AS_OF).targets] == [0, 1, 1]
    highest = count([adopted, parent], PLAN, switched(adoption="highest"), AS_OF)
    assert [t.counted for t in highest.targets] == [0, 0, 1]
    (left_out,) = highest.having("not_counted")
    assert (left_out.standard.id, left_out.code) == ("s1", "adoption") and "ISO 90001:2025" in str(left_out.why)


def test_a_parent_that_does_not_count_itself_keeps_nothing_from_counting() -> None:
    parent = published(id="iso", number="ISO 90001:2025", level="international", family="iso", international_role=None, drafters=())
    assert total_of([published(kind="adoption", same_source=("iso",)), parent], switched(adoption="highest")) == 1


def test_an_industry_standard_raised_to_national_counts_in_both_targets_and_is_flagged() -> None:
    industry = published(id="yd", level="industry", number="YD/T 90001—2024", family="industry", published_on=date(2024, 5, 1))
    found = count([industry, published(same_source=("yd",))], PLAN, RULE, AS_OF)
    assert [t.counted for t in found.targets] == [1, 1, 0]
    assert [[flag.into("zh") for flag in line.flags] for line in found.lines] == [[], ["同源"]]


def test_a_project_that_is_terminated_or_renumbered_takes_nothing_from_the_count() -> None:
    assert total_of([published(projects=(ProjectRef("旧号", "示例"),))]) == total_of([published(projects=())]) == 1


def test_a_drafter_that_is_renamed_keeps_region_and_role() -> None:
    renamed = published(drafters=(Drafter("示例单位甲（更名）", 1, "nanjing", True), Drafter("示例单位乙", 2, None, False)))
    (line,) = count([renamed], PLAN, RULE, AS_OF).lines
    assert (line.region, line.role) == ("nanjing", "lead")


def test_a_unit_found_not_to_be_in_the_foreword_takes_its_standard_out_of_the_count() -> None:
    before = count([published()], PLAN, RULE, AS_OF)
    after = count([published(drafters=(Drafter("示例单位乙", 1, None, False),))], PLAN, RULE, AS_OF)
    (change,) = differences(before, after)
    assert (change.change, change.second and change.second.code) == ("removed", "roles")


def test_two_fields_and_two_cities_give_the_one_to_the_primary_and_add_up() -> None:
    two = published(
        fields=("quantum", "hydrogen"),
        drafters=(Drafter("示例单位甲", 1, "nanjing", True), Drafter("示例单位丙", 2, "suzhou", True)),
    )
    other = published(id="s2", number="GB/T 90009—2025", primary_field=None)
    counted = count([two, other], PLAN, RULE, AS_OF)
    tables = {axis: breakdown(counted, axis) for axis in ("field", "region", "unit")}  # type: ignore[arg-type]
    for table in tables.values():
        assert sum(row.counted for row in table.rows) == table.total == counted.total.counted == 2
        assert sum(row.participation for row in table.rows) == table.participations
        assert all(sum(row.by_target.values()) == row.counted for row in table.rows)
    assert {row.key: (row.counted, row.participation) for row in tables["field"].rows} == {
        "quantum": (1, 1), "hydrogen": (0, 1), None: (1, 1),
    }  # fmt: skip
    assert {row.key: (row.counted, row.participation) for row in tables["region"].rows} == {"nanjing": (2, 2), "suzhou": (0, 1)}
    assert tables["unit"].participations == 3


def test_a_target_that_is_exceeded_lends_nothing_to_another() -> None:
    found = count([published(id=f"{n}", number=f"DB32/T {n}—2025", level="local", family="local") for n in range(63)], PLAN, RULE, AS_OF)
    assert [(t.counted, t.permille) for t in found.targets] == [(63, 1050), (0, 0), (0, 0)]


def test_nothing_in_hand_and_a_target_of_nothing_divide_by_nothing() -> None:
    plan = msgspec.structs.replace(PLAN, targets=(msgspec.structs.replace(PLAN.targets[0], value=0),))
    (found,) = count([], plan, RULE, AS_OF).targets
    assert (found.counted, found.permille, found.in_progress) == (0, None, 0)


def test_shares_of_a_standard_may_not_exceed_one() -> None:
    assert total([]) == 0 and unmet_for_claim(promise().id, "4/3", [])[0].code == "claim.share"


def test_a_day_of_approval_is_worth_what_the_difference_lists() -> None:
    standards = [
        published(id="both", number="GB/T 1—2025", approved_on=date(2025, 5, 1)),
        published(id="later", number="GB/T 2—2027", approved_on=date(2026, 10, 1), published_on=date(2026, 11, 5)),
        published(id="early", number="GB/T 3—2024", approved_on=date(2023, 12, 28), published_on=date(2024, 1, 3)),
    ]
    by_day, by_approval = (count(standards, PLAN, rule, AS_OF) for rule in (RULE, APPROVED))
    found = differences(by_day, by_approval)
    assert {one.id: one.change for one in found} == {"later": "added", "early": "removed"}
    changes = [one.change for one in found]
    assert by_approval.total.counted - by_day.total.counted == changes.count("added") - changes.count("removed")


def test_rules_are_listed_and_found_by_key_and_version() -> None:
    assert [rule.id for rule in rules()] == ["default@1", "approved@1"]
    assert load_rule("approved@1") == APPROVED != RULE
    with pytest.raises(Exception, match="没有第 9 版"):
        load_rule("default@9")


def test_a_rule_that_extends_another_differs_only_in_what_it_answers() -> None:
    differing = {name for name, clause in APPROVED.clauses if clause != getattr(RULE, name)}
    assert differing == {"trigger", "window", "status", "evidence"}
