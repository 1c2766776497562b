"""What may become of a claim: its states as a table, frozen ones, the evidence that is asked for, the rule of two."""

from datetime import date
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from standards_hub.linkage.claiming.states import (
    FROM,
    Evidence,
    Move,
    cautions,
    contested,
    unmet_for_move,
    unmet_for_second,
    unmet_for_verifying,
    wanted_for,
)
from standards_hub.linkage.roles import Part
from standards_hub.linkage.values import Claim, ClaimState, Commitment

STANDARD, OTHER = uuid4(), uuid4()


def claim(state: str = "claimed", *, primary: bool = False, standard: UUID = STANDARD) -> Claim:
    return Claim(
        id=uuid4(), project_id=uuid4(), standard_id=standard, relation="output_of", share=None, primary=primary, state=state,  # type: ignore[arg-type]
        claimed_on=date(2026, 1, 1),
    )  # fmt: skip


def evidence(kind: str, *, withdrawn: bool = False) -> Evidence:
    gone = date(2026, 2, 1) if withdrawn else None
    return Evidence(
        id=uuid4(), claim_id=uuid4(), kind=kind, title="示例", added_on=date(2026, 1, 2), added_by="account:x", withdrawn_on=gone  # type: ignore[arg-type]
    )  # fmt: skip


def promise(level: str = "national", evidence: list[str] | None = None, withdrawn: bool = False) -> Commitment:
    gone = date(2026, 1, 1) if withdrawn else None
    return Commitment(
        id=uuid4(), level=level, role_required="either", count=1, min_stage="60.60", source_text="示例", evidence=evidence, withdrawn_on=gone  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("move", get_args(Move))
def test_each_move_is_possible_from_its_states_and_from_no_other(move: Move) -> None:
    possible = {state for state in get_args(ClaimState) if not unmet_for_move(move, claim(state))}
    assert possible == set(FROM[move])


def test_verified_comes_only_after_review_and_accepted_only_after_verified() -> None:
    assert FROM["verify"] == ("in_review",) and FROM["accept"] == ("verified",) and "accepted" not in FROM["withdraw"]


def test_two_primaries_freeze_both_and_nobody_else() -> None:
    first, second, third, alone = claim(primary=True), claim("verified", primary=True), claim(), claim(primary=True, standard=OTHER)
    assert contested([first, second, third, alone]) == {first.id, second.id}
    assert contested([first, first]) == set()
    assert contested([first, claim("returned", primary=True), claim("withdrawn", primary=True)]) == set()


@pytest.mark.parametrize("move, frozen", [("submit", True), ("verify", True), ("accept", True), ("withdraw", False), ("revoke", False)])
def test_what_is_frozen_goes_no_further_but_may_be_given_up(move: Move, frozen: bool) -> None:
    codes = [unmet.code for unmet in unmet_for_move(move, claim(FROM[move][0]), frozen=True)]
    assert ("claim.contested" in codes) == frozen


@pytest.mark.parametrize(
    "asked, held, expected",
    [
        (None, [], ["evidence.none"]),
        (None, [evidence("other")], []),
        (["foreword"], [evidence("other")], ["evidence.missing"]),
        (["foreword", "publication_notice"], [evidence("foreword"), evidence("publication_notice")], []),
        (["foreword"], [evidence("foreword", withdrawn=True)], ["evidence.none"]),
    ],
)
def test_verifying_wants_the_evidence_of_the_contract_and_one_piece_at_least(
    asked: list[str] | None, held: list[Evidence], expected: list[str]
) -> None:
    assert [unmet.code for unmet in unmet_for_verifying([promise(evidence=asked)], "national", held)] == expected


@pytest.mark.parametrize(
    "relation, part, said",
    [
        ("output_of", Part(None, "not_ours"), "起草单位中没有本项目的单位"),
        ("output_of", Part(None, "none", sure=False), "未记载起草单位"),
        ("output_of", Part("participate", "unranked"), ""),
        ("output_of", Part("not_ranked", "unnamed"), ""),
        ("background", Part(None, "not_ours"), ""),
    ],
)
def test_an_output_that_no_unit_of_the_project_drafted_is_pointed_out_before_verifying(relation: Any, part: Part, said: str) -> None:
    told = cautions(structs.replace(claim("in_review"), relation=relation), part)
    assert [said in str(one) for one in told] == ([True] if said else [])


def test_promises_of_another_level_or_taken_back_ask_for_nothing() -> None:
    assert wanted_for([promise("local", ["foreword"]), promise(evidence=["vote_result"], withdrawn=True)], "national") == []


def test_nobody_verifies_what_they_claimed_by_account_or_as_a_person() -> None:
    person = uuid4()
    assert unmet_for_second({"account:a"}, set(), label="account:a", person=None)
    assert unmet_for_second({"account:a"}, {person}, label="account:b", person=person)
    assert not unmet_for_second({"account:a"}, {person}, label="account:b", person=uuid4())
    assert not unmet_for_second({"account:a"}, set(), label="account:b", person=None)
