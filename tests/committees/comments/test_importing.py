"""Sheets that came back are merged by a job, and the collated table is exported and read back."""

import pytest
from msgspec import structs

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.schemas import (
    Merging,
)
from standards_hub.committees.comments.services import answering, enquiring, exporting, importing
from standards_hub.committees.comments.sheets import read_sheet
from standards_hub.kernel import jobs
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import NewAccount, NewGrant
from standards_hub.kernel.errors import BadInput, Forbidden
from standards_hub.kernel.work import Hub
from tests.committees.comments import samples
from tests.committees.comments.conftest import Sample, opened
from tests.committees.comments.driving import MEMBER, SECRETARY, all_of, begun, said, taken


def sheet_of(author: str, rows: list[tuple[str, str, str]]) -> bytes:
    return samples.chinese(
        [(str(at), clause, text, "改" if text else "", author, verdict, "") for at, (clause, text, verdict) in enumerate(rows, 1)]
    )


async def test_sheets_are_merged_by_a_job_that_tells_file_by_file_what_became_of_them(hub: Hub, sample: Sample) -> None:
    one = await begun(hub, sent=10)
    files = [
        ("甲.docx", sheet_of("示例大学", [("3.10", "太严", ""), ("3.2", "不清", "不采纳：示例"), ("4", "", "")])),
        ("乙.docx", sheet_of("示例公司", [("3.2", "不 清", "不采纳"), ("3.2", "不清。", "")])),
        ("丙.docx", b"junk"),
        ("丁.docx", sheet_of("示例协会", [])),
    ]
    done = await taken(hub, one.id, files)
    assert done.state == "done" and [(r.name, r.taken, r.repeated) for r in done.results] == [
        ("甲.docx", 2, 0), ("乙.docx", 1, 1), ("丙.docx", 0, 0), ("丁.docx", 0, 0),
    ]  # fmt: skip
    first, second, third, _ = done.results
    assert [(f.row, f.column.en if f.column else "", f.fatal) for f in first.faults] == [(4, "Comment", True)]
    assert [(f.row, f.fatal) for f in second.faults] == [(2, False)] and third.error is not None and "DOCX" in third.error.zh
    async with hub.reading(SYSTEM) as work:
        assert [(c.number, c.status) for c in await all_of(work, one)] == [(2, "disposed"), (3, "open"), (1, "open")]
        found = await enquiring.summary(work, await repository.enquiry(work.connection, one.id))
        assert (found.sent, found.replied, found.with_comments, found.silent, found.total, found.undecided) == (10, 2, 2, 8, 3, 2)


