"""The first page, the documentation of the API, the static files and the health of the process."""

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.static_files import create_static_files_router
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from standards_hub.kernel.access.identity import Identity
from standards_hub.kernel.access.middleware import COOKIE
from standards_hub.kernel.access.secrets import csrf_of
from standards_hub.kernel.http import language_of
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.web import STATIC
from standards_hub.web.pages import render

AnyRequest = Request[Any, Any, Any]
PUBLIC = {"permission": "hub.read"}
LEVELS = ("local", "industry", "national", "international")


@get("/", opt=PUBLIC, include_in_schema=False)
async def home(request: AnyRequest, reading: Work) -> Response[str]:
    """What is there: how many standards stand on each track, and where to go."""
    language = language_of(request)
    tracks = sorted(load_tracks().values(), key=lambda track: (LEVELS.index(track.level), track.id))
    counts: dict[str, dict[str, int]] = {}
    for (track, _step, status), count in (await repository.by_step(reading.connection)).items():
        of_track = counts.setdefault(track, {})
        of_track[status] = of_track.get(status, 0) + count
    page = render("home.html", language=language, tracks=tracks, counts=counts, statuses=STATUS_NAMES, today=reading.today)
    return Response(page, media_type=MediaType.HTML)


@get("/docs", opt=PUBLIC, include_in_schema=False)
async def api_docs(request: AnyRequest) -> Response[str]:
    """The API's documentation, from files of this host only."""
    identity: Identity | None = request.scope.get("auth")
    csrf = csrf_of(request.cookies[COOKIE]) if identity and identity.kind == "session" else ""
    headers = {"Cache-Control": "no-store"} if csrf else {}
    return Response(render("api_docs.html", language=language_of(request), csrf=csrf), media_type=MediaType.HTML, headers=headers)


@get("/healthz", opt=PUBLIC, include_in_schema=False)
async def health(reading: Work) -> dict[str, str]:
    """Answers when the database does."""
    await reading.connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"}


@get("/metrics", opt={"permission": "jobs.read"}, include_in_schema=False)
async def metrics() -> Response[bytes]:
    """Figures of this process for Prometheus; for those who may see the jobs."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def static_files() -> Any:
    return create_static_files_router("/static", [STATIC], opt=PUBLIC, include_in_schema=False, name="static")


PAGES: list[Any] = [home, api_docs, health, metrics, static_files()]
