"""Which acts a standard allows in its present state, to whom, and why the others are not possible now. Pure."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.services.moving import PUBLISHED, WITHDRAWN, Way
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import ENDED, ISSUED, UNDER_WAY, Deadline, Extension, Standard


class Act(Struct, frozen=True):
    """Something that may be done to a standard by a form at `/standards/{id}/acts/{key}`."""

    key: str
    name: Message
    group: str
    permission: str
    states: tuple[str, ...] = ()
    """The states it is possible in; empty means all."""
    why: Message | None = None
    """Why it is not possible in the others."""


class Offer(Struct, frozen=True):
    """An act as it stands for one standard and one actor: its address, or why it is not possible now."""

    act: Act
    name: Message
    path: str
    why_not: Message | None = None
    ready: bool = True
    """Whether nothing is missing for it."""


GROUPS: dict[str, Message] = {
    "move": say("阶段"),
    "time": say("期限与暂停"),
    "life": say("复审、后继与废止"),
    "record": say("登记"),
    "end": say("结束项目"),
}
GOES_ON = say("只有在研、未冻结、未暂停的项目可以办理")
NOT_UNDER_WAY = say("只有在研项目可以办理")
NOT_ISSUED = say("只有已发布的标准可以办理")
MOVES: dict[str, Act] = {
    act.key: act
    for act in (
        Act("advance", say("推进"), "move", "standard.advance", ("active", "published")),
        Act("publish", say("登记发布"), "move", "standard.publish", ("active",)),
        Act("skip", say("跳过"), "move", "standard.advance", ("active",)),
        Act("fail", say("登记未通过"), "move", "standard.advance", ("active",)),
        Act("repeat", say("重复本阶段"), "move", "standard.return", ("active", "published")),
        Act("return", say("退回"), "move", "standard.return", ("active", "published")),
        Act("review", say("登记复审结论"), "life", "standard.review", ("published", "superseded")),
        Act("withdraw", say("公告废止"), "life", "standard.withdraw", ("published", "superseded")),
    )
}
"""Acts that follow a way of the track."""
OTHERS: tuple[Act, ...] = (
    Act("elsewhere", say("补记平台外办理"), "move", "standard.record_elsewhere", ("active", "published"), GOES_ON),
    Act("extension", say("申请延期"), "time", "standard.extension_ask", ("active", "frozen"), NOT_UNDER_WAY),
    Act("extension-decision", say("决定延期申请"), "time", "standard.extension_decide", (), None),
    Act("suspend", say("暂停"), "time", "standard.suspend", ("active",), GOES_ON),
    Act("resume", say("恢复"), "time", "standard.suspend", ("suspended",), say("项目没有暂停")),
    Act("raise", say("提升层级"), "life", "standard.raise", (), None),
    Act("revise", say("启动修订"), "life", "standard.propose", ISSUED, NOT_ISSUED),
    Act("amend", say("启动修改单"), "life", "standard.propose", ISSUED, NOT_ISSUED),
    Act("replace", say("登记代替"), "life", "standard.relate", (), None),
    Act("edit", say("修改信息"), "record", "standard.edit", (), None),
    Act("team", say("登记起草单位和起草人"), "record", "standard.edit", (), None),
    Act("plan-number", say("登记计划号"), "record", "standard.advance", (), None),
    Act("relate", say("登记关系"), "record", "standard.relate", (), None),
    Act("track", say("换轨道版本"), "record", "standard.move_track", (), None),
    Act("terminate", say("终止项目"), "end", "standard.terminate", UNDER_WAY, NOT_UNDER_WAY),
    Act("split", say("拆分"), "end", "standard.split", UNDER_WAY, NOT_UNDER_WAY),
    Act("merge", say("并入其他项目"), "end", "standard.merge", UNDER_WAY, NOT_UNDER_WAY),
)
"""The acts that follow no way of the track, in the order in which they are offered."""
FIELD_ACTS = {
    "plan_number": "plan-number", "committee": "edit", "leader": "edit", "lead_drafter": "team", "parent": "relate", "number": "publish",
    "published_on": "publish", "effective_on": "publish",
}  # fmt: skip
"""The act that supplies a fact which a gate asks for."""


def act_of(way: Way, standard: Standard, track: Track) -> str:
    """The form that records a way: publication, review and withdrawal have their own."""
    if way.to == WITHDRAWN:
        return "withdraw"
    if standard.status in UNDER_WAY:
        return "publish" if way.to == PUBLISHED and way.act == "advance" else way.act
    concludes = {way.via, way.to} & set(track.review.outcomes.values()) or way.to.startswith("95.")
    return "review" if concludes and standard.stage.startswith("90.") else way.act


def offers(
    standard: Standard, track: Track, ways: Iterable[Way], deadlines: Iterable[Deadline], extensions: Iterable[Extension],
    may: Callable[[str], bool],
) -> list[Offer]:  # fmt: skip
    """Every act that the actor may do, first those that lead on; with the reason where it is not possible now."""
    found = _moves(standard, track, list(ways), may)
    for act in OTHERS:
        if may(act.permission):
            why = act.why if act.states and standard.status not in act.states else _further(act.key, standard, track, deadlines, extensions)
            found.append(Offer(act, act.name, path(standard.id, act.key), why))
    return found


def path(id: UUID, key: str, to: str | None = None) -> str:
    return f"/standards/{id}/acts/{key}" + (f"?to={to}" if to else "")


def _moves(standard: Standard, track: Track, ways: list[Way], may: Callable[[str], bool]) -> list[Offer]:
    found: list[Offer] = []
    keys = [act_of(way, standard, track) for way in ways]
    for way, key in zip(ways, keys, strict=True):
        act = MOVES[key]
        if not way.allowed or not may(act.permission) or (key == "review" and any(o.act.key == "review" for o in found)):
            continue
        several = keys.count(key) > 1 and key != "review"
        leads_on = key in ("advance", "skip", "return", "repeat")
        name = say("{act}到“{step}”", act=act.name, step=way.to_name) if leads_on else act.name
        why = None if standard.status in act.states else _resting(standard)
        found.append(Offer(act, name, path(standard.id, key, way.to if several else None), why, not way.unmet))
    return found


def _resting(standard: Standard) -> Message:
    return RESTING.get(standard.status, say("项目已结束"))


RESTING: dict[str, Message] = {
    "frozen": say("已冻结，须先准予延期"),
    "suspended": say("已暂停，须先恢复"),
    "published": NOT_UNDER_WAY,
    "superseded": NOT_UNDER_WAY,
}


def _further(
    key: str, standard: Standard, track: Track, deadlines: Iterable[Deadline], extensions: Iterable[Extension]
) -> Message | None:  # fmt: skip
    asked = any(extension.state == "asked" for extension in extensions)
    if key == "extension-decision" and not asked:
        return say("没有待决定的延期申请")
    if key == "extension":
        if asked:
            return say("已有一份延期申请待决定")
        open_limits = {d.limit for d in deadlines if d.state == "running" or (d.state == "executed" and d.consequence == "freeze")}
        if not any(limit.extension and limit.key in open_limits for limit in track.limits):
            return say("没有可以延长的期限在计时")
    if key in ("plan-number", "replace", "raise") and standard.status in ENDED:
        return say("项目已结束")
    if key == "raise" and track.level == "international":
        return say("已是最高层级")
    return None


SOON_DAYS = 183
"""How long before its limit the next act of a published standard is offered first; a choice of this hub."""
ORDER: dict[str, tuple[str, ...]] = {
    "active": ("extension-decision", "publish", "advance"),
    "frozen": ("extension-decision", "extension"),
    "suspended": ("resume",),
    "published": ("review", "withdraw", "advance"),
    "superseded": ("withdraw", "review"),
}
"""Which act most likely comes next in a state, the likeliest first."""


def most_likely(offered: list[Offer], standard: Standard, deadlines: Iterable[Deadline], day: date) -> Offer | None:
    """The one act that most likely comes next, of those the actor may do now. A standard in force wants none until a limit is near."""
    if standard.stage == PUBLISHED and not any(d.state == "running" and (d.due_on - day).days <= SOON_DAYS for d in deadlines):
        return None
    possible = {offer.act.key: offer for offer in reversed(offered) if offer.why_not is None}
    return next((possible[key] for key in ORDER.get(standard.status, ()) if key in possible), None)


def one_way_forward(ways: Iterable[Way]) -> Way | None:
    """The usual way on: the first of the track's file."""
    return next((way for way in ways if way.act == "advance"), None)
