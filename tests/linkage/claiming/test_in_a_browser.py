"""A project manager claims with evidence, an officer verifies, one number moves by one, and the acceptance package is read back."""

import io
import json
import re
import zipfile
from pathlib import Path

import pypdf
from playwright.sync_api import Page, expect

from tests.support.office import sign_in

PROJECT, STANDARD = "示例-BZ2024003", "DB32/T 99001—2024"


def leave(page: Page) -> None:
    page.context.clear_cookies()


def open_project(page: Page, own_office: str) -> str:
    page.goto(f"{own_office}/projects?q={PROJECT}")
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/projects/[0-9a-f-]{36}$"))
    return page.url


def verified(page: Page, own_office: str) -> tuple[str, list[str]]:
    """The sentence of the project, and the counts of the plan."""
    open_project(page, own_office)
    said = page.locator("p.sum", has_text="地方标准").inner_text()
    counts = page.evaluate(
        """async () => (await (await fetch('/api/v1/plans/jiangsu-5x100/count')).json()).targets.map(t => `${t.key} ${t.counted}`)"""
    )
    return said, counts


def test_a_claim_is_made_proven_and_verified_by_another_and_moves_one_number_by_one(page: Page, own_office: str, tmp_path: Path) -> None:
    sign_in(page, own_office, "officer")
    before, plan_before = verified(page, own_office)
    assert "已认定 1 项" in before
    leave(page)

    sign_in(page, own_office, "manager")
    project = open_project(page, own_office)
    page.get_by_role("link", name="申报标准", exact=True).first.click()
    page.get_by_label("标准", exact=False).first.fill(STANDARD)
    page.get_by_label("本项目的贡献").fill("第5章在线监测的数据项")
    page.get_by_role("button", name="申报").click()
    expect(page.get_by_role("heading", name=f"申报 {STANDARD}")).to_be_visible()
    claim = page.url
    page.get_by_role("link", name="提交佐证").first.click()
    page.get_by_label("种类").select_option("foreword")
    foreword = tmp_path / "foreword.png"
    foreword.write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"))
    page.get_by_label("文件").set_input_files(foreword)
    page.get_by_label("页码").fill("前言第2页")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("佐证已提交")).to_be_visible()
    page.get_by_role("link", name="送审", exact=True).click()
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_text("待认定").first).to_be_visible()
    assert page.get_by_role("link", name="认定", exact=True).count() == 0  # the claimant is not offered the verdict
    leave(page)

    sign_in(page, own_office, "officer")
    page.goto(f"{own_office}/claims")
    page.get_by_role("link", name=STANDARD).click()
    page.wait_for_url(claim)
    expect(page.get_by_text("前言第2页").first).to_be_visible()
    expect(page.get_by_text("起草单位第1位")).to_be_visible()
    page.get_by_role("link", name="认定", exact=True).click()
    page.get_by_role("button", name="认定").click()
    expect(page.get_by_text("已认定").first).to_be_visible()
    after, plan_after = verified(page, own_office)
    assert after.replace("已认定 2 项", "已认定 1 项") == before and after != before
    assert plan_after == plan_before  # a claim adds no standard to the plan

    page.goto(f"{project}/packages")
    page.get_by_role("button", name="编制验收材料").click()
    for _ in range(60):
        if page.get_by_role("link", name="ZIP").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="ZIP").first.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        data = json.loads(archive.read("package.json"))
        assert [(i["promised"], i["reached"]) for i in data["indicators"] if i["words"] == "地方标准"] == [(2, 2)]
        paths = [proof["path"] for proof in data["proofs"] if proof["title"] == "标准封面和前言页" and proof["page"] == "前言第2页"]
        assert len(paths) == 1 and archive.read(paths[0]) == foreword.read_bytes()
        printed = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(archive.read("验收材料.pdf"))).pages)
        assert "".join(PROJECT.split()) in "".join(printed.split())
