"""The JSON doors of enquiries and comments: parse, call one service function, present."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import Struct

from standards_hub.committees.comments.disposing import Summary
from standards_hub.committees.comments.schemas import (
    Because,
    CommentFilter,
    Disposal,
    EnquiryChange,
    EnquiryOut,
    Format,
    Import,
    Merging,
    NewComment,
    NewEnquiry,
    Parting,
    Receipt,
    Replies,
    RepliesOut,
)
from standards_hub.committees.comments.services import answering, enquiring, exporting, importing, replying
from standards_hub.committees.comments.sheets.guarding import MOST_BYTES
from standards_hub.committees.comments.subjects import Comment, Enquiry, Status
from standards_hub.committees.comments.values import CommentType, Disposition
from standards_hub.kernel.access.controllers import address_of
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.http import Page, download, etag, expect, version_read
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

READ: dict[str, Any] = {"permission": "enquiry.read"}
MANAGE: dict[str, Any] = {"permission": "enquiry.manage"}
SEE: dict[str, Any] = {"permission": "comment.read"}
DISPOSE: dict[str, Any] = {"permission": "comment.dispose"}
IfMatch = Annotated[str | None, Parameter(header="If-Match", description="The ETag you read; refused with 412 if it is no longer current.")]
Seen = Annotated[
    str | None,
    Parameter(
        header="If-Match", description="The ETag of the list you read; refused with 412 if one of the comments was decided on since."
    ),
]
Limit = Annotated[int, Parameter(ge=1, le=200)]
After = Annotated[UUID | None, Parameter(description="`next` of the page before.")]
Place = Annotated[str | None, Parameter(max_length=60, description="`next` of the page before.")]
Part = Annotated[str | None, Parameter(max_length=100, description="The beginning of a clause.")]
Words = Annotated[str | None, Parameter(max_length=200, description="Words in the comment, its proposal, its reason or its author.")]
Decision = Annotated[Disposition | None, Parameter(description="Only those decided on in this way.")]
Kind = Annotated[CommentType | None, Parameter(description="Only general (ge), technical (te) or editorial (ed) ones.")]
FormKey = Annotated[str | None, Parameter(max_length=20, description="iso-2012, iso-13b, zh-table or zh-feedback.")]


class CommentWithFile(NewComment, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a comment that comes with a file: the fields of a comment, and the file."""

    file: UploadFile


class Sheets(Struct, forbid_unknown_fields=True):
    """The form of an upload of sheets."""

    files: list[UploadFile]


def tagged(one: Enquiry, status: int = HTTP_200_OK) -> Response[Enquiry]:
    return Response(one, status_code=status, headers=etag(one.version))


def place_of(text: str | None) -> tuple[str, int] | None:
    """Reads back the cursor of a list ordered by clause and number."""
    if not text:
        return None
    key, _, number = text.partition("-")
    if not (key.isascii() and key.isdecimal() and number.isascii() and number.isdecimal() and len(number) < 9):
        raise BadInput(say("分页标记有误"), unmet=[Unmet("cursor", say("请从第一页重新开始"), "after")])
    return key, int(number)


def page_of(found: list[Comment], limit: int) -> Page[Comment]:
    """One page from a list that was read one row longer than the page."""
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], f"{last.clause_key}-{last.number}" if last else None)


