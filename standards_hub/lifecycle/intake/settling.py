"""Names become ids: the second half of the checks, against what is known outside the file. Pure as well."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import get_args
from uuid import UUID

from msgspec import UNSET, Struct, structs

from standards_hub.committees.values import CommitteeLevel, number_key
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.intake.columns import folded
from standards_hub.lifecycle.intake.rows import mark_same_title, told
from standards_hub.lifecycle.intake.values import Draft, Known, Options, Reach

REGION = re.compile(r"\d{4}(\d{2})?")
MOST_SUGGESTED = 300
"""Unknown names for which near ones are looked for."""


def committee_keys(text: str) -> list[str]:
    """What a committee of that number or name is looked up by."""
    return [*dict.fromkeys(number_key(text, level) for level in get_args(CommitteeLevel)), folded(text)]


class Near:
    """Names near to an unknown one, by the pairs of letters they share."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        self.index: dict[str, list[int]] | None = None
        self.asked = 0
        self.answers: dict[str, list[str]] = {}

    def to(self, text: str, most: int = 3) -> list[str]:
        if text not in self.answers:
            self.asked += 1
            self.answers[text] = self._near(text, most) if self.asked <= MOST_SUGGESTED else []
        return self.answers[text]

    def _near(self, text: str, most: int) -> list[str]:
        if self.index is None:
            self.index = {}
            for at, name in enumerate(self.names):
                for pair in _pairs(name):
                    self.index.setdefault(pair, []).append(at)
        mine = _pairs(text)
        shared = Counter(at for pair in mine for at in self.index.get(pair, ()))
        scored = [(2 * count / (len(mine) + len(_pairs(self.names[at]))), self.names[at]) for at, count in shared.most_common(50)]
        return [name for score, name in sorted(scored, reverse=True) if score >= 0.4][:most]


def _pairs(text: str) -> set[str]:
    text = folded(text)
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


class Nears(Struct, frozen=True):
    """Near names by what they name."""

    committees: Near
    organisations: Near


def settle(draft: Draft, known: Known, options: Options, nears: Nears, may: Callable[[Reach], bool], may_register: bool) -> None:
    """Look up what a row names, and note what is unknown, there already or not the actor's to take in."""
    bodies: set[tuple[str, str]] = set()
    plan, near = _plan(draft, known, options), nears.organisations
    committee = _committee(draft, known, nears.committees)
    department = _organisation(draft, "department", draft.department, known, near) if draft.department else None
    draft.unit_ids = _units(draft, known, options, near, may_register)
    fields, region = _fields(draft, known, plan), _region(draft, known, plan)
    _projects(draft, known)
    _there(draft, known)
    if draft.entry is None:
        return
    for kind, id in (("committee", committee), ("organisation", department)):
        if id:
            bodies.add((kind, str(id)))
    lead = next((unit for unit in draft.unit_ids if isinstance(unit, UUID)), None)
    bodies |= {("organisation", str(lead))} if lead else set()
    bodies |= {("plan", plan)} if plan else set()
    if not may(Reach(frozenset(bodies))):
        draft.wrong("committee", "forbidden", say("您无权导入这一委员会、部门或计划的标准，请由其管理人员导入"))
    facts = structs.replace(
        draft.entry.facts, committee_id=committee or UNSET, department_id=department or UNSET, plan_key=plan or UNSET,
        primary_field=fields[0] if fields else UNSET, fields=fields or UNSET, region=region or UNSET,
    )  # fmt: skip
    draft.entry = structs.replace(draft.entry, facts=facts)
    draft.creates = told(draft, draft.unit_ids)


def _plan(draft: Draft, known: Known, options: Options) -> str | None:
    text = draft.plan or options.plan_key
    if not text:
        return None
    found = _word(text, known.words.plans)
    if found is None:
        otherwise = say("没有计划“{text}”，可填：{names}", text=text, names=_offered(known.words.plans))
        draft.wrong("plan_key", "unknown.plan", _or_near(text, known.words.plans, otherwise))
    return found


def _committee(draft: Draft, known: Known, near: Near) -> UUID | None:
    if not draft.committee:
        return None
    found = {one.id: one for key in committee_keys(draft.committee) for one in known.committees.get(key, ())}
    if not found:
        names = near.to(draft.committee)
        draft.wrong(
            "committee", "unknown.committee",
            say("没有委员会“{text}”，是否应为：{names}？", text=draft.committee, names=names) if names
            else say("没有委员会“{text}”，请先登记，或改用编号（如 SAC/TC 309）", text=draft.committee),
        )  # fmt: skip
        return None
    if len(found) > 1:
        names = [one.label for one in found.values()]
        draft.wrong("committee", "unknown.committee", say("“{text}”对应多个委员会：{names}，请写全称", text=draft.committee, names=names))
        return None
    one = next(iter(found.values()))
    if not one.active:
        draft.wrong("committee", "committee.dissolved", say("{name} 已撤销建制", name=one.label), warn=True)
    return one.id


