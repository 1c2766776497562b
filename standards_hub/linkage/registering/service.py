"""Projects from a file, and given out as rows: each row registers, completes, adds a promise, is known, or wrong."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from msgspec import Struct

from standards_hub.committees import repository as bodies
from standards_hub.committees.schemas import checked
from standards_hub.kernel.errors import BadInput, HubError, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.registers.rows import Row
from standards_hub.kernel.registers.taking import Done, Register
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.stages import is_valid
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import repository, roles
from standards_hub.linkage.registering.sheet import SHEET
from standards_hub.linkage.schemas import NewCommitment, NewProject, ProjectChange
from standards_hub.linkage.services import projects
from standards_hub.linkage.values import EVIDENCE_KINDS, ROLES_REQUIRED, Commitment, Project

PROMISE = ("level", "count", "role_required", "min_stage", "due", "evidence", "source_text")
DATES, TEXTS = ("starts_on", "ends_on", "due"), ("title", "programme", "plan_key", "role_policy")


def _keys(names: dict[str, Any]) -> dict[str, str]:
    return {said.into(language).casefold(): key for key, said in names.items() for language in ("zh", "en")}


LEVELS, ROLES, EVIDENCE = _keys(LEVEL_NAMES), _keys(ROLES_REQUIRED), _keys(EVIDENCE_KINDS)  # type: ignore[arg-type]


class Given(Struct, frozen=True):
    """A row as values: what it says of the project, and its promise."""

    facts: dict[str, Any]
    promise: NewCommitment | None


async def take(work: Work, row: Row) -> Done:
    """Register or complete the project of a row, and record its promise where it is not there yet."""
    given = await _given(work, row)
    known = await repository.project_by_number(work.connection, given.facts["project_no"])
    if known is None:
        return Done("registered", (await projects.register(work, _new(given))).id)
    work.actor.require("project.manage", known)
    changed = tuple(await _complete(work, known, given))
    promised = await _promise(work, known, given.promise)
    return Done("promised" if promised else "changed" if changed else "known", known.id, changed)


def _new(given: Given) -> NewProject:
    """A project that is not there yet. Raises `BadInput` for columns that it needs."""
    if unmet := [Unmet("required", say("新登记的项目必填"), key) for key in ("title", "programme") if key not in given.facts]:
        raise BadInput(say("内容不符合要求"), unmet=unmet)
    return NewProject(**given.facts, commitments=[given.promise] if given.promise else [])


async def _complete(work: Work, known: Project, given: Given) -> list[str]:
    """Complete a project with what the row says; blank cells change nothing. The columns that changed."""
    now = {**{name: getattr(known, name) for name in given.facts if hasattr(known, name)}}
    now["partners"] = (await repository.partners(work.connection, [known.id])).get(known.id, [])
    news = {
        key: value for key, value in given.facts.items()
        if key != "project_no" and (set(now["partners"]) != set(value) if key == "partners" else now.get(key) != value)
    }  # fmt: skip
    if news:
        await projects.edit(work, known.id, ProjectChange(**news))
    return list(news)


async def _promise(work: Work, known: Project, promise: NewCommitment | None) -> bool:
    """Record a promise that is not there yet."""
    if promise is None:
        return False
    same = [c for c in await repository.commitments(work.connection, known.id) if c.withdrawn_on is None and _is(c, promise)]
    if not same:
        await projects.promise(work, known.id, promise)
    return not same


def _is(held: Commitment, new: NewCommitment) -> bool:
    return all(getattr(held, name) == getattr(new, name) for name in ("level", "count", "role_required", "min_stage", "due", "source_text"))


async def _given(work: Work, row: Row) -> Given:
    """The values of a row. Raises `BadInput` with every cell that is wrong."""
    unmet: list[Unmet] = []
    cells, facts = row.cells, dict[str, Any]()
    if "project_no" not in cells:
        unmet.append(Unmet("required", say("必填"), "project_no"))
    facts["project_no"] = cells.get("project_no", "")
    facts.update({key: cells[key] for key in TEXTS if key in cells})
    dates = {key: _day(cells[key], key, unmet) for key in DATES if key in cells}
    facts.update({key: dates[key] for key in ("starts_on", "ends_on") if key in dates})
    if (key := cells.get("role_policy")) and key not in roles.policies():
        unmet.append(Unmet("policy", say("没有“{key}”这一口径，可用：{keys}", key=key, keys=list(roles.policies())), "role_policy"))
    if "lead" in cells:
        facts["lead_organisation_id"] = await _found(bodies.find_organisation, work, cells["lead"], "lead", unmet)
    if "partners" in cells:
        facts["partners"] = [await _found(bodies.find_organisation, work, name, "partners", unmet) for name in _parts(cells["partners"])]
    if "manager" in cells:
        facts["manager_person_id"] = await _found(bodies.find_person, work, cells["manager"], "manager", unmet)
    promise = _promised(cells, dates.get("due"), unmet) if any(key in cells for key in PROMISE) else None
    if unmet:
        raise BadInput(say("内容不符合要求"), unmet=unmet)
    return Given(facts, promise)


def _promised(cells: Any, due: date | None, unmet: list[Unmet]) -> NewCommitment | None:
    """The promise of a row, None where something of it is wrong."""
    before = len(unmet)
    unmet += [Unmet("required", say("有承诺时必填"), key) for key in ("level", "count", "source_text") if key not in cells]
    level = _chosen(cells, "level", LEVELS, unmet)
    role = _chosen(cells, "role_required", ROLES, unmet) or "either"
    count, stage = cells.get("count", "1"), cells.get("min_stage", "60.60")
    if not (count.isascii() and count.isdigit() and len(count) <= 4 and 1 <= int(count) <= 1000):
        unmet.append(Unmet("count", say("请填写 1 至 1000 的整数"), "count"))
    if not is_valid(stage):
        unmet.append(Unmet("stage", say("{code} 不是国际协调阶段代码，例如 60.60 表示已发布", code=stage), "min_stage"))
    evidence = []
    for name in _parts(cells.get("evidence", "")):
        if name.casefold() in EVIDENCE:
            evidence.append(EVIDENCE[name.casefold()])
        else:
            unmet.append(
                Unmet("evidence", say("没有“{name}”这种佐证，应为：{names}", name=name, names=list(EVIDENCE_KINDS.values())), "evidence")
            )
    if len(unmet) > before:
        return None
    return checked(NewCommitment(
        level=level, count=int(count), role_required=role, min_stage=stage, due=due, evidence=evidence or None,  # type: ignore[arg-type]
        source_text=cells["source_text"],
    ))  # fmt: skip


def _chosen(cells: Any, key: str, among: dict[str, str], unmet: list[Unmet]) -> str | None:
    if key not in cells:
        return None
    found = among.get(cells[key].casefold())
    if found is None:
        unmet.append(Unmet(key, say("没有“{value}”，应为：{names}", value=cells[key], names=list(SHEET.columns[key].choices)), key))
    return found


def _day(text: str, key: str, unmet: list[Unmet]) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        unmet.append(Unmet("date", say("请填写日期，如 2026-11-24"), key))
        return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", "；").split("；") if part.strip()]


async def _found(find: Callable[..., Awaitable[Any]], work: Work, name: str, key: str, unmet: list[Unmet]) -> Any:
    """The id of what a name means, noted as wrong where it means nothing or several."""
    try:
        return (await find(work.connection, name)).id
    except HubError as error:
        unmet.append(Unmet(error.code, error.message, key))
        return None


async def rows_of(work: Work, found: list[Project]) -> list[dict[str, str]]:
    """Projects as rows of the file: the first promise beside the facts, each further one in a row of its own under the same number."""
    c, rows = work.connection, list[dict[str, str]]()
    partners = await repository.partners(c, [one.id for one in found])
    names = await bodies.organisation_names(c, {id for one in found for id in (one.lead_organisation_id, *partners.get(one.id, ())) if id})
    people = await bodies.person_names(c, {one.manager_person_id for one in found if one.manager_person_id})
    promises = await repository.commitments_of(c, [one.id for one in found])
    for one in found:
        facts = {
            "project_no": one.project_no, "title": one.title, "programme": one.programme, "starts_on": _iso(one.starts_on),
            "ends_on": _iso(one.ends_on), "plan_key": one.plan_key or "", "role_policy": one.role_policy or "",
            "lead": names.get(one.lead_organisation_id, "") if one.lead_organisation_id else "",
            "partners": "；".join(names.get(id, "") for id in partners.get(one.id, ())),
            "manager": people.get(one.manager_person_id, "") if one.manager_person_id else "",
        }  # fmt: skip
        held = [_told(promise) for promise in promises.get(one.id, ())] or [{}]
        rows += [{**(facts if n == 0 else {"project_no": one.project_no}), **told} for n, told in enumerate(held)]
    return rows


def _told(promise: Commitment) -> dict[str, str]:
    return {
        "level": str(LEVEL_NAMES[promise.level]), "count": str(promise.count), "role_required": str(ROLES_REQUIRED[promise.role_required]),
        "min_stage": promise.min_stage, "due": _iso(promise.due), "source_text": promise.source_text,
        "evidence": "；".join(str(EVIDENCE_KINDS[kind]) for kind in promise.evidence or ()),
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


PROJECTS = Register(
    path="/projects", permission="project.manage", sheet=SHEET, named="project_no", take=take,
    columns={"lead_organisation_id": "lead", "manager_person_id": "manager"},
    outcomes=("registered", "changed", "promised", "known", "wrong"), title=say("用 XLSX 或 CSV 导入项目"),
    about=say("每行一个项目和一项承诺；先试算，看每一行的结果，再导入"),
    help=say("第一行是表头；同一项目的其他承诺另起一行，写同一编号。"), trail=[(say("科技项目"), "/projects")],
)  # fmt: skip
