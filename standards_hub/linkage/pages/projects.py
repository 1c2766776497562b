"""Science projects as pages: the list, one with what it promised and what became of it, and what is done to it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from standards_hub.committees import repository as bodies
from standards_hub.committees.pages.picks import BY_NAME, ON, ORGANISATION, PERSON, REASON, WHO, organisation_of
from standards_hub.committees.schemas import Reason
from standards_hub.kernel import search
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers import acts, lists
from standards_hub.kernel.registers.acts import Act, Choice, Field, Nowhere, Pick, Place, Said, Trail, held
from standards_hub.kernel.registers.lists import Cell, Column, Facet, Listing, Wanted
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import holdings
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.stages import STAGES
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import fulfilment, repository, roles
from standards_hub.linkage.claiming import alerts, entering, suggesting
from standards_hub.linkage.claiming.entering import Entered, Merge
from standards_hub.linkage.claiming.pages import CONTRIBUTION, DISMISS, EXPLAIN, NOTE, PRIMARY, RELATION, SHARE, TAKE, href
from standards_hub.linkage.claiming.states import FROM, contested, says
from standards_hub.linkage.claiming.states import MARKS as MARKS_OF_CLAIM
from standards_hub.linkage.claims import OVER
from standards_hub.linkage.schemas import ClaimChange, NewClaim, NewCommitment, NewProject, ProjectChange, ProjectStateChange
from standards_hub.linkage.services import claims, projects
from standards_hub.linkage.values import (
    EVIDENCE_KINDS,
    LIVE,
    PROJECT_STATE_CHANGES,
    PROJECT_STATES,
    RELATIONS,
    ROLES_REQUIRED,
    Claim,
    Project,
)

MANAGE = "project.manage"
TABS = ((say("科技项目"), "/projects"), (say("计划"), "/plans"))
MARKS = {"running": "active", "closed": "done", "terminated": "terminated", "merged": "superseded"}
LEVELS = tuple(LEVEL_NAMES.items())
POLICIES = tuple((key, one.name) for key, one in roles.policies().items())


async def _plans(work: Work, *_rest: Any) -> list[Choice]:
    return [(plan.key, plan.name) for plan in await repository.plans(work.connection)]


async def _find_standard(work: Work, text: str) -> UUID:
    """A standard by number, plan number or id, or by its whole title. Raises `NotFound`."""
    try:
        return (await lifecycle.find(work.connection, text)).id
    except NotFound:
        found = await holdings.titled(work.connection, work.actor, text)
        if len(found) != 1:
            raise
        return found[0].id


async def _standard_name(work: Work, id: UUID) -> str:
    one = await lifecycle.standard(work.connection, id)
    return one.label


async def _standards(work: Work, text: str) -> list[tuple[str, Said]]:
    hits = await search.search(work.connection, text, kinds=("standard",), limit=20) if text else []
    found = await lifecycle.standards(work.connection, [UUID(hit.key) for hit in hits])
    seen = [found[id] for hit in hits if (id := UUID(hit.key)) in found and lifecycle.may_see(work.actor, found[id])]
    return [(one.label, one.title) for one in seen]


STANDARD = Pick(_find_standard, _standard_name, _standards, "/projects/standards", "standard.read")


async def _find_project(work: Work, text: str) -> UUID:
    return (await projects.find(work, text)).id


async def _project_name(work: Work, id: UUID) -> str:
    return (await repository.project(work.connection, id)).project_no


async def _known_projects(work: Work, text: str) -> list[tuple[str, Said]]:
    found = await repository.projects(work.connection, text=text, state="running", limit=20) if text else []
    return [(one.project_no, one.title) for one in found]


PROJECT = Pick(_find_project, _project_name, _known_projects, "/projects/known", "project.check")
FIELDS = (
    Field(name="project_no", label=say("项目编号"), required=True, help=say("以合同为准；换一种写法也找得到。"), most=60),
    Field(name="title", label=say("项目名称"), required=True),
    Field(name="programme", label=say("计划类别"), required=True, help=say("如省重点研发计划。")),
    Field(name="lead_organisation_id", label=say("承担单位"), help=BY_NAME, pick=ORGANISATION),
    Field(
        name="partners",
        label=say("合作单位"),
        kind="area",
        help=say("每行一个单位，填写名称或统一社会信用代码。"),
        most=20_000,
        pick=ORGANISATION,
    ),
    Field(name="manager_person_id", label=say("项目负责人"), help=WHO, pick=PERSON),
    Field(name="starts_on", label=say("起始日期"), kind="date"),
    Field(name="ends_on", label=say("结束日期"), kind="date"),
    Field(name="plan_key", label=say("服务于计划"), kind="select", options=_plans),
    Field(
        name="role_policy", label=say("位次口径"), kind="select", options=POLICIES, help=say("主导与参与按哪一口径认定；不填为默认口径。")
    ),
)
PROMISE_FIELDS = (
    Field(name="level", label=say("层级"), kind="select", options=LEVELS, required=True),
    Field(name="count", label=say("项数"), kind="number", required=True),
    Field(name="role_required", label=say("起草身份"), kind="select", options=tuple(ROLES_REQUIRED.items())),
    Field(name="min_stage", label=say("至少达到"), kind="select", help=say("通常为 60.60，即已出版。"),
          options=tuple((code, say("{code} {name}", code=code, name=stage.name)) for code, stage in STAGES.items())),
    Field(name="due", label=say("期限"), kind="date", help=say("不填即为项目结束日期。")),
    Field(name="evidence", label=say("合同要求的佐证"), kind="boxes", options=tuple(EVIDENCE_KINDS.items())),
    Field(name="source_text", label=say("合同原文"), kind="area", required=True, most=20_000),
)  # fmt: skip


async def _subject(work: Work, place: Place, lock: bool) -> Project:
    return await repository.project(work.connection, place["id"], lock=lock)


async def _holding(work: Work, one: Project, _place: Place) -> dict[str, Any]:
    return {**held(one, FIELDS), "partners": (await repository.partners(work.connection, [one.id])).get(one.id, [])}


async def _promise_begins(_work: Work, _one: Project, _place: Place) -> dict[str, Any]:
    return {"count": 1, "role_required": "either", "min_stage": "60.60"}


async def _claim_begins(_work: Work, _one: Project, _place: Place) -> dict[str, Any]:
    return {"relation": "output_of"}


async def _claim_held(work: Work, one: Project, place: Place) -> dict[str, Any]:
    return held(await repository.claim(work.connection, one.id, place["claim_id"]), (RELATION, SHARE, PRIMARY, CONTRIBUTION, NOTE))


async def _next_states(work: Work, one: Project, _place: Place) -> list[Choice]:
    """What it may become; closing is the acceptance, which is the officers'."""
    states = [state for state in PROJECT_STATE_CHANGES[one.state] if state != "closed" or work.actor.may("project.accept", one)]
    return [(state, PROJECT_STATES[state]) for state in states]


