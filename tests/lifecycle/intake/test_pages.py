"""Imports in the browser: every wrong cell with a field beside it, the error file back into its place, a job that is watched, undoing."""

import io
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import xlsxwriter
from litestar import Litestar
from lxml import html
from python_calamine import CalamineWorkbook

from standards_hub.kernel import jobs
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.values import Patch
from tests.lifecycle.intake.files import HEADER, good, text, workbook
from tests.support.office import Visitor, visit

UNITS = "示例·苏南氢能研究院；示例·江苏未来技术大学"
WRONG = {"归口标委会": "SAC/TC 1"}


def line(n: int, **changes: Any) -> list[Any]:
    """A row that fits the example office."""
    return good(7000 + n, **{"归口标委会": "SAC/TC 309", "起草单位": UNITS, "领域": None, **changes})


async def upload(visitor: Visitor, rows: list[list[Any]], name: str = "台账.xlsx") -> str:
    """The address of the import of a file."""
    answer = await visitor.send_form("/imports", files={"file": (name, workbook(rows) if name.endswith("xlsx") else text(rows))})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def fields_of(answer: Any) -> dict[str, str]:
    """The cells that can be put right on a page, with what stands in them."""
    tree = html.fromstring(answer.text)
    return {field.get("name"): field.get("value") for field in tree.xpath("//input[starts-with(@name, 'cells[')]")}


