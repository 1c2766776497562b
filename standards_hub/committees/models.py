"""The tables of organisations, people, committees and their seats. All are projections of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

ORGANISATION = "organisation.id"
PERSON = "person.id"
COMMITTEE = "committee.id"


class OrganisationRow(SQLModel, table=True):
    """A firm, university, institute, authority, association or laboratory."""

    __tablename__ = "organisation"
    __table_args__ = (sa.Index("organisation_by_name", "name_zh", "id"),)
    id: UUID = Field(primary_key=True)
    version: int
    name_zh: str
    name_en: str | None
    short_name: str | None
    uscc: str | None = Field(unique=True)
    """统一社会信用代码 of GB 32100; its form was checked, not whether it was ever issued."""
    ror: str | None = Field(index=True)
    """The nine characters of the Research Organization Registry; its form was checked."""
    kind: str
    """enterprise, university, institute, authority, association, lab or other"""
    region: str | None = Field(index=True)
    """Administrative division code of GB/T 2260, 4 or 6 digits."""
    in_province: bool
    exemplar: bool
    """示例: an invented row for demonstration."""
    active: bool
    merged_into: UUID | None = Field(foreign_key=ORGANISATION, index=True)
    aliases: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    """Former names and codes: name, uscc, until."""


class PersonRow(SQLModel, table=True):
    """A person who sits, drafts or manages. An account may point here; a person needs none."""

    __tablename__ = "person"
    __table_args__ = (sa.Index("person_by_name", "name", "id"),)
    id: UUID = Field(primary_key=True)
    version: int
    name: str
    name_en: str | None
    organisation_id: UUID | None = Field(foreign_key=ORGANISATION, index=True)
    email: str | None
    phone: str | None
    title: str | None
    """Professional title, 职称."""
    duty: str | None
    """Post at the employer, 行政职务."""
    speciality: str | None
    """What the person works on, 从事专业."""
    orcid: str | None = Field(index=True)
    """Well formed, which is all that is known of it."""
    exemplar: bool
    active: bool


class EmploymentRow(SQLModel, table=True):
    """Where a person worked from a day on, until the next row; no organisation means nowhere that is known."""

    __tablename__ = "employment"
    person_id: UUID = Field(primary_key=True, foreign_key=PERSON)
    seq: int = Field(primary_key=True)
    organisation_id: UUID | None = Field(foreign_key=ORGANISATION, index=True)
    since: date


class CommitteeRow(SQLModel, table=True):
    """A technical committee, subcommittee or working group, here, national or international."""

    __tablename__ = "committee"
    __table_args__ = (sa.Index("committee_by_name", "name_zh", "id"),)
    id: UUID = Field(primary_key=True)
    version: int
    number: str | None
    """As printed, `SAC/TC 573`."""
    number_key: str | None = Field(unique=True)
    name_zh: str
    name_en: str | None
    level: str
    """national, provincial, international or ministry"""
    kind: str | None
    """tc, sc, wg or expert_group; null where nobody said: sc below another committee, else tc"""
    ics: str | None
    """ICS groups of its field, with spaces between."""
    mirrors_id: UUID | None = Field(index=True)
    """The international committee that it mirrors."""
    parent_id: UUID | None = Field(foreign_key=COMMITTEE, index=True)
    secretariat_id: UUID | None = Field(foreign_key=ORGANISATION, index=True)
    """The organisation that hosts the secretariat, 秘书处承担单位."""
    department_id: UUID | None = Field(foreign_key=ORGANISATION, index=True)
    """The competent department."""
    scope: str | None = Field(sa_type=sa.Text)
    founded_on: date | None
    state: str
    """preparing (筹建), active, suspended or dissolved"""
    catalogue_ref: str | None = Field(index=True)
    """The committee's reference in the world's catalogue, `ISO/TC 197`."""
    exemplar: bool


class SeatRow(SQLModel, table=True):
    """A person's seat in a committee for a term; `until` is its last day."""

    __tablename__ = "seat"
    id: UUID = Field(primary_key=True)
    committee_id: UUID = Field(foreign_key=COMMITTEE, index=True)
    person_id: UUID = Field(foreign_key=PERSON, index=True)
    position: str
    """One of POSITIONS; the first four have a vote."""
    since: date
    until: date | None
    side: str | None
    """Whose interest the member stands for: producer, operator, user, consumer or public_interest."""
    replaces: UUID | None
    """The seat that this one goes on from."""
