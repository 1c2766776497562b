"""The way of a committee as a page: where it stands, what is missing to go on, and each act as a form."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from msgspec import structs

from standards_hub.committees import repository
from standards_hub.committees.founding import rules, service
from standards_hub.committees.founding.schemas import ActIn, CourseMove, GateOut
from standards_hub.committees.founding.values import ACT_NAMES, OUTCOME_NAMES, STEP_NAMES, WAY
from standards_hub.committees.values import COMMITTEE_STATES, Committee
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Field, Place, Trail
from standards_hub.kernel.work import Work

FIELDS: dict[str, Field] = {
    "reference": Field(name="reference", label=say("文号"), help=say("作出决定的文件编号；在其他平台或以纸件办理的，也填在此。")),
    "number": Field(name="number", label=say("委员会编号"), help=say("批准时给了编号的填写。"), most=60),
    "outcome": Field(name="outcome", label=say("结论"), kind="radios", options=tuple(OUTCOME_NAMES.items()), required=True),
    "term": Field(name="term", label=say("第几届"), kind="number", help=say("不填即为第一届。")),
    "until": Field(name="until", label=say("届满日期"), kind="date", required=True),
    "due": Field(name="due", label=say("整改期限"), kind="date", help=say("只用于限期整改和变更承担单位；不填则按规定的月数。")),
    "reason": Field(name="reason", label=say("理由"), kind="area"),
}
EXCEPTION = Field(
    name="exception", label=say("例外理由"), kind="area", help=say("组成与规定不一致而主管部门同意的，写明理由，会留在记录中。")
)
DAY = Field(name="on", label=say("办理日期"), kind="date", help=say("不填即为今天；已在别处办理的，填当时的日期。"))


def course_href(id: UUID) -> str:
    return f"/committees/{id}/course"


def _trail(one: Committee | None) -> Trail:
    above: Trail = [(one.called, f"/committees/{one.id}"), (say("组建与届期"), course_href(one.id))] if one else []
    return [(say("委员会"), "/committees"), *above]


async def _subject(work: Work, place: Place, lock: bool) -> Committee:
    return await repository.committee(work.connection, place["id"], lock=lock)


def _fields(key: str) -> tuple[Field, ...]:
    act = rules.way().acts[key]
    asked = [FIELDS[name] for name in act.asks]
    needed = (*service.REQUIRED.get(key, ()), *(("reference",) if act.by == service.DECIDES else ()))
    asked = [_required(field) if field.name in needed else field for field in asked]
    return (*asked, *((EXCEPTION,) if "composition" in act.gates else ()), DAY)


def _required(field: Field) -> Field:
    return Field(
        name=field.name, label=field.label, kind=field.kind, required=True, help=field.help, options=field.options, most=field.most
    )


def _missing(gate: GateOut) -> Message:
    return say("还差“{name}”：{why}", name=Name(gate.name.zh, gate.name.en), why=Name(gate.why.zh, gate.why.en))


def _form(key: str) -> Act:
    act = rules.way().acts[key]

    async def says(work: Work, one: Committee, _place: Place) -> list[Message]:
        """What stands in the way now, and what it does."""
        shown = await service.show(work, one.id)
        missing = [gate for way in shown.ways if way.act == key for gate in way.gates if not gate.met]
        lines = [_missing(gate) for gate in missing]
        return [*lines, *([say("办理后不能恢复；在任席位当日结束。")] if act.danger else [])]

    async def do(work: Work, place: Place, data: ActIn) -> str:
        given = CourseMove(act=key, **structs.asdict(data))  # type: ignore[arg-type]
        return course_href((await service.move(work, place["id"], given)).committee_id)

    return Act(
        path=f"/committees/{{id:uuid}}/course/{key}", permission=act.by, title=ACT_NAMES[key], short=ACT_NAMES[key], button=say("登记"),
        done=say("已登记"), takes=ActIn, fields=_fields(key), do=do, trail=_trail, subject=_subject, says=says, danger=act.danger,
    )  # fmt: skip


ACTS = {key: _form(key) for key in rules.way().acts}


@get("/committees/{id:uuid}/course", opt={"permission": "committee.read"}, include_in_schema=False)
async def course_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """Where a committee stands on its way, and what is missing to go on."""
    one = await repository.committee(reading.connection, id)
    found = await service.show(reading, id)
    course = found.course
    at = WAY.index(course.step) if course and course.step in WAY else len(WAY) if course else -1
    reached = {milestone.step: milestone.on for milestone in found.milestones}
    steps = [(STEP_NAMES[step], reached.get(step), "done" if n < at else "now" if n == at else "") for n, step in enumerate(WAY)]
    offers = [(ways.act, ACTS[ways.act].href(id=id)) for ways in found.ways if ways.permitted]
    return page(
        request, "founding/page.html", one=one, trail=_trail(one)[:2], course=course, found=found, steps=steps, names=STEP_NAMES,
        acts=ACT_NAMES, outcomes=OUTCOME_NAMES, hrefs=dict(offers),
        sum=_sum(one, course),
    )  # fmt: skip


def _sum(one: Committee, course: Any) -> Message:
    if course is None:
        return say("{state}；还没有登记组建与届期", state=COMMITTEE_STATES[one.state])
    step = STEP_NAMES[course.step]
    if course.term_until and course.term:
        return say(
            "{step}，第 {term} 届，{since} 至 {until}", step=step, term=course.term, since=course.term_since, until=course.term_until
        )
    return say("{step}，自 {day}", step=step, day=course.entered_on)


PAGES: list[Any] = [*acts.routes(*ACTS.values()), course_page]
