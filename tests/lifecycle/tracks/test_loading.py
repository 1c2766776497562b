"""Files become tracks: extension with keyed merging, and errors that name the place."""

from pathlib import Path

import pytest

from standards_hub.kernel.errors import NotFound
from standards_hub.lifecycle.tracks import TrackError, load_file, load_tracks, newest, track
from standards_hub.lifecycle.tracks.loading import LARGEST, version_order


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


HEAD = 'extends = "national-gbt"\nkey = "mine"\n'


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(TrackError) as caught:
        load_file(path)
    (unmet,) = caught.value.unmet
    return unmet.where or "", unmet.why.both


def test_a_track_is_found_by_id_and_the_newest_by_key():
    assert track("national-gbt@2026.1") is newest("national-gbt") is load_tracks()["national-gbt@2026.1"]
    with pytest.raises(NotFound):
        track("national-gbt@1999.1")
    with pytest.raises(NotFound):
        newest("none")


def test_versions_count_as_numbers():
    assert max(["2026.9", "2026.10", "2025.12"], key=version_order) == "2026.10"


def test_a_short_file_changes_one_figure_and_keeps_the_rest(tmp_path):
    mine = load_file(write(tmp_path, HEAD + '[[limits]]\nkey = "submission"\nlength = {value = 7, source = "D"}\n'))
    base = newest("national-gbt")
    (limit,) = [one for one in mine.limits if one.key == "submission"]
    assert (limit.length.value, limit.length.source, limit.consequence) == (7, "D", "freeze")
    assert mine.steps == base.steps and mine.transitions == base.transitions


def test_a_whole_figure_is_replaced_with_its_note(tmp_path):
    mine = load_file(write(tmp_path, HEAD + '[facts]\ncomment_stage_months = {value = 2, source = "S7"}\n'))
    assert newest("national-gbt").facts["comment_stage_months"].note is not None
    assert mine.facts["comment_stage_months"].note is None


def test_remove_drops_a_row_and_a_table(tmp_path):
    mine = load_file(
        write(tmp_path, HEAD + '[fast_track]\nremove = true\n[[transitions]]\nfrom = "20.00"\nto = "30.20"\nact = "skip"\nremove = true\n')
    )
    assert mine.fast_track is None
    assert not [t for t in mine.transitions if t.act == "skip"]


def test_a_new_step_takes_its_place_by_code(tmp_path):
    mine = load_file(write(tmp_path, HEAD + '[[steps]]\ncode = "20.60"\nname = {zh = "定稿", en = "Closed"}\nholder = "drafting_group"\n'))
    keys = [s.key for s in mine.steps]
    assert keys[keys.index("verification") + 1] == "20.60"


def test_a_paper_gate_takes_the_name_of_its_paper():
    (gate,) = [g for t in newest("national-gbt").transitions for g in t.gates if g.key == "plan_notice"]
    assert (gate.kind, gate.name.zh) == ("paper", "国家标准计划")


@pytest.mark.parametrize(
    "text, place, word",
    [
        ('[[steps]]\ncode = "20.20"\ncolour = "red"\n', "steps[20.20]", "colour"),
        ('[[steps]]\ncode = "20.60"\nholder = "committee"\n', "steps[20.60]", "name"),
        ('[[steps]]\ncode = "20.20"\nname = {zh = "甲", en = "A", fr = "A"}\n', "steps[20.20].name", "zh"),
        ('[[limits]]\nkey = "submission"\nunit = "years"\n', "limits[submission].unit", "years"),
        ('[[limits]]\nkey = "submission"\n[limits.length]\nvalue = "18"\n', "limits[submission].length.value", "int"),
        ('[[limits]]\nkey = "nothing"\nremove = true\n', "limits[nothing]", "remove"),
        ('[review.surprise]\nremove = true\n', "review.surprise", "remove"),
        ('[[papers]]\nname = {zh = "甲", en = "A"}\n', "papers[1]", "key"),
        ('[[papers]]\nkey = "a"\n[[papers]]\nkey = "a"\n', "papers[a]", "twice"),
        ('[[transitions]]\nfrom = "30.20"\nto = "30.60"\nact = "advance"\ngates = [{kind = "magic", key = "m"}]\n',
         "transitions[30.20 → 30.60 advance].gates[m].kind", "magic"),
        ("surprise = 1\n", "mine.toml", "surprise"),
    ],
)  # fmt: skip
def test_errors_name_file_table_and_key(tmp_path, text, place, word):
    where, why = refused(write(tmp_path, HEAD + text))
    assert where.startswith("mine.toml") and place in where
    assert word in why


def test_broken_files_are_one_clear_error_each(tmp_path):
    assert "TOML" in refused(write(tmp_path, "a = = 1"))[1]
    assert "UTF-8" in refused(bad_bytes(tmp_path))[1]
    assert "read" in refused(tmp_path / "absent.toml")[1]
    assert "without .toml" in refused(write(tmp_path, 'extends = "../../etc/passwd"\n'))[1]
    assert "circle" in refused(write(tmp_path, 'extends = "mine"\n'))[1]
    assert str(LARGEST) in refused(write(tmp_path, "#" * (LARGEST + 1)))[1]


def bad_bytes(folder: Path) -> Path:
    path = folder / "mine.toml"
    path.write_bytes(b"\xff\xfe\xff")
    return path


def test_two_files_of_one_id_are_refused(tmp_path):
    write(tmp_path, HEAD, "a.toml")
    write(tmp_path, HEAD, "b.toml")
    with pytest.raises(TrackError, match=r"b\.toml"):
        load_tracks(tmp_path)


def test_an_older_version_stays_beside_the_new_one(tmp_path):
    write(tmp_path, HEAD + 'version = "2026.9"\n', "a.toml")
    write(tmp_path, HEAD + 'version = "2026.10"\n', "b.toml")
    assert set(load_tracks(tmp_path)) == {"mine@2026.9", "mine@2026.10"}
