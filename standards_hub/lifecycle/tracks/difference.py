"""What changed between two versions of a track, so that a secretary sees what a new version asks for."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.tracks.model import Track

ITSELF = ("key", "version")
"""What differs between two versions by nature."""


class Change(Struct, frozen=True):
    """Something added, removed or changed; `place` is where it stands in the file, `name` what people call it."""

    kind: Literal["added", "removed", "changed"]
    place: str
    name: Name | None = None
    before: Any = None
    after: Any = None

    @property
    def text(self) -> Message:
        """The change in a sentence."""
        place: Any = say("{place}「{name}」", place=self.place, name=self.name) if self.name else self.place
        match self.kind:
            case "added":
                return say("新增 {place}", place=place)
            case "removed":
                return say("删去 {place}", place=place)
            case "changed":
                return say("{place} 由 {before} 改为 {after}", place=place, before=_shown(self.before), after=_shown(self.after))


def difference(old: Track, new: Track) -> list[Change]:
    """What of `old` is otherwise in `new`, in the order of the file; empty if nothing but key and version differs."""
    before, after = (_keyed(msgspec.to_builtins(track)) for track in (old, new))
    for name in ITSELF:
        del before[name], after[name]
    return list(_compare(before, after, "", None))


def _keyed(value: Any) -> Any:
    """Lists of tables as tables by key, so that order does not count."""
    if isinstance(value, dict):
        return {key: _keyed(item) for key, item in value.items()}
    if isinstance(value, list | tuple) and value and all(isinstance(item, dict) for item in value):
        return {f"[{_key(item)}]": _keyed(item) for item in value}
    return list(value) if isinstance(value, tuple) else value


def _key(item: dict[str, Any]) -> str:
    if "act" in item:
        return f"{item['from']} → {item['to']} {item['act']}"
    return str(item.get("key") or item.get("id"))


def _compare(before: Any, after: Any, place: str, name: Name | None) -> Iterator[Change]:
    if before == after:
        return
    if not (isinstance(before, dict) and isinstance(after, dict)) or _is_name(before):
        yield Change("changed", place, name, before, after)
        return
    for key in [*before, *(key for key in after if key not in before)]:
        here = f"{place}{key}" if key.startswith("[") or not place else f"{place}.{key}"
        item = _named(after.get(key)) or _named(before.get(key)) or name
        if key not in before or before[key] in (None, []):
            if after.get(key) not in (None, []):
                yield from _all(after[key], "added", here, item)
        elif key not in after or after[key] in (None, []):
            yield from _all(before[key], "removed", here, item)
        else:
            yield from _compare(before[key], after[key], here, item)


def _all(value: Any, kind: Literal["added", "removed"], place: str, name: Name | None) -> Iterator[Change]:
    """A whole table is one change a row; anything else is one change."""
    if isinstance(value, dict) and value and all(key.startswith("[") for key in value):
        for key, item in value.items():
            yield Change(kind, f"{place}{key}", _named(item) or name, *((None, item) if kind == "added" else (item, None)))
    else:
        yield Change(kind, place, name, *((None, value) if kind == "added" else (value, None)))


def _named(value: Any) -> Name | None:
    """The name an item bears, if it bears one."""
    name = value.get("name") if isinstance(value, dict) else None
    return Name(name["zh"], name["en"]) if isinstance(name, dict) and _is_name(name) else None


def _is_name(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"zh", "en"}


def _shown(value: Any) -> Any:
    if _is_name(value):
        return Name(**value)
    return value if value is not None else "—"
