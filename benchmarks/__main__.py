"""Runs all of it and prints one table: the hub, the floor of the same run, what was wanted, and Redmine's figures."""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import psycopg
from msgspec import structs

from benchmarks import annual, comments, counting, fill, imports, pages, votes
from benchmarks.load import Measured, Request, Server, measure
from benchmarks.peers import REDMINE
from standards_hub.demo import fixtures
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import NewAccount, NewGrant, NewToken
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database, upgrade
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.linkage.counting import count
from standards_hub.linkage.facts import PlanFacts, TargetFacts
from standards_hub.linkage.portfolio import of_plan
from standards_hub.linkage.rule import load_rule
from standards_hub.linkage.services import plans
from standards_hub.rooms import fill_ports
from tests.support import postgres

PLAN = PlanFacts(
    key="bench", name="bench", targets=(TargetFacts("t", "t", ("local", "industry", "national"), 120),), fields=(), regions=(),
    window_start=date(2024, 1, 1), window_end=date(2026, 12, 31),
)  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(factory: str, url: str, home: str, processes: int = 2) -> Iterator[tuple[int, int]]:
    """An application in as many processes as asked for, ready to answer: its port, and the process above them."""
    port = free_port()
    environment = {**os.environ, "STANDARDS_HUB_DATABASE_URL": url, "STANDARDS_HUB_HOME": home, "STANDARDS_HUB_JOBS": "0"}
    command = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "asgi",
        "--factory",
        "--port",
        str(port),
        "--workers",
        str(processes),
    ]
    with open(Path(home) / f"{port}.log", "wb") as log:
        process = subprocess.Popen([*command, "--no-ws", "--log-level", "warning", factory], env=environment, stdout=log, stderr=log)
    try:
        for _ in range(1200):  # a busy machine takes its time
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        time.sleep(1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


async def token_for(url: str, home: str) -> str:
    """A token of an account that may do all of it; and the plan that the overview is of."""
    hub = Hub(Database(url), FileStore(Path(home) / "files"), Clock())
    async with hub.work(SYSTEM) as work:
        account = await access.open_account(work, NewAccount(login="bench@example.org", name="bench"))
        for role in ("secretary", "officer"):
            await access.grant_role(work, account.id, NewGrant(role=role, body_kind="hub", body_id="*"))
        await plans.register(work, structs.replace(fixtures.plan(), key=PLAN.key, committees=[]))
        _, raw = await access.issue_token(work, NewToken(name="bench", scope="write"), account.id)
        await work.commit()
    await hub.database.close()
    return raw


def cases(count: int) -> dict[str, tuple[float, Any, Any]]:
    """{case: (wanted share of the floor's rate, requests to the hub, requests to the floor)}."""
    at_drafting = [n for n in range(count) if n % len(fill.STEPS) == 0]

    def listing(path: str) -> Any:
        return lambda: (
            Request("GET", f"{path}?level={level}&status=active") for level in itertools.cycle(("national", "local", "industry"))
        )

    def one(template: str) -> Any:
        return lambda: (Request("GET", template.format(fill.standard_id(random.randrange(count)))) for _ in itertools.count())

    def search(path: str) -> Any:
        return lambda: (
            Request("GET", path + quote(a + b))
            for a, b in itertools.cycle(itertools.permutations(("氢能", "量子", "术语", "接口", "数据"), 2))
        )

    hub_moves = (
        Request("POST", f"/api/v1/standards/{fill.standard_id(n)}/moves", b'{"act": "advance", "to": "verification"}')
        for n in at_drafting
        if n % 3 == 0
    )
    floor_moves = (Request("POST", f"/move/{fill.standard_id(n)}") for n in at_drafting if n % 3)
    return {
        "list": (0.5, listing("/api/v1/standards"), listing("/list")),
        "one": (0.25, one("/api/v1/standards/{}/history"), one("/one/{}")),
        "search": (0.5, search("/api/v1/search?limit=50&q="), search("/search?q=")),
        "move": (0.35, lambda: hub_moves, lambda: floor_moves),
    }


def csv_times(url: str, server: Server) -> tuple[float, float]:
    """Seconds for the CSV of all through the hub, and for COPY of the same rows, by turns; the best of each."""
    return _best(lambda: _csv(server), lambda: _copied(url))


def _best(first: Callable[[], float], second: Callable[[], float], turns: int = 5) -> tuple[float, float]:
    pairs = [(first(), second()) for _ in range(turns)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def _csv(server: Server) -> float:
    start = time.perf_counter()
    request = HttpRequest(f"http://127.0.0.1:{server.port}/api/v1/standards.csv", headers={"Authorization": f"Bearer {server.token}"})
    with urlopen(request) as answer:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: answer.read(1 << 20), b""))
    if lines < 1000:
        raise RuntimeError(f"the CSV has only {lines} lines")
    return time.perf_counter() - start


def _copied(url: str) -> float:
    start = time.perf_counter()
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor().copy("COPY standard TO STDOUT CSV") as copy:
        for _ in copy:
            pass
    return time.perf_counter() - start


def report_times(large: str, small: str) -> tuple[float, float]:
    """Seconds for the numbers of the report of the plan's 120 standards among all and among a thousand, by turns; the best of each."""

    async def both() -> tuple[float, float]:
        databases = Database(large), Database(small)
        pairs = [[await _report(database) for database in databases] for _ in range(10)]
        for database in databases:
            await database.close()
        return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)

    return asyncio.run(both())


