"""The 46 harmonized codes, and what other bodies call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel.messages import catalogue
from standards_hub.lifecycle.stages import IEC_CODES, IEC_LETTERS, ITU_STATUSES, STAGE_NAMES, STAGES, is_valid, iso_code, name_of


def test_there_are_forty_six_codes_in_nine_stages():
    assert len(STAGES) == 46
    assert {stage.group for stage in STAGES.values()} == set(STAGE_NAMES)


@pytest.mark.parametrize(
    "code", ["20.92", "20.93", "30.93", "50.93", "60.20", "90.00", "90.98", "95.00", "95.93", "95.98", "25.00", "35.20"]
)
def test_cells_of_the_matrix_that_do_not_exist_are_refused(code):
    assert not is_valid(code)


@pytest.mark.parametrize("code", ["00.00", "30.92", "40.93", "90.93", "95.92", "95.99"])
def test_codes_that_exist(code):
    assert is_valid(code)


@pytest.mark.parametrize(
    "given, expected",
    [
        (6060, "60.60"), (20, "00.20"), (0, "00.00"), (2000, "20.00"), ("6060", "60.60"), (2092, None),
        ("35.20", "30.20"), ("35.91", "30.60"), ("35.92", "30.92"), ("35.99", "30.99"), ("30.97", "30.98"), (3520, "30.20"),
        ("CD", "30.20"), ("3CD", "30.20"), ("A3CD", "30.92"), ("A2CD", "30.99"), ("CCDV", "40.20"), ("ccdv", "40.20"), ("CFDIS", "50.20"),
        ("NADIS", "40.93"), ("PPUB", "60.60"), ("MERGED", "30.98"),
        ("consented", "40.00"), ("Determined", "40.00"), ("LC", "40.20"), ("AR", "50.20"),
        ("In force", "60.60"), ("in-force-prepublished", "60.00"),
        ("40.93", "40.93"), (" 30.20 ", "30.20"), ("30.93", None), ("nonsense", None), ("", None), ("99999", None),
    ],
)  # fmt: skip
def test_what_others_call_it_becomes_a_harmonized_code(given, expected):
    assert iso_code(given) == expected


def test_every_mapping_ends_in_a_code_that_exists():
    assert all(is_valid(code) for table in (IEC_CODES, IEC_LETTERS, ITU_STATUSES) for code in table.values())


def test_every_code_has_both_names():
    for code in [*STAGES, *STAGE_NAMES]:
        assert name_of(code).text in catalogue()


@given(st.text(max_size=12) | st.integers())
def test_anything_gives_a_valid_code_or_none(anything):
    code = iso_code(anything)
    assert code is None or is_valid(code)
