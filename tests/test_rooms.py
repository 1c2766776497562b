"""The ports that higher rooms fill for lower ones."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from standards_hub.committees.schemas import NewCommittee, NewOrganisation
from standards_hub.committees.services import committees, organisations
from standards_hub.kernel.access import service
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import ROLE_BODIES, NewAccount, NewGrant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.schemas import Proposal
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.values import Patch
from standards_hub.linkage.schemas import NewProject
from standards_hub.linkage.services import projects
from standards_hub.rooms import fill_ports


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    yield hub
    await hub.database.close()


async def body(work: Work, kind: str) -> str:
    """A body of a kind, made just now."""
    organisation = await organisations.register(work, NewOrganisation(name_zh="示例研究院", kind="institute"))
    if kind == "committee":
        return str((await committees.register(work, NewCommittee(name_zh="示例标委会", level="provincial", number="JS/TC 98"))).id)
    if kind == "standard":
        return str((await facts.propose(work, Proposal(track="local-db32", facts=Patch(title_zh="示例标准")))).id)
    if kind == "project":
        given = NewProject(project_no="示例-1", title="示例项目", programme="示例", lead_organisation_id=organisation.id, starts_on=date(2025, 1, 1),
                           ends_on=date(2027, 1, 1))  # fmt: skip
        return str((await projects.register(work, given)).id)
    return str(organisation.id)


@pytest.mark.parametrize("role, kind", [(role, kind) for role, kind in ROLE_BODIES.items() if kind != "hub"])
async def test_a_role_is_granted_only_in_a_body_that_is_there(hub, monkeypatch, role, kind):
    monkeypatch.setattr(service, "BODY_CHECKS", {})
    fill_ports()
    async with hub.work(SYSTEM) as work:
        account = await service.open_account(work, NewAccount(login="holder", name="示例"))
        held = await service.grant_role(work, account.id, NewGrant(role=role, body_kind=kind, body_id=await body(work, kind)))
        assert held.body_kind == kind
        with pytest.raises(BadInput) as refused:
            await service.grant_role(work, account.id, NewGrant(role=role, body_kind=kind, body_id=str(uuid4())))
    assert [unmet.where for unmet in refused.value.unmet] == ["body_id"]