async def _now(_work: Work, one: Project, _place: Place) -> list[Message]:
    return [say("现为“{state}”。已申报的标准照常计数。", state=PROJECT_STATES[one.state])]


async def _whose(work: Work, one: Project, place: Place) -> list[Message]:
    claim = await repository.claim(work.connection, one.id, place["claim_id"])
    standard = await lifecycle.standard(work.connection, claim.standard_id)
    others = [link for link in await repository.claims_of_standard(work, standard.id) if link.project_id != one.id]
    also = [say("项目 {number} 也申报了它，份额 {share}", number=link.project_no, share=link.share or say("未定")) for link in others]
    return [say("{label}《{title}》", label=standard.called, title=standard.title), *also]


async def _promised(work: Work, one: Project, place: Place) -> list[Message]:
    """What the promise says that is taken back."""
    found = [c for c in await repository.commitments(work.connection, one.id) if c.id == place["commitment_id"]]
    if not found:
        raise NotFound(say("该项目没有承诺 {id}", id=place["commitment_id"]))
    return [say("{level} {count} 项：{text}", level=LEVEL_NAMES[c.level], count=c.count, text=c.source_text) for c in found]


def _trail(one: Project | None) -> Trail:
    return [(say("科技项目"), "/projects"), *([(one.title, _href(one.id))] if one else [])]


def _href(id: UUID) -> str:
    return f"/projects/{id}"


async def _register(work: Work, _place: Place, data: NewProject) -> str:
    return _href((await projects.register(work, data)).id)


async def _edit(work: Work, place: Place, data: ProjectChange) -> str:
    return _href((await projects.edit(work, place["id"], data)).id)


async def _change_state(work: Work, place: Place, data: ProjectStateChange) -> str:
    return _href((await projects.change_state(work, place["id"], data)).id)


async def _promise(work: Work, place: Place, data: NewCommitment) -> str:
    await projects.promise(work, place["id"], data)
    return _href(place["id"])


async def _take_back(work: Work, place: Place, data: Reason) -> str:
    return _href((await projects.withdraw_promise(work, place["id"], place["commitment_id"], data)).id)


