"""The pages of plans' progress: the overview, and the reports."""

from typing import Any

from standards_hub.documents.acceptance.pages import PAGES as ACCEPTANCE
from standards_hub.documents.pages.overview import PAGES as OVERVIEW
from standards_hub.documents.pages.reports import PAGES as REPORTS
from standards_hub.documents.pages.signing import PAGES as SIGNING

PAGES: list[Any] = [*OVERVIEW, *REPORTS, *SIGNING, *ACCEPTANCE]
