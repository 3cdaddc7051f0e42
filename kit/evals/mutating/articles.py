"""Articles with one fact wrong: a figure, what they deny, two sections under each other's heading, or gone."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from kit.evals.comparing.stating import FIGURE, NEGATION, affirmed, figure
from kit.evals.mutating.corruption import Corruption, CorruptionKind

__all__ = ["article_corruptions"]

_SUFFIXES = (".md", ".mdx", ".txt")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^#{2,4} .+$", re.MULTILINE)
# Where a figure is none of the article's facts: in an address, a link, the number of a step, a heading's mark.
_NO_FACT = re.compile(r"https?://\S+|\[[^\]\n]*\]\([^)\n]*\)|^\s*\d+[.)]\s|`[^`\n]*`|\{#[^}]*\}", re.MULTILINE)


def article_corruptions(folder: Path, root: Path) -> Iterator[Corruption]:
    """All of them, article by article, always in the same order.

    A figure is changed wherever the article has it, as whoever mistakes a price does so throughout.

    Args:
        folder: of the articles.
        root: of the workspace.
    """
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
        text = path.read_text(encoding="utf-8")
        name, article = path.relative_to(root).as_posix(), path.relative_to(folder).with_suffix("").as_posix()
        front = match.end() if (match := _FRONT.match(text)) else 0
        hidden = [(front + one.start(), front + one.end()) for one in _NO_FACT.finditer(text[front:])]

        def made(
            kind: CorruptionKind,
            what: str,
            at: int,
            changed: str | None,
            *,
            text: str = text,
            name: str = name,
            article: str = article,
        ) -> Corruption:
            line = text.count("\n", 0, at) + 1
            return Corruption(kind=kind, target=article, what=what, path=name, line=line, edits={name: changed})

        for what, at, changed in _figures(text, front, hidden):
            yield made("figure", what, at, changed)
        for what, at, changed in _negations(text, front, hidden):
            yield made("negation", what, at, changed)
        for what, at, changed in _swaps(text, front):
            yield made("swapped", what, at, changed)
        yield made("removed", "the article is gone", 0, None)


def _figures(text: str, front: int, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[str, int, str]]:
    found: dict[str, list[re.Match[str]]] = {}
    for match in FIGURE.finditer(text, front):
        before = text[match.start() - 1] if match.start() else " "
        if before.isalnum() or before in ".-_/#" or _within(match.start(), hidden):
            continue  # part of a name: `BL-104233`, `v4`, `MERV13`
        found.setdefault(figure(match), []).append(match)
    for shown, places in found.items():
        other, changed = _other(places[0]["number"]), text
        for match in reversed(places):
            start, end = match.span("number")
            changed = changed[:start] + other + changed[end:]
        yield f"`{shown}` becomes `{places[0]['sign']}{other}`", places[0].start(), changed


def _other(number: str) -> str:
    """Another number, written as this one."""
    plain = number.replace(",", "")
    if "." in plain:
        return f"{float(plain) * 1.5:,.{len(plain.split('.')[1])}f}"
    value = int(plain)
    return f"{value + 2}" if value < 10 else f"{value * 3 // 2:,}" if "," in number else f"{value * 3 // 2}"


def _negations(text: str, front: int, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[str, int, str]]:
    for match in NEGATION.finditer(text, front):
        if _within(match.start(), hidden):
            continue
        left = affirmed(match)
        if left and match.group()[0].isupper():
            left = left.capitalize()
        start, end = match.span()
        if not left and text[end : end + 1] == " ":
            end += 1
        around = " ".join(text[max(front, start - 25) : end + 25].split())
        yield f"“…{around}…” no longer denies", start, text[:start] + left + text[end:]


def _swaps(text: str, front: int) -> Iterator[tuple[str, int, str]]:
    headings = list(_HEADING.finditer(text, front))
    for one, other in pairwise(headings):
        end = next((later.start() for later in headings if later.start() > other.start()), len(text))
        mine, theirs = text[one.end() : other.start()], text[other.end() : end]
        if mine.strip() and theirs.strip() and mine.strip() != theirs.strip():
            changed = text[: one.end()] + theirs.rstrip() + "\n\n" + other.group() + mine.rstrip() + "\n" + text[end:]
            names = (heading.group().lstrip("# ") for heading in (one, other))
            yield f"“{next(names)}” and “{next(names)}” have each other's text", one.start(), changed


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
