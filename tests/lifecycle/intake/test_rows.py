"""The pure checks of a row: every step of every track can be entered, and twins in a file are found."""

from datetime import date, timedelta

import pytest

from standards_hub.lifecycle.intake.columns import STEP_PREFIX, column, columns, tracks
from standards_hub.lifecycle.intake.reading import Cell, Row
from standards_hub.lifecycle.intake.rows import mark_twins, read_row, read_rows
from tests.lifecycle.driving import NUMBERS

TODAY = date(2026, 11, 24)
STEPS = [(track, step.key) for track, found in tracks().items() for step in found.steps]


def entering(track: str, step: str) -> dict[str, Cell]:
    """A row with the day of every step up to the present one, and the number once it is published."""
    chosen = tracks()[track]
    cells: dict[str, Cell] = {"title_zh": "示例", "track": str(chosen.name), "step": f"{chosen.step(step).shown} {chosen.step(step).name}"}
    day = date(2023, 1, 2)
    for one in chosen.steps[: chosen.position(step) + 1]:
        cells["published_on" if one.code == "60.60" else STEP_PREFIX + one.key] = day
        day += timedelta(days=20)
    if "published_on" in cells:
        cells["number"] = NUMBERS.get(track, "SJ/T {serial}-{year}").format(serial=99001, year=2023)
    if track == "national-adoption":
        cells |= {"adopts": "ISO 14687:2025", "degree": "IDT"}
    return cells


@pytest.mark.parametrize(("track", "step"), STEPS, ids=[f"{t}-{s}" for t, s in STEPS])
def test_a_standard_enters_at_any_step_of_any_track(track: str, step: str) -> None:
    draft = read_row(Row(2, entering(track, step)), TODAY)
    assert [problem for problem in draft.problems if problem.severity == "error"] == []
    assert draft.entry is not None and (draft.entry.track, draft.entry.step) == (track, step)


def test_the_day_of_a_step_that_is_not_reached_is_an_error_at_its_column() -> None:
    cells = entering("national-gbt", "30.20") | {"entered_40.20": date(2026, 1, 1)}
    assert [(p.column, p.code) for p in read_row(Row(2, cells), TODAY).problems if p.severity == "error"] == [
        ("entered_40.20", "entry.ahead")
    ]


def test_a_step_that_only_other_tracks_have_has_no_day_here() -> None:
    cells = entering("national-gbt", "30.20") | {"entered_40.00": date(2023, 1, 9)}
    assert [(p.column, p.code) for p in read_row(Row(2, cells), TODAY).problems if p.severity == "error"] == [
        ("entered_40.00", "entry.step")
    ]
    (said,) = [str(p.why) for p in read_row(Row(2, cells), TODAY).problems if p.column == "entered_40.00"]
    assert str(column("entered_40.00").name) in said and "40.00" not in said


def test_adoption_wants_its_degree_and_a_local_standard_adopts_only_with_a_remark() -> None:
    bare = entering("national-gbt", "30.20") | {"adopts": "ISO 14687:2025"}
    assert [p.column for p in read_row(Row(2, bare), TODAY).problems if p.severity == "error"] == ["degree"]
    local = entering("local-db32", "30.20") | {"adopts": "ISO 14687:2025", "degree": "IDT"}
    found = read_row(Row(2, local), TODAY)
    assert ("adopts", "warning") in {(p.column, p.severity) for p in found.problems} and found.outcome == "warning"


def test_the_same_title_twice_is_an_error_unless_numbers_or_a_revision_tell_them_apart() -> None:
    def outcome(**second: Cell) -> str:
        one = entering("national-gbt", "30.20") | {"plan_number": "20260001-T-469"}
        drafts = read_rows([Row(2, one), Row(3, one | {"plan_number": None, **second})], TODAY)
        mark_twins(drafts)
        codes = {(p.code, p.severity) for p in drafts[1].problems if p.code.startswith("twin")}
        return "/".join(sorted(severity for _, severity in codes))

    assert outcome() == "error"
    assert outcome(plan_number="20260002-T-469") == "warning"
    assert "error" in outcome(plan_number="20260001-T-469")
    assert outcome(kind="修订") == ""


def test_every_column_has_an_english_name_and_meaning_of_its_own() -> None:
    found = columns()
    assert len({c.key for c in found}) == len({c.name.zh for c in found}) == len({c.name.en for c in found}) == len(found)
    assert all(c.meaning.zh and c.meaning.en and c.meaning.zh != c.meaning.en for c in found)
