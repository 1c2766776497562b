"""What the parts of an act's form let one choose from."""

from datetime import timedelta
from typing import Any

from standards_hub.kernel.forms import Form
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.acts import LEVELS, Act, newer_tracks
from standards_hub.lifecycle.intake.ports import linkage
from standards_hub.lifecycle.limits import lives
from standards_hub.lifecycle.pages import picking
from standards_hub.lifecycle.pages.asking import Asked
from standards_hub.lifecycle.pages.particulars import fact_fields
from standards_hub.lifecycle.relations import KINDS
from standards_hub.lifecycle.services.timing import limit_of
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.values import Relation, Standard

TARGETS = ("standard", "catalogue")
"""What a relation may be about, besides a number."""


async def offered(work: Work, act: Act, standard: Standard, form: Form, found: Asked) -> dict[str, Any]:
    """What the parts of this form let one choose from, and the form as it is shown."""
    offers: dict[str, Any] = {}
    parts = set(found.parts)
    if parts & {"facts", "team", "higher"}:
        if act.key == "team" and not form.rows("drafting_units") and not form.rows("drafters"):
            units = await repository.drafting_units(work.connection, standard.id)
            people = await repository.drafters(work.connection, standard.id)
            form = Form(Form.holding({"drafting_units": units, "drafters": people}).fields | form.fields, form.files, form.error)
        ids = [(kind, id) for name, kind in picking.picks(form) if (id := picking.id_of(form.text(name)))]
        offers["lists"] = await picking.lists(work, ids)
        form = picking.named(form, offers["lists"])
    if "facts" in parts:
        offers["words"] = await linkage().words(work)
        offers["facts"] = fact_fields(found.track)
    if "target" in parts:
        typed = form.text("target_q")
        held = await picking.target(work, form.text("target"))
        merging = act.key == "merge"
        hits = await picking.targets(work, typed, TARGETS[:1] if merging else TARGETS, standard.id, under_way=merging)
        offers["targets"] = [*([held] if held else []), *(hit for hit in hits if not held or hit.value != held.value)]
        offers["only"] = "standard&under_way=true" if merging else ""
    if "relations" in parts:
        offers["relations"] = [(r.id, await _said_of(work, r)) for r in await repository.relations(work.connection, standard.id)]
    if "higher" in parts:
        above = LEVELS[LEVELS.index(standard.level) + 1 :] if standard.level in LEVELS else ()
        keys = dict.fromkeys(t.key for t in load_tracks().values() if t.level in above)
        offers["tracks"] = [(key, newest(key).name) for key in keys]
    if "version" in parts:
        offers["versions"] = [(t.id, say("{track}，{version} 版", track=t.name, version=t.version)) for t in newer_tracks(found.track)]
    if parts & {"extension", "decision"}:
        offers |= await _time(work, standard, found)
    return {"form": form, **offers}


async def _said_of(work: Work, relation: Relation) -> Message:
    value = next((f"{kind}:{id}" for kind, id in (("standard", relation.target_id), ("catalogue", relation.catalogue_id)) if id), "")
    there = await picking.target(work, value or f"identifier:{relation.identifier}")
    return say("{kind} {target}", kind=KINDS[relation.kind], target=f"{there.name} {there.about}" if there else "—")


async def _time(work: Work, standard: Standard, found: Asked) -> dict[str, Any]:
    deadlines = await repository.deadlines(work.connection, standard.id)
    limits = [(d, limit) for d in deadlines if lives(d) and (limit := limit_of(standard, d.limit)) and limit.extension]
    waiting = next((e for e in await repository.extensions(work.connection, standard.id) if e.state == "asked"), None)
    about = next((Name(d.name_zh, d.name_en) for d in deadlines if waiting and d.id == waiting.deadline_id), None)
    due = next((d.due_on for d in deadlines if waiting and d.id == waiting.deadline_id), None)
    late = any(work.today > d.due_on - timedelta(days=rule.extension.ask_days_before.value) for d, rule in limits if rule.extension)
    options = [(rule.key, rule.name) for _, rule in limits]
    return {"limits": limits, "late_any": late, "limit_options": options, "waiting": waiting, "waiting_limit": about, "waiting_due": due}
