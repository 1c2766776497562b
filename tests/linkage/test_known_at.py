"""What was known on a day: targets, rules, words, organisations and claims as of then, whatever was recorded since."""

from datetime import date

import pytest

from standards_hub.committees.schemas import OrganisationChange
from standards_hub.committees.services import organisations
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage.schemas import NewClaim, NewField, NewProject, PlanChange, Rebase, Words
from standards_hub.linkage.services import claims, plans, projects, tallies
from standards_hub.linkage.services.tallies import Tally
from tests.lifecycle.driving import on_day
from tests.linkage.snapshots.conftest import ENTERED, PLAN, YEAR_END, published
from tests.linkage.snapshots.conftest import hub as hub
from tests.linkage.snapshots.conftest import standard as standard

BEFORE, LATER = date(2027, 1, 7), date(2027, 1, 20)


async def told(hub: Hub, as_of: date = YEAR_END, known_at: date | None = None) -> Tally:
    async with hub.reading(SYSTEM) as work:
        return await tallies.tally(work, PLAN, as_of, known_at=known_at)


async def test_a_target_that_is_rebased_for_a_past_day_is_the_old_one_for_who_knew_only_that(hub: Hub) -> None:
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        await plans.rebase(work, PLAN, "national", Rebase(reason="示例", source="示例", value=31, on=date(2026, 12, 1)))
        await work.commit()
    values = [
        {t.key: t.target for t in (await told(hub, day, known)).counted.targets}["national"]
        for day, known in ((YEAR_END, None), (YEAR_END, BEFORE), (date(2026, 11, 30), None))
    ]
    assert values == [31, 30, 30]


async def test_the_rule_and_the_words_hold_from_the_day_of_their_version(hub: Hub) -> None:
    async with on_day(hub, date(2026, 6, 1)).work(SYSTEM) as work:
        await plans.edit(work, PLAN, PlanChange(count_rule="approved"))
        await plans.extend(work, PLAN, Words(fields=[NewField(key="shili", name_zh="示例领域", name_en="Example")]))
        await work.commit()
    for day, known, rule, there in (
        (YEAR_END, None, "approved@1", True),
        (date(2026, 5, 31), None, "default@1", False),
        (date(2026, 5, 31), date(2026, 5, 31), "default@1", False),
        (YEAR_END, date(2026, 5, 31), "default@1", False),
    ):
        found = await told(hub, day, known)
        assert (found.rule.id, "shili" in {term.key for term in found.plan.fields}) == (rule, there)
    async with hub.reading(SYSTEM) as work:
        shown = await plans.show(work, PLAN)
    assert [(v.n, v.rule, v.since) for v in shown.rules] == [(1, "default@1", date(2024, 1, 2)), (2, "approved@1", date(2026, 6, 1))]
    assert [(v.n, v.since, [f.key for f in v.fields]) for v in shown.words[1:]] == [(2, date(2026, 6, 1), ["shili"])]


async def test_before_the_plan_was_registered_nobody_knew_it(hub: Hub) -> None:
    with pytest.raises(NotFound):
        await told(hub, date(2023, 12, 1), date(2023, 12, 31))


async def test_an_organisation_is_told_as_it_was_on_the_day_and_as_it_was_known(hub: Hub, standard: Standard) -> None:
    await published(hub, standard, YEAR_END, recorded=YEAR_END)
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        unit = (await lifecycle.drafting_units(work.connection, standard.id))[0].organisation_id
        await organisations.edit(work, unit, OrganisationChange(name_zh="示例单位改名", in_province=False))
        await work.commit()
    names = [(await told(hub, day)).held.facts[0].drafters[0] for day in (YEAR_END, ENTERED)]
    assert [(d.organisation, d.in_province) for d in names] == [("示例单位", True), ("示例单位改名", False)]
    unknown = await told(hub, LATER, BEFORE)
    assert unknown.held.facts[0].drafters[0].organisation == "示例单位"


async def test_a_claim_is_told_from_the_day_it_was_known(hub: Hub, standard: Standard) -> None:
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        project = await projects.register(
            work, NewProject(project_no="示例-1", title="示例项目", programme="示例计划"), on=date(2026, 1, 1)
        )
        await claims.claim(work, project.id, NewClaim(standard_id=standard.id, on=date(2026, 12, 1)))
        await work.commit()
    seen = [(await told(hub, YEAR_END, known)).held.facts[0].projects for known in (None, BEFORE)]
    assert [[ref.project_no for ref in found] for found in seen] == [["示例-1"], []]
