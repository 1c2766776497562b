"""What can happen to a standard, and which rows each of it writes. All pure: replay gives the same tables."""

from standards_hub.kernel.events import named, projection
from standards_hub.lifecycle.events.dossier import PaperAccepted, PaperAdded, PaperWithdrawn
from standards_hub.lifecycle.events.facts import DraftersSet, DraftingUnitsSet, Edited, NumberGiven, PlanNumberGiven, Related, Unrelated
from standards_hub.lifecycle.events.moving import Ended, Erased, GateRecord, Moved, Proposed, Reviewed, Superseded, TrackMoved, Withdrawn
from standards_hub.lifecycle.events.timing import (
    DeadlineExpired,
    DeadlineOpened,
    ExtensionAsked,
    ExtensionDecided,
    NewDue,
    Resumed,
    Running,
    Suspended,
)
from standards_hub.lifecycle.models import (
    AliasRow,
    DeadlineRow,
    DrafterRow,
    DraftingUnitRow,
    ExtensionRow,
    PaperRow,
    PlanSpellRow,
    RelationRow,
    StandardRow,
    VisitRow,
    WaiverRow,
)
from standards_hub.lifecycle.wording import EVENT_NAMES

projection(
    StandardRow,
    PlanSpellRow,
    AliasRow,
    DraftingUnitRow,
    DrafterRow,
    VisitRow,
    PaperRow,
    WaiverRow,
    DeadlineRow,
    ExtensionRow,
    RelationRow,
    stream="standard",
)
named(EVENT_NAMES)

__all__ = [
    "DeadlineExpired",
    "DeadlineOpened",
    "DraftersSet",
    "DraftingUnitsSet",
    "Edited",
    "Ended",
    "Erased",
    "ExtensionAsked",
    "ExtensionDecided",
    "GateRecord",
    "Moved",
    "NewDue",
    "NumberGiven",
    "PaperAccepted",
    "PaperAdded",
    "PaperWithdrawn",
    "PlanNumberGiven",
    "Proposed",
    "Related",
    "Resumed",
    "Reviewed",
    "Running",
    "Superseded",
    "Suspended",
    "TrackMoved",
    "Unrelated",
    "Withdrawn",
]
