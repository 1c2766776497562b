"""The dossier as pages: put a paper in, look at it, accept it, take it back. A file never runs as a page of the hub."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import structs

from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.files import MEDIA_TYPES
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import claimants, repository
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.lifecycle.gates import paper_called
from standards_hub.lifecycle.pages.words import words_of
from standards_hub.lifecycle.schemas import Because, PaperIn
from standards_hub.lifecycle.services import dossier
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.values import Paper, Standard

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "standard.read"}
ADD: dict[str, Any] = {"permission": "standard.dossier_add"}
TEXTS, IMAGES, PDF, WORD = ("text/plain", "text/csv"), ("image/png", "image/jpeg"), MEDIA_TYPES[".pdf"], MEDIA_TYPES[".docx"]
MOST_TEXT = 200_000
"""Characters of a text file that its page shows."""
SHOWN_PDF = {
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
"""A sandbox would keep the browser's own viewer from opening; a PDF's scripts run in that viewer and never in our pages."""


def dossier_of(id: UUID) -> str:
    return f"/standards/{id}#dossier"


@get("/standards/{id:uuid}/papers/new", opt=ADD, include_in_schema=False)
async def new_paper(request: AnyRequest, reading: Work, id: UUID, kind: str = "") -> Response[str]:
    """The form for a paper; `kind` comes filled in from the gate that wants it."""
    standard = await repository.standard(reading.connection, id)
    await claimants.require(reading, "standard.dossier_add", standard)
    form = Form.holding({"kind": kind, "dated": reading.today})
    return form_of(request, reading, standard, form)


def form_of(request: AnyRequest, work: Work, standard: Standard, form: Form) -> Response[str]:
    track = track_of(standard.track)
    wanted = {g.paper or "" for t in track.leaving(standard.step) for g in t.gates} | {
        kind for t in track.leaving(standard.step) for g in t.gates for kind in g.papers
    }
    kinds = [(p.key, p.name) for p in track.papers]
    return page(
        request, "standard/paper_new.html", status=form.error.status if form.error else 200, standard=standard, form=form, today=work.today,
        kinds=sorted(kinds, key=lambda pair: pair[0] not in wanted), types=",".join(MEDIA_TYPES),
        counts=work.actor.may("standard.dossier_accept", standard), most=work.files.most_bytes // 1024**2,
    )  # fmt: skip


@post("/standards/{id:uuid}/papers/new", opt=ADD, include_in_schema=False)
async def add_paper(request: AnyRequest, id: UUID) -> Response[Any]:
    """Put a paper into the dossier. A paper never changes, so no version of the standard is asked for."""
    async with looking(request) as reading:
        standard = await repository.standard(reading.connection, id)
    form = await Form.of(request)
    file = form.file("file")
    content = await file.read(request.app.state.hub.files.most_bytes + 1) if file else b""

    async def add(work: Work) -> UUID:
        given = form.into(PaperIn)
        if file:
            if not content:
                raise BadInput(say("材料不能入卷"), unmet=[Unmet("paper.empty", say("文件是空的"), "file")])
            await claimants.require(work, "standard.dossier_add", standard)
            given = structs.replace(given, sha256=await uploads.keep(work, content), filename=clean_text(file.filename, "data"))
        return await dossier.add_paper(work, id, given)

    done = await attempt(request, form, add)
    if done.error:  # what the API calls by its parts is one field here
        done.error.unmet = tuple(structs.replace(u, where="file") if u.where in ("sha256", "filename") else u for u in done.error.unmet)
        async with looking(request) as reading:
            return form_of(request, reading, standard, form)
    counts = request.scope["actor"].may("standard.dossier_accept", standard)  # type: ignore[typeddict-item]
    return go(request, dossier_of(id), say("材料已入卷") if counts else say("材料已提交，待秘书处确认"))


@get("/standards/{id:uuid}/papers/{paper_id:uuid}", opt={**READ, "frames": True}, include_in_schema=False)
async def paper_page(request: AnyRequest, reading: Work, id: UUID, paper_id: UUID) -> Response[str]:
    """A paper: what is known of it, its content where a browser can show it, and what may be done with it."""
    return await shown_paper(request, reading, id, paper_id, Form())


async def shown_paper(request: AnyRequest, work: Work, id: UUID, paper_id: UUID, form: Form) -> Response[str]:
    standard, paper = await _paper(work, id, paper_id)
    opens = await dossier.opens(work, standard, paper)
    text = text_of(work.files.get(paper.sha256)) if opens and paper.sha256 and paper.media_type in TEXTS else None
    written = opens and paper.sha256 and paper.media_type == WORD
    words = await asyncio.to_thread(lambda: words_of(work.files.get(paper.sha256 or ""))) if written else None
    labels = [label for label in (paper.added_by, paper.accepted_by) if label]
    return page(
        request, "standard/paper.html", status=form.error.status if form.error else 200, standard=standard, paper=paper, form=form,
        number=evidence_number(paper.id), called=paper_called(track_of(standard.track), paper),
        kind=next((p.name for p in track_of(standard.track).papers if p.key == paper.kind), paper.kind), text=text[:MOST_TEXT] if text else text,
        cut=bool(text and len(text) > MOST_TEXT), words=words, image=paper.media_type in IMAGES, pdf=paper.media_type == PDF,
        closed=None if opens else dossier.CLOSED,
        by=await views.actor_names(work, labels), may_accept=work.actor.may("standard.dossier_accept", standard),
        may_withdraw=await claimants.may(work, "standard.dossier_add" if paper.accepted_on is None else "standard.dossier_accept", standard),
    )  # fmt: skip


async def _paper(work: Work, id: UUID, paper_id: UUID) -> tuple[Standard, Paper]:
    paper = await repository.paper(work.connection, paper_id)
    standard = await repository.standard(work.connection, id)
    work.actor.require("standard.read", standard)
    if paper.standard_id != id:
        raise NotFound(say("找不到材料 {id}", id=paper_id))
    return standard, paper


def text_of(content: bytes) -> str:
    """A text file in whichever of the two encodings it is."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


