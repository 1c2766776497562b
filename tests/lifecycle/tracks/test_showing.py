"""A track drawn, in words, and compared; and the command line over it."""

import json
import re
from itertools import pairwise

import msgspec
import pytest
from click.testing import CliRunner
from lxml import etree

from standards_hub.cli.tracks import Counts, tracks_group
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.tracks.checking import facts, gates
from standards_hub.lifecycle.tracks.difference import difference
from standards_hub.lifecycle.tracks.drawing import draw
from standards_hub.lifecycle.tracks.model import Fact, Name
from standards_hub.lifecycle.tracks.words import FACTS, reworded, words

SVG = {"s": "http://www.w3.org/2000/svg"}
HAN = re.compile(r"[\u4e00-\u9fff]")
EVERY = sorted(load_tracks())


def run(*arguments: str, code: int = 0, obj: object = None) -> str:
    result = CliRunner().invoke(tracks_group, list(arguments), obj=obj)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


@pytest.mark.parametrize("id", EVERY)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_drawing_is_xml_with_every_step_and_transition_inside_its_page(id, language):
    track = load_tracks()[id]
    svg = etree.fromstring(draw(track, language=language))
    assert [g.get("data-step") for g in svg.findall(".//s:g[@class='step']", SVG)] == [s.key for s in track.steps]
    assert len(svg.findall(".//s:path[@marker-end]", SVG)) == len(track.transitions)
    assert svg.findtext("s:title", namespaces=SVG) == track.name.into(language)
    assert all(step.name.into(language) in (svg.findtext("s:desc", namespaces=SVG) or "") for step in track.steps)
    width, height = (float(svg.get(side) or 0) for side in ("width", "height"))
    for path in svg.findall(".//s:path[@marker-end]", SVG):
        numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", path.get("d") or "")]
        assert all(0 <= x <= width for x in numbers[::2]) and all(0 <= y <= height for y in numbers[1::2])


def test_boxes_do_not_overlap():
    svg = etree.fromstring(draw(newest("national-gbt")))
    boxes = [tuple(float(g[1].get(n) or 0) for n in ("x", "y", "width", "height")) for g in svg.findall(".//s:g[@class='step']", SVG)]
    for number, (x, y, w, h) in enumerate(boxes):
        assert all(x + w <= a or a + c <= x or y + h <= b or b + d <= y for a, b, c, d in boxes[number + 1 :])


@pytest.mark.parametrize("id", EVERY)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_name_of_a_step_is_whole_and_breaks_between_its_words(id, language):
    svg = etree.fromstring(draw(load_tracks()[id], language=language))
    for step in load_tracks()[id].steps:
        name = step.name.into(language)
        lines = [text.text for text in svg.findall(f".//s:g[@data-step='{step.key}']/s:text", SVG)[1:]]
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", name)
        for first, second in pairwise(lines):
            assert not (first[-1].isascii() and second[0].isascii() and f"{first[-1]}{second[0]}" in name), (first, second)


def test_the_drawing_shows_25_and_the_live_counts():
    svg = etree.fromstring(draw(newest("national-gbt"), {"20.20": 12, "verification": 4}))
    shown = {g.get("data-step"): [t.text for t in g.findall("s:text", SVG)] for g in svg.findall(".//s:g[@class='step']", SVG)}
    assert shown["verification"][0] == "25" and shown["verification"][-1] == "4"
    assert shown["20.20"][-1] == "12" and shown["30.20"][-1] == "0"
    assert "count" not in draw(newest("national-gbt"))


def test_ways_that_mean_otherwise_look_otherwise_in_the_legend():
    drawn = etree.fromstring(draw(load_tracks()["national-gbt@2026.1"]).encode())
    legend = [path for path in drawn.iter("{*}path") if path.get("d", "").endswith(" h26")]
    looks = {(path.get("stroke"), path.get("stroke-dasharray")) for path in legend}
    assert len(looks) == len(legend) == 5


