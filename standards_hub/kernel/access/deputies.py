"""Naming somebody who holds one's roles for a while, and ending it. The log always records the deputy as the actor."""

from datetime import timedelta
from uuid import UUID, uuid4

from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.events import DeputyEnded, DeputyNamed
from standards_hub.kernel.access.identity import MEMORY
from standards_hub.kernel.access.values import BODY_NAMES, Account, Deputy, NewDeputy
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

LONGEST = timedelta(days=366)
"""A choice of this hub: who is away for longer hands the role over."""


async def name(work: Work, given: NewDeputy) -> Deputy:
    """Let somebody hold one's own roles for a period, all of them or those in one body. Raises `BadInput`, `Conflict`."""
    work.actor.require("deputy.name")
    own = await repository.account(work.connection, service.own_id(work))
    deputy, since = await _named(work, given.login), given.since or work.today
    unmet = _unmet(work, own, deputy, given)
    exists = service.BODY_CHECKS.get(given.body_kind or "")
    if exists and given.body_kind and given.body_id and not unmet and not await exists(work.connection, given.body_id):
        unmet.append(Unmet("body", say("没有这个{kind}", kind=BODY_NAMES[given.body_kind]), "body_id"))
    if unmet or deputy is None:
        raise BadInput(say("代理信息有误"), unmet=unmet)
    made = Deputy(uuid4(), own.id, own.name, deputy.id, deputy.name, since, given.until, given.body_kind, given.body_id)
    for other in await repository.deputies(work.connection, of=own.id):
        if other.deputy_id == deputy.id and other.body == made.body and other.since <= made.until and made.since <= other.until:
            raise Conflict(
                say("{name} 在 {since} 至 {until} 已是代办人，请先结束", name=deputy.name, since=other.since, until=other.until),
                code="exists",
            )
    _forget(made)
    await work.append(own, DeputyNamed(made.id, deputy.id, since, given.until, given.body_kind, given.body_id))
    return made


async def end(work: Work, deputy_id: UUID) -> Deputy:
    """End it at once: for who named the deputy, the deputy, or who manages accounts. To others it does not exist."""
    found = next(iter(await repository.deputies(work.connection, id=deputy_id)), None)
    concerned = found is not None and work.actor.account in (found.account_id, found.deputy_id)
    if found is None or not (concerned or work.actor.may("account.manage")):
        raise NotFound(say("没有这项代理"))
    _forget(found)
    await work.append(await repository.account(work.connection, found.account_id), DeputyEnded(found.id, found.deputy_id))
    return found


async def mine(work: Work) -> tuple[list[Deputy], list[Deputy]]:
    """Who acts for the actor, and for whom the actor acts; past periods are left out."""
    id = service.own_id(work)
    of, by = await repository.deputies(work.connection, of=id), await repository.deputies(work.connection, by=id)
    return [one for one in of if one.until >= work.today], [one for one in by if one.until >= work.today]


async def _named(work: Work, login: str) -> Account | None:
    try:
        return await repository.account_by_login(work.connection, login)
    except NotFound:
        return None


def _unmet(work: Work, own: Account, deputy: Account | None, given: NewDeputy) -> list[Unmet]:
    since, unmet = given.since or work.today, []
    if deputy is None or not deputy.active:
        unmet.append(Unmet("login", say("没有登录名为 {login} 的在用账号", login=given.login[:80]), "login"))
    elif deputy.id == own.id:
        unmet.append(Unmet("login", say("不能由本人代理本人"), "login"))
    if since < work.today:
        unmet.append(Unmet("since", say("起日不能早于今天"), "since"))
    if given.until < since:
        unmet.append(Unmet("until", say("止日不能早于起日"), "until"))
    elif given.until - since > LONGEST:
        unmet.append(Unmet("until", say("代理期最长 {days} 天；更久请由系统管理员调整角色", days=LONGEST.days), "until"))
    period = Deputy(own.id, own.id, own.name, own.id, "", since, given.until, given.body_kind, given.body_id)
    if (given.body_kind is None) != (given.body_id is None):
        unmet.append(Unmet("body", say("请同时写明任职对象的种类和编号，或都不填"), "body_id"))
    elif not any(period.lent(held) for held in own.grants if held.until is None or held.until >= since):
        why = say("您在其中没有可以代理的角色") if period.body else say("您没有可以代理的角色；系统管理员的角色不能代理")
        unmet.append(Unmet("body", why, "body_id" if period.body else "login"))
    return unmet


def _forget(deputy: Deputy) -> None:
    """Both see the change with their next request to this process."""
    MEMORY.forget(deputy.account_id)
    MEMORY.forget(deputy.deputy_id)
