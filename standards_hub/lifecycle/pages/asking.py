"""What each act asks for: the parts of its form, what they offer, and how the form becomes the Struct of the act."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.forms import NAME, Form
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import claimants, repository
from standards_hub.lifecycle.acts import Act, Pending, choices, why_not
from standards_hub.lifecycle.gates import GateState
from standards_hub.lifecycle.pages import picking
from standards_hub.lifecycle.relations import KINDS
from standards_hub.lifecycle.schemas import Merge, Move, PaperIn, RelationIn, ReviewConclusion
from standards_hub.lifecycle.services import ending, moving
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import Patch, Standard
from standards_hub.lifecycle.wording import FACT_NAMES

PARTS: dict[str, tuple[str, ...]] = {
    "advance": ("ways", "gates"),
    "publish": ("publication", "gates"),
    "review": ("ways", "reason", "day", "gates"),
    "withdraw": ("reason", "day", "gates"),
    "skip": ("ways", "reason", "gates"),
    "fail": ("ways", "reason", "gates"),
    "repeat": ("ways", "reason", "gates"),
    "return": ("ways", "reason", "gates"),
    "elsewhere": ("ways", "past", "reason", "gates"),
    "extension": ("extension",),
    "extension-decision": ("decision", "day"),
    "suspend": ("reason", "day"),
    "resume": ("reason", "day"),
    "raise": ("higher", "titles", "day"),
    "revise": ("titles", "day"),
    "amend": ("titles", "day"),
    "edit": ("facts",),
    "team": ("team",),
    "plan-number": ("plan_number", "day"),
    "relate": ("ways", "target", "relation"),
    "replace": ("target",),
    "unrelate": ("relations", "reason"),
    "track": ("version", "reason"),
    "split": ("parts", "reason", "day", "gates"),
    "merge": ("target", "reason", "day", "gates"),
    "terminate": ("reason", "day", "gates"),
}
"""The parts of each form, in order; each is a template in `acts/parts/`."""
FIELDS: dict[str, tuple[str, ...]] = {
    "reason": ("reason",),
    "day": ("on",),
    "past": ("on",),
    "publication": ("number", "published_on", "effective_on", "approved_on"),
    "extension": ("months", "reason", "limit", "override"),
    "decision": ("granted", "decision", "months"),
    "titles": ("title_zh", "title_en"),
    "higher": ("track", "committee_id"),
    "plan_number": ("number",),
    "relation": ("degree", "edition", "override"),
    "target": ("target_q", "part"),
    "relations": ("relation",),
    "version": ("track",),
}
"""Names of fields by part, for the links of a summary of errors; parts with many fields name them as they are sent."""
PLACEHOLDERS = ("reason", "decision")
"""Words that change nothing of what an act does; a preview does without them."""
FIELD_NAMES: dict[str, Message] = {
    **FACT_NAMES,
    "reason": say("理由"),
    "on": say("办理日期"),
    "months": say("延长几个月"),
    "granted": say("决定"),
    "decision": say("决定的文号或内容"),
    "into": say("并入哪个项目"),
    "relation": say("撤销哪条关系"),
    "track": say("轨道"),
    "degree": say("一致性程度"),
    "step": say("现处步骤"),
    "edition": say("所采用的版本"),
    "part": say("代替的部分"),
    "override": say("仍予办理的理由"),
    "waivers": say("豁免的理由"),
    "reference": say("材料的文号或网址"),
    "dated": say("材料日期"),
    "parts": say("拆分成的项目"),
}
"""What a field is called where it is said to be missing, or what is wrong with it, away from its place in the form."""
CALLED: dict[str, dict[str, Message]] = {"plan-number": {"number": FACT_NAMES["plan_number"]}}
"""What a field is called in one act and not in the others."""
GIVEN_AT_PUBLICATION = ("number", "published_on", "effective_on")
FIXES: dict[str, str] = {"plan_number": "plan-number", "committee": "edit", "leader": "edit", "lead_drafter": "team", "parent": "relate"}
"""The act that gives what a gate asks for as a fact of the standard."""
MOVE_NAMES: dict[str, Message] = {
    "advance": say("推进"),
    "return": say("退回"),
    "repeat": say("重复"),
    "skip": say("跳过"),
    "fail": say("验证未通过"),
}
OUTCOME_NAMES: dict[str, Message] = {
    "confirm": say("继续有效"),
    "revise": say("修订"),
    "amend": say("修改"),
    "withdraw": say("废止"),
}
RELATIONS = ("references", "adopts", "derived_from", "twin", "reuses", "revises", "amends")
"""The relations that are said by themselves; replacing has a form of its own, the others come of splitting and merging."""
WAY_FIELDS = {"review": "outcome", "relate": "kind"}
"""What the choice of a way is called where it is a field of the Struct."""
WITH_REASON = {"elsewhere": ("return", "repeat", "skip", "fail")}
"""Where only some ways want a reason."""


class Choice(Struct, frozen=True):
    """One of the ways that an act may take, with the gates on it."""

    value: str
    name: Message | Name
    gates: list[GateState]


class Asked(Struct):
    """A form of an act: what it stands on, what it offers, and what is in the way."""

    act: Act
    standard: Standard
    track: Track
    parts: tuple[str, ...]
    ways: list[Choice]
    chosen: Choice | None
    gates: list[GateState]
    why_not: Message | None
    fields_of_gates: dict[str, str]

    @property
    def papers(self) -> list[tuple[str, Name]]:
        """The kinds of papers of the track with their names."""
        return [(paper.key, paper.name) for paper in self.track.papers]

    @property
    def way_field(self) -> str:
        return WAY_FIELDS.get(self.act.key, "way")

    @property
    def reason_wanted(self) -> bool:
        """Whether it cannot be done without a reason."""
        some = WITH_REASON.get(self.act.key)
        return some is None or (self.chosen is not None and self.chosen.value.partition(":")[0] in some)

    @property
    def names(self) -> list[str]:
        """The fields of the form, for the links of a summary."""
        each = ("gates[{}]", "waivers[{}]", "papers[{}][reference]")  # a gate is told of where it stands: only some may be waived
        gates = [name.format(gate.gate) for gate in self.gates for name in each if not gate.met]
        return [name for part in self.parts for name in FIELDS.get(part, ())] + gates


def field_names(act: Act) -> dict[str, Message]:
    """What the fields of an act are called."""
    return {**FIELD_NAMES, **CALLED.get(act.key, {})}


def day_of(form: Form) -> date | None:
    """The day in a form, if it is one."""
    for name in ("on", "published_on"):
        try:
            return date.fromisoformat(form.text(name))
        except ValueError:
            continue
    return None


async def asked(work: Work, act: Act, standard: Standard, form: Form) -> Asked:
    """What the form of an act shows for a standard, with what is typed already."""
    track, on = track_of(standard.track), day_of(form) or work.today
    on = max(min(on, work.today), standard.step_entered_on)
    ways = await _ways(work, act, standard, track, on)
    wanted = form.text(WAY_FIELDS.get(act.key, "way")) or f":{form.text('to')}"
    chosen = next((way for way in ways if way.value.endswith(wanted)), ways[0] if ways else None)
    gates = chosen.gates if chosen else []
    if "gates" in PARTS[act.key] and not act.moves:
        gates = await ending.checklist(work, standard, on)
    rules = [gate for t in track.transitions for gate in t.gates]
    fields = {gate.key: gate.field for gate in rules if gate.field}
    if act.key == "publish":
        gates = [gate for gate in gates if fields.get(gate.gate) not in GIVEN_AT_PUBLICATION]
    waits = await pending(work, standard.id)
    why = why_not(act, standard, track, work.actor, pending=waits, scope=await claimants.scope(work, standard))
    return Asked(act, standard, track, PARTS[act.key], ways, chosen, gates, why, fields)


async def pending(work: Work, id: UUID) -> Pending:
    """What of a standard's limits and extensions acts on time depend on."""
    return Pending.of(await repository.deadlines(work.connection, id), await repository.extensions(work.connection, id))


