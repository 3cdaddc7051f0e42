"""`kit ground`: the grounding check as a tool of its own, on texts from anywhere."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from kit.cli.common import FromFile, OutFile, read_batch
from kit.errors import KitError

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

    A line holds `id`, `text` and `passages`, a list of texts. For each sentence the result says whether a passage
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


def _passages(row: dict[str, Any]) -> Sequence[str]:
    given = row.get("passages")
    if not isinstance(given, list) or not all(isinstance(passage, str) for passage in given):
        raise KitError("`passages` must be a list of texts.", remedy='For example: "passages": ["The price is $5."]')
    return given