def test_names_cannot_break_out_of_the_drawing():
    track = msgspec.structs.replace(newest("national-gbt"), name=Name("<script>alert(1)</script>", "x"))
    text = draw(track)
    assert "<script" not in text and not etree.fromstring(text).findall(".//s:script", SVG)
    assert not re.search(r"(href|url\((?!#)|@import|http://(?!www\.w3\.org))", text)


@pytest.mark.parametrize("id", EVERY)
def test_every_gate_limit_and_figure_is_said_in_both_languages(id):
    track = load_tracks()[id]
    rules = words(track)
    assert sum(rule.topic == "gate" for rule in rules) == sum(len(t.gates) for t in track.transitions)
    assert {rule.place for rule in rules if rule.topic == "limit"} == {one.key for one in track.limits}
    assert {rule.place for rule in rules if rule.topic == "fact"} == set(track.facts) <= set(FACTS)
    for rule in rules:
        assert rule.source
        assert HAN.search(rule.marked().into("zh")) and "未核实" in rule.marked().into("zh")
        english = rule.marked().into("en")
        for role in ("秘书处人员", "起草人", "归口主管部门人员"):
            english = english.replace(role, "")
        assert not HAN.search(english), english


def test_the_words_tell_days_months_and_consequence():
    text = "\n".join(rule.marked().into("zh") for rule in words(newest("national-gbt")))
    for part in (
        "不少于 60 日",
        "18 个月内到报批",
        "报批期限逾期：项目冻结",
        "届满 30 日前可申请延期",
        "记为 40.92",
        "可说明理由后跳过：起草",
    ):
        assert part in text
    assert "报批期限：不受理延期" in "\n".join(rule.text.into("zh") for rule in words(newest("industry-transport")))


def test_a_verified_figure_loses_its_mark():
    track = newest("national-gbt")
    checked = msgspec.structs.replace(track, facts={"filing_days": Fact(60, "S1", verified=True), "brand_new": Fact(3, "S1")})
    said = {rule.place: rule.marked().into("zh") for rule in words(checked) if rule.topic == "fact"}
    assert said == {"filing_days": "发布后 60 日内备案［S1］", "brand_new": "brand_new：3［S1，未核实］"}


def test_versions_differ_by_what_changed_and_nothing_else():
    old = newest("national-gbt")
    assert difference(old, msgspec.structs.replace(old, version="2027.1")) == []
    (limit,) = [one for one in old.limits if one.key == "submission"]
    longer = msgspec.structs.replace(limit, length=Fact(20, "S1"))
    new = msgspec.structs.replace(
        old,
        version="2027.1",
        steps=tuple(s for s in old.steps if s.key != "verification"),
        limits=tuple(longer if one is limit else one for one in old.limits),
        facts=old.facts | {"filing_days": Fact(60, "M")},
        fast_track=None,
    )
    found = [(c.kind, c.place, c.before, c.after) for c in difference(old, new)]
    assert ("changed", "limits[submission].length.value", 18, 20) in found
    assert [(kind, place) for kind, place, *_ in found if kind != "changed"] == [
        ("removed", "steps[verification]"), ("removed", "fast_track"), ("added", "facts.filing_days"),
    ]  # fmt: skip
    assert len(found) == 4
    (text,) = [c.text for c in difference(old, new) if c.kind == "changed"]
    assert text.into("zh") == "limits[submission].length.value「报批期限」 由 18 改为 20"
    assert "from 18 to 20" in text.into("en")


def test_check_is_silent_json_and_fails_on_errors(tmp_path):
    answer = json.loads(run("check", "--json"))
    assert len(answer) == len(EVERY) and all(one["ok"] and one["errors"] == [] for one in answer)
    assert run("check").count("OK") == len(EVERY)
    bad = tmp_path / "bad.toml"
    bad.write_text('extends = "national-gbt"\nkey = "bad"\n[[steps]]\ncode = "20.20"\nholder = "wizard"\n', "utf-8")
    (one,) = json.loads(run("check", "--json", str(bad), code=1))
    assert not one["ok"] and one["errors"][0]["where"] == "bad.toml steps[20.20].holder" and set(one["errors"][0]["why"]) == {"zh", "en"}
    assert "bad.toml steps[20.20].holder" in run("check", str(bad), code=1)
    assert "absent.toml" in run("check", str(tmp_path / "absent.toml"), code=1)


