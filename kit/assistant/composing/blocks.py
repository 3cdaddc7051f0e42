"""The blocks of a passage's Markdown: paragraphs, whole lists, tables, notes, code, and what names them."""

import re
from collections.abc import Iterator

__all__ = ["blocks", "label"]

_NUMBERED = re.compile(r"\s{0,3}\d+[.)]\s")
_BULLET = re.compile(r"\s{0,3}[-*+•]\s")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
# Headings by their looks: a line in bold, or in capitals, alone.
_BOLD = re.compile(r"\s*(?:\*\*|__)([^*_\n]{1,60})(?:\*\*|__)\s*:?\s*")
_CAPITALS = re.compile(r"\s{0,3}([A-Z][A-Z0-9 ()/&,'-]{3,59}):?\s*")


def label(block: str) -> str | None:
    """The name, if the block is nothing but a heading, by its mark or by its looks."""
    for pattern in (_HEADING, _BOLD, _CAPITALS):
        if match := pattern.fullmatch(block):
            return match.group(1).strip()
    return None


def blocks(text: str) -> Iterator[str]:
    """The text's blocks: a list stays one block with its continued lines and the notes between its items."""
    block: list[str] = []
    fence = ""
    for line in text.splitlines():
        if fence or (not block and _FENCE.match(line)):
            # Within code nothing is a list or a heading.
            block.append(line)
            if fence and line.strip() == fence:
                yield "\n".join(block)
                block, fence = [], ""
            elif not fence:
                fence = _FENCE.match(line).group(1)  # type: ignore[union-attr]
            continue
        begins_list = bool(_NUMBERED.match(line) or _BULLET.match(line))
        in_list = bool(block) and bool(_NUMBERED.match(block[0]) or _BULLET.match(block[0]))
        if not line.strip():
            # A blank line ends a block, unless a list goes on after it.
            if block and not in_list:
                yield "\n".join(block)
                block = []
            elif block:
                block.append("")
            continue
        goes_on = in_list and (line.startswith((" ", "\t")) or _same_list(block[0], line))
        loose = in_list and block[-1] == ""
        named = label(line) is not None and not (in_list and not loose)
        # A table at the margin is no part of the list or the text that it stands under, nor they of it.
        parted = bool(block) and line.startswith("|") != block[-1].startswith("|") and not goes_on
        begins = named or parted or (bool(_FENCE.match(line)) and not goes_on)
        if block and ((in_list and loose and not goes_on) or (begins_list and not in_list) or begins):
            yield "\n".join(block).rstrip()
            block = []
        block.append(line)
        if named:
            yield line
            block = []
        elif len(block) == 1 and (match := _FENCE.match(line)):
            fence = match.group(1)
    if block:
        yield "\n".join(block).rstrip()


def _same_list(first: str, line: str) -> bool:
    return bool(_NUMBERED.match(first) and _NUMBERED.match(line)) or bool(_BULLET.match(first) and _BULLET.match(line))
