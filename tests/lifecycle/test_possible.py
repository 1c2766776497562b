"""Which acts a standard allows: by its state, its track and the roles of whoever asks."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM, Actor
from standards_hub.lifecycle.acts import ACTS
from standards_hub.lifecycle.possible import FIELD_ACTS, Offer, act_of, most_likely, offers
from standards_hub.lifecycle.services.moving import Way
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.tracks.model import GATE_FIELDS
from standards_hub.lifecycle.values import Deadline, Extension, Standard
from tests.lifecycle.driving import holding

TRACK = newest("national-gbt")
TODAY = date(2026, 11, 24)


def standard(status: str = "active", step: str = "30.60") -> Standard:
    values: dict[str, Any] = dict.fromkeys(Standard.__struct_fields__)
    values |= {"id": uuid4(), "track": TRACK.id, "level": "national", "kind": "new", "status": status, "step": step, "stage": step}
    return Standard(**values)


def ways(step: str) -> list[Way]:
    return [Way(t.act, t.to, TRACK.step(t.to).name, t.name, t.via, t.by, True, []) for t in TRACK.leaving(step)]


def deadline(state: str = "running", left: int = 30) -> Deadline:
    due = TODAY + timedelta(days=left)
    return Deadline(
        uuid4(), uuid4(), "submission", "报批期限", "Time limit", "S1", "lead_drafter", "freeze", TODAY, due, due, 0, state, None
    )


def asked() -> Extension:
    return Extension(uuid4(), uuid4(), uuid4(), 3, "试验未完", TODAY, "system", "asked", None, None, None)


def offered(
    one: Standard, *, deadlines: tuple[Deadline, ...] = (), extensions: tuple[Extension, ...] = (), actor: Actor = SYSTEM
) -> list[Offer]:
    return offers(one, TRACK, ways(one.step), deadlines, extensions, actor)


def keys(one: Standard, **given: Any) -> set[str]:
    return {offer.act.key for offer in offered(one, **given) if offer.why_not is None}


def test_every_fact_that_a_gate_asks_for_has_its_act() -> None:
    assert set(FIELD_ACTS) == set(GATE_FIELDS) and set(FIELD_ACTS.values()) <= set(ACTS)


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
    found = {offer.act.key: str(offer.why_not) for offer in offered(standard("frozen")) if offer.why_not}
    assert found["advance"] == "项目冻结，不能推进到下一步" and found["extension"] == "没有可以延长的期限在计时"
    assert found["extension-decision"] == "没有待决定的延期申请"


def test_one_sees_only_what_ones_roles_allow() -> None:
    one = standard()
    assert offered(one, actor=PUBLIC) == [] and offered(one, actor=holding("secretary", ("standard", str(uuid4())))) == []
    drafter = {offer.act.key for offer in offered(one, actor=holding("drafter", ("standard", str(one.id))))}
    assert {"edit", "team", "relate"} <= drafter and not drafter & {"suspend", "terminate", "advance", "withdraw"}


def test_several_ways_of_one_kind_say_where_they_go() -> None:
    back = [offer for offer in offered(standard(step="40.60")) if offer.act.key == "return"]
    assert len({offer.path for offer in back}) == len(back) > 1 and all("?to=" in offer.path for offer in back)
    assert "退回到“起草”" in {str(offer.name) for offer in back}


def test_the_likeliest_act() -> None:
    def likely(one: Standard, *deadlines: Deadline, extensions: tuple[Extension, ...] = ()) -> str | None:
        found = most_likely(offered(one, deadlines=deadlines, extensions=extensions), one, deadlines, TODAY)
        return found and found.act.key

    assert likely(standard()) == "advance" and likely(standard(step="60.00")) == "publish"
    assert likely(standard(), deadline(), extensions=(asked(),)) == "extension-decision"
    assert likely(standard("frozen"), deadline("executed")) == "extension" and likely(standard("suspended")) == "resume"
    assert likely(standard("published", "60.60"), deadline(left=400)) is None
    assert likely(standard("published", "60.60"), deadline(left=30)) == "advance"
    assert likely(standard("terminated")) is None


def test_a_way_has_its_form() -> None:
    confirm = next(way for way in ways("90.60") if way.act == "repeat")
    assert act_of(confirm, standard("published", "90.60"), TRACK) == "review"
    assert [act_of(way, standard(step="60.00"), TRACK) for way in ways("60.00") if way.act == "advance"] == ["publish"]
