"""What a list of standards is asked for, as it stands in the address bar: conditions, columns and order. Pure.

An address is read into a `Query` and written from one, so that a chip is a link to the same address without one condition, and a
saved view is nothing but the text after the question mark.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.columns import COLUMNS, USUAL
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.services.moving import KIND_NAMES, STATUS_NAMES
from standards_hub.lifecycle.stages import STAGE_NAMES, STAGES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES

Sort = Literal["moved", "due", "number"]
MOST_VALUES = 50
LONGEST = 200


class Facet(Struct, frozen=True):
    """A condition that a list may be narrowed by."""

    name: Message
    kind: Literal["words", "choice", "id", "flag", "only", "day"]
    """`only` is a flag that says nothing when it is off."""
    many: bool = False
    inside: bool = False
    """Only for those who are signed in."""


FACETS: dict[str, Facet] = {
    "q": Facet(say("字词或编号"), "words"),
    "level": Facet(say("层级"), "choice", many=True),
    "stage": Facet(say("阶段"), "choice", many=True),
    "step": Facet(say("步骤"), "choice", many=True),
    "status": Facet(say("状态"), "choice", many=True),
    "kind": Facet(say("类型"), "choice", many=True),
    "track": Facet(say("轨道"), "choice", many=True),
    "plan": Facet(say("考核计划"), "choice"),
    "field": Facet(say("领域"), "choice", many=True),
    "region": Facet(say("区域"), "choice", many=True),
    "committee": Facet(say("委员会"), "id", many=True),
    "fills_gap": Facet(say("填补空白"), "flag"),
    "stricter": Facet(say("高于国家标准"), "flag"),
    "published_from": Facet(say("发布日期不早于"), "day"),
    "published_to": Facet(say("发布日期不晚于"), "day"),
    "overdue": Facet(say("只看逾期"), "only", inside=True),
}
SORTS: dict[Sort, Message] = {"moved": say("最近变动在前"), "due": say("期限近者在前"), "number": say("按标准编号")}
INSIDE_SORTS: tuple[Sort, ...] = ("due",)
TRUE, FALSE = ("true", "1", "on", "yes"), ("false", "0", "off", "no")
TRIAL = "verification"
"""The named step of trial verification, inside the harmonized code 20.20."""


class Query(Struct, frozen=True):
    """What is asked for. `values` holds texts by condition, in the order of `FACETS`, each in one writing."""

    values: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    columns: tuple[str, ...] = ()
    """The columns chosen; none means the usual ones."""
    sort: Sort = "moved"

    def text(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address."""
        made = [(name, value) for name, values in self.values.items() for value in values]
        if self.columns:
            made.append(("columns", ",".join(self.columns)))
        if self.sort != "moved":
            made.append(("sort", self.sort))
        return made

    def __str__(self) -> str:
        return urlencode(self.pairs(), safe=",", quote_via=quote)

    def url(self, path: str = "/standards", **more: str | None) -> str:
        """The address; what asks for nothing says `all=1`, lest one's usual view comes instead."""
        pairs = [*self.pairs(), *((name, value) for name, value in more.items() if value)]
        return f"{path}?{urlencode(pairs or [('all', '1')], safe=',', quote_via=quote)}"

    def without(self, name: str, value: str | None = None) -> "Query":
        """With one value of a condition less, or without the condition."""
        kept = tuple(v for v in self.values.get(name, ()) if value is not None and v != value)
        return self._with(name, kept)

    def having(self, name: str, value: str) -> "Query":
        """With one value more, or another where there can be one only."""
        there = self.values.get(name, ()) if FACETS[name].many else ()
        return self._with(name, tuple(sorted({*there, value})))

    def _with(self, name: str, values: tuple[str, ...]) -> "Query":
        every = {**self.values, name: values}
        return replace(self, values={name: every[name] for name in FACETS if every.get(name)})

    def ordered(self, sort: Sort) -> "Query":
        """The same in another order."""
        return replace(self, sort=sort)

    @property
    def bare(self) -> "Query":
        """The same columns and order without any condition."""
        return replace(self, values={})

    def filter(self, today: date, ids: tuple[UUID, ...] | None) -> Filter:
        """The conditions as queries take them; `ids` are what the words were found in."""
        value = self.values.get
        flags = {name: self.text(name) == "true" for name in ("fills_gap", "stricter") if name in self.values}
        days = {name: date.fromisoformat(self.text(name)) for name in ("published_from", "published_to") if name in self.values}
        return Filter(
            level=value("level", ()), stage=value("stage", ()), step=value("step", ()), status=value("status", ()), kind=value("kind", ()),
            track=value("track", ()), plan=self.text("plan") or None, field=value("field", ()), region=value("region", ()),
            committee=tuple(UUID(one) for one in value("committee", ())), fills_gap=flags.get("fills_gap"), stricter=flags.get("stricter"),
            published_from=days.get("published_from"), published_to=days.get("published_to"),
            overdue_on=today if "overdue" in self.values else None, ids=ids,
        )  # fmt: skip