class EnquiryController(Controller):
    """Texts that are out for comment, and the comments on them."""

    path = "/enquiries"
    tags = ("征求意见 Enquiries",)

    @get(operation_id="ListEnquiries", opt=READ)
    async def listing(self, reading: Work, after: After = None, limit: Limit = 50) -> Page[Enquiry]:
        """What is out for comment, the last to close first; without an account, what is open to the public."""
        found = await enquiring.listing(reading, after=after, limit=limit + 1)
        return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)

    @post(operation_id="OpenEnquiry", opt=MANAGE)
    async def open(self, work: Work, data: NewEnquiry) -> Response[Enquiry]:
        """Put the text of a standard out for comment; the window is never shorter than its track wants."""
        return tagged(await enquiring.open_enquiry(work, data), HTTP_201_CREATED)

    @get("/{id:uuid}", operation_id="GetEnquiry", opt=READ)
    async def show(self, reading: Work, id: UUID) -> Response[EnquiryOut]:
        """One enquiry and how it stands today."""
        found = await enquiring.show(reading, id)
        return Response(found, headers=etag(found.enquiry.version))

    @patch("/{id:uuid}", operation_id="EditEnquiry", opt=MANAGE)
    async def edit(self, work: Work, id: UUID, data: EnquiryChange, if_match: IfMatch = None) -> Response[Enquiry]:
        """Change to how many it was sent, whether the public may read it, or its last day."""
        found, _ = await enquiring.held(work, id, "enquiry.manage", lock=True)
        expect(if_match, found.version)
        return tagged(await enquiring.edit(work, id, data))

    @post("/{id:uuid}/closing", operation_id="CloseEnquiry", opt=MANAGE, status_code=HTTP_200_OK)
    async def close(self, work: Work, id: UUID, data: Because) -> Response[Enquiry]:
        """End it; refused while its window runs."""
        return tagged(await enquiring.close(work, id, data))

    @get("/{id:uuid}/statistics", operation_id="EnquiryStatistics", opt=SEE)
    async def statistics(self, reading: Work, id: UUID) -> Summary:
        """To how many it was sent, who replied, and what became of the comments."""
        found, _ = await enquiring.held(reading, id, "comment.read")
        return await enquiring.summary(reading, found)

    @get("/{id:uuid}/comments", operation_id="ListComments", opt=SEE)
    async def comments(
        self, reading: Work, id: UUID, status: Status | None = None, disposition: Decision = None, type: Kind = None,
        clause: Part = None, q: Words = None, after: Place = None, limit: Limit = 50,
    ) -> Response[Page[Comment]]:  # fmt: skip
        """The comments by clause; addresses only for those who dispose of them. The ETag is the version that decisions are made from."""
        wanted = CommentFilter(status=status, disposition=disposition, type=type, clause=clause, q=q)
        one, found = await answering.listing(reading, id, wanted, after=place_of(after), limit=limit + 1)
        return Response(page_of(found, limit), headers=etag(one.version))

    @post("/{id:uuid}/comments", operation_id="MakeComment", opt={"permission": "comment.make"})
    async def comment(self, request: Request[Any, Any, Any], id: UUID, data: NewComment) -> Response[Receipt]:
        """Comment on a clause of a text that is open for it; a receipt is sent by mail where an address is given."""
        return await _made(request, id, data)

    @post("/{id:uuid}/comments/attached", operation_id="MakeCommentWithFile", opt={"permission": "comment.make"})
    async def comment_with_file(
        self, request: Request[Any, Any, Any], id: UUID, data: Annotated[CommentWithFile, Body(media_type=RequestEncodingType.MULTI_PART)]
    ) -> Response[Receipt]:
        """Comment with a file, as a form with the fields of a comment and `file`; of the kinds and up to the size that the page takes."""
        own = {name: getattr(data, name) for name in NewComment.__struct_fields__}
        return await _made(request, id, NewComment(**own), (data.file.filename, await data.file.read(answering.MOST_ATTACHMENT + 1)))

    @post("/{id:uuid}/dispositions", operation_id="DisposeOfComments", opt=DISPOSE, status_code=HTTP_200_OK)
    async def dispose(self, work: Work, id: UUID, data: Disposal, if_match: Seen = None) -> list[Comment]:
        """Decide on comments, one or many; without a decision they are open again."""
        return await answering.dispose(work, id, data, version_read(if_match))

    @get("/{id:uuid}/alike", operation_id="ListAlikeComments", opt=SEE)
    async def alike(self, reading: Work, id: UUID) -> list[list[Comment]]:
        """Comments that say the same on the same clause, in groups."""
        return await answering.alike(reading, id)

    @post("/{id:uuid}/merges", operation_id="MergeComments", opt=DISPOSE, status_code=HTTP_200_OK)
    async def merge(self, work: Work, id: UUID, data: Merging, if_match: Seen = None) -> Comment:
        """Let comments that say the same go into one of them; answers with the one that remains."""
        return await answering.merge(work, id, data, version_read(if_match))

    @post("/{id:uuid}/partings", operation_id="PartComments", opt=DISPOSE, status_code=HTTP_200_OK)
    async def part(self, work: Work, id: UUID, data: Parting, if_match: Seen = None) -> list[Comment]:
        """Take comments out of the one that they were merged into; each is open again."""
        return await answering.part(work, id, data, version_read(if_match))

    @get("/{id:uuid}/replies", operation_id="ListReplies", opt=DISPOSE)
    async def replies(self, reading: Work, id: UUID) -> Replies:
        """The letters that wait for those who left an address: what they said, what was decided, and why."""
        return await replying.waiting(reading, id)

    @post("/{id:uuid}/replies", operation_id="SendReplies", opt=DISPOSE, status_code=HTTP_200_OK)
    async def send_replies(self, work: Work, id: UUID, if_match: Seen = None) -> RepliesOut:
        """Mail them, each once, and not again unless what was decided changes; refused while one of their comments is undecided."""
        return await replying.send(work, id, version_read(if_match))

    @get("/{id:uuid}/table", operation_id="CommentTable", opt=SEE, media_type=exporting.MEDIA_TYPES["docx"])
    async def table(self, reading: Work, id: UUID, form: FormKey = None, format: Format = "docx") -> Response[bytes]:
        """The collated table by clause as DOCX or XLSX, with the formatting, formulae and pictures of its cells."""
        name, content = await exporting.table(reading, id, form, format)
        return download(content, name, exporting.MEDIA_TYPES[format])

    @get("/{id:uuid}/form", operation_id="CommentForm", opt=SEE, media_type=exporting.MEDIA_TYPES["docx"])
    async def form(self, reading: Work, id: UUID, form: FormKey = None) -> Response[bytes]:
        """The empty form for those who are asked to comment."""
        name, content = await exporting.empty(reading, id, form)
        return download(content, name, exporting.MEDIA_TYPES["docx"])

    @post("/{id:uuid}/sheets", operation_id="MergeSheets", opt=DISPOSE, status_code=HTTP_202_ACCEPTED)
    async def sheets(self, work: Work, id: UUID, data: Annotated[Sheets, Body(media_type=RequestEncodingType.MULTI_PART)]) -> Import:
        """Upload comment sheets, up to a hundred at once; a job merges them, and its result says file by file what became of them."""
        files = [(file.filename, await file.read(MOST_BYTES + 1)) for file in data.files]
        return await importing.begin(work, id, files)

    @get("/{id:uuid}/sheets", operation_id="ListSheetImports", opt=DISPOSE)
    async def imports(self, reading: Work, id: UUID) -> list[Import]:
        """The uploads of sheets, the latest first."""
        return await importing.listing(reading, id)

    @get("/{id:uuid}/sheets/{import_id:uuid}", operation_id="GetSheetImport", opt=DISPOSE)
    async def one_import(self, reading: Work, id: UUID, import_id: UUID) -> Import:
        """One upload and what became of each file: wrong cells by row and column, with the mend."""
        return await importing.show(reading, id, import_id)


async def _made(request: Request[Any, Any, Any], id: UUID, data: NewComment, file: tuple[str, bytes] | None = None) -> Response[Receipt]:
    """Make a comment in a unit of work that begins once it is counted against where it comes from."""
    hub, actor = request.app.state.hub, request.scope["actor"]  # type: ignore[typeddict-item]
    await answering.sparingly(hub, actor, address_of(request))
    async with hub.work(actor) as work:
        receipt = await answering.make(work, id, data, file)
        await work.commit()
    return Response(receipt, status_code=HTTP_201_CREATED)


CONTROLLERS = [EnquiryController]
