"""The JSON doors: tags, pages, and that every door names a permission of the table."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from standards_hub.committees.controllers import CONTROLLERS
from standards_hub.kernel.access.actor import SYSTEM, permissions
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.work import Hub, Work


def an_app(hub: Hub) -> Litestar:
    async def writing() -> AsyncGenerator[Work, None]:
        async with hub.work(SYSTEM) as work:
            yield work
            await work.commit()

    async def reading() -> AsyncGenerator[Work, None]:
        async with hub.reading(SYSTEM) as work:
            yield work

    return Litestar(
        CONTROLLERS,
        dependencies={"work": Provide(writing), "reading": Provide(reading)},
        exception_handlers={HubError: problem_response},  # type: ignore[dict-item]
    )


async def test_an_old_copy_is_refused_and_a_list_is_paged(hub: Hub) -> None:
    async with AsyncTestClient(an_app(hub)) as client:
        made = [(await client.post("/organisations", json={"name_zh": f"示例{n}", "kind": "lab", "exemplar": True})) for n in range(3)]
        assert [(m.status_code, m.headers["etag"]) for m in made] == [(201, '"1"')] * 3
        path = f"/organisations/{made[0].json()['id']}"
        edited = await client.patch(path, json={"short_name": "甲"}, headers={"If-Match": '"1"'})
        assert (edited.status_code, edited.headers["etag"], edited.json()["short_name"]) == (200, '"2"', "甲")
        stale = await client.patch(path, json={"short_name": "乙"}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
        assert (await client.get(path)).json()["organisation"]["short_name"] == "甲"
        first = (await client.get("/organisations", params={"limit": 2, "q": "示例"})).json()
        rest = (await client.get("/organisations", params={"limit": 2, "q": "示例", "after": first["next"]})).json()
        assert [o["name_zh"] for o in first["items"] + rest["items"]] == ["示例0", "示例1", "示例2"]
        assert rest["next"] is None


async def test_a_committee_and_its_seats_by_http(hub: Hub) -> None:
    async with AsyncTestClient(an_app(hub)) as client:
        committee = (await client.post("/committees", json={"name_zh": "示例委员会", "level": "provincial"})).json()
        person = (await client.post("/people", json={"name": "示例甲", "email": "a@example.org"})).json()
        path = f"/committees/{committee['id']}"
        seat = {"person_id": person["id"], "position": "chair", "since": "2026-01-01"}
        taken = await client.post(f"{path}/seats", json=seat)
        assert taken.status_code == 201
        again = await client.post(f"{path}/seats", json=seat)
        assert (again.status_code, [u["code"] for u in again.json()["unmet"]]) == (409, ["seat.overlap"])
        shown = await client.get(path)
        assert shown.headers["etag"] == '"2"'
        assert [s["person_name"] for s in shown.json()["seats"]] == ["示例甲"]
        assert {w["code"] for w in shown.json()["warnings"]} >= {"members.few", "term.long"}
        struck = await client.delete(f"{path}/seats/{taken.json()['id']}", params={"reason": "录入有误"})
        assert struck.status_code == 200
        assert (await client.get(path)).json()["seats"] == []
        assert (await client.post("/people", json={"name": "x", "unknown": 1})).status_code == 400


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_door_names_a_permission_of_the_table(controller: type) -> None:
    routes = [r for route in Litestar([controller]).routes for r in getattr(route, "route_handlers", []) if "permission" in r.opt]
    assert routes
    assert {route.opt["permission"] for route in routes} <= set(permissions())