def _organisation(draft: Draft, column: str, text: str, known: Known, near: Near) -> UUID | None:
    one = known.organisations.get(folded(text))
    if one is None:
        draft.wrong(column, "unknown.organisation", _unknown(text, near))
        return None
    if folded(one.label) != folded(text):
        draft.wrong(column, "organisation.former", say("“{text}”按“{name}”登记", text=text, name=one.label), warn=True)
    if not one.active:
        draft.wrong(column, "organisation.closed", say("{name} 已停用", name=one.label), warn=True)
    return one.id


def _unknown(text: str, near: Near) -> Message:
    names = near.to(text)
    if names:
        return say("没有单位“{text}”，是否应为：{names}？", text=text, names=names)
    return say("没有单位“{text}”，请先登记，或在导入时选择新建单位", text=text)


def _units(draft: Draft, known: Known, options: Options, near: Near, may_register: bool) -> list[UUID | str]:
    found: list[UUID | str] = []
    for text in draft.units:
        unit: UUID | str | None
        if folded(text) not in known.organisations and options.create_organisations:
            if not may_register:
                draft.wrong("drafting_units", "forbidden", say("您无权新建单位“{text}”", text=text))
            names = near.to(text)
            if names:
                draft.wrong(
                    "drafting_units", "organisation.near", say("将新建“{text}”；已有相近的：{names}", text=text, names=names), warn=True
                )
            unit = text
        else:
            unit = _organisation(draft, "drafting_units", text, known, near)
        if unit is not None and unit in found:
            draft.wrong("drafting_units", "team.twice", say("“{text}”与前面的单位是同一家", text=text))
        elif unit is not None:
            found.append(unit)
    return found


def _fields(draft: Draft, known: Known, plan: str | None) -> list[str]:
    words = known.words.of(plan, "fields")
    found = []
    for text in draft.fields:
        key = _word(text, words)
        if key is None and words:
            otherwise = say("没有领域“{text}”，可填：{names}", text=text, names=_offered(words))
            draft.wrong("fields", "unknown.field", _or_near(text, words, otherwise))
        elif key is None:
            draft.wrong("fields", "unknown.field", say("尚无领域词表，“{text}”照原文记入", text=text), warn=True)
        found.append(key or text)
    return list(dict.fromkeys(found))


def _region(draft: Draft, known: Known, plan: str | None) -> str | None:
    if not draft.region:
        return None
    words = known.words.of(plan, "regions")
    found = draft.region if REGION.fullmatch(draft.region) else _word(draft.region, words)
    if found is None:
        why = say("“{text}”不是行政区划代码（4 或 6 位数字），也不在词表之内：{names}", text=draft.region, names=_offered(words))
        draft.wrong("region", "unknown.region", _or_near(draft.region, words, why))
    return found


def _word(text: str, words: dict[str, Name]) -> str | None:
    return next((key for key, name in words.items() if folded(text) in (folded(key), folded(name.zh), folded(name.en))), None)


def _or_near(text: str, words: dict[str, Name], otherwise: Message) -> Message:
    """Names of a vocabulary that are nearly so, to be asked back about; else what is said where none is."""
    written = {folded(one): name for name in words.values() for one in (name.zh, name.en)}
    near = list(dict.fromkeys(written[one] for one in get_close_matches(folded(text), written, 3, 0.6)))
    return say("没有“{text}”，是否应为：{names}？", text=text, names=near) if near else otherwise


def _offered(words: dict[str, Name]) -> list[Name]:
    return list(words.values())[:30] or [Name("—", "—")]


def _projects(draft: Draft, known: Known) -> None:
    seen: set[UUID] = set()
    for text in draft.projects:
        project = known.projects.get(text)
        if project is None:
            draft.wrong("projects", "unknown.project", say("没有科技项目“{text}”，请先登记，或更正编号", text=text))
        elif not project.open:
            draft.wrong("projects", "project.terminated", say("科技项目 {number} 已终止，不能申报标准", number=project.number))
        elif not project.mine:
            draft.wrong("projects", "forbidden", say("您无权为科技项目 {number} 申报标准", number=project.number))
        elif project.id not in seen:
            seen.add(project.id)
            draft.claims.append(project)


def _there(draft: Draft, known: Known) -> None:
    if draft.number_key and (there := known.by_number.get(draft.number_key)):
        draft.wrong("number", "there.number", say("库中已有：{label}；如需更新请到该标准页面修改，并从文件删去此行", label=there.label))
    if draft.plan_number and (there := known.by_plan_number.get(draft.plan_number)):
        why = say("计划号已用于库中的 {label}；请更正，或从文件删去此行", label=there.label)
        draft.wrong("plan_number", "there.plan_number", why, warn=not draft.plan_number_strict)
    for there in known.by_title.get(draft.title, ()):
        if there.track_key == draft.track_key:
            mark_same_title(draft, there.number_key, there.plan_number, there.kind, say("库中的 {label}", label=there.label))
