"""The committee of a test."""

import pytest

from standards_hub.kernel.work import Hub
from standards_hub.rooms import fill_ports
from tests.committees.meetings.driving import House


@pytest.fixture
async def house(hub: Hub) -> House:
    fill_ports()
    return await House(hub).open()
