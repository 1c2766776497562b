"""What the report says: headings, sums, overruns, changes, and nothing that it does not know."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards_hub.documents.report import ProgressReport
from standards_hub.documents.report.around import Around, EvidenceFacts, ProjectFacts, Promise
from standards_hub.documents.report.model import Annex, Paragraph, Section, Subheading, Table
from standards_hub.documents.report.wording import AUTHOR, rate, signed
from standards_hub.linkage.counting import DeadlineFact, Drafter, ProjectRef, StandardFacts
from tests.documents.report_samples import AS_OF, BEFORE, PLAN, portfolio, report_of


def text_of(report: ProgressReport) -> str:
    parts: tuple[Section | Annex, ...] = (*report.sections, *report.annexes)
    return "\n".join(b.text for p in parts for b in p.blocks if isinstance(b, Paragraph | Subheading))


def standard(**change: Any) -> StandardFacts:
    start = StandardFacts(
        id="s1",
        number="GB/T 90001—2025",
        plan_number="20240001-T-000",
        title_zh="示例标准",
        title_en="Example",
        level="national",
        kind="new",
        nature="T",
        status="published",
        stage="60.60",
        published_on=date(2025, 6, 30),
        publication_evidence=("publication_notice",),
        primary_field="f2",
        drafters=(Drafter("示例单位", 1, "r0", True),),
    )
    return msgspec.structs.replace(start, **change)


def test_the_headings_are_those_of_a_progress_report(report: ProgressReport, empty_report: ProgressReport) -> None:
    assert report.title == "关于未来产业标准规范研制工作进展情况的报告"
    assert [s.heading for s in report.sections] == [
        "一、总体进展",
        "二、目标完成情况",
        "三、分领域、分区域进展",
        "四、项目产出与绩效关联情况",
        "五、标准化组织建设",
        "六、存在问题",
        "七、下一步工作安排",
    ]
    assert [b.text for b in report.sections[1].blocks if isinstance(b, Subheading)] == [
        "（一）地方标准和行业标准",
        "（二）国家标准",
        "（三）国际标准",
    ]
    annexes = ["指标完成情况表", "已发布标准清单", "在研标准清单", "项目—标准关联表", "统计口径说明"]
    assert [a.title for a in empty_report.annexes] == [*annexes, "预测方法与回溯检验"]
    assert [a.title for a in report.annexes] == [*annexes, "与上期差异表", "预测方法与回溯检验"]


def test_rows_and_columns_of_field_by_level_add_up(report: ProgressReport) -> None:
    table = report.tables["fields"]
    levels = ("local", "industry", "national", "international")
    for place, row in enumerate(zip(*(table.column(level) for level in levels), strict=True)):
        assert sum(int(str(n)) for n in row) == table.column("counted")[place]
    for key in (*levels, "counted", "unverified", "in_progress"):
        *parts, total = (int(str(n)) for n in table.column(key))
        assert sum(parts) == total
    assert table.column("counted")[-1] == report.counted.total.counted
    assert table.column("in_progress")[-1] == report.counted.total.in_progress
    assert "未分类" in table.column("field")


def test_regions_add_up_and_participation_is_told_apart(report: ProgressReport) -> None:
    table = report.tables["regions"]
    *parts, total = (int(str(n)) for n in table.column("counted"))
    assert sum(parts) == total == report.counted.total.counted
    claims = sum(int(str(n)) for n in table.column("participation")[:-1])
    assert claims > total
    assert f"合计{claims}项次，去重后{total}项" in table.note


def test_one_standard_of_two_cities_and_three_projects_counts_once() -> None:
    drafters = (Drafter("示例单位甲", 2, "r3", True), Drafter("示例单位乙", 1, "r0", True))
    claims = tuple(ProjectRef(f"BE{n}", f"项目{n}") for n in range(3))
    report = report_of([standard(drafters=drafters, projects=claims)])
    rows = {row[0]: row[1:] for row in report.tables["regions"].rows}
    assert rows["南京市"] == (1, 0, 1)
    assert rows["苏州市"] == (0, 0, 1)
    assert rows["合计"] == (1, 0, "2项次")
    assert len(report.tables["projects"].rows) == 3
    assert "1项由3个科技项目申报为产出，合计3项次" in text_of(report)
    assert report.tables["projects"].note == "已发布标准的产出申报合计3项次，去重后1项。"


def test_a_standard_that_a_project_only_supported_is_not_said_to_be_its_output() -> None:
    claims = (ProjectRef("BE1", "项目一"), ProjectRef("BE2", "项目二", "supports"), ProjectRef("BE3", "项目三", "background"))
    report = report_of([standard(projects=claims)])
    assert "1项由1个科技项目申报为产出，合计1项次" in text_of(report)
    assert report.tables["projects"].column("relation") == ["产出于", "支撑", "背景"]
    assert report.tables["projects"].note == "已发布标准的产出申报合计1项次，去重后1项。"
    assert report.tables["published"].column("projects") == ["BE1"]


def promised(**given: Any) -> Promise:
    return Promise(**{"level": "national", "count": 1, "due": AS_OF - timedelta(days=1), "done": 0, "pending": 0, "under_way": 0, **given})


def with_projects(*promises: Promise) -> ProgressReport:
    projects = tuple(ProjectFacts(project_no=f"BE{n}", title="示例", state="running", promises=(one,)) for n, one in enumerate(promises))
    return report_of([standard(projects=(ProjectRef("BE0", "示例"),))], kind="annual", around=Around(projects=projects))


def test_the_letter_says_what_part_of_the_projects_has_published_outputs() -> None:
    assert "本计划的3个科技项目中，1个已有发布的标准产出，占33.3%" in text_of(with_projects(promised(), promised(), promised()))


def test_what_is_more_than_was_promised_is_said_where_it_keeps_sums_from_adding_up() -> None:
    report = with_projects(promised(done=3), promised())
    assert report.tables["promises_by_level"].rows[-1] == ("合计", 2, 3, 1, 0, 0, 0)
    for key in ("promises", "promises_by_level"):
        assert "已认定中有2项次超出所在承诺，不抵补其他承诺的差额。" in report.tables[key].note
    assert "超出所在承诺" not in with_projects(promised(done=1)).tables["promises_by_level"].note


def test_published_standards_name_their_evidence_by_numbers_that_a_list_explains() -> None:
    proofs = (
        EvidenceFacts("ZJ00000001", "s1", "发布公告", "示例公告", "示例〔2025〕1号", "", date(2025, 6, 1)),
        EvidenceFacts("ZJ00000002", "s1", "标准封面和前言页", "示例前言", "foreword.pdf", "前言第2页", date(2025, 6, 2), "BE1"),
        EvidenceFacts("ZJ00000003", "s9", "发布公告", "未计入的标准", "", "", None),
    )
    report = report_of([standard()], kind="annual", around=Around(evidence=proofs))
    assert report.tables["published"].column("evidence") == ["ZJ00000001、ZJ00000002"]
    assert report.tables["evidence"].rows == (
        (1, "ZJ00000001", "GB/T 90001—2025", "发布公告", "示例公告", "示例〔2025〕1号", None, date(2025, 6, 1), None),
        (2, "ZJ00000002", "GB/T 90001—2025", "标准封面和前言页", "示例前言", "foreword.pdf", "前言第2页", date(2025, 6, 2), "BE1"),
    )
    assert [row[1] for row in report.tables["evidence"].behind] == ["/evidence/ZJ00000001", "/evidence/ZJ00000002"]
    assert "evidence" not in {block.key for block in report.annexes[1].blocks if isinstance(block, Table)}  # too long for paper
    assert "种类、来源和页码见电子表格" in report.tables["published"].note


def test_what_came_after_its_day_is_told_and_leaves_the_promise_short() -> None:
    report = with_projects(promised(late=1))
    assert "差额1项次，逾期完成1项次；到期未完成的承诺1件" in text_of(report)
    assert report.tables["promises"].column("late") == [1, 1]
    assert report.short == ("BE0",)
    assert "逾期完成" not in text_of(with_projects(promised()))


def test_a_project_that_was_terminated_is_marked() -> None:
    one = ProjectFacts(project_no="BE0", title="示例", state="terminated", promises=(promised(),))
    report = report_of([standard()], kind="annual", around=Around(projects=(one,)))
    assert report.tables["promises"].rows[0][2] == "示例〔项目已终止〕"


def test_a_cause_that_the_project_gave_is_printed_and_not_asked_for_again() -> None:
    report = with_projects(promised(cause="样品供应推迟", remedy="另行采购"), promised())
    assert report.short == ("BE1",)
    assert [row[-2:] for row in report.tables["promises"].rows[:2]] == [("样品供应推迟", "另行采购"), (AUTHOR, AUTHOR)]


@pytest.mark.parametrize(("due", "days"), [(AS_OF, None), (AS_OF - timedelta(days=1), 1), (AS_OF - timedelta(days=40), 40)])
def test_a_limit_is_overrun_from_the_day_after(due: date, days: int | None) -> None:
    limit = DeadlineFact("报批期限", "submission", due, "第一起草单位", "running", "freeze", "验证未完成")
    report = report_of([standard(status="active", published_on=None, number=None, stage="30.20", deadlines=(limit,))])
    rows = report.tables["overdue"].rows
    assert [row[5] for row in rows] == ([days] if days else [])
    if days:
        assert rows[0][6:] == ("第一起草单位", "冻结", "验证未完成")
        assert report.tables["in_progress"].column("risk") == [f"超期{days}天"]


def test_met_limits_and_ended_projects_are_not_overdue() -> None:
    late = DeadlineFact("报批期限", "submission", AS_OF - timedelta(days=9), state="met")
    met = standard(status="active", published_on=None, deadlines=(late,))
    ended = standard(id="s2", status="terminated", published_on=None, deadlines=(msgspec.structs.replace(late, state="overdue"),))
    assert report_of([met, ended]).tables["overdue"].rows == ()


def test_a_consequence_that_was_carried_out_says_so() -> None:
    limit = DeadlineFact("报批期限", "submission", AS_OF - timedelta(days=9), "秘书处", "executed", "freeze", None)
    report = report_of([standard(status="frozen", published_on=None, number=None, stage="30.20", deadlines=(limit,))])
    assert report.tables["overdue"].rows[0][7] == "已执行：冻结"
    assert report.tables["in_progress"].column("risk") == ["已冻结；超期9天"]
    assert "冻结或暂停1项" in text_of(report)


def test_changes_since_the_last_report_are_listed() -> None:
    early, later = standard(), standard(id="s2", number="GB/T 90002—2026", published_on=date(2026, 9, 1))
    report = report_of([early, later], since=BEFORE)
    assert report.tables["targets"].column("change") == ["0", "+1", "0", "+1"]
    assert [row[1:3] for row in report.tables["differences"].rows] == [("增加", "GB/T 90002—2026")]
    assert "较上期增加1项（上期截至2026年7月31日）" in text_of(report)


def test_what_left_the_count_and_whose_role_changed_is_listed() -> None:
    from standards_hub.linkage.counting import count, load_rule

    foreign = Drafter("外省单位", 1, None, False)
    lost, moved = standard(), standard(id="s2", number="GB/T 90002—2025")
    previous = count([lost, moved], PLAN, load_rule(), BEFORE)
    now = [
        msgspec.structs.replace(lost, publication_evidence=()),
        msgspec.structs.replace(moved, drafters=(foreign, msgspec.structs.replace(foreign, rank=2), Drafter("示例单位", 3, "r0", True))),
    ]
    rows = report_of(now, previous=previous, previous_as_of=BEFORE).tables["differences"].rows
    assert [(row[1], row[5]) for row in rows] == [("减少", "发布公告和发布文本均未存档"), ("角色变化", "主导→参与")]


def test_only_a_person_writes_what_a_person_must(report: ProgressReport) -> None:
    places = [p.text for s in report.sections for p in s.blocks if isinstance(p, Paragraph) and p.style == "author"]
    assert len(places) == 2
    assert all(p.startswith(AUTHOR) for p in places)


def test_the_letter_uses_no_adjectives_exclamations_or_square_brackets(report: ProgressReport) -> None:
    text = text_of(report)
    for word in ("显著", "卓有成效", "将完成", "！", "!", "["):
        assert word not in text
    assert "截至2026年10月31日" in text
    assert "概率" not in "".join(b.text for s in report.sections for b in s.blocks if isinstance(b, Paragraph))


def test_examples_are_said_to_be_examples(report: ProgressReport) -> None:
    assert report.exemplars == 120
    assert "120项为示例数据" in text_of(report)
    assert all("示例" in str(title) for title in report.tables["published"].column("title"))
    assert "示例数据" not in text_of(report_of([standard(title_zh="标准")]))


def test_a_target_that_is_exceeded_does_not_offset_another() -> None:
    plan = msgspec.structs.replace(PLAN, targets=tuple(msgspec.structs.replace(t, value=1) for t in PLAN.targets))
    report = report_of([standard(id=str(n), number=f"GB/T {n}—2025") for n in range(3)], plan=plan)
    table = report.tables["targets"]
    assert table.column("rate") == [0, 3000, 0, 1000]
    assert table.column("state") == ["进行中", "已完成", "进行中", "—"]
    assert "不抵补" in table.note


def test_a_target_missed_after_its_day_is_not_running() -> None:
    report = report_of([], as_of=date(2027, 1, 8))
    assert report.tables["targets"].column("state") == ["未完成", "未完成", "未完成", "—"]


def test_flags_and_roles_stand_in_the_list() -> None:
    gone = standard(status="withdrawn", withdrawn_on=date(2026, 2, 1), fills_gap=True)
    unnamed = standard(id="s2", number="GB 90003—2025", drafters_not_named=True, drafters=(Drafter("示例单位", None, "r0", True),))
    abroad = standard(id="s3", number="ISO 90004:2025", level="international", international_role="editor", drafters=(), region="r1")
    rows = {row[1]: row for row in report_of([gone, unnamed, abroad]).tables["published"].rows}
    assert rows["GB/T 90001—2025"][2] == "示例标准〔2026-02-01 废止；填补空白〕"
    assert rows["GB 90003—2025"][8:10] == ("示例单位（不适用）", "不分位次")
    assert rows["ISO 90004:2025"][7:10] == ("无锡市", "编辑", "主导")


def test_what_is_left_out_names_the_clause() -> None:
    report = report_of([standard(kind="amendment"), standard(id="s2", publication_evidence=())])
    assert [row[5:] for row in report.tables["not_counted"].rows] == [("修改单、勘误不计入", "制修订类别")]
    assert [row[5:] for row in report.tables["unverified"].rows] == [("发布公告和发布文本均未存档", "佐证材料")]


def test_column_widths_fill_the_page(report: ProgressReport) -> None:
    parts: tuple[Section | Annex, ...] = (*report.sections, *report.annexes)
    for part in parts:
        wide = isinstance(part, Annex) and part.wide
        for table in (b for b in part.blocks if isinstance(b, Table)):
            assert sum(c.width for c in table.columns) == (225 if wide else 156), table.key


@pytest.mark.parametrize(("value", "text"), [(467, "46.7%"), (1050, "105.0%"), (0, "0.0%"), (None, "—")])
def test_rates_have_one_decimal(value: int | None, text: str) -> None:
    assert rate(value) == text


def test_changes_carry_their_sign() -> None:
    assert [signed(n) for n in (3, 0, -2)] == ["+3", "0", "−2"]


@pytest.mark.usefixtures("untraced")
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_the_tables_agree_with_each_other_on_any_portfolio(seed: int, size: int) -> None:
    report = report_of(portfolio(size, seed))
    total, tables = report.counted.total, report.tables
    assert (
        len(tables["published"].rows) == total.counted == tables["fields"].column("counted")[-1] == tables["regions"].column("counted")[-1]
    )
    assert len(tables["in_progress"].rows) == total.in_progress == tables["stages"].column("in_progress")[-1]
    assert len(tables["unverified"].rows) == total.unverified
    assert sum(len(tables[k].rows) for k in ("published", "in_progress", "unverified", "not_counted")) == size
