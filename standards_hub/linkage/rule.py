"""The counting rule as data: what counts, when, and who led. Files in `rules/*.toml`, one version each."""

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.messages import say

FOLDER = Path(__file__).parent / "rules"
NAMED = re.compile(r"[a-z0-9-]{1,60}(@[0-9]{1,9})?")
"""A rule's key, perhaps with a version: what may become the name of a file."""
Role = Literal["lead", "participate", "not_ranked"]


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer of the rule in words, where it comes from, and whether somebody confirmed it."""

    zh: str
    en: str
    source: str
    verified: bool


class Trigger(Clause, frozen=True, kw_only=True):
    value: Literal["published_on", "approved_on", "effective_on"]


class Window(Clause, frozen=True, kw_only=True):
    """First and last day that count; where absent, the plan's own window holds alone."""

    start: date | None = None
    end: date | None = None


class Choice(Clause, frozen=True, kw_only=True):
    value: tuple[str, ...]


class Roles(Clause, frozen=True, kw_only=True):
    value: tuple[Role, ...]


class Families(Clause, frozen=True, kw_only=True):
    excluded: tuple[str, ...]


class Lead(Clause, frozen=True, kw_only=True):
    """Leading: the sole drafter, the named one, or, where none is named, one of the `first` listed."""

    first: int
    international: tuple[str, ...]
    international_participate: tuple[str, ...]


class Evidence(Clause, frozen=True, kw_only=True):
    required: bool


class Parts(Clause, frozen=True, kw_only=True):
    """Whether each numbered part counts, or all parts of one number together count once."""

    value: Literal["each", "series"]


class Adoption(Clause, frozen=True, kw_only=True):
    """Whether a standard and the one it comes from count each in its own target, or only that of the highest level."""

    value: Literal["each", "highest"]


class Distinct(Clause, frozen=True, kw_only=True):
    """A decision with one answer; it stands here so that it is printed."""

    value: Literal["standard"]


class CountRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    version: str
    zh: str
    en: str
    trigger: Trigger
    window: Window
    status: Choice
    kinds: Choice
    types: Choice
    families: Families
    roles: Roles
    lead: Lead
    evidence: Evidence
    parts: Parts
    adoption: Adoption
    distinct: Distinct

    @property
    def id(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def hash(self) -> str:
        """SHA-256 over the rule's content; two reports with the same hash counted alike."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    @property
    def clauses(self) -> list[tuple[str, Clause]]:
        """Every answer with its name, in the order of the file."""
        return [(name, clause) for name in self.__struct_fields__ if isinstance(clause := getattr(self, name), Clause)]


def load_rule(id: str = "default", folder: Path = FOLDER) -> CountRule:
    """Read a rule by its key, or by key and version as in `default@1`; a version that was replaced stays as `default@1.toml`.

    A file may extend another and then holds only the clauses it answers differently. Raises `NotFound` for an unknown key or
    version, `BadInput` naming the setting that is wrong.
    """
    key, _, version = id.partition("@")
    if not NAMED.fullmatch(id):
        raise _unknown(key)
    former = folder / f"{key}@{version}.toml"
    path = former if version and former.is_file() else folder / f"{key}.toml"
    try:
        rule = msgspec.convert(_read(key, folder, path), CountRule)
    except msgspec.DecodeError as error:
        raise BadInput(say("统计口径文件 {name} 有误：{error}", name=path.name, error=str(error))) from error
    if version and version != rule.version:
        raise NotFound(say("统计口径 {key} 没有第 {version} 版，现行为第 {current} 版", key=key, version=version, current=rule.version))
    return rule


def _unknown(key: str) -> NotFound:
    return NotFound(say("没有名为 {key} 的统计口径", key=key[:40]))


def rules(folder: Path = FOLDER) -> list[CountRule]:
    """Every rule there is, the default first."""
    found = (load_rule(path.stem, folder) for path in folder.glob("*.toml"))
    return sorted(found, key=lambda rule: (rule.key != "default", rule.key, rule.version))


def _read(key: str, folder: Path, path: Path | None = None) -> dict[str, Any]:
    path = path or folder / f"{key}.toml"
    if not path.is_file():
        raise _unknown(key)
    own: dict[str, Any] = msgspec.toml.decode(path.read_bytes())
    base = own.pop("extends", None)
    return {**_read(base, folder), **own} if base else own
