"""Reads reStructuredText, also that of Sphinx: what its pages show, as Markdown."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from kit.knowledge.audience import INTERNAL, states_of
from kit.knowledge.readers.document import Document, Unreadable, anchored, decoded, parsed_date
from kit.knowledge.readers.rst.folder import RstFolder
from kit.text import squash

__all__ = ["read_rst"]

MAX_LINE = 20_000
MAX_SUBSTITUTED = 20_000  # characters that all substitutions of a document put in

_FACTS = frozenset(
    """abstract address audience author authors category contact copyright created date dedication description keywords
    labels language lastmod modified nocomments nosearch orphan organization product revision status summary tags title
    tocdepth updated url version""".split()
)


def read_rst(path: Path, folder: RstFolder | None = None) -> Document:
    """Read a reStructuredText file.

    Directives and roles of Sphinx and its common extensions are known; of others the content stays. Files are included
    from within the folder only. Comments, tables of contents, raw HTML and the options of directives are left out.

    Args:
        path: the file.
        folder: the files around it, for what it includes and refers to; else those beside it.

    Raises:
        Unreadable: not text, or made to cost too much.
    """
    folder = folder or RstFolder(path.parent)
    source = decoded(path.read_bytes())
    if any(len(line) > MAX_LINE for line in source.split("\n")):
        raise Unreadable(f"It has a line of more than {MAX_LINE:,} characters. Break its lines.")
    try:
        return _document(_parsed(source, path, folder))
    except RecursionError as error:
        raise Unreadable("It is nested too deeply.") from error


def _parsed(source: str, path: Path, folder: RstFolder) -> Any:
    """The document as docutils' tree, with its substitutions and references resolved."""
    from docutils import frontend, utils
    from docutils.parsers.rst import Parser
    from docutils.transforms import references

    from kit.knowledge.readers.rst.markup import kit_markup

    settings = frontend.get_default_settings(Parser)
    own = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "line_length_limit": MAX_LINE,
        "report_level": 5,  # of five: nothing is told
        "halt_level": 5,
        "warning_stream": StringIO(),
        "auto_id_prefix": "id",  # as Sphinx has it
        "kit_folder": folder,
        "kit_path": path,
        "kit_included": 0,
        "kit_characters": 0,
    }
    for name, value in own.items():
        setattr(settings, name, value)
    document = utils.new_document(str(path), settings)
    with kit_markup():
        Parser().parse(source, document)
    _check_substitutions(document)
    document.transformer.add_transforms(
        [
            references.Substitutions,
            references.PropagateTargets,
            references.AnonymousHyperlinks,
            references.IndirectHyperlinks,
            references.Footnotes,
            references.ExternalTargets,
        ]
    )
    document.transformer.apply_transforms()
    return document


def _check_substitutions(document: Any) -> None:
    """Refuse substitutions that contain each other so that they grow without bounds.

    Raises:
        Unreadable: they put in too much.
    """
    from docutils import nodes

    inner = {
        name.lower(): [one["refname"].lower() for one in definition.findall(nodes.substitution_reference)]
        for name, definition in document.substitution_defs.items()
    }
    own = {name.lower(): 1 + len(one.astext()) for name, one in document.substitution_defs.items()}
    sizes: dict[str, int] = {}

    def size(name: str, above: frozenset[str]) -> int:
        if name not in inner or name in above:  # docutils leaves circles out
            return 0
        if name not in sizes:
            sizes[name] = own[name] + sum(size(one, above | {name}) for one in inner[name])
        return sizes[name]

    total = sum(
        size(one["refname"].lower(), frozenset())
        for one in document.findall(nodes.substitution_reference)
        if not isinstance(one.parent, nodes.substitution_definition)
    )
    if total > MAX_SUBSTITUTED + 10 * len(document.astext()):
        raise Unreadable("Its substitutions would grow to far more than any article needs.")


def _document(tree: Any) -> Document:
    from docutils import nodes

    from kit.knowledge.readers.rst.words import is_shown, words_of
    from kit.knowledge.readers.rst.writer import RstWriter

    facts = Document("")
    children = list(tree.children)
    for one in tree.findall(lambda node: type(node).__name__ == "Facts"):
        facts = _stated(facts, one)
    shown = [one for one in children if is_shown(one)]
    if shown and isinstance(shown[0], nodes.field_list):
        facts = _stated(facts, shown[0])
        children.remove(shown[0])
    writer = RstWriter()
    sections = [one for one in children if isinstance(one, nodes.section)]
    if not sections:
        return replace(facts, text="\n\n".join(writer.blocks(children, 2)))
    # The title of the first section is that of the page.
    place = children.index(sections[0])
    title, *body = sections[0].children
    below = [one for one in body if is_shown(one)]
    if below and isinstance(below[0], nodes.field_list) and _names(below[0]) <= _FACTS:
        facts = _stated(facts, below[0])
        body.remove(below[0])
    blocks = [*writer.blocks([*children[:place], *body], 2), *writer.blocks(children[place + 1 :], 1)]
    name = words_of(title, plain=True)
    return replace(facts, text="\n\n".join(blocks), title=facts.title or name, anchors=anchored(writer.headings))


def _fields(fields: Any) -> Iterator[tuple[str, str]]:
    from docutils import nodes

    for field in fields.findall(nodes.field):
        name, body = field.children
        yield squash(name.astext()).lower(), squash(body.astext())


def _names(fields: Any) -> set[str]:
    return {name for name, _ in _fields(fields)}


def _stated(facts: Document, fields: Any) -> Document:
    """The facts, with what a list of fields says of the document."""
    said = dict(_fields(fields))
    labels = next((said[name] for name in ("labels", "tags", "keywords") if said.get(name)), "")
    return replace(
        facts,
        url=said.get("url", facts.url),
        updated=parsed_date(said.get("updated") or said.get("date", "")) or facts.updated,
        created=parsed_date(said.get("created", "")) or facts.created,
        language=said.get("language", facts.language),
        audience=INTERNAL if states_of(said.get("status", "")) else said.get("audience", facts.audience),
        product=said.get("product", facts.product),
        labels=tuple(one for part in labels.split(",") if (one := squash(part))) or facts.labels,
    )