async def _ways(work: Work, act: Act, standard: Standard, track: Track, on: date) -> list[Choice]:
    if act.key == "relate":
        return [Choice(kind, KINDS[kind], []) for kind in RELATIONS]
    if not act.moves:
        return []
    own = {(t.act, t.to, t.via) for t in choices(act, standard, track)}
    found = [way for way in await moving.ways(work, standard, on=on) if (way.act, way.to, way.via) in own]
    if act.key == "review":
        made = []
        for outcome in track.review.outcomes:
            led = [(t.act, t.to, t.via) for t in moving.concluding(track, standard.step, outcome)]
            made += [Choice(outcome, OUTCOME_NAMES[outcome], way.gates) for way in found if (way.act, way.to, way.via) in led][:1]
        return made
    several = len({way.act for way in found}) > 1
    return [Choice(f"{way.act}:{way.to}", _called(way, several), way.gates) for way in found]


def _called(way: moving.Way, several: bool) -> Message | Name:
    name = way.name or way.to_name
    return say("{act}：{name}", act=MOVE_NAMES[way.act], name=name) if several else name


async def given(work: Work, act: Act, form: Form, found: Asked, *, rehearsed: bool = False) -> Any:
    """The form as the Struct that the act takes. `rehearsed`: only to look ahead, so nothing is stored and words may be missing."""
    if "past" in found.parts and not rehearsed and not form.text("on").strip():
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("required", say("请填写"), "on")])
    papers = {"papers": _papers(work, form, rehearsed)} if "gates" in found.parts else {}
    fixed = _fixed(act, form, found)
    if rehearsed:
        fixed |= {name: "……" for name in PLACEHOLDERS if not form.text(name).strip()}
    typed = await picking.resolved(work, picking.ranked(form))
    whole = Form({**typed.fields, **{name: [value] for name, value in fixed.items()}})
    return whole.into(act.takes, blank="clear" if act.takes is Patch else "drop", **papers)


