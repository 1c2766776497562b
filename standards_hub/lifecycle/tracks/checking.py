"""What is wrong with a track, before anybody stands on it. Every finding names the file, the table and the key."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from standards_hub.committees.ballots.rules import rules
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.stages import PUBLISHED, is_valid
from standards_hub.lifecycle.tracks.loading import TrackError, load_file
from standards_hub.lifecycle.tracks.model import (
    CONDITIONS,
    GATE_FIELDS,
    HOLDERS,
    HUB_ROLES,
    PROVIDERS,
    Fact,
    Gate,
    Limit,
    Track,
    Transition,
)

KINDS = ("new", "revision", "amendment", "adoption")
"""The conditions that are kinds of project."""
OUTCOMES = ("confirm", "revise", "amend", "withdraw")
PASSIVE_ROLES = ("officer",)
"""Roles that may never move a standard: the science department funds, counts and reminds."""

Finding = tuple[str, str, Message]
"""Code, place inside the file, and what is wrong."""


def check_file(path: Path) -> list[Unmet]:
    """Everything wrong with a file, an unreadable one included; empty if it may be used."""
    try:
        return check(load_file(path), path.name)
    except TrackError as error:
        return list(error.unmet)


def check(track: Track, file: str | None = None) -> list[Unmet]:
    """Everything wrong with a track; empty if it may be used. `file` is the name that findings begin with."""
    findings = (
        *_duplicates(track),
        *_steps(track),
        *_transitions(track),
        *_paths(track),
        *_limits(track),
        *_number(track),
        *_rest(track),
        *_sources(track),
    )
    return [Unmet(f"track.{code}", why, where=f"{file or track.key + '.toml'} {place}") for code, place, why in findings]


def gates(track: Track) -> Iterator[tuple[str, Gate]]:
    """Every gate of a track with its place in the file."""
    for transition in track.transitions:
        for gate in transition.gates:
            yield f"{place(transition)}.gates[{gate.key}]", gate
    for gate in track.termination.gates:
        yield f"termination.gates[{gate.key}]", gate


def place(transition: Transition) -> str:
    """How a finding names a transition."""
    return f"transitions[{transition.from_} → {transition.to} {transition.act}]"


def facts(track: Track) -> Iterator[tuple[str, Fact]]:
    """Every figure of a track with its place in the file."""
    for where, gate in gates(track):
        yield from ((f"{where}.{name}", fact) for name, fact in (("days", gate.days), ("most", gate.most)) if fact)
    for limit in track.limits:
        yield f"limits[{limit.key}].length", limit.length
        if rule := limit.extension:
            yield f"limits[{limit.key}].extension.ask_days_before", rule.ask_days_before
            yield f"limits[{limit.key}].extension.max_months", rule.max_months
            yield f"limits[{limit.key}].extension.times", rule.times
    if track.review.cycle_months:
        yield "review.cycle_months", track.review.cycle_months
    yield from ((f"facts.{name}", fact) for name, fact in track.facts.items())


def _duplicates(track: Track) -> Iterator[Finding]:
    tables: dict[str, Iterable[str]] = {
        "sources": [s.id for s in track.sources],
        "papers": [p.key for p in track.papers],
        "steps": [s.key for s in track.steps],
        "transitions": [f"{t.from_} → {t.to} {t.act}" for t in track.transitions],
        "limits": [limit.key for limit in track.limits],
    }
    tables |= {f"{place(t)}.gates": [g.key for g in t.gates] for t in track.transitions}
    tables["termination.gates"] = [g.key for g in track.termination.gates]
    for table, keys in tables.items():
        yield from (
            ("duplicate", f"{table}[{key}]", say("出现 {count} 次，只能一次", count=n)) for key, n in Counter(keys).items() if n > 1
        )


def _steps(track: Track) -> Iterator[Finding]:
    if not track.steps:
        yield "steps", "steps", say("没有任何步骤")
    for step in track.steps:
        here = f"steps[{step.key}]"
        if not is_valid(step.code):
            yield "code", f"{here}.code", say("{code} 不在 46 个国际统一阶段代码之内", code=step.code)
        if step.holder not in HOLDERS:
            yield "holder", f"{here}.holder", _unknown(step.holder, HOLDERS)
    codes = [s.code for s in track.steps]
    if codes != sorted(codes):
        yield "order", "steps", say("步骤应按阶段代码排列")
    if PUBLISHED not in codes:
        yield "unpublished", "steps", say("没有发布步骤 {code}", code=PUBLISHED)


def _transitions(track: Track) -> Iterator[Finding]:
    keys = {s.key: s for s in track.steps}
    for transition in track.transitions:
        here = place(transition)
        for name, key in (("from", transition.from_), ("to", transition.to)):
            if key not in keys:
                yield "step", f"{here}.{name}", say("没有步骤 {step}", step=key)
        yield from _by(transition.by, f"{here}.by")
        start, end = keys.get(transition.from_), keys.get(transition.to)
        if transition.via is not None and not _may_be_via(transition.via, start.code if start else transition.via):
            yield "via", f"{here}.via", say("{via} 应是所离开阶段的 .92、.93 或 .98 代码", via=transition.via)
        if transition.act == "fail" and start and end and start.code != end.code:
            yield "fail", here, say("fail 只能留在同一代码之内")
        if transition.act == "skip" and track.fast_track is None and not transition.name:
            yield "skip", here, say("没有 fast_track 的跳过须有 name 说明情形")
    for here, gate in gates(track):
        yield from _gate(track, here, gate)


def _may_be_via(via: str, start: str) -> bool:
    return is_valid(via) and via[3:] in ("92", "93", "98") and via[:2] == start[:2]


def _gate(track: Track, here: str, gate: Gate) -> Iterator[Finding]:
    papers = {p.key for p in track.papers}
    needed = {"paper": ("paper",), "comment_period": ("days",), "field": ("field",), "attempts": ("most",), "evidence": ("provider",)}
    for name in needed[gate.kind]:
        if getattr(gate, name) is None:
            yield "gate", f"{here}.{name}", say("{kind} 类关口须写明 {name}", kind=gate.kind, name=name)
    allowed = {*needed[gate.kind], *(("papers",) if gate.kind in ("evidence", "comment_period") else ())}
    for name in ("paper", "days", "field", "most", "provider", "papers"):
        if name not in allowed and getattr(gate, name):
            yield "gate", f"{here}.{name}", say("{kind} 类关口不用 {name}", kind=gate.kind, name=name)
    for paper in (*((gate.paper,) if gate.paper else ()), *gate.papers):
        if paper not in papers:
            yield "paper", here, say("papers 中没有文件 {paper}", paper=paper)
    if gate.provider and gate.provider not in PROVIDERS:
        yield "provider", f"{here}.provider", _unknown(gate.provider, PROVIDERS)
    for name in ("rules", "since"):
        if getattr(gate, name) and gate.provider != "ballots":
            yield "gate", f"{here}.{name}", say("只有以表决为据的关口才写 {name}", name=name)
    if gate.since and gate.since not in {step.key for step in track.steps}:
        yield "step", f"{here}.since", say("没有步骤 {step}", step=gate.since)
    named = track.facts.get("vote_rule")
    if named and gate.rules and f"V{named.value}" not in gate.rules:
        yield "rule", f"{here}.rules", say("facts.vote_rule 写的是 V{value}，rules 中没有", value=named.value)
    yield from (("rule", f"{here}.rules", _unknown(rule, list(rules()))) for rule in gate.rules if rule not in rules())
    if gate.field and gate.field not in GATE_FIELDS:
        yield "field", f"{here}.field", _unknown(gate.field, GATE_FIELDS)
    if gate.fixer not in HOLDERS:
        yield "holder", f"{here}.fixer", _unknown(gate.fixer, HOLDERS)
    yield from (("condition", f"{here}.when", _unknown(c, CONDITIONS)) for c in gate.when if c not in CONDITIONS)
    for name, fact in (("days", gate.days), ("most", gate.most)):
        if fact and fact.value < 1:
            yield "value", f"{here}.{name}", say("须大于 0")


def _paths(track: Track) -> Iterator[Finding]:
    """Steps nobody can come to, and steps before publication from which no advance leads to publication."""
    if not track.steps:
        return
    reached = _spread(track.first.key, [(t.from_, t.to) for t in track.transitions])
    home = next((s.key for s in track.steps if s.code == PUBLISHED), None)
    forward = [(t.to, t.from_) for t in track.transitions if t.act == "advance"]
    finishing = _spread(home, forward) if home else set()
    for number, step in enumerate(track.steps):
        here = f"steps[{step.key}]"
        if step.key not in reached:
            yield "unreachable", here, say("从 {first} 出发到不了这一步", first=track.first.key)
        if home and number < track.position(home) and step.key not in finishing:
            yield "dead-end", here, say("从这一步没有 advance 通向 {home}", home=home)


def _spread(start: str, edges: list[tuple[str, str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        new = {to for from_, to in edges if from_ == here} - seen
        seen |= new
        waiting += new
    return seen


def _limits(track: Track) -> Iterator[Finding]:
    keys = {s.key: number for number, s in enumerate(track.steps)}
    for limit in track.limits:
        here = f"limits[{limit.key}]"
        for name, key in (("from", limit.from_), ("until", limit.until), ("return_to", limit.return_to)):
            if key is not None and key not in keys:
                yield "step", f"{here}.{name}", say("没有步骤 {step}", step=key)
        if limit.holder not in HOLDERS:
            yield "holder", f"{here}.holder", _unknown(limit.holder, HOLDERS)
        if keys.get(limit.from_, -1) >= keys.get(limit.until, len(keys)):
            yield "limit", f"{here}.until", say("应在 {step} 之后", step=limit.from_)
        yield from _consequence(limit, here)


def _consequence(limit: Limit, here: str) -> Iterator[Finding]:
    if limit.length.value < 1:
        yield "value", f"{here}.length", say("须大于 0")
    if limit.extension and limit.consequence == "none":
        yield "extension", f"{here}.consequence", say("可延期的期限须写明逾期后果")
    if limit.consequence == "return" and limit.return_to is None:
        yield "return", f"{here}.return_to", say("后果为 return 须写明退回到哪一步")
    if limit.consequence != "return" and limit.return_to is not None:
        yield "return", f"{here}.return_to", say("只有后果为 return 才写 return_to")


def _number(track: Track) -> Iterator[Finding]:
    """The number that is shown as an example is one that the track would take."""
    try:
        family = parse(track.number_example).family
    except IdentifierError:
        yield "number", "number_example", say("不是标准号：{number}", number=track.number_example)
        return
    if track.identifier_families and family not in track.identifier_families:
        yield "number", "number_example", _unknown(family, track.identifier_families)


def _rest(track: Track) -> Iterator[Finding]:
    keys = {s.key for s in track.steps}
    if fast := track.fast_track:
        yield from (("fast-track", "fast_track.skips", say("没有步骤 {step}", step=s)) for s in fast.skips if s not in keys)
        yield from (("condition", "fast_track.kinds", _unknown(k, KINDS)) for k in fast.kinds if k not in KINDS)
        if not any(t.act == "skip" for t in track.transitions):
            yield "fast-track", "fast_track", say('没有 act = "skip" 的流转')
    yield from _by(track.termination.by, "termination.by")
    for outcome, code in track.review.outcomes.items():
        if outcome not in OUTCOMES:
            yield "outcome", f"review.outcomes.{outcome}", _unknown(outcome, OUTCOMES)
        if not is_valid(code):
            yield "code", f"review.outcomes.{outcome}", say("{code} 不在 46 个国际统一阶段代码之内", code=code)
    yield from (("outcome", f"review.outcomes.{name}", say("缺少这一结论")) for name in OUTCOMES if name not in track.review.outcomes)
    cycle = track.review.cycle_months
    if cycle and not any(limit.from_ == PUBLISHED and limit.length.value == cycle.value for limit in track.limits):
        yield "review", "review.cycle_months", say("limits 中没有相应的复审期限")


def _by(roles: tuple[str, ...], here: str) -> Iterator[Finding]:
    if not roles:
        yield "role", here, say("没有人可以办理")
    for role in roles:
        if role not in HUB_ROLES:
            yield "role", here, _unknown(role, HUB_ROLES)
        elif role in PASSIVE_ROLES:
            yield "role", here, say("科技管理部门不审批、不推进标准")


def _sources(track: Track) -> Iterator[Finding]:
    """Everything says where it stands, and what it names is listed."""
    known = {s.id for s in track.sources}
    said: list[tuple[str, str | None]] = [(f"steps[{s.key}].source", s.source) for s in track.steps]
    said += [(f"{place(t)}.source", t.source) for t in track.transitions]
    said += [(f"{here}.source", gate.source) for here, gate in gates(track)]
    said += [(f"{here}.source", fact.source) for here, fact in facts(track)]
    said += [(f"limits[{limit.key}].source", limit.source) for limit in track.limits if limit.consequence != "none" or limit.source]
    if track.fast_track:
        said.append(("fast_track.source", track.fast_track.source))
    for here, text in said:
        if not text or not text.split():
            yield "source", here, say("没有写明出处")
        for id in (text or "").split():
            if id not in known:
                yield "source", here, say("sources 中没有 {id}", id=id)


def _unknown(value: str, known: Iterable[str]) -> Message:
    return say("不认识 {value}，可用：{known}", value=value, known=list(known))
