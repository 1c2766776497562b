"""Reports that several tests read."""

import pytest

from standards_hub.documents.report import ProgressReport
from tests.documents.report_samples import BEFORE, portfolio, report_of


@pytest.fixture(scope="session")
def report() -> ProgressReport:
    """The report on 120 standards with the changes since July."""
    return report_of(portfolio(), since=BEFORE)


@pytest.fixture(scope="session")
def empty_report() -> ProgressReport:
    return report_of([])
