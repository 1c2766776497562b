"""Limits that run out, extensions, and a rest: what freezes, lapses, thaws, and on which day, on both engines."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import (
    Because,
    ExtensionDecision,
    ExtensionRequest,
    Move,
    PaperIn,
)
from standards_hub.lifecycle.services import moving, reading, timing
from tests.lifecycle.driving import do, driven, holding, now, on_day, proposed, sweep, way


async def test_an_expired_gbt_plan_is_frozen_once_and_stays_in_the_history(hub):
    standard, _day = await driven(hub, (await proposed(hub)).id, "20.20")
    async with hub.reading(SYSTEM) as work:
        deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    await sweep(hub, deadline.due_on)
    assert (await now(hub, standard)).status == "active", "the last day itself is still within the limit"
    await sweep(hub, deadline.due_on + timedelta(days=1))
    await sweep(hub, deadline.due_on + timedelta(days=2))
    assert (await now(hub, standard)).status == "frozen"
    async with hub.reading(SYSTEM) as work:
        expired = [event for event in await reading.history(work, standard.id) if event.type == "deadline-expired"]
    assert [event.effective_on for event in expired] == [deadline.due_on + timedelta(days=1)]
    async with on_day(hub, deadline.due_on + timedelta(days=3)).work(SYSTEM) as work:
        with pytest.raises(Refused):
            await moving.move(work, standard.id, Move())


async def test_a_late_extension_wants_an_override_and_thaws_when_granted(hub):
    standard, _ = await driven(hub, (await proposed(hub)).id, "20.20")
    async with hub.reading(SYSTEM) as work:
        due = next(d.due_on for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    after = due + timedelta(days=5)
    await sweep(hub, due + timedelta(days=1))
    async with on_day(hub, after).work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await timing.ask_extension(work, standard.id, ExtensionRequest(months=6, reason="验证未完"))
    assert [unmet.code for unmet in refused.value.unmet] == ["extension.late"]
    await do(hub, after, timing.ask_extension, standard.id, ExtensionRequest(months=6, reason="验证未完", override="设备到货推迟"))
    granted = await do(hub, after, timing.decide_extension, standard.id, ExtensionDecision(granted=True, decision="同意延期"))
    assert granted.status == "active"
    async with hub.reading(SYSTEM) as work:
        deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    assert (deadline.state, deadline.first_due_on, deadline.extensions) == ("running", due, 1)
    assert deadline.due_on > due + timedelta(days=170)
    async with on_day(hub, after).work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await timing.ask_extension(work, standard.id, ExtensionRequest(months=1, reason="再延一次"))
    assert "extension.again" in [unmet.code for unmet in refused.value.unmet]


async def test_an_extension_is_asked_for_and_decided_on_a_day_that_is_true(hub):
    """A day in the future is refused, and a past one, which could slip under the last day for asking, is for those who may record it."""
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    drafter = holding("drafter", ("standard", str(standard.id)))
    secretary = holding("secretary", ("committee", str(standard.committee_id)))
    ask = ExtensionRequest(months=3, reason="验证未完")
    later, earlier = day + timedelta(days=30), day + timedelta(days=10)
    async with on_day(hub, later).work(drafter) as work:
        with pytest.raises(BadInput):
            await timing.ask_extension(work, standard.id, structs.replace(ask, on=later + timedelta(days=1)))
        with pytest.raises(Forbidden):
            await timing.ask_extension(work, standard.id, structs.replace(ask, on=earlier))
    await do(hub, later, timing.ask_extension, standard.id, structs.replace(ask, on=earlier), actor=secretary)
    decision = ExtensionDecision(granted=True, decision="同意延期")
    for wrong in (later + timedelta(days=1), earlier - timedelta(days=1)):
        async with on_day(hub, later).work(SYSTEM) as work:
            with pytest.raises(BadInput) as bad:
                await timing.decide_extension(work, standard.id, structs.replace(decision, on=wrong))
        assert [unmet.where for unmet in bad.value.unmet] == ["on"]
    await do(hub, later, timing.decide_extension, standard.id, structs.replace(decision, on=earlier))


async def test_what_was_submitted_elsewhere_before_the_limit_ran_out_thaws_the_plan(hub):
    """The hub froze it because it learned too late; the act is recorded with its day, and its papers prove it."""
    standard, day = await driven(hub, (await proposed(hub)).id, "40.60")
    async with hub.reading(SYSTEM) as work:
        due = next(d.due_on for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    late = due + timedelta(days=9)
    await sweep(hub, late)
    assert (await now(hub, standard)).status == "frozen"
    async with on_day(hub, late).work(SYSTEM) as work:
        gates = (await way(work, standard.id)).gates
        papers = [PaperIn(kind=gate.paper, dated=day, reference="报批平台") for gate in gates if gate.paper and not gate.met]
        with pytest.raises(Refused):
            await moving.move(work, standard.id, Move(on=due + timedelta(days=1), elsewhere=True, papers=papers))
    moved = await do(hub, late, moving.move, standard.id, Move(on=due, elsewhere=True, papers=papers))
    assert (moved.step, moved.status) == ("50.20", "active")
    async with hub.reading(SYSTEM) as work:
        deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
        assert (deadline.state, deadline.ended_on) == ("met", due)
    assert (await now(hub, standard)).status == "active"


async def test_an_earlier_step_recorded_late_leaves_the_plan_frozen(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    async with hub.reading(SYSTEM) as work:
        due = next(d.due_on for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    late = due + timedelta(days=9)
    await sweep(hub, late)
    async with on_day(hub, late).reading(SYSTEM) as work:
        gates = (await way(work, standard.id)).gates
    papers = [PaperIn(kind=gate.paper, dated=day, reference="平台") for gate in gates if gate.paper and not gate.met]
    moved = await do(hub, late, moving.move, standard.id, Move(on=due, elsewhere=True, papers=papers))
    assert moved.step != "20.20" and moved.status == (await now(hub, standard)).status == "frozen"


async def test_a_refused_extension_leaves_the_limit_as_it_was(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    await do(hub, day, timing.ask_extension, standard.id, ExtensionRequest(months=3, reason="验证未完"))
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Conflict):
            await timing.ask_extension(work, standard.id, ExtensionRequest(months=3, reason="又一份"))
    await do(hub, day, timing.decide_extension, standard.id, ExtensionDecision(granted=False, decision="不予延期"))
    async with hub.reading(SYSTEM) as work:
        deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    assert (deadline.due_on, deadline.extensions) == (deadline.first_due_on, 0)


async def test_a_transport_plan_lapses_by_itself_and_cannot_ask_for_more_time(hub):
    standard, day = await driven(hub, (await proposed(hub, "industry-transport")).id, "20.20")
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await timing.ask_extension(work, standard.id, ExtensionRequest(months=1, reason="验证未完"))
    assert [unmet.code for unmet in refused.value.unmet] == ["extension.none"]
    await sweep(hub, date(2027, 6, 1))
    assert (await now(hub, standard)).status == "lapsed"
    async with hub.reading(SYSTEM) as work:
        assert not [d for d in await repository.deadlines(work.connection, standard.id) if d.state == "running"]


async def test_a_rest_stops_the_clock(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    async with hub.reading(SYSTEM) as work:
        due = next(d.due_on for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    await do(hub, day, timing.suspend, standard.id, Because(reason="等待上位标准"))
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Refused):
            await moving.move(work, standard.id, Move())
    await sweep(hub, due + timedelta(days=1))
    assert (await now(hub, standard)).status == "suspended"
    await do(hub, day + timedelta(days=40), timing.resume, standard.id, Because(reason="上位标准已发布"))
    async with hub.reading(SYSTEM) as work:
        resumed = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
    assert (resumed.state, resumed.due_on) == ("running", due + timedelta(days=40))
