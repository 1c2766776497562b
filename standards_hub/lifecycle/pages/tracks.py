"""The tracks as pages: drawn with live counts, in words with their sources, and what a new version changes."""

from itertools import groupby
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import Parameter

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page, section
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.difference import difference
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES, Track
from standards_hub.lifecycle.tracks.words import PART_OF, reworded, words

MAY: dict[str, Any] = {"permission": "track.read"}
TOPIC_NAMES = {
    "step": say("各步骤、去向与关口"),
    "limit": say("期限"),
    "termination": say("终止"),
    "review": say("复审"),
    "fast-track": say("快速程序"),
    "fact": say("其他规定的数字"),
}
section("/tracks", say("轨道"), "adjustments", "track.read", 80)


@get("/tracks", opt=MAY, include_in_schema=False)
async def tracks_page(request: Request[Any, Any, Any], reading: Work) -> Response[str]:
    """Every track by level, with how many standards follow it and how much of its figures somebody has checked."""
    held: dict[str, int] = {}
    for (track, _step, _status), count in (await repository.by_step(reading.connection, actor=reading.actor)).items():
        held[track] = held.get(track, 0) + count
    every = sorted(load_tracks().values(), key=lambda track: (list(LEVEL_NAMES).index(track.level), track.id))
    levels = [(LEVEL_NAMES[level], list(tracks)) for level, tracks in groupby(every, key=lambda track: track.level)]
    checked = {track.id: _checked(track) for track in every}
    return page(request, "tracks/list.html", levels=levels, held=held, checked=checked, total=len(every))


def _checked(track: Track) -> tuple[int, int]:
    """How many rules of a track were read in the official text, and how many there are."""
    rules = words(track)
    return sum(rule.verified for rule in rules), len(rules)


@get("/tracks/{track_id:str}", opt=MAY, include_in_schema=False)
async def track_page(
    request: Request[Any, Any, Any], reading: Work, track_id: str, compare: Annotated[str | None, Parameter(query="with")] = None
) -> Response[str]:
    """One track: its drawing with live counts, the counts as links, its rules in words; `with` compares it with another."""
    track = facts.track_called(track_id)
    counts: dict[str, int] = {}
    for (id, step, _status), count in (
        await repository.by_step(reading.connection, Filter(track=(track.id,)), actor=reading.actor)
    ).items():
        if id == track.id:
            counts[step] = counts.get(step, 0) + count
    rules = words(track)
    topics = [(name, [rule for rule in rules if PART_OF.get(rule.topic, rule.topic) == topic]) for topic, name in TOPIC_NAMES.items()]
    others = sorted((other for other in load_tracks().values() if other.id != track.id), key=lambda o: (o.key != track.key, o.id))
    other = facts.track_called(compare) if compare else None
    return page(
        request, "tracks/one.html", track=track, counts=counts, topics=[(name, found) for name, found in topics if found],
        level=LEVEL_NAMES[track.level], checked=_checked(track), sources={source.id: source.said for source in track.sources},
        others=others, other=other, changes=difference(track, other) if other else [], places=_places(track, other) if other else {},
        reworded=reworded(track, other) if other else [], topic_names=TOPIC_NAMES,
    )  # fmt: skip


def _places(track: Track, other: Track) -> dict[tuple[str, str], Message | Name]:
    """What the places of two tracks are called, of which their rules tell; the others by their topic."""
    return {
        **{("step", step.key): say("{code} {step}", code=step.shown, step=step.name) for one in (other, track) for step in one.steps},
        **{("limit", limit.key): limit.name for one in (other, track) for limit in one.limits},
    }  # fmt: skip


PAGES: list[Any] = [tracks_page, track_page]
