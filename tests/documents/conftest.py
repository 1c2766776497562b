"""Reports that several tests read."""

import pytest
from report_samples import BEFORE, portfolio, report_of

from standards_hub.documents.report import ProgressReport


@pytest.fixture(scope="session")
def report() -> ProgressReport:
    """The report on 120 standards with the changes since July."""
    return report_of(portfolio(), since=BEFORE)


@pytest.fixture(scope="session")
def empty_report() -> ProgressReport:
    return report_of([])
