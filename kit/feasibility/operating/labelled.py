"""The cases that say whether a search was right: what the confidence is fitted to and judged on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.assistant import FEATURES
from kit.evals import Case, Suite
from kit.knowledge import Found, Signals
from kit.progress import Progress
from kit.text import digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Labelled", "labelled", "labels_search", "rows_of"]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Cases with the signals of their searches.

    Attributes:
        values: the signals in the order of `FEATURES`; shape (cases, features).
        right: 1 where the first hit is an acceptable article; 0 where not, or where nothing answers; shape (cases,).
        groups: cases of a group are not independent; shape (cases,).
        weights: of the cases; shape (cases,).
        digest: changes when a case or its label does.
    """

    values: "Floats"
    right: "Floats"
    groups: "Ints"
    weights: "Floats"
    digest: str


def labels_search(case: Case) -> bool:
    """Whether a case says of one search whether it was right.

    Either it names the articles that answer its only question, or it says that nothing does: the assistant should
    decline, or pass to a person for want of knowledge.
    """
    nothing = case.expect == "decline" or "missing_knowledge" in case.reason
    return not case.turns and not case.playbook and (bool(case.articles) or nothing)


def labelled(suites: Iterable[Suite], find: Callable[[str], Found], *, progress: Progress | None = None) -> Labelled:
    """The cases of the suites that label a search, each searched for with `find`."""
    cases = [case for suite in suites for case in suite.cases if labels_search(case)]
    signals, right = list[Signals](), list[float]()
    for number, case in enumerate(cases, start=1):
        found = find(case.question)
        signals.append(found.signals)
        right.append(float(bool(found.hits) and found.hits[0].passage.article_id in case.articles))
        if progress is not None:
            progress("searching", number, len(cases))
    names = sorted({case.group for case in cases})
    return Labelled(
        values=rows_of(signals),
        right=np.array(right),
        groups=np.array([names.index(case.group) for case in cases], dtype=np.int64),
        weights=np.array([case.weight for case in cases], dtype=np.float64),
        digest=digest(*(case.model_dump_json() for case in cases)),
    )


def rows_of(signals: Iterable[Signals]) -> "Floats":
    """The signals as rows, in the order of `FEATURES`."""
    rows = [[getattr(one, name) for name in FEATURES] for one in signals]
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))
