"""What stands around the standards of a plan: projects with what they promised, committees, and positions held abroad. Pure.

Whether a project keeps its promises is judged for each project apart; it never adds to what counts toward the targets.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from standards_hub.documents.report.model import Column, Table, Value
from standards_hub.documents.report.narrative import Narrative
from standards_hub.documents.report.pointing import to_project, to_table
from standards_hub.documents.report.wording import AUTHOR, clean
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES


class Promise(Struct, frozen=True, kw_only=True):
    """One commitment of a contract and what became of it: kept by its own day, the rest by the day of the report."""

    level: str
    count: int
    due: date | None
    done: int
    """Of verified or accepted claims, those that had reached what was promised on its day, or on that of the report if it comes first."""
    pending: int
    """Of claims nobody verified yet, those that reached it."""
    under_way: int
    late: int = 0
    """Of verified or accepted claims, those that reached it only after its day; it stays short of them."""
    words: str = ""
    cause: str = ""
    """Why it is short, as its project manager said, and what is done about it."""
    remedy: str = ""

    @property
    def short(self) -> int:
        return max(0, self.count - self.done)

    def overdue(self, on: date) -> bool:
        return bool(self.short and self.due and self.due < on)


class ProjectFacts(Struct, frozen=True, kw_only=True):
    """A science project of the plan."""

    project_no: str
    title: str
    state: str
    promises: tuple[Promise, ...]

    def short(self, on: date) -> bool:
        """Whether something is missing after its day, so that a cause and a remedy are owed."""
        return any(promise.overdue(on) for promise in self.promises)

    def owes(self, on: date) -> bool:
        """Whether the author of the report has to say so, because the project did not."""
        return any(promise.overdue(on) and not (promise.cause and promise.remedy) for promise in self.promises)


class CommitteeFacts(Struct, frozen=True):
    """A committee that the plan names, and how far it is."""

    name: str
    state: str | None
    """None where no committee of the register answers the plan's words."""
    founded_on: date | None


class PositionFacts(Struct, frozen=True):
    """A position in ISO, IEC or ITU held by somebody of the province."""

    family: str
    committee: str
    position: str
    person: str
    organisation: str
    since: date
    leads: bool


class EvidenceFacts(Struct, frozen=True):
    """A piece of evidence that a counted standard rests on, by the number under which the hub finds it again."""

    number: str
    standard: str
    """The id of the standard."""
    kind: str
    title: str
    source: str
    """File, document number or address."""
    page: str
    dated: date | None
    project_no: str = ""
    """Of evidence on a verified claim the project's number; empty for what shows the publication."""


