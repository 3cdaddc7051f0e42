"""What is wrong with a knowledge base, as values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

__all__ = ["KINDS", "Finding", "Health", "Kind"]

Kind = Literal["conflict", "duplicate", "empty", "over_long", "stale", "misdated"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Finding:
    """Something to mend.

    Attributes:
        kind: what it is.
        article_ids: the articles it is about; of a conflict the newest first, if that is known.
        message: why it was reported and what to do.
        numbers: what it was judged by: `shared` (share of the text), `words`, `passages` or `days`.
        differences: of a conflict, what the first article says and what the second says instead.
    """

    kind: Kind
    article_ids: tuple[str, ...]
    message: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    differences: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "article_ids": list(self.article_ids),
            "message": self.message,
            "numbers": dict(self.numbers),
            "differences": [list(pair) for pair in self.differences],
        }


@dataclass(frozen=True)
class Health:
    """The state of a knowledge base. `texts` are findings that no day changes; `findings` adds those of age."""

    articles: int
    passages: int
    texts: tuple[Finding, ...]
    updated: Mapping[str, date]
    today: date
    stale_days: int

    @property
    def undated(self) -> int:
        """How many articles do not say when they were updated."""
        return self.articles - len(self.updated)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, by kind, then as they are to be mended."""
        found = [*self.texts, *self._aged()]
        return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))

    @property
    def counts(self) -> dict[Kind, int]:
        """How many findings there are of each kind."""
        counted = Counter(one.kind for one in self.findings)
        return {kind: counted[kind] for kind in KINDS}

    def on(self, today: date, *, stale_days: int) -> "Health":
        """The same knowledge base on another day: only the findings of age change."""
        return replace(self, today=today, stale_days=stale_days)

    def _aged(self) -> list[Finding]:
        found = []
        # An article that was written today in another time zone is not from the future.
        latest = self.today + timedelta(days=1)
        for id, day in sorted(self.updated.items(), key=lambda one: (one[1], one[0])):
            days = (self.today - day).days
            if day > latest:
                message = f"Its date, {day}, is in the future. Correct the date."
                found.append(Finding("misdated", (id,), message, {"days": days}))
            elif self.stale_days and days > self.stale_days:
                message = f"Updated {day}, {days:,} days ago. Check that it still holds, then update its date."
                found.append(Finding("stale", (id,), message, {"days": days}))
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "articles": self.articles,
            "passages": self.passages,
            "texts": [one.to_json() for one in self.texts],
            "updated": {id: str(day) for id, day in self.updated.items()},
            "today": str(self.today),
            "stale_days": self.stale_days,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Health":
        """Take back what `to_json` gave.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: it is something else.
        """
        texts = tuple(
            Finding(
                kind=KINDS[KINDS.index(one["kind"])],
                article_ids=tuple(map(str, one["article_ids"])),
                message=str(one["message"]),
                numbers={str(name): float(value) for name, value in one["numbers"].items()},
                differences=tuple((str(left), str(right)) for left, right in one["differences"]),
            )
            for one in data["texts"]
        )
        return cls(
            articles=int(data["articles"]),
            passages=int(data["passages"]),
            texts=texts,
            updated={str(id): date.fromisoformat(day) for id, day in data["updated"].items()},
            today=date.fromisoformat(data["today"]),
            stale_days=int(data["stale_days"]),
        )
