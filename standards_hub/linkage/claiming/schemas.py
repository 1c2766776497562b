"""What comes in and goes out of the life of claims."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.committees.schemas import LongText, Text
from standards_hub.kernel.complaints import INK, SHA256, worded
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.linkage.claiming.states import Evidence
from standards_hub.linkage.schemas import Share
from standards_hub.linkage.values import Claim, Commitment, EvidenceKind, ProjectLink, Relation

Sha256 = Annotated[str, Meta(pattern=SHA256)]
URL = worded(r"^https?://[^\s/]+(/\S*)?$", say("应为网址，以 http:// 或 https:// 开头"))
Url = Annotated[str, Meta(max_length=1000, pattern=URL, description="an address of the web, http or https")]


class Take(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a suggestion becomes."""

    relation: Relation = "output_of"
    share: Share | None = None
    primary: bool = False
    contribution: LongText | None = None
    note: LongText | None = None
    on: date | None = None


class Day(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    on: date | None = None


class Verify(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    note: Text | None = None
    on: date | None = None


class Ruling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the contesting claims is the primary."""

    claim_id: UUID
    reason: Text
    on: date | None = None


class NewEvidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored file by its hash, or an address with the day it was read."""

    kind: EvidenceKind
    title: Text | None = None
    sha256: Sha256 | None = None
    filename: Text | None = None
    page: Annotated[str, Meta(max_length=100)] | None = None
    url: Url | None = None
    retrieved_on: date | None = None
    on: date | None = None


class Shortfall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a promise stays short, and what is done about it."""

    cause: Annotated[str, Meta(min_length=1, max_length=2000, pattern=INK)]
    remedy: Annotated[str, Meta(min_length=1, max_length=2000, pattern=INK)]
    on: date | None = None


class PartOut(Struct, frozen=True):
    """The project's part in the standard, with the ranks as they are on record."""

    role: str | None
    said: Said | None
    why: Said
    policy: str
    source: str
    verified_policy: bool
    ranks: list[int | None]


class ReviewOut(Struct, frozen=True):
    """Everything that somebody who verifies a claim looks at."""

    claim: ProjectLink
    standard_id: UUID
    level: str
    part: PartOut
    commitments: list[Commitment]
    evidence: list[Evidence]
    rivals: list[ProjectLink]
    frozen: bool
    missing: list[Said]
    """What stands in the way of verifying it."""
    cautions: list[Said]
    """What does not, and should be known before."""


class Suggested(Struct, frozen=True):
    """What looking for suggestions brought."""

    claims: list[Claim]
