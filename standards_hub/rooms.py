"""Every room of the house, named once: tables, doors, jobs, and the ports that higher rooms fill for lower ones."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees import ports as register_ports
from standards_hub.committees import repository as committees
from standards_hub.committees.ballots import jobs as ballot_jobs
from standards_hub.committees.ballots import ports as ballot_ports
from standards_hub.committees.ballots.controllers import CONTROLLERS as BALLOTS
from standards_hub.committees.ballots.pages import PAGES as BALLOT_PAGES
from standards_hub.committees.comments import jobs as comment_jobs
from standards_hub.committees.comments import ports as comment_ports
from standards_hub.committees.comments.controllers import CONTROLLERS as COMMENTS
from standards_hub.committees.comments.pages import PAGES as COMMENT_PAGES
from standards_hub.committees.controllers import CONTROLLERS as COMMITTEES
from standards_hub.committees.founding.controllers import CONTROLLERS as FOUNDING
from standards_hub.committees.meetings import happening as meetings_held
from standards_hub.committees.meetings import jobs as meeting_jobs
from standards_hub.committees.meetings import ports as meeting_ports
from standards_hub.committees.meetings.controllers import CONTROLLERS as MEETINGS
from standards_hub.committees.meetings.pages import PAGES as MEETING_PAGES
from standards_hub.committees.pages import PAGES as REGISTER_PAGES
from standards_hub.committees.registering.controllers import CONTROLLERS as SHEETS
from standards_hub.committees.seats import happening
from standards_hub.committees.seats import ports as occasions
from standards_hub.committees.seats.controllers import CONTROLLERS as SEATS
from standards_hub.committees.warning import jobs as warning_jobs
from standards_hub.documents import drafting
from standards_hub.documents.ballots import CONTROLLERS as RESULTS
from standards_hub.documents.ballots import PAGES as SHEET_FILES
from standards_hub.documents.controllers import CONTROLLERS as DOCUMENTS
from standards_hub.documents.meetings.doors import CONTROLLERS as MEETING_FILES
from standards_hub.documents.meetings.doors import PAGES as MEETING_FILE_PAGES
from standards_hub.documents.pages import PAGES as DOCUMENT_PAGES
from standards_hub.kernel import idempotency, mail
from standards_hub.kernel import jobs as kernel_jobs
from standards_hub.kernel.access import bodies as role_bodies
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.controllers import CONTROLLERS as ACCESS
from standards_hub.kernel.access.letter_controllers import CONTROLLERS as LETTERS
from standards_hub.kernel.access.pages import PAGES as ACCESS_PAGES
from standards_hub.kernel.admin.controllers import CONTROLLERS as ADMIN
from standards_hub.kernel.admin.pages import PAGES as ADMIN_PAGES
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import absorbing, balloting, claimants, convening, evidence, jobs, repository, waiting
from standards_hub.lifecycle.calendar import CONTROLLERS as CALENDAR
from standards_hub.lifecycle.calendar import PAGES as CALENDAR_FILES
from standards_hub.lifecycle.catalogue import events as catalogue_events
from standards_hub.lifecycle.catalogue.controllers import CONTROLLERS as CATALOGUE
from standards_hub.lifecycle.catalogue.pages import PAGES as CATALOGUE_PAGES
from standards_hub.lifecycle.consulting import CommentDrafts, disposed
from standards_hub.lifecycle.controllers import CONTROLLERS as LIFECYCLE
from standards_hub.lifecycle.gates import Evidence
from standards_hub.lifecycle.holdings import Holdings
from standards_hub.lifecycle.intake import events as intake_events
from standards_hub.lifecycle.intake import models as intake
from standards_hub.lifecycle.intake import ports as intake_ports
from standards_hub.lifecycle.intake.controllers import CONTROLLERS as INTAKE
from standards_hub.lifecycle.intake.pages import PAGES as INTAKE_PAGES
from standards_hub.lifecycle.pages.acts import PAGES as ACT_PAGES
from standards_hub.lifecycle.pages.board import PAGES as BOARD_PAGES
from standards_hub.lifecycle.pages.listing import PAGES as LIST_PAGES
from standards_hub.lifecycle.pages.papers import PAGES as PAPERS
from standards_hub.lifecycle.pages.proposing import PAGES as PROPOSING_PAGES
from standards_hub.lifecycle.pages.standard import PAGES as STANDARD
from standards_hub.lifecycle.pages.todo import PAGES as TODO_PAGES
from standards_hub.lifecycle.pages.tracks import PAGES as TRACK_PAGES
from standards_hub.lifecycle.pages.views import PAGES as VIEW_PAGES
from standards_hub.lifecycle.services.bodies import titles as body_titles
from standards_hub.lifecycle.tracks.model import Gate
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage import absorbing as leading
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.allotments.controllers import CONTROLLERS as ALLOTMENTS
from standards_hub.linkage.allotments.pages import PAGES as ALLOTMENT_PAGES
from standards_hub.linkage.claiming import alerts
from standards_hub.linkage.claiming import service as claiming
from standards_hub.linkage.controllers import CONTROLLERS as LINKAGE
from standards_hub.linkage.intake import PortfolioLinkage
from standards_hub.linkage.pages import PAGES as LINKAGE_PAGES
from standards_hub.linkage.snapshots import service as snapshots
from standards_hub.linkage.snapshots.controllers import CONTROLLERS as SNAPSHOTS
from standards_hub.linkage.snapshots.pages import PAGES as SNAPSHOT_PAGES
from standards_hub.web.doors import PAGES as WEB
from standards_hub.web.help import PAGES as HELP
from standards_hub.web.searching import CONTROLLERS as SEARCHING
from standards_hub.web.searching import PAGES as SEARCH_PAGES

API: list[Any] = [
    *ACCESS,
    *COMMITTEES,
    *SHEETS,
    *SEATS,
    *FOUNDING,
    *BALLOTS,
    *COMMENTS,
    *MEETINGS,
    *MEETING_FILES,
    *LIFECYCLE,
    *CALENDAR,
    *CATALOGUE,
    *INTAKE,
    *LINKAGE,
    *ALLOTMENTS,
    *SNAPSHOTS,
    *DOCUMENTS,
    *RESULTS,
    *SEARCHING,
    *LETTERS,
    *ADMIN,
]
PAGES: list[Any] = [
    *WEB,
    *HELP,
    *ACCESS_PAGES,
    *CALENDAR_FILES,
    *STANDARD,
    *PAPERS,
    *TRACK_PAGES,
    *CATALOGUE_PAGES,
    *ACT_PAGES,
    *PROPOSING_PAGES,
    *LIST_PAGES,
    *BOARD_PAGES,
    *VIEW_PAGES,
    *SEARCH_PAGES,
    *DOCUMENT_PAGES,
    *REGISTER_PAGES,
    *BALLOT_PAGES,
    *SHEET_FILES,
    *COMMENT_PAGES,
    *SNAPSHOT_PAGES,
    *MEETING_PAGES,
    *MEETING_FILE_PAGES,
    *ALLOTMENT_PAGES,
    *LINKAGE_PAGES,
    *ADMIN_PAGES,
    *INTAKE_PAGES,
    *TODO_PAGES,
]


async def _parent(work: Work, standard: Standard, _gate: Gate) -> Evidence:
    """Whether the adopted international standard is named: the evidence of a `parent` gate."""
    named = [r for r in await repository.relations(work.connection, standard.id) if r.kind == "adopts"]
    if not named:
        return Evidence(False, say("尚未指明所采用的国际标准"))
    return Evidence(
        True,
        say("采用 {parent}（{degree}）", parent=named[0].identifier or named[0].edition or "—", degree=named[0].degree),
        (str(named[0].id),),
    )


BODIES: dict[str, Callable[[AsyncConnection, UUID], Awaitable[object]]] = {
    "committee": committees.committee,
    "organisation": committees.organisation,
    "project": linkage.project,
    "standard": repository.standard,
}
"""How a body is read in which a role may be held, by its kind."""


def _exists(read: Callable[[AsyncConnection, UUID], Awaitable[object]]) -> access.BodyCheck:
    async def exists(connection: AsyncConnection, id: str) -> bool:
        try:
            await read(connection, UUID(id))
        except NotFound:
            return False
        return True

    return exists


async def _committee_called(connection: AsyncConnection, text: str) -> UUID | None:
    try:
        return (await committees.find_committee(connection, text)).id
    except (NotFound, BadInput):  # nothing, or more than one
        return None


def fill_ports() -> None:
    """Let the rooms hear of each other where the imports may not run."""
    access.BODY_CHECKS.update({kind: _exists(read) for kind, read in BODIES.items()})
    evidence.register("field:parent", _parent)
    evidence.register(balloting.PROVIDER, convening.evidence)
    meeting_ports.register(balloting.KIND, convening.StandardMeetings())
    ballot_ports.register(balloting.KIND, say("标准"), balloting.StandardSubjects())
    evidence.register("comments", disposed)
    comment_ports.connect("standard", CommentDrafts())
    register_ports.connect(Holdings())
    role_bodies.names_by("lifecycle", body_titles)
    role_bodies.finds("committee", _committee_called)
    register_ports.carries("standards", absorbing.departments)
    register_ports.carries("projects", leading.projects)
    register_ports.carries("plans", leading.plans)
    register_ports.opens("ballots", happening.ballots)
    register_ports.opens("enquiries", happening.enquiries)
    register_ports.opens("meetings", meetings_held.to_come)
    waiting.waits("reports", drafting.waiting)
    waiting.waits("corrections", snapshots.waiting)
    waiting.waits("claims", claiming.waiting)
    waiting.waits("slips", alerts.waiting)
    occasions.register("ballots", happening.occasions)
    occasions.register("meetings", meetings_held.occasions)
    claimants.connect(linkage.claimants)
    intake_ports.connect(PortfolioLinkage())


__all__ = [
    "API",
    "PAGES",
    "ballot_jobs",
    "catalogue_events",
    "comment_jobs",
    "fill_ports",
    "idempotency",
    "intake",
    "intake_events",
    "jobs",
    "kernel_jobs",
    "mail",
    "warning_jobs",
    "meeting_jobs",
]
