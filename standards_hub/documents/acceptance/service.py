"""Acceptance packages: gathered from the record, printed by a job, kept, and found again by their hashes."""

import asyncio
import hashlib
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
from msgspec import Struct, convert
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees import repository as bodies
from standards_hub.documents.acceptance.archive import places, write_zip
from standards_hub.documents.acceptance.events import PackageMade
from standards_hub.documents.acceptance.model import Package, indicators, outputs, proofs, taken_back
from standards_hub.documents.acceptance.models import AcceptancePackageRow
from standards_hub.documents.acceptance.pdf import write_pdf
from standards_hub.documents.report.wording import clean
from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import HubError, NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.linkage import repository, roles
from standards_hub.linkage.claiming import reckoning
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.values import PROJECT_STATES

JOB = "package.make"
TABLE = table_of(AcceptancePackageRow)
Part = Literal["pdf", "zip"]
MEDIA_TYPES: dict[str, str] = {"pdf": "application/pdf", "zip": "application/zip"}


class Kept(Struct, frozen=True, kw_only=True):
    """A package on record."""

    id: UUID
    project_id: UUID
    as_of: date
    made_at: datetime
    asked_by: str
    final: bool
    promised: int
    reached: int
    outputs: int
    proofs: int
    head_id: int
    head_hash: str
    pdf_sha256: str
    pdf_size: int
    zip_sha256: str
    zip_size: int


class Printed(Struct, frozen=True):
    """A package that was printed and is not yet on record."""

    event: PackageMade


async def gather(work: Work, project_id: UUID) -> tuple[Package, dict[str, str]]:
    """The package of a project as the record is now, and the hash of the file for every place in its archive."""
    c = work.connection
    project = await repository.project(c, project_id)
    work.actor.require("package.read", project)
    commitments = await repository.commitments(c, project_id)
    claims = [claim for claim in await repository.claims(c, project_id) if claim.live]
    standards = await lifecycle.standards(c, [claim.standard_id for claim in claims])
    claims = [claim for claim in claims if claim.standard_id in standards]
    parts, frozen = await reckoning.around(work, project, claims)
    evidence = await claiming.evidence_of(c, [claim.id for claim in claims])
    by_contract = await reckoning.kept_by_contract(work, project, commitments, claims)
    now = await reckoning.kept_now(work, project, commitments, claims, standards)
    held = [
        (n, one, standards[claim.standard_id].label)
        for n, claim in enumerate(claims, 1) for one in evidence.get(claim.id, ()) if one.withdrawn_on is None and one.sha256
    ]  # fmt: skip
    where = places((n, at, label, one.filename or one.title) for at, (n, one, label) in enumerate(held, 1))
    path = {one.id: place for (_, one, _), place in zip(held, where, strict=True)}
    chosen = roles.policy(project.role_policy)
    partners = (await repository.partners(c, [project_id])).get(project_id, [])
    names = await bodies.organisation_names(c, {*partners, *({project.lead_organisation_id} - {None})})  # type: ignore[arg-type]
    manager = await bodies.person(c, project.manager_person_id) if project.manager_person_id else None
    head_id, head_hash = await audit.newest(c)
    package = Package(
        project_no=clean(project.project_no), title=clean(project.title), programme=clean(project.programme),
        lead=clean(names.get(project.lead_organisation_id)) if project.lead_organisation_id else "",
        partners=[clean(names.get(id)) for id in partners], manager=clean(manager.name) if manager else "", starts_on=project.starts_on,
        ends_on=project.ends_on, state=str(PROJECT_STATES[project.state]), policy=chosen.zh, policy_text=chosen.text_zh,
        policy_source=chosen.source, as_of=work.today, known_at=work.clock.now(), head_id=head_id, head_hash=head_hash,
        indicators=indicators(project, by_contract, now, work.today), outputs=outputs(claims, standards, parts, chosen, frozen),
        proofs=proofs(claims, evidence, path), taken_back=taken_back(commitments),
    )  # fmt: skip
    return package, {path[one.id]: one.sha256 or "" for _, one, _ in held}


def print_both(package: Package, files: dict[str, bytes]) -> tuple[bytes, bytes]:
    """The PDF, and the ZIP that holds it with all evidence."""
    pdf = write_pdf(package)
    return pdf, write_zip(package, pdf, files)


async def ask(work: Work, project_id: UUID) -> None:
    """Ask for a package of the project as it is now; a job makes it."""
    project = await repository.project(work.connection, project_id)
    work.actor.require("package.make", project)
    arguments = {"project_id": str(project_id), "asked_by": work.actor.label}
    await work.enqueue(JOB, arguments, key=f"package:{project_id}:{work.clock.now().isoformat(timespec='seconds')}")


async def compute(hub: Hub, project_id: str, asked_by: str) -> Printed | None:
    """Gather and print, before any transaction is open; none where the project is gone."""
    async with hub.reading(Actor(system=True, name=JOB)) as reading:
        package, where = await gather(reading, UUID(project_id))
        project = await repository.project(reading.connection, UUID(project_id))
    files = {place: await asyncio.to_thread(hub.files.get, digest) for place, digest in where.items()}
    pdf, archive = await asyncio.to_thread(print_both, package, files)
    return Printed(PackageMade(
        package=uuid4(), as_of=package.as_of, asked_by=asked_by, final=project.state == "closed",
        promised=sum(one.promised for one in package.indicators), reached=sum(one.reached for one in package.indicators),
        outputs=len(package.outputs), proofs=len(package.proofs), head_id=package.head_id, head_hash=package.head_hash,
        pdf_sha256=await asyncio.to_thread(hub.files.put, pdf), pdf_size=len(pdf),
        zip_sha256=await asyncio.to_thread(hub.files.put, archive), zip_size=len(archive),
    ))  # fmt: skip


@job(JOB, say("编制项目验收材料"), before=compute)
async def make(work: Work, project_id: str, asked_by: str, prepared: Printed | None) -> None:
    """Put a package that was printed on record."""
    if prepared:
        project = await repository.project(work.connection, UUID(project_id), lock=True)
        await work.append(project, prepared.event)


async def kept(connection: AsyncConnection, project_id: UUID) -> list[Kept]:
    """The packages of a project, the newest first."""
    c = TABLE.c
    rows = await connection.execute(sa.select(TABLE).where(c.project_id == project_id).order_by(c.made_at.desc(), c.id))
    return [convert(dict(row._mapping), Kept) for row in rows]


async def content(work: Work, project_id: UUID, package_id: UUID, part: Part) -> tuple[Kept, bytes]:
    """One of the two files, which must be the one that was kept. Raises `NotFound`, or `HubError` if its bytes changed."""
    project = await repository.project(work.connection, project_id)
    work.actor.require("package.read", project)
    found = next((one for one in await kept(work.connection, project_id) if one.id == package_id), None)
    if found is None:
        raise NotFound(say("找不到验收材料 {id}", id=package_id))
    digest = found.pdf_sha256 if part == "pdf" else found.zip_sha256
    held = work.files.get(digest)
    if hashlib.sha256(held).hexdigest() != digest:
        raise HubError(say("文件与存档记录不符，请联系系统管理员"), code="file-changed")
    return found, held


def file_name(project_no: str, as_of: date, part: Part) -> str:
    return f"验收材料-{project_no}-{as_of}.{part}"