async def test_a_sheet_that_nobody_signed_is_told_of_once_and_may_be_sent_again(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    rows = [("3.2", "不清", ""), ("3.3", "太严", "")]
    (result,) = (await taken(hub, one.id, [("无名.docx", sheet_of("", rows))])).results
    assert (result.taken, [(f.row, f.column.en if f.column else "", f.fatal) for f in result.faults]) == (0, [(None, "From", True)])
    assert "2 条" in result.faults[0].why.zh
    (signed,) = (await taken(hub, one.id, [("有名.docx", sheet_of("示例大学", rows))])).results
    assert (signed.taken, signed.repeated, signed.faults) == (2, 0, [])


async def test_the_same_files_again_add_nothing_and_a_decision_written_offline_comes_in(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    files = [("甲.docx", samples.chinese([("1", "3.2", "不清", "改", "示例大学", "", "")], samples.decorate))]
    await taken(hub, one.id, files)
    again = await taken(hub, one.id, files)
    assert [(r.taken, r.repeated) for r in again.results] == [(0, 1)]
    async with hub.reading(SYSTEM) as work:
        name, exported = await exporting.table(work, one.id)
    assert name.endswith("征求意见汇总处理表.docx")
    entry = read_sheet(exported, name).entries[0]
    assert entry.cells.text is not None and len(entry.cells.text.pictures) == 1 and entry.text == "不清m2x^2+1［图］"
    from standards_hub.committees.comments.sheets import Head, write_docx

    decided = write_docx("zh-table", Head(), [structs.replace(entry, disposition="partly", reason="只改首句")])
    third = await taken(hub, one.id, [("处理后.docx", decided)])
    assert [(r.taken, r.repeated, r.decided) for r in third.results] == [(0, 1, 1)]
    async with hub.reading(SYSTEM) as work:
        assert [(c.disposition, c.reason) for c in await all_of(work, one)] == [("partly", "只改首句")]


async def test_decisions_that_come_with_new_comments_are_told_too(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    (result,) = (await taken(hub, one.id, [("甲.docx", sheet_of("示例大学", [("3.2", "不清", "采纳"), ("3.3", "太严", "")]))])).results
    assert (result.taken, result.repeated, result.decided) == (2, 0, 1)


async def test_the_remarks_of_a_table_refer_to_its_own_numbers(hub: Hub, sample: Sample) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        for author, clause in (("示例大学", "5"), ("示例公司", "3.2"), ("示例协会", "5")):
            await answering.make(work, one.id, said(author, "定义不清", clause))
        first, _, third = sorted(await all_of(work, one), key=lambda c: c.number)
        await answering.merge(work, one.id, Merging(into=first.id, comments=[third.id]))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        for form in ("docx", "xlsx"):
            name, content = await exporting.table(work, one.id, "zh-table", form)  # type: ignore[arg-type]
            found = read_sheet(content, name).entries
            assert [(e.clause, e.author, e.remark) for e in found] == [
                ("3.2", "示例公司", ""), ("5", "示例大学", ""), ("5", "示例协会", "同第 2 条"),
            ]  # fmt: skip


async def test_one_text_on_two_lines_is_two_comments_and_neither_is_lost(hub: Hub, sample: Sample) -> None:
    sample.change(rule="international")
    one = await begun(hub)
    rows = [("CN", line, "3.2", "", "ed", "Delete the comma.", "", "") for line in ("17", "29")]
    first = await taken(hub, one.id, [("CN.docx", samples.iso(rows))])
    assert [(r.taken, r.repeated) for r in first.results] == [(2, 0)]
    decided = samples.iso([(*row[:-1], verdict) for row, verdict in zip(rows, ("Accepted", "Noted"), strict=True)])
    again = await taken(hub, one.id, [("CN again.docx", decided)])
    assert [(r.taken, r.repeated, r.decided) for r in again.results] == [(0, 2, 2)]
    async with hub.reading(SYSTEM) as work:
        assert [(c.line, c.disposition) for c in await all_of(work, one)] == [("17", "adopted"), ("29", "noted")]


async def test_a_table_without_columns_for_the_place_decides_on_each_of_two_places(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    await taken(hub, one.id, [("CN.docx", samples.iso([("CN", line, "3.2", "", "ed", "不清", "改", "") for line in ("17", "29")]))])
    table = sheet_of("CN", [("3.2", "不清", "采纳"), ("3.2", "不清", "知悉")])
    (result,) = (await taken(hub, one.id, [("处理后.docx", table)])).results
    assert (result.taken, result.repeated, result.decided) == (0, 2, 2)
    async with hub.reading(SYSTEM) as work:
        assert [c.disposition for c in await all_of(work, one)] == ["adopted", "noted"]


async def test_a_row_written_twice_is_taken_once_with_the_decision_of_either(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    await taken(hub, one.id, [("甲.docx", sheet_of("示例大学", [("3.2", "不清", ""), ("3.2", "不清", "采纳")]))])
    async with hub.reading(SYSTEM) as work:
        assert [(c.disposition, c.status) for c in await all_of(work, one)] == [("adopted", "disposed")]


@pytest.mark.parametrize("text", ["无意见。", "No comments", "无"])
async def test_a_sheet_that_says_there_is_no_comment_is_a_reply_without_one(hub: Hub, sample: Sample, text: str) -> None:
    one = await begun(hub, sent=3)
    await taken(hub, one.id, [("甲.docx", samples.chinese([("1", "", text, "", "示例大学", "", "")]))])
    async with hub.reading(SYSTEM) as work:
        found = await enquiring.summary(work, await repository.enquiry(work.connection, one.id))
        assert (found.replied, found.with_comments, found.total, found.silent) == (1, 0, 0, 2)


async def test_in_a_table_of_many_a_row_without_a_comment_is_the_reply_of_its_author(hub: Hub, sample: Sample) -> None:
    one = await begun(hub, sent=5)
    rows = [
        ("1", "3.2", "不清", "改", "示例大学", "", ""), ("2", "", "无意见", "", "示例公司", "知悉", ""), ("3", "", "无", "", "示例协会", "", ""),
        ("4", "5", "没有意见", "", "示例大学", "", ""),
    ]  # fmt: skip
    (result,) = (await taken(hub, one.id, [("汇总.docx", samples.chinese(rows))])).results
    assert (result.taken, result.silent, result.faults) == (1, ["示例公司", "示例协会", "示例大学"], [])
    async with hub.reading(SYSTEM) as work:
        found = await enquiring.summary(work, await repository.enquiry(work.connection, one.id))
        assert (found.replied, found.with_comments, found.total, found.undecided, found.silent) == (3, 1, 1, 1, 2)
        assert [c.author for c in await all_of(work, one)] == ["示例大学"]


async def test_the_reason_may_stand_under_the_remarks_of_a_chinese_table(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    rows = [("1", "3.2", "太严", "", "示例大学", "不采纳", "与上位标准一致"), ("2", "3.3", "太宽", "", "示例大学", "采纳", "见 3.4")]
    (result,) = (await taken(hub, one.id, [("甲.docx", samples.chinese(rows))])).results
    assert (result.taken, result.faults) == (2, [])
    async with hub.reading(SYSTEM) as work:
        found = [(c.disposition, c.status, c.reason, c.remark) for c in await all_of(work, one)]
        assert found == [("not_adopted", "disposed", "与上位标准一致", ""), ("adopted", "disposed", "", "见 3.4")]
        assert (await enquiring.summary(work, await repository.enquiry(work.connection, one.id))).disposed


async def test_what_is_exported_reads_back_equal_in_clause_order(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    rows = [("3.10", "甲意见", "采纳"), ("附录A", "乙意见", "不采纳：示例"), ("3.2", "丙意见", "")]
    await taken(hub, one.id, [("甲.docx", sheet_of("示例大学", rows)), ("乙.docx", sheet_of("示例公司", rows))])
    async with hub.reading(SYSTEM) as work:
        for format in ("docx", "xlsx"):
            name, content = await exporting.table(work, one.id, "zh-table", format)  # type: ignore[arg-type]
            back = [structs.replace(entry, row=0) for entry in read_sheet(content, name).entries]
            assert back == [structs.replace(exporting.entry_of(c, {}, {}), row=0) for c in await all_of(work, one)]
            assert [entry.clause for entry in back] == ["3.2", "3.2", "3.10", "3.10", "附录A", "附录A"]
        with pytest.raises(BadInput, match="意见表"):
            await exporting.table(work, one.id, "none")


async def test_sheets_of_somebody_who_lost_the_right_meanwhile_are_not_taken(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    files = [("甲.docx", sheet_of("示例大学", [("3", "意见", "")]))]
    async with hub.work(MEMBER) as work:
        with pytest.raises(Forbidden):
            await importing.begin(work, one.id, files)
    async with hub.work(SYSTEM) as work:
        account = await access.open_account(work, NewAccount(login="secretary", name="示例"))
        role = await access.grant_role(work, account.id, NewGrant(role="secretary"))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        secretary = await accounts.actor_for_id(work.connection, account.id, work.today)
    async with hub.work(secretary) as work:
        asked = await importing.begin(work, one.id, files)
        await work.commit()
    async with hub.work(SYSTEM) as work:
        await access.revoke_role(work, account.id, role.id)
        await work.commit()
    await jobs.drain(hub)
    async with hub.reading(SYSTEM) as work:
        found = await importing.show(work, one.id, asked.id)
        assert found.state == "failed" and all(file.error for file in found.results) and await all_of(work, one) == []
