"""Changes become rows, on both engines alike, however many of them share a statement."""

import pytest
import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import Change, delete, insert, table_of, update
from standards_hub.kernel.work import Hub
from standards_hub.kernel.writing import MOST_PARTS, write


class SampleSlotRow(SQLModel, table=True):
    __tablename__ = "sample_slot"
    id: int = Field(primary_key=True)
    version: int
    holder: str | None = Field(default=None, unique=True)


class SampleNoteRow(SQLModel, table=True):
    __tablename__ = "sample_note"
    id: int = Field(primary_key=True)
    words: list[str] = Field(sa_type=sa.JSON)


SLOT, NOTE = table_of(SampleSlotRow), table_of(SampleNoteRow)


def slot(id: int, holder: str | None = None) -> Change:
    return insert(SampleSlotRow, id=id, version=1, holder=holder)


async def test_more_changes_than_a_statement_holds_are_all_made(hub: Hub) -> None:
    many = 3 * MOST_PARTS + 1
    async with hub.database.write() as connection:
        await write(connection, [insert(SampleNoteRow, id=n, words=[str(n)]) for n in range(many)])
        await write(connection, [delete(SampleNoteRow, {"id": n}) for n in range(1, many)])
        assert [tuple(row) for row in await connection.execute(sa.select(NOTE))] == [(0, ["0"])]


async def test_a_unique_value_passes_from_row_to_row_in_the_order_of_the_changes(hub: Hub) -> None:
    async with hub.database.write() as connection:
        await write(connection, [slot(1, "first"), slot(2)])
        await write(connection, [update(SampleSlotRow, {"id": 1}, holder=None), update(SampleSlotRow, {"id": 2}, holder="first")])
        assert (await connection.execute(sa.select(SLOT.c.id).where(SLOT.c.holder == "first"))).scalars().all() == [2]


@pytest.mark.parametrize(
    "change, code",
    [
        (slot(1), "exists"),
        (update(SampleSlotRow, {"id": 9}, holder="x"), "changed"),
        (Change("update", "sample_slot", {"id": 1}, {"version": 3}, version=2), "changed"),
    ],
    ids=["there already", "gone", "another version"],
)
async def test_one_change_that_cannot_be_made_among_others_is_a_conflict(hub: Hub, change: Change, code: str) -> None:
    async with hub.database.write() as connection:
        await write(connection, [slot(1)])
        with pytest.raises(Conflict) as error:
            await write(connection, [insert(SampleNoteRow, id=1, words=[]), change])
        assert error.value.code == code


async def test_what_is_asked_for_twice_is_there_once(hub: Hub) -> None:
    async with hub.database.write() as connection:
        for id in (1, 2):
            await write(connection, [Change("ask", "sample_slot", {"id": id}, {"version": 1, "holder": "one"})])
        assert (await connection.execute(sa.select(SLOT.c.id))).scalars().all() == [1]
