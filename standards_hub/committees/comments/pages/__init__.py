"""Pages of enquiries and comments."""

from typing import Any

from standards_hub.committees.comments.pages.imports import PAGES as IMPORTS
from standards_hub.committees.comments.pages.public import PAGES as PUBLIC
from standards_hub.committees.comments.pages.replying import PAGES as REPLYING
from standards_hub.committees.comments.pages.running import PAGES as RUNNING
from standards_hub.committees.comments.pages.table import PAGES as TABLE
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import section

section("/enquiries", say("征求意见"), "message-circle", "enquiry.read", 50)

PAGES: list[Any] = [*PUBLIC, *RUNNING, *TABLE, *IMPORTS, *REPLYING]
