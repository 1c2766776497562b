"""The registers of committees, organisations and people as pages."""

from typing import Any

from standards_hub.committees.pages import committees, founding, organisations, people, registering, seats
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import section

section("/committees", say("委员会"), "users-group", "committee.read", 40, also=("/organisations", "/people", "/ballots"))

PAGES: list[Any] = [*committees.PAGES, *organisations.PAGES, *people.PAGES, *seats.PAGES, *founding.PAGES, *registering.PAGES]
