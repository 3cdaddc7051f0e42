"""Sentences that state something else than before: another figure, or a "not" that is gone or new.

What a reply states is held against it sentence by sentence. That it quotes one sentence more or less, as it may when an
article is reworded, changes no fact; that a sentence says "90 days" where it said "60 days" does.
"""

from collections.abc import Collection, Mapping

from kit.evals.comparing.side import Entry
from kit.evals.comparing.stating import Quoted

__all__ = ["restated"]

_SAME = 0.6  # of the words of two sentences that are in both, from where one is the other reworded


def restated(before: Entry, after: Entry) -> str:
    """What a sentence no longer states, or states now; empty where each that is quoted still states the same."""
    for was, now in zip(before.tries, after.tries, strict=False):
        for article, sentences in was.quoted.items():
            if said := _in_article(sentences, now.quoted.get(article, {})):
                return said
    return ""


def _in_article(before: Mapping[str, Quoted], after: Mapping[str, Quoted]) -> str:
    new = after.keys() - before.keys()
    for sentence, (_, *facts) in before.items():
        was, now = set(facts), set(facts)
        if sentence in after:
            now = set(after[sentence][1:])
        elif other := _reworded(sentence, new):
            # The word behind a "not" may be another one, too.
            was, now = _loosely(facts), _loosely(after[other][1:])
        if gone := sorted(was - now):
            return f"no longer “{gone[0]}”"
        if added := sorted(now - was):
            return f"now “{added[0]}”"
    return ""


def _reworded(sentence: str, others: Collection[str]) -> str:
    """The one that is most like the sentence, if any is like it."""
    alike = {other: _overlap(sentence, other) for other in others}
    best = max(sorted(alike), key=lambda other: alike[other], default="")
    return best if alike.get(best, 0) >= _SAME else ""


def _overlap(one: str, other: str) -> float:
    mine, theirs = {*one.split()}, {*other.split()}
    return len(mine & theirs) / max(1, len(mine | theirs))


def _loosely(facts: Collection[str]) -> set[str]:
    return {"not" if fact.startswith("not ") else fact for fact in facts}
