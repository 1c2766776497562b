"""Organisations from a workbook: each row has its result, and a wrong one names its cell."""

import io

import pytest
import xlsxwriter

from standards_hub.committees import repository
from standards_hub.committees.registering.organisations import ORGANISATIONS, SHEET
from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import BadInput, Forbidden, TooLarge
from standards_hub.kernel.registers.rows import MOST_BYTES
from standards_hub.kernel.registers.taking import take_in
from standards_hub.kernel.work import Hub, Work

CODE, OTHER = "91350100M000100Y43", "12320000MA20001070"


def workbook(*rows: tuple[object, ...], head: tuple[str, ...] = ("名称", "类别", "统一社会信用代码", "行政区划代码")) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate([head, *rows]):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


async def test_every_row_has_its_result_and_wrong_ones_hold_up_nobody(work: Work) -> None:
    await organisations.register(work, NewOrganisation(name_zh="示例在册", kind="lab", uscc=CODE))
    await organisations.register(work, NewOrganisation(name_zh="示例无码", kind="lab"))
    content = workbook(
        ("示例新院", "科研院所", "", 3202), ("示例在册", "检验检测机构", CODE.lower(), ""), ("示例无码", "Laboratory", OTHER, "320100"),
        ("示例错码", "企业", "91350100M000100Y44", ""), ("示例错类", "公司", "", "32"), ("", "企业", "", ""), ("示例新院", "企业", "", ""),
    )  # fmt: skip
    taken = await take_in(work, ORGANISATIONS, content, write=True)
    assert [(row.row, row.outcome) for row in taken.rows] == [
        (2, "registered"), (3, "known"), (4, "changed"), (5, "wrong"), (6, "wrong"), (7, "wrong"), (8, "wrong"),
    ]  # fmt: skip
    assert [change.zh for change in taken.rows[2].changes] == ["统一社会信用代码", "行政区划代码"]
    cells = {row.row: [problem.cell for problem in row.problems] for row in taken.rows if row.outcome == "wrong"}
    assert cells == {5: ["C5"], 6: ["B6"], 7: ["A7"], 8: ["A8"]}
    assert "第 18 位" in taken.rows[3].problems[0].why.zh and "第 2 行" in taken.rows[6].problems[0].why.zh
    assert taken.counts == {"registered": 1, "changed": 1, "known": 1, "wrong": 4}
    found = await repository.organisation_by_name(work.connection, "示例新院")
    assert found and (found.region, found.in_province, found.kind) == ("3202", True, "institute")
    again = await take_in(work, ORGANISATIONS, workbook(("示例新院", "科研院所", "", 3202)), write=True)
    assert [row.outcome for row in again.rows] == ["known"]


async def test_the_template_is_read_back(work: Work) -> None:
    with pytest.raises(BadInput) as error:
        SHEET.read(SHEET.workbook())
    assert "只有表头" in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK nothing", "XLSX"),
        (workbook(("x",), head=("名称",)), "类别"),
        (workbook(("x",), head=("名称", "类别", "名称")), "重复"),
        (workbook(("x",), head=("名称", "类别", "电话")), "电话"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as error:
        SHEET.read(content)
    assert words in str(error.value)


async def test_too_large_a_file_and_somebody_without_the_right_are_refused(hub: Hub) -> None:
    with pytest.raises(TooLarge):
        SHEET.read(b"x" * (MOST_BYTES + 1))
    async with hub.work(Actor()) as work:
        with pytest.raises(Exception, match="登录"):
            await take_in(work, ORGANISATIONS, workbook(), write=False)
    from uuid import uuid4

    async with hub.work(Actor(account=uuid4())) as work:
        with pytest.raises(Forbidden):
            await take_in(work, ORGANISATIONS, workbook(), write=False)
