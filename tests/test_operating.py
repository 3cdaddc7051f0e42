"""The operating point: what is fitted, how it is judged, what is certified, and what is kept."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.assistant import FEATURES, Calibrated, ConfidenceModel, OperatingPoint
from kit.errors import KitError, TooLittle
from kit.evals import Case
from kit.feasibility import calibrate
from kit.feasibility.operating import Fit, Labelled, auc, ece, fit, labels_search, operating_point, quality
from kit.feasibility.operating.fitting import cross_fitted, folds_of
from kit.feasibility.operating.points import fewest_certifiable, share_tail
from kit.reports import reliability_html, reliability_svg, reliability_text, write_reliability
from kit.workspace import Workspace
from tests.conftest import Run

Floats = NDArray[np.float64]
START = ConfidenceModel(intercept=-1.0, weights={"lead": 1.0, "ambiguity": -0.5}, fitted_on="a test")


def simulated(count: int = 400, *, groups: int = 200, seed: int = 0, steep: float = 2.0) -> Labelled:
    """Cases whose rightness follows a logistic model of two of the signals; the others are noise."""
    random = np.random.default_rng(seed)
    values = random.normal(0, 1, (count, len(FEATURES)))
    names = list(FEATURES)
    total = steep * values[:, names.index("lead")] - values[:, names.index("ambiguity")] + 0.5
    right = (random.random(count) < 1 / (1 + np.exp(-total))).astype(float)
    return Labelled(values, right, np.arange(count) % groups, np.ones(count), "a test")


def done(rows: Labelled, **changes: Any) -> Any:
    settings: dict[str, Any] = {"alpha": 0.1, "delta": 0.1, "bound": "learn-then-test", "threshold": 0.5}
    models: dict[str, Any] = {"embedder": "e", "reranker": "none", "corpus": "c"}
    return calibrate(rows, now=START, start=START, **models, **(settings | changes))


# The fit


def test_a_fit_finds_what_is_there_and_no_sign_that_makes_no_sense() -> None:
    rows = simulated(4000)
    found = fit(rows.values, rows.right, rows.weights, start=Fit.of(START), strength=1.0)
    weights = dict(zip(FEATURES, found.weights, strict=True))
    assert weights["lead"] == pytest.approx(2, abs=0.25) and weights["ambiguity"] == pytest.approx(-1, abs=0.2)
    assert all(weights[name] * sign >= 0 for name, sign in FEATURES.items())
    # What speaks the other way round is left out rather than believed.
    against = fit(-rows.values, rows.right, rows.weights, start=Fit.of(START), strength=0.1)
    names = list(FEATURES)
    assert against.weights[[names.index("lead"), names.index("ambiguity")]] == pytest.approx([0, 0], abs=1e-9)


def test_a_firm_fit_stays_where_it_starts_and_moves_only_the_base_rate() -> None:
    rows = simulated(200)
    found = fit(rows.values, np.zeros(200), rows.weights, start=Fit.of(START), strength=1e6)
    assert found.weights == pytest.approx(Fit.of(START).weights, abs=0.01)
    assert found.intercept < START.intercept - 2


def test_folds_keep_groups_together_and_are_about_as_large() -> None:
    groups = np.array([0] * 30 + list(range(1, 71)))
    folds = folds_of(groups)
    assert len(set(folds[:30])) == 1
    assert np.bincount(folds).tolist() == [30, 18, 18, 17, 17] or np.bincount(folds).max() == 30


def test_what_is_judged_was_not_seen() -> None:
    """Labels at random that all cases of a group share: what saw the group would know them."""
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(60), 5)
    values = random.normal(0, 1, (60, len(FEATURES)))[groups]
    right = (random.random(60) < 0.5).astype(float)[groups]
    found = cross_fitted(values, right, np.ones(300), groups, start=Fit.of(START))
    measured = auc(found, right)
    assert measured is not None and measured < 0.6


# Its quality


def test_the_figures_are_those_of_the_books() -> None:
    from sklearn.metrics import brier_score_loss, roc_auc_score

    random = np.random.default_rng(0)
    confidence = random.random(500)
    right = (random.random(500) < confidence).astype(float)
    judged = quality(confidence, right)
    assert judged.auc == pytest.approx(roc_auc_score(right, confidence))
    assert judged.brier == pytest.approx(brier_score_loss(right, confidence))
    # Drawn from its own confidence it is as well calibrated as chance allows.
    assert judged.ece == pytest.approx(judged.chance_ece, abs=0.025)
    assert auc(confidence, np.ones(500)) is None


def test_the_calibration_error_is_the_gap() -> None:
    assert ece(np.full(100, 0.95), np.array([1.0] * 65 + [0.0] * 35)) == pytest.approx(0.30)
    assert ece(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0.0


# The bound


def test_the_tail_is_the_binomial() -> None:
    from scipy.stats import binom

    for n, wrong, alpha in ((59, 0, 0.05), (200, 4, 0.05), (80, 7, 0.1)):
        assert share_tail(wrong / n, n, alpha) == pytest.approx(binom.cdf(wrong, n, alpha))
    assert share_tail(1.0, 10, 0.05) == 1.0
    assert fewest_certifiable(0.05, 0.05) == 59


def test_without_an_error_it_takes_59_answers_to_certify_5_percent() -> None:
    confidence, groups = np.linspace(1, 0.5, 60), np.arange(60)
    enough = operating_point(confidence[:59], np.ones(59), groups[:59], alpha=0.05, delta=0.05)
    assert enough.threshold is not None and (enough.answered, enough.wrong) == (59, 0)
    assert operating_point(confidence[:58], np.ones(58), groups[:58], alpha=0.05, delta=0.05).threshold is None
    # Fifty-nine answers about one article are not fifty-nine.
    alike = operating_point(confidence[:59], np.ones(59), groups[:59] // 4, alpha=0.05, delta=0.05)
    assert alike.threshold is None


def test_the_threshold_answers_what_it_says_and_stops_where_errors_begin() -> None:
    confidence = np.round(np.linspace(0.99, 0.2, 300), 4)
    right = np.array([1.0] * 200 + [0.0] * 100)
    point = operating_point(confidence, right, np.arange(300), alpha=0.05, delta=0.05)
    assert point.threshold is not None
    assert int((confidence >= point.threshold).sum()) == point.answered
    assert 200 <= point.answered <= 206 and point.wrong == point.answered - 200


@pytest.mark.parametrize("bound", ["learn-then-test", "risk-control"])
def test_the_bound_holds_as_often_as_it_says(bound: Any) -> None:
    """Over many sets of cases, judged by what is true of the population, which is known here."""
    random = np.random.default_rng(7)
    population = random.random(20_000)
    truth = (random.random(20_000) < population**0.5).astype(float)
    broken, risks = 0, []
    for _ in range(200):
        drawn = random.integers(0, 20_000, 200)
        point = operating_point(population[drawn], truth[drawn], np.arange(200), alpha=0.15, delta=0.1, bound=bound)
        answered = population >= (2.0 if point.threshold is None else point.threshold)
        wrong = float((answered & (truth == 0)).sum())
        risks.append(wrong / 20_000)
        broken += wrong > 0.15 * max(1, answered.sum())
    if bound == "risk-control":
        assert 0.05 < np.mean(risks) <= 0.15
    else:
        assert broken / 200 <= 0.1 + 0.05  # 0.1, and twice the error of 200 draws


def test_where_nothing_can_be_certified_it_says_so() -> None:
    found = done(simulated(120, steep=0.2), alpha=0.01)
    assert found.kept.point.threshold is None
    assert "No threshold can be certified" in found.bound and "everything is handed off" in found.bound


# The whole


def test_a_calibration_is_better_than_what_was_there_and_says_what_it_bounds() -> None:
    rows = simulated(600)
    rows = replace(rows, right=(np.random.default_rng(1).random(600) < 0.5 + 0.5 * rows.right * 0.9).astype(float))
    found = done(rows)
    assert found.after.brier < found.before.brier and found.after.ece < found.before.ece
    assert sum(bar.n for bar in found.bars_after) == 600
    found = done(simulated(600))
    assert found.kept.point.threshold is not None
    assert "With 90% certainty at most 10.0% of its answers" in found.bound
    assert "on average (conformal risk control)" in done(simulated(600), bound="risk-control").bound
    json.dumps(found.to_json())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (simulated(39), "39 cases"),
        (replace(simulated(60), right=np.ones(60)), "60 right and 0 wrong"),
        (simulated(80, groups=7), "on 7 articles"),
    ],
)
def test_too_little_is_said(rows: Labelled, said: str) -> None:
    with pytest.raises(TooLittle, match=said):
        done(rows)


def test_which_cases_say_that_a_search_was_right() -> None:
    def case(**fields: Any) -> Case:
        return Case(**({"id": "one", "question": "what?", "expect": "answer"} | fields))

    assert labels_search(case(articles=("a",)))
    assert labels_search(case(expect="hand_off", reason="missing_knowledge"))
    assert labels_search(case(expect="decline"))
    assert not labels_search(case())
    assert not labels_search(case(articles=("a",), playbook="refund"))
    assert not labels_search(case(question="", turns=("a", "b"), articles=("a",)))
    assert not labels_search(case(expect="hand_off", reason="customer_request"))


def test_the_diagram_in_letters_as_a_picture_and_as_a_page(tmp_path: Path) -> None:
    import xml.etree.ElementTree as ET

    found = done(simulated(600))
    text = reliability_text(found)
    assert (
        text.startswith("Before: ECE")
        and "After" in text
        and text.count(" right of ") == len(found.bars_before) + len(found.bars_after)
    )
    root = ET.fromstring(reliability_svg(found))
    circles = root.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(found.bars_before) + len(found.bars_after)
    page = reliability_html(found)
    assert "<script" not in page and "http://www.w3.org/2000/svg" in page and "Brier" in page
    write_reliability(found, tmp_path / "r.html")
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == page
    with pytest.raises(KitError, match=r"\.svg or \.html"):
        write_reliability(found, tmp_path / "r.png")


# What is kept


def kept(threshold: float | None = 0.7) -> Calibrated:
    point = OperatingPoint(bound="learn-then-test", alpha=0.05, delta=0.05, threshold=threshold, cases=100)
    return Calibrated(data="d", made_at="now", embedder="e", reranker="none", model=START, point=point)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    kept().save(tmp_path / "confidence.json")
    assert Calibrated.load(tmp_path / "confidence.json", embedder="e", reranker="none") == kept()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no calibration"),
        ("{", "no calibration"),
        ("{}", "`data`"),
        (kept().model_dump_json().replace('"version":1', '"version":2'), "`version`"),
        (kept().model_dump_json().replace('"lead":1.0', '"lead":-1.0'), "wrong sign"),
        (kept().model_dump_json().replace('"threshold":0.7', '"threshold":7'), "`point.threshold`"),
        (kept().model_dump_json().replace('"embedder":"e"', '"embedder":"f"'), "embedder `f`"),
        (kept().model_dump_json().replace('"reranker":"none"', '"reranker":"r"'), "reranker `r`"),
    ],
)
def test_what_is_damaged_or_of_other_models_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "confidence.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KitError, match=said) as error:
        Calibrated.load(path, embedder="e", reranker="none")
    assert str(path) in str(error.value) and "kit calibrate" in str(error.value)


def test_the_workspace_goes_by_its_own_calibration(indexed_workspace: Path) -> None:
    space = Workspace.open(indexed_workspace)
    assert space.calibrated is None and space.settings_in_force == space.settings
    mine = kept(0.7).model_copy(update={"embedder": space.embedder.fingerprint})
    mine.save(space.confidence_file)
    # What kit.toml sets goes before it.
    assert space.confidence == START and space.settings_in_force.assistant.answer_threshold == 0.5
    toml = indexed_workspace / "kit.toml"
    toml.write_text(
        "".join(line for line in toml.read_text("utf-8").splitlines(True) if not line.startswith("answer_threshold")),
        encoding="utf-8",
    )
    space = Workspace.open(indexed_workspace)
    assert space.settings_in_force.assistant.answer_threshold == 0.7
    facts = space.facts()
    assert facts["confidence_model"] == "a test" and "'answer_threshold': 0.7" in str(facts["settings"])
    mine.model_copy(update={"point": kept(None).point}).save(space.confidence_file)
    assistant = space.assistant()
    _, reply = assistant.reply(assistant.start(), "How do I restart my Dial?")
    assert (reply.outcome, reply.citations) == ("handed_off", ())


# The command


def test_from_cases_to_an_operating_point(kit: Run, indexed_workspace: Path, tmp_path: Path) -> None:
    picture = tmp_path / "r.svg"
    bad = kit("calibrate", "-w", indexed_workspace, "-o", tmp_path / "r.png")
    assert bad.returncode == 2 and ".svg or .html" in bad.stderr
    assert kit("calibrate", "-w", indexed_workspace, "--alpha", "5").returncode == 2
    assert not (indexed_workspace / "evals" / "confidence.json").exists()
    ran = kit("calibrate", "-w", indexed_workspace, "--alpha", "0.25", "-o", picture)
    assert ran.returncode == 0, ran.stderr
    assert "Before: ECE" in ran.stdout and "With 95% certainty at most 25.0% of its answers" in ran.stdout
    assert "answer_threshold = 0.5" in ran.stdout and picture.read_text("utf-8").startswith("<svg")
    kept = json.loads((indexed_workspace / "evals" / "confidence.json").read_text("utf-8"))
    assert kept["point"]["alpha"] == 0.25 and kept["figures"]["after"]["n"] > 100
    assert Workspace.open(indexed_workspace).confidence.fitted_on == kept["model"]["fitted_on"]


def test_too_few_cases_end_with_3(kit: Run, indexed_workspace: Path) -> None:
    for suite in (indexed_workspace / "evals").glob("*.yaml"):
        suite.unlink()
    (indexed_workspace / "evals" / "small.yaml").write_text(
        "suite: small\ncases:\n  - {id: one, question: How do I restart my Dial?, expect: answer, "
        "articles: [troubleshooting/restart-and-reset]}\n",
        encoding="utf-8",
    )
    ran = kit("calibrate", "-w", indexed_workspace)
    assert ran.returncode == 3 and "1 cases of the suites" in ran.stderr
    assert not (indexed_workspace / "evals" / "confidence.json").exists()
