"""The report as JSON: the same numbers under stable English keys, for other programs."""

from datetime import date
from typing import Any

import msgspec

from standards_hub.documents.report import prospect
from standards_hub.documents.report.model import Figure, Paragraph, ProgressReport, Subheading, Table, Value
from standards_hub.documents.report.wording import clean
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.messages import Message

FORMAT = "standards-hub/progress-report/1"


def write_json(report: ProgressReport) -> bytes:
    """Print the report as UTF-8 JSON: days as ISO 8601, rates in percent, each row an object keyed by column."""
    return msgspec.json.format(msgspec.json.encode(as_plain(report)), indent=2) + b"\n"


def as_plain(report: ProgressReport) -> dict[str, Any]:
    """The report as values of JSON. `tables` hold what is printed; `standards` tells each standard's outcome and why."""
    return {
        "format": FORMAT,
        "kind": report.kind,
        "title": report.title,
        "subtitle": report.subtitle,
        "plan": {"key": report.plan_key, "name": report.plan_name, "document": report.document},
        "as_of": report.as_of,
        "known_at": report.known_at.astimezone(ZONE),
        "previous_as_of": report.previous_as_of,
        "data_hash": report.data_hash,
        "exemplars": report.exemplars,
        "corrects": report.corrects,
        "missing": list(report.missing),
        "rule": {
            "key": report.rule.key,
            "version": report.rule.version,
            "hash": report.rule.hash,
            "clauses": msgspec.to_builtins(dict(report.rule.clauses)),
        },
        "total": {**msgspec.to_builtins(report.counted.total), "rate": _percent(report.counted.total.permille)},
        "targets": [{**msgspec.to_builtins(t), "rate": _percent(t.permille)} for t in report.counted.targets],
        "forecast": prospect.as_plain(report.forecast),
        "tables": {key: _table(table) for key, table in report.tables.items()},
        "standards": [
            {
                "id": clean(line.standard.id),
                "number": clean(line.standard.number) or None,
                "plan_number": clean(line.standard.plan_number) or None,
                "target": line.target,
                "outcome": line.outcome,
                "clause": line.code,
                "why": _both(line.why),
                "role": line.role,
                "basis": _both(line.basis) if line.basis else None,
                "flags": [_both(flag) for flag in line.flags],
                "region": clean(line.region) or None,
                "field": clean(line.field) or None,
            }
            for line in report.counted.lines
        ],
        "text": [{"heading": s.heading, "paragraphs": _texts(s.blocks)} for s in report.sections],
        "annexes": [{"number": a.number, "title": a.title, "paragraphs": _texts(a.blocks)} for a in report.annexes],
    }


def _both(message: Message) -> dict[str, str]:
    return {"zh": clean(message.into("zh")), "en": clean(message.into("en"))}


def _texts(blocks: tuple[Any, ...]) -> list[str]:
    texts = [b.alternative if isinstance(b, Figure) else b.text for b in blocks if isinstance(b, Paragraph | Subheading | Figure)]
    return [*texts, *(b.note for b in blocks if isinstance(b, Table) and b.note)]


def _table(table: Table) -> dict[str, Any]:
    columns = [{"key": c.key, "title": c.title, "unit": "%" if c.kind == "permille" else None} for c in table.columns]
    rows = [{c.key: _value(v, c.kind) for c, v in zip(table.columns, row, strict=True)} for row in table.rows]
    return {"title": table.title, "columns": columns, "rows": rows, "last_row_is_total": table.total, "note": table.note}


def _value(value: Value, kind: str) -> str | int | float | date | None:
    return _percent(value) if kind == "permille" and isinstance(value, int) else value


def _percent(permille: int | None) -> float | None:
    return None if permille is None else permille / 10
