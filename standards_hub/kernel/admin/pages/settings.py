"""What the hub runs with, to be read only."""

from typing import Any

from litestar import Request, Response, get

from standards_hub.kernel.admin import state
from standards_hub.kernel.pages import page
from standards_hub.kernel.work import Work


@get("/admin/settings", opt={"permission": "settings.read"}, include_in_schema=False)
async def settings_page(request: Request[Any, Any, Any], reading: Work) -> Response[str]:
    """The settings in force and where each comes from, versions, engine and space."""
    settings = request.app.state.settings
    found = await state.read(reading.connection, settings)
    return page(
        request, "admin/settings.html", state=found, origins=state.ORIGIN_NAMES, home=settings.home, sqlite="SQLite" in found.engine
    )


PAGES: list[Any] = [settings_page]