async def _report(database: Database) -> float:
    start = time.perf_counter()
    async with database.read() as connection:
        held = await of_plan(connection, "bench", date(2026, 10, 31), datetime.now(UTC))
    count(held.facts, PLAN, load_rule(), date(2026, 10, 31))
    if len(held.facts) != 120:
        raise RuntimeError(f"the plan has {len(held.facts)} standards instead of 120")
    return time.perf_counter() - start


@contextlib.contextmanager
def a_server() -> Iterator[None]:
    """A PostgreSQL of the run's own; in memory and without fsync, for the hub and for the floor alike."""
    postgres.begin()
    try:
        yield
    finally:
        postgres.end()


def row(name: str, hub: str, floor: str, ratio: float, wanted: str, good: bool, beside: str = "") -> None:
    print(f"{name:34} {hub:>22} {floor:>22} {ratio:7.2f} {wanted:>10} {'✔' if good else '✘'}  {beside}", flush=True)


def show(name: str, hub: Measured, floor: Measured, wanted: float) -> None:
    ratio = hub.rate / floor.rate
    beside = f"× {hub.rate / REDMINE[name].here(floor.rate):.0f} Redmine"
    bad = f"  not 2xx: {hub.bad}/{floor.bad}" if hub.bad or floor.bad else ""
    row(
        name,
        f"{hub.rate}/s {hub.p50}/{hub.p95} ms",
        f"{floor.rate}/s {floor.p50}/{floor.p95} ms",
        ratio,
        f"≥ {wanted}",
        ratio >= wanted,
        beside + bad,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--standards", type=int, default=100_000)
    parser.add_argument("--catalogue", help="a relaton-jsonl file; else rows in its shape are generated")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", nargs="+", choices=[*cases(1), *(f"page-{name}" for name in pages.cases(1))], help="these cases only")
    chosen = parser.parse_args()
    fill_ports()
    with a_server(), tempfile.TemporaryDirectory() as home:
        urls = {}
        for size in (1000, chosen.standards):
            urls[size] = postgres.address(postgres.create())
            upgrade(urls[size])
            start = time.perf_counter()
            fill.fill(urls[size], size, plan="bench", of_plan=120)
            print(f"{size} standards, {size * 4} events: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        url = urls[chosen.standards]
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(
                "CREATE TABLE floor_event (id uuid PRIMARY KEY, stream text, seq int, type text, at timestamptz, payload text, UNIQUE (stream, seq))"
            )
        token = asyncio.run(token_for(url, home))
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'':34} {'hub':>22} {'floor':>22} {'ratio':>7} {'wanted':>10}")
        with (
            serving("benchmarks.floor:create_app", url, home) as (floor_port, floor_process),
            serving("standards_hub.app:served", url, home) as (hub_port, hub_process),
        ):
            hub, floor = Server(hub_port, token, hub_process), Server(floor_port, process=floor_process)
            for name, (share, to_hub, to_floor) in cases(chosen.standards).items():
                if name in (chosen.only or name):
                    show(name, *measure(hub, floor, (to_hub, to_floor), seconds=chosen.seconds), share)
            for name, case in pages.cases(chosen.standards).items():
                if f"page-{name}" in (chosen.only or f"page-{name}"):
                    pages.show(name, case, hub, floor, seconds=chosen.seconds, row=row)
            if chosen.only:
                return
            pages.weigh(hub, fill.standard_id(0), row)
            hub_csv, copy_csv = csv_times(url, hub)
        row("csv of all", f"{hub_csv:.2f} s", f"{copy_csv:.2f} s COPY", hub_csv / copy_csv, "≤ 3", hub_csv <= 3 * copy_csv)
        large, small = report_times(url, urls[1000])
        row(
            "report numbers, 120 of all",
            f"{large * 1000:.0f} ms",
            f"{small * 1000:.0f} ms of 1,000",
            large / small,
            "≤ 2",
            large <= 2 * small,
        )
        taken, bulk, records = imports.measure(url, chosen.catalogue)
        row(f"catalogue, {records} records", f"{taken:.1f} s", f"{bulk:.1f} s bulk", taken / bulk, "≤ 6", taken <= 6 * bulk)
        whole, tenth = counting.measured()
        fast = whole <= counting.WANTED and whole <= counting.FACTOR * tenth
        row("count of 100,000, two rules", f"{whole:.2f} s", f"{tenth:.3f} s a tenth", whole / tenth, "≤ 12, < 3 s", fast)
        counted, decoded = votes.measure()
        row("tally of 10,000 votes", f"{counted * 1000:.1f} ms", f"{decoded * 1000:.1f} ms", counted / decoded, "< 20 ms", counted < 0.02)
        printed = annual.measured()
        whole, slowest = sum(printed.values()), max(printed, key=lambda name: printed[name])
        row(
            "report-annual, all formats, CPU",
            f"{whole:.1f} s",
            f"{slowest} {printed[slowest]:.1f} s",
            whole / annual.WANTED,
            "< 8 s",
            whole < annual.WANTED,
        )
        merged = comments.measure(url)
        row("merging 40 sheets of 50 comments", f"{merged:.2f} s", "5 s", merged / 5, "≤ 1", merged <= 5)
        print(f"load average {os.getloadavg()[0]:.1f} at the end")
        print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
