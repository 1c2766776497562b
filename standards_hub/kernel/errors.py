"""The few kinds of errors. Each has its HTTP status, a message a user can act on, and a stable code."""

from msgspec import Struct

from standards_hub.kernel.messages import Message, say


class Unmet(Struct, frozen=True):
    """One thing that stands in the way, in words its reader can act on."""

    code: str
    why: Message
    where: str | None = None
    """The field, row, clause or cell it concerns."""
    fixer: str | None = None
    """Who can put it right: a role of the field, such as `secretariat`."""
    waivable: bool = False


class HubError(Exception):
    """Base of every error that a user may see."""

    status = 500
    code = "error"

    def __init__(self, message: Message, *, unmet: tuple[Unmet, ...] | list[Unmet] = (), code: str | None = None) -> None:
        super().__init__(message.text)
        self.message = message
        self.unmet = tuple(unmet)
        self.code = code or type(self).code

    def __str__(self) -> str:
        lines = [self.message.both, *(f"- {u.where + ': ' if u.where else ''}{u.why.both}" for u in self.unmet)]
        return "\n".join(lines)


class BadInput(HubError):
    """What came in cannot be used; `unmet` names each field, row or cell and the mend."""

    status = 422
    code = "bad-input"


class NotSignedIn(HubError):
    status = 401
    code = "not-signed-in"


class Forbidden(HubError):
    status = 403
    code = "forbidden"


class NotFound(HubError):
    status = 404
    code = "not-found"


class Conflict(HubError):
    """Somebody else changed it first, or it exists already."""

    status = 409
    code = "conflict"


class Refused(HubError):
    """The rules of the procedure do not allow it yet; `unmet` is the list of what is missing."""

    status = 409
    code = "refused"


class Stale(HubError):
    """The caller's copy is older than ours (If-Match)."""

    status = 412
    code = "stale"


class TooLarge(HubError):
    status = 413
    code = "too-large"


class TooMany(HubError):
    status = 429
    code = "too-many"
    retry_after = 60
    """Seconds after which it is worth another try."""


class Unavailable(HubError):
    """Not now, but perhaps in a moment."""

    status = 503
    code = "unavailable"


class Unforeseen(HubError):
    """Our own mistake; the log has it under the reference that the message names."""

    status = 500
    code = "unforeseen"


def refuse_if(unmet: list[Unmet], message: Message | None = None) -> None:
    """Raise `Refused` with everything that is unmet, nothing if all is met."""
    if unmet:
        raise Refused(message or say("还差 {count} 项", count=len(unmet)), unmet=unmet)
