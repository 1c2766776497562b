"""The versions of a plan: which targets, which counting rule and which words hold from which day. Pure, out of the plan's log.

A target holds by its own dates, its first version also before anybody entered it. The rule and the words hold as of the day of the
act that set them, what the plan was registered with also before.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct

from standards_hub.kernel.events import Replica, decode
from standards_hub.linkage.events import PlanEdited, PlanExtended, PlanRegistered
from standards_hub.linkage.facts import PlanFacts, TargetFacts, Term
from standards_hub.linkage.models import PlanCommitteeRow, PlanFieldRow, PlanRegionRow, PlanRow, TargetRow
from standards_hub.linkage.values import PlanCommittee, PlanField, PlanRegion, Target

Row = Mapping[str, Any]


def on_day(log: Iterable[Row], day: date, known_at: datetime | None = None) -> PlanFacts | None:
    """The plan as it was on a day from what was known at an instant; None where it was not registered by then."""
    known = [row for row in log if known_at is None or row["recorded_at"] <= known_at]
    if not known:
        return None
    held = _replayed(row for row in known if row["seq"] == 1 or row["effective_on"] <= day)
    plan = next(held.rows(PlanRow))
    targets = [Target(**_without_plan(row)) for row in _replayed(known).rows(TargetRow)]
    return PlanFacts(
        key=plan["key"], name=plan["name_zh"], document=plan["document_title"], count_rule=plan["count_rule"],
        window_start=plan["window_start"], window_end=plan["window_end"],
        targets=tuple(
            TargetFacts(
                key=t.key, name=t.name_zh, name_en=t.name_en, levels=tuple(t.levels), value=t.value, tolerance=t.tolerance, due=t.due,
                source=t.source,
            )
            for t in sorted(targets, key=lambda t: (t.position, t.n)) if t.holds_on(day)
        ),
        fields=tuple(Term(row["key"], row["name_zh"], row["name_en"]) for row in _in_order(held, PlanFieldRow)),
        regions=tuple(Term(row["code"], row["name_zh"], row["name_en"]) for row in _in_order(held, PlanRegionRow)),
    )  # fmt: skip


def committees_on(log: Iterable[Row], day: date, known_at: datetime | None = None) -> list[PlanCommittee]:
    """The committees a plan named by a day; which of the register each is holds whenever that was found, if it was known at the instant."""
    known = [row for row in log if known_at is None or row["recorded_at"] <= known_at]
    named = {row["id"] for row in _replayed(row for row in known if row["seq"] == 1 or row["effective_on"] <= day).rows(PlanCommitteeRow)}
    entries = [row for row in _in_order(_replayed(known), PlanCommitteeRow) if row["id"] in named]
    return [PlanCommittee(**_without_plan(row)) for row in entries]


class RuleVersion(Struct, frozen=True):
    """The counting rule that a plan counts by from a day on."""

    n: int
    rule: str
    since: date


class WordsVersion(Struct, frozen=True):
    """A version of the plan's vocabulary, by the fields and regions that it added."""

    n: int
    since: date
    fields: list[PlanField]
    regions: list[PlanRegion]


def rules_of(log: Iterable[Row]) -> list[RuleVersion]:
    """Every counting rule the plan had, the first first."""
    found: list[RuleVersion] = []
    for row in log:
        event = decode(row["type"], row["payload"])
        facts = event.facts if isinstance(event, PlanRegistered) else event.after if isinstance(event, PlanEdited) else None
        if facts and facts.count_rule is not UNSET:
            found.append(RuleVersion(len(found) + 1, str(facts.count_rule), row["effective_on"]))
    return found


def words_of(log: Iterable[Row]) -> list[WordsVersion]:
    """Every version of the plan's vocabulary, the first first."""
    found: list[WordsVersion] = []
    for row in log:
        event = decode(row["type"], row["payload"])
        words = event.words if isinstance(event, PlanRegistered) else event if isinstance(event, PlanExtended) else None
        if words and (words.fields or words.regions or not found):
            found.append(WordsVersion(len(found) + 1, row["effective_on"], words.fields, words.regions))
    return found


def _replayed(rows: Iterable[Row]) -> Replica:
    replica = Replica(partial=True)
    for row in rows:
        replica.apply(row)
    return replica


def _without_plan(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "plan_id"}


def _in_order(replica: Replica, model: type[PlanFieldRow | PlanRegionRow | PlanCommitteeRow]) -> list[Row]:
    return sorted(replica.rows(model), key=lambda row: row["position"])
