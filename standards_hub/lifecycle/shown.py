"""What the page of one standard shows, as values: the course, acts, limits, relations and history, and how they hang together. Pure."""

from datetime import date
from itertools import groupby
from uuid import UUID

from msgspec import Struct, field

from standards_hub.kernel.access.actor import ROLE_NAMES
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.holidays import DayOff
from standards_hub.kernel.messages import Message
from standards_hub.lifecycle import possible
from standards_hub.lifecycle.acts import GROUPS
from standards_hub.lifecycle.entries import Entry
from standards_hub.lifecycle.gates import GateState
from standards_hub.lifecycle.intake.ports import Claimant, Words
from standards_hub.lifecycle.limits import lives
from standards_hub.lifecycle.possible import Offer
from standards_hub.lifecycle.services.moving import Way
from standards_hub.lifecycle.services.reading import Whole
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.telling import Known, Text, Told
from standards_hub.lifecycle.tracks.model import Limit, Step, Track
from standards_hub.lifecycle.values import Deadline, Paper, Relation, Visit


class Line(Struct, frozen=True):
    """An event of the history as the page tells it."""

    entry: Entry
    told: Told
    actor: Text


class Stay(Struct, frozen=True):
    """A step of the track with the stays at it, and the limits that end there."""

    step: Step
    state: str
    """done, current, ahead, passed (over) or back (been there, and returned from it)"""
    visits: list[tuple[Visit, int | None]]
    """The stays, each with the number of the event that led to it."""
    due: list[Deadline]


class Group(Struct, frozen=True):
    """A stage of the course with its steps."""

    code: str
    stays: list[Stay]

    @property
    def state(self) -> str:
        """current where the standard stands, done where it has been, else ahead."""
        states = {stay.state for stay in self.stays}
        return "current" if "current" in states else "done" if states & {"done", "passed"} else "ahead"


class Related(Struct, frozen=True):
    """A relation as seen from this standard."""

    relation: Relation
    word: Message
    label: Text
    title: Text
    path: str | None
    outgoing: bool


class Timed(Struct, frozen=True):
    """A limit of the standard with what its track says about it."""

    deadline: Deadline
    limit: Limit | None
    left: int
    """Days left, negative when overrun."""
    warnings: list[date]
    """The days on which the holder is still to be reminded."""
    off: DayOff | None = None
    """Where it ends on a day on which nobody is at work."""

    @property
    def open(self) -> bool:
        """Whether it still runs, rests, or holds the standard frozen."""
        return self.deadline.state == "paused" or lives(self.deadline)


class Shown(Struct, frozen=True):
    """One standard as its page shows it, on a day, to one actor."""

    whole: Whole
    track: Track
    day: date
    past: bool
    """Whether it is the view of a past day."""
    inside: bool
    """Whether the actor may see more than the public."""
    names: dict[UUID, Text]
    words: Words
    known: Known
    stays: list[Stay]
    ways: list[Way] = []
    offers: list[Offer] = []
    primary: Offer | None = None
    may: dict[str, bool] = {}
    limits: list[Timed] = []
    relations: list[Related] = []
    projects: list[Claimant] = []
    lines: list[Line] = []
    more: int = 0
    """Older events that are not shown."""
    people: dict[str, Message | str] = field(default_factory=dict)
    """What the actors of the log are called, by label."""
    acting: list[str] = []
    """Who acts for the holder of the present step."""
    commenting: Message | None = None
    """Whether and until when the draft is out for comment."""
    enquiry: UUID | None = None
    """Where it may be read and commented on."""

    @property
    def forward(self) -> Way | None:
        return possible.one_way_forward(self.ways)

    @property
    def possible(self) -> list[tuple[Message, list[Offer]]]:
        """The acts that the actor may do now, by groups."""
        now = [offer for offer in self.offers if offer.why_not is None]
        groups = [(name, [offer for offer in now if offer.act.group == key]) for key, name in GROUPS.items()]
        return [(name, offers) for name, offers in groups if offers]

    @property
    def not_now(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.why_not is not None]

    @property
    def groups(self) -> list["Group"]:
        """The course by stages."""
        found = [Group(code, list(stays)) for code, stays in groupby(self.stays, key=lambda stay: stay.step.code[:2])]
        return [group for group in found if group.code in STAGE_NAMES]

    @property
    def dossier(self) -> list[Paper]:
        """The papers, those that wait first, then those that count, the latest first."""
        return sorted(reversed(self.whole.papers), key=lambda paper: (bool(paper.withdrawn_on or paper.stale_on), paper.counts))

    @property
    def paper_ids(self) -> set[str]:
        return {str(paper.id) for paper in self.whole.papers}

    @property
    def supply(self) -> GateState | None:
        """The first paper missing on the way forward that the actor may hand in, where nothing else is theirs to do."""
        may = self.may.get("standard.dossier_add") and self.whole.standard.status == "active" and self.forward
        return next((g for g in self.forward.unmet if g.paper and not self.waiting(g)), None) if may and self.forward else None

    def waiting(self, gate: GateState) -> Paper | None:
        """The paper that would meet a gate once it is accepted."""
        fits = (p for p in self.whole.papers if p.kind in gate.papers and not p.accepted_on and not p.withdrawn_on and not p.stale_on)
        return next(fits, None)

    def offered(self, key: str) -> Offer | None:
        """An act that the actor may do now, by its key."""
        return next((offer for offer in self.offers if offer.act.key == key and offer.why_not is None), None)

    def offer_of(self, way: Way) -> Offer | None:
        """The act that records a way, if the actor may do it now."""
        key = possible.act_of(way, self.whole.standard, self.track)
        mine = [offer for offer in self.offers if offer.act.key == key and offer.why_not is None and way.allowed]
        return next((o for o in mine if o.path.endswith(f"?to={way.to}")), None) or next((o for o in mine if "?" not in o.path), None)

    def roles(self, way: Way) -> list[Text]:
        return [ROLE_NAMES[role] for role in way.by if role in ROLE_NAMES]

    def event_path(self, seq: int) -> str:
        """Where the page tells an event: here, or on the page with all of them."""
        told_here = bool(self.lines) and seq >= self.lines[-1].entry.seq  # those told here are the newest
        query = "&".join([*([f"on={self.day}"] if self.past else []), *([] if told_here else ["history=all"])])
        return f"{'?' + query if query else ''}#event-{seq}"

    def recorded(self, line: Line) -> date:
        return line.entry.recorded_at.astimezone(ZONE).date()

    def late(self, line: Line) -> bool:
        """Whether it was recorded on a later day than it was true."""
        return self.recorded(line) > line.entry.effective_on
