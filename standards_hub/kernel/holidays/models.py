"""The table of days off and the event that writes it."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict
from sqlmodel import Field, SQLModel

from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection
from standards_hub.kernel.messages import say


class HolidayRow(SQLModel, table=True):
    """A day off that is no weekend by itself, or a day of a weekend on which work is done."""

    __tablename__ = "holiday"
    day: date = Field(primary_key=True)
    kind: str
    """`off` or `work`"""
    name_zh: str
    name_en: str
    source: str = Field(sa_type=sa.Text)
    verified: bool


class Holiday(Struct, frozen=True, forbid_unknown_fields=True):
    """A day off, or one on which work is done although it is a weekend; `source` is the notice that says so."""

    day: date
    kind: Literal["off", "work"]
    name_zh: str
    name_en: str
    source: str
    verified: bool = False


class HolidaysEntered(Event, frozen=True):
    """The days of a year; `dropped` are those that were entered before."""

    days: list[Holiday]
    dropped: list[date]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for day in self.dropped:
            yield delete(HolidayRow, {"day": day})
        for holiday in self.days:
            yield insert(HolidayRow, **asdict(holiday))


projection(HolidayRow)
named({HolidaysEntered: say("登记节假日")})
