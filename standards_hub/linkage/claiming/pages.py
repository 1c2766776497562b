"""Claims as pages: what waits, one claim with its standard, promises and evidence side by side, and what is done to it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec import structs

from standards_hub.committees import repository as bodies
from standards_hub.committees.pages.picks import ON, REASON
from standards_hub.committees.schemas import Reason
from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Choice, Field, Nowhere, Place, Trail
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import holdings
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.lifecycle.pages.papers import IMAGES, MOST_TEXT, PDF, TEXTS, opened, text_of
from standards_hub.lifecycle.services.reading import actor_names
from standards_hub.lifecycle.stages import STAGES
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import repository, roles
from standards_hub.linkage.claiming import finding, proving, reckoning, service, suggesting
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, Ruling, Shortfall, Take, Verify
from standards_hub.linkage.claiming.states import FROM, FROZEN_STOPS, MARKS, Move, contested, says
from standards_hub.linkage.values import EVIDENCE_KINDS, RELATIONS, ROLES_REQUIRED, Claim, Project

AnyRequest = Request[Any, Any, Any]
MANAGE: dict[str, Any] = {"permission": "project.manage"}
READ: dict[str, Any] = {"permission": "claim.read"}
AT_ONCE = 50
TABS: dict[str, tuple[Message, tuple[str, ...]]] = {
    "in_review": (say("待认定"), ("in_review",)),
    "contested": (say("主要归属有争议"), ()),
    "claimed": (say("已申报未送审"), ("claimed", "returned")),
    "confirmed": (say("已认定和采信"), ("verified", "accepted")),
    "revoked": (say("已撤销"), ("revoked",)),
}


def href(project_id: UUID, claim_id: UUID) -> str:
    return f"/projects/{project_id}/standards/{claim_id}"


async def _subject(work: Work, place: Place, lock: bool) -> Project:
    return await repository.project(work.connection, place["id"], lock=lock)


def _trail(one: Project | None) -> Trail:
    return [(say("科技项目"), "/projects"), *([(one.title, f"/projects/{one.id}")] if one else [])]


async def _whose(work: Work, one: Project, place: Place) -> list[Message]:
    claim = await repository.claim(work.connection, one.id, place["claim_id"])
    standard = await lifecycle.standard(work.connection, claim.standard_id)
    return [say("{label}《{title}》", label=standard.called, title=standard.title)]


async def _what_is_missing(work: Work, one: Project, place: Place) -> list[Message]:
    seen = await service.review(work, one.id, place["claim_id"])
    return [*await _whose(work, one, place), *(unmet.why for unmet in seen.unmet), *seen.cautions]


async def _promised(work: Work, one: Project, place: Place) -> list[Message]:
    found = [c for c in await repository.commitments(work.connection, one.id) if c.id == place["commitment_id"]]
    return [say("{level} {count} 项：{text}", level=LEVEL_NAMES[c.level], count=c.count, text=c.source_text) for c in found]


async def _explained(work: Work, one: Project, place: Place) -> dict[str, Any]:
    found = [c for c in await repository.commitments(work.connection, one.id) if c.id == place["commitment_id"]]
    return {name: getattr(c, name) or "" for c in found for name in ("cause", "remedy")}


async def _begin(_work: Work, _one: Project, _place: Place) -> dict[str, Any]:
    return {"relation": "output_of"}


async def _at_odds(work: Work, _one: Any, place: Place) -> list[Choice]:
    await lifecycle.standard(work.connection, place["standard_id"])
    links = await repository.claims_of_standard(work, place["standard_id"])
    frozen = contested(links)
    return [(str(link.id), say("{number}《{title}》", number=link.project_no, title=link.title)) for link in links if link.id in frozen]


async def _not_yours(work: Work, _one: Any, place: Place) -> list[Message]:
    return [unmet.why for unmet in await service.unmet_for_ruling(work, place["standard_id"])]


async def _take(work: Work, place: Place, data: Take) -> str:
    return href(place["id"], (await service.take(work, place["id"], place["claim_id"], data)).id)


async def _dismiss(work: Work, place: Place, data: Reason) -> str:
    return f"/projects/{(await service.dismiss(work, place['id'], place['claim_id'], data)).project_id}"


async def _submit(work: Work, place: Place, data: Day) -> str:
    return href(place["id"], (await service.submit(work, place["id"], place["claim_id"], data)).id)


async def _verify(work: Work, place: Place, data: Verify) -> str:
    return href(place["id"], (await service.verify(work, place["id"], place["claim_id"], data)).id)


async def _return(work: Work, place: Place, data: Reason) -> str:
    return href(place["id"], (await service.send_back(work, place["id"], place["claim_id"], data)).id)


async def _revoke(work: Work, place: Place, data: Reason) -> str:
    return href(place["id"], (await service.revoke(work, place["id"], place["claim_id"], data)).id)


async def _explain(work: Work, place: Place, data: Shortfall) -> str:
    await reckoning.explain(work, place["id"], place["commitment_id"], data)
    return f"/projects/{place['id']}"


async def _withdraw_evidence(work: Work, place: Place, data: Reason) -> str:
    await proving.withdraw(work, place["id"], place["claim_id"], place["evidence_id"], data)
    return href(place["id"], place["claim_id"])


async def _rule(work: Work, place: Place, data: Ruling) -> str:
    await service.rule(work, place["standard_id"], data)
    return "/claims?tab=contested"


RELATION = Field(name="relation", label=say("与项目的关系"), kind="select", options=tuple(RELATIONS.items()), required=True)
SHARE = Field(name="share", label=say("贡献份额"), help=say("写作 1/3、0.25 或 25%；各项目合计不超过 1，未定则不填。"), most=30)
PRIMARY = Field(
    name="primary", label=say("以本项目为主要归属"), kind="box",
    help=say("一项标准只有一个主要归属的项目；与别的项目相争的，双方冻结，由主管部门裁定。"),
)  # fmt: skip
CONTRIBUTION = Field(
    name="contribution",
    label=say("本项目的贡献"),
    kind="area",
    most=20_000,
    help=say("写明项目贡献了哪些条款、数据或试验，如“4.2、附录B的试验方法”。"),
)
NOTE = Field(name="note", label=say("备注"), kind="area", most=20_000)
CLAIM = "/projects/{id:uuid}/standards/{claim_id:uuid}"
TAKE = Act(
    path=f"{CLAIM}/take", permission="project.manage", title=say("采纳申报建议"), short=say("申报"), button=say("申报"), done=say("已申报"),
    takes=Take, fields=(RELATION, SHARE, PRIMARY, CONTRIBUTION, NOTE, ON), do=_take, trail=_trail, subject=_subject, adds=True, says=_whose, holding=_begin,
)  # fmt: skip
DISMISS = Act(
    path=f"{CLAIM}/dismiss", permission="project.manage", title=say("不采纳申报建议"), short=say("不采纳"), button=say("不采纳"),
    done=say("已记下，不再建议"), takes=Reason, fields=(REASON,), do=_dismiss, trail=_trail, subject=_subject, says=_whose,
)  # fmt: skip
SUBMIT = Act(
    path=f"{CLAIM}/submit", permission="project.manage", title=say("送审申报"), short=say("送审"), button=say("送审"), done=say("已送审，待认定"),
    takes=Day, fields=(ON,), do=_submit, trail=_trail, subject=_subject, says=_whose,
)  # fmt: skip
VERIFY = Act(
    path=f"{CLAIM}/verify", permission="claim.verify", title=say("认定申报"), short=say("认定"), button=say("认定"), done=say("已认定"),
    takes=Verify, fields=(Field(name="note", label=say("认定意见"), kind="area", most=300), ON), do=_verify, trail=_trail, subject=_subject,
    says=_what_is_missing,
)  # fmt: skip
RETURN = Act(
    path=f"{CLAIM}/return", permission="claim.verify", title=say("退回申报"), short=say("退回"), button=say("退回"), done=say("已退回"),
    takes=Reason, fields=(REASON, ON), do=_return, trail=_trail, subject=_subject, says=_whose,
)  # fmt: skip
REVOKE = Act(
    path=f"{CLAIM}/revoke", permission="claim.verify", title=say("撤销认定"), short=say("撤销认定"), button=say("撤销认定"), done=say("已撤销认定"),
    takes=Reason, fields=(REASON, ON), do=_revoke, trail=_trail, subject=_subject, says=_whose, danger=True,
)  # fmt: skip
EXPLAIN = Act(
    path="/projects/{id:uuid}/commitments/{commitment_id:uuid}/shortfall", permission="project.manage", title=say("说明未完成的承诺"),
    short=say("说明偏差"), button=say("保存"), done=say("已说明"), takes=Shortfall, do=_explain, trail=_trail, subject=_subject, says=_promised,
    holding=_explained,
    fields=(
        Field(name="cause", label=say("偏差原因"), kind="area", most=2000, required=True),
        Field(name="remedy", label=say("改进措施"), kind="area", most=2000, required=True),
    ),
)  # fmt: skip
WITHDRAW_EVIDENCE = Act(
    path=f"{CLAIM}/evidence/{{evidence_id:uuid}}/withdraw", permission="project.manage", title=say("撤回佐证"), short=say("撤回"),
    button=say("撤回"), done=say("已撤回佐证"), takes=Reason, fields=(REASON,), do=_withdraw_evidence, trail=_trail, subject=_subject,
    says=_whose, danger=True,
)  # fmt: skip
RULE = Act(
    path="/claims/primary/{standard_id:uuid}", permission="claim.rule", title=say("裁定主要归属"), short=say("裁定"), button=say("裁定"),
    done=say("已裁定"), takes=Ruling, do=_rule, trail=lambda _one: [(say("项目申报"), "/claims")], scope=Nowhere(), says=_not_yours,
    fields=(Field(name="claim_id", label=say("主要归属于"), kind="radios", options=_at_odds, required=True), REASON, ON),
)  # fmt: skip
ACTS = (TAKE, DISMISS, SUBMIT, VERIFY, RETURN, REVOKE, EXPLAIN, WITHDRAW_EVIDENCE, RULE)
OFFERED: tuple[tuple[Move, Act], ...] = (
    ("verify", VERIFY), ("return", RETURN), ("submit", SUBMIT), ("take", TAKE), ("dismiss", DISMISS), ("revoke", REVOKE),
)  # fmt: skip


@get("/claims", opt=READ, include_in_schema=False)
async def queue_page(request: AnyRequest, reading: Work, tab: str = "in_review", after: UUID | None = None) -> Response[str]:
    """Claims of all projects by what has become of them; those that wait first."""
    chosen = tab if tab in TABS else "in_review"
    c, own = reading.connection, service.readable(reading)
    if chosen == "contested":
        found = await claiming.links(c, contested=True, projects=own, limit=500)
    else:
        found = await claiming.links(c, states=TABS[chosen][1], projects=own, after=after, limit=AT_ONCE + 1)
    waiting, at_odds = (
        await claiming.count_links(c, ("in_review",), own),
        len(await claiming.links(c, contested=True, projects=own, limit=500)),
    )
    standards = await lifecycle.standards(c, [link.standard_id for link in found])
    return page(
        request, "claims/list.html", tabs=TABS, chosen=chosen, found=found[:AT_ONCE] if chosen != "contested" else found, standards=standards,
        more=str(found[AT_ONCE - 1].id) if chosen != "contested" and len(found) > AT_ONCE else None, waiting=waiting, at_odds=at_odds,
        says=says, marks=MARKS, href=href, rule=RULE if reading.actor.may("claim.rule") else None, relations=RELATIONS,
    )  # fmt: skip


@get(CLAIM, opt={**READ, "frames": True}, include_in_schema=False)
async def claim_page(request: AnyRequest, reading: Work, id: UUID, claim_id: UUID, evidence: UUID | None = None) -> Response[str]:
    """One claim: the standard, the project's part in it, the promises it may keep and the evidence, side by side."""
    seen = await service.review(reading, id, claim_id)
    reading.actor.require("claim.read", seen.project)
    one, claim = seen.project, seen.claim
    chosen = roles.policy(one.role_policy)
    drafting = (await claiming.drafting(reading.connection, [seen.standard.id])).get(seen.standard.id)
    mine = await repository.organisations_of(reading.connection, one)
    held = [e for e in seen.evidence if e.withdrawn_on is None]
    shown = next((e for e in held if e.id == evidence), held[0] if held else None)
    text = text_of(reading.files.get(shown.sha256))[:MOST_TEXT] if shown and shown.sha256 and shown.media_type in TEXTS else None
    may = {move for move, act in OFFERED if claim.state in FROM[move] and reading.actor.may(act.permission, one)}
    if seen.frozen:
        may -= set(FROZEN_STOPS)
    if seen.unmet:
        may.discard("verify")
    manages = reading.actor.may("project.manage", one)
    units = drafting.units if drafting else ()
    grounds = (g.id for g in claim.grounds or () if g.kind != "manager")
    names = await bodies.names(reading.connection, {*grounds, *(id for id, _ in units)})
    return page(
        request, "claims/one.html", number=evidence_number, one=one, claim=claim, standard=seen.standard, seen=seen, trail=_trail(one), state=says(claim, seen.frozen),
        mark="late" if seen.frozen else MARKS[claim.state], relations=RELATIONS, levels=LEVEL_NAMES, roles_required=ROLES_REQUIRED, stages=STAGES,
        stage_of=holdings.stage_of, part_why=roles.why(seen.part, roles.PROJECT), part_tier=roles.tier(seen.part, chosen), policy=chosen,
        units=units, unit_names=names, mine=mine, kinds=EVIDENCE_KINDS, evidence=held, text=text,
        gone=[e for e in seen.evidence if e.withdrawn_on], shown=shown, image=bool(shown and shown.media_type in IMAGES),
        pdf=bool(shown and shown.media_type == PDF), offers=[(act.short, act.href(id=id, claim_id=claim_id)) for move, act in OFFERED if move in may],
        may_prove=manages and claim.state in FROM["evidence"], withdraw=WITHDRAW_EVIDENCE, by=await actor_names(reading, [e.added_by for e in held]),
        why_suggested=[suggesting.why(ground, names) for ground in claim.grounds or ()], base=href(id, claim_id),
        rule=RULE if seen.frozen and reading.actor.may("claim.rule", one) else None, waits=claim.state == "in_review", leading=may != {"revoke"},
    )  # fmt: skip


