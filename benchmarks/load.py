"""Load from one process: keep-alive connections that each send one request after the other, and how long each took."""

import asyncio
import time
from collections.abc import Callable, Iterator
from statistics import quantiles

from msgspec import Struct


class Measured(Struct):
    """Times of one case: milliseconds at the median and the 95th percentile, requests a second, and answers that were not 2xx."""

    p50: float
    p95: float
    rate: float
    bad: int


class Request(Struct, frozen=True):
    method: str
    path: str
    body: bytes = b""


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request, token: str) -> int:
    head = f"{request.method} {request.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
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


async def _run(port: int, requests: Iterator[Request], seconds: float, connections: int, token: str) -> Measured:
    times: list[float] = []
    bad = 0
    until = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        while time.perf_counter() < until and (request := next(requests, None)):
            start = time.perf_counter()
            status = await _send(reader, writer, request, token)
            times.append((time.perf_counter() - start) * 1000)
            bad += not 200 <= status < 300
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    if len(times) < 2:
        raise RuntimeError("too few requests for a figure; fill in more standards")
    cuts = quantiles(times, n=20)
    return Measured(round(cuts[9], 2), round(cuts[18], 2), round(len(times) / (time.perf_counter() - start), 1), bad)


def measure(port: int, requests: Callable[[], Iterator[Request]], *, seconds: float = 5, connections: int = 4, token: str = "") -> Measured:
    """Warm up for half a second, then measure."""
    source = requests()
    asyncio.run(_run(port, source, 0.5, connections, token))
    return asyncio.run(_run(port, source, seconds, connections, token))
