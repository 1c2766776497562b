"""The log in words."""

from standards_hub.kernel.access import repository, service
from standards_hub.kernel.access.actor import permissions
from standards_hub.kernel.access.values import OwnPatch
from standards_hub.kernel.admin import log
from standards_hub.kernel.admin.log import LogFilter
from standards_hub.kernel.admin.pages import TABS
from standards_hub.kernel.admin.pages.log import STREAM_NAMES, facts_of
from standards_hub.kernel.events import EVENT_NAMES, PROJECTIONS, Event
from standards_hub.kernel.jobs.registry import HANDLERS, TITLES
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import SECTIONS
from standards_hub.kernel.work import Hub
from tests.api.conftest import one_app
from tests.kernel.access.conftest import open_account


def of_the_hub(kind: type[Event]) -> bool:
    return kind.__module__.startswith("standards_hub.")


def test_every_event_and_every_job_of_the_hub_has_a_name() -> None:
    one_app()
    assert [name for name, kind in Event.kinds.items() if of_the_hub(kind) and name not in EVENT_NAMES] == []
    assert [n for n, handler in HANDLERS.items() if handler.__module__.startswith("standards_hub.") and n not in TITLES] == []
    assert PROJECTIONS.keys() <= STREAM_NAMES.keys()


def test_whoever_may_open_a_closed_tab_sees_the_section() -> None:
    section = set(permissions()[SECTIONS["/admin"].permission].roles)
    for tab in TABS:
        rule = permissions()[tab.permission]
        assert rule.signed_in or set(rule.roles) <= section, tab.path


def test_a_payload_is_read_as_names_and_values() -> None:
    assert facts_of({"a": "x", "b": None, "c": [], "d": {"e": 1}, "f": False, "g": 0}) == [
        ("a", "x"), ("d", '{\n "e": 1\n}'), ("f", "false"), ("g", "0")]  # fmt: skip
    assert facts_of(["x"]) == []


async def test_events_are_found_by_kind_type_and_actor_and_called_by_name(hub: Hub) -> None:
    one = await open_account(hub, "one", "officer", password=None)
    async with hub.work(repository.actor_of(one, hub.clock.today())) as work:
        await service.change_own(work, OwnPatch(name="示例 新名"))
        await work.commit()
    async with hub.database.read() as connection:
        label = await log.actor_called(connection, "ONE")
        own = await log.entries(connection, LogFilter(actor=label))
        granted = await log.entries(connection, LogFilter(kind="account", types=["role-granted"]))
        assert await log.entries(connection, LogFilter(kind="stand")) == []
        assert await log.actors(connection, {label, "public", "system:x"}) == {
            label: "示例 新名", "public": say("公众"), "system:x": say("系统")}  # fmt: skip
    assert [entry.type for entry in own] == ["account-changed"] and len(granted) == 1
    assert own[0].place == f"/admin/accounts/{one.id}"
