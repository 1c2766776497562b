"""The rules of meetings: how early they are called and their papers go out, their quorum, and what a decision may say. All pure."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from standards_hub.committees.ballots.poll import Poll, Votes
from standards_hub.committees.ballots.rules import OUTCOMES, rule_of
from standards_hub.committees.ballots.tally import Tested, tally
from standards_hub.committees.ballots.values import Ballot
from standards_hub.committees.meetings.values import VERDICTS, Attendee, Breach, Item, Kind, Meeting
from standards_hub.committees.values import VOTING
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Message, Name, say

FILE = Path(__file__).with_name("times.toml")
What = Literal["call", "papers"]
NAMES: dict[What, Message] = {"call": say("发出会议通知"), "papers": say("发出会议材料")}
UNITS: dict[str, Message] = {"days": say("天"), "months": say("个月")}


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """So long before the day of the meeting, where that stands, and whether somebody read the official text."""

    value: int
    unit: Literal["days", "months"]
    source: str
    verified: bool
    proposed: bool = False

    def latest(self, day: date) -> date:
        """The last day that is early enough."""
        return due_day(day, -self.value, self.unit)


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    kinds: tuple[Kind, ...]
    profiles: tuple[str, ...] = ()
    call: Figure | None = None
    papers: Figure | None = None


class Proxy(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether somebody may come in a member's place without the charter saying so."""

    allowed: bool
    source: str
    verified: bool


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...]
    proxy: Proxy


class Line(Struct, frozen=True):
    """A time to keep: by when, whether it is or was kept, and why so."""

    key: What
    name: Said
    latest: date
    done_on: date | None
    met: bool
    why: Said
    source: str
    verified: bool
    proposed: bool
    reason: str | None
    """Why it was not kept, where somebody said."""


@cache
def times() -> Times:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Times)


def strictest(what: What, kind: Kind, profiles: Iterable[str | None], day: date) -> Figure:
    """The figure that asks for the earliest day, of those for this kind of meeting and what is on its agenda."""
    wanted = set(profiles)
    figures = [
        figure
        for rule in times().rules
        if kind in rule.kinds and (not rule.profiles or wanted & set(rule.profiles)) and (figure := getattr(rule, what)) is not None
    ]
    found: Figure = min(figures, key=lambda figure: figure.latest(day))
    return found


def lines(meeting: Meeting, items: Sequence[Item], today: date) -> list[Line]:
    """How the times stand on a day: kept, still to be kept, or not kept any more."""
    return [line(what, meeting, items, today) for what in ("call", "papers")]


def line(what: What, meeting: Meeting, items: Sequence[Item], today: date) -> Line:
    figure = strictest(what, meeting.kind, [item.profile for item in items], meeting.starts_on)
    latest, done = figure.latest(meeting.starts_on), meeting.called_on if what == "call" else meeting.papers_on
    on = done or today
    limit = say("须在会前 {count} {unit}，即不晚于 {latest}", count=figure.value, unit=UNITS[figure.unit], latest=latest)
    if done:
        why = say("{limit}；已于 {on} 办理", limit=limit, on=done)
    elif on <= latest:
        why = say("{limit}；还有 {days} 天", limit=limit, days=(latest - on).days)
    else:
        why = say("{limit}；已过 {days} 天", limit=limit, days=(on - latest).days)
    reason = next((one.reason for one in reversed(meeting.breaches) if one.rule == what), None)
    name = Said.of(NAMES[what])
    return Line(what, name, latest, done, on <= latest, Said.of(why), figure.source, figure.verified, figure.proposed, reason)


def late(what: What, meeting: Meeting, items: Sequence[Item], on: date) -> Line | None:
    """The time that is not kept if it is done on this day, whenever it was done before."""
    undone = msgspec.structs.replace(meeting, **{"called_on" if what == "call" else "papers_on": None})
    found = line(what, undone, items, on)
    return None if found.met else found


def unmet_for_lateness(found: Line | None, exception: str | None) -> list[Unmet]:
    """What stands in the way of being late: that nobody says why."""
    if found is None or exception:
        return []
    why = say("{name}：{why}。确需如此的，请写明理由，理由会留在记录中", name=name_of(found.name), why=name_of(found.why))
    return [Unmet(f"late.{found.key}", why, "exception", "secretariat", waivable=True)]


