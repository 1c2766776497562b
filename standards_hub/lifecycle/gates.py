"""Gates explain themselves: asked whether a transition may be made, each says whether it is met, why, and who can help."""

from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.clock import days_of_window
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.tracks.model import HOLDERS, Gate, Track, Transition
from standards_hub.lifecycle.values import Paper, Standard


class Evidence(Struct, frozen=True):
    """A provider's answer about one gate: whether it holds, in words, with references to what shows it."""

    met: bool
    why: Message
    references: tuple[str, ...] = ()
    final: bool = False
    """Whether no paper outweighs it: a vote that failed is not mended by minutes that say otherwise."""


class GateState(Struct, frozen=True):
    """How a gate stands: the page's checklist, the API's refusal and the record of the transition are this."""

    gate: str
    name: Name
    met: bool
    why: Message
    fixer: str
    source: str
    verified: bool
    waivable: bool
    evidence: tuple[str, ...] = ()
    paper: str | None = None
    """The kind of paper that would meet it, where one would."""
    field: str | None = None
    """The fact of the standard that it asks for, where it asks for one."""
    papers: tuple[str, ...] = ()
    """All kinds of papers of which any would meet it."""

    def unmet(self) -> Unmet:
        return Unmet(self.gate, say("{gate}：{why}（由{fixer}办理）", gate=self.name, why=self.why, fixer=HOLDERS[self.fixer]), self.gate,
                     self.fixer, self.waivable)  # fmt: skip


class GateFacts(Struct, frozen=True):
    """All that gates look at. `opened_on` is the day on which the present step was entered."""

    standard: Standard
    papers: tuple[Paper, ...]
    on: date
    opened_on: date
    evidence: Mapping[str, Evidence] = {}
    """What providers say, by gate."""
    failures: int = 0
    """Reviews not passed, the one that is being recorded included."""


def applies(gate: Gate, conditions: set[str]) -> bool:
    """Whether a gate concerns a standard with these conditions; all that are named must hold."""
    kinds = {"new", "revision", "amendment", "adoption"} & set(gate.when)
    return (not kinds or bool(kinds & conditions)) and set(gate.when) - kinds <= conditions


def evaluate(track: Track, transition: Transition | Iterable[Gate], facts: GateFacts) -> list[GateState]:
    """How every gate of a transition stands for a standard."""
    gates = transition.gates if isinstance(transition, Transition) else transition
    conditions = facts.standard.conditions()
    return [_state(track, gate, facts) for gate in gates if applies(gate, conditions)]


def _state(track: Track, gate: Gate, facts: GateFacts) -> GateState:
    met, why, evidence = {
        "paper": _paper, "evidence": _evidence, "comment_period": _comment_period, "field": _field, "attempts": _attempts,
    }[gate.kind](track, gate, facts)  # fmt: skip
    return GateState(
        gate.key, gate.name, met, why, gate.fixer, gate.source, gate.verified, gate.waivable and not met, tuple(evidence),
        gate.paper or (gate.papers[0] if gate.papers and gate.kind == "evidence" else None), gate.field,
        (gate.paper,) if gate.paper else gate.papers if gate.kind == "evidence" else (),
    )  # fmt: skip


Answer = tuple[bool, Message, list[str]]


def _held(track: Track, facts: GateFacts, kinds: Iterable[str]) -> Answer:
    """Whether the dossier holds one of these papers, accepted, not stale, and dated no later than the act."""
    kinds = list(kinds)
    names = [paper_name(track, kind) for kind in kinds]
    matching = [paper for paper in facts.papers if paper.kind in kinds and paper.withdrawn_on is None]
    good = [paper for paper in matching if paper.counts and paper.dated <= facts.on]
    if good:
        newest = max(good, key=lambda paper: (paper.dated, paper.seq))
        return True, say("{title}，{dated}", title=paper_called(track, newest), dated=newest.dated), [str(newest.id)]
    if any(paper.counts for paper in matching):
        return False, say("{papers}的日期晚于本次办理日期 {on}", papers=names, on=facts.on), []
    if any(paper.stale_on for paper in matching):
        return False, say("退回后需重新提交{papers}", papers=names), []
    if matching:
        return False, say("{papers}已提交，待秘书处确认", papers=names), []
    return False, say("缺少{papers}", papers=names) if len(names) == 1 else say("缺少以下材料之一：{papers}", papers=names), []


