"""The history in words: every kind of event has a name and is told, with before and after."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import Message, Name
from standards_hub.lifecycle import events
from standards_hub.lifecycle.intake.ports import Words
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.telling import TELLERS, Fact, Known, Text, named_in, told
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch
from standards_hub.lifecycle.wording import EVENT_NAMES, FACT_NAMES

BODY, PERSON, OTHER, PAPER, LIMIT = (UUID(int=number) for number in range(1, 6))
KNOWN = Known(
    newest("national-gbt"), {BODY: Name("示例单位", "Example body"), PERSON: Name("示例人员", "Example person"), OTHER: "GB/T 99999—2026"},
    {PAPER: ("explanatory_note", "编制说明")}, {LIMIT: Name("报批期限", "Time limit to submission")}, {},
    Words(fields={"plan": {"hydrogen": Name("氢能", "hydrogen")}}),
)  # fmt: skip


def chinese(text: Text) -> str:
    return text.into("zh") if isinstance(text, Message | Name) else text


def english(text: Text) -> str:
    return text.into("en") if isinstance(text, Message | Name) else text


def kinds() -> list[type[Event]]:
    return [kind for kind in Event.kinds.values() if kind.__module__.startswith(f"{events.__name__}.")]


def test_every_kind_of_event_has_a_name_and_all_but_the_undoing_of_an_import_a_teller() -> None:
    assert {kind.type_name() for kind in kinds()} == set(EVENT_NAMES)
    assert set(kinds()) - set(TELLERS) == {events.Erased}
    assert chinese(told(events.Erased(reason="误"), KNOWN).what) == "撤销导入"


def test_every_fact_that_can_be_edited_has_a_name() -> None:
    assert set(Patch.__struct_fields__) <= set(FACT_NAMES)


def test_an_edit_says_before_and_after_in_words() -> None:
    before = Patch(fills_gap=False, fields=[], committee_id=None, scope="", nature="T")
    after = Patch(fills_gap=True, fields=["hydrogen", "odd"], committee_id=BODY, scope="范围", nature="Z")
    facts = told(events.Edited(before=before, after=after), KNOWN).facts
    assert [(chinese(f.name), chinese(f.before), chinese(f.after)) for f in facts] == [
        ("适用范围", "—", "范围"), ("性质", "推荐性", "指导性技术文件"), ("归口标委会", "—", "示例单位"), ("所属领域", "—", "氢能、odd"),
        ("填补空白", "否", "是"),
    ]  # fmt: skip


def test_a_move_says_where_from_and_to_what_was_waived_and_what_it_did_to_the_limits() -> None:
    opened = events.DeadlineOpened(LIMIT, "review", "复审周期", "Review cycle", "S1", "committee", "none", date(2031, 1, 1))
    event = events.Moved(
        act="return", from_step="40.60", from_stage="40.60", to_step="20.20", to_stage="20.20", left=uuid4(), visit=uuid4(), via="40.92",
        reason="指标不清", elsewhere=True, stale=[PAPER], running=events.Running([opened], [LIMIT], [uuid4()]),
        gates=[
            events.GateRecord("a", "会议纪要", "minutes", True),
            events.GateRecord("b", "意见原件", "letters", False, waiver="平台已存", waiver_id=uuid4()),
        ],
    )  # fmt: skip
    said = told(event, KNOWN)
    assert chinese(said.what) == "退回：40.60 审查结论 → 20.20 起草" and said.elsewhere
    assert [chinese(text) for text in said.more][:5] == [
        "理由：指标不清", "决定记为 40.92", "豁免“意见原件”：平台已存", "编制说明因退回失效，需重新提交", "“复审周期”起算，2031-01-01 届满",
    ]  # fmt: skip
    assert "会议纪要" not in "".join(chinese(text) for text in said.more)
    assert "Explanatory note" in english(said.more[3]).capitalize()


@pytest.mark.parametrize(
    "event, what, more",
    [
        (events.PaperAdded(paper=PAPER, kind="explanatory_note", title="编制说明", dated=date(2026, 1, 2), accepted=True),
         "材料《编制说明》入卷并确认", ["材料日期 2026-01-02"]),
        (events.PaperAdded(paper=PAPER, kind="explanatory_note", title="第二稿", dated=date(2026, 1, 2), reference="档 3"),
         "材料《第二稿》入卷，待确认", ["材料日期 2026-01-02", "存放处 档 3"]),
        (events.PaperAccepted(paper=PAPER), "材料《编制说明》已确认", []),
        (events.PaperWithdrawn(paper=PAPER, reason="有误"), "材料《编制说明》已撤回", ["理由：有误"]),
        (events.Suspended(reason="等待"), "暂停", ["理由：等待"]),
        (events.ExtensionAsked(extension=OTHER, deadline=LIMIT, months=3, reason="试验未完", waived=["extension.late"]),
         "申请将“报批期限”延长 3 个月", ["理由：试验未完", "逾期申请，已说明理由"]),
        (events.ExtensionDecided(extension=OTHER, granted=False, decision="不准", deadline=LIMIT, extensions=1, before=date(2026, 1, 1),
                                 due_on=date(2026, 1, 1)), "未准予延长“报批期限”", ["决定：不准"]),
        (events.DeadlineExpired(deadline=LIMIT, consequence="freeze", due_on=date(2026, 9, 10)), "“报批期限”于 2026-09-10 届满：项目冻结", []),
        (events.Ended(status="merged", reason="重复", into=[OTHER]), "项目结束：已合并", ["理由：重复", "转入 GB/T 99999—2026"]),
        (events.Related(relation=PAPER, kind="adopts", catalogue=OTHER, degree="IDT"), "登记关系：采用 GB/T 99999—2026", ["IDT"]),
        (events.Related(relation=PAPER, kind="references", identifier="ISO 1"), "登记关系：引用 ISO 1", []),
        (events.Unrelated(relation=PAPER, reason="登记有误"), "撤销关系", ["理由：登记有误"]),
        (events.Reviewed(outcome="confirm", code="90.93", reason="仍适用"), "复审结论：继续有效（90.93）", ["理由：仍适用"]),
        (events.Superseded(by=OTHER), "被 GB/T 99999—2026 代替", []),
        (events.Withdrawn(reason=""), "公告废止", []),
    ],
)  # fmt: skip
def test_an_event_is_told_in_a_sentence(event: Event, what: str, more: list[str]) -> None:
    said = told(event, KNOWN)
    assert (chinese(said.what), [chinese(text) for text in said.more]) == (what, more)


def test_dates_that_moved_and_teams_that_changed_say_before_and_after() -> None:
    granted = events.ExtensionDecided(extension=OTHER, granted=True, decision="准", deadline=LIMIT, extensions=1, before=date(2026, 1, 1),
                                      due_on=date(2026, 4, 1), thawed=True)  # fmt: skip
    resumed = events.Resumed(reason="继续", deadlines=[events.NewDue(LIMIT, date(2026, 1, 1), date(2026, 2, 1))])
    same_day = events.Resumed(reason="继续", deadlines=[events.NewDue(LIMIT, date(2026, 1, 1), date(2026, 1, 1))])
    units = events.DraftingUnitsSet(before=[], after=[DraftingUnit(BODY, 1)])
    drafters = events.DraftersSet(before=[Drafter(PERSON, 1)], after=[])

    def facts(event: Event) -> list[tuple[str, str, str]]:
        return [(chinese(f.name), chinese(f.before), chinese(f.after)) for f in told(event, KNOWN).facts]

    assert facts(granted) == [("报批期限", "2026-01-01", "2026-04-01")] and "项目解冻" in map(chinese, told(granted, KNOWN).more)
    assert facts(resumed) == [("报批期限", "2026-01-01", "2026-02-01")] and facts(same_day) == []
    (moved,) = told(resumed, KNOWN).facts
    assert isinstance(moved.after, Message) and moved.after.into("en") == "1 Feb 2026"
    assert facts(units) == [("起草单位", "—", "示例单位")] and facts(drafters) == [("起草人", "示例人员", "—")]
    assert facts(events.TrackMoved(before="a@1", after="a@2", reason="新版")) == [("轨道版本", "a@1", "a@2")]
    assert told(events.PlanNumberGiven(alias=OTHER, number="2", before="1"), KNOWN).facts == [Fact(FACT_NAMES["plan_number"], "1", "2")]


def test_the_ids_that_an_event_names_are_found() -> None:
    assert named_in(events.Edited(before=Patch(leader_id=PERSON), after=Patch(leader_id=None))) == {PERSON}
    assert named_in(events.DraftingUnitsSet(before=[DraftingUnit(BODY)], after=[])) == {BODY}
    assert named_in(events.Related(relation=PAPER, kind="adopts", target=OTHER)) == {OTHER}
    assert named_in(events.Suspended(reason="等待")) == set()


def test_states_have_names_in_english_that_are_no_verbs() -> None:
    assert STATUS_NAMES["frozen"].into("en") == "frozen"
