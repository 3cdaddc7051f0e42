"""Reads Markdown and plain text."""

import re
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path

from markdown_it import MarkdownIt

from kit.errors import KitError
from kit.knowledge.audience import INTERNAL, states_of
from kit.knowledge.blocks import parse
from kit.knowledge.links import plain
from kit.knowledge.readers.document import Document, Unreadable, anchored, decoded, parsed_date
from kit.text import squash
from kit.yamlfile import Located, load_yaml

__all__ = ["headed", "read_markdown", "read_text", "titled"]

_HEAD = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNDERLINE = re.compile(r"[=\-~]{3,}\s*")
_ABSOLUTE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)

# Every repetition is bounded, so that no text makes the search slow.
_CODE = r"(?<!`)(?P<ticks>`{1,9})(?!`).{1,400}?(?<!`)(?P=ticks)(?!`)"
_TEXT = r"\[(?P<text>(?:\\.|[^\[\]\\]|\[[^\[\]]{0,200}\]){0,500})\]"
_TITLE = r"(?:\s{1,9}(?:\"[^\"]{0,300}\"|'[^']{0,300}'|\([^)]{0,300}\)))?"
_TARGET = rf"\(\s{{0,9}}(?P<target><[^<>\n]{{0,2000}}>|(?:[^()\s]|\([^()\s]{{0,200}}\)){{0,2000}}){_TITLE}\s{{0,9}}\)"
_REFERENCE = r"\[(?P<reference>[^\[\]]{0,200})\]"
_IMAGES = re.compile(rf"{_CODE}|!{_TEXT}(?:{_TARGET}|{_REFERENCE})?", re.DOTALL)
_LINKS = re.compile(rf"{_CODE}|{_TEXT}(?:{_TARGET}|{_REFERENCE})?", re.DOTALL)
# `[ERROR]: failed` is no definition of a link: what is defined has to look like an address.
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<name>[^\[\]^][^\[\]]{0,200})\]:[ \t]{1,9}(?P<target>\S{0,1000}[/.#:]\S{0,1000})"
    rf"{_TITLE}[ \t]*$\n?",
    re.MULTILINE,
)
# How GitHub marks a quotation as a note or a warning.
_ALERT = re.compile(r"^((?:[ \t]{0,3}>)+[ \t]?)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?=[ \t]*$)", re.MULTILINE)
# Of a heading: `{#id}` behind it, or an empty `<a id="…">` in it or before it.
_ATTRIBUTES = re.compile(r"^(#{1,6} .*?)[ \t]*\{:?[ \t]*(?P<all>[#.][^{}\n]{0,200})\}[ \t]*$", re.MULTILINE)
_A = (
    r"<a[ \t]{1,9}(?:name|id)[ \t]{0,9}=[ \t]{0,9}[\"']?(?P<id>[^\s\"'<>]{1,200})[\"']?[ \t]{0,9}(?:/>|>[ \t]{0,9}</a>)"
)
_A_BEFORE = re.compile(rf"^[ \t]{{0,3}}{_A}[ \t]{{0,9}}\n(?:[ \t]{{0,9}}\n)?(?=#)", re.MULTILINE)
_A_WITHIN = re.compile(rf"^(?P<before>#{{1,6}} [^\n<]{{0,300}}){_A}", re.MULTILINE)
# Two codes that never stand for a character hold a fragment within its heading until the text is done.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_HELD = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def read_markdown(path: Path) -> Document:
    """Read a Markdown file with or without a YAML head.

    Links within the help centre keep their words only, images their description; comments are left out. The title is
    that of the head, else the first heading of level 1, which then is no longer part of the text.

    Raises:
        Unreadable: not text, or with a head that is not `key: value` lines.
    """
    facts, source = headed(decoded(path.read_bytes()), path)
    return titled(source, facts)


def headed(source: str, path: Path) -> tuple[Document, str]:
    """The facts that the YAML head of a file states, as a document without text, and the source below the head.

    Raises:
        Unreadable: the head is not `key: value` lines.
    """
    head = _HEAD.match(source)
    return (_facts(head.group(1), path), source[head.end() :]) if head else (Document(""), source)


def titled(source: str, facts: Document) -> Document:
    """The document that a Markdown text and the facts of its head make."""
    source = source.replace(_OPEN, "").replace(_CLOSE, "")
    title, text = _titled(_cleaned(source), _HELD.sub("", facts.title))
    headings = [block.name for block in parse(text) if block.kind == "heading"] if _OPEN in text else []
    fragments = [(_HELD.sub("", one).strip(), found[1] if (found := _HELD.search(one)) else "") for one in headings]
    return replace(facts, text=_HELD.sub("", text), title=title, anchors=anchored(fragments))


def read_text(path: Path) -> Document:
    """Read plain text; a short first line that stands by itself is the title.

    Raises:
        Unreadable: not text.
    """
    text = decoded(path.read_bytes()).strip("\n")
    first, _, rest = text.partition("\n")
    second, _, others = rest.partition("\n")
    underlined = bool(_UNDERLINE.fullmatch(second))
    body = (others if underlined else rest).strip("\n")
    apart = underlined or not second.strip()
    if body.strip() and apart and 0 < len(first.strip()) <= 80 and not first.rstrip().endswith((".", ",", ";", ":")):
        return Document(body, squash(first).lstrip("# "))
    return Document(text)


def _facts(head: str, path: Path) -> Document:
    """The head's facts, as a document without text."""
    try:
        located = load_yaml(head, path=path, first_line=2)
    except KitError as error:
        raise Unreadable(f"Line {error.line}: {error.problem} {error.remedy or ''}".rstrip()) from error
    if located.data is None:
        return Document("")
    if not isinstance(located.data, dict):
        raise Unreadable(
            f"Line {located.line()}: what stands between the `---` lines is not `key: value` lines. "
            "If it is no head, put an empty line before the first `---`."
        )
    return Document(
        "",
        title=_word(located, "title"),
        url=_word(located, "url"),
        updated=parsed_date(_word(located, "updated") or _word(located, "date")),
        created=parsed_date(_word(located, "created")),
        language=_word(located, "language"),
        audience=INTERNAL if _not_public(located) else _word(located, "audience"),
        product=_word(located, "product"),
        labels=_labels(located),
    )


def _not_public(located: Located) -> bool:
    """Whether the head says that this is a draft or archived: it is indexed, and not for customers."""
    return _word(located, "draft").lower() in ("true", "yes") or bool(states_of(_word(located, "status")))


def _word(located: Located, key: str) -> str:
    value = located.data.get(key)
    if isinstance(value, dict | list):
        raise Unreadable(f"Line {located.line((key,))}: `{key}` must be text.")
    return "" if value is None else squash(str(value))


def _labels(located: Located) -> tuple[str, ...]:
    value = located.data.get("labels")
    items = value if isinstance(value, list) else _word(located, "labels").split(",")
    if any(isinstance(item, dict | list) for item in items):
        raise Unreadable(f"Line {located.line(('labels',))}: `labels` must be a list of words.")
    return tuple(squash(str(item)) for item in items if item is not None and str(item).strip())


@cache
def _parser() -> MarkdownIt:
    # Only code is looked for: what stands in it is not touched. With `html`, a comment that holds code is a comment.
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


def _cleaned(text: str) -> str:
    """The text without comments, and with only what a reader sees of images and links within the help centre."""
    code: set[int] = set()
    for token in _parser().parse(text):
        if token.type in ("fence", "code_block") and token.map:
            code.update(range(*token.map))
    lines = enumerate(text.split("\n"))
    parts = [(inside, "\n".join(line for _, line in run)) for inside, run in groupby(lines, lambda one: one[0] in code)]
    parts = [(inside, part if inside else _held(_uncommented(part))) for inside, part in parts]
    targets: dict[str, str] = {}
    for inside, part in parts:
        for found in () if inside else _DEFINITION.finditer(part):
            targets.setdefault(_name(found["name"]), found["target"])
    return "\n".join(part if inside else _unlinked(_DEFINITION.sub("", part), targets) for inside, part in parts)


def _held(text: str) -> str:
    """The text with the fragments of headings held in them by signs, and with the names of alerts as they are shown."""

    def attributes(found: re.Match[str]) -> str:
        fragment = next((one[1:] for one in found["all"].split() if one.startswith("#")), "")
        return f"{found[1]} {_OPEN}{fragment}{_CLOSE}"

    text = _ALERT.sub(lambda found: f"{found[1]}**{found[2].capitalize()}:**", text)
    text = _A_BEFORE.sub(lambda found: f"{_OPEN}{found['id']}{_CLOSE}", text)
    text = re.sub(rf"^({_HELD.pattern})(#{{1,6}} .*)$", r"\3 \1", text, flags=re.MULTILINE)
    text = _A_WITHIN.sub(lambda found: f"{found['before']}{_OPEN}{found['id']}{_CLOSE}", text)
    return _ATTRIBUTES.sub(attributes, text)


def _uncommented(text: str) -> str:
    """The text without comments, but for those shown as code: `<!-- more -->`."""
    kept, start = [], 0
    while (opens := text.find("<!--", start)) >= 0 and (closes := text.find("-->", opens + 4)) >= 0:
        shown = opens > 0 and text[opens - 1] == "`"
        kept.append(text[start : closes + 3 if shown else opens])
        start = closes + 3
    return "".join(kept) + text[start:]


def _unlinked(text: str, targets: dict[str, str]) -> str:
    def target(found: re.Match[str]) -> str | None:
        """Where it leads; None if this is no link at all, but words in brackets."""
        if found["target"] is not None:
            return found["target"].strip("<>")
        return targets.get(_name(found["reference"] or found["text"]))

    def image(found: re.Match[str]) -> str:
        return found.group() if found["ticks"] or target(found) is None else str(found["text"])

    def link(found: re.Match[str]) -> str:
        if found["ticks"] or (leads := target(found)) is None:
            return found.group()
        if not _ABSOLUTE.match(leads):
            return str(found["text"])
        return f"[{found['text']}]({leads})" if found["text"].strip() else leads

    return _LINKS.sub(link, _IMAGES.sub(image, text))


def _name(reference: str) -> str:
    return squash(reference).casefold()


def _titled(text: str, title: str) -> tuple[str, str]:
    """The title and the text without it."""
    lines = text.split("\n")
    for block in parse(text):
        if block.kind == "heading" and block.level == 1 and block.name:
            name = plain(_HELD.sub("", block.name))
            if title and squash(title).casefold() != name.casefold():
                break
            end = block.start + len(block.lines)
            return title or name, "\n".join(lines[: block.start] + lines[end:])
    return title, text