def test_show_lists_and_tells(tmp_path):
    assert all(id in run("show") for id in EVERY)
    assert {one["id"] for one in json.loads(run("show", "--json"))} == set(EVERY)
    (one,) = json.loads(run("show", "national-gbt", "--json"))
    assert one["id"] == "national-gbt@2026.1" and one["words"][0]["place"] == "00.20" and one["words"][0]["verified"] is False
    assert "Trial verification" in run("show", "national-gbt@2026.1", "--language", "en")
    assert "没有轨道" in run("show", "nothing", code=1)


def test_draw_writes_one_file_a_track_or_one_to_the_output(tmp_path):
    class Three(Counts):
        def of(self, track):
            return {track.first.key: 3}

    assert etree.fromstring(run("draw", "itu-t-tap")).get("role") == "img"
    badge = etree.fromstring(run("draw", "itu-t-tap", obj=Three())).find(".//s:text[@class='count']", SVG)
    assert badge is not None and badge.text == "3"
    run("draw", "--out", str(tmp_path / "all"))
    assert len(list((tmp_path / "all").glob("*.svg"))) == len(EVERY)
    assert "--out" in run("draw", code=2)
    (tmp_path / "file").write_text("")
    assert "file" in run("draw", "itu-t-tap", "--out", str(tmp_path / "file" / "x"), code=1)


@pytest.mark.parametrize("command", ["show", "draw"])
def test_a_file_with_errors_is_neither_shown_nor_drawn(command, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'extends = "national-gbt"\nkey = "bad"\n'
        '[[transitions]]\nact = "return"\nfrom = "30.20"\nto = "nowhere"\nby = ["secretary"]\nsource = "D"\n'
    )
    assert "bad.toml transitions[30.20 → nowhere return].to" in run(command, str(bad), code=1)


def test_diff_tells_what_a_mandatory_standard_has_more():
    text = run("diff", "national-gbt", "national-gb", "--language", "en")
    assert "from 18 to 24" in text and "added papers[wto_notification]" in text
    assert {"added", "changed"} == {one["kind"] for one in json.loads(run("diff", "national-gbt", "national-gb", "--json"))}
    assert "no difference" in run("diff", "national-gbt", "national-gbt", "--language", "en")


def test_every_figure_is_reached_by_the_check():
    track = newest("national-gbt")
    assert len(list(gates(track))) == sum(len(t.gates) for t in track.transitions) + len(track.termination.gates)
    assert len(list(facts(track))) == 5 + 2 + 3 + 1 + len(track.facts)


def test_what_a_new_version_says_otherwise_stands_beside_what_it_replaces() -> None:
    old = newest("national-gbt")
    first, *others = old.limits
    longer = msgspec.structs.replace(first.length, value=int(str(first.length.value)) + 6)
    new = msgspec.structs.replace(old, version="2099.1", limits=(msgspec.structs.replace(first, length=longer), *others))
    (one,) = reworded(old, new)
    assert (one.topic, one.place, len(one.before), len(one.after)) == ("limit", first.key, 1, 1)
    assert str(first.length.value) in one.before[0].text.into("zh") and str(longer.value) in one.after[0].text.into("zh")
    assert reworded(old, msgspec.structs.replace(old, version="2099.1")) == []


def test_a_rule_that_one_track_alone_has_stands_alone() -> None:
    old = newest("national-gbt")
    fewer = msgspec.structs.replace(old, limits=old.limits[1:])
    dropped, added = reworded(old, fewer), reworded(fewer, old)
    assert [(one.place, one.after) for one in dropped] == [(old.limits[0].key, [])]
    assert [(one.place, one.before, one.after) for one in added] == [(one.place, one.after, one.before) for one in dropped]
