"""What the reStructuredText files of one folder know of each other: what they include, and what their labels name."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from pathlib import Path

from kit.knowledge.readers.document import Unreadable, decoded
from kit.text import squash

__all__ = ["RstFolder"]

_MAX_BYTES = 5 * 2**20  # of a file that is included
_INCLUDE = re.compile(r"^[ \t]*\.\.[ \t]+include::[ \t]+(\S[^\n]*)$", re.MULTILINE)
_UNDERLINE = r"(?P<under>(?P<sign>[=\-~^\"#*+.:'`_])(?P=sign)*)[ \t]*$"
_TITLE = re.compile(rf"^(?P<title>[^\s.][^\n]*)\n{_UNDERLINE}", re.MULTILINE)
_LABELLED = re.compile(
    rf"^\.\.[ \t]_`?(?P<label>[^\n:`]+)`?:[ \t]*\n(?:[ \t]*\n|\.\.[ \t]_[^\n]*:[ \t]*\n)*"
    rf"(?:(?P<over>[=\-~^\"#*+.:'`_])(?P=over){{2,}}[ \t]*\n)?[ \t]*(?P<title>\S[^\n]*)\n{_UNDERLINE}",
    re.MULTILINE,
)
_MARKS = re.compile(r":[\w:-]+:(?=`)|[`*|]")


class RstFolder:
    """The files of a knowledge folder as Sphinx and docutils see them.

    Args:
        root: the folder; no file outside of it is ever opened.
        files: the documents in it.
    """

    def __init__(self, root: Path, files: Iterable[Path] = ()) -> None:
        self.folder, self.root = root, root.resolve()
        self.files = [path for path in files if path.suffix.lower() == ".rst"]
        self.documents = {path.resolve(): path for path in files}

    @cached_property
    def texts(self) -> dict[Path, str]:
        """The source of each file that can be read."""
        return {path: text for path in self.files if (text := self.text_of(path)) is not None}

    @cached_property
    def parts(self) -> dict[Path, Path]:
        """Files that are only parts of others, with one that includes each.

        What is included but has a title of its own is an article too.
        """
        found: dict[Path, Path] = {}
        for path, text in self.texts.items():
            for target in _INCLUDE.findall(text):
                part = self.resolve(target.strip(), path)
                document = self.documents.get(part) if part else None
                if document and document != path and not _title(self.text_of(document) or ""):
                    found.setdefault(document, path)
        return {part: whole for part, whole in found.items() if _ends(part, found)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The titles that labels stand before, by label."""
        found = chain.from_iterable(_LABELLED.finditer(text) for text in self.texts.values())
        return {_key(one["label"]): _bare(one["title"]) for one in found}

    def text_of(self, path: Path) -> str | None:
        """What is in a file; None if that is no text, or too much."""
        try:
            return decoded(path.read_bytes()) if path.stat().st_size <= _MAX_BYTES else None
        except (OSError, Unreadable):
            return None

    def resolve(self, target: str, source: Path) -> Path | None:
        """The file that a document names; None if there is none within the folder.

        A target that begins with `/` is meant from the top of the source tree, of which the folder may be a part: what
        stands at the end of the target counts.

        Args:
            target: the path as it is written.
            source: the file that it is written in.
        """
        if not target or "\0" in target or len(target) > 1000:
            return None
        parts = [one for one in target.split("/") if one]
        places = (
            [Path(self.root, *parts[i:]) for i in range(len(parts))] if target[0] == "/" else [source.parent / target]
        )
        for place in places:
            try:
                path = place.resolve()
                if path.is_relative_to(self.root) and path.is_file():
                    return path
            except (OSError, RuntimeError):  # a name too long; links that go round
                continue
        return None

    def title_of(self, target: str, source: Path) -> str:
        """The title of the document that `:doc:` names; if it is not there, the words of its path."""
        for suffix in (".rst", ".md", ".mdx", ""):
            path = self.resolve(target + suffix, source)
            if path and (title := _title(self.text_of(path) or "")):
                return title
        return _spaced(target.rstrip("/").rpartition("/")[2])

    def label_title(self, label: str) -> str:
        """The title that `:ref:` shows; if its label is not there, the words of the label."""
        return self.labels.get(_key(label)) or _spaced(label.rpartition(":")[2])


def _title(text: str) -> str:
    """The first title in a text of reStructuredText, or of Markdown; empty if there is none."""
    for found in _TITLE.finditer(text):
        if len(found["under"]) >= min(3, len(found["title"].strip())):
            return _bare(found["title"])
    heading = re.search(r"^# (\S[^\n]*)$", text, re.MULTILINE)
    return _bare(heading[1]) if heading else ""


def _ends(part: Path, wholes: dict[Path, Path]) -> bool:
    """Whether what a part is included by is, in the end, no part itself."""
    met = {part}
    while (part := wholes.get(part, part)) not in met:
        met.add(part)
    return part not in wholes


def _key(label: str) -> str:
    return squash(label).casefold()


def _bare(title: str) -> str:
    return squash(_MARKS.sub("", title))


def _spaced(words: str) -> str:
    return squash(words.replace("-", " ").replace("_", " "))
