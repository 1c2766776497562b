"""What users do on the way of a committee: see where it stands, and record an act with its day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import UNSET, structs

from standards_hub.committees import repository
from standards_hub.committees.founding import repository as courses
from standards_hub.committees.founding import rules
from standards_hub.committees.founding.events import CourseMoved
from standards_hub.committees.founding.schemas import CommitteeLimit, CourseMove, CourseOut, GateOut, LimitOut, WayOut
from standards_hub.committees.founding.values import ACT_NAMES, STEP_NAMES, Course
from standards_hub.committees.schemas import checked
from standards_hub.committees.seats import service as seats
from standards_hub.committees.services.committees import ending
from standards_hub.committees.services.dates import day_of
from standards_hub.committees.values import Committee, CommitteeFacts, CommitteeState, number_key
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import Conflict, Unmet, refuse_if
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

REQUIRED = {"propose": ("reason",), "object": ("reason",), "evaluate": ("outcome",), "dissolve": ("reason",), "decline": ("reason",)}
"""What an act cannot do without, beside the reference of those that an authority decides."""
DECIDES = "committee.decide"
HOLDERS = {"renewal": "secretary", "term": "secretary", "rectifying": "secretary", "notice": "department"}
"""Who has to keep each kind of day."""


async def show(work: Work, committee_id: UUID) -> CourseOut:
    """Where a committee stands, what is missing for each act that leads on, and what was recorded."""
    work.actor.require("committee.read")
    one = await repository.committee(work.connection, committee_id)
    found = await standing(work, one)
    return structs.replace(found, milestones=await courses.milestones(work.connection, committee_id))


async def standing(work: Work, one: Committee) -> CourseOut:
    """The same without what was recorded, for a committee that is read already."""
    course = await courses.course(work.connection, one.id)
    ways = []
    if keys := rules.open_acts(one, course):
        facts = await _facts(work, one, course, work.today, keys)
        for key in keys:
            act = rules.way().acts[key]
            found = [GateOut.of(gate) for gate in rules.gates(key, facts)]
            ways.append(WayOut(key, Said.of(ACT_NAMES[key]), act.to, list(act.asks), found, work.actor.may(act.by, one)))
    limits = [LimitOut.of(limit, rules.warned(limit, work.today)) for limit in rules.limits(course)] if course else []
    return CourseOut(course, ways, limits, [])


async def limits(work: Work, days: int) -> list[CommitteeLimit]:
    """The days that committees have to keep within some days from now, and those that are past; the nearest first."""
    work.actor.require("committee.read")
    last = due_day(work.today, days, "days")
    running = await courses.courses(work.connection)
    found = [(id, course, limit) for id, course in running.items() for limit in rules.limits(course) if limit.due <= last]
    names = await repository.committee_labels(work.connection, {id for id, _, _ in found})
    shown = [
        CommitteeLimit(id, names[id].zh, names[id].en, course.step, LimitOut.of(limit, rules.warned(limit, work.today)))
        for id, course, limit in found
    ]
    return sorted(shown, key=lambda one: (one.limit.due, one.committee_name))


async def mine(work: Work) -> list[CommitteeLimit]:
    """The days of committees that it is time to think of, for whoever has to keep them; the nearest first."""
    if not any(work.actor.holds(role) for role in set(HOLDERS.values())):
        return []
    running = await courses.courses(work.connection)
    found = [(id, course, limit) for id, course in running.items() for limit in rules.limits(course) if rules.warned(limit, work.today)]
    bodies = {one.id: one for one in await repository.committees_by_ids(work.connection, {id for id, _, _ in found})}
    shown = [
        CommitteeLimit(id, bodies[id].called.zh, bodies[id].called.en, course.step, LimitOut.of(limit, True))
        for id, course, limit in found
        if HOLDERS[limit.key] in work.actor.roles_in(bodies[id].bodies())
    ]
    return sorted(shown, key=lambda one: (one.limit.due, one.committee_name))


async def move(work: Work, committee_id: UUID, data: CourseMove) -> Course:
    """Record an act on the way of a committee. Raises `Refused` with everything that is missing."""
    data = checked(data)
    one = await repository.committee(work.connection, committee_id)
    act = rules.way().acts[data.act]
    work.actor.require(act.by, one)
    course = await courses.course(work.connection, committee_id)
    day = day_of(work, data.on)
    refuse_if(_out_of_turn(one, course, data, day), say("不能登记“{act}”", act=ACT_NAMES[data.act]))
    facts = await _facts(work, one, course, day, [data.act])
    missing = [gate for gate in rules.gates(data.act, facts) if not gate.met and not (gate.waivable and data.exception)]
    unmet = [
        Unmet(gate.key, say("{name}：{why}", name=gate.name, why=gate.why), "exception" if gate.waivable else None, waivable=gate.waivable)
        for gate in missing
    ]  # fmt: skip
    unmet += _incomplete(data, act, day)
    after = _after(one, course, data, day)
    gone, blocked = await ending(work, one.id, day) if after.step in ("declined", "dissolved") else ([], [])
    unmet += [] if "below" in act.gates else blocked
    number = await _number(work, one, data)
    refuse_if(unmet, say("不能登记“{act}”", act=ACT_NAMES[data.act]))
    state = _state(one, after, data.act)
    event = CourseMoved(
        act=data.act, before=course, after=after, state=state, reference=data.reference, reason=data.reason, exception=data.exception,
        ended=gone, facts=CommitteeFacts(
            number=number or UNSET, number_key=number_key(number, one.level) if number else UNSET,
            founded_on=day if data.act == "approve" and one.founded_on is None else UNSET,
        ),
    )  # fmt: skip
    await work.append(one, event, effective_on=day)
    return after


def _out_of_turn(one: Committee, course: Course | None, data: CourseMove, day: date) -> list[Unmet]:
    unmet = []
    if data.act not in rules.open_acts(one, course):
        now = STEP_NAMES[course.step] if course else say("尚未进入组建程序")
        unmet.append(Unmet("course.turn", say("委员会现处“{now}”，还不能办理", now=now)))
    if course and day < course.entered_on:
        unmet.append(Unmet("course.early", say("不能早于进入“{step}”的 {day}", step=STEP_NAMES[course.step], day=course.entered_on), "on"))
    return unmet


def _incomplete(data: CourseMove, act: rules.Act, day: date) -> list[Unmet]:
    unmet = [Unmet("course.asks", say("请填写此项"), name) for name in REQUIRED.get(data.act, ()) if not getattr(data, name)]
    if act.by == DECIDES and "reference" in act.asks and not data.reference:
        unmet.append(Unmet("course.reference", say("请填写决定的文号"), "reference"))
    if "until" in act.asks:
        unmet += rules.unmet_for_term(day, data.until, required=True)
    if data.due is not None and data.due <= day:
        unmet.append(Unmet("course.due", say("整改期限须晚于 {day}", day=day), "due"))
    return unmet


def _after(one: Committee, course: Course | None, data: CourseMove, day: date) -> Course:
    """Where the committee stands after an act."""
    act, outcome = rules.way().acts[data.act], rules.way().outcomes[data.outcome or "qualified"]
    step = act.to or outcome.to
    now = course or Course(committee_id=one.id, step=step, entered_on=day)
    entered = now.entered_on if course and course.step == step else day
    after = structs.replace(now, step=step, entered_on=entered, due=None)
    if data.act in ("begin", "enter", "renewed", "reformed"):
        term = data.term or (now.term or 0) + 1
        after = structs.replace(after, term=term, term_since=day, term_until=data.until)
    if data.act == "evaluate":
        limit = data.due or due_day(day, rules.figure("rectifying_months").value, "months")
        after = structs.replace(
            after, outcome=data.outcome, evaluated_on=day, due=limit if outcome.limit else None,
            host_id=one.secretariat_id if data.outcome == "change_host" else None,
        )  # fmt: skip
    return after


def _state(one: Committee, after: Course, act: str) -> CommitteeState:
    """What the register says then; a committee that rests goes on resting until somebody resumes it, or it is formed anew."""
    state = rules.way().steps[after.step]
    return "suspended" if one.state == "suspended" and state == "active" and act != "reformed" else state


async def _number(work: Work, one: Committee, data: CourseMove) -> str | None:
    """The number that an approval gives. Raises `Conflict` where another committee has it."""
    if data.number is None:
        return None
    other = await repository.committee_by_number(work.connection, data.number, one.level)
    if other and other.id != one.id:
        raise Conflict(say("编号 {number} 已属于“{name}”", number=data.number, name=other.name), code="exists")
    return data.number.strip()


async def _facts(work: Work, one: Committee, course: Course | None, day: date, acts: Sequence[str]) -> rules.Facts:
    """What the gates of some acts ask, and nothing else."""
    asked = {gate for act in acts for gate in rules.way().acts[act].gates}
    lines = await seats.checklist(work, one, on=day) if "composition" in asked else []
    members = len(await repository.seats(work.connection, one.id, on=day)) if "seated" in asked else 0
    below = (await ending(work, one.id, day))[1] if "below" in asked else []
    return rules.Facts(day, one, course, lines, members, below)
