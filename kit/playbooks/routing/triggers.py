"""Words that settle what a message is, whatever else it says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from kit.playbooks.language import Playbook
from kit.playbooks.routing.route import Kind, RouteKind
from kit.text import stem, words

__all__ = ["Trigger", "stems", "triggers_of"]

# Examples share most of their words.
_stem = lru_cache(maxsize=20_000)(stem)

Trigger = tuple[re.Pattern[str], Kind]


def stems(text: str) -> str:
    """The stems of all words, each between spaces."""
    return f" {' '.join(map(_stem, words(text)))} "


def triggers_of(playbooks: Sequence[Playbook], kinds: Mapping[RouteKind, Iterable[str]]) -> list[Trigger]:
    """The playbooks' triggers, and after them those of the kit's own kinds.

    One of the kit's own gives way where a playbook lists a sentence with these words among its examples: the company
    has a way to deal with that.
    """
    found: list[Trigger] = [
        (_pattern(text), ("playbook", playbook.id)) for playbook in playbooks for text in playbook.triggers
    ]
    claimed = [stems(text) for playbook in playbooks for text in playbook.examples]
    for kind, texts in kinds.items():
        patterns = map(_pattern, texts)
        found += [(each, (kind, None)) for each in patterns if not any(each.search(text) for text in claimed)]
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """The trigger's words in their order, with at most two others between one and the next."""
    gap = r" (?:\S+ ){0,2}"
    return re.compile(" " + gap.join(re.escape(word) for word in stems(text).split()) + " ")
