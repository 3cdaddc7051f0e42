"""Remembers what was fetched, so that reading goes on where it stopped, and fetches only what has changed.

`journal.jsonl` has a line for each address, written as soon as its page is there. A line `{"complete": true}` ends what
was read from beginning to end, and one with `begun` says when the reading began that is going on. Pages lie beside it
in files named by their content, so that none is ever overwritten.
"""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kit.files import write_whole
from kit.text import digest

__all__ = ["Journal", "Visit"]

_FORMAT = 1
_FRESH = 24 * 3600.0  # seconds for which a reading that was cut off can go on; after that it begins anew


@dataclass(frozen=True)
class Visit:
    """What came of asking for an address.

    Attributes:
        address: what was asked for.
        reason: why its page is not stored; empty if it is.
        again: whether that may have passed when reading goes on.
        final: the address at the end of the redirects.
        body: the digest of the page.
        kind: `html` or `pdf`.
        charset: what the header names.
        canonical: the address on this site that the page gives as its own, if it is another.
        url: the address that the page is cited by.
        links: where it leads.
        fetched: the day on which this content was first seen.
        etag: for asking whether it has changed, as is `modified`.
        modified: the header Last-Modified.
        unchanged: whether the site said so.
    """

    address: str
    reason: str = ""
    again: bool = False
    final: str = ""
    body: str = ""
    kind: str = ""
    charset: str = ""
    canonical: str = ""
    url: str = ""
    links: tuple[str, ...] = ()
    fetched: str = ""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask only for what has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}

    @property
    def day(self) -> date:
        return date.fromisoformat(self.fetched)


class Journal:
    """The journal of one start address.

    Attributes:
        known: what the last complete reading found, by address.
        done: what the reading that is going on has found.
    """

    def __init__(self, folder: Path, *, now: float) -> None:
        self.known: dict[str, Visit] = {}
        self.done: dict[str, Visit] = {}
        self._folder, self._path = folder, folder / "journal.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        begun = now
        for line in self._lines():
            if line.get("complete"):
                self.known, self.done = self.done, {}
            elif "begun" in line:
                begun = float(line["begun"])
            elif "address" in line:
                visit = Visit(**{**line, "links": tuple(map(sys.intern, line["links"]))})
                self.done[visit.address] = visit
        if not self.done or not 0 <= now - begun <= _FRESH:
            self.known, self.done, begun = {**self.known, **self.done}, {}, now
        # Written anew: without the line in which the last run may have been cut off.
        text = _line({"format": _FORMAT}) + "".join(_line(asdict(one)) for one in self.known.values())
        text += _line({"complete": True}) + _line({"begun": begun})
        text += "".join(_line(asdict(one)) for one in self.done.values())
        write_whole(self._path, text, durable=True)
        self._file = self._path.open("a", encoding="utf-8")

    def _lines(self) -> list[dict[str, Any]]:
        if not self._path.is_file():
            return []
        lines: list[dict[str, Any]] = []
        for line in self._path.read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                found = json.loads(line)
                fields = {"complete", "format", "begun"} if "address" not in found else set(Visit.__dataclass_fields__)
                if set(found) <= fields:
                    lines.append(found)
            except (ValueError, TypeError):
                continue  # cut off or damaged: that page is fetched again
        return lines if lines and lines[0].get("format") == _FORMAT else []

    def add(self, visit: Visit) -> None:
        self.done[visit.address] = visit
        self._file.write(_line(asdict(visit)))
        self._file.flush()

    def finish(self) -> None:
        """All has been read: the next reading asks for everything again, as far as it has changed."""
        self._file.write(_line({"complete": True}))
        self._file.flush()
        needed = {one.body for one in self.done.values()}
        for file in self._folder.glob("*.body"):
            if file.stem not in needed:
                file.unlink()

    def close(self) -> None:
        self._file.close()

    def keep(self, body: bytes) -> str:
        """Store a page; returns its digest."""
        name = digest(body)
        if self.body(name) is None:
            write_whole(self._folder / f"{name}.body", body, durable=True)
        return name

    def body(self, name: str) -> bytes | None:
        """The page with this digest; None if it is gone or damaged."""
        return self.read(self._folder, name)

    @staticmethod
    def read(folder: Path, name: str) -> bytes | None:
        """The page with this digest in the folder of a journal; None if it is gone or damaged."""
        path = folder / f"{name}.body"
        body = path.read_bytes() if name and path.is_file() else None
        return body if body is not None and digest(body) == name else None


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value) + "\n"