async def _claim(work: Work, place: Place, data: NewClaim) -> str:
    return href(place["id"], (await claims.claim(work, place["id"], data)).id)


async def _edit_claim(work: Work, place: Place, data: ClaimChange) -> str:
    return _href((await claims.edit(work, place["id"], place["claim_id"], data)).project_id)


async def _withdraw_claim(work: Work, place: Place, data: Reason) -> str:
    return _href((await claims.withdraw(work, place["id"], place["claim_id"], data)).project_id)


async def _enter(work: Work, _place: Place, data: Entered) -> str:
    return _href((await entering.enter(work, data)).project_id)


async def _confirm(work: Work, place: Place, data: Reason) -> str:
    return _href((await entering.confirm(work, place["id"], data)).id)


async def _merge(work: Work, place: Place, data: Merge) -> str:
    return _href((await entering.merge(work, place["id"], data)).merged_into or place["id"])


REGISTER = Act(
    path="/projects/new", permission=MANAGE, title=say("登记科技项目"), short=say("登记项目"), button=say("登记"), done=say("已登记项目"),
    takes=NewProject, fields=FIELDS, do=_register, trail=_trail, scope=Nowhere(),
)  # fmt: skip
EDIT = Act(
    path="/projects/{id:uuid}/edit", permission=MANAGE, title=say("编辑项目"), short=say("编辑资料"), button=say("保存"), done=say("已保存"),
    takes=ProjectChange, fields=FIELDS, do=_edit, trail=_trail, subject=_subject, holding=_holding, blank="clear",
)  # fmt: skip
STATE = Act(
    path="/projects/{id:uuid}/state", permission=MANAGE, title=say("变更项目状态"), short=say("变更状态"), button=say("变更"),
    done=say("已变更状态"), takes=ProjectStateChange, do=_change_state, trail=_trail, subject=_subject, says=_now, danger=True,
    fields=(Field(name="state", label=say("改为"), kind="radios", options=_next_states, required=True), REASON, ON),
)  # fmt: skip
PROMISE = Act(
    path="/projects/{id:uuid}/commitments/new", permission=MANAGE, title=say("登记承诺"), short=say("登记承诺"), button=say("登记"),
    done=say("已登记承诺"), takes=NewCommitment, fields=PROMISE_FIELDS, do=_promise, trail=_trail, subject=_subject, adds=True, holding=_promise_begins,
)  # fmt: skip
TAKE_BACK = Act(
    path="/projects/{id:uuid}/commitments/{commitment_id:uuid}/withdraw", permission=MANAGE, title=say("取消承诺"), short=say("取消承诺"),
    button=say("取消承诺"), done=say("已取消承诺"), takes=Reason, fields=(REASON, ON), do=_take_back, trail=_trail, subject=_subject,
    says=_promised, danger=True,
)  # fmt: skip
CLAIM = Act(
    path="/projects/{id:uuid}/standards/new", permission=MANAGE, title=say("申报标准"), short=say("申报标准"), button=say("申报"),
    done=say("已申报"), takes=NewClaim, do=_claim, trail=_trail, subject=_subject, adds=True, holding=_claim_begins,
    fields=(
        Field(name="standard_id", label=say("标准"), required=True, pick=STANDARD, help=say("填写标准号、计划号或名称，可从提示中选。")),
        RELATION, SHARE, PRIMARY, CONTRIBUTION, NOTE, ON,
    ),
)  # fmt: skip
EDIT_CLAIM = Act(
    path="/projects/{id:uuid}/standards/{claim_id:uuid}/edit", permission=MANAGE, title=say("编辑申报"), short=say("更改"), button=say("保存"),
    done=say("已保存申报"), takes=ClaimChange, do=_edit_claim, trail=_trail, subject=_subject, holding=_claim_held, says=_whose, blank="clear",
    fields=(RELATION, SHARE, PRIMARY, CONTRIBUTION, NOTE, Field(name="reason", label=say("理由"), kind="area", most=300)),
)  # fmt: skip
WITHDRAW_CLAIM = Act(
    path="/projects/{id:uuid}/standards/{claim_id:uuid}/withdraw", permission=MANAGE, title=say("撤回申报"), short=say("撤回"),
    button=say("撤回"), done=say("已撤回申报"), takes=Reason, fields=(REASON, ON), do=_withdraw_claim, trail=_trail, subject=_subject,
    says=_whose, danger=True,
)  # fmt: skip
ENTER = Act(
    path="/projects/enter", permission="project.enter", title=say("为名册外的项目申报"), short=say("为名册外的项目申报"), button=say("申报"),
    done=say("已申报，项目待核"), takes=Entered, do=_enter, trail=_trail, holding=_claim_begins,
    fields=(
        *(field for field in FIELDS if field.name in ("project_no", "title", "programme", "starts_on", "ends_on")),
        Field(name="standard_id", label=say("标准"), required=True, pick=STANDARD, help=say("填写标准号、计划号或名称，可从提示中选。")),
        RELATION, SHARE, PRIMARY, CONTRIBUTION,
    ),
)  # fmt: skip
CONFIRM = Act(
    path="/projects/{id:uuid}/confirm", permission="project.check", title=say("核实项目"), short=say("核实"), button=say("核实"),
    done=say("已核实"), takes=Reason, fields=(REASON, ON), do=_confirm, trail=_trail, subject=_subject,
)  # fmt: skip
MERGE = Act(
    path="/projects/{id:uuid}/merge", permission="project.check", title=say("并入另一项目"), short=say("并入"), button=say("并入"),
    done=say("已并入，申报已随之转移"), takes=Merge, do=_merge, trail=_trail, subject=_subject, danger=True,
    fields=(Field(name="into", label=say("并入的项目"), required=True, pick=PROJECT, help=say("填写项目编号。")), REASON, ON),
)  # fmt: skip
ACTS = (ENTER, CONFIRM, MERGE, REGISTER, EDIT, STATE, PROMISE, TAKE_BACK, CLAIM, EDIT_CLAIM, WITHDRAW_CLAIM)


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "text": wanted.get("q"), "plan": wanted.get("plan"), "state": wanted.get("state"),
        "organisation_id": lists.id_of(wanted.get("organisation"), "organisation"), "unchecked": wanted.get("check") == "unchecked",
    }  # fmt: skip


