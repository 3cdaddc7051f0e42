"""How well the calibrated CSAT model and the index follow ratings, beside TF-IDF with ridge in the same run; and speed.

tests/evals/rated.jsonl holds short dialogues that we wrote and rated ourselves. Those called `held-` were written and
committed before there was any code to tune; the rest may be looked at. Few as they are, rated by those who wrote them,
and these the same who wrote the patterns of kit/evals/csat/wording.py, they flatter the index; they show that the
machinery works. What it reaches on customers' ratings only customers' ratings can show.
"""

import json
import time
from pathlib import Path

import numpy as np

from kit.evals.csat import CsatScorer, read_signals
from kit.evals.csat.agreement import spearman
from kit.evals.csat.calibrating import calibrate, read_rated
from kit.evals.csat.figures import CsatFigure, auc, figure, mean_error
from kit.evals.csat.fitting import LOW, folds_of, reaction_seen, rows_of
from kit.evals.csat.peer import talk_texts, turn_texts, words_ridge
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder

__all__ = ["run"]

RATED = Path(__file__).parents[1] / "evals" / "rated.jsonl"


def run() -> None:
    """Print the tables."""
    embedder = load_embedder("packaged", cache=cache_folder())
    talks = read_rated(RATED)
    _held(embedder, [talk.id.startswith("held-") for talk in talks])
    print(f"\nCSAT: all {len(talks)} dialogues, each judged by a model fitted without it")
    _show(calibrate(RATED, embedder).figures)
    _speed()


def _held(embedder: Embedder, is_held: list[bool]) -> None:
    talks, held = read_rated(RATED), np.flatnonzero(is_held)
    opened = np.flatnonzero(~np.array(is_held))
    scratch = cache_folder() / "bench-csat.jsonl"
    lines = RATED.read_text(encoding="utf-8").splitlines()
    scratch.write_text("".join(lines[int(row)] + "\n" for row in opened), encoding="utf-8")
    model = calibrate(scratch, embedder).model
    scratch.unlink()
    judged = model.judge([talks[int(row)] for row in held], embedder.encode)
    ratings = np.array([talk.rating for talk in talks], dtype=np.float64)
    given, alone = ratings[held], np.arange(len(held))
    csat = np.array([one.csat for one in judged])
    index = np.array([read_signals(talks[int(row)]).index for row in held])
    groups = folds_of(ratings)
    peer = words_ridge(talk_texts(talks), ratings, train=opened, test=held, groups=groups)

    rows = rows_of(talks)
    of_held = np.isin(rows.talks, held)
    seen = np.array([reaction_seen(talks[talk].views[place]) for talk, place in rows.places])
    test = np.flatnonzero(of_held & seen)
    words = -words_ridge(
        turn_texts(talks, rows.places), rows.means, train=np.flatnonzero(~of_held), test=test, groups=groups[rows.talks]
    )
    order = {int(talk): place for place, talk in enumerate(held)}
    chances = np.array([judged[order[rows.places[row][0]]].dissatisfied[rows.places[row][1]] for row in test])
    by_index = -np.array(
        [read_signals(talks[rows.places[row][0]]).turns[rows.places[row][1]] for row in test], dtype=np.float64
    )
    low, clusters = rows.means[test] <= LOW, rows.talks[test]
    print(f"\nCSAT: fitted to the {len(opened)} open dialogues, judged on the {len(held)} held ones")
    _show(
        (
            figure("", "Spearman of the calibrated model", lambda drawn: spearman(csat[drawn], given[drawn]), alone),
            figure("", "Spearman of the index", lambda drawn: spearman(index[drawn], given[drawn]), alone),
            figure("", "Spearman of TF-IDF with ridge", lambda drawn: spearman(peer[drawn], given[drawn]), alone),
            figure("", "mean absolute error, model", lambda drawn: mean_error(csat[drawn], given[drawn]), alone),
            figure("", "mean absolute error, TF-IDF", lambda drawn: mean_error(peer[drawn], given[drawn]), alone),
            figure("", "AUC of dissatisfied turns, model", lambda drawn: auc(chances[drawn], low[drawn]), clusters),
            figure("", "AUC of dissatisfied turns, index", lambda drawn: auc(by_index[drawn], low[drawn]), clusters),
            figure("", "AUC of dissatisfied turns, TF-IDF", lambda drawn: auc(words[drawn], low[drawn]), clusters),
        )
    )


def _show(figures: tuple[CsatFigure, ...]) -> None:
    for one in figures:
        low, high = one.interval
        interval = "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
        print(f"  {one.title:<46}{'–' if one.value is None else f'{one.value:.3f}':>7}   {interval:<18}n = {one.n}")


def _speed() -> None:
    lines = [json.loads(line) for line in RATED.read_text(encoding="utf-8").splitlines()]
    turns = [turn for line in lines for turn in line["turns"]]
    random = np.random.default_rng(0)
    rows = []
    for number in range(1000):
        start = int(random.integers(0, len(turns) - 20))
        some = [{**turn, "text": f"{turn['text']} ({number})"} for turn in turns[start : start + 20]]
        rows.append({"id": str(number), "turns": some})
    scorer, began = CsatScorer(), time.perf_counter()
    for row in rows:
        scorer.score(row)
    print(f"\nCSAT: the index of 1,000 dialogues of 20 turns: {time.perf_counter() - began:.1f} s")
