"""A portfolio taken in, as its tests do it."""

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.events import table_of
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.intake import service, undoing
from standards_hub.lifecycle.intake.schemas import IntakeOut, RowOut
from standards_hub.lifecycle.intake.values import Options
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.values import Standard
from tests.lifecycle.intake.files import workbook

OFFICER = Actor(account=uuid4(), name="officer", grants=(Grant("officer", ("hub", "*")),))


async def planned(hub: Hub, content: bytes, name: str = "台账.xlsx", actor: Actor = OFFICER, **options: Any) -> IntakeOut:
    async with hub.work(actor) as work:
        found = await service.plan_import(work, content, name, Options(**options))
        await work.commit()
    return found


async def accepted(hub: Hub, id: UUID, actor: Actor = OFFICER, only_good: bool = False) -> IntakeOut:
    async with hub.work(actor) as work:
        found = await service.accept(work, id, only_good=only_good)
        await work.commit()
    return found


async def undone(hub: Hub, id: UUID, actor: Actor = OFFICER) -> IntakeOut:
    async with hub.work(actor) as work:
        found = await undoing.undo(work, id, "导错了文件")
        await work.commit()
    return found


async def standards(hub: Hub) -> list[Standard]:
    async with hub.reading(SYSTEM) as work:
        rows = await work.connection.execute(sa.select(table_of(StandardRow)).order_by(sa.text("title_zh")))
        return [Standard(**row._mapping) for row in rows]


def problems(row: RowOut) -> list[tuple[str, str, str]]:
    return [(p.cell, p.severity, p.code) for p in row.problems]


def of_row(found: IntakeOut, number: int) -> RowOut:
    return next(row for row in found.rows if row.row == number)


async def one(hub: Hub, row: list[Any], **options: Any) -> RowOut:
    """What becomes of a file of one row."""
    return (await planned(hub, workbook([row]), **options)).rows[0]
