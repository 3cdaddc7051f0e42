"""Words without the spaces between them: a customer can read them, and no other part of the check could."""

import re

__all__ = ["find_run"]

# More letters than any word has that is not in the passage itself.
_RUN = re.compile(r"[^\W\d_]{19,}")
# As many signs as two words have.
_LONG = re.compile(r"[^\s>/&-]{12,}")
_EDGES = ".,;:!?()\"'“”*_`"


def find_run(sentence: str, passage: str) -> str:
    """What is wrong in plain words; empty if nothing is."""
    there = passage.lower()
    closed = "".join(there.split())
    for run in _RUN.findall(sentence):
        if run.lower() not in there:
            return _said(run)
    for run in _LONG.findall(sentence):
        bare = run.lower().strip(_EDGES)
        if len(bare) >= 12 and bare not in there and bare in closed:
            return _said(run)
    return ""


def _said(run: str) -> str:
    return f"{run[:20]} is no word of the passage, as if spaces were left out"
