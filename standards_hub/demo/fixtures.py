"""The files of the example office, read into values. They are ours, so a fault in them is a programming error and says where."""

import csv
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from standards_hub.committees.values import CommitteeKind, CommitteeLevel, CommitteeState, OrganisationKind, Position, Side
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.lifecycle.values import Kind
from standards_hub.linkage.schemas import NewPlan
from standards_hub.linkage.values import EvidenceKind, Relation, RoleRequired

FOLDER = Path(__file__).parents[2] / "fixtures"
T = TypeVar("T")


class OrganisationLine(Struct, frozen=True, forbid_unknown_fields=True):
    name_zh: str
    name_en: str
    kind: OrganisationKind
    region: str
    exemplar: bool = True


class CommitteeLine(Struct, frozen=True, forbid_unknown_fields=True):
    name_zh: str
    name_en: str
    level: CommitteeLevel
    department: str
    kind: CommitteeKind | None = None
    scope: str | None = None
    ics: str | None = None
    mirrors: str | None = None
    number: str | None = None
    parent: str | None = None
    secretariat: str | None = None
    state: CommitteeState = "active"
    catalogue_ref: str | None = None
    plan: str | None = None
    """What the plan calls it."""
    exemplar: bool = False


class BodyAct(Struct, frozen=True, forbid_unknown_fields=True):
    """A dated act on a committee: on its way, on a seat, or on an interest."""

    committee: str
    act: str
    """One of the way, or `replace` or `interest`."""
    on: date
    said: dict[str, Any] = {}
    """What the act says further; people and organisations by their keys."""


class AccountLine(Struct, frozen=True, forbid_unknown_fields=True):
    """An account; `held` is {role: bodies}, `*` the whole hub; `shown` ones are printed."""

    name: str
    held: dict[str, list[str]]
    person: str | None = None
    shown: bool = False


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    opened_on: date
    """The day the office began to use the hub."""
    ends_on: date
    """The last day on which anything happens."""
    organisations: dict[str, OrganisationLine]
    committees: dict[str, CommitteeLine]
    people: dict[str, tuple[str, str, str]]
    seats: dict[str, dict[Position, list[str]]]
    terms: dict[str, tuple[date, date]]
    """Terms of seats that are not those of the office's opening."""
    sides: dict[str, Side]
    """Whose interest the people of an organisation stand for; the public's where it is not said."""
    bodies: list[BodyAct]
    accounts: dict[str, AccountLine]


class PromiseLine(Struct, frozen=True, forbid_unknown_fields=True):
    level: Level
    count: int
    role: RoleRequired
    text: str
    stage: str = "60.60"
    due: date | None = None
    evidence: list[EvidenceKind] = []
    cause: str = "参编单位调整，起草工作晚于合同计划（示例）。"
    remedy: str = "由承担单位继续推进，按季度报送进度（示例）。"
    """What is said where it is short at the closing."""


class ClaimLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A claim on a standard and what becomes of it; `ruled` is the day on which a contest is decided for it."""

    standard: str
    share: str | None = None
    primary: bool = False
    relation: Relation = "output_of"
    contribution: str | None = None
    becomes: Literal["claimed", "in_review", "verified", "returned", "withdrawn", "revoked"] | None = None
    """Verified where the standard is published and nobody contests it, claimed otherwise, if it is not said."""
    reason: str = ""
    ruled: date | None = None


class Renumbering(Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    no: str


class ProjectLine(Struct, frozen=True, forbid_unknown_fields=True):
    no: str
    title: str
    lead: str
    manager: str
    starts: date
    ends: date
    promises: list[PromiseLine]
    claims: list[ClaimLine]
    partners: list[str] = []
    policy: str | None = None
    terminated: date | None = None
    renumbered: Renumbering | None = None
    suggests: date | None = None
    """The day on which somebody looks for what it may claim."""


class _Projects(Struct, frozen=True, forbid_unknown_fields=True):
    projects: list[ProjectLine]


class DatedAct(Struct, frozen=True):
    """Something that happens on a day beside the way along the track: `ask`, `grant`, `suspend` …, with its words."""

    on: date
    verb: str
    words: str


class Line(Struct, frozen=True, kw_only=True):
    """One standard of the portfolio, as the table has it."""

    key: str
    title_zh: str
    title_en: str
    track: str
    kind: Kind
    fields: list[str]
    committee: str
    units: list[str]
    route: str
    until: str
    on: date
    """The day it reached `until`; for a published standard the day of publication."""
    number: str | None
    options: dict[str, str]
    pins: dict[str, date]
    """Days fixed for other steps."""
    acts: list[DatedAct]

    @property
    def title(self) -> str:
        return f"示例：{self.title_zh}"

    @property
    def drafter(self) -> str | None:
        """The account that drafts it, where one of the example's does."""
        return (self.options["drafter"] or "drafter") if "drafter" in self.options else None

    @property
    def origin(self) -> tuple[str, str] | None:
        """How it comes of another standard, and which: revise, raise, amend or split."""
        verb, _, key = self.options.get("from", "").partition(":")
        return (verb, key) if key else None


def _toml(name: str, kind: type[T]) -> T:
    return msgspec.convert(tomllib.loads((FOLDER / name).read_text(encoding="utf-8")), kind)


@cache
def plan() -> NewPlan:
    return _toml("plan.toml", NewPlan)


@cache
def register() -> Register:
    return _toml("register.toml", Register)


@cache
def scenarios() -> dict[str, dict[str, str]]:
    """The routes by family of tracks and name."""
    return _toml("scenarios.toml", dict[str, dict[str, str]])


@cache
def projects() -> list[ProjectLine]:
    return _toml("projects.toml", _Projects).projects


@cache
def portfolio() -> list[Line]:
    """Every standard, in the order of the file."""
    with (FOLDER / "portfolio.tsv").open(encoding="utf-8", newline="") as file:
        return [_line(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _line(row: dict[str, Any]) -> Line:
    options: dict[str, str] = {}
    pins: dict[str, date] = {}
    acts: list[DatedAct] = []
    for word in filter(None, row["more"].split(";")):
        if word[:4].isdigit():
            on, verb, *words = word.split(" ", 2)
            acts.append(DatedAct(date.fromisoformat(on), verb, "".join(words)))
            continue
        name, _, value = word.partition("=")
        if name == "at":
            step, _, day = value.partition(":")
            pins[step] = date.fromisoformat(day)
        else:
            options[name] = value
    return Line(
        **{name: row[name] for name in ("key", "title_zh", "title_en", "track", "kind", "committee", "route", "until")},
        fields=row["fields"].split(","), units=row["units"].split(","), on=date.fromisoformat(row["on"]), number=row["number"] or None,
        options=options, pins=pins, acts=acts,
    )  # fmt: skip
