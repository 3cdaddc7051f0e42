"""Tickets in, a verdict out: what is read, what is claimed, and what is not."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from scipy import stats
from typer.testing import CliRunner

from kit.cli import feasibility as cli
from kit.errors import KitError
from kit.evals import Case, Record, Run, RunInfo, Score
from kit.feasibility import (
    Backtest,
    Replay,
    Ticket,
    assess,
    backtest_figures,
    find_gaps,
    import_tickets,
    load_tickets,
    newest_backtest,
    read_tickets,
    run_backtest,
    value,
    verdict,
)
from kit.models.embedder import Batch, Embedder
from kit.reports.feasibility import feasibility_html, feasibility_markdown, write_feasibility
from kit.settings import Costs, Settings
from tests.scripted import Scripted, handoff, reply, ticking, transcript

ROOT = Path(__file__).parents[1]
HEAD = "id,text\n"
COSTS = Costs(per_agent_contact=6, per_assistant_contact=0.5, per_wrong_answer=10, contacts_per_month=1000)


def write(folder: Path, text: str, name: str = "tickets.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


# --- reading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_whole_export(tmp_path: Path, encoding: str, sign: str) -> None:
    cells = [
        [
            "id",
            "Created At",
            "subject",
            "text",
            "tags",
            "reopened",
            "csat",
            "handle_minutes",
            "articles_linked",
            "agent",
        ],
        ["7", "2026-08-17 09:12", "Café", 'It says “E2”,\nthen "off"; help', "a; b", "yes", "4", "7.5", "x/y;z", "Zoë"],
        ["8", "2026-08-18T10:00:00-04:00", "No heat", " ", "", "", "", "", "", ""],
    ]
    path = tmp_path / "tickets.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=sign).writerows(cells)
    read = read_tickets(path)
    first, second = read.tickets
    assert first.question == 'It says “E2”,\nthen "off"; help'
    assert (first.id, first.subject, first.csat, first.handle_minutes, first.reopened) == ("7", "Café", 4, 7.5, True)
    assert (first.tags, first.articles_linked, first.source) == (("a", "b"), ("x/y", "z"), {"agent": "Zoë"})
    assert first.created_at == datetime(2026, 8, 17, 9, 12, tzinfo=UTC) == first.messages[0].at
    assert (second.question, second.csat, second.escalated, second.source) == ("No heat", None, None, {})
    assert second.created_at == datetime(2026, 8, 18, 14, tzinfo=UTC)
    assert (read.source_fields, read.skipped) == (("agent",), ())


def test_json_lines_with_messages(tmp_path: Path) -> None:
    said = [{"role": "agent", "text": "Hello"}, {"role": "customer", "text": "hi\u2028there", "at": "2026-01-02"}]
    rows = [{"id": 1, "messages": said, "escalated": False, "brand": "x"}, {"id": "2", "text": "b", "tags": ["t"]}]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    first, second = read_tickets(write(tmp_path, text, "t.jsonl")).tickets
    assert (first.id, first.question, first.escalated, first.source) == ("1", "hi\u2028there", False, {"brand": "x"})
    assert (second.question, second.tags, second.escalated) == ("b", ("t",), None)


def test_rows_without_a_ticket_are_skipped_and_named(tmp_path: Path) -> None:
    read = read_tickets(write(tmp_path, HEAD + 'a,"one\ntwo"\n,\n\nb,\nc,three\n'))
    assert [ticket.id for ticket in read.tickets] == ["a", "c"]
    assert [(row.line, row.reason) for row in read.skipped] == [
        (4, "the row is empty"),
        (5, "the row is empty"),
        (6, "ticket b has no message of the customer"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("ticket_id,text\n1,x\n", 1, "no column `id`. Is it `ticket_id`"),
        ("id,txt\n1,x\n", 1, "no column `text`. Is it `txt`"),
        ("id,question\n1,x\n", 1, "no column `text`. There are: id, question"),
        ("id,text,text\n1,x,y\n", 1, "two columns `text`"),
        (HEAD + '1,"a\nb"\n2,x\n1,y\n', 5, "Two tickets have the id `1`. The first: line 2"),
        (HEAD + ",x\n", 2, "no id"),
        ("id,text,csat\n1,x,6\n", 2, "`csat`: `6` is not a rating"),
        ("id,text,csat\n1,x,3\n2,x,4.5\n", 3, "not a rating from 1 to 5"),
        ("id,text,csat\n1,x,good\n", 2, "not a number"),
        ("id,text,created_at\n1,x,17/08/2026\n", 2, "`17/08/2026` is not a date.*Write dates as"),
        ("id,text,escalated\n1,x,maybe\n", 2, "neither yes nor no"),
        ("id,text,handle_minutes\n1,x,-3\n", 2, "0 or more"),
        ("id,text,handle_minutes\n1,x,nan\n", 2, "0 or more"),
        (HEAD + "1,x\n2,y,z\n", 3, "has 3 cells, the head has 2"),
        (HEAD + "1,x\n2\n", 3, "has 1 cell, the head has 2"),
        (HEAD + '1,x\n2,"y\n', 3, "not valid CSV"),
        ("id,messages\n1,hello\n", 2, "not a list of messages"),
        ('id,messages\n1,"[{""role"": ""bot"", ""text"": ""x""}]"\n', 2, "roles: customer, assistant, agent"),
        (HEAD, None, "no tickets in this file"),
        ("", None, "no tickets in this file"),
    ],
)
def test_refused(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(KitError, match=words.replace("(", r"\(")) as caught:
        read_tickets(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "data", "line", "words"),
    [
        ("t.xlsx", b"x", None, "not from `.xlsx`"),
        ("t.csv", b"PK\x03\x04\x00\x00", None, "not text"),
        ("t.csv", b"id,text\n1,\x81\n", None, "not text"),
        ("t.jsonl", b'{"id": 1, "text": "x"}\n{"id": 2,\n', 2, "not JSON"),
        ("t.jsonl", b'{"id": 1, "text": "x"}\n[]\n', 2, "not a JSON object"),
        ("t.jsonl", b'{"id": 1, "text": "x"}\n{"number": 2, "text": "x"}\n', 2, "no column `id`"),
    ],
)
def test_refused_files(tmp_path: Path, name: str, data: bytes, line: int | None, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(KitError, match=words) as caught:
        read_tickets(tmp_path / name)
    assert caught.value.line == line
    with pytest.raises(KitError, match="cannot be read"):
        read_tickets(tmp_path / f"no-{name}".replace("xlsx", "csv"))


def test_import_masks_and_is_whole_or_nothing(tmp_path: Path) -> None:
    text = "id,text,resolution,requester,csat\nT-1,I am a.b@example.com,wrote to a.b@example.com,a.b@example.com,5\n"
    target = tmp_path / "evals" / "tickets.jsonl"
    done = import_tickets(write(tmp_path, text), target)
    (ticket,) = done.tickets
    assert (ticket.question, ticket.resolution) == ("I am <EMAIL_1>", "wrote to <EMAIL_1>")
    assert ticket.source == {"requester": "<EMAIL_1>"} and "example.com" not in target.read_text()
    assert load_tickets(tmp_path / "evals").tickets == done.tickets
    before = target.read_bytes()
    with pytest.raises(KitError, match="not a rating"):
        import_tickets(write(tmp_path, text + "T-2,x,,,9\n"), target)
    assert target.read_bytes() == before and [path.name for path in target.parent.iterdir()] == ["tickets.jsonl"]


def test_no_tickets_yet(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="kit tickets import FILE"):
        load_tickets(tmp_path)
    write(tmp_path, HEAD)
    with pytest.raises(KitError, match=r"kit tickets import .*tickets\.csv"):
        load_tickets(tmp_path)


def test_the_sample_tickets() -> None:
    read = read_tickets(ROOT / "evals" / "tickets.csv")
    linked = [ticket for ticket in read.tickets if ticket.articles_linked]
    known = {
        path.relative_to(ROOT / "playbooks/knowledge").with_suffix("").as_posix()
        for path in (ROOT / "playbooks/knowledge").rglob("*.*")
    }
    assert (len(read.tickets), len(linked), read.skipped) == (120, 90, ())
    assert {article for ticket in linked for article in ticket.articles_linked} <= known
    times = [ticket.created_at for ticket in read.tickets if ticket.created_at]
    assert 85 <= (max(times) - min(times)).days <= 92
    assert 0.35 <= sum(ticket.csat is not None for ticket in read.tickets) / 120 <= 0.45


# --- the backtest ----------------------------------------------------------------------------------------------


def ticket(id: str, text: str = "x", **rest: Any) -> Ticket:
    return Ticket.model_validate({"id": id, "messages": [{"role": "customer", "text": text}], **rest})


def replay(id: str, outcome: str | None = "answered", *linked: str, text: str = "x", **rest: Any) -> Replay:
    minutes = rest.pop("minutes", None)
    asked = ticket(id, text, articles_linked=linked, handle_minutes=minutes)
    return Replay.model_validate({"ticket": asked, "linked": linked, "outcome": outcome, **rest})


class Themes(Embedder):
    """Vectors by the first letter of a text; every text also has something in common with all others."""

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Any:
        letters = np.array([[float(text.strip()[0] == letter) for letter in "abcdefg"] for text in texts])
        vectors = np.hstack([letters, np.full((len(texts), 1), 2.0)])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield Batch(range(len(texts)), np.asarray(vectors, dtype=np.float32))


def test_figures() -> None:
    replays = [
        replay("1", "answered", "a", cited="a"),
        replay("2", "answered", "b", cited="c"),
        replay("3", "answered", "d", cited=None),
        replay("4", "answered", cited="c"),
        replay("5", "handed_off", reason="missing_knowledge"),
        replay("6", "handed_off", "e", reason="missing_knowledge"),
        replay("7", "handed_off", reason="customer_request"),
        replay("8", "clarified", "f"),
        replay("9", None, "a", error="Timeout: x"),
    ]
    found = backtest_figures(replays)
    shares = {name: (figure.value, figure.n) for name, figure in found.items()}
    assert shares == {
        "handled": (4 / 8, 8),
        "asked_back": (1 / 8, 8),
        "handed_off": (3 / 8, 8),
        "declined": (0, 8),
        "handed_off:missing_knowledge": (2 / 8, 8),
        "handed_off:customer_request": (1 / 8, 8),
        "needless_handoff": (1 / 5, 5),
        "right_article": (1 / 2, 2),
        "deflection": (1 / 8, 8),
    }
    expected = stats.binomtest(4, 8).proportion_ci(0.95, method="wilson")
    assert (found["handled"].low, found["handled"].high) == pytest.approx((expected.low, expected.high))
    assert found["right_article"].unscored == 2
    assert found["right_article"].causes == {"cites no article": 1, "no article of this knowledge base is linked": 1}


def test_tickets_on_one_article_are_clustered() -> None:
    apart = [replay(str(i), "answered" if i < 20 else "declined", f"a{i}") for i in range(40)]
    together = [replay(str(i), "answered" if i < 20 else "declined", f"a{i // 10}") for i in range(40)]
    wide, narrow = (backtest_figures(one)["handled"] for one in (together, apart))
    assert wide.value == narrow.value == 0.5
    assert wide.low is not None and narrow.low is not None and wide.low < narrow.low - 0.1


def test_nothing_is_claimed_without_labels() -> None:
    found = backtest_figures([replay("1", cited="a"), replay("2", "handed_off", reason="missing_knowledge")])
    for name in ("right_article", "deflection", "needless_handoff"):
        assert (found[name].value, found[name].low, found[name].n) == (None, None, 0)
        assert found[name].causes.keys() == {"no article of this knowledge base is linked"}
    assert found["handled"].value == 0.5


def test_gaps() -> None:
    lacking = {"outcome": "handed_off", "reason": "missing_knowledge"}
    replays = [
        replay("1", text="a rebate form for the utility", minutes=5, **lacking),
        replay("2", text="a rebate from my utility", minutes=5, **lacking),
        replay("3", text="any utility rebate", minutes=5, outcome="clarified"),
        replay("4", text="black colour Smith", minutes=20, **lacking),
        replay("5", text="black colour Jones", minutes=20, outcome="declined"),
        replay("6", text="can I fly", **lacking),
        # None of these lacks an article: it is there, a playbook had the lead, or a person was asked for.
        replay("7", "handed_off", "x", text="black colour", reason="missing_knowledge", minutes=5),
        replay("8", "clarified", text="black colour", playbook="p", minutes=5),
        replay("9", "handed_off", text="black colour", reason="customer_request", minutes=5),
    ]
    gaps = find_gaps(replays, embedder=Themes(), costs=COSTS)
    first, second = gaps.groups
    assert (first.name, set(first.tickets), first.handed_off) == ("black, colour", {"4", "5"}, 1)
    assert (second.name, set(second.tickets), second.handed_off) == ("rebate, utility", {"1", "2", "3"}, 2)
    assert gaps.single == ("6",) and gaps.left_out == 0
    # The mean ticket takes 8.75 minutes; what has no time counts as one of them.
    assert (first.minutes, first.timed, first.cost) == (40, 2, pytest.approx(6 * 40 / 8.75))
    assert second.cost == pytest.approx(6 * 15 / 8.75)
    assert first.cost_per_month == pytest.approx(first.cost / 9 * 1000)
    assert first.share == 2 / 9 and first.low is not None and first.low < 2 / 9


def test_gaps_of_none_and_of_one() -> None:
    assert find_gaps([replay("1")], embedder=Themes(), costs=COSTS).groups == ()
    gaps = find_gaps([replay("1", "handed_off", reason="missing_knowledge")], embedder=Themes(), costs=COSTS)
    assert (gaps.groups, gaps.single) == ((), ("1",))


def backtested(folder: Path, tickets: Sequence[Ticket], script: dict[str, Any], **rest: Any) -> Backtest:
    return run_backtest(Scripted(script), tickets, folder=folder, embedder=Themes(), costs=COSTS, **rest)


def test_a_backtest_and_its_folder(tmp_path: Path) -> None:
    script = {
        "a": reply("It is $5.", "answered", "plans"),
        "b": handoff("missing_knowledge"),
        "c": RuntimeError("no connection"),
    }
    tickets = [
        ticket("1", "a", articles_linked=["gone", "plans"], created_at="2026-02-01"),
        ticket("2", "b", articles_linked=["gone"], created_at="2026-01-01"),
        ticket("3", "c"),
    ]
    told, progress = ticking()
    done = backtested(tmp_path / "b1", tickets, script, articles={"plans"}, facts={"corpus": "abc"}, progress=progress)
    first, second, third = done.replays
    assert (first.outcome, first.cited, first.linked, first.agrees) == ("answered", "plans", ("plans",), True)
    assert (second.reason, second.linked, third.error) == ("missing_knowledge", (), "RuntimeError: no connection")
    assert (done.info.tickets, done.info.errors, len(done.ran)) == (3, 1, 2)
    assert done.info.first == datetime(2026, 1, 1, tzinfo=UTC)
    assert told == [("replaying tickets", n, 3) for n in (1, 2, 3)]
    assert newest_backtest(tmp_path) == Backtest.load(tmp_path / "b1") == done
    assert newest_backtest(tmp_path / "none") is None
    with pytest.raises(KitError, match="holds a backtest"):
        backtested(tmp_path / "b1", tickets, script)
    with pytest.raises(KitError, match="no tickets"):
        backtested(tmp_path / "b2", [], script)
    with (tmp_path / "b1" / "replays.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(KitError, match="not what a backtest wrote") as caught:
        Backtest.load(tmp_path / "b1")
    assert caught.value.line == 4


# --- value and verdict -----------------------------------------------------------------------------------------


def run_of(
    folder: Path,
    *,
    false: tuple[int, int] = (0, 100),
    deflected: tuple[int, int] = (80, 100),
    lost: int = 0,
    csat: float = 0.8,
    facts: dict[str, Any] | None = None,
) -> Run:
    """A run whose scores are these; `false` and `deflected` are counts of how many."""
    records = []
    for number in range(max(false[1], deflected[1])):
        scores = {"csat_index": Score(value=csat + 0.01 * (number % 2))}
        if number < false[1]:
            scores["false_deflection"] = Score(value=float(number < false[0]))
        if number < deflected[1]:
            scores["deflection"] = Score(value=float(number < deflected[0]))
        case = Case.model_validate(
            {"id": f"c{number}", "question": "q", "expect": "answer", "articles": [f"a{number}"]}
        )
        said = transcript(reply("yes", "answered", "other" if number < false[0] else f"a{number}"))
        records.append(Record(suite="s", case=case, transcript=said, scores=scores))
    suite = {"name": "s", "description": "", "path": "s.yaml", "digest": "", "cases": len(records) + lost, "gate": {}}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    fields = {"id": "r1", "started": now, "finished": now, "seed": 0, "versions": {}, "platform": "", "git": None}
    return Run(folder, RunInfo.model_validate({**fields, "facts": facts or {}, "suites": [suite]}), tuple(records))


def backtest_of(
    folder: Path,
    *,
    right: int = 0,
    other: int = 0,
    unlabelled: int = 0,
    asked: int = 0,
    handed: int = 0,
    facts: dict[str, Any] | None = None,
) -> Backtest:
    """A backtest with these numbers of tickets."""
    script = {
        "a": reply("It is so.", "answered", "plans"),
        "b": handoff("customer_request"),
        "c": reply("Which one?", "clarified"),
    }
    kinds = [("a", ["plans"])] * right + [("a", ["trial"])] * other + [("a", [])] * unlabelled
    kinds += [("c", [])] * asked + [("b", [])] * handed
    tickets = [ticket(str(n), text, articles_linked=linked) for n, (text, linked) in enumerate(kinds)]
    return backtested(folder, tickets, script, facts=facts)


def settings(**targets: float) -> Settings:
    return Settings.model_validate({"name": "Acme", "costs": COSTS, "targets": targets})


def test_value_by_hand(tmp_path: Path) -> None:
    found = value(run_of(tmp_path), backtest_of(tmp_path / "b", right=45, other=5, handed=50), COSTS)
    assert found.wrong_from == "tickets" and found.wrong is not None and found.handled is not None
    assert (found.handled.value, found.wrong.value) == (0.5, pytest.approx(0.1))
    assert found.saving is not None and found.with_assistant is not None and found.per_contact is not None
    # 0.5 + half of 6 + half of a tenth of 10, for each of a thousand contacts.
    assert (found.today, found.with_assistant.value) == (6000, pytest.approx(4000))
    assert found.per_contact.value == pytest.approx(4) and found.saving.value == pytest.approx(2000)
    h, w = (found.handled.low, found.handled.high), (found.wrong.low, found.wrong.high)
    assert None not in (*h, *w) and w[0] < 0.1 < w[1]  # type: ignore[operator]
    corners = [1000 * (a * (6 - b * 10) - 0.5) for a in h for b in w]  # type: ignore[operator]
    assert (found.saving.low, found.saving.high) == pytest.approx((min(corners), max(corners)))
    assert found.break_even == pytest.approx((6 - 0.5 / 0.5) / 10)


def test_value_without_labels_or_tickets(tmp_path: Path) -> None:
    run = run_of(tmp_path, false=(20, 100))
    found = value(run, backtest_of(tmp_path / "b", unlabelled=10, handed=10), COSTS)
    assert found.wrong_from == "suites" and found.wrong is not None and found.wrong.value == 0.2
    without = value(run, None, COSTS)
    assert without.saving is None and without.today == 6000 and "kit backtest" in without.missing[0]


def test_go(tmp_path: Path) -> None:
    found = verdict(run_of(tmp_path), backtest_of(tmp_path / "b", right=90, handed=10), settings())
    assert found.decision == "go" and found.conditions == ()
    assert [check.state for check in found.checks] == ["met"] * 3 and len(found.reasons) == 3


def test_met_by_the_estimate_only_is_a_condition(tmp_path: Path) -> None:
    run = run_of(tmp_path, false=(4, 100))
    found = verdict(run, backtest_of(tmp_path / "b", right=90, handed=10), settings(wrong_answers=0.05))
    wrong = found.checks[1]
    assert (found.decision, wrong.state) == ("go_with_conditions", "by_estimate")
    assert wrong.figure is not None and wrong.figure.value == 0.04 and wrong.figure.high > 0.05  # type: ignore[operator]
    assert "Wrong answers: 4.0 %" in found.conditions[0] and "more eval cases" in found.conditions[0]


def test_missed_is_no_go(tmp_path: Path) -> None:
    run, good = run_of(tmp_path, false=(6, 100)), backtest_of(tmp_path / "b", right=90, handed=10)
    assert verdict(run, good, settings(wrong_answers=0.05)).decision == "no_go"
    bad = backtest_of(tmp_path / "c", right=30, handed=70)
    found = verdict(run_of(tmp_path), bad, settings(deflection=0.4))
    assert found.decision == "no_go" and found.reasons[0].startswith("Deflection: 30.0 %")
    assert verdict(run_of(tmp_path, csat=0.4), good, settings(csat_index=0.6)).decision == "no_go"


def test_what_the_tickets_leave_open_is_neither_met_nor_missed(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    left_open = backtest_of(tmp_path / "b", right=30, unlabelled=5, asked=10, handed=55)
    found = verdict(run, left_open, settings(deflection=0.4))
    assert (found.checks[0].state, found.decision) == ("not_evidenced", "go_with_conditions")
    assert "at least 30.0 %, at most 45.0 %" in found.conditions[0]
    assert verdict(run, left_open, settings(deflection=0.5)).checks[0].state == "missed"
    unlabelled = verdict(run, backtest_of(tmp_path / "c", unlabelled=90, handed=10), settings())
    assert unlabelled.checks[0].state == "not_evidenced" and "link articles" in unlabelled.conditions[0]


def test_without_evidence_never_a_pass(tmp_path: Path) -> None:
    found = verdict(run_of(tmp_path), None, settings())
    assert found.decision == "go_with_conditions" and "kit tickets import" in found.conditions[0]
    assert found.checks[0].source == "suites"
    empty = Run(tmp_path, run_of(tmp_path).info, ())
    nothing = verdict(empty, None, settings())
    assert nothing.decision == "no_go" and "None of the targets is evidenced." in nothing.reasons
    assert {check.state for check in nothing.checks} == {"not_evidenced"}


def test_what_cannot_be_trusted_is_a_condition(tmp_path: Path) -> None:
    facts = {"corpus": "1", "settings": {"assistant": {"answer_threshold": 0.5}}}
    other = {"corpus": "2", "settings": {"assistant": {"answer_threshold": 0.6}}}
    good = backtest_of(tmp_path / "b", right=90, handed=10, facts=facts)
    assert verdict(run_of(tmp_path, facts=facts), good, settings()).decision == "go"
    changed = verdict(run_of(tmp_path, facts=other), good, settings())
    assert changed.decision == "go_with_conditions"
    assert "differ in articles, settings of the assistant" in changed.conditions[0]
    short = verdict(run_of(tmp_path, facts=facts, lost=3), good, settings())
    assert short.conditions == ("3 of 103 eval cases were not run: mend the cause and run `kit eval` again.",)


# --- the report ------------------------------------------------------------------------------------------------


def test_the_report(tmp_path: Path) -> None:
    tickets = [ticket(str(n), "a <script>alert(1)</script> | `rebate`") for n in range(3)]
    tickets += [ticket("7", "b", articles_linked=["trial"]), ticket("8", "c", articles_linked=["plans"])]
    script = {
        tickets[0].question: handoff("missing_knowledge"),
        "b": reply("So.", "answered", "plans"),
        "c": reply("So.", "answered", "plans"),
    }
    report = assess(run_of(tmp_path, false=(50, 100)), backtested(tmp_path / "b", tickets, script), settings())
    page, text = feasibility_html(report), feasibility_markdown(report)
    for shown in (page, text):
        assert "No-go" in shown and "Wrong answers: 50.0 %" in shown and "rebate" in shown
        assert "1 answer cites another article first" in shown
    assert "<script" not in page and "http" not in page and "&lt;script&gt;" in page
    assert "`a <script>alert(1)</script> \\| 'rebate'`" in text
    data = report.to_json()
    assert (
        json.loads(json.dumps(data)) == data
        and data["decision"] == "no_go"
        and data["gaps"]["groups"][0]["share"] == 0.6
    )
    bare = assess(report.run, None, settings())
    assert "not evidenced" in feasibility_html(bare) and "No tickets were replayed" in feasibility_markdown(bare)


def test_the_report_is_written_by_suffix(tmp_path: Path) -> None:
    report = assess(run_of(tmp_path), None, settings())
    for name, start in (("r.html", "<!doctype html>"), ("r.md", "# Feasibility: Acme")):
        write_feasibility(report, tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith(start)
    with pytest.raises(KitError, match=r"\.pdf"):
        write_feasibility(report, tmp_path / "r.pdf")
    with pytest.raises(KitError, match="cannot be written"):
        write_feasibility(report, tmp_path / "none" / "r.md")


def test_kit_tickets_import(tmp_path: Path) -> None:
    app = typer.Typer()
    cli.register(app)
    (tmp_path / "kit.toml").write_text("name = 'Acme'\n")
    source = write(tmp_path, "id,text,brand\n1,hello,x\n,,\n")
    shown = CliRunner().invoke(app, ["tickets", "import", str(source), "-w", str(tmp_path)])
    assert shown.exit_code == 0 and "Imported 1 ticket " in shown.output
    assert "line 3: the row is empty" in shown.output and "brand" in shown.output
    listed = CliRunner().invoke(app, ["tickets", "import", str(source), "-w", str(tmp_path), "--json"])
    data = json.loads(listed.output)
    assert (data["tickets"], data["skipped"], data["source_fields"]) == (
        1,
        [{"line": 3, "reason": "the row is empty"}],
        ["brand"],
    )
    assert load_tickets(tmp_path / "evals").tickets[0].question == "hello"
