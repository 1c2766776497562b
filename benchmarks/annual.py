"""How long the annual report of a plan of 120 standards takes: built once, printed in every format, in a process that printed nothing before."""

import subprocess
import sys
import time

from standards_hub.documents.report import write_docx, write_html, write_json, write_pdf, write_xlsx
from tests.documents.report_samples import BEFORE, portfolio, report_of

WANTED = 8.0
"""Seconds of CPU for all formats together."""
WRITERS = {"docx": write_docx, "pdf": write_pdf, "xlsx": write_xlsx, "json": write_json, "html": write_html}


def measured() -> dict[str, float]:
    """Seconds of CPU for each format, in a fresh process; `build` is the report itself."""
    said = subprocess.run([sys.executable, "-m", "benchmarks.annual"], capture_output=True, text=True, check=True).stdout
    return {name: float(seconds) for name, seconds in (line.split() for line in said.splitlines())}


def _main() -> None:
    start = time.process_time()
    report = report_of(portfolio(), since=BEFORE, kind="annual")
    print("build", time.process_time() - start)
    for name, write in WRITERS.items():
        start = time.process_time()
        write(report)
        print(name, time.process_time() - start)


if __name__ == "__main__":
    _main()
