"""The log as a page, and its proof, which may be left and found again."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.kernel.access.values import BODY_NAMES
from standards_hub.kernel.admin import log, proving
from standards_hub.kernel.admin.log import LogFilter
from standards_hub.kernel.errors import HubError, NotFound, Unmet
from standards_hub.kernel.events import EVENT_NAMES
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import number_in
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
READ = {"permission": "audit.read"}
PAGE_SIZE = 50
MOST = 10_000
"""Counted this far; beyond it, more."""
STREAM_NAMES: dict[str, Message | Name] = {
    **{kind: name for kind, name in BODY_NAMES.items() if kind != "hub"},
    "account": say("账号"),
    "person": say("人员"),
    "plan": say("计划"),
    "import": say("导入"),
    "report": say("报告"),
    "snapshot": say("快照"),
    "holidays": say("节假日"),
    "ballot": say("表决"),
    "meeting": say("会议"),
    "narrative": say("报告的文字"),
    "enquiry": say("征求意见"),
}


class LogQuery(Struct):
    """The fields of the filter as they stand in the address."""

    stream: str = ""
    kind: str = ""
    type: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None


@get("/admin/log", opt=READ, include_in_schema=False)
async def log_page(request: AnyRequest, reading: Work) -> Response[str]:
    """The log, the latest first, in words."""
    form = Form(fields={name: [value] for name, value in request.query_params.items()})
    query = LogQuery()
    entries: list[log.Entry] = []
    fitting = 0
    after = form.text("after")
    try:
        query = form.into(LogQuery)
        actor = await log.actor_called(reading.connection, query.actor) if query.actor else None
        wanted = LogFilter(
            stream=query.stream or None, kind=query.kind or None, types=[query.type] if query.type else [], actor=actor,
            since=query.since, until=query.until,
        )  # fmt: skip
        entries = await log.entries(reading.connection, wanted, after=number_in(after, 18), limit=PAGE_SIZE + 1)
        fitting = await log.matching(reading.connection, wanted, MOST) if wanted != LogFilter() else 0
    except NotFound as error:
        error.unmet = (Unmet("actor", error.message, "actor"),)
        form.error = error
    except HubError as error:
        form.error = error
    shown = entries[:PAGE_SIZE]
    return page(
        request, "admin/log.html", status=form.error.status if form.error else 200, form=form, entries=shown, names=EVENT_NAMES,
        kinds=STREAM_NAMES, actors=await log.actors(reading.connection, {entry.actor for entry in shown}),
        subjects=await log.subjects(reading.connection, shown), length=await log.length(reading.connection), facts=facts_of,
        after=shown[-1].id if len(entries) > PAGE_SIZE else None, filtered=any(msgspec.structs.asdict(query).values()),
        fitting=fitting, most=MOST,
    )  # fmt: skip


def facts_of(payload: Any) -> list[tuple[str, str]]:
    """What an event says as names and values; what is nested keeps its form."""
    if not isinstance(payload, dict):
        return []
    return [(name, value if isinstance(value, str) else _said(value)) for name, value in payload.items() if value not in (None, "", [], {})]


def _said(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1 if isinstance(value, dict | list) else 0).decode()


@get("/admin/log/verify", opt=READ, include_in_schema=False)
async def proofs_page(request: AnyRequest, reading: Work) -> Response[str]:
    """The last proofs, and asking for one."""
    found = await proving.proofs(reading.connection)
    actors = await log.actors(reading.connection, {proof.asked_by for proof in found})
    return page(request, "admin/proofs.html", proofs=found, actors=actors, length=await log.length(reading.connection))


@post("/admin/log/verify", opt=READ, include_in_schema=False)
async def ask(request: AnyRequest) -> Response[Any]:
    """Ask for a proof and go to where one sees how far it is."""
    form = await Form.of(request)
    outcome = await attempt(request, form, proving.ask)
    if outcome.error:
        raise outcome.error
    return go(request, f"/admin/log/verify/{outcome.value}")


@get("/admin/log/verify/{proof_id:uuid}", opt=READ, include_in_schema=False)
async def proof_page(request: AnyRequest, reading: Work, proof_id: UUID) -> Response[str]:
    """How far a proof is, or what it found; scripts ask for the middle part again and again until it has ended."""
    found = await proving.proof(reading.connection, proof_id)
    actors = await log.actors(reading.connection, [found.asked_by])
    part = bool(request.headers.get("hx-request"))
    return page(request, "admin/proof_part.html" if part else "admin/proof.html", proof=found, actors=actors)


PAGES: list[Any] = [log_page, proofs_page, ask, proof_page]
