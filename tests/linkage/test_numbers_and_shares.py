"""Project numbers in every spelling, shares as fractions, and what stands in the way of a claim."""

from datetime import date
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.linkage.claims import total, unmet_for_claim
from standards_hub.linkage.values import ProjectLink, project_key, share_of


@pytest.mark.parametrize(
    "number",
    ["SN-2024-0001", "sn 2024 0001", "ＳＮ２０２４０００１", "SN—2024－0001", "SN\u22122024\u20110001", " Sn2024\u200b0001\t"],
)
def test_one_project_number_in_every_spelling(number: str) -> None:
    assert project_key(number) == "SN20240001"


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    key = project_key(text)
    assert project_key(key) == key
    assert not any(character.isspace() or character in "-‐‑–—−" for character in key)


@given(st.lists(st.sampled_from(["BE", "2024", "07", "苏科"]), min_size=1), st.sampled_from(["-", " ", "—", "－", "  - "]))
def test_separators_and_case_make_no_difference(parts: list[str], separator: str) -> None:
    assert project_key(separator.join(parts).lower()) == project_key("".join(parts))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", Fraction(1, 3)), ("0.25", Fraction(1, 4)), ("25%", Fraction(1, 4)), ("1", Fraction(1)), (" １／２ ", Fraction(1, 2)),
        ("33.3%", Fraction(333, 1000)), ("0", None), ("4/3", None), ("1/0", None), ("-1/3", None), ("", None), ("1e-3", None),
        ("101%", None),
        ("NaN", None), ("50 %", Fraction(1, 2)), ("1/3%", None),
    ],
)  # fmt: skip
def test_shares_are_exact_fractions(text: str, share: Fraction | None) -> None:
    assert share_of(text) == share


ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


def link(project: UUID, share: str | None, *, primary: bool = False, withdrawn: bool = False) -> ProjectLink:
    return ProjectLink(
        id=uuid4(), project_id=project, standard_id=THREE, relation="output_of", share=share, primary=primary,
        state="withdrawn" if withdrawn else "claimed", claimed_on=date(2025, 1, 1), project_no="示例-1", title="示例", programme="示例",
        project_state="running",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "others", "expected"),
    [
        ("1/3", [link(TWO, "1/3"), link(THREE, "1/3")], []),
        ("1/3", [link(TWO, "1/3"), link(THREE, "2/5")], ["claim.sum"]),
        ("1/3", [link(TWO, "1", withdrawn=True)], []),
        (None, [link(TWO, "1")], []),
        ("2", [], ["claim.share"]),
        (None, [link(TWO, None, primary=True)], []),
        (None, [link(ONE, None)], ["claim.again"]),
        ("1/2", [link(ONE, "3/4", primary=True)], ["claim.again", "claim.sum"]),
    ],
)
def test_what_stands_in_the_way_of_a_claim(share: str | None, others: list[ProjectLink], expected: list[str]) -> None:
    assert [u.code for u in unmet_for_claim(ONE, share, others)] == expected


@given(st.lists(st.fractions(min_value=0, max_value=1, max_denominator=60).filter(bool), max_size=8))
def test_accepted_shares_never_sum_to_more_than_one(shares: list[Fraction]) -> None:
    held: list[ProjectLink] = []
    for share in shares:
        if not unmet_for_claim(project := uuid4(), str(share), held):
            held.append(link(project, str(share)))
    assert total(held) <= 1
    if sum(shares) <= 1:
        assert len(held) == len(shares)
