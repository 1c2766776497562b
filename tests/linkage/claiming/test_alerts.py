"""A standard that slips past a day of a contract: what is a breach, seen on the page, and written once."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID, uuid4

import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.events import table_of
from standards_hub.kernel.jobs import JobRow
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import alerts
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.alerts import breaches
from standards_hub.linkage.fulfilment import Claimed, kept
from standards_hub.linkage.values import Claim, Commitment, Project
from tests.support.office import visit

ID = uuid4()


def project(ends: date | None = date(2026, 12, 31)) -> Project:
    return Project(id=uuid4(), project_no="示例", project_no_key="示例", title="示例", programme="示例", ends_on=ends)


def found(
    status: str, limit: date | None, *, ends: date | None = date(2026, 12, 31), due: date | None = None, stage: str = "30.20"
) -> list[str]:
    promise = Commitment(id=uuid4(), level="local", role_required="either", count=1, min_stage="60.60", source_text="示例", due=due)
    claim = Claim(
        id=uuid4(),
        project_id=uuid4(),
        standard_id=ID,
        relation="output_of",
        share=None,
        primary=False,
        state="claimed",
        claimed_on=date(2026, 1, 1),
    )
    said = kept([promise], [Claimed(id=ID, level="local", stage=stage, status=status, role="lead", state="confirmed")])
    standards = {ID: SimpleNamespace(status=status, level="local")}
    limits: dict[UUID, date] = {ID: limit} if limit else {}
    return [one.why for one in breaches(project(ends), said, [claim], standards, limits)]


@pytest.mark.parametrize(
    "status, limit, more, expected",
    [
        ("active", date(2027, 3, 8), {}, ["later"]),
        ("active", date(2026, 12, 31), {}, []),
        ("active", date(2026, 11, 30), {"due": date(2026, 6, 30)}, ["later"]),
        ("frozen", None, {}, ["halted"]),
        ("terminated", None, {}, ["ended"]),
        ("published", date(2027, 3, 8), {"stage": "60.60"}, []),
        ("active", date(2027, 3, 8), {"ends": None}, []),
    ],
)
def test_what_endangers_a_day_of_a_contract(status: str, limit: date | None, more: dict[str, object], expected: list[str]) -> None:
    assert found(status, limit, **more) == expected  # type: ignore[arg-type]


async def test_a_slip_is_seen_on_the_project_and_told_once_however_often_somebody_looks(office_app: Litestar) -> None:
    hub = office_app.state.hub
    for _ in range(2):
        async with hub.work(SYSTEM) as work:
            await alerts.daily(work)
            await work.commit()
    job = table_of(JobRow)
    async with hub.reading(SYSTEM) as work:
        asked = [
            msgspec.json.decode(row.arguments)["project_id"]
            for row in await work.connection.execute(sa.select(job.c.arguments).where(job.c.name == "project.slip"))
        ]
        keys = (await work.connection.execute(sa.select(job.c.key).where(job.c.name == "project.slip"))).scalars().all()
    assert keys and len(keys) == len(set(keys))
    async with hub.reading(SYSTEM) as work:
        running = [await repository.project(work.connection, id) for id in await repository.running_projects(work.connection)]
        endangered = {str(one.id) for one in running if await alerts.of_project(work, one)}
    assert set(asked) == endangered
    async with await visit(office_app, "officer") as officer:
        assert "可能赶不上合同期限" in (await officer.get(f"/projects/{asked[0]}")).text


async def test_a_slip_waits_for_the_manager_of_the_project_and_for_the_officers_and_for_nobody_else(office_app: Litestar) -> None:
    async with office_app.state.hub.reading(SYSTEM) as work:
        running = [await repository.project(work.connection, id) for id in await repository.running_projects(work.connection)]
        endangered = {f"/projects/{one.id}" for one in running if await alerts.of_project(work, one)}
    waits = {}
    for login in ("officer", "manager", "secretary"):
        async with await visit(office_app, login) as visitor:
            tree = html.fromstring((await visitor.get("/todo")).text)
        waits[login] = set(tree.xpath("//section[h2[contains(., '合同期限可能赶不上')]]//td[1]/a/@href"))
    assert waits == {"officer": endangered, "manager": set(), "secretary": set()}  # the projects of this manager are on time
    one = min(endangered)
    manager = Actor(account=uuid4(), grants=(Grant("project_manager", ("project", one.removeprefix("/projects/"))),))
    async with office_app.state.hub.reading(manager) as work:
        assert {waiting.path for waiting in await alerts.waiting(work)} == {one}


async def test_claims_in_review_and_contests_wait_for_the_officers_in_one_line_each(office_app: Litestar) -> None:
    hub, lines = office_app.state.hub, {}
    async with hub.reading(SYSTEM) as work:
        count = await claiming.count_links(work.connection, ("in_review",))
    for login in ("assessor", "manager"):
        async with await visit(office_app, login) as visitor:
            tree = html.fromstring((await visitor.get("/todo")).text)
        rows = tree.xpath("//section[h2[contains(., '科技项目的申报')]]//td[1]/a")
        lines[login] = [(row.text_content(), row.get("href")) for row in rows]
    asked = [(f"{count} 项申报待认定", "/claims"), ("1 项标准的主要归属有争议", "/claims?tab=contested")]
    assert sorted(lines["assessor"]) == sorted(asked) and lines["manager"] == []
