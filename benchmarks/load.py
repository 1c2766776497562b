"""Load from one process: keep-alive connections that each send one request after the other, on two servers by turns.

Other work on the machine hits whatever runs at that moment, so hub and floor take turns in short slices and the slices of
each are pooled: what disturbs one disturbs the other.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

from msgspec import Struct

WARM_UP, SLICE = 0.5, 0.5
"""Seconds."""


class Measured(Struct):
    """Times of one case: milliseconds at the median and the 95th percentile, requests a second, and answers that were not 2xx."""

    p50: float
    p95: float
    rate: float
    bad: int
    sent: int
    """Answers with those of the warm-up."""


class Request(Struct, frozen=True):
    method: str
    path: str
    body: bytes = b""
    accept: str = "application/json"


class Server(Struct, frozen=True):
    """Where an application answers, and the token that it wants."""

    port: int
    token: str = ""
    process: int = 0
    """The process above those that answer."""

    def workers(self) -> list[int]:
        return [int(one) for one in Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()]

    def taken_by(self, client: int) -> int:
        """The process that has taken the connection from this port."""
        ends = (f"0100007F:{self.port:04X}", f"0100007F:{client:04X}")
        lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
        socket = next(f"socket:[{line[9]}]" for line in lines if (line[1], line[2]) == ends)
        return next(one for one in self.workers() if any(_leads_to(file, socket) for file in Path(f"/proc/{one}/fd").iterdir()))


def _leads_to(file: Path, target: str) -> bool:
    try:
        return os.readlink(file) == target
    except OSError:  # closed meanwhile
        return False


class Side:
    """One of the two: its connections, and what its slices gave so far."""

    def __init__(self, server: Server, requests: Iterator[Request]) -> None:
        self.server = server
        self.requests = requests
        self.times: list[float] = []
        self.spent = 0.0
        self.bad = self.sent = 0
        self.pairs: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def open(self, connections: int) -> None:
        """As many at each process: which of them takes one is chance, and with all four at one of two the rate is halved."""
        workers = self.server.workers()
        taken = dict.fromkeys(workers, 0)
        while len(self.pairs) < connections:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port, limit=1 << 24)
            await _send(reader, writer, Request("GET", "/", accept="text/html"), self.server.token)
            worker = self.server.taken_by(writer.get_extra_info("sockname")[1])
            if taken[worker] < connections / len(workers):
                taken[worker] += 1
                self.pairs.append((reader, writer))
            else:
                writer.close()

    async def run(self, seconds: float) -> None:
        start = time.perf_counter()
        await asyncio.gather(*(self._one(reader, writer, start + seconds) for reader, writer in self.pairs))
        self.spent += time.perf_counter() - start

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, until: float) -> None:
        while time.perf_counter() < until and (request := next(self.requests, None)):
            start = time.perf_counter()
            status = await _send(reader, writer, request, self.server.token)
            self.times.append((time.perf_counter() - start) * 1000)
            self.sent += 1
            self.bad += not 200 <= status < 300

    def forget(self) -> None:
        """What was measured until now was the warm-up."""
        self.times, self.spent = [], 0.0

    def close(self) -> Measured:
        for _, writer in self.pairs:
            writer.close()
        if len(self.times) < 2:
            raise RuntimeError("too few requests for a figure; fill in more standards")
        cuts = quantiles(self.times, n=20)
        return Measured(round(cuts[9], 2), round(cuts[18], 2), round(len(self.times) / self.spent, 1), self.bad, self.sent)


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request, token: str) -> int:
    head = f"{request.method} {request.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nAccept: {request.accept}\r\n"
    head += "Accept-Encoding: gzip\r\n" if request.accept == "text/html" else ""
    head += f"Content-Type: application/json\r\nContent-Length: {len(request.body)}\r\n\r\n"
    writer.write((head if token else head.replace(f"Authorization: Bearer {token}\r\n", "")).encode() + request.body)
    answer = await reader.readuntil(b"\r\n\r\n")
    status, length, chunked = int(answer[9:12]), 0, False
    for line in answer.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        chunked = chunked or (line.startswith(b"transfer-encoding:") and b"chunked" in line)
    if chunked:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(length)
    return status


async def _alternate(sides: list[Side], seconds: float, connections: int) -> list[Measured]:
    for side in sides:
        await side.open(connections)
        await side.run(WARM_UP)
        side.forget()
    for turn in range(max(1, round(seconds / SLICE))):
        for side in sides if turn % 2 else reversed(sides):
            await side.run(SLICE)
    return [side.close() for side in sides]


Requests = Callable[[], Iterator[Request]]


def measure(
    hub: Server, floor: Server, requests: tuple[Requests, Requests], *, seconds: float, connections: int = 4
) -> tuple[Measured, Measured]:
    """Hub and floor by turns, each for so many seconds in all."""
    sides = [Side(server, source()) for server, source in zip((hub, floor), requests, strict=True)]
    first, second = asyncio.run(_alternate(sides, seconds, connections))
    return first, second
