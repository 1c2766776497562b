"""The import of a catalogue beside a bulk insert of the very rows it finished."""

import asyncio
import json
import random
import tempfile
import time
from pathlib import Path

import psycopg

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue.importing import import_file

RECORDS = 54_786
TABLES = {"catalogue_entry": "true", "catalogue_relation": "true", "search_text": "kind = 'catalogue'"}
WORDS = (
    "steel",
    "hydrogen",
    "quality",
    "fuel",
    "determination",
    "of",
    "methods",
    "test",
    "information",
    "technology",
    "safety",
    "part",
    "quantum",
)


def generated(path: Path, count: int = RECORDS) -> Path:
    """Rows in the shape of the ISO file, made up."""
    random.seed(1)
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            title = " ".join(random.choices(WORDS, k=9))
            number = f"ISO {10_000 + n // 3}-{n % 3 + 1}:{1990 + n % 35}"
            row = {
                "docid": number, "ids": {"iso-reference": f"{number}(E)"}, "title": {"en": title, "fr": title[::-1]}, "stage": "60", "substage": "60",
                "dates": [{"type": "published", "on": f"{1990 + n % 35}-04"}], "edition": "1", "doctype": "international-standard",
                "committee": [{"identifier": f"ISO/TC {n % 300}", "name": title[:20]}], "ics": [["71.040.50", "Analysis"]],
                "relations": [{"type": "obsoletes", "docid": f"ISO {9000 + n // 3}"}], "iso_project": str(n), "last_committed": "2025-01-10",
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")
    return path


def measure(url: str, given: str | None) -> tuple[float, float, int]:
    """Seconds of the import, seconds of bulk-inserting the same finished rows with their search rows, and how many records."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(given) if given else generated(Path(folder) / "catalogue.jsonl")

        async def run() -> tuple[float, int]:
            hub = Hub(Database(url), FileStore(Path(folder)), Clock())
            summary = await import_file(hub, SYSTEM, path, "relaton-jsonl")
            await hub.database.close()
            return summary.seconds, summary.read

        seconds, read = asyncio.run(run())
    return seconds, _bulk(url), read


def _bulk(url: str) -> float:
    total = 0.0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for table, which in TABLES.items():
            with connection.cursor().copy(f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT") as copy:
                rows = list(copy)
            connection.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
            connection.commit()
            start = time.perf_counter()
            with connection.cursor().copy(f"COPY floor_{table} FROM STDIN") as copy:
                for row in rows:
                    copy.write(row)
            connection.commit()
            total += time.perf_counter() - start
    return total
