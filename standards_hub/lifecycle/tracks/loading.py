"""From TOML to tracks. Files that share most of their text extend another one; what they say is merged by key."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.tracks.model import BALLOT_SHEET, FIELD_NAMES, Track

FOLDER = Path(__file__).parent
LARGEST = 1_000_000
"""Bytes a track's file may have; ours have about 20,000."""
DEEPEST = 5
"""How many files may extend one another."""


class TrackError(BadInput):
    """A track's file cannot be used; `unmet` names the file, the table and the key."""

    code = "bad-track"


@cache
def load_tracks(folder: Path = FOLDER) -> dict[str, Track]:
    """Every track of a folder by its id `key@version`. Raises `TrackError` for a file that cannot be read."""
    tracks: dict[str, Track] = {}
    for path in track_files(folder):
        one = load_file(path)
        if one.id in tracks:
            raise _error(path.name, "id", say("轨道 {id} 已在另一文件中定义", id=one.id))
        tracks[one.id] = one
    return tracks


def track_files(folder: Path = FOLDER) -> list[Path]:
    """The files of a folder that are tracks; those whose name begins with `_` are only extended by others."""
    return [path for path in sorted(folder.glob("*.toml")) if not path.name.startswith("_")]


def track(id: str) -> Track:
    """The track `key@version`. Raises `NotFound`."""
    try:
        return load_tracks()[id]
    except KeyError:
        raise NotFound(say("没有轨道 {id}", id=id)) from None


def newest(key: str) -> Track:
    """The latest version of a track, under which a new standard starts. Raises `NotFound`."""
    versions = [t for t in load_tracks().values() if t.key == key]
    if not versions:
        raise NotFound(say("没有轨道 {id}", id=key))
    return max(versions, key=lambda t: version_order(t.version))


