"""Science projects and plans as pages."""

from typing import Any

from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import section
from standards_hub.linkage.pages import plans, projects, rules

section("/projects", say("科技项目"), "flask", "project.read", 60, also=("/plans",))

PAGES: list[Any] = [*projects.PAGES, *rules.PAGES, *plans.PAGES]
