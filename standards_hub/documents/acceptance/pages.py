"""The acceptance of a project as a page: contract against what was reached, what is still missing, and the packages that were made."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.documents.acceptance import service
from standards_hub.documents.acceptance.service import Part
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.services.reading import actor_names
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import reckoning
from standards_hub.linkage.claiming.pages import EXPLAIN
from standards_hub.linkage.pages.projects import STATE

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "package.read"}
MAKE: dict[str, Any] = {"permission": "package.make"}


@get("/projects/{id:uuid}/packages", opt=READ, include_in_schema=False)
async def packages_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """What the acceptance would say now, and the packages that were made."""
    package, _ = await service.gather(reading, id)
    c = reading.connection
    project = await repository.project(c, id)
    commitments, claims = await repository.commitments(c, id), await repository.claims(c, id)
    kept = await reckoning.kept_by_contract(reading, project, commitments, claims)
    made = await service.kept(c, id)
    manages = reading.actor.may("project.manage", project)
    return page(
        request, "packages/list.html", one=project, package=package, made=made, unmet=reckoning.unmet_for_closing(kept, claims),
        promises=[one.commitment for one in kept], explain=EXPLAIN if manages and project.state == "running" else None,
        may_make=reading.actor.may("package.make", project), by=await actor_names(reading, [one.asked_by for one in made]),
        closing=STATE.href(id=id) if reading.actor.may("project.accept", project) and project.state == "running" else None,
        trail=[(say("科技项目"), "/projects"), (project.title, f"/projects/{id}")],
    )  # fmt: skip


@post("/projects/{id:uuid}/packages", opt=MAKE, include_in_schema=False)
async def make_package(request: AnyRequest, id: UUID) -> Response[Any]:
    """Ask for a package."""
    form = await Form.of(request)

    async def do(work: Work) -> bool:
        await service.ask(work, id)
        return True

    done = await attempt(request, form, do)
    if done.error:
        raise done.error
    return go(request, f"/projects/{id}/packages", say("验收材料正在编制，稍后刷新即可下载"))


@get("/projects/{id:uuid}/packages/{package_id:uuid}/{part:str}", opt=READ, include_in_schema=False, media_type="application/octet-stream")
async def package_file(reading: Work, id: UUID, package_id: UUID, part: Part) -> Response[bytes]:
    """The PDF or the ZIP of a package."""
    found, content = await service.content(reading, id, package_id, part)
    project = await repository.project(reading.connection, id)
    return download(content, service.file_name(project.project_no, found.as_of, part), service.MEDIA_TYPES[part])


PAGES: list[Any] = [packages_page, make_package, package_file]
