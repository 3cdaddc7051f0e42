"""Who may read an article, as far as words such as `Draft`, `archived` or `Agents only` say it."""

import re
from typing import Final

from kit.settings import Include

__all__ = ["INTERNAL", "states_of"]

INTERNAL: Final = "internal"
"""The audience of what is indexed although it is not public."""

_STATES: Final[dict[Include, frozenset[str]]] = {
    "drafts": frozenset("draft drafts unpublished pending inreview review workinprogress".split()),
    "archived": frozenset("archived archive outdated obsolete retired deleted expired deprecated".split()),
    "internal": frozenset("internal internalonly private agents agentsonly staff confidential restricted".split()),
}


def states_of(text: str) -> frozenset[Include]:
    """Why an article with this audience or state is not for everybody; empty where it is."""
    said = re.sub(r"[^a-z]", "", text.lower())
    return frozenset(state for state, words in _STATES.items() if said in words)
