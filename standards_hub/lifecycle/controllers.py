"""The JSON doors of the lifecycle: parse, call one service function, present."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Struct

from standards_hub.kernel import uploads
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.http import Page, download, etag, expect
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import entries, queries, repository
from standards_hub.lifecycle.filtering import INSIDE_SORTS, Sort
from standards_hub.lifecycle.listing import CONTROLLERS as LISTING
from standards_hub.lifecycle.listing import wanted
from standards_hub.lifecycle.presenting import Line, StandardOut, TodoOut, TrackOut, WayOut
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.schemas import (
    Adoption,
    Because,
    Ending,
    Entry,
    ExtensionDecision,
    ExtensionRequest,
    Merge,
    Move,
    PaperIn,
    PlanNumberIn,
    Proposal,
    Publication,
    RelationIn,
    ReviewConclusion,
    Split,
    Successor,
    Team,
    TrackChange,
    Watching,
)
from standards_hub.lifecycle.services import dossier, duties, ending, facts, moving, relating, timing, tracking
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.tracks.drawing import draw
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import (
    Alias,
    Deadline,
    Drafter,
    DraftingUnit,
    Extension,
    Paper,
    Patch,
    Relation,
    Standard,
    Visit,
    Waiver,
)
from standards_hub.lifecycle.viewing import CONTROLLERS as VIEWS

IfMatch = Annotated[str | None, Parameter(header="If-Match", description="The ETag you read; refused with 412 if it is no longer current.")]
After = Annotated[str | None, Parameter(max_length=400, description="上一页的 next / `next` of the page before")]
MOST_COUNTED = 10_000
Limit = Annotated[int, Parameter(ge=1, le=200, description="每页条数 / items a page")]


def out(standard: Standard, status: int = HTTP_200_OK) -> Response[StandardOut]:
    return Response(StandardOut.of(standard), status_code=status, headers=etag(standard.version))


async def _expected(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.standard(work.connection, id, lock=True)).version)


class StoredFile(Struct):
    sha256: str
    filename: str
    size: int


class Created(Struct):
    """The id of what was made."""

    id: UUID


class WholeOut(Struct):
    """One standard with its course, dossier, limits and relations."""

    standard: StandardOut
    ways: list[WayOut]
    visits: list[Visit]
    papers: list[Paper]
    deadlines: list[Deadline]
    extensions: list[Extension]
    relations: list[Relation]
    relations_to: list[Relation]
    waivers: list[Waiver]
    aliases: list[Alias]
    drafting_units: list[DraftingUnit]
    drafters: list[Drafter]
    watched: bool


class StandardController(Controller):
    """Standards of the portfolio: reading, proposing, and every act of their life."""

    path = "/standards"
    tags = ["标准 Standards"]

    @get(operation_id="ListStandards", opt={"permission": "standard.read_public"}, dependencies={"wanted": Provide(wanted)})
    async def listing(
        self, reading: Work, wanted: Filter,
        sort: Annotated[
            Sort, Parameter(description="moved 最近变动，due 期限，number 编号 / by the latest move, the nearest limit or the number")
        ] = "moved",
        after: After = None, limit: Limit = 50,
        counted: Annotated[bool, Parameter(description="也数总数，至多一万 / also count them, up to ten thousand")] = False,
    ) -> Page[Line]:  # fmt: skip
        """Standards in an order. `stage` takes a code or two digits; `q` searches numbers, titles and scopes.

        By limit only those stand that have one running, which the public does not see; by number only those that have one.
        """
        if sort in INSIDE_SORTS:
            reading.actor.require("standard.read")
        names, at = Line.__struct_fields__, queries.place(sort, after, None)
        found = await queries.page(reading.connection, reading.actor, wanted, sort, names, at=at, limit=limit)
        items = [Line(**dict(zip(names, row, strict=False))) for row in found.rows]
        count = await queries.counts(reading.connection, reading.actor, wanted, sort, None, MOST_COUNTED) if counted else None
        return Page(items, found.after, min(count[0], MOST_COUNTED) if count else None)

    @post(operation_id="ProposeStandard", opt={"permission": "standard.propose"})
    async def propose(self, work: Work, data: Proposal) -> Response[StandardOut]:
        """Propose a new standard on a track."""
        return out(await facts.propose(work, data), HTTP_201_CREATED)

    @post("/entries", operation_id="EnterStandard", opt={"permission": "portfolio.import"})
    async def enter(self, work: Work, data: Entry) -> Response[StandardOut]:
        """Take in a standard in mid-life, with the past days that are known."""
        return out(await facts.enter(work, data), HTTP_201_CREATED)

    @post("/adoptions", operation_id="AdoptStandard", opt={"permission": "standard.propose"})
    async def adopt(self, work: Work, data: Adoption) -> Response[StandardOut]:
        """Start a project that adopts an international standard."""
        return out(await relating.adopt(work, data), HTTP_201_CREATED)

    @get("/by-number", operation_id="FindStandard", opt={"permission": "standard.read_public"})
    async def find(self, reading: Work, number: Annotated[str, Parameter(min_length=1, max_length=300)]) -> Response[StandardOut]:
        """The standard of a number, or of a present or past plan number."""
        standard = await repository.find(reading.connection, number)
        return out(await views.readable(reading, standard.id))

    @get("/as-of", operation_id="StandardsAsOf", opt={"permission": "standard.read"})
    async def as_of(self, reading: Work, on: date, plan: Annotated[str | None, Parameter(max_length=80)] = None) -> list[dict[str, Any]]:
        """The portfolio as it was on a day, from the log alone; of one plan, or whole."""
        return [row for row in await views.on_day(reading, on) if plan is None or row["plan_key"] == plan]

    @get("/{id:uuid}", operation_id="ReadStandard", opt={"permission": "standard.read_public"})
    async def read(self, reading: Work, id: UUID, on: date | None = None) -> Response[WholeOut]:
        """One standard, whole: what is missing to advance, dossier, limits, relations, waivers. With `on`, as it was on that day."""
        found = await _whole(reading, id, on)
        return Response(found, headers=etag(found.standard.version))

    @get("/{id:uuid}/ways", operation_id="StandardWays", opt={"permission": "standard.read"})
    async def ways(self, reading: Work, id: UUID, on: date | None = None) -> list[WayOut]:
        """Where it may go from here, and every gate of each way."""
        return [WayOut.of(way) for way in await views.readiness(reading, id, on)]

    @get("/{id:uuid}/history", operation_id="StandardHistory", opt={"permission": "standard.read"})
    async def history(self, reading: Work, id: UUID) -> list[entries.Entry]:
        """Everything that happened to it, from the log."""
        return await views.history(reading, id)

    @patch("/{id:uuid}", operation_id="EditStandard", opt={"permission": "standard.edit"})
    async def edit(self, work: Work, id: UUID, data: Patch, if_match: IfMatch = None) -> Response[StandardOut]:
        """Change facts; what is not sent stays."""
        await _expected(work, id, if_match)
        return out(await facts.edit(work, id, data))

    @put("/{id:uuid}/team", operation_id="SetTeam", opt={"permission": "standard.edit"})
    async def team(self, work: Work, id: UUID, data: Team, if_match: IfMatch = None) -> Response[StandardOut]:
        """Name the drafting organisations and drafters in rank order."""
        await _expected(work, id, if_match)
        return out(await facts.set_team(work, id, data))

    @post("/{id:uuid}/plan-number", operation_id="GivePlanNumber", opt={"permission": "standard.advance"}, status_code=HTTP_200_OK)
    async def plan_number(self, work: Work, id: UUID, data: PlanNumberIn, if_match: IfMatch = None) -> Response[StandardOut]:
        """Give the plan number; earlier ones stay as dated aliases."""
        await _expected(work, id, if_match)
        return out(await facts.give_plan_number(work, id, data))

    @post("/{id:uuid}/moves", operation_id="MoveStandard", opt={"permission": "standard.advance"}, status_code=HTTP_200_OK)
    async def move(self, work: Work, id: UUID, data: Move, if_match: IfMatch = None) -> Response[StandardOut]:
        """Advance, return, repeat, skip, or record a failed verification; refused with every unmet gate."""
        await _expected(work, id, if_match)
        return out(await moving.move(work, id, data))

    @post("/{id:uuid}/publication", operation_id="PublishStandard", opt={"permission": "standard.publish"}, status_code=HTTP_200_OK)
    async def publish(self, work: Work, id: UUID, data: Publication, if_match: IfMatch = None) -> Response[StandardOut]:
        """Record number, dates and announcement, and enter 60.60."""
        await _expected(work, id, if_match)
        return out(await moving.publish(work, id, data))

    @post("/{id:uuid}/review", operation_id="ConcludeReview", opt={"permission": "standard.review"}, status_code=HTTP_200_OK)
    async def review(self, work: Work, id: UUID, data: ReviewConclusion, if_match: IfMatch = None) -> Response[StandardOut]:
        """Record the conclusion of a review: confirm, revise, amend or withdraw."""
        await _expected(work, id, if_match)
        return out(await moving.conclude_review(work, id, data))

    @post("/{id:uuid}/withdrawal", operation_id="WithdrawStandard", opt={"permission": "standard.withdraw"}, status_code=HTTP_200_OK)
    async def withdraw(self, work: Work, id: UUID, data: Ending, if_match: IfMatch = None) -> Response[StandardOut]:
        """Record the announced withdrawal."""
        await _expected(work, id, if_match)
        return out(await moving.withdraw(work, id, data))

    @post("/{id:uuid}/extension", operation_id="AskExtension", opt={"permission": "standard.extension_ask"}, status_code=HTTP_200_OK)
    async def ask_extension(self, work: Work, id: UUID, data: ExtensionRequest, if_match: IfMatch = None) -> Response[StandardOut]:
        """Ask for more time before the plan expires."""
        await _expected(work, id, if_match)
        return out(await timing.ask_extension(work, id, data))

    @post(
        "/{id:uuid}/extension/decision",
        operation_id="DecideExtension",
        opt={"permission": "standard.extension_decide"},
        status_code=HTTP_200_OK,
    )
    async def decide_extension(self, work: Work, id: UUID, data: ExtensionDecision, if_match: IfMatch = None) -> Response[StandardOut]:
        """Record the competent department's decision on the extension."""
        await _expected(work, id, if_match)
        return out(await timing.decide_extension(work, id, data))

    @post("/{id:uuid}/suspension", operation_id="SuspendStandard", opt={"permission": "standard.suspend"}, status_code=HTTP_200_OK)
    async def suspend(self, work: Work, id: UUID, data: Because, if_match: IfMatch = None) -> Response[StandardOut]:
        """Let work and limits rest."""
        await _expected(work, id, if_match)
        return out(await timing.suspend(work, id, data))

    @post("/{id:uuid}/resumption", operation_id="ResumeStandard", opt={"permission": "standard.suspend"}, status_code=HTTP_200_OK)
    async def resume(self, work: Work, id: UUID, data: Because, if_match: IfMatch = None) -> Response[StandardOut]:
        """Go on after a rest; limits get back the days."""
        await _expected(work, id, if_match)
        return out(await timing.resume(work, id, data))

    @post("/{id:uuid}/termination", operation_id="TerminateStandard", opt={"permission": "standard.terminate"}, status_code=HTTP_200_OK)
    async def terminate(self, work: Work, id: UUID, data: Ending, if_match: IfMatch = None) -> Response[StandardOut]:
        """End the project on the department's decision."""
        await _expected(work, id, if_match)
        return out(await ending.terminate(work, id, data))

    @post("/{id:uuid}/split", operation_id="SplitStandard", opt={"permission": "standard.split"})
    async def split(self, work: Work, id: UUID, data: Split, if_match: IfMatch = None) -> list[StandardOut]:
        """Split it into new projects with their own plan numbers."""
        await _expected(work, id, if_match)
        return [StandardOut.of(part) for part in await ending.split(work, id, data)]

    @post("/{id:uuid}/merger", operation_id="MergeStandard", opt={"permission": "standard.merge"}, status_code=HTTP_200_OK)
    async def merge(self, work: Work, id: UUID, data: Merge, if_match: IfMatch = None) -> Response[StandardOut]:
        """Merge it into another project, which survives."""
        await _expected(work, id, if_match)
        return out(await ending.merge(work, id, data))

    @post("/{id:uuid}/raised", operation_id="RaiseStandard", opt={"permission": "standard.raise"})
    async def raise_level(self, work: Work, id: UUID, data: Successor) -> Response[StandardOut]:
        """Start its project on a higher level, derived from it."""
        return out(await relating.raise_level(work, id, data), HTTP_201_CREATED)

    @post("/{id:uuid}/revision", operation_id="ReviseStandard", opt={"permission": "standard.propose"})
    async def revise(self, work: Work, id: UUID, data: Successor) -> Response[StandardOut]:
        """Start the project of its revision."""
        return out(await relating.revise(work, id, data), HTTP_201_CREATED)

    @post("/{id:uuid}/amendment", operation_id="AmendStandard", opt={"permission": "standard.propose"})
    async def amend(self, work: Work, id: UUID, data: Successor) -> Response[StandardOut]:
        """Start an amendment sheet."""
        return out(await relating.amend(work, id, data), HTTP_201_CREATED)

    @post("/{id:uuid}/relations", operation_id="RelateStandard", opt={"permission": "standard.relate"})
    async def relate(self, work: Work, id: UUID, data: RelationIn) -> Created:
        """Say how it relates to another standard, a catalogue entry or an identifier."""
        return Created(await relating.relate(work, id, data))

    @post("/{id:uuid}/relations/{relation_id:uuid}/removal", operation_id="UnrelateStandard", opt={"permission": "standard.relate"},
          status_code=HTTP_204_NO_CONTENT)  # fmt: skip
    async def unrelate(self, work: Work, id: UUID, relation_id: UUID, data: Because) -> None:
        """Take back a relation said in error."""
        await relating.unrelate(work, id, relation_id, data.reason)

    @post("/{id:uuid}/track", operation_id="MoveTrack", opt={"permission": "standard.move_track"}, status_code=HTTP_200_OK)
    async def move_track(self, work: Work, id: UUID, data: TrackChange, if_match: IfMatch = None) -> Response[StandardOut]:
        """Let it follow another version of its track."""
        await _expected(work, id, if_match)
        return out(await tracking.move_track(work, id, data))

    @put("/{id:uuid}/watch", operation_id="WatchStandard", opt={"permission": "standard.watch"}, status_code=HTTP_204_NO_CONTENT)
    async def watch(self, work: Work, id: UUID, on: bool = True) -> None:
        """Follow a standard by mail, or stop (`on=false`)."""
        await tracking.watch(work, id, on)

    @post("/watching", operation_id="WatchStandards", opt={"permission": "standard.watch"}, status_code=HTTP_204_NO_CONTENT)
    async def watching(self, work: Work, data: Watching) -> None:
        """Follow several standards by mail, or stop: all of them or none."""
        await tracking.watch_several(work, data.ids, data.on)

    @post("/{id:uuid}/papers", operation_id="AddPaper", opt={"permission": "standard.dossier_add"})
    async def add_paper(self, work: Work, id: UUID, data: PaperIn) -> Created:
        """Put a paper into the dossier: an uploaded file by its hash, or a reference."""
        return Created(await dossier.add_paper(work, id, data))


