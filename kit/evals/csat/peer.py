"""What a calibrated model has to beat: TF-IDF and ridge regression, on the same folds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.evals.csat.ridge import FOLDS
from kit.evals.csat.transcript import Spoken, Talk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["peer_talks", "peer_turns", "talk_texts", "turn_texts", "words_ridge"]

_PENALTIES = [0.3, 1.0, 3.0, 10.0]


def peer_talks(talks: Sequence[Talk], ratings: "Floats", folds: "Ints") -> "Floats":
    """Ratings predicted from the words of each conversation, by a model without its fold."""
    return _predicted(talk_texts(talks), ratings, folds)


def talk_texts(talks: Sequence[Talk]) -> list[list[str]]:
    """What the customer said, and what was replied."""
    return [
        ["\n".join(turn.text for turn in talk.turns if turn.side == side) for talk in talks]
        for side in ("customer", "reply")
    ]


def peer_turns(talks: Sequence[Talk], places: Sequence[tuple[int, int]], ratings: "Floats", folds: "Ints") -> "Floats":
    """Ratings of turns predicted from the words of reply and reaction, by a model without their fold."""
    return _predicted(turn_texts(talks, places), ratings, folds)


def turn_texts(talks: Sequence[Talk], places: Sequence[tuple[int, int]]) -> list[list[str]]:
    """Reactions and replies."""
    views = [talks[talk].views[place] for talk, place in places]
    return [[_text(view.reaction) for view in views], [_text(view.reply) for view in views]]


def _text(turn: Spoken | None) -> str:
    return "" if turn is None else turn.text


def _predicted(columns: Sequence[Sequence[str]], ratings: "Floats", folds: "Ints") -> "Floats":
    found = np.empty(len(ratings))
    for fold in range(FOLDS):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        found[test] = words_ridge(columns, ratings, train=train, test=test, groups=folds)
    return found


def words_ridge(
    columns: Sequence[Sequence[str]], ratings: "Floats", *, train: "Ints", test: "Ints", groups: "Ints"
) -> "Floats":
    """TF-IDF of one and two words for each column of texts, and ridge regression on them.

    Args:
        columns: each with one text a row.
        ratings: of each row.
        train: the rows to learn from.
        test: the rows to predict.
        groups: rows of one group stay together when the penalty is chosen.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV, GroupKFold

    parts: tuple[list[Any], list[Any]] = ([], [])
    for texts in columns:
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"[^\W_]+|[?!]")
        try:
            parts[0].append(vectorizer.fit_transform([texts[int(row)] for row in train]))
        except ValueError:  # Not one word occurs twice.
            continue
        parts[1].append(vectorizer.transform([texts[int(row)] for row in test]))
    if not parts[0]:
        return np.full(len(test), ratings[train].mean())
    ridge, penalties = Ridge(solver="sparse_cg"), {"alpha": _PENALTIES}
    search = GridSearchCV(ridge, penalties, cv=GroupKFold(4), scoring="neg_mean_squared_error")
    search.fit(hstack(parts[0]).tocsr(), ratings[train], groups=groups[train])
    return np.asarray(search.predict(hstack(parts[1]).tocsr()), dtype=np.float64)
