"""From facts to the report: one object that every format prints."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from standards_hub.documents.report import narrative
from standards_hub.documents.report.annexes import annexes, sources_of_targets, tables
from standards_hub.documents.report.around import NOTHING, Around
from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.model import ProgressReport
from standards_hub.documents.report.narrative import EMPTY, Narrative
from standards_hub.documents.report.outline import sections
from standards_hub.documents.report.source import Correction, Source
from standards_hub.documents.report.wording import clean
from standards_hub.kernel.clock import ZONE
from standards_hub.linkage.counting import Counted, count
from standards_hub.linkage.facts import PlanFacts, StandardFacts
from standards_hub.linkage.forecast.foreseeing import foresee
from standards_hub.linkage.forecast.histories import History
from standards_hub.linkage.rule import CountRule


def build(
    plan: PlanFacts,
    facts: Iterable[StandardFacts],
    rule: CountRule,
    *,
    as_of: date,
    known_at: datetime,
    data_hash: str,
    kind: ReportKind = "progress",
    previous: Counted | None = None,
    previous_as_of: date | None = None,
    around: Around = NOTHING,
    written: Narrative = EMPTY,
    correction: Correction | None = None,
    histories: Sequence[History] = (),
) -> ProgressReport:
    """The report on a plan as of the end of a day, knowing what was on record at `known_at` (an aware instant).

    `previous` is the count of an earlier day; with it come the changes and their annex. `histories` is what the forecast learns from. Raises `BadInput` from counting.
    """
    counted = count(facts, plan, rule, as_of)
    source = Source(
        plan=plan, counted=counted, forecast=foresee(counted, plan, rule, histories), rule=rule, key=kind, known_at=known_at, data_hash=data_hash, previous=previous,
        since=(previous_as_of or previous.as_of) if previous else None, around=around, narrative=written, correction=correction,
    )  # fmt: skip
    made = tables(source)
    return ProgressReport(
        title=clean(plan.report_title),
        subtitle=f"（{source.kind.span(as_of)}）",
        plan_key=plan.key,
        plan_name=clean(plan.name),
        document=clean(plan.document),
        as_of=as_of,
        known_at=known_at,
        data_hash=data_hash,
        rule=rule,
        counted=counted,
        forecast=source.forecast,
        previous_as_of=source.since,
        exemplars=source.exemplars,
        sections=sections(source),
        annexes=annexes(source, made),
        issued_on=known_at.astimezone(ZONE).date(),
        kind=kind,
        lists=tuple(made.values()),
        sources=tuple(sources_of_targets(source)),
        missing=tuple(narrative.missing(kind, written, source.short)),
        short=tuple(source.short),
        corrects=correction.signed_on if correction else None,
    )