async def _find(work: Work, wanted: Wanted, after: UUID | None, limit: int) -> list[Project]:
    return await repository.projects(work.connection, **_asked(wanted), after=after, limit=limit)


async def _count(work: Work, wanted: Wanted) -> int:
    return await repository.count_projects(work.connection, **_asked(wanted))


async def _cells(work: Work, found: list[Project]) -> list[list[Cell]]:
    leads = await bodies.names(work.connection, {one.lead_organisation_id for one in found if one.lead_organisation_id})
    promised, claimed = await repository.sums(work.connection, [one.id for one in found])
    return [
        [
            Cell(one.project_no), Cell(one.title, _href(one.id), exemplar=one.exemplar),
            Cell(leads.get(one.lead_organisation_id) if one.lead_organisation_id else None, f"/organisations/{one.lead_organisation_id}"),
            Cell(one.ends_on), Cell(promised.get(one.id, 0)), Cell(claimed.get(one.id, 0)),
            Cell(PROJECT_STATES[one.state], state=MARKS[one.state]),
        ]
        for one in found
    ]  # fmt: skip


LIST = Listing(
    path="/projects", permission="project.read", title=say("科技项目"), sum=lambda count: say("{count} 个科技项目", count=count),
    hint=say("编号、名称或计划类别"), empty=say("还没有登记科技项目。可逐个登记，也可用 XLSX 或 CSV 导入。"), register=REGISTER,
    beside=(
        (say("用 XLSX 或 CSV 导入"), "/projects/sheet", MANAGE), (say("导出项目和承诺"), "/projects/sheet/xlsx", "project.read"),
        (say("为名册外的项目申报"), "/projects/enter", "project.enter"), (say("项目申报"), "/claims", "claim.read"),
    ), tabs=TABS, find=_find, count=_count, cells=_cells,
    facets=(
        Facet(key="state", name=say("状态"), options=tuple(PROJECT_STATES.items())), Facet(key="plan", name=say("计划"), options=_plans),
        Facet(key="check", name=say("核实"), options=(("unchecked", say("待核")),)),
        Facet(key="organisation", name=say("承担单位"), named=organisation_of),
    ),
    columns=(
        Column(say("项目编号"), "id"), Column(say("项目名称"), "whole"), Column(say("承担单位"), "aside"), Column(say("结束日期"), "nowrap aside"),
        Column(say("承诺标准数"), "number aside"), Column(say("申报标准数"), "number aside"), Column(say("状态"), "nowrap"),
    ),
)  # fmt: skip


