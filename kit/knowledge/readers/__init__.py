"""Reads a folder of documents into articles."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.knowledge.article import Article, Reading, Skipped
from kit.knowledge.readers.document import MAX_CHARACTERS, Document, LeftOut, Unreadable
from kit.knowledge.readers.folder import documents
from kit.progress import Progress
from kit.safety import strip_hidden
from kit.settings import Include
from kit.text import squash

if TYPE_CHECKING:
    from kit.knowledge.readers.many import Shelf
    from kit.knowledge.readers.rst import RstFolder

__all__ = ["Remember", "read_folder"]

Remember = Callable[[Path, str, Callable[[], Reading]], Reading]
"""Told each file, its name and how to read it; gives what reading it gives, or gave before."""

# Where the reader of each kind of file is. It is loaded when the first such file is met: who only searches, as most
# processes do, need not wait for parsers.
_READERS = {
    ".md": "markdown.read_markdown",
    ".markdown": "markdown.read_markdown",
    ".txt": "markdown.read_text",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".pdf": "pdf.read_pdf",
    ".docx": "docx.read_docx",
    ".rst": "rst.read_rst",
    ".mdx": "mdx.read_mdx",
}
_ADVICE = {
    ".doc": "Save it as .docx.",
    ".rtf": "Save it as .docx.",
    ".odt": "Save it as .docx.",
    ".adoc": "Convert it to Markdown.",
    ".xls": "Save it as .xlsx.",
    ".ods": "Save it as .xlsx.",
    ".numbers": "Export it as .xlsx.",
}


def read_folder(
    folder: Path,
    *,
    include: Collection[Include] = (),
    progress: Progress | None = None,
    remember: Remember | None = None,
) -> Reading:
    """Read all documents in a folder and the folders in it.

    Read are Markdown, MDX, reStructuredText, plain text, HTML, PDF and DOCX, an article each; and CSV, TSV, XLSX, JSON
    and JSON lines, which hold many: questions with their answers, or the articles that Zendesk, Intercom, Freshdesk or
    Salesforce export. A file that is only included by another is read there. Files and folders whose names begin with
    a dot, and files that pages are made of (images, styles, scripts, fonts), are passed over; all else that is not
    read is in `skipped`.

    Args:
        folder: where the documents are.
        include: which articles of exports are read besides the public ones.
        progress: told after each document.
        remember: spares the reading of files that were read before.

    Returns:
        The articles in order of path; `article_id` is the path under `folder` without suffix, for a row of a table
        with the row's own id behind it, or the source system's own id.

    Raises:
        KitError: no such folder, two documents with one id, or nothing that could be read.
    """
    if not folder.is_dir():
        what = "This is a file, not a folder of articles." if folder.exists() else "There is no such folder."
        raise KitError(what, path=folder, remedy="Name the folder that holds the articles.")
    skipped: list[Skipped] = []
    from kit.knowledge.readers.many import MANY, Shelf
    from kit.knowledge.readers.rst import RstFolder

    kinds = (*_READERS, *MANY)
    found = sorted(
        documents(folder, skipped, kinds=kinds, advice=_ADVICE), key=lambda one: (one.parent.parts, one.name)
    )
    skipped_in = [(one.path, one) for one in skipped]
    shelf = Shelf(_ids(folder, [path for path in found if path.suffix.lower() in _READERS]))
    articles: list[Article] = []
    around = RstFolder(folder, found)
    for done, path in enumerate(found, start=1):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() in _READERS:
            read = partial(_one, path, name, around)
            # What a file of many gives depends on the ids that others have taken; one article depends on its file.
            reading = remember(path, name, read) if remember else read()
        else:
            reading = _many(path, name, include, shelf)
        articles += reading.articles
        skipped_in += [(name, one) for one in reading.skipped]
        if progress:
            progress("reading articles", done, len(found))
    skipped = [one for _, one in sorted(skipped_in, key=lambda pair: pair[0])]
    if not articles:
        raise KitError(_nothing(skipped), path=folder, remedy=f"Put articles there: {', '.join(kinds)}.")
    return Reading(tuple(articles), tuple(skipped))


def _nothing(skipped: list[Skipped]) -> str:
    if not skipped:
        return "There are no articles in this folder."
    named = "; ".join(f"{one.path} ({one.reason.rstrip('.')})" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return f"No article in this folder could be read. Skipped: {named}{more}."


def _id(name: str) -> str:
    """The id of the article in a file; composed, because some file systems take letters and accents apart."""
    return unicodedata.normalize("NFC", name[: -len(Path(name).suffix)])


def _ids(folder: Path, found: list[Path]) -> dict[str, str]:
    """The ids of files that are an article each, with the files' names."""
    named = sorted((_id(name), name) for path in found for name in [path.relative_to(folder).as_posix()])
    for (first, one), (second, other) in pairwise(named):
        if first == second:
            raise KitError(
                f"{one} and {other} would both be the article `{first}`.",
                path=folder,
                remedy="Rename one of them, or remove it if it is a copy.",
            )
    return dict(named)


