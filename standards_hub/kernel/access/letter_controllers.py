"""The JSON doors of letters and notices: a forgotten password, an invitation, and what is mailed to oneself."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import Struct

from standards_hub.kernel import notices
from standards_hub.kernel.access import letters, service
from standards_hub.kernel.access.controllers import MANAGE, SELF, AnyRequest, address_of, session_cookie
from standards_hub.kernel.access.schemas import AccountOut, SessionOut
from standards_hub.kernel.access.values import NewInvitation
from standards_hub.kernel.notices import NoticeChoices
from standards_hub.kernel.work import Work

PUBLIC: dict[str, Any] = {"permission": "session.open", "csrf": False}


class Forgotten(Struct, forbid_unknown_fields=True):
    """Whose password is forgotten: a login, or the address of an account."""

    who: str


class LetterUse(Struct, forbid_unknown_fields=True):
    """The secret of a letter and the password to set with it."""

    secret: str
    password: str


class InvitationOut(Struct):
    """An account with its invitation. `link` is told only now, and only where no mail server takes the letter."""

    account: AccountOut
    mailed: bool
    link: str | None


class LetterController(Controller):
    """Letters with which a password is set."""

    path = "/letters"
    tags = ("账号 Accounts",)

    @post("/forgotten", operation_id="ForgetPassword", opt=PUBLIC, status_code=HTTP_202_ACCEPTED)
    async def forgotten(self, request: AnyRequest, data: Forgotten) -> None:
        """Ask for a letter that sets a new password. The answer never says whether there is such an account."""
        await letters.ask(request.app.state.hub, data.who, address_of(request), request.app.state.settings.address)

    @post("/reset", operation_id="ResetPassword", opt=PUBLIC)
    async def reset(self, request: AnyRequest, data: LetterUse) -> Response[SessionOut]:
        """Set a new password with a letter, which serves once, and sign in."""
        return await _use(request, data, "reset")

    @post("/invitation", operation_id="AcceptInvitation", opt=PUBLIC)
    async def accept(self, request: AnyRequest, data: LetterUse) -> Response[SessionOut]:
        """Set the first password with an invitation, which serves once, and sign in."""
        return await _use(request, data, "invitation")


async def _use(request: AnyRequest, data: LetterUse, purpose: str) -> Response[SessionOut]:
    session = await letters.use(request.app.state.hub, data.secret, purpose, data.password, address_of(request))
    answer = SessionOut(session.account_id, session.csrf, session.expires_at)
    headers = {"Cache-Control": "no-store"}
    return Response(answer, status_code=HTTP_201_CREATED, cookies=[session_cookie(request, session.secret)], headers=headers)


class InvitationController(Controller):
    """Inviting people."""

    tags = ("账号 Accounts",)

    @post("/invitations", operation_id="InviteAccount", opt=MANAGE)
    async def invite(self, request: AnyRequest, work: Work, data: NewInvitation) -> Response[InvitationOut]:
        """Open an account with roles and write to its owner, who sets the password."""
        account, link = await letters.invite(work, data, request.app.state.settings.address)
        return invitation_out(request, AccountOut.of(account), link, HTTP_201_CREATED)

    @post("/accounts/{account_id:uuid}/invitation", operation_id="InviteAgain", opt=MANAGE)
    async def again(self, request: AnyRequest, work: Work, account_id: UUID) -> Response[InvitationOut]:
        """Write again to somebody who has set no password yet; the former letter ends."""
        account, link = await letters.invite_again(work, account_id, request.app.state.settings.address)
        return invitation_out(request, AccountOut.of(account), link, HTTP_201_CREATED)


def invitation_out(request: AnyRequest, account: AccountOut, link: str, status: int = HTTP_200_OK) -> Response[InvitationOut]:
    mailed = bool(request.app.state.settings.smtp_host)
    return Response(InvitationOut(account, mailed, None if mailed else link), status_code=status, headers={"Cache-Control": "no-store"})


@get("/me/notices", operation_id="ReadMyNotices", opt=SELF, tags=["账号 Accounts"])
async def read_notices(reading: Work) -> dict[str, str]:
    """Which notices are mailed to oneself: at once (`now`), once a day (`daily`) or not (`none`)."""
    return await notices.choices(reading.connection, service.own_id(reading))


@put("/me/notices", operation_id="ChooseMyNotices", opt=SELF, tags=["账号 Accounts"])
async def choose_notices(work: Work, data: NoticeChoices) -> dict[str, str]:
    """Choose which notices are mailed to oneself."""
    return await notices.choose(work, data.choices)


CONTROLLERS: list[Any] = [LetterController, InvitationController, read_notices, choose_notices]
