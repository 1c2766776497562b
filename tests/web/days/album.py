"""One person's day at the browser, with a picture of each page they come to."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from standards_hub.demo.cast import PASSWORD

BUILD = Path(__file__).parents[3] / "build"
ALBUM, AXE = BUILD / "days", BUILD / "tests" / "axe.min.js"
OFFICE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 768}
TALLEST = 3000
"""Of a picture, in pixels; a report runs on for many screens more."""
MEANT = ("status of 401", "status of 403", "status of 404", "status of 409", "status of 422")
"""What a browser notes of an answer that a day asks for on purpose."""


def faults(page: Page) -> list[str]:
    """What axe finds on a page that is serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")]


class Day:
    """Somebody, their window, and the pictures taken so far; what the browser complains of is kept."""

    def __init__(self, page: Page, url: str, who: str) -> None:
        self.page, self.url, self.who, self.taken = page, url, who, 0
        self.complaints: list[str] = []
        page.on("console", lambda said: self._note(said.type, said.text))
        ALBUM.mkdir(parents=True, exist_ok=True)
        for old in ALBUM.glob(f"{who}-*.png"):
            old.unlink()

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(meant in text for meant in MEANT):
            self.complaints.append(text)

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.url}{path}")

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Come in through the front page."""
        self.go("/")
        self.page.get_by_role("link", name="登录").click()
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda address: "/sign-in" not in address)

    def sign_out(self) -> None:
        """Leave by the menu of one's name."""
        self.page.get_by_role("navigation", name="语言与账号").locator("summary").click()
        self.page.get_by_role("button", name="退出登录").click()
        self.page.get_by_role("link", name="登录").wait_for()

    def get(self, path: str, **params: str) -> Any:
        """What the API says to the same person."""
        answer = self.page.request.get(f"{self.url}/api/v1{path}", params=params)
        assert answer.ok, answer.text()
        return answer.json()

    def picture(self, what: str, size: dict[str, int] | None = None) -> None:
        """Look at the page, whole and on a screen of a size; nothing stands out over its edge, and the browser has no complaint."""
        size = size or OFFICE
        self.taken += 1
        if size != OFFICE:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
        self.page.wait_for_load_state("networkidle")
        wide, high = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        part = {"x": 0, "y": 0, "width": wide, "height": min(high, TALLEST)}
        self.page.screenshot(path=ALBUM / f"{self.who}-{self.taken}-{what}.png", full_page=True, clip=part)  # type: ignore[arg-type]
        if size != OFFICE:
            self.page.set_viewport_size(OFFICE)  # type: ignore[arg-type]
        assert wide <= size["width"], f"{what} is {wide} wide"
        assert self.complaints == [], (what, self.complaints)
