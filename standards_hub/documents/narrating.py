"""What an author writes into the reports of a period: kept apart from them, so that it survives every regeneration."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from standards_hub.documents import repository
from standards_hub.documents.events import NarrativeWritten
from standards_hub.documents.report.kinds import Place, ReportKind, places_of
from standards_hub.documents.report.narrative import EMPTY, Narrative, missing
from standards_hub.documents.schemas import NarrativeOut, NarrativeText
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.http import expect
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository as linkage


def narrative_id(plan: str, kind: ReportKind, as_of: date) -> UUID:
    """The id of the stream in which an author writes for a plan, kind and day."""
    return uuid5(NAMESPACE_URL, f"narrative:{plan}:{kind}:{as_of}")


async def read(work: Work, plan: str, kind: ReportKind, as_of: date) -> NarrativeOut:
    """What was written for a period, and for the one before, which may be taken over. Raises `NotFound` without the plan."""
    work.actor.require("report.read")
    await linkage.plan_by_key(work, plan)
    found = await repository.narrative(work.connection, plan, kind, as_of)
    before = await repository.narrative_before(work.connection, plan, kind, as_of)
    newest = await repository.newest(work.connection, plan, kind, as_of)
    content = found.content if found else EMPTY
    return NarrativeOut(
        plan=plan, kind=kind, as_of=as_of, version=found.version if found else 0, content=content,
        missing=missing(kind, content, newest.short if newest else ()), previous_as_of=before.as_of if before else None,
        previous=before.content if before else None,
    )  # fmt: skip


async def write(
    work: Work, plan: str, kind: ReportKind, as_of: date, given: Narrative, *, expected: str | None = None
) -> NarrativeText:  # fmt: skip
    """Keep what an author wrote, all places at once. Raises `BadInput` at each place that does not belong here or is too long.

    `expected` is the version that the author read; raises `Stale` where another is there by now.
    """
    work.actor.require("report.make")
    work.actor.require("report.make", await linkage.plan_by_key(work, plan, lock=True))
    if unmet := _unmet(kind, given):
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)
    found = await repository.narrative(work.connection, plan, kind, as_of)
    expect(expected, found.version if found else 0)
    text = found or NarrativeText(id=narrative_id(plan, kind, as_of), plan_key=plan, kind=kind, as_of=as_of)
    if found is None or found.content != given:
        await work.append(text, NarrativeWritten(plan_key=plan, kind=kind, as_of=as_of, content=given))
        text.content = given
    return text


def _unmet(kind: ReportKind, given: Narrative) -> list[Unmet]:
    places = places_of(kind)
    foreign = [key for key in (*given.texts, *given.omitted) if key not in places or places[key].form != "text"]
    unmet = [Unmet("place", say("这种报告没有此处文字"), f"texts.{key}") for key in dict.fromkeys(foreign)]
    unmet += [
        Unmet("long", say("最多 {most} 字，现有 {length} 字", most=places[key].most, length=len(text)), f"texts.{key}")
        for key, text in given.texts.items() if key in places and len(text) > places[key].most
    ]  # fmt: skip
    unmet += [Unmet("omit", say("此处不能不写"), f"omitted.{key}") for key in given.omitted if key in places and not places[key].omit]
    if given.steps and not _has(places, "steps"):
        unmet.append(Unmet("place", say("这种报告没有此处文字"), "steps"))
    if given.shortfalls and not _has(places, "shortfalls"):
        unmet.append(Unmet("place", say("这种报告没有此处文字"), "shortfalls"))
    return unmet


def _has(places: dict[str, Place], form: str) -> bool:
    return any(place.form == form for place in places.values())
