"""Which changes to a playbook its tests notice."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kit.playbooks import ScoreReport, score, score_json, score_lines
from kit.playbooks.changing.mutating import mutants
from kit.playbooks.changing.scoring import keeping, scoring
from kit.playbooks.changing.scoring.reaching import reaching
from kit.playbooks.trying import play_trials
from tests.playbooks.changing import HEAD, TESTS, TOOLS, EngineHost, playbook, source

OTHER = (
    HEAD.replace("id: refund", "id: other", 1)
    .replace("Return an order", "Another thing")
    .replace("Payments team", "Us")
)


def scored(text: str = HEAD + TESTS, **options: object) -> ScoreReport:
    found = source(text)
    host = EngineHost([found.playbook, playbook(OTHER)])
    return score(host, [found], TOOLS, **options)  # type: ignore[arg-type]


def fates(report: ScoreReport) -> dict[str, str]:
    return {verdict.mutant.description: verdict.fate for one in report.playbooks for verdict in one.verdicts}


def test_changes_that_a_test_notices_and_changes_that_none_does() -> None:
    found = fates(scored())
    assert found["the limit of 30 becomes 31 in `order.days <= 30`"] == "noticed"
    assert found["`<=` becomes `<` in `order.days <= 30`"] == "noticed"
    assert found["the hand-off rule `order.total > 200 and order.days <= 30` is removed"] == "noticed"
    assert found["step `done` says 6 instead of 5"] == "noticed"
    # Exactly 200 is not tested, nor that the order number goes to the tool.
    assert found["the limit of 200 becomes 201 in `order.total > 200 and order.days <= 30`"] == "survived"
    assert found["step `pay` calls `refund_create` without `order_number`"] == "survived"
    # Nobody says no.
    assert found["step `kept` ends as declined"] == "unreached"


def test_the_verdict_names_the_test_that_noticed_and_the_line() -> None:
    [one] = scored().playbooks
    [limit] = [v for v in one.verdicts if v.mutant.description == "the limit of 30 becomes 29 in `order.days <= 30`"]
    assert (limit.by, limit.fate) == ("on_day_30", "noticed")
    line = f"---\n{HEAD}".splitlines()[limit.line - 1]
    assert "order.days <= 30" in line


def test_the_score_is_the_share_of_changes_that_were_noticed() -> None:
    report = scored()
    [one] = report.playbooks
    assert one.value == report.value == report.count("noticed") / len(one.verdicts)
    assert one.count("noticed", "survived", "unreached") == len(one.verdicts) == report.tried == report.among
    assert report.interval is None
    assert report.reaches(report.value or 0) and not report.reaches((report.value or 0) + 0.01)


def test_without_tests_nothing_is_noticed() -> None:
    report = scored(HEAD)
    assert report.value == 0
    assert set(fates(report).values()) == {"unreached"}


def test_a_test_that_fails_anyway_notices_nothing() -> None:
    text = HEAD + TESTS.replace("outcome: answered", "outcome: declined")
    report = scored(text)
    [one] = report.playbooks
    assert one.failing == ("on_day_30",)
    assert fates(report)["`<=` becomes `<` in `order.days <= 30`"] != "noticed"
    assert any("on_day_30" in line for line in score_lines(report))


def test_to_look_only_at_tests_that_get_there_finds_the_same() -> None:
    """What `reaching` leaves out must not have noticed anything: held against playing every test on every mutant."""
    before = playbook()
    host = EngineHost([before])
    results = play_trials(host, before, TOOLS)
    assert all(result.passed for result in results)
    left_out = 0
    for mutant in mutants(before, TOOLS):
        reached = reaching(mutant, before, results)
        for result in play_trials(host, mutant.playbook, TOOLS):
            if result.trial_id not in reached:
                left_out += 1
                assert result.passed, (mutant.description, result.trial_id)
    assert left_out > 50


def test_an_error_of_the_kit_is_not_taken_for_a_test_that_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    original = scoring.play_trials

    def breaks(host: object, changed: object, *args: object, **options: object) -> object:
        if options.get("only") and any(step.id == "done" and "6" in step.text for step in changed.steps):  # type: ignore[attr-defined]
            raise RuntimeError("no such thing")
        return original(host, changed, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "play_trials", breaks)
    report = scored()
    assert fates(report)["step `done` says 6 instead of 5"] == "broke"
    assert any("the kit itself failed" in line and "no such thing" in line for line in score_lines(report))


def test_a_sample_is_drawn_by_its_seed_and_has_an_interval() -> None:
    one, same, other = scored(sample=20, seed=1), scored(sample=20, seed=1), scored(sample=20, seed=2)
    assert fates(one) == fates(same) != fates(other)
    assert one.tried == 20 < one.among
    low, high = one.interval or (1.0, 0.0)
    assert 0 <= low <= (one.value or 0) <= high <= 1
    assert "interval" in "".join(score_lines(one))
    assert fates(scored(sample=10_000)) == fates(scored())


def test_what_there_was_no_time_for_is_not_tried_and_does_not_pass_a_gate() -> None:
    ticks = iter(range(10_000))
    report = scored(most_seconds=40, clock=lambda: float(next(ticks)))
    [one] = report.playbooks
    assert 0 < one.count("not_tried") < len(one.verdicts)
    assert report.tried == len(one.verdicts) - one.count("not_tried")
    assert not report.reaches(report.value or 1)
    assert "For want of time" in list(score_lines(report))[-1]


def test_no_time_at_all_is_no_score() -> None:
    report = scored(most_seconds=-1, clock=lambda: 0.0)
    assert report.value is None and not report.reaches(0.1)
    assert list(score_lines(report))[-1] == "No change was tried, so there is no mutation score."


def test_progress_counts_every_change() -> None:
    told: list[tuple[int, int]] = []
    report = scored(progress=lambda what, done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, report.tried + 1))
    assert {total for _, total in told} == {report.tried}


# What is kept


def test_verdicts_are_kept_until_something_changes(tmp_path: Path) -> None:
    first = scored(keep_in=tmp_path)
    again = scored(keep_in=tmp_path)
    assert (first.kept, again.kept) == (0, first.tried)
    assert fates(first) == fates(again)
    assert scored(HEAD + TESTS.replace("5 days", "takes 5 days"), keep_in=tmp_path).kept == 0
    assert scored(keep_in=tmp_path, context="another tools.yaml").kept == 0


def test_failing_tests_are_remembered_with_the_verdicts(tmp_path: Path) -> None:
    text = HEAD + TESTS.replace("outcome: answered", "outcome: declined")
    assert [scored(text, keep_in=tmp_path).playbooks[0].failing for _ in range(2)] == [("on_day_30",)] * 2


def test_a_run_that_had_no_time_goes_on_where_it_was(tmp_path: Path) -> None:
    ticks = iter(range(10_000))
    part = scored(most_seconds=40, clock=lambda: float(next(ticks)), keep_in=tmp_path)
    whole = scored(keep_in=tmp_path)
    assert whole.kept == part.tried > 0
    assert fates(whole) == fates(scored())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{", encoding="utf-8"),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.write_text("[]", encoding="utf-8"),
        lambda path: path.write_text(json.dumps({"key": "x"}), encoding="utf-8"),
    ],
)
def test_what_cannot_be_read_is_played_again(spoil: Callable[[Path], object], tmp_path: Path) -> None:
    first = scored(keep_in=tmp_path)
    spoil(tmp_path / "refund.json")
    again = scored(keep_in=tmp_path)
    assert again.kept == 0 and fates(again) == fates(first)


def test_verdicts_rest_on_other_playbooks_only_as_far_as_these_matter() -> None:
    one, other = playbook(), playbook(OTHER)
    others = {"refund": one, "other": other}

    def key(**update: object) -> str:
        return keeping.key_of(one, {**others, "other": other.model_copy(update=update)}, "")

    assert key() == key(steps=other.steps[:1]) == key(tests=one.tests)
    assert key() != key(examples=("something else", "that", "this"))
    caller = playbook(HEAD.replace("steps:\n", "steps:\n  - {id: first, type: call, playbook: other}\n"))
    keys = {
        keeping.key_of(caller, {**others, "other": changed}, "")
        for changed in (other, other.model_copy(update={"steps": other.steps[1:]}))
    }
    assert len(keys) == 2


def test_a_playbook_that_a_conversation_entered_is_one_the_verdict_rests_on(tmp_path: Path) -> None:
    other = playbook(OTHER)
    kept = keeping.Kept("key", (), {"form": ("noticed", "by")}, {"other": other.edition})
    keeping.save(tmp_path, "refund", kept)
    assert keeping.load(tmp_path, "refund", "key", {"other": other}) == kept
    edited = other.model_copy(update={"steps": other.steps[1:]})
    assert keeping.load(tmp_path, "refund", "key", {"other": edited}).fates == {}
    assert keeping.load(tmp_path, "refund", "key", {}).fates == {}


# Words


def test_survivors_are_told_with_file_line_and_a_test_that_would_notice() -> None:
    lines = list(score_lines(scored()))
    at = next(number for number, line in enumerate(lines) if "the limit of 200 becomes 201" in line)
    assert lines[at].startswith("  playbooks/refund.md:") and "no test notices if the limit" in lines[at]
    assert lines[at + 1] == "    Add a test that is exactly at 200, and one that is just beyond it."
    assert any("no test gets there" in line for line in lines)


def test_as_json() -> None:
    report = scored()
    data = json.loads(json.dumps(score_json(report)))
    assert data["score"] == report.value and data["n"] == report.tried
    [one] = data["playbooks"]
    assert len(one["survivors"]) == one["n"] - one["noticed"]
    assert {"line", "kind", "where", "said", "suggestion", "fate"} <= one["survivors"][0].keys()


def test_a_report_of_nothing() -> None:
    empty = replace(scored(), playbooks=())
    assert not empty.reaches(0.5)
    assert score_json(empty)["score"] is None
