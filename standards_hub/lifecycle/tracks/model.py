"""What a track is: steps, the transitions between them with their gates, and the limits that run meanwhile.

A track is data, one TOML file each, with a version; this module only gives the data its types. Every figure that
stems from a rule is a `Fact`: it names its source and says whether somebody checked the official text.
"""

from functools import cached_property
from typing import Literal, get_args

from msgspec import Struct, field
from msgspec.structs import force_setattr

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.stages import PUBLISHED, WITHDRAWN

Level = Literal["local", "industry", "national", "international"]
LEVEL_NAMES: dict[Level, Message] = {
    "local": say("地方标准"),
    "industry": say("行业标准"),
    "national": say("国家标准"),
    "international": say("国际标准"),
}
LEVELS: tuple[str, ...] = get_args(Level)
"""From the lowest to the highest."""
Act = Literal["advance", "return", "repeat", "skip", "fail"]
"""`fail` stays in the same code (trial verification that did not reproduce the indicator)."""
Consequence = Literal["none", "freeze", "lapse", "cancel", "return"]
Unit = Literal["days", "weeks", "months"]
GateKind = Literal["paper", "evidence", "comment_period", "field", "attempts"]


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure of the rules with where it stands; `verified` once a person has read the official text."""

    value: int
    source: str
    verified: bool = False
    note: Name | None = None


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule is written: title of the regulation and article, or where the figure was seen."""

    id: str
    title: str
    note: str | None = None
    english: str | None = None
    """The title in English."""

    @property
    def said(self) -> Name:
        """The title in both languages."""
        return Name(self.title, self.english or self.title)


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of document the dossier may hold: 征求意见稿, 审查会议纪要, 发布公告."""

    key: str
    name: Name


BALLOT_SHEET = Paper("ballot_sheet", Name("签署的表决结果表", "signed result sheet of a ballot"))
"""A kind of paper on every track; no gate asks for it, since the ballot itself is the evidence."""


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a standard can stand. `key` is the code, but for a named step inside a code (trial verification)."""

    code: str
    name: Name
    holder: str
    """The field's role that has to act here, one of `HOLDERS`."""
    key: str = ""
    shown: str = ""
    """What the page shows in place of the code; `25` for trial verification."""
    document: Name | None = None
    """The draft in hand during this step."""
    hint: Name | None = None
    """What is done here, in a sentence."""
    source: str | None = None
    """The ids of the sources that name this step, a space between them."""
    verified: bool = False

    def __post_init__(self) -> None:
        if not self.key:
            force_setattr(self, "key", self.code)
        if not self.shown:
            force_setattr(self, "shown", self.code)


