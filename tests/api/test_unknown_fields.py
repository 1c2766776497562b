"""What a caller sends beyond what a schema knows is refused by name, in every body and at every depth: a typo never passes in silence."""

import uuid
from collections.abc import Iterator
from typing import Any

from litestar import Litestar

from standards_hub.kernel.work import Hub
from tests.api.conftest import client_for, token_for
from tests.api.test_schema import OPERATIONS, schema

STRAY = "misspelt_field"
COMPONENTS = schema.raw_schema["components"]["schemas"]
BODIES = [
    (name, kind, content["schema"])
    for name, (_, _, operation) in sorted(OPERATIONS.items())
    for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    if name != "StoreFile"  # one file under any name, and nothing beside it is read
]


def strays(described: dict[str, Any], path: tuple[str | int, ...] = (), seen: tuple[str, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every object that a schema lets in, the outermost first."""
    if reference := described.get("$ref"):
        name = reference.rsplit("/", 1)[1]
        if name not in seen:
            yield from strays(COMPONENTS[name], path, (*seen, name))
        return
    for one in (*described.get("oneOf", ()), *described.get("anyOf", ()), *described.get("allOf", ())):
        yield from strays(one, path, seen)
    if properties := described.get("properties"):
        yield path
        for name, inner in properties.items():
            yield from strays(inner, (*path, name), seen)
    if isinstance(items := described.get("items"), dict):
        yield from strays(items, (*path, max(1, described.get("minItems", 1))), seen)
    if isinstance(values := described.get("additionalProperties"), dict):
        yield from strays(values, (*path, "any"), seen)


def with_stray(path: tuple[str | int, ...]) -> Any:
    """Nothing but the way to that place, and the stray field there."""
    body: Any = {STRAY: 1}
    for part in reversed(path):
        body = [body] * part if isinstance(part, int) else {part: body}
    return body


def some(parameter: dict[str, Any]) -> str:
    """A value that an address takes, of a thing that is not there."""
    named = {"uuid": str(uuid.UUID(int=1)), "date": "2026-10-31"}
    return str(parameter.get("enum", [named.get(parameter.get("format", ""), "1")])[0])


async def test_a_field_that_a_body_does_not_know_is_refused_by_its_name(sqlite_app: Litestar) -> None:
    hub: Hub = sqlite_app.state.hub
    token = await token_for(hub, "everything", "secretary", "department", "officer", "administrator", "drafter", "project_manager")
    let_in, tried = [], set()
    async with client_for(sqlite_app, token) as client:
        for name, kind, described in BODIES:
            method, path, operation = OPERATIONS[name]
            address = path.format(**{p["name"]: some(p["schema"]) for p in operation["parameters"] if p["in"] == "path"})
            for place in strays(described):
                form = {"data": {STRAY: "1"}, "files": {"file": ("a.csv", b"a"), "files": ("a.csv", b"a")}}
                body: Any = {"json": with_stray(place)} if kind == "application/json" else form
                answer = await client.request(method, address, **body)
                said = answer.json().get("unmet", [{}])[0]
                tried.add((name, *place))
                if answer.status_code != 422 or STRAY not in str(said.get("where")) or STRAY not in said["zh"] or STRAY not in said["en"]:
                    let_in.append((name, place, answer.status_code, said))
    assert let_in == [] and tried > {("SetTeam", "drafting_units", 1), ("ProposeStandard", "facts"), ("EditStandard",)} and len(tried) > 120
