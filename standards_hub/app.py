"""The composition root: every room's doors on one Litestar application, and the ports filled."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar, Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.handlers.base import BaseRouteHandler
from litestar.logging import StructLoggingConfig
from litestar.types import ControllerRouterHandler

from standards_hub.documents import figures
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.access.middleware import Authentication, permitted
from standards_hub.kernel.cleanliness import clean
from standards_hub.kernel.complaints import complaint
from standards_hub.kernel.errors import BadInput, HubError, NotFound, Unmet
from standards_hub.kernel.idempotency import Idempotency, mark
from standards_hub.kernel.jobs import Runner
from standards_hub.kernel.messages import say
from standards_hub.kernel.packing import Packing
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.rooms import API, PAGES, fill_ports
from standards_hub.settings import Settings, from_environment
from standards_hub.web.errors import answer, unforeseen
from standards_hub.web.headers import guard_headers
from standards_hub.web.heads import answering_heads
from standards_hub.web.openapi import openapi_config


async def _work(request: Request[Any, Any, Any]) -> AsyncGenerator[Work, None]:
    """A unit of work for a route that writes: committed after the handler and before the answer goes out."""
    hub: Hub = request.app.state.hub
    async with hub.work(_actor(request)) as work:
        yield work
        if claimed := request.scope.get("idempotency"):
            await mark(work.connection, claimed)  # type: ignore[arg-type]
        await work.commit()


async def _reading(request: Request[Any, Any, Any]) -> AsyncGenerator[Work, None]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(_actor(request)) as work:
        yield work


def _actor(request: Request[Any, Any, Any]) -> Actor:
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    return actor


def _settings(request: Request[Any, Any, Any]) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def admitted(connection: ASGIConnection[Any, Any, Any, Any], route: BaseRouteHandler) -> None:
    """What guards every route, in one guard: the framework makes a copy of the route for each."""
    await permitted(connection, route)
    await clean(connection)


def on_hub_error(request: Request[Any, Any, Any], error: HubError) -> Response[Any]:
    return answer(request, error)


def on_bad_request(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """What msgspec could not read, field by field."""
    parts = [part for part in (error.extra if isinstance(error.extra, list) else []) if isinstance(part, dict)]
    unmet = [complaint(str(part.get("message", "")), _field(part)) for part in parts]
    return answer(request, BadInput(say("请求有误，请按下列提示修改"), unmet=unmet or [complaint(error.detail)]))


def _field(part: dict[str, Any]) -> str | None:
    """The field of a complaint: `facts.title_zh` of the body, or the parameter's name; none for the body as a whole."""
    field = str(part.get("key", ""))
    return None if field in ("", "data") else field


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework itself refuses: no such path, wrong method, unreadable body."""
    if error.status_code >= 500:
        return unforeseen(request, error)
    if error.status_code == 404:
        return answer(request, NotFound(HTTP_TEXTS[404]))
    wrapped = HubError(HTTP_TEXTS.get(error.status_code, say("请求未能处理")), unmet=_mends(error))
    wrapped.status, wrapped.code = error.status_code, f"http-{error.status_code}"
    response = answer(request, wrapped)
    response.headers.update(error.headers or {})
    return response


def _mends(error: HTTPException) -> list[Unmet]:
    """What to do about a refusal of the framework, whose own words are English and name its inside."""
    if allowed := (error.headers or {}).get("allow"):
        return [Unmet("http", say("可用的请求方法：{allowed}", allowed=allowed))]
    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    return [complaint(str(cause)) for cause in causes if isinstance(cause, msgspec.DecodeError)][:1]


def on_anything(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return unforeseen(request, error)


HTTP_TEXTS = {
    400: say("请求有误"),
    404: say("没有这个地址"),
    405: say("此地址不接受这种请求"),
    413: say("内容过大"),
    415: say("不接受这种内容类型"),
}


COLLECTING = (50_000, 10, 10)
"""A page makes thousands of objects that go with it; looked through more rarely, fewer of them are moved on to the older generations."""


def served() -> Any:
    """The application as a server runs it: visitors' own addresses, where the proxies in front are named."""
    settings = from_environment()
    app = create_app(settings)
    load_tracks()  # or the first visitor waits for them
    gc.collect()
    gc.freeze()  # what is loaded by now stays for ever: the collector need not walk it again and again
    gc.set_threshold(*COLLECTING)
    return wrap_asgi_with_proxy_headers(app, list(settings.trusted_proxies)) if settings.trusted_proxies else app


def create_app(settings: Settings | None = None) -> Litestar:
    """The hub as an ASGI application; called once a process."""
    settings = settings or from_environment()
    hub = settings.hub()
    fill_ports()

    @contextlib.asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        runner = Runner(hub, *settings.tools()) if settings.jobs else None
        if runner:
            await runner.start()
            asyncio.get_running_loop().run_in_executor(None, figures.warm)
        try:
            yield
        finally:
            if runner:
                await runner.stop()
            await hub.database.close()

    api: ControllerRouterHandler = Router("/api/v1", route_handlers=API)
    app = Litestar(
        route_handlers=[api, *PAGES],
        dependencies={
            "work": Provide(_work),
            "reading": Provide(_reading),
            "actor": Provide(_actor, sync_to_thread=False),
            "settings": Provide(_settings, sync_to_thread=False),
        },
        middleware=[Packing, Authentication, Idempotency],
        guards=[admitted],
        exception_handlers={
            HubError: on_hub_error,
            ValidationException: on_bad_request,
            HTTPException: on_http_error,
            Exception: on_anything,
        },
        debug=False,
        lifespan=[lifespan],
        before_send=[guard_headers],
        openapi_config=openapi_config(),
        logging_config=StructLoggingConfig(log_exceptions="never"),
        request_max_body_size=hub.files.most_bytes + 1024 * 1024,
    )
    app.asgi_handler = answering_heads(app.asgi_handler)
    app.state.hub = hub
    app.state.settings = settings
    return app
