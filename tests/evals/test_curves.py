"""Figures over a whole run: risk against coverage, and several tries."""

from typing import Any

import numpy as np
import pytest

from kit.evals import RUN_REGISTRY, Record, risk_coverage, summarise
from kit.evals.metrics.curves import curve_of, would_be_wrong
from tests.scripted import case, handoff, reply, transcript


def curve(*pairs: tuple[float, int], weights: list[float] | None = None) -> tuple[Any, Any]:
    confidences, losses = np.array(pairs, dtype=np.float64).T
    found = curve_of(confidences, losses, np.array(weights or [1.0] * len(pairs)))
    return found.aurc, found.augrc


def test_areas_against_their_definitions() -> None:
    """AURC is the mean of the risks among the surest i, AUGRC that of wrong answers among them over all."""
    random = np.random.default_rng(5)
    confidences, losses = random.random(50), (random.random(50) < 0.3).astype(np.float64)
    wrong = np.cumsum(losses[np.argsort(-confidences)])
    found = curve_of(confidences, losses, np.ones(50))
    assert found.aurc == pytest.approx(float(np.mean(wrong / np.arange(1, 51))))
    assert found.augrc == pytest.approx(float(np.mean(wrong / 50)))
    assert found.coverage[-1] == pytest.approx(1) and found.risk[-1] == pytest.approx(losses.mean())


def test_areas_of_the_best_and_the_worst() -> None:
    assert curve((0.9, 0), (0.8, 0)) == (0, 0)
    assert curve((0.9, 1), (0.8, 1)) == (1, pytest.approx(0.75))
    best, worst = curve((0.9, 0), (0.1, 1)), curve((0.9, 1), (0.1, 0))
    assert best < worst and best == (0.25, 0.25) and worst == (0.75, 0.5)


def test_ties_are_answered_together() -> None:
    assert curve((0.5, 1), (0.5, 0)) == curve((0.5, 0), (0.5, 1)) == (0.5, 0.5)


def test_a_weight_is_as_many_cases() -> None:
    assert curve((0.9, 1), (0.1, 0), weights=[2, 1]) == pytest.approx(curve((0.9, 1), (0.9, 1), (0.1, 0)))


def record(expect: str, confidence: float | None, *, tried: int = 1, name: str = "c", right: bool = True) -> Record:
    one = case(expect, **({"articles": ["a"]} if expect == "answer" else {})).model_copy(
        update={"id": name, "cluster": name}
    )
    said = reply("x", "answered", "a" if right else "b", confidence=confidence)
    return Record(suite="s", case=one, tried=tried, transcript=transcript(said))


def test_what_would_be_wrong() -> None:
    assert would_be_wrong(record("answer", 0.9)) == (0.9, 0)
    assert would_be_wrong(record("answer", 0.9, right=False)) == (0.9, 1)
    assert would_be_wrong(record("hand_off", 0.9)) == (0.9, 1)
    assert would_be_wrong(record("answer", None)) is None
    assert [would_be_wrong(one) for one in (record("answer", 0.2).model_copy(update={"transcript": None}),)] == [None]
    held = record("answer", 0.2).model_copy(update={"transcript": transcript(handoff(confidence=0.2))})
    for found, loss in (("a#3", 0), ("b#1", 1)):
        said = transcript(handoff(confidence=0.2)).model_copy(update={"retrieved": (found, "a#1")})
        assert would_be_wrong(held.model_copy(update={"transcript": said})) == (0.2, loss)
    assert would_be_wrong(held) is None  # nothing was found, or noted


def test_run_figures() -> None:
    records = [
        record("answer", 0.9, name="a"),
        record("answer", 0.5, right=False, name="b"),
        record("decline", None, name="d"),
    ]
    figure = summarise("run", records).overall.figure("aurc")
    assert figure is not None and figure.kind == "run" and (figure.n, figure.unscored) == (2, 1)
    assert figure.value == pytest.approx(0.25)
    assert figure.low is not None and figure.high is not None and figure.low <= 0.25 <= figure.high
    found = risk_coverage(records)
    assert found is not None and list(found.thresholds) == [0.9, 0.5] and list(found.risk) == [0, 0.5]
    assert risk_coverage(records[2:]) is None
    none = summarise("run", records[2:]).overall.figure("augrc")
    assert none is not None and none.value is None and none.unscored == 1


def test_tags_have_no_run_figures() -> None:
    one = record("answer", 0.9)
    tagged = one.model_copy(update={"case": one.case.model_copy(update={"tags": ("t",)})})
    summary = summarise("run", [tagged])
    assert summary.tags[0].figure("aurc") is None and summary.suites[0].figure("aurc") is not None
    assert summary.tags[0].figure("deflection") is not None


def test_an_area_has_an_interval_that_follows_the_seed() -> None:
    random = np.random.default_rng(1)
    records = [
        record("answer", float(random.random()), right=bool(random.random() < 0.7), name=f"c{i}") for i in range(40)
    ]
    one, again = (RUN_REGISTRY["aurc"].over(records, seed=3) for _ in range(2))
    assert one == again and one.low is not None and one.high is not None and one.value is not None
    assert one.low < one.value < one.high
    # All of one article: a single cluster cannot say how it spreads.
    alone = [one.model_copy(update={"case": one.case.model_copy(update={"cluster": "x"})}) for one in records]
    assert RUN_REGISTRY["aurc"].over(alone).low is None


def test_pass_k_over_a_run() -> None:
    tries = [record("answer", 0.9, name="a", tried=t, right=t != 2) for t in (1, 2, 3)]
    tries += [record("answer", 0.9, name="b", tried=t) for t in (1, 2, 3)]
    short = [record("answer", 0.9, name="c", tried=t) for t in (1, 2)]
    found = RUN_REGISTRY["pass_k"].over([*tries, *short])
    assert (found.value, found.n, dict(found.causes)) == (0.5, 2, {"has fewer than 3 tries": 1})
    once = RUN_REGISTRY["pass_k"].over(tries[:1])
    assert (once.value, dict(once.causes)) == (None, {"was tried once": 1})
    assert RUN_REGISTRY["pass_k"].over([]).value is None


def test_the_same_id_in_two_suites_is_two_cases() -> None:
    one, other = record("answer", 0.9), record("answer", 0.9).model_copy(update={"suite": "t"})
    assert dict(RUN_REGISTRY["pass_k"].over([one, other]).causes) == {"was tried once": 2}


def test_within_variance_over_a_run() -> None:
    mixed = [record("answer", 0.9, name="a", tried=t, right=t == 1) for t in (1, 2)]
    stable = [record("answer", 0.9, name="b", tried=t) for t in (1, 2)]
    found = RUN_REGISTRY["within_variance"].over([*mixed, *stable])
    assert found.n == 2 and found.value is not None and 0 < found.value <= 1
    same = RUN_REGISTRY["within_variance"].over([*stable, *(one.model_copy(update={"suite": "t"}) for one in stable)])
    assert same.value is None and dict(same.causes) == {"every try of every case is the same": 2}
    assert dict(RUN_REGISTRY["within_variance"].over(stable[:1]).causes) == {"was tried once": 1}
