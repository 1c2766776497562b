"""What is due when, seen from a Tuesday."""

from datetime import date

import pytest

from standards_hub.lifecycle.due import group_of, summary

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "due, group",
    [
        (date(2026, 11, 23), "late"), (date(2026, 11, 24), "today"), (date(2026, 11, 25), "week"), (date(2026, 11, 29), "week"),
        (date(2026, 11, 30), "later"), (None, "open"),
    ],
)  # fmt: skip
def test_a_thing_is_grouped_by_its_day_and_the_week_ends_on_sunday(due: date | None, group: str) -> None:
    assert group_of(due, TODAY) == group


@pytest.mark.parametrize(
    "dues, said",
    [
        ([], "没有待办"),
        ([None], "本人待办 1 项，都没有期限"),
        ([None, TODAY, date(2027, 1, 1)], "本人待办 3 项，最近一项今天到期"),
        ([date(2026, 12, 1), None], "本人待办 2 项，最近一项 2026-12-01 到期"),
        ([date(2026, 1, 1), date(2026, 1, 2), TODAY], "本人待办 3 项，其中 2 项已逾期"),
    ],
)
def test_the_sentence_says_how_many_and_how_near(dues: list[date | None], said: str) -> None:
    assert summary(dues, TODAY).into("zh") == said