class Around(Struct, frozen=True):
    projects: tuple[ProjectFacts, ...] = ()
    committees: tuple[CommitteeFacts, ...] = ()
    positions: tuple[PositionFacts, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()


NOTHING = Around()


def short_projects(around: Around, on: date) -> list[str]:
    """The projects of which the report's author owes a cause and a remedy, by number."""
    return [one.project_no for one in around.projects if one.owes(on)]


def promises_table(around: Around, narrative: Narrative, on: date) -> Table:
    """T4: one row a commitment; cause and remedy stand once for each project that is short."""
    columns = (
        Column("row", "序号", "number", 9),
        Column("project_no", "项目编号", width=28),
        Column("project", "项目名称", width=36),
        Column("level", "级别", width=15),
        Column("promised", "承诺", "integer", 11),
        Column("verified", "已认定", "integer", 12),
        Column("short", "差额", "integer", 11),
        Column("late", "逾期完成", "integer", 11),
        Column("pending", "待认定", "integer", 12),
        Column("under_way", "在研", "integer", 11),
        Column("due", "时限", "date", 19),
        Column("cause", "偏差原因", width=25),
        Column("remedy", "改进措施", width=25),
    )
    rows: list[tuple[Value, ...]] = []
    for project in around.projects:
        late, said = project.short(on), narrative.of(project.project_no)
        for promise in project.promises:
            owed = late and promise.overdue(on)
            why = [clean((said and getattr(said, part)) or getattr(promise, part)) or AUTHOR for part in ("cause", "remedy")]
            rows.append((
                len(rows) + 1, clean(project.project_no), _titled(project), _level(promise.level), promise.count, promise.done, promise.short,
                promise.late, promise.pending, promise.under_way, promise.due, *(why if owed else (None, None)),
            ))  # fmt: skip
    total = (
        "合计",
        None,
        None,
        None,
        *(sum(n for n in (row[i] for row in rows) if isinstance(n, int)) for i in range(4, 10)),
        None,
        None,
        None,
    )
    note = (
        "“已认定”为按承诺时限（未写明的按项目结束日；尚未届满的按统计截止日）达到约定阶段，并经认定或验收采信的申报；"
        "“逾期完成”为届满后才达到的，不抵减差额；“待认定”为已申报而未经认定的；按各项目分别认定，不计入指标完成数。"
    )
    counts = {column.key for column in columns if column.kind == "integer"} | {"project_no"}
    marks = [
        tuple(to_project(project.project_no) if column.key in counts else "" for column in columns)
        for project in around.projects for _ in project.promises
    ]  # fmt: skip
    return Table(
        "promises", "项目承诺与认定情况", columns, (*rows, total) if rows else (), total=bool(rows), note=note + _over(around),
        behind=(*marks, ("",) * len(columns)) if rows else (),
    )  # fmt: skip


def _titled(project: ProjectFacts) -> str | None:
    title = clean(project.title)
    return f"{title}〔项目已终止〕" if project.state == "terminated" else title or None


def _over(around: Around) -> str:
    """What is more than was promised, where there is such, so that promised, verified and short can be reckoned against each other."""
    over = sum(max(0, promise.done - promise.count) for project in around.projects for promise in project.promises)
    return f"已认定中有{over}项次超出所在承诺，不抵补其他承诺的差额。" if over else ""


def levels_table(around: Around) -> Table:
    """Commitments by level: the summary that stands in the letter."""
    columns = (
        Column("level", "级别", width=36),
        Column("promised", "承诺", "integer", 20),
        Column("verified", "已认定", "integer", 20),
        Column("short", "差额", "integer", 20),
        Column("late", "逾期完成", "integer", 20),
        Column("pending", "待认定", "integer", 20),
        Column("under_way", "在研", "integer", 20),
    )
    promises = [promise for project in around.projects for promise in project.promises]
    levels = [level for level in LEVEL_NAMES if any(one.level == level for one in promises)]
    rows: list[tuple[Value, ...]] = [(_level(level), *_sums([one for one in promises if one.level == level])) for level in levels]
    if rows:
        rows.append(("合计", *_sums(promises)))
    marks = tuple(("", *[to_table("promises")] * 6) for _ in rows)
    return Table(
        "promises_by_level", "项目承诺与认定情况（按级别，项次）", columns, tuple(rows), total=bool(rows), empty="无项目承诺", note=_over(around),
        behind=marks,
    )  # fmt: skip


def _sums(promises: Sequence[Promise]) -> tuple[int, ...]:
    return tuple(sum(getattr(one, name) for one in promises) for name in ("count", "done", "short", "late", "pending", "under_way"))


def _level(level: str) -> str:
    return next((str(name) for key, name in LEVEL_NAMES.items() if key == level), clean(level))


def committees_table(around: Around) -> Table:
    columns = (
        Column("row", "序号", "number", 12),
        Column("committee", "行动方案所列标准化技术组织", width=84),
        Column("state", "状态", width=32),
        Column("founded_on", "成立日期", "date", 28),
    )
    rows = tuple((n, clean(c.name), c.state or "未登记", c.founded_on) for n, c in enumerate(around.committees, 1))
    return Table("committees", "标准化技术组织组建情况", columns, rows)


def positions_table(around: Around) -> Table:
    columns = (
        Column("row", "序号", "number", 10),
        Column("family", "国际组织", width=18),
        Column("committee", "技术机构", width=48),
        Column("position", "职务", width=22),
        Column("person", "姓名", width=18),
        Column("since", "任职日期", "date", 22),
        Column("until", "备注", width=18),
    )
    rows = tuple(
        (n, clean(p.family), clean(p.committee), clean(p.position), clean(p.person), p.since, "牵头职务" if p.leads else None)
        for n, p in enumerate(around.positions, 1)
    )
    return Table("positions", "国际标准化组织任职情况", columns, rows)
