"""How the report writes days, rates, names and whatever people typed."""

import re
import unicodedata
from datetime import date, datetime

from standards_hub.documents.report.model import Kind, Value
from standards_hub.kernel.clock import ZONE
from standards_hub.linkage.facts import StandardFacts

ORDINALS = "一二三四五六七八九十"
AUTHOR = "【由起草人填写】"
LONGEST = 1000
"""Characters of one typed text that are printed; what is longer is no title any more."""
_BREAKS = re.compile("工作|进展|情况|年度")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean(text: str | None) -> str:
    """A typed text that every format can hold: one line, no control, direction or private characters, of bounded length."""
    if not text:
        return ""
    flat = "".join(" " if c.isspace() else c for c in _BIDI.sub("", text))
    kept = "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    kept = " ".join(kept.split())
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 2]}……"


def title_lines(title: str, longest: int = 20) -> list[str]:
    """A title over one line or two; a break comes nearest the middle before one of the words that may begin a line."""
    if len(title) <= longest:
        return [title]
    places = [m.start() for m in _BREAKS.finditer(title) if 0 < m.start() < len(title)] or [-(-len(title) // 2)]
    middle = min(places, key=lambda place: abs(2 * place - len(title)))
    return [title[:middle], title[middle:]]


def day(value: date) -> str:
    """2026年10月31日."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """An instant in Beijing time, to the minute: 2026年11月1日9时05分."""
    local = value.astimezone(ZONE)
    return f"{day(local.date())}{local.hour}时{local.minute:02d}分"


def rate(permille: int | None) -> str:
    """46.7%, or a dash where there is no target."""
    return "—" if permille is None else f"{permille // 10}.{permille % 10}%"


def shown(value: Value, kind: Kind) -> str:
    """A cell as it is read on paper."""
    if value is None or value == "":
        return "—"
    if kind == "permille" and isinstance(value, int):
        return rate(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def signed(difference: int) -> str:
    """A change since last time: +3, 0, −1."""
    return f"+{difference}" if difference > 0 else f"−{-difference}" if difference < 0 else "0"


def title_of(standard: StandardFacts) -> str:
    """The Chinese title, marked where the row is an example and does not say so itself."""
    title = clean(standard.title_zh or standard.title_en)
    return f"{title}（示例）" if standard.exemplar and "示例" not in title else title


def number_of(standard: StandardFacts) -> str | None:
    """The standard's number, or the plan's while it has none."""
    return clean(standard.number or standard.plan_number) or None
