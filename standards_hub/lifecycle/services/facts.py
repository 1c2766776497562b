"""What a standard is: proposing it, entering it in mid-life, editing its facts, its team and its numbers."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID, uuid4

from msgspec import structs

from standards_hub.committees import repository as committees
from standards_hub.kernel import search
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Refused, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.entering import known_days, past, unmet_for_days
from standards_hub.lifecycle.events import DraftersSet, DraftingUnitsSet, Edited, NumberGiven, PlanNumberGiven, Proposed
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.limits import on_entering
from standards_hub.lifecycle.schemas import Entry, PlanNumberIn, Proposal, Publication, Team
from standards_hub.lifecycle.services import dossier
from standards_hub.lifecycle.services.naming import check_named
from standards_hub.lifecycle.services.notices import tell
from standards_hub.lifecycle.tracks import newest, track
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import UNDER_WAY, Drafter, DraftingUnit, Patch, Standard
from standards_hub.lifecycle.wording import FACT_NAMES

SHEET_YEAR = re.compile(r"\d{4}$")
INTERNATIONAL_ROLES = ("project_leader", "convenor", "editor", "expert")


def track_called(key: str) -> Track:
    """A track by `key` (its newest version) or `key@version`."""
    try:
        return track(key) if "@" in key else newest(key)
    except KeyError as error:
        raise NotFound(say("没有这条轨道：{track}", track=key)) from error


async def propose(work: Work, given: Proposal, *, allowed: bool = False) -> Standard:
    """Start a new standard at the first step of its track. Raises `Refused` if one of that title is under way.

    `allowed` says that the right to it and whom it names were looked at elsewhere, as with a standard that is raised.
    """
    chosen = track_called(given.track)
    standard = _unborn(chosen, given)
    if not allowed:
        await _require_propose(work, standard)
        await check_named(work, given.facts, given.drafting_units, given.drafters, within="facts.")
    _check_facts(given.facts, chosen, given.kind)
    if not given.difference:
        same = await repository.similar(work.connection, standard.title_zh)
        if same:
            raise Refused(say("查新：已有同名项目在研"), unmet=[
                Unmet("propose.duplicate", say("{label} 与本项目同名，请合并，或说明差异（difference）", label=s.label), "difference") for s in same
            ])  # fmt: skip
    on = _on(work, given.on)
    event = Proposed(
        track=chosen.id, level=chosen.level, kind=given.kind, step=standard.step, stage=standard.stage, facts=given.facts, visit=uuid4(),
        running=on_entering(chosen, standard.step, on, []), exemplar=given.exemplar,
    )  # fmt: skip
    await work.append(standard, event, effective_on=on)
    await _set_team(work, standard, given.drafting_units, given.drafters, on)
    await index(work, standard)
    return await repository.standard(work.connection, standard.id)


async def _require_propose(work: Work, standard: Standard) -> None:
    """Raise unless the actor may propose it; a secretary is told at the field for which committees, where another or none is named."""
    actor = work.actor
    if actor.holds("project_manager") or actor.may("standard.propose", standard):  # a project is no body of what does not exist yet
        return
    if called := await committees.committee_names(work.connection, actor.bodies("secretary", "committee")):
        mine = sorted((short for short, _ in called.values()), key=lambda name: name.zh)
        why = say("您可以为{committees}提出，请填写其中之一", committees=mine)
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=[Unmet("committee", why, "facts.committee_id", "secretary")])
    actor.require("standard.propose", standard)


async def enter(work: Work, given: Entry, *, alone: bool = True) -> Standard:
    """Take in a standard in mid-life with the past days that are known. Its past moves are marked as done elsewhere.

    A caller that takes in many, not this one `alone`, has looked up whom they name and indexes them together.
    """
    chosen = track_called(given.track)
    unmet = unmet_for_entry(given, work.today)
    if unmet:
        raise BadInput(say("所填内容有误"), unmet=unmet)
    standard = _unborn(chosen, given, step=known_days(chosen, given)[0][0])
    work.actor.require("portfolio.import", standard)
    if alone:
        await check_named(work, given.facts, given.drafting_units, given.drafters, within="facts.")
    number = parse(given.number) if given.number and given.published_on else None
    if number and await repository.holder_of_number(work.connection, number.key):
        raise _used(number.canonical)
    plan_number = _plan_number(given.plan_number, chosen.level) if given.plan_number else None
    for event, on in past(chosen, given, standard.id, plan_number, (number.canonical, number.key) if number else None):
        await work.append(standard, event, effective_on=on)
    for paper in given.papers:
        await dossier.attach(work, standard, paper)
    standard = await repository.standard(work.connection, standard.id)
    if alone:
        await search.index_many(work.connection, [indexed_as(standard)], fresh=True)
    return standard


def unmet_for_entry(given: Entry, today: date) -> list[Unmet]:
    """Everything that is wrong with a standard to be taken in, whatever else is there already."""
    chosen = track_called(given.track)
    unmet = unmet_for_days(chosen, given, today) + _fact_errors(given.facts, chosen, given.kind)
    unmet += _team_errors(given.drafting_units, given.drafters, given.facts.drafters_not_named is True)
    if not given.facts.title_zh:
        unmet.append(Unmet("title_zh", say("中文名称必填"), "title_zh"))
    try:
        if given.plan_number:
            _plan_number(given.plan_number, chosen.level)
    except IdentifierError as error:
        unmet.append(Unmet(error.code, error.message, "plan_number"))
    try:
        if given.number and given.published_on:
            effective = given.effective_on or given.published_on
            publication = Publication(
                number=given.number, published_on=given.published_on, effective_on=effective, approved_on=given.approved_on
            )
            unmet += _number_errors(chosen, publication, today, given.kind)
    except IdentifierError as error:
        unmet.append(Unmet(error.code, error.message, "number"))
    return unmet


def _unborn(chosen: Track, given: Proposal, step: str | None = None) -> Standard:
    """The standard as it will be, for permission checks and for the log."""
    at = chosen.step(step) if step else chosen.first
    facts = given.facts.said()
    if not facts.get("title_zh"):
        raise BadInput(say("请填写标准名称"), unmet=[Unmet("title_zh", say("中文名称必填"), "facts.title_zh")])
    lead = next((unit.organisation_id for unit in given.drafting_units if unit.lead or unit.rank == 1), None)
    blank = {
        name: None for name in ("nature", "plan_number", "number", "number_key", "approved_on", "published_on", "effective_on", "withdrawn_on",
                                "committee_id", "department_id", "leader_id", "region", "plan_key", "primary_field", "international_role")
    }  # fmt: skip
    flags = dict.fromkeys(("fills_gap", "stricter", "patents", "drafters_not_named"), False)
    values = {
        **blank,
        **flags,
        "document_type": "IS",
        "title_en": "",
        "scope": "",
        "ics": [],
        "ccs": [],
        "fields": [],
        "measurable": True,
        **facts,
    }
    return Standard(
        id=uuid4(), track=chosen.id, level=chosen.level, kind=given.kind, step=at.key, stage=at.code, step_entered_on=given.on or date.min,
        status="active", round=1, failures=0, proposed_on=given.on or date.min, lead_drafter_id=lead, entered_mid_life=False,
        exemplar=given.exemplar, import_id=None, **values,
    )  # fmt: skip


def _check_facts(facts: Patch, chosen: Track, kind: str) -> None:
    unmet = _fact_errors(facts, chosen, kind)
    if unmet:
        raise BadInput(say("标准信息有误"), unmet=unmet)


def _fact_errors(facts: Patch, chosen: Track, kind: str) -> list[Unmet]:
    said = facts.said()
    unmet = []
    nature = said.get("nature")
    if nature is not None and nature not in chosen.natures:
        unmet.append(
            Unmet("nature", say("{track} 的标准性质可为 {natures}", track=chosen.name, natures="、".join(chosen.natures) or "—"), "nature")
        )
    fields = said.get("fields")
    primary = said.get("primary_field")
    if fields and primary and primary not in fields:
        unmet.append(Unmet("primary_field", say("主领域须在所属领域之内"), "primary_field"))
    role = said.get("international_role")
    if role is not None and (role not in INTERNATIONAL_ROLES or chosen.level != "international"):
        unmet.append(
            Unmet(
                "international_role",
                say("国际任职可为 {roles}，且只用于国际标准", roles="、".join(INTERNATIONAL_ROLES)),
                "international_role",
            )
        )
    for name, most in (("title_zh", 300), ("title_en", 500), ("scope", 5000)):
        if len(said.get(name) or "") > most:
            unmet.append(Unmet(name, say("{name}不超过 {most} 字", name=FACT_NAMES[name], most=most), name))
    if "title_zh" in said and not (said["title_zh"] or "").strip():
        unmet.append(Unmet("title_zh", say("中文名称必填"), "title_zh"))
    return unmet


def _on(work: Work, on: date | None) -> date:
    if on and on > work.today:
        raise BadInput(say("办理日期不对"), unmet=[Unmet("on.future", say("办理日期 {on} 晚于今天", on=on), "on")])
    return on or work.today


async def edit(work: Work, standard_id: UUID, patch: Patch) -> Standard:
    """Change facts of a standard; what is unset stays. A change that changes nothing is no event."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.edit", standard)
    _check_facts(patch, track(standard.track), standard.kind)
    if patch.said().get("primary_field") and "fields" not in patch.said() and patch.primary_field not in standard.fields:
        raise BadInput(say("标准信息有误"), unmet=[Unmet("primary_field", say("主领域须在所属领域之内"), "primary_field")])
    changed = {name: value for name, value in patch.said().items() if getattr(standard, name) != value}
    if changed:
        await check_named(work, Patch(**changed))
        before = Patch(**{name: getattr(standard, name) for name in changed})
        await work.append(standard, Edited(before=before, after=Patch(**changed)))
        standard = structs.replace(standard, **changed)
        await index(work, standard)
    return standard


