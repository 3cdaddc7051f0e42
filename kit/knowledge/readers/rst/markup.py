"""What each directive and role of reStructuredText shows, those of Sphinx and its extensions too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.utils import unescape

from kit.knowledge.readers.rst import blocks
from kit.knowledge.readers.rst.insertions import CsvTable, Include, ListTable, TableBlock
from kit.text import squash

__all__ = ["kit_markup"]

_LOCK = Lock()

_DIRECTIVES: dict[str, type[Directive]] = {
    **dict.fromkeys(blocks.ADMONITIONS, blocks.Admonition),
    **dict.fromkeys(blocks.VERSIONS, blocks.Version),
    **dict.fromkeys(["admonition"], blocks.TitledAdmonition),
    **dict.fromkeys(
        """raw toctree contents local-contents sectnum section-numbering header footer title target-notes role
        default-role class rst-class date index highlight currentmodule module py:module py:currentmodule tabularcolumns
        productionlist graphviz digraph graph mermaid uml plantuml inheritance-diagram automodule autoclass autofunction
        autosummary video youtube vimeo iframe audio todo todolist sectionauthor moduleauthor codeauthor
        restructuredtext-test-directive cssclass ifconfig""".split(),
        blocks.Dropped,
    ),
    **dict.fromkeys(
        """tab group-tab tab-item topic sidebar dropdown collapse accordion details card toggle expand grid-item-card
        md-tab-item""".split(),
        blocks.LabelledBlock,
    ),
    **dict.fromkeys("code code-block sourcecode parsed-literal prompt console".split(), blocks.Code),
    **dict.fromkeys("image figure thumbnail".split(), blocks.Image),
    **dict.fromkeys(
        """compound container epigraph highlights pull-quote hlist glossary line-block tabs tab-set grid
        md-tab-set""".split(),
        blocks.Block,
    ),
    **dict.fromkeys("centered acks button-link button-ref".split(), blocks.Plain),
    "code-tab": blocks.CodeTab,
    "csv-table": CsvTable,
    "include": Include,
    "list-table": ListTable,
    "flat-table": ListTable,
    "literalinclude": Include,
    "math": blocks.Math,
    "meta": blocks.Meta,
    "only": blocks.Conditional,
    "replace": blocks.Replace,
    "rubric": blocks.Bold,
    "table": TableBlock,
    "unicode": blocks.Unicode,
}

_CODE_ROLES = frozenset("kbd code file samp literal command program option envvar regexp mailheader math".split())
_STRONG_ROLES = frozenset("guilabel menuselection strong dfn".split())
_ICON_ROLES = re.compile(r"octicon|fa|fa[srb]|material-\w+|icon|raw\w*|index|raw-html")
_TITLED = re.compile(r"(?P<title>.+?)\s*<(?P<target>[^<>]*)>", re.DOTALL)


def _role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = ()
) -> tuple[list[Any], list[Any]]:
    """Any role: what a reader sees of it."""
    shown, name = squash(unescape(text)), name.lower().rpartition(":")[2]
    titled = _TITLED.fullmatch(shown)
    if _ICON_ROLES.fullmatch(name):
        return [], []
    if name in _STRONG_ROLES:
        arrows = re.sub(r"\s*-->\s*", " → ", shown) if name == "menuselection" else shown
        return [nodes.strong(rawtext, re.sub(r"&(?=\w)", "", arrows))], []
    if name in _CODE_ROLES:
        return [nodes.literal(rawtext, re.sub(r"[{}]", "", shown) if name in ("samp", "file") else shown)], []
    if name in ("doc", "ref", "numref", "any", "term", "download", "abbr") and titled:
        return [
            nodes.inline(rawtext, f"{titled['title']} ({titled['target']})" if name == "abbr" else titled["title"])
        ], []
    settings = inliner.document.settings
    if name == "doc":
        shown = settings.kit_folder.title_of(shown, Path(inliner.document.current_source or settings.kit_path))
    elif name in ("ref", "numref"):
        shown = settings.kit_folder.label_title(shown)
    elif titled:
        shown = titled["title"]
    return [nodes.inline(rawtext, shown.removeprefix("~").removeprefix("!"))], []


@contextmanager
def kit_markup() -> Iterator[None]:
    """Within this, docutils knows the kit's directives and roles only; it looks them up in tables of the process."""
    with _LOCK:
        kept = directives.directive, roles.role
        directives.directive = lambda name, language, document: (_DIRECTIVES.get(name.lower(), blocks.Unknown), [])
        roles.role = lambda name, language, lineno, reporter: (_role, [])
        try:
            yield
        finally:
            directives.directive, roles.role = kept
