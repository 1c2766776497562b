"""Imports: everything that comes in is counted once, whatever happens on the way."""

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.audit import verify
from standards_hub.kernel.errors import BadInput, Conflict, NotSignedIn, TooLarge
from standards_hub.kernel.work import Hub, history
from standards_hub.lifecycle.catalogue import importing
from standards_hub.lifecycle.catalogue.importing import Format, Summary, import_file, rejects
from standards_hub.lifecycle.catalogue.readers import lines
from standards_hub.lifecycle.catalogue.storing import ENTRIES, RELATIONS

ROOT = Path(__file__).parents[3]
COUNTS = ("read", "written", "updated", "unchanged", "duplicates", "rejected")


def counts(summary: Summary) -> dict[str, int]:
    found = {name: getattr(summary, name) for name in COUNTS}
    assert found["read"] == sum(found.values()) - found["read"], "what comes in must come out"
    return {name: count for name, count in found.items() if count}


async def table(hub: Hub, *columns: str) -> list[tuple[Any, ...]]:
    async with hub.database.read() as connection:
        query = sa.select(*(ENTRIES.c[name] for name in columns)).order_by(ENTRIES.c.docid)
        return [tuple(row) for row in await connection.execute(query)]


def write(path: Path, *objects: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    return path


async def take(hub: Hub, path: Path, format: Format = "relaton-jsonl") -> dict[str, int]:
    return counts(await import_file(hub, SYSTEM, path, format))


SAMPLES: list[tuple[str, Format, dict[str, int], dict[str, int]]] = [
    ("relaton.jsonl", "relaton-jsonl", {"read": 16, "written": 7, "duplicates": 4, "rejected": 5}, {"unchanged": 7}),
    ("committees.jsonl", "iso-committees-jsonl", {"read": 3, "written": 2, "rejected": 1}, {"unchanged": 2}),
    ("ics.csv", "ics-csv", {"read": 5, "written": 3, "rejected": 2}, {"unchanged": 3}),
    ("national.csv", "csv", {"read": 7, "written": 2, "duplicates": 1, "rejected": 4}, {"unchanged": 2}),
]


@pytest.mark.parametrize(("name", "format", "first", "again"), SAMPLES, ids=[s[1] for s in SAMPLES])
@pytest.mark.parametrize("batch", [2000, 2])
async def test_counts_in_equal_counts_out_and_a_second_import_changes_nothing(
    hub: Hub,
    samples: Path,
    monkeypatch: pytest.MonkeyPatch,
    batch: int,
    name: str,
    format: Format,
    first: dict[str, int],
    again: dict[str, int],
) -> None:
    monkeypatch.setattr(importing, "BATCH", batch)
    assert await take(hub, samples / name, format) == first
    before = await table(hub, *(c.name for c in ENTRIES.columns))
    second = {key: count for key, count in first.items() if key != "written"} | again
    for _ in range(2):
        assert await take(hub, samples / name, format) == second
    assert await table(hub, *(c.name for c in ENTRIES.columns)) == before


async def test_the_newer_line_of_a_project_wins(hub: Hub, samples: Path) -> None:
    """A working draft, the enquiry draft and the published standard are one project; the file has them in no order."""
    await take(hub, samples / "relaton.jsonl")
    rows = {docid: rest for docid, *rest in await table(hub, "docid", "project", "status", "published_on", "published_precision")}
    assert [docid for docid in rows if "99002" in docid] == ["ISO 99002:2025"]
    project, status, published, precision = rows["ISO 99002:2025"]
    assert (project, status, str(published), precision) == ("3", "published", "2025-01-01", "year")
    assert rows["ISO 99001:2015"][1] == "withdrawn" and rows["ITU-T Z.9990 (06/2008)"][1] == "withdrawn"


async def test_two_lines_of_one_number_are_merged(hub: Hub, samples: Path) -> None:
    await take(hub, samples / "relaton.jsonl")
    columns = ("docid", "project", "titles", "edition", "committee", "ics", "extra")
    ((_, project, titles, edition, committee, ics, extra),) = [row for row in await table(hub, *columns) if row[0] == "ISO 99003:2017"]
    assert json.loads(titles) == {"en": "Sample icing", "fr": "Givrage d'essai"}
    assert (project, edition, committee, ics) == ("4b", "2", "ISO/TC 999", "91.080.01")
    assert json.loads(extra)["links"] == {"src": "https://example.org/new"}


async def test_a_later_file_updates_and_an_older_one_does_not(hub: Hub, tmp_path: Path) -> None:
    one = {"docid": "ISO 99010:2020", "iso_project": "10", "title": {"en": "Old"}, "last_committed": "2025-01-01", "stage": "60"}
    two = one | {"title": {"en": "New"}, "last_committed": "2025-02-01", "relations": [{"type": "obsoletes", "docid": "ISO 1"}]}
    assert await take(hub, write(tmp_path / "1.jsonl", one)) == {"read": 1, "written": 1}
    assert await take(hub, write(tmp_path / "2.jsonl", two)) == {"read": 1, "updated": 1}
    assert await take(hub, write(tmp_path / "1.jsonl", one)) == {"read": 1, "unchanged": 1}
    assert await table(hub, "title") == [("New",)]
    async with hub.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(RELATIONS))).scalar() == 1


