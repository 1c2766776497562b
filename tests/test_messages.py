"""Every text has its English, and the check that says so can fail."""

from datetime import date
from pathlib import Path

import pytest

from scripts.messages import problems
from standards_hub.kernel.messages import Message, say

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_every_text_of_the_hub_has_its_english_and_no_english_is_left_over(untraced: None) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    "code, entries, expected",
    [
        ('say("退回 {day}", day=day)', 'msgid "退回 {day}"\nmsgstr "returned {day}"', None),
        ('say("{why}", why=why)', "", None),
        ('say("退回")', "", "no English for '退回'"),
        ('say("{a}：{b}", a=a, b=b)', "", "no English for '{a}：{b}'"),
        ("", 'msgid "退回"\nmsgstr "returned"', "nothing says '退回'"),
        ('say("退回")', 'msgid "退回"\nmsgstr ""', "not translated: '退回'"),
        ('say("退回")', '#, fuzzy\nmsgid "退回"\nmsgstr "returned"', "not translated: '退回'"),
        ('say("退回 {day}", day=day)', 'msgid "退回 {day}"\nmsgstr "returned {date}"', "other places"),
        ('say(f"退回{day}")', "", "needs its text in full"),
        ('say("退回")', 'msgid "退回"\nmsgstr "returned"\n\nmsgid "退回"\nmsgstr "sent back"', "stands twice"),
    ],
)
def test_a_text_and_its_english_must_agree(tmp_path: Path, code: str, entries: str, expected: str | None) -> None:
    (tmp_path / "room" / "locale").mkdir(parents=True)
    (tmp_path / "room" / "rules.py").write_text(code, encoding="utf-8")
    (tmp_path / "room" / "locale" / "en.po").write_text(HEADER + entries, encoding="utf-8")
    found = problems(tmp_path)
    assert len(found) == (expected is not None), found
    assert expected is None or expected in found[0]


def test_one_text_has_one_english(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text('say("退回")', encoding="utf-8")
    for room, english in (("a", "returned"), ("b", "sent back")):
        (tmp_path / room / "locale").mkdir(parents=True)
        (tmp_path / room / "locale" / "en.po").write_text(f'{HEADER}msgid "退回"\nmsgstr "{english}"', encoding="utf-8")
    assert "already has other English in a/locale/en.po" in problems(tmp_path)[0]


def test_texts_in_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "room" / "templates").mkdir(parents=True)
    (tmp_path / "room" / "templates" / "page.html").write_text('<h1>{{ say("总览") }}</h1>', encoding="utf-8")
    assert problems(tmp_path) == ["room/templates/page.html:1: no English for '总览'"]


def test_a_day_in_a_text_is_written_as_the_language_writes_days() -> None:
    day = date(2026, 11, 3)
    told = say("{what}，{days}", what=Message("{day}", {"day": day}), days=[day, day])
    assert told.into("zh") == "2026-11-03，2026-11-03、2026-11-03"
    assert told.into("en").endswith("3 Nov 2026，3 Nov 2026, 3 Nov 2026")
