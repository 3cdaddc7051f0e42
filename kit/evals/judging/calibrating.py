"""Holds a judge against people's labels."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import TooLittle
from kit.evals.csat import spearman
from kit.evals.judging.agreeing import CUT, alpha, difference, kappa, mean_bias
from kit.evals.judging.judge import Judge, JudgeFailure
from kit.evals.judging.labels import Labelled, read_labels
from kit.evals.judging.standing import JudgeAgreement, JudgeBias
from kit.evals.metrics import Tools
from kit.evals.metrics.judged import Judged, Sample, judged_metrics
from kit.progress import Progress
from kit.text import digest, words

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["FEWEST", "calibrate_judge"]

FEWEST = 20
AT_ONCE = 4
# A metric whose value hangs on the order of the passages says nothing of a judge's own liking for an order.
_RANKS = {"context_precision"}


@dataclass(frozen=True)
class _Pair:
    """A label with what the judge says of the same; `swapped` with the passages in reverse."""

    row: Labelled
    score: float
    swapped: float | None


def calibrate_judge(
    path: Path, judge: Judge, *, embedder: "Embeddings | None" = None, progress: Progress | None = None
) -> tuple[JudgeAgreement, ...]:
    """How far people agree with a judge, for each metric that they labelled.

    Args:
        path: the labels, JSON lines; see `Labelled`.
        judge: the judge.
        embedder: for the metrics that need one.
        progress: told after every label.

    Raises:
        KitError: the file is not right.
        TooLittle: a metric has too few labels, or the judge gave too few judgements on it.
    """
    metrics = judged_metrics()
    labels = read_labels(path, shown={name: frozenset(one.shown.values()) for name, one in metrics.items()})
    for name, rows in labels.items():
        _check(path, name, len(rows), "")
    done, total = 0, sum(map(len, labels.values()))

    def tell() -> None:
        nonlocal done
        done += 1
        if progress:
            progress("judging", done, total)

    found = []
    for name, rows in labels.items():
        metric = metrics[name](Tools(embedder=embedder, judge=judge))
        pairs, failures = asyncio.run(_judged(metric, rows, tell))
        _check(path, name, len(pairs), failures[0] if failures else "")
        found.append(_agreement(metric, judge, pairs, failed=len(failures), data=digest(path.read_bytes())[:16]))
    return tuple(found)


def _check(path: Path, metric: str, n: int, why: str) -> None:
    if n < FEWEST:
        remedy = f"At least {FEWEST} are needed.{f' The first failure: {why}' if why else ''}"
        what = "judgements" if why else "labels"
        raise TooLittle(f"There are only {n} {what} for `{metric}`.", path=path, remedy=remedy)


async def _judged(metric: Judged, rows: Sequence[Labelled], tell: Callable[[], None]) -> tuple[list[_Pair], list[str]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(row: Labelled) -> _Pair | str:
        sample = Sample(row.question, row.answer, row.reference, row.passages)
        swap = len(row.passages) > 1 and "passages" in metric.shown.values() and metric.name not in _RANKS
        async with gate:
            try:
                score = await metric.ask(sample)
                back = Sample(row.question, row.answer, row.reference, row.passages[::-1])
                swapped = await metric.ask(back) if swap else None
            except (JudgeFailure, ValueError) as error:
                return str(error)
            finally:
                tell()
        # ragas gives no number where the judge finds no statement in a text.
        return _Pair(row, score, swapped) if score == score else "The judge found nothing to judge."  # noqa: PLR0124

    found = await asyncio.gather(*map(one, rows))
    return [one for one in found if isinstance(one, _Pair)], [one for one in found if isinstance(one, str)]


def _agreement(metric: Judged, judge: Judge, pairs: Sequence[_Pair], *, failed: int, data: str) -> JudgeAgreement:
    judged, people = [pair.score for pair in pairs], [pair.row.people for pair in pairs]
    above = [one - other for one, other in zip(judged, people, strict=True)]
    swaps = [(pair.score, pair.swapped) for pair in pairs if pair.swapped is not None]
    agreed, interval = kappa(judged, people)
    own = [diff for pair, diff in zip(pairs, above, strict=True) if pair.row.by == judge.name]
    others = [diff for pair, diff in zip(pairs, above, strict=True) if pair.row.by not in ("", judge.name)]
    return JudgeAgreement(
        model=judge.name,
        metric=metric.name,
        prompt=metric.judged_by.prompt,
        data=data,
        n=len(pairs),
        failed=failed,
        kappa=agreed,
        kappa_low=interval.low,
        kappa_high=interval.high,
        alpha=alpha([(pair.score, *pair.row.labels) for pair in pairs]),
        people=alpha([pair.row.labels for pair in pairs]),
        bias=mean_bias(above),
        position=mean_bias([back - forth for forth, back in swaps]) if swaps else JudgeBias(),
        flips=sum((one >= CUT) != (two >= CUT) for one, two in swaps) / len(swaps) if swaps else None,
        length=_length(pairs, above),
        own=difference(own, others),
    )


def _length(pairs: Sequence[_Pair], above: Sequence[float]) -> float | None:
    import numpy as np

    lengths = np.array([len(words(pair.row.answer)) for pair in pairs], dtype=np.float64)
    return spearman(lengths, np.array(above, dtype=np.float64))
