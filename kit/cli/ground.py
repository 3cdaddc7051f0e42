"""`kit ground`: the grounding check as a tool of its own, on texts from anywhere."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit.cli.common import FromFile, OutFile, read_batch
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.assistant import Source

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(ground)


def ground(
    *,
    source: FromFile = None,
    output: OutFile = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Go by the words alone, without the model: faster, stricter.")
    ] = False,
) -> None:
    """Check each sentence of a text against the passages that it is said to come from.

    A line holds `id`, `text` and `passages`, a list of texts, or of objects with a `text` and the `title` and
    `headings` that it stands under, on which a sentence may lean. For each sentence the result says whether a passage
    supports it, the place of that passage in the list, counted from 0 (of the nearest one, if none does), the share
    of the sentence's words found there, and why.
    """
    if source is None:
        example = '{"id": 1, "text": "It costs $5.", "passages": ["The price is $5."]}'
        raise KitError("Give `--from FILE.jsonl`.", remedy=f"A line of it: {example}")
    batch = read_batch(source, output, needs="text")

    from kit.assistant import Meaning, check_text

    meaning = None
    if not words_only:
        from kit.models import load_embedder
        from kit.settings import cache_folder

        meaning = Meaning(load_embedder("packaged", cache=cache_folder()))

    def check(row: dict[str, Any]) -> dict[str, Any]:
        found = check_text(row["text"], _passages(row), meaning=meaning)
        return {"sentences": [asdict(sentence) for sentence in found]}

    batch.run(check, what="checking")


def _passages(row: dict[str, Any]) -> list["Source"]:
    from kit.assistant import Source

    given = row.get("passages")
    found = []
    for one in given if isinstance(given, list) else [None]:
        whole = {"text": one} if isinstance(one, str) else one
        parts = whole if isinstance(whole, dict) else {}
        text, title, headings = parts.get("text"), parts.get("title", ""), parts.get("headings", [])
        listed = isinstance(headings, list) and all(isinstance(heading, str) for heading in headings)
        if not isinstance(text, str) or not isinstance(title, str) or not listed:
            raise KitError(
                "`passages` must be a list of texts, or of objects with `text`, `title` and `headings`.",
                remedy='For example: "passages": ["The price is $5."]',
            )
        found.append(Source(text, (*filter(None, [title]), *headings)))
    return found
