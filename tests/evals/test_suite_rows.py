"""Suites in JSON lines and CSV say the same as in YAML, and what is wrong is named with its line."""

import json
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import ScriptedTurn, load_suite, load_suites

YAML = """
suite: billing
cases:
  - id: a
    question: how much is plus
    expect: answer
    articles: [billing/plans, billing/trial]
    must_contain: ["$4.99", "; or so"]
    tags: [billing, terse]
    weight: 2
  - id: b
    turns: [hello; it's me, {customer: a person, expect: clarify}, now]
    expect: hand_off
    reason: customer_request
    fields: {order_number: BL-1}
    tools: [{tool: order_lookup, arguments: {order_number: BL-1}}]
    generated: true
"""
CSV = """id,question,turns,expect,articles,must_contain,tags,weight,reason,fields,tools,generated
a,how much is plus,,answer,billing/plans; billing/trial,"[""$4.99"", ""; or so""]",billing;terse,2,,,,
b,,"[""hello; it's me"", {""customer"": ""a person"", ""expect"": ""clarify""}, ""now""]",hand_off,,,,,\
customer_request,"{""order_number"": ""BL-1""}",\
"[{""tool"": ""order_lookup"", ""arguments"": {""order_number"": ""BL-1""}}]",true
"""
HEAD = "id,question,expect,articles\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_three_formats_say_the_same(tmp_path: Path) -> None:
    wanted = load_suite(write(tmp_path, "billing.yaml", YAML)).cases
    lines = [case.model_dump_json(exclude_defaults=True) for case in wanted]
    rows = load_suite(write(tmp_path, "billing.jsonl", "\n".join(lines) + "\n"))
    table = load_suite(write(tmp_path, "billing.csv", CSV))
    assert rows.cases == table.cases == wanted
    assert (rows.name, table.name, dict(rows.gate)) == ("billing", "billing", {})
    assert wanted[1].messages == ("hello; it's me", "a person", "now")
    assert wanted[1].turns[1] == ScriptedTurn(customer="a person", expect="clarify")


def test_a_first_line_names_the_suite_and_its_gate(tmp_path: Path) -> None:
    head = {"suite": "money", "description": "What it costs.", "gate": {"outcome_accuracy": {"min": 0.5}}}
    case = {"id": "a", "question": "x", "expect": "clarify"}
    read = load_suite(write(tmp_path, "other.jsonl", f"{json.dumps(head)}\n\n{json.dumps(case)}\n"))
    assert (read.name, read.description, read.gate["outcome_accuracy"].min) == ("money", "What it costs.", 0.5)
    assert read.located.line(("cases", 0, "expect")) == 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ('id;question;expect;tags\na;Wie heißt das?;clarify;"x; y"\n', "cp1252"),
        ("id\tquestion\texpect\ttags\r\na\tWie heißt das?\tclarify\tx; y\r\n", "utf-16"),
        ("\n\nid,question,expect,tags,\na,Wie heißt das?,clarify,x;y,\n,,,,\n", "utf-8-sig"),
    ],
)
def test_csv_as_office_programs_write_it(tmp_path: Path, text: str, encoding: str) -> None:
    [case] = load_suite(write(tmp_path, "office.csv", text.encode(encoding))).cases
    assert (case.question, case.tags) == ("Wie heißt das?", ("x", "y"))


