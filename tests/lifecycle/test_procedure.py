"""The edge cases of the procedure that concern one standard, each on both engines and with its log proven afterwards."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from msgspec import structs

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Edited
from standards_hub.lifecycle.schemas import (
    Adoption,
    Because,
    Ending,
    Entry,
    ExtensionDecision,
    ExtensionRequest,
    Merge,
    Move,
    PaperIn,
    Part,
    PlanNumberIn,
    Proposal,
    Publication,
    RelationIn,
    ReviewConclusion,
    Split,
    Successor,
)
from standards_hub.lifecycle.services import dossier, ending, facts, moving, reading, relating, timing
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.values import Patch, Standard
from tests.lifecycle.driving import advance, driven, holding, on_day, proposed, way

DECISION = PaperIn(kind="termination_decision", dated=date(2025, 1, 6), reference="测试〔2025〕1 号")


async def now(hub: Hub, standard: Standard) -> Standard:
    async with hub.reading(SYSTEM) as work:
        return await repository.standard(work.connection, standard.id)


async def do(hub: Hub, day: date, verb, *arguments, actor=SYSTEM):
    async with on_day(hub, day).work(actor) as work:
        result = await verb(work, *arguments)
        await work.commit()
    return result


async def sweep(hub: Hub, day: date) -> None:
    """What the daily job does, with the jobs it asks for."""
    async with on_day(hub, day).work(SYSTEM) as work:
        for deadline in await repository.overdue(work.connection, day):
            await timing.expire(work, deadline.standard_id, deadline.id)
        for old, new in await repository.replaced_by_effective(work.connection, day):
            await timing.supersede(work, old, new)
        await work.commit()


@pytest.mark.parametrize("key", sorted({track.key for track in load_tracks().values()}))
async def test_every_track_leads_from_proposal_to_publication(hub, key):
    standard = await proposed(hub, key)
    standard, _ = await driven(hub, standard.id, "60.60")
    assert standard.status == "published"
    async with hub.reading(SYSTEM) as work:
        events = await reading.history(work, standard.id)
        visits = await repository.visits(work.connection, standard.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert visits[-1].step == "60.60"
    assert all(visit.left_on for visit in visits[:-1])


async def test_a_gate_that_is_not_met_refuses_and_says_what_is_missing(hub):
    standard = await proposed(hub)
    async with on_day(hub, date(2025, 1, 7)).work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await moving.move(work, standard.id, Move())
    assert refused.value.unmet
    assert all(unmet.fixer for unmet in refused.value.unmet)
    assert (await now(hub, standard)).step == standard.step


async def test_a_waiver_is_a_recorded_act_with_a_reason_and_never_a_bypass(hub):
    standard = await proposed(hub)
    async with on_day(hub, date(2025, 1, 7)).work(SYSTEM) as work:
        gates = (await way(work, standard.id)).gates
    waivable = [gate.gate for gate in gates if gate.waivable]
    assert waivable, "the first step of GB/T has a gate that may be waived"
    reasons = {gate.gate: "经主管部门同意免交" for gate in gates if gate.waivable}
    outsider = holding("drafter", ("standard", str(standard.id)))
    async with on_day(hub, date(2025, 1, 7)).work(outsider) as work:
        with pytest.raises(Forbidden):
            await moving.move(work, standard.id, Move(waivers=reasons))
    moved = await do(hub, date(2025, 1, 7), moving.move, standard.id, Move(waivers=reasons))
    async with hub.reading(SYSTEM) as work:
        waivers = await repository.waivers(work.connection, moved.id)
    assert [(waiver.gate, waiver.reason) for waiver in waivers] == [(key, "经主管部门同意免交") for key in reasons]


async def test_only_the_roles_of_the_track_may_move_it_and_the_science_department_never(hub):
    standard = await proposed(hub)
    for actor in (
        holding("officer", ("hub", "*")),
        holding("administrator", ("hub", "*")),
        holding("secretary", ("committee", str(uuid4()))),
    ):
        async with hub.work(actor) as work:
            with pytest.raises(Forbidden):
                await moving.move(work, standard.id, Move())


async def test_a_new_plan_number_keeps_the_old_one_as_a_dated_alias(hub):
    """计划号 changes: the inner id is permanent and search finds the old number."""
    standard, day = await driven(hub, (await proposed(hub)).id, "20.00")
    await do(hub, day + timedelta(days=9), facts.give_plan_number, standard.id, PlanNumberIn(number="20259999-T-339"))
    async with hub.reading(SYSTEM) as work:
        aliases = await repository.aliases(work.connection, standard.id)
        found = await repository.find(work.connection, "20250001-T-339")
    assert found.id == standard.id
    assert found.plan_number == "20259999-T-339"
    assert [(alias.number, alias.until) for alias in aliases] == [("20250001-T-339", day + timedelta(days=9)), ("20259999-T-339", None)]


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


async def test_termination_wants_the_department_s_decision(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Refused):
            await ending.terminate(work, standard.id, Ending(reason="技术路线改变"))
    ended = await do(hub, day, ending.terminate, standard.id, Ending(reason="技术路线改变", papers=[DECISION]))
    assert ended.status == "terminated"
    async with hub.reading(SYSTEM) as work:
        assert not [d for d in await repository.deadlines(work.connection, standard.id) if d.state == "running"]
        assert len(await reading.history(work, standard.id)) > 5
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Conflict):
            await moving.move(work, standard.id, Move())


async def test_a_split_gives_new_items_with_own_plan_numbers_and_copies_no_evidence(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "30.20")
    parts = [Part(title_zh="示例 第1部分", plan_number="20258001-T-339"), Part(title_zh="示例 第2部分", plan_number="20258002-T-339")]
    made = await do(hub, day, ending.split, standard.id, Split(reason="篇幅过大", papers=[DECISION], parts=parts))
    assert (await now(hub, standard)).status == "split"
    assert [part.plan_number for part in made] == ["20258001-T-339", "20258002-T-339"]
    async with hub.reading(SYSTEM) as work:
        for part in made:
            assert part.step == "20.00"
            assert await repository.papers(work.connection, part.id) == []
            assert [(r.kind, r.target_id) for r in await repository.relations(work.connection, part.id)] == [("split_from", standard.id)]


async def test_a_merged_project_ends_and_points_to_the_survivor(hub):
    survivor, day = await driven(hub, (await proposed(hub)).id, "20.00")
    absorbed = await proposed(hub)
    ended = await do(hub, day, ending.merge, absorbed.id, Merge(into=survivor.id, reason="对象相同", papers=[DECISION]))
    assert ended.status == "merged"
    async with hub.reading(SYSTEM) as work:
        assert [(r.kind, r.standard_id) for r in await repository.relations_to(work.connection, survivor.id)] == [
            ("merged_into", absorbed.id)
        ]
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(BadInput):
            await ending.merge(work, survivor.id, Merge(into=absorbed.id, reason="反向", papers=[DECISION]))


async def test_an_amendment_sheet_keeps_the_number_and_a_standard_has_two_at_most(hub):
    """修订 vs 修改单: at most so many sheets; more changes want a revision."""
    standard, day = await driven(hub, (await proposed(hub)).id, "60.60")
    most = newest("national-gbt").facts["amendments_most"].value
    for _ in range(most):
        sheet = await do(hub, day, relating.amend, standard.id, Successor())
        assert (sheet.kind, sheet.number) == ("amendment", None)
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Refused):
            await relating.amend(work, standard.id, Successor())
    assert (await now(hub, standard)).number == standard.number


async def test_an_amendment_sheet_is_announced_under_the_number_and_year_of_its_standard(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "60.60")
    sheet = await do(hub, day, relating.amend, standard.id, Successor())
    year = day.year + 1
    announced = Publication(number=f"{standard.number}/XG1—{year}", published_on=date(year, 12, 1), effective_on=date(year, 12, 1))
    for number, code in ((f"GB/T 99002—{year}", "number.sheet"), (f"{standard.number}/XG1—{year - 1}", "number.year")):
        async with on_day(hub, date(year, 12, 1)).work(SYSTEM) as work:
            with pytest.raises(BadInput) as bad:
                await facts.give_number(
                    work, await repository.standard(work.connection, sheet.id), structs.replace(announced, number=number)
                )
        assert [unmet.code for unmet in bad.value.unmet] == [code]
    async with on_day(hub, date(year, 12, 1)).work(SYSTEM) as work:
        current = await repository.standard(work.connection, sheet.id)
        await facts.give_number(work, current, announced)
        await work.commit()
    assert (await now(hub, sheet)).number == f"{standard.number}/XG1—{year}"
    assert (await now(hub, standard)).status == "published", "the standard itself keeps its number and stays in force"


async def test_an_identical_adoption_is_published_under_its_double_number(hub):
    standard = await proposed(hub, "national-adoption")
    published = Publication(number="GB/T 99001-2025/ISO 14687:2025", published_on=date(2025, 5, 1), effective_on=date(2025, 6, 1))
    async with on_day(hub, date(2025, 5, 1)).work(SYSTEM) as work:
        await facts.give_number(work, standard, published)
        await work.commit()
    assert (await now(hub, standard)).number == "GB/T 99001—2025/ISO 14687:2025"


async def test_a_terminated_object_is_applied_for_anew_and_says_what_it_reuses(hub):
    """终止后重新申报: a new project, linked to the old one, which stays in the history."""
    old, day = await driven(hub, (await proposed(hub)).id, "20.20")
    await do(hub, day, ending.terminate, old.id, Ending(reason="技术路线改变", papers=[DECISION]))
    new = await do(hub, day, facts.propose, Proposal(track="national-gbt", facts=Patch(title_zh=old.title_zh)))
    await do(hub, day, relating.relate, new.id, RelationIn(kind="reuses", target_id=old.id))
    assert new.id != old.id and (await now(hub, old)).status == "terminated"
    async with hub.reading(SYSTEM) as work:
        assert await repository.papers(work.connection, new.id) == []
        assert [(r.kind, r.standard_id) for r in await repository.relations_to(work.connection, old.id)] == [("reuses", new.id)]


async def test_a_raised_local_standard_stays_valid_until_the_national_one_is_in_force(hub):
    """地方标准上升为国家标准: derived from it, each counts in its own target."""
    local, day = await driven(hub, (await proposed(hub, "local-db32")).id, "60.60")
    national = await do(hub, day, relating.raise_level, local.id, Successor(track="national-gbt"))
    assert national.level == "national"
    assert (await now(hub, local)).status == "published"
    async with hub.reading(SYSTEM) as work:
        assert [(r.kind, r.target_id) for r in await repository.relations(work.connection, national.id)] == [("derived_from", local.id)]
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(BadInput):
            await relating.raise_level(work, local.id, Successor(track="local-db32"))


async def test_a_standard_is_raised_to_a_higher_level_and_never_lowered(hub):
    national, day = await driven(hub, (await proposed(hub)).id, "60.60")
    for lower in ("local-db32", "industry-miit"):
        async with on_day(hub, day).work(SYSTEM) as work:
            with pytest.raises(BadInput) as bad:
                await relating.raise_level(work, national.id, Successor(track=lower))
        assert [unmet.where for unmet in bad.value.unmet] == ["track"]


async def test_the_manager_of_a_science_project_proposes(hub):
    """The role is held in the project, which is no body of a standard that does not exist yet."""
    manager = holding("project_manager", ("project", str(uuid4())))
    given = Proposal(track="local-db32", facts=Patch(title_zh="示例 项目产出的标准"))
    assert (await do(hub, date(2026, 11, 24), facts.propose, given, actor=manager)).step == "00.20"
    async with hub.work(holding("member", ("committee", str(uuid4())))) as work:
        with pytest.raises(Forbidden):
            await facts.propose(work, given)


async def test_two_proposals_on_one_object_stop_at_the_novelty_search(hub):
    first = await proposed(hub, title_zh="示例 氢气品质在线检测方法")
    again = Proposal(track="industry-miit", facts=Patch(title_zh=first.title_zh))
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await facts.propose(work, again)
    assert [unmet.code for unmet in refused.value.unmet] == ["propose.duplicate"]
    second = await do(hub, date(2025, 2, 1), facts.propose, Proposal(track="industry-miit", facts=again.facts, difference="适用于加氢站"))
    assert second.id != first.id


async def test_an_identical_adoption_names_its_parent_s_edition_and_only_national_standards_adopt(hub):
    """采标 IDT: from 2025-06-01 the rule covers national standards only."""
    parent = RelationIn(kind="adopts", identifier="ISO 14687:2025", degree="IDT", edition="2")
    made = await do(hub, date(2025, 7, 1), relating.adopt, Adoption(parent=parent, facts=Patch(title_zh="示例 氢燃料 质量")))
    assert (made.kind, made.track.partition("@")[0]) == ("adoption", "national-adoption")
    async with hub.reading(SYSTEM) as work:
        relation = (await repository.relations(work.connection, made.id))[0]
    assert (relation.identifier, relation.degree, relation.edition) == ("ISO 14687:2025", "IDT", "2")
    local = await proposed(hub, "local-db32")
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput):
            await relating.relate(work, local.id, parent)


async def test_the_old_standard_stays_in_force_until_the_new_one_takes_effect(hub):
    old, day = await driven(hub, (await proposed(hub)).id, "60.60")
    new = await do(hub, day, relating.revise, old.id, Successor())
    assert new.kind == "revision"
    current, later = await driven(hub, new.id, "60.00", start=day)
    async with on_day(hub, later).work(SYSTEM) as work:
        papers = [PaperIn(kind=g.paper, dated=later, reference="公告") for g in (await way(work, new.id)).gates if g.paper and not g.met]
    effective = later + timedelta(days=180)
    number = Publication(number=f"GB/T 99999-{later.year}", published_on=later, effective_on=effective, papers=papers, elsewhere=False)
    current = await do(hub, later, moving.publish, new.id, number)
    assert current.status == "published"
    await sweep(hub, effective - timedelta(days=1))
    assert (await now(hub, old)).status == "published"
    await sweep(hub, effective)
    assert (await now(hub, old)).status == "superseded"
    assert (await now(hub, old)).withdrawn_on == effective


async def test_a_partial_replacement_leaves_the_old_standard_in_force(hub):
    old, day = await driven(hub, (await proposed(hub)).id, "60.60")
    new, later = await driven(hub, (await proposed(hub)).id, "60.00", start=day)
    await do(hub, later, relating.relate, new.id, RelationIn(kind="replaces", target_id=old.id, part="第5章"))
    await sweep(hub, later + timedelta(days=400))
    assert (await now(hub, old)).status == "published"


async def test_replacement_makes_no_cycle(hub):
    first, second = await proposed(hub), await proposed(hub)
    await do(hub, date(2025, 2, 1), relating.relate, second.id, RelationIn(kind="replaces", target_id=first.id))
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput):
            await relating.relate(work, first.id, RelationIn(kind="replaces", target_id=second.id))
        with pytest.raises(BadInput):
            await relating.relate(work, first.id, RelationIn(kind="references", target_id=first.id))


async def test_a_number_is_never_used_twice(hub):
    one, day = await driven(hub, (await proposed(hub)).id, "60.60")
    other, later = await driven(hub, (await proposed(hub)).id, "50.20", start=day)
    async with on_day(hub, later).work(SYSTEM) as work:
        with pytest.raises(Conflict):
            await facts.give_number(
                work, other, Publication(number=one.number or "", published_on=one.published_on, effective_on=one.published_on)
            )


@pytest.mark.parametrize(
    ("number", "published", "effective", "codes"),
    [
        ("GB/T 99999", date(2025, 5, 1), date(2025, 6, 1), ["number.year"]),
        ("GB/T 99999-2024", date(2025, 5, 1), date(2025, 6, 1), ["number.year"]),
        ("DB32/T 9999-2025", date(2025, 5, 1), date(2025, 6, 1), ["number.family"]),
        ("GB/T 99999-2025", date(2025, 5, 1), date(2025, 4, 1), ["effective_on"]),
        ("GB/T 99999-2027", date(2027, 5, 1), date(2027, 6, 1), ["published_on"]),
    ],
)
async def test_the_year_of_the_number_is_fixed_at_the_announcement(hub, number, published, effective, codes):
    standard = await proposed(hub)
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as bad:
            await facts.give_number(work, standard, Publication(number=number, published_on=published, effective_on=effective))
    assert [unmet.code for unmet in bad.value.unmet] == codes


async def test_a_failed_trial_verification_stays_in_20_20(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "verification")
    failed = await do(hub, day, moving.move, standard.id, Move(act="fail", reason="指标未能复现"))
    assert (failed.step, failed.stage, failed.status) == ("20.20", "20.20", "active")


async def test_repeating_the_comment_stage_is_30_92_and_its_papers_are_made_anew(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "30.60")
    repeated = await do(hub, day, moving.move, standard.id, Move(act="repeat", reason="重大技术内容改变"))
    assert (repeated.step, repeated.round) == ("30.20", 2)
    async with on_day(hub, day).reading(SYSTEM) as work:
        visits = await repository.visits(work.connection, standard.id)
        missing = [gate for gate in (await way(work, standard.id)).gates if not gate.met]
    assert visits[-1].via == "30.92"
    assert any(gate.gate.startswith("comment") for gate in missing)
    assert any(gate.paper for gate in missing), "the papers of the first round do not count for the second"


async def test_a_window_of_59_of_60_days_does_not_count(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "30.20")
    async with on_day(hub, day + timedelta(days=59)).reading(SYSTEM) as work:
        assert [gate.met for gate in (await way(work, standard.id)).gates if "least" in gate.why.values] == [False]
    async with on_day(hub, day + timedelta(days=60)).reading(SYSTEM) as work:
        assert [gate.met for gate in (await way(work, standard.id)).gates if "least" in gate.why.values] == [True]


async def test_a_text_replaced_during_the_comments_starts_the_window_anew_and_keeps_the_comments(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "30.20")
    letters = PaperIn(kind="comment_letters", dated=day + timedelta(days=20), reference="意见 1")
    await do(hub, day + timedelta(days=20), dossier.add_paper, standard.id, letters)
    replaced = day + timedelta(days=30)
    await do(hub, replaced, dossier.add_paper, standard.id, PaperIn(kind="comment_draft", dated=replaced, reference="征求意见稿第二版"))
    met = {}
    for days in (60, 89, 90):
        async with on_day(hub, day + timedelta(days=days)).reading(SYSTEM) as work:
            met[days] = [gate.met for gate in (await way(work, standard.id)).gates if "least" in gate.why.values]
    assert met == {60: [False], 89: [False], 90: [True]}
    async with hub.reading(SYSTEM) as work:
        assert [p.counts for p in await repository.papers(work.connection, standard.id) if p.kind == "comment_letters"] == [True]


async def test_the_second_failed_review_ends_the_project(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "40.60")
    back = await do(hub, day, moving.move, standard.id, Move(act="return", to="20.20", reason="审查未通过"))
    assert (back.failures, back.step) == (1, "20.20")
    again, later = await driven(hub, standard.id, "40.60", start=day)
    async with on_day(hub, later).work(SYSTEM) as work:
        with pytest.raises(Refused) as refused:
            await moving.move(work, standard.id, Move(act="return", to="20.20", reason="仍未通过"))
    assert "attempts" in [unmet.code for unmet in refused.value.unmet]
    assert again.failures == 1


async def test_fast_track_skips_drafting_only_and_wants_a_reason(hub):
    adoption, day = await driven(hub, (await proposed(hub, "national-adoption")).id, "20.00")
    async with on_day(hub, day).work(SYSTEM) as work:
        assert [w.to for w in await reading.readiness(work, adoption.id) if w.act == "skip"] == ["30.20"]
        with pytest.raises(BadInput):
            await moving.move(work, adoption.id, Move(act="skip"))
    skipped = await advance(hub, adoption.id, day, act="skip", reason="等同采用，直接征求意见")
    assert skipped.step == "30.20"
    ordinary, day = await driven(hub, (await proposed(hub)).id, "20.00")
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(Refused):
            await moving.move(work, ordinary.id, Move(act="skip", reason="赶时间"))


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


async def test_an_act_done_elsewhere_is_recorded_with_its_past_day_and_its_evidence(hub):
    standard = await proposed(hub, on=date(2025, 1, 6))
    async with on_day(hub, date(2025, 6, 1)).work(SYSTEM) as work:
        gates = (await way(work, standard.id)).gates
        papers = [PaperIn(kind=g.paper, dated=date(2025, 2, 1), reference="平台") for g in gates if g.paper and not g.met]
        with pytest.raises(BadInput):
            await moving.move(work, standard.id, Move(on=date(2025, 2, 1), papers=papers))
    moved = await do(hub, date(2025, 6, 1), moving.move, standard.id, Move(on=date(2025, 2, 1), elsewhere=True, papers=papers))
    assert moved.step_entered_on == date(2025, 2, 1)
    async with hub.reading(SYSTEM) as work:
        event = (await reading.history(work, standard.id))[-1]
    assert event.effective_on == date(2025, 2, 1)
    assert event.recorded_at.date() >= date(2025, 5, 31)
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput):
            await moving.move(work, standard.id, Move(on=date(2025, 1, 20), elsewhere=True))
        with pytest.raises(BadInput):
            await moving.move(work, standard.id, Move(on=date(2027, 1, 20), elsewhere=True))


async def test_a_standard_enters_in_mid_life_with_the_days_that_are_known(hub):
    entry = Entry(
        track="national-gbt", facts=Patch(title_zh="示例 中途登记"), step="40.20", plan_number="20240777-T-469",
        dates={"20.00": date(2024, 9, 2), "30.20": date(2025, 4, 1), "40.20": date(2025, 9, 15)},
    )  # fmt: skip
    standard = await do(hub, date(2025, 11, 3), facts.enter, entry)
    assert (standard.step, standard.entered_mid_life, standard.step_entered_on) == ("40.20", True, date(2025, 9, 15))
    async with hub.reading(SYSTEM) as work:
        deadline = next(d for d in await repository.deadlines(work.connection, standard.id) if d.limit == "submission")
        rows = await reading.on_day(work, date(2025, 5, 1))
    assert deadline.opened_on == date(2024, 9, 2)
    assert [row["step"] for row in rows if row["id"] == standard.id] == ["30.20"]
    wrong = Entry(
        track="national-gbt", facts=Patch(title_zh="示例 二"), step="40.20", dates={"20.00": date(2025, 9, 2), "40.20": date(2025, 4, 1)}
    )
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as bad:
            await facts.enter(work, wrong)
    assert [unmet.code for unmet in bad.value.unmet] == ["entry.order"]


async def test_a_review_confirms_and_a_later_one_withdraws(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "60.60")
    standard, day = await driven(hub, standard.id, "90.60", start=day)
    assert standard.status == "published"
    confirmed = await _review(hub, standard, day, "confirm")
    assert (confirmed.step, confirmed.status) == ("60.60", "published")
    standard, day = await driven(hub, standard.id, "90.60", start=day)
    withdrawing = await _review(hub, standard, day, "withdraw")
    assert withdrawing.step.startswith("95.")
    gone, _ = await driven(hub, standard.id, "95.99", start=day)
    assert gone.status == "withdrawn"
    assert (await now(hub, standard)).withdrawn_on is not None


async def _review(hub: Hub, standard: Standard, day: date, outcome: str) -> Standard:
    async with on_day(hub, day).work(SYSTEM) as work:
        papers = [
            PaperIn(kind=gate.paper, dated=day, reference="复审")
            for found in await reading.readiness(work, standard.id)
            for gate in found.gates
            if gate.paper and not gate.met
        ]
        unique = list({paper.kind: paper for paper in papers}.values())
        done = await moving.conclude_review(work, standard.id, ReviewConclusion(outcome=outcome, reason="复审会议结论", papers=unique))
        await work.commit()
    return done


async def test_two_writers_of_one_standard_do_not_overwrite_each_other(hub):
    standard = await proposed(hub)
    if hub.database.sqlite:
        async with hub.work(SYSTEM) as work:
            mine = await repository.standard(work.connection, standard.id)
            await facts.edit(work, standard.id, Patch(scope="甲"))
            with pytest.raises(Conflict):
                await work.append(mine, Edited(before=Patch(scope=""), after=Patch(scope="乙")))
        return
    async with hub.work(SYSTEM) as one, hub.work(SYSTEM) as two:
        first, second = await repository.standard(one.connection, standard.id), await repository.standard(two.connection, standard.id)
        await one.append(first, Edited(before=Patch(scope=""), after=Patch(scope="甲")))
        await one.commit()
        with pytest.raises(Conflict):
            await two.append(second, Edited(before=Patch(scope=""), after=Patch(scope="乙")))
    assert (await now(hub, standard)).scope == "甲"


async def test_a_paper_waits_for_acceptance_by_the_secretariat(hub):
    standard = await proposed(hub)
    drafter = holding("drafter", ("standard", str(standard.id)))
    given = PaperIn(kind="preliminary_study", dated=date(2025, 1, 6), reference="研究报告")
    paper = await do(hub, date(2025, 1, 7), dossier.add_paper, standard.id, given, actor=drafter)
    async with on_day(hub, date(2025, 1, 7)).work(drafter) as work:
        with pytest.raises(Forbidden):
            await dossier.accept_paper(work, paper)
    secretary = holding("secretary", ("committee", str(standard.committee_id)))
    accepted = await do(hub, date(2025, 1, 8), dossier.accept_paper, paper, actor=secretary)
    assert accepted.accepted_by == secretary.label
    withdrawn = await do(hub, date(2025, 1, 9), dossier.withdraw_paper, paper, "版本有误", actor=secretary)
    assert not withdrawn.counts