def _fixed(act: Act, form: Form, found: Asked) -> dict[str, str]:
    """What the act and its way settle, without being asked for."""
    kind, _, key = form.text("target").partition(":")
    way = found.chosen.value if found.chosen else ""
    if act.takes is Move:
        return {"act": way.partition(":")[0] or act.key, "to": way.partition(":")[2], "elsewhere": str(int(act.key == "elsewhere"))}
    if act.takes is ReviewConclusion:
        return {"outcome": way, "elsewhere": str(int(bool(form.text("on"))))}
    if act.takes is Merge:
        return {"into": key if kind == "standard" else ""}
    if act.takes is RelationIn:
        name = {"standard": "target_id", "catalogue": "catalogue_id", "identifier": "identifier"}.get(kind)
        return {"kind": way or "replaces", **({name: key} if name else {})}
    return {}


async def keep(work: Work, act: Act, form: Form) -> None:
    """Store the files that come with an act, and keep their hashes in the form: they need not be sent again if it is refused or to be confirmed.

    They are the one thing that stays of what was refused, for whoever may do the act, and the rows of `uploads` tell who sent them when.
    """
    work.actor.require(act.permission)
    for name in [name for name in form.files if name.startswith("papers[")]:
        place, file = name.removesuffix("[file]"), form.files.pop(name)[0]
        called = clean_text(file.filename, ".".join(NAME.findall(name)))
        digest = await uploads.keep(work, await file.read(work.files.most_bytes + 1))
        form.fields[f"{place}[sha256]"], form.fields[f"{place}[filename]"] = [digest], [called]


def _papers(work: Work, form: Form, rehearsed: bool) -> list[dict[str, str]]:
    """The papers that come with the act: those with a file or a reference."""
    found = []
    files = [name.removeprefix("papers[").partition("]")[0] for name in form.files if name.startswith("papers[")]
    for row in dict.fromkeys([*form.rows("papers"), *files]):
        place = f"papers[{row}]"
        file = form.file(f"{place}[file]")
        paper = {name: typed for name in PaperIn.__struct_fields__ if (typed := form.text(f"{place}[{name}]").strip())}
        if file and rehearsed:
            paper["reference"] = file.filename
        if "sha256" in paper or "reference" in paper:
            found.append({"dated": (day_of(form) or work.today).isoformat(), **paper})
    return found


def first(act: Act, standard: Standard, today: date) -> Form:
    """A form as it is opened: what the act starts from."""
    if act.key == "edit":
        return Form.holding({name: getattr(standard, name) for name in Patch.__struct_fields__})
    if act.key in ("revise", "raise"):
        return Form.holding({"title_zh": standard.title_zh, "title_en": standard.title_en})
    if act.key == "publish":
        return Form.holding({"published_on": today, "effective_on": today})
    return Form()