async def _whole(work: Work, id: UUID, on: date | None) -> WholeOut:
    found = await views.whole_on(work, id, on) if on else await views.whole(work, id)
    inside = on is None and work.actor.may("standard.read", found.standard)
    ways = [WayOut.of(way) for way in await views.readiness(work, id)] if inside else []
    return WholeOut(
        StandardOut.of(found.standard), ways, found.visits, found.papers, found.deadlines, found.extensions, found.relations,
        found.relations_to, found.waivers, found.aliases, found.drafting_units, found.drafters, found.watched,
    )  # fmt: skip


class PaperController(Controller):
    """Files and the papers of a dossier."""

    path = "/papers"
    tags = ["卷宗 Dossier"]

    @post("/files", operation_id="StoreFile", opt={"permission": "standard.dossier_add"})
    async def store(self, work: Work, data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]) -> StoredFile:
        """Store a file; its hash is then used to put it into a dossier."""
        content = await data.read(work.files.most_bytes + 1)
        return StoredFile(await uploads.keep(work, content), clean_text(data.filename, "data"), len(content))

    @post("/{paper_id:uuid}/acceptance", operation_id="AcceptPaper", opt={"permission": "standard.dossier_accept"}, status_code=HTTP_200_OK)
    async def accept(self, work: Work, paper_id: UUID) -> Paper:
        """Confirm a paper, so that it meets its gate."""
        return await dossier.accept_paper(work, paper_id)

    @post("/{paper_id:uuid}/withdrawal", operation_id="WithdrawPaper", opt={"permission": "standard.dossier_add"}, status_code=HTTP_200_OK)
    async def withdraw(self, work: Work, paper_id: UUID, data: Because) -> Paper:
        """Take a paper back."""
        return await dossier.withdraw_paper(work, paper_id, data.reason)

    @get("/{paper_id:uuid}/file", operation_id="ReadPaper", opt={"permission": "standard.read"}, media_type="application/octet-stream")
    async def file(self, reading: Work, paper_id: UUID) -> Response[bytes]:
        """The file itself, always as a download that cannot run as a page."""
        paper, content = await dossier.read_paper(reading, paper_id)
        return download(content, paper.filename or str(paper.id), paper.media_type or "application/octet-stream")