def put_right(content: bytes, header: str, value: str) -> bytes:
    """An error file in which one column was filled in, as Excel would save it."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("数据").to_python()
    at = next(at for at, cell in enumerate(rows[0]) if str(cell).startswith(header))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, day = book.add_worksheet("数据"), book.add_format({"num_format": "yyyy-mm-dd"})
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            cell = value if down and across == at else cell
            if isinstance(cell, date):
                sheet.write_datetime(down, across, cell, day)
            elif cell != "":
                sheet.write(down, across, cell)
    book.close()
    return out.getvalue()


async def state(app: Litestar, path: str) -> Any:
    from standards_hub.lifecycle.intake import service

    async with app.state.hub.reading(SYSTEM) as work:
        return await service.show(work, UUID(path.rpartition("/")[2]))


async def test_a_dry_run_shows_each_wrong_cell_with_a_field_and_writes_nothing(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG), line(3, 现处步骤="已经发了")])
        answer = await officer.get(path)
        everything = await officer.get(f"{path}?outcome=all")
    assert "3 行中 1 行可以导入，2 行有误；尚未写入任何数据。" in answer.text
    assert fields_of(answer) == {"cells[3][committee]": "SAC/TC 1", "cells[4][step]": "已经发了"}
    assert "没有委员会“SAC/TC 1”" in answer.text and "<code>J3</code>" in answer.text and 'list="list-step"' in answer.text
    assert "第 2 行" not in answer.text and "第 2 行" in everything.text and "只导入无误的 1 行" in answer.text
    assert (await state(office_app, path)).counts.taken == 0


async def test_cells_are_put_right_in_place_and_the_rest_by_the_error_file(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG), line(3, 区域="火星"), line(4)])
        odd = await officer.send_form(f"{path}/corrections", {f"cells[{'9' * 400}][committee]": "SAC/TC 309", "after": "9" * 5000})
        assert odd.status_code == 303 and len(fields_of(await officer.get(path))) == 2
        unknown = await officer.send_form(f"{path}/corrections", {"cells[99][committee]": "SAC/TC 309", "after": "9" * 5000})
        assert unknown.status_code == 422 and "文件没有第 99 行数据" in unknown.text
        done = await officer.send_form(f"{path}/corrections", {"cells[3][committee]": "SAC/TC 309"})
        assert (done.status_code, done.headers["location"]) == (303, path)
        assert fields_of(await officer.get(path)) == {"cells[4][region]": "火星"}
        file = put_right((await officer.get(f"{path}/errors")).content, "区域", "3202")
        done = await officer.send_form(f"{path}/mending", files={"file": ("portfolio-errors.xlsx", file)})
        assert done.status_code == 303
        answer = await officer.get(path)
    assert "4 行都可以导入" in answer.text and "导入全部 4 行" in answer.text
    found = await state(office_app, path)
    assert [row.title for row in found.rows] == [line(n)[0] for n in range(1, 5)] and found.counts.error == 0


async def test_an_error_file_without_its_rows_is_refused_with_the_mend(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG)])
        answer = await officer.send_form(f"{path}/mending", files={"file": ("x.xlsx", workbook([line(9)]))})
        none = await officer.send_form(f"{path}/mending")
    assert answer.status_code == 422 and "请保留错误文件的“原行号”列" in answer.text
    assert none.status_code == 422 and "请选择 XLSX 或 CSV 文件" in none.text
    assert (await state(office_app, path)).counts.error == 1


async def test_many_rows_come_in_pages_and_by_outcome(office_app: Litestar) -> None:
    rows = [line(n, **(WRONG if n % 2 else {})) for n in range(1, 121)]
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, rows)
        first = await officer.get(path)
        rest = html.fromstring(first.text).xpath("string(//nav[@class='more']/a/@href)")
        second = await officer.get(rest)
        right = await officer.get(f"{path}?outcome=ok")
    assert len(fields_of(first)) == 50 and len(fields_of(second)) == 10 and not fields_of(first).keys() & fields_of(second).keys()
    assert not fields_of(right) and right.text.count('<tr id="row-') == 50
    assert "outcome=error" in first.text


async def test_acceptance_is_a_job_that_the_page_watches(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG), line(3)])
        begun = await officer.send_form(f"{path}/acceptance", {"only_good": "1"})
        assert begun.status_code == 303
        during, part = await officer.get(path), await officer.get(f"{path}/progress")
        assert f'hx-get="{path}/progress" hx-trigger="every 1s"' in during.text and "hx-refresh" not in part.headers
        again = await officer.send_form(f"{path}/acceptance", {"only_good": "1"})
        fixed = await officer.send_form(f"{path}/corrections", {"cells[3][committee]": "SAC/TC 309"})
        assert again.status_code == fixed.status_code == 409 and "正在导入，请等它完成" in again.text
        assert not (await jobs.drain(hub)).errors
        over, after = await officer.get(f"{path}/progress"), await officer.get(path)
    assert over.headers["hx-refresh"] == "true"
    assert "写入 2 项标准，1 行未写入" in after.text
    found = await state(office_app, path)
    async with hub.database.read() as connection:
        officer_id = (await accounts.account_by_login(connection, "officer")).id
        event = table_of(EventRow)
        stream = f"import:{found.id}"
        actors = set((await connection.execute(sa.select(event.c.actor).where(event.c.stream == stream))).scalars())
    assert actors == {f"account:{officer_id}"} and [row.standard_id is not None for row in found.rows] == [True, False, True]


async def test_a_check_that_nobody_accepted_can_be_thrown_away(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor, await visit(office_app, "secretary") as other:
        there = await upload(visitor, [line(31), line(32, **WRONG)])
        assert f'action="{there}/discarding"' in (await visitor.get(there)).text
        assert (await other.send_form(f"{there}/discarding")).status_code in (403, 404)
        gone = await visitor.send_form(f"{there}/discarding")
        assert gone.status_code == 303 and gone.headers["location"] == "/imports"
        said = (await visitor.get("/imports")).text
        assert "已舍弃" in said and there not in said and (await visitor.get(there)).status_code == 404
        kept = await upload(visitor, [line(33)])
        await visitor.send_form(f"{kept}/acceptance", {"only_good": "0"})
        for _ in range(2):  # while the job is at it, and afterwards
            assert (await visitor.send_form(f"{kept}/discarding")).status_code == 409
            assert (await jobs.drain(office_app.state.hub)).errors == []
        assert "discarding" not in (await visitor.get(kept)).text


async def test_whoever_lost_the_right_before_the_job_ran_writes_nothing(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1)])
        await officer.send_form(f"{path}/acceptance", {"only_good": "0"})
        async with hub.work(SYSTEM) as work:
            account = await accounts.account_by_login(work.connection, "officer")
            await access.revoke_role(work, account.id, account.grants[0].id)
            await work.commit()
        await jobs.drain(hub)
    found = await state(office_app, path)
    assert (found.state, found.counts.taken) == ("planned", 0) and found.failure and "1 行有误" in found.failure.zh


async def test_an_import_is_undone_unless_something_was_built_on_it(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with await visit(office_app, "officer") as officer:
        path, other = await upload(officer, [line(1), line(2)]), await upload(officer, [line(12)])
        for one in (path, other):
            await officer.send_form(f"{one}/acceptance", {"only_good": "0"})
        await jobs.drain(hub)
        made = (await state(office_app, other)).rows[0].standard_id
        async with hub.work(SYSTEM) as work:
            await facts.edit(work, made, Patch(title_en="Example"))
            await work.commit()
        silent = await officer.send_form(f"{path}/undoing", {"reason": ""})
        refused = await officer.send_form(f"{other}/undoing", {"reason": "示例：选错了文件"})
        done = await officer.send_form(f"{path}/undoing", {"reason": "示例：选错了文件"})
        during = await officer.get(path)
        again = await officer.send_form(f"{path}/undoing", {"reason": "示例：选错了文件"})
        await jobs.drain(hub)
        after = await officer.get(path)
    assert silent.status_code == 422 and 'aria-invalid="true"' in silent.text
    assert refused.status_code == 409 and 'value="示例：选错了文件"' in refused.text
    (why,) = html.fromstring(refused.text).xpath("//*[@role='alert']//li")
    assert why.xpath("a/@href") == [f"/standards/{made}"] and line(12)[0] in why.text_content() and str(made) not in why.text_content()
    assert 'hx-trigger="every 1s"' in during.text and again.status_code == 409 and "正在撤销，请等它完成" in again.text
    assert done.status_code == 303 and "2 项标准不再在库中" in after.text
    assert (
        html.fromstring(after.text).xpath(
            "count(//table[contains(@class, 'rows')]//*[normalize-space(.)='已撤销' and contains(@class, 'state')])"
        )
        == 2
    )
    async with hub.database.read() as connection:
        assert not await repository.similar(connection, line(1)[0]) and await repository.similar(connection, line(12)[0])


async def test_the_door_takes_rows_in_at_once_or_answers_202_and_tells_how_far_it_is(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1)])
        door, headers = f"/api/v1/imports/portfolio/{path.rpartition('/')[2]}", {"x-csrf-token": officer.csrf}
        begun = await officer.post(f"{door}/acceptance", json={"wait": False}, headers=headers)
        assert (begun.status_code, begun.json()["state"], begun.json()["progress"]["state"]) == (202, "accepting", "waiting")
        await jobs.drain(office_app.state.hub)
        assert (await officer.get(door)).json()["state"] == "accepted"


async def test_the_page_of_a_standard_whose_import_was_undone_keeps_its_history_for_those_who_might_read_it(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer, await visit(office_app) as public:
        path = await upload(officer, [line(1)])
        await officer.send_form(f"{path}/acceptance", {"only_good": "0"})
        await jobs.drain(office_app.state.hub)
        here = f"/standards/{(await state(office_app, path)).rows[0].standard_id}"
        assert (await officer.get(here)).status_code == 200
        await officer.send_form(f"{path}/undoing", {"reason": "示例：选错了文件"})
        await jobs.drain(office_app.state.hub)
        answer, imported = await officer.get(here), await officer.get(path)
        assert here in html.fromstring(imported.text).xpath("//table//a/@href") and "历史仍可查" in imported.text
        assert (await public.get(here)).status_code == 404
        assert (await officer.get(f"/standards/{UUID(int=1)}")).status_code == 404
        english = await officer.get(f"{here}?lang=en")
    tree = html.fromstring(answer.text)
    assert answer.status_code == 410 and f"《{line(1)[0]}》已随导入的撤销移出标准库" in tree.text_content()
    assert "撤销理由：示例：选错了文件" in tree.text_content() and path in tree.xpath("//main//a/@href")
    assert tree.xpath("normalize-space(//ol[@class='history']/li[1]//b)") == "撤销导入"
    assert len(tree.xpath("//ol[@class='history']/li")) > 2 and "went out of the hub" in english.text


async def test_an_undoing_that_fails_as_a_job_says_what_stands_in_the_way_with_links(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2)])
        await officer.send_form(f"{path}/acceptance", {"only_good": "0"})
        await jobs.drain(hub)
        begun = await officer.send_form(f"{path}/undoing", {"reason": "示例：选错了文件"})
        made = (await state(office_app, path)).rows[1].standard_id
        async with hub.work(SYSTEM) as work:  # after it was asked for
            await facts.edit(work, made, Patch(title_en="Example"))
            await work.commit()
        await jobs.drain(hub)
        answer = await officer.get(path)
    (why,) = html.fromstring(answer.text).xpath("//div[contains(@class, 'bad')]//li")
    assert begun.status_code == 303 and why.xpath("a/@href") == [f"/standards/{made}"] and line(2)[0] in why.text_content()


async def test_a_wrong_committee_leads_to_the_list_of_committees_and_is_suggested_while_one_types(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1, **WRONG), line(2, 区域="常州")])
        tree = html.fromstring((await officer.get(path)).text)
    (field,) = tree.xpath("//input[@name='cells[2][committee]']")
    assert field.get("hx-get") == "/committees/known" and tree.get_element_by_id(field.get("list")).tag == "datalist"
    assert tree.xpath("//div[@id='cells[2][committee]-why']//a/@href") == ["/committees"]
    assert "没有“常州”，是否应为：常州市？" in tree.text_content()
    assert "常州市" in tree.xpath("//datalist[@id='list-region']/option/@value")


@pytest.mark.parametrize(
    "content, why", [(b"", "请选择"), (b"PK\x03\x04", "不是完好的 DOCX 或 XLSX"), ("名称,轨道\n".encode(), "表头有误")]
)
async def test_a_file_that_cannot_be_read_is_said_on_the_form(office_app: Litestar, content: bytes, why: str) -> None:
    async with await visit(office_app, "officer") as officer:
        files = {"file": ("x.csv" if b"," in content else "x.xlsx", content)} if content else None
        answer = await officer.send_form("/imports", {"create_organisations": "0"}, files=files)
    assert answer.status_code == 422 and why in answer.text and "上传并检查" in answer.text


async def test_a_file_in_gb18030_and_new_organisations_are_taken(office_app: Litestar) -> None:
    rows = [line(1, 起草单位="示例·崭新检测有限公司", 计划下达日期="2026-01-05", 征求意见日期="2026-05-06")]
    async with await visit(office_app, "officer") as officer:
        file = {"file": ("台账.csv", text(rows, HEADER, "gb18030"))}
        answer = await officer.send_form("/imports", {"create_organisations": "1"}, files=file)
        page = await officer.get(answer.headers["location"])
    assert "1 行都可以导入" in page.text and "新单位：示例·崭新检测有限公司" in page.text


async def test_imports_are_their_makers_and_the_officers(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as secretary, await visit(office_app, "member") as member:
        assert "还没有导入过" in (await secretary.get("/imports")).text
        assert (await member.get("/imports")).status_code == 403
        assert "/imports" not in re.findall(r'<a href="([^"]*)"', (await member.get("/tracks")).text)
        async with await visit(office_app, "officer") as officer:
            path = await upload(officer, [line(1)])
            assert path in (await officer.get("/imports")).text
        assert (await secretary.get(path)).status_code == 403
        template = await secretary.get("/imports/template")
    assert template.content[:2] == b"PK" and "attachment" in template.headers["content-disposition"]


async def test_the_pages_speak_english(office_app: Litestar) -> None:
    async with await visit(office_app, "officer", language="en") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG)])
        await officer.get(path)  # what was said of the upload, in the account's own language
        officer.cookies.delete("hub_said")
        shown = [(await officer.get(f"{one}?lang=en")).text for one in ("/imports", "/imports/new", path)]
    words = " ".join(html.fromstring(one).xpath("string(//main)") for one in shown)
    left = re.sub(r"台账|示例标准第\d+项|科技厅成果处（示例）|重点布局未来产业\S*|SAC/TC 1", "", words)
    assert not re.findall(r"[一-鿿]+", left)


async def test_rows_that_were_left_out_are_offered_as_a_file_that_can_be_put_right_and_uploaded(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(officer, [line(1), line(2, **WRONG)])
        await officer.send_form(f"{path}/acceptance", {"only_good": "1"})
        await jobs.drain(office_app.state.hub)
        answer = await officer.get(path)
        assert html.fromstring(answer.text).xpath("//section[@aria-labelledby='left-out']//a/@href") == [f"{path}/errors", "/imports/new"]
        file = put_right((await officer.get(f"{path}/errors")).content, "归口标委会", "SAC/TC 309")
        again = await officer.send_form("/imports", files={"file": ("portfolio-errors.xlsx", file)})
        assert "1 行都可以导入" in (await officer.get(again.headers["location"])).text
        whole = await upload(officer, [line(3)])
        await officer.send_form(f"{whole}/acceptance", {"only_good": "0"})
        await jobs.drain(office_app.state.hub)
        assert "left-out" not in (await officer.get(whole)).text


async def test_a_committee_that_is_called_nearly_so_is_suggested(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        path = await upload(
            officer, [line(1, 归口标委会="江苏省合成生物标准化技术委员会"), line(2, 归口标委会="全国区块链与分布式记账标准化技术委员会")]
        )
        found = {row.row: str(row.problems[0].why.zh) for row in (await state(office_app, path)).rows}
    assert "是否应为：江苏省合成生物标准化技术委员会（拟组建）" in found[2]
    assert "是否应为：全国区块链和分布式记账技术标准化技术委员会" in found[3]
