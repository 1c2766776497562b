"""The first page, the documentation of the API, the static files and the health of the process."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response, get
from litestar.static_files import create_static_files_router
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from standards_hub.kernel.http import language_of
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.web import STATIC, TEMPLATES

AnyRequest = Request[Any, Any, Any]
PUBLIC = {"permission": "hub.read"}


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@get("/", opt=PUBLIC, include_in_schema=False)
async def home(request: AnyRequest, reading: Work) -> Response[str]:
    """What is there: the tracks with how many stand on each, and where to go."""
    language = language_of(request)
    counts: dict[str, dict[str, int]] = {}
    for (track, _step, status), count in (await repository.by_step(reading.connection)).items():
        counts.setdefault(track, {}).setdefault(status, 0)
        counts[track][status] += count
    page = (
        templates()
        .get_template("home.html")
        .render(
            language=language, tracks=load_tracks().values(), counts=counts, statuses=STATUS_NAMES, today=reading.today, actor=reading.actor
        )
    )
    return Response(page, media_type=MediaType.HTML)


@get("/docs", opt=PUBLIC, include_in_schema=False)
async def api_docs() -> Response[str]:
    """The API's documentation, from files of this host only."""
    return Response(templates().get_template("api_docs.html").render(), media_type=MediaType.HTML)


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
