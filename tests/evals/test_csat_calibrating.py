"""Calibration on ratings: it finds what is there, nothing where nothing is, and keeps what it found."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.errors import KitError, TooLittle
from kit.evals import CsatModel, CsatScorer, calibrate
from kit.evals.csat import read_talk
from kit.evals.csat.agreement import agreement, krippendorff, spearman
from kit.evals.csat.calibrating import Calibration, read_rated
from kit.evals.csat.figures import auc, calibration_error, figure
from kit.evals.csat.fitting import rows_of
from tests.conftest import Run
from tests.evals.simulated import conversations, write


def figures(done: Calibration) -> dict[str, float]:
    return {one.name: one.value for one in done.figures if one.value is not None}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    return calibrate(write(tmp_path_factory.mktemp("csat") / "rated.jsonl", conversations(80, people=3)), None)


def muddled(dissatisfied: Sequence[dict[str, Any]], turns: Sequence[dict[str, str]]) -> tuple[list[float], list[float]]:
    """The chances of the replies that brought the word which costs two points, and of the others."""
    found: tuple[list[float], list[float]] = ([], [])
    for judged in dissatisfied:
        place = judged["index"]
        if turns[place]["role"] == "bot" and place + 1 < len(turns):
            found["muddle" not in turns[place + 1]["text"]].append(judged["dissatisfied"])
    return found


def test_it_learns_the_rule_behind_the_ratings(fitted: Calibration) -> None:
    """No list of the kit's knows the word, so the index does not see it, and the calibrated model must."""
    found = figures(fitted)
    assert found["spearman"] > 0.75 and found["auc"] > 0.9 and found["mae"] < 0.5
    assert abs(found["index_spearman"]) < 0.5
    assert found["chance_error"] < 0.1 and found["calibration_error"] < 0.3
    fresh = conversations(30, seed=9, people=3)
    scorer = CsatScorer(fitted.model)
    bad: list[float] = []
    good: list[float] = []
    for row in fresh:
        scored = scorer.score(row)
        assert scored["calibrated"] and 1 <= scored["csat"] <= 5
        some = muddled(scored["turns"], row["turns"])
        bad += some[0]
        good += some[1]
    assert np.mean(bad) > 0.6 and np.mean(good) < 0.25
    csat = np.array([CsatScorer(fitted.model).score(row)["csat"] for row in fresh])
    assert (spearman(csat, np.array([np.mean(row["rating"]) for row in fresh])) or 0) > 0.7


def test_where_nothing_explains_the_ratings_it_finds_nothing(tmp_path: Path) -> None:
    """Were a fold known to the model that is judged on it, this would show."""
    seen = [
        figures(calibrate(write(tmp_path / f"{seed}.jsonl", conversations(60, seed=seed, shuffled=True)), None))
        for seed in range(3)
    ]
    assert abs(np.mean([one["spearman"] for one in seen if "spearman" in one])) < 0.2
    assert abs(np.mean([one["auc"] for one in seen]) - 0.5) < 0.1


@pytest.mark.parametrize(
    ("rate", "whole", "sides", "least"),
    [
        ("customer", True, ("customer",), 0.5),
        ("reply", False, ("reply",), 0.7),
        ("none", True, ("reply",), 0.3),  # which turn it was has to be inferred
    ],
)
def test_ratings_stand_where_people_put_them(
    tmp_path: Path, rate: str, whole: bool, sides: tuple[str, ...], least: float
) -> None:
    done = calibrate(write(tmp_path / "rated.jsonl", conversations(60, rate=rate, whole=whole, people=3)), None)
    assert done.model.sides == sides
    found = figures(done)
    assert found["spearman"] > least
    if rate == "none":
        assert "auc" not in found  # no turn was rated, so none can be judged
    else:
        assert found["auc"] > 0.9
    row = conversations(1, seed=5)[0]
    scored = CsatScorer(done.model).score(row)
    # The first message judges no reply; it is judged only if such turns were rated.
    assert (scored["turns"][0]["index"] == 0) is (rate == "customer")


def test_a_mix_of_rated_turns_and_rated_wholes() -> None:
    talks = [
        read_talk({"id": "a", "turns": [{"role": "user", "text": "x"}, {"role": "bot", "text": "y", "rating": 2}]}),
        read_talk({"id": "b", "turns": [{"role": "user", "text": "x"}, {"role": "bot", "text": "y"}], "rating": 5}),
    ]
    rows = rows_of(talks)
    assert rows.places == ((0, 1), (1, 1)) and rows.means.tolist() == [2, 5]
    assert rows.own.tolist() == [True, False] and rows.low.tolist() == [1, 0]


def test_a_model_is_kept_as_json(fitted: Calibration, tmp_path: Path) -> None:
    path = tmp_path / "csat.json"
    fitted.model.save(path)
    assert json.loads(path.read_text(encoding="utf-8"))["conversations"] == 80
    talks = [read_talk(row) for row in conversations(5, seed=3)]
    assert CsatModel.load(path).judge(talks) == fitted.model.judge(talks)
    path.write_text(path.read_text(encoding="utf-8").replace('"version":1', '"version":2'), encoding="utf-8")
    with pytest.raises(KitError, match=r"`version`.*Calibrate again"):
        CsatModel.load(path)