@get("/projects/{id:uuid}", opt={"permission": "project.read"}, include_in_schema=False)
async def project_page(request: Request[Any, Any, Any], reading: Work, id: UUID) -> Response[str]:
    """One project: what it promised and what became of it, the standards it claims with their shares, and its former numbers."""
    found = await projects.show(reading, id)
    one, c = found.project, reading.connection
    standards = await lifecycle.standards(c, [claim.standard_id for claim in found.claims])
    kept = await projects.kept(reading, found, standards)
    lead = await bodies.organisation(c, one.lead_organisation_id) if one.lead_organisation_id else None
    manager = await bodies.person(c, one.manager_person_id) if one.manager_person_id else None
    plan = next((p for p in await repository.plans(c) if p.key == one.plan_key), None)
    others = await repository.projects_of_standards(reading, [claim.standard_id for claim in found.claims if claim.live])
    frozen = contested(link for same in others.values() for link in same)
    named = await bodies.names(c, {*found.partners, *(g.id for claim in found.claims for g in claim.grounds or ())})
    may = EDIT.may(reading, one)
    facts = [
        (say("项目编号"), [Cell(one.project_no)]),
        (say("曾用编号"), [Cell(say("{name}（至 {day}）", name=alias.project_no, day=alias.until)) for alias in found.aliases]),
        (say("状态"), [Cell(PROJECT_STATES[one.state], state=MARKS[one.state])]), (say("核实"), [Cell(say("待核"), state="waiting")] if one.unchecked else []),
        (say("并入"), [Cell(say("查看并入的项目"), _href(one.merged_into))] if one.merged_into else []), (say("计划类别"), [Cell(one.programme)]),
        (say("承担单位"), [Cell(Name(lead.name_zh, lead.name_en or lead.name_zh), f"/organisations/{lead.id}")] if lead else []),
        (say("合作单位"), [Cell(named.get(id, ""), f"/organisations/{id}") for id in found.partners]),
        (say("位次口径"), [Cell(roles.policy(one.role_policy).name)]),
        (say("项目负责人"), [Cell(manager.name, f"/people/{manager.id}")] if manager else []),
        (say("起始日期"), [Cell(one.starts_on)] if one.starts_on else []), (say("结束日期"), [Cell(one.ends_on)] if one.ends_on else []),
        (say("服务于计划"), [Cell(plan.name, f"/plans/{plan.key}")] if plan else []),
    ]  # fmt: skip
    slips = [said for _, said in await alerts.of_project(reading, one)]
    checks = [(act.short, act.href(id=id)) for act in (CONFIRM, MERGE) if one.unchecked and act.may(reading, one)]
    return page(
        request, "projects/one.html", one=one, slips=slips, facts=facts, kept=kept, parts_said=fulfilment.sentence(kept), standards=standards,
        withdrawn=[commitment for commitment in found.commitments if commitment.withdrawn_on], levels=LEVEL_NAMES, relations=RELATIONS,
        claims=_ordered(found.claims, (*LIVE, "returned")), gone=_ordered(found.claims, ("withdrawn", "revoked")),
        suggested=_ordered(found.claims, ("suggested",)), frozen=frozen, says=says, claim_marks=MARKS_OF_CLAIM, href=href, FROM=FROM,
        grounds=lambda claim: [suggesting.why(ground, named) for ground in claim.grounds or ()], explain=EXPLAIN, take=TAKE, dismiss=DISMISS,
        looks=may and one.state == "running", sees=reading.actor.may("claim.read", one),
        packages=f"/projects/{id}/packages" if reading.actor.may("package.read", one) else None, roles_required=ROLES_REQUIRED,
        answers=fulfilment.ANSWERS, marks=fulfilment.MARKS, stage_of=holdings.stage_of, stages=STAGES, others=others, trail=_trail(None), may=may,
        today=reading.today, take_back=TAKE_BACK, edit_claim=EDIT_CLAIM, withdraw_claim=WITHDRAW_CLAIM,
        offers=checks + [
            (act.short, act.href(id=id)) for act, possible in (
                (CLAIM, one.state not in OVER), (PROMISE, one.state == "running"), (EDIT, True), (STATE, bool(PROJECT_STATE_CHANGES[one.state])),
            ) if possible
        ] if may else [], over=OVER,
    )  # fmt: skip


def _ordered(found: list[Claim], states: Iterable[str]) -> list[Claim]:
    wanted = set(states)
    return sorted(
        (one for one in found if one.state in wanted), key=lambda one: (list(RELATIONS).index(one.relation), one.claimed_on or date.max)
    )


PAGES: list[Any] = [*lists.routes(LIST), *acts.routes(*ACTS), *acts.suggestions(STANDARD, PROJECT), project_page]