@get("/standards/{id:uuid}/papers/{paper_id:uuid}/file", opt=READ, include_in_schema=False, media_type="application/octet-stream")
async def paper_file(reading: Work, id: UUID, paper_id: UUID, as_file: bool = False) -> Response[bytes]:
    """The file: shown where it is a picture or a PDF, else a download. Neither sniffed nor run."""
    await _paper(reading, id, paper_id)
    paper, content = await dossier.read_paper(reading, paper_id)
    return opened(content, paper.filename or str(paper.id), paper.media_type, as_file=as_file)


def opened(content: bytes, filename: str, media_type: str | None, *, as_file: bool) -> Response[bytes]:
    """A file that somebody handed in: a picture or a PDF to be seen, unless it is wanted as a file; everything else a download."""
    answer = download(content, filename, media_type or "application/octet-stream")
    if not as_file and media_type in (*IMAGES, PDF):
        answer.headers["Content-Disposition"] = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
        answer.headers.update(SHOWN_PDF if media_type == PDF else {})
    return answer


@post("/standards/{id:uuid}/papers/{paper_id:uuid}/acceptance", opt={"permission": "standard.dossier_accept"}, include_in_schema=False)
async def accept(request: AnyRequest, id: UUID, paper_id: UUID) -> Response[Any]:
    """Confirm that a paper is what it says, so that it meets its gate."""
    async with looking(request) as reading:
        standard, paper = await _paper(reading, id, paper_id)
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: dossier.accept_paper(work, paper_id))
    if done.value is None:
        async with looking(request) as reading:
            return await shown_paper(request, reading, id, paper_id, form)
    return go(request, dossier_of(id), say("《{title}》已确认", title=paper_called(track_of(standard.track), paper)))


@post("/standards/{id:uuid}/papers/{paper_id:uuid}/withdrawal", opt=ADD | {"frames": True}, include_in_schema=False)
async def withdraw(request: AnyRequest, id: UUID, paper_id: UUID) -> Response[Any]:
    """Take a paper back, with a reason; it stays in the record."""
    async with looking(request) as reading:
        standard, paper = await _paper(reading, id, paper_id)
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: dossier.withdraw_paper(work, paper_id, form.into(Because).reason))
    if done.value is None:
        async with looking(request) as reading:
            return await shown_paper(request, reading, id, paper_id, form)
    return go(request, dossier_of(id), say("《{title}》已撤回", title=paper_called(track_of(standard.track), paper)))


PAGES: list[Any] = [new_paper, add_paper, paper_page, paper_file, accept, withdraw]
