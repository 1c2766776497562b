"""The edge cases of the procedure that concern one standard, each on both engines and with its log proven afterwards."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Edited
from standards_hub.lifecycle.schemas import (
    Entry,
    Move,
    PaperIn,
    PlanNumberIn,
    Proposal,
    Publication,
    ReviewConclusion,
)
from standards_hub.lifecycle.services import dossier, facts, moving, reading
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.values import Patch, Standard
from tests.lifecycle.driving import advance, do, driven, holding, now, on_day, proposed, way


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


async def test_the_manager_of_a_science_project_proposes(hub):
    """The role is held in the project, which is no body of a standard that does not exist yet."""
    manager = holding("project_manager", ("project", str(uuid4())))
    given = Proposal(track="local-db32", facts=Patch(title_zh="示例 项目产出的标准"))
    assert (await do(hub, date(2026, 11, 24), facts.propose, given, actor=manager)).step == "00.20"
    async with hub.work(holding("member", ("committee", str(uuid4())))) as work:
        with pytest.raises(Forbidden):
            await facts.propose(work, given)


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
