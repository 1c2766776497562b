"""What happens to the projects of the example office: contracts, claims and their evidence, verdicts, rulings, closings."""

from typing import TYPE_CHECKING

from standards_hub.committees.schemas import Reason
from standards_hub.demo import cast as casting
from standards_hub.demo import fixtures
from standards_hub.demo.fixtures import ClaimLine, Line, ProjectLine
from standards_hub.demo.papers import paper
from standards_hub.kernel import uploads
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.tracks import newest
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import proving, reckoning, service, suggesting
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, Ruling, Shortfall, Verify
from standards_hub.linkage.schemas import NewClaim, NewCommitment, NewProject, ProjectChange, ProjectStateChange
from standards_hub.linkage.services import claims, projects
from standards_hub.linkage.values import EvidenceKind

if TYPE_CHECKING:
    from standards_hub.demo.acting import Office
    from standards_hub.demo.timeline import Deed

PAPERS = {"publication_notice": "publication_notice", "foreword": "published_text"}
"""The papers of the dossier that stand for a kind of evidence; of the others there is an address."""


async def do(office: "Office", deed: "Deed", project: ProjectLine) -> None:
    """Do one act on a project through its service, as the account whose turn it is."""
    cast, line, claim = office.cast, deed.line, deed.claim
    claimant = "manager" if project.manager == fixtures.register().accounts["manager"].person else "officer"
    judge = "officer" if claimant == "manager" and deed.what != "rule" else "assessor"  # the rival may be the officer's claim

    async def task(work: Work) -> None:
        id = cast.projects.get(project.no)
        if id is None:
            await _open(work, cast, project)
        elif claim and line:
            await _about_claim(work, cast, deed, project, claim, line)
        elif deed.what == "suggest":
            await suggesting.suggest(work, id)
        elif deed.what == "renumber" and project.renumbered:
            await projects.edit(work, id, ProjectChange(project_no=project.renumbered.no))
        elif deed.what == "terminate":
            await projects.change_state(work, id, ProjectStateChange(state="terminated", reason="承担单位调整，合同终止（示例）"))
        else:
            await _close(work, cast, project)

    login = judge if deed.what in ("decide", "rule") or (deed.what == "undo" and claim and claim.becomes == "revoked") else claimant
    await office.act(deed.on, "officer" if claim is None else login, task)
    if deed.what == "project" and claimant == "manager":
        body = ("project", str(cast.projects[project.no]))
        await office.act(deed.on, "admin", lambda work: casting.grant(work, cast, "manager", "project_manager", body))


async def _open(work: Work, cast: casting.Cast, one: ProjectLine) -> None:
    promises = [
        NewCommitment(
            level=p.level,
            count=p.count,
            role_required=p.role,
            source_text=p.text,
            min_stage=p.stage,
            due=p.due,
            evidence=p.evidence or None,
        )
        for p in one.promises
    ]
    project = NewProject(
        project_no=one.no, title=one.title, programme="示例·省前沿技术研发计划", lead_organisation_id=cast.organisations[one.lead],
        manager_person_id=cast.people[one.manager], starts_on=one.starts, ends_on=one.ends, plan_key=fixtures.plan().key, exemplar=True,
        commitments=promises, role_policy=one.policy, partners=[cast.organisations[key] for key in one.partners],
    )  # fmt: skip
    cast.projects[one.no] = (await projects.register(work, project)).id


async def _about_claim(work: Work, cast: casting.Cast, deed: "Deed", one: ProjectLine, given: ClaimLine, line: Line) -> None:
    id, key = cast.projects[one.no], (one.no, given.standard)
    if deed.what == "claim":
        new = NewClaim(
            standard_id=cast.standards[given.standard], relation=given.relation, share=given.share, primary=given.primary,
            contribution=given.contribution,
        )  # fmt: skip
        cast.claims[key] = (await claims.claim(work, id, new)).id
        return
    claim = cast.claims[key]
    if deed.what == "prove":
        for evidence in await _evidence(work, one, line, given):
            await proving.add(work, id, claim, evidence)
        await service.submit(work, id, claim, Day())
    elif deed.what == "rule":
        reason = "牵头研制且承担主要试验，主要归属于该项目（示例）"
        await service.rule(work, cast.standards[given.standard], Ruling(claim_id=claim, reason=reason))
    elif deed.what == "decide" and given.becomes == "returned":
        await service.send_back(work, id, claim, Reason(reason=given.reason))
    elif deed.what == "decide":
        await service.verify(work, id, claim, Verify(note="佐证与标准文本一致（示例）"))
    elif given.becomes == "revoked":
        await service.revoke(work, id, claim, Reason(reason=given.reason))
    else:
        await claims.withdraw(work, id, claim, Reason(reason=given.reason))


async def _evidence(work: Work, one: ProjectLine, line: Line, given: ClaimLine) -> list[NewEvidence]:
    """What shows a claim: the papers or the address that its promises ask for, else the announcement and the foreword."""
    track = newest(line.track)
    asked: list[EvidenceKind] = [kind for promise in one.promises if promise.level == track.level for kind in promise.evidence]
    named: list[EvidenceKind] = ["publication_notice", "foreword"] if line.number else ["plan_notice"]
    default: list[EvidenceKind] = ["international_page"] if track.level == "international" else named
    found = []
    kinds: dict[EvidenceKind, None] = dict.fromkeys(asked or default)
    for kind in kinds:
        if kind in PAPERS:
            kept, content = paper(track, line, PAPERS[kind], work.today)
            await uploads.keep(work, content or b"")
            page = "前言第1页" if kind == "foreword" else None
            found.append(NewEvidence(kind=kind, sha256=kept.sha256, filename=kept.filename, page=page))
        else:
            url = f"https://example.org/{given.standard.lower()}/{kind}"
            found.append(NewEvidence(kind=kind, url=url, retrieved_on=work.today))
    return found


async def _close(work: Work, cast: casting.Cast, one: ProjectLine) -> None:
    """The acceptance: what is short gets its cause and remedy before."""
    id = cast.projects[one.no]
    project = await repository.project(work.connection, id)
    commitments = await repository.commitments(work.connection, id)
    said = {promise.text: promise for promise in one.promises}
    for kept in await reckoning.kept_by_contract(work, project, commitments, await repository.claims(work.connection, id)):
        if kept.missing:
            words = said[kept.commitment.source_text]
            await reckoning.explain(work, id, kept.commitment.id, Shortfall(cause=words.cause, remedy=words.remedy))
    await projects.change_state(work, id, ProjectStateChange(state="closed", reason="通过验收（示例）"))
