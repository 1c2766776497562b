"""Every act of a standard's life, as one table that the forms, the menu of a standard and the tests read.

An act names its permission, the Struct it takes, the service function that does it and the API operation it is the twin of, and
says in which states it is possible. The forms stand at `/standards/{id}/acts/{key}`.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.access.actor import ROLE_NAMES, Actor, Scoped, permissions
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.limits import lives
from standards_hub.lifecycle.schemas import (
    Adoption,
    Because,
    Ending,
    Entry,
    ExtensionDecision,
    ExtensionRequest,
    Merge,
    Move,
    PlanNumberIn,
    Proposal,
    Publication,
    RelationIn,
    Removal,
    ReviewConclusion,
    Split,
    Successor,
    Team,
    TrackChange,
)
from standards_hub.lifecycle.services import ending, facts, moving, relating, timing, tracking
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.model import HUB_ROLES, LEVEL_NAMES, Track, Transition
from standards_hub.lifecycle.values import ISSUED, UNDER_WAY, Deadline, Extension, Patch, Standard

Group = Literal["onward", "time", "after", "facts", "end"]
GROUPS: dict[Group, Message] = {
    "onward": say("推进"),
    "time": say("时间"),
    "after": say("发布之后"),
    "facts": say("信息与关系"),
    "end": say("结束项目"),
}
LEVELS: tuple[str, ...] = tuple(LEVEL_NAMES)
MOVABLE = ("active", "published")
ALIVE = (*UNDER_WAY, "published")


class Act(Struct, frozen=True, kw_only=True):
    """Something that can be done to a standard."""

    key: str
    """Its place in addresses."""
    name: Message
    done: Message
    """What is said once it is done."""
    group: Group
    icon: str
    permission: str
    takes: type[Struct]
    do: Callable[[Work, UUID, Any], Awaitable[Any]]
    operation: str
    """The operation of the API that does the same."""
    statuses: tuple[str, ...] = (*UNDER_WAY, *ISSUED)
    """The states of a standard in which it is possible."""
    moves: tuple[str, ...] = ()
    """The kinds of transition it records, one of which has to start where the standard stands."""
    needs: Callable[[Standard, Track], Message | None] | None = None
    """What else has to hold: what is missing, if something is."""
    adds: bool = False
    """It adds to the standard and overwrites nothing, so what came meanwhile is no conflict."""
    dangerous: bool = False
    """Whether it is asked once more, naming what will happen."""

    def path(self, standard: Standard) -> str:
        return f"/standards/{standard.id}/acts/{self.key}"


class Start(Struct, frozen=True, kw_only=True):
    """A way in which a standard comes into the hub."""

    key: str
    name: Message
    permission: str
    takes: type[Struct]
    do: Callable[[Work, Any], Awaitable[Any]]
    operation: str


def _extendable(standard: Standard, track: Track) -> Message | None:
    return None if any(limit.extension for limit in track.limits) else say("本轨道不受理延期")


def _higher(standard: Standard, track: Track) -> Message | None:
    return None if standard.level != LEVELS[-1] else say("已是国际标准，没有更高层级")


def newer_tracks(track: Track) -> list[Track]:
    """The other versions of a track, the newest first."""
    others = [other for other in load_tracks().values() if other.key == track.key and other.id != track.id]
    return sorted(others, key=lambda other: other.version, reverse=True)


def _other_version(standard: Standard, track: Track) -> Message | None:
    return None if newer_tracks(track) else say("该轨道没有其他版本")


ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(key="advance", name=say("推进到下一步"), done=say("已推进"), group="onward", icon="arrow-right", permission="standard.advance",
            takes=Move, do=moving.move, operation="MoveStandard", statuses=MOVABLE, moves=("advance",)),
        Act(key="publish", name=say("登记发布"), done=say("已登记发布"), group="onward", icon="flag", permission="standard.publish",
            takes=Publication, do=moving.publish, operation="PublishStandard", statuses=MOVABLE, moves=("publish",)),
        Act(key="review", name=say("登记复审结论"), done=say("已登记复审结论"), group="onward", icon="checklist", permission="standard.review",
            takes=ReviewConclusion, do=moving.conclude_review, operation="ConcludeReview", statuses=MOVABLE, moves=("review",)),
        Act(key="withdraw", name=say("登记废止"), done=say("已登记废止"), group="end", icon="ban", permission="standard.withdraw", takes=Ending,
            do=moving.withdraw, operation="WithdrawStandard", statuses=MOVABLE, moves=("withdraw",), dangerous=True),
        Act(key="skip", name=say("按快速程序跳过"), done=say("已按快速程序推进"), group="onward", icon="chevron-right",
            permission="standard.advance", takes=Move, do=moving.move, operation="MoveStandard", statuses=MOVABLE, moves=("skip",)),
        Act(key="fail", name=say("登记验证未通过"), done=say("已登记验证未通过"), group="onward", icon="circle-x", permission="standard.advance",
            takes=Move, do=moving.move, operation="MoveStandard", statuses=MOVABLE, moves=("fail",)),
        Act(key="repeat", name=say("重复本阶段"), done=say("已重新开始"), group="onward", icon="refresh", permission="standard.return",
            takes=Move, do=moving.move, operation="MoveStandard", statuses=MOVABLE, moves=("repeat",)),
        Act(key="return", name=say("退回"), done=say("已退回"), group="onward", icon="arrow-back-up", permission="standard.return", takes=Move,
            do=moving.move, operation="MoveStandard", statuses=MOVABLE, moves=("return",)),
        Act(key="elsewhere", name=say("补录平台外办理的事项"), done=say("已补录"), group="onward", icon="history",
            permission="standard.record_elsewhere", takes=Move, do=moving.move, operation="MoveStandard", statuses=MOVABLE,
            moves=("advance", "skip", "fail", "repeat", "return")),
        Act(key="extension", name=say("申请延期"), done=say("已申请延期"), group="time", icon="clock", permission="standard.extension_ask",
            takes=ExtensionRequest, do=timing.ask_extension, operation="AskExtension", statuses=("active", "frozen"), needs=_extendable),
        Act(key="extension-decision", name=say("决定延期"), done=say("已登记延期决定"), group="time", icon="check",
            permission="standard.extension_decide", takes=ExtensionDecision, do=timing.decide_extension, operation="DecideExtension",
            statuses=UNDER_WAY),
        Act(key="suspend", name=say("暂停"), done=say("已暂停"), group="time", icon="player-pause", permission="standard.suspend",
            takes=Because, do=timing.suspend, operation="SuspendStandard", statuses=("active",)),
        Act(key="resume", name=say("恢复办理"), done=say("已恢复"), group="time", icon="player-play", permission="standard.suspend",
            takes=Because, do=timing.resume, operation="ResumeStandard", statuses=("suspended",)),
        Act(key="raise", name=say("提升为上级标准"), done=say("已立上级标准项目"), group="after", icon="arrow-up", permission="standard.raise",
            takes=Successor, do=relating.raise_level, operation="RaiseStandard", statuses=ALIVE, needs=_higher),
        Act(key="revise", name=say("立项修订"), done=say("已立修订项目"), group="after", icon="pencil", permission="standard.propose",
            takes=Successor, do=relating.revise, operation="ReviseStandard", statuses=ISSUED),
        Act(key="amend", name=say("立项修改单"), done=say("已立修改单项目"), group="after", icon="file-text", permission="standard.propose",
            takes=Successor, do=relating.amend, operation="AmendStandard", statuses=ISSUED),
        Act(key="edit", name=say("修改标准信息"), done=say("已修改标准信息"), group="facts", icon="edit", permission="standard.edit",
            takes=Patch, do=facts.edit, operation="EditStandard", statuses=tuple(STATUS_NAMES)),
        Act(key="team", name=say("登记起草单位和起草人"), done=say("已更新起草单位和起草人"), group="facts", icon="users", permission="standard.edit",
            takes=Team, do=facts.set_team, operation="SetTeam", statuses=tuple(STATUS_NAMES)),
        Act(key="plan-number", name=say("登记计划号"), done=say("已登记计划号"), group="facts", icon="list-details",
            permission="standard.advance", takes=PlanNumberIn, do=facts.give_plan_number, operation="GivePlanNumber"),
        Act(key="relate", name=say("登记关系"), done=say("已登记关系"), group="facts", icon="link", permission="standard.relate",
            takes=RelationIn, do=relating.relate, operation="RelateStandard", statuses=tuple(STATUS_NAMES), adds=True),
        Act(key="replace", name=say("登记代替关系"), done=say("已登记代替关系"), group="facts", icon="refresh", permission="standard.relate",
            takes=RelationIn, do=relating.relate, operation="RelateStandard", adds=True),
        Act(key="unrelate", name=say("撤销登记的关系"), done=say("已撤销关系"), group="facts", icon="x", permission="standard.relate",
            takes=Removal, do=relating.unrelate_by, operation="UnrelateStandard", statuses=tuple(STATUS_NAMES)),
        Act(key="track", name=say("换用新版程序"), done=say("已换用新版程序"), group="facts", icon="adjustments",
            permission="standard.move_track", takes=TrackChange, do=tracking.move_track, operation="MoveTrack", needs=_other_version),
        Act(key="split", name=say("拆分项目"), done=say("已拆分"), group="end", icon="table", permission="standard.split", takes=Split,
            do=ending.split, operation="SplitStandard", statuses=UNDER_WAY, dangerous=True),
        Act(key="merge", name=say("并入其他项目"), done=say("已并入其他项目"), group="end", icon="arrow-down", permission="standard.merge",
            takes=Merge, do=ending.merge, operation="MergeStandard", statuses=UNDER_WAY, dangerous=True),
        Act(key="terminate", name=say("终止项目"), done=say("已终止项目"), group="end", icon="circle-x", permission="standard.terminate",
            takes=Ending, do=ending.terminate, operation="TerminateStandard", statuses=UNDER_WAY, dangerous=True),
    )
}  # fmt: skip
"""In the order in which a menu shows them."""

STARTS: dict[str, Start] = {
    start.key: start
    for start in (
        Start(key="propose", name=say("提出新项目"), permission="standard.propose", takes=Proposal, do=facts.propose,
              operation="ProposeStandard"),
        Start(key="adopt", name=say("采用国际标准"), permission="standard.propose", takes=Adoption, do=relating.adopt,
              operation="AdoptStandard"),
        Start(key="enter", name=say("登记在办项目"), permission="portfolio.import", takes=Entry, do=facts.enter,
              operation="EnterStandard"),
    )
}  # fmt: skip


def choices(act: Act, standard: Standard, track: Track) -> list[Transition]:
    """The transitions that an act may record from where the standard stands."""
    if not act.moves:
        return []
    fast = track.fast_track is not None and standard.kind in track.fast_track.kinds
    return [t for kind, t in track.recorded(standard.step) if kind in act.moves and (t.act != "skip" or fast)]


def _next_on_the_way(act: Act, standard: Standard, track: Track) -> Message | Name | None:
    """The step to which a standard goes on next if it may be published, reviewed or withdrawn there, or one step further."""
    if act.key not in ("publish", "review", "withdraw"):
        return None
    near = [(t.to, t.to) for kind, t in track.recorded(standard.step) if kind == "advance"]
    far = [(first, t.to) for first, here in near for kind, t in track.recorded(here) if kind == "advance"]
    there = (first for first, here in [*near, *far] if any(kind in act.moves for kind, _ in track.recorded(here)))
    return next((track.step(first).name for first in there), None)


class Pending(Struct, frozen=True):
    """What acts on time depend on: whether an extension waits for its decision, and the limits that run or hold the standard frozen."""

    asked: bool
    live: frozenset[str]

    @classmethod
    def of(cls, deadlines: Iterable[Deadline], extensions: Iterable[Extension]) -> "Pending":
        return cls(any(one.state == "asked" for one in extensions), frozenset(one.limit for one in deadlines if lives(one)))

    def why_not(self, act: Act, track: Track) -> Message | None:
        if act.key == "extension-decision" and not self.asked:
            return say("没有待决定的延期申请")
        if act.key == "extension" and self.asked:
            return say("已有一份延期申请待决定")
        if act.key == "extension" and not any(limit.extension and limit.key in self.live for limit in track.limits):
            return say("没有可以延长的期限在计时")
        return None


def why_not(
    act: Act, standard: Standard, track: Track, actor: Actor, *, pending: Pending | None = None, scope: Scoped | None = None
) -> Message | None:
    """Why an act is not possible now for an actor, nothing if it is. What is pending is asked only where it is known.

    `scope` is what the permission is asked for, where that is more than the standard.
    """
    if not actor.may(act.permission, scope or standard):
        rule = permissions()[act.permission]
        return say("您无权{act}；可由{roles}办理", act=rule.name, roles=[ROLE_NAMES[role] for role in rule.roles])
    return why_not_now(act, standard, track, actor, pending=pending)


def why_not_now(act: Act, standard: Standard, track: Track, actor: Actor, *, pending: Pending | None = None) -> Message | None:
    """The same for an act whose permission the actor has."""
    if standard.status not in act.statuses:
        return say("项目{status}，不能{act}", status=STATUS_NAMES[standard.status], act=act.name)
    if act.moves:
        ways = choices(act, standard, track)
        if not ways:
            if (onward := _next_on_the_way(act, standard, track)) is not None:
                return say("现处“{step}”，先推进到“{next}”，才能{act}", step=track.step(standard.step).name, next=onward, act=act.name)
            return say("现处“{step}”，不能{act}", step=track.step(standard.step).name, act=act.name)
        by = {role for way in ways for role in way.by}
        if not actor.system and not by & actor.roles_in(standard.bodies()):
            return say("本步由{roles}办理", roles=[ROLE_NAMES[role] for role in HUB_ROLES if role in by])
    missing = act.needs(standard, track) if act.needs else None
    return missing or (pending.why_not(act, track) if pending else None)


def possible_acts(
    standard: Standard, track: Track, actor: Actor, *, pending: Pending | None = None, scope: Scoped | None = None
) -> list[Act]:
    """The acts that an actor may do to a standard as it stands, in the order of the menu, a gate may still be unmet; the rest as for `why_not`."""
    return [
        act for act in ACTS.values() if act.key != "unrelate" and why_not(act, standard, track, actor, pending=pending, scope=scope) is None
    ]
