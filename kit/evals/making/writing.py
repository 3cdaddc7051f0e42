"""Cases as a file: YAML, JSON lines or CSV, which read the same again."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from kit.evals.case import Case

__all__ = ["suite_text"]

_ORDER = tuple(Case.model_fields)


def suite_text(name: str, description: str, cases: Sequence[Case], suffix: str, *, note: str = "") -> str:
    """The text of a suite.

    Args:
        name: of the suite; in CSV the file's name has to say it.
        description: in CSV there is no place for it.
        cases: what is in it.
        suffix: `.yaml`, `.yml`, `.jsonl` or `.csv`.
        note: what whoever opens a YAML file is told first.
    """
    rows = [_row(case) for case in cases]
    if suffix == ".csv":
        return _csv(rows)
    if suffix == ".jsonl":
        lines = [{"suite": name, "description": description}, *rows]
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    said = [f"# {line}" for line in note.splitlines()]
    said += [f"suite: {name}", f"description: {_value(description)}", "cases:"]
    for row in rows:
        lines_of = [f"{key}: {_value(value)}" for key, value in row.items()]
        said += [f"  - {lines_of[0]}", *(f"    {line}" for line in lines_of[1:])]
    return "\n".join(said) + "\n"


def _row(case: Case) -> dict[str, Any]:
    dumped = case.model_dump(mode="json", exclude_defaults=True)
    dumped["expect"] = case.expect
    return {key: dumped[key] for key in _ORDER if key in dumped}


def _value(value: Any) -> str:
    """A value as YAML: JSON is YAML, except for signs that YAML takes for line breaks or does not take at all."""
    if (
        isinstance(value, str)
        and re.fullmatch(r"[A-Za-z][\w./-]*(?: [\w./-]+)*", value)
        and not _WORDS.fullmatch(value)
    ):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return f"[{', '.join(map(_value, value))}]"
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(
        r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffc]|[\u2028\u2029\ufeff]", lambda sign: json.dumps(sign[0])[1:-1], text
    )


_WORDS = re.compile(r"true|false|null|yes|no|on|off|y|n", re.IGNORECASE)


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    columns = [key for key in _ORDER if any(key in row for row in rows)]
    said = io.StringIO()
    writer = csv.writer(said, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(key)) for key in columns] for row in rows)
    return said.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) and not re.search(r"[;\[]|^\s|\s$", one) for one in value):
        text = "; ".join(value)
    elif isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    # A cell that begins like a formula would be one in an office program; the sign before it is taken off in reading.
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
