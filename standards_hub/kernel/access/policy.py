"""The numbers of access, each with its name, so that an operator can find and change them."""

from datetime import timedelta

from msgspec import Struct


class AccessPolicy(Struct, frozen=True):
    """These are choices of this hub, not figures of a regulation."""

    password_length: int = 10
    password_most: int = 200
    """Longer ones are refused before they are hashed."""
    session_hours: int = 12
    """A session ends so long after signing in, whatever happens."""
    session_idle_hours: int = 4
    """A session ends so long after it was last used."""
    login_failures: int = 8
    """Failed sign-ins with one login name from one address before it is refused for a while."""
    login_failures_anywhere: int = 120
    """With one login name wherever they come from: whoever would keep its owner out needs many addresses for it."""
    address_failures: int = 60
    """Failed sign-ins from one address, where a whole office may sit behind it."""
    window_minutes: int = 15
    """How far back failed sign-ins count."""
    touch_minutes: int = 5
    """How exactly the last use of a session or token is recorded."""
    forgotten_asks: int = 3
    """Letters one login may ask for within the window."""
    forgotten_from_address: int = 20
    reset_hours: int = 1
    """How long a letter about a forgotten password serves."""
    invitation_days: int = 7
    most_tokens: int = 50
    """Tokens one account may hold."""

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)

    @property
    def idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_hours)

    @property
    def touch(self) -> timedelta:
        return timedelta(minutes=self.touch_minutes)


POLICY = AccessPolicy()
