"""Every route for every role: 401 and 403 exactly where the table of permissions says so."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from standards_hub.kernel.access import service
from standards_hub.kernel.access.actor import HUB, PUBLIC, Actor, Body, Grant, permissions
from standards_hub.kernel.access.values import ROLE_BODIES
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.values import Standard
from standards_hub.web.examples import BODIES
from tests.api.conftest import client_for, one_app, token_for
from tests.lifecycle.driving import proposed

PROJECT = UUID(int=3)
ELSEWHERE = UUID(int=99)
DUMMY = "00000000-0000-4000-8000-000000000001"
PLACE = re.compile(r"{(\w+):(\w+)}")


@pytest.fixture(autouse=True)
def _bodies_are_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk holds roles in bodies that nobody made; the application fills its ports first."""
    one_app()
    monkeypatch.setattr(service, "BODY_CHECKS", {})


OWN_SESSION = ("SignOut",)
"""It ends what proves who asks."""
ASKING = ("TryComposition",)
"""A POST that changes nothing: what it asks about is too long for an address."""
FURTHER = {"MoveStandard", "GivePlanNumber", "EnterStandard", "TerminateStandard", "ConcludeReview", "PublishStandard"}
"""Where the service asks for more than the route's permission: the roles of a transition, recording an act done elsewhere."""


def doors() -> list[tuple[str, str, str | None, str | None]]:
    """Every method of every route: method, path, permission, operation."""
    found = []
    for route in one_app().routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is no route of HTTP; this test must learn to walk it"
        for handler in route.route_handlers:
            name = handler.opt.get("permission")
            found += [(method, route.path, name, handler.operation_id) for method in handler.http_methods if method != "OPTIONS"]
    return sorted(found, key=str)


def test_every_route_names_a_permission_of_the_table() -> None:
    without = [(m, path) for m, path, name, _ in doors() if name not in permissions()]
    assert without == []


def test_no_door_that_writes_is_handed_a_connection_to_read_with() -> None:
    """It would hold it while it waits for one to write with (`tests/support/glances.py` finds those that open one themselves)."""
    handlers = [handler for route in one_app().routes for handler in route.route_handlers]  # type: ignore[attr-defined]
    both = [h for h in handlers if {"reading", "work"} <= h.parsed_fn_signature.parameters.keys()]
    writers = [h for h in handlers if not h.http_methods <= {"GET", "HEAD", "OPTIONS"} and h.operation_id not in ASKING]
    assert [str(h) for h in [*both, *writers] if "reading" in h.parsed_fn_signature.parameters] == []


def test_every_permission_names_roles_that_exist() -> None:
    known = set(ROLE_BODIES)
    assert {name: rule.roles for name, rule in permissions().items() if not set(rule.roles) <= known} == {}
    assert all(bool(rule.roles) + rule.signed_in + rule.everyone == 1 for rule in permissions().values())


def address(path: str, subject: Standard | None = None) -> str:
    """A path with something in its places: the subject where it is a standard's, else an id that is nobody's."""

    def fill(place: re.Match[str]) -> str:
        name, kind = place.groups()
        if name == "id" and "/standards/" in path and subject:
            return str(subject.id)
        return {"uuid": DUMMY, "path": "hub.css", "int": "1", "date": "2026-10-31"}.get(kind, "nothing")

    return PLACE.sub(fill, path)


async def ask(client: httpx.AsyncClient, method: str, path: str, operation: str | None, subject: Standard | None = None) -> httpx.Response:
    body: Any = next(iter(BODIES[operation].values())) if operation in BODIES else {}
    given: dict[str, Any] = {"json": body} if method in ("POST", "PUT", "PATCH") else {}
    if operation == "StoreFile":
        given = {"files": {"data": ("a.txt", b"a")}}
    return await client.request(method, address(path, subject), **given)


def roles() -> Iterator[tuple[str, Body | None]]:
    """Nobody, an account without a role, and each role in the whole hub and in a body of its kind."""
    yield "public", None
    yield "signed-in", None
    for role, kind in ROLE_BODIES.items():
        yield role, HUB
        if kind != "hub":
            yield role, (kind, str(uuid4()))


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("role, body", list(roles()), ids=lambda value: value if isinstance(value, str) else value[0] if value else "none")
async def test_a_route_is_closed_exactly_to_those_whom_the_table_shuts_out(sqlite_app: Litestar, role: str, body: Body | None) -> None:
    """The coarse check of every route; what a service then says of the subject is walked below."""
    hub: Hub = sqlite_app.state.hub
    token = None if role == "public" else await token_for(hub, "walker", *([(role, *body)] if body else []))
    actor = PUBLIC if token is None else Actor(uuid4(), grants=(Grant(role, body),) if body else ())
    wrong = []
    async with client_for(sqlite_app, token) as client:
        for method, path, name, operation in doors():
            if operation in OWN_SESSION:
                continue
            answer = await ask(client, method, path, operation)
            assert answer.status_code < 500, (method, path, answer.text)
            expected = None if actor.may(str(name)) else 401 if token is None else 403
            closed = answer.status_code if answer.status_code in (401, 403) else None
            if operation == "SignIn" and closed == 401:  # the wrong password of the example
                closed = None
            subject_unmet = closed == 403 and expected is None and body not in (None, HUB)
            further = closed == 403 and operation in FURTHER
            if closed != expected and not subject_unmet and not further:
                wrong.append((method, path, name, expected, answer.status_code, answer.text[:200]))
    assert wrong == []


def bodies() -> Iterator[tuple[str, bool]]:
    for role, kind in ROLE_BODIES.items():
        for right in (True, False) if kind != "hub" else (True,):
            yield role, right


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("role, right", list(bodies()))
async def test_a_role_counts_in_the_bodies_of_the_standard_and_in_no_other(sqlite_app: Litestar, role: str, right: bool) -> None:
    """Every act on a standard, by somebody who holds a role in a body of it or in another one of that kind."""
    hub: Hub = sqlite_app.state.hub
    standard = await proposed(hub)
    own = {"committee": standard.committee_id, "standard": standard.id, "organisation": standard.department_id, "project": PROJECT}
    kind = ROLE_BODIES[role]
    body: Body = HUB if kind == "hub" else (kind, str(own[kind] if right else ELSEWHERE))
    actor = Actor(uuid4(), grants=(Grant(role, body),))
    wrong, walked = [], 0
    async with client_for(sqlite_app, await token_for(hub, "walker", (role, *body))) as client:
        for method, path, name, operation in doors():
            if "/standards/{id" not in path or method == "GET" or operation is None:
                continue
            walked += 1
            answer = await ask(client, method, path, operation, standard)
            assert answer.status_code < 500, (method, path, answer.text)
            refused, expected = answer.status_code == 403, not actor.may(str(name), standard)
            if refused != expected and not (refused and operation in FURTHER):
                wrong.append((operation, name, "refused" if refused else answer.status_code, answer.text[:300]))
    assert wrong == [] and walked > 20
