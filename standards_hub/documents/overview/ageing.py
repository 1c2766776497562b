"""How long a standard under way has stood in its stage, beside its nearest limit. Pure."""

from datetime import date
from typing import Any
from uuid import UUID

from standards_hub.documents.overview.model import Aged
from standards_hub.kernel.http import Said
from standards_hub.linkage.counting import Line, StandardFacts

SOON_DAYS = 30


def title_of(standard: StandardFacts) -> Said:
    return Said(standard.title_zh or standard.title_en, standard.title_en or standard.title_zh)


def aged(line: Line, on: date) -> Aged:
    """A standard under way as a mark of the figure and a row of its table."""
    return Aged(id=UUID(line.standard.id), **standing(line.standard, on))


def standing(s: StandardFacts, on: date) -> dict[str, Any]:
    """All that `Aged` says of a standard besides its id."""
    due = min((d.due for d in s.deadlines if d.state in ("running", "overdue")), default=None)
    left = (due - on).days if due else None
    state = "free" if left is None else "late" if left < 0 else "soon" if left <= SOON_DAYS else "in_time"
    return {
        "number": s.plan_number or s.number, "title": title_of(s), "level": s.level, "stage": s.main_stage,
        "step": Said(s.step_name_zh, s.step_name_en), "days": (on - s.stage_entered_on).days if s.stage_entered_on else 0, "due": due,
        "left": left, "state": state,
    }  # fmt: skip
