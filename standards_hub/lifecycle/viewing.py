"""The doors to the lists that one keeps."""

from typing import Any
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from standards_hub.kernel.work import Work
from standards_hub.lifecycle.schemas import ViewIn
from standards_hub.lifecycle.services import viewing
from standards_hub.lifecycle.values import SavedView

MINE: dict[str, Any] = {"permission": "account.self"}


class ViewController(Controller):
    """Lists of standards that you keep under a name."""

    path = "/views"
    tags = ("标准 Standards",)

    @get(operation_id="ListViews", opt=MINE)
    async def mine(self, reading: Work) -> list[SavedView]:
        """The lists that you keep, by name."""
        return await viewing.views(reading)

    @post(operation_id="KeepView", opt=MINE, status_code=HTTP_201_CREATED)
    async def keep(self, work: Work, data: ViewIn) -> SavedView:
        """Keep a list under a name. `query` is what stands after the question mark of its address."""
        return await viewing.keep(work, data)

    @put("/{view_id:uuid}", operation_id="ChangeView", opt=MINE)
    async def change(self, work: Work, view_id: UUID, data: ViewIn) -> SavedView:
        """Give a kept list another name or other conditions, or make it the usual one."""
        return await viewing.change(work, view_id, data)

    @delete("/{view_id:uuid}", operation_id="DropView", opt=MINE, status_code=HTTP_204_NO_CONTENT)
    async def drop(self, work: Work, view_id: UUID) -> None:
        """Give a kept list up."""
        await viewing.drop(work, view_id)


CONTROLLERS: list[Any] = [ViewController]