def read(pairs: Iterable[tuple[str, str]]) -> Query:
    """The parameters of an address; blank ones say nothing. Raises `BadInput` naming each that cannot be read."""
    found: dict[str, set[str]] = {}
    columns: list[str] = []
    sort: Sort = "moved"
    unmet: list[Unmet] = []
    for name, raw in pairs:
        value = " ".join(raw.split())
        if not value:
            continue
        if name == "columns":
            columns += value.split(",")
        elif name == "sort":
            chosen = next((one for one in SORTS if one == value), None)
            if chosen is None:
                unmet.append(Unmet("sort", say("顺序只能是 {sorts}", sorts=list(SORTS)), name))
            sort = chosen or sort
        elif facet := FACETS.get(name):
            try:
                written = _written(facet, value)
            except ValueError:
                unmet.append(
                    Unmet(
                        "invalid", say("“{name}”不能是“{value}”，{mend}", name=facet.name, value=value[:40], mend=MENDS[facet.kind]), name
                    )
                )
                continue
            if written:
                found[name] = {*found.get(name, ()), written} if facet.many else {written}
                if len(found[name]) > MOST_VALUES:
                    unmet.append(Unmet("many", say("“{name}”至多 {most} 项", name=facet.name, most=MOST_VALUES), name))
    strange = [name for name in columns if name not in COLUMNS]
    if strange:
        unmet.append(Unmet("columns", say("没有这一列：{names}", names=strange[:5]), "columns"))
    if unmet:
        raise BadInput(say("筛选条件有误，请修改网址或重新选择"), unmet=unmet)
    kept = tuple(name for name in COLUMNS if name in columns)
    values = {name: tuple(sorted(found[name])) for name in FACETS if name in found}
    return Query(values, () if kept == USUAL else kept, sort)


MENDS: dict[str, Message] = {
    "words": say("请缩短到 200 字以内"),
    "choice": say("请缩短到 200 字以内"),
    "id": say("请从列表中选择"),
    "flag": say("请写 true 或 false"),
    "only": say("请写 true 或 false"),
    "day": say("请写成 2026-11-24 这样的日期"),
}


def _written(facet: Facet, value: str) -> str:
    """A value in its one writing; nothing where it says nothing. Raises `ValueError`."""
    if len(value) > LONGEST:
        raise ValueError(value)
    if facet.kind == "id":
        return str(UUID(value))
    if facet.kind == "day":
        return date.fromisoformat(value).isoformat()
    if facet.kind in ("flag", "only"):
        if value.lower() not in (*TRUE, *FALSE):
            raise ValueError(value)
        return "true" if value.lower() in TRUE else "" if facet.kind == "only" else "false"
    return value


class Names(Struct, frozen=True):
    """Names that stand in the database, by what the address calls them."""

    committee: dict[str, Name] = msgspec.field(default_factory=dict)
    plan: dict[str, Name] = msgspec.field(default_factory=dict)
    field: dict[str, Name] = msgspec.field(default_factory=dict)
    region: dict[str, Name] = msgspec.field(default_factory=dict)


def name_of(name: str, value: str, names: Names) -> Message | Name | str:
    """What a value of a condition is called; its own text where nobody named it."""
    if name == "stage":
        known = STAGE_NAMES.get(value) or (STAGES[value].name if value in STAGES else None)
        return say("{code} {name}", code=value, name=known) if known else value
    if name == "step":
        return say("25 试验验证") if value == TRIAL else name_of("stage", value, names)
    if name == "track":
        return load_tracks()[value].name if value in load_tracks() else value
    fixed: dict[str, dict[str, Message]] = {
        "level": {str(level): called for level, called in LEVEL_NAMES.items()},
        "status": STATUS_NAMES,
        "kind": KIND_NAMES,
    }
    if name in fixed:
        return fixed[name].get(value, value)
    named: dict[str, Name] = getattr(names, name, {})
    return named.get(value, value)


class Chip(Struct, frozen=True):
    """A condition in force, and the address without it."""

    facet: str
    value: str
    label: Message
    url: str


def chips(query: Query, names: Names, path: str = "/standards") -> list[Chip]:
    """The conditions in force, each with the address that lacks just it."""
    return [
        Chip(name, value, _said(name, value, names), query.without(name, value).url(path))
        for name, values in query.values.items()
        for value in values
    ]


def _said(name: str, value: str, names: Names) -> Message:
    facet = FACETS[name]
    if facet.kind == "only" or (value == "true" and facet.kind == "flag"):
        return facet.name
    if facet.kind == "flag":
        return say("非{name}", name=facet.name)
    return say("{name}：{value}", name=facet.name, value=name_of(name, value, names))
