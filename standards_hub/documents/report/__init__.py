"""The progress report: built once from the count, printed as DOCX, PDF, XLSX and JSON."""

from standards_hub.documents.report.build import build
from standards_hub.documents.report.docx import write_docx
from standards_hub.documents.report.files import write_all
from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.model import ProgressReport
from standards_hub.documents.report.pdf import write_pdf
from standards_hub.documents.report.plain import write_json
from standards_hub.documents.report.screen import write_html
from standards_hub.documents.report.xlsx import write_xlsx

__all__ = ["ProgressReport", "ReportKind", "build", "write_all", "write_docx", "write_html", "write_json", "write_pdf", "write_xlsx"]
