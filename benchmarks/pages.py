"""Pages: what one costs the servers' processors, how many are served beside Redmine, and what a visit weighs."""

import gzip
import itertools
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request as HttpRequest
from urllib.request import urlopen
from uuid import UUID

from msgspec import Struct

from benchmarks import fill
from benchmarks.load import Request, Server, measure
from benchmarks.peers import REDMINE

MOST_WEIGHT = {"first": 300_000, "after": 60_000}
"""Bytes on the wire of a first visit with its styles and scripts, and of the next page."""
TICKS = os.sysconf("SC_CLK_TCK")
LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)"')
Requests = Callable[[], Iterator[Request]]


class Case(Struct, frozen=True):
    """A page, the floor's answer with the same rows, and what was wanted."""

    page: Requests
    floor: Requests
    most_cpu: float
    """Milliseconds of CPU a page, of all the server's processes."""


def cases(count: int) -> dict[str, Case]:
    """The pages that people sit in, by name."""

    def listing(path: str) -> Requests:
        return lambda: (_page(f"{path}?level={level}&status=active") for level in itertools.cycle(("national", "local", "industry")))

    def one(path: str) -> Requests:
        return lambda: (_page(path.format(fill.standard_id(random.randrange(count)))) for _ in itertools.count())

    def same(path: str) -> Requests:
        return lambda: itertools.repeat(_page(path))

    return {
        "list": Case(listing("/standards"), listing("/list"), 6),
        "standard": Case(one("/standards/{}"), one("/one/{}"), 6),
        "overview": Case(same("/overview"), listing("/list"), 20),
    }


def _page(path: str) -> Request:
    return Request("GET", path, accept="text/html")


def show(name: str, case: Case, hub: Server, floor: Server, *, seconds: float, row: Callable[..., None]) -> None:
    """Measure one and print its lines."""
    measure(hub, floor, (case.page, case.floor), seconds=1)  # templates are compiled and connections opened once
    before = _processors(hub.process)
    mine, bare = measure(hub, floor, (case.page, case.floor), seconds=seconds)
    cost = (_processors(hub.process) - before) / mine.sent * 1000
    served, beside = f"{mine.rate}/s {mine.p50}/{mine.p95} ms", f"{bare.rate}/s {bare.p50}/{bare.p95} ms"
    bad = f"not 2xx: {mine.bad}/{bare.bad}" if mine.bad or bare.bad else ""
    row(f"page of the {name}, CPU ms", served, beside, cost, f"≤ {case.most_cpu:g}", cost <= case.most_cpu and not mine.bad, bad)
    if redmine := REDMINE.get(f"page of the {name}"):
        here = redmine.here(bare.rate)
        there = f"{redmine.rate}/s beside a floor of {redmine.floor}/s"
        row(
            f"page of the {name}, × Redmine",
            f"{mine.rate}/s",
            f"{here:.1f}/s Redmine",
            mine.rate / here,
            "≥ 20",
            mine.rate >= 20 * here,
            there,
        )


def _processors(process: int) -> float:
    """Seconds of CPU that a process and those it started have used."""
    root = Path("/proc") / str(process)
    fields = (root / "stat").read_text().rpartition(")")[2].split()
    children = (root / "task" / str(process) / "children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(_processors(int(child)) for child in children)


def weigh(hub: Server, standard: UUID, row: Callable[..., None]) -> None:
    """The heaviest of the pages, with all that a browser fetches at first, and alone."""
    first, after = 0, 0
    for path in ("/standards", f"/standards/{standard}", "/overview", "/todo", "/catalogue"):
        size, text = _fetched(hub, path)
        files = sorted(set(LINKED.findall(text)))
        if not files:
            raise RuntimeError(f"{path} links no styles")
        first = max(first, size + sum(_fetched(hub, file)[0] for file in files))
        after = max(after, size)
    for name, weight in (("first", first), ("after", after)):
        most = MOST_WEIGHT[name]
        row(f"weight, {name} visit", f"{weight / 1000:.0f} kB", "", weight / most, f"≤ {most // 1000} kB", weight <= most)


def _fetched(hub: Server, path: str) -> tuple[int, str]:
    """Bytes on the wire, and the text."""
    headers = {"Authorization": f"Bearer {hub.token}", "Accept": "text/html", "Accept-Encoding": "gzip"}
    with urlopen(HttpRequest(f"http://127.0.0.1:{hub.port}{path}", headers=headers)) as answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if packed else body).decode(errors="replace")