@pytest.mark.parametrize("csv_first", [True, False])
async def test_a_row_typed_in_and_the_publishers_own_record_are_one_entry(hub: Hub, tmp_path: Path, csv_first: bool) -> None:
    row = tmp_path / "row.csv"
    row.write_text("number,title_zh\nISO 99001:2015,示例气体 术语\nIEC 99999:2020,示例\n", encoding="utf-8")
    own = write(
        tmp_path / "own.jsonl", {"docid": "ISO 99001:2015", "iso_project": "1", "title": {"en": "Gases"}, "last_committed": "2025-01-01"}
    )
    files: list[tuple[Path, Format]] = [(row, "csv"), (own, "relaton-jsonl")]
    for path, format in files if csv_first else reversed(files):
        await take(hub, path, format)
    for path, format in files:
        assert "unchanged" in await take(hub, path, format)
    assert [
        (docid, source, project, json.loads(t)) for docid, source, project, t in await table(hub, "docid", "source", "project", "titles")
    ] == [
        ("IEC 99999:2020", "iec", None, {"zh": "示例"}),
        ("ISO 99001:2015", "iso", "1", {"en": "Gases", "zh": "示例气体 术语"}),
    ]


async def test_each_reject_is_listed_with_its_line_and_why_in_both_languages(hub: Hub, samples: Path) -> None:
    summary = await import_file(hub, SYSTEM, samples / "relaton.jsonl", "relaton-jsonl")
    listed = await rejects(hub, SYSTEM, summary.run)
    assert [line for line, *_ in listed] == [13, 14, 15, 16, 17]
    assert listed[0][1].startswith("不是有效的 JSON") and listed[0][2].startswith("this is not JSON")
    assert listed[1][1:3] == ("缺少 docid", "docid is missing")
    assert "2015-13" in listed[2][1] and listed[4][2] == "field title contains control characters"
    summary = await import_file(hub, SYSTEM, samples / "national.csv", "csv")
    listed = await rejects(hub, SYSTEM, summary.run)
    assert [line for line, *_ in listed] == [5, 6, 7, 8]
    assert "GBT99002" in listed[0][1] and "现行" not in listed[1][2] and "published" in listed[1][1]


async def test_an_import_stands_in_the_log_once(hub: Hub, samples: Path) -> None:
    summary = await import_file(hub, SYSTEM, samples / "ics.csv", "ics-csv")
    async with hub.database.write() as connection:
        (event,) = await history(connection, f"import:{summary.run}")
        assert (await verify(connection)).sound
    assert event.type == "catalogue-imported"
    assert json.loads(event.payload)["counts"]["written"] == 3
    assert json.loads(event.payload)["sha256"] == summary.sha256


async def test_only_who_may_imports(hub: Hub, samples: Path) -> None:
    with pytest.raises(NotSignedIn):
        await import_file(hub, PUBLIC, samples / "ics.csv", "ics-csv")


HALF = """
import asyncio, sys, time
from pathlib import Path
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue import importing
importing.BATCH = 50
taken = importing._take
async def slow(work, run, sink, format, batch):
    if run.position >= 300:
        print(run.position, flush=True)
        time.sleep(60)
    await taken(work, run, sink, format, batch)
importing._take = slow
hub = Hub(Database(sys.argv[1]), FileStore(Path(".")), Clock())
asyncio.run(importing.import_file(hub, SYSTEM, Path(sys.argv[2]), "relaton-jsonl"))
"""


def catalogue(path: Path) -> Path:
    """A packed file of 600 lines: every tenth is a second line for the one before it, every fiftieth is broken."""
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for n in range(600):
            number = n - 1 if n % 10 == 9 else n
            line = {
                "docid": f"ISO {90000 + number}:2020",
                "iso_project": str(number),
                "title": {"en": f"Sample {n}"},
                "last_committed": "2025-01-01",
            }
            line["relations"] = [{"type": "obsoletes", "docid": f"ISO {90000 + number}:1999"}]
            out.write("{broken\n" if n % 50 == 25 else json.dumps(line) + "\n")
    return path


