"""Acts as forms: each act of the API has one, each shows what it will do, is refused with reasons, and loses nothing on a conflict."""

import re
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM, Actor, permissions
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.acts import ACTS, STARTS, Pending, choices, possible_acts, why_not
from standards_hub.lifecycle.controllers import StandardController
from standards_hub.lifecycle.pages.asking import PARTS
from standards_hub.lifecycle.tracks import load_tracks, track
from standards_hub.lifecycle.values import Standard
from tests.lifecycle.driving import proposed
from tests.lifecycle.pages.finding import standard_with, standards
from tests.support.office import Visitor, visit

ELSEWHERE = {"WatchStandard", "WatchStandards", "AddPaper"}
"""What the page of a standard and the list do themselves."""


def test_every_act_of_the_api_has_a_form() -> None:
    doors = [getattr(StandardController, name) for name in dir(StandardController)]
    writing = {d.operation_id for d in doors if getattr(d, "http_methods", set()) & {"POST", "PUT", "PATCH"}}
    assert writing - ELSEWHERE == {act.operation for act in ACTS.values()} | {start.operation for start in STARTS.values()}
    assert set(PARTS) == set(ACTS)


def test_forms_ask_for_the_permission_that_their_operation_asks_for() -> None:
    doors = {d.operation_id: d for name in dir(StandardController) if hasattr(d := getattr(StandardController, name), "operation_id")}
    wider = {"MoveStandard"}  # its service asks for another permission by kind of move
    for act in (*ACTS.values(), *STARTS.values()):
        assert act.permission in permissions()
        assert act.operation in wider or act.permission == doors[act.operation].opt["permission"], act.key


def test_every_transition_of_every_track_is_recorded_by_exactly_one_form() -> None:
    for one in load_tracks().values():
        kinds = one.fast_track.kinds if one.fast_track else ("new",)
        for step in one.steps:
            standard = _standing(one.id, step.key, kinds[0])
            found = [t for act in ACTS.values() if act.key != "elsewhere" for t in choices(act, standard, one)]
            assert sorted(map(id, found)) == sorted(map(id, one.leaving(step.key))), (one.id, step.key)


def _standing(track_id: str, step: str, kind: str) -> Standard:
    one = track(track_id)
    blank = dict.fromkeys(Standard.__struct_fields__)
    values = {"id": UUID(int=1), "version": 1, "track": track_id, "level": one.level, "kind": kind, "step": step,
              "stage": one.step(step).code, "status": "active", "title_zh": "示例", "step_entered_on": date(2026, 1, 1)}  # fmt: skip
    return Standard(**{**blank, **values})


def test_an_act_that_is_not_possible_says_why_and_who_could_do_it() -> None:
    one = track("national-gbt@2026.1")
    frozen = _standing(one.id, "30.60", "new")
    frozen.status = "frozen"
    assert str(why_not(ACTS["advance"], frozen, one, SYSTEM)) == "项目冻结，不能推进到下一步"
    assert str(why_not(ACTS["resume"], frozen, one, SYSTEM)) == "项目冻结，不能恢复办理"
    nobody = Actor(UUID(int=5))
    assert "可由秘书处人员、归口主管部门人员办理" in str(why_not(ACTS["suspend"], frozen, one, nobody))
    assert "extension" in {act.key for act in possible_acts(frozen, one, SYSTEM)}
    nothing, running = Pending(False, frozenset()), Pending(False, frozenset(limit.key for limit in one.limits if limit.extension))
    assert not {"extension", "extension-decision"} & {act.key for act in possible_acts(frozen, one, SYSTEM, pending=nothing)}
    assert "extension" in {act.key for act in possible_acts(frozen, one, SYSTEM, pending=running)}
    assert str(why_not(ACTS["extension"], frozen, one, SYSTEM, pending=Pending(True, running.live))) == "已有一份延期申请待决定"


def test_an_act_that_is_possible_a_step_or_two_on_names_the_next_step() -> None:
    one = track("national-gbt@2026.1")
    due = _standing(one.id, "90.20", "new")
    due.status = "published"
    assert str(why_not(ACTS["review"], due, one, SYSTEM)) == "现处“复审”，先推进到“复审结论”，才能登记复审结论"
    due.step = "60.60"
    assert str(why_not(ACTS["review"], due, one, SYSTEM)) == "现处“已发布”，先推进到“复审”，才能登记复审结论"
    due.step, due.status = "20.20", "active"
    assert str(why_not(ACTS["publish"], due, one, SYSTEM)) == "现处“起草”，不能登记发布"


