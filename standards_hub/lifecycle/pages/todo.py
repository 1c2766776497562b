"""What is to be done: one's own by due day, a body's queue beside it, and who stands in for whom."""

from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import Parameter

from standards_hub.committees.ballots import service as ballots
from standards_hub.committees.founding import service as founding
from standards_hub.committees.meetings.services import showing as meetings
from standards_hub.kernel import holidays
from standards_hub.kernel.access import deputies
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.access.values import BODY_NAMES, Deputy, NewDeputy
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page, section
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.due import GROUP_NAMES, grouped, summary
from standards_hub.lifecycle.services import duties
from standards_hub.lifecycle.services.bodies import body_names
from standards_hub.lifecycle.waiting import waiting

AnyRequest = Request[Any, Any, Any]
MAY: dict[str, Any] = {"permission": "todo.read"}
DEPUTY: dict[str, Any] = {"permission": "deputy.name"}
ACTS: dict[str, tuple[Message, str]] = {
    "advance": (say("办理"), "/acts/advance"),
    "extension": (say("决定延期"), "/acts/extension-decision"),
    "accept": (say("确认材料"), "#dossier"),
    "supply": (say("提交材料"), "#missing"),
    "read": (say("查看"), ""),
}
"""What settles a thing, and where under the standard's address."""
section("/todo", say("我的待办"), "clipboard-list", "todo.read", 20)


@get("/todo", opt=MAY, include_in_schema=False)
async def todo_page(
    request: AnyRequest, reading: Work, of: Annotated[str | None, Parameter(query="body", max_length=80)] = None
) -> Response[str]:
    """What waits for the actor, or in one body, by due day."""
    chosen = duties.body_of(of) if of else None
    found = await duties.body_queue(reading, chosen) if chosen else await duties.mine_to_do(reading)
    held = list(dict.fromkeys(grant.body for grant in reading.actor.grants if grant.body[0] in duties.BODY_KINDS))
    names = await body_names(reading, {*held, *([chosen] if chosen else [])})
    mine = sum(todo.mine for todo in found)
    sentence = summary((todo.due_on for todo in found), reading.today)
    if chosen:
        sentence = say("{body}：共 {count} 项在等，其中 {mine} 项等您办理", body=names.get(chosen, ""), count=len(found), mine=mine)
    votes = [] if chosen else await ballots.waiting(reading)
    terms = [] if chosen else await founding.mine(reading)
    given = await meetings.duties_at(reading, chosen)
    others = [] if chosen else await waiting(reading)
    due = [todo.due_on for todo in found if todo.due_on] + [vote.closes_on for vote in votes]
    due += [one.limit.due for one in terms] + [one.duty.due_on for one in given]
    off = await holidays.days_off(reading.connection, (day for day in due if day >= reading.today))
    if not found and (votes or terms or given or others):
        sentence = say("没有等您办理的标准")
    if votes:
        sentence = say("{sentence}；{count} 次表决待您投票", sentence=sentence, count=len(votes))
    if terms:
        sentence = say("{sentence}；{count} 个委员会的日子将近或已过", sentence=sentence, count=len({one.committee_id for one in terms}))
    if given:
        sentence = say("{sentence}；会议交办 {count} 件", sentence=sentence, count=len(given))
    if others:
        sentence = say("{sentence}；其他事项 {count} 件", sentence=sentence, count=len(others))
    return page(
        request, "todo/list.html", groups=grouped(found, reading.today), group_names=GROUP_NAMES, sentence=sentence, acts=ACTS, chosen=chosen,
        votes=votes, terms=terms, given=given, others=[(head, list(ones)) for head, ones in groupby(others, lambda one: one.heading)], off=off,
        bodies=[(one, names[one]) for one in held if one in names], today=reading.today, kinds=BODY_NAMES,
    )  # fmt: skip


@get("/todo/deputies", opt=DEPUTY, include_in_schema=False)
async def deputies_page(request: AnyRequest, reading: Work) -> Response[str]:
    """Who acts for the actor, for whom the actor acts, and the form that names somebody."""
    return await _deputies(request, reading, Form())


async def _deputies(request: AnyRequest, work: Work, form: Form, status: int = 200) -> Response[str]:
    named, acting_for = await deputies.mine(work)
    own: list[Body] = [grant.body for grant in work.actor.grants if grant.principal is None]
    names = await body_names(work, {*own, *(one.body for one in (*named, *acting_for) if one.body)})
    choices = [(f"{kind}:{id}", names[kind, id]) for kind, id in dict.fromkeys(own) if (kind, id) in names]
    lends = any(grant.principal is None and grant.role != "administrator" for grant in work.actor.grants)
    return page(
        request, "todo/deputies.html", status=status, form=form, named=named, acting_for=acting_for, names=names, choices=choices,
        today=work.today, lends=lends, kinds=BODY_NAMES,
    )  # fmt: skip


@post("/todo/deputies", opt=DEPUTY, include_in_schema=False)
async def name_deputy(request: AnyRequest) -> Response[Any]:
    """Name a deputy."""
    form = await Form.of(request)
    kind, _, id = form.text("body_id").partition(":")

    async def do(work: Work) -> Deputy:
        typed = Form(fields={name: values for name, values in form.fields.items() if name != "body_id"})
        return await deputies.name(work, typed.into(NewDeputy, body_kind=kind or None, body_id=id or None))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await _deputies(request, reading, form, outcome.error.status if outcome.error else 422)
    return go(request, "/todo/deputies", say("{name} 代理您至 {until}（含当日）", name=outcome.value.deputy, until=outcome.value.until))


@post("/todo/deputies/{id:uuid}/end", opt=DEPUTY, include_in_schema=False)
async def end_deputy(request: AnyRequest, id: UUID) -> Response[Any]:
    """End it at once."""
    form = await Form.of(request)

    async def do(work: Work) -> Deputy:
        return await deputies.end(work, id)

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await _deputies(request, reading, form, outcome.error.status if outcome.error else 422)
    return go(request, "/todo/deputies", say("{deputy} 不再代理 {account}", deputy=outcome.value.deputy, account=outcome.value.account))


PAGES: list[Any] = [todo_page, deputies_page, name_deputy, end_deputy]
