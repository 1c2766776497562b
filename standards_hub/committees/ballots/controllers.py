"""The JSON doors of ballots: parse, call one service function, present."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from msgspec import Struct

from standards_hub.committees.ballots import repository, service, signing
from standards_hub.committees.ballots.rules import Rule, rule_of, rules
from standards_hub.committees.ballots.schemas import (
    BallotBrief,
    BallotChange,
    BallotOut,
    CountsIn,
    NewBallot,
    Opening,
    RecordedVote,
    Strike,
    ToCount,
    Vote,
)
from standards_hub.committees.ballots.tally import Tally, tally
from standards_hub.committees.ballots.values import Ballot, SignedSheet, State
from standards_hub.committees.controllers import After, IfMatch, Limit, tagged, with_version
from standards_hub.committees.schemas import Reason
from standards_hub.kernel.http import Page, download, expect
from standards_hub.kernel.work import Work

MANAGE = {"permission": "ballot.manage"}
READ = {"permission": "ballot.read"}


class SheetUpload(Struct, forbid_unknown_fields=True):
    """The form of a signed sheet."""

    file: UploadFile
    signed_on: date


class BallotController(Controller):
    """Ballots of committees: rules, preparation, voting, results."""

    path = "/ballots"
    tags = ("表决 Ballots",)

    @get(operation_id="ListBallots", opt=READ)
    async def list(
        self, reading: Work, committee: Annotated[UUID | None, Parameter(description="The id of the committee that votes.")] = None,
        ballot_state: Annotated[State | None, Parameter(description="prepared, open, closed or void.")] = None,
        waiting: Annotated[bool, Parameter(description="Only the open ones in which the caller has yet to vote, the first to close first.")] = False,
        subject: Annotated[UUID | None, Parameter(description="The id of a standard that is voted on.")] = None,
        after: After = None, limit: Limit = 50,
    ) -> Page[BallotBrief]:  # fmt: skip
        """Ballots, those that close last first."""
        reading.actor.require("ballot.read")
        if waiting:
            return Page(await service.briefs(reading, await service.waiting(reading)))
        found = await repository.ballots(
            reading.connection, committee_id=committee, state=ballot_state, subject=("standard", subject) if subject else None, after=after,
            limit=limit + 1,
        )  # fmt: skip
        return Page(await service.briefs(reading, found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)

    @post(operation_id="PrepareBallot", opt=MANAGE)
    async def prepare(self, work: Work, data: NewBallot) -> Response[Ballot]:
        """Prepare a ballot on a subject, or on a matter that stands in the ballot itself."""
        return tagged(await service.prepare(work, data), HTTP_201_CREATED)

    @get("/rules", operation_id="ListVoteRules", opt=READ)
    async def list_rules(self) -> Sequence[Rule]:
        """The rules by which votes are counted, with the source of every figure."""
        return [*rules().values()]

    @post("/tally", operation_id="TallyVotes", opt=READ, status_code=HTTP_200_OK)
    async def count_votes(self, data: ToCount) -> Tally:
        """Count numbers or single votes by a rule; nothing is kept."""
        return tally(rule_of(data.rule), data.poll)

    @get("/{id:uuid}", operation_id="GetBallot", opt=READ)
    async def show(self, reading: Work, id: UUID) -> Response[BallotOut]:
        """One ballot with its roll, its result and what the caller may do. How others voted is told once it is closed."""
        found = await service.show(reading, id)
        return with_version(found, found.ballot.version)

    @patch("/{id:uuid}", operation_id="EditBallot", opt=MANAGE)
    async def edit(self, work: Work, id: UUID, data: BallotChange, if_match: IfMatch = None) -> Response[Ballot]:
        """Change what a ballot will be, before it opens."""
        await _current(work, id, if_match)
        return tagged(await service.edit(work, id, data))

    @post("/{id:uuid}/open", operation_id="OpenBallot", opt=MANAGE, status_code=HTTP_200_OK)
    async def open(self, work: Work, id: UUID, data: Opening | None = None, if_match: IfMatch = None) -> Response[Ballot]:
        """Open it: roll, recusals, rule and the hash of the text are frozen. Declared interests are recusals, unless it is said otherwise."""
        await _current(work, id, if_match)
        return tagged(await service.open_(work, id, data))

    @post("/{id:uuid}/vote", operation_id="CastVote", opt={"permission": "ballot.vote"}, status_code=HTTP_200_OK)
    async def cast(self, work: Work, id: UUID, data: Vote) -> Response[Ballot]:
        """Vote as oneself, or vote anew. Where the text was changed meanwhile, the ballot comes back void."""
        return tagged(await service.cast(work, id, data))

    @post("/{id:uuid}/voters/{voter_id:uuid}/vote", operation_id="RecordVote", opt=MANAGE, status_code=HTTP_200_OK)
    async def record(self, work: Work, id: UUID, voter_id: UUID, data: RecordedVote) -> Response[Ballot]:
        """Enter a vote that came in on paper or was given elsewhere."""
        return tagged(await service.record(work, id, voter_id, data))

    @post("/{id:uuid}/voters/{voter_id:uuid}/strike", operation_id="StrikeVoter", opt=MANAGE, status_code=HTTP_200_OK)
    async def strike(self, work: Work, id: UUID, voter_id: UUID, data: Strike) -> Response[Ballot]:
        """Take a place off the roll that was vacant before the opening, by the authority's notice."""
        return tagged(await service.strike(work, id, voter_id, data))

    @post("/{id:uuid}/counts", operation_id="CountBallot", opt=MANAGE, status_code=HTTP_200_OK)
    async def count(self, work: Work, id: UUID, data: CountsIn) -> Response[Ballot]:
        """Note numbers that are not votes, such as those present."""
        return tagged(await service.count(work, id, data))

    @post("/{id:uuid}/close", operation_id="CloseBallot", opt=MANAGE, status_code=HTTP_200_OK)
    async def close(self, work: Work, id: UUID, if_match: IfMatch = None) -> Response[Ballot]:
        """Close it before its day: a meeting that has voted, or where everybody has. Otherwise the clock closes it."""
        await _current(work, id, if_match)
        return tagged(await service.close(work, id))

    @post("/{id:uuid}/void", operation_id="CallOffBallot", opt=MANAGE, status_code=HTTP_200_OK)
    async def call_off(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Ballot]:
        """Call it off; it stays on record and decides nothing."""
        await _current(work, id, if_match)
        return tagged(await service.call_off(work, id, data))

    @post("/{id:uuid}/sheets", operation_id="FileSignedSheet", opt=MANAGE)
    async def file_sheet(
        self, work: Work, id: UUID, data: Annotated[SheetUpload, Body(media_type=RequestEncodingType.MULTI_PART)]
    ) -> SignedSheet:
        """File the result sheet of a closed ballot that came back signed, as a form with `file` and `signed_on`."""
        return await signing.file_sheet(work, id, data.file.filename, await data.file.read(signing.MOST_BYTES + 1), data.signed_on)

    @get("/{id:uuid}/sheets/{sheet_id:uuid}/file", operation_id="ReadSignedSheet", opt=READ, media_type="application/octet-stream")
    async def read_sheet(self, reading: Work, id: UUID, sheet_id: UUID) -> Response[bytes]:
        """The signed sheet itself, for those who may see how each voted."""
        sheet, content = await signing.read_sheet(reading, id, sheet_id)
        return download(content, sheet.filename, sheet.media_type)


async def _current(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.ballot(work.connection, id, lock=True)).version)


CONTROLLERS = [BallotController]
