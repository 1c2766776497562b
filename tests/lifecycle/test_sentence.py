"""The sentence above a standard."""

from datetime import date

import pytest

from standards_hub.lifecycle.sentence import sentence
from tests.lifecycle.test_possible import TRACK, standard


@pytest.mark.parametrize(
    ("status", "said"),
    [("merged", "项目已合并，不再推进"), ("split", "项目已拆分，不再推进"), ("terminated", "项目终止，不再推进")],
)
def test_an_ended_project_is_said_to_have_ended_once(status: str, said: str) -> None:
    assert str(sentence(standard(status), TRACK, None, [], date(2026, 11, 24))) == said
