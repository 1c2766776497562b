"""Science projects and plans as pages."""

from typing import Any

from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import section
from standards_hub.linkage.claiming.jobs import CLAIM as CLAIM
from standards_hub.linkage.claiming.pages import PAGES as CLAIM_PAGES
from standards_hub.linkage.pages import plans, projects, rules
from standards_hub.linkage.registering.pages import PAGES as SHEET_PAGES

section("/projects", say("科技项目"), "flask", "project.read", 60, also=("/plans", "/claims"))

PAGES: list[Any] = [*projects.PAGES, *rules.PAGES, *plans.PAGES, *CLAIM_PAGES, *SHEET_PAGES]
