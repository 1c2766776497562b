"""Verdicts, types and clauses as people write them."""

import random

import pytest

from standards_hub.committees.comments.clauses import clause_key
from standards_hub.committees.comments.values import DISPOSITIONS
from standards_hub.committees.comments.wording import comment_type, observation, verdict


@pytest.mark.parametrize(
    "said, expected, reason",
    [
        ("采纳", "adopted", ""),
        ("Accepted", "adopted", ""),
        ("Agreed. See 5.2", "adopted", "See 5.2"),
        ("Not accepted", "not_adopted", ""),
        ("NOT  ACCEPTED – out of scope", "not_adopted", "out of scope"),
        ("not-accepted", "not_adopted", ""),
        ("不采纳", "not_adopted", ""),
        ("未采纳，理由：超出范围", "not_adopted", "理由：超出范围"),
        ("不予采纳（超出范围）", "not_adopted", "超出范围"),
        ("暂不采纳", "not_adopted", ""),
        ("部分采纳：只改第一句", "partly", "只改第一句"),
        ("Accepted in principle", "partly", ""),
        ("Accepted with modifications: see 4", "partly", "see 4"),
        ("Partially accepted", "partly", ""),
        ("Noted", "noted", ""),
        ("□采纳 ☑不采纳 □部分采纳", "not_adopted", ""),
        ("Not accepted, but see 5.2", "not_adopted", "but see 5.2"),
        ("Accepted. No change to figure 2", "adopted", "No change to figure 2"),
        ("采纳：√2 改为 1.414", "adopted", "√2 改为 1.414"),
        ("部分采纳，但不改第二句", "partly", "但不改第二句"),
    ],
)
def test_a_decision_is_read_from_the_first_word_of_its_cell(said: str, expected: str, reason: str) -> None:
    assert verdict(said) == (expected, reason)


@pytest.mark.parametrize(
    "said",
    ["", "Non accepted", "Accepted / Not accepted", "采纳/不采纳", "采纳与否待定", "□采纳 □不采纳", "Acceptedness", "The group has accepted it",
     "拟采纳", "Unaccepted", "☑采纳 ☑不采纳", "采纳或不采纳", "采纳 □ 不采纳 ■", "采纳（□）不采纳（√）", "Accepted ☐ Not accepted ☒",
     "Accepted [ ] Not accepted [x]", "采纳：□　不采纳：√", "采纳、部分采纳、不采纳", "采纳 部分采纳 不采纳", "Accepted, not accepted", "采纳：否", "采纳（否）",
     "Accepted: no", "Accepted - N", "Agreed to reject", "Accepted, but not as proposed", "同意，但不修改", "知悉，不采纳"],
)  # fmt: skip
def test_what_is_no_plain_decision_is_never_taken_for_one(said: str) -> None:
    assert verdict(said) == (None, said)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", ["", "超出范围", "（见 3.2）", "—— 见附录", "见 3.2。\n另见 4"])
def test_a_decision_that_is_written_is_read_again(language: str, reason: str) -> None:
    for disposition in DISPOSITIONS:
        assert verdict(observation(disposition, reason, language)) == (disposition, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said, expected",
    [("te", ("te", True)), ("Ed", ("ed", True)), ("T", ("te", True)), ("技术性", ("te", True)), ("te/ed", ("te", False)), ("ge, ed", ("ge", False)),
     ("xx", (None, False)), ("te xx", ("te", False))],
)  # fmt: skip
def test_types_are_read_as_real_sheets_write_them(said: str, expected: tuple[str | None, bool]) -> None:
    assert comment_type(said) == expected


def test_clauses_sort_as_people_sort_them() -> None:
    order = [
        "全文",
        "封面",
        "目次",
        "前言",
        "引言",
        "1",
        "第三章",
        "3.2",
        "3.10",
        "条款 3.11",
        "章节3.12",
        "Cl. 3.13",
        "第4章",
        "4.1",
        "10",
        "第十一条",
        "第二十章",
        "第二十三节",
        "附录A",
        "A.2",
        "附录 A.10",
        "Annex B",
        "参考文献",
    ]
    shuffled = random.Random(3).sample(order, len(order))
    assert sorted(shuffled, key=clause_key) == order
