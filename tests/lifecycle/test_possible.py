"""Which acts a standard allows: by its state, its track and the roles of whoever asks."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from standards_hub.kernel.access.actor import permissions
from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.possible import FIELD_ACTS, GROUPS, MOVES, OTHERS, act_of, most_likely, offers
from standards_hub.lifecycle.services.moving import Way
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.tracks.model import GATE_FIELDS
from standards_hub.lifecycle.values import Deadline, Extension, Standard

TRACK = newest("national-gbt")
TODAY = date(2026, 11, 24)


def standard(status: str = "active", step: str = "30.60") -> Standard:
    values: dict[str, Any] = dict.fromkeys(Standard.__struct_fields__)
    values |= {"id": uuid4(), "track": TRACK.id, "level": "national", "kind": "new", "status": status, "step": step, "stage": step}
    return Standard(**values)


def ways(step: str, *, allowed: bool = True) -> list[Way]:
    return [Way(t.act, t.to, TRACK.step(t.to).name, t.name, t.via, t.by, allowed, []) for t in TRACK.leaving(step)]


def deadline(state: str = "running", left: int = 30) -> Deadline:
    due = TODAY + timedelta(days=left)
    return Deadline(
        uuid4(), uuid4(), "submission", "报批期限", "Time limit", "S1", "lead_drafter", "freeze", TODAY, due, due, 0, state, None
    )


def asked() -> Extension:
    return Extension(uuid4(), uuid4(), uuid4(), 3, "试验未完", TODAY, "system", "asked", None, None, None)


def keys(one: Standard, *, deadlines: tuple[Deadline, ...] = (), extensions: tuple[Extension, ...] = (), allowed: bool = True) -> set[str]:
    found = offers(one, TRACK, ways(one.step, allowed=allowed), deadlines, extensions, lambda name: True)
    return {offer.act.key for offer in found if offer.why_not is None}


def test_every_act_has_a_permission_of_the_table_and_a_group() -> None:
    for act in (*MOVES.values(), *OTHERS):
        assert act.permission in permissions() and act.group in GROUPS, act.key
    assert set(FIELD_ACTS) == set(GATE_FIELDS) and set(FIELD_ACTS.values()) <= {*MOVES, *(act.key for act in OTHERS)}


@pytest.mark.parametrize(
    "status, step, there, absent",
    [
        ("active", "30.60", {"advance", "repeat", "elsewhere", "suspend", "terminate", "edit"}, {"resume", "revise", "extension-decision"}),
        ("active", "60.00", {"publish"}, {"advance"}),
        ("frozen", "30.60", {"terminate", "edit"}, {"advance", "suspend", "elsewhere", "repeat"}),
        ("suspended", "30.60", {"resume", "terminate"}, {"advance", "suspend", "extension"}),
        ("published", "60.60", {"advance", "revise", "amend"}, {"publish", "suspend", "terminate", "split"}),
        ("published", "90.60", {"review"}, {"advance", "repeat", "return"}),
        ("published", "95.20", {"withdraw"}, {"advance"}),
        ("terminated", "30.60", {"edit", "relate"}, {"advance", "terminate", "plan-number", "suspend", "revise"}),
    ],
)
def test_the_state_says_what_is_possible(status: str, step: str, there: set[str], absent: set[str]) -> None:
    found = keys(standard(status, step))
    assert there <= found and not absent & found


def test_an_extension_can_be_asked_for_while_its_limit_runs_and_once_at_a_time() -> None:
    assert "extension" in keys(standard(), deadlines=(deadline(),))
    assert "extension" in keys(standard("frozen"), deadlines=(deadline("executed"),))
    assert "extension" not in keys(standard(), deadlines=(deadline("met"),))
    found = keys(standard(), deadlines=(deadline(),), extensions=(asked(),))
    assert "extension-decision" in found and "extension" not in found


def test_what_is_not_possible_says_why() -> None:
    for offer in offers(standard("frozen"), TRACK, ways("30.60"), [], [], lambda name: True):
        assert offer.why_not is None or str(offer.why_not)
    found = {o.act.key: str(o.why_not) for o in offers(standard("frozen"), TRACK, ways("30.60"), [], [], lambda n: True) if o.why_not}
    assert found["advance"] == "已冻结，须先准予延期" and found["extension"] == "没有可以延长的期限在计时"


def test_one_sees_only_what_ones_roles_allow() -> None:
    assert keys(standard(), allowed=False) & set(MOVES) == set()
    assert offers(standard(), TRACK, ways("30.60"), [], [], lambda name: False) == []
    only = offers(standard(), TRACK, ways("30.60"), [], [], lambda name: name == "standard.edit")
    assert {offer.act.key for offer in only} == {"edit", "team"}


def test_several_ways_of_one_kind_say_where_they_go() -> None:
    one = standard(step="40.60")
    back = [o.path for o in offers(one, TRACK, ways("40.60"), [], [], lambda n: True) if o.act.key == "return"]
    assert len(back) == len(set(back)) > 1 and all("?to=" in path for path in back)


def test_the_likeliest_act() -> None:
    def likely(one: Standard, *deadlines: Deadline, extensions: tuple[Extension, ...] = ()) -> str | None:
        found = most_likely(offers(one, TRACK, ways(one.step), deadlines, extensions, lambda n: True), one, deadlines, TODAY)
        return found and found.act.key

    assert likely(standard()) == "advance" and likely(standard(step="60.00")) == "publish"
    assert likely(standard(), deadline(), extensions=(asked(),)) == "extension-decision"
    assert likely(standard("frozen"), deadline("executed")) == "extension" and likely(standard("suspended")) == "resume"
    assert likely(standard("published", "60.60"), deadline(left=400)) is None
    assert likely(standard("published", "60.60"), deadline(left=30)) == "advance"
    assert likely(standard("terminated")) is None


def test_a_way_has_its_form() -> None:
    way = Way("repeat", "60.60", Name("已发布", "published"), None, "90.93", (), True, [])
    assert act_of(way, standard("published", "90.60"), TRACK) == "review"
