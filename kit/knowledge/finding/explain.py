"""Says why a hit ranks where it does."""

from dataclasses import dataclass

from kit.knowledge.article import Hit
from kit.knowledge.finding.query import codes_in
from kit.knowledge.keeping import Build
from kit.text import content_words

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True)
class Explanation:
    """Why a hit ranks where it does.

    Attributes:
        parts: what each ranker adds to the score, the most first. Those that compare meaning are relative to the other
            candidates, so that they can be negative; those of words count what is shared.
        words: stems of the query's content words that the article has, the rarest first.
        missing: those that it has not.
        codes: identifiers of the query that the article has.
    """

    parts: tuple[tuple[str, float], ...]
    words: tuple[str, ...]
    missing: tuple[str, ...]
    codes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The explanation in the shape that `kit search --explain --json` prints."""
        parts = {name: round(value, 4) for name, value in self.parts}
        return {"parts": parts, "words": self.words, "missing": self.missing, "codes": self.codes}

    def lines(self) -> list[str]:
        """The explanation for people."""
        found = [", ".join(f"{name} {value:+.2f}" for name, value in self.parts)]
        found += [f"shares: {', '.join(self.words) or 'no word'}"]
        found += [f"lacks: {', '.join(self.missing)}"] if self.missing else []
        return found + ([f"has exactly: {', '.join(self.codes)}"] if self.codes else [])


def explain(build: Build, query: str, hit: Hit) -> Explanation:
    """Why `hit` ranks where it does for `query`."""
    row = build.columns.article_row(hit.passage.article_id)
    words = build.words["articles"]
    stems = sorted(dict.fromkeys(content_words(query)), key=lambda stem: -build.rarity(stem))
    has = {stem: row is not None and words.holds(row, stem) for stem in stems}
    return Explanation(
        parts=tuple(sorted(((name, value) for name, value in hit.parts.items() if value), key=lambda one: -one[1])),
        words=tuple(stem for stem in stems if has[stem]),
        missing=tuple(stem for stem in stems if not has[stem]),
        codes=tuple(code for code in codes_in(query) if has.get(code)),
    )
