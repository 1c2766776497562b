"""What the forecast takes for granted, as data: figures and the sentences that are printed with them."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import Name

SOURCE = Path(__file__).with_name("assumptions.toml")


class Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of the method; the file says of each what it means."""

    first_share: int
    last_share: int
    band_first: int
    band_last: int
    least_coverage: int
    least_origins: int
    most_origins: int
    origin_days: int
    least_moves: int
    anchor_weeks: int
    pooled_weeks: int
    prior_items: int
    step_weeks: int
    ended_per_year: int
    oldest_weeks: int
    shock: int
    shock_origins: int
    most_shock: int
    nodes: int
    exact_items: int
    most_histories: int
    source: str
    verified: bool


class Sentence(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    zh: str
    en: str
    source: str
    verified: bool

    @property
    def said(self) -> Name:
        return Name(self.zh, self.en)


class Assumptions(Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    numbers: Numbers
    sentences: tuple[Sentence, ...]

    @property
    def hash(self) -> str:
        """SHA-256 over the content."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


@cache
def assumptions() -> Assumptions:
    return msgspec.convert(tomllib.loads(SOURCE.read_text(encoding="utf-8")), Assumptions)
