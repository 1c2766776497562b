"""A hub with projects that claim."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from standards_hub.committees.schemas import NewOrganisation, NewPerson
from standards_hub.committees.services import organisations, people
from standards_hub.kernel.access.actor import SYSTEM, Grant
from standards_hub.kernel.work import Hub
from standards_hub.linkage.schemas import NewCommitment, NewProject
from standards_hub.linkage.services import projects
from tests.linkage.claiming.driving import Office, account
from tests.support.hubs import proven


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    async with proven(database_url, tmp_path) as hub:
        yield hub


@pytest.fixture
async def office(hub: Hub) -> Office:
    async with hub.work(SYSTEM) as work:
        house = await organisations.register(work, NewOrganisation(name_zh="示例公司", kind="enterprise", region="3201"))
        person = await people.register(work, NewPerson(name="示例负责人", organisation_id=house.id))
        promise = NewCommitment(level="local", count=1, source_text="示例：发布地方标准1项", evidence=["foreword"])
        project = await projects.register(work, NewProject(
            project_no="SHILI-1", title="示例项目", programme="示例", lead_organisation_id=house.id, manager_person_id=person.id,
            starts_on=date(2024, 1, 1), ends_on=date(2026, 6, 30), commitments=[promise],
        ))  # fmt: skip
        own = Grant("project_manager", ("project", str(project.id)))
        manager = await account(work, "manager", own, person=person.id)
        officer = await account(work, "officer", Grant("officer", ("hub", "*")))
        other = await account(work, "other", Grant("officer", ("hub", "*")))
        await work.commit()
    return Office(hub, project, manager, officer, other)
