"""The pages of access: signing in, letters that set a password, one's own account, and the accounts of all."""

from typing import Any

from standards_hub.kernel.access.pages import account, accounts, letters, signing_in
from standards_hub.kernel.access.pages.signing_in import interrupted

PAGES: list[Any] = [*signing_in.PAGES, *letters.PAGES, *account.PAGES, *accounts.PAGES]

__all__ = ["PAGES", "interrupted"]