def with_breach(meeting: Meeting, found: Line | None, on: date, exception: str | None) -> list[Breach]:
    """The breaches of a meeting with this one added, which is never taken away again."""
    if found is None or not exception:
        return list(meeting.breaches)
    return [*meeting.breaches, Breach(found.key, found.latest, on, exception)]


def name_of(said: Said) -> Name:
    """What goes out as it comes back into a message."""
    return Name(said.zh, said.en)


def counting(chosen: str | None, named: Sequence[str]) -> str | None:
    """The vote rule by which a review is counted: the meeting's own, unless the text's procedure names others; then the only one it names.

    One meeting may review texts of several procedures.
    """
    if not named or chosen in named:
        return chosen
    return named[0] if len(named) == 1 else None


def unmet_for_rule(rule: str | None, named: Sequence[str]) -> list[Unmet]:
    """What stands in the way of counting a review by a rule: the procedure names others. It asks for nothing where it names none."""
    if not named or rule in named:
        return []
    why = say("程序规定这次审查按规则 {rules} 表决；请先在会议安排中选定，据此核对到会人数", rules=list(named))
    return [Unmet("decision.rule", why, "rule", "secretariat")]


def quorum(rule: str | None, attendees: Iterable[Attendee]) -> list[Tested]:
    """What a vote rule asks of how many are there; nothing where it asks nothing, or no rule was chosen."""
    if rule is None:
        return []
    members = [one for one in attendees if one.position in VOTING]
    there = sum(one.presence in ("present", "proxy") for one in members)
    law = rule_of(rule)
    asked = {test.key for test in law.tests if test.unmet == "invalid" and test.count in ("present", "voters")}
    found = tally(law, Poll(eligible=len(members), present=there, votes=Votes(approve=there)))
    return [test for test in found.tests if test.key in asked]


def unmet_for_attendance(one: Attendee) -> list[Unmet]:
    """What is wrong with how somebody is said to have been there."""
    if one.presence != "proxy":
        return [Unmet("proxy", say("{name}：只有代理出席才写代理人", name=one.name), "rows")] if one.proxy else []
    unmet = [] if one.proxy else [Unmet("proxy.who", say("{name}：请写明代理人", name=one.name), "rows")]
    if not times().proxy.allowed and not one.note:
        unmet.append(Unmet("proxy.charter", say("{name}：章程允许才可代理，请在备注中写明依据的条款", name=one.name), "rows"))
    return unmet


def unmet_for_reference(ballot: Ballot) -> list[Unmet]:
    """What stands in the way of an item referring to a ballot that is there: it says nothing while it runs, and nothing any more once void."""
    if ballot.state == "void":
        return [Unmet("ballot.void", say("该表决已作废，没有结果可引用；请选择有效的表决，或另行表决"), "ballot_id")]
    if ballot.state == "open":
        why = say("该表决正在进行，{day} 24:00 截止；结束后才能引用其结果", day=ballot.closes_on)
        return [Unmet("ballot.open", why, "ballot_id")]
    return []


def unmet_for_decision(kind: str, item: Item, has_text: bool, ballots: Sequence[Ballot], hash: str | None) -> list[Unmet]:
    """What stands in the way of a decision: no text to review, a ballot that is not closed, or one on this text that says otherwise.

    `ballots` are those on the subject and the item's own, the latest last.
    """
    if kind not in VERDICTS and kind != "letter":
        return []
    if item.subject_id is None or item.purpose != "review":
        return [Unmet("decision.review", say("只有“审查送审稿”的议题才能作审查结论"), "kind")]
    if kind == "letter":
        return []
    unmet = [] if has_text else [Unmet("decision.text", say("还没有可审查的文本"), "kind")]
    own = next((one for one in ballots if one.id == item.ballot_id), None)
    if own is not None and own.state in ("prepared", "open"):
        unmet.append(Unmet("decision.open", say("就本议题的表决尚未结束"), "kind"))
    if own is not None and own.state == "void":
        unmet.append(Unmet("decision.void", say("就本议题的表决已作废，请先关联有效的表决，或重新表决"), "kind"))
    decided = [one for one in ballots if one.outcome in ("passed", "failed") and one.subject_hash == hash]
    if decided and kind in VERDICTS and (decided[-1].outcome == "passed") != VERDICTS[kind]:
        outcome = OUTCOMES[decided[-1].outcome]  # type: ignore[index]
        why = say("{day} 就同一文本的表决{outcome}，会议结论不能与之相反", day=decided[-1].closed_on, outcome=outcome)
        unmet.append(Unmet("decision.ballot", why, "kind"))
    return unmet