def test_turns_of_a_cell_are_its_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "talk.csv", 'id,turns,expect\na,"hi; you\n\nget me a person",hand_off\n')
    assert load_suite(path).cases[0].messages == ("hi; you", "get me a person")


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("s.csv", HEAD + "a,x,clarify,\na,y,clarify,\n", 3, "Two cases have the id `a`.*line 2"),
        ("s.csv", "id,question,exepct\na,x,clarify\n", 1, "Unknown column `exepct`.*`expect`"),
        ("s.csv", HEAD + "a,x,anwser,\n", 2, "Did you mean `answer`"),
        ("s.csv", "\n" + HEAD + "a,x,answer,\n", 3, "does not say what a right answer is"),
        ("s.csv", HEAD + 'a,"two\nlines",clarify,\nb,y,clarify\n', 4, "3 cells, the head has 4"),
        ("s.csv", "id,question,expect,fields\na,x,clarify,{order\n", 2, "under `fields` is not JSON"),
        ("s.csv", "id,question,expect,weight\na,x,clarify,many\n", 2, "`weight`.*must be a number"),
        ("s.csv", HEAD, 1, "at least 1 items"),
        ("a b.csv", HEAD + "a,x,clarify,\n", None, "name of this file cannot be that of a suite"),
        ("new.csv", HEAD + "a,x,clarify,\n", None, "cannot be called `new`.*a command"),
        ("s.jsonl", '{"suite": "accept"}\n{"id": "a", "question": "x", "expect": "clarify"}', 1, "cannot be called"),
        ("s.jsonl", '{"id": "a", "question": "x", "expect": "clarify"}\n{"id": "a"\n', 2, "not JSON"),
        ("s.jsonl", '{"id": "a", "id": "b", "question": "x", "expect": "clarify"}', 1, "`id` is here twice"),
        (
            "s.jsonl",
            '{"id": "a", "customer": {"gaol": "x", "opens": "y"}, "expect": "clarify"}',
            1,
            "Unknown key `gaol`.*Did you mean `goal`",
        ),
        (
            "s.jsonl",
            '{"id": "a", "question": "x", "customer": {"goal": "x", "opens": "y"}, "expect": "clarify"}',
            1,
            "`question`, `turns` or a `customer`",
        ),
        ("s.jsonl", '{"suite": "s", "gates": {}}\n{"id": "a"}', 1, "Unknown key `gates`.*Only"),
        ("s.jsonl", '{"suite": "s"}\n{"id": "a", "qestion": "x", "expect": "clarify"}', 2, "Unknown key `qestion`"),
        ("s.jsonl", '{"suite": "s", "gate": {"acuracy": {"min": 1}}}\n{"id": "a"}', 2, "missing"),
        ("s.jsonl", '{"id": "a", "turns": ["x", 5, {"customer": "y"}], "expect": "clarify"}', 1, "must be text"),
        ("s.jsonl", '{"id": "a", "turns": ["x", {"custmer": "y"}], "expect": "clarify"}', 1, "Unknown key `custmer`"),
        (
            "s.jsonl",
            '{"id": "a", "turns": ["x", {"customer": "y", "expect": "answer"}], "expect": "clarify"}',
            1,
            "last turn is what the case itself judges",
        ),
        (
            "s.jsonl",
            '{"id": "a", "question": "x", "expect": "answer", "articles": ["p"], "without": ["p"]}',
            1,
            "left out by `without`",
        ),
    ],
)
def test_refused(tmp_path: Path, name: str, text: str, line: int | None, words: str) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(KitError, match=words) as caught:
        load_suite(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_other_rows_may_lie_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "smoke.yaml", "suite: smoke\ncases: [{id: a, question: x, expect: clarify}]\n")
    write(tmp_path, "tickets.csv", "id,text\n1,hello\n")
    write(tmp_path, "questions.jsonl", '{"id": 1, "question": "hello"}\n')
    write(tmp_path, "more.csv", HEAD.encode("utf-16") + "b,x,clarify,\n".encode("utf-16-le"))
    assert [suite.name for suite in load_suites(tmp_path)] == ["more", "smoke"]
    with pytest.raises(KitError, match=r"questions\.jsonl is no suite: it has no column or key `expect`"):
        load_suites(tmp_path, ["questions"])
    write(tmp_path, "typo.csv", "id,question,exepct\nc,x,clarify\n")
    with pytest.raises(KitError, match="Unknown column `exepct`"):
        load_suites(tmp_path)
