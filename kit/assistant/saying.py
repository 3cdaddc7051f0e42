"""Sends the pieces of a reply as they are made, and keeps what was said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from langgraph.config import get_stream_writer

from kit.assistant.compose import Piece
from kit.assistant.types import Citation

__all__ = ["Said", "gap", "say"]


@dataclass(frozen=True)
class Said:
    """What the turn sends, as far as it is made."""

    text: str = ""
    citations: tuple[Citation, ...] = ()


def say(said: Said, pieces: Iterable[Piece]) -> Said:
    """Send pieces to whoever streams this turn, and add them to what was said."""
    write = _writer()
    for piece in pieces:
        write(piece.text)
        said = Said(said.text + piece.text, (*said.citations, *piece.citations))
    return said


def _writer() -> Callable[[str], object]:
    try:
        return get_stream_writer()
    except RuntimeError:
        return len  # outside of a graph nobody streams


def gap(said: Said) -> str:
    """What parts the next paragraph from what was said."""
    return "" if said.text == "" or said.text.endswith("\n\n") else "\n\n"
