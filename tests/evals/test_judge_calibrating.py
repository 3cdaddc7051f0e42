"""`kit judge calibrate`: agreement with people's labels, biases, and what is kept."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.errors import KitError, TooLittle
from kit.evals import JudgeAgreement, calibrate_judge, load_standing, read_agreements, save_agreements
from kit.evals.judging.agreeing import alpha, difference, kappa, mean_bias
from kit.evals.metrics import Tools
from kit.evals.metrics.judged import judged_metrics
from kit.models.fake_server import FakeOpenAI
from kit.workspace import Workspace
from tests.conftest import Run
from tests.evals.judges import asked, by_words, judge

YES, NO = "Plus costs $4.99.", "It is green."
PASSAGES = ["Plus costs $4.99.", "Returns take 30 days."]


def row(number: int, answer: str, labels: Any, **rest: Any) -> dict[str, Any]:
    return {
        "id": f"r{number}", "metric": "faithfulness", "question": "How much?", "answer": answer,
        "passages": PASSAGES, "labels": labels, **rest,
    }  # fmt: skip


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def test_agreement(tmp_path: Path) -> None:
    # The judge agrees with 20 of 24: it finds two bad that people found good, and two good that they found bad.
    rows = [row(n, YES, [1, 1]) for n in range(10)] + [row(n, NO, [0, 0]) for n in range(10, 20)]
    rows += [row(n, NO, [1, 1]) for n in (20, 21)] + [row(n, YES, [0, 1, 0]) for n in (22, 23)]
    with FakeOpenAI(reply=by_words) as server:
        (found,) = calibrate_judge(written(tmp_path, rows), judge(server))
    assert (found.model, found.metric, found.n, found.failed) == ("openai:judge", "faithfulness", 24, 0)
    from sklearn.metrics import cohen_kappa_score

    ours = [1] * 10 + [0] * 10 + [0, 0] + [1, 1]
    people = [1] * 10 + [0] * 10 + [1, 1] + [0, 0]
    assert found.kappa == pytest.approx(cohen_kappa_score(ours, people))
    assert found.kappa_low is not None and found.kappa_high is not None and found.kappa is not None
    assert found.kappa_low < found.kappa < found.kappa_high
    assert found.bias.value == pytest.approx((-2 + 2 * (1 - 1 / 3)) / 24)
    assert found.bias.low is not None and found.bias.high is not None and found.bias.low < 0 < found.bias.high
    assert found.alpha is not None and found.people is not None and found.alpha < found.people < 1
    # The same whichever way the passages stand.
    assert (found.position.value, found.position.n, found.flips) == (0, 24, 0)
    assert found.own.value is None


def test_kappa_against_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    random = np.random.default_rng(0)
    for _ in range(20):
        one, other = random.random(40), random.random(40)
        assert kappa(one.tolist(), other.tolist())[0] == pytest.approx(cohen_kappa_score(one >= 0.5, other >= 0.5))
    assert kappa([1, 1], [1, 1])[0] is None


def test_alpha_of_the_published_example() -> None:
    """Krippendorff (2011), the reliability data of four observers, for interval data: .849."""
    missing = None
    table = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, missing, missing, missing],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, missing, 3],
        [missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, missing],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, missing],
    ]
    units = [[float(one) for one in column if one is not None] for column in zip(*table, strict=True)]
    assert alpha(units) == pytest.approx(0.849, abs=5e-4)
    assert alpha([[1.0], [0.0]]) is None


def test_intervals_against_scipy() -> None:
    from scipy import stats

    random = np.random.default_rng(1)
    one, other = random.normal(0.2, 1, 30), random.normal(0, 2, 12)
    found, low_high = mean_bias(one.tolist()), stats.ttest_1samp(one, 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx(tuple(low_high))
    welch, expected = difference(one.tolist(), other.tolist()), stats.ttest_ind(one, other, equal_var=False)
    assert (welch.low, welch.high) == pytest.approx(tuple(expected.confidence_interval()))
    assert mean_bias([]).value is None and mean_bias([0.5]).low is None and difference([1], [0, 1]).value is None


def test_a_judge_that_reads_the_first_passage_alone_is_found_out(tmp_path: Path) -> None:
    def hasty(request: dict[str, Any]) -> str:
        keys, shown = asked(request)
        if keys == {"statements"} and "context" in shown:
            first = shown["context"].split("\n")[0]
            verdicts = [{"statement": s, "reason": "", "verdict": int(s in first)} for s in shown["statements"]]
            return json.dumps({"statements": verdicts})
        return by_words(request)

    rows = [row(n, YES, 1) for n in range(15)] + [row(n, NO, 0) for n in range(15, 20)]
    with FakeOpenAI(reply=hasty) as server:
        (found,) = calibrate_judge(written(tmp_path, rows), judge(server))
    assert found.kappa == 1
    assert (found.position.value, found.flips) == (-0.75, 0.75)
    assert found.people is None


def test_a_judge_that_favours_itself_is_found_out(tmp_path: Path) -> None:
    """It takes all that it wrote for faithful; people found half of everything so."""
    rows = [row(n, YES, n % 2, by="openai:judge") for n in range(12)]
    rows += [row(n, YES if n % 2 else NO, n % 2, by="openai:other") for n in range(12, 24)]
    with FakeOpenAI(reply=by_words) as server:
        (found,) = calibrate_judge(written(tmp_path, rows), judge(server))
    assert found.own.value == pytest.approx(0.5) and found.own.n == 24
    assert found.own.low is not None and found.own.low > 0


def test_a_judge_that_favours_length_is_found_out(tmp_path: Path) -> None:
    def wordy(request: dict[str, Any]) -> str:
        keys, shown = asked(request)
        if keys == {"statements"} and "context" in shown:
            verdict = int(len(" ".join(shown["statements"])) > 80)
            return json.dumps({"statements": [{"statement": "x", "reason": "", "verdict": verdict}]})
        return by_words(request)

    rows = [row(n, " ".join([YES] * (n % 10 + 1)), 0) for n in range(30)]
    with FakeOpenAI(reply=wordy) as server:
        (found,) = calibrate_judge(written(tmp_path, rows), judge(server))
    assert found.length is not None and found.length > 0.7


def test_what_could_not_be_judged_is_counted(tmp_path: Path) -> None:
    def broken(request: dict[str, Any]) -> str:
        return "no" if "green" in json.dumps(asked(request)[1]) else by_words(request)

    rows = [row(n, YES, 1) for n in range(20)] + [row(n, NO, 0) for n in (20, 21, 22)]
    with FakeOpenAI(reply=broken) as server:
        (found,) = calibrate_judge(written(tmp_path, rows), judge(server))
        assert (found.n, found.failed, found.kappa) == (20, 3, None)
        with pytest.raises(TooLittle, match=r"only 3 judgements for `faithfulness`.*did not answer in JSON"):
            calibrate_judge(written(tmp_path, rows[17:] + [row(n, NO, 0) for n in range(30, 45)]), judge(server))


def test_too_few_labels_cost_nothing(tmp_path: Path) -> None:
    with FakeOpenAI(reply=by_words) as server:
        with pytest.raises(TooLittle, match="only 19 labels for `faithfulness`") as caught:
            calibrate_judge(written(tmp_path, [row(n, YES, 1) for n in range(19)]), judge(server))
        assert server.requests == [] and caught.value.exit_code == 3


GOOD = row(1, YES, [1])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "This is not a JSON object."),
        ("[1]", "is not as it should be"),
        (json.dumps({**GOOD, "metric": "faithfulnes"}), "`faithfulnes`. Did you mean `faithfulness`?"),
        (json.dumps({**GOOD, "metric": "deflection"}), "No judge is asked for the metric `deflection`."),
        (json.dumps({**GOOD, "labels": []}), "`labels` is not as it should be"),
        (json.dumps({**GOOD, "labels": [2]}), "`labels.0` is not as it should be"),
        (json.dumps({**GOOD, "labels": ["good"]}), "`labels.0` is not as it should be"),
        (json.dumps({**GOOD, "passages": []}), "`faithfulness` needs `passages`."),
        (json.dumps({**GOOD, "answer": ""}), "`faithfulness` needs `answer`."),
        (json.dumps({**GOOD, "mood": 1}), "`mood` is not as it should be"),
        (json.dumps({**GOOD, "question": ""}), "`question` is not as it should be"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{line}\n", encoding="utf-8")
    with FakeOpenAI(reply=by_words) as server, pytest.raises(KitError) as caught:
        calibrate_judge(path, judge(server))
    assert str(caught.value).startswith(f"{path}:3: ") and said in str(caught.value), str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(content)
    with FakeOpenAI() as server, pytest.raises(KitError, match=str(path)):
        calibrate_judge(path, judge(server))
    with FakeOpenAI() as server, pytest.raises(KitError, match="cannot be read"):
        calibrate_judge(tmp_path / "none", judge(server))


def test_what_is_known_of_judges_is_kept_by_model_metric_and_prompt(tmp_path: Path) -> None:
    path = tmp_path / "evals" / "judge.json"
    one = JudgeAgreement(model="m", metric="faithfulness", prompt="p", data="d", n=30, kappa=0.5)
    others = [one.model_copy(update=change) for change in ({"model": "k"}, {"metric": "x"}, {"prompt": "q"})]
    save_agreements(path, [one, *others])
    better = one.model_copy(update={"kappa": 0.8})
    save_agreements(path, [better])
    assert len(read_agreements(path)) == 4 and better in read_agreements(path)
    assert {key: by.kappa for key, by in load_standing(path, "m").items()} == {
        ("faithfulness", "p"): 0.8, ("x", "p"): 0.5, ("faithfulness", "q"): 0.5,
    }  # fmt: skip
    path.write_text("{", encoding="utf-8")
    with pytest.raises(KitError, match=r"not the calibration of judges\. Delete it"):
        load_standing(path, "m")
    assert load_standing(tmp_path / "none.json", "m") == {}


def test_the_command(kit: Run, indexed_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(n, YES, [1, 1]) for n in range(12)] + [row(n, NO, [0, 0]) for n in range(12, 24)]
    labels = written(tmp_path, rows)
    with FakeOpenAI(reply=by_words) as server:
        settings = indexed_workspace / "kit.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(
            f'{text}\n[chat]\nmodel = "openai:fake"\nbase_url = "{server.base_url}"\n', encoding="utf-8"
        )
        done = kit("judge", "calibrate", labels, "--judge", "openai:judge", "-w", indexed_workspace)
        assert done.returncode == 0, done.stderr
        assert "faithfulness, judged by openai:judge" in done.stdout and "n = 24" in done.stdout
        assert "Cohen's kappa with people" in done.stdout and "1.000" in done.stdout
        assert server.requests[0]["model"] == "judge"
        (known,) = read_agreements(indexed_workspace / "evals" / "judge.json")
        with_server = judge(server, standing=load_standing(indexed_workspace / "evals" / "judge.json", "openai:judge"))
        assert judged_metrics()["faithfulness"](Tools(judge=with_server)).judged_by == known.judged_by
        wrong = kit("judge", "calibrate", labels, "--judge", "nobody:x", "-w", indexed_workspace)
        assert wrong.returncode == 2 and "nobody" in wrong.stderr
        few = kit("judge", "calibrate", written(tmp_path, rows[:3]), "--judge", "openai:judge", "-w", indexed_workspace)
        assert few.returncode == 3 and "only 3 labels" in few.stderr
        assert read_agreements(indexed_workspace / "evals" / "judge.json") == (known,)


def test_a_judge_that_cannot_be_had_is_told_before_anything_runs(
    indexed_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    space = Workspace.open(indexed_workspace)
    for model, said in (
        ("openai:gpt-5", "needs the key OPENAI_API_KEY. Set it in the environment, or do without `--judge`."),
        ("nobody:x", "or do without `--judge`."),
        (" ", "The judge has no name."),
    ):
        with pytest.raises(KitError) as caught:
            space.evaluate(["smoke"], out=tmp_path / "run", judge=model)
        assert said in str(caught.value) and "kit.toml" not in str(caught.value)
    assert not (tmp_path / "run").exists()
