"""The acceptance package as files: it reads back what it was printed from, the same content gives the same bytes, names stay in their folder."""

import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from uuid import uuid4

import pypdf
import pytest
from msgspec import structs

from standards_hub.documents.acceptance.archive import DATA_NAME, MANIFEST, PDF_NAME, SUMS, places, safe, write_zip
from standards_hub.documents.acceptance.model import Indicator, Output, Package, Proof, TakenBack, indicators
from standards_hub.documents.acceptance.pdf import write_pdf
from standards_hub.linkage.fulfilment import Kept
from standards_hub.linkage.values import Commitment, Project

CAUSE, REMEDY = "示例：第二实验室数据未能复现。", "示例：补做一轮试验。"
FILES = {"evidence/01-GB-T-99201-2024/01-foreword.pdf": b"%PDF-1.4 example", "evidence/01-GB-T-99201-2024/02-notice.txt": "公告".encode()}


def package(reached: int = 1) -> Package:
    indicator = Indicator(
        1, "国家标准", "主导", "已出版", date(2026, 6, 30), 2, reached, 2 - reached, 1, "主导制定国家标准2项", CAUSE, REMEDY, 1
    )
    output = Output(
        1, "GB/T 99201—2024", "示例：<b>标准</b>", "国家标准", date(2024, 4, 29), "产出于", "1/2", True, "主导（起草单位第1位）", "4.2", "已认定",
        date(2024, 6, 1),
    )  # fmt: skip
    proofs = [
        Proof(n, f"ZJ0000000{n}", 1, "标准封面和前言页", "示例", "前言第2页", path, hashlib.sha256(body).hexdigest(), None, None)
        for n, (path, body) in enumerate(FILES.items(), 1)
    ]
    return Package(
        project_no="示例-1", title="示例项目", programme="示例", lead="示例单位", partners=["示例伙伴"], manager="示例人", starts_on=date(2024, 1, 1),
        ends_on=date(2026, 6, 30), state="在研", policy="默认口径", policy_text="独立起草的为主导。", policy_source="示例", as_of=date(2026, 11, 24),
        known_at=datetime(2026, 11, 24, tzinfo=UTC), head_id=7, head_hash="a" * 64, indicators=[indicator], outputs=[output], proofs=proofs,
        taken_back=[TakenBack("行业标准", 1, date(2025, 3, 1), "主导制定行业标准1项")],
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return write_pdf(package())


def test_the_pdf_says_what_was_promised_what_was_reached_and_why_it_is_short(pdf: bytes) -> None:
    said = text_of(pdf)
    for words in (
        "承诺标准产出1类、2项，按合同期限已认定1项",
        "尚差1项",
        CAUSE,
        REMEDY,
        "在期限届满后又有1项",
        "起草单位第1位",
        "2025年3月1日合同变更，不再承诺行业标准1项",
        "示例：<b>标准</b>",
    ):
        assert "".join(words.split()) in said, words
    for n, body in enumerate(FILES.values(), 1):
        assert hashlib.sha256(body).hexdigest() in said and f"ZJ0000000{n}" in said


def test_a_day_of_the_contract_that_has_not_come_is_printed_as_the_contract_has_it() -> None:
    project = Project(id=uuid4(), project_no="x", project_no_key="X", title="x", programme="x", ends_on=date(2026, 12, 31))
    promise = Commitment(id=uuid4(), level="national", role_required="either", count=1, min_stage="60.60", source_text="示例")
    kept = [Kept(promise, ())]
    assert [one.due for one in indicators(project, kept, kept, date(2026, 11, 24))] == [date(2026, 12, 31)]


def test_a_cause_without_a_full_stop_does_not_run_into_the_remedy() -> None:
    (one,) = package().indicators
    short = structs.replace(package(), indicators=[structs.replace(one, cause="示例原因", remedy="")])
    assert "偏差原因：示例原因。改进措施：未说明。" in text_of(write_pdf(short))


def test_the_pdf_embeds_its_faces_and_has_its_title(pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata and "示例-1" in (reader.metadata.title or "")
    names = {str(font["/BaseFont"]) for page in reader.pages for font in (f.get_object() for f in page["/Resources"]["/Font"].values())}  # type: ignore[index]
    assert names and all("Noto" in name and "+" in name for name in names)


def test_a_project_that_is_not_short_says_so() -> None:
    assert "各项指标均已按期完成" in text_of(write_pdf(package(reached=2)))


def test_the_day_stands_with_the_last_section_and_the_list_of_annexes() -> None:
    (one,) = package(reached=2).indicators
    for times in range(1, 80, 13):  # so that the page ends somewhere else each time
        pages = pypdf.PdfReader(
            io.BytesIO(write_pdf(structs.replace(package(), indicators=[structs.replace(one, source_text="合同" * 11 * times)])))
        )
        last = next(text for page in pages.pages if "四、期限届满" in (text := "".join(page.extract_text().split())))
        assert "附件：1.申报标准及认定情况2.佐证清单" in last and re.search(r"\d{4}年\d+月\d+日", last.split("附件：")[1])


def test_the_archive_lists_every_file_by_hash_and_reads_back_equal(pdf: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(package(), pdf, FILES))) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read(MANIFEST))
        assert {f["path"] for f in manifest["files"]} == {PDF_NAME, DATA_NAME, *FILES} == set(archive.namelist()) - {MANIFEST, SUMS}
        for file in manifest["files"]:
            body = archive.read(file["path"])
            assert (hashlib.sha256(body).hexdigest(), len(body)) == (file["sha256"], file["size"])
        assert archive.read(SUMS).decode().splitlines() == [f"{f['sha256']}  {f['path']}" for f in manifest["files"]]
        data = json.loads(archive.read(DATA_NAME))
        assert [(i["promised"], i["reached"], i["missing"]) for i in data["indicators"]] == [(2, 1, 1)]
        assert manifest["log"] == {"id": 7, "hash": "a" * 64}


def test_the_same_content_gives_the_same_archive_in_whatever_order_it_comes(pdf: bytes) -> None:
    turned = dict(reversed(FILES.items()))
    assert write_zip(package(), pdf, FILES) == write_zip(package(), pdf, turned)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("前言页.pdf", "前言页.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\x.exe", "x.exe"),
        (".hidden", "hidden"),
        ("a\u202e\x00b.txt", "ab.txt"),
        ("CON: x?.txt", "CON-x.txt"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_names_in_the_archive_stay_in_their_folder(name: str, expected: str) -> None:
    assert safe(name) == expected
    (place,) = places([(1, 2, "GB/T 1—2024", name)])
    assert place == f"evidence/01-GB-T-1-2024/02-{expected}"
