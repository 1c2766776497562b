"""One example office for all days of a worker, as in life: what somebody did yesterday is there today. Its mails arrive."""

from collections.abc import Iterator

import pytest

from tests.support.mailbox import Mailbox, running_mailbox
from tests.support.office import copied, loaded, serving


@pytest.fixture(scope="session")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mailbox]]:
    """The address of the office, and where its mails arrive."""
    home = copied(loaded(), tmp_path_factory.mktemp("days") / "home")
    with running_mailbox() as mailbox, serving(home, SMTP_HOST=mailbox.host, SMTP_PORT=str(mailbox.port)) as url:
        yield url, mailbox


@pytest.fixture(scope="session")
def office(posted: tuple[str, Mailbox]) -> str:
    """The address of the office."""
    return posted[0]
