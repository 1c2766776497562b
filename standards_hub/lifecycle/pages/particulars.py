"""The facts of a standard as fields of a form: which track and kind of project ask for which."""

from msgspec import Struct

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.intake.columns import NATURES, ROLES
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.wording import DOCUMENT_TYPES, FACT_NAMES

CHINESE = ("local", "industry", "national")


class FactField(Struct, frozen=True, kw_only=True):
    """A fact as a field: how it is entered, and for which levels, kinds and tracks it is asked."""

    name: str
    control: str
    """text, area, list, select, boxes, box, or pick: somebody by name."""
    label: Message
    help: Message | None = None
    required: bool = False
    levels: tuple[str, ...] = ()
    """Empty: all."""
    natures: bool = False
    """Only where the track leaves a choice of nature."""
    picks: str = ""
    words: str = ""
    """Where its choices come from: `plans`, `fields` or `regions` of the plans."""
    options: tuple[tuple[str, object], ...] = ()
    most: int = 300


def _fact(name: str, control: str, help: Message | None = None, **more: object) -> FactField:
    return FactField(name=name, control=control, label=FACT_NAMES[name], help=help, **more)  # type: ignore[arg-type]


FACTS: tuple[FactField, ...] = (
    _fact("title_zh", "text", required=True),
    _fact("title_en", "text", most=500),
    _fact("scope", "area", most=5000),
    _fact("nature", "select", natures=True, options=tuple(NATURES.items())),
    _fact("document_type", "select", levels=("international",), options=tuple(DOCUMENT_TYPES.items())),
    _fact("committee_id", "pick", say("输入名称或编号的一部分，从提示中选择"), picks="committees"),
    _fact("department_id", "pick", picks="organisations"),
    _fact("leader_id", "pick", say("输入姓名，从提示中选择"), picks="people"),
    _fact("international_role", "select", levels=("international",), options=tuple(ROLES.items())),
    _fact("region", "select", words="regions"),
    _fact("ics", "list", say("几个之间用逗号隔开，如 27.075, 71.020")),
    _fact("ccs", "list", say("几个之间用逗号隔开，如 F19")),
    _fact("plan_key", "select", words="plans"),
    _fact("primary_field", "select", say("须在所属领域之内"), words="fields"),
    _fact("fields", "boxes", words="fields"),
    _fact("fills_gap", "box", levels=CHINESE),
    _fact("stricter", "box", levels=("local", "industry")),
    _fact("measurable", "box", say("有可测的技术指标，须经试验验证")),
    _fact("patents", "box"),
    _fact("drafters_not_named", "box", levels=("national",)),
)
"""In the order in which they are asked for."""


def fact_fields(track: Track) -> list[FactField]:
    """The facts that a track asks for; where it leaves no choice, nothing is asked."""
    return [f for f in FACTS if (not f.levels or track.level in f.levels) and not (f.natures and not track.natures)]


__all__ = ["FACTS", "FactField", "fact_fields"]
