"""Which articles are alike, each group of them once, found without comparing each with each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from kit.knowledge.health.overlap import candidates, shared
from kit.knowledge.health.pairs import LEAST, Pair, Text, compare
from kit.knowledge.health.types import Finding
from kit.text import squash

__all__ = ["alike"]

# An article is compared in full with so many others: more are alike only where all are made from one template.
_PARTNERS = 12
_SHOWN = 3


def alike(texts: Sequence[Text]) -> list[Finding]:
    """The groups of articles that are alike: conflicts first, the larger share of text first."""
    copies: defaultdict[tuple[str, ...], list[Text]] = defaultdict(list)
    for text in texts:
        article = text.article
        facts = article.language, article.product, article.audience
        copies[(squash(article.text), *(fact.casefold() for fact in facts))].append(text)
    first = [max(group, key=_age) for group in copies.values()]
    first.sort(key=lambda text: text.article.article_id)

    pairs = {"conflict": list[Pair](), "duplicate": list[Pair]()}
    for group in copies.values():
        pairs["duplicate"] += [Pair("duplicate", group[0], other, 1.0) for other in group[1:]]
    groups = {"conflict": _Groups(), "duplicate": _Groups()}
    for one, other in _worth_comparing(first):
        if not any(group.top(one) == group.top(other) for group in groups.values()):
            pair = compare(first[one], first[other])
            if pair is not None:
                groups[pair.kind].join(one, other)
                pairs[pair.kind].append(pair)
    found = [_finding(group) for kind in ("conflict", "duplicate") for group in _connected(pairs[kind])]
    return sorted(found, key=lambda one: (one.kind, -one.numbers["shared"], one.article_ids))


def _worth_comparing(texts: Sequence[Text]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that share much or have one title, the likest first."""
    likeness: dict[tuple[int, int], float] = {}
    for one, other in candidates([text.plain for text in texts], least=LEAST):
        share, within = shared(texts[one].plain, texts[other].plain)
        if max(share, within) >= LEAST:
            likeness[one, other] = max(share, within)
    titled: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        earlier = titled[text.title.subject]
        for other in earlier[:_PARTNERS]:
            likeness.setdefault((other, row), 0.0)
        earlier.append(row)
    partners: defaultdict[int, int] = defaultdict(int)
    for one, other in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        if min(partners[one], partners[other]) < _PARTNERS:
            partners[one] += 1
            partners[other] += 1
            yield one, other


class _Groups:
    """Rows that are joined one pair at a time (union–find with path halving)."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def top(self, row: int) -> int:
        """The row that stands for the group of this one."""
        above = self._above
        while above.setdefault(row, row) != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    def join(self, one: int, other: int) -> None:
        self._above[self.top(other)] = self.top(one)


def _connected(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs by the group that they connect."""
    rows: dict[str, int] = {}
    groups, starts = _Groups(), list[int]()
    for pair in pairs:
        one, other = (rows.setdefault(text.article.article_id, len(rows)) for text in (pair.left, pair.right))
        groups.join(one, other)
        starts.append(one)
    found: defaultdict[int, list[Pair]] = defaultdict(list)
    for start, pair in zip(starts, pairs, strict=True):
        found[groups.top(start)].append(pair)
    return list(found.values())


def _age(text: Text) -> tuple[date, tuple[bool, tuple[int, ...]], str]:
    return text.article.updated or date.min, text.title.rank, text.article.article_id


def _newest(texts: Sequence[Text]) -> Text | None:
    """The newest by date, where all have one, else by what the titles say; None if neither tells."""
    dates = [text.article.updated or date.min for text in texts]
    if date.min not in dates and dates.count(max(dates)) == 1:
        return texts[dates.index(max(dates))]
    ranks = [text.title.rank for text in texts]
    return texts[ranks.index(max(ranks))] if ranks.count(max(ranks)) == 1 else None


def _finding(pairs: Sequence[Pair]) -> Finding:
    """What there is to say of a group of articles."""
    members = {text.article.article_id: text for pair in pairs for text in (pair.left, pair.right)}
    newest = _newest([members[id] for id in sorted(members)])
    numbers = {"shared": round(min(pair.shared for pair in pairs), 3)}
    if pairs[0].kind == "duplicate":
        return Finding("duplicate", _ordered(members, newest), _copies(pairs, newest), numbers)
    # The pair to show is one that holds the newest article, for that is most likely the one to keep.
    pair = next((one for one in pairs if newest in (one.left, one.right)), pairs[0])
    left, right, apart = pair.left, pair.right, pair.differences
    if right is newest:
        left, right, apart = right, left, tuple((theirs, mine) for mine, theirs in apart)
    first = (left.article.article_id, right.article.article_id)
    ids = first + tuple(id for id in sorted(members) if id not in first)
    return Finding("conflict", ids, _conflict(ids, apart, newest), numbers, apart)


def _ordered(members: dict[str, Text], newest: Text | None) -> tuple[str, ...]:
    first = (newest.article.article_id,) if newest else ()
    return first + tuple(id for id in sorted(members) if id not in first)


def _copies(pairs: Sequence[Pair], newest: Text | None) -> str:
    share = min(pair.shared for pair in pairs)
    if len(pairs) == 1 and pairs[0].within:
        short, long = sorted((pairs[0].left, pairs[0].right), key=lambda text: text.count)
        return (
            f"{share:.0%} of {short.article.article_id} stands in {long.article.article_id} too. Keep it in one place,"
            " and link to it from the other."
        )
    said = "They say the same, word for word" if share == 1 else f"They share at least {share:.0%} of their text"
    dated = f" ({newest.article.article_id} is the newest)" if newest else ""
    return f"{said}. Keep one{dated} and take the others out: copies drift apart, and push other articles out of sight."


def _conflict(ids: tuple[str, ...], apart: Sequence[tuple[str, str]], newest: Text | None) -> str:
    shown = "; ".join(f"“{mine}” in {ids[0]}, “{theirs}” in {ids[1]}" for mine, theirs in apart[:_SHOWN])
    more = f"; and {len(apart) - _SHOWN} more" if len(apart) > _SHOWN else ""
    others = f"; {len(ids) - 2:,} other{'s' * (len(ids) > 3)} like them" if len(ids) > 2 else ""
    dated = f" {newest.article.article_id} is the newest." if newest else ""
    return f"{shown}{more}{others}.{dated} Keep the one that holds, and correct or take out the rest."