async def test_a_killed_import_goes_on_and_ends_with_the_same_counts(hub: Hub, database_url: str, tmp_path: Path) -> None:
    path = catalogue(tmp_path / "sample.jsonl.gz")
    command = [sys.executable, "-c", HALF, database_url, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout and await asyncio.to_thread(process.stdout.readline) == "300\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(await table(hub, "id")) == 300 - 30 - 6
    summary = await import_file(hub, SYSTEM, path, "relaton-jsonl")
    assert summary.resumed_at == 300
    whole = {"read": 600, "written": 528, "duplicates": 60, "rejected": 12}
    assert counts(summary) == whole
    assert len(await rejects(hub, SYSTEM, summary.run)) == 12
    assert len(await table(hub, "id")) == 528
    again = await import_file(hub, SYSTEM, path, "relaton-jsonl")
    assert again.resumed_at is None
    assert counts(again) == {"read": 600, "unchanged": 528, "duplicates": 60, "rejected": 12}


async def test_two_processes_do_not_import_one_file_at_once(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second goes on where the first stands; whoever comes late to a batch is told."""
    path = catalogue(tmp_path / "sample.jsonl.gz")
    monkeypatch.setattr(importing, "BATCH", 50)
    begun = await importing._begin(hub, SYSTEM, path.name, "relaton-jsonl", lines.sha256_of(path))
    await import_file(hub, SYSTEM, path, "relaton-jsonl")
    raw = list(importing._raw(path, "relaton-jsonl", lambda _: None))[:50]
    with pytest.raises(Conflict):
        async with hub.work(SYSTEM) as work:
            await importing._take(work, begun, importing._sink("relaton-jsonl"), "relaton-jsonl", raw)


# Files from outside


async def test_a_bomb_is_stopped(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "EXPANSION_COUNTS_FROM", 1024 * 1024)
    for name, content in (("lines", b" \n" * 4_000_000), ("line", b"a" * 8_000_000)):
        path = tmp_path / f"{name}.jsonl.gz"
        path.write_bytes(gzip.compress(content))
        with pytest.raises(TooLarge):
            await take(hub, path)
    monkeypatch.setattr(lines, "MOST_CSV_BYTES", 1024)
    with pytest.raises(TooLarge):
        await take(hub, tmp_path / "line.jsonl.gz", "csv")


async def test_a_line_without_end_is_one_reject(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 1000)
    path = tmp_path / "long.jsonl"
    path.write_text('{"docid":"ISO 1:2020"}\n' + '{"docid":"' + "x" * 5000 + '"}\n' + '{"docid":"ISO 2:2020"}')
    summary = await import_file(hub, SYSTEM, path, "relaton-jsonl")
    assert counts(summary) == {"read": 3, "written": 2, "rejected": 1}
    assert [line for line, *_ in await rejects(hub, SYSTEM, summary.run)] == [2]


async def test_a_torn_file_is_refused_by_name_and_goes_on_when_it_is_whole(hub: Hub, tmp_path: Path) -> None:
    whole = gzip.compress(b'{"docid":"ISO 1:2020"}\n' * 3)
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(whole[:-6])
    with pytest.raises(BadInput, match="读不了文件"):
        await take(hub, path)
    path.write_bytes(whole)
    assert (await take(hub, path))["read"] == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_national_standards_come_in_either_encoding(hub: Hub, samples: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "national.csv"
    path.write_bytes((samples / "national.csv").read_text(encoding="utf-8").encode(encoding))
    await take(hub, path, "csv")
    rows = await table(hub, "docid", "title", "status", "verified")
    assert [row[1:] for row in rows] == [("示例加氢站安全要求", "forthcoming", None), ("示例气体 术语", "published", True)]


async def test_a_table_without_its_columns_is_refused(hub: Hub, samples: Path) -> None:
    with pytest.raises(BadInput, match="缺少列"):
        await take(hub, samples / "ics.csv", "csv")


@pytest.mark.parametrize(
    "line",
    [
        {"docid": "x" * 201},
        {"docid": "ISO 1", "title": {"en": "x" * 4001}},
        {"docid": "ISO 1", "relations": [{"type": "a", "docid": f"ISO {n}"} for n in range(5001)]},
        {"docid": "ISO 1", "ics": [["not a code"]]},
        {"docid": "ISO 1", "dates": "2020"},
        {"docid": "ISO 1", "title": {"x" * 21: "long language"}},
        {"docid": "ISO 1\u0007"},
    ],
)
async def test_hostile_lines_are_rejected(hub: Hub, tmp_path: Path, line: dict[str, Any]) -> None:
    assert await take(hub, write(tmp_path / "hostile.jsonl", line)) == {"read": 1, "rejected": 1}


async def test_half_a_surrogate_pair_is_rejected_wherever_it_stands(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "surrogate.jsonl"
    path.write_text('{"docid":"ISO 1","title":{"en":"\\ud800"}}\n{"docid":"ISO 2","links":{"src":"\\ud800"}}\n')
    assert await take(hub, path) == {"read": 2, "rejected": 2}
