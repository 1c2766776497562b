"""The lists that somebody keeps under a name: to keep one, to change it, to give it up. One of them may be the usual one."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import sqlalchemy as sa

from standards_hub.kernel import frequent
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import queries
from standards_hub.lifecycle.filtering import read
from standards_hub.lifecycle.queries import VIEW
from standards_hub.lifecycle.schemas import ViewIn
from standards_hub.lifecycle.values import SavedView

MOST = 50


def account(work: Work) -> UUID:
    """Whose views they are. Raises `NotSignedIn`."""
    work.actor.require("account.self")
    if work.actor.account is None:  # the system keeps none
        raise NotFound(say("没有账号"))
    return work.actor.account


async def views(work: Work) -> list[SavedView]:
    return await frequent.asked(work.connection, queries.views_of(account(work)))


async def keep(work: Work, given: ViewIn) -> SavedView:
    """Keep a list under a name. Raises `Conflict` where the name is taken."""
    mine = await views(work)
    if len(mine) >= MOST:
        raise Conflict(say("至多保存 {most} 个视图，请先删除不用的", most=MOST))
    made = SavedView(uuid4(), account(work), *_checked(given, mine), usual=given.usual)
    await _settle_usual(work, made)
    await work.connection.execute(sa.insert(VIEW).values(**_row(made)))
    return made


async def change(work: Work, id: UUID, given: ViewIn) -> SavedView:
    """Give a kept list another name or other conditions, or make it the usual one. Raises `NotFound` for somebody else's."""
    mine = await views(work)
    if all(view.id != id for view in mine):
        raise _missing(id)
    made = SavedView(id, account(work), *_checked(given, [view for view in mine if view.id != id]), usual=given.usual)
    await _settle_usual(work, made)
    await work.connection.execute(sa.update(VIEW).where(VIEW.c.id == id).values(**_row(made)))
    return made


async def drop(work: Work, id: UUID) -> None:
    """Give a kept list up. Raises `NotFound` for somebody else's."""
    done = await work.connection.execute(sa.delete(VIEW).where(VIEW.c.id == id, VIEW.c.account_id == account(work)))
    if not done.rowcount:
        raise _missing(id)


def _missing(id: UUID) -> NotFound:
    return NotFound(say("找不到视图 {id}", id=id))


def _row(view: SavedView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in view.__struct_fields__}


def _checked(given: ViewIn, others: list[SavedView]) -> tuple[str, str]:
    """The name and the conditions in their one writing."""
    name = " ".join(given.name.split())
    if not name:
        raise BadInput(say("请给视图起个名称"), unmet=[Unmet("view.name", say("请填写名称"), "name")])
    if any(view.name == name for view in others):
        raise Conflict(say("已有同名的视图"), unmet=[Unmet("view.name", say("已有视图“{name}”，请换一个名称", name=name), "name")])
    return name, str(read(parse_qsl(given.query, keep_blank_values=True)))


async def _settle_usual(work: Work, view: SavedView) -> None:
    """Only one can be the usual one."""
    if view.usual:
        await work.connection.execute(sa.update(VIEW).where(VIEW.c.account_id == view.account_id).values(usual=False))
