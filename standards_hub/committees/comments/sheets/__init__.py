"""Comment sheets as files: the ISO template and FORM 13B, the Chinese forms, and XLSX; read and written without a database."""

from standards_hub.committees.comments.sheets.forms import FORMS, Form
from standards_hub.committees.comments.sheets.model import Cells, Entry, Fault, Head, Rich, Sheet, Statistics
from standards_hub.committees.comments.sheets.reading import read_sheet
from standards_hub.committees.comments.sheets.workbook import write_xlsx
from standards_hub.committees.comments.sheets.writing import write_docx

__all__ = ["FORMS", "Cells", "Entry", "Fault", "Form", "Head", "Rich", "Sheet", "Statistics", "read_sheet", "write_docx", "write_xlsx"]
