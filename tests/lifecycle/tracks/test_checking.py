"""Every way in which a track can be wrong is found, and named by file, table and key."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.lifecycle.stages import PUBLISHED
from standards_hub.lifecycle.tracks import load_file, load_tracks, newest, track_files
from standards_hub.lifecycle.tracks.checking import check, check_file
from standards_hub.lifecycle.tracks.model import Track


def changed(key: str = "national-gbt", **tables: Any) -> list[tuple[str, str]]:
    """What `check` finds after `tables` replace those of a track; a function gets the old rows as plain values."""
    data = msgspec.to_builtins(newest(key))
    for name, change in tables.items():
        if not callable(change):
            data[name] = change
        elif (result := change(data[name])) is not None:
            data[name] = result
    return [(unmet.code, unmet.where or "") for unmet in check(msgspec.convert(data, Track))]


def row(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    return next(r for r in rows if all(r.get(k.rstrip("_")) == v for k, v in wanted.items()))


def in_row(values: dict[str, Any], **wanted: str) -> Any:
    return lambda rows: row(rows, **wanted).update(values)


def in_gate(kind: str, values: dict[str, Any]) -> Any:
    return lambda rows: row([g for t in rows for g in t["gates"]], kind=kind).update(values)


@pytest.mark.parametrize("path", track_files(), ids=lambda path: path.stem)
def test_our_files_have_no_errors(path):
    assert check_file(path) == []


REVIEW = {"from_": "40.60", "to": "40.20", "act": "repeat"}
FIGURE = {"value": 1, "source": "S1", "verified": False, "note": None}
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("code", "steps[30.60].code", {"steps": in_row({"code": "30.93"}, key="30.60")}),
    ("code", "review.outcomes.confirm", {"review": lambda r: r["outcomes"].update(confirm="90.98")}),
    ("holder", "steps[20.20].holder", {"steps": in_row({"holder": "wizard"}, key="20.20")}),
    ("order", "steps", {"steps": lambda rows: [*rows[1:2], *rows[:1], *rows[2:]]}),
    ("unpublished", "steps", {"steps": lambda rows: [r for r in rows if r["key"] != "60.60"]}),
    ("duplicate", "steps[20.20]", {"steps": lambda rows: [*rows[:5], rows[4], *rows[5:]]}),
    ("duplicate", "papers[appraisal]", {"papers": lambda rows: [*rows, row(rows, key="appraisal")]}),
    ("duplicate", "limits[submission]", {"limits": lambda rows: [*rows, row(rows, key="submission")]}),
    ("duplicate", "sources[S1]", {"sources": lambda rows: [*rows, row(rows, id="S1")]}),
    ("duplicate", "transitions[40.60 → 40.20 repeat]", {"transitions": lambda rows: [*rows, row(rows, **REVIEW)]}),
    ("step", "transitions[40.60 → 41.20 repeat].to", {"transitions": in_row({"to": "41.20"}, **REVIEW)}),
    ("via", "transitions[40.60 → 40.20 repeat].via", {"transitions": in_row({"via": "50.92"}, **REVIEW)}),
    ("via", "transitions[40.60 → 40.20 repeat].via", {"transitions": in_row({"via": "40.99"}, **REVIEW)}),
    ("fail", "transitions[verification → 00.20 fail]", {"transitions": in_row({"to": "00.20"}, act="fail")}),
    ("role", "transitions[40.60 → 40.20 repeat].by", {"transitions": in_row({"by": ["king"]}, **REVIEW)}),
    ("role", "transitions[40.60 → 40.20 repeat].by", {"transitions": in_row({"by": ["officer"]}, **REVIEW)}),
    ("role", "transitions[40.60 → 40.20 repeat].by", {"transitions": in_row({"by": []}, **REVIEW)}),
    ("role", "termination.by", {"termination": lambda t: t.update(by=["officer"])}),
    ("number", "number_example", {"number_example": "示例"}),
    ("number", "number_example", {"number_example": "ISO 9001:2015"}),
    ("skip", "transitions[20.00 → 30.20 skip]", {"fast_track": None, "transitions": in_row({"name": None}, act="skip")}),
    (
        "gate",
        "gates[plan_notice].paper",
        {"transitions": lambda r: row(row(r, from_="10.20", act="advance")["gates"], key="plan_notice").update(paper=None)},
    ),
    ("gate", "gates[comment_period].days", {"transitions": in_gate("comment_period", {"days": None})}),
    ("gate", "gates[committee].field", {"transitions": in_gate("field", {"field": None})}),
    ("gate", "gates[attempts].most", {"transitions": in_gate("attempts", {"most": None})}),
    ("gate", "gates[verification].provider", {"transitions": in_gate("evidence", {"provider": None})}),
    ("gate", "gates[committee].papers", {"transitions": in_gate("field", {"papers": ["appraisal"]})}),
    ("field", "gates[committee].field", {"transitions": in_gate("field", {"field": "colour"})}),
    ("rule", "gates[verification].rules", {"transitions": in_gate("evidence", {"provider": "ballots", "rules": ["V9"]})}),
    ("gate", "gates[verification].rules", {"transitions": in_gate("evidence", {"rules": ["V1"]})}),
    ("gate", "gates[verification].since", {"transitions": in_gate("evidence", {"since": "20.20"})}),
    ("step", "gates[verification].since", {"transitions": in_gate("evidence", {"provider": "ballots", "since": "41.20"})}),
    ("rule", "gates[review].rules", {"facts": lambda f: f["vote_rule"].update(value=5)}),
    ("provider", "gates[verification].provider", {"transitions": in_gate("evidence", {"provider": "oracle"})}),
    ("paper", "gates[verification]", {"transitions": in_gate("evidence", {"papers": ["poem"]})}),
    ("condition", "gates[committee].when", {"transitions": in_gate("field", {"when": ["sunny"]})}),
    ("holder", "gates[committee].fixer", {"transitions": in_gate("field", {"fixer": "wizard"})}),
    ("value", "gates[comment_period].days", {"transitions": in_gate("comment_period", {"days": FIGURE | {"value": 0}})}),
    ("source", "gates[committee].source", {"transitions": in_gate("field", {"source": "S999"})}),
    ("source", "steps[20.20].source", {"steps": in_row({"source": None}, key="20.20")}),
    ("source", "limits[submission].source", {"limits": in_row({"source": None}, key="submission")}),
    ("source", "limits[submission].length.source", {"limits": lambda r: row(r, key="submission")["length"].update(source="S999")}),
    (
        "source",
        "limits[submission].extension.times",
        {"limits": lambda r: row(r, key="submission")["extension"]["times"].update(source="S999")},
    ),
    ("source", "facts.experts_least.source", {"facts": lambda f: f["experts_least"].update(source=" ")}),
    ("source", "fast_track.source", {"fast_track": lambda f: f.update(source="S999")}),
    ("unreachable", "steps[verification]", {"transitions": lambda rows: [t for t in rows if t["to"] != "verification"]}),
    ("dead-end", "steps[30.60]", {"transitions": lambda rows: [t for t in rows if not (t["from"] == "30.60" and t["act"] == "advance")]}),
    ("step", "limits[submission].until", {"limits": in_row({"until": "50.99"}, key="submission")}),
    ("limit", "limits[submission].until", {"limits": in_row({"until": "10.00"}, key="submission")}),
    ("holder", "limits[submission].holder", {"limits": in_row({"holder": "wizard"}, key="submission")}),
    ("value", "limits[submission].length", {"limits": lambda r: row(r, key="submission")["length"].update(value=0)}),
    ("extension", "limits[submission].consequence", {"limits": in_row({"consequence": "none"}, key="submission")}),
    ("return", "limits[submission].return_to", {"limits": in_row({"consequence": "return"}, key="submission")}),
    ("return", "limits[submission].return_to", {"limits": in_row({"return_to": "20.20"}, key="submission")}),
    ("fast-track", "fast_track.skips", {"fast_track": lambda f: f.update(skips=["20.92"])}),
    ("fast-track", "fast_track", {"transitions": lambda rows: [t for t in rows if t["act"] != "skip"]}),
    ("condition", "fast_track.kinds", {"fast_track": lambda f: f.update(kinds=["patent"])}),
    ("outcome", "review.outcomes.confirm", {"review": lambda r: r["outcomes"].pop("confirm") and None}),
    ("outcome", "review.outcomes.burn", {"review": lambda r: r["outcomes"].update(burn="95.99")}),
    ("review", "review.cycle_months", {"review": lambda r: r["cycle_months"].update(value=48)}),
]


@pytest.mark.parametrize("code, place, change", CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)])
def test_each_mistake_is_named(code, place, change):
    found = changed(**change)
    assert any(c == f"track.{code}" and place in where and where.startswith("national-gbt.toml ") for c, where in found), found


def test_findings_read_in_both_languages(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "national-gbt"\nkey = "mine"\n[[steps]]\ncode = "20.20"\nholder = "wizard"\n', "utf-8")
    (finding,) = check_file(path)
    assert finding.where == "mine.toml steps[20.20].holder"
    assert "不认识 wizard" in finding.why.into("zh") and "wizard is unknown" in finding.why.into("en")
    path.write_text("extends = 3\n", "utf-8")
    assert [one.code for one in check_file(path)] == ["track.file"]


def reachable(track: Track) -> set[str]:
    """Told the long way: as many rounds over all transitions as there are steps."""
    seen = {track.first.key}
    for _ in track.steps:
        seen |= {t.to for t in track.transitions if t.from_ in seen}
    return seen


def finishing(track: Track) -> set[str]:
    seen = {PUBLISHED}
    for _ in track.steps:
        seen |= {t.from_ for t in track.transitions if t.act == "advance" and t.to in seen}
    return seen


@given(st.data())
def test_unreachable_steps_and_dead_ends_are_exactly_those_named(data):
    track = data.draw(st.sampled_from(list(load_tracks().values())))
    kept = data.draw(st.lists(st.booleans(), min_size=len(track.transitions), max_size=len(track.transitions)))
    mutated = msgspec.structs.replace(track, transitions=tuple(t for t, keep in zip(track.transitions, kept, strict=True) if keep))
    found = {(u.code, u.where) for u in check(mutated) if u.code in ("track.unreachable", "track.dead-end")}
    home = mutated.position(PUBLISHED)
    expected = {("track.unreachable", f"{track.key}.toml steps[{s.key}]") for s in track.steps if s.key not in reachable(mutated)}
    expected |= {("track.dead-end", f"{track.key}.toml steps[{s.key}]") for s in track.steps[:home] if s.key not in finishing(mutated)}
    assert found == expected


def test_load_file_and_load_tracks_agree():
    assert {load_file(path).id for path in track_files()} == set(load_tracks())