async def set_team(work: Work, standard_id: UUID, given: Team) -> Standard:
    """Name the drafting organisations and drafters in rank order."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.edit", standard)
    await check_named(work, units=given.drafting_units, people=given.drafters)
    await _set_team(work, standard, given.drafting_units, given.drafters, None)
    return await repository.standard(work.connection, standard_id)


async def _set_team(work: Work, standard: Standard, units: list[DraftingUnit], people: list[Drafter], on: date | None) -> None:
    unmet = _team_errors(units, people, standard.drafters_not_named)
    if unmet:
        raise BadInput(say("起草单位或起草人有误"), unmet=unmet)
    units_before = await repository.drafting_units(work.connection, standard.id)
    if units_before != units:
        await work.append(standard, DraftingUnitsSet(before=units_before, after=units), effective_on=on)
    people_before = await repository.drafters(work.connection, standard.id)
    if people_before != people:
        await work.append(standard, DraftersSet(before=people_before, after=people), effective_on=on)


def _team_errors(units: Iterable[DraftingUnit], people: Iterable[Drafter], not_named: bool) -> list[Unmet]:
    unmet = []
    for where, ranks, ids in (
        ("drafting_units", [u.rank for u in units], [u.organisation_id for u in units]),
        ("drafters", [p.rank for p in people], [p.person_id for p in people]),
    ):
        named = [rank for rank in ranks if rank is not None]
        if len(set(ids)) != len(ids):
            unmet.append(Unmet("team.twice", say("同一单位或人员出现两次"), where))
        if not_named and named:
            unmet.append(Unmet("team.rank", say("前言不列起草单位的标准没有位次"), where))
        elif not not_named and sorted(named) != list(range(1, len(ranks) + 1)):
            unmet.append(Unmet("team.rank", say("位次须从 1 起连续排列"), where))
    return unmet


async def give_plan_number(work: Work, standard_id: UUID, given: PlanNumberIn, *, checked: bool = False) -> Standard:
    """Give the plan number, the first or another; earlier ones stay as dated aliases by which it is still found."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    if not checked:
        work.actor.require("standard.advance", standard)
    with _in_field("number"):
        number = _plan_number(given.number, standard.level)
    if number == standard.plan_number:
        raise Conflict(say("计划号没有变化"))
    open_alias = next((alias for alias in await repository.aliases(work.connection, standard_id) if alias.until is None), None)
    event = PlanNumberGiven(alias=uuid4(), number=number, before=standard.plan_number, closed=open_alias.id if open_alias else None)
    await work.append(standard, event, effective_on=_on(work, given.on))
    standard.plan_number = number
    await index(work, standard)
    return standard