async def test_a_refusal_shows_every_unmet_gate_with_who_can_help_and_keeps_what_was_typed(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, step="00.20", status="active", track="local-db32@2026.1")
    path = f"/standards/{standard.id}/acts/advance"
    async with await visit(office_app, "duty") as visitor:
        form = await visitor.get(path)
        gates = html.fromstring(form.text).xpath("//fieldset[contains(@class, 'gates')]//li[.//*[contains(@class, 'unmet')]]")
        assert gates and all("由" in gate.text_content() and "办理" in gate.text_content() for gate in gates)
        place = gates[0].xpath(".//input[contains(@name, '[reference]')]/@name")[0]
        row = str(place).partition("[reference]")[0]
        kind = gates[0].xpath(f".//*[@name='{row}[kind]']/@value")[0]
        paper = {f"{row}[kind]": kind, f"{row}[dated]": "2030-01-01", str(place): "示例〔2026〕9 号"}
        refused = await visitor.send_form(path, {"version": standard.version, **paper})
        assert refused.status_code == 422 and "晚于今天" in refused.text
        assert 'value="示例〔2026〕9 号"' in refused.text
        nothing = await visitor.send_form(path, {"version": standard.version})
    assert nothing.status_code == 409 and nothing.text.count('class="state unmet"') >= len(gates)
    summary = html.fromstring(nothing.text).xpath("//div[@role='alert']//a/@href")
    assert len(summary) == len(gates)


