"""How each act of the example office is done: through the services, as the account whose turn it is, on its day."""

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from standards_hub.demo import bodies, comments, fixtures, projects
from standards_hub.demo import cast as casting
from standards_hub.demo.cast import Cast
from standards_hub.demo.fixtures import DatedAct, Line
from standards_hub.demo.papers import paper as example_paper
from standards_hub.demo.schedule import Arrival
from standards_hub.demo.timeline import Deed
from standards_hub.kernel import uploads
from standards_hub.kernel.clock import Clock, due_day
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.gates import GateState
from standards_hub.lifecycle.schemas import (
    Because,
    Ending,
    Entry,
    ExtensionDecision,
    ExtensionRequest,
    Merge,
    Move,
    PaperIn,
    Part,
    PlanNumberIn,
    Proposal,
    Publication,
    RelationIn,
    ReviewConclusion,
    Split,
    Successor,
    Team,
)
from standards_hub.lifecycle.services import dossier, ending, facts, moving, reading, relating, timing
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch

REASONS = {
    "fail": "关键指标在第二实验室未能复现，修改试验条件后重新验证",
    "repeat": "技术内容有较大变化，按程序再次办理",
    "return": "材料和技术内容需补充完善，退回修改",
    "skip": "采用国际标准且技术成熟，按快速程序省略起草阶段",
}
ELSEWHERE = ("10.20", "50.20", "60.00")
"""Steps whose next move is made on an official platform and recorded here."""
EFFECT_AFTER = {"local": (1, "months"), "industry": (3, "months"), "national": (6, "months"), "international": (0, "days")}
APPROVED_BEFORE = timedelta(days=9)
INDUSTRY_CODES = {
    "industry-miit": "SJ", "industry-transport": "JT", "industry-broadcasting": "GY", "industry-natural-resources": "TD",
    "industry-health": "WS", "industry-general": "YY",
}  # fmt: skip


def number_of(line: Line, on: date) -> str:
    """The number of the announcement. Serial numbers from 99001 up are free in every series, so no real standard is meant."""
    if line.number is None:
        raise ValueError(f"{line.key} is published without a number")
    if line.number.startswith("ITU"):
        return line.number
    return f"{line.number}{':' if line.track.startswith('iso') else '-'}{on.year}"


def plan_number_of(line: Line, on: date) -> str:
    """A plan number in the grammar of its level; serial numbers from 9000 up are not reached in any year."""
    serial = f"{[one.key for one in fixtures.portfolio()].index(line.key) + 1:03}"
    if line.track.startswith("national"):
        return f"{on.year}9{serial}-{'Q' if line.track == 'national-gb' else 'T'}-469"
    if line.track.startswith("industry"):
        code = line.number[:2] if line.number else INDUSTRY_CODES[line.track]
        return f"{on.year}-9{serial}T-{code}"
    return f"示例〔{on.year}〕{serial}号"


