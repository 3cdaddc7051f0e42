"""Recall and precision of masking, for each type, on texts whose personal data is marked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from kit.evals import wilson
from kit.safety import mask
from tests.bench.data import DATA

__all__ = ["run"]

# What the data calls the types that are masked. Where it marks parts of an address, each part counts.
NAMES = {
    "EMAIL": {"EMAIL_ADDRESS"},
    "PHONE": {"PHONE_NUMBER"},
    "CARD": {"CREDIT_CARD"},
    "IBAN": {"IBAN_CODE"},
    "IP": {"IP_ADDRESS"},
    "SSN": {"US_SSN"},
    "ID": {"US_DRIVER_LICENSE"},
    "ADDRESS": {"STREET_ADDRESS", "ZIP_CODE", "GPE"},
}


@dataclass
class _Count:
    marked: int = 0
    found: int = 0
    masked: int = 0
    right: int = 0


def run() -> None:
    """Print the tables: the half that choices were made on, the other half, and all."""
    path = DATA / "pii" / "texts.jsonl"
    if not path.is_file():
        print("masking: left out, its texts are not here (set KIT_BENCH_DATA).")
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for name, part in (("half chosen on", rows[::2]), ("half reported", rows[1::2]), ("all", rows)):
        print(f"\nMasking, {name} ({len(part)} texts): share / n [95 % Wilson interval]")
        print(f"{'type':<10}{'recall':>30}{'precision':>30}")
        for type, count in _counted(part).items():
            recall, precision = _share(count.found, count.marked), _share(count.right, count.masked)
            print(f"{type:<10}{recall:>30}{precision:>30}")


def _counted(rows: Sequence[dict]) -> dict[str, _Count]:
    """Marked is found where all of it is masked, as whatever type; masked is right where it meets what is marked so."""
    counts = {type: _Count() for type in NAMES}
    for row in rows:
        spans = mask(row["text"]).spans
        for type, count in counts.items():
            own = [one for one in row["spans"] if one["type"] in NAMES[type]]
            for one in own:
                if type == "ADDRESS" and one["type"] != "STREET_ADDRESS":
                    continue
                count.marked += 1
                count.found += all(
                    any(span.start <= place < span.end for span in spans)
                    for place in range(one["start"], one["end"])
                    if row["text"][place].isalnum()
                )
            for span in spans:
                if span.type == type:
                    count.masked += 1
                    count.right += any(one["start"] < span.end and span.start < one["end"] for one in own)
    return counts


def _share(right: int, n: int) -> str:
    if not n:
        return "not evidenced (n = 0)"
    interval = wilson(right / n, n)
    return f"{right / n:.3f} / {n} [{interval.low:.2f}, {interval.high:.2f}]"