def wanting(track: Track, standard: Standard, papers: Iterable[Paper], answered: Container[str] = ()) -> list[tuple[Gate, tuple[str, ...]]]:
    """The gates of the usual way on from here that wait for a paper, and the kinds of which any will do.

    What was handed in waits for the secretariat and no longer for its author; a gate that a provider of `answered` answers wants its evidence.
    """
    there = {paper.kind for paper in papers if paper.stale_on is None and paper.withdrawn_on is None}
    way = next((way for way in track.leaving(standard.step) if way.act == "advance"), None)
    asking = [
        (gate, (gate.paper,) if gate.paper else gate.papers)
        for gate in (way.gates if way else ())
        if gate.kind in ("paper", "evidence") and gate.provider not in answered and applies(gate, standard.conditions())
    ]
    return [(gate, kinds) for gate, kinds in asking if kinds and not there & set(kinds)]


def paper_name(track: Track, key: str) -> Name:
    """What a kind of paper is called on a track."""
    return next((paper.name for paper in track.papers if paper.key == key), Name(key, key))


def paper_called(track: Track, paper: Paper) -> Name | str:
    """What a paper is called: after its kind, in either language, where it has no title of its own."""
    name = paper_name(track, paper.kind)
    return name if name.zh == paper.title else paper.title


def _paper(track: Track, gate: Gate, facts: GateFacts) -> Answer:
    return _held(track, facts, [gate.paper or ""])


def _evidence(track: Track, gate: Gate, facts: GateFacts) -> Answer:
    given = facts.evidence.get(gate.key)
    if given is not None and (given.met or given.final):
        return given.met, given.why, list(given.references)
    met, why, papers = _held(track, facts, gate.papers)
    if met or given is None:
        return met, why, papers
    return False, given.why, list(given.references)


def window(gate: Gate, papers: Iterable[Paper], entered: date, on: date) -> tuple[date, date]:
    """From when to when a comment period runs: from the day the step was entered, or that of a text which replaced the one out for comment."""
    texts = [paper.dated for paper in papers if paper.kind in gate.papers and paper.counts and paper.dated <= on]
    opened = max(entered, *texts) if texts else entered
    return opened, opened + timedelta(days=gate.days.value if gate.days else 0)


def _comment_period(_track: Track, gate: Gate, facts: GateFacts) -> Answer:
    opened, ends = window(gate, facts.papers, facts.opened_on, facts.on)
    least, past = (ends - opened).days, days_of_window(opened, facts.on)
    if past >= least:
        return True, say("自 {opened} 起已征求意见 {past} 日（不少于 {least} 日）", opened=opened, past=past, least=least), []
    return (
        False,
        say("自 {opened} 起仅 {past} 日，须满 {least} 日，即 {ends} 24:00 届满", opened=opened, past=past, least=least, ends=ends),
        [],
    )


FIELD_NAMES = {
    "plan_number": say("计划号"),
    "committee": say("归口标准化技术委员会"),
    "lead_drafter": say("第一起草单位"),
    "number": say("标准号"),
    "published_on": say("发布日期"),
    "effective_on": say("实施日期"),
    "parent": say("所采用的国际标准"),
    "leader": say("项目负责人"),
}


def field_value(standard: Standard, field: str) -> Any:
    """What a `field` gate looks at; `parent` is answered as evidence, since it is a relation."""
    named = {"committee": standard.committee_id, "lead_drafter": standard.lead_drafter_id, "leader": standard.leader_id}
    return named[field] if field in named else getattr(standard, field, None)


def _field(_track: Track, gate: Gate, facts: GateFacts) -> Answer:
    name = FIELD_NAMES[gate.field or ""]
    given = facts.evidence.get(gate.key)
    value = field_value(facts.standard, gate.field or "")
    if given is not None:
        return given.met, given.why, list(given.references)
    if value is None:
        return False, say("尚未填写{field}", field=name), []
    return True, say("{field}已填写", field=name) if isinstance(value, UUID) else say("{field}：{value}", field=name, value=value), []


def _attempts(_track: Track, gate: Gate, facts: GateFacts) -> Answer:
    most = gate.most.value if gate.most else 0
    if facts.failures < most:
        return True, say("未通过 {failures} 次，少于 {most} 次", failures=facts.failures, most=most), []
    return False, say("已 {failures} 次未通过，项目应予撤销", failures=facts.failures), []
