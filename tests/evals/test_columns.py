"""Columns of long runs lie on disk, and say the same as in memory; of the worst cases no more are kept than asked."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kit.evals import RUN_REGISTRY, Record, Score, run_metric, summarise
from kit.evals import spilling as spilled
from kit.evals.metrics import Measured, RunMetric
from kit.evals.metrics.once import once
from kit.evals.running import Run, Worst, new_run_folder
from kit.evals.spilling import Notes, Values, key
from tests.scripted import case, reply, transcript


def records(count: int) -> list[Record]:
    return [
        Record(
            suite=f"s{n % 2}",
            case=case(articles=["a"], tags=[f"t{n % 3}"], cluster=f"g{n // 4}").model_copy(update={"id": f"c{n}"}),
            transcript=transcript(reply(confidence=n / count, latency_ms=n)),
            scores={
                "containment": Score(value=float(n % 5 > 0)),
                "latency_p95": Score(value=float(n)),
                "must_contain": Score.none(f"cause {n % 7}"),
            },
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("block", [7, 40, 41])
def test_a_run_longer_than_a_block_has_the_same_figures(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = summarise("r", records(40))
    monkeypatch.setattr(spilled, "BLOCK", block)
    assert summarise("r", iter(records(40))) == whole
    found = whole.overall.figure("must_contain")
    assert found and found.unscored == 40 and sum(found.causes.values()) == 40 and found.causes["cause 0"] == 6
    area = whole.overall.figure("aurc")
    assert area and area.n == 40


def test_numbers_and_notes_come_back_from_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilled, "BLOCK", 3)
    values, notes = Values(2), Notes()
    for n in range(10):
        values.add([n / 3, float("nan")], [0, n])
        notes.add((n, "note") if n % 2 else None)
    numbers, _ = values.column(0)
    lacking, causes = values.column(1)
    assert numbers.tolist() == [n / 3 for n in range(10)] and np.isnan(lacking).all()
    assert causes.tolist() == list(range(10))
    assert list(notes) == list(notes) == [(n, "note") if n % 2 else None for n in range(10)]


@pytest.fixture
def own() -> Iterator[type[RunMetric]]:
    class Own(RunMetric):
        """Of a plug-in: its notes are of a class that cannot be pickled."""

        name, title, definition = "own", "Own", "Cases."

        def note(self, record: Record) -> object:
            class Note:
                suite = record.suite

            return Note()

        def measure(self, notes: object, *, seed: int = 0) -> Measured:
            return Measured(float(len(list(notes))), len(notes))  # type: ignore[call-overload, arg-type]

    yield run_metric(Own)
    del RUN_REGISTRY["own"]


@pytest.mark.usefixtures("own")
def test_notes_of_any_class_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilled, "BLOCK", 3)
    summary = summarise("r", records(10))
    assert [one.figure("own").value for one in (summary.overall, *summary.suites)] == [10, 5, 5]  # type: ignore[union-attr]


def test_names_do_not_run_into_each_other() -> None:
    assert key("ab", "c") != key("a", "bc") and key("a") == key("a") and -(2**63) <= key("x") < 2**63


def test_the_worst_come_first_and_no_more_than_asked(tmp_path: Path) -> None:
    made = records(30)
    lost = made[7].model_copy(update={"transcript": None, "error": "no answer"})
    made[7], made[11] = lost, made[11].model_copy(update={"scores": {"false_deflection": Score(value=1.0)}})
    worst = Worst.of(made, 3)
    assert worst.seen == 30 and [one.case.id for one in worst.records] == ["c7", "c11", "c0"]
    assert [one.case.id for one in Worst.of(made, 100).records[:3]] == ["c7", "c11", "c0"]
    assert Worst.of(made, 0).records == ()
    run = Run(new_run_folder(tmp_path), None, made)  # type: ignore[arg-type]
    assert run.worst(3) == worst.records
    found, count = run.faulty(2)
    assert [one.case.id for one in found] == ["c7", "c11"] and count == 30


def test_what_is_asked_of_the_same_objects_is_asked_once() -> None:
    calls: list[int] = []

    @once
    def ask(one: list[int], other: bool = False) -> int:
        calls.append(sum(one))
        return sum(one)

    first, equal = [1, 2], [1, 2]
    assert ask(first) == ask(first) == 3 and ask(equal) == 3 and ask(first, True) == 3
    assert calls == [3, 3, 3]
    for n in range(100):
        assert ask([n]) == n
