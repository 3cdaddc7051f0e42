"""Where a file comes from that was fetched and cannot say so itself: a hidden file beside it does."""

import json
from datetime import date
from pathlib import Path

from kit.knowledge.readers.document import Unreadable, parsed_date

__all__ = ["origin", "origin_file"]


def origin_file(path: Path) -> Path:
    """The hidden file that says where a file comes from which cannot say so itself."""
    return path.with_name(f".{path.name}.json")


def origin(path: Path) -> tuple[str, date | None]:
    """The address that a file was fetched from and the date that came with it, if the file beside it says so.

    Raises:
        Unreadable: that file is damaged.
    """
    beside = origin_file(path)
    if not beside.is_file():
        return "", None
    try:
        facts = json.loads(beside.read_text(encoding="utf-8"))
        return str(facts["url"]), parsed_date(str(facts["updated"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{beside.name}, which says where it comes from, is damaged. Remove that file.") from error
