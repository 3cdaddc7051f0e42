"""What two versions of a playbook do differently: on recorded conversations, and by their tests."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from kit.assistant import Reply
from kit.cli.playbooks.conversations import read_conversations
from kit.cli.playbooks.diff import with_runs
from kit.errors import KitError, NotComparable
from kit.evals import Case, Record, Run, RunInfo, Score, Transcript
from kit.playbooks import DiffReport, Recorded, Source, Version, diff, diff_json, diff_lines
from kit.playbooks.changing.versions.report import compare_metrics
from tests.playbooks.changing import HEAD, TESTS, TOOLS, EngineHost, source

STRICTER = HEAD.replace("order.days <= 30, else", "order.days <= 14, else")
CONVERSATIONS = (
    Recorded("thirty", ("refund BL-100030", "faulty", "yes"), date(2026, 6, 1)),
    Recorded("late", ("refund BL-100031",)),
    Recorded("masked", ("refund", "<ORDER_1>", "BL-100009")),
)


def version(name: str, *sources: Source) -> Version:
    host = EngineHost([one.playbook for one in sources])
    return Version(name, {one.playbook.id: one for one in sources}, TOOLS, lambda: host)


def compared(before: str, after: str, **options: object) -> DiffReport:
    return diff(version("old", source(before)), version("new", source(after)), **options)  # type: ignore[arg-type]


def test_a_conversation_that_would_go_differently() -> None:
    report = compared(HEAD, STRICTER, conversations=CONVERSATIONS)
    assert report.replayed is not None
    assert (report.replayed.n, report.replayed.concerned) == (3, 3)
    [parting] = report.replayed.partings
    assert (parting.id, parting.turn, parting.ends) == ("thirty", 0, ("answered", "handed_off"))
    assert parting.differences[0] == "the outcome is handed_off instead of clarified"
    assert any("thirty, message 1 “refund BL-100030”" in line for line in diff_lines(report))


def test_it_parts_at_the_first_reply_that_differs() -> None:
    after = HEAD.replace("amount: '{order.total}'", "amount: '1'")
    [parting] = compared(HEAD, after, conversations=CONVERSATIONS).replayed.partings  # type: ignore[union-attr]
    assert parting.turn == 2
    assert parting.differences == (
        "it calls refund_create(order_number=BL-100030, amount=1) instead of "
        "refund_create(order_number=BL-100030, amount=80)",
    )


def test_another_question_is_told() -> None:
    after = HEAD.replace("steps:\n", "  - {name: size, ask: Which size?}\nsteps:\n")
    [thirty] = compared(HEAD, after, conversations=CONVERSATIONS[:1]).replayed.partings  # type: ignore[union-attr]
    assert "it waits for `size` instead of `reason`" in thirty.differences
    assert "other words are said" in thirty.differences


def test_another_team_is_told() -> None:
    after = HEAD.replace("team: Payments, text: A colleague", "team: Fraud, text: A colleague")
    [late] = compared(HEAD, after, conversations=CONVERSATIONS[1:2]).replayed.partings  # type: ignore[union-attr]
    assert late.differences == ("the team of the hand-off is Fraud instead of Payments",)


def test_other_names_of_steps_make_no_difference_to_a_customer() -> None:
    renamed = HEAD.replace("id: in_time", "id: early_enough")
    report = compared(HEAD, renamed, conversations=CONVERSATIONS)
    assert report.playbooks and report.replayed is not None and report.replayed.partings == ()


def test_the_last_conversations_are_taken_where_there_are_many() -> None:
    report = compared(HEAD, STRICTER, conversations=CONVERSATIONS, most=2)
    assert report.replayed is not None and (report.replayed.n, report.recorded) == (2, 3)
    assert "Recorded conversations: 2 (the last of 3), said again with mocked tools." in list(diff_lines(report))


def test_tests_of_both_versions_are_played_on_both() -> None:
    after = STRICTER + TESTS.replace("- id: over_200", "- id: a_lot")
    [one] = compared(HEAD + TESTS, after).playbooks
    assert one.trials is not None
    assert one.trials.own_before == {"on_day_30": True, "on_day_31": True, "over_200": True}
    assert one.trials.own_after == {"on_day_30": False, "on_day_31": True, "a_lot": True}
    assert set(one.trials.before) == {"on_day_30", "on_day_31", "over_200", "a_lot"}
    assert (one.trials.paired.n, one.trials.paired.only_before, one.trials.paired.only_after) == (4, 1, 0)


def test_a_test_that_differs_is_played_in_both_its_forms() -> None:
    after = STRICTER + TESTS.replace("[refund BL-100030, faulty, 'yes']", "[refund BL-100030, faulty, 'no']")
    [one] = compared(HEAD + TESTS, after).playbooks
    assert one.trials is not None
    assert {"on_day_30", "on_day_30_before"} <= one.trials.before.keys()
    assert one.trials.own_before["on_day_30"] and not one.trials.before["on_day_30"]


def test_few_tests_are_said_to_show_nothing() -> None:
    said = "\n".join(diff_lines(compared(HEAD + TESTS, STRICTER + TESTS)))
    assert "n = 3, 3 pass before, 2 after (1 only before, 0 only after). So few cannot show a difference" in said
    assert "at least 6 would have to change" in said
    without = "\n".join(diff_lines(compared(HEAD, STRICTER)))
    assert "All tests of both, played on both: there are none, so nothing can be said." in without
    assert "Recorded conversations: there are none, so nothing can be said of them." in without


def test_the_same_versions_play_nothing() -> None:
    report = compared(HEAD + TESTS, HEAD + TESTS, conversations=CONVERSATIONS)
    assert report.playbooks == () and report.replayed is None and report.same == ("refund",)
    assert list(diff_lines(report)) == ["old → new", "The versions are the same."]


def test_only_words() -> None:
    report = compared(HEAD, STRICTER, conversations=CONVERSATIONS, play=False)
    assert report.replayed is None and report.playbooks[0].trials is None
    assert report.playbooks[0].changes


def test_a_version_that_cannot_be_followed_is_told_in_words_only() -> None:
    report = compared(HEAD.replace("tool: order_lookup", "tool: order_search"), HEAD)
    assert "There is no tool `order_search`" in report.not_played
    assert report.replayed is None and report.playbooks[0].changes
    assert any(line.startswith("\nNothing was played: ") for line in diff_lines(report))


def test_two_workspaces() -> None:
    more = source(HEAD.replace("id: refund", "id: other", 1), "other")
    gone = source(HEAD.replace("id: refund", "id: gone", 1), "gone")
    same = source(HEAD.replace("id: refund", "id: same", 1), "same")
    report = diff(version("one", source(), gone, same), version("two", source(STRICTER + TESTS), more, same))
    assert (report.removed, report.added, report.same) == (("gone",), ("other",), ("same",))
    assert [one.id for one in report.playbooks] == ["refund"]
    lines = list(diff_lines(report))
    assert {"Removed: gone.", "Added: other."} <= set(lines)


def test_different_playbooks_cannot_be_compared() -> None:
    other = source(HEAD.replace("id: refund", "id: other", 1), "other")
    with pytest.raises(NotComparable, match="have no playbook in common") as caught:
        diff(version("old", source()), version("new", other))
    assert caught.value.exit_code == 3


def test_as_json() -> None:
    report = compared(HEAD + TESTS, STRICTER + TESTS, conversations=CONVERSATIONS)
    data = json.loads(json.dumps(diff_json(report)))
    assert data["playbooks"][0]["changes"][0]["text"] == "The limit in `in_time` went from 30 to 14 days."
    assert data["conversations"]["differ"][0]["id"] == "thirty"
    assert data["playbooks"][0]["tests"]["p"] == 1
    assert diff_json(compared(HEAD, HEAD))["conversations"] is None


def test_metrics_of_runs_are_compared_case_by_case() -> None:
    before = {"contained": {str(n): True for n in range(8)}, "right": {"1": True}, "only_here": {}}
    after = {"contained": {str(n): n == 7 for n in range(9)}, "right": {"2": True}}
    [one] = compare_metrics(before, after)
    assert (one.metric, one.paired.n, one.paired.only_before) == ("contained", 8, 7)
    # Two metrics are in common, so the smaller p counts twice.
    assert one.adjusted == pytest.approx(2 * one.paired.p)


def run(name: str, contained: list[float | None], **facts: str) -> Run:
    reply = Reply(outcome="answered", text="Yes.")
    transcript = Transcript(turns=(), replies=(reply,), answer="Yes.")
    records = tuple(
        Record(
            suite="s",
            case=Case(id=f"c{number}", question="Is it?", expect="answer"),
            transcript=transcript,
            scores={"containment": Score(value=value), "csat_index": Score(value=0.5)},
        )
        for number, value in enumerate(contained)
    )
    info = RunInfo(
        id=name, started=datetime(2026, 6, 1), seed=0, versions={}, platform="", git=None, facts=facts, suites=()
    )
    return Run(Path(name), info, records)


def test_runs_are_compared_by_their_yes_or_no_metrics() -> None:
    before = run("one", [1, 1, 1, 1, 1, 1, 1, None, 0], corpus="a", playbooks="x")
    after = run("two", [0, 0, 0, 0, 0, 0, 0, 1, 0], corpus="b", playbooks="y")
    report = with_runs(compared(HEAD, HEAD), before, after)
    [one] = report.metrics
    assert (one.metric, one.paired.n, one.paired.only_before, one.paired.only_after) == ("containment", 8, 7, 0)
    assert (report.not_compared, report.also_differ) == (("csat_index",), ("corpus",))
    said = "\n".join(diff_lines(report))
    assert "containment: n = 8, 7 hold before, 0 after" in said and "more than chance" in said
    assert "The runs also differ in corpus: the playbooks need not be the reason." in said


def test_runs_without_a_case_in_common_cannot_be_compared() -> None:
    with pytest.raises(NotComparable, match="no case with a yes-or-no metric in common"):
        with_runs(compared(HEAD, HEAD), run("one", [1]), run("two", [None]))


# Conversations from a file


def written(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_what_customers_say_is_read_from_a_file(tmp_path: Path) -> None:
    said = (("customer", "Hi"), ("assistant", "Hello"), ("customer", "A"))
    turns = [{"role": role, "text": text} for role, text in said]
    path = written(
        tmp_path / "a.jsonl", {"id": 7, "turns": turns}, "", {"turns": turns[:1]}, {"id": "x", "turns": turns[1:2]}
    )
    assert read_conversations(path) == [Recorded("7", ("Hi", "A")), Recorded("3", ("Hi",))]


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[1]",
        "3",
        {},
        {"turns": 3},
        {"turns": [3]},
        {"turns": [{"role": "customer"}]},
        '{"turns": NaN}',
        "[" * 10_000,
        {"turns": [{"role": "customer", "text": 3}]},
    ],
)
def test_a_line_that_is_no_conversation_is_named(row: object, tmp_path: Path) -> None:
    good = {"turns": [{"role": "customer", "text": "Hi"}]}
    with pytest.raises(KitError) as caught:
        read_conversations(written(tmp_path / "a.jsonl", good, row))
    assert (caught.value.line, caught.value.path) == (2, tmp_path / "a.jsonl")


def test_a_file_without_customers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no conversation with a customer"):
        read_conversations(written(tmp_path / "a.jsonl", {"turns": [{"role": "assistant", "text": "Hi"}]}))
