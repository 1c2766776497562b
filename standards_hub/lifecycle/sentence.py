"""The sentence that the reader of a standard came for: how far it is, and what is in the way. Pure."""

from collections.abc import Iterable
from datetime import date

from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.gates import applies, window
from standards_hub.lifecycle.limits import froze
from standards_hub.lifecycle.services.moving import STATUS_NAMES, Way
from standards_hub.lifecycle.tracks.model import Gate, Track
from standards_hub.lifecycle.values import ENDED, Deadline, Paper, Standard


def sentence(standard: Standard, track: Track, forward: Way | None, deadlines: Iterable[Deadline], day: date) -> Message:
    """Where a standard stands on a day; `forward` is its usual way on, none for those who may not see it."""
    deadlines = list(deadlines)
    if standard.status in ("published", "superseded", "withdrawn"):
        return _issued(standard, track, day)
    if standard.status in ENDED:
        return say("项目{status}，不再推进", status=STATUS_NAMES[standard.status])
    if standard.status == "suspended":
        return say("项目暂停中，停在“{step}”；恢复后期限继续计算", step=track.step(standard.step).name)
    if standard.status == "frozen":
        over = [d for d in deadlines if froze(d)]
        if not over:
            return say("项目已冻结；准予延期后解冻")
        limit = Name(over[-1].name_zh, over[-1].name_en)
        return say("项目已冻结：“{limit}”于 {due} 届满；准予延期后解冻", limit=limit, due=over[-1].due_on)
    return _under_way(standard, track, forward)


def _under_way(standard: Standard, track: Track, forward: Way | None) -> Message:
    if forward is None:
        return say("在研，现处“{step}”", step=track.step(standard.step).name)
    if forward.unmet:
        return say("还差 {count} 项才能进入“{step}”", count=len(forward.unmet), step=forward.to_name)
    return say("条件已齐，可以进入“{step}”", step=forward.to_name)


def _issued(standard: Standard, track: Track, day: date) -> Message:
    if standard.status == "withdrawn":
        return say("已于 {day} 废止", day=standard.withdrawn_on or "—")
    if standard.status == "superseded":
        return say("自 {day} 起被代替，不再有效", day=standard.withdrawn_on or "—")
    if standard.effective_on and standard.effective_on > day:
        return say(
            "{published} 发布，{effective} 起实施，尚未实施", published=standard.published_on or "—", effective=standard.effective_on
        )
    if standard.stage != "60.60":
        return say("现行有效，现处“{step}”", step=track.step(standard.step).name)
    return say(
        "{published} 发布，{effective} 起实施，现行有效", published=standard.published_on or "—", effective=standard.effective_on or "—"
    )


def time_left(deadlines: Iterable[Deadline], day: date) -> tuple[Message, bool] | None:
    """How long the nearest limit still runs, and whether it is overrun."""
    running = sorted((d for d in deadlines if d.state == "running"), key=lambda d: d.due_on)
    if not running:
        return None
    deadline, left = running[0], (running[0].due_on - day).days
    limit = Name(deadline.name_zh, deadline.name_en)
    if left < 0:
        return say("“{limit}”已逾期 {days} 日（{due}）", limit=limit, days=-left, due=deadline.due_on), True
    if left == 0:
        return say("“{limit}”今天 24:00 届满", limit=limit), True
    return say("“{limit}”还有 {days} 日（{due}）", limit=limit, days=left, due=deadline.due_on), False


def comment_gate(standard: Standard, track: Track) -> Gate | None:
    """The gate that asks for a comment period where the standard stands, none at other steps."""
    conditions = standard.conditions()
    gates = [gate for way in track.leaving(standard.step) for gate in way.gates if gate.kind == "comment_period"]
    return next((gate for gate in gates if applies(gate, conditions)), None) if standard.status == "active" else None


def comment_period(gate: Gate, papers: Iterable[Paper], entered: date, day: date) -> Message:
    """The least period of its track for comments on the draft, for one that is sent out elsewhere."""
    first, last = window(gate, papers, entered, day)
    if last < day:
        return say("征求意见期自 {first} 至 {last}，已满", first=first, last=last)
    return say("正在征求意见：按程序自 {first} 至 {last}", first=first, last=last)


def commented_on(enquiry: Enquiry, day: date) -> Message:
    """Whether an enquiry of this hub is open on a day, and until when."""
    if enquiry.state == "closed" or enquiry.closes_on < day:
        return say("征求意见期自 {first} 至 {last}，已满", first=enquiry.opened_on, last=enquiry.closes_on)
    if enquiry.public:
        return say("正在公开征求意见：{first} 至 {last}", first=enquiry.opened_on, last=enquiry.closes_on)
    return say("正在征求意见：{first} 至 {last}", first=enquiry.opened_on, last=enquiry.closes_on)
