"""Reading the catalogue: by words, by number, both ways along relations, page by page."""

from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue.controllers import CONTROLLERS
from standards_hub.lifecycle.catalogue.importing import Format, import_file

FILES: dict[str, Format] = {
    "relaton.jsonl": "relaton-jsonl", "committees.jsonl": "iso-committees-jsonl", "ics.csv": "ics-csv", "national.csv": "csv",
}  # fmt: skip


@pytest.fixture
async def client(hub: Hub, samples: Path) -> Any:
    """The catalogue's doors over a hub that has imported every sample."""
    for name, format in FILES.items():
        await import_file(hub, SYSTEM, samples / name, format)

    async def reading() -> Any:
        async with hub.reading(PUBLIC) as work:
            yield work

    handlers: Any = {HubError: problem_response}
    app = Litestar(CONTROLLERS, dependencies={"reading": Provide(reading)}, exception_handlers=handlers)
    async with AsyncTestClient(app) as found:
        yield found


async def get(client: Any, path: str, expected: int = 200, /, **query: Any) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def every(client: Any, path: str, **query: Any) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        page = await get(client, path, **query, **({"after": after} if after else {}))
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


@pytest.mark.parametrize(
    ("query", "docid"),
    [
        ("示例气体", "GB/T 99001—2022"),
        ("术语", "GB/T 99001—2022"),
        ("gb/t 99001-2022", "GB/T 99001—2022"),
        ("vocabulaire 2021", "ISO 99001:2021"),
        ("99.133", "3GPP TS 99.133:REL-16/16.14.0"),
        ("ISO 99002", "ISO 99002:2025"),
        ("91.080 icing", "ISO 99003:2017"),
    ],
)
async def test_words_find_entries(client: Any, query: str, docid: str) -> None:
    (found,) = await every(client, "/catalogue/search", q=query)
    assert found["entry"]["docid"] == docid
    assert found["marks"] or found["snippet_marks"]


async def test_search_and_lists_are_paged_without_gap_or_repeat(client: Any) -> None:
    listed = [line["docid"] for line in await every(client, "/catalogue", limit=2)]
    assert len(listed) == len(set(listed)) == 9
    assert sorted(listed) == sorted(line["docid"] for line in await every(client, "/catalogue", limit=200))
    found = [f["entry"]["docid"] for f in await every(client, "/catalogue/search", q="sample", limit=2)]
    assert len(found) == len(set(found)) == 7
    assert [line["docid"] for line in await every(client, "/catalogue", source="iso", status="withdrawn")] == ["ISO 99001:2015"]


async def test_a_document_is_found_however_its_number_is_written(client: Any) -> None:
    for text in ("GB/T 99001-2022", "gb/t99001—2022", "ＧＢ/Ｔ 99001–2022"):
        (found,) = (await get(client, "/catalogue/by-identifier", identifier=text))["items"]
        assert found["docid"] == "GB/T 99001—2022"
    problem = await get(client, "/catalogue/by-identifier", 404, identifier="ISO 1:1900")
    assert problem["message"]["en"] == "the catalogue does not have ISO 1:1900"


async def test_relations_run_both_ways_and_across_sources(client: Any) -> None:
    (line,) = (await get(client, "/catalogue/by-identifier", identifier="ISO 99001:2021"))["items"]
    entry = await get(client, f"/catalogue/{line['id']}")
    assert [(r["type"], r["docid"], r["entry"] is not None) for r in entry["relations"]] == [
        ("obsoletes", "ISO 99001:2015", True),
        ("obsoletes", "ISO 88000:1990", False),
    ]
    assert [(r["type"], r["docid"], r["degree"]) for r in entry["relations_to"]] == [
        ("adopts", "GB/T 99001—2022", "MOD"),
        ("updates", "ISO 99001:2015", None),
    ]
    assert entry["committees"] == [{"identifier": "ISO/TC 999/SC 1", "name": "Sample vocabulary"}]
    assert entry["extra"]["dates"] == [{"type": "published", "on": "2021-04-01"}]
    assert [e["docid"] for e in (await get(client, f"/catalogue/{line['id']}/editions"))["items"]] == ["ISO 99001:2015"]


async def test_itu_leaves_its_own_name_out_and_is_understood(client: Any) -> None:
    (line,) = (await get(client, "/catalogue/by-identifier", identifier="ITU-T Z.9990 (06/2008)"))["items"]
    assert line["title"] == line["docid"]
    entry = await get(client, f"/catalogue/{line['id']}")
    assert [(r["docid"], r["title"]) for r in entry["relations"]] == [
        ("ITU-T Z.9990 (11/2012)", "Sample of a language"),
        ("ITU-T Z Suppl. 1 (11/1998)", None),
    ]


async def test_committees_with_members_and_children(client: Any) -> None:
    committee = await get(client, "/iso-committees/by-reference", reference="ISO/TC 999")
    assert [(m["acronym"], m["participation"]) for m in committee["members"]] == [("DIN", "P"), ("SAC", "P"), ("NEN", "O")]
    assert committee["liaisons"] == {"committees": ["ISO/TC 998"], "organisations": ["EXAMPLE"]}
    assert (committee["scope"], [c["reference"] for c in committee["children"]]) == ("Standardization of samples", ["ISO/TC 999/SC 1"])
    assert [c["reference"] for c in await every(client, "/iso-committees", member="DIN", limit=1)] == ["ISO/TC 999", "ISO/TC 999/SC 1"]
    assert [c["reference"] for c in await every(client, "/iso-committees", q="VOCAB")] == ["ISO/TC 999/SC 1"]
    await get(client, "/iso-committees/by-reference", 404, reference="ISO/TC 0")


async def test_the_classification_is_a_tree(client: Any) -> None:
    async def codes(**query: str) -> list[str]:
        return [row["code"] for row in (await get(client, "/ics", **query))["items"]]

    assert (await codes(), await codes(parent="01"), await codes(parent="01.040")) == (["01"], ["01.040"], ["01.040.71"])
    assert await codes(q="chemical") == await codes(q="01.040.7") == ["01.040.71"]
    assert await codes(q="%") == []


@pytest.mark.parametrize("after", ["x", "WyJhIl0", "bnVsbA", "WyJhIiwiYiJd"])
async def test_a_cursor_of_another_making_is_refused(client: Any, after: str) -> None:
    await get(client, "/catalogue", 422, after=after)


async def test_imports_are_listed(client: Any) -> None:
    found = (await get(client, "/catalogue/imports"))["items"]
    assert {run["filename"]: run["state"] for run in found} == dict.fromkeys(FILES, "finished")
