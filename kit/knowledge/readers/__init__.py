"""Reads a folder of documents into articles."""

import os
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from kit.errors import KitError
from kit.knowledge.article import Article, Reading, Skipped
from kit.knowledge.readers.document import MAX_CHARACTERS, Document, Unreadable
from kit.knowledge.readers.docx import read_docx
from kit.knowledge.readers.html import read_html
from kit.knowledge.readers.markdown import read_markdown, read_text
from kit.knowledge.readers.mdx import read_mdx
from kit.knowledge.readers.pdf import read_pdf
from kit.knowledge.readers.rst import read_rst
from kit.knowledge.readers.rst_folder import RstFolder
from kit.progress import Progress
from kit.safety import strip_hidden
from kit.text import squash

__all__ = ["read_folder"]

MAX_BYTES = 50 * 2**20

_READERS: dict[str, Callable[[Path], Document]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".rst": read_rst,
    ".mdx": read_mdx,
}
_ASSETS = frozenset(
    """.png .jpg .jpeg .gif .svg .webp .avif .ico .bmp .tif .tiff .css .scss .less .js .mjs .map .woff .woff2 .ttf .otf
    .eot""".split()
)
_ADVICE = {
    ".doc": "Save it as .docx.",
    ".rtf": "Save it as .docx.",
    ".odt": "Save it as .docx.",
    ".adoc": "Convert it to Markdown.",
}


def read_folder(folder: Path, *, progress: Progress | None = None) -> Reading:
    """Read all documents in a folder and the folders in it.

    Read are Markdown, plain text, HTML, PDF and DOCX. Files and folders whose names begin with a dot, and files that
    pages are made of (images, styles, scripts, fonts), are passed over; all else that is not read is in `skipped`.

    Args:
        folder: where the documents are.
        progress: told after each document.

    Returns:
        The articles in order of path; `article_id` is the path under `folder` without suffix.

    Raises:
        KitError: no such folder, two documents with one id, or nothing that could be read.
    """
    if not folder.is_dir():
        what = "This is a file, not a folder of articles." if folder.exists() else "There is no such folder."
        raise KitError(what, path=folder, remedy="Name the folder that holds the articles.")
    skipped: list[Skipped] = []
    found = sorted(_documents(folder, skipped), key=lambda one: (one.parent.parts, one.name))
    _check_ids(folder, found)
    articles: list[Article] = []
    around = RstFolder(folder, found)
    for done, path in enumerate(found, start=1):
        name = path.relative_to(folder).as_posix()
        try:
            articles.append(_article(path, name, around))
        except Unreadable as reason:
            skipped.append(Skipped(name, str(reason)))
        if progress:
            progress("reading articles", done, len(found))
    skipped.sort(key=lambda one: one.path)
    if not articles:
        raise KitError(_nothing(skipped), path=folder, remedy=f"Put articles there: {', '.join(_READERS)}.")
    return Reading(tuple(articles), tuple(skipped))


def _nothing(skipped: list[Skipped]) -> str:
    if not skipped:
        return "There are no articles in this folder."
    named = "; ".join(f"{one.path} ({one.reason.rstrip('.')})" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return f"No article in this folder could be read. Skipped: {named}{more}."


def _documents(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """The files that have a reader; what else there is goes to `skipped`."""
    root = folder.resolve()

    def name(path: Path) -> str:
        return path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")

    def note(error: OSError) -> None:
        skipped.append(Skipped(name(Path(error.filename)), f"It cannot be opened: {error.strerror}."))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for one in folders:
            path = Path(parent, one)
            if path.is_symlink():  # is not followed
                inside = path.resolve().is_relative_to(root)
                where = "within the folder; what is there is read in its place" if inside else "outside of the folder"
                skipped.append(Skipped(name(path), f"It is a link that leads {where}."))
        for one in files:
            path = Path(parent, one)
            suffix = path.suffix.lower()
            if one.startswith((".", "~$")) or suffix in _ASSETS:  # ~$: Word's mark of a document that is open
                continue
            if reason := _refused(path, suffix, root):
                skipped.append(Skipped(name(path), reason))
            else:
                yield path


def _refused(path: Path, suffix: str, root: Path) -> str:
    """Why a file is not even opened; empty if it is."""
    if suffix not in _READERS:
        kind = f"Files of the kind {suffix}" if suffix else "Files without a suffix"
        return f"{kind} are not read. {_ADVICE.get(suffix, '')}".rstrip()
    if path.is_symlink():
        if not path.exists():
            return "It is a link that leads nowhere."
        if not path.resolve().is_relative_to(root):
            return "It is a link that leads outside of the folder."
    if not path.is_file():
        return "It is not an ordinary file."
    if (size := path.stat().st_size) > MAX_BYTES:
        return f"It has {size / 2**20:,.0f} MB; at most {MAX_BYTES // 2**20} MB are read."
    try:
        visible = strip_hidden(path.as_posix().encode("utf-8").decode("utf-8")) == path.as_posix()
    except UnicodeEncodeError:
        visible = False
    return "" if visible else "Its name has characters that cannot be shown. Rename it."


def _id(name: str) -> str:
    """The id of the article in a file; composed, because some file systems take letters and accents apart."""
    return unicodedata.normalize("NFC", name[: -len(Path(name).suffix)])


def _check_ids(folder: Path, found: list[Path]) -> None:
    named = sorted((_id(path.relative_to(folder).as_posix()), path) for path in found)
    for (first, one), (second, other) in pairwise(named):
        if first == second:
            raise KitError(
                f"{one.relative_to(folder).as_posix()} and {other.relative_to(folder).as_posix()} would both be the "
                f"article `{first}`.",
                path=folder,
                remedy="Rename one of them, or remove it if it is a copy.",
            )


def _article(path: Path, name: str, around: RstFolder) -> Article:
    """The article in a file.

    Args:
        path: the file.
        name: its path under the folder.
        around: what files of reStructuredText know of each other.

    Raises:
        Unreadable: there is none.
    """
    try:
        if whole := around.parts.get(path):
            raise Unreadable(f"It is part of {whole.relative_to(around.folder).as_posix()}, and is read there.")
        suffix = path.suffix.lower()
        document = read_rst(path, around) if suffix == ".rst" else _READERS[suffix](path)
    except Unreadable:
        raise
    except OSError as error:
        raise Unreadable(f"It cannot be opened: {error.strerror or error}.") from error
    except Exception as error:
        # Whatever a parser stumbles over in a damaged file is a fact about the file, and no reason to stop at it.
        raise Unreadable(f"It is broken: {type(error).__name__}. Save it again.") from error
    text = "\n".join(line.rstrip() for line in strip_hidden(document.text).split("\n")).strip("\n")
    title = squash(strip_hidden(document.title))
    if not text and not title:
        raise Unreadable("It holds no text.")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"It has {len(text):,} characters, which is too long for one article. Split it.")
    return Article(
        article_id=_id(name),
        title=title or _title_from(path),
        text=text,
        source=name,
        url=squash(strip_hidden(document.url)),
        updated=document.updated,
        language=squash(strip_hidden(document.language)),
        audience=squash(strip_hidden(document.audience)),
        product=squash(strip_hidden(document.product)),
        labels=tuple(label for one in document.labels if (label := squash(strip_hidden(one)))),
        created=document.created,
        anchors=tuple((squash(strip_hidden(heading)), strip_hidden(to)) for heading, to in document.anchors),
    )


def _title_from(path: Path) -> str:
    """`reset-your_password.md` → `Reset your password`."""
    words = squash(path.stem.replace("-", " ").replace("_", " ")) or path.stem
    return words[0].upper() + words[1:]
