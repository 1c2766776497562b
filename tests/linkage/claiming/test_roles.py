"""Leading and taking part by named policies: the cases of the published rules, and one judgement with the counting rule."""

from uuid import uuid4

import pytest

from standards_hub.kernel.errors import BadInput
from standards_hub.linkage.claiming.parts import part_of
from standards_hub.linkage.claiming.repository import Drafting
from standards_hub.linkage.facts import Drafter
from standards_hub.linkage.roles import PROJECT, PROVINCE, judge, policies, policy, tier, why
from standards_hub.linkage.rule import load_rule

MINE = uuid4()


def drafting(rank: int | None, *, of: int = 6, lead: int | None = None, unnamed: bool = False, level: str = "national") -> Drafting:
    """`of` drafters of which the project's is at `rank`; `lead` is the place of a responsible one."""
    units = tuple(
        (MINE if n == rank else uuid4(), Drafter(f"示例{n}", None if unnamed else n, "3201", True, n == lead)) for n in range(1, of + 1)
    )
    return Drafting(units, (), unnamed, None, level)


@pytest.mark.parametrize(
    "key, given, role, said",
    [
        ("default", drafting(1), "lead", "起草单位第1位"),
        ("default", drafting(2), "lead", "起草单位第2位"),
        ("default", drafting(3), "participate", "起草单位第3位"),
        ("default", drafting(1, of=1), "lead", "独立起草"),
        ("default", drafting(4, lead=4), "lead", "前言载明为负责起草单位"),
        ("default", drafting(1, lead=4), "participate", "负责起草单位不是本项目的单位"),
        ("default", drafting(None), None, "起草单位中没有本项目的单位"),
        ("default", drafting(3, unnamed=True), "not_ranked", "前言不列起草单位，位次不适用"),
        ("first-unit", drafting(2), "participate", "起草单位第2位"),
        ("first-unit", drafting(1, lead=4), "lead", "起草单位第1位"),
        ("first-two", drafting(2, lead=4), "lead", "起草单位第2位"),
        ("tiers", drafting(2), "participate", "起草单位第2位"),
    ],
)
def test_the_part_of_a_project_follows_from_its_policy_and_says_why(key: str, given: Drafting, role: str | None, said: str) -> None:
    part = part_of(given, {MINE}, policy(key))
    assert (part.role, str(why(part, PROJECT))) == (role, said)


@pytest.mark.parametrize("rank, expected", [(1, "主导"), (2, "主要参与"), (5, "主要参与"), (6, "参与")])
def test_tiers_call_the_second_to_fifth_a_main_part(rank: int, expected: str) -> None:
    assert str(tier(part_of(drafting(rank), {MINE}, policy("tiers")), policy("tiers"))) == expected


@pytest.mark.parametrize(
    "office, role", [("project_leader", "lead"), ("convenor", "lead"), ("editor", "lead"), ("expert", "participate"), (None, None)]
)
def test_in_iso_and_iec_the_office_decides(office: str | None, role: str | None) -> None:
    given = Drafting((), (), False, office, "international")
    assert part_of(given, {MINE}, policy(None)).role == role


def test_the_raw_rank_is_kept_beside_what_the_policy_makes_of_it() -> None:
    given = drafting(2)
    assert {key: (part_of(given, {MINE}, one).role, part_of(given, {MINE}, one).rank) for key, one in policies().items()} == {
        "default": ("lead", 2), "first-unit": ("participate", 2), "first-two": ("lead", 2), "tiers": ("participate", 2),
    }  # fmt: skip


def test_the_default_policy_is_the_clause_of_the_counting_rule() -> None:
    lead, chosen = load_rule("default").lead, policy(None)
    assert (chosen.first, chosen.international, chosen.source) == (lead.first, lead.international, lead.source)
    drafters = [drafter for _, drafter in drafting(2, lead=5).units]
    assert judge(drafters, drafters[1:2], lead) == judge(drafters, drafters[1:2], chosen)


def test_every_reason_has_words_for_the_province_and_for_a_project_and_every_policy_its_source() -> None:
    assert PROVINCE.keys() == PROJECT.keys()
    assert all(one.source and one.text_zh and one.text_en for one in policies().values())
    with pytest.raises(BadInput, match="有误"):
        policy("nobody")