@post("/projects/{id:uuid}/suggestions", opt=MANAGE, include_in_schema=False)
async def look(request: AnyRequest, id: UUID) -> Response[Any]:
    """Look for standards that the project may claim."""
    form = await Form.of(request)

    async def do(work: Work) -> list[Claim]:
        return await suggesting.suggest(work, id)

    done = await attempt(request, form, do)
    if done.error:
        raise done.error
    found = done.value or []
    return go(
        request, f"/projects/{id}#suggested", say("找到 {count} 项可申报的标准", count=len(found)) if found else say("没有新的可申报标准")
    )


@get(f"{CLAIM}/evidence/new", opt=MANAGE, include_in_schema=False)
async def new_evidence(request: AnyRequest, reading: Work, id: UUID, claim_id: UUID, kind: str = "") -> Response[str]:
    """The form for a piece of evidence."""
    return await _evidence_form(request, reading, id, claim_id, Form.holding({"kind": kind}))


async def _evidence_form(request: AnyRequest, work: Work, id: UUID, claim_id: UUID, form: Form) -> Response[str]:
    project = await repository.project(work.connection, id)
    work.actor.require("project.manage", project)
    claim = await repository.claim(work.connection, id, claim_id)
    standard = await lifecycle.standard(work.connection, claim.standard_id)
    return page(
        request, "claims/evidence_new.html", status=form.error.status if form.error else 200, form=form, standard=standard, trail=_trail(project),
        kinds=tuple(EVIDENCE_KINDS.items()), types=",".join(MEDIA_TYPES), most=work.files.most_bytes // 1024**2, today=work.today,
        base=href(id, claim_id),
    )  # fmt: skip


