"""What only a browser shows of the administration's pages: nothing runs over the edge, and nobody is shut out."""

import pytest
from playwright.sync_api import Page

from tests.support.office import sign_in
from tests.web.days.album import faults


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_its_window_or_shuts_anybody_out(page: Page, office: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, office, "admin")
    first = page.request.get(f"{office}/api/v1/accounts?q=secretary").json()["items"][0]["id"]
    paths = ("accounts", f"accounts/{first}", "accounts/new", "permissions", "log", "log/verify", "jobs", "mails", "holidays", "settings")
    for path in (*(f"/admin/{path}" for path in paths), "/account", "/forgotten"):
        page.goto(office + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert faults(page) == [], path
