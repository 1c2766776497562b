"""The page of one standard: what is missing and for whom, what happened in words, any past day, and what the public sees."""

import re
from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page, expect

from standards_hub.committees.comments import repository as enquiries
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import catalogue
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.schemas import Because, RelationIn
from standards_hub.lifecycle.services import facts, relating, timing
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.values import Patch
from tests.lifecycle.driving import a_person
from tests.support.office import sign_in, visit

WAITING, FROZEN, REVISED = "质子交换膜湿热循环耐久试验方法", "车规级氮化镓器件可靠性验证规范", "石墨烯粉体中金属杂质含量的测定"
COMMENTED, REPLACED, ADOPTED = (
    "氢燃料电池汽车运营管理规范 第2部分：站点",
    "石墨烯粉体中金属杂质含量的测定（2020年版）",
    "氢燃料品质 产品规范",
)
INTERNATIONAL, SPLIT = "氢能技术 车载供氢系统密封试验", "氢燃料电池汽车运营管理规范"


async def id_of(app: Litestar, title: str) -> UUID:
    """The standard of the example with this very title."""
    async with app.state.hub.database.glance() as connection:
        table = table_of(StandardRow)
        id: UUID = (await connection.execute(sa.select(table.c.id).where(table.c.title_zh == f"示例：{title}"))).scalar_one()
        return id


async def shown(app: Litestar, title: str, login: str | None = "secretary", query: str = "", language: str = "zh") -> httpx.Response:
    async with await visit(app, login, language) as visitor:
        return await visitor.get(f"/standards/{await id_of(app, title)}{query}")


class Words(str):
    """What a page says; spaces between words do not matter."""

    def __contains__(self, part: object) -> bool:
        return re.sub(r"\s", "", str(part)) in re.sub(r"\s", "", self)


def words(answer: httpx.Response) -> Words:
    """The text of a page, without tags."""
    assert answer.status_code == 200, answer.text[:500]
    return Words(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2]))


async def test_the_page_opens_with_what_is_missing_and_by_when(office_app: Litestar) -> None:
    text = words(await shown(office_app, WAITING))
    assert "还差 3 项才能进入“征求意见”；“完成征求意见稿”还有 32 日（2026-12-26）" in text
    assert "江苏省氢燃料电池汽车标准化技术委员会" in text and "第一起草单位 示例·江苏未来产业检验检测中心" in text
    assert text.count("示例") > 3 and not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text)


async def test_each_gate_says_why_by_whom_and_leads_to_the_form_that_mends_it(office_app: Litestar) -> None:
    answer = await shown(office_app, WAITING)
    id = await id_of(office_app, WAITING)
    text = words(answer)
    assert "编制说明 缺少编制说明 由起草组办理 提交编制说明" in text
    assert f'href="/standards/{id}/papers/new?kind=explanatory_note"' in answer.text
    assert "查看并确认《征求意见稿》" in text
    assert "出处 M 未核实" in text


async def test_the_primary_act_is_what_comes_next_for_whoever_looks(office_app: Litestar) -> None:
    def primary(answer: httpx.Response) -> str | None:
        found = re.search(r'<a class="btn btn-primary" href="([^"]*)">', answer.text)
        return found and found[1]

    id, frozen = await id_of(office_app, WAITING), await id_of(office_app, FROZEN)
    assert primary(await shown(office_app, WAITING, "drafter")) == f"/standards/{id}/acts/advance"
    assert primary(await shown(office_app, WAITING, "officer")) is None
    assert primary(await shown(office_app, FROZEN, "duty")) == f"/standards/{frozen}/acts/extension"
    assert primary(await shown(office_app, REVISED, "duty")) is None, "a standard in force wants nothing until its review is near"


