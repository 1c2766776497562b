"""Projects, people and standards that claims are about."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.kernel import uploads
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.access.values import NewAccount
from standards_hub.kernel.errors import BadInput, Refused
from standards_hub.kernel.events import table_of
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.events import DraftingUnitsSet, Proposed, Running
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.values import DraftingUnit, Patch, Standard
from standards_hub.linkage.claiming import proving, service
from standards_hub.linkage.claiming.schemas import Day, NewEvidence
from standards_hub.linkage.schemas import NewClaim
from standards_hub.linkage.services import claims
from standards_hub.linkage.values import Claim, Project


async def a_standard(work: Work, *, stage: str = "20.20", units: tuple[UUID, ...] = ()) -> UUID:
    """A standard by its events alone: how it came to be does not matter here."""
    columns = table_of(StandardRow).columns
    made = Standard(**{name: None for name in Standard.__struct_fields__ if name in columns} | {"id": uuid4(), "version": 0})  # type: ignore[arg-type]
    event = Proposed(
        track="local-db32@2026.1", level="local", kind="new", step=stage, stage=stage, facts=Patch(title_zh="示例标准"), visit=uuid4(),
        running=Running(), exemplar=True,
    )  # fmt: skip
    await work.append(made, event, effective_on=date(2025, 1, 1))
    if units:
        await work.append(
            made, DraftingUnitsSet(before=[], after=[DraftingUnit(id, n) for n, id in enumerate(units, 1)]), effective_on=date(2025, 1, 1)
        )
    return made.id


class Office:
    """A project with its manager, and two officers."""

    def __init__(self, hub: Hub, project: Project, manager: Actor, officer: Actor, other: Actor) -> None:
        self.hub, self.project, self.manager, self.officer, self.other = hub, project, manager, officer, other


async def account(work: Work, login: str, *grants: Grant, person: UUID | None = None) -> Actor:
    made = await access.open_account(
        work, NewAccount(login=login, name=login, email=f"{login}@example.org", password="demo-2026-hub", person_id=person)
    )
    return Actor(account=made.id, name=login, grants=grants, person=person)


def codes(error: pytest.ExceptionInfo[Refused] | pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [unmet.code for unmet in error.value.unmet]


async def claimed(office: Office, **more: object) -> Claim:
    async with office.hub.work(SYSTEM) as work:
        standard = await a_standard(work, units=(office.project.lead_organisation_id,))  # type: ignore[arg-type]
        await work.commit()
    async with office.hub.work(office.manager) as work:
        made = await claims.claim(work, office.project.id, NewClaim(standard_id=standard, contribution="示例：4.2", **more))  # type: ignore[arg-type]
        await work.commit()
    return made


async def handed_in(office: Office, made: Claim, kind: str = "foreword") -> None:
    async with office.hub.work(office.manager) as work:
        digest = await uploads.keep(work, b"example foreword")
        given = NewEvidence(kind=kind, sha256=digest, filename="a/../foreword.pdf", page="前言第2页")  # type: ignore[arg-type]
        piece = await proving.add(work, office.project.id, made.id, given)
        assert (piece.filename, piece.media_type, piece.page, piece.size) == ("foreword.pdf", "application/pdf", "前言第2页", 16)
        await service.submit(work, office.project.id, made.id, Day())
        await work.commit()
