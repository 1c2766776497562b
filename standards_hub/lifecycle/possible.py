"""The acts that a standard offers to somebody: each with its address, or why it is not possible now, and the likeliest one. Pure."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from standards_hub.kernel.access.actor import Actor, Scoped
from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.acts import ACTS, Act, Pending, choices, why_not_now
from standards_hub.lifecycle.services.moving import Way
from standards_hub.lifecycle.stages import PUBLISHED
from standards_hub.lifecycle.tracks.model import Track, Transition
from standards_hub.lifecycle.values import Deadline, Extension, Standard

LEADING: dict[str, Message] = {
    "advance": say("推进到“{step}”"),
    "skip": say("跳到“{step}”"),
    "repeat": say("回到“{step}”重做"),
    "return": say("退回到“{step}”"),
}
"""What an act is called that leads to a step."""
FIELD_ACTS = {
    "plan_number": "plan-number", "committee": "edit", "leader": "edit", "lead_drafter": "team", "parent": "relate", "number": "publish",
    "published_on": "publish", "effective_on": "publish",
}  # fmt: skip
"""The act that supplies a fact which a gate asks for."""


class Offer(Struct, frozen=True):
    """An act as it stands for one standard and one actor: its address, or why it is not possible now."""

    act: Act
    name: Message
    path: str
    why_not: Message | None = None
    ready: bool = True
    """Whether nothing is missing for it."""


def offers(
    standard: Standard,
    track: Track,
    ways: Iterable[Way],
    deadlines: Iterable[Deadline],
    extensions: Iterable[Extension],
    actor: Actor,
    scope: Scoped | None = None,
) -> list[Offer]:
    """Every act that the actor's roles allow, in the order of the menu, with the reason where it is not possible now. `scope` is what permissions
    are asked for, where that is more than the standard."""
    pending, may = Pending.of(deadlines, extensions), actor.rights(scope or standard)
    unmet = {(way.act, way.to, way.via) for way in ways if way.unmet}
    found: list[Offer] = []
    for act in ACTS.values():
        if act.key == "unrelate" or not may(act.permission):
            continue
        why = why_not_now(act, standard, track, actor, pending=pending)
        if act.key in LEADING:
            found += _leading(act, standard, track, actor, why, unmet)
        elif (moves := choices(act, standard, track)) or not act.moves:
            ready = not any((t.act, t.to, t.via) in unmet for t in moves)
            found.append(Offer(act, act.name, act.path(standard), why, ready or act.key == "elsewhere"))
    return found


def _leading(
    act: Act, standard: Standard, track: Track, actor: Actor, why: Message | None, unmet: set[tuple[str, str, str | None]]
) -> list[Offer]:
    """One offer for each step that the act may lead to and the actor may record."""
    roles = actor.roles_in(standard.bodies())
    ways = [t for t in choices(act, standard, track) if actor.system or not roles.isdisjoint(t.by)]
    return [
        Offer(act, Message(LEADING[act.key].text, {"step": track.step(t.to).name}), path_of(act, standard, t, several=len(ways) > 1), why,
              (t.act, t.to, t.via) not in unmet)
        for t in ways
    ]  # fmt: skip


def path_of(act: Act, standard: Standard, way: Transition | Way, *, several: bool) -> str:
    """The form of an act; where it may lead to several steps, with the step filled in."""
    return act.path(standard) + (f"?to={way.to}" if several else "")


def act_of(way: Way, standard: Standard, track: Track) -> str:
    """The act that records a way."""
    return next(act for act, t in track.recorded(standard.step) if (t.act, t.to, t.via) == (way.act, way.to, way.via))


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
