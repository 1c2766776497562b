"""The page of one standard: everything on it, read at once, with names in place of ids."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from standards_hub.committees import repository as committees
from standards_hub.committees.comments import repository as comments
from standards_hub.kernel import frequent, holidays
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.frequent import Question
from standards_hub.kernel.holidays import DayOff
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import claimants, possible, repository
from standards_hub.lifecycle.catalogue import repository as catalogue
from standards_hub.lifecycle.entries import Entry
from standards_hub.lifecycle.entries import entries as every
from standards_hub.lifecycle.intake import ports
from standards_hub.lifecycle.jobs import ROLES_OF_HOLDER
from standards_hub.lifecycle.limits import warning_days
from standards_hub.lifecycle.relations import RELATION_NAMES
from standards_hub.lifecycle.sentence import comment_gate, comment_period, commented_on
from standards_hub.lifecycle.services import reading
from standards_hub.lifecycle.services.moving import ways
from standards_hub.lifecycle.services.reading import Whole
from standards_hub.lifecycle.shown import Line, Related, Shown, Stay, Timed
from standards_hub.lifecycle.telling import ENTERING, Known, Text, decoded, named_in, told, visits_of
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import ENDED, UNDER_WAY, Deadline, Visit

RECENT = 12
"""Events of the history that are shown at once."""


ASKED = ("standard.dossier_add", "standard.dossier_accept", "standard.waive", "standard.watch", "standard.relate", "audit.read",
         "project.read", "committee.read")  # fmt: skip


async def shown(work: Work, standard_id: UUID, *, on: date | None = None, all_events: bool = False) -> Shown:
    """A standard with everything its page shows; with `on`, as it was on that day."""
    past = on is not None and on < work.today
    part = not (all_events or past)
    if part:
        whole, told_of = await reading.whole_and_newest(work, standard_id, RECENT, ENTERING)
    else:
        whole = await (reading.whole_on(work, standard_id, on) if past and on else reading.whole(work, standard_id))
    standard, day = whole.standard, on if past and on else work.today
    track, inside = track_of(standard.track), work.actor.may("standard.read", standard)
    if not part:
        told_of = await every(work.connection, standard) if inside else []
    entries = [entry for entry in told_of if entry.effective_on <= day]
    recent = entries[::-1] if all_events else entries[::-1][:RECENT]
    first = recent[-1].seq if recent else 0
    events = {entry.seq: decoded(entry.type, entry.payload) for entry in entries if entry.seq >= first or entry.type in ENTERING}
    older = (standard.version if part else len(entries)) - len(recent) if inside else 0
    on_from_here = await ways(work, standard, papers=whole.papers) if inside and not past else []
    scope = await claimants.scope(work, standard)
    rights = work.actor.rights(scope)
    may = {name: rights(name) for name in ASKED}
    in_events = {id for entry in recent for id in named_in(events[entry.seq])}
    labels, duty = _duty(work, whole, track, recent) if inside else (set(), accounts.on_duty(set(), set(), work.today))
    gate = comment_gate(standard, track)
    # An enquiry is known as it is now: of a past day only the procedure's period is.
    sent_out = [comments.on_subject("standard", standard_id)] if gate and not past else []
    bodies, (on_duty, called), (words, claimed_by), *enquiries = await frequent.together(
        work.connection, committees.names_of(_bodies(whole) | in_events), duty, ports.linkage().around(standard_id), *sent_out
    )
    people, acting = reading.actors(labels, called), sorted(on_duty.values())
    names, titles, paths = await _names(work, whole, bodies, in_events)
    related = _related(whole, names, titles, paths, inside)
    known = Known(
        track, names, {paper.id: (paper.kind, paper.title) for paper in whole.papers}, {d.id: Name(d.name_zh, d.name_en) for d in whole.deadlines},
        {r.relation.id: say("{kind} {target}", kind=r.word, target=r.label) for r in related}, words,
    )  # fmt: skip
    offered = [] if past else possible.offers(
        standard, track, on_from_here, whole.deadlines, whole.extensions, work.actor, scope
    )  # fmt: skip
    off = await holidays.days_off(work.connection, (d.due_on for d in whole.deadlines if d.state == "running" and d.due_on >= day))
    limits = [_timed(d, track, day, off) for d in whole.deadlines]
    commenting, enquiry = None, None
    if gate:
        here = (one for found in enquiries for one in found if standard.step_entered_on <= one.opened_on)
        enquiry = next((one for one in here if one.public or inside), None)
        if enquiry:
            commenting = commented_on(enquiry, day)
        else:
            texts = whole.papers if inside or past else await repository.papers(work.connection, standard_id)
            commenting = comment_period(gate, texts, standard.step_entered_on, day)
    listed = [] if standard.status in ENDED else on_from_here
    return Shown(
        whole, track, day, past, inside, names, words, known, _stays(track, whole, visits_of(events.items())), listed, offered,
        possible.most_likely(offered, standard, [t.deadline for t in limits], day), may, limits, related,
        claimed_by if may["project.read"] and not past else [],
        [Line(entry, told(events[entry.seq], known), people.get(entry.actor, entry.actor)) for entry in recent],
        older, people, acting, commenting, enquiry.id if enquiry else None,
    )  # fmt: skip


def _bodies(whole: Whole) -> set[UUID]:
    """The committees, organisations and people of a standard."""
    standard = whole.standard
    ids = {standard.committee_id, standard.department_id, standard.lead_drafter_id, standard.leader_id}
    ids |= {unit.organisation_id for unit in whole.drafting_units} | {drafter.person_id for drafter in whole.drafters}
    return {id for id in ids if id}


async def _names(
    work: Work, whole: Whole, bodies: dict[UUID, Name], in_events: set[UUID]
) -> tuple[dict[UUID, Text], dict[UUID, Text], dict[UUID, str]]:
    """What the bodies, standards and entries around a standard are called, their titles and where they lead; one query a kind."""
    around = {r.target_id for r in whole.relations} | {r.standard_id for r in whole.relations_to}
    names: dict[UUID, Text] = {**bodies}
    others = {id for id in around | (in_events - names.keys()) if id}
    titles: dict[UUID, Text] = {}
    paths: dict[UUID, str] = {}
    for id, other in (await repository.standards(work.connection, others) if others else {}).items():
        if repository.may_see(work.actor, other):
            names[id], paths[id] = other.label, f"/standards/{id}"
            titles[id] = Name(other.title_zh, other.title_en or other.title_zh)
    entries = {r.catalogue_id for r in whole.relations if r.catalogue_id} | (in_events - names.keys())
    for id, entry in (await catalogue.lines(work.connection, sorted(entries)) if entries else {}).items():
        names[id], titles[id], paths[id] = entry.docid, entry.title, f"/catalogue/{id}"
    return names, titles, paths


def _duty(
    work: Work, whole: Whole, track: Track, entries: list[Entry]
) -> tuple[set[str], Question[tuple[dict[UUID, str], dict[UUID, str]]]]:
    """The actors of the log, and the question what they are called and who acts for the holder of the present step."""
    standard = whole.standard
    labels = {entry.actor for entry in entries} | {waiver.waived_by for waiver in whole.waivers}
    labels |= {by for paper in whole.papers for by in (paper.added_by, paper.accepted_by) if by} | set(whole.watchers)
    labels |= {by for extension in whole.extensions for by in (extension.asked_by, extension.decided_by) if by}
    roles = set(ROLES_OF_HOLDER[track.step(standard.step).holder]) if standard.status in UNDER_WAY else set()
    return labels, accounts.on_duty(roles, standard.bodies(), work.today, reading.accounts_of(labels).values())


def _related(whole: Whole, names: dict[UUID, Text], titles: dict[UUID, Text], paths: dict[UUID, str], inside: bool) -> list[Related]:
    """The relations in both directions; the public does not hear of standards that are not public."""
    found = []
    for relation in whole.relations:
        id = relation.target_id or relation.catalogue_id
        if relation.target_id and not inside and relation.target_id not in paths:
            continue
        label: Text = names.get(id, say("已不在库中")) if id else relation.identifier or "—"
        search = f"/catalogue?q={relation.identifier}" if relation.identifier else None
        found.append(
            Related(
                relation, RELATION_NAMES[relation.kind][0], label, titles.get(id, "") if id else "", paths.get(id) if id else search, True
            )
        )
    for relation in whole.relations_to:
        if relation.standard_id in paths:
            label = names[relation.standard_id]
            title = titles[relation.standard_id]
            found.append(Related(relation, RELATION_NAMES[relation.kind][1], label, title, paths[relation.standard_id], False))
    return found


def _stays(track: Track, whole: Whole, events: dict[UUID, int]) -> list[Stay]:
    here = track.position(whole.standard.step)
    been: dict[str, list[Visit]] = {}
    for visit in whole.visits:
        been.setdefault(visit.step, []).append(visit)
    until = [(_until(track, deadline), deadline) for deadline in whole.deadlines if deadline.state in ("running", "paused")]
    found = []
    for place, step in enumerate(track.steps):
        visits = been.get(step.key, [])
        if place == here:
            state = "current" if whole.standard.status in UNDER_WAY else "done"
        elif place < here:
            state = "done" if visits else "passed"
        else:
            state = "back" if visits else "ahead"
        stays = [(visit, events.get(visit.id)) for visit in visits]
        found.append(Stay(step, state, stays, [deadline for key, deadline in until if key == step.key]))
    return found


def _until(track: Track, deadline: Deadline) -> str | None:
    return next((limit.until for limit in track.limits if limit.key == deadline.limit), None)


def _timed(deadline: Deadline, track: Track, day: date, off: Mapping[date, DayOff]) -> Timed:
    limit = next((limit for limit in track.limits if limit.key == deadline.limit), None)
    warnings = [d for d in warning_days(limit, deadline.due_on) if d >= day] if deadline.state == "running" else []
    return Timed(deadline, limit, (deadline.due_on - day).days, warnings, off.get(deadline.due_on) if deadline.state == "running" else None)