class Office:
    """The hub, and who is there."""

    def __init__(self, hub: Hub, cast: Cast) -> None:
        self.hub = hub
        self.cast = cast
        self._sent: list[bytes] = []

    def on_day(self, day: date) -> Hub:
        return Hub(self.hub.database, self.hub.files, Clock(day))

    async def act(self, day: date, login: str, task: Callable[[Work], Coroutine[Any, Any, Any]]) -> Any:
        """One committed piece of work of an account."""
        async with self.on_day(day).work(self.cast.actor(login)) as work:
            while self._sent:
                await uploads.keep(work, self._sent.pop())
            result = await task(work)
            await work.commit()
        return result

    def _paper(self, track: Track, line: Line, kind: str, on: date) -> PaperIn:
        """An example paper, whose file the next who acts sends."""
        given, content = example_paper(track, line, kind, on)
        if content is not None:
            self._sent.append(content)
        return given

    async def do(self, deed: Deed) -> None:
        """Do one act of the timeline."""
        project, line = deed.project, deed.line
        if happened := deed.body:
            await self.act(deed.on, "duty", lambda work: bodies.do(work, self.cast, happened))
            return
        if project is not None:
            await projects.do(self, deed, project)
        elif line is not None:
            await self._of_standard(deed, line)

    async def _of_standard(self, deed: Deed, line: Line) -> None:
        if deed.what == "enter":
            await self._enter(deed, line)
        elif deed.what == "begin":
            await (self._succeed(deed, line) if line.origin else self._propose(deed, line))
        elif deed.arrival:
            await self._move(deed, line, deed.arrival)
        elif deed.act:
            await self._beside(deed, line, deed.act)
        if deed.what in ("enter", "begin"):
            await self._appoint(deed.on, line)

    async def _appoint(self, day: date, line: Line) -> None:
        """Let the account that drafts a standard act for it."""
        if login := line.drafter:
            body = ("standard", str(self.cast.standards[line.key]))
            await self.act(day, "admin", lambda work: casting.grant(work, self.cast, login, "drafter", body))

    def _facts(self, line: Line) -> Patch:
        known, options = fixtures.register().organisations, line.options
        home = next((known[u].region for u in line.units if known[u].region.startswith("32")), None)
        leader = next((key for key, person in fixtures.register().people.items() if person[2] in line.units), "p01")
        level = newest(line.track).level
        nature = None if level == "international" else "mandatory" if line.track == "national-gb" else "T"
        return Patch(
            title_zh=line.title, title_en=f"Example: {line.title_en}", scope="示例数据，仅供演示，不反映任何单位的实际工作。",
            nature=nature, document_type=options.get("type", "IS"), committee_id=self.cast.committees[line.committee],
            department_id=self.cast.organisations[self.cast.department(line)], leader_id=self.cast.people[leader], region=home,
            plan_key=None if "unplanned" in options else fixtures.plan().key, primary_field=line.fields[0], fields=line.fields,
            fills_gap="fills" in options, stricter="stricter" in options, drafters_not_named="unnamed" in options,
            international_role=options.get("role"),
        )  # fmt: skip

    def _team(self, line: Line) -> tuple[list[DraftingUnit], list[Drafter]]:
        ranked = "unnamed" not in line.options
        units = [DraftingUnit(self.cast.organisations[key], n if ranked else None) for n, key in enumerate(line.units, 1)]
        people = [key for unit in line.units for key, person in fixtures.register().people.items() if person[2] == unit]
        return units, [Drafter(self.cast.people[key], n if ranked else None) for n, key in enumerate(people[:4], 1)]

    async def _enter(self, deed: Deed, line: Line) -> None:
        """Take in what was under way, or done, before the office began to use the hub."""
        track, days = newest(line.track), {arrival.step: arrival.on for arrival in _forward(newest(line.track), deed.past)}
        step = deed.past[-1].step
        published = next((days[s] for s in ("60.00", "60.60") if s in days), None) if track.step(step).code >= "60.60" else None
        papers = [] if published is None or "nopapers" in line.options else [
            self._paper(track, line, kind, published) for kind in ("publication_notice", "published_text")
            if kind in {p.key for p in track.papers}
        ]  # fmt: skip
        units, people = self._team(line)
        entry = Entry(
            track=line.track, kind=line.kind, facts=self._facts(line), drafting_units=units, drafters=people, exemplar=True, step=step,
            dates=days, plan_number=plan_number_of(line, days["20.00"]) if "20.00" in days and track.level != "international" else None,
            number=number_of(line, published) if published else None, published_on=published,
            effective_on=effect_of(track, published) if published else None, papers=papers,
        )  # fmt: skip
        made = await self.act(deed.on, "officer", lambda work: facts.enter(work, entry))
        self.cast.standards[line.key] = made.id

    async def _propose(self, deed: Deed, line: Line) -> None:
        units, people = self._team(line)
        proposal = Proposal(track=line.track, kind=line.kind, facts=self._facts(line), drafting_units=units, drafters=people, exemplar=True)

        async def task(work: Work) -> UUID:
            made = await facts.propose(work, proposal)
            for given in _relations(line):
                await relating.relate(work, made.id, given)
            return made.id

        self.cast.standards[line.key] = await self.act(deed.on, self.cast.secretary(line), task)

    async def _succeed(self, deed: Deed, line: Line) -> None:
        """Begin a project that comes of another standard: its revision, its amendment, or the same on a higher level."""
        verb, key = line.origin or ("", "")
        old, begin = self.cast.standards[key], {"revise": relating.revise, "raise": relating.raise_level, "amend": relating.amend}[verb]
        given = Successor(track=line.track if verb == "raise" else None, title_zh=line.title, title_en=f"Example: {line.title_en}")
        made = await self.act(deed.on, "duty", lambda work: begin(work, old, given))
        self.cast.standards[line.key] = made.id
        units, people = self._team(line)

        async def complete(work: Work) -> None:
            await facts.edit(work, made.id, self._facts(line))
            await facts.set_team(work, made.id, Team(drafting_units=units, drafters=people))

        await self.act(deed.on, "officer", complete)

    async def _move(self, deed: Deed, line: Line, arrival: Arrival) -> None:
        transition, track, id = arrival.transition, newest(line.track), self.cast.standards[line.key]
        if transition is None:
            return
        login = self.cast.mover(line, transition.from_, transition)
        async with self.on_day(deed.on).reading(self.cast.actor(login)) as reader:
            way = next(w for w in await reading.readiness(reader, id, on=arrival.on) if (w.act, w.to) == (transition.act, transition.to))
        waived, _, why = line.options.get("waive", "").partition(":")
        waivers = {waived: why} if any(state.gate == waived for state in way.unmet) else {}
        login = "duty" if waivers else login
        papers = [self._paper(track, line, state.paper, arrival.on) for state in way.unmet if state.paper and state.gate not in waivers]
        drafts = login == line.drafter
        if drafts and papers:
            await self._submit(deed.on, line, login, papers)
            papers = []
        elsewhere = not drafts and (deed.on > arrival.on or transition.from_ in ELSEWHERE or track.level == "international")
        given = Move(
            act=transition.act, to=transition.to, on=arrival.on, elsewhere=elsewhere, reason=REASONS.get(transition.act), papers=papers,
            waivers=waivers,
        )  # fmt: skip

        async def task(work: Work) -> None:
            if transition.to == "60.60" and track.level == "international":
                publication = Publication(
                    number=number_of(line, arrival.on), published_on=arrival.on, effective_on=arrival.on, papers=papers
                )
                await moving.publish(work, id, publication)
                return
            await self._fields(work, line, track, way.unmet, arrival)
            if transition.from_ == "90.60" and transition.to == "95.20":
                conclusion = ReviewConclusion(outcome="withdraw", reason="技术内容已由后续标准覆盖，建议废止", on=arrival.on, papers=papers)
                await moving.conclude_review(work, id, conclusion)
            elif transition.to == "95.99":
                await moving.move(work, id, replace(given, reason="公告废止（示例）"))
            else:
                await moving.move(work, id, given)

        await self.act(deed.on, login, task)

    async def _fields(self, work: Work, line: Line, track: Track, unmet: list[GateState], arrival: Arrival) -> None:
        """Fill in what gates ask for that is no paper: the plan number, the number and its dates."""
        gates = {gate.key: gate.field for gate in arrival.transition.gates} if arrival.transition else {}
        wanted = {gates.get(state.gate) for state in unmet if not state.paper}
        id = self.cast.standards[line.key]
        if "plan_number" in wanted:
            await facts.give_plan_number(work, id, PlanNumberIn(number=plan_number_of(line, arrival.on), on=arrival.on))
        announced = track.level != "international" and arrival.step == "60.00"
        if announced or wanted & {"number", "published_on", "effective_on"}:
            standard = await repository.standard(work.connection, id, lock=True)
            work.actor.require("standard.publish", standard)
            await facts.give_number(work, standard, Publication(
                number=number_of(line, arrival.on), published_on=arrival.on, effective_on=effect_of(track, arrival.on),
                approved_on=max(arrival.on - APPROVED_BEFORE, standard.step_entered_on),
            ))  # fmt: skip

    async def _submit(self, day: date, line: Line, drafter: str, papers: list[PaperIn]) -> None:
        """The drafter hands papers in, and the secretary accepts them."""
        id = self.cast.standards[line.key]

        async def hand_in(work: Work) -> list[UUID]:
            return [await dossier.add_paper(work, id, given) for given in papers]

        async def accept(work: Work) -> None:
            for one in handed:
                await dossier.accept_paper(work, one)

        handed: list[UUID] = await self.act(day, drafter, hand_in)
        await self.act(day, self.cast.secretary(line), accept)

    async def _beside(self, deed: Deed, line: Line, act: DatedAct) -> None:
        """An act beside the way along the track, by its verb."""
        cast, id, day = self.cast, self.cast.standards[line.key], deed.on
        secretary, department = cast.secretary(line), cast.department_login(line)
        first, _, rest = act.words.partition(" ")
        track = newest(line.track)
        if act.verb in ("ask", "late"):
            reason, _, override = rest.partition(" ")
            asked = ExtensionRequest(months=int(first), reason=reason, override=override or None)
            await self.act(day, "duty" if act.verb == "late" else secretary, lambda work: timing.ask_extension(work, id, asked))
        elif act.verb in ("grant", "refuse"):
            decided = ExtensionDecision(granted=act.verb == "grant", decision=act.words)
            await self.act(day, department, lambda work: timing.decide_extension(work, id, decided))
        elif act.verb in ("suspend", "resume"):
            change = timing.suspend if act.verb == "suspend" else timing.resume
            await self.act(day, secretary, lambda work: change(work, id, Because(reason=act.words)))
        elif act.verb == "submit":
            sent = self._paper(track, line, first, day)
            await self.act(day, line.drafter or secretary, lambda work: dossier.add_paper(work, id, sent))
        elif act.verb in comments.VERBS:
            login = "duty" if act.verb == "remark" else secretary
            await self.act(day, login, lambda work: comments.act(work, id, act.verb, act.words))
        elif act.verb == "renumber":
            await self.act(day, secretary, lambda work: facts.give_plan_number(work, id, PlanNumberIn(number=first)))
        elif act.verb == "conclude":
            given = ReviewConclusion(outcome=first, reason=rest)  # type: ignore[arg-type]
            await self.act(day, department, lambda work: moving.conclude_review(work, id, given))
        else:
            await self._end(deed, line, act)

    async def _end(self, deed: Deed, line: Line, act: DatedAct) -> None:
        cast, id, department = self.cast, self.cast.standards[line.key], self.cast.department_login(line)
        first, _, rest = act.words.partition(" ")
        papers = [self._paper(newest(line.track), line, "termination_decision", deed.on)]
        if act.verb == "terminate":
            await self.act(deed.on, department, lambda work: ending.terminate(work, id, Ending(reason=act.words, papers=papers)))
        elif act.verb == "merge":
            into = Merge(into=cast.standards[first], reason=rest, papers=papers)
            await self.act(deed.on, department, lambda work: ending.merge(work, id, into))
        elif act.verb == "split":
            lines = [one for one in fixtures.portfolio() if one.key in first.split(",")]
            parts = [
                Part(title_zh=one.title, title_en=f"Example: {one.title_en}", plan_number=plan_number_of(one, deed.on)) for one in lines
            ]
            given = Split(reason=rest, papers=papers, parts=parts)
            made = await self.act(deed.on, department, lambda work: ending.split(work, id, given))
            cast.standards.update({one.key: standard.id for one, standard in zip(lines, made, strict=True)})
            for one in lines:
                await self._appoint(deed.on, one)
        else:
            raise ValueError(f"{line.key}: no act {act.verb}")


def _relations(line: Line) -> list[RelationIn]:
    found = []
    if adopted := line.options.get("adopts"):
        identifier, _, degree = adopted.rpartition(" ")
        found.append(RelationIn(kind="adopts", identifier=identifier, degree=degree, edition=identifier.rpartition(":")[2]))  # type: ignore[arg-type]
    if referred := line.options.get("references"):
        found.append(RelationIn(kind="references", identifier=referred))
    return found


def _forward(track: Track, past: tuple[Arrival, ...]) -> list[Arrival]:
    """The last way forward of a past that may have gone back: what a register of days can still say."""
    kept: list[Arrival] = []
    for arrival in past:
        kept = [one for one in kept if track.position(one.step) < track.position(arrival.step)] + [arrival]
    return kept


def effect_of(track: Track, published: date) -> date:
    """The day a standard takes effect in the example."""
    length, unit = EFFECT_AFTER[track.level]
    return due_day(published, length, unit)  # type: ignore[arg-type]