async def test_a_paper_handed_in_with_the_act_meets_its_gate_and_its_file_survives_a_refusal(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    path = f"/standards/{standard.id}/acts/advance"
    row = "papers[comment_notice]"
    fields: dict[str, object] = {"version": standard.version, f"{row}[kind]": "comment_notice", f"{row}[dated]": "2030-01-01"}
    async with await visit(office_app, "secretary") as visitor:
        disguised = await visitor.send_form(path, fields, files={f"{row}[file]": ("公告\u202efdp.exe.pdf", b"%PDF-1.4 example")})
        assert disguised.status_code == 422 and "文字中有控制字符" in disguised.text and "fdp.exe" not in disguised.text
        refused = await visitor.send_form(path, fields, files={f"{row}[file]": ("公告.pdf", b"%PDF-1.4 example")})
        digest = re.search(r'name="papers\[comment_notice\]\[sha256\]" value="(\w{64})"', refused.text)
        assert refused.status_code == 422 and digest and "公告.pdf" in refused.text
        again = {**fields, f"{row}[dated]": "2026-11-20", f"{row}[sha256]": digest[1], f"{row}[filename]": "公告.pdf"}
        done = await visitor.send_form(path, again)
    assert done.status_code == 303
    async with hub.reading(SYSTEM) as work:
        papers = await repository.papers(work.connection, standard.id)
        assert (await repository.standard(work.connection, standard.id)).step == "30.60"
    assert [p.filename for p in papers if p.sha256 == digest[1]] == ["公告.pdf"]


async def test_a_gate_that_may_be_waived_is_waived_on_the_form_and_stays_on_record(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with await visit(office_app, "duty") as visitor:
        found = await _waivable(hub, visitor)
        assert found is not None
        standard, field = found
        gate = field.partition("[")[2].rstrip("]")
        path, fields = f"/standards/{standard.id}/acts/advance", {"version": standard.version, field: "示例：主管部门同意"}
        ahead = await visitor.send_form(f"{path}/preview", fields, headers={"HX-Request": "true"})
        done = await visitor.send_form(path, fields)
    assert "豁免“" in ahead.text and "还差" not in ahead.text and done.status_code == 303
    async with hub.reading(SYSTEM) as work:
        waived = await repository.waivers(work.connection, standard.id)
    assert (waived[-1].gate, waived[-1].reason) == (gate, "示例：主管部门同意")


@pytest.mark.parametrize(
    "language, said",
    [
        ("zh", ["中文名称不超过 300 字", "适用范围不超过 5000 字", "理由：最多 2000 字"]),
        ("en", ["Chinese title: at most 300 characters", "Scope: at most 5000 characters", "Reason: At most 2000 characters"]),
    ],
)
async def test_a_preview_names_the_field_that_is_too_long(office_app: Litestar, language: str, said: list[str]) -> None:
    standard = await standard_with(office_app.state.hub, step="30.20", status="active", track="national-gbt@2026.1")
    async with await visit(office_app, "duty", language) as visitor:
        found = []
        for act, fields in (("edit", {"title_zh": "长" * 301, "scope": "长" * 5001}), ("suspend", {"reason": "长" * 2001})):
            path = f"/standards/{standard.id}/acts/{act}/preview?lang={language}"
            ahead = await visitor.send_form(path, fields, headers={"HX-Request": "true"})
            found += [" ".join(one.split()) for one in html.fromstring(ahead.text).xpath("//li//text()")]
    assert set(said) <= set(found), found


async def test_the_preview_of_a_split_says_a_limit_that_all_parts_have_once(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, step="30.20", status="active", track="national-gbt@2026.1")
    parts = {f"parts[{at}][title_zh]": f"示例·拆出{at}" for at in (0, 1)} | {
        f"parts[{at}][plan_number]": f"2026990{at}-T-469" for at in (0, 1)
    }
    async with await visit(office_app, "duty") as visitor:
        path = f"/standards/{standard.id}/acts/split/preview"
        odd = await visitor.send_form(path, {**parts, "parts[0][plan_number]": "12"}, headers={"HX-Request": "true"})
        ahead = await visitor.send_form(path, {**parts, "reason": "示例"}, headers={"HX-Request": "true"})
    assert "计划号：" in odd.text
    said = [" ".join(one.text_content().split()) for one in html.fromstring(ahead.text).xpath("//dd")]
    began = [one for one in said if "开始计时" in one]
    assert sum("新建项目" in one for one in said) == 2 and began and len(began) == len(set(began)), ahead.text


async def test_a_link_may_say_where_to_go(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, step="40.60", status="active", track="national-gbt@2026.1")
    async with await visit(office_app, "duty") as visitor:
        first = await visitor.get(f"/standards/{standard.id}/acts/return")
        other = await visitor.get(f"/standards/{standard.id}/acts/return?to=30.20")
    assert 'name="way" value="return:20.20"' in first.text and 'name="way" value="return:30.20"' in other.text


async def _waivable(hub: Hub, visitor: Visitor) -> tuple[Standard, str] | None:
    """A standard of which one gate is missing, and that one may be waived."""
    for standard in await standards(hub):
        if standard.status == "active":
            tree = html.fromstring((await visitor.get(f"/standards/{standard.id}/acts/advance")).text)
            fields = tree.xpath("//textarea[starts-with(@name, 'waivers[')]/@name")
            if len(fields) == len(tree.xpath("//fieldset[contains(@class, 'gates')]//*[contains(@class, 'unmet')]")) == 1:
                return standard, str(fields[0])
    return None


async def test_a_refusal_leads_to_each_gate_that_it_names_whether_or_not_it_may_be_waived(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="示例〔2026〕037号")
    async with await visit(office_app, "secretary") as visitor:
        for act, unmet in (("advance", 2), ("terminate", 1)):
            path = f"/standards/{standard.id}/acts/{act}"
            refused = await visitor.send_form(path, {"version": standard.version, "way": "advance:30.60", "reason": "示例"})
            tree = html.fromstring(refused.text)
            links = [str(link).removeprefix("#") for link in tree.xpath("//*[@role='alert']//a/@href")]
            assert refused.status_code == 409 and len(links) == unmet, act
            assert set(links) <= set(tree.xpath("//@id")), act


async def test_a_gate_that_wants_time_asks_for_no_paper(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="示例〔2026〕037号")
    async with await visit(office_app, "secretary") as visitor:
        form = html.fromstring((await visitor.get(f"/standards/{standard.id}/acts/advance")).text)
    assert "须满 30 日" in form.text_content()
    assert form.xpath("//input[@type='file']/@name") == ["papers[comment_notice][file]"]


async def test_an_act_that_ends_something_asks_once_more_and_names_what_will_happen(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    path = f"/standards/{standard.id}/acts/terminate"
    async with await visit(office_app, "duty") as visitor:
        tree = html.fromstring((await visitor.get(path)).text)
        row = str(tree.xpath("//input[contains(@name, '[reference]')]/@name")[0]).partition("[reference]")[0]
        kind = str(tree.xpath(f"//*[@name='{row}[kind]']/@value")[0])
        fields = {"version": standard.version, "reason": "示例：不再需要", f"{row}[kind]": kind, f"{row}[reference]": "示例〔2026〕1 号"}
        missing = await visitor.send_form(path, {**fields, "reason": ""})
        assert missing.status_code == 422
        asked = await visitor.send_form(path, fields)
        assert asked.status_code == 200 and "状态：在研 → 终止" in asked.text and "不再适用" in asked.text
        assert (await standard_with(hub, id=standard.id)).status == "active"
        hidden = {str(i.get("name")): str(i.get("value")) for i in html.fromstring(asked.text).xpath("//main//form//input[@type='hidden']")}
        done = await visitor.send_form(path, hidden)
    assert done.status_code == 303
    assert (await standard_with(hub, id=standard.id)).status == "terminated"


async def test_somebody_who_may_not_is_told_who_may(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="示例〔2025〕050号")
    async with await visit(office_app, "lab") as visitor:
        form = await visitor.get(ACTS["suspend"].path(standard))
        sent = await visitor.send_form(ACTS["suspend"].path(standard), {"version": standard.version, "reason": "示例"})
    assert form.status_code == 403 and "可由秘书处人员、归口主管部门人员办理" in form.text and "<textarea" not in form.text
    assert sent.status_code == 403 and "可由秘书处人员、归口主管部门人员办理" in sent.text


async def test_an_act_that_does_not_exist_and_a_standard_that_does_not_are_not_found(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="示例〔2025〕050号")
    async with await visit(office_app, "duty") as visitor:
        assert (await visitor.get(f"/standards/{standard.id}/acts/explode")).status_code == 404
        assert (await visitor.get(f"/standards/{UUID(int=7)}/acts/advance")).status_code == 404


async def test_a_past_act_done_elsewhere_is_recorded_with_its_day_and_evidence(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    row = "papers[comment_notice]"
    fields = {"version": standard.version, "on": "2026-11-02", f"{row}[kind]": "comment_notice", f"{row}[reference]": "示例〔2026〕3 号",
              f"{row}[dated]": "2026-09-21"}  # fmt: skip
    path = f"/standards/{standard.id}/acts/elsewhere"
    async with await visit(office_app, "secretary") as visitor:
        without = await visitor.send_form(path, {**fields, "on": ""})
        early = await visitor.send_form(path, {**fields, "on": "2026-09-20"})
        assert without.status_code == 422 and '<a href="#on">请填写</a>' in without.text
        assert early.status_code == 422 and "早于进入本步的日期" in early.text
        done = await visitor.send_form(path, fields)
    assert done.status_code == 303
    after = await standard_with(hub, id=standard.id)
    assert (after.step, after.step_entered_on.isoformat()) == ("30.60", "2026-11-02")


async def test_the_form_of_an_extension_says_beforehand_that_there_was_one_already_and_that_one_waits(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="20259112-T-469")
    async with await visit(office_app, "duty") as visitor:
        again = await visitor.get(f"/standards/{standard.id}/acts/extension")
        assert "已延期 1 次，最多 1 次，不能再延" in again.text and "届满前 0 日" not in again.text
        async with hub.reading(SYSTEM) as work:
            asked = (await work.connection.execute(sa.text("SELECT standard_id FROM extension WHERE state = 'asked'"))).scalars().all()
        assert asked
        for id in asked:
            assert "已有一份延期申请待决定" in (await visitor.get(f"/standards/{UUID(str(id))}/acts/extension")).text


async def test_a_paper_of_a_past_act_is_of_that_day_unless_another_is_given(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    row, path = "papers[comment_notice]", f"/standards/{standard.id}/acts/elsewhere"
    async with await visit(office_app, "secretary") as visitor:
        form = html.fromstring((await visitor.get(path)).text)
        assert form.xpath(f"//input[@name='{row}[dated]']/@value") == [""]
        fields = {
            "version": standard.version,
            "on": "2026-11-02",
            f"{row}[kind]": "comment_notice",
            f"{row}[reference]": "示例〔2026〕3 号",
        }
        done = await visitor.send_form(path, {**fields, f"{row}[dated]": ""})
    assert done.status_code == 303
    async with hub.reading(SYSTEM) as work:
        papers = await repository.papers(work.connection, standard.id)
    assert {p.dated for p in papers if p.reference == "示例〔2026〕3 号"} == {date(2026, 11, 2)}


async def test_a_refused_form_has_no_more_empty_rows_than_before(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="20259112-T-469")
    path, counted = f"/standards/{standard.id}/acts/split", "//input[contains(@name, '[title_zh]')]"
    fields = {"version": standard.version, "parts[0][title_zh]": "示例：第一部分", "parts[1][title_zh]": "", "parts[2][title_zh]": ""}
    async with await visit(office_app, "duty") as visitor:
        before = html.fromstring((await visitor.get(path)).text).xpath(counted)
        refused = await visitor.send_form(path, fields)
        more = await visitor.send_form(path, {**fields, "parts[2][title_zh]": "示例：第三部分"})
    assert refused.status_code == 422 and len(html.fromstring(refused.text).xpath(counted)) == len(before)
    assert len(html.fromstring(more.text).xpath(counted)) == len(before) + 1


async def test_somebody_is_chosen_by_name_and_a_name_nobody_has_is_refused_at_its_field(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    path = f"/standards/{standard.id}/acts/team"
    async with await visit(office_app, "secretary") as visitor:
        shown = await visitor.get(path)
        assert "示例·镇江氢动力有限公司" in shown.text
        fields = {"version": standard.version, "drafting_units[0][rank]": "1", "drafting_units[0][organisation_id]": "示例·苏南氢能研究院"}
        wrong = await visitor.send_form(path, {**fields, "drafters[0][rank]": "1", "drafters[0][person_id]": "没有此人"})
        assert wrong.status_code == 422 and 'value="没有此人"' in wrong.text
        done = await visitor.send_form(path, fields)
    assert done.status_code == 303
    async with hub.reading(SYSTEM) as work:
        units = await repository.drafting_units(work.connection, standard.id)
        assert len(units) == 1 and await repository.drafters(work.connection, standard.id) == []


async def test_a_relation_finds_its_target_by_search_and_without_scripts(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    path = f"/standards/{standard.id}/acts/relate"
    async with await visit(office_app, "secretary") as visitor:
        found = await visitor.send_form(path, {"kind": "references", "target_q": "加氢站 站控系统", "find": "1"})
        value = str(html.fromstring(found.text).xpath("//input[@name='target']/@value")[0])
        part = await visitor.get("/standards/targets?target_q=ISO+14687")
        assert 'value="identifier:ISO 14687"' in part.text
        unsaid = await visitor.send_form(path, {"version": standard.version, "kind": "references"})
        assert unsaid.status_code == 422 and "须且只须指明一个对象" in unsaid.text
        done = await visitor.send_form(path, {"version": standard.version, "kind": "references", "target": value})
        assert done.status_code == 303
        taking_back = await visitor.get(f"/standards/{standard.id}/acts/unrelate")
        relation = str(html.fromstring(taking_back.text).xpath("//input[@name='relation']/@value")[0])
        async with hub.reading(SYSTEM) as work:
            version = (await repository.standard(work.connection, standard.id)).version
            assert relation in [str(r.id) for r in await repository.relations(work.connection, standard.id)]
        gone = await visitor.send_form(
            f"/standards/{standard.id}/acts/unrelate", {"version": version, "relation": relation, "reason": "示例：登记有误"}
        )
    assert gone.status_code == 303


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_forms_speak_either_language(office_app: Litestar, language: str) -> None:
    standard = await standard_with(office_app.state.hub, plan_number="示例〔2025〕050号")
    async with await visit(office_app, "secretary") as visitor:
        visitor.cookies.set("hub_language", language)
        shown = await visitor.get(f"/standards/{standard.id}/acts/advance")
    assert ("Advance to the next step" in shown.text) == (language == "en")
    assert ("推进到下一步" in shown.text) == (language == "zh")


async def test_a_proposal_through_the_service_can_be_edited_on_its_form(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    made = await proposed(hub, "local-db32", on=office_app.state.hub.clock.today())
    async with await visit(office_app, "duty") as visitor:
        fields = {
            "version": made.version,
            "title_zh": "示例：改名",
            "title_en": "",
            "fields[]": "",
            "measurable": "0",
            "ics": "27.075, 71.020",
        }
        done = await visitor.send_form(f"/standards/{made.id}/acts/edit", fields)
    assert done.status_code == 303, done.text
    after = await standard_with(hub, id=made.id)
    assert (after.title_zh, after.measurable, after.ics) == ("示例：改名", False, ["27.075", "71.020"])


async def test_a_project_is_merged_into_one_that_is_under_way(office_app: Litestar) -> None:
    split = "示例〔2025〕048号"
    async with await visit(office_app, "secretary") as visitor:
        every = (await visitor.get("/standards/targets?target_q=氢燃料电池汽车运营&only=standard")).text
        standard = await standard_with(office_app.state.hub, plan_number="示例〔2025〕050号")
        form = (await visitor.get(f"/standards/{standard.id}/acts/merge")).text
        asked = html.fromstring(form).xpath("string(//input[@id='target_q']/@hx-get)")
        offered = (await visitor.get(f"{asked}&target_q=氢燃料电池汽车运营")).text
    assert split in every and split not in offered and "示例〔2025〕049号" in offered
