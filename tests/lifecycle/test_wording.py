"""What the facts of a standard are called."""

import pytest

from standards_hub.lifecycle.columns import COLUMNS
from standards_hub.lifecycle.filtering import FACETS
from standards_hub.lifecycle.wording import FACT_NAMES


@pytest.mark.parametrize(
    ("fact", "listed"), [("region", "region"), ("plan_key", "plan"), ("fills_gap", "fills_gap"), ("stricter", "stricter")]
)
def test_a_fact_has_one_name_in_forms_columns_and_filters(fact: str, listed: str) -> None:
    assert str(FACT_NAMES[fact]) == str(COLUMNS[listed].name) == str(FACETS[listed].name)
