"""The way of a committee as data, and what is missing for an act. All pure."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache, reduce
from pathlib import Path

import msgspec
from msgspec import Struct

from standards_hub.committees.founding.values import GATE_NAMES, Course
from standards_hub.committees.seats.composition import Line
from standards_hub.committees.values import Committee, CommitteeState
from standards_hub.kernel.clock import days_of_window, due_day
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say

FILE = Path(__file__).with_name("course.toml")
WAIVABLE = ("composition",)
"""Gates that an authority may except; the reason is recorded."""


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """A number of the rules, where it stands, and whether somebody read the official text."""

    value: int
    source: str
    verified: bool


class Act(Struct, frozen=True, forbid_unknown_fields=True):
    """What can be done: from which steps, whereto, by whom, what must be met, and what it asks for."""

    by: str
    gates: tuple[str, ...]
    asks: tuple[str, ...]
    from_: tuple[str, ...] = msgspec.field(name="from")
    to: str | None = None
    danger: bool = False


class Outcome(Struct, frozen=True, forbid_unknown_fields=True):
    to: str
    limit: bool = False


class _Composition(Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]


class Way(Struct, frozen=True, forbid_unknown_fields=True):
    figures: dict[str, Figure]
    composition: _Composition
    steps: dict[str, CommitteeState]
    acts: dict[str, Act]
    outcomes: dict[str, Outcome]


class Facts(Struct, frozen=True):
    """What gates ask about a committee on a day."""

    on: date
    committee: Committee
    course: Course | None
    lines: Sequence[Line]
    members: int
    below: Sequence[Unmet] = ()


class Gate(Struct, frozen=True):
    """One condition of an act: met or not, and why."""

    key: str
    name: Message
    met: bool
    why: Message
    waivable: bool = False


class Limit(Struct, frozen=True):
    """A day that a committee has to keep, what it is about, and the rule it rests on."""

    key: str
    due: date
    what: Message
    source: str | None
    verified: bool


@cache
def way() -> Way:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Way)


def figure(name: str) -> Figure:
    return way().figures[name]


def open_acts(committee: Committee, course: Course | None) -> list[str]:
    """The acts that lead on from where a committee is, in the order of the file."""
    if course is None:
        first = "propose" if committee.state == "preparing" else "enter" if committee.state in ("active", "suspended") else None
        return [first] if first else []
    return [key for key, act in way().acts.items() if course.step in act.from_]


def gates(act: str, facts: Facts) -> list[Gate]:
    """The conditions of an act, each with why it is met or what is missing."""
    return [GATES[key](facts) for key in way().acts[act].gates]


def _gate(key: str, met: bool, why: Message) -> Gate:
    return Gate(key, GATE_NAMES[key], met, say("已满足") if met else why, key in WAIVABLE)


def _department(facts: Facts) -> Gate:
    return _gate("department", facts.committee.department_id is not None, say("尚未写明，请在“编辑资料”中补上"))


def _secretariat(facts: Facts) -> Gate:
    return _gate("secretariat", facts.committee.secretariat_id is not None, say("尚未写明，请在“编辑资料”中补上"))


def _scope(facts: Facts) -> Gate:
    return _gate("scope", bool(facts.committee.scope), say("尚未写明，请在“编辑资料”中补上"))


def _composition(facts: Facts) -> Gate:
    unmet = [line for line in facts.lines if not line.met and line.code in way().composition.codes]
    return _gate("composition", not unmet, _all_of([say("{name}：{why}", name=line.name, why=line.why) for line in unmet]))


def _notice(facts: Facts) -> Gate:
    opened, days = facts.course.entered_on if facts.course else facts.on, figure("notice_days").value
    past = days_of_window(opened, facts.on)
    why = say("须满 {days} 天，已 {past} 天，{day} 期满", days=days, past=max(past, 0), day=due_day(opened, days, "days"))
    return _gate("notice", past >= days, why)


def _seated(facts: Facts) -> Gate:
    return _gate("seated", facts.members > 0, say("当日没有在任委员，请先登记席位"))


def _host(facts: Facts) -> Gate:
    course = facts.course
    wanted = course is not None and course.outcome == "change_host" and course.host_id == facts.committee.secretariat_id
    return _gate("host", not wanted, say("秘书处承担单位仍与评估时相同，请先在“编辑资料”中变更"))


def _below(facts: Facts) -> Gate:
    return _gate("below", not facts.below, _all_of([unmet.why for unmet in facts.below]))


def _all_of(reasons: list[Message]) -> Message:
    """Several reasons as one sentence; each of them may have commas of its own."""
    return reduce(lambda before, reason: say("{before}；{reason}", before=before, reason=reason), reasons) if reasons else say("已满足")


GATES = {
    "department": _department, "secretariat": _secretariat, "scope": _scope, "composition": _composition, "notice": _notice,
    "seated": _seated, "host": _host, "below": _below,
}  # fmt: skip


def unmet_for_term(since: date, until: date | None, required: bool) -> list[Unmet]:
    """What is wrong with a term: no end, an end before its beginning, or more years than a term has."""
    if until is None:
        return [Unmet("term.open", say("请填写届满日期"), "until")] if required else []
    if until <= since:
        return [Unmet("term.order", say("届满日期须晚于 {since}", since=since), "until")]
    last = due_day(since, 12 * figure("term_years").value, "months")
    if until > last:
        return [Unmet("term.long", say("一届不超过 {years} 年，最迟 {last}", years=figure("term_years").value, last=last), "until")]
    return []


def limits(course: Course) -> list[Limit]:
    """The days that a committee has to keep where it is now."""
    found = []
    if course.step == "notice":
        days = figure("notice_days")
        found.append(Limit("notice", due_day(course.entered_on, days.value, "days"), say("公示期满"), days.source, days.verified))
    if course.step == "rectifying" and course.due:
        found.append(Limit("rectifying", course.due, say("整改期满"), None, False))
    if course.term_until and course.step in ("running", "rectifying"):
        ahead = figure("renewal_months")
        found.append(
            Limit("renewal", due_day(course.term_until, -ahead.value, "months"), say("报送换届材料"), ahead.source, ahead.verified)
        )
    if course.term_until and course.step in ("running", "renewal", "rectifying"):
        found.append(Limit("term", course.term_until, say("本届届满"), None, False))
    return sorted(found, key=lambda limit: limit.due)


def warned(limit: Limit, today: date) -> bool:
    """Whether it is time to say so: what is past, and what comes within the months of warning."""
    return limit.due <= due_day(today, figure("warning_months").value, "months")
