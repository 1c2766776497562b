"""Who leads a standard and who takes part: one judgement for counting and for claims, by policies that are data. Pure."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.linkage.facts import INTERNATIONAL_ROLES, Drafter
from standards_hub.linkage.rule import Role, load_rule

POLICIES = Path(__file__).parent / "roles.toml"
DEFAULT = "default"


class Leading(Protocol):
    """What is needed to tell leading from taking part: the clause of a counting rule, or a policy."""

    @property
    def first(self) -> int: ...
    @property
    def international(self) -> tuple[str, ...]: ...
    @property
    def international_participate(self) -> tuple[str, ...]: ...


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named way to tell leading from taking part, with the text of it and where it comes from."""

    zh: str
    en: str
    text_zh: str
    text_en: str
    first: int
    """The last place in the list that leads."""
    named: bool = True
    """Whether a named responsible unit leads, and the list only decides where none is named."""
    main: int | None = None
    """The last place of a main part, where the policy has tiers."""
    international: tuple[str, ...]
    international_participate: tuple[str, ...]
    source: str
    verified: bool

    @property
    def name(self) -> Name:
        return Name(self.zh, self.en)

    @property
    def text(self) -> Name:
        return Name(self.text_zh, self.text_en)


class Part(Struct, frozen=True, gc=False):
    """Somebody's part in a standard: the role, by which reason, at which place, and whether the record suffices to say so."""

    role: Role | None
    code: str
    rank: int | None = None
    held: str | None = None
    """The office held in an international body."""
    sure: bool = True


@cache
def policies() -> dict[str, Policy]:
    """Every policy by its key, the default first."""
    found: dict[str, Policy] = {}
    for key, told in tomllib.loads(POLICIES.read_text(encoding="utf-8")).items():
        if rule := told.get("rule"):
            lead = load_rule(rule).lead
            told = {
                "zh": "默认口径", "en": "default", "text_zh": lead.zh.format(first=lead.first), "text_en": lead.en.format(first=lead.first),
                "first": lead.first, "international": lead.international, "international_participate": lead.international_participate,
                "source": lead.source, "verified": lead.verified,
            }  # fmt: skip
        found[key] = msgspec.convert(told, Policy)
    return found


def policy(key: str | None) -> Policy:
    """A policy by its key. Raises `BadInput` naming those there are."""
    found = policies().get(key or DEFAULT)
    if found is None:
        why = say("没有“{key}”这一口径，可用：{keys}", key=key, keys=list(policies()))
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("policy", why, "role_policy")])
    return found


def judge(drafters: Sequence[Drafter], ours: Sequence[Drafter], lead: Leading, *, unnamed: bool = False) -> Part:
    """The part of some of the drafters, those of a province or those of a project.

    `unnamed`: the foreword names nobody, as that of a mandatory GB, so rank does not apply.
    """
    if unnamed:
        if any(d.lead for d in ours):
            return Part("lead", "unnamed_lead")
        return Part("not_ranked", "unnamed") if ours else Part(None, "unnamed_none", sure=False)
    if not drafters:
        return Part(None, "none", sure=False)
    if not ours:
        return Part(None, "not_ours")
    if len(drafters) == 1:
        return Part("lead", "sole", ours[0].rank)
    ranks = [d.rank for d in ours if d.rank]
    first = min(ranks) if ranks else None
    if getattr(lead, "named", True) and any(d.lead for d in drafters):
        return Part("lead", "named", first) if any(d.lead for d in ours) else Part("participate", "named_elsewhere", first)
    if first is None:
        return Part("participate", "unranked")
    return Part("lead" if first <= lead.first else "participate", "rank", first)


def judge_international(held: str | None, lead: Leading) -> Part:
    """The part in an international standard, by the office held there."""
    if held in lead.international:
        return Part("lead", "office", held=held)
    if held in lead.international_participate:
        return Part("participate", "office", held=held)
    return Part(None, "no_office")


PROVINCE: dict[str, Message] = {
    "no_office": say("未记载本省在该国际标准中的任职"),
    "unnamed_lead": say("前言不列起草单位；起草文件载明本省单位负责"),
    "unnamed": say("前言不列起草单位，位次不适用"),
    "unnamed_none": say("前言不列起草单位，须以计划文件或起草组文件证明本省单位参与"),
    "none": say("未记载起草单位"),
    "not_ours": say("起草单位中没有本省单位"),
    "sole": say("独立起草"),
    "named": say("前言载明为负责起草单位"),
    "named_elsewhere": say("负责起草单位在省外"),
    "unranked": say("起草单位位次未记载"),
}
"""Why the province has its part, where that needs neither a place nor an office."""
PROJECT: dict[str, Message] = {
    **PROVINCE,
    "unnamed_lead": say("前言不列起草单位；起草文件载明项目单位负责"),
    "unnamed_none": say("前言不列起草单位，须以计划文件或起草组文件证明项目单位参与"),
    "not_ours": say("起草单位中没有本项目的单位"),
    "named_elsewhere": say("负责起草单位不是本项目的单位"),
}
"""Why a project has its part."""


def why(part: Part, said: dict[str, Message] = PROVINCE) -> Message:
    """The reason in words."""
    return _place(part.rank) if part.code == "rank" else _office(part.held) if part.code == "office" else said[part.code]


# Made once and shared, so that counting many standards leaves little behind for the collector of garbage.
@cache
def _place(rank: int) -> Message:
    return say("起草单位第{rank}位", rank=rank)


@cache
def _office(held: str | None) -> Message:
    return say("本省专家任{role}", role=INTERNATIONAL_ROLES.get(held or "", held))


PARTS: dict[str, Message] = {"lead": say("主导"), "main": say("主要参与"), "participate": say("参与"), "not_ranked": say("不分位次")}


def tier(part: Part, chosen: Policy) -> Message | None:
    """The part as the policy calls it; None where there is none."""
    if part.role is None:
        return None
    main = chosen.main is not None and part.role == "participate" and part.rank is not None and part.rank <= chosen.main
    return PARTS["main" if main else part.role]
