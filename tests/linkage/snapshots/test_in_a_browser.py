"""In the browser: a snapshot is signed, a backdated publication is recorded, a correction comes out with one more, the original stays."""

from playwright.sync_api import Page, expect

from tests.support.office import sign_in

PLAN = "/plans/jiangsu-5x100"
PUBLISHED = {
    "number": "IEC 99399:2026", "published_on": "2026-11-18", "effective_on": "2026-11-18",
    "papers": [{"kind": kind, "dated": "2026-11-18", "reference": "示例"} for kind in ("published_text", "role_certificate")],
}  # fmt: skip


def counted(page: Page) -> int:
    """What the snapshot of the page says it counts."""
    return int(page.get_by_role("row", name="合计").locator("td").nth(1).inner_text())


def test_a_backdated_publication_makes_a_correction_of_what_was_signed(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "officer")
    page.goto(f"{own_office}{PLAN}")
    page.get_by_role("link", name="签发的快照").click()
    page.get_by_role("link", name="签发快照").click()
    page.get_by_label("截至").fill("2026-11-20")
    page.get_by_role("button", name="看这一天").click()
    foreseen = counted(page)
    page.get_by_role("button", name="签发", exact=True).click()
    expect(page.get_by_text("已签发第")).to_be_visible()
    original = page.url
    before, hash_before = counted(page), page.locator("dd code").last.inner_text()
    assert before == foreseen

    standards = page.request.get(f"{own_office}/api/v1/standards?q=石墨烯薄膜电阻测量").json()["items"]
    (id,) = [one["id"] for one in standards if one["level"] == "international"]
    page.context.clear_cookies()
    sign_in(page, own_office, "duty")
    token = page.locator("input[name='x-csrf-token']").first.get_attribute("value") or ""
    done = page.request.post(f"{own_office}/api/v1/standards/{id}/publication", data=PUBLISHED, headers={"x-csrf-token": token})
    assert done.ok, done.text()

    page.context.clear_cookies()
    sign_in(page, own_office, "officer")
    page.goto(f"{own_office}{PLAN}/snapshots")
    expect(page.get_by_text("须更正")).to_be_visible()
    page.get_by_role("link", name="看差异并更正").click()
    page.get_by_label("更正的理由").fill("示例：公告补录")
    page.get_by_role("button", name="签发更正").click()
    expect(page.get_by_text("新计入 1 项，不再计入 0 项")).to_be_visible()
    expect(page.get_by_text("补录于")).to_be_visible()
    page.goto(f"{own_office}{PLAN}/snapshots")
    expect(page.get_by_text("须更正")).to_have_count(0)
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("+1")
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="签发和散列")).to_be_visible()
    assert counted(page) == before + 1
    page.goto(original)
    assert (counted(page), page.locator("dd code").last.inner_text()) == (before, hash_before)
    page.goto(f"{own_office}{PLAN}/snapshots/verification")
    expect(page.locator(".sum")).to_contain_text("链完好")
