"""The first page, the documentation of the API, the static files and the health of the process."""

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import YEAR, page
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.web import STATIC

AnyRequest = Request[Any, Any, Any]
PUBLIC = {"permission": "hub.read"}


@get("/", opt=PUBLIC, include_in_schema=False)
async def home(request: AnyRequest, reading: Work) -> Response[str]:
    """What is there: how many standards stand on each track, and where to go."""
    tracks = sorted(load_tracks().values(), key=lambda track: (list(LEVEL_NAMES).index(track.level), track.id))
    counts: dict[str, dict[str, int]] = {}
    for (track, _step, status), count in (await repository.by_step(reading.connection, actor=reading.actor)).items():
        of_track = counts.setdefault(track, {})
        of_track[status] = of_track.get(status, 0) + count
    return page(request, "home.html", tracks=tracks, counts=counts, statuses=STATUS_NAMES, today=reading.today)


@get("/docs", opt=PUBLIC, include_in_schema=False)
async def api_docs(request: AnyRequest) -> Response[str]:
    """The API's documentation, from files of this host only."""
    return page(request, "api_docs.html")


@get("/healthz", opt=PUBLIC, include_in_schema=False)
async def health(reading: Work) -> dict[str, str]:
    """Answers when the database does."""
    await reading.connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"}


@get("/metrics", opt={"permission": "jobs.read"}, include_in_schema=False)
async def metrics() -> Response[bytes]:
    """Figures of this process for Prometheus; for those who may see the jobs."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@get("/{path:path}", opt=PUBLIC, include_in_schema=False)
async def nowhere(path: Path) -> None:
    """Every other address: an error in the frame of whoever asks."""
    raise NotFound(say("没有这个地址"))


def static_files() -> Any:
    """Files whose address changes with their content; see `kernel.pages.static`."""
    kept = CacheControlHeader(public=True, max_age=YEAR, immutable=True)
    return create_static_files_router("/static", [STATIC], opt=PUBLIC, include_in_schema=False, name="static", cache_control=kept)


PAGES: list[Any] = [home, api_docs, health, metrics, nowhere, static_files()]
