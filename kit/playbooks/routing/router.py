"""Decides what a message is: a case for a playbook, a question for the knowledge base, or something else.

Every kind is described by examples: those of the playbooks, what their owners say they are *not* for, the topics of
the knowledge base, and the kit's own list of what customers say anywhere. A logistic regression over their sentence
vectors tells the kinds apart.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder
from kit.playbooks.language import Playbook
from kit.text import EMAIL, digest, stem, words
from kit.yamlfile import load_yaml, read_text

__all__ = ["Route", "RouteKind", "Router"]

RouteKind = Literal[
    "playbook", "knowledge", "person", "greeting", "thanks", "goodbye", "not_solved", "sensitive", "off_topic", "model"
]
Kind = tuple[RouteKind, str | None]

# Chosen on every other first message of Brightloom's suites; `make bench` reports on the rest.
STRENGTH = 3.0  # C of the regression
AT_LEAST = 0.4  # a playbook less probable than this does not begin: the message is a question for the knowledge base
EXCLUDED = 0.7  # a message this like a `not_for` sentence is what its owner says it is, if no example is more alike
SURE = 0.5  # the same for the kit's own kinds, which are short and formulaic where they are real
MOST_TOPICS = 200
KNOWN_ID = 3.0  # added to a playbook's log-odds when the message holds an identifier that it collects
ASKING = 1.0  # taken from every playbook's log-odds when the message asks what, how or when: that wants an article

_ASKS = re.compile(r"\W*(?:(?:hi|hello|hey|so|ok|and)\W+)*(?:how|what|which|when|why|who)\b", re.IGNORECASE)
_EMAIL = rf"{EMAIL}|<EMAIL_\d+>"
_IDENTIFIER = re.compile(rf"{_EMAIL}|\b[A-Za-z-]{{0,20}}\d[\w-]*")


@dataclass(frozen=True)
class Route:
    """Where a message goes, with the estimated probability of the likeliest kind; `certain` if a trigger says so."""

    kind: RouteKind
    playbook: str | None
    probability: float
    certain: bool = False
    ambiguous: tuple[str, ...] = ()


class Router:
    """Knows the examples of every kind of message.

    Learning takes about a second; the coefficients are kept in `cache` and learned again only when an example or the
    embedder changes.
    """

    def __init__(
        self,
        playbooks: Sequence[Playbook],
        embedder: Embedder,
        *,
        topics: Sequence[str] = (),
        cache: Path | None = None,
    ) -> None:
        active = [playbook for playbook in playbooks if playbook.status == "active"]
        self._embedder = embedder
        intents = _intents()
        self._triggers: list[tuple[re.Pattern[str], Kind]] = [
            (_trigger(text), ("playbook", playbook.id)) for playbook in active for text in playbook.triggers
        ]
        self._triggers += [
            (_trigger(text), (kind, None)) for kind, texts in intents["triggers"].items() for text in texts
        ]
        self._patterns = {playbook.id: _patterns(playbook) for playbook in active}
        examples, owners = _examples(active, intents["examples"], topics)
        excluded = {text for playbook in active for text in playbook.not_for}
        self._excluded = [index for index, text in enumerate(examples) if text in excluded]
        self._owners = owners
        # What somebody wrote down as an example is one, whatever the regression makes of all the others.
        self._known = {_words(text): owner for text, owner in zip(examples, owners, strict=True)}
        self._kinds: list[Kind] = list(dict.fromkeys(owners))
        labels = [self._kinds.index(owner) for owner in owners]
        self._weights, self._bias, self._vectors = _learned(examples, labels, embedder, cache)

    def route(self, message: str) -> Route:
        """What the message is."""
        said = _words(message)
        for trigger, (kind, owner) in self._triggers:
            if trigger.search(said):
                return Route(kind, owner, 1.0, certain=True)
        if said in self._known:
            known, owner = self._known[said]
            return Route(known, owner, 1.0)
        vector = self._embedder.encode([_generic(message)])[0]
        odds = self._weights @ vector + self._bias
        asks = bool(_ASKS.match(message))
        for index, (_, playbook) in enumerate(self._kinds):
            if playbook:
                collects = any(pattern.search(message) for pattern in self._patterns[playbook])
                odds[index] += KNOWN_ID * collects - ASKING * asks
        shares = np.exp(odds - odds.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        kind, playbook = self._kinds[best]
        if shares[best] < (AT_LEAST if kind == "playbook" else SURE) or self._is_excluded(self._kinds[best], vector):
            kind, playbook = "knowledge", None
        return Route(kind, playbook, float(shares[best]))

    def _is_excluded(self, kind: Kind, vector: NDArray[np.float32]) -> bool:
        """Whether the message is nearly word for word what a playbook's owner lists as not for it."""
        if kind[0] != "playbook" or not self._excluded:
            return False
        likeness = self._vectors @ vector
        nearest = float(likeness[self._excluded].max())
        own = max(likeness[index] for index, owner in enumerate(self._owners) if owner == kind)
        return nearest >= EXCLUDED and nearest > own