def test_batches_change_nothing(fitted: Calibration) -> None:
    rows: list[dict[str, Any]] = [*conversations(6, seed=4), {"id": "x", "turns": [3]}, *conversations(3, seed=5)]
    together = CsatScorer(fitted.model, coming=rows)
    for row in rows:
        if row["id"] == "x":
            with pytest.raises(KitError, match="Turn 0"):
                together.score(row)
        else:
            assert together.score(row) == CsatScorer(fitted.model).score(row)


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLittle, match="29 of 29 conversations are rated; fewer than 30"):
        calibrate(write(tmp_path / "few.jsonl", conversations(29)), None)
    same = [{**row, "rating": 4} for row in conversations(40, rate="none")]
    with pytest.raises(TooLittle, match="All 40 conversations are rated 4"):
        calibrate(write(tmp_path / "same.jsonl", same), None)
    assert TooLittle.exit_code == 3


def test_bad_files_name_the_line(tmp_path: Path) -> None:
    good = conversations(2)
    path = write(tmp_path / "rated.jsonl", [*good, {**good[0], "rating": 9}])
    with pytest.raises(KitError, match="ratings go from 1 to 5") as caught:
        read_rated(path)
    assert (caught.value.line, caught.value.path) == (3, path)
    with pytest.raises(KitError, match="There is a conversation `s0` already"):
        read_rated(write(path, [*good, good[0]]))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(KitError, match="This is not JSON"):
        read_rated(path)
    with pytest.raises(KitError, match="cannot be read"):
        read_rated(tmp_path / "none.jsonl")


# Figures


def test_agreement_of_raters() -> None:
    # The example of Krippendorff (2011), "Computing Krippendorff's alpha-reliability", with four people.
    table = [
        [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1],
        [2, 2, 2, 2], [5, 5, 5], [1, 1],
    ]  # fmt: skip
    assert krippendorff(table) == pytest.approx(0.849, abs=0.0005)
    assert krippendorff([[3, 3], [3, 3]]) is None
    found = agreement([[1, 2, 1], [3, 3, 4], [5, 4, 5], [2, 2, 2], [4]])
    assert found is not None and found.n == 4 and (found.one_against_rest or 0) > 0.9
    assert agreement([[1], [2], []]) is None


def test_figures_against_scipy_and_sklearn() -> None:
    from scipy.stats import spearmanr
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(0)
    one, other = random.integers(1, 6, 60).astype(float), random.integers(1, 6, 60).astype(float)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert auc(one, other > 3) == pytest.approx(roc_auc_score(other > 3, one))
    assert auc(one, other > 9) is None and spearman(one, np.ones(60)) is None
    assert calibration_error(one, one + 0.5) == pytest.approx(0.5)


def test_intervals_draw_whole_conversations() -> None:
    random = np.random.default_rng(1)
    clusters = np.repeat(np.arange(40), 10)
    values = np.repeat(random.normal(0, 1, 40), 10)

    def width(groups: Any) -> float:
        low, high = figure("", "", lambda drawn: float(values[drawn].mean()), groups).interval
        assert low is not None and high is not None
        return high - low

    # Ten rows that are one and the same say no more than one: √10 times the width of rows on their own.
    assert width(clusters) / width(np.arange(400)) == pytest.approx(10**0.5, rel=0.25)


# Commands


@pytest.fixture
def space(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "kit.toml").write_text('name = "Shop"\n', encoding="utf-8")
    return tmp_path / "shop"


def test_from_ratings_to_csat(kit: Run, space: Path, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = conversations(5, seed=7)
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": "bad", "turns": 3}\n', encoding="utf-8")
    before = kit("csat", "--from", source, "-w", space)
    assert before.returncode == 0 and "is no CSAT" in before.stderr
    first = [json.loads(line) for line in before.stdout.splitlines()]
    assert [line["id"] for line in first] == [*(row["id"] for row in rows), "bad"]
    assert first[-1] == {"id": "bad", "error": "line 6: there is no list under `turns`"}
    assert "csat" not in first[0]

    few = kit("calibrate", "--csat", write(tmp_path / "few.jsonl", conversations(8)), "-w", space)
    assert few.returncode == 3 and "8 of 8 conversations are rated" in few.stderr
    assert not (space / "evals" / "csat.json").exists()

    rated = write(tmp_path / "rated.jsonl", conversations(40, people=3))
    done = kit("calibrate", "--csat", rated, "-w", space)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Fitted to 40 rated conversations" in done.stdout and "Krippendorff's alpha" in done.stdout
    assert "Spearman of TF-IDF with ridge" in done.stdout

    after = kit("csat", "--from", source, "-o", output, "-w", space)
    assert after.returncode == 0 and "is no CSAT" not in after.stderr
    second = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert list(second[0]) == ["id", "index", "csat", "calibrated", "turns", "signals"]
    assert second[0]["index"] == first[0]["index"] and 1 <= second[0]["csat"] <= 5


def test_what_is_missing_is_said(kit: Run, space: Path) -> None:
    assert "kit csat --from in.jsonl" in kit("csat", "-w", space).stderr
    (space / "evals").mkdir()
    (space / "evals" / "csat.json").write_text("{}", encoding="utf-8")
    row = {"turns": [{"role": "user", "text": "hi"}]}
    broken = kit("csat", "--from", write(space / "in.jsonl", [row]), "-w", space)
    assert broken.returncode == 2 and "This is no CSAT model" in broken.stderr


def test_the_rated_dialogues() -> None:
    talks = read_rated(Path(__file__).with_name("rated.jsonl"))
    assert len(talks) >= 60 and sum(talk.id.startswith("held-") for talk in talks) == 32
    assert all(turn.ratings for talk in talks for turn in talk.turns if turn.side == "reply")
    assert all(talk.ratings and 3 <= len(talk.turns) <= 10 for talk in talks)
