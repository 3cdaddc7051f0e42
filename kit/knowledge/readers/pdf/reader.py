"""Reads PDF files: a child process takes the text out, this process makes Markdown of it."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from kit.knowledge.readers.document import Document, Unreadable, anchored, parsed_date
from kit.knowledge.readers.origin import origin
from kit.knowledge.readers.pdf.layout import laid_out
from kit.knowledge.readers.pdf.lines import Chunk, Page
from kit.text import squash

__all__ = ["read_pdf"]

SECONDS = 30.0
MEMORY = 2**30

_CHILD = Path(__file__).with_name("child.py")


def read_pdf(path: Path) -> Document:
    """Read a PDF file: headings by their size, paragraphs, lists and tables by their places.

    Raises:
        Unreadable: protected by a password, without text, broken, or too costly to read.
    """
    # -P: the child's own folder has modules named like those of the standard library.
    command = [sys.executable, "-P", str(_CHILD), str(path), str(MEMORY)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"Reading it takes longer than {SECONDS:g} seconds.") from error
    try:
        found: dict[str, Any] = json.loads(child.stdout)
    except ValueError as error:
        raise Unreadable(f"It is broken: reading it ended with code {child.returncode}.") from error
    if reason := found.get("reason"):
        raise Unreadable(reason)
    pages = [Page(height, [Chunk(*chunk) for chunk in chunks]) for height, chunks in found["pages"]]
    title, text, headings = laid_out(pages, squash(found["title"]))
    if not text and not title:
        raise Unreadable("It holds no text; it may be a scan. Save it with text recognition (OCR).")
    labels = tuple(word for part in re.split("[,;]", found["keywords"]) if (word := squash(part)))
    url, fetched = origin(path)
    return Document(
        text,
        title,
        url=url,
        updated=_day(found["changed"]) or fetched,
        language=found["language"],
        labels=labels,
        created=_day(found["created"]),
        anchors=anchored((heading, f"page={page}") for heading, page in headings),
    )


def _day(changed: str) -> date | None:
    """`D:20260318120000+00'00'` → 18 March 2026."""
    digits = re.search(r"(\d{4})(\d{2})(\d{2})", changed)
    return parsed_date("-".join(digits.groups())) if digits else None
