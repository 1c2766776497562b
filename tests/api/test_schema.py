"""The description of the API is whole, and the server does what it says: schemathesis sends it what a schema allows, and what not."""

import asyncio
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from litestar.routes import HTTPRoute
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from standards_hub.kernel.access.actor import permissions
from standards_hub.kernel.complaints import wording
from standards_hub.kernel.work import Hub
from standards_hub.web.examples import BODIES, PROBLEMS
from standards_hub.web.openapi import description
from tests.api.conftest import one_app, settings_for, token_for
from tests.lifecycle.driving import driven, proposed
from tests.support import databases

schema = schemathesis.openapi.from_asgi("/api/openapi.json", one_app())
THOROUGH = settings.get_current_profile_name() == "thorough"
"""`--hypothesis-profile thorough` also sends every border case of every parameter, and takes a quarter of an hour."""
schema.config.phases.coverage.enabled = THOROUGH
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in schema.raw_schema["paths"].items()
    for method, operation in methods.items()
}
HANDLERS = {h.operation_id: h for r in one_app().routes if isinstance(r, HTTPRoute) for h in r.route_handlers if h.operation_id}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_every_operation_is_described_in_words_with_its_errors_and_who_may() -> None:
    lacking = []
    for name, (method, path, operation) in OPERATIONS.items():
        lacking += [f"{name}: {part}" for part in ("summary", "description", "tags") if not operation.get(part)]
        lacking += [f"{name}: parameter {p['name']}" for p in operation["parameters"] if not p.get("description")]
        answers = operation["responses"]
        wanted = {"401", "422"} | ({"403", "404", "409"} if method != "get" else set()) | ({"404"} if "{" in path else set())
        if any(p["name"] == "If-Match" for p in operation["parameters"]):
            wanted.add("412")
        lacking += [f"{name}: {status}" for status in sorted(wanted - answers.keys())]
        lacking += [f"{name}: tag {tag} in both languages" for tag in operation["tags"] if " " not in tag or tag.isascii()]
        permission = permissions()[HANDLERS[name].opt["permission"]]
        if permission.zh not in operation["summary"] or "权限" not in operation["description"]:
            lacking.append(f"{name}: who may")
    assert lacking == [] and len(OPERATIONS) > 80


def test_operation_ids_are_unique() -> None:
    all_of_them = [o["operationId"] for methods in schema.raw_schema["paths"].values() for o in methods.values()]
    assert len(all_of_them) == len(set(all_of_them))


def test_every_body_has_an_example_that_its_door_reads() -> None:
    lacking = []
    for name, (_, _, operation) in OPERATIONS.items():
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind != "application/json":
                continue
            lacking += [] if content.get("examples") else [name]
            wanted = HANDLERS[name].resolve_data_dto() or HANDLERS[name].parsed_fn_signature.parameters["data"].annotation
            for example in content.get("examples", {}).values():
                msgspec.convert(example["value"], wanted)
    assert lacking == [] and set(BODIES) <= set(OPERATIONS)


def test_problems_are_problem_details_with_examples_and_the_refused_one_lists_what_is_missing() -> None:
    responses = schema.raw_schema["components"]["responses"]
    assert {f"Problem{status}" for status in PROBLEMS} == set(responses)
    for response in responses.values():
        assert set(response["content"]) == {"application/problem+json"}
    refused = responses["Problem409"]["content"]["application/problem+json"]["example"]
    assert [u["fixer"] for u in refused["unmet"]] == ["secretariat", None]


def test_a_patch_shows_its_fields_as_optional_and_plain() -> None:
    patch = schema.raw_schema["components"]["schemas"]["Patch"]
    assert patch["properties"]["title_zh"]["type"] == "string" and not patch.get("required")
    assert {"type": "null"} in patch["properties"]["region"]["oneOf"]


def test_the_description_is_openapi_3_1_and_made_once() -> None:
    assert schema.raw_schema["openapi"].startswith("3.1") and description(one_app()) is description(one_app())
    schema.validate()


class World:
    """A database on one engine with some standards under way, and a token that may do nearly everything."""

    def __init__(self, url: str, home: Path) -> None:
        self.settings = settings_for(url, home)
        self.ids: list[str] = []
        self.token = ""
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        hub = self.settings.hub()
        self.token = await token_for(hub, "everything", "secretary", "department", "officer", "administrator", "drafter", "project_manager")
        for track in ("national-gbt", "local-db32", "iso-iec-36", "industry-health"):
            for _ in range(6):
                self.ids.append(str((await proposed(hub, track)).id))
        standard, _ = await driven(hub, (await proposed(hub)).id, "30.20")
        self.ids.append(str(standard.id))
        await hub.database.close()


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("world")
    return World(databases.sqlite(home / "hub.sqlite"), home)


@pytest.fixture(scope="module")
def postgresql_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with databases.postgresql() as url:
        yield World(url, tmp_path_factory.mktemp("world"))


@pytest.fixture
def worlds(sqlite_world: World, postgresql_world: World) -> Iterator[list[tuple[World, Hub]]]:
    """Both worlds with their hubs, for a test in which the application stands in one after the other."""
    found = [(world, world.settings.hub()) for world in (sqlite_world, postgresql_world)]
    yield found
    for _, hub in found:
        asyncio.run(hub.database.close())


@schema.parametrize()
@settings(max_examples=100 if THOROUGH else 8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_answers_as_described_on_both_engines(case: schemathesis.Case, worlds: list[tuple[World, Hub]], untraced: None) -> None:
    # To make up a case takes longer than to answer it, so both engines get the same. The tracer sees the application all the same:
    # it answers in a thread of its own.
    ours = "/standards/{id}" in case.operation.path and isinstance(case.path_parameters, dict) and "id" in case.path_parameters
    state, nth = one_app().state, random.randrange(1000)
    for world, hub in worlds:
        state.hub, state.settings = hub, world.settings
        if ours:
            case.path_parameters["id"] = world.ids[nth % len(world.ids)]
        response = case.call(headers={"Authorization": f"Bearer {world.token}"})
        case.validate_response(response, checks=CHECKS)


def test_every_pattern_that_the_api_asks_for_says_in_words_what_it_wants() -> None:
    patterns = set(re.findall(r'"pattern": ?("(?:[^"\\]|\\.)*")', description(one_app()).decode()))
    assert len(patterns) >= 10
    for pattern in {json.loads(one) for one in patterns} - {"^[!-~]{1,200}$"}:  # of a header, which its own check words
        said = wording(pattern)
        assert said is not None and said.into("en") != said.into("zh"), pattern