async def test_acts_that_are_not_possible_are_explained_and_no_links(office_app: Litestar) -> None:
    answer = await shown(office_app, FROZEN, "duty")
    menu = re.search(r'<details class="menu offers">.*?</details>', answer.text, re.S)
    assert menu
    assert "/acts/terminate" in menu[0] and "/acts/resume" not in menu[0] and "/acts/advance" not in menu[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", menu[0]))
    assert "恢复办理 项目冻结，不能恢复办理" in text and "推进到“征求意见” 项目冻结，不能推进到下一步" in text


async def test_somebody_without_a_role_is_told_who_acts_and_offered_nothing(office_app: Litestar) -> None:
    answer = await shown(office_app, WAITING, "member")
    text = words(answer)
    assert "由起草人、秘书处人员办理" in text
    assert "/acts/" not in answer.text and "/papers/new" not in answer.text and "/acceptance" not in answer.text


async def test_the_course_shows_each_stage_with_its_days_and_leads_to_the_record(office_app: Litestar) -> None:
    answer = await shown(office_app, FROZEN)
    text = words(answer)
    assert "2025-06-23" in text and "2 次" in text and "第 2 轮" in text
    links = re.findall(r'<a class="nowrap" href="([^"]*)">', answer.text)
    assert len(links) >= 6
    for link in links:
        assert "history=all" in link or f'id="{link.partition("#")[2]}"' in answer.text
    everything = await shown(office_app, FROZEN, query="?history=all")
    assert all(f'id="{link.partition("#")[2]}"' in everything.text for link in links)


async def test_the_history_is_told_in_words_with_before_and_after(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with office_app.state.hub.work(SYSTEM) as work:
        await facts.edit(work, id, Patch(fills_gap=True, title_en="New title", leader_id=await a_person(work)))
        await timing.suspend(work, id, Because(reason="等待上位标准"))
        await work.commit()
    text = words(await shown(office_app, WAITING))
    assert "填补空白 否 → 是" in text and "英文名称 Example: Humidity and heat cycling of proton exchange membranes → New title" in text
    assert "暂停" in text and "理由：等待上位标准" in text and "系统自动" in text
    assert "项目暂停中，停在“试验验证”" in text
    assert "推进：20.20 起草 → 25 试验验证" in text and "平台外办理" in text and "顾言川（示例）" in text


async def test_a_project_that_has_ended_lists_nothing_that_is_missing(office_app: Litestar) -> None:
    text = words(await shown(office_app, SPLIT, "duty"))
    assert "项目已拆分，不再推进" in text and "往下走还缺什么" not in text and "还差" not in text


async def test_a_long_history_is_folded_and_can_be_seen_whole(office_app: Litestar) -> None:
    folded, whole = await shown(office_app, REVISED), await shown(office_app, REVISED, query="?history=all")
    events = [len(re.findall(r'<li id="event-\d+">', answer.text)) for answer in (folded, whole)]
    assert events == [12, 44] and "显示更早的 32 件" in folded.text and "显示更早" not in whole.text
    assert "/admin/log" not in folded.text
    ends = html.fromstring((await shown(office_app, REVISED, "officer")).text).xpath("//a[starts-with(@href, '/admin/log?stream=')]/..")[0]
    assert ends.text_content().split() == ["显示更早的", "32", "件", "在日志中查看"]


async def test_what_was_waived_is_listed_with_reason_and_name(office_app: Litestar) -> None:
    text = words(await shown(office_app, "具身智能机器人室内导航性能测试方法", "officer"))
    assert "豁免 1 项" in text and "意见由省标准化平台统一归集，原件不另存 标准化处值班（示例）" in text


async def test_relations_are_listed_both_ways_and_drawn_with_links(office_app: Litestar) -> None:
    new, old = await id_of(office_app, REVISED), await id_of(office_app, REPLACED)
    answer, other = await shown(office_app, REVISED), await shown(office_app, REPLACED)
    assert f'<a href="/standards/{old}"><rect' in answer.text and f'<a href="/standards/{new}"><rect' in other.text
    assert "代替 DB32/T 99051—2020 示例：石墨烯粉体中金属杂质含量的测定（2020年版）" in words(answer)
    assert "被代替 DB32/T 99009—2026" in words(other) and "被代替，不再有效" in words(other)
    adopting = await shown(office_app, ADOPTED)
    assert "采用 ISO 14687:2025 IDT 2025" in words(adopting) and 'href="/catalogue' in adopting.text


async def test_limits_say_cause_holder_warnings_and_consequence(office_app: Litestar) -> None:
    text = words(await shown(office_app, INTERNATIONAL))
    assert "DIS/CDV 投票期 还有 13 日 届满 2026-12-07 起因 自40.20 DIS/CDV 投票（2026-09-14）起 出处 S8 未核实" in text
    assert "负责 国内技术对口单位 后果 只提醒 提醒 2026-11-30 等 3 次" in text
    frozen = words(await shown(office_app, FROZEN))
    assert "已执行后果" in frozen and "逾期 440 日" in frozen and "示例-BZ2024006" in frozen


async def test_the_view_of_a_past_day_is_marked_and_offers_nothing(office_app: Litestar) -> None:
    answer = await shown(office_app, WAITING, "secretary", "?on=2026-08-01")
    text = words(answer)
    assert "这是 2026-08-01 当日的情况" in text and "在研，现处“起草”" in text and "还有 147 日" in text
    assert "试验验证方案" not in text and "2026-09-07" not in text
    assert "/acts/" not in answer.text and "/papers/" not in answer.text and "btn-primary" not in answer.text
    before = await shown(office_app, WAITING, "secretary", "?on=2020-01-01")
    assert before.status_code == 404 and "2020-01-01 尚无这项标准的记录" in before.text


@pytest.mark.parametrize("day, why", [("yesterday", "请写成 2026-05-01 这样的日期"), ("2027-01-01", "只能查看今天或以前的日期")])
async def test_a_day_that_cannot_be_shown_is_refused_with_the_mend(office_app: Litestar, day: str, why: str) -> None:
    answer = await shown(office_app, WAITING, "secretary", f"?on={day}")
    assert answer.status_code == 422 and why in answer.text


async def test_the_public_sees_what_is_public_and_how_to_see_more(office_app: Litestar) -> None:
    answer = await shown(office_app, COMMENTED, None)
    text = words(answer)
    assert "征求意见期自 2026-09-21 至 2026-10-21，已满" in text and "这里是公开的信息" in text
    assert "起草单位 示例·镇江氢动力有限公司" in text
    inside = words(await shown(office_app, COMMENTED))
    for person in ("陆明哲（示例）", "周启航（示例）"):
        assert person in inside and person not in text, person
    for hidden in ("提交材料", "往下走还缺什么", "现由谁办理", "科技项目", "更多办理", "/committees/", "/people/", "/acts/", "报批期限"):
        assert hidden not in answer.text.partition("<main")[2], hidden
    assert (await shown(office_app, WAITING, None)).status_code == 404


async def test_how_long_the_public_may_comment_is_what_the_enquiry_says(office_app: Litestar) -> None:
    hub = office_app.state.hub
    async with hub.database.read() as connection:
        found = [one for one in await enquiries.running(connection, date(2026, 11, 24)) if one.public and one.subject_kind == "standard"]
        steps = {
            id: standard.step_entered_on
            for id, standard in (await repository.standards(connection, {one.subject_id for one in found})).items()
        }
    assert found and any((one.closes_on - steps[one.subject_id]).days != one.days for one in found), "the least period would do as well"
    async with await visit(office_app) as visitor:
        for one in found:
            answer = await visitor.get(f"/standards/{one.subject_id}")
            if steps[one.subject_id] <= one.opened_on:
                assert f"正在公开征求意见：{one.opened_on} 至 {one.closes_on}" in words(answer)
                assert f'href="/enquiries/{one.id}"' in answer.text
                past = await visitor.get(f"/standards/{one.subject_id}?on={one.opened_on}")
                assert past.status_code == 200 and "正在征求意见：按程序自" in words(past), "the enquiry is known as it is now only"


async def test_who_watches_a_standard_is_named_to_whoever_reads_it_whole(office_app: Litestar) -> None:
    path = f"/standards/{await id_of(office_app, COMMENTED)}"
    async with await visit(office_app, "officer") as visitor, await visit(office_app) as public:
        assert (await visitor.get(path)).status_code == 200
        before = html.fromstring((await visitor.get(path)).text).xpath("//section[@aria-labelledby='watchers']")
        await visitor.send_form(f"{path}/watch", {"on": "1"})
        (section,) = html.fromstring((await visitor.get(path)).text).xpath("//section[@aria-labelledby='watchers']")
        assert "科技厅成果处（示例）" in section.text_content() and not before
        assert "watchers" not in (await public.get(path)).text
        await visitor.send_form(f"{path}/watch", {"on": "0"})
        assert not html.fromstring((await visitor.get(path)).text).xpath("//section[@aria-labelledby='watchers']")


async def test_the_public_does_not_hear_of_related_standards_that_are_not_public(office_app: Litestar) -> None:
    hidden, public = await id_of(office_app, WAITING), await id_of(office_app, COMMENTED)
    async with office_app.state.hub.work(SYSTEM) as work:
        await relating.relate(work, public, RelationIn(kind="references", target_id=hidden))
        await relating.relate(work, hidden, RelationIn(kind="references", target_id=public))
        await work.commit()
    answer = await shown(office_app, COMMENTED, None)
    assert str(hidden) not in answer.text and "041号" not in answer.text and "没有与已公开标准的关系" in answer.text
    assert str(hidden) in (await shown(office_app, COMMENTED)).text


async def test_a_past_day_shows_the_public_nothing_from_before_it_was_public(office_app: Litestar) -> None:
    assert (await shown(office_app, COMMENTED, None, "?on=2026-05-01")).status_code == 404
    assert (await shown(office_app, COMMENTED, None, "?on=2026-10-01")).status_code == 200


async def test_the_page_says_everything_of_its_own_in_english(office_app: Litestar) -> None:
    chinese = {text for text, english in catalogue().items() if english != text and re.search(r"[\u4e00-\u9fff]", text)}
    chinese |= {str(name) for track in load_tracks().values() for name in (track.name, *(step.name for step in track.steps))}
    for title, login in ((WAITING, "secretary"), (FROZEN, "duty"), (INTERNATIONAL, "duty"), (REVISED, "officer"), (COMMENTED, None)):
        answer = await shown(office_app, title, login, "?history=all&lang=en")
        said = {text.strip() for text in re.findall(r">([^<>]+)<", answer.text)} | set(re.findall(r'aria-label="([^"]*)"', answer.text))
        assert "What is missing to go on" in said or login is None
        assert said & chinese - {"中文"} == set(), title


async def test_a_standard_is_followed_and_no_longer(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "member") as visitor:
        done = await visitor.send_form(f"/standards/{id}/watch", {"on": "1"})
        assert (done.status_code, done.headers["location"]) == (303, f"/standards/{id}")
        assert "取消关注" in (await visitor.get(f"/standards/{id}")).text
        await visitor.send_form(f"/standards/{id}/watch", {"on": "0"})
        async with office_app.state.hub.database.glance() as connection:
            assert await repository.watchers(connection, id) == []


async def test_a_standard_that_is_not_there_is_a_page_that_says_so(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        answer = await visitor.get(f"/standards/{uuid4()}")
    assert answer.status_code == 404 and "找不到标准" in answer.text


async def test_the_page_asks_few_questions_of_the_database(office_app: Litestar) -> None:
    asked: list[str] = []
    async with await visit(office_app, "secretary") as visitor:
        path = f"/standards/{await id_of(office_app, REVISED)}"
        await visitor.get(path)
        engine = office_app.state.hub.database.glances.sync_engine
        sa.event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
        await visitor.get(path)
    assert 0 < len(asked) <= 11, asked


@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_is_no_wider_than_its_window_and_the_menu_opens(page: Page, office: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, office, "duty")
    for number in ("示例〔2025〕040号", "DB32/T 99009—2026"):
        id = page.request.get(f"{office}/api/v1/standards/by-number", params={"number": number}).json()["id"]
        page.goto(f"{office}/standards/{id}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_text("更多办理").click()
        expect(page.get_by_role("link", name="修改标准信息")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
