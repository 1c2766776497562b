"""How standards end, split, merge, are amended, adopted, raised and replaced, on both engines."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from msgspec import structs

from standards_hub.committees.schemas import NewCommittee
from standards_hub.committees.services import committees
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import BadInput, Conflict, Refused
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import (
    Adoption,
    Ending,
    Merge,
    Move,
    PaperIn,
    Part,
    Proposal,
    Publication,
    RelationIn,
    Split,
    Successor,
)
from standards_hub.lifecycle.services import ending, facts, moving, reading, relating
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.values import Patch
from tests.lifecycle.driving import do, driven, now, on_day, proposed, sweep, way

DECISION = PaperIn(kind="termination_decision", dated=date(2025, 1, 6), reference="测试〔2025〕1 号")


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


@pytest.mark.parametrize("number", ["20258001-T-339", " 20258001-T-339", "20250001-T-339"])
async def test_no_two_projects_of_a_split_bear_one_plan_number(hub, number):
    standard, day = await driven(hub, (await proposed(hub)).id, "30.20")
    parts = [Part(title_zh="示例 第1部分", plan_number="20258001-T-339"), Part(title_zh="示例 第2部分", plan_number=number)]
    async with on_day(hub, day).work(SYSTEM) as work:
        with pytest.raises(BadInput) as refused:
            await ending.split(work, standard.id, Split(reason="篇幅过大", papers=[DECISION], parts=parts))
    assert [unmet.where for unmet in refused.value.unmet] == ["parts.1.plan_number"]


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


async def test_who_goes_on_with_a_raised_standard_is_said_with_it(hub):
    local, day = await driven(hub, (await proposed(hub, "local-db32")).id, "60.60")
    async with on_day(hub, day).work(SYSTEM) as work:
        one = await committees.register(work, NewCommittee(name_zh="示例全国委员会", level="national", exemplar=True))
        with pytest.raises(BadInput) as error:
            await relating.raise_level(work, local.id, Successor(track="national-gbt", committee_id=uuid4()))
        assert [(u.code, u.where) for u in error.value.unmet] == [("unregistered", "committee_id")]
        raised = await relating.raise_level(work, local.id, Successor(track="national-gbt", committee_id=one.id))
        await work.commit()
    assert raised.committee_id == one.id
    secretary = Actor(account=uuid4(), grants=(Grant("secretary", ("committee", str(one.id))),))
    assert secretary.may("standard.advance", raised)


async def test_a_standard_is_raised_to_a_higher_level_and_never_lowered(hub):
    national, day = await driven(hub, (await proposed(hub)).id, "60.60")
    for lower in ("local-db32", "industry-miit"):
        async with on_day(hub, day).work(SYSTEM) as work:
            with pytest.raises(BadInput) as bad:
                await relating.raise_level(work, national.id, Successor(track=lower))
        assert [unmet.where for unmet in bad.value.unmet] == ["track"]


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
    async with hub.reading(SYSTEM) as work:  # nobody reviews what is no longer valid
        assert {d.state for d in await repository.deadlines(work.connection, old.id) if d.limit == "review_cycle"} == {"void"}


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


async def test_a_standard_does_not_replace_itself_under_its_own_number_either(hub):
    standard, day = await driven(hub, (await proposed(hub)).id, "60.60")
    own = (await now(hub, standard)).number
    async with hub.work(SYSTEM) as work:
        with pytest.raises(BadInput) as refused:
            await relating.relate(work, standard.id, RelationIn(kind="replaces", identifier=own))
    assert [unmet.code for unmet in refused.value.unmet] == ["relation.self"]
    earlier = f"{own[:-4]}1999"  # an earlier edition is another standard
    await do(hub, day, relating.relate, standard.id, RelationIn(kind="replaces", identifier=earlier))