@post(f"{CLAIM}/evidence/new", opt=MANAGE, include_in_schema=False)
async def add_evidence(request: AnyRequest, id: UUID, claim_id: UUID) -> Response[Any]:
    """Put a piece of evidence on a claim."""
    form = await Form.of(request)
    file = form.file("file")
    content = await file.read(request.app.state.hub.files.most_bytes + 1) if file else b""

    async def add(work: Work) -> bool:
        given = form.into(NewEvidence)
        if file:
            if not content:
                raise BadInput(say("佐证不能提交"), unmet=[Unmet("evidence.empty", say("文件是空的"), "file")])
            work.actor.require("project.manage", await repository.project(work.connection, id))
            given = structs.replace(given, sha256=await uploads.keep(work, content), filename=clean_text(file.filename, "data"))
        await proving.add(work, id, claim_id, given)
        return True

    done = await attempt(request, form, add)
    if done.error:
        done.error.unmet = tuple(structs.replace(u, where="file") if u.where in ("sha256", "filename") else u for u in done.error.unmet)
        async with looking(request) as reading:
            return await _evidence_form(request, reading, id, claim_id, form)
    return go(request, href(id, claim_id), say("佐证已提交"))


@get(f"{CLAIM}/evidence/{{evidence_id:uuid}}/file", opt=READ, include_in_schema=False, media_type="application/octet-stream")
async def evidence_file(reading: Work, id: UUID, claim_id: UUID, evidence_id: UUID, as_file: bool = False) -> Response[bytes]:
    """The file: shown where it is a picture or a PDF, else a download. Neither sniffed nor run."""
    found, content = await proving.read(reading, id, claim_id, evidence_id)
    return opened(content, found.filename or str(found.id), found.media_type, as_file=as_file)


@get("/evidence/{number:str}", opt={"permission": "standard.read"}, include_in_schema=False)
async def evidence_page(request: AnyRequest, reading: Work, number: str) -> Response[Any]:
    """The page of the paper or piece of evidence that has a number; a list where by rare chance there are more, or where it is closed."""
    found = await finding.find(reading, number)
    if len(found) > 1 or not found[0].open:
        return page(request, "claims/numbered.html", number=found[0].number, found=found, kinds=EVIDENCE_KINDS)
    return Redirect(found[0].path)


PAGES: list[Any] = [*acts.routes(*ACTS), evidence_page, queue_page, claim_page, look, new_evidence, add_evidence, evidence_file]
