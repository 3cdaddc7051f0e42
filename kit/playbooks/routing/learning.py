"""Learns to tell the kinds apart, or takes from the cache what was learned."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, get_ident
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder
from kit.playbooks.routing import calibration, regression
from kit.playbooks.routing.calibration import Calibration, calibrate
from kit.playbooks.routing.examples import KNOWLEDGE, Example
from kit.playbooks.routing.regression import Coefficients, balanced, fit
from kit.playbooks.routing.route import Kind
from kit.text import EMAIL, digest

__all__ = ["EMAILS", "Learned", "learn"]

Matrix = NDArray[np.float32]

# Raised whenever something is learned in another way, so that what older versions have kept is learned again.
_FORMAT = "2"
# What the layers count beside the sentence vector: the middle of the model, the greatest and the least at its end.
LAYERS = (1.0, 0.8, 0.5, 0.5)
# One of the kit's own examples that is this like one of a playbook's is left out: that is not off topic here.
CLAIMED = 0.7

_ONE_THING = ("greeting", "thanks", "goodbye")
# How much of what customers write is thought to be for no playbook: with a help centre behind them most of it.
WITH_TOPICS, WITHOUT = 0.85, 0.1
# The limit is the whole process's, so one learns at a time.
_ONE = Lock()

EMAILS = rf"{EMAIL}|<EMAIL_\d+>"
_IDENTIFIER = re.compile(rf"{EMAILS}|\b[A-Za-z-]{{0,20}}\d[\w-]*")


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned from the examples.

    Attributes:
        vectors: the examples' sentence vectors; shape (examples, dimension).
        kinds: what there is to tell apart.
        owners: for each example the place of its kind, -1 if it was left out.
        centre: the mean of the examples' layers; shape (layers, dimension).
        model: the regression.
        calibrated: what makes probabilities of its odds.
    """

    vectors: Matrix
    kinds: Sequence[Kind]
    owners: NDArray[np.int64]
    centre: Matrix
    model: Coefficients
    calibrated: Calibration

    def read(self, message: str, embedder: Embedder) -> tuple[NDArray[np.float64], Matrix]:
        """The probability of each kind, and the message's sentence vector.

        What is like no example at all is taken for a question to the knowledge base.
        """
        layers = embedder.encode_layers([generic(message)])
        odds = self.model.odds(features(layers, self.centre))
        place = self.kinds.index(KNOWLEDGE)
        bounded = self.calibrated.shares(np.delete(odds, place, axis=1), odds[:, place])[0]
        shares = np.insert(bounded, place, 1.0 - bounded.sum())
        return shares, layers[0, 0]


def learn(examples: Sequence[Example], embedder: Embedder, cache: Path | None) -> Learned:
    """Learn from the examples; from `cache` if the same was learned before.

    Args:
        examples: at least one of a kind other than the knowledge base.
        embedder: what makes vectors of them.
        cache: the file to keep it in.
    """
    kinds: list[Kind] = list(dict.fromkeys((*(example.kind for example in examples), KNOWLEDGE)))
    settings = map(
        str,
        (
            _FORMAT,
            regression.STRENGTH,
            regression.STEPS,
            regression.OPEN,
            calibration.FOLDS,
            WITH_TOPICS,
            WITHOUT,
            LAYERS,
            CLAIMED,
        ),
    )
    said = (part for example in examples for part in (example.text, *map(str, example.kind), example.origin))
    key = digest(embedder.fingerprint, *settings, *said)[:16]
    arrays = _kept(cache, key)
    if arrays is None:
        arrays = _learned(examples, kinds, embedder)
        if cache is not None:
            _keep(cache, key, arrays)
    return Learned(
        arrays["vectors"],
        kinds,
        arrays["owners"],
        arrays["centre"],
        Coefficients(arrays["weights"], arrays["bias"]),
        Calibration(*map(float, arrays["calibrated"])),
    )


def features(layers: Matrix, centre: Matrix) -> Matrix:
    """One row for each text: its sentence vector, and beside it the other layers without what all texts share."""
    moved = layers[:, 1:] - centre[1:]
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-9
    moved *= np.array(LAYERS[1 : layers.shape[1]], dtype=np.float32)[:, None]
    return np.concatenate((layers[:, 0], moved.reshape(len(layers), -1)), axis=1)


def generic(message: str) -> str:
    """The message without its identifiers and figures, which say nothing about its kind."""
    rest = " ".join(_IDENTIFIER.sub(" ", message).split())
    return rest if len(rest.split()) >= 2 else message


def _learned(examples: Sequence[Example], kinds: Sequence[Kind], embedder: Embedder) -> dict[str, NDArray[Any]]:
    layers = embedder.encode_layers([generic(example.text) for example in examples])
    owners = np.array([kinds.index(example.kind) for example in examples], dtype=np.int64)
    owners[_claimed(examples, layers[:, 0])] = -1
    taken = owners >= 0
    centre = layers[taken].mean(axis=0)
    rows, present = features(layers[taken], centre), np.unique(owners[taken])
    labels = np.searchsorted(present, owners[taken])
    place = kinds.index(KNOWLEDGE)
    open_kind = int(np.searchsorted(present, place)) if place in present else None
    said = np.array([example.origin in ("said", "own", "excluded") for example in examples])
    prior = WITH_TOPICS if any(example.origin == "topic" for example in examples) else WITHOUT
    from threadpoolctl import threadpool_limits

    # Several threads for one small product wait for each other: a hundred times slower on a busy machine.
    with _ONE, threadpool_limits(1, user_api="blas"):
        part = fit(rows, labels, balanced(labels, open_kind=open_kind))
        calibrated = np.array(calibrate(rows, labels, said=said[taken], open_kind=open_kind, prior=prior))
    # A kind whose examples were all left out is never chosen; the knowledge base needs none.
    weights = np.zeros((len(kinds), rows.shape[1]), dtype=np.float32)
    bias = np.full(len(weights), -1e4, dtype=np.float32)
    bias[place] = 0.0
    weights[present], bias[present] = part.weights, part.bias
    return {
        "vectors": layers[:, 0],
        "owners": owners,
        "centre": centre,
        "weights": weights,
        "bias": bias,
        "calibrated": calibrated,
    }


def _claimed(examples: Sequence[Example], vectors: Matrix) -> list[int]:
    """The places of the kit's own examples that a playbook claims. A person can be asked for all the same."""
    own = [row for row, one in enumerate(examples) if one.origin == "own" and one.kind[0] != "person"]
    theirs = [row for row, one in enumerate(examples) if one.origin == "said"]
    if not own or not theirs:
        return []
    like = (vectors[own] @ vectors[theirs].T).max(axis=1) >= CLAIMED
    claimed = {row for row, claims in zip(own, like, strict=True) if claims}
    # Who has a playbook for greetings wants it to greet, in whatever words.
    whole = {examples[row].kind for row in claimed if examples[row].kind[0] in _ONE_THING}
    return [row for row in own if row in claimed or examples[row].kind in whole]


def _kept(cache: Path | None, key: str) -> dict[str, NDArray[Any]] | None:
    if cache is None:
        return None
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["key"]) == key:
                names = ("vectors", "owners", "centre", "weights", "bias", "calibrated")
                return {name: kept[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        pass  # absent, cut short or of another version: learned again
    return None


def _keep(cache: Path, key: str, arrays: dict[str, Any]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: two processes may learn at the same time.
    partial = cache.with_suffix(f".{os.getpid()}-{get_ident()}.npz")
    np.savez(partial, key=key, **arrays)
    partial.replace(cache)
