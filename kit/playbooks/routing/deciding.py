"""From the probabilities of all kinds to where the message goes, and whether to ask first."""

from collections.abc import Mapping, Sequence

from kit.playbooks.language import Playbook
from kit.playbooks.routing.examples import KNOWLEDGE
from kit.playbooks.routing.route import Kind, Route

__all__ = ["decide"]

# Chosen on every other first message of Brightloom's suites; `make bench` reports on the rest.
AT_LEAST = 0.5  # a playbook less probable than this, with those close to it, does not begin: knowledge is asked for
ALONE = 0.1  # the same where there are no articles to fall back on: then a likely playbook is better than no answer
SURE = 0.5  # the same for the kit's own kinds, which are short and formulaic where they are real
LIKELY = 0.2  # what takes over from a playbook that is not available to the customer has to be likely by itself

# Asking which of two is meant costs the customer a turn. Beginning the wrong play costs about two more: noticing, and
# saying so. So asking pays where the second is the right one of the two with a chance of at least 1 in 3.
CLOSE = 1 / 3
# Where the owners say that the two are easily taken for each other, a wrong play is thought to cost five turns.
CLOSE_IF_TOLD = 1 / 6


def decide(
    shares: Mapping[Kind, float], playbooks: Mapping[str, Playbook], missing: frozenset[str], *, alone: bool = False
) -> Route:
    """Where a message goes.

    Args:
        shares: the probability of each kind; the knowledge base is one.
        playbooks: all playbooks, by id.
        missing: those among them that the customer cannot be led to today.
        alone: there are no articles.
    """
    left = _without(shares, missing)
    likely = sorted(
        ((kind[1], share) for kind, share in left.items() if kind[1] is not None), key=lambda pair: -pair[1]
    )
    three = tuple((id, float(share)) for id, share in likely[:3])
    close = _close(three, playbooks)
    together = sum(share for id, share in three if id in close)
    others = {kind: share for kind, share in left.items() if kind[1] is None and kind != KNOWLEDGE}
    top = max(others, key=lambda kind: others[kind], default=KNOWLEDGE)
    if others and others[top] >= max(SURE, together):
        kind, chance = top, others[top]
    elif together < (ALONE if alone else AT_LEAST):
        kind, chance = KNOWLEDGE, left[KNOWLEDGE]
    else:
        return _between(three, close, playbooks)
    second = three[0] if three else (None, 0.0)
    return Route(kind[0], None, float(chance), second=second[0], second_probability=second[1], playbooks=three)


def _without(shares: Mapping[Kind, float], missing: frozenset[str]) -> dict[Kind, float]:
    """The probabilities without what is not available: its part goes to the next best, if that is likely at all."""
    left = {kind: share for kind, share in shares.items() if kind[1] not in missing}
    lost = sum(shares.values()) - sum(left.values())
    heir = max(left, key=lambda kind: left[kind])
    left[heir if left[heir] >= LIKELY else KNOWLEDGE] += lost
    return left


def _close(likely: Sequence[tuple[str, float]], playbooks: Mapping[str, Playbook]) -> list[str]:
    """The likeliest playbook, and those among the others that are close to it."""
    if not likely:
        return []
    first, chance = likely[0]
    others = [id for id, share in likely[1:] if share >= _limit(playbooks[first], playbooks[id]) * (share + chance)]
    return [first, *others]


def _between(likely: Sequence[tuple[str, float]], close: Sequence[str], playbooks: Mapping[str, Playbook]) -> Route:
    """The playbook to begin, or those to ask between."""
    # The more important one is taken without asking.
    best = max(close, key=lambda id: playbooks[id].priority)
    rivals = tuple(id for id in close if playbooks[id].priority == playbooks[best].priority)
    rest = [pair for pair in likely if pair[0] != best]
    second = rest[0] if rest else (None, 0.0)
    return Route(
        "playbook",
        best,
        dict(likely)[best],
        second=second[0],
        second_probability=second[1],
        playbooks=tuple(likely),
        ambiguous=rivals if len(rivals) > 1 else (),
    )


def _limit(one: Playbook, other: Playbook) -> float:
    told = other.id in one.disambiguate_with or one.id in other.disambiguate_with
    return CLOSE_IF_TOLD if told else CLOSE
