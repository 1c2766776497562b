"""Numbers of evidence: each is the beginning of its id, and is read in any spelling."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.lifecycle.evidence_numbers import evidence_number, ids_of


@given(st.uuids())
def test_an_id_is_found_by_its_number_and_the_span_is_all_that_has_it(id: UUID) -> None:
    number = evidence_number(id)
    span = ids_of(number)
    assert span and span[0] <= id <= span[1] and span[1].int - span[0].int == 2**88 - 1
    assert evidence_number(span[0]) == evidence_number(span[1]) == number


@pytest.mark.parametrize("spelling", ["ZJ7K3M9Q01", "zj7k3m9q01", "ZJ 7K3M-9Q01", "ＺＪ７Ｋ３Ｍ９Ｑ０１", "ZJ7K3M9QOL", "zj—7k3m9qoi"])
def test_a_number_is_read_in_any_spelling(spelling: str) -> None:
    assert ids_of(spelling) == ids_of("ZJ7K3M9Q01") is not None


@pytest.mark.parametrize("text", ["", "ZJ", "ZJ7K3M9Q0", "ZJ7K3M9Q012", "ZJ7K3M9QU1", "GB/T 1.1-2020", "7K3M9Q01"])
def test_what_is_no_number_stands_for_nothing(text: str) -> None:
    assert ids_of(text) is None