@contextmanager
def _in_field(where: str) -> Iterator[None]:
    """What is wrong with an identifier, as a fault of the field in which it stands."""
    try:
        yield
    except IdentifierError as error:
        unmet = [Unmet(error.code, error.message, where)]
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet, code=error.code) from None


def _plan_number(text: str, level: str) -> str:
    """A national or ministry plan number in its canonical form; local and international registers number freely."""
    try:
        return parse(text).canonical
    except IdentifierError:
        if level == "national":
            raise
        return " ".join(text.split())


async def give_number(work: Work, standard: Standard, given: Publication) -> None:
    """The number and dates of the announcement. The number's family, nature and year must fit."""
    with _in_field("number"):
        unmet = _number_errors(track(standard.track), given, work.today, standard.kind)
    if unmet:
        raise BadInput(say("标准号或日期有误"), unmet=unmet)
    identifier = parse(given.number)
    holder = await repository.holder_of_number(work.connection, identifier.key)
    if holder and holder != standard.id:
        raise _used(identifier.canonical)
    event = NumberGiven(
        number=identifier.canonical, number_key=identifier.key, approved_on=given.approved_on, published_on=given.published_on,
        effective_on=given.effective_on,
    )  # fmt: skip
    await work.append(standard, event, effective_on=max(given.published_on, standard.step_entered_on))
    standard.number, standard.number_key = identifier.canonical, identifier.key
    standard.published_on, standard.effective_on, standard.approved_on = given.published_on, given.effective_on, given.approved_on
    await index(work, standard)
    await tell(work, standard, "published", key=f"{standard.id}:published")


