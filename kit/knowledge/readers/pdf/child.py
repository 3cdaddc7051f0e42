"""Takes the text out of one PDF, in a process of its own: parsers of PDF can loop, and can fill the memory.

Runs as a script, which imports nothing of the kit, so that it starts fast. Prints JSON: either `{"reason": …}`, or the
document's facts and `pages`, each `[height, [[x, y, size, bold, ends, text], …]]` in points from the lower left corner;
`ends` says that the text ends its line.
"""

import json
import sys
from typing import Any

# Much more than any article; what stands in the way of reading on and on.
MAX_CHARACTERS = 2_000_000


def main(path: str, memory: int) -> None:
    """Read the PDF at `path` with at most `memory` bytes of address space, and print what it holds."""
    _limit_memory(memory)
    try:
        found = _read(path)
    except MemoryError:
        found = {"reason": "Reading it takes more memory than the kit allows."}
    except RecursionError:  # before what follows, as it is one of them
        found = {"reason": "It is broken: its parts contain each other."}
    except Exception as error:
        # Whatever a parser stumbles over in a damaged file is a fact about the file.
        name = type(error).__name__
        found = {"reason": f"It is broken: {name}. Open it in a viewer and save it again."}
        if name == "LimitReachedError":
            found = {"reason": "It would unpack to far more than any article needs."}
    json.dump(found, sys.stdout)


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system; the time limit still holds
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most))


def _read(path: str) -> dict[str, Any]:
    import logging

    from pypdf import PasswordType, PdfReader

    logging.disable()  # it warns of every oddity it repairs
    reader = PdfReader(path)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return {"reason": "It is protected by a password. Save it without one."}
    facts = reader.metadata
    created = facts and facts.creation_date_raw
    changed = (facts and facts.modification_date_raw) or created
    pages: list[tuple[float, list[list[Any]]]] = []
    characters = 0
    for page in reader.pages:
        pages.append((float(page.mediabox.height), chunks := _chunks(page)))
        characters += sum(len(chunk[-1]) for chunk in chunks)
        if characters > MAX_CHARACTERS:
            return {"reason": "It has too much text for one article. Split it."}
    return {
        "title": str(facts.title or "") if facts else "",
        "keywords": str(facts.keywords or "") if facts else "",
        "created": str(created or ""),
        "changed": str(changed or ""),
        "language": str(reader.root_object.get("/Lang") or ""),
        "pages": pages,
    }


def _chunks(page: Any) -> list[list[Any]]:
    """The pieces of text of a page, each with the place of its beginning, its size in points, and its weight."""
    chunks: list[list[Any]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if not text.strip():
            if chunks and "\n" in text:
                chunks[-1][4] = True
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = (tm[2] ** 2 + tm[3] ** 2) ** 0.5 * (cm[2] ** 2 + cm[3] ** 2) ** 0.5
        name = str(font.get("/BaseFont", "")) if font else ""
        bold = any(word in name.lower() for word in ("bold", "black", "heavy", "semibd"))
        if text.startswith("\n") and chunks:
            chunks[-1][4] = True
        chunks.append(
            [round(x, 1), round(y, 1), round(float(size) * scale, 1), bold, text.endswith("\n"), text.strip("\n")]
        )

    page.extract_text(visitor_text=visit)
    return chunks


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
