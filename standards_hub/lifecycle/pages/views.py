"""The lists one keeps, as pages: to keep the list at hand, to name it anew, to make it the usual one, to give it up."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import Parameter

from standards_hub.kernel.errors import HubError
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.schemas import ViewIn
from standards_hub.lifecycle.services import viewing

AnyRequest = Request[Any, Any, Any]
MINE: dict[str, Any] = {"permission": "account.self"}


@get("/standards/views", opt=MINE, include_in_schema=False)
async def views_page(request: AnyRequest, reading: Work, kept: Annotated[str | None, Parameter(query="query")] = None) -> Response[Any]:
    """One's kept lists, and the form that keeps the list one comes from, if one comes from a list to keep it."""
    return await _views(request, reading, Form() if kept is None else Form.holding({"query": kept[:4000]}))


async def _views(request: AnyRequest, work: Work, form: Form, of: UUID | None = None, status: int = 200) -> Response[Any]:
    return page(request, "standards/views.html", status=status, views=await viewing.views(work), form=form, of=of)


async def _again(request: AnyRequest, form: Form, error: HubError | None, of: UUID | None = None) -> Response[Any]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        return await _views(request, reading, form, of, error.status if error else 422)


@post("/standards/views", opt=MINE, include_in_schema=False)
async def keep(request: AnyRequest) -> Response[Any]:
    """Keep a list under a name and go to it."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: viewing.keep(work, form.into(ViewIn)))
    if outcome.value is None:
        return await _again(request, form, outcome.error)
    view = outcome.value
    return go(request, f"/standards?{view.query or 'all=1'}", say("已保存视图“{name}”", name=view.name))


@post("/standards/views/{view_id:uuid}", opt=MINE, include_in_schema=False)
async def change(request: AnyRequest, view_id: UUID) -> Response[Any]:
    """Give a kept list another name, or make it the usual one."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: viewing.change(work, view_id, form.into(ViewIn)))
    if outcome.value is None:
        return await _again(request, form, outcome.error, view_id)
    return go(request, "/standards/views", say("已更新视图“{name}”", name=outcome.value.name))


@post("/standards/views/{view_id:uuid}/removal", opt=MINE, include_in_schema=False)
async def drop(request: AnyRequest, view_id: UUID) -> Response[Any]:
    """Give a kept list up."""
    outcome = await attempt(request, Form(), lambda work: viewing.drop(work, view_id))
    if outcome.error:
        raise outcome.error
    return go(request, "/standards/views", say("已删除视图"))


PAGES: list[Any] = [views_page, keep, change, drop]
