"""Who hears of what: watchers and the people whose turn it is are told by mail, once, after the change is committed."""

from standards_hub.kernel.work import Work
from standards_hub.lifecycle.values import Standard


async def tell(work: Work, standard: Standard, what: str, *, key: str) -> None:
    """Ask for a notice about a standard; the job finds who is concerned when it runs."""
    await work.enqueue("standard.notice", {"standard_id": str(standard.id), "what": what}, key=f"notice:{what}:{key}")
