"""The ZIP of an acceptance package: the same content gives the same bytes, and a manifest names the hash of every file. Pure."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping

import msgspec

from standards_hub.documents.acceptance.model import Package

PDF_NAME = "验收材料.pdf"
DATA_NAME = "package.json"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, for a ZIP knows none earlier."""
LONGEST = 80


def safe(name: str) -> str:
    """A file name that stays within its folder on every system: no separators, no dots in front, no reserved signs, of bounded length."""
    flat = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    stem, dot, ending = re.sub(r"[^\w.-]+", "-", flat).strip(".-").rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    stem = stem.strip(".-")[:LONGEST] or "file"
    return f"{stem}.{ending[:10]}" if ending else stem


def places(files: Iterable[tuple[int, int, str, str]]) -> list[str]:
    """Where files stand in the archive, from (number of the standard, number of the piece, standard, file name)."""
    return [f"evidence/{output:02d}-{safe(label)}/{n:02d}-{safe(name)}" for output, n, label, name in files]


def write_zip(package: Package, pdf: bytes, files: Mapping[str, bytes]) -> bytes:
    """The archive: the PDF, the data it was printed from, every piece of evidence, and two lists of all hashes."""
    data = msgspec.json.format(msgspec.json.encode(package, order="deterministic"), indent=1)
    content = {PDF_NAME: pdf, DATA_NAME: data, **files}
    sums = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(content.items())}
    numbers = {proof.path: {"evidence": proof.number} for proof in package.proofs if proof.path}
    manifest = {
        "project_no": package.project_no, "as_of": package.as_of, "log": {"id": package.head_id, "hash": package.head_hash},
        "files": [{"path": name, "sha256": digest, "size": len(content[name]), **numbers.get(name, {})} for name, digest in sums.items()],
    }  # fmt: skip
    content[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    content[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, content[name])
    return out.getvalue()
