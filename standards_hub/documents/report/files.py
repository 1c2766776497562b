"""The four files of a report in a folder, each there whole or not at all."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from standards_hub.documents.report.docx import write_docx
from standards_hub.documents.report.kinds import kind_of
from standards_hub.documents.report.model import ProgressReport
from standards_hub.documents.report.pdf import write_pdf
from standards_hub.documents.report.plain import write_json
from standards_hub.documents.report.xlsx import write_xlsx

WRITERS: dict[str, Callable[[ProgressReport], bytes]] = {"docx": write_docx, "pdf": write_pdf, "xlsx": write_xlsx, "json": write_json}


def write_all(report: ProgressReport, folder: Path) -> list[Path]:
    """Write the report in every format into `folder`, which is made if need be. Returns the files.

    All formats are printed before the first file is written, so a failure leaves nothing behind.
    """
    printed = {ending: writer(report) for ending, writer in WRITERS.items()}
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{file_stem(report)}.{ending}", content) for ending, content in printed.items()]


def file_stem(report: ProgressReport) -> str:
    """The name of the kind, the plan and the day; a key that could leave the folder is made harmless."""
    key = re.sub(r"[^\w.-]+", "-", report.plan_key).strip(".-")[:80] or "plan"
    return f"{kind_of(report.kind).zh}-{key}-{report.as_of.isoformat()}"


def _write(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".report-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
