"""A hub with the registers that a portfolio names: plans with their words, committees, organisations and a project."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from standards_hub.committees.schemas import NewCommittee, NewOrganisation
from standards_hub.committees.services import committees, organisations
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.intake import ports
from standards_hub.linkage.intake import PortfolioLinkage
from standards_hub.linkage.schemas import NewField, NewPlan, NewProject, NewRegion
from standards_hub.linkage.services import plans, projects

UNITS = ("示例氢能研究院", "示例检验检测中心", "示例大学")


@pytest.fixture
async def registers(hub: Hub) -> AsyncIterator[Hub]:
    """The hub of the lifecycle, with registers and the port to plans and projects filled."""
    before = ports.linkage()
    ports.connect(PortfolioLinkage())
    async with hub.work(SYSTEM) as work:
        for name in UNITS:
            await organisations.register(work, NewOrganisation(name_zh=name, kind="institute", exemplar=True))
        await committees.register(work, NewCommittee(name_zh="示例氢能标准化技术委员会", number="SAC/TC 9309", level="national"))
        await plans.register(work, NewPlan(
            key="demo", name_zh="示例计划", name_en="Example plan", document_title="示例", source="示例", window_start=date(2024, 1, 1),
            window_end=date(2026, 12, 31), fields=[NewField(key="hydrogen", name_zh="氢能", name_en="Hydrogen"),
                                                    NewField(key="robots", name_zh="机器人", name_en="Robots")],
            regions=[NewRegion(code="3201", name_zh="示例市", name_en="Example city")],
        ))  # fmt: skip
        await projects.register(work, NewProject(project_no="SL-2024-001", title="示例项目", programme="示例", exemplar=True))
        await work.commit()
    yield hub
    ports.connect(before)