class Gate(Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold before a transition. Which fields are used depends on `kind`.

    `paper`: the dossier holds `paper`. `evidence`: `provider` says so, or one of `papers` is in the dossier; a ballot counts by one of
    `rules` only, by any where none is named.
    `comment_period`: at least `days` calendar days of public comment lie behind; a new one of `papers`, the text that is out, starts
    them anew. `field`: the standard's `field` is set.
    `attempts`: fewer than `most` failures so far, the one at hand counted.
    """

    key: str
    kind: GateKind
    name: Name
    fixer: str
    """Who can put it right, one of `HOLDERS`."""
    source: str
    verified: bool = False
    waivable: bool = False
    paper: str | None = None
    provider: str | None = None
    papers: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    since: str | None = None
    """The earlier step at which the vote is held, where that is not the one that is left."""
    days: Fact | None = None
    most: Fact | None = None
    field: str | None = None
    when: tuple[str, ...] = ()
    """Only for standards of these kinds or with these flags; empty means always. See `CONDITIONS`."""


class Transition(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    act: Act
    from_: str
    to: str
    by: tuple[str, ...]
    """Roles of the hub that may record it."""
    via: str | None = None
    """The harmonized code the decision itself has, such as 40.92, when it is not the code that is entered."""
    name: Name | None = None
    gates: tuple[Gate, ...] = ()
    source: str | None = None
    verified: bool = False


class ExtensionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """How a limit may be lengthened. Absent on a limit: the track grants none."""

    ask_days_before: Fact
    max_months: Fact
    times: Fact


class Limit(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A time limit that starts when `from` is entered and ends when `until` or a later step is reached."""

    key: str
    name: Name
    from_: str
    until: str
    length: Fact
    unit: Unit
    holder: str
    consequence: Consequence = "none"
    return_to: str | None = None
    """The step a `return` consequence leads to."""
    warn_days: tuple[int, ...] = (30, 7, 1)
    extension: ExtensionRule | None = None
    source: str | None = None
    """Where the consequence is written; the length names its own source."""
    verified: bool = False


class FastTrack(Struct, frozen=True, forbid_unknown_fields=True):
    """Which steps may be skipped with a stored reason, and by which kinds of project."""

    skips: tuple[str, ...]
    kinds: tuple[str, ...]
    source: str
    verified: bool = False


class Termination(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may end a project before publication, and on what papers."""

    by: tuple[str, ...]
    gates: tuple[Gate, ...]


class Review(Struct, frozen=True, forbid_unknown_fields=True):
    """The review cycle after publication and the codes of its outcomes."""

    cycle_months: Fact | None
    outcomes: dict[str, str]
    """confirm, revise, amend and withdraw, each with its harmonized code."""


class Track(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    key: str
    version: str
    family: Literal["local", "industry", "national", "iso-iec", "itu-t"]
    level: Level
    name: Name
    authority: Name
    """Who approves and issues; never the department that only funds."""
    sources: tuple[Source, ...]
    papers: tuple[Paper, ...]
    steps: tuple[Step, ...]
    transitions: tuple[Transition, ...]
    limits: tuple[Limit, ...]
    termination: Termination
    review: Review
    profile: str | None = None
    """The ministry whose rule this is, for industry tracks."""
    natures: tuple[str, ...] = ("T",)
    """The natures such a standard may have: mandatory, T or Z; empty for international ones."""
    identifier_families: tuple[str, ...] = ()
    """The families its published number may belong to."""
    number_example: str = ""
    """A number that such a standard has, to show how one is written."""
    fast_track: FastTrack | None = None
    facts: dict[str, Fact] = field(default_factory=dict)
    """Further figures of the rule that no gate or limit uses yet, such as the filing time."""

    @property
    def id(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def first(self) -> Step:
        return self.steps[0]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each step stands in the order of the track, from 0."""
        return {step.key: place for place, step in enumerate(self.steps)}

    def step(self, key: str) -> Step:
        """The step of that key; KeyError if the track has none."""
        return self.steps[self.places[key]]

    def position(self, key: str) -> int:
        """Where a step stands in the order of the track, from 0; KeyError if the track has none."""
        return self.places[key]

    @cached_property
    def _leaving(self) -> dict[str, list[Transition]]:
        return {step.key: [t for t in self.transitions if t.from_ == step.key] for step in self.steps}

    def leaving(self, key: str) -> list[Transition]:
        """The transitions that start at a step, in the order of the file."""
        return self._leaving.get(key, [])

    @cached_property
    def _recorded(self) -> dict[str, list[tuple[str, Transition]]]:
        return {key: [(self._act(t), t) for t in leaving] for key, leaving in self._leaving.items()}

    def recorded(self, key: str) -> list[tuple[str, Transition]]:
        """The same, each with the act that records it: that of its own kind, or the publication, review or withdrawal it is part of."""
        return self._recorded.get(key, [])

    def _act(self, transition: Transition) -> str:
        start = self.step(transition.from_).code
        if transition.to == PUBLISHED and start < PUBLISHED:
            return "publish"
        if transition.to == WITHDRAWN:
            return "withdraw"
        outcomes = self.review.outcomes.values()
        concluded = transition.via in outcomes or transition.to in outcomes or transition.to.startswith("95.")
        return "review" if concluded and start.startswith("90.") else transition.act


HUB_ROLES = ("secretary", "member", "drafter", "project_manager", "lab_staff", "officer", "department", "administrator")
"""Roles that accounts hold in a body. `officer` reports on targets (science department); `department` is the competent
department (归口/主管部门) that decides extensions and approvals."""

HOLDERS: dict[str, Name] = {
    "proposer": Name("提出单位", "proposer"),
    "lead_drafter": Name("第一起草单位", "lead drafter"),
    "drafting_group": Name("起草组", "drafting group"),
    "verifier": Name("验证单位", "verification body"),
    "secretariat": Name("秘书处", "secretariat"),
    "committee": Name("标准化技术委员会", "technical committee"),
    "department": Name("归口主管部门", "competent department"),
    "authority": Name("批准发布机关", "issuing authority"),
    "national_body": Name("国内技术对口单位", "national mirror body"),
    "working_group": Name("国际工作组", "international working group"),
    "central_office": Name("国际组织秘书处", "central secretariat"),
}

CONDITIONS = ("new", "revision", "amendment", "adoption", "mandatory", "patent", "measurable")
"""What `Gate.when` may name: the kind of project, a mandatory nature, patents disclosed, measurable indicators."""

GATE_FIELDS = ("plan_number", "committee", "lead_drafter", "number", "published_on", "effective_on", "parent", "leader")
"""What a `field` gate may ask for."""

FIELD_NAMES: dict[str, Name] = {
    "plan_number": Name("计划号", "plan number"),
    "committee": Name("归口标委会", "committee in charge"),
    "lead_drafter": Name("第一起草单位", "lead drafter"),
    "number": Name("标准编号", "standard number"),
    "published_on": Name("发布日期", "date of publication"),
    "effective_on": Name("实施日期", "date of effect"),
    "parent": Name("所采用的国际标准", "international standard adopted"),
    "leader": Name("项目负责人", "project leader"),
}

PROVIDERS = ("ballots", "comments", "verification", "documents")
