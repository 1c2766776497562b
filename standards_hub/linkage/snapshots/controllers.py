"""The JSON doors of snapshots."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_201_CREATED

from standards_hub.kernel.http import Page
from standards_hub.kernel.work import Work
from standards_hub.linkage.snapshots import service
from standards_hub.linkage.snapshots.schemas import Correction, DifferenceOut, DueOut, NewSnapshot, SnapshotOut
from standards_hub.linkage.snapshots.values import Verification

N = Annotated[int, Parameter(ge=1, le=1_000_000, description="Number of a snapshot in the plan's chain.")]
Other = Annotated[int, Parameter(ge=1, le=1_000_000, description="Number of the snapshot to compare with.")]
Name = Annotated[str, Parameter(max_length=100, description="`data`, `plan`, `rule`, `count`, or the name of one of its files.")]


class SnapshotController(Controller):
    """Signed counts of a plan, each a link of its chain."""

    path = "/plans/{key:str}/snapshots"
    tags = ("快照 Snapshots",)

    @get(operation_id="ListSnapshots", opt={"permission": "report.read"})
    async def list(self, reading: Work, key: str) -> Page[SnapshotOut]:
        """All snapshots of a plan, the first first."""
        return Page(SnapshotOut.all(await service.listing(reading, key)))

    @post(operation_id="SignSnapshot", opt={"permission": "snapshot.sign"})
    async def sign(self, work: Work, key: str, data: NewSnapshot) -> Response[SnapshotOut]:
        """Sign what counts on a day as the next link of the chain."""
        return Response(SnapshotOut.of(await service.sign(work, key, data.as_of, expected=data.expected)), status_code=HTTP_201_CREATED)

    @get("/verification", operation_id="VerifySnapshots", opt={"permission": "report.read"})
    async def verify(self, reading: Work, key: str) -> Verification:
        """Prove the chain: its links, what the log says was signed, and its files; the first link that does not hold is named."""
        return await service.verify(reading, key)

    @get("/due", operation_id="ListDueCorrections", opt={"permission": "report.read"})
    async def due(self, reading: Work, key: str) -> Page[DueOut]:
        """Snapshots that stand for their days and differ from what is known now: each has to be corrected."""
        return Page([DueOut.of(one) for one in await service.due(reading, key)])

    @get("/{n:int}", operation_id="GetSnapshot", opt={"permission": "report.read"})
    async def show(self, reading: Work, key: str, n: N) -> SnapshotOut:
        """One snapshot."""
        await service.show(reading, key, n)
        return SnapshotOut.all(await service.listing(reading, key))[n - 1]

    @get("/{n:int}/contents/{name:str}", operation_id="GetSnapshotContent", opt={"permission": "report.read"})
    async def content(self, reading: Work, key: str, n: N, name: Name) -> Response[bytes]:
        """What it rests on and comes to, byte by byte as it was signed: SHA-256 of the bytes is the hash in the snapshot."""
        found = await service.content(reading, await service.show(reading, key, n), name)
        return Response(found, media_type="application/octet-stream")

    @post("/{n:int}/correct", operation_id="CorrectSnapshot", opt={"permission": "snapshot.sign"})
    async def correct(self, work: Work, key: str, n: N, data: Correction) -> Response[SnapshotOut]:
        """Sign a correction from what is known now; the snapshot itself stays as it is."""
        return Response(SnapshotOut.of(await service.correct(work, key, n, data.reason)), status_code=HTTP_201_CREATED)

    @get("/{n:int}/against/{other:int}", operation_id="CompareSnapshots", opt={"permission": "report.read"})
    async def compare(self, reading: Work, key: str, n: N, other: Other) -> DifferenceOut:
        """What the second says otherwise than the first, standard by standard."""
        earlier, later = await service.show(reading, key, n), await service.show(reading, key, other)
        return DifferenceOut.of(await service.difference(reading, earlier, later))


CONTROLLERS: list[Any] = [SnapshotController]