def _one(path: Path, name: str, around: "RstFolder") -> Reading:
    """What a file that is an article gives."""
    try:
        return Reading((_article(path, name, around),))
    except Unreadable as reason:
        return Reading((), (Skipped(name, str(reason)),))


def _many(path: Path, name: str, include: Collection[Include], shelf: "Shelf") -> Reading:
    """What a file of many articles gives."""
    from kit.knowledge.readers.many import skipped_from

    left_out: list[LeftOut] = []
    try:
        articles = tuple(_articles(path, name, include, shelf, left_out))
    except Unreadable as reason:
        return Reading((), (Skipped(name, str(reason)),))
    return Reading(articles, tuple(skipped_from(left_out, name)))


@contextmanager
def _opened() -> Iterator[None]:
    """Makes a reason of all that a reader stumbles over.

    Raises:
        Unreadable: in place of whatever a reader raised.
    """
    try:
        yield
    except Unreadable:
        raise
    except OSError as error:
        raise Unreadable(f"It cannot be opened: {error.strerror or error}.") from error
    except Exception as error:
        # Whatever a parser stumbles over in a damaged file is a fact about the file, and no reason to stop at it.
        raise Unreadable(f"It is broken: {type(error).__name__}. Save it again.") from error


def _article(path: Path, name: str, around: "RstFolder") -> Article:
    """The article in a file.

    Args:
        path: the file.
        name: its path under the folder.
        around: what files of reStructuredText know of each other.

    Raises:
        Unreadable: there is none.
    """
    with _opened():
        if whole := around.parts.get(path):
            raise Unreadable(f"It is part of {whole.relative_to(around.folder).as_posix()}, and is read there.")
        suffix = path.suffix.lower()
        module, function = _READERS[suffix].split(".")
        reader = getattr(import_module(f"kit.knowledge.readers.{module}"), function)
        document: Document = reader(path, around) if suffix == ".rst" else reader(path)
    return _made(document, article_id=_id(name), source=name, title=_title_from(path))


def _articles(
    path: Path, name: str, include: Collection[Include], shelf: "Shelf", left_out: list[LeftOut]
) -> Iterator[Article]:
    """The articles in a file of many; what of it does not become one goes to `left_out`.

    Raises:
        Unreadable: there are none.
    """
    from kit.knowledge.readers.many import read_many

    with _opened():
        given = read_many(path, include)
    left_out += given.left_out
    for one in shelf.place(given, name=name, stem=_id(name)):
        if isinstance(one, LeftOut):
            left_out.append(one)
            continue
        article_id, document = one
        try:
            yield _made(document, article_id=article_id, source=name, title=_title_from(path))
        except Unreadable as reason:
            left_out.append(LeftOut(str(reason), document.place))


def _made(document: Document, *, article_id: str, source: str, title: str = "") -> Article:
    """The article that a document is.

    Raises:
        Unreadable: it holds no text, or too much of it.
    """
    text = "\n".join(line.rstrip() for line in strip_hidden(document.text).split("\n")).strip("\n")
    own = squash(strip_hidden(document.title))
    if not text and not own:
        raise Unreadable("It holds no text.")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"It has {len(text):,} characters, which is too long for one article. Split it.")
    return Article(
        article_id=article_id,
        title=own or title,
        text=text,
        source=source,
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
