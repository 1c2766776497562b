"""Many values as one parameter, on both engines."""

from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from standards_hub.kernel.access.models import AccountRow
from standards_hub.kernel.among import among
from standards_hub.kernel.events import table_of
from standards_hub.kernel.work import Hub

ACCOUNT = table_of(AccountRow)


@pytest.mark.parametrize("count", [0, 1, 2, 1500])
async def test_rows_are_found_by_any_number_of_ids_and_texts(hub: Hub, count: int) -> None:
    ids = [uuid4() for _ in range(count)]
    rows = [{"id": id, "login": f"{n}'\"\\{{,}}@示例", "name": f"示例{n}"} for n, id in enumerate(ids)]
    rest = {"version": 1, "email": None, "language": "zh", "person_id": None, "active": True, "created_on": date(2026, 11, 1)}
    async with hub.database.write() as connection:
        await connection.execute(
            sa.insert(ACCOUNT), [{**rest, **row} for row in [*rows, {"id": uuid4(), "login": "other", "name": "other"}]]
        )
        by_id = await connection.execute(sa.select(ACCOUNT.c.id).where(among(ACCOUNT.c.id, "ids")), {"ids": ids})
        assert set(by_id.scalars()) == set(ids)
        by_text = await connection.execute(
            sa.select(ACCOUNT.c.id).where(among(ACCOUNT.c.login, "logins")), {"logins": [row["login"] for row in rows]}
        )
        assert set(by_text.scalars()) == set(ids)
        filled = sa.select(ACCOUNT.c.id).where(among(ACCOUNT.c.id, "ids")).params({"ids": ids})  # as exports give their values
        assert set((await connection.execute(filled)).scalars()) == set(ids)