def _number_errors(chosen: Track, given: Publication, today: date, kind: str) -> list[Unmet]:
    identifier = parse(given.number)
    unmet = []
    if chosen.identifier_families and identifier.family not in chosen.identifier_families:
        unmet.append(Unmet("number.family", say("{number} 不是{track}的标准号", number=identifier.canonical, track=chosen.name), "number"))
    year = identifier.year
    if kind == "amendment":  # the number and year of the standard stay; the sheet has a year of its own
        if not identifier.amendments:
            unmet.append(
                Unmet("number.sheet", say("修改单的编号须在原标准号后注明第几号，如 /XG1—{year}", year=given.published_on.year), "number")
            )
        year = (SHEET_YEAR.findall(identifier.amendments or "") or [None])[-1]
    if year and year.isdigit() and int(year) not in ((given.approved_on or given.published_on).year, given.published_on.year):
        unmet.append(Unmet("number.year", say("年代号 {year} 与批准、发布年份不符", year=year), "number"))
    if not identifier.year and chosen.level != "international":
        unmet.append(Unmet("number.year", say("标准号缺年代号"), "number"))
    if given.effective_on < given.published_on:
        unmet.append(Unmet("effective_on", say("实施日期早于发布日期"), "effective_on"))
    if given.published_on > today:
        unmet.append(Unmet("published_on", say("发布日期 {on} 晚于今天", on=given.published_on), "published_on"))
    if given.approved_on and given.approved_on > given.published_on:
        unmet.append(Unmet("approved_on", say("批准日期晚于发布日期"), "approved_on"))
    return unmet


def _used(number: str) -> Conflict:
    return Conflict(say("标准号 {number} 已被使用，废止的号也不再使用", number=number), code="number-used")


async def index(work: Work, standard: Standard) -> None:
    """Bring the search index in step with a standard."""
    numbers = [alias.number for alias in await repository.aliases(work.connection, standard.id)]
    await search.index_many(work.connection, [indexed_as(standard, numbers)])


def indexed_as(standard: Standard, numbers: Iterable[str] = ()) -> search.Entry:
    """What a standard is found by; `numbers` are plan numbers that it has or had."""
    words = search.words_once(standard.number, standard.plan_number, *numbers, standard.title_en, standard.scope)
    public = standard.stage in repository.PUBLIC_STAGES and standard.status in (*UNDER_WAY, "published", "superseded", "withdrawn")
    return search.Entry("standard", str(standard.id), standard.title_zh, words, public)
