"""The department that answers for a plan: its own officers make, sign and are told of the reports, and those of others are not."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from litestar import Litestar

from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.demo import fixtures
from standards_hub.documents import drafting, kept, narrating, repository, signing
from standards_hub.documents.report.narrative import Narrative
from standards_hub.documents.schemas import NewReport, Report, SignReport
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Forbidden, NotFound
from standards_hub.kernel.work import Hub, history
from standards_hub.linkage import absorbing
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.schemas import PlanChange
from standards_hub.linkage.services import plans

PLAN = "jiangsu-5x100"
DAY, MERGED = date(2026, 10, 15), date(2026, 6, 1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON and page only: the other prints take seconds and are read elsewhere."""
    monkeypatch.setattr(kept, "PRINTED", ("json", "html"))


def officer_of(organisation: UUID) -> Actor:
    return Actor(account=uuid4(), name="officer", grants=(Grant("officer", ("organisation", str(organisation))),))


async def two_departments(hub: Hub) -> tuple[UUID, UUID]:
    """The plan answered for by the first of two departments."""
    async with hub.work(SYSTEM) as work:
        ids = [(await organisations.register(work, NewOrganisation(name_zh=f"示例部门{n}", kind="authority"))).id for n in "甲乙"]
        await plans.register(work, fixtures.plan(), on=date(2024, 1, 2))
        await plans.edit(work, PLAN, PlanChange(department_id=ids[0]), on=date(2024, 1, 2))
        await work.commit()
    return ids[0], ids[1]


async def made(hub: Hub, actor: Actor) -> Report:
    async with hub.work(actor) as work:
        await narrating.write(work, PLAN, "monthly", DAY, Narrative(texts={"month": "示例：本月无其他事项。"}))
        asked = await kept.ask(work, NewReport(PLAN, as_of=DAY, kind="monthly"))
        await work.commit()
    assert (await jobs.drain(hub)).errors == []
    async with hub.reading(SYSTEM) as work:
        found = await repository.report(work.connection, asked.id)
    assert found
    return found


async def test_on_both_engines_officers_of_the_department_make_and_sign_and_those_of_another_may_not(app: Litestar) -> None:
    hub: Hub = app.state.hub
    hub = Hub(hub.database, hub.files, Clock(DAY))
    own, foreign = (officer_of(id) for id in await two_departments(hub))
    with pytest.raises(Forbidden):
        await made(hub, foreign)
    report = await made(hub, own)
    async with hub.work(foreign) as work:
        with pytest.raises(Forbidden):
            await signing.sign(work, report.id, SignReport())
        assert await drafting.waiting(work) == []
    async with hub.work(own) as work:
        assert [one.path for one in await drafting.waiting(work)] == [f"/reports/{report.id}"]
        signed = await signing.sign(work, report.id, SignReport())
        await work.commit()
    assert signed.signed_by == own.label


async def test_without_a_department_only_officers_of_the_whole_hub_make_reports(app: Litestar) -> None:
    hub: Hub = app.state.hub
    async with hub.work(SYSTEM) as work:
        unit = await organisations.register(work, NewOrganisation(name_zh="示例部门", kind="authority"))
        await plans.register(work, fixtures.plan(), on=date(2024, 1, 2))
        with pytest.raises(NotFound):
            await plans.edit(work, PLAN, PlanChange(department_id=uuid4()))
        await work.commit()
    async with hub.work(officer_of(unit.id)) as work:
        with pytest.raises(Forbidden):
            await kept.ask(work, NewReport(PLAN, as_of=work.today))


async def test_a_plan_is_answered_for_by_the_department_that_its_own_went_into(app: Litestar) -> None:
    hub: Hub = app.state.hub
    old, new = await two_departments(hub)
    async with hub.work(SYSTEM) as work:
        assert await absorbing.plans(work, old, new, MERGED) == 1
        plan = await linkage.plan_by_key(work, PLAN)
        assert plan.department_id == new
        assert await absorbing.plans(work, old, new, MERGED) == 0
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert (await history(work.connection, plan.stream))[-1].effective_on == MERGED