def version_order(version: str) -> tuple[int, ...]:
    """`2026.10` comes after `2026.9`."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def load_file(path: Path) -> Track:
    """The track of one file, with what it extends. Raises `TrackError` naming file, table and key."""
    data = _complete(_read(path, ()))
    for place in _odd_names(data, ""):
        raise _error(path.name, place, say("名称只有 zh 和 en 两个键"))
    try:
        made = msgspec.convert(data, Track)
        return structs.replace(made, papers=(*made.papers, BALLOT_SHEET))
    except msgspec.ValidationError as error:
        place, what = _place(str(error), data)
        raise _error(path.name, place, what) from None


def _read(path: Path, seen: tuple[str, ...]) -> dict[str, Any]:
    """The tables of a file, merged over those of the file it extends."""
    try:
        if path.stat().st_size > LARGEST:
            raise _error(path.name, "", say("文件超过 {size} 字节", size=LARGEST))
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise _error(path.name, "", say("文件不存在或不能读取")) from None
    except UnicodeDecodeError:
        raise _error(path.name, "", say("文件不是 UTF-8 编码，请另存为 UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        raise _error(path.name, "", say("不是有效的 TOML：{error}", error=str(error))) from None
    base = data.pop("extends", None)
    if base is None:
        return data
    if not isinstance(base, str) or not re.fullmatch(r"[\w.-]+", base):
        raise _error(path.name, "extends", say("应是同一文件夹中另一文件的名称，不带 .toml"))
    if base in seen or len(seen) >= DEEPEST:
        raise _error(path.name, "extends", say("{base} 的引用成环或过深", base=base))
    parent = path.with_name(f"{base}.toml")
    if not parent.is_file():
        parent = FOLDER / f"{base}.toml"
    merged = _merge(_read(parent, (*seen, path.stem)), data, path.name, "")
    if _tables(merged.get("steps")):
        merged["steps"].sort(key=lambda step: str(step.get("code")))
    return merged


def _merge(old: dict[str, Any], new: dict[str, Any], file: str, place: str) -> dict[str, Any]:
    """`new` over `old`: tables merge, arrays of tables merge by key, whole figures and all else are replaced."""
    merged = dict(old)
    for name, value in new.items():
        here, before = f"{place}.{name}" if place else name, old.get(name)
        if isinstance(value, dict) and value.get("remove") is True:
            if before is None:
                raise _error(file, here, say("没有可删去的内容"))
            del merged[name]
        elif isinstance(value, dict) and isinstance(before, dict) and not {"value", "source"} <= value.keys():
            merged[name] = _merge(before, value, file, here)
        elif _tables(value) and (before is None or _tables(before)):
            merged[name] = _merge_tables(before or [], value, file, here)
        else:
            merged[name] = value
    return merged


def _merge_tables(old: list[dict[str, Any]], new: list[dict[str, Any]], file: str, place: str) -> list[dict[str, Any]]:
    """`new` items over those `old` ones of the same key, in the old order; unknown ones follow at the end."""
    merged = {_key(item): item for item in old}
    said: set[str] = set()
    for number, item in enumerate(new, 1):
        key = _key(item)
        if not key:
            raise _error(file, f"{place}[{number}]", say("缺少 key"))
        if key in said:
            raise _error(file, f"{place}[{key}]", say("同一文件中重复"))
        said.add(key)
        if item.get("remove") is True:
            if key not in merged:
                raise _error(file, f"{place}[{key}]", say("没有可删去的内容"))
            del merged[key]
        else:
            merged[key] = _merge(merged.get(key, {}), item, file, f"{place}[{key}]")
    return list(merged.values())


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _key(item: dict[str, Any]) -> str:
    """What tells an item from its siblings: its key, or from, to and act, or what the gate asks for."""
    if "from" in item and "act" in item:
        return f"{item['from']} → {item.get('to')} {item['act']}"
    for name in ("key", "id", "code", "paper", "field", "provider", "kind"):
        if name in item:
            return str(item[name])
    return ""


def _complete(data: dict[str, Any]) -> dict[str, Any]:
    """Gates that say only what they ask for get the rest: kind, key, and the name of the paper or the field."""
    papers = {item.get("key"): item.get("name") for item in data.get("papers", []) if isinstance(item, dict)}

    def gate(given: dict[str, Any]) -> dict[str, Any]:
        full = dict(given)
        kind = full.setdefault(
            "kind", next((k for k, f in (("paper", "paper"), ("field", "field"), ("evidence", "provider")) if f in full), None)
        )
        full.setdefault("key", _key(given))
        if "name" not in full and kind == "paper" and papers.get(full.get("paper")):
            full["name"] = papers[full["paper"]]
        elif "name" not in full and kind == "field" and full.get("field") in FIELD_NAMES:
            full["name"] = FIELD_NAMES[full["field"]]
        if full["kind"] is None:
            del full["kind"]
        return full

    def holder(given: Any) -> Any:
        if isinstance(given, dict) and _tables(given.get("gates")):
            return {**given, "gates": [gate(item) for item in given["gates"]]}
        return given

    complete = dict(data)
    if isinstance(data.get("transitions"), list):
        complete["transitions"] = [holder(item) for item in data["transitions"]]
    if "termination" in data:
        complete["termination"] = holder(data["termination"])
    if isinstance(data.get("review"), dict):
        complete["review"] = {"cycle_months": None, **data["review"]}
    return complete


def _odd_names(value: Any, place: str) -> Iterator[str]:
    """The places of names with a key besides zh and en, which the type of names lets pass."""
    if isinstance(value, dict):
        if "zh" in value and value.keys() - {"zh", "en"}:
            yield place
        for key, item in value.items():
            yield from _odd_names(item, f"{place}.{key}" if place else key)
    elif _tables(value):
        for item in value:
            yield from _odd_names(item, f"{place}[{_key(item)}]")


def _place(text: str, data: dict[str, Any]) -> tuple[str, Message]:
    """msgspec's `… - at `$.steps[3].name`` as a place with keys, and what is wrong in our words."""
    what, _, path = text.partition(" - at `$")
    names: list[str] = []
    value: Any = data
    for name, index in re.findall(r"\.?([^.\[\]`]+)|\[(\d+|\.\.\.)\]", path.rstrip("`")):
        try:
            value = value[name] if name else value[int(index)]
        except (KeyError, IndexError, TypeError, ValueError):
            value = {}
        if name:
            names.append(name)
        elif names:
            names[-1] += f"[{_key(value) if isinstance(value, dict) and _key(value) else index}]"
    place = ".".join(names)
    if unknown := re.match(r"Object contains unknown field `(.+)`", what):
        return place, say("不认识的键 {key}", key=unknown[1])
    if missing := re.match(r"Object missing required field `(.+)`", what):
        return place, say("缺少 {key}", key=missing[1])
    return place, say("类型或取值不对：{what}", what=what)


def _error(file: str, place: str, why: Message) -> TrackError:
    where = f"{file} {place}".strip()
    return TrackError(say("轨道文件 {file} 不能使用", file=file), unmet=[Unmet("track.file", why, where=where)])
