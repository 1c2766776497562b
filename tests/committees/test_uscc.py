"""统一社会信用代码: GB 32100 and GB 11714."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.committees.uscc import ALPHABET, BODY_ALPHABET, body_check, check_character, fault, normalise


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110108551385082Q", "12320000MA20001070", "12320000MA20003420"])
def test_well_formed_codes_pass_also_where_the_remainder_is_zero(code: str) -> None:
    assert fault(code) is None


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("91350100M000100Y4A", "第 18 位（校验位）应为 3"),
        ("91310115MA1H8R7C6D", "第 17 位"),
        ("91350100M000100Y4", "现为 17 位"),
        ("91350100I000100Y43", "第 9 位的“I”"),
        ("91A50100M000100Y43", "第 3 至 8 位"),
        ("", "现为 0 位"),
    ],
)
def test_a_fault_is_named_with_its_place(code: str, part: str) -> None:
    found = fault(code)
    assert found is not None
    assert part in str(found)
    assert found.into("en") != found.into("zh")


def test_width_case_and_spaces_are_no_faults() -> None:
    assert normalise(" ９１350100 m000100y43 ") == "91350100M000100Y43"


@st.composite
def codes(draw: st.DrawFn) -> str:
    body = draw(st.text(sorted(set(ALPHABET) & set(BODY_ALPHABET)), min_size=8, max_size=8))
    checked = body_check(body)
    front = draw(st.text(ALPHABET, min_size=2, max_size=2)) + draw(st.text("0123456789", min_size=6, max_size=6)) + body + checked
    return front + check_character(front)


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    assert fault(code) is None
    wrong = code[:place] + other + code[place + 1 :]
    assert (fault(wrong) is None) == (wrong == code)


@given(codes(), st.integers(0, 16))
def test_swapping_two_neighbours_is_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (fault(swapped) is None) == (swapped == code)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    code = normalise(text)
    found = fault(code)
    assert found is not None or (len(code) == 18 and code[17] == check_character(code[:17]))
