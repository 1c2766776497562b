"""Comments are decided on, merged, taken out again and listed; the audit's replay proves each test's tables."""

from typing import Any
from uuid import uuid4

import pytest

from standards_hub.committees.comments import disposing, repository
from standards_hub.committees.comments.schemas import (
    CommentFilter,
    Disposal,
    Merging,
    Parting,
)
from standards_hub.committees.comments.services import answering, enquiring, exporting
from standards_hub.committees.comments.sheets import read_sheet
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.committees.comments.wording import remark
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import NotFound, Refused, Stale
from standards_hub.kernel.work import Hub, Work
from tests.committees.comments import samples
from tests.committees.comments.conftest import Sample, opened
from tests.committees.comments.driving import SECRETARY, all_of, begun, said, taken


async def numbers(work: Work, one: Enquiry, **wanted: Any) -> list[int]:
    _, found = await answering.listing(work, one.id, CommentFilter(**wanted))
    return [comment.number for comment in found]


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


async def test_comments_are_alike_whatever_reasons_are_given_for_them(work: Work, sample: Sample) -> None:
    one = await opened(work)
    for author, text in (
        ("示例大学", "定义不清\n理由：易误解"),
        ("示例公司", "定义不清。"),
        ("示例协会", "定义不清\n理由：与 GB/T 1.1 不符"),
    ):
        await answering.make(work, one.id, said(author, text))
    assert [[c.number for c in group] for group in await answering.alike(work, one.id)] == [[1, 2, 3]]


def test_a_rule_names_its_source_and_whether_it_was_verified() -> None:
    for rule in disposing.rules().values():
        assert rule.reasons.source and rule.reasons.verified is False


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
