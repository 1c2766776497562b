"""Organisations and people from a file as pages."""

from typing import Any

from standards_hub.committees.registering.organisations import ORGANISATIONS
from standards_hub.committees.registering.people import PEOPLE
from standards_hub.kernel.registers import taking

PAGES: list[Any] = [*taking.routes(ORGANISATIONS), *taking.routes(PEOPLE)]