class TrackController(Controller):
    """The tracks as they are in force."""

    path = "/tracks"
    tags = ["轨道 Tracks"]

    @get(operation_id="ListTracks", opt={"permission": "track.read"})
    async def listing(self) -> list[TrackOut]:
        """Every track and version."""
        return [TrackOut.of(track) for track in load_tracks().values()]

    @get("/{track_id:str}", operation_id="ReadTrack", opt={"permission": "track.read"})
    async def read(self, track_id: str) -> Track:
        """A track whole: steps, transitions with gates, limits, with source and verified mark of each figure."""
        return facts.track_called(track_id)

    @get("/{track_id:str}/drawing", operation_id="DrawTrack", opt={"permission": "track.read"}, media_type="image/svg+xml")
    async def drawing(self, reading: Work, track_id: str, lang: str = "zh") -> Response[str]:
        """The track as SVG with the live count at each step."""
        track = facts.track_called(track_id)
        counts: dict[str, int] = {}
        for (id, step, _status), count in (await repository.by_step(reading.connection, Filter(track=(track.id,)))).items():
            if id == track.id:
                counts[step] = counts.get(step, 0) + count
        return Response(draw(track, counts, "en" if lang == "en" else "zh"), media_type="image/svg+xml")


class TodoController(Controller):
    path = "/todo"
    tags = ["待办 To do"]

    @get(operation_id="MineToDo", opt={"permission": "todo.read"})
    async def mine(
        self, reading: Work,
        of: Annotated[str | None, Parameter(query="body", max_length=80, description="committee:<id> 或 / or organisation:<id>")] = None,
    ) -> list[TodoOut]:  # fmt: skip
        """What waits for you, across all your roles, by due day; with `body`, all that waits in a body you work in, whoever's turn it is."""
        found = await duties.body_queue(reading, duties.body_of(of)) if of else await duties.mine_to_do(reading)
        return [TodoOut.of(todo) for todo in found]


CONTROLLERS = [StandardController, *LISTING, *VIEWS, PaperController, TrackController, TodoController]
