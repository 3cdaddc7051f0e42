"""Names of people, which no pattern can see: found by Presidio's model, an extra."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kit.errors import KitError
from kit.safety.pii.spans import Span

__all__ = ["find_names"]

# Below this Presidio itself takes a name for doubtful.
_LEAST = 0.6


def find_names(text: str) -> Iterator[Span]:
    """The people named in an English text.

    Raises:
        KitError: the extra or its language model is not installed.
    """
    for found in _analyzer().analyze(text=text, language="en", entities=["PERSON"], score_threshold=_LEAST):
        yield Span("NAME", found.start, found.end)


@lru_cache(1)
def _analyzer() -> Any:
    remedy = (
        "Install both with `pip install 'support-kit[presidio]'` and `python -m spacy download en_core_web_lg`, or set "
        "`names = false` under [safety]."
    )
    try:
        from presidio_analyzer import AnalyzerEngine
    except ImportError as error:
        raise KitError("Masking of names needs Presidio, which is not installed.", remedy=remedy) from error
    import spacy.util

    # Presidio would fetch a missing model from the network by itself.
    if not spacy.util.is_package("en_core_web_lg"):
        raise KitError("Masking of names needs a language model, which is not installed.", remedy=remedy)
    return AnalyzerEngine()