def _intents() -> Any:
    """What the kit itself knows of kinds: triggers and examples, by kind."""
    path = Path(__file__).with_name("intents.yaml")
    return load_yaml(read_text(path), path=path).data


def _examples(
    playbooks: Sequence[Playbook], intents: Mapping[RouteKind, Sequence[str]], topics: Sequence[str]
) -> tuple[list[str], list[Kind]]:
    """Every example with the kind that it is one of."""
    # Of a large help centre evenly spread topics: more of them would only outweigh the playbooks.
    spread = topics[:: max(1, -(-len(topics) // MOST_TOPICS))]
    pairs: list[tuple[str, Kind]] = [(topic, ("knowledge", None)) for topic in spread]
    for playbook in playbooks:
        pairs += [(text, ("playbook", playbook.id)) for text in playbook.examples]
        pairs += [(text, ("knowledge", None)) for text in playbook.not_for]
    for kind, examples in intents.items():
        pairs += [(text, (kind, None)) for text in examples]
    return [text for text, _ in pairs], [kind for _, kind in pairs]


def _learned(
    examples: list[str], labels: list[int], embedder: Embedder, cache: Path | None
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The regression's coefficients (kinds × dimension) and intercepts (kinds), and the examples' vectors.

    From the cache if they are there.
    """
    key = digest(embedder.fingerprint, str(STRENGTH), "balanced", *examples, *map(str, labels))[:16]
    if cache is not None:
        try:
            with cache.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                if str(kept["key"]) == key:
                    return kept["weights"], kept["bias"], kept["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            pass  # absent, cut short or of another version: learned again below
    from sklearn.linear_model import LogisticRegression

    vectors = embedder.encode([_generic(text) for text in examples])
    model: Any = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000).fit(vectors, labels)
    weights, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own: two processes may learn at the same time.
        partial = cache.with_suffix(f".{os.getpid()}-{get_ident()}.npz")
        np.savez(partial, key=key, weights=weights, bias=bias, vectors=vectors)
        partial.replace(cache)
    return weights, bias, vectors


def _patterns(playbook: Playbook) -> list[re.Pattern[str]]:
    """What the identifiers that a playbook collects look like."""
    found = [field.pattern for field in playbook.collect if field.pattern]
    found += [_EMAIL for field in playbook.collect if field.type == "email"]
    return [re.compile(pattern, re.IGNORECASE) for pattern in found]


def _generic(message: str) -> str:
    """The message without its identifiers and figures, which say nothing about its kind."""
    rest = " ".join(_IDENTIFIER.sub(" ", message).split())
    return rest if len(rest.split()) >= 2 else message


def _words(text: str) -> str:
    """The stems of all words, each between spaces."""
    return f" {' '.join(map(stem, words(text)))} "


def _trigger(text: str) -> re.Pattern[str]:
    """The trigger's words in their order, with at most two others between one and the next."""
    gap = r" (?:\S+ ){0,2}"
    return re.compile(" " + gap.join(re.escape(word) for word in _words(text).split()) + " ")
