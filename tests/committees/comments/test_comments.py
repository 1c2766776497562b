"""Enquiries and comments through the services, on both engines; the audit's replay proves each test's tables."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from standards_hub.committees.comments import disposing, evidence, repository
from standards_hub.committees.comments.schemas import (
    Because,
    CommentFilter,
    Disposal,
    EnquiryChange,
    Import,
    Merging,
    NewComment,
    Parting,
    RepliesOut,
)
from standards_hub.committees.comments.services import answering, enquiring, exporting, importing, replying
from standards_hub.committees.comments.sheets import read_sheet
from standards_hub.committees.comments.subjects import Comment, Enquiry
from standards_hub.committees.comments.wording import remark
from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM, Actor, Grant
from standards_hub.kernel.access.values import NewAccount, NewGrant
from standards_hub.kernel.admin import log
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, Refused, Stale
from standards_hub.kernel.work import Hub, Work
from tests.committees.comments import samples
from tests.committees.comments.conftest import OTHER_TEXT, SUBJECT, TEXT, Sample, opened

MEMBER = Actor(UUID(int=1), "示例甲", (Grant("member", ("committee", "c")),))
SECRETARY = Actor(UUID(int=2), "示例乙", (Grant("secretary", ("committee", "c")),))


def said(author: str, text: str, clause: str = "3.2", **more: Any) -> NewComment:
    return NewComment(author=author, author_kind="organisation", text=text, clause=clause, **more)


async def numbers(work: Work, one: Enquiry, **wanted: Any) -> list[int]:
    _, found = await answering.listing(work, one.id, CommentFilter(**wanted))
    return [comment.number for comment in found]


async def all_of(work: Work, one: Enquiry) -> list[Comment]:
    return await repository.comments(work.connection, one.id)


async def taken(hub: Hub, one_id: UUID, files: list[tuple[str, bytes]], day: date | None = None) -> Import:
    """Files merged by the job, as somebody finds it after leaving the page."""
    async with hub.work(SYSTEM) as work:
        asked = await importing.begin(work, one_id, files)
        await work.commit()
    drained = await jobs.drain(hub)
    assert drained.errors == []
    async with hub.reading(SYSTEM) as work:
        return await importing.show(work, one_id, asked.id)


async def begun(hub: Hub, **more: Any) -> Enquiry:
    async with hub.work(SYSTEM) as work:
        one = await opened(work, **more)
        await work.commit()
    return one


async def test_the_window_is_counted_by_the_rule_and_never_shorter(work: Work, sample: Sample) -> None:
    with pytest.raises(BadInput, match="30 日"):
        await opened(work, closes_on=date(2026, 12, 23))
    one = await opened(work)
    assert (one.opened_on, one.closes_on) == (date(2026, 11, 24), date(2026, 12, 24))
    with pytest.raises(Refused, match="未结束"):
        await opened(work)
    with pytest.raises(Refused, match="期限未满"):
        await enquiring.close(work, one.id, Because(reason="示例"))


@pytest.mark.parametrize("lacking, why", [({"version": None}, "上传"), ({"opened_on": None}, "尚未进入")])
async def test_there_is_no_enquiry_without_a_text_or_before_its_step(work: Work, sample: Sample, lacking: dict[str, Any], why: str) -> None:
    sample.change(**lacking)
    with pytest.raises(Refused, match=why):
        await opened(work)


async def test_a_replaced_text_makes_the_window_begin_anew_and_keeps_the_comments(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(SYSTEM) as work:
        await answering.make(work, one.id, said("示例大学", "不清"))
        await work.commit()
    sample.change(version=OTHER_TEXT)
    later = Hub(hub.database, hub.files, Clock(date(2026, 12, 20)))
    async with later.reading(SYSTEM) as work:
        assert (await enquiring.show(work, one.id)).standing == "replaced"
    async with later.work(SYSTEM) as work:
        await enquiring.restart_replaced(work)
        await enquiring.restart_replaced(work)
        await work.commit()
    async with later.work(SYSTEM) as work:
        found = await repository.enquiry(work.connection, one.id)
        assert (found.draft, found.restarts, found.opened_on, found.closes_on) == (OTHER_TEXT, 1, date(2026, 12, 20), date(2027, 1, 19))
        with pytest.raises(Conflict, match="已被更换"):
            await answering.make(work, one.id, said("示例公司", "晚了", draft=TEXT))
        await answering.make(work, one.id, said("示例公司", "新文本的意见"))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert [comment.draft for comment in await all_of(work, one)] == [TEXT, OTHER_TEXT]


async def test_a_window_without_an_end_in_sight_begins_anew_like_any_other(work: Work, sample: Sample) -> None:
    one = await opened(work, closes_on=date.max)
    sample.change(version=OTHER_TEXT)
    work.clock = Clock(date(2026, 12, 20))
    await enquiring.restart_replaced(work)
    found = await repository.enquiry(work.connection, one.id)
    assert (found.draft, found.closes_on) == (OTHER_TEXT, date.max)


@pytest.mark.parametrize("day, open_", [(date(2026, 12, 24), True), (date(2026, 12, 25), False)])
async def test_the_last_day_counts_until_its_end(hub: Hub, sample: Sample, day: date, open_: bool) -> None:
    one = await begun(hub)
    async with Hub(hub.database, hub.files, Clock(day)).work(PUBLIC) as work:
        if open_:
            await answering.make(work, one.id, NewComment(author="示例公众", text="意见"))
            assert (await enquiring.show(work, one.id)).standing == "open"
        else:
            with pytest.raises(Conflict, match="已截止"):
                await answering.make(work, one.id, NewComment(author="示例公众", text="意见"))
            with pytest.raises(NotFound):
                await enquiring.show(work, one.id)
        await work.commit()


async def test_the_public_does_not_speak_for_a_member_body(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    posing = NewComment(author="示例成员体", text="意见", author_kind="member_body")
    async with hub.work(PUBLIC) as work:
        with pytest.raises(BadInput) as wrong:
            await answering.make(work, one.id, posing)
        assert [unmet.where for unmet in wrong.value.unmet] == ["author_kind"]
    async with hub.work(MEMBER) as work:
        assert (await answering.make(work, one.id, posing)).number == 1


async def test_the_public_neither_reads_nor_comments_on_what_is_not_open_to_it(hub: Hub, sample: Sample) -> None:
    one = await begun(hub, public=False)
    async with hub.work(PUBLIC) as work:
        for attempt in (enquiring.show(work, one.id), answering.make(work, one.id, NewComment(author="示例", text="意见"))):
            with pytest.raises(NotFound):
                await attempt
        assert await enquiring.listing(work) == []
    async with hub.work(MEMBER) as work:
        assert [found.id for found in await enquiring.listing(work)] == [one.id]
        with pytest.raises(Forbidden):
            await enquiring.edit(work, one.id, EnquiryChange(sent=3))
    async with hub.work(SECRETARY) as work:
        assert (await enquiring.edit(work, one.id, EnquiryChange(sent=3))).sent == 3
        await work.commit()


async def test_a_receipt_goes_by_mail_and_addresses_are_seen_by_those_who_dispose(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(PUBLIC) as work:
        receipt = await answering.make(work, one.id, NewComment(author="示例公众", email="reader@example.org", text="意见", clause="4.1"))
        await work.commit()
    assert receipt.number == 1
    async with hub.reading(SYSTEM) as work:
        sent = await mail.outbox(work.connection)
        assert [(letter.recipient, "编号 1" in letter.body, "number 1" in letter.body) for letter in sent] == [
            ("reader@example.org", True, True)
        ]
    for actor, address in ((MEMBER, None), (SECRETARY, "reader@example.org")):
        async with hub.reading(actor) as work:
            _, found = await answering.listing(work, one.id, CommentFilter())
            assert [comment.email for comment in found] == [address]


async def test_an_attachment_is_kept_by_its_hash_and_other_kinds_are_refused(work: Work, sample: Sample) -> None:
    one = await opened(work)
    with pytest.raises(BadInput, match="附件只接受"):
        await answering.make(work, one.id, said("示例大学", "见附件"), ("run.exe", b"x"))
    await answering.make(work, one.id, said("示例大学", "见附件"), ("..\\..\\图.PNG", samples.png()))
    comment = (await all_of(work, one))[0]
    assert comment.attachment_name == "图.PNG" and work.files.get(comment.attachment or "") == samples.png()


@pytest.mark.parametrize("disposition, wants", [("adopted", False), ("partly", True), ("not_adopted", True), ("noted", False)])
async def test_a_reason_must_be_given_where_the_rule_wants_one(work: Work, sample: Sample, disposition: Any, wants: bool) -> None:
    one = await opened(work)
    await answering.make(work, one.id, said("示例大学", "意见"))
    ids = [comment.id for comment in await all_of(work, one)]
    if wants:
        with pytest.raises(Refused, match="理由"):
            await answering.dispose(work, one.id, Disposal(comments=ids, disposition=disposition, reason=" "))
    done = await answering.dispose(work, one.id, Disposal(comments=ids, disposition=disposition, reason="示例理由" if wants else ""))
    assert [(c.status, c.disposition) for c in done] == [("disposed", disposition)]
    await answering.dispose(work, one.id, Disposal(comments=ids))
    assert [(c.status, c.disposition, c.reason) for c in await all_of(work, one)] == [("open", None, "")]


async def test_many_are_disposed_of_at_once_and_those_of_another_enquiry_are_not(work: Work, sample: Sample) -> None:
    one = await opened(work)
    for at in range(3):
        await answering.make(work, one.id, said("示例大学", f"意见 {at}"))
    ids = [comment.id for comment in await all_of(work, one)]
    with pytest.raises(NotFound):
        await answering.dispose(work, one.id, Disposal(comments=[*ids, uuid4()], disposition="noted"))
    await answering.dispose(work, one.id, Disposal(comments=ids[:2], disposition="noted"))
    assert await numbers(work, one, status="open") == [3] and await numbers(work, one, disposition="noted") == [1, 2]


async def test_a_decision_made_from_an_old_table_is_refused_only_where_somebody_decided_on_the_same_comment(
    hub: Hub, sample: Sample
) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        for n in range(3):
            await answering.make(work, one.id, said(f"示例 {n}", f"意见 {n}"))
        ids = [comment.id for comment in await all_of(work, one)]
        seen = (await repository.enquiry(work.connection, one.id)).version
        await answering.dispose(work, one.id, Disposal(comments=[ids[0]], disposition="adopted"), seen)
        await answering.make(work, one.id, said("示例 9", "又一条"))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        for late in (
            answering.dispose(work, one.id, Disposal(comments=ids[:2], disposition="not_adopted", reason="示例"), seen),
            answering.merge(work, one.id, Merging(into=ids[1], comments=[ids[0]]), seen),
        ):
            with pytest.raises(Stale, match="第 1 条：处理为“采纳”") as stale:
                await late
            assert [unmet.where for unmet in stale.value.unmet] == [str(ids[0])]
        assert [c.disposition for c in await all_of(work, one)] == ["adopted", None, None, None]
        await answering.dispose(work, one.id, Disposal(comments=ids[1:], disposition="noted"), seen)  # nobody decided on these
        await answering.dispose(work, one.id, Disposal(comments=[ids[0]], disposition="noted"), one.version + 5)
        await work.commit()


async def test_merged_comments_keep_their_authors_and_follow_the_decision(work: Work, sample: Sample) -> None:
    one = await opened(work)
    for author, text in (("示例大学", "定义不清。"), ("示例公司", "定义 不清"), ("示例研究院", "别的")):
        await answering.make(work, one.id, said(author, text))
    group = (await answering.alike(work, one.id))[0]
    assert [comment.number for comment in group] == [1, 2]
    main, other = group
    await answering.merge(work, one.id, Merging(into=main.id, comments=[main.id, other.id]))
    with pytest.raises(Refused, match="已并入"):
        await answering.dispose(work, one.id, Disposal(comments=[other.id], disposition="noted"))
    with pytest.raises(Refused, match="合并过"):
        await answering.merge(work, one.id, Merging(into=main.id, comments=[other.id]))
    await answering.dispose(work, one.id, Disposal(comments=[main.id], disposition="not_adopted", reason="示例理由"))
    found = (await all_of(work, one))[1]
    assert (found.author, found.status, found.disposition, found.reason, found.merged_into) == (
        "示例公司",
        "merged",
        "not_adopted",
        "示例理由",
        main.id,
    )
    assert await answering.alike(work, one.id) == []


async def test_a_comment_that_was_merged_in_error_is_taken_out_and_decided_on_by_itself(hub: Hub, sample: Sample) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        for author in ("示例大学", "示例公司", "示例协会"):
            await answering.make(work, one.id, said(author, "定义不清"))
        first, second, third = await all_of(work, one)
        await answering.merge(work, one.id, Merging(into=first.id, comments=[second.id, third.id]))
        await answering.dispose(work, one.id, Disposal(comments=[first.id], disposition="adopted", reply="示例"))
        seen = (await repository.enquiry(work.connection, one.id)).version
        await work.commit()
    async with hub.work(SECRETARY) as work:
        (parted,) = await answering.part(work, one.id, Parting(comments=[second.id]), seen)
        assert (parted.status, parted.merged_into, parted.disposition, parted.remark, parted.reply) == ("open", None, None, "", "")
        with pytest.raises(Refused, match="没有并入"):
            await answering.part(work, one.id, Parting(comments=[first.id]))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        with pytest.raises(Stale, match="第 2 条"):
            await answering.part(work, one.id, Parting(comments=[second.id]), seen)
        await answering.dispose(work, one.id, Disposal(comments=[first.id], disposition="noted"))
        assert [c.disposition for c in await all_of(work, one)] == ["noted", None, "noted"]
        assert not (await enquiring.summary(work, await repository.enquiry(work.connection, one.id))).disposed


async def test_a_remark_of_its_own_stands_beside_what_a_comment_was_merged_into_and_after_it_is_taken_out(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    rows = [("1", "5", "不清", "改", "示例大学", "", "见附页"), ("2", "5", "不清", "改", "示例公司", "", "电话确认过")]
    await taken(hub, one.id, [("汇总.docx", samples.chinese(rows))])
    async with hub.work(SECRETARY) as work:
        first, second = await all_of(work, one)
        await answering.merge(work, one.id, Merging(into=first.id, comments=[second.id]))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        name, content = await exporting.table(work, one.id)
        assert [e.remark for e in read_sheet(content, name).entries] == ["见附页", "电话确认过；同第 1 条"]
    async with hub.work(SECRETARY) as work:
        (parted,) = await answering.part(work, one.id, Parting(comments=[second.id]))
        assert (parted.status, parted.remark) == ("open", "电话确认过")


def test_an_older_number_in_a_remark_gives_way_to_the_one_of_this_table() -> None:
    assert [remark(own, 2) for own in ("", "同第 7 条", "见附页；同第 7 条")] == ["同第 2 条", "同第 2 条", "见附页；同第 2 条"]
    assert remark("同第 7 条", None) == "同第 7 条"


async def test_comments_are_listed_by_clause_in_natural_order_page_by_page(work: Work, sample: Sample) -> None:
    one = await opened(work)
    for clause in ("3.10", "附录A", "3.2", "", "前言"):
        await answering.make(work, one.id, said("示例大学", f"意见 {clause}", clause))
    order = ["", "前言", "3.2", "3.10", "附录A"]
    _, found = await answering.listing(work, one.id, CommentFilter())
    assert [comment.clause for comment in found] == order
    _, rest = await answering.listing(work, one.id, CommentFilter(), after=(found[1].clause_key, found[1].number), limit=2)
    assert [comment.clause for comment in rest] == order[2:4]
    assert await numbers(work, one, clause="3.") == [3, 1] and await numbers(work, one, q="前言") == [5]


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


async def test_the_comments_of_a_clause_are_those_below_it_and_not_those_of_one_that_begins_alike(hub: Hub, sample: Sample) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        for clause in ("4", "4.1", "4.1.2", "4.1 a)", "4.10", "40"):
            await answering.make(work, one.id, said("示例大学", f"关于 {clause}", clause))
        found = {
            clause: {c.clause for c in await repository.comments(work.connection, one.id, CommentFilter(clause=clause))}
            for clause in ("4", "4.1")
        }
    assert found == {"4": {"4", "4.1", "4.1.2", "4.1 a)", "4.10"}, "4.1": {"4.1", "4.1.2", "4.1 a)"}}


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


async def test_comments_are_alike_whatever_reasons_are_given_for_them(work: Work, sample: Sample) -> None:
    one = await opened(work)
    for author, text in (
        ("示例大学", "定义不清\n理由：易误解"),
        ("示例公司", "定义不清。"),
        ("示例协会", "定义不清\n理由：与 GB/T 1.1 不符"),
    ):
        await answering.make(work, one.id, said(author, text))
    assert [[c.number for c in group] for group in await answering.alike(work, one.id)] == [[1, 2, 3]]


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


async def test_progress_says_what_is_still_to_do(hub: Hub, sample: Sample) -> None:
    async with hub.reading(SYSTEM) as work:
        assert await evidence.progress(work, "sample", SUBJECT) is None
    one = await begun(hub)
    async with hub.work(SYSTEM) as work:
        await answering.make(work, one.id, said("示例大学", "意见"))
        await answering.make(work, one.id, said("示例公司", "意见"))
        first, second = await all_of(work, one)
        await answering.merge(work, one.id, Merging(into=first.id, comments=[second.id]))
        found = await evidence.progress(work, "sample", SUBJECT)
        assert found and (found.total, found.undecided, found.lacking_reason) == (2, 1, 0)
        assert not found.over(date(2026, 12, 24)) and found.over(date(2026, 12, 25))
        await answering.dispose(work, one.id, Disposal(comments=[first.id], disposition="adopted"))
        found = await evidence.progress(work, "sample", SUBJECT)
        assert found and (found.undecided, found.lacking_reason) == (0, 0)
        await work.commit()


def test_a_rule_names_its_source_and_whether_it_was_verified() -> None:
    for rule in disposing.rules().values():
        assert rule.reasons.source and rule.reasons.verified is False


async def test_who_left_an_address_is_told_once_what_was_decided_and_again_only_if_that_changes(hub: Hub, sample: Sample) -> None:
    async with hub.work(SECRETARY) as work:
        one = await opened(work)
        await answering.make(work, one.id, said("示例大学", "术语不清", email="a@example.org", language="en"))
        await answering.make(work, one.id, said("示例公司", "太严", "4.2", email="b@example.org"))
        await answering.make(work, one.id, said("示例大学", "表头不一致", "附录A", email="A@example.org"))
        await answering.make(work, one.id, said("示例协会", "支持"))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        ids = {c.number: c.id for c in await all_of(work, one)}
        await answering.dispose(work, one.id, Disposal(comments=[ids[1], ids[3]], disposition="adopted", reply="已改"))
        with pytest.raises(Refused) as refused:
            await replying.send(work, one.id)
        assert [unmet.where for unmet in refused.value.unmet] == [str(ids[2])]
        await answering.dispose(work, one.id, Disposal(comments=[ids[2]], disposition="not_adopted", reason="与上位标准一致"))
        seen = await repository.enquiry(work.connection, one.id)
        shown = await replying.waiting(work, one.id)
        assert [(r.email, r.comments, r.again) for r in shown.waiting] == [("A@example.org", [1, 3], False), ("b@example.org", [2], False)]
        assert await replying.send(work, one.id, seen.version) == RepliesOut(mails=2, comments=3)
        await work.commit()
    english, both = [(m.subject, m.body) for m in await letters(hub)]
    assert (
        "put right" not in english[0]
        and "术语不清" in english[1]
        and "Decision: " in english[1]
        and "已改" in english[1]
        and "您的" not in english[1]
    )
    assert "太严" in both[1] and "理由：与上位标准一致" in both[1] and "Your comment" in both[1] and "术语不清" not in both[1]
    async with hub.work(SECRETARY) as work:
        with pytest.raises(Refused, match="还不能"):
            await replying.send(work, one.id)
        await answering.dispose(work, one.id, Disposal(comments=[ids[1], ids[3]], disposition="adopted", reply="已改"))  # the same again
        with pytest.raises(Refused, match="还不能"):
            await replying.send(work, one.id)
        await answering.dispose(work, one.id, Disposal(comments=[ids[2]], disposition="partly", reason="只改首句"))
        await work.commit()
    async with hub.work(SECRETARY) as work:
        with pytest.raises(Stale):
            await replying.send(work, one.id, seen.version)
        assert await replying.send(work, one.id) == RepliesOut(mails=1, comments=1)
        await work.commit()
    assert [m.subject for m in await letters(hub)][2:] == ["意见处理结果更正：示例 氢能 术语"]


async def letters(hub: Hub) -> list[mail.Mail]:
    """The mails on what was decided, in the order in which they were written."""
    async with hub.reading(SYSTEM) as work:
        found = await mail.outbox(work.connection)
    return sorted((m for m in found if "回执" not in m.subject), key=lambda m: (m.created_at, m.recipient))


async def test_the_log_tells_nobody_whether_and_which_address_was_left(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(PUBLIC) as work:
        await answering.make(work, one.id, NewComment(author="示例公众", text="有邮箱", email="a@example.org"))
        await answering.make(work, one.id, NewComment(author="示例公众", text="没有邮箱"))
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        found = await log.entries(work.connection, log.LogFilter(stream=one.stream, types=["comment-made"]))
    told = {entry.payload["comment"]["text"]: entry.payload["comment"]["email"] for entry in found}
    assert told["有邮箱"] == told["没有邮箱"] and "@" not in told["有邮箱"]


async def test_addresses_are_neither_shown_nor_written_to_by_who_does_not_dispose_of_comments(hub: Hub, sample: Sample) -> None:
    one = await begun(hub)
    async with hub.work(MEMBER) as work:
        for task in (replying.waiting, replying.send):
            with pytest.raises(Forbidden):
                await task(work, one.id)
