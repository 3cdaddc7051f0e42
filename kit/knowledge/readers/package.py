"""Looks at a packed Office document before anything of it is unpacked."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kit.knowledge.readers.document import Unreadable

__all__ = ["check_package"]

MAX_UNPACKED = 200 * 2**20
MAX_PART = 50 * 2**20
MAX_RATIO = 200

_OLE = b"\xd0\xcf\x11\xe0"  # what encrypted documents and the formats before 2007 are wrapped in


def check_package(path: Path, *, program: str, suffix: str, kind: str, largest_part: int = MAX_PART) -> None:
    """Refuse what is encrypted, broken, or unpacks to far more than it is.

    Args:
        path: the document.
        program: what it is made with, such as `Word`.
        suffix: the form that is read, such as `.docx`.
        kind: what it should be, such as `Word document`.
        largest_part: the most bytes of one part.

    Raises:
        Unreadable: it is refused; says why and what to do.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            problem = f"It is protected by a password, or in {program}'s format of before 2007."
            raise Unreadable(f"{problem} Save it as plain {suffix}.")
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
    except (BadZipFile, NotImplementedError) as error:
        raise Unreadable(f"It is broken, or no {kind}. Open it in {program} and save it again.") from error
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if unpacked > MAX_UNPACKED or largest > largest_part or unpacked > MAX_RATIO * max(packed, 1):
        raise Unreadable(f"It would unpack to {unpacked / 2**20:,.0f} MB, which is more than any article needs.")
