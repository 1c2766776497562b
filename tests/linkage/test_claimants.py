"""A project's manager works on the standards that the project claims, and on no others."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from standards_hub.committees.schemas import Reason
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import Forbidden, HubError
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import claimants
from standards_hub.lifecycle.schemas import ExtensionRequest, PaperIn, Proposal
from standards_hub.lifecycle.services import dossier, facts, timing
from standards_hub.lifecycle.values import Patch, Standard
from standards_hub.linkage.schemas import NewClaim, NewProject
from standards_hub.linkage.services import claims, projects
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import holding


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    fill_ports()
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    yield hub
    await hub.database.close()


async def world(hub: Hub) -> tuple[Standard, UUID, UUID]:
    """A standard, the project that claims it and its claim."""
    async with hub.work(SYSTEM) as work:
        standard = await facts.propose(work, Proposal(track="local-db32", facts=Patch(title_zh="示例标准")))
        project = await projects.register(work, NewProject(project_no="示例-1", title="示例项目", programme="示例"))
        claim = await claims.claim(work, project.id, NewClaim(standard_id=standard.id))
        await work.commit()
    return standard, project.id, claim.id


def manager(project: UUID) -> Actor:
    return holding("project_manager", ("project", str(project)))


async def test_the_manager_of_a_project_that_claims_it_adds_papers_until_the_claim_is_withdrawn(hub: Hub) -> None:
    standard, project, claim = await world(hub)
    kind = next(iter(dossier.track_of(standard.track).papers)).key
    paper = PaperIn(kind=kind, title="示例", dated=date(2026, 11, 1), reference="示例存放处")
    async with hub.work(manager(project)) as work:
        assert await dossier.add_paper(work, standard.id, paper)
        await work.commit()
    async with hub.work(manager(UUID(int=9))) as work:
        with pytest.raises(Forbidden):
            await dossier.add_paper(work, standard.id, paper)
    async with hub.work(SYSTEM) as work:
        await claims.withdraw(work, project, claim, Reason(reason="示例"))
        await work.commit()
    async with hub.work(manager(project)) as work:
        with pytest.raises(Forbidden):
            await dossier.add_paper(work, standard.id, paper)


async def test_the_manager_may_ask_for_time_and_still_meets_the_rules_of_extensions(hub: Hub) -> None:
    standard, project, _ = await world(hub)
    ask = ExtensionRequest(months=6, reason="示例")
    async with hub.work(manager(project)) as work:
        with pytest.raises(HubError) as refused:
            await timing.ask_extension(work, standard.id, ask)
        assert not isinstance(refused.value, Forbidden)
    async with hub.work(manager(UUID(int=9))) as work:
        with pytest.raises(Forbidden):
            await timing.ask_extension(work, standard.id, ask)


async def test_projects_are_looked_up_only_for_managers_and_only_where_their_role_counts(hub: Hub) -> None:
    standard, project, _ = await world(hub)
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sa.event.listen(hub.database.engine.sync_engine, "before_cursor_execute", listen)
    counts = []
    for actor, permission in (
        (SYSTEM, "standard.dossier_add"), (holding("member"), "standard.dossier_add"), (manager(project), "standard.edit"),
        (manager(project), "standard.dossier_add"),
    ):  # fmt: skip
        async with hub.reading(actor) as work:
            asked.clear()
            counts.append((await claimants.may(work, permission, standard), len([s for s in asked if "project_standard" in s])))
    assert counts == [(True, 0), (False, 0), (False, 0), (True, 1)]
