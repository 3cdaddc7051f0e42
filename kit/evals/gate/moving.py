"""Sentences that went to another section: as when two sections of an article have each other's text.

Such a reply still quotes the right sentence, but whoever opens the article looks for it in the wrong place, and the
heading no longer tells what is under it. An article that is reworded or put in another order shows none of this: only
of a sentence that both runs quote, from under two headings that both runs know, is it said. So a heading that was
renamed, split off or given up moves nothing, nor does a sentence that stands in both sections.
"""

from collections.abc import Iterator, Mapping

from kit.evals.comparing.side import Entry, Key

__all__ = ["moved"]

Sections = dict[str, dict[str, set[str]]]  # by article and heading, what is quoted from there


def moved(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> dict[Key, str]:
    """The cases of both whose reply quotes a sentence that stands in another section now, with what moved."""
    old, new = _sections(before), _sections(after)
    found: dict[Key, str] = {}
    for key in before.keys() & after.keys():
        for article, quote, was, now in _elsewhere(before[key], after[key]):
            there, here = new.get(article, {}).get(was), old.get(article, {}).get(now)
            if there and here and quote not in there | here:
                found[key] = f"“{' '.join(quote.split()[:6])}…” stands under “{now}”, not “{was}”"
    return found


def _sections(entries: Mapping[Key, Entry]) -> Sections:
    known: Sections = {}
    for one in (one for entry in entries.values() for one in entry.tries):
        for article, quotes in one.quoted.items():
            for quote, (heading, *_) in quotes.items():
                known.setdefault(article, {}).setdefault(heading, set()).add(quote)
    return known


def _elsewhere(before: Entry, after: Entry) -> Iterator[tuple[str, str, str, str]]:
    """Article, quote, and the heading above it in the one and in the other, where both have one."""
    for was, now in zip(before.tries, after.tries, strict=False):
        for article, quotes in was.quoted.items():
            for quote, (heading, *_) in quotes.items():
                other = now.quoted.get(article, {}).get(quote, ("",))[0]
                if heading and other and other != heading:
                    yield article, quote, heading, other
