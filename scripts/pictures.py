"""Make the pictures of the README from the example office: `.venv/bin/python scripts/pictures.py`.

Loads the example into a folder of its own, serves it on this machine, and looks at it as its people do.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, ViewportSize, sync_playwright  # noqa: E402

from standards_hub.demo import loading  # noqa: E402
from standards_hub.settings import from_environment  # noqa: E402
from tests.lifecycle.intake.files import good, workbook  # noqa: E402
from tests.support.browser import QUIET  # noqa: E402
from tests.support.office import TODAY, serving, sign_in  # noqa: E402

TARGET = ROOT / "docs" / "pictures"
PLAN_NUMBER = "20259109-T-469"
"""A national standard of the example whose comments are being dealt with."""
OFFICE, PHONE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=768)


def _shot(page: Page, name: str, *, height: int | None = None) -> None:
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or OFFICE
    page.set_viewport_size({"width": size["width"], "height": height or size["height"]})
    page.screenshot(path=TARGET / f"{name}.png")
    page.set_viewport_size(size)


def _pictures(page: Page, url: str) -> None:
    page.goto(url)
    _shot(page, "first-page")
    sign_in(page, url, "officer")
    page.goto(f"{url}/overview")
    _shot(page, "overview", height=1180)
    page.goto(f"{url}/standards?level=national&status=active")
    _shot(page, "standards")
    page.goto(f"{url}/standards/board?level=local")
    _shot(page, "board")
    page.goto(f"{url}/search?q={PLAN_NUMBER}")
    page.get_by_role("main").get_by_role("link", name=PLAN_NUMBER).first.click()
    _shot(page, "standard", height=1000)
    page.goto(f"{url}/tracks/national-gbt@2026.1")
    _shot(page, "track-gbt")


def _proving(page: Page, url: str) -> None:
    """What an officer answers for: claims that others made, snapshots, the annual report."""
    sign_in(page, url, "assessor")
    page.goto(f"{url}/claims")
    _shot(page, "claims")
    page.locator("main table a[href*='/standards/']").first.click()
    page.get_by_role("link", name="认定", exact=True).wait_for()
    _shot(page, "claim", height=1000)
    page.goto(f"{url}/plans/jiangsu-5x100/snapshots")
    _shot(page, "snapshots")
    page.goto(f"{url}/reports")
    page.locator("main tbody tr", has_text="年度").first.get_by_role("link").first.click()
    _shot(page, "report", height=1000)


def _meeting(page: Page, url: str) -> None:
    """What a secretary keeps: a meeting and a ballot."""
    sign_in(page, url, "secretary")
    page.goto(f"{url}/meetings")
    page.locator("main table a[href*='/meetings/']").nth(1).click()
    _shot(page, "meeting", height=1000)


def _acting(page: Page, url: str) -> None:
    sign_in(page, url, "secretary")
    page.goto(f"{url}/todo")
    _shot(page, "todo")
    page.locator("a[href*='/acts/advance']").first.click()
    _shot(page, "act", height=1000)


def _importing(page: Page, url: str) -> None:
    wrong = {7: {"归口标委会": "SAC/TC 1"}, 19: {"区域": "火星"}, 33: {"现处步骤": "已经发了"}}
    fitting = {"归口标委会": "SAC/TC 309", "起草单位": "示例·苏南氢能研究院；示例·江苏未来技术大学", "领域": None}
    rows = [good(7000 + n, **{**fitting, **wrong.get(n, {})}) for n in range(1, 41)]
    sign_in(page, url, "officer")
    page.goto(f"{url}/imports/new")
    page.get_by_label("文件").set_input_files({"name": "示例台账.xlsx", "mimeType": "", "buffer": workbook(rows)})
    page.get_by_role("button", name="上传并检查").click()
    page.locator(".rows").wait_for()
    page.reload()
    _shot(page, "import", height=960)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        asyncio.run(loading.load_home(from_environment({"STANDARDS_HUB_HOME": str(home), "STANDARDS_HUB_TODAY": TODAY})))
        with serving(home) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False, args=QUIET)
            for size, take in (
                (OFFICE, _pictures),
                (OFFICE, _acting),
                (OFFICE, _importing),
                (OFFICE, _proving),
                (OFFICE, _meeting),
                (PHONE, _phone),
            ):
                context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
                take(context.new_page(), url)
                context.close()
            browser.close()


def _phone(page: Page, url: str) -> None:
    sign_in(page, url, "secretary")
    page.goto(f"{url}/todo")
    _shot(page, "phone-todo")
    page.goto(f"{url}/standards")
    _shot(page, "phone-standards")


if __name__ == "__main__":
    main()
